"""Value of information: what it is worth to find out a number before one chooses between plans.

Somebody who knew a number before choosing would take another plan wherever that number says so.  The average gain from this is
its expected value of partial perfect information (EVPPI): the mean of the largest expected benefit given the number, less the
largest mean benefit.  The expected benefit given a number is a regression over the points of a study that has been run
(Strong, Oakley and Brennan 2014), here of the differences with the baseline, which leave shared luck out: a straight line, and
cubic splines around it shrunk by a ridge penalty that generalised cross-validation sets.  Groups of up to four numbers also
have products of pairs; larger groups have parabolas alone, shrunk altogether, so their value is rather too low than too high.

    zero       noise can be fitted too, so values come out above 0.  A number counts only where its value exceeds the largest
               of all numbers in 95 of 100 shuffles of the points (Westfall and Young 1993)
    interval   95 % of draws of the regression, which is as uncertain as its residuals say, over resampled points.  A value is
               largest where plans are equally good on average, so the upper end lets plans that may be equal be so
    survey     the same regression on what a survey would measure: the number, or an outcome in a week, with its error (EVSI;
               Strong, Oakley, Brennan and Breeze 2015)

A number that is not seen to count may still count by less than these points can show.
"""

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from scipy.interpolate import BSpline

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.outcomes import outcome_of

from ..design.question import as_outcome
from ..statistics import LEVEL
from ..study import Study
from .robust_choice import gains_of
from .sensitivity import varied

FEWEST_POINTS = 30
INNER_KNOTS = 2
PAIRS_UP_TO = 4  # numbers of a group that also has products of pairs
PENALTIES = np.logspace(-3, 6, 19)
SHUFFLES = 200
RESAMPLES = 200
SHOWN = 12  # rows that get an interval: the largest values
HARDLY = 1e-9  # a share that is nothing but rounding
SURVEYS = 40  # draws of the error of a survey
SPREAD = 0.25  # assumed: standard deviation of answers between residents, on a scale from 0 to 1
COLUMNS = ("kind", "value", "low", "high", "zero", "p", "counts")


class Worth(NamedTuple):
    """The value of finding out in one block, in units of the outcome, or in euros.

    ``table`` has a row a number or group (index ``name``): kind ("number", "group" or "survey"), value, low and high (95 %
    interval), zero (what noise alone reaches), p, and counts (whether it exceeds zero).  ``best`` is the plan to choose now, and
    ``gain`` what it wins on average.
    """

    against: str
    best: str
    gain: float
    points: int
    euros: bool
    table: pd.DataFrame


class Survey(NamedTuple):
    """A survey of a parameter, or of an outcome in a week ("trust_institutions[52]"): how many are asked, and their spread."""

    of: str
    asked: int = 200
    spread: float = SPREAD

    @property
    def error(self) -> float:
        """Return the standard error of its mean."""
        return self.spread / math.sqrt(self.asked)


def worth(
    study: Study,
    *,
    value: float | None = None,
    groups: Mapping[str, Iterable[str]] | None = None,
    surveys: Iterable[Survey] = (),
    seed: int = 1,
) -> list[Worth]:
    """Return for every block what it is worth to find out each uncertain number, each group of them, and what surveys measure.

    No runs are done.  Raises InputError with fewer than 30 points, or where a name is unknown.

    Parameters
    ----------
    value : euros that one unit of the outcome is worth; left out, values are in units of the outcome and costs do not count.
    groups : name -> parameters; left out, the parameters of each rule.
    surveys : surveys that somebody might do.
    seed : of shuffles and resampling.
    """
    if value is not None and not 0.0 < value < math.inf:
        raise InputError("value.out_of_range", place="value", value=value, allowed=Phrase("allowed.euros_a_unit"))
    gains = gains_of(study)
    first = gains.groupby(level="point").head(1).droplevel("world")
    points = study.parameters.loc[first.index, varied(study)]
    if len(points) < FEWEST_POINTS or points.empty:
        raise InputError("points.too_few", place="points", value=len(points), allowed=Phrase("allowed.or_more", n=FEWEST_POINTS))
    inputs = columns_of(points, rules_of(points) if groups is None else groups)
    means = gains.groupby(level="point").mean()
    measured = {each: seen_by(study, each, points, first) for each in surveys}
    found = []
    for base, names in study.plan.blocks.items():
        benefit = means[[base, *names]]
        if value is not None:
            benefit = value * benefit - [0.0, *map(study.extra_cost, names)]
        shown = {each: seen if isinstance(seen, np.ndarray) else seen[base].to_numpy() for each, seen in measured.items()}
        found.append(valued(benefit, base, inputs, shown, value is not None, seed))
    return found


def rules_of(points: pd.DataFrame) -> dict[str, list[str]]:
    """Return rule -> its numbers, of rules that have two or more."""
    rules: dict[str, list[str]] = {}
    for name in map(str, points.columns):
        rules.setdefault(name.partition(".")[0], []).append(name)
    return {rule: names for rule, names in rules.items() if len(names) > 1}


