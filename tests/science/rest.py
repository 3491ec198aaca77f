"""Rest: a neighbourhood where nothing is done and no trend comes from outside, for thirty years, and areas beside each other.

How each is read was fixed before it was measured.  N18 asks of every outcome that is there in the first five years, in a focus, a
mean and a contrast area, whether it dies out or drifts (`results/reference/rest.csv` names them).  N3 and N4 ask of the areas
that come with the model what the panels of real areas were asked: those with at least ten registered crimes a year, first and
last years, with the noise of counts.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from kantelpunt.experiments.analysis.mirror import REGISTERED
from kantelpunt.experiments.analysis.panel_statistics import change_percentile, ends, rank, thirds
from kantelpunt.model import simulate
from kantelpunt.model.outcomes import OUTCOMES, is_total
from kantelpunt.model.population.areas import area, areas

from .measure import Shown, mean_of_known, pattern
from .scenarios import scenario_of
from .worlds import CONTRAST, FOCUS, MANY, YEAR, Numbers

AREAS = {"focus": FOCUS, "mean": "small-town", "contrast": CONTRAST}  # a mean area: 41 % low incomes, where 40 % is usual
STILL = {"norms.drift": 0.0}  # what comes from outside year by year (p52) is off
YEARS, SPAN = 30, 5  # years lived; years at the beginning and at the end that are compared
BAND = 0.02  # drift a year at most, relative: the upper end of p52
ENOUGH = 10.0  # events in five years, in a mean world, from which a count can be missed
SOMEBODY = 1.0  # people, in a mean world, from which a number of people can be missed
LONG: dict[str, int] = {"most": 8, "again": 2}  # worlds: one is thirty years of three large areas

BURN_IN, PANEL = 2, 7  # years left out; years of the panel
WHOLE = "WK034403"  # Overvecht, whose parts are there as well
PANEL_AREAS = tuple(sorted({each.code for each in areas()} - {WHOLE}))
LARGEST = 10_000  # people of an area at most: larger ones in part
FEW: dict[str, int] = {"most": 16, "again": 2}  # worlds: one is nine years of all these areas
FEWEST = 10 * PANEL  # registered crimes of an area in all years, as in the panel (H3-H6)


def still(seed: int) -> Numbers:
    """Return the mean of every outcome by area, in the first and in the last five years of thirty, where nothing is done."""
    means = []
    for name in AREAS.values():
        weeks = simulate(scenario_of(seed, area=name, people=MANY, years=YEARS, parameters=STILL), seed).weeks.to_numpy()
        means.append([weeks[1 : 1 + SPAN * YEAR].mean(axis=0), weeks[-SPAN * YEAR :].mean(axis=0)])
    return {"means": np.array(means)}


def alive(shown: Shown) -> np.ndarray:
    """Return by area and outcome whether there was enough of it in the first five years to be missed."""
    levels = {name: SOMEBODY if outcome.unit == "persons" else 1e-6 for name, outcome in OUTCOMES.items()}
    least = np.array([ENOUGH / (SPAN * YEAR) if is_total(name) else levels[name] for name in OUTCOMES])
    return shown["means"].mean(axis=0)[:, 0] >= least


def dead(shown: Shown) -> np.ndarray:
    """Return by area and outcome whether it has died out: less than a hundredth is left."""
    first, last = np.moveaxis(shown["means"].mean(axis=0), 1, 0)
    return alive(shown) & (last < 0.01 * first)


def drift(shown: Shown) -> np.ndarray:
    """Return by area and outcome the relative change a year; 0 where too little was there at first."""
    first, last = np.moveaxis(shown["means"].mean(axis=0), 1, 0)
    there = alive(shown)
    return np.where(there, np.log(np.maximum(last, 1e-9) / np.where(there, first, 1.0)) / (YEARS - SPAN), 0.0)


def rest_table(shown: Shown) -> pd.DataFrame:
    """Return one row an area and outcome that was there at first: both means, drift (% a year), whether it died out."""
    first, last = np.moveaxis(shown["means"].mean(axis=0), 1, 0)
    rows = [
        (name, outcome, first[i, j], last[i, j], 100 * drift(shown)[i, j], "yes" if dead(shown)[i, j] else "no")
        for i, name in enumerate(AREAS) for j, outcome in enumerate(OUTCOMES) if alive(shown)[i, j]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["area", "outcome", "first", "last", "drift", "died_out"]).round(4)


@pattern(
    "N18a", "outcomes that die out in thirty years, nothing done, over three areas", "outcomes", still, "none", high=0, **LONG,
)  # fmt: skip
def died_out(shown: Shown) -> float:
    return float(dead(shown).sum())


@pattern(
    "N18b", "outcomes that drift by more than 2 % a year over thirty years, over three areas", "% of them", still,
    "none (p52: 0.5, 0-2 % a year)", high=0, **LONG,
)  # fmt: skip
def drifted(shown: Shown) -> float:
    return 100 * float((np.abs(drift(shown)) > BAND).sum() / alive(shown).sum())


def panel(seed: int) -> Numbers:
    """Return registered crimes by area and year, and by 1,000 people, of the areas that come with the model."""
    counts, people = [], []
    for code in PANEL_AREAS:
        people.append(min(area(code).people, LARGEST))
        wijk = scenario_of(seed, area=code, people=people[-1], years=BURN_IN + PANEL)
        weeks = simulate(wijk, seed).weeks[REGISTERED].to_numpy()
        counts.append(weeks[1 + BURN_IN * YEAR :].reshape(PANEL, YEAR).sum(axis=1))
    return {"counts": np.array(counts), "people": np.array(people)}


def told(shown: Shown, figure: Callable[[np.ndarray], float]) -> float:
    """Return the mean over worlds of a figure of the rates a year of those areas that a panel would hold."""
    found = []
    for counts, people in zip(shown["counts"], shown["people"], strict=True):
        held = counts.sum(axis=1) >= FEWEST
        found.append(figure(1_000 * counts[held] / people[held, None]))
    return mean_of_known(np.array(found), np.nan)


@pattern(
    "N3a", "rank correlation of areas six years apart, registered crimes", "correlation", panel, "about 0.9", 0.8, 0.97, **FEW
)
def persistence(shown: Shown) -> float:
    return told(shown, lambda rates: rank(rates[:, 0], rates[:, -1]).mean)


@pattern(
    "N3b",
    "of the third of areas with most at first, still in that third",
    "%",
    panel,
    "at least 80",
    low=80,
    **{**FEW, "again": 8},
)
def stays_worst(shown: Shown) -> float:
    return 100 * told(shown, lambda rates: thirds(*ends(rates))[0])


@pattern("N3c", "of that third, in the third with least at last", "%", panel, "none", high=0, **FEW)
def worst_to_best(shown: Shown) -> float:
    return 100 * told(shown, lambda rates: thirds(*ends(rates))[1])


@pattern("N3d", "areas with enough registered crime to be in a panel", "areas", panel, **FEW)
def held(shown: Shown) -> float:
    return told(shown, lambda rates: float(len(rates)))


@pattern("N4a", "five-year change of areas against the others, 5 %", "ratio", panel, "at least 0.5", low=0.5, **FEW)
def fallers(shown: Shown) -> float:
    return told(shown, lambda rates: change_percentile(5, *ends(rates)))


@pattern("N4b", "five-year change of areas against the others, 95 %", "ratio", panel, "at most 1.7", high=1.7, **FEW)
def risers(shown: Shown) -> float:
    return told(shown, lambda rates: change_percentile(95, *ends(rates)))
