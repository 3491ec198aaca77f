"""Numbers with as many digits as they deserve."""

import math
from collections.abc import Iterable

from kantelpunt.model.outcomes import outcome_of

FINE_UNITS = {"level": 3, "share": 3, "ratio": 3, "%": 1, "0-10": 2}  # digits after the point
BIG = 20  # from here on a count needs no digits after the point


def digits_of(numbers: Iterable[float], outcome: str) -> int:
    """Return how many digits after the point numbers deserve that stand together."""
    return FINE_UNITS.get(outcome_of(outcome).unit, 0 if max(map(abs, numbers)) >= BIG else 1)


def amount(number: float, outcome: str, digits: int | None = None) -> str:
    """Return an outcome with as many digits as it deserves, or as many as asked for."""
    digits = digits_of([number], outcome) if digits is None else digits
    return "-" if math.isnan(number) else f"{number:,.{digits}f}"


def signed(number: float, outcome: str, digits: int | None = None) -> str:
    """Return a difference with its sign, and 0 without."""
    text = amount(abs(number), outcome, digits)
    return text if not any(digit in text for digit in "123456789") else ("+" if number > 0 else "-") + text
