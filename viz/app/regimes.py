"""Regimes on the screen: is a neighbourhood stuck, halfway or resilient, week by week, and what may warn (`model/regime.py`)."""

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.regime import REGIMES, WINDOW, passed, signals

READ = ("trust_institutions", "crime_hold")  # what a regime is told from
MEASURED = Path(__file__).with_name("signals.csv")  # E1-E7, written by `python -m tests.science`


def measured() -> dict[str, bool]:
    """Return signal -> whether it clearly rose before neighbourhoods left stuck: over worlds its interval lies above 0."""
    with MEASURED.open(encoding="utf-8") as file:
        return {row["signal"]: float(row["low"]) > 0.0 for row in csv.DictReader(file)}


WARN = tuple(name for name, rose in measured().items() if rose)
OTHERS = tuple(name for name, rose in measured().items() if not rose)


def course(history: np.ndarray) -> np.ndarray:
    """Return the regime of every week of a history, (weeks + 1, outcomes), as its place in REGIMES."""
    trust, hold = (history[:, list(OUTCOMES).index(name)] for name in READ)
    return passed(trust, hold)


def stretches(codes: np.ndarray) -> list[tuple[str, int]]:
    """Return every stretch of one regime, in order, and how many weeks it lasts."""
    return [(REGIMES[code], len(list(weeks))) for code, weeks in groupby(codes.tolist())]


def by_year(histories: Sequence[np.ndarray]) -> np.ndarray:
    """Return how many worlds are in each regime at the end of every year, (years, regimes)."""
    ends = np.array([course(history)[WEEKS_A_YEAR::WEEKS_A_YEAR] for history in histories])
    return (ends[:, :, None] == np.arange(len(REGIMES))).sum(axis=0)


def warnings(history: np.ndarray) -> pd.DataFrame:
    """Return the signals that warn, a row a signal: in the last week (now), and a window before or else at the start (then)."""
    found = signals(pd.DataFrame(history, columns=list(OUTCOMES)))[list(WARN)]
    return found.iloc[[max(len(found) - 1 - WINDOW, 0), -1]].set_axis(["then", "now"]).T
