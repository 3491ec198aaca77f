"""Statistics of paired runs: how large a difference is, and how sure.

Every scenario lives in the same worlds, so an effect is a mean of differences within worlds.  Worlds of one point share its
parameters and are not independent; points are.  So with two points or more the unit is the point (the mean of its worlds),
and an interval holds both what chance does and what nobody knows well; with one point it is the world, and chance alone.

    interval     mean +- t(0.975, units - 1) * spread of the units / sqrt(units)
    different    two-sided paired t test against 0
    the same     two one-sided paired t tests against -matters and +matters (Schuirmann 1987): the larger p
    several      both kinds of p made larger after Holm (1979) over all comparisons of a study, so that the chance of one
                 wrong "better" or "worse" in the whole study is at most 5 %, and so is that of one wrong "the same"
    sd_luck      spread of differences between worlds of one point      (analysis of variance, one random factor)
    sd_parameters  spread of the true differences between points
    crn_gain     how many runs with luck of their own a run in a shared world is worth: within points, the variances of the two
                 outcomes together over the variance of their difference (what independent seeds would have given)

Points of a Latin hypercube are a little more even than independent ones, so the intervals are rather too wide than too narrow.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.quantity import Better

LEVEL = 0.95
FEWEST_UNITS = 6  # for a verdict: with fewer, units that all point one way may do so by luck (2 / 2**5 is more than 5 %)
RENAMED = {  # name of a value of an effect in the release before -> its name; the old ones go with the next release
    "twins": "crn_gain",
    "worth": "pairing_gain",
    "chance": "sd_luck",
    "plausible": "sd_parameters",
    "p_different": "p_difference",
    "p_same": "p_equivalence",
}
NOTHING = 1e-12  # differences that vary by less than this share of their size do not vary


class Verdict(StrEnum):
    """The judgement of a scenario against another one; its value is the word in tables and files."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "practically the same"
    UNKNOWN = "not known yet"

    @property
    def key(self) -> str:
        """Return the name under which texts and styles know it."""
        return self.name.lower()


class Interval(NamedTuple):
    """An estimate with its 95 % interval; the ends are not a number where there are too few units to tell."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """The difference that a scenario makes to an outcome, against another one in the same worlds.

    Names of the release before (`RENAMED`) are read with a warning.

    Parameters
    ----------
    scenario, outcome : what differs, and in what; all differences are in the unit of the outcome.
    baseline : mean of the outcome in the scenario that it is compared with.
    difference : mean difference with its 95 % interval.
    better, same, worse : numbers of worlds.
    points : number of plausible points.
    correlation : between the two scenarios, over units (points, or worlds where there is one point).
    pairing_gain : how many unpaired units one pair is worth.
    sd_luck : standard deviation of differences between worlds of one point; None where the design cannot tell.
    sd_parameters : standard deviation of the true differences between points; None where the design cannot tell.
    crn_gain : how many runs with luck of their own a run in a shared world is worth (common random numbers).
    p_difference : p-value of a two-sided paired t test against 0.
    p_equivalence : the larger p-value of two one-sided paired t tests (Schuirmann 1987).
    verdict : the judgement, which `judged` gives.

    Examples
    --------
    >>> import pandas as pd
    >>> worlds = pd.MultiIndex.from_product([range(6), [0]], names=["point", "world"])
    >>> today = pd.Series([9.0, 7.0, 8.0, 9.0, 6.0, 8.0], worlds)
    >>> youth = pd.Series([5.0, 4.0, 4.0, 6.0, 3.0, 4.0], worlds)
    >>> found = effect("youth", "recruited", youth, today, better="lower", matters=1.0)
    >>> found.difference.mean, found.better
    (-3.5, 6)
    """

    scenario: str
    outcome: str
    baseline: float
    difference: Interval
    better: int
    same: int
    worse: int
    points: int
    correlation: float
    pairing_gain: float
    sd_luck: float | None
    sd_parameters: float | None
    crn_gain: float
    p_difference: float
    p_equivalence: float
    verdict: Verdict = Verdict.UNKNOWN

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Return what had this name in the release before, with a warning that names the new one."""
            if name not in RENAMED:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            warnings.warn(f"Effect.{name} is now Effect.{RENAMED[name]}", DeprecationWarning, stacklevel=2)
            return getattr(self, RENAMED[name])

    @property
    def sure_alone(self) -> bool:
        """Return whether the difference would count as better or worse if no other plan were compared."""
        return self.difference.low * self.difference.high > 0.0

    @property
    def worlds(self) -> int:
        """Return the number of worlds in which both scenarios lived."""
        return self.better + self.same + self.worse

    @property
    def units(self) -> int:
        """Return the number of independent differences: points, or worlds where there is one point."""
        return self.points if self.points > 1 else self.worlds


