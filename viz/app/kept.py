"""Left by a browser: the state of each page, and what it had made, for a day; so that nobody loses anything by leaving.

An address holds the state of its page too.  It serves people who come back by another way, and holds what no address
can hold.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any

from cachetools import TTLCache
from solara.server import kernel_context

DAY = 86_400.0  # seconds
MOST_STATES, MOST_MADE = 5_000, 40  # of some hundred bytes each, and of some megabytes


class Kept:
    """Things under keys, each for a day since it was put there, and at most so many.

    Parameters
    ----------
    most : how many; the one that was left alone longest goes first.
    discard : called with each that goes.
    seconds : how long each is kept.
    """

    def __init__(self, most: int, discard: Callable[[Any], None] = lambda _: None, seconds: float = DAY) -> None:
        """Begin with nothing."""
        self._things: TTLCache[Hashable, Any] = TTLCache(most, seconds)
        self._discard, self._lock = discard, threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key; None without any."""
        with self._lock:
            return self._things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Keep a thing under a key, in place of any other."""
        with self._lock:
            gone = [each for _, each in self._things.expire()]
            gone += [each for each in [self._things.pop(key, None)] if each is not None and each is not thing]
            if len(self._things) >= self._things.maxsize:
                gone.append(self._things.popitem()[1])
            self._things[key] = thing
        for each in gone:
            self._discard(each)

    def drop(self, key: Hashable) -> None:
        """Keep what stands under a key no longer."""
        with self._lock:
            thing = self._things.pop(key, None)
        if thing is not None:
            self._discard(thing)


STATES, MADE = Kept(MOST_STATES), Kept(MOST_MADE, lambda made: made.discard())


def browser() -> str:
    """Return the name that the server gave this browser; "" where nobody asks through one."""
    return kernel_context.get_current_context().session_id if kernel_context.has_current_context() else ""


def keep(page: str, state: dict[str, str]) -> None:
    """Keep the state of a page of this browser."""
    if name := browser():
        STATES.put((name, page), state)


def left(page: str) -> dict[str, str]:
    """Return the state in which this browser left a page; nothing where it has not been there."""
    return STATES.get((browser(), page)) or {}
