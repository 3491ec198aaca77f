"""Statistics of panels: what areas over years say, and how well a forecast of them does.

rank        Spearman's correlation; interval by Bonett and Wright (2000)
slope       least squares; interval by HC3
resampled   anything else; interval by drawing areas again (percentile bootstrap)
crps        continuous ranked probability score of a sample, fair for few members (Ferro 2014)
"""

import math
from collections.abc import Callable

import numpy as np
import statsmodels.api as sm
from scipy import stats

from ..statistics import LEVEL, Interval

RESAMPLES = 1_000
ENOUGH = 2.0  # incidents a month from which counts tell of their spread
NOTHING = Interval(math.nan, math.nan, math.nan)


def rank(one: np.ndarray, other: np.ndarray) -> Interval:
    """Return Spearman's correlation with its 95 % interval (Bonett and Wright 2000); not a number where one does not vary."""
    if one.size < 5 or not np.ptp(one) or not np.ptp(other):
        return NOTHING
    return around(float(np.corrcoef(stats.rankdata(one), stats.rankdata(other))[0, 1]), one.size)


def around(r: float, n: int) -> Interval:
    """Return a rank correlation over n areas with its 95 % interval."""
    r = min(max(r, -1 + 1e-9), 1 - 1e-9)
    half = stats.norm.ppf(0.5 + LEVEL / 2) * math.sqrt((1 + r * r / 2) / (n - 3))
    return Interval(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def slope(figure: np.ndarray, rate: np.ndarray) -> Interval:
    """Return the change of a rate by ten points of a figure, with its 95 % interval (least squares, HC3)."""
    if figure.size < 5 or not np.ptp(figure):
        return NOTHING
    fitted = sm.OLS(rate, sm.add_constant(figure / 10)).fit(cov_type="HC3", use_t=True)
    low, high = fitted.conf_int(1 - LEVEL)[1]
    return Interval(float(fitted.params[1]), float(low), float(high))


def resampled(figure: Callable[[np.ndarray], float], n: int) -> Interval:
    """Return a figure of areas (given by their numbers) with its 95 % percentile bootstrap interval over areas."""
    value = figure(np.arange(n))
    if n < 5 or math.isnan(value):
        return NOTHING._replace(mean=value)
    drawn = np.random.default_rng(1).integers(n, size=(RESAMPLES, n))
    low, high = np.nanquantile([figure(some) for some in drawn], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


def ends(rates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the early and the late rates of areas, of which the last axis is the year."""
    k = 2 if rates.shape[-1] >= 4 else 1
    return rates[..., :k].mean(axis=-1), rates[..., -k:].mean(axis=-1)


def thirds(early: np.ndarray, late: np.ndarray) -> tuple[float, float]:
    """Return of the third of areas with most at first: the share still in that third, and the share now in that with least."""
    k = max(early.size // 3, 1)
    worst = np.argsort(-early, kind="stable")[:k]
    place = np.argsort(np.argsort(-late, kind="stable"))[worst]
    return float((place < k).mean()), float((place >= early.size - k).mean())


def change(early: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Return late over early, against that of all areas together."""
    if not early.sum() * late.sum():
        return np.full(early.size, np.nan)
    return late / early / (late.sum() / early.sum())


def change_percentile(percent: float, early: np.ndarray, late: np.ndarray) -> float:
    """Return a percentile of the changes of areas."""
    return float(np.percentile(change(early, late), percent))


def dispersion(months: np.ndarray) -> float:
    """Return variance over mean of monthly counts within a year, of the median area and year with two a month or more."""
    rows = months.reshape(-1, months.shape[-1])
    rows = rows[np.sum(~np.isnan(rows), axis=1) >= 6]
    means = np.nanmean(rows, axis=1) if len(rows) else np.empty(0)
    rows, means = rows[means >= ENOUGH], means[means >= ENOUGH]
    return float(np.median(np.nanvar(rows, axis=1, ddof=1) / means)) if len(rows) else math.nan


def top_tenth(rates: np.ndarray) -> float:
    """Return the share of all incidents in the tenth of areas with most."""
    ordered = np.sort(rates)[::-1]
    return float(ordered[: max(round(ordered.size / 10), 1)].sum() / ordered.sum()) if ordered.sum() else math.nan


def crps(sample: np.ndarray, value: float) -> float:
    """Return the continuous ranked probability score of a forecast given as a sample (fair: Ferro 2014); lower is better."""
    spread = np.abs(sample[:, None] - sample).sum() / max(sample.size * (sample.size - 1), 1)
    return float(np.abs(sample - value).mean() - spread / 2)
