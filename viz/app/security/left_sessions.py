"""Sessions whose browser has gone: they are kept for a while, for a laptop that slept, but not without end."""

import threading
from collections.abc import MutableMapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from solara.server.kernel_context import PageStatus

MOST_LEFT = 200  # of some megabytes each
MOST_LEAVING = (
    2_000  # pages that are closed and wait: more than browsers have open; a page that is not heard has left all the same
)


class Left:
    """Sessions that were left, the one that was left first at the front.

    Parameters
    ----------
    sessions : all that there are, by the number that a page gives its own; those of Solara.
    most : how many are kept that no page shows.
    """

    def __init__(self, sessions: MutableMapping[str, Any], most: int = MOST_LEFT) -> None:
        """Begin without any that was left."""
        self.sessions, self.most = sessions, most
        self._order: dict[str, None] = {}
        self._lock = threading.Lock()

    def leave(self, name: str) -> None:
        """Keep a session that a page has left, and close those for which there is no room any more."""
        with self._lock:
            self._order.pop(name, None)
            self._order[name] = None
            known = ((each, self.sessions.get(each)) for each in self._order)  # one may go at any moment
            left = {each: session for each, session in known if session is not None and unseen(session)}
            self._order = dict.fromkeys(left)
        for session in list(left.values())[: max(len(left) - self.most, 0)]:
            session.close("evicted")


class Leaving:
    """Pages that say that they are closed, which may have to wait for a session that is at work: nobody else waits with them.

    Parameters
    ----------
    sessions : all that there are, by the number that a page gives its own; those of Solara.
    """

    def __init__(self, sessions: MutableMapping[str, Any]) -> None:
        """Begin without any that waits."""
        self.sessions = sessions
        self._waits: set[tuple[str, str]] = set()
        self._line: SimpleQueue[tuple[str, str]] = SimpleQueue()
        threading.Thread(target=self._close, name="leaving", daemon=True).start()

    def leave(self, name: str, page: str) -> None:
        """Close a page of a session, as soon as the session can be had; once, however often it is said."""
        if name in self.sessions and (name, page) not in self._waits and len(self._waits) < MOST_LEAVING:
            self._waits.add((name, page))
            self._line.put((name, page))

    def _close(self) -> None:
        while True:
            name, page = self._line.get()
            with suppress(Exception):  # one session that cannot be closed keeps no other
                if session := self.sessions.get(name):
                    session.page_close(page)
            self._waits.discard((name, page))


def unseen(session: Any) -> bool:
    """Return whether no page shows a session."""
    return PageStatus.CONNECTED not in list(session.page_status.values())
