"""Connections that send no whole request within a while are closed, so that nobody keeps all of them by being slow."""

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds


class Impatient(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to waiting."""

    asked = 0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self.loop.call_later(PATIENCE, self.look, self.asked)

    def data_received(self, data: bytes) -> None:
        """Take what came; count the requests that are whole."""
        before = self.scope
        super().data_received(data)
        self.asked += self.scope is not before

    def look(self, before: int) -> None:
        """Close a connection on which nothing was asked since the last look and nothing is under way; look again at another."""
        waits = self.cycle is None or self.cycle.response_complete
        if self.transport.get_protocol() is not self or self.transport.is_closing():
            return
        if waits and self.asked == before:
            self.transport.abort()
        else:
            self.loop.call_later(PATIENCE, self.look, self.asked)