Worlds = TypeVar("Worlds", pd.DataFrame, pd.Series)


def units_of(worlds: Worlds) -> Worlds:
    """Return what is independent, of worlds by (point, world): means of points, or the worlds where there is one point."""
    return worlds.groupby(level=0).mean() if worlds.index.get_level_values(0).nunique() > 1 else worlds


def effect(scenario: str, outcome: str, ours: pd.Series, theirs: pd.Series, better: Better, matters: float) -> Effect:
    """Return the effect of a scenario (ours) against another (theirs): outcomes by (point, world), 1 world at least.

    Worlds that only one of them has are left out.  The p-values stand for this comparison alone: see `judged`.
    """
    pairs = pd.concat([ours, theirs], axis=1, keys=["ours", "theirs"], join="inner").sort_index()
    differences = pairs["ours"] - pairs["theirs"]
    units = units_of(pairs)
    between = (units["ours"] - units["theirs"]).to_numpy()
    gain = -differences if better == "lower" else differences
    correlation, gained = pairing(units["ours"].to_numpy(), units["theirs"].to_numpy())
    sd_luck, sd_parameters = spread(differences)
    return Effect(
        scenario,
        outcome,
        baseline=float(units["theirs"].mean()),
        difference=interval(between),
        better=int((gain > 0).sum()),
        same=int((gain == 0).sum()),
        worse=int((gain < 0).sum()),
        points=differences.index.get_level_values(0).nunique(),
        correlation=correlation,
        pairing_gain=gained,
        sd_luck=sd_luck,
        sd_parameters=sd_parameters,
        crn_gain=crn_gain(pairs),
        p_difference=p_difference(between),
        p_equivalence=p_equivalence(between, matters),
    )


def without_gaps(worlds: Worlds) -> Worlds:
    """Return the rows in which nothing lacks; raises InputError where there is none, since no mean is known then."""
    found = worlds.dropna()
    if found.empty:
        raise InputError("runs.no_common_world", place="runs", allowed=Phrase("allowed.common_world"))
    return found


def interval(units: np.ndarray) -> Interval:
    """Return the mean of independent units with its 95 % t interval."""
    mean = float(units.mean())
    if units.size < 2:
        return Interval(mean, math.nan, math.nan)
    if constant(units):
        return Interval(mean, mean, mean)
    low, high = stats.ttest_1samp(units, 0.0).confidence_interval(LEVEL)
    return Interval(mean, float(low), float(high))


def p_difference(units: np.ndarray) -> float:
    """Return the two-sided p-value of a mean difference of 0."""
    if units.size < 2:
        return 1.0
    if constant(units):
        return 0.0 if units.mean() else 1.0
    return float(stats.ttest_1samp(units, 0.0).pvalue)


def p_equivalence(units: np.ndarray, matters: float) -> float:
    """Return the p-value of a mean difference as large as matters, in either direction: the larger of two one-sided tests."""
    if units.size < 2:
        return 1.0
    if constant(units):
        return 0.0 if abs(units.mean()) < matters else 1.0
    over = stats.ttest_1samp(units, -matters, alternative="greater").pvalue
    under = stats.ttest_1samp(units, matters, alternative="less").pvalue
    return float(max(over, under))


def constant(units: np.ndarray) -> bool:
    """Return whether units do not vary, so that a t statistic would divide by nothing."""
    return bool(np.ptp(units) <= NOTHING * np.abs(units).max())


