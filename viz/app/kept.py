"""Left by a browser: the state of each page, and what it had made, for a day; so that nobody loses anything by leaving.

An address holds the state of its page too.  It serves people who come back by another way, and holds what no address
can hold.
"""

import math
import threading
from collections.abc import Callable, Hashable
from typing import Any

from cachetools import TTLCache
from solara.server import kernel_context

DAY = 86_400.0  # seconds
LONGEST = 20_000  # characters of a state
MOST_STATES, MOST_MADE = 5_000, 40  # of some hundred bytes each, and of some megabytes


class Kept:
    """Things under keys, each for a day since it was put there, and at most so many.

    Parameters
    ----------
    most : how many; the one that was left alone longest goes first.
    discard : called with each that goes.
    seconds : how long each is kept.
    busy : whether something goes on in a thing; such a one stays for anybody else's, so that there may be more for a while.
    """

    def __init__(
        self,
        most: int,
        discard: Callable[[Any], None] = lambda _: None,
        seconds: float = DAY,
        busy: Callable[[Any], bool] = lambda _: False,
    ) -> None:
        """Begin with nothing."""
        self._things: TTLCache[Hashable, Any] = TTLCache(math.inf, seconds)
        self._alone: dict[Hashable, None] = {}  # the one that was left alone longest at the front
        self._most, self._discard, self._busy, self._lock = most, discard, busy, threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key; None without any."""
        with self._lock:
            if key in self._things:
                self._alone.pop(key, None)
                self._alone[key] = None
            return self._things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Keep a thing under a key, in place of any other."""
        with self._lock:
            gone = [each for _, each in self._things.expire()]
            gone += [each for each in [self._things.pop(key, None)] if each is not None and each is not thing]
            gone += self._pushed_out()
            self._things[key] = thing
            self._alone.pop(key, None)
            self._alone[key] = None
        for each in gone:
            self._discard(each)

    def _pushed_out(self) -> list[Any]:
        """Take out whatever has to make room for one more, as far as nothing goes on in it."""
        self._alone = {key: None for key in self._alone if key in self._things}
        idle = [key for key in self._alone if not self._busy(self._things[key])]
        return [self._things.pop(key) for key in idle[: max(len(self._things) + 1 - self._most, 0)]]

    def drop(self, key: Hashable) -> None:
        """Keep what stands under a key no longer."""
        with self._lock:
            thing = self._things.pop(key, None)
        if thing is not None:
            self._discard(thing)


STATES, MADE = Kept(MOST_STATES), Kept(MOST_MADE, lambda made: made.discard(), busy=lambda made: made.busy)


def browser() -> str:
    """Return the name that the server gave this browser; "" where nobody asks through one."""
    return kernel_context.get_current_context().session_id if kernel_context.has_current_context() else ""


def keep(page: str, state: dict[str, str]) -> None:
    """Keep the state of a page of this browser; one that no address could hold is nobody's but the page's."""
    if (name := browser()) and sum(map(len, state.values())) <= LONGEST:
        STATES.put((name, page), state)


def left(page: str) -> dict[str, str]:
    """Return the state in which this browser left a page; nothing where it has not been there."""
    return STATES.get((browser(), page)) or {}
