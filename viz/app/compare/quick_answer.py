"""An answer at once: a few paired worlds while somebody moves a slider, then ever more of them; by turns for all sessions."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from cachetools import LRUCache

from kantelpunt.experiments.running.engines import cores
from kantelpunt.experiments.statistics import Effect, Interval, effect, judged, price
from kantelpunt.model.branching import simulate_together
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import OUTCOMES, better, is_total, per_head
from kantelpunt.model.population.build import population
from kantelpunt.model.scenario import Scenario
from kantelpunt.viz.report.wording import counted

from ..regimes import by_year
from ..work_queue import Line
from .groups import Gain, gains, tabled
from .what_if import QUICK_PEOPLE, Question

STEPS = (4, 8, 16, 32, 64)  # worlds of the first answer, and of those that sharpen it while nothing else is asked
CALM = 0.3  # seconds in which nobody moves anything, before an answer is sharpened: a full room does not wait for that
FIRST = 1  # the seed of the first world
KEPT = 150_000_000  # bytes of runs that are remembered, for all sessions together: of ten years some 600
MATTERS = 0.1  # of what happens without packages: the smallest difference that matters, unless somebody says another
ONE, HUNDREDTH = 1.0, 0.01  # and at least so much: one of what is counted, a hundredth of a level


def least(outcome: str, without: float) -> float:
    """Return the smallest difference that matters, given what happens without packages; never less than can be told apart.

    It is a choice, so it has two figures.
    """
    return float(f"{max(MATTERS * abs(without), ONE if counted(outcome) else HUNDREDTH):.2g}")


@dataclass(frozen=True)
class Quick:
    """An answer at once; numbers are for the residents of the area.

    ``courses`` are means over worlds by name (the base under ""): counts are added up.  ``prices`` are of one unit won.
    ``deviations`` are figure -> (asked, got) where the people cannot have all figures of the area at once.
    ``gains`` are what each package does for groups of residents, by name.
    ``regimes`` are how many worlds are in each regime at the end of every year, by name.
    """

    question: Question
    worlds: int
    area: str  # as people call it
    base: float
    matters: float
    effects: list[Effect]
    differences: dict[str, np.ndarray]
    courses: dict[str, np.ndarray]
    costs: dict[str, float]
    prices: dict[str, Interval | None]
    regimes: dict[str, np.ndarray]
    gains: dict[str, list[Gain]]
    deviations: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Known:
    """A scenario that is told from others by its key, which is worked out once."""

    key: str
    scenario: Scenario = field(compare=False)


class Life(NamedTuple):
    """The part of a scenario in a world that is kept: every week, and how groups of residents stand at the end."""

    history: np.ndarray
    groups: np.ndarray

    @property
    def nbytes(self) -> int:
        """Return how many bytes are kept."""
        return self.history.nbytes + self.groups.nbytes


Lived = dict[Known, Life]  # scenario -> its life in a world
REMEMBERED: LRUCache[tuple[Known, int], Life] = LRUCache(KEPT, getsizeof=attrgetter("nbytes"))
REMEMBERING = threading.Lock()


def lived(scenarios: Iterable[Known], seed: int, stale: Callable[[], bool]) -> Lived | None:
    """Return the lives of scenarios in a world, unless nobody waits for them any more.

    They are remembered, since the base is the same whatever a slider does; new ones share the weeks in which they agree.
    """
    with REMEMBERING:
        found = {each: REMEMBERED[each, seed] for each in scenarios if (each, seed) in REMEMBERED}
    new = list(dict.fromkeys(each for each in scenarios if each not in found))
    if stale():
        return None
    for number, run, _ in simulate_together([each.scenario for each in new], seed):
        found[new[number]] = Life(run.world.history.astype(np.float32), tabled(run.world, run.scenario.weeks))
        with REMEMBERING:
            REMEMBERED[new[number], seed] = found[new[number]]
        if stale():
            return None
    return found


@cache
def pool() -> ThreadPoolExecutor:
    """Return the threads that all sessions share, one a core."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="world")


@dataclass(frozen=True)
class Asked:
    """A question, and in how many worlds it is answered."""

    question: Question
    worlds: int = STEPS[0]

    @property
    def sharper(self) -> "Asked | None":
        """Return the same in more worlds, as long as there are more."""
        return next((replace(self, worlds=step) for step in STEPS if step > self.worlds), None)


def answer(asked: Asked, stale: Callable[[], bool] = lambda: False) -> Quick | None:
    """Return an answer in paired worlds; None where it is no longer wanted.  Raises InputError for a bad question."""
    question, n_worlds = asked.question, asked.worlds
    size = question.people
    people = min(size, QUICK_PEOPLE)
    grow = 1.0 if per_head(question.outcome) else size / people
    scenarios = {"": question.base(), **{each.name: question.scenario(each) for each in question.packages}}
    small = {name: known(each, people) for name, each in scenarios.items()}
    tasks = [pool().submit(lived, small.values(), seed, stale) for seed in range(FIRST, FIRST + n_worlds)]
    worlds = [world for task in tasks if (world := task.result()) is not None]
    if len(worlds) < n_worlds:
        return None
    histories = {name: [world[each].history for world in worlds] for name, each in small.items()}
    groups = {name: [world[each].groups for world in worlds] for name, each in small.items()}
    column, total = list(OUTCOMES).index(question.outcome), is_total(question.outcome)
    weekly = {name: grow * np.array([history[:, column] for history in some]) for name, some in histories.items()}
    courses = {name: values.cumsum(axis=1) if total else values for name, values in weekly.items()}
    ends = {name: values[:, -1] if total else values[:, -WEEKS_A_YEAR:].mean(axis=1) for name, values in courses.items()}
    index = pd.MultiIndex.from_product([[0], range(n_worlds)], names=["point", "world"])
    way = better(question.outcome)
    matters = least(question.outcome, float(ends[""].mean()))
    named = [each.name for each in question.packages]
    found = [
        effect(name, question.outcome, pd.Series(ends[name], index), pd.Series(ends[""], index), way, matters) for name in named
    ]
    effects = judged(found, way)
    costs = {name: scenarios[name].cost() - scenarios[""].cost() for name in named}
    return Quick(
        question=question,
        worlds=n_worlds,
        area=scenarios[""].resolved_area().name,
        base=float(ends[""].mean()),
        matters=matters,
        effects=effects,
        differences={name: ends[name] - ends[""] for name in named},
        courses={name: values.mean(axis=0) for name, values in courses.items()},
        costs=costs,
        prices={each.scenario: price(costs[each.scenario], each.difference, way) for each in effects},
        regimes={name: by_year(some) for name, some in histories.items()},
        gains={name: gains(groups[name], groups[""]) for name in named},
        deviations=population(scenarios[""].resolved_area(), people, FIRST).deviations,
    )


@cache
def line() -> Line:
    """Return the line in which all sessions stand."""
    return Line(answer, rank=lambda asked: STEPS.index(asked.worlds), better=attrgetter("sharper"), calm=CALM)


def known(scenario: Scenario, people: int) -> Known:
    """Return a scenario for this many people."""
    small = scenario if scenario.n_people == people else scenario.scaled(people)
    return Known(small.key, small)
