"""Value of information: what it is worth to find out a number before one chooses between plans.

Somebody who knew a number before choosing would take another plan wherever that number says so.  The average gain from this is
its expected value of partial perfect information (EVPPI): the mean of the largest expected benefit given the number, less the
largest mean benefit.  The expected benefit given a number is a regression over the points of a study that has been run
(Strong, Oakley and Brennan 2014), here of the differences with the baseline, which leave shared luck out: cubic splines
shrunk by a ridge penalty that generalised cross-validation sets.  Groups of up to four numbers also have products of pairs;
larger groups have parabolas alone, so their value is rather too low than too high.

    zero       noise can be fitted too, so values come out above 0.  A number counts only where its value exceeds the largest
               of all numbers in 95 of 100 shuffles of the points (Westfall and Young 1993)
    interval   bootstrap over points (basic, 95 %, cut off at 0)
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
RESAMPLES = 100
SHOWN = 12  # rows that get an interval: the largest values
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
    if survey.asked < 1 or not survey.spread > 0.0:
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
    bases = {key: basis_of(each) for key, each in inputs.items()}
    smoothers = {key: Smoother(each) for key, each in bases.items()}
    values = {key: each.value(differences) for key, each in smoothers.items()}
    noise = np.max([each.values(shuffled) for each in smoothers.values()], axis=0)
    rows = {key: [value, math.nan, math.nan, *beyond(value, noise)] for key, value in values.items()}
    for key in sorted(values, key=values.__getitem__, reverse=True)[:SHOWN]:
        rows[key][1:3] = interval_of(bases[key], differences, values[key], rng)
    for survey, truth in surveys.items():
        rows[survey.of, "survey"] = surveyed(survey, truth, differences, shuffled, rng)
    found = [{"name": name, "kind": kind, **dict(zip(COLUMNS[1:-1], row, strict=True))} for (name, kind), row in rows.items()]
    table = pd.DataFrame(found)
    table["counts"] = table["value"] > table["zero"]
    means = benefit.mean()
    best = str(means.idxmax())
    table = table.set_index("name")[list(COLUMNS)].sort_values("value", ascending=False)
    return Worth(base, best, float(means[best] - means[base]), len(benefit), euros, table)


def beyond(value: float, noise: np.ndarray) -> tuple[float, float]:
    """Return what noise alone reaches, and how often noise reaches a value."""
    return float(np.quantile(noise, LEVEL, method="higher")), float((1 + (noise >= value).sum()) / (1 + noise.size))


def interval_of(basis: np.ndarray, differences: np.ndarray, value: float, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % interval of a value: basic bootstrap over points, cut off at 0."""
    again = []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(differences), len(differences))
        again.append(Smoother(basis[rows]).value(differences[rows]))
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(again, [tail, 1.0 - tail])
    return max(0.0, 2.0 * value - float(high)), max(0.0, 2.0 * value - float(low))


def surveyed(
    survey: Survey, truth: np.ndarray, differences: np.ndarray, shuffled: np.ndarray, rng: np.random.Generator
) -> list[float]:
    """Return value, interval, zero and p of a survey: the mean over draws of its error, and shuffles with one of them."""
    draws = [basis_of((truth + survey.error * rng.standard_normal(len(truth)))[:, None]) for _ in range(SURVEYS)]
    value = float(np.mean([Smoother(each).value(differences) for each in draws]))
    return [value, *interval_of(draws[0], differences, value, rng), *beyond(value, Smoother(draws[0]).values(shuffled))]


class Smoother:
    """A regression of columns on some numbers, whose fits of other columns cost little: splines with a ridge penalty."""

    def __init__(self, basis: np.ndarray) -> None:
        """Hold the basis (`basis_of`), a row a point."""
        basis = basis - basis.mean(axis=0)
        scale = basis.std(axis=0)
        self.left, sizes, _ = np.linalg.svd(basis[:, scale > 0.0] / scale[scale > 0.0], full_matrices=False)
        self.shrink = sizes[:, None] ** 2 / (sizes[:, None] ** 2 + PENALTIES)
        self.degrees = 1.0 + self.shrink.sum(axis=0)

    def fit(self, columns: np.ndarray) -> np.ndarray:
        """Return the expected value of each column at every point, smoothed as cross-validation asks."""
        means = columns.mean(axis=0)
        varies = np.ptp(columns, axis=0) > 0.0
        if not varies.all():  # the plan that others are compared with differs nowhere from itself
            fits = np.broadcast_to(means, columns.shape).copy()
            if varies.any():
                fits[:, varies] = self.fit(columns[:, varies])
            return fits
        scores = self.left.T @ (columns - means)
        outside = ((columns - means) ** 2).sum(axis=0) - (scores**2).sum(axis=0)
        residuals = ((1.0 - self.shrink) ** 2).T @ scores**2 + np.maximum(outside, 0.0)
        chosen = (residuals / np.maximum(len(columns) - self.degrees, 1.0)[:, None] ** 2).argmin(axis=0)
        return means + self.left @ (scores * self.shrink[:, chosen])

    def values(self, differences: np.ndarray) -> np.ndarray:
        """Return the expected value of knowing these numbers before choosing the largest column.

        ``differences`` has shape (points, plans, shuffles); so has the answer one number a shuffle.
        """
        n, plans, shuffles = differences.shape
        fits = self.fit(differences.reshape(n, plans * shuffles)).reshape(n, plans, shuffles)
        return fits.max(axis=1).mean(axis=0) - differences.mean(axis=0).max(axis=0)

    def value(self, differences: np.ndarray) -> float:
        """Return the value for one table of differences, shape (points, plans)."""
        return float(self.values(differences[:, :, None])[0])


def basis_of(inputs: np.ndarray) -> np.ndarray:
    """Return the basis of a regression on these numbers: splines and products of pairs of a few, parabolas of many."""
    if inputs.shape[1] > PAIRS_UP_TO:
        flat = np.apply_along_axis(standard, 0, inputs)
        return np.column_stack([flat, flat**2])
    basis = [spline(column) for column in inputs.T]
    if inputs.shape[1] > 1:
        basis += [(a * b)[:, None] for a, b in combinations([standard(column) for column in inputs.T], 2)]
    return np.column_stack(basis)


def spline(column: np.ndarray) -> np.ndarray:
    """Return the basis of a cubic spline with knots at quantiles, and the number itself."""
    scaled = standard(column)
    inner = np.unique(np.quantile(scaled, np.linspace(0.0, 1.0, INNER_KNOTS + 2)))
    if inner.size < INNER_KNOTS + 2:  # hardly any levels
        return scaled[:, None]
    knots = np.r_[[inner[0]] * 3, inner, [inner[-1]] * 3]
    return np.column_stack([scaled, BSpline.design_matrix(scaled, knots, 3).toarray()])


def standard(column: np.ndarray) -> np.ndarray:
    """Return a number with mean 0 and spread 1."""
    spread = column.std()
    return (column - column.mean()) / spread if spread > 0.0 else column - column.mean()


def unit_of(study: Study, found: Worth) -> str:
    """Return the unit of values."""
    return "euro" if found.euros else outcome_of(study.question.outcome).unit.removesuffix("/week")
