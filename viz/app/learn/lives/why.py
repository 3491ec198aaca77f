"""Why: the odds of somebody's next step towards crime as the rule has them, and which of their circumstances make them so.

Each factor is the rule itself asked twice: as somebody is, and with one circumstance as it is for most.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kantelpunt.model import registry
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.rules.recruitment import DEEPER_LATER, has_adult, hazard, readiness, returning, tying
from kantelpunt.model.shared.acquaintances import familiarity
from kantelpunt.model.shared.persons import age_of, is_free
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NONE, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable_parameters

from ..paired_worlds import ObservedWorld, household_of

STEPS = {NONE: "edge", EXPOSED: "offer", FAVOURS: "runner", RUNNER: "tied"}  # the next step by stage
USUAL: dict[str, dict[str, float]] = {  # circumstance -> the fields of a person, as they are for most
    "debt": {"debt": 0.0},
    "record": {"convictions": 0},
    "bond": {"school_bond": 1.0, "work_bond": 1.0},
    "prospects": {"prospects": 0.5},
    "pull": {"pull": 0.5},
    "temper": {"propensity": 1.0},
}
TELLING, SHOWN = 1.1, 4  # how far from one a factor is told, and how many are


class Factor(NamedTuple):
    """How many times as large the odds are by one circumstance."""

    name: str
    times: float


class Odds(NamedTuple):
    """The odds of the next step: in a year, or of an offer that it is accepted; and what makes them so, the strongest first."""

    step: str
    chance: float
    factors: tuple[Factor, ...]


def odds(world: ObservedWorld, identity: int) -> Odds | None:
    """Return the odds of somebody's next step in one world, at its week; None where they are gone or have no step left."""
    state, week, row = world.simulation.world, world.simulation.week, world.row_of(identity)
    if row is None or state.people["stage"][row] == TIED_IN or not is_free(state.people[row], week):
        return None
    p = executable_parameters(registry.parameters(dict(world.scenario.parameters))).recruitment
    person, place = copied(state.people[row]), copied(state.places[state.people["place"][row]])
    step = STEPS[int(person["stage"])]
    if step == "tied":
        ask = Asked(person, lambda one: float(tying(one, state.crews, p)))
        return Odds(step, in_a_year(ask.now), told([ask.factor("debt")]))
    household = copied(household_of(state, row))
    known = familiarity(state.acquaintances[row], state.professionals, week)
    adult, age = bool(has_adult(person, known, p)), float(age_of(person, week))

    def chance(one: Any, home: Any = household, there: Any = place, stands_by: bool = adult, years: float = age) -> float:
        ready = readiness(one, home, there, stands_by, years, p)
        if step == "offer":
            return float(min(p["base"] * ready * returning(one, p, week), 1.0))
        return float(hazard(one, ready, p, week))

    ask = Asked(person, chance)
    later = DEEPER_LATER if step == "runner" else 0.0
    factors = [ask.factor(name) for name in USUAL]
    factors += [
        Factor("age", ask.against(chance(person, years=p["age_centre"] + later))),
        Factor("adult", ask.against(chance(person, stands_by=False))),
        Factor("home", ask.against(chance(person, home=changed(household, trauma=0.0)))),
        Factor("place", ask.against(chance(person, there=changed(place, criminal_opportunity=place["concealment"])))),
    ]
    return Odds(step, ask.now if step == "offer" else in_a_year(ask.now), told(factors))


class Asked:
    """A rule asked about somebody as they are, and with a circumstance as it is for most."""

    def __init__(self, person: Any, chance: Callable[[Any], float]) -> None:
        """Ask about them as they are."""
        self.person, self.chance, self.now = person, chance, chance(person)

    def against(self, usual: float) -> float:
        """Return how many times as large the odds are as they would be."""
        return self.now / usual if self.now > 0.0 and usual > 0.0 else 1.0

    def factor(self, name: str) -> Factor:
        """Return what a circumstance does."""
        return Factor(name, self.against(self.chance(changed(self.person, **USUAL[name]))))


def told(factors: list[Factor]) -> tuple[Factor, ...]:
    """Return the factors that are worth telling, the strongest first."""
    some = sorted(factors, key=lambda each: -abs(np.log(each.times)))
    return tuple(each for each in some if max(each.times, 1.0 / each.times) >= TELLING)[:SHOWN]


def copied(record: Any) -> Any:
    """Return a record that nobody else has."""
    return np.array([record], record.dtype)[0]


def changed(record: Any, **fields: Any) -> Any:
    """Return a record with other values of some fields."""
    made = np.array([record], record.dtype)
    for name, value in fields.items():
        made[name] = value
    return made[0]


def in_a_year(weekly: float) -> float:
    """Return the chance that something of a weekly hazard happens within a year, if all stays as it is."""
    return 1.0 - (1.0 - min(weekly, 1.0)) ** WEEKS_A_YEAR
