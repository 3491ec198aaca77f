"""Connections that send no whole request within a while, or take in nothing of an answer, are closed: the slow keep none."""

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20.0  # seconds


class Impatient(H11Protocol):
    """HTTP as uvicorn speaks it, with an end to waiting."""

    asked = 0
    left = 0  # bytes of an answer that were still to be sent at the last look

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
        """Close a connection on which nothing was asked or taken in since the last look; look again at another."""
        left, self.left = self.left, self.transport.get_write_buffer_size()
        if self.transport.get_protocol() is not self or (self.transport.is_closing() and not self.left):
            return
        waits = self.asked == before and (self.cycle is None or self.cycle.response_complete)
        if self.left == left if self.left else waits:
            self.transport.abort()
        else:
            self.loop.call_later(PATIENCE, self.look, self.asked)
