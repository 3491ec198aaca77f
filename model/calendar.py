"""The calendar of the model: a year has 52 weeks."""

WEEKS_A_YEAR = 52
