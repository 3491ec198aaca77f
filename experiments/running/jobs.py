"""Jobs: a run of a scenario in a world, the runs that share one world, and what they came to.

Scenarios of one world share the weeks in which they agree (`model.branching`).
"""

import hashlib
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from kantelpunt.model.branching import simulate_together
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import TOTALS, Added, is_weekly
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import simulate


@dataclass(frozen=True)
class Job:
    """One run: a scenario in a world.  ``run`` is its id, ``threads`` how many cores it may use."""

    run: str
    name: str
    scenario: Scenario
    point: int
    world: int
    seed: int
    threads: int = 1


@dataclass(frozen=True)
class World:
    """One world of a point, with the runs in it that are to be done: (id, name of the scenario), and the cores for each."""

    point: int
    world: int
    seed: int
    runs: tuple[tuple[str, str], ...]
    parameters: Mapping[str, float]
    threads: int = 1

    def alone(self) -> "list[World]":
        """Return every run as a world of its own."""
        return [replace(self, runs=(run,)) for run in self.runs]


class Weeks(NamedTuple):
    """How many weeks runs tell, and how many of these were computed: the others they share with another run."""

    told: int = 0
    computed: int = 0


def added_up(some: Iterable[Weeks]) -> Weeks:
    """Return the weeks of several runs together."""
    return Weeks(*np.sum([Weeks(), *some], axis=0).tolist())


@dataclass(frozen=True)
class Done:
    """A finished run.

    ``outcomes`` is what it came to, shape (outcomes,); ``series`` its thinned course, shape (rows, outcomes); ``digest`` a
    hash of every week, the same where the run is the same to the last bit; ``weeks`` what it tells and what it took.
    """

    run: str
    name: str
    point: int
    world: int
    seed: int
    digest: str
    outcomes: np.ndarray
    series: np.ndarray
    weeks: Weeks


@dataclass(frozen=True)
class Failure:
    """A run that did not, with its scenario as TOML and what Python said about it."""

    run: str
    name: str
    point: int
    world: int
    seed: int
    inputs: str
    traceback: str


Result = Done | Failure
RunFunction = Callable[[Job], np.ndarray]


def run_job(job: Job) -> np.ndarray:
    """Return the history of the model in this world, the outcomes of week 0 (the start) to the last."""
    return simulate(job.scenario, job.seed, threads=job.threads).world.history


def jobs(scenarios: Mapping[str, Scenario], world: World) -> list[Job]:
    """Return the runs of one world; a parameter that a scenario sets itself stands above that of the point."""
    found = []
    for run, name in world.runs:
        scenario = scenarios[name]
        there = scenario.changed(parameters={**world.parameters, **scenario.parameters})
        found.append(Job(run, name, there, world.point, world.world, world.seed, world.threads))
    return found


def summary(history: np.ndarray, totals: np.ndarray = TOTALS) -> np.ndarray:
    """Return what a run came to: totals over all weeks for counts, means over the last year for levels.

    The history has one row a week (row 0 is the start, where nothing has been counted) and one column an outcome.
    """
    return np.where(totals, history[1:].sum(axis=0), history[-WEEKS_A_YEAR:].mean(axis=0))


def weeks_kept(n: int, every: int) -> np.ndarray:
    """Return the weeks of a course of n weeks that are kept: every so many, the first and the last."""
    return np.unique(np.append(np.arange(0, n, every), n - 1)) if every else np.empty(0, int)


def thinned(history: np.ndarray, every: int, totals: np.ndarray = TOTALS) -> np.ndarray:
    """Return a row for every so many weeks, row 0 the start: counts since the row before, levels of that week."""
    if not every:
        return np.empty((0, history.shape[1]), np.float32)
    weeks = weeks_kept(len(history), every)
    counted = np.add.accumulate(history, axis=0)[weeks]
    counted[1:] -= counted[:-1].copy()
    return np.where(totals, counted, history[weeks]).astype(np.float32)


def attempt(
    job: Job, live: Callable[[], np.ndarray], every: int, added: tuple[Added, ...] = (), computed: int | None = None
) -> Result:
    """Return what a run came to, in the outcomes of a history and then in those from outside, or how it failed.

    ``live`` returns the history; ``computed`` are the weeks that were computed for it, left out all of them.
    """
    known = (job.run, job.name, job.point, job.world, job.seed)
    try:
        history = live()
        digest = hashlib.blake2b(np.ascontiguousarray(history).tobytes(), digest_size=16).hexdigest()
        whole = np.column_stack([history, *(each.of(history) for each in added)])
        totals = np.append(TOTALS, [is_weekly(each.outcome) for each in added]).astype(bool)
        weeks = Weeks(len(history) - 1, len(history) - 1 if computed is None else computed)
        return Done(*known, digest, summary(whole, totals), thinned(whole, every, totals), weeks)
    except Exception:
        return Failure(*known, job.scenario.to_toml(), traceback.format_exc())


def run_world(
    world: World, scenarios: Mapping[str, Scenario], work: RunFunction, every: int, added: tuple[Added, ...] = ()
) -> list[Result]:
    """Return what all runs of one world came to: the task that a worker gets.  Runs of the model share weeks."""
    ready = jobs(scenarios, world)
    found = shared(ready, every, added) if work is run_job else {}
    return [found[i] if i in found else attempt(job, partial(work, job), every, added) for i, job in enumerate(ready)]


def shared(ready: list[Job], every: int, added: tuple[Added, ...]) -> dict[int, Result]:
    """Return what runs of one world came to, by number, which share the weeks in which they agree.

    Where something goes wrong those that are left have no result: each is run alone, and fails by itself.
    """
    found: dict[int, Result] = {}
    with suppress(Exception):
        for i, run, computed in simulate_together([job.scenario for job in ready], ready[0].seed, threads=ready[0].threads):
            found[i] = attempt(ready[i], partial(getattr, run.world, "history"), every, added, computed)
    return found
