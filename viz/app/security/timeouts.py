"""Connections that send no whole request within a while, or take in nothing of an answer, are closed: the slow keep none.

No more are open than there is room for.  Where there is none, the one that has been silent longest makes room, whether it never
asked or got its answer: whoever asks something does so at once.
"""

import asyncio
import contextlib
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds
MOST_OPEN = 2_000  # connections
FILES_EACH = 4  # of a connection that is a websocket, which has a thread with a loop of its own
FILES_KEPT = 300  # for whatever else has files open, and connections that the system has taken but nobody has seen
SLICE = 4_096  # bytes that are looked at in one go, so that limits of a request hold for one that comes whole as well
MOST_HEAD, MOST_LINES = 32_768, 300  # bytes and lines of a request before what it brings: a browser sends a few kB in 20 lines
BACKLOG = 100  # connections that the system takes at once


class Impatient(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to waiting."""

    most = MOST_OPEN
    silent: "dict[Impatient, None]" = {}  # connections that nothing is asked on now, in order  # noqa: RUF012
    asked = 0
    lines = 0  # of the request that comes
    left = 0  # bytes of an answer that were still to be sent at the last look

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a first request."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            next(iter(self.silent), self).leave()
        if not transport.is_closing():
            self.silent[self] = None
        self.loop.call_later(PATIENCE, self.look, self.asked)

    def data_received(self, data: bytes) -> None:
        """Take what came; count the requests that are whole, and end a connection with more lines than a request has."""
        while data and not self.transport.is_closing() and self.transport.get_protocol() is self:
            part, data = data[:SLICE], data[SLICE:]
            self.lines += part.count(b"\n")
            if self.lines > MOST_LINES:
                self.leave()
                return
            before = self.scope
            super().data_received(part)
            if self.scope is not before:
                self.asked += 1
                self.lines = 0
                self.silent.pop(self, None)
        if data and not self.transport.is_closing():
            cast("asyncio.Protocol", self.transport.get_protocol()).data_received(data)  # what follows is said over a websocket

    def on_response_complete(self) -> None:
        """Count a connection that has its answer among the silent again, unless more was asked on it meanwhile."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self.silent.pop(self, None)
            self.silent[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.silent.pop(self, None)
        super().connection_lost(exc)

    def leave(self) -> None:
        """Close this connection at once."""
        self.silent.pop(self, None)
        self.connections.discard(self)
        self.transport.abort()

    def look(self, before: int) -> None:
        """Close a connection on which nothing was asked or taken in since the last look; look again at another."""
        left, self.left = self.left, self.transport.get_write_buffer_size()
        if self.transport.get_protocol() is not self or (self.transport.is_closing() and not self.left):
            return
        waits = self.asked == before and (self.cycle is None or self.cycle.response_complete)
        if self.left == left if self.left else waits:
            self.transport.abort()
        else:
            self.loop.call_later(PATIENCE, self.look, self.asked)


def room() -> int:
    """Return how many connections may be open, and allow this process as many files as they need, where it can be asked."""
    try:
        import resource
    except ImportError:
        return MOST_OPEN
    wanted = MOST_OPEN * FILES_EACH + FILES_KEPT
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now < wanted and now != resource.RLIM_INFINITY:
        now = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
        now = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_OPEN if now == resource.RLIM_INFINITY else max(min(MOST_OPEN, (now - FILES_KEPT) // FILES_EACH), 1)
