"""Browsers that send much or read nothing: what is held for all of them stays within bounds, and comes back."""

import asyncio
import contextlib
import os
import random
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, PayloadTooBig
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect

from kantelpunt.viz.app import server
from kantelpunt.viz.app.security import timeouts, weight
from kantelpunt.viz.app.security.timeouts import Impatient
from kantelpunt.viz.app.security.weight import Bounded, Weighed

MOST, LIGHT, PART = 3_000_000, 50_000, 1_000_000
DATA = b"".join(
    bytes([byte]) * 10 for byte in random.Random(1).randbytes(PART // 10)
)  # which can be compressed, and not to nothing


class Listener:
    """A server whose app takes one message, is at work on it until `done`, and says so much as it is asked to."""

    def __init__(self) -> None:
        """Start it."""
        self.done, self.talks = threading.Event(), 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            interface="asgi3",
            http=Impatient,
            ws=Weighed,
            h11_max_incomplete_event_size=timeouts.MOST_HEAD,
            log_level="error",
            ws_ping_interval=0.3,
            ws_ping_timeout=6.0,
            lifespan="off",
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a page with more than a connection takes in at once; take messages, and send back as many bytes as one says."""
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x" if scope["path"] == "/short" else bytes(50_000_000)})
            return
        self.talks += 1
        try:
            await receive()
            await send({"type": "websocket.accept"})
            if scope["path"] == "/curt":
                await receive()
                return
            while (message := await receive())["type"] == "websocket.receive":
                if text := message.get("text"):
                    for _ in range(int(text)):
                        await send({"type": "websocket.send", "bytes": bytes(PART)})
                while not self.done.is_set():
                    await asyncio.sleep(0.01)
        finally:
            self.talks -= 1

    def stop(self) -> None:
        """Stop it."""
        self.done.set()
        self.server.force_exit = self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setattr(weight, "MOST_HELD", MOST)
    monkeypatch.setattr(weight, "LIGHT", LIGHT)
    monkeypatch.setattr(weight, "LAST_WORDS", 0.2)
    monkeypatch.setattr(timeouts, "PATIENCE", 2.0)  # a machine that is busy takes a second to ask
    made = Listener()
    yield made
    made.stop()
    assert Weighed.held == 0


def comes(holds: Any, most: float = 15.0) -> bool:
    """Return whether something comes to hold."""
    late = time.monotonic() + most
    while not holds():
        if time.monotonic() > late:
            return False
        time.sleep(0.02)
    return True


def opened(listener: Listener, left: ExitStack) -> ClientConnection:
    return left.enter_context(connect(f"ws://127.0.0.1:{listener.port}/", proxy=None, ping_interval=None, close_timeout=0.1))


def whole(size: int) -> bytes:
    return b"\x82\xff" + struct.pack("!Q", size) + bytes(4) + bytes(size)


def half(size: int) -> bytes:
    return whole(2 * size)[: size + 14]


def fragments(size: int) -> bytes:
    return b"\x02\xff" + whole(size)[2:]


def compressed(size: int) -> bytes:
    squeeze = zlib.compressobj(wbits=-12)
    data = (squeeze.compress(DATA[:size]) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]
    return b"\x42\xff" + struct.pack("!Q", len(data)) + bytes(4) + data


@pytest.mark.parametrize("made", [whole, half, fragments, compressed])
def test_all_connections_together_hold_no_more_than_there_is_room_for(listener: Listener, made: Any) -> None:
    most = 0
    with ExitStack() as left:
        for _ in range(12):
            other = opened(listener, left)
            before = Weighed.held
            other.socket.sendall(made(PART))
            assert comes(lambda before=before: before != Weighed.held or Weighed.held > MOST - PART)
            time.sleep(0.05)
            most = max(most, Weighed.held)
        assert PART < most <= MOST
        light = opened(listener, left)
        light.send("0")  # whoever sends little is not turned away
        listener.done.set()
        assert comes(lambda: light.ping() and Weighed.held <= MOST)
    assert comes(lambda: listener.talks == 0 and Weighed.held == 0)


def test_what_is_done_is_held_no_more(listener: Listener) -> None:
    listener.done.set()
    with ExitStack() as left:
        one = opened(listener, left)
        for _ in range(10):
            one.send(DATA)
        assert comes(lambda: Weighed.held == 0)
        one.send("1")
        assert len(one.recv(10)) == PART


def test_a_browser_that_reads_nothing_is_left(listener: Listener) -> None:
    listener.done.set()
    with ExitStack() as left:
        silent = socket.create_connection(("127.0.0.1", listener.port))
        left.callback(silent.close)
        silent.sendall(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert silent.recv(1_000).startswith(b"HTTP/1.1 101")
        silent.sendall(b"\x81\x82" + bytes(4) + b"20")
        assert comes(lambda: listener.talks == 1)
        assert comes(lambda: listener.talks == 0)
        assert comes(lambda: not listener.server.server_state.connections)


UPGRADE = (
    b" HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)


def talking(listener: Listener, left: ExitStack) -> socket.socket:
    """Return a websocket without a library."""
    plain = socket.create_connection(("127.0.0.1", listener.port), timeout=10)
    left.callback(plain.close)
    plain.sendall(b"GET /" + UPGRADE + b"\r\n")
    assert plain.recv(1_000).startswith(b"HTTP/1.1 101")
    return plain


def test_answers_to_pings_that_nobody_reads_do_not_pile_up(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener.server.config, "ws_ping_interval", None)
    with ExitStack() as left:
        silent = talking(listener, left)
        ping = (b"\x89\xfd" + bytes(4) + bytes(125)) * 1_000
        for _ in range(150):  # 20 MB
            silent.sendall(ping)
        (kept,) = listener.server.server_state.connections
        assert kept.transport.get_write_buffer_size() < 2_000_000  # type: ignore[union-attr]


def test_pings_are_answered(listener: Listener) -> None:
    with ExitStack() as left:
        assert opened(listener, left).ping().wait(10)


@pytest.mark.parametrize(
    "asked",
    [
        b"GET /" + UPGRADE + b"Content-Length: 3\r\n\r\nabc",
        b"GET /" + UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"GET /" + UPGRADE + b"a: b\r\n" * 200 + b"\r\n",
        b"POST /" + UPGRADE + b"\r\n",
        b"GET /" + UPGRADE.replace(b"13", b"8") + b"\r\n",
        b"GET /" + UPGRADE.replace(b"Version", b"Nothing") + b"\r\n",
    ],
)
def test_what_asks_for_a_websocket_as_nobody_does_is_refused_and_not_kept(listener: Listener, asked: bytes) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as odd:
        odd.sendall(asked)
        assert odd.recv(1_000).startswith(b"HTTP/1.1 4")
        assert comes(lambda: not listener.server.server_state.connections)


def test_what_is_no_text_ends_the_talk_without_a_word_where_the_app_runs(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.done.set()
    with ExitStack() as left:
        one = opened(listener, left)
        one.socket.sendall(b"\x81\x82" + bytes(4) + b"\xff\xfe")
        with pytest.raises(ConnectionClosed) as closed:
            one.recv(10)
        assert closed.value.rcvd and closed.value.rcvd.code == 1007
        assert comes(lambda: listener.talks == 0)
    assert not caplog.records


def test_a_talk_that_ends_within_what_came_is_held_no_more(listener: Listener) -> None:
    listener.done.set()
    pings = (b"\x89\xfd" + bytes(4) + bytes(125)) * 50
    bad = b"\x81\xff" + struct.pack("!Q", PART) + bytes(4) + b"\xff" * PART
    with ExitStack() as left:
        for _ in range(5):
            plain, before = talking(listener, left), Weighed.held
            plain.sendall(pings + bad[:-100])
            assert comes(lambda before=before: Weighed.held > before + PART // 2)
            time.sleep(0.05)
            plain.sendall(bad[-100:] + b"\x88\x80" + bytes(4))  # closed before it is seen that this is no text
            plain.close()
    assert comes(lambda: listener.talks == 0 and Weighed.held == 0)


def test_a_connection_that_ends_keeps_nothing_of_what_waits(listener: Listener) -> None:
    with connect(f"ws://127.0.0.1:{listener.port}/curt", proxy=None, ping_interval=None, close_timeout=0.1) as one:
        (kept,) = listener.server.server_state.connections
        one.socket.sendall(whole(1_000) * 20)
        assert comes(lambda: listener.talks == 0)
    assert comes(lambda: Weighed.held == 0)
    left = [kept.queue.get_nowait()["type"] for _ in range(kept.queue.qsize())]  # type: ignore[union-attr]
    assert "websocket.receive" not in left


def test_a_connection_does_not_keep_what_its_last_message_held(listener: Listener) -> None:
    listener.done.set()
    with ExitStack() as left:
        one = opened(listener, left)
        one.send(DATA)
        (kept,) = listener.server.server_state.connections
        parser = kept.conn.parser.gi_yieldfrom  # type: ignore[union-attr]
        assert comes(lambda: "frame" in parser.gi_frame.f_locals)
        assert comes(lambda: Weighed.held == 0)
        assert parser.gi_frame.f_locals["frame"].data == b""


@pytest.fixture
def small(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    """Return a listener that has patience, and room for twenty connections."""
    monkeypatch.setattr(timeouts, "PATIENCE", 60.0)
    monkeypatch.setattr(Impatient, "most", 20)
    listener.done.set()
    return listener


def test_somebody_who_is_silent_longest_makes_room_for_somebody_who_asks(small: Listener) -> None:
    listener, state = small, small.server.server_state
    with ExitStack() as left:
        talk = opened(listener, left)
        silent = []
        for _ in range(60):
            silent.append(left.enter_context(socket.create_connection(("127.0.0.1", listener.port), timeout=10)))
            assert comes(lambda: len(state.connections) <= 20)
        with contextlib.suppress(ConnectionResetError):
            assert silent[0].recv(1) == b""
        with opened(listener, ExitStack()) as other:
            assert other.ping().wait(10)
        assert talk.ping().wait(10)
        assert comes(lambda: 15 < len(state.connections) <= 20)
    assert comes(lambda: not state.connections and not Impatient.silent)


@pytest.mark.parametrize("head", [b"a:\r\n" * 10_000, b"GET /" + b"?%41&" * 10_000, b"x: " + b"y" * 60_000 + b"\r\n"])
def test_a_request_longer_than_any_browser_sends_is_ended_before_it_is_read(listener: Listener, head: bytes) -> None:
    first = b"" if head.startswith(b"GET") else b"GET /short HTTP/1.1\r\nHost: x\r\n"
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as asking, contextlib.suppress(OSError):
        asking.sendall(first + head + b" HTTP/1.1\r\n\r\n")
        answer = asking.recv(1_000)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400"), answer
    with opened(listener, ExitStack()) as other:
        assert other.ping().wait(10)


def test_requests_in_one_piece_are_answered_one_after_another(listener: Listener) -> None:
    long = b"GET /short?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as asking:
        asking.sendall(long * 3)
        answer = b""
        while answer.count(b"\r\n0\r\n\r\n") < 3:
            answer += asking.recv(10_000)
    assert answer.count(b"HTTP/1.1 200") == 3


def test_somebody_who_got_an_answer_and_says_half_a_word_more_makes_room_as_well(small: Listener) -> None:
    listener, state = small, small.server.server_state
    with ExitStack() as left:
        for _ in range(60):
            asking = left.enter_context(socket.create_connection(("127.0.0.1", listener.port), timeout=10))
            asking.sendall(b"GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"x\r\n0\r\n\r\n"):
                answer += asking.recv(1000)
            asking.sendall(b"G")  # ends the wait of the server for a next request
            assert comes(lambda: len(state.connections) <= 20)
        with opened(listener, ExitStack()) as other:
            assert other.ping().wait(10)


@pytest.mark.skipif(os.name != "posix", reason="no limit of files")
def test_as_many_connections_as_there_may_be_files_for() -> None:
    import resource

    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    found = timeouts.room()
    after, same = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert same == most and (after >= now or now == resource.RLIM_INFINITY)
    assert found == timeouts.MOST_OPEN or found * timeouts.FILES_EACH + timeouts.FILES_KEPT <= after


def test_a_page_that_nobody_takes_in_is_not_kept(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert comes(lambda: bool(listener.server.server_state.connections))
        assert comes(lambda: not listener.server.server_state.connections)


def test_a_page_that_is_taken_in_slowly_is_sent_whole(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = 0
        while some := slow.recv(500_000):
            got += len(some)
            time.sleep(0.02)
        assert got > 50_000_000


def test_a_code_is_on_no_command_line_when_a_browser_is_opened(tmp_path: Path) -> None:
    address = "http://127.0.0.1:8765/?token=abc&x=1"
    shown = server.hidden(address, tmp_path)
    assert "abc" not in shown
    file = tmp_path / "open.html"
    assert shown == file.as_uri()
    assert "url=http://127.0.0.1:8765/?token=abc&amp;x=1" in file.read_text()
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0


def deflated(data: bytes) -> Frame:
    """Return a compressed frame, as a browser would send it."""
    packed = zlib.compressobj(wbits=-12)
    return Frame(Opcode.BINARY, (packed.compress(data) + packed.flush(zlib.Z_SYNC_FLUSH))[:-4], rsv1=True)


def bounded() -> Bounded:
    """Return the extension that compresses, within bounds, as it is at the start of a talk."""
    return Bounded(PerMessageDeflate(False, False, 12, 12))


def test_what_comes_compressed_does_not_grow_beyond_bounds() -> None:
    table = "\n".join(f"{i};{i * i};wijk {i}" for i in range(20_000)).encode()
    assert bounded().decode(deflated(table), max_size=26_000_000).data == table, "a table of figures"
    assert bounded().decode(deflated(b"{}" * 900), max_size=26_000_000).data == b"{}" * 900, "a short message whatever it says"
    bomb = deflated(bytes(25_000_000))
    assert len(bomb.data) < 30_000
    with pytest.raises(PayloadTooBig):
        bounded().decode(bomb, max_size=26_000_000)
    with pytest.raises(PayloadTooBig):
        bounded().decode(deflated(table), max_size=len(table) - 1)
