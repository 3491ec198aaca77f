"""A session of the app without a browser: it speaks the widget protocol of Solara over its websocket, so that many fit."""

import asyncio
import contextlib
import json
import struct
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SETTLED = 0.3  # seconds in which nothing changes any more


class Client:
    """One session, as a page in a browser would have it.

    Parameters
    ----------
    address : where the app is served.
    path : the page, with what stands behind its question mark.
    """

    def __init__(self, address: str, path: str) -> None:
        """Hold where to go; nothing is opened yet."""
        self.host, self.origin, self.path = urlsplit(address).netloc, address, path
        self.kernel, self.page = str(uuid.uuid4()), str(uuid.uuid4())
        self.widgets: dict[str, dict[str, Any]] = {}
        self.heard = time.monotonic()
        self.closed: ConnectionClosed | None = None

    async def open(self) -> None:
        """Connect, and ask for the page."""
        url = f"ws://{self.host}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.page}"
        cookie = {"Cookie": f"solara-session-id={uuid.uuid4()}"}
        self.socket: ClientConnection = await connect(
            url, additional_headers=cookie, origin=self.origin, max_size=None, open_timeout=60, ping_interval=None, proxy=None
        )  # type: ignore[call-arg]
        self.listening = asyncio.create_task(self._listen())
        control = uuid.uuid4().hex
        await self.send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}, "target_module": None})
        page = {"path": self.path, "appName": None, "themes": {"light": {}, "dark": {}}, "dark": False}
        await self.send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": page}})

    async def send(self, kind: str, content: dict[str, Any], *buffers: bytes) -> None:
        """Send a message as a browser does."""
        header = {"msg_id": uuid.uuid4().hex, "username": "", "session": self.page, "msg_type": kind, "version": "5.2"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        if not buffers:
            await self.socket.send(json.dumps({**message, "buffers": []}))
            return
        parts = [json.dumps(message).encode(), *buffers]
        places = [4 * (len(parts) + 1) + sum(map(len, parts[:i])) for i in range(len(parts))]
        await self.socket.send(struct.pack(f"!{len(parts) + 1}I", len(parts), *places) + b"".join(parts))

    async def event(self, widget: str, name: str, data: Any = None, *buffers: bytes) -> None:
        """Let something happen to a widget, such as a move of a slider."""
        content = {"comm_id": widget, "data": {"method": "custom", "content": {"event": name, "data": data}}}
        await self.send("comm_msg", content, *buffers)

    async def _listen(self) -> None:
        try:
            async for raw in self.socket:
                self.heard = time.monotonic()
                self._hear(json.loads(first(raw) if isinstance(raw, bytes) else raw))
        except ConnectionClosed as closed:
            self.closed = closed

    def _hear(self, message: dict[str, Any]) -> None:
        content = message.get("content", {})
        kind, widget = message.get("header", {}).get("msg_type"), content.get("comm_id")
        if kind == "comm_close":
            self.widgets.pop(widget, None)
        elif kind in ("comm_open", "comm_msg"):
            self.widgets.setdefault(widget, {}).update(content["data"].get("state") or {})

    def having(self, *names: str) -> list[str]:
        """Return the widgets that have all of these, in the order in which they came."""
        return [widget for widget, state in self.widgets.items() if all(name in state for name in names)]

    def of_class(self, name: str) -> list[str]:
        """Return the classes of all elements that have this class."""
        return [str(each["class_"]) for each in self.widgets.values() if name in str(each.get("class_", "")).split()]

    def text(self) -> str:
        """Return all that the page shows in words."""
        shown: list[str] = []
        for state in self.widgets.values():
            for name in ("children", "label", "shown", "title", "innerHTML", "inner_html", "value"):
                some = state.get(name)
                shown += [each for each in (some if isinstance(some, list) else [some]) if isinstance(each, str)]
        return "\n".join(each for each in shown if not each.startswith("IPY_MODEL_"))

    async def until(self, true: Any, most: float) -> float | None:
        """Return after how many seconds something became true and stayed so; None where it did not.

        It is looked at again whenever the server has said something.
        """
        begin, since, looked = time.monotonic(), None, 0.0
        while time.monotonic() - begin < most + SETTLED:
            if looked != self.heard:
                looked = self.heard
                since = (since or looked) if true() else None
            if since and time.monotonic() - since >= SETTLED:
                return max(since - begin, 0.0)
            await asyncio.sleep(0.05)
        return None

    async def close(self) -> None:
        """Go away."""
        self.listening.cancel()
        with contextlib.suppress(ConnectionClosed):
            await self.socket.close()


def first(raw: bytes) -> bytes:
    """Return the first part of a message in parts."""
    n = struct.unpack("!I", raw[:4])[0]
    places = [*struct.unpack(f"!{n}I", raw[4 : 4 * (n + 1)]), len(raw)]
    return raw[places[0] : places[1]]
