"""The calendar of the model: a year has 52 weeks."""

from datetime import date

WEEKS_A_YEAR = 52


def weeks_passed(day: date) -> int:
    """Return how many whole weeks of its calendar year lie before a day, 0 .. 51 (the last days of a year count with week 51)."""
    return min((day.timetuple().tm_yday - 1) // 7, WEEKS_A_YEAR - 1)
