"""Choosing between plans when nobody knows which future comes: regret, how often best, robustness, and worth its money.

The best of several noisy means looks better than it is, so a plan's regret (how much worse it is than the best plan for that
future) comes out too large, and too many plans seem best now and then.  With two worlds or more at a point they are split:
one half says which plan is best, the other how much better it was, and then the other way round.  Regret estimated that way
is, on average, never too large.
"""

import math

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model.errors import InputError, Phrase

from ..results import StudyResults
from ..statistics import LEVEL, constant, interval, units_of, without_gaps

FEWEST_FOR_QUANTILES = 40  # units: below, bootstrap intervals cover too little
RESAMPLES = 2_000


def choices(study: StudyResults) -> pd.DataFrame:
    """Return a row a scenario, the one compared against included.

    Columns: p_best (how often it was chosen as best, by either half of the worlds of a point), regret (mean), regret_high
    (95th percentile over points, of which luck is a part), helps (share of points at which it does better than the one
    compared against) and matters (share at which it does so by what matters).  Regret and p_best are not a number where
    points have one world.
    """
    gains, blocks = gains_of(study), study.plan.blocks
    return pd.concat([chosen_in(gains[[base, *names]], base, study.question.matters) for base, names in blocks.items()])


def chosen_in(gains: pd.DataFrame, against: str, matters: float) -> pd.DataFrame:
    """Return the rows of one block, whose plans are chosen from each other."""
    means = gains.groupby(level="point").mean()
    own = means.sub(means[against], axis=0)
    table = pd.DataFrame({"helps": (own > 0).mean(), "matters": (own >= matters).mean()})
    best, regret = split(gains)
    table.insert(0, "p_best", best.mean() if len(best) else math.nan)
    table.insert(1, "regret", regret.mean() if len(regret) else math.nan)
    table.insert(2, "regret_high", regret.quantile(LEVEL) if len(regret) else math.nan)
    return table.rename_axis("scenario")


def gains_of(study: StudyResults) -> pd.DataFrame:
    """Return the outcome that decides, more is better, in worlds where every scenario lived: index (point, world)."""
    table = without_gaps(study.by_world(study.question.outcome))
    return table if study.question.better == "higher" else -table


def split(gains: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return for every point how often each scenario was chosen as best, and its regret, by halves of the worlds."""
    chosen, regrets = [], []
    for _, worlds in gains.groupby(level="point"):
        if len(worlds) < 2:
            continue
        halves = worlds.iloc[::2].mean(), worlds.iloc[1::2].mean()
        picks, losses = [], []
        for says, shows in (halves, halves[::-1]):
            top = says == says.max()
            picks.append(top / top.sum())
            losses.append(shows[top].mean() - shows)
        chosen.append(sum(picks) / 2)
        regrets.append(sum(losses) / 2)
    return pd.DataFrame(chosen, columns=gains.columns), pd.DataFrame(regrets, columns=gains.columns)


def net_benefit(study: StudyResults, value: float) -> pd.DataFrame:
    """Return what every scenario is worth, in euros, if one unit of the outcome is worth ``value`` euros.

    Columns: mean, low, high (95 % interval over the same pairs) and p_positive (share of points at which it is worth it).
    """
    if not value > 0.0:
        raise InputError("value.out_of_range", place="value", value=value, allowed=Phrase("allowed.euros_a_unit"))
    gains = gains_of(study)
    rows = {}
    for base, name in ((base, name) for base, names in study.plan.blocks.items() for name in names):
        difference = gains[name] - gains[base]
        units = units_of(difference)
        euros = value * units.to_numpy() - study.extra_cost(name)
        rows[name] = {**interval(euros)._asdict(), "p_positive": float((euros > 0).mean())}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")


def quantiles(
    study: StudyResults, outcome: str | None = None, at: tuple[float, ...] = (0.1, 0.5, 0.9), seed: int = 1
) -> pd.DataFrame:
    """Return how scenarios differ in quantiles of an outcome over points: index (scenario, quantile); difference, low, high.

    The intervals are paired bootstrap (BCa), and not a number with fewer than 40 units, where those cover too little.
    """
    table = without_gaps(study.by_world(outcome or study.question.outcome))
    units = units_of(table)
    rows = {}
    for base, name in ((base, name) for base, names in study.plan.blocks.items() for name in names):
        ours, theirs = units[name].to_numpy(), units[base].to_numpy()
        for q in at:
            low = high = math.nan
            if constant(ours - theirs):
                low = high = float(ours[0] - theirs[0])
            elif len(units) >= FEWEST_FOR_QUANTILES:
                low, high = bootstrapped(ours, theirs, q, seed)
            rows[name, q] = {"difference": float(np.quantile(ours, q) - np.quantile(theirs, q)), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["scenario", "quantile"])


def bootstrapped(ours: np.ndarray, theirs: np.ndarray, q: float, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of a difference between quantiles, pairs kept together."""

    def difference(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        return np.quantile(a, q, axis=axis) - np.quantile(b, q, axis=axis)

    found = stats.bootstrap(
        (ours, theirs), difference, paired=True, n_resamples=RESAMPLES, confidence_level=LEVEL, rng=np.random.default_rng(seed)
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
