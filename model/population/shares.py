"""Shares and ages that no row of figures holds, and that a synthetic population needs.

None of these is a parameter of a run: they only shape who lives with whom before the first week.  The totals come
from the area; a curve says who comes first, so it acts through its shape and not through its level.
"""

from typing import NamedTuple

import numpy as np

from ..arithmetic import interpolate
from ..quantity import Quantity

NATIONAL = "assumed, after the shape of CBS figures for the Netherlands about 2022"

NUMBERS = {
    "age 15-17 by 0-14": Quantity(0.24, 0.18, 0.26, "ratio", NATIONAL, "people of 15-17 per person of 0-14, at most"),
    "age 15-17 by 15-24": Quantity(0.30, 0.25, 0.35, "share", NATIONAL, "of the people of 15-24, those under 18, at most"),
    "one-parent": Quantity(0.23, 0.18, 0.35, "share", NATIONAL, "households with one parent, of those with children"),
    "one-parent by low income": Quantity(0.008, 0.0, 0.015, "1/%", "assumed", "what a % of low incomes above 40 adds to it"),
    "one-parent least": Quantity(0.08, 0.0, 0.15, "share", "assumed", "smallest share that is tried to fit the figures"),
    "one-parent most": Quantity(0.60, 0.5, 0.8, "share", "assumed", "largest share that is tried before others give way"),
    "mother alone": Quantity(0.83, 0.75, 0.9, "share", NATIONAL, "one-parent households with a mother"),
    "mother's age": Quantity(30.3, 28.0, 32.0, "year", NATIONAL, "mean age of a mother at the birth of her children"),
    "mother's spread": Quantity(8.5, 6.0, 10.0, "year", NATIONAL, "largest usual distance from that mean"),
    "between children": Quantity(2.8, 2.0, 4.0, "year", NATIONAL, "mean distance between children"),
    "father older": Quantity(2.4, 1.5, 3.5, "year", NATIONAL, "mean difference in age between father and mother"),
    "partners' spread": Quantity(5.0, 3.0, 8.0, "year", "assumed", "largest usual distance from that mean"),
    "man older": Quantity(0.70, 0.6, 0.8, "share", NATIONAL, "couples without children at home in which he is the older"),
    "boys": Quantity(0.512, 0.505, 0.515, "share", NATIONAL, "boys among births", "fixed"),
    "living group": Quantity(6.0, 3.0, 12.0, "count", "assumed", "people in a living group (room-mates, institution)"),
    "low education": Quantity(0.40, 0.3, 0.5, "share", NATIONAL, "low, of people of 15-74 without a degree"),
    "low education by low income": Quantity(0.006, 0.0, 0.01, "1/%", "assumed", "what a % of low incomes above 40 adds"),
    "degree of the old": Quantity(0.6, 0.4, 0.8, "ratio", NATIONAL, "degrees of 75 and over against those of 15-74"),
    "school high": Quantity(0.07, 0.0, 0.15, "share", NATIONAL, "youths at the highest school level where nobody has a degree"),
    "school high by degrees": Quantity(0.5, 0.3, 0.7, "ratio", "assumed", "what the share with a degree adds to it"),
    "school low": Quantity(0.45, 0.35, 0.55, "share", NATIONAL, "youths at the lowest school level where nobody has a degree"),
    "school low by degrees": Quantity(0.55, 0.3, 0.7, "ratio", "assumed", "what the share with a degree takes off"),
}  # fmt: skip


class Curve(NamedTuple):
    """A share by age: straight lines between points."""

    ages: tuple[float, ...]
    shares: tuple[float, ...]
    source: str

    def at(self, ages: np.ndarray) -> np.ndarray:
        """Return the share at each of these ages."""
        return interpolate(ages, self.ages, self.shares)


# 65 and over: the ages (years) below which these shares of them are; fewer with every year, none above 100
OLD = Curve((65, 70, 75, 80, 85, 90, 95, 100), (0, 0.28, 0.54, 0.76, 0.90, 0.97, 0.995, 1.0), NATIONAL)

CURVES = {
    "at home": Curve(
        (18, 20, 22, 24, 26, 28, 30, 35, 45, 55, 60),  # below 0: only where nobody younger is left
        (0.95, 0.77, 0.60, 0.44, 0.26, 0.15, 0.08, 0.0, -0.15, -0.3, -1.0), NATIONAL,
    ),
    "living group": Curve((18, 24, 30, 45, 75, 85, 95), (0.5, 0.3, 0.1, 0.05, 0.08, 0.35, 0.7), "assumed"),
    "couple": Curve(
        (18, 22, 27, 32, 38, 46, 56, 66, 75, 82, 90),
        (0.05, 0.17, 0.42, 0.45, 0.33, 0.36, 0.60, 0.72, 0.66, 0.48, 0.2), NATIONAL,
    ),
    "single man": Curve((18, 30, 45, 60, 75, 90), (0.50, 0.58, 0.60, 0.48, 0.33, 0.25), NATIONAL),
    "degree": Curve((18, 21, 24, 28, 45, 60, 75), (-1.0, -0.5, 0.0, 0.15, 0.10, -0.05, -0.15), "assumed"),
    "low education": Curve((18, 30, 50, 75), (0.05, 0.0, 0.08, 0.25), "assumed"),
    "work": Curve(
        (15, 17, 20, 24, 30, 45, 55, 60, 64, 66, 67.5, 70, 75),
        (0.45, 0.65, 0.78, 0.83, 0.88, 0.87, 0.83, 0.75, 0.62, 0.35, 0.2, 0.13, 0.07), NATIONAL,
    ),
    "welfare": Curve((18, 27, 45, 60, 67), (-0.15, 0.0, 0.03, 0.06, 0.06), "assumed"),
    "disability": Curve((18, 30, 45, 67), (0.0, 0.03, 0.10, 0.22), "assumed"),
    "owner": Curve((18, 25, 35, 50, 70, 85), (-0.5, -0.25, 0.0, 0.1, 0.1, 0.0), "assumed"),
}  # fmt: skip


def number(name: str) -> float:
    """Return one of the NUMBERS."""
    return NUMBERS[name].default
