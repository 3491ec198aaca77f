"""Reach: whom a factor touches, and whether a parameter does anything.

A factor that was meant for some and applies to nobody, or to everybody, is a mistake that no outcome shows.  So each
factor in how ready people are to slide and in the hazard of leaving is moved within its range, in a world with every
intervention on, and those are counted for whom it changes.  And each parameter of each rule is moved, to see whether it matters.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kantelpunt.model import Scenario, registry
from kantelpunt.model.compiled import njit
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.quantity import Quantity
from kantelpunt.model.rules import desistance, recruitment
from kantelpunt.model.shared.acquaintances import familiarity
from kantelpunt.model.shared.persons import age_of, is_free
from kantelpunt.model.simulation import Simulation, digest
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, RUNNER
from kantelpunt.model.state.world import executable, executable_parameters

from .measure import Shown, pattern
from .worlds import BEGUN, FOCUS, MANY, SEASON, YEAR, Numbers, twin

SLIDING = ("female", "late", "rel_idle", "rel_record", "rel_bond", "rel_adult")
LEAVING = ("runner", "tied", "work", "plan")
FACTORS = (*(f"recruitment.{name}" for name in SLIDING), *(f"desistance.{name}" for name in LEAVING))

AT_THE_START = ("demography.rooted",)
RARE = {  # parameters that may do nothing in one world, and why
    "demography.infancy": "touches a newborn in a thousand",
}

readiness, has_adult, leaving = recruitment.readiness, recruitment.has_adult, desistance.hazard


@njit
def hazards(world, p, week, out):
    """Fill how ready to slide those are who may be drawn on or asked (column 0), and the hazard of leaving a crew (column 1)."""
    for i in range(world.people.size):
        person = world.people[i]
        if not is_free(person, week):
            continue
        age = age_of(person, week)
        if person.stage == EXPOSED or (person.stage < RUNNER and person.exposure > 0.0):
            household, place = world.households[person.household], world.places[person.place]
            adult = has_adult(person, familiarity(world.acquaintances[i], world.professionals, week), p.recruitment)
            out[i, 0] = readiness(person, household, place, adult, age, p.recruitment)
        if person.stage >= FAVOURS:
            out[i, 1] = leaving(person, age, p.desistance)


def busy(years: int) -> Scenario:
    """Return a focus area where every intervention runs at half intensity from the second year on, with a raid now and then."""
    special: dict[str, list[dict[str, Any]]] = {
        "raid": [{"every": 10, "intensity": 1.0}],
        "person_centred": [
            {"where": ["north-west"], "domains": 2, "intensity": 1.0},
            {"where": ["north-east", "south-west", "south-east"], "intensity": 1.0},
        ],
    }
    on = [{"kind": kind, "from": YEAR, "intensity": 0.5, **more} for kind in catalogue() for more in special.get(kind, [{}])]
    return Scenario(area=FOCUS, people=MANY, years=years, interventions=on)


def parameters(name: str = "") -> Any:
    """Return the parameters as rules take them, one of them moved to another end of its range."""
    return executable_parameters(registry.parameters({name: moved(registry.quantities()[name])} if name else {}))


def moved(quantity: Quantity) -> float:
    """Return the end of a range that lies furthest from the default."""
    low, high, default = quantity.low, quantity.high, quantity.default
    return high if high - default >= default - low else low


def touched(seed: int) -> Numbers:
    """Return for each factor how many are touched by it, and of how many who could slide or leave: two numbers a factor."""
    simulation = Simulation(busy(3), seed)
    simulation.advance(3 * YEAR)

    def found(name: str = "") -> np.ndarray:
        out = np.zeros((simulation.world.people.size, 2))
        hazards(executable(simulation.world), parameters(name), simulation.week, out)
        return out

    usual = found()
    numbers = {}
    for factor in FACTORS:
        column = 0 if factor.startswith("recruitment") else 1
        could = usual[:, column] > 0
        numbers[factor] = [int((found(factor)[could, column] != usual[could, column]).sum()), int(could.sum())]
    return numbers


def idle(seed: int) -> Numbers:
    """Return for each parameter whether moving it changes nothing: in the start, or else in five years with everything on."""
    start = Simulation(busy(7), seed)
    start.advance(BEGUN)
    usual = list(digests(start))
    return {name: does_nothing(name, start, usual) for name in registry.quantities() if name not in RARE}


def digests(start: Simulation, name: str = "") -> Iterator[str]:
    """Yield digests of a world that goes on from here, one parameter moved: after a week, a season, a year, five years."""
    other = twin(start)
    other._parameters = parameters(name)
    for weeks in (1, SEASON - 1, YEAR - SEASON, 4 * YEAR):
        other.advance(weeks)
        yield digest(other.world)


def does_nothing(name: str, start: Simulation, usual: list[str]) -> bool:
    """Return whether a world is the same to the last bit when this parameter is moved."""
    if name.startswith("initialisation.") or name in AT_THE_START:
        scenario = Scenario(area=FOCUS, people=2_000, years=1)
        changed = scenario.changed(parameters={name: moved(registry.quantities()[name])})
        return digest(Simulation(scenario, start.seed).world) == digest(Simulation(changed, start.seed).world)
    return all(mine == theirs for mine, theirs in zip(digests(start, name), usual, strict=False))


def reach_table(shown: Shown) -> pd.DataFrame:
    """Return for each factor the % of those who could slide further, or leave, that it touches (all worlds together)."""
    counts = np.array([shown[factor].sum(axis=0) for factor in shown])
    percent = (100 * counts[:, 0] / counts[:, 1]).round(3)
    return pd.DataFrame({"factor": list(shown), "touched": counts[:, 0], "of": counts[:, 1], "percent": percent})


@pattern("K1", "factors of sliding and leaving that touch nobody or everybody", "factors", touched, "0", 0, 0)
def out_of_reach(shown: Shown) -> float:
    share = reach_table(shown)["percent"]
    return float(((share <= 0) | (share >= 100)).sum())


@pattern(
    "K2",
    "parameters that change nothing in five years with every intervention on",
    "parameters",
    idle,
    "0",
    0,
    0,
    most=4,
    again=2,
)
def idle_parameters(shown: Shown) -> float:
    return float(sum(values.all() for values in shown.values()))
