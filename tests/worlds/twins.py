"""Two worlds that should be the same, and where they are not."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from model import Scenario
from model.simulation import Simulation
from model.state import FAMILY, NOBODY
from model.world import World


class Event(NamedTuple):
    """What happened to whom."""

    week: int
    kind: int
    who: int
    place: int
    value: int


def begun(scenario: Scenario, seed: int) -> Simulation:
    """Return a world at its start, which will keep a log of what happens to whom."""
    return Simulation(scenario, seed, events=True)


def log(simulation: Simulation) -> list[Event]:
    """Return all events, in order.  Raises AssertionError when the log was too short to hold them."""
    events = simulation.world.events
    n = int(events["who"][0])
    assert n < events.size, "the log is full: events were lost"
    return sorted(Event(*event) for event in events[1 : n + 1].tolist())


def difference(one: Simulation, other: Simulation) -> list[Event]:
    """Return the events that happen in one of two worlds only, in order."""
    here, there = Counter(log(one)), Counter(log(other))
    return sorted(((here - there) + (there - here)).elements())


def shuffle(world: World, seed: int) -> None:
    """Give all people and cases other rows, free rows included, and let everything that points at them follow."""
    chance = np.random.default_rng(seed)
    people, cases = chance.permutation(world.people.size), chance.permutation(world.cases.size)
    follow(world.friends["row"], people)
    about = np.where(world.cases["kind"] == FAMILY, NOBODY, world.cases["about"])  # households stay where they are
    follow(about, people)
    np.copyto(world.cases["about"], about, where=world.cases["kind"] != FAMILY)
    follow(world.cases["reporter"], people)
    follow(world.people["case"], cases)
    follow(world.households["case"], cases)
    n_people, n_cases = int(world.register["people_free"][0]), int(world.register["cases_free"][0])
    world.people_free[:n_people] = chance.permutation(people[world.people_free[:n_people]])
    world.cases_free[:n_cases] = chance.permutation(cases[world.cases_free[:n_cases]])
    for array, rows in ((world.people, people), (world.friends, people), (world.cases, cases)):
        array[rows] = array.copy()


def follow(pointers: np.ndarray, rows: np.ndarray) -> None:
    """Let pointers at rows point at where these rows go: row i to rows[i]."""
    pointers[pointers != NOBODY] = rows[pointers[pointers != NOBODY]]
