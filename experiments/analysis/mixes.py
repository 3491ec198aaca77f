"""The mixes that race for a budget: measures with their doses, moments and places, of which each candidate takes some."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import Intervention

from ..design.plan import Plan
from .parts import MOST, called
from .ways import AS_PLANNED, Ways

DOSES = (0.0, 0.25, 0.5, 0.75, 1.0)
EQUAL = "equal parts"
MOST_MIXES = 600_000  # combinations of doses, moments and places
SLACK = 1e-9

Doses = tuple[float, ...]


@dataclass(frozen=True)
class Field:
    """The subject of a race: the plan, its measures with the yearly cost of a full dose, the budget.

    ``versions`` is how many of the measures, one after another, are one and the same at another moment or place: a candidate
    has at most one of them.
    """

    plan: Plan
    measures: tuple[Intervention, ...]
    costs: np.ndarray
    budget: float
    versions: tuple[int, ...]

    @property
    def firsts(self) -> list[int]:
        """Return the first version of each measure, which is the one that the plan has unless others are asked for."""
        return [sum(self.versions[:i]) for i in range(len(self.versions))]

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


def field_of(plan: Plan, budget: float, ways: Ways = AS_PLANNED) -> Field:
    """Return what a race is about: the measures of all scenarios of a plan; raises InputError where they cannot race."""
    if not 0.0 < budget < math.inf:
        raise InputError("value.out_of_range", place="--budget", value=budget, allowed=Phrase("allowed.euros_a_year"))
    if len(plan.blocks) > 1:
        raise InputError("race.several_areas", place="factors", value=", ".join(plan.blocks), allowed=Phrase("allowed.one_area"))
    there = plan.scenarios[plan.first]
    own: list[Intervention] = []
    for scenario in plan.scenarios.values():
        own += [each for each in scenario.interventions if each not in there.interventions and each not in own]
    if not 1 <= len(own) <= MOST:
        some = Phrase("allowed.measures_in_all", low=1, high=MOST)
        raise InputError("race.unfit", place="scenario", value=len(own), allowed=some)
    versions = [ways.of(each, there.horizon) for each in own]
    if (n := math.prod(1 + (len(DOSES) - 1) * len(some) for some in versions)) > MOST_MIXES:
        raise InputError(
            "race.too_many", place="--begin, --years, --where", value=n, allowed=Phrase("allowed.mixes", most=MOST_MIXES)
        )
    measures = tuple(each for some in versions for each in some)
    costs = [each.cost(there.residents, there.horizon) / plan.years for each in measures]
    found = Field(plan, measures, np.array(costs), budget, tuple(map(len, versions)))
    if not affordable(found).any():
        least = Phrase("allowed.at_least", least=math.ceil(min(costs) * DOSES[1]))
        raise InputError("race.nothing_fits", place="--budget", value=budget, allowed=least)
    return found


def grid_of(field: Field) -> np.ndarray:
    """Return every combination of doses but none at all, shape (combinations, measures)."""
    found = np.zeros((1, 0))
    for n in field.versions:  # none of it, or one dose of one version
        some = np.vstack([np.zeros(n), *(dose * each for each in np.eye(n) for dose in DOSES[1:])])
        found = np.hstack([np.repeat(found, len(some), axis=0), np.tile(some, (len(found), 1))])
    return found[1:]


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
    step = np.where(open_to(field, grid), field.costs * DOSES[1], math.inf).min(axis=1)
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


def open_to(field: Field, grid: np.ndarray) -> np.ndarray:
    """Return of which measures each combination could have a step more: not full, and no other version of it there."""
    starts = field.firsts
    taken = np.repeat(np.add.reduceat(grid, starts, axis=1), field.versions, axis=1)
    return (grid < 1.0) & (taken == grid)


def equal_parts(field: Field) -> Doses:
    """Return the doses where each measure gets an equal part of the budget, not above full."""
    part, doses = field.budget / len(field.versions), np.zeros(len(field.measures))
    for i in field.firsts:
        doses[i] = min(1.0, part / field.costs[i]) if field.costs[i] > 0.0 else 1.0
    return tuple(map(float, doses))


def asked_about(field: Field) -> dict[str, Doses]:
    """Return the plans that somebody asked about, each at the share that the budget pays for."""
    found = {}
    for name, scenario in field.plan.scenarios.items():
        there = np.array([float(each in scenario.interventions) for each in field.measures])
        if there.any():
            cost = float(there @ field.costs)
            found[name] = tuple(map(float, there * min(1.0, field.budget / cost if cost else 1.0)))
    return found
