"""A thorough check: many plausible worlds in the background, with progress and a way to stop.

The seam to `experiments`: a check is a study in a folder of the session; words and report of it come from `viz/report/html.py`.
"""

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
MOST_PEOPLE = 20_000  # residents at most
ONE_AT_A_TIME = threading.BoundedSemaphore(1)  # thorough checks of all sessions together: two would only slow each other down


class Stopped(Exception):
    """Somebody stopped the check."""


class Check:
    """A thorough check of a plan.

    Parameters
    ----------
    plan : what is asked.
    folder : where the study goes.
    show : called when there is something new to tell.
    """

    def __init__(self, plan: Plan, folder: Path, show: Callable[[], None]) -> None:
        """Hold the plan; nothing runs yet."""
        people = plan.scenarios[plan.first].n_people
        self.plan, self.show = plan.asked(people=min(people, MOST_PEOPLE)), show
        self.study = Study.of(self.plan, folder)
        self.done, self.size = 0, self.study.size
        self.begun, self.ended = 0.0, False
        self.failed: Refused | None = None
        self._stop = threading.Event()

    def start(self) -> None:
        """Run in the background."""
        threading.Thread(target=self._run, name="check", daemon=True).start()

    def stop(self) -> None:
        """Stop soon, and keep what is done."""
        self._stop.set()

    def close(self) -> None:
        """Stop; nobody looks any more."""
        self.show = lambda: None
        self.stop()

    @property
    def waiting(self) -> bool:
        """Return whether another check goes first."""
        return not self.begun

    @property
    def share(self) -> float:
        """Return which share is done."""
        return self.done / self.size

    @property
    def seconds_left(self) -> float:
        """Return how long it will still take, as far as one can tell."""
        return (monotonic() - self.begun) * (1 - self.share) / self.share if self.begun and self.share else float("nan")

    @cached_property
    def effects(self) -> list[Effect]:
        """Return what every package does, once the check has ended; none where there are too few worlds."""
        return self.study.effects() if self.done >= 2 * len(self.plan.scenarios) else []

    @cached_property
    def prices(self) -> dict[str, Interval | None]:
        """Return what one unit won costs under every package."""
        return {each.scenario: self.study.price(each) for each in self.effects}

    def _run(self) -> None:
        while not ONE_AT_A_TIME.acquire(timeout=0.2):
            if self._stop.is_set():
                self.ended = True
                return self.show()
        try:
            self.begun = monotonic()
            self.show()
            self.study.run(watch=self._progress)
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

    def _progress(self, moment: Progress) -> None:
        self.done = moment.done
        if self._stop.is_set() and not moment.written:
            raise Stopped
        self.show()
