"""The treatment that a trial gives to persons assigned by lot: by the model's own rules, and to nobody else."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.compiled import njit
from kantelpunt.model.rules.mentoring_and_plans import PLAN_FROM, PLAN_UNTIL, could_use_mentor, could_use_plan, needs
from kantelpunt.model.rules.trust import after_contact
from kantelpunt.model.shared.acquaintances import get_to_know
from kantelpunt.model.shared.persons import ADULT_FROM, MATCHING, age_of, is_free
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import GOOD
from kantelpunt.model.state.world import executable


class Act(NamedTuple):
    """Whom it is for (a flag a row), what happens at once, and what happens again every week to whom it was done."""

    eligible: Callable[[Simulation], np.ndarray]
    once: Callable[[Simulation, np.ndarray], None]
    again: Callable[[Simulation, np.ndarray], None]


def rows_of(simulation: Simulation, ids: np.ndarray) -> np.ndarray:
    """Return the rows of those who still live here."""
    people = simulation.world.people
    return np.flatnonzero(np.isin(people["id"], ids) & (people["present"] == 1))


def nothing(simulation: Simulation, ids: np.ndarray) -> None:
    """Leave them alone."""


def adults(simulation: Simulation) -> np.ndarray:
    """Return who is of 18 and over and at large."""
    people, week = simulation.world.people, simulation.week
    of_age = people["born"] <= week - ADULT_FROM * WEEKS_A_YEAR
    return (people["present"] == 1) & (people["detained_until"] <= week) & of_age


def contacted(simulation: Simulation, ids: np.ndarray) -> None:
    """Let each of them have one good contact with a professional, the first who works here."""
    who = int(np.flatnonzero(simulation.world.professionals["present"] == 1)[0])
    p = simulation._parameters
    have_contact(executable(simulation.world), rows_of(simulation, ids), who, p.trust, p.encounters.bonding, simulation.week)


@njit
def have_contact(world, rows, who, p, bonding, week):  # type: ignore[no-untyped-def]  # typed by Numba
    """Let trust, and how well they know this professional, be as they are right after a good contact."""
    for row in rows:
        person = world.people[row]
        before = person.contact
        person.contact = GOOD
        after_contact(person, p)
        person.contact = before
        get_to_know(world.acquaintances[row], world.professionals, who, bonding, week)


def mentees(simulation: Simulation) -> np.ndarray:
    """Return which youths could use a mentor and have none."""
    found = np.zeros(simulation.world.people.size, np.bool_)
    list_mentees(executable(simulation.world).people, simulation._parameters.mentoring_and_plans, simulation.week, found)
    return found


@njit
def list_mentees(people, p, week, found):  # type: ignore[no-untyped-def]  # typed by Numba
    """Mark who could use a mentor."""
    for row in range(people.size):
        person = people[row]
        found[row] = is_free(person, week) and could_use_mentor(person, age_of(person, week), p)


def mentored(simulation: Simulation, ids: np.ndarray) -> None:
    """Let each of them have a mentor, again if the last one left."""
    simulation.world.people["mentored"][rows_of(simulation, ids)] = 1


def planned_for(simulation: Simulation) -> np.ndarray:
    """Return who has a record and could use a person-centred plan."""
    world = executable(simulation.world)
    found = np.zeros(simulation.world.people.size, np.bool_)
    list_for_plans(world.people, world.households, simulation._parameters.mentoring_and_plans, simulation.week, found)
    return found & (simulation.world.people["convictions"] > 0)


@njit
def list_for_plans(people, households, p, week, found):  # type: ignore[no-untyped-def]  # typed by Numba
    """Mark who could use a plan."""
    for row in range(people.size):
        person = people[row]
        age = age_of(person, week)
        if is_free(person, week) and PLAN_FROM <= age < PLAN_UNTIL:
            found[row] = could_use_plan(person, households[person.household], age, p)


def planned(simulation: Simulation, ids: np.ndarray) -> None:
    """Let each of them have a plan in as many of three life domains as they have problems in."""
    world, rows = executable(simulation.world), rows_of(simulation, ids)
    make_plans(world.people, world.households, rows, simulation._parameters.mentoring_and_plans, simulation.week)


@njit
def make_plans(people, households, rows, p, week):  # type: ignore[no-untyped-def]  # typed by Numba
    """Begin the plans."""
    for row in rows:
        person = people[row]
        person.plan_domains = min(MATCHING, needs(person, households[person.household], age_of(person, week), p))
        person.plan_until = week + int(p.length)


ACTS = {
    "good_contact": Act(adults, contacted, nothing),
    "mentor": Act(mentees, mentored, mentored),
    "plan": Act(planned_for, planned, nothing),
}
