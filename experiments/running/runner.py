"""Running: many worlds on whatever runs futures, in an order in which every beginning is a study in itself.

Worlds stand outside and scenarios inside: a world is done when every scenario has lived in it, so whatever has been done
when somebody stops is balanced and paired.  The compiled run frees Python's global lock, so threads use all cores; one
worker takes one world at a time, which lets its scenarios share the weeks in which they agree (`model.branching`).

Where runs go is an *engine*: anything that opens an `Executor` of `concurrent.futures`.  A worker may die (no memory, a
machine that goes away).  Runs that were at work then are suspects, and each is repeated alone; a run that takes its worker along
once more is recorded as failed, and all others go on.  Before any of that a worker has to show that it can start (`prove`):
an engine that cannot is nobody's failure.
"""

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

from kantelpunt.model.errors import InputError, Phrase, reason_of
from kantelpunt.model.outcomes import Added
from kantelpunt.model.scenario import Scenario

from .engines import Engine
from .jobs import Failure, Result, RunFunction, World, jobs, run_job, run_world

AHEAD = 3  # worlds in waiting for every worker, so that what is not asked for yet takes no memory
TICK = 0.2  # seconds between two looks at Ctrl-C
ASKING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]  # ask to stop
STARTING = Phrase("allowed.starting")
DIED = "The worker that ran this died, twice: in company and alone.\n"


def spread(worlds: Iterator[World], cores: int) -> Iterator[World]:
    """Yield the worlds; where their runs are fewer than the cores each run is a world of its own and gets its share of them."""
    first = list(islice(worlds, cores))
    runs = [alone for world in first for alone in world.alone()]
    if not 0 < len(runs) < cores:
        yield from chain(first, worlds)
        return
    for i, run in enumerate(runs):
        yield replace(run, threads=cores // len(runs) + (i < cores % len(runs)))


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
            raise InputError("worker.cannot_be_handed", value=name, allowed=STARTING, reason=reason_of(error)) from None
    try:
        task = pool.submit(taken, needed)
    except BrokenExecutor as error:
        raise InputError("worker.broken", value=name, allowed=Phrase("allowed.new_executor"), reason=reason_of(error)) from None
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
