"""The messages of a page of the app over its websocket: these pass, and no others.

The protocol of widgets lets a browser create any widget, set any property and have any module imported.  Our pages need little
of it.
"""

import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any, NoReturn

OURS, WIDGETS, STATES = "solara.control", "jupyter.widget", "jupyter.widget.control"
TRAITS = {"location": str, "request_download": bool, "dark_effective": bool}  # what pages set; all else they tell by events
COLOURS = ("primary", "secondary", "accent", "error", "info", "success", "warning", "anchor")
EVENT = re.compile(r"[a-z][a-z_]{0,30}(\.[a-z]{1,20}){0,4}")
FILE_SENT = "send"  # the event of `file_drop.vue`, the only one with which a file comes
ID = re.compile(r"[A-Za-z0-9-]{1,64}")
LONGEST = 20_000  # characters of an address
MOST_SAID = 60_000  # bytes of a message without its file: an address in it, with whatever has to be escaped
MOST_PARTS = 5_000  # lists, tables and values of a message, each of which weighs far more in memory than the sign that it takes
Table = dict[str, Any]


class Foreign(Exception):
    """A message that no page of ours sends."""


def understood(data: str | bytes) -> Table:
    """Return the message in a frame that passes; raises Foreign for any other."""
    try:
        text, buffers = (data, 0) if isinstance(data, str) else unpacked(data)
        require(len(text) <= MOST_SAID)
        said = text.encode() if isinstance(text, str) else text
        require(len(said) <= MOST_SAID and sum(map(said.count, (b"[", b"{", b","))) <= MOST_PARTS)
        message = json.loads(text, parse_float=finite, parse_constant=refuse)
        json.dumps(message, ensure_ascii=False).encode()  # half a character cannot be written anywhere
        refuse_foreign(message, buffers)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error) as error:
        raise Foreign from error
    return message


def unpacked(frame: bytes) -> tuple[bytes, int]:
    """Return the message at the head of a binary frame, and how many files come with it: one, or none."""
    count = struct.unpack_from("!I", frame)[0]
    if not 1 <= count <= 2:
        raise Foreign
    first, *rest = struct.unpack_from(f"!{count}I", frame, 4)
    end = rest[0] if rest else len(frame)
    if not 4 * (count + 1) == first <= end <= len(frame):
        raise Foreign
    return frame[first:end], len(rest)


def finite(text: str) -> float:
    """Return a number that is one."""
    number = float(text)
    return number if math.isfinite(number) else refuse(text)


def refuse(text: str) -> NoReturn:
    """Raise Foreign for NaN and infinities."""
    raise Foreign(text)


def refuse_foreign(message: Table, buffers: int) -> None:
    """Raise Foreign, or what looking at something else than a message raises, unless one of our pages may say this."""
    content = message["content"]
    require(message["channel"] in ("shell", "control") and not message.get("buffers"))
    require(all(isinstance(each, dict) for each in (content, message["header"], message["metadata"])))
    allowed = KINDS[message["header"]["msg_type"]](content)
    require(allowed and (not buffers or content["data"]["content"]["event"] == FILE_SENT))


def require(holds: Any) -> None:
    """Raise Foreign where something does not hold."""
    if not holds:
        raise Foreign


def opens(content: Table) -> bool:
    """Return whether our own channel is opened, or the one that tells all states, which `answer` closes again."""
    return ID.fullmatch(content["comm_id"]) is not None and content["target_name"] in (OURS, STATES)


def tells(content: Table) -> bool:
    """Return whether a widget, or our own channel, is told what it may be told."""
    data = content["data"]
    return ID.fullmatch(content["comm_id"]) is not None and METHODS[data["method"]](data)


def closes(content: Table) -> bool:
    """Return whether a channel is closed."""
    return ID.fullmatch(content["comm_id"]) is not None


def sets(data: Table) -> bool:
    """Return whether properties are set that pages set."""
    state = data["state"]
    right = all(type(value) is TRAITS[name] and len(str(value)) <= LONGEST for name, value in state.items())
    return right and not data.get("buffer_paths")


def happens(data: Table) -> bool:
    """Return whether an event is told of, and nothing is created, referred to or destroyed by it."""
    content = data["content"]
    return content.keys() <= {"event", "data"} and EVENT.fullmatch(content["event"]) is not None


def runs(data: Table) -> bool:
    """Return whether a page of this app is asked for."""
    asked = data["args"]
    path = asked["path"]
    return path.startswith("/") and len(path) <= LONGEST and asked.get("appName") is None and plain(asked.get("themes"))


def plain(themes: Any) -> bool:
    """Return whether this is light and dark, each with colours by name."""
    tables = (themes or {}).items()
    return all(name in ("light", "dark") and all(map(colour, table.items())) for name, table in tables)


def colour(named: tuple[str, Any]) -> bool:
    """Return whether this is a colour with its name."""
    name, value = named
    return name in COLOURS and (value is None or isinstance(value, str))


def anything(content: Table) -> bool:
    """Return that there is nothing in it that could do harm."""
    return True


METHODS: dict[str, Callable[[Table], bool]] = {
    "run": runs, "app-status": anything, "update": sets, "custom": happens, "request_state": anything, "request_states": anything,
}  # fmt: skip
KINDS: dict[str, Callable[[Table], bool]] = {
    "comm_open": opens, "comm_msg": tells, "comm_close": closes,
    "kernel_info_request": anything, "shutdown_request": anything,
    "comm_info_request": lambda content: content["target_name"] == WIDGETS,
}  # fmt: skip


def answer(message: Table) -> str | None:
    """Return what is said to somebody who asks for the states of all widgets at once, and nothing for anybody else.

    Solara keeps one such channel for all sessions, so that one would get the states of another; a page that is told that it is
    closed asks each of its widgets.
    """
    content = message["content"]
    if content.get("target_name") != STATES:
        return None
    header = {**message["header"], "msg_type": "comm_close"}
    closed = {"comm_id": content["comm_id"], "data": {}}
    told = {"header": header, "parent_header": message["header"], "metadata": {}, "content": closed, "channel": "iopub"}
    return json.dumps({**told, "msg_type": "comm_close", "msg_id": header.get("msg_id", ""), "buffers": []})
