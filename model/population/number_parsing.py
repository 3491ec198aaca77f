"""Numbers as files of figures write them: whole counts and percentages, with decimal points or commas.

A text that can be read in two ways is refused with both readings: nothing in a file says which one is meant.
"""

import re

from ..errors import InputError, Phrase

MISSING = ("", ".", "-", "x", "na", "n/a", "nan", "none", "geheim", "onbekend")  # how files say that there is no figure
SENTINEL = re.compile(
    r"-(9999[5-9]|999999[5-9]\d)([.,]0+)?"
)  # -99997 and its like, in geographic files of Statistics Netherlands
SPACED = re.compile(r"\d{1,3}([ \u00a0\u202f]\d{3})+", re.ASCII)
POINTED = re.compile(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}(,\d{3}){2,}", re.ASCII)
EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # 361.740 or 361,740
WHOLE = re.compile(r"(\d{1,12})([.,]0+)?", re.ASCII)
DECIMAL = re.compile(r"(\d{1,3})([.,](\d+))?([ \u00a0\u202f]?%)?", re.ASCII)
MOST = 1_000_000_000


def is_missing(text: str) -> bool:
    """Return whether a text says that there is no figure."""
    return text.casefold() in MISSING or SENTINEL.fullmatch(text) is not None


def count(text: str, place: str, column: str, low: int = 0, high: int = MOST) -> float | None:
    """Return a whole number, None where there is no figure; raises InputError for anything else."""
    if is_missing(text):
        return None
    if EITHER.fullmatch(text):
        thousands, decimal = re.sub("[.,]", "", text), float(text.replace(",", "."))
        raise two_ways(text, place, column, "allowed.one_or_other", thousands, decimal)
    whole = WHOLE.fullmatch(text)
    digits = whole[1] if whole else re.sub(r"\D", "", text) if SPACED.fullmatch(text) or POINTED.fullmatch(text) else ""
    if not digits or not low <= int(digits) <= high:
        bounds = Phrase("allowed.whole_between", low=low, high=high) if high < MOST else Phrase("allowed.whole_from", low=0)
        raise refused(text, place, column, bounds)
    return float(int(digits))


def percentage(text: str, place: str, column: str, among_shares: bool = False) -> float | None:
    """Return a percentage, None where there is no figure; raises InputError for anything else.

    A number between 0 and 1 may be a share, and so may a 1 in a column that holds such numbers (``among_shares``): it is
    refused, unless a % follows it.
    """
    if is_missing(text):
        return None
    match = DECIMAL.fullmatch(text)
    number = float(f"{match[1]}.{match[3] or 0}") if match else -1.0
    if not match or not 0 <= number <= 100:
        raise refused(text, place, column, Phrase("allowed.number_between", low=0, high=100))
    if not match[4] and (is_share(text) or (among_shares and number == 1)):
        raise two_ways(text, place, column, "allowed.one_or_other_percent", number, 100 * number)
    return number


def is_share(text: str) -> bool:
    """Return whether a text is a number between 0 and 1 without a %, which may be a share or a percentage."""
    match = DECIMAL.fullmatch(text)
    return bool(match and not match[4] and 0 < float(f"{match[1]}.{match[3] or 0}") < 1)


def refused(text: str, place: str, column: str, bounds: Phrase) -> InputError:
    """Return the complaint about what is no figure."""
    if text.startswith("="):
        return InputError("figure.formula", place=place, value=text, allowed=Phrase("allowed.calculated"), column=column)
    return InputError(
        "figure.invalid", place=place, value=text, allowed=Phrase("allowed.or_unknown", bounds=bounds), column=column
    )


def two_ways(text: str, place: str, column: str, code: str, one: str | float, other: float) -> InputError:
    """Return the complaint about a number with two readings, which stand in the words of this code."""
    return InputError("figure.two_ways", place=place, value=text, allowed=Phrase(code, one=one, other=other), column=column)
