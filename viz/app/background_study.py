"""A thorough check: many plausible worlds in the background, with progress and a way to stop.

The seam to `experiments`: a check is a study in a folder of the session; words and report of it come from `viz/report/html.py`.
"""

import shutil
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from time import monotonic

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.running.progress import Progress
from kantelpunt.experiments.statistics import Effect, Interval
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError, reason_of

from .rejection import Refused

POINTS = 100
CHECKED = "of_compare"  # under which name the page Explore finds the thorough check of the page Compare
MOST_PEOPLE = 20_000  # residents at most
ONE_AT_A_TIME = threading.BoundedSemaphore(1)  # thorough checks of all sessions together: two would only slow each other down


class Stopped(Exception):
    """Somebody stopped the check."""


class Work:
    """Something of many runs that is done in the background, one at a time for all sessions, and can be stopped.

    Parameters
    ----------
    size : how many runs it takes.
    folder : where its studies go.
    show : called when there is something new to tell; it must not wait for a browser, since other work waits meanwhile.
    """

    def __init__(self, size: int, folder: Path, show: Callable[[], None]) -> None:
        """Nothing runs yet."""
        self.size, self.folder, self.show = size, folder, show
        self.done, self.begun, self.ended = 0, 0.0, False
        self.failed: Refused | None = None
        self._stop = threading.Event()

    def start(self) -> None:
        """Run in the background, or go on after a stop; runs that were done are kept."""
        self._stop.clear()
        self.begun, self.ended, self.failed = 0.0, False, None
        threading.Thread(target=self._run, name="check", daemon=True).start()

    def stop(self) -> None:
        """Stop soon, and keep what is done."""
        self._stop.set()

    def leave(self, show: Callable[[], None]) -> None:
        """Hear that a page looks no more, unless another looks by now; the work goes on."""
        if self.show is show:
            self.show = lambda: None

    def discard(self) -> None:
        """Stop, and forget all of it."""
        self.show = lambda: None
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def busy(self) -> bool:
        """Return whether it goes on, or waits for its turn."""
        return not self.ended

    @property
    def waiting(self) -> bool:
        """Return whether other work goes first."""
        return not self.begun

    @property
    def share(self) -> float:
        """Return which share is done."""
        return self.done / self.size

    @property
    def seconds_left(self) -> float:
        """Return how long it will still take, as far as one can tell."""
        return (monotonic() - self.begun) * (1 - self.share) / self.share if self.begun and self.share else float("nan")

    def work(self) -> None:
        """Do it; `watch` is told how far each study is."""
        raise NotImplementedError

    def watch(self, moment: Progress, before: int = 0) -> None:
        """Hear how far a study is, after so many runs of other studies; stop where somebody asked for that."""
        self.done = before + moment.done
        if self._stop.is_set() and not moment.written:
            raise Stopped
        self.show()

    def _run(self) -> None:
        while not ONE_AT_A_TIME.acquire(timeout=0.2):
            if self._stop.is_set():
                self.ended = True
                return self.show()
        try:
            self.begun = monotonic()
            self.show()
            self.work()
        except Stopped:
            pass
        except OSError as error:  # of the disk
            self.failed = Refused.because(InputError("system.failed", reason=reason_of(error)))
        except Exception as error:
            self.failed = Refused.of(error)
        finally:
            ONE_AT_A_TIME.release()
            self.ended = True
            self.show()


class Check(Work):
    """A thorough check of a plan.

    Parameters
    ----------
    plan : what is asked.
    folder : where the study goes.
    show : called when there is something new to tell.
    """

    def __init__(self, plan: Plan, folder: Path, show: Callable[[], None]) -> None:
        """Hold the plan; nothing runs yet."""
        self.plan = at_most(plan)
        self.study = Study.of(self.plan, folder)
        super().__init__(self.study.size, folder, show)

    @cached_property
    def effects(self) -> list[Effect]:
        """Return what every package does, once the check has ended; none where there are too few worlds."""
        return self.study.effects() if self.done >= 2 * len(self.plan.scenarios) else []

    @cached_property
    def prices(self) -> dict[str, Interval | None]:
        """Return what one unit won costs under every package."""
        return {each.scenario: self.study.price(each) for each in self.effects}

    def work(self) -> None:
        """Run the study."""
        self.study.run(watch=self.watch)


def at_most(plan: Plan) -> Plan:
    """Return a plan with everything filled in, for no more residents than this machine can take."""
    return plan.asked(people=min(plan.scenarios[plan.first].n_people, MOST_PEOPLE))
