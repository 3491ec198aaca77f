"""A neighbour without a browser: sends any request, and speaks the protocol of widgets over a websocket."""

import json
import struct
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Header = tuple[str, str]


def ask(port: int, path: str, *headers: Header, method: str = "GET", body: bytes = b"") -> tuple[HTTPResponse, str]:
    """Send a request with these headers, and those that a browser would send where they are not among them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    given = {name.lower() for name, _ in headers}
    for name, value in (*headers, *([] if "host" in given else [("Host", f"127.0.0.1:{port}")])):
        if value:
            connection.putheader(name, value)
    if body or method == "POST":
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer, text


class Talk:
    """A session over a websocket, with all that the app tells it."""

    def __init__(self, port: int, path: str = "/about", query: str = "", **options: Any) -> None:
        """Open the websocket; raises what the library raises where it is refused."""
        self.kernel, self.page, self.states, self.heard = uuid.uuid4().hex, uuid.uuid4().hex, {}, []  # type: ignore[var-annotated]
        address = f"ws://127.0.0.1:{port}/jupyter/api/kernels/{self.kernel}/channels?session_id={self.page}{query}"
        self.left = ExitStack()
        self.socket = self.left.enter_context(connect(address, max_size=None, proxy=None, open_timeout=60, **options))
        self.path = path

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.left.close()

    def message(self, kind: str, content: Any) -> dict[str, Any]:
        """Return a message of this session."""
        header = {"msg_id": uuid.uuid4().hex, "username": "u", "session": self.page, "msg_type": kind, "version": "5.2"}
        return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}

    def send(self, kind: str, content: Any, **changed: Any) -> None:
        """Send a message, with some of it changed."""
        self.socket.send(json.dumps({**self.message(kind, content), **changed}))

    def tell(self, comm: str, **data: Any) -> None:
        """Send a message to a widget."""
        self.send("comm_msg", {"comm_id": comm, "data": data})

    def run(self) -> None:
        """Have the page drawn, and hear of all its widgets."""
        self.send("comm_open", {"comm_id": "control", "target_name": "solara.control", "data": {}, "target_module": None})
        self.tell(
            "control", method="run", args={"path": self.path, "appName": None, "themes": {"light": {}, "dark": {}}, "dark": False}
        )
        self.until(lambda: any('"finished"' in each for each in self.heard))

    def until(self, holds: Callable[[], bool], most: float = 60.0) -> None:
        """Listen until something holds; raises AssertionError where it does not come, and what the library raises at the end."""
        late = time.monotonic() + most
        while not holds():
            assert time.monotonic() < late
            self.listen(self.socket.recv(timeout=most))

    def listen(self, frame: str | bytes) -> None:
        """Keep what is said."""
        text = frame if isinstance(frame, str) else frame[slice(*struct.unpack_from("!2I", frame, 4))].decode()
        self.heard.append(text)
        content = json.loads(text)["content"]
        if "state" in content.get("data", {}):
            self.states.setdefault(content["comm_id"], {}).update(content["data"]["state"])

    def widget(self, *keys: str) -> str:
        """Return a widget that has these properties."""
        return next(comm for comm, state in self.states.items() if state.keys() >= set(keys))

    def ended(self) -> int | None:
        """Return with which code the other side ends it, and None where it goes on."""
        before = len(self.heard)
        try:
            self.send("kernel_info_request", {})
            self.until(lambda: any('"kernel_info_reply"' in each for each in self.heard[before:]))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0
        return None


def framed(parts: Sequence[bytes]) -> bytes:
    """Return a binary frame of a message and its files."""
    ends = [4 * (len(parts) + 1)]
    for part in parts:
        ends.append(ends[-1] + len(part))
    return struct.pack(f"!{len(parts) + 1}I", len(parts), *ends[:-1]) + b"".join(parts)
