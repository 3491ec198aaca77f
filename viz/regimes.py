"""Regimes on the screen: is a neighbourhood stuck, halfway or resilient, week by week (`model/regime.py`)."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from model.outcomes import OUTCOMES
from model.regime import REGIMES, YEAR, passed

READ = ("trust_institutions", "attachment")  # what a regime is told from


def course(history: np.ndarray) -> np.ndarray:
    """Return the regime of every week of a history, (weeks + 1, outcomes), as its place in REGIMES."""
    trust, hold = (history[:, list(OUTCOMES).index(name)] for name in READ)
    return passed(trust, hold)


def stretches(codes: np.ndarray) -> list[tuple[str, int]]:
    """Return every stretch of one regime, in order, and how many weeks it lasts."""
    return [(REGIMES[code], len(list(weeks))) for code, weeks in groupby(codes.tolist())]


def by_year(histories: Sequence[np.ndarray]) -> np.ndarray:
    """Return how many worlds are in each regime at the end of every year, (years, regimes)."""
    ends = np.array([course(history)[YEAR::YEAR] for history in histories])
    return (ends[:, :, None] == np.arange(len(REGIMES))).sum(axis=0)