def pairing(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """Return the correlation between two scenarios, and how many unpaired units one pair is worth.

    Infinite where the difference does not vary at all, not a number where nothing varies.
    """
    if ours.size < 2 or constant(ours) or constant(theirs):
        return math.nan, math.nan
    correlation = float(np.corrcoef(ours, theirs)[0, 1])
    apart = ours.var(ddof=1) + theirs.var(ddof=1)
    difference = ours - theirs
    return correlation, math.inf if constant(difference) else float(apart / difference.var(ddof=1))


def crn_gain(pairs: pd.DataFrame) -> float:
    """Return how many runs with luck of their own a run in a shared world is worth; not a number where luck cannot be told.

    Infinite where luck makes no difference at all between the two scenarios.
    """
    groups = pairs.assign(difference=pairs["ours"] - pairs["theirs"]).groupby(level=0)
    within = groups.var(ddof=1).mul(groups.size() - 1, axis=0).sum()
    apart = float(within["ours"] + within["theirs"])
    if apart == 0.0:
        return math.nan
    return apart / float(within["difference"]) if within["difference"] > NOTHING * apart else math.inf


def spread(differences: pd.Series) -> tuple[float | None, float | None]:
    """Return the standard deviations of differences by chance within a point, and by what nobody knows between points.

    Estimated by the mean squares of a one-way analysis of variance with points as a random factor (which may have unlike
    numbers of worlds).  The first is none where no point has two worlds, the second where there is one point, or none of
    the first: it is what remains when chance is taken off, and 0 where chance explains all.
    """
    groups = [group.to_numpy() for _, group in differences.groupby(level=0)]
    sizes = np.array([group.size for group in groups])
    total, points = sizes.sum(), sizes.size
    if total == points:
        return None, None
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (total - points)
    if points < 2:
        return math.sqrt(within), None
    means = np.array([group.mean() for group in groups])
    between = (sizes * (means - differences.mean()) ** 2).sum() / (points - 1)
    worlds_a_point = (total - (sizes**2).sum() / total) / (points - 1)
    return math.sqrt(within), math.sqrt(max(0.0, between - within) / worlds_a_point)


def judged(effects: list[Effect], better: Better | Mapping[str, Better]) -> list[Effect]:
    """Return the effects of one study with a verdict each, allowing for all of these comparisons together (Holm 1979).

    Parameters
    ----------
    effects : all effects of the study, as `effect` returns them.
    better : which way is better, "higher" or "lower", for all or for each outcome.

    Returns
    -------
    list of Effect : the same effects in the same order, with verdict and adjusted p-values.

    Notes
    -----
    A difference that is surely smaller than what matters is "practically the same", even where it is surely not zero.
    Fewer than six units get no verdict.

    Examples
    --------
    >>> import pandas as pd
    >>> worlds = pd.MultiIndex.from_product([range(6), [0]], names=["point", "world"])
    >>> today = pd.Series([9.0, 7.0, 8.0, 9.0, 6.0, 8.0], worlds)
    >>> youth = pd.Series([5.0, 4.0, 4.0, 6.0, 3.0, 4.0], worlds)
    >>> [str(each.verdict) for each in judged([effect("youth", "recruited", youth, today, "lower", 1.0)], "lower")]
    ['better']
    """
    if not effects:
        return []
    different = holm([each.p_difference for each in effects])
    same = holm([each.p_equivalence for each in effects])
    found = []
    for each, p_1, p_2 in zip(effects, different, same, strict=True):
        verdict = Verdict.UNKNOWN
        if each.units < FEWEST_UNITS:
            pass
        elif p_2 <= 1.0 - LEVEL:
            verdict = Verdict.SAME
        elif p_1 <= 1.0 - LEVEL:
            way = better if isinstance(better, str) else better[each.outcome]
            verdict = Verdict.BETTER if (each.difference.mean > 0) == (way == "higher") else Verdict.WORSE
        found.append(replace(each, p_difference=float(p_1), p_equivalence=float(p_2), verdict=verdict))
    return found


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values that take each other into account (Holm 1979); that of statsmodels collects all garbage at every call."""
    order = np.argsort(p_values)
    stepped = np.maximum.accumulate(np.sort(p_values) * np.arange(len(order), 0, -1))
    found = np.empty(len(order))
    found[order] = np.minimum(stepped, 1.0)
    return found


def price(cost: float, difference: Interval, better: Better) -> Interval | None:
    """Return the cost of one unit won, with its interval: the cost divided by the difference and by its ends.

    None where it is not defined: the interval of the difference holds 0 or lies on the wrong side, or nothing is spent.
    """
    won = difference if better == "higher" else Interval(-difference.mean, -difference.high, -difference.low)
    if not won.low > 0.0 or cost <= 0.0:
        return None
    return Interval(cost / won.mean, cost / won.high, cost / won.low)
