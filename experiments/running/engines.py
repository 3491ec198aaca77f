"""Engines: where runs go.  Each opens an `Executor` of `concurrent.futures`; none of them is ours.

threads     the default: the compiled run frees Python's global lock
processes   where something else in a run holds the lock, or may bring its process down
dask        a cluster: `dask.distributed`, by the address of its scheduler or in a notebook by its client
anything    an executor that somebody has (mpi4py, loky, joblib): `given`
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from kantelpunt.model.errors import InputError, Phrase

from ..optional import extra

SAFELY = "PYTHONSAFEPATH"
PATIENCE = "30s"  # how long a scheduler may take to answer


@dataclass(frozen=True)
class Engine:
    """Where runs go: to workers of a kind, how many go on at once, and what opens the executor (again, if it broke).

    ``kind`` is "threads", "processes", "dask", or the class of an executor that somebody has.

    ``cores`` are those of one machine that its runs may share: a few large runs take several each.
    """

    kind: str
    workers: int
    open: Callable[[], AbstractContextManager[Executor]]
    cores: int = 1

    @property
    def name(self) -> str:
        """Return how many of which kind."""
        return f"{self.workers} {self.kind}"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads(n: int | None = None) -> Engine:
    """Return an engine of n threads; left out, one a core."""
    n = n or cores()
    return Engine("threads", n, lambda: ThreadPoolExecutor(n), n)


def processes(n: int | None = None) -> Engine:
    """Return an engine of n processes on this machine; left out, one a core.  They end with this one, however it ends."""
    n = n or cores()
    return Engine("processes", n, lambda: spawned(n), n)


@contextmanager
def spawned(n: int) -> Iterator[Executor]:
    """Give n processes that import nothing from the folder in which this one stands, as Python would have them do.

    They get the places from which this process imports.  The folder may be a study of somebody else.
    """
    before = os.environ.get(SAFELY)
    os.environ[SAFELY] = "1"
    try:
        with ProcessPoolExecutor(n, multiprocessing.get_context("spawn"), settle) as pool:
            yield pool
    finally:
        if before is None:
            del os.environ[SAFELY]
        else:
            os.environ[SAFELY] = before


def settle() -> None:
    """Make a worker leave Ctrl-C, and whatever else reaches a whole group of processes, to its parent, and end when it does."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def dask(scheduler: Any) -> Engine:
    """Return an engine on a Dask cluster: the address of a scheduler ("tcp://host:8786"), or a client of one.

    Raises InputError where Dask is not installed, or the scheduler does not answer.
    """
    with extra("dask", "Dask", place="--dask", value=scheduler):
        from distributed import Client

    @contextmanager
    def connected() -> Iterator[Any]:
        if isinstance(scheduler, Client):
            yield scheduler
            return
        try:
            client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(
                "dask.no_answer", place="--dask", value=scheduler, allowed=Phrase("allowed.dask_address"), reason=reason
            ) from None
        with client:
            yield client

    @contextmanager
    def opened() -> Iterator[Executor]:
        with connected() as client, client.get_executor(pure=False) as executor:
            yield executor

    with connected() as client:
        workers = sum(client.nthreads().values())
    return Engine("dask", max(workers, 1), opened)


def given(executor: Executor) -> Engine:
    """Return an engine of an executor that somebody has; it stays open."""
    workers = getattr(executor, "_max_workers", None) or cores()
    return Engine(type(executor).__name__, workers, lambda: nullcontext(executor))


def engine_of(engine: "Engine | Executor | int | None") -> Engine:
    """Return the engine that is meant: an engine, an executor, a number of threads, or left out one thread a core."""
    if isinstance(engine, Engine):
        return engine
    if isinstance(engine, Executor):
        return given(engine)
    return threads(engine)
