"""Reach: every factor touches some of those whom it is meant for, and not all of them.

A factor touches somebody when the answer of its rule for that person changes with its parameter.  Everybody of ten years in
neighbourhoods that stay stuck is asked, and, about help, patrols and raids, in the same ones where there are some.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from kantelpunt.model import Scenario, registry
from kantelpunt.model.rules.recruitment import has_adult
from kantelpunt.model.shared.acquaintances import familiarity
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import BAD, EXPOSED, FAVOURS, GOOD, KNOWN, NOBODY, NONE, RUNNER
from kantelpunt.model.state.world import executable, executable_parameters

RULES, QUANTITIES = registry.rules(), registry.quantities()
EVERY = 52  # weeks from one round of questions to the next
SEEDS = (1, 2, 3)  # worlds that are asked: debts among youths near a crew are rare in any one of them
HELP = [
    {"kind": "visible_presence"},
    {"kind": "mentoring"},
    {"kind": "person_centred", "domains": 5, "places": 30, "where": ["north-west", "north-east"]},
    {"kind": "person_centred", "domains": 2, "places": 30, "where": ["south-west", "south-east"]},
    {"kind": "aftercare", "intensity": 0.5},
    {"kind": "raid", "from": 40, "every": 52},
    {"kind": "hot_spot_enforcement"},
]


class Someone(NamedTuple):
    """A person with what the rules ask about besides: household, home, place of the week, age."""

    person: Any
    household: Any
    home: Any
    place: Any
    here: Any
    known: float
    age: float
    week: int


Asked = Callable[[Someone], bool]


def young(who: Someone) -> bool:
    """Return whether this is a youth."""
    return 8 <= who.age < 24


def minor(who: Someone) -> bool:
    """Return whether this is a youth about whom there may be a signal."""
    return 8 <= who.age < 18


def adult(who: Someone) -> bool:
    """Return whether this is an adult."""
    return who.age >= 18


def recruitable(who: Someone) -> bool:
    """Return whether a crew could draw this person further in."""
    return 8 <= who.age < 40 and who.person.exposure > 0 and who.person.stage <= FAVOURS


def touched_by_crews(who: Someone) -> bool:
    """Return whether this person is exposed or involved."""
    return who.person.stage > NONE


def young_member(who: Someone) -> bool:
    """Return whether this is a minor who works for a crew."""
    return who.age < 18 and who.person.stage >= FAVOURS


def involved(who: Someone) -> bool:
    """Return whether this person works for a crew."""
    return who.person.stage >= FAVOURS


FUNCTIONS: dict[tuple[str, str], Callable[[Callable, Someone, Any], Any]] = {  # how each is called, for somebody
    ("recruitment", "relative_risk"): lambda f, who, p: f(
        who.person, who.household, has_adult(who.person, who.known, p), who.age, p
    ),
    ("recruitment", "age_window"): lambda f, who, p: f(who.age, p),
    ("recruitment", "binds"): lambda f, who, p: f(who.person, who.age),
    ("desistance", "hazard"): lambda f, who, p: f(who.person, who.age, p),
    ("offending", "rate"): lambda f, who, p: f(who.person, who.age, p),
    ("offending", "mischief"): lambda f, who, p: f(who.person, who.age, p),
    ("offending", "ordinary_crime"): lambda f, who, p: f(who.person, who.age, p),
    ("offending", "p_done"): lambda f, who, p: f(who.place) < 0.7,
    ("prospects", "legal_target"): lambda f, who, p: f(who.person, who.home.legal_opportunity, p),
    ("norms", "home_target"): lambda f, who, p: f(
        0, who.household.involved, who.household.involved_kin, who.household.network, p
    ),
    ("demography", "moving"): lambda f, who, p: f(who.age, who.household.owner, who.household.unsettled, p),
    ("encounters", "is_exploited"): lambda f, who, p: f(who.person, p, who.week),
    ("routines", "p_outside"): lambda f, who, p: f(who.person, who.home.fear, who.age, 1.0, p),
    ("mentoring_and_plans", "could_use_mentor"): lambda f, who, p: f(who.person, who.age, p),
    ("mentoring_and_plans", "could_use_plan"): lambda f, who, p: f(who.person, who.household, who.age, p),
    ("mentoring_and_plans", "needs"): lambda f, who, p: f(who.person, who.household, who.age, p),
    ("reporting", "attention"): lambda f, who, p: f(who.person, 0.35, 0.5, p),
}
FACTORS: list[tuple[str, str, str, Asked]] = [  # rule, function, parameter, who is meant
    *(("recruitment", "relative_risk", name, recruitable) for name in (
        "female", "rel_idle", "rel_record", "rel_bond")),
    ("recruitment", "age_window", "late", recruitable),
    *(("desistance", "hazard", name, touched_by_crews) for name in (
        "drifting", "base", "runner", "tied", "ageing", "work")),
    *(("offending", "rate", name, touched_by_crews) for name in ("exposed", "favours", "burnout")),
    *(("offending", "mischief", name, young) for name in ("mischief", "female")),
    *(("offending", "ordinary_crime", name, young) for name in ("youth", "crime", "female")),
    ("offending", "ordinary_crime", "burnout", adult),
    *(("routines", "p_outside", name, young) for name in ("less_kept", "displaced")),
    ("encounters", "is_exploited", "hardship", young_member),
    *(("prospects", "legal_target", name, young) for name in ("record", "support")),
    ("norms", "home_target", "home_family", young),
    ("demography", "moving", "rel_owner", adult),
    ("mentoring_and_plans", "could_use_mentor", "exposed", young),
    *(("mentoring_and_plans", "needs", name, touched_by_crews) for name in ("hardship", "exposed")),
    *(("reporting", "attention", name, minor) for name in ("exposed", "shield", "confusion", "discern")),
]  # fmt: skip
FACTORS_OF_HELP: list[tuple[str, str, str, Asked]] = [
    *(("recruitment", "relative_risk", name, recruitable) for name in ("rel_adult", "trusted")),
    ("desistance", "hazard", "plan", involved),
]
QUESTIONS: list[tuple[str, str, Asked]] = [
    ("recruitment", "binds", recruitable), ("mentoring_and_plans", "could_use_mentor", young),
    ("mentoring_and_plans", "could_use_plan", young),
    ("offending", "p_done", touched_by_crews), ("encounters", "is_exploited", young_member),
]  # fmt: skip
QUESTIONS_OF_HELP: list[tuple[str, str, Asked]] = []
FIELDS: dict[str, tuple[Asked, Callable[[Someone], bool]]] = {
    "more susceptible than most": (young, lambda who: who.person.propensity > 1.5),
    "hardly bound by neighbours": (adult, lambda who: who.person.conformity < 0.7),
    "in a family about which there is a case": (adult, lambda who: who.household.case != NOBODY),
    "in a closed family": (adult, lambda who: who.household.closed > 0.5),
    "outside this week": (young, lambda who: who.person.in_public == 1),
    "in an activity": (young, lambda who: who.person.active == 1),
    "exposed to somebody": (young, lambda who: who.person.exposure > 0),
    "detained": (involved, lambda who: who.person.detained_until > who.week),
    "has a record": (involved, lambda who: who.person.convictions > 0),
    "waits for an answer": (adult, lambda who: who.person.case != NOBODY),
    "holds the friend-enemy norm": (adult, lambda who: who.person.norm_enemy > 0.5),
    "has work": (lambda who: 18 <= who.age < 65, lambda who: who.person.work_bond > 0.0),
    "could be a runner": (involved, lambda who: who.person.stage == RUNNER),
}
FIELDS_OF_HELP: dict[str, tuple[Asked, Callable[[Someone], bool]]] = {
    "had a good contact": (lambda who: who.person.in_public == 1, lambda who: who.person.contact == GOOD),
    "had a bad contact": (lambda who: who.person.in_public == 1, lambda who: who.person.contact == BAD),
    "has a mentor": (lambda who: 12 <= who.age < 24 and who.person.stage >= EXPOSED, lambda who: who.person.mentored == 1),
    "seen as a victim": (young_member, lambda who: who.person.victim == KNOWN),
    "has a plan": (touched_by_crews, lambda who: who.person.plan_domains > 0),
    "in shock after a raid": (involved, lambda who: who.household.trauma > 0),
    "helped after a raid": (lambda who: who.household.trauma > 0, lambda who: who.household.aftercare > 0),
}


def everybody(simulation: Simulation) -> Iterator[Someone]:
    """Yield everybody who lives there now."""
    world = executable(simulation.world)._replace(
        **{name: getattr(simulation.world, name).view(np.recarray) for name in ("people", "households", "places", "cell_week")}
    )
    for row in np.flatnonzero(world.people["present"] == 1):
        person = world.people[row]
        household, home, place = world.households[person.household], world.places[person.home], world.places[person.place]
        age = (simulation.week - person.born) / 52.0
        known = familiarity(world.acquaintances[row], world.professionals, simulation.week)
        yield Someone(person, household, home, place, world.cell_week[person.place], known, age, simulation.week)


def parameters_with(name: str) -> Any:
    """Return the parameters of all rules, one of them at the end of its range that is furthest off."""
    name = registry.borrowed().get(name, name)
    quantity = QUANTITIES[name]
    other = max(quantity.low, quantity.high, key=lambda end: abs(end - quantity.default))
    return executable_parameters(registry.parameters({name: other}))


def shares(scenario, factors, questions, fields) -> dict[str, float]:
    """Return what is asked -> share of those meant, over all rounds of questions in all worlds, to whom it applies."""
    usual = executable_parameters(registry.parameters())
    asked: list[tuple[str, Asked, Callable[[Someone], bool]]] = []
    for rule, function, name, meant in factors:
        other, f = getattr(parameters_with(f"{rule}.{name}"), rule), getattr(RULES[rule], function)
        call, own = FUNCTIONS[rule, function], getattr(usual, rule)
        asked.append((f"{rule}.{name}", meant, lambda who, f=f, c=call, p=own, q=other: c(f, who, p) != c(f, who, q)))
    for rule, function, meant in questions:
        f, call, own = getattr(RULES[rule], function), FUNCTIONS[rule, function], getattr(usual, rule)
        asked.append((f"{rule}.{function}", meant, lambda who, f=f, c=call, p=own: bool(c(f, who, p))))
    asked += [(name, meant, applies) for name, (meant, applies) in fields.items()]
    counted = {name: [0, 0] for name, _, _ in asked}
    for seed in SEEDS:
        simulation = Simulation(scenario, seed)
        while simulation.week < scenario.weeks:
            simulation.advance(EVERY)
            for who in everybody(simulation):
                for name, meant, applies in asked:
                    if meant(who):
                        counted[name][0] += applies(who)
                        counted[name][1] += 1
    return {name: touched / max(of, 1) for name, (touched, of) in counted.items()}


@pytest.fixture(scope="module")
def reached(stuck) -> dict[str, float]:
    """Return the shares in the neighbourhood that stays stuck, and about help where it is given."""
    helped: Scenario = stuck.scenario.changed(people=6_000, interventions=HELP)
    return shares(stuck.scenario, FACTORS, QUESTIONS, FIELDS) | shares(helped, FACTORS_OF_HELP, QUESTIONS_OF_HELP, FIELDS_OF_HELP)


NAMES = [
    *(f"{rule}.{name}" for rule, _, name, _ in (*FACTORS, *FACTORS_OF_HELP)),
    *(f"{rule}.{function}" for rule, function, _ in (*QUESTIONS, *QUESTIONS_OF_HELP)), *FIELDS, *FIELDS_OF_HELP,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_touches_some_and_not_all(name, reached):
    assert 0.0 < reached[name] < 1.0, f"{name} touches {reached[name]:.0%} of those whom it is meant for"
