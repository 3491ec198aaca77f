"""The best package for a budget: a race of candidates in common worlds, judged on worlds that did not choose.

A candidate is a dose for each measure (in quarters of the full one) whose yearly cost lies within the budget.  They race by
successive halving (Jamieson and Talwalkar 2016): all live in a few worlds, the better half in as many more, and so on; in each
round all candidates share their worlds.  The largest of many noisy means looks better than it is (the winner's curse), so the
winner and the plans that it has to beat are lived again in fresh worlds, and only those are reported as its effect; the
difference between the two is told.

Each round is a study of its own in the folder (`round-1`, `round-2` ..., `fresh`), so a race goes on where it stopped.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import Intervention

from ..design.plan import Plan
from ..running.jobs import RunFunction, run_job
from ..statistics import Interval, effect, interval, judged, units_of
from ..study import Study
from .parts import MOST, called
from .robust_choice import gains_of

DOSES = (0.0, 0.25, 0.5, 0.75, 1.0)
CANDIDATES = 48
FIRST_POINTS = 6  # of the first round; each later one has as many points more
SURVIVORS = 4  # that come to the last judgement
FRESH_POINTS = 32
TODAY, EQUAL = "today", "equal parts"
TAIL = 0.1  # the worst tenth of futures
SLACK = 1e-9

Doses = tuple[float, ...]


@dataclass(frozen=True)
class Race:
    """A race that has been run.

    ``front`` has a row a judged candidate (index ``name``): doses as columns, cost (euros a year), gain with low and high, worst
    (mean of the worst tenth of futures), chosen_on (its mean in the worlds that chose it) and on_front (no other is better in
    gain, worst and cost at once).  ``beats`` has a row a plan that the winner is compared with, on fresh worlds.
    """

    winner: str
    measures: tuple[str, ...]
    front: pd.DataFrame
    beats: pd.DataFrame
    curse: Interval
    candidates: int
    folder: Path


@dataclass(frozen=True)
class Field:
    """The subject of a race: the plan, its measures with the yearly cost of a full dose, the budget."""

    plan: Plan
    measures: tuple[Intervention, ...]
    costs: np.ndarray
    budget: float

    def cost(self, doses: Doses) -> float:
        """Return what a candidate costs a year, in euros."""
        return float(self.costs @ np.array(doses))

    def scenario(self, doses: Doses) -> dict[str, Any]:
        """Return a candidate as a scenario of a plan."""
        first = self.plan.first
        table = self.plan.filled(first, self.plan.scenarios[first])
        some = [dosed(each, dose) for each, dose in zip(self.measures, doses, strict=True) if dose]
        return {**table, "interventions": [*table["interventions"], *some]}


def dosed(measure: Intervention, dose: float) -> Intervention:
    """Return a measure at a share of its intensity."""
    return measure.model_copy(update={"intensity": dose * measure.intensity})


def field_of(plan: Plan, budget: float) -> Field:
    """Return what a race is about: the measures of all scenarios of a plan; raises InputError where they cannot race."""
    if not 0.0 < budget < math.inf:
        raise InputError("value.out_of_range", place="--budget", value=budget, allowed=Phrase("allowed.euros_a_year"))
    if len(plan.blocks) > 1:
        raise InputError("race.several_areas", place="factors", value=", ".join(plan.blocks), allowed=Phrase("allowed.one_area"))
    there = plan.scenarios[plan.first]
    measures: list[Intervention] = []
    for scenario in plan.scenarios.values():
        measures += [each for each in scenario.interventions if each not in there.interventions and each not in measures]
    if not 1 <= len(measures) <= MOST:
        some = Phrase("allowed.measures_in_all", low=1, high=MOST)
        raise InputError("race.unfit", place="scenario", value=len(measures), allowed=some)
    costs = [each.cost(there.residents, there.horizon) / plan.years for each in measures]
    found = Field(plan, tuple(measures), np.array(costs), budget)
    if not affordable(found).any():
        least = Phrase("allowed.at_least", least=math.ceil(min(costs) * DOSES[1]))
        raise InputError("race.nothing_fits", place="--budget", value=budget, allowed=least)
    return found


def grid_of(field: Field) -> np.ndarray:
    """Return every combination of doses but none at all, shape (combinations, measures)."""
    return np.array(list(product(DOSES, repeat=len(field.measures))))[1:]


def affordable(field: Field) -> np.ndarray:
    """Return which combinations of doses lie within the budget."""
    return grid_of(field) @ field.costs <= field.budget + SLACK


def candidates(field: Field, n: int, seed: int) -> dict[str, Doses]:
    """Return the candidates by name: equal parts, plans asked about, each measure alone, and others by lot.

    Nine of ten of those by lot spend what they can: no dose could be a step larger.
    """
    grid = grid_of(field)
    grid = grid[affordable(field)]
    room = field.budget - grid @ field.costs
    step = np.where(grid < 1.0, field.costs * DOSES[1], math.inf).min(axis=1)
    full = room < step - SLACK
    rng = np.random.default_rng(seed)
    found = {EQUAL: equal_parts(field), **asked_about(field)}
    for i in range(len(field.measures)):
        alone = grid[(np.delete(grid, i, axis=1) == 0.0).all(axis=1)]
        if len(alone):
            found.setdefault(f"only {called(list(field.measures))[i]}", tuple(map(float, alone[alone[:, i].argmax()])))
    lots = [*rng.permutation(np.flatnonzero(full)), *rng.permutation(np.flatnonzero(~full))]
    most = max(0, n - len(found))
    kept = lots[: math.ceil(0.9 * most)] + lots[max(int(full.sum()), math.ceil(0.9 * most)) :]
    taken = set(found.values())
    for i in kept:
        doses = tuple(map(float, grid[i]))
        if len(found) >= n:
            break
        if doses not in taken:
            found[f"candidate {len(found) + 1}"] = doses
            taken.add(doses)
    return {name: doses for name, doses in found.items() if any(doses)}


def equal_parts(field: Field) -> Doses:
    """Return the doses where each measure gets an equal part of the budget, not above full."""
    part = field.budget / len(field.measures)
    return tuple(float(min(1.0, part / cost)) if cost > 0.0 else 1.0 for cost in field.costs)


def asked_about(field: Field) -> dict[str, Doses]:
    """Return the plans that somebody asked about, each at the share that the budget pays for."""
    found = {}
    for name, scenario in field.plan.scenarios.items():
        there = np.array([float(each in scenario.interventions) for each in field.measures])
        if there.any():
            cost = float(there @ field.costs)
            found[name] = tuple(map(float, there * min(1.0, field.budget / cost if cost else 1.0)))
    return found


def rounds(n: int) -> list[int]:
    """Return how many candidates live in each round: halves, until few are left."""
    sizes = [n]
    while sizes[-1] > SURVIVORS:
        sizes.append(max(SURVIVORS, math.ceil(sizes[-1] / 2)))
    return sizes


def race(
    plan: Plan,
    budget: float,
    folder: Path,
    *,
    n: int = CANDIDATES,
    fresh: int = FRESH_POINTS,
    seed: int = 1,
    work: RunFunction = run_job,
    run: Callable[[Study], object] | None = None,
) -> Race:
    """Race the candidates of a plan for a budget (euros a year), and return the winner, judged on fresh worlds.

    Parameters
    ----------
    n : number of candidates.
    fresh : points of the last judgement.
    run : does a study; left out, without showing anything.  Where it leaves runs undone, it has to raise.
    """
    field, do = field_of(plan, budget), run or (lambda study: study.run(quiet=True))
    left = candidates(field, n, seed)
    gains: dict[str, pd.Series] = {}
    count = len(left)
    for i, size in enumerate(rounds(count)):
        left = dict(list(ranked(field, left, gains))[:size]) if i else left
        study = round_of(field, left, folder / f"round-{i + 1}", FIRST_POINTS, plan.seed + 1 + i, work)
        do(study)
        here = gains_of(study)
        for name in left:
            own = units_of(here[name] - here[TODAY])
            gains[name] = pd.concat([each for each in (gains.get(name), own) if each is not None])
    return judgement(field, dict(ranked(field, left, gains)), gains, folder, fresh, work, do, count)


def ranked(field: Field, left: Mapping[str, Doses], gains: Mapping[str, pd.Series]) -> Iterator[tuple[str, Doses]]:
    """Give candidates, the largest mean gain first; of equals the cheapest."""
    for name in sorted(left, key=lambda each: (-float(gains[each].mean()), field.cost(left[each]))):
        yield name, left[name]


def round_of(field: Field, some: Mapping[str, Doses], folder: Path, points: int, seed: int, work: RunFunction) -> Study:
    """Return the study of a round: these candidates and today in the same worlds."""
    known = {name: getattr(field.plan, name) for name in Plan.model_fields}
    arms = {TODAY: field.scenario((0.0,) * len(field.measures)), **{name: field.scenario(doses) for name, doses in some.items()}}
    question = field.plan.question.model_copy(update={"against": TODAY, "deciding": ()})
    left: dict[str, Any] = {"until": None, "rival": {}, "cells": {}}
    changed = {"scenario": arms, "compare": question, "points": points, "seed": seed}
    return Study.of(Plan(**{**known, **left, **changed}), folder, work)


def judgement(
    field: Field,
    left: dict[str, Doses],
    gains: Mapping[str, pd.Series],
    folder: Path,
    fresh: int,
    work: RunFunction,
    do: Callable[[Study], object],
    count: int,
) -> Race:
    """Return the race, the survivors and what they have to beat lived again in worlds that chose nobody."""
    winner, chosen = next(iter(left)), dict(list(left.items())[:SURVIVORS])
    some = {**chosen, EQUAL: equal_parts(field), **asked_about(field)}
    study = round_of(field, some, folder / "fresh", fresh, field.plan.seed + 1_000, work)
    do(study)
    here = gains_of(study)
    measures = tuple(called(list(field.measures)))
    rows = []
    for name, doses in some.items():
        own = units_of(here[name] - here[TODAY])
        mean, low, high = interval(own.to_numpy())
        tail = float(own.nsmallest(max(1, math.ceil(TAIL * len(own)))).mean())
        known = {"name": name, **dict(zip(measures, doses, strict=True)), "cost": field.cost(doses)}
        on = float(gains[name].mean()) if name in gains else math.nan
        rows.append({**known, "gain": mean, "low": low, "high": high, "worst": tail, "chosen_on": on})
    front = pd.DataFrame(rows).set_index("name")
    front["on_front"] = undominated(front[["gain", "worst"]].assign(saved=-front["cost"]).to_numpy())
    lucky = float(gains[winner].mean())
    curse = interval(lucky - units_of(here[winner] - here[TODAY]).to_numpy())
    return Race(winner, measures, front, beaten(here, winner), curse, count, folder)


def beaten(here: pd.DataFrame, winner: str) -> pd.DataFrame:
    """Return what the winner does against every other plan on fresh worlds, with a verdict (Holm): a row a plan."""
    others = [name for name in here.columns if name != winner]
    found = judged([effect(name, "gain", here[winner], here[name], "higher", SLACK) for name in others], "higher")
    rows = [
        {"plan": each.scenario, **each.difference._asdict(), "p": each.p_difference, "verdict": each.verdict} for each in found
    ]
    return pd.DataFrame(rows).set_index("plan").rename(columns={"mean": "difference"})


def undominated(scores: np.ndarray) -> np.ndarray:
    """Return which rows no other row equals or exceeds in every column and exceeds in one."""
    return np.array([not ((scores >= own).all(axis=1) & (scores > own).any(axis=1)).any() for own in scores])
