"""Running: many worlds on all cores, in an order in which every beginning is a study in itself.

Worlds stand outside and scenarios inside: a world is done when every scenario has lived in it, so whatever has been done
when somebody stops is balanced and paired.  The compiled run frees Python's global lock, so threads use all cores.  One
thread takes one world at a time, which lets its scenarios share the people that `model.build` keeps for them.

What comes back is in the order of the plan, whatever was ready first: one thread and many give the same.
"""

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from model.scenario import Scenario
from model.simulation import simulate

AHEAD = 2  # worlds in waiting for every thread, so that what is not asked for yet takes no memory


@dataclass(frozen=True)
class Job:
    """One run: a scenario in a world."""

    name: str
    scenario: Scenario
    point: int
    world: int
    seed: int


@dataclass(frozen=True)
class Done:
    """A run that came to its end: the outcomes of every week, shape (weeks + 1, outcomes)."""

    job: Job
    history: np.ndarray


@dataclass(frozen=True)
class Failure:
    """A run that did not, with what Python said about it."""

    job: Job
    traceback: str


Result = Done | Failure
Receive = Callable[[list[Result]], None]


def live(job: Job) -> np.ndarray:
    """Return the history of the model in this world, the outcomes of week 0 (the start) to the last."""
    return simulate(job.scenario, job.seed).world.history


def jobs(scenarios: Mapping[str, Scenario], world: tuple[int, int, int], parameters: Mapping[str, float]) -> list[Job]:
    """Return the runs of one world (point, number within the point, seed); a parameter that a scenario sets itself stays."""
    point, number, seed = world
    return [
        Job(name, scenario.changed(parameters={**parameters, **scenario.parameters}), point, number, seed)
        for name, scenario in scenarios.items()
    ]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_worlds(
    worlds: Iterable[Callable[[], list[Job]]],
    receive: Receive,
    threads: int | None = None,
    work: Callable[[Job], np.ndarray] = live,
) -> None:
    """Run every world and hand its results to ``receive``, world by world in the order given.

    A run that fails is handed over as a Failure, and the others go on.  Ctrl-C lets the runs that are going on finish,
    hands over what is done and begins no more; a second Ctrl-C is the usual KeyboardInterrupt.

    Parameters
    ----------
    worlds : one callable a world, giving its jobs when its turn comes.
    receive : called in this thread; what it gets is shorter than the world's jobs only where Ctrl-C cut a world short.
    threads : runs at the same time; left out, one for every core.
    work : what a run is.
    """
    threads = threads or cores()
    pending: deque[Future[list[Result]]] = deque()

    def of_world(world: Callable[[], list[Job]]) -> list[Result]:
        return [attempt(job, work) for job in world() if not stop.is_set()]

    def hand_over() -> None:
        if results := pending.popleft().result():
            receive(results)

    with stopping() as stop, ThreadPoolExecutor(threads) as pool:
        try:
            for world in worlds:
                if stop.is_set():
                    break
                pending.append(pool.submit(of_world, world))
                if len(pending) > AHEAD * threads:
                    hand_over()
            while pending:
                hand_over()
        finally:
            stop.set()  # whatever went wrong here, the pool begins no run that nobody will look at


def attempt(job: Job, work: Callable[[Job], np.ndarray]) -> Result:
    """Return what a run came to, or how it failed."""
    try:
        return Done(job, work(job))
    except Exception:
        return Failure(job, traceback.format_exc())


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets (of the main thread only: Python hands signals to no other)."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
