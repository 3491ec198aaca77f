"""How a pattern is measured: in how many worlds, with what interval, against what target."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from string import ascii_lowercase
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.experiments.analysis.calibration import TARGETS
from kantelpunt.model.scenario import read_toml

THREADS = 2
AGAIN = 4  # worlds in which a test measures a pattern again that does not say how many; the reference has more
RESAMPLES = 1_000
READING = "none: to read beside the others"

Shown = dict[str, np.ndarray]  # name -> numbers, one row a world


def mean_of_known(values: np.ndarray, without: float) -> float:
    """Return the mean of the numbers that are known, and another number without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else without


class Pattern(NamedTuple):
    """Something that must emerge: what is measured, in which worlds, and between which bounds it should lie."""

    id: str
    text: str
    unit: str
    target: str
    low: float
    high: float
    worlds: Callable[[int], dict[str, Any]]  # the numbers of one world
    figure: Callable[[Shown], float]  # what is judged, from the numbers of all worlds
    most: int  # worlds to measure in at most
    again: int  # worlds in which a test measures it again

    @property
    def judged(self) -> bool:
        """Return whether there is a target."""
        return self.target != READING


class Measured(NamedTuple):
    """A pattern as it was found; ``holds`` is yes or no, or empty where there is nothing to judge."""

    id: str
    what: str
    unit: str
    value: float
    low: float
    high: float
    target: str
    holds: str
    used_for_fitting: str
    seeds: int


PATTERNS: dict[str, Pattern] = {}


def pattern(
    id: str,
    text: str,
    unit: str,
    worlds: Callable[[int], dict[str, Any]],
    target: str = READING,
    low: float = -np.inf,
    high: float = np.inf,
    most: int = 1_000,
    again: int = AGAIN,
) -> Callable:
    """Register a pattern: the decorated function returns the figure that must lie from low to high.

    A pattern whose worlds take long says in how many it is measured: at most, and again by a test.
    """

    def register(figure: Callable[[Shown], float]) -> Callable[[Shown], float]:
        PATTERNS[id] = Pattern(id, text, unit, target, low, high, worlds, figure, most, again)
        return figure

    return register


@cache
def shown(worlds: Callable[[int], dict[str, Any]], seeds: int) -> Shown:
    """Return what the worlds 1 .. seeds show, name -> numbers, one row a world."""
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(worlds, range(1, seeds + 1)))
    return {name: np.array([numbers[name] for numbers in found]) for name in found[0]}


def measure(pattern: Pattern, seeds: int) -> Measured:
    """Return what a pattern amounts to in the worlds 1 .. seeds."""
    seeds = min(seeds, pattern.most)
    numbers = shown(pattern.worlds, seeds)
    value = float(f"{pattern.figure(numbers):.4g}")  # as the table has it, so that it is judged by what is told
    low, high = interval(pattern.figure, numbers, seeds)
    holds = ("yes" if pattern.low <= value <= pattern.high else "no") if pattern.judged else ""
    fitted = used_for_fitting(pattern.id)
    return Measured(pattern.id, pattern.text, pattern.unit, value, low, high, pattern.target, holds, fitted, seeds)


def used_for_fitting(id: str) -> str:
    """Return whether a pattern was used to set numbers: no, by hand, on other areas; a letter behind it is a part of the same."""
    tables, family = read_toml(TARGETS), id.rstrip(ascii_lowercase)
    if family in {each["pattern"] for each in tables["across"]}:
        return "on other areas"
    return "by hand" if any(family in each["patterns"] for each in tables["by_hand"]) else "no"


def interval(figure: Callable[[Shown], float], numbers: Shown, seeds: int) -> tuple[float, float]:
    """Return the 95 % interval over worlds: a percentile bootstrap, widened for few worlds (Hesterberg 2015)."""
    if seeds < 2:
        return figure(numbers), figure(numbers)
    tail = stats.norm.cdf(stats.t.ppf(0.025, seeds - 1) * np.sqrt(seeds / (seeds - 1)))
    drawn = np.random.default_rng(1).integers(seeds, size=(RESAMPLES, seeds))
    figures = [figure({name: values[rows] for name, values in numbers.items()}) for rows in drawn]
    low, high = np.quantile(figures, [tail, 1 - tail])
    return float(low), float(high)


def table(found: Sequence[Measured]) -> pd.DataFrame:
    """Return patterns as they were found, one a row, rounded to four digits."""
    rows = pd.DataFrame(found)
    for name in ("value", "low", "high"):
        rows[name] = [float(f"{value:.4g}") for value in rows[name]]
    return rows