def columns_of(points: pd.DataFrame, groups: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], np.ndarray]:
    """Return (name, kind) -> the columns of a number or group; raises InputError on a name that does not vary."""
    found = {(str(name), "number"): points[[name]].to_numpy(float) for name in points}
    for group, names in groups.items():
        for name in names:
            if name not in points:
                raise InputError("points.not_varied", place=group, value=name, allowed=points.columns)
        found[group, "group"] = points[list(names)].to_numpy(float)
    return found


def seen_by(study: Study, survey: Survey, points: pd.DataFrame, first: pd.DataFrame) -> "np.ndarray | pd.DataFrame":
    """Return the truth that a survey measures at every point: a number, or an outcome under each plan in the first world."""
    if survey.asked < 1 or not 0.0 < survey.spread < math.inf:
        raise InputError("survey.invalid", place="survey", value=survey.of, allowed=Phrase("allowed.survey"))
    if survey.of in points:
        return points[survey.of].to_numpy(float)
    outcome = as_outcome(survey.of)
    return study.by_world(outcome).groupby(level="point").head(1).droplevel("world").loc[first.index]


def valued(
    benefit: pd.DataFrame,
    base: str,
    inputs: Mapping[tuple[str, str], np.ndarray],
    surveys: Mapping[Survey, np.ndarray],
    euros: bool,
    seed: int,
) -> Worth:
    """Return what finding out is worth, of the benefit of each plan at every point (index point, the baseline first)."""
    rng = np.random.default_rng(seed)
    differences = benefit.sub(benefit[base], axis=0).to_numpy()
    shuffled = np.stack([differences[rng.permutation(len(differences))] for _ in range(SHUFFLES)], axis=2)
    smoothers = {key: Smoother(*basis_of(each)) for key, each in inputs.items()}
    values = {key: each.value(differences) for key, each in smoothers.items()}
    noise = np.max([each.values(shuffled) for each in smoothers.values()], axis=0)
    rows = {key: [value, math.nan, math.nan, *beyond(value, noise)] for key, value in values.items()}
    for key in sorted(values, key=values.__getitem__, reverse=True)[:SHOWN]:
        rows[key][1:3] = smoothers[key].interval(differences, rng)
    for survey, truth in surveys.items():
        rows[survey.of, "survey"] = surveyed(survey, truth, differences, shuffled, rng)
    found = [{"name": name, "kind": kind, **dict(zip(COLUMNS[1:-1], row, strict=True))} for (name, kind), row in rows.items()]
    table = pd.DataFrame(found)
    table["counts"] = table["value"] > table["zero"]
    means = benefit.mean()
    best = str(means.idxmax())
    table = table.set_index("name")[list(COLUMNS)].sort_values("value", ascending=False, kind="stable")
    return Worth(base, best, float(means[best] - means[base]), len(benefit), euros, table)


def beyond(value: float, noise: np.ndarray) -> tuple[float, float]:
    """Return what noise alone reaches, and how often noise reaches a value."""
    return float(np.quantile(noise, LEVEL, method="higher")), float((1 + (noise >= value).sum()) / (1 + noise.size))


def beyond_rounding(gains: np.ndarray, differences: np.ndarray) -> np.ndarray:
    """Return gains, and 0 in place of what is nothing but rounding, as where one plan leads at every point."""
    return np.where(np.abs(gains) > HARDLY * np.abs(differences).max(), gains, 0.0)


def surveyed(
    survey: Survey, truth: np.ndarray, differences: np.ndarray, shuffled: np.ndarray, rng: np.random.Generator
) -> list[float]:
    """Return value, interval, zero and p of a survey: the mean over draws of its error, and shuffles with one of them."""
    seen = [truth + survey.error * rng.standard_normal(len(truth)) for _ in range(SURVEYS)]
    draws = [Smoother(*basis_of(each[:, None])) for each in seen]
    value = float(np.mean([each.value(differences) for each in draws]))
    return [value, *draws[0].interval(differences, rng), *beyond(value, draws[0].values(shuffled))]


