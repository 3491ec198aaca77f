"""Hysteresis, and what the tipping is made of: the same strong presence with loops cut (`experiments/analysis/loops.toml`).

How each is read was fixed before it was measured.  The dose is that of T2, in shares of it; half-way is between no dose and all.
"""

import numpy as np
import pandas as pd

from kantelpunt.experiments.analysis.loops import cuts
from kantelpunt.experiments.analysis.tipping import crossing, up_and_down
from kantelpunt.experiments.design.sampling import points
from kantelpunt.model import Scenario, simulate

from .measure import Shown, pattern
from .patterns import resilient
from .scenarios import scenario_of
from .worlds import FOCUS, LONG, STRONG, YEAR, Numbers, levels

DOSES = tuple(k / 8 for k in range(1, 9))
YEARS = 24  # half of them at full dose on the way down
FULL = {"hours": STRONG[0]["hours"], "actions": STRONG[0]["actions"]}
FEW = 16  # worlds at most: a world is seventeen runs, or up to three for each of some settings
SETTINGS = 12  # settings of everything that is uncertain, over whole ranges, that belong to a world


def both_ways(seed: int) -> Numbers:
    """Return trust less crime's hold in the last year by dose, 0 first: from the start, and after half at full dose."""
    tables = up_and_down("visible_presence", DOSES, YEARS, FULL)
    names = {"up": ["today", *(name for name in tables if name.startswith("up"))]}
    names["down"] = [name for name in tables if name.startswith("down")]
    plain = scenario_of(seed, area=FOCUS, people=2_000, years=YEARS)
    ends = {name: ending(plain.changed(**table), seed) for name, table in tables.items()}
    return {way: np.array([ends[name] for name in those]) for way, those in names.items()}


def ending(scenario: Scenario, seed: int) -> float:
    """Return trust less crime's hold in the last year."""
    trust, hold = levels(simulate(scenario, seed).weeks)[:, -YEAR:].mean(axis=1)
    return float(trust - hold)


def without_loops(seed: int) -> Numbers:
    """Return trust in institutions and crime's hold over twenty years with a long, strong dose of presence, with loops cut."""
    strong = scenario_of(seed, area=FOCUS, people=2_000, years=LONG, interventions=STRONG)
    opened = {"R1 and R2": ["R1", "R2"], "R4": ["R4"]}
    return {
        name: levels(simulate(strong.changed(parameters={**strong.parameters, **cuts(ids)}), seed).weeks)
        for name, ids in opened.items()
    }


def elsewhere(seed: int) -> Numbers:
    """Return by setting whether a stuck world ends resilient after that dose: as it is, and with R1 and R2 cut."""
    first = 1 + SETTINGS * (seed - 1)  # 0 is the default
    found = []
    for _, setting in points(first + SETTINGS, 1, spread=1.0).iloc[first:].iterrows():
        plain = Scenario(area=FOCUS, people=2_000, years=LONG, parameters=setting.to_dict())
        strong = plain.changed(interventions=STRONG)
        tips = not ends_resilient(plain, seed) and ends_resilient(strong, seed)
        without = strong.changed(parameters={**plain.parameters, **cuts(["R1", "R2"])})
        found.append((tips, tips and ends_resilient(without, seed)))
    tips, still = np.array(found).T
    return {"tips": tips, "without": still}


def ends_resilient(scenario: Scenario, seed: int) -> bool:
    """Return whether a world ends nearer to a contrast than to a focus area."""
    return bool(resilient({"run": levels(simulate(scenario, seed).weeks)[None]}, "run")[0])


@pattern(
    "V26",
    "dose that gets halfway, less dose that stays there",
    "of full dose",
    both_ways,
    "at least 0.1",
    low=0.1,
    most=FEW,
    again=8,  # near its band, so that two worlds may say otherwise
)
def memory(shown: Shown) -> float:
    means = {way: pd.Series(shown[way].mean(axis=0), index=[0.0, *DOSES]) for way in ("up", "down")}
    halfway = 0.5 * (means["up"].iloc[0] + means["up"].iloc[-1])
    up, down = crossing(means["up"], halfway), crossing(means["down"], halfway)
    return float(up - (0.0 if np.isnan(down) else down))  # half stays without any dose


@pattern("T4a", "worlds that are resilient after that dose, with R1 and R2 cut", "%", without_loops, "at most 10", high=10)
def tipped_without_reports_and_norms(shown: Shown) -> float:
    return 100 * float(np.mean(resilient(shown, "R1 and R2")))


@pattern("T4b", "worlds that are resilient after that dose, with R4 cut", "%", without_loops)
def tipped_without_control(shown: Shown) -> float:
    return 100 * float(np.mean(resilient(shown, "R4")))


@pattern(
    "T4c",
    "settings at which that dose tips a stuck world, and does not with R1 and R2 cut, of those at which it tips",
    "%",
    elsewhere,
    "above 0 (cutting them must be able to)",
    low=0.1,
    most=FEW,
    again=FEW,  # few settings tip at all
)
def tipping_that_hangs_on_reports_and_norms(shown: Shown) -> float:
    tips = shown["tips"].sum()
    return 100 * float(tips - shown["without"].sum()) / max(float(tips), 1.0)
