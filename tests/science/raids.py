"""Calls after a raid, by its manner (N12), in twin worlds: none, a harsh one, a just one."""

import numpy as np

from kantelpunt.model import Scenario
from kantelpunt.model.simulation import simulate

from .measure import Shown, pattern
from .worlds import BEGUN, FOCUS, MANY, Numbers

AFTER = 4  # weeks
MANNERS = {"none": None, "harsh": 0.0, "just": 1.0}


def calls(seed: int) -> Numbers:
    """Return calls about disorder and about crime in the four weeks after a raid of either manner, and without one."""
    numbers: Numbers = {}
    for name, justice in MANNERS.items():
        raid = [] if justice is None else [{"kind": "raid", "from": BEGUN, "justice": justice}]
        weeks = simulate(Scenario(area=FOCUS, people=MANY, years=3, interventions=raid), seed).weeks
        after = weeks.iloc[BEGUN + 2 : BEGUN + 2 + AFTER]  # the raid is in week BEGUN + 1
        numbers |= {f"{name}_crime": after["reported_crimes"].sum(), f"{name}_incidents": after["incidents"].sum()}
        numbers[f"{name}_disorder"] = after["reports"].sum() - after["reported_crimes"].sum()
    return numbers


def change(shown: Shown, manner: str, what: str) -> float:
    """Return the change in % against no raid."""
    return 100 * float(np.sum(shown[f"{manner}_{what}"]) / max(np.sum(shown[f"none_{what}"]), 1) - 1)


@pattern(
    "N12a", "calls about disorder in the four weeks after a harsh raid", "%", calls, "-15 to -3 (Sherman and Rogan 1995)", -15, -3
)
def after_harsh(shown: Shown) -> float:
    return change(shown, "harsh", "disorder")


@pattern("N12b", "calls about disorder in the four weeks after a just raid, against a harsh one", "%", calls, "at least 0", 0)
def manner(shown: Shown) -> float:
    return change(shown, "just", "disorder") - change(shown, "harsh", "disorder")


@pattern("N12c", "tips about crime in the four weeks after a just raid, against a harsh one", "%", calls)
def tips(shown: Shown) -> float:
    return change(shown, "just", "crime") - change(shown, "harsh", "crime")


@pattern("N12d", "incidents in the four weeks after a harsh raid", "%", calls)
def incidents(shown: Shown) -> float:
    return change(shown, "harsh", "incidents")