class Smoother:
    """A regression of columns on some numbers, with a ridge penalty on all but a few terms; fits of more columns cost little."""

    def __init__(self, basis: np.ndarray, free: int) -> None:
        """Hold the basis, a row a point, whose first ``free`` columns are not shrunk (`basis_of`)."""
        basis = basis - basis.mean(axis=0)
        line, _ = np.linalg.qr(basis[:, :free])
        rest = basis[:, free:] - line @ (line.T @ basis[:, free:])
        scale = rest.std(axis=0)
        left, sizes, _ = np.linalg.svd(rest[:, scale > HARDLY] / scale[scale > HARDLY], full_matrices=False)
        kept = sizes > HARDLY * sizes.max(initial=0.0)
        left, sizes = left[:, kept], sizes[kept]
        self.left = np.column_stack([line, left])
        self.shrink = np.ones((self.left.shape[1], PENALTIES.size))
        self.shrink[free:] = sizes[:, None] ** 2 / (sizes[:, None] ** 2 + PENALTIES)
        self.degrees = 1.0 + self.shrink.sum(axis=0)

    def chosen(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the score of each column on each term, and which penalty cross-validation chooses for it."""
        centred = columns - columns.mean(axis=0)
        scores = self.left.T @ centred
        outside = (centred**2).sum(axis=0) - (scores**2).sum(axis=0)
        residuals = ((1.0 - self.shrink) ** 2).T @ scores**2 + np.maximum(outside, 0.0)
        return scores, (residuals / np.maximum(len(columns) - self.degrees, 1.0)[:, None] ** 2).argmin(axis=0)

    def fit(self, columns: np.ndarray) -> np.ndarray:
        """Return the expected value of each column at every point, smoothed as cross-validation asks."""
        fits = np.broadcast_to(columns.mean(axis=0), columns.shape).copy()
        varies = np.ptp(columns, axis=0) > 0.0  # the plan that others are compared with differs nowhere from itself
        scores, penalty = self.chosen(columns[:, varies])
        fits[:, varies] += self.left @ (scores * self.shrink[:, penalty])
        return fits

    def interval(self, differences: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
        """Return the 95 % interval of the value for one table of differences, shape (points, plans)."""
        n = len(differences)
        means, fits = differences.mean(axis=0), self.fit(differences)
        varies = np.ptp(differences, axis=0) > 0.0
        if not varies.any():
            return 0.0, 0.0
        _, penalty = self.chosen(differences[:, varies])
        shrink, residuals = self.shrink[:, penalty], (differences - fits)[:, varies]
        spread = np.sqrt((residuals**2).sum(axis=0) / np.maximum(n - self.degrees[penalty], 1.0))
        unit = residuals / np.maximum(np.linalg.norm(residuals, axis=0), np.finfo(float).tiny)
        alike = np.linalg.cholesky(unit.T @ unit + HARDLY * np.eye(unit.shape[1])).T  # how plans share their noise
        lead = differences[:, [int(means.argmax())]] - differences
        reach = stats.t.ppf((1.0 + LEVEL) / 2.0, n - 1) * lead.std(axis=0, ddof=1) / math.sqrt(n)
        equal = means + np.minimum(lead.mean(axis=0), reach)  # as near to the best as they may be
        low, high = np.empty(RESAMPLES), np.empty(RESAMPLES)
        for i in range(RESAMPLES):
            noise = rng.standard_normal((len(shrink) + 1, int(varies.sum()))) @ alike * spread
            weights, drawn = rng.dirichlet(np.ones(n)), fits.copy()
            drawn[:, varies] += self.left @ (np.sqrt(shrink) * noise[1:])
            high[i] = weights @ (drawn - weights @ drawn + equal).max(axis=1) - equal.max()
            drawn[:, varies] += noise[0] / math.sqrt(n)
            low[i] = weights @ drawn.max(axis=1) - (weights @ drawn).max()
        tail = (1.0 - LEVEL) / 2.0
        ends = beyond_rounding(np.array([np.quantile(low, tail), np.quantile(high, 1.0 - tail)]), differences)
        return max(0.0, float(ends[0])), max(0.0, float(ends[1]))

    def values(self, differences: np.ndarray) -> np.ndarray:
        """Return the expected value of knowing these numbers before choosing the largest column.

        ``differences`` has shape (points, plans, shuffles); so has the answer one number a shuffle.
        """
        n, plans, shuffles = differences.shape
        fits = self.fit(differences.reshape(n, plans * shuffles)).reshape(n, plans, shuffles)
        return beyond_rounding(fits.max(axis=1).mean(axis=0) - differences.mean(axis=0).max(axis=0), differences)

    def value(self, differences: np.ndarray) -> float:
        """Return the value for one table of differences, shape (points, plans)."""
        return float(self.values(differences[:, :, None])[0])


def basis_of(inputs: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the basis of a regression on these numbers, and how many of its first columns are not to be shrunk.

    A few numbers have a line each, splines and products of pairs; many have lines and parabolas, all of them to be shrunk.
    """
    flat = np.column_stack([standard(column) for column in inputs.T])
    if inputs.shape[1] > PAIRS_UP_TO:
        return np.column_stack([flat, flat**2]), 0
    pairs = [(a * b)[:, None] for a, b in combinations(flat.T, 2)]
    return np.column_stack([flat, *map(spline, flat.T), *pairs]), inputs.shape[1]


def spline(scaled: np.ndarray) -> np.ndarray:
    """Return the basis of a cubic spline with knots at quantiles; nothing where a number has hardly any levels."""
    inner = np.unique(np.quantile(scaled, np.linspace(0.0, 1.0, INNER_KNOTS + 2)))
    if inner.size < INNER_KNOTS + 2:
        return np.empty((scaled.size, 0))
    knots = np.r_[[inner[0]] * 3, inner, [inner[-1]] * 3]
    return BSpline.design_matrix(scaled, knots, 3).toarray()


def standard(column: np.ndarray) -> np.ndarray:
    """Return a number with mean 0 and spread 1."""
    spread = column.std()
    return (column - column.mean()) / spread if spread > 0.0 else column - column.mean()


def unit_of(study: Study, found: Worth) -> str:
    """Return the unit of values."""
    return "euro" if found.euros else outcome_of(study.question.outcome).unit.removesuffix("/week")
