"""Draw many changes at once, and one page after another, so that people in a full room wait as briefly as possible."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

PAUSE = 0.05  # seconds in which changes are gathered
LONGEST = 1.0  # seconds that a drawing keeps others waiting; one that takes longer waits for its browser


class Turns:
    """Turns in the order in which they were asked for; one that takes too long no longer keeps others waiting.

    Parameters
    ----------
    longest : seconds.
    """

    def __init__(self, longest: float) -> None:
        """Begin with nobody in line."""
        self.longest = longest
        self._line: deque[object] = deque()
        self._moved, self._since = threading.Condition(), 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        me = object()
        with self._moved:
            self._line.append(me)
            if self._line[0] is me:
                self._since = monotonic()
            while me in self._line and self._line[0] is not me:  # others may have put it out, where it was slow to come
                if (left := self._since + self.longest - monotonic()) > 0.0:
                    self._moved.wait(left)
                else:
                    self._leave(self._line[0])
        try:
            yield
        finally:
            with self._moved:
                if me in self._line:
                    self._leave(me)

    def _leave(self, who: object) -> None:
        self._line.remove(who)
        self._since = monotonic()
        self._moved.notify_all()


PAGES = Turns(LONGEST)  # Python draws one page at a time anyway: many at once take as long, and all end last


class Gathered:
    """Draws soon, in a thread of its own; whatever changes until it is its turn, or while it draws, is drawn at once.

    A browser that takes nothing in so holds up one thread and one turn, however much changes meanwhile.

    Parameters
    ----------
    draw : draws what has changed.
    """

    def __init__(self, draw: Callable[[], None]) -> None:
        """Wait for a change."""
        self.draw = draw
        self._lock, self._due, self._drawing = threading.Lock(), False, False

    def __call__(self) -> None:
        """Hear that something has changed."""
        with self._lock:
            self._due = True
            if self._drawing:
                return
            self._drawing = True
        threading.Thread(target=self._run, name="drawing", daemon=True).start()

    def _run(self) -> None:
        try:
            while self._goes_on():
                sleep(PAUSE)
                with PAGES.turn():
                    with self._lock:
                        self._due = False
                    self.draw()
        except BaseException:
            self._drawing = False
            raise

    def _goes_on(self) -> bool:
        """Return whether there is something to draw."""
        with self._lock:
            self._drawing = self._due
            return self._drawing
