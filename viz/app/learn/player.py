"""Playing twin worlds: at a speed, with a pause, and no quicker than the browser draws."""

import threading
from collections.abc import Callable
from time import monotonic, sleep

from .paired_worlds import PairedWorlds

SPEEDS = (1, 4, 13, 26, 52)  # weeks a second
FRAMES = 13  # a second, at most
CALM = 1  # for who asked their system for less motion
PATIENCE = 3.0  # seconds to wait for a browser that does not answer


class Player:
    """Plays twin worlds in a thread of its own.

    A frame is only shown when the browser has drawn the one before it, so nothing piles up in between.

    Parameters
    ----------
    twins : what is played.
    show : called whenever there is something new to draw.

    ``calm`` has it show few frames, of many weeks each.
    """

    def __init__(self, twins: PairedWorlds, show: Callable[[], None]) -> None:
        """Stand at the start; no thread runs before somebody plays."""
        self.twins, self.show = twins, show
        self.speed, self.until, self.calm = SPEEDS[1], twins.weeks, False
        self.lock = threading.RLock()  # whoever looks at the worlds holds it, so that they stand still meanwhile
        self._drawn, self._turn, self._playing = threading.Event(), 0, False

    @property
    def playing(self) -> bool:
        """Return whether weeks pass by themselves."""
        return self._playing

    def play(self) -> None:
        """Let weeks pass until the end, or a pause."""
        with self.lock:
            if self._playing or self.twins.week >= self.until:
                return
            self._playing, self._turn = True, self._turn + 1
            threading.Thread(target=self._run, args=(self._turn,), name="player", daemon=True).start()
        self.show()

    def pause(self) -> None:
        """Stand still; when this returns no more weeks pass."""
        with self.lock:
            self._playing, self._turn = False, self._turn + 1
        self._drawn.set()
        self.show()

    def toggle(self) -> None:
        """Play or pause."""
        (self.pause if self.playing else self.play)()

    def go_to(self, week: int) -> None:
        """Stand still in a week."""
        with self.lock:
            self._playing, self._turn = False, self._turn + 1
            self.twins.go_to(min(week, self.until))
        self.show()

    def step(self, weeks: int) -> None:
        """Stand still some weeks later, or earlier."""
        self.go_to(self.twins.week + weeks)

    def change(self, twins: PairedWorlds) -> None:
        """Play other worlds, from their start."""
        with self.lock:
            self._playing, self._turn = False, self._turn + 1
            self.twins, self.until = twins, twins.weeks
        self.show()

    def drawn(self) -> None:
        """Hear that the browser has drawn the last frame."""
        self._drawn.set()

    def close(self) -> None:
        """Stop for good: nobody looks any more."""
        self.show = lambda: None
        self.pause()

    def _run(self, turn: int) -> None:
        """Let weeks pass at the speed that is asked for, until it is somebody else's turn."""
        while turn == self._turn:
            begin = monotonic()
            weeks = max(1, -(-self.speed // (CALM if self.calm else FRAMES)))
            with self.lock:
                if turn != self._turn:
                    return
                self.twins.go_to(min(self.twins.week + weeks, self.until))
                self._playing = self.twins.week < self.until
            self._drawn.clear()
            self.show()
            if not self._playing:
                return
            self._drawn.wait(PATIENCE)
            while turn == self._turn and (rest := begin + weeks / self.speed - monotonic()) > 0:
                sleep(min(rest, 0.05))
