"""Sensitivity: which of the numbers that nobody knows well decide the answer.  By SALib; what it needs, a study holds.

    study.points(16, design="morris").run()        # few runs: which numbers matter at all
    morris(study, "recruited", scenario="youth")
    study.points(256, design="saltelli", vary=("recruitment.base", "norms.sanction")).run()
    sobol(study, "recruited")                      # more runs: which share of the variance each explains

It explains an outcome under one scenario, or (with ``against``) the difference between two in the same worlds.
All points share their worlds, so that luck cannot pass for a parameter, and every point counts with the mean of its worlds.
``luck`` in ``table.attrs`` is the share of the variance of those means that hangs on which worlds were taken: how parameters
and luck work together (none where points have one world).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model.errors import InputError, Phrase, typed
from kantelpunt.model.registry import quantities

from ..design.question import as_outcome
from ..design.sampling import HAIR, LEVELS, problem, uncertain
from ..results import StudyResults
from ..statistics import constant

MORRIS = {"mu": "mu", "mu_star": "mu_star", "sigma": "sigma", "mu_star_conf": "mu_star_conf"}
LEVEL = 0.05  # chance that an assumption is named that means nothing, over all of them
STRONGEST = 3  # assumptions that are named
SHUFFLES = 999
SOBOL = {"S1": "first", "S1_conf": "first_conf", "ST": "total", "ST_conf": "total_conf"}


def morris(
    study: StudyResults, outcome: str, *, scenario: str | None = None, against: str | None = None, seed: int = 1
) -> pd.DataFrame:
    """Return Morris' elementary effects, a row a parameter, the most important first.

    Columns: mu (mean effect of moving from low to high, in units of the outcome), mu_star (mean size), sigma (spread: the
    effect depends on the other numbers, or on luck) and mu_star_conf (half of the 95 % interval of mu_star).
    Raises InputError where the study's points are no Morris trajectories, or runs are missing.
    """
    from SALib.analyze.morris import analyze

    values, luck = by_point(study, outcome, scenario, against, "morris")
    asked = problem_of(study)
    found = analyze(asked, study.parameters.to_numpy(), values, num_levels=LEVELS, seed=seed)
    return ranked({new: np.asarray(found[old]) for old, new in MORRIS.items()}, asked, "mu_star", luck)


def sobol(
    study: StudyResults, outcome: str, *, scenario: str | None = None, against: str | None = None, seed: int = 1
) -> pd.DataFrame:
    """Return Sobol indices, a row a parameter, the most important first.

    Columns: first (share of the variance that it explains alone), total (share in which it has a part), and half of the
    95 % interval of each.  Raises InputError where the study's points are not Saltelli's, or runs are missing.
    """
    from SALib.analyze.sobol import analyze

    values, luck = by_point(study, outcome, scenario, against, "saltelli")
    asked = problem_of(study)
    if constant(values):
        raise InputError("outcome.constant", place="outcome", value=outcome, allowed=Phrase("allowed.moving_outcome"))
    found = analyze(asked, (values - values.mean()) / values.std(), calc_second_order=False, seed=seed)
    return ranked({new: np.asarray(found[old]) for old, new in SOBOL.items()}, asked, "total", luck)


def problem_of(study: StudyResults) -> dict[str, Any]:
    """Return the parameters that a study varies as a problem of SALib."""
    known = quantities()
    return problem(study.plan.spread, {name: known[name] for name in study.plan.vary} or uncertain())


def ranked(columns: Mapping[str, np.ndarray], asked: dict[str, Any], by: str, luck: float | None) -> pd.DataFrame:
    """Return a table with a row a parameter, the most important first."""
    table = pd.DataFrame(columns, index=pd.Index(asked["names"], name="parameter")).sort_values(by, ascending=False)
    table.attrs["luck"] = luck
    return table


def by_point(
    study: StudyResults, outcome: str, scenario: str | None, against: str | None, design: str | None = None
) -> tuple[np.ndarray, float | None]:
    """Return an outcome (or a difference) at every point, the mean of its worlds, and the share of luck in their variance."""
    if design and study.plan.design != design:
        raise InputError("design.unfit", place="design", value=study.plan.design, allowed=(design,))
    table = study.by_world(as_outcome(outcome))
    for name in (scenario, against):
        if name is not None and name not in table:
            raise InputError("scenario.unknown", place="scenario", value=name, allowed=map(str, table))
    values = table[scenario or study.plan.first]
    values = values if against is None else values - table[against]
    groups = values.dropna().groupby(level="point")
    missing = len(study.parameters) - groups.ngroups
    if missing:
        raise InputError(
            "points.without_run",
            place=study.folder,
            allowed=Phrase("allowed.all_points", command=f"kantelpunt resume {typed(str(study.folder))}"),
            n=missing,
        )
    means, n = groups.mean().sort_index(), groups.size().min()
    variance = means.var(ddof=1)
    if n < 2 or variance == 0.0:
        return means.to_numpy(), None
    apart = values - values.groupby(level="world").transform("mean")  # a world that is worse at every point hides no parameter
    within = (apart.groupby(level="point").var(ddof=1) / groups.size()).mean()
    return means.to_numpy(), float(min(1.0, within / variance))


def varied(study: StudyResults) -> list[str]:
    """Return the parameters that differ between points."""
    return [str(name) for name in study.parameters.columns if study.parameters[name].nunique() > 1]


def rank_correlations(study: StudyResults, scenario: str, outcome: str) -> pd.Series:
    """Return the rank correlation of an outcome with every parameter that differs, the strongest first."""
    runs = study.runs[study.runs["scenario"] == scenario]
    if runs[outcome].nunique() < 2:
        return pd.Series(dtype=float)
    found = runs[varied(study)].corrwith(runs[outcome], method="spearman").dropna()
    return found.reindex(found.abs().sort_values(ascending=False).index)


def hangs_on(study: StudyResults, scenario: str, seed: int = 1) -> pd.DataFrame:
    """Return the assumptions with which the difference of a scenario goes up or down: quantity, correlation, best first.

    Rank correlations over the plausible points; empty where none stands out (see `outstanding`).
    """
    differences = study.differences()[scenario].groupby(level="point").mean().dropna()
    points = study.parameters.loc[differences.index]
    return outstanding(points.loc[:, points.nunique() > 1], differences, seed).head(STRONGEST).reset_index(drop=True)


def outstanding(points: pd.DataFrame, values: pd.Series, seed: int = 1) -> pd.DataFrame:
    """Return the columns whose rank correlation with values is more than luck, strongest first: quantity, correlation.

    More than luck is: larger than the largest of all columns in 95 of 100 shuffles of the values (Westfall and Young 1993).
    So the chance that any column is named that means nothing is at most 5 %, however few points and however many columns.
    """
    if points.empty or values.nunique() < 2:
        return pd.DataFrame(columns=["quantity", "correlation"])
    theirs, ours = (stats.zscore(stats.rankdata(each, axis=0)) / len(values) ** 0.5 for each in (points, values))
    rng, found = np.random.default_rng(seed), ours @ theirs
    largest = [np.abs(rng.permutation(ours) @ theirs).max() for _ in range(SHUFFLES)]
    table = pd.DataFrame({"quantity": points.columns, "correlation": found})
    sure = table[np.abs(found) > np.quantile(largest, 1.0 - LEVEL, method="higher") + HAIR]
    return sure.sort_values("correlation", key=np.abs, ascending=False)
