"""Running: many worlds on whatever runs futures, in an order in which every beginning is a study in itself.

Worlds stand outside and scenarios inside: a world is done when every scenario has lived in it, so whatever has been done
when somebody stops is balanced and paired.  The compiled run frees Python's global lock, so threads use all cores; one
worker takes one world at a time, which lets its scenarios share the people that `model.population.build` keeps for them.

Where runs go is an *engine*: anything that opens an `Executor` of `concurrent.futures`.  A worker may die (no memory, a
machine that goes away).  Runs that were at work then are suspects, and each is repeated alone; a run that takes its worker along
once more is recorded as failed, and all others go on.  Before any of that a worker has to show that it can start (`prove`):
an engine that cannot is nobody's failure.
"""

import hashlib
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.outcomes import TOTALS, Added, is_weekly
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import simulate

from .engines import Engine

AHEAD = 3  # worlds in waiting for every worker, so that what is not asked for yet takes no memory
TICK = 0.2  # seconds between two looks at Ctrl-C
ASKING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]  # ask to stop
STARTING = Phrase("allowed.starting")
DIED = "The worker that ran this died, twice: in company and alone.\n"


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


@dataclass(frozen=True)
class Done:
    """A run that came to its end.

    ``outcomes`` is what it came to, shape (outcomes,); ``series`` its thinned course, shape (rows, outcomes); ``digest`` a
    hash of every week, the same where the run is the same to the last bit.
    """

    run: str
    name: str
    point: int
    world: int
    seed: int
    digest: str
    outcomes: np.ndarray
    series: np.ndarray


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


