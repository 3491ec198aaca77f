"""Sessions whose browser has gone: they are kept for a while, for a laptop that slept, but not without end."""

import threading
from collections.abc import MutableMapping
from typing import Any

from solara.server.kernel_context import PageStatus

MOST_LEFT = 200  # of some megabytes each


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


def unseen(session: Any) -> bool:
    """Return whether no page shows a session."""
    return PageStatus.CONNECTED not in list(session.page_status.values())
