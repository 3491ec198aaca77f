"""Messages that are allowed over the websocket, by protocol: all but what our pages say ends the conversation."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.utils import ClientDisconnected
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kantelpunt.viz.app.security.middleware import MOST_CHANNELS, Sieve
from kantelpunt.viz.app.security.protocol import MOST_PARTS, MOST_SAID, Foreign, understood
from tests.app.browser import Served
from tests.app.talk import Talk, framed


def foreign_messages(marker: Path) -> dict[str, tuple[str, Any]]:
    """Return messages that no page of ours sends, each with its kind; {drop} and {link} stand for widgets."""
    write = ["--no-banner", "--HistoryManager.enabled=False", "-m", "timeit", "--", "-n1", "-r1", f"open({str(marker)!r}, 'w')"]
    made = {"create_widget": ["IPython", "start_ipython"], "props": {"argv": write}, "id": "x"}

    def custom(**content: Any) -> tuple[str, Any]:
        return "comm_msg", {"comm_id": "{drop}", "data": {"method": "custom", "content": content}}

    def update(**state: Any) -> tuple[str, Any]:
        return "comm_msg", {"comm_id": "{drop}", "data": {"method": "update", "state": state}}

    def control(method: str, **args: Any) -> tuple[str, Any]:
        return "comm_msg", {"comm_id": "control", "data": {"method": method, "args": {"path": "/", **args}}}

    state = {"_model_module": "@jupyter-widgets/controls", "_model_module_version": "2.0.0", "_model_name": "ImageModel"}
    return {
        "create": custom(**made),
        "create beside an event": custom(event="send", data={}, **made),
        "update_ref": custom(update_ref={"functionRef": "close"}, id="x", prop="y"),
        "destroy": custom(destroy_widget="x"),
        "no event": custom(),
        "dunder event": custom(event="__class__"),
        "template": update(template="<img src=x onerror=alert(1)>"),
        "instances": update(_component_instances=["IPY_MODEL_x"]),
        "children": update(children=["IPY_MODEL_x"]),
        "location as a number": update(location=3),
        "location without an end": update(location="/" * 20_001),
        "buffer paths": ("comm_msg", {"comm_id": "{drop}", "data": {"method": "update", "state": {}, "buffer_paths": [["a"]]}}),
        "another method": ("comm_msg", {"comm_id": "{drop}", "data": {"method": "echo_update", "state": {}}}),
        "open a widget": ("comm_open", {"comm_id": "w", "target_name": "jupyter.widget", "data": {"state": state}}),
        "open another channel": ("comm_open", {"comm_id": "w", "target_name": "jupyter.other", "data": {}}),
        "reload": control("reload"),
        "evict": control("evict"),
        "another app": control("run", appName="other"),
        "another site": control("run", path="http://evil.example"),
        "themes": control("run", themes={"light": {"comm": "x"}}),
        "theme of another name": control("run", themes={"__class__": {}}),
        "execute": ("execute_request", {"code": "1"}),
        "inspect": ("inspect_request", {"code": "1", "cursor_pos": 0}),
        "complete": ("complete_request", {"code": "1", "cursor_pos": 0}),
        "history": ("history_request", {}),
        "debug": ("debug_request", {}),
        "all channels": ("comm_info_request", {}),
        "a list": ("comm_msg", []),
        "no content": ("comm_msg", None),
        "half a character": custom(event="enter", data="\ud800"),
        "not a number": custom(event="move", data=float("nan")),
        "an infinity": custom(event="move", data=float("inf")),
    }


@pytest.mark.parametrize("name", foreign_messages(Path()))
def test_what_no_page_of_ours_says_ends_the_conversation(talking: Talk, tmp_path: Path, name: str) -> None:
    kind, content = foreign_messages(tmp_path / "marker")[name]
    with Talk(talking.socket.remote_address[1]) as talk:
        talk.send("comm_open", {"comm_id": "control", "target_name": "solara.control", "data": {}})
        assert talk.ended() is None
        talk.send(kind, content)
        assert talk.ended() == 1008
    assert not (tmp_path / "marker").exists()


@pytest.fixture(scope="module")
def talking(served: Served) -> Iterator[Talk]:
    """Give a session that only listens: others may not touch it."""
    with Talk(served.port) as talk:
        talk.run()
        yield talk
        assert talk.ended() is None


def test_a_place_to_drop_files_creates_nothing(served: Served, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    with Talk(served.port, "/compare") as talk:
        talk.run()
        drop = talk.widget("accept")
        kind, content = foreign_messages(marker)["create"]
        talk.send(kind, {**content, "comm_id": drop})
        assert talk.ended() == 1008
    assert not marker.exists()


@pytest.mark.parametrize(
    "frame",
    ["", "x", "[]", "3", "null", "{}", "[" * 100_000, b"", b"\0", b"\xff\xff\xff\xff", b"\0\0\0\1\0\0\0\x08",
     b"\0\0\0\2\0\0\0\x0c\0\0\0\x00",
     framed([b"{}", b"x"]), framed([b"{}", b"x", b"y"]), b"\0\0\0\1\xff\xff\xff\xff{}"],
)  # fmt: skip
def test_a_frame_that_is_no_message_ends_the_conversation(served: Served, frame: str | bytes) -> None:
    with Talk(served.port) as talk:
        talk.socket.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            talk.socket.recv(timeout=60)
    assert closed.value.rcvd and closed.value.rcvd.code == 1008


def test_files_come_in_binary_frames_only(served: Served) -> None:
    with Talk(served.port) as talk:
        content = {"comm_id": "x", "data": {"method": "custom", "content": {"event": "send", "data": {}}}}
        talk.send("comm_msg", content, buffers=[20_000_000_000])  # would be a file of so many zeros
        assert talk.ended() == 1008


def test_no_message_is_longer_than_those_of_a_page(served: Served) -> None:
    for size, code in ((MOST_SAID // 2, None), (MOST_SAID + 1, 1008)):
        with Talk(served.port) as talk:
            talk.tell("x", method="custom", content={"event": "enter", "data": "a" * size})
            assert talk.ended() == code


@pytest.mark.parametrize("part", [[], {}, 0])
def test_no_message_has_more_parts_than_those_of_a_page(served: Served, part: object) -> None:
    for parts, code in ((MOST_PARTS // 3, None), (MOST_PARTS + 1, 1008)):
        with Talk(served.port) as talk:
            talk.tell("x", method="custom", content={"event": "enter", "data": [part] * parts})
            assert talk.ended() == code


def test_a_page_has_few_channels_open_at_once(served: Served) -> None:
    def opened(talk: Talk, name: str) -> None:
        talk.send("comm_open", {"comm_id": name, "target_name": "solara.control", "data": {}})

    with Talk(served.port) as talk:
        for i in range(3 * MOST_CHANNELS):  # one after another, as pages that load again have them
            opened(talk, f"c{i}")
            talk.send("comm_close", {"comm_id": f"c{i}", "data": {}})
        assert talk.ended() is None
        for i in range(MOST_CHANNELS):
            opened(talk, f"d{i}")
        assert talk.ended() is None
        opened(talk, "more")
        assert talk.ended() == 1008


def test_states_of_all_widgets_are_told_to_nobody_at_once(served: Served) -> None:
    with Talk(served.port) as other, Talk(served.port) as talk:
        for each in (talk, other):
            each.run()
            each.send(
                "comm_open",
                {"comm_id": "all", "target_name": "jupyter.widget.control", "data": {}},
                metadata={"version": "1.0.0"},
            )
            each.tell("all", method="request_states")
            assert each.ended() is None
        for each in (talk, other):
            assert not any('"update_states"' in said for said in each.heard)
            assert any('"comm_close"' in said and '"all"' in said for said in each.heard)


@pytest.mark.parametrize(
    "path",
    ["/jupyter/api/kernels/x/shell", "/jupyter/api/kernels/../channels", "/", "/compare", "/jupyter/api/kernels/x/channels/"],
)
def test_a_websocket_stands_at_one_place(served: Served, path: str) -> None:
    from websockets.sync.client import connect

    for query in ("?session_id=x", "", "?session_id=", "?session_id=x&session_id=y", "?session_id=../x"):
        if path.endswith("x/channels") and query == "?session_id=x":
            continue
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{served.port}{path}{query}", proxy=None)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
words = st.sampled_from(["comm_open", "comm_msg", "comm_close", "comm_info_request", "shutdown_request", "execute_request"])
parts = st.fixed_dictionaries({}, optional={
    "comm_id": json_values, "target_name": json_values,
    "data": json_values | st.fixed_dictionaries({"method": st.sampled_from(["run", "update", "custom"])}, optional={
        "args": json_values, "state": json_values, "content": json_values}),
})  # fmt: skip


@given(words, parts, json_values)
def test_any_message_is_understood_or_foreign(kind: str, content: Any, other: Any) -> None:
    told = {"header": {"msg_type": kind}, "metadata": {}, "channel": "shell", "content": content, "more": other}
    with contextlib.suppress(Foreign):
        assert understood(json.dumps(told))["content"] == content


@given(st.binary() | st.text())
def test_any_frame_is_foreign(frame: str | bytes) -> None:
    with pytest.raises(Foreign):
        understood(frame)


def test_a_file_comes_with_the_event_of_a_place_to_drop_files_only() -> None:
    def told(event: str) -> bytes:
        content = {"comm_id": "x", "data": {"method": "custom", "content": {"event": event, "data": {}}}}
        message = {"header": {"msg_type": "comm_msg"}, "metadata": {}, "channel": "shell", "content": content}
        return framed([json.dumps(message).encode(), b"x"])

    assert understood(told("send"))
    with pytest.raises(Foreign):
        understood(told("click"))


def test_somebody_who_goes_with_a_last_word_leaves_no_error_behind() -> None:
    async def gone(_: Any) -> None:
        raise ClientDisconnected  # as the server says that nobody is there to hear an answer

    async def heard(*texts: str) -> Any:
        words = iter([{"type": "websocket.receive", "text": text} for text in texts] + [{"type": "websocket.disconnect"}])

        async def receive() -> Any:
            return next(words)

        return (await Sieve(receive, gone, lambda _: None)())["type"]

    asked = {"header": {"msg_type": "comm_open"}, "metadata": {}, "channel": "shell"}
    states = json.dumps({**asked, "content": {"comm_id": "x", "target_name": "jupyter.widget.control"}})
    for said in (["foreign"], [states], []):
        assert asyncio.run(heard(*said)) == "websocket.disconnect"
