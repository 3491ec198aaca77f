"""Two worlds that should be the same, and where they are not."""

from collections import Counter
from typing import NamedTuple

from kantelpunt.model import Scenario
from kantelpunt.model.shared.events import happened, lost
from kantelpunt.model.simulation import Simulation


class Event(NamedTuple):
    """What happened to whom."""

    week: int
    kind: int
    who: int
    place: int
    value: int
    whom: int = -1


def begun(scenario: Scenario, seed: int) -> Simulation:
    """Return a world at its start, which will keep a log of what happens to whom."""
    return Simulation(scenario, seed, events=True)


def log(simulation: Simulation) -> list[Event]:
    """Return all events, in order.  Raises AssertionError when the log was too short to hold them."""
    assert not lost(simulation.world), "the log is full: events were lost"
    return sorted(Event(*event) for event in happened(simulation.world).tolist())


def difference(one: Simulation, other: Simulation) -> list[Event]:
    """Return the events that happen in one of two worlds only, in order."""
    here, there = Counter(log(one)), Counter(log(other))
    return sorted(((here - there) + (there - here)).elements())
