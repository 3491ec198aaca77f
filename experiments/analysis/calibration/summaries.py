"""Summaries of many areas: one number of an outcome in all of them, as a target of calibration is about.

median, mean                    of the areas
without                         share of the areas with none
slope_owned, slope_low_income   change for ten points more of a figure of the area, least squares
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ...design.plan import Plan

SLOPES = ("owned", "low_income")


def by_slope(figure: str) -> Callable[[np.ndarray, pd.DataFrame], np.ndarray]:
    """Return a summary: the change of an outcome by ten points of a figure."""

    def slope(values: np.ndarray, figures: pd.DataFrame) -> np.ndarray:
        x = figures[figure].to_numpy(float) / 10
        x = x - x.mean()
        spread = (x**2).sum()
        return values @ x / spread if spread else np.full(len(values), np.nan)

    return slope


SUMMARIES: dict[str, Callable[[np.ndarray, pd.DataFrame], np.ndarray]] = {
    "median": lambda values, _: np.median(values, axis=1),
    "mean": lambda values, _: values.mean(axis=1),
    "without": lambda values, _: np.where(np.isnan(values).any(axis=1), np.nan, (values == 0).mean(axis=1)),
    **{f"slope_{name}": by_slope(name) for name in SLOPES},
}


def figures(plan: Plan) -> pd.DataFrame:
    """Return the figures that summaries need, a row a scenario of a plan: those of its area."""
    areas = {name: scenario.resolved_area() for name, scenario in plan.scenarios.items()}
    return pd.DataFrame({figure: {name: area.figure(figure) for name, area in areas.items()} for figure in SLOPES})


def summarised(values: pd.DataFrame, summary: str, figures: pd.DataFrame) -> pd.Series:
    """Return one number a row of values (a column an area): a summary; not a number where an area has none."""
    rows = SUMMARIES[summary](values[figures.index].to_numpy(float), figures)
    return pd.Series(rows, index=values.index)
