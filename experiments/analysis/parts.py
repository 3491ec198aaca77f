"""Which part does the work: Shapley values and interactions of measures, or of causal loops, exactly, in the same worlds.

Every subset of the measures is lived in every world (2 to the power of their number: up to eight).  A measure's Shapley value is
what it adds, averaged over all orders in which the package could be put together (Shapley 1953), so the values of all measures
add up to what the package does.  The interaction of two is how much more (or less) they do together than apart, averaged in the
same way over what else is there (Grabisch and Roubens 1999).  Both are sums over subsets within a world, so they are computed
world by world; intervals and tests are those of any paired difference (`statistics.py`), with Holm over all values and pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import Intervention

from ..design.plan import Plan, entitled
from ..statistics import FEWEST_UNITS, LEVEL, holm, interval, p_difference, units_of
from ..study import Study
from .loops import cuts
from .robust_choice import gains_of

MOST = 8  # measures: 256 subsets
FEWEST_POINTS = 8  # where runs are few
NONE = "nothing"
FORGIVEN = 1e-9


@dataclass(frozen=True)
class Package:
    """A package taken apart: the scenario, what its measures (or loops) are called, and the plan that lives every subset."""

    scenario: str
    measures: tuple[str, ...]
    plan: Plan


def package_of(plan: Plan, scenario: str | None = None, most: int | None = None) -> Package:
    """Return the plan that lives every subset of the measures of a scenario; raises InputError where it cannot be.

    Parameters
    ----------
    scenario : left out, the one with most measures.
    most : runs that it may take, where the plan asks for more; it has eight points at least, if the plan does.
    """
    names = [name for some in plan.blocks.values() for name in some]
    if scenario is None:
        scenario = max(names, key=lambda name: len(own_measures(plan, name)), default=plan.first)
    if scenario not in names:
        raise InputError("scenario.unknown", place="--of", value=scenario, allowed=names)
    measures = own_measures(plan, scenario)
    if not 2 <= len(measures) <= MOST:
        some = Phrase("allowed.measures_more", low=2, high=MOST, against=plan.baseline(scenario))
        raise InputError("package.not_apart", place=scenario, value=len(measures), allowed=some)
    against, table = plan.baseline(scenario), plan.filled(scenario, plan.scenarios[scenario])
    base = plan.filled(against, plan.scenarios[against])["interventions"]
    arms = {arm(subset): {**table, "interventions": [*base, *(measures[i] for i in subset)]} for subset in subsets(len(measures))}
    return taken_apart(plan, scenario, tuple(called(measures)), arms, most)


def loops_of(plan: Plan, ids: list[str], scenario: str | None = None, most: int | None = None) -> Package:
    """Return the plan that lives every subset of these causal loops, all others of them cut; raises InputError.

    Parameters
    ----------
    scenario : what is done meanwhile; left out, what others are compared with.
    most : runs that it may take, as in `package_of`.
    """
    scenario, ids = scenario or plan.first, list(dict.fromkeys(ids))
    if scenario not in plan.scenarios:
        raise InputError("scenario.unknown", place="--of", value=scenario, allowed=plan.scenarios)
    cuts(ids)
    if not 2 <= len(ids) <= MOST:
        raise InputError("package.not_apart", place="--loops", value=len(ids), allowed=Phrase("allowed.loops", low=2, high=MOST))
    table = plan.filled(scenario, plan.scenarios[scenario])
    arms = {}
    for subset in subsets(len(ids)):
        cut = cuts([name for i, name in enumerate(ids) if i not in subset])
        arms[arm(subset)] = {**table, "parameters": {**table.get("parameters", {}), **cut}}
    return taken_apart(plan, scenario, tuple(ids), arms, most)


def taken_apart(plan: Plan, scenario: str, names: tuple[str, ...], arms: dict[str, Any], most: int | None) -> Package:
    """Return a package whose subsets are these scenarios."""
    left: dict[str, Any] = {"until": None, "rival": {}, "cells": {}}
    question = plan.question.model_copy(update={"against": NONE, "deciding": ()})
    known = {name: getattr(plan, name) for name in Plan.model_fields}
    few = plan.points if most is None else min(plan.points, max(FEWEST_POINTS, most // (len(arms) * plan.worlds)))
    changed = {"scenario": arms, "compare": question, "title": entitled(plan.heading, f" ({scenario}: parts)"), "points": few}
    return Package(scenario, names, Plan(**{**known, **left, **changed}))


def own_measures(plan: Plan, scenario: str) -> list[Intervention]:
    """Return the measures of a scenario that the one it is compared with does not have."""
    there = list(plan.scenarios[plan.baseline(scenario)].interventions)
    return [each for each in plan.scenarios[scenario].interventions if each not in there]


def called(measures: list[Intervention]) -> list[str]:
    """Return the kinds of measures, numbered where a kind comes twice."""
    kinds = [each.kind for each in measures]
    return [kind if kinds.count(kind) == 1 else f"{kind} {kinds[: i + 1].count(kind)}" for i, kind in enumerate(kinds)]


def subsets(n: int) -> list[tuple[int, ...]]:
    """Return all subsets of n measures, the empty one first."""
    return [subset for size in range(n + 1) for subset in combinations(range(n), size)]


def arm(subset: tuple[int, ...]) -> str:
    """Return what the scenario of a subset is called."""
    return f"parts {'+'.join(str(i + 1) for i in subset)}" if subset else NONE


def parts(study: Study, measures: tuple[str, ...]) -> pd.DataFrame:
    """Return what each measure and each pair of them adds, and what all do: a row each, index ``part``.

    Columns: kind ("measure", "pair" or "package"), gain (of the outcome, more is better) with low and high (95 % interval),
    p (after Holm over measures and pairs), counts (whether it surely adds or takes away) and worlds.  In worlds where all lived.
    """
    gains = gains_of(study)
    value = {subset: gains[arm(subset)] for subset in subsets(len(measures))}
    found = {(name, "measure"): shapley(value, i, len(measures)) for i, name in enumerate(measures)}
    pairs = {pair: interaction(value, *pair, len(measures)) for pair in combinations(range(len(measures)), 2)}
    found |= {(f"{measures[i]} x {measures[j]}", "pair"): worlds for (i, j), worlds in pairs.items()}
    adjusted = holm([p_difference(exact(worlds)) for worlds in found.values()])
    rows = [row_of(name, kind, worlds, p) for ((name, kind), worlds), p in zip(found.items(), adjusted, strict=True)]
    whole = value[tuple(range(len(measures)))] - value[()]
    rows.append(row_of("package", "package", whole, p_difference(exact(whole))))
    return pd.DataFrame(rows).set_index("part")


def exact(worlds: pd.Series) -> np.ndarray:
    """Return independent units, with what only rounding leaves of a sum taken as nothing."""
    units = units_of(worlds).to_numpy()
    return np.where(np.abs(units) < FORGIVEN, 0.0, units)


def row_of(name: str, kind: str, worlds: pd.Series, p: float) -> dict[str, object]:
    """Return the row of what a part does."""
    units = exact(worlds)
    mean, low, high = interval(units)
    known = {"part": name, "kind": kind, "gain": mean, "low": low, "high": high, "p": float(p)}
    return {**known, "counts": bool(p <= 1.0 - LEVEL and units.size >= FEWEST_UNITS), "worlds": len(worlds)}


def shapley(value: Mapping[tuple[int, ...], pd.Series], i: int, n: int) -> pd.Series:
    """Return in every world what measure i of n adds, over all orders; ``value`` maps subsets to what they come to."""
    found = 0.0 * value[()]
    for subset in value:
        if i not in subset:
            weight = factorial(len(subset)) * factorial(n - len(subset) - 1) / factorial(n)
            found += weight * (value[tuple(sorted((*subset, i)))] - value[subset])
    return found


def interaction(value: Mapping[tuple[int, ...], pd.Series], i: int, j: int, n: int) -> pd.Series:
    """Return in every world how much more two measures of n do together than apart, over all of the others."""
    found = 0.0 * value[()]
    for subset in value:
        if i not in subset and j not in subset:
            weight = factorial(len(subset)) * factorial(n - len(subset) - 2) / factorial(n - 1)
            both, one, other = (tuple(sorted((*subset, *more))) for more in ((i, j), (i,), (j,)))
            found += weight * (value[both] - value[one] - value[other] + value[subset])
    return found