def spread(worlds: Iterator[World], cores: int) -> Iterator[World]:
    """Yield the worlds; where their runs are fewer than the cores each run is a world of its own and gets its share of them."""
    first = list(islice(worlds, cores))
    runs = [alone for world in first for alone in world.alone()]
    if not 0 < len(runs) < cores:
        yield from chain(first, worlds)
        return
    for i, run in enumerate(runs):
        yield replace(run, threads=cores // len(runs) + (i < cores % len(runs)))


def attempt(job: Job, work: RunFunction, every: int, added: tuple[Added, ...] = ()) -> Result:
    """Return what a run came to, in the outcomes of a history and then in those from outside, or how it failed."""
    known = (job.run, job.name, job.point, job.world, job.seed)
    try:
        history = work(job)
        digest = hashlib.blake2b(np.ascontiguousarray(history).tobytes(), digest_size=16).hexdigest()
        whole = np.column_stack([history, *(each.of(history) for each in added)])
        totals = np.append(TOTALS, [is_weekly(each.outcome) for each in added]).astype(bool)
        return Done(*known, digest, summary(whole, totals), thinned(whole, every, totals))
    except Exception:
        return Failure(*known, job.scenario.to_toml(), traceback.format_exc())


def run_world(
    world: World, scenarios: Mapping[str, Scenario], work: RunFunction, every: int, added: tuple[Added, ...] = ()
) -> list[Result]:
    """Return what all runs of one world came to: the task that a worker gets."""
    return [attempt(job, work, every, added) for job in jobs(scenarios, world)]


@dataclass
class Runner:
    """Runs worlds on an engine.

    Parameters
    ----------
    scenarios : name -> scenario.
    engine : where runs go.
    receive : called in this thread with the results of one world, as they become ready.
    every : weeks between two rows of a course.
    work : what a run is; for engines beyond this process, something that can be imported there.
    added : outcomes from outside that are measured too; so with these.
    """

    scenarios: Mapping[str, Scenario]
    engine: Engine
    receive: Callable[[list[Result]], None]
    every: int = 4
    work: RunFunction = run_job
    added: tuple[Added, ...] = ()

    def run(self, worlds: Iterable[World], stop: threading.Event) -> None:
        """Run every world.  Once ``stop`` is set no world begins, and those that have begun are finished."""
        left = spread(iter(worlds), self.engine.cores)
        while suspects := self._together(left, stop):
            waiting = deque(alone for world in suspects for alone in world.alone())
            while waiting and not stop.is_set():
                with self._opened(stop) as pool:
                    while waiting and not stop.is_set() and self._alone(pool, waiting.popleft()):
                        pass

    @contextmanager
    def _opened(self, stop: threading.Event) -> Iterator[Executor]:
        """Give the executor, whose workers can start; raises InputError where none can."""
        with self.engine.open() as pool:
            prove(pool, self.engine.name, (self.scenarios, self.work, self.added), stop)
            yield pool

    def _task(self, pool: Executor, world: World) -> Future:
        return pool.submit(run_world, world, self.scenarios, self.work, self.every, self.added)

    def _together(self, worlds: Iterator[World], stop: threading.Event) -> list[World]:
        """Run worlds side by side, and return those that were at work, or in waiting, when a worker died; none at the end."""
        pending: dict[Future, World] = {}
        lost: list[World] = []
        with self._opened(stop) as pool, cancelling(pending):
            while not lost:
                while len(pending) < AHEAD * self.engine.workers and not stop.is_set() and not lost:
                    if (world := next(worlds, None)) is None:
                        break
                    try:
                        pending[self._task(pool, world)] = world
                    except BrokenExecutor:
                        lost.append(world)
                if not pending:
                    break
                for future in wait(pending, TICK, FIRST).done:
                    lost += self._taken(future, pending.pop(future))
                if stop.is_set():
                    cancel(pending)
            for future, world in pending.items():  # a worker died: what else is done counts, the rest runs again
                lost += self._taken(future, world)
        return lost

    def _taken(self, future: Future, world: World) -> list[World]:
        """Hand over what a world came to, or return it where its worker died; whatever a run raises is caught in the worker."""
        try:
            results = future.result()
        except CancelledError:
            return [world]
        except Exception:
            return [world]
        self.receive(results)
        return []

    def _alone(self, pool: Executor, world: World) -> bool:
        """Run one run with nobody else at work, and return whether the pool survives; if not, the run is what kills it."""
        try:
            results = self._task(pool, world).result()
        except Exception as error:
            (job,) = jobs(self.scenarios, world)
            told = DIED + "".join(traceback.format_exception_only(error))
            self.receive([Failure(job.run, job.name, job.point, job.world, job.seed, job.scenario.to_toml(), told)])
            return False
        self.receive(results)
        return True


def prove(pool: Executor, name: str, needed: tuple[Any, ...], stop: threading.Event) -> None:
    """Have a worker take what every run needs; raises InputError where none can, and then no run is to blame."""
    if isinstance(pool, ProcessPoolExecutor):  # a worker that cannot take what it gets dies without a word
        try:
            needed = (pickle.dumps(needed),)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InputError("worker.cannot_be_handed", value=name, allowed=STARTING, reason=error) from None
    try:
        task = pool.submit(taken, needed)
    except BrokenExecutor as error:
        raise InputError("worker.broken", value=name, allowed=Phrase("allowed.new_executor"), reason=error) from None
    while not wait([task], TICK).done:
        if stop.is_set():
            task.cancel()
            return
    if wrong := task.exception():
        raise InputError("worker.cannot_start", value=name, allowed=STARTING, reason=str(wrong).splitlines()[0]) from None


def taken(needed: tuple[Any, ...]) -> None:
    """Do nothing but unpack: whoever is asked to has started, and could take what was handed over."""
    if len(needed) == 1:
        pickle.loads(needed[0])


def cancel(pending: dict[Future, World]) -> None:
    """Take back what no worker has begun yet."""
    for future in list(pending):
        if future.cancel():
            del pending[future]


@contextmanager
def cancelling(pending: dict[Future, World]) -> Iterator[None]:
    """Where something goes wrong, have no run begin that nobody will look at."""
    try:
        yield
    except BaseException:
        cancel(pending)
        raise


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets (of the main thread only: Python hands signals to no other).

    So do SIGTERM (a batch system ends the job) and SIGHUP (the terminal goes away), unless somebody else handles or ignores them.
    The second one insists.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(*_: Any) -> None:
        stop.set()
        restore()

    def restore() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    before = {each: signal.getsignal(each) for each in ASKING}
    before = {each: handler for each, handler in before.items() if each == signal.SIGINT or handler == signal.SIG_DFL}
    for each in before:
        signal.signal(each, ask)
    try:
        yield stop
    finally:
        restore()
