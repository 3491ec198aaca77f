"""Scenario discovery: in which futures a plan fails, as a rule in a few of the numbers that nobody knows well.

The rule is a box of the patient rule induction method (PRIM; Friedman and Fisher 1999, Bryant and Lempert 2010), by
ema_workbench.  It explains the *paired* effect at every point, so luck that scenarios share plays no part.

A box is chosen among very many, so it always looks good on the points that it was chosen on.  Therefore a rule counts only if
boxes found on one half of the points hold more failures than elsewhere in the other half too (hypergeometric tests of both
halves, combined after Fisher, below 5 %).  A limit stays in the rule only if it is unlikely by chance, given how many
parameters there are (quasi-p value times their number below 5 %); the twenty whose mean differs most between failures and the
rest are tried, on each half anew.  With few points there is often no such rule.
"""

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.registry import quantities

from ..optional import extra
from ..results import StudyResults
from .sensitivity import by_point

FEWEST_POINTS = 30
MOST_TRIED = 20  # parameters that a box may be made of
MOST_WRONG = 0.05  # chance of a limit that means nothing, over all parameters


class Box(NamedTuple):
    """Where a plan fails.

    ``limits`` has a row a parameter in the rule: low and high (infinite where there is no such limit) and p.  ``density`` is the
    share of futures in the box in which the plan fails, ``coverage`` the share of failures that lie in the box, ``base`` the
    share of failures everywhere, ``points`` the number of futures.
    """

    limits: pd.DataFrame
    density: float
    coverage: float
    base: float
    points: int

    def rule(self) -> str:
        """Return the rule in words; "" where there is none."""
        return " and ".join(said(str(name), row["low"], row["high"]) for name, row in self.limits.iterrows())


def said(name: str, low: float, high: float) -> str:
    """Return one limit in words, with what the number means."""
    meaning = f"{quantities()[name].meaning} ({name})" if name in quantities() else name
    if np.isinf(low):
        return f"{meaning} is below {high:.3g}"
    return f"{meaning} is above {low:.3g}" if np.isinf(high) else f"{meaning} is between {low:.3g} and {high:.3g}"


def failures_of(study: StudyResults, scenario: str, least: float = 0.0) -> pd.Series:
    """Return for every point whether a plan fails there: whether its paired gain is ``least`` or less.

    Raises InputError where ``least`` is no number.
    """
    if not math.isfinite(least):
        raise InputError("value.out_of_range", place="least", value=least, allowed=Phrase("allowed.finite"))
    question = study.question
    values, _ = by_point(study, question.outcome, scenario, study.plan.baseline(scenario))
    gain = values if question.better == "higher" else -values
    return pd.Series(gain <= least, index=study.parameters.index, name="fails")


def prim(study: StudyResults, scenario: str, *, least: float = 0.0, density: float = 0.6) -> Box:
    """Return the box of futures in which a plan fails; raises InputError with fewer than 30 points, or without ema_workbench.

    Parameters
    ----------
    scenario : the plan.
    least : the gain, in units of the outcome, that is still a failure.
    density : the share of failures that a box has to have.
    """
    fails = failures_of(study, scenario, least)
    if len(fails) < FEWEST_POINTS:
        raise InputError(
            "points.too_few_for_rule", place="points", value=len(fails), allowed=Phrase("allowed.or_more", n=FEWEST_POINTS)
        )
    parameters = study.parameters.loc[:, study.parameters.nunique() > 1]
    return box_of(parameters, fails.to_numpy(), density)


def box_of(parameters: pd.DataFrame, fails: np.ndarray, density: float = 0.6) -> Box:
    """Return the best box of failures: of those that are dense enough, the one with the best of density and coverage together."""
    parameters, base = parameters.reset_index(drop=True), float(fails.mean())
    nothing = Box(pd.DataFrame(columns=pd.Index(["low", "high", "p"])), base, 1.0, base, len(fails))
    if not credible(parameters, fails, density):
        return nothing
    rows = peeled(parameters, fails, density)
    if rows.empty:
        return nothing
    inside = within(parameters, rows)
    return Box(rows, float(fails[inside].mean()), float(fails[inside].sum() / fails.sum()), base, len(fails))


def credible(parameters: pd.DataFrame, fails: np.ndarray, density: float) -> bool:
    """Return whether boxes found on each half of the points hold more failures than chance in the other half."""
    chances = []
    for half in (0, 1):
        here = np.arange(len(fails)) % 2 == half
        rows = peeled(parameters[here].reset_index(drop=True), fails[here], density)
        there = fails[~here]
        inside = within(parameters[~here], rows)
        chances.append(stats.hypergeom.sf(there[inside].sum() - 1, len(there), there.sum(), inside.sum()))
    return bool(stats.combine_pvalues(chances, method="fisher").pvalue <= MOST_WRONG)


def within(parameters: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Return which points lie within limits: all of them where there are none."""
    inside = [parameters[name].between(row["low"], row["high"]).to_numpy() for name, row in rows.iterrows()]
    return np.logical_and.reduce(inside) if inside else np.ones(len(parameters), bool)


def peeled(parameters: pd.DataFrame, fails: np.ndarray, density: float) -> pd.DataFrame:
    """Return the limits of the best box of some points; no row where there is none."""
    base, nothing = float(fails.mean()), pd.DataFrame(columns=pd.Index(["low", "high", "p"]))
    tried = screened(parameters, fails)
    found = workbench().Prim(tried, fails, threshold=0.0).find_box() if 0.0 < base < 1.0 else None
    if found is None:
        return nothing
    path = found.peeling_trajectory
    dense = path[path["mean"] >= max(density, base)]
    if dense.empty:
        return nothing
    coverage = dense["mean"] * dense["k"] / fails.sum()
    best = int((2 * dense["mean"] * coverage / (dense["mean"] + coverage)).idxmax())
    return limits_of(parameters.shape[1], found.box_lims[best], found.qp[best])


def screened(parameters: pd.DataFrame, fails: np.ndarray) -> pd.DataFrame:
    """Return the parameters of which the mean differs most between failures and the rest: PRIM is slow in hundreds."""
    apart = (parameters[fails].mean() - parameters[~fails].mean()).abs() / parameters.std()
    return parameters[apart.nlargest(MOST_TRIED).index]


def limits_of(n_parameters: int, box: pd.DataFrame, chances: dict[str, Any]) -> pd.DataFrame:
    """Return the limits of a box that are unlikely by chance: low, high, p (times the number of parameters)."""
    rows = {}
    for name, (p_low, p_high) in chances.items():
        p_low, p_high = (min(1.0, p * n_parameters) if p >= 0.0 else 1.0 for p in (p_low, p_high))
        low = float(box[name].iloc[0]) if p_low <= MOST_WRONG else -np.inf
        high = float(box[name].iloc[1]) if p_high <= MOST_WRONG else np.inf
        if np.isfinite(low) or np.isfinite(high):
            rows[name] = {"low": low, "high": high, "p": min(p_low, p_high)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "p"]).sort_values("p")


def workbench() -> Any:
    """Return the PRIM of ema_workbench; raises InputError where it is not installed."""
    with extra("discovery", "ema_workbench", place="scenario discovery"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about engines of its own that are not installed
        from ema_workbench.analysis import prim
    return prim
