"""Scenarios in one world that live one life until they differ.

A week follows from the state, the parameters, the seed and the levers of that week, and from nothing else.  So scenarios
with the same people, parameters and horizon are one run for as long as their levers are the same, bit for bit, whatever
their interventions are called.  Where they part, the world is copied once for each way to go on but the last, which takes
the world itself: a tree, of which each branch is computed once.  The way of most scenarios goes last, so of n scenarios at
most log2(n) worlds wait at any time.

    for lived in simulate_together([today, presence, youth], seed=1):
        lived.run.digest    the same as that of simulate(...), to the last bit
        lived.computed      the weeks that were computed for it; an earlier run has the others
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import registry
from .interventions.systemic_working import SystemicWorking
from .population.build import copied, own_tables, weight
from .scenario import Scenario
from .simulation import Run, Simulation

MOST = 64  # scenarios that share weeks: the levers of ten years take half a megabyte for each
ROOM = 2**28  # bytes of worlds that wait; where there is no room for another, scenarios live from the start again

Group = dict[int, Simulation]  # number of a scenario -> its simulation; those of a group are in the same world


class Lived(NamedTuple):
    """A scenario's number, its run, and how many weeks were computed for it."""

    number: int
    run: Run
    computed: int


def simulate_together(scenarios: Sequence[Scenario], seed: int = 1, events: bool = False, threads: int = 1) -> Iterator[Lived]:
    """Run scenarios in one world, computing no week twice, and yield each when it is done.

    Parameters
    ----------
    scenarios : those with the same people, parameters and horizon share the weeks in which they agree.
    seed, events, threads : as `Simulation` takes them.

    Yields
    ------
    Lived : ``number`` (its place among the scenarios), ``run``, and ``computed``, the weeks that were computed for it alone.

    Raises
    ------
    InputError : as `Simulation` does.

    Notes
    -----
    Scenarios that never differ get the same world, so do not write to it.

    Examples
    --------
    >>> from kantelpunt import Scenario, simulate_together
    >>> today = Scenario(people=200, years=1)
    >>> later = today.changed(interventions=[{"kind": "raid", "from": 26}])
    >>> sorted(lived.computed for lived in simulate_together([today, later], seed=1))
    [26, 52]
    """
    alike: dict[tuple, list[int]] = defaultdict(list)
    for number, scenario in enumerate(scenarios):
        alike[beginning(scenario)].append(number)
    together = Together(seed, events, threads)
    for numbers in alike.values():
        for first in range(0, len(numbers), MOST):
            yield from together.live({number: scenarios[number] for number in numbers[first : first + MOST]})


def beginning(scenario: Scenario) -> tuple:
    """Return what scenarios have in common that begin as the same world."""
    parameters = registry.parameters(dict(scenario.parameters)).tobytes()
    return scenario.resolved_area(), scenario.n_people, scenario.weeks, parameters


@dataclass(frozen=True)
class Together:
    """Scenarios that begin as the same world; its fields are the parameters of `Simulation`."""

    seed: int
    events: bool
    threads: int

    def live(self, scenarios: dict[int, Scenario]) -> Iterator[Lived]:
        """Yield the lives of scenarios by number, from the start."""
        first, *others = scenarios
        looks = any(isinstance(each, SystemicWorking) for scenario in scenarios.values() for each in scenario.interventions)
        begun = Simulation(scenarios[first], self.seed, self.events or looks, self.threads)
        yield from self.branch({first: begun, **{number: begun.sibling(scenarios[number]) for number in others}})

    def branch(self, group: Group, waiting: int = 0) -> Iterator[Lived]:
        """Yield the lives of a group from where it is, while worlds of so many bytes wait for it."""
        computed, again = 0, []
        while (now := lead(group).week) < lead(group).scenario.weeks:
            if (last := agreed(group)) > now:
                advance(group, last)
                computed += last - now
                continue
            *others, group = sorted(ways(group), key=len)
            size = weight(own_tables(lead(group).world).values())
            for some in others:
                if waiting + size > ROOM:
                    again.append({number: each.scenario for number, each in some.items()})
                    release(some)
                else:
                    world = copied(lead(group).world)
                    for each in some.values():
                        each.world = world
                    del world
                    yield from self.branch(some, waiting + size)
        for number, each in group.items():
            yield Lived(number, Run(each.scenario, each.seed, each.world), computed)
            computed = 0
        release(group)
        for scenarios in again:
            yield from self.live(scenarios)


def lead(group: Group) -> Simulation:
    """Return one of a group, for all."""
    return next(iter(group.values()))


def agreed(group: Group) -> int:
    """Return the last week up to which a group is known to agree, those who learn having looked back if it is time."""
    for each in group.values():
        each.look_back(each.week)
    first = lead(group)
    last = min(each.decided(each.scenario.weeks) for each in group.values())
    for each in group.values():
        span = slice(first.week + 1, last + 1)
        bits, others = each.schedule[span].view(np.uint64), first.schedule[span].view(np.uint64)
        differs = np.flatnonzero((bits != others).any(axis=1))
        last = first.week + int(differs[0]) if differs.size else last
    return last


def advance(group: Group, last: int) -> None:
    """Let the weeks up to the last one pass, once for all of a group."""
    lead(group).let_pass(last)
    for each in group.values():
        each.week = last


def ways(group: Group) -> list[Group]:
    """Return the groups into which one falls apart: those of the same levers next week."""
    found: dict[bytes, Group] = defaultdict(dict)
    for number, each in group.items():
        found[each.schedule[each.week + 1].tobytes()][number] = each
    return list(found.values())


def release(group: Group) -> None:
    """Let go of a world: its memory is free as soon as nobody else holds it."""
    for each in group.values():
        del each.world
