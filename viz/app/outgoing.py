"""Messages to a browser go to the loop of the server together: drawing a page says hundreds of things.

Messages of a browser are let go of once they were heard: Solara would keep the last one, with a file of many megabytes, for as
long as a session lives.
"""

import threading
from collections import deque
from typing import Any
from weakref import WeakSet

import solara.server.server as solara_loop
import solara.server.starlette as solara_server
from solara.server.kernel import deserialize_binary_message
from solara.server.websocket import WebSocketDisconnect

OPEN: "WeakSet[Gathering]" = WeakSet()  # whoever is spoken to
MOST = 1_000_000  # characters or bytes that wait for a browser to take them in, before who says more waits too


class Parcel:
    """A binary message, which can be emptied wherever it is still held."""

    def __init__(self, data: bytes) -> None:
        """Hold what came."""
        self.data, self.files = data, list[bytes]()

    def opened(self) -> dict[str, Any]:
        """Return the message in it, with its files."""
        message: dict[str, Any] = deserialize_binary_message(self.data)
        self.data, self.files = b"", message["buffers"]
        return message

    def empty(self) -> None:
        """Let go of what was in it."""
        self.data = b""
        self.files.clear()


class Gathering(solara_server.WebsocketWrapper):
    """A websocket of Solara whose messages wait for one turn of the loop, in the order in which they were said.

    Solara has each message wait for a turn of its own and for an answer from there, which costs more than drawing does.
    """

    def __init__(self, *given: Any) -> None:
        """Begin with nothing to say."""
        super().__init__(*given)
        self.room = threading.Condition()
        self.waiting: deque[str | bytes] = deque()
        self.weight, self.sending, self.gone = 0, False, False
        self.came = Parcel(b"")
        OPEN.add(self)

    async def receive(self) -> Any:
        """Return the next message; Solara asks for it when it is done with the one before."""
        self.came.empty()
        data = await super().receive()
        if isinstance(data, str):
            return data
        self.came = Parcel(data)
        return self.came

    def send_text(self, data: str) -> None:
        """Say it soon; wait where the browser has much to take in.  Raises WebSocketDisconnect once it has gone."""
        self.say(data)

    def send_bytes(self, data: bytes) -> None:
        """Send it soon, as `send_text` does."""
        self.say(data)

    def say(self, data: str | bytes) -> None:
        """Hand a message over."""
        with self.room:
            if threading.get_ident() != self._thread_id:  # which alone makes room
                self.room.wait_for(lambda: self.gone or self.weight < MOST)
            if self.gone:
                raise WebSocketDisconnect
            self.waiting.append(data)
            self.weight += len(data)
            if not self.sending:
                self.sending = True
                self.event_loop.call_soon_threadsafe(self.begin)

    def begin(self) -> None:
        """Begin to send what waits."""
        task = self.event_loop.create_task(self.send_all())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def send_all(self) -> None:
        """Send what waits, until nothing does or the browser has gone."""
        try:
            while (data := self.next()) is not None:
                await (self._send_text_exc(data) if isinstance(data, str) else self._send_bytes_exc(data))
                self.took(data)
        except WebSocketDisconnect:
            self.leave()
        except BaseException:  # also where the server ends
            self.leave()
            raise

    def next(self) -> str | bytes | None:
        """Return the next message; None where there is none, so that the next one begins anew."""
        with self.room:
            self.sending = bool(self.waiting)
            return self.waiting.popleft() if self.waiting else None

    def took(self, data: str | bytes) -> None:
        """Make room for more."""
        with self.room:
            self.weight -= len(data)
            self.room.notify_all()

    def leave(self) -> None:
        """Have whoever waits, and whoever says more, know that the browser has gone."""
        with self.room:
            self.gone = True
            self.waiting.clear()
            self.room.notify_all()


def leave_all() -> None:
    """Have nobody wait for a browser any more: the app ends, and the loop that would send has other things to do."""
    for each in list(OPEN):
        each.leave()


def gather() -> None:
    """Have Solara send what it says together, and keep nothing of what it heard."""
    solara_server.WebsocketWrapper = Gathering
    solara_loop.deserialize_binary_message = Parcel.opened
