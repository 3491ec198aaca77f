"""Messages on their way into the app weigh no more than memory allows, and a browser that reads nothing is left.

Frames that came compressed may not grow far beyond what came: those of a browser never do.
"""

from collections import deque
from contextlib import suppress
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.extensions import Extension
from websockets.frames import Frame

MOST_HELD = 400_000_000  # bytes of all connections together: sixteen of the largest files at one moment
LIGHT = 200_000  # bytes that a connection may hold however much others do; only files are larger
FRAME = 100  # bytes that a frame takes besides what is in it
LAST_WORDS = 10.0  # seconds that a connection has for what is still to be sent when it ends
GROWTH, AND_AS_MUCH = 50, 2_000  # bytes of a frame for each that came compressed, and besides
NO_TEXT = 1007  # what the protocol of websockets calls it
NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Weighed(WebSocketsSansIOProtocol):
    """Websockets as uvicorn speaks them; a connection that would hold more than there is room for is ended.

    Data held: parts of messages, messages that wait, and the one that the app is at work on, which it still has while it waits
    for others to have their files read.
    """

    held = 0  # bytes, of all connections

    def __init__(self, *given: Any, **named: Any) -> None:
        """Begin with nothing held."""
        super().__init__(*given, **named)
        self.weight, self.coming, self.at_work = 0, 0, 0
        self.talks, self.there = False, True  # whether the app is at it, and whether the connection stands
        self.waiting: deque[int] = deque()

    def hold(self, more: int) -> None:
        """Hold so many bytes more, or less."""
        self.weight += more
        Weighed.held += more

    def data_received(self, data: bytes) -> None:
        """Take what came; end a connection that is heavy where all together are too heavy, and one that asks for no websocket."""
        before = len(self.conn.reader.buffer)
        try:
            super().data_received(data)
        finally:
            self.hold(len(self.conn.reader.buffer) - before)
        if self.conn.handshake_exc and not self.handshake_initiated:  # uvicorn would leave it open without an answer
            self.transport.write(b"".join(self.conn.data_to_send()) or NO_HANDSHAKE)
            self.transport.close()
        if Weighed.held > MOST_HELD and self.weight > LIGHT:
            self.give_up()

    def handle_connect(self, event: Any) -> None:
        """Begin; what comes compressed is kept within bounds."""
        super().handle_connect(event)
        self.conn.extensions = [Bounded(each) for each in self.conn.extensions]

    def handle_text(self, event: Any) -> None:
        """Weigh a frame of text."""
        self.weigh(event)
        super().handle_text(event)
        event.data = b""  # the protocol keeps its last frame

    def handle_bytes(self, event: Any) -> None:
        """Weigh a frame of bytes."""
        self.weigh(event)
        super().handle_bytes(event)
        event.data = b""  # the protocol keeps its last frame

    def handle_cont(self, event: Any) -> None:
        """Weigh a further frame of a message."""
        self.weigh(event)
        super().handle_cont(event)
        event.data = b""  # the protocol keeps its last frame

    def handle_ping(self) -> None:
        """Answer a ping, unless the browser takes in nothing: answers would pile up."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def weigh(self, event: Any) -> None:
        """Hold a frame."""
        size = len(event.data) + FRAME
        self.coming += size
        self.hold(size)

    def send_receive_event_to_app(self) -> None:
        """Have a message that is whole wait for the app, unless the talk is over; end one that is said in no characters."""
        if self.curr_msg_data_type == "text" and not readable(b"".join(self.frames)):
            with suppress(InvalidState):  # the browser has closed meanwhile
                self.conn.send_close(NO_TEXT)
            self.handle_parser_exception()
            return
        if self.close_sent:
            self.hold(-self.coming)
        else:
            self.waiting.append(self.coming)
        self.coming = 0
        super().send_receive_event_to_app()

    async def receive(self) -> Any:
        """Return the next message; the app asks for it when it is done with the one before."""
        self.hold(-self.at_work)
        self.at_work = 0
        message = await super().receive()
        if message["type"] == "websocket.receive":
            self.at_work = self.waiting.popleft()
        return message

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what came in part; the app still has what it is at work on."""
        super().connection_lost(exc)
        self.hold(-len(self.conn.reader.buffer) - self.coming)
        self.conn.reader.buffer.clear()
        self.frames, self.coming = [], 0
        self.there = False
        self.settle()

    async def run_asgi(self) -> None:
        """Let the app talk with a page, and end the connection after it, whether or not anybody reads what is left."""
        self.talks = True
        try:
            await super().run_asgi()
        finally:
            self.forget_waiting()
            self.hold(-self.at_work)
            self.at_work = 0
            self.talks = False
            self.settle()
            self.loop.call_later(LAST_WORDS, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """End a connection whose browser does not answer, also where it takes nothing in."""
        super().keepalive_timeout()
        self.loop.call_later(LAST_WORDS, self.transport.abort)

    def give_up(self) -> None:
        """End this connection, and forget what waits."""
        self.forget_waiting()
        self.transport.abort()

    def settle(self) -> None:
        """Hold nothing once neither the connection nor the talk with the app stands, whatever went wrong in between."""
        if not self.talks and not self.there:
            self.hold(-self.weight)

    def forget_waiting(self) -> None:
        """Hold what waits no more: somebody may still hold the connection."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.hold(-sum(self.waiting))
        self.waiting.clear()


class Bounded(Extension):
    """An extension of the protocol of websockets whose frames grow no further than bounds when they are decoded."""

    def __init__(self, inner: Extension) -> None:
        """Hold the extension that does the work."""
        self.inner, self.name = inner, inner.name

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        """Return what came in a frame; raises what the extension raises for one that is too large."""
        most = GROWTH * len(frame.data) + AND_AS_MUCH
        return self.inner.decode(frame, max_size=most if max_size is None else min(most, max_size))

    def encode(self, frame: Frame) -> Frame:
        """Return a frame as it is sent."""
        return self.inner.encode(frame)


def readable(text: bytes) -> bool:
    """Return whether this is text in UTF-8."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
