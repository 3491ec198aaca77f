"""Messages to a browser come together, all of them and in order; whoever says too much waits, and is told when it has gone."""

import asyncio
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
import solara.server.server as solara_loop
import solara.server.starlette as solara_server
from solara.server.websocket import WebSocketDisconnect
from starlette.websockets import WebSocketDisconnect as Gone

from kantelpunt.viz.app import outgoing
from kantelpunt.viz.app.outgoing import Gathering, Parcel
from kantelpunt.viz.app.security.access import Door
from kantelpunt.viz.app.security.middleware import Guard

SOON = 20.0


class Browser:
    """Takes messages in while its gate is open; may be gone."""

    def __init__(self) -> None:
        self.took: list[str | bytes] = []
        self.gate, self.gone = asyncio.Event(), False

    async def send_text(self, data: str | bytes) -> None:
        await self.gate.wait()
        if self.gone:
            raise Gone
        self.took.append(data)

    send_bytes = send_text


def conversation(talk: Any, open_at_once: bool = True) -> tuple[Browser, Any]:
    """Return a browser, and what a thread that talks to it made of it; the loop opens the gate, or the thread does."""

    async def serve() -> tuple[Browser, Any]:
        browser, loop = Browser(), asyncio.get_running_loop()
        if open_at_once:
            browser.gate.set()
        said = Gathering(browser, None)
        made = await asyncio.wait_for(asyncio.to_thread(talk, said, browser, loop), SOON)
        while said.sending and not said.gone:
            await asyncio.sleep(0.001)
        return browser, made

    return asyncio.run(serve())


def test_solara_makes_its_websockets_by_the_name_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "WebsocketWrapper" in solara_server._kernel_connection.__code__.co_names
    monkeypatch.setattr(solara_server, "WebsocketWrapper", None)
    assert "deserialize_binary_message" in solara_loop.app_loop.__code__.co_names
    monkeypatch.setattr(solara_loop, "deserialize_binary_message", None)
    outgoing.gather()
    assert solara_server.WebsocketWrapper is Gathering and solara_loop.deserialize_binary_message is Parcel.opened


def test_what_a_browser_sent_is_kept_until_the_next_message_is_asked_for_and_no_longer() -> None:
    sent = [framed(b"a file"), b"", '{"content": {}}']

    class Sending:
        async def receive(self) -> dict[str, Any]:
            said = sent.pop(0)
            return {"text": said} if isinstance(said, str) else {"bytes": said} if said else {"type": "websocket.disconnect"}

    async def talk() -> None:
        heard = Gathering(Sending(), None)
        parcel = await heard.receive()
        message = parcel.opened()
        kept = message["buffers"]  # as Solara keeps its last message
        assert kept == [b"a file"] and message["content"] == {} and not parcel.data
        with pytest.raises(WebSocketDisconnect):
            await heard.receive()
        assert kept == [] and await heard.receive() == '{"content": {}}'

    asyncio.run(talk())


def framed(file: bytes) -> bytes:
    """Return a message with a file, as a browser sends it."""
    text = b'{"content": {}}'
    return struct.pack("!3I", 2, 12, 12 + len(text)) + text + file


def test_every_message_comes_once_and_in_order_from_any_thread() -> None:
    def talk(said: Gathering, *_: Any) -> None:
        def say(who: int) -> None:
            for i in range(200):
                said.send(f"{who} {i}" if i % 2 else f"{who} {i}".encode())

        threads = [threading.Thread(target=say, args=(who,)) for who in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    browser, _ = conversation(talk)
    took = [(each if isinstance(each, str) else each.decode()).split() for each in browser.took]
    for who in range(4):
        assert [int(i) for one, i in took if one == str(who)] == list(range(200))


def test_what_is_said_in_one_go_waits_for_one_turn_of_the_loop() -> None:
    turns = []

    def talk(said: Gathering, _: Browser, loop: asyncio.AbstractEventLoop) -> None:
        begin = said.begin
        said.begin = lambda: (turns.append(1), begin())  # type: ignore[method-assign,assignment,func-returns-value]
        busy = threading.Event()
        loop.call_soon_threadsafe(busy.wait, SOON)  # the loop has something else to do
        for i in range(100):
            said.send(str(i))
        busy.set()

    browser, _ = conversation(talk)
    assert browser.took == [str(i) for i in range(100)] and turns == [1]


def test_somebody_who_says_more_than_a_browser_takes_in_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MOST", 1_000)

    def talk(said: Gathering, browser: Browser, loop: asyncio.AbstractEventLoop) -> int:
        number = 0

        def say() -> None:
            nonlocal number
            for _ in range(100):
                said.send("x" * 100)
                number += 1

        thread = threading.Thread(target=say)
        thread.start()
        thread.join(0.5)
        held = number
        loop.call_soon_threadsafe(browser.gate.set)
        thread.join()
        return held

    browser, held = conversation(talk, open_at_once=False)
    assert 0 < held < 20, "held back"
    assert len(browser.took) == 100


@pytest.mark.parametrize("waits", [False, True])
def test_somebody_who_talks_to_a_browser_that_has_gone_is_told(monkeypatch: pytest.MonkeyPatch, waits: bool) -> None:
    monkeypatch.setattr(outgoing, "MOST", 10 if waits else 1_000_000)

    def talk(said: Gathering, browser: Browser, loop: asyncio.AbstractEventLoop) -> None:
        said.send("x" * 100)
        browser.gone = True
        loop.call_soon_threadsafe(loop.call_later, 0.1, browser.gate.set)
        with pytest.raises(WebSocketDisconnect):
            for _ in range(1_000):
                said.send("y")
                threading.Event().wait(0.01)

    browser, _ = conversation(talk, open_at_once=False)
    assert browser.took == []


def test_whoever_waits_for_a_browser_is_let_go_when_the_app_ends() -> None:
    def talk(said: Gathering, browser: Browser, loop: asyncio.AbstractEventLoop) -> str:
        said.send_text("x" * outgoing.MOST)
        threading.Timer(0.2, outgoing.leave_all).start()
        with pytest.raises(WebSocketDisconnect):
            said.send_text("more than it takes in")  # waits, as long as nobody ends it
        loop.call_soon_threadsafe(browser.gate.set)
        return "let go"

    assert conversation(talk, open_at_once=False)[1] == "let go"


def test_it_is_let_go_before_the_app_is_told_that_it_ends() -> None:
    told: list[str] = []

    async def app(_: Any, receive: Any, send: Any) -> None:
        while (event := (await receive())["type"]) != "lifespan.shutdown":
            told.append(event)
        told.append(event)

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.shutdown" if told else "lifespan.startup"}

    guard = Guard(app, Door(), Path(), at_end=lambda: told.append("let go"))
    asyncio.run(guard({"type": "lifespan"}, receive, receive))
    assert told == ["lifespan.startup", "let go", "lifespan.shutdown"]
