"""Numbers with as many digits as they deserve: of an outcome by its unit, alone by their size."""

import math
from collections.abc import Iterable

FINE_UNITS = {"level": 3, "share": 3, "ratio": 3, "%": 1, "0-10": 2}  # digits after the point
BIG = 20  # from here on a count needs no digits after the point


def digits_of(numbers: Iterable[float], outcome: str) -> int:
    """Return how many digits after the point numbers of an outcome deserve that stand together."""
    from kantelpunt.model.outcomes import outcome_of  # the rest of this file serves commands that need no model

    return FINE_UNITS.get(outcome_of(outcome).unit, 0 if max(map(abs, numbers), default=0.0) >= BIG else 1)


def digits_alone(number: float) -> int:
    """Return how many digits after the point a number deserves that belongs to no outcome: two figures, a whole one none."""
    size = abs(number)
    if isinstance(number, int) or size >= BIG or size == round(size):
        return 0
    return 1 if size >= 2 else 2 if size >= 0.1 else min(6, 1 - math.floor(math.log10(size)))


def amount(number: float, outcome: str, digits: int | None = None) -> str:
    """Return an outcome with as many digits as it deserves, or as many as asked for."""
    digits = digits_of([number], outcome) if digits is None else digits
    return "-" if math.isnan(number) else f"{number:,.{digits}f}"


def signed(number: float, outcome: str, digits: int | None = None) -> str:
    """Return a difference with its sign, and 0 without."""
    text = amount(abs(number), outcome, digits)
    return text if not any(digit in text for digit in "123456789") else ("+" if number > 0 else "-") + text
