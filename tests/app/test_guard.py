"""What a browser or a neighbour on the network may send, by protocol: all but what our pages need is refused."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kantelpunt.viz.app.security.middleware import HEADERS, cookies, passed_on
from kantelpunt.viz.app.security.protocol import MOST_SAID, Foreign, understood
from tests.app.browser import ROOT_PATH, Served
from tests.app.talk import Header, Talk, ask, framed

FORGED = (
    "http://evil.example",
    "null",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:1",
    "http://localhost:{port}",
    "http://127.0.0.1:{port}.evil.example",
)
FOREIGN_HOSTS = (
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1:1",
    "127.0.0.1",
    "192.0.2.1:{port}",
    "127.0.0.1:{port}@evil.example",
    "",
    "0.0.0.0:{port}",
)
PAGES = ("/", "/compare", "/explore", "/about")


PROXY: tuple[Header, ...] = (
    ("X-Script-Name", "//evil.example/x"), ("Script-Name", "/evil.example"), ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "https"), ("X-Forwarded-Prefix", "/evil.example"), ("Forwarded", "host=evil.example;proto=https"),
)  # fmt: skip


class Fresh(NamedTuple):
    """An app that asks for a code and has a folder of its own for what pages load, and how it answered its first request."""

    served: Served
    folder: Path
    kept: Header
    first: HTTPResponse
    page: str


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Give an app whose first request came with headers of somebody who would be its proxy."""
    folder = tmp_path_factory.mktemp("files")
    served = Served("--code", SOLARA_ASSETS_PROXY_CACHE_DIR=str(folder))
    kept = ("Cookie", f"kantelpunt-{served.port}={served.code}")
    yield Fresh(served, folder, kept, *ask(served.port, "/", kept, *PROXY))
    served.stop()


# --- names and origins


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_another_name_than_what_is_served_is_refused(served: Served, host: str) -> None:
    host = host.format(port=served.port)
    assert ask(served.port, "/", ("Host", host))[0].status in (400, 403)
    with pytest.raises(InvalidStatus, match=r"40[03]"):
        Talk(served.port, additional_headers={"Host": host})


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_the_names_of_this_machine_are_known(served: Served, host: str) -> None:
    host = host.format(port=served.port)
    assert ask(served.port, "/about", ("Host", host), ("Origin", f"http://{host.lower()}"))[0].status == 200


def test_two_names_at_once_are_refused(served: Served) -> None:
    own = f"127.0.0.1:{served.port}"
    assert ask(served.port, "/", ("Host", own), ("Host", "evil.example"))[0].status in (400, 403)
    assert ask(served.port, "/", ("Host", own), ("Origin", f"http://{own}"), ("Origin", "http://evil.example"))[0].status == 403


@pytest.mark.parametrize("origin", FORGED)
def test_a_page_of_another_site_is_refused(served: Served, origin: str) -> None:
    origin = origin.format(port=served.port)
    assert ask(served.port, "/", ("Origin", origin))[0].status == 403
    with pytest.raises(InvalidStatus, match="403"):
        Talk(served.port, origin=origin)


def test_what_a_browser_says_of_a_foreign_page_is_believed(served: Served) -> None:
    script = "/static/assets/favicon.svg"
    for site in ("cross-site", "same-site"):
        assert ask(served.port, script, ("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", "script"))[0].status == 403
        assert ask(served.port, "/", ("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", "iframe"))[0].status == 403
        assert ask(served.port, "/about", ("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", "document"))[0].status == 200  # a link
    assert ask(served.port, script, ("Sec-Fetch-Site", "same-origin"))[0].status == 200


def test_a_further_name_is_known_where_it_was_given(coded: Served) -> None:
    path = f"/about?token={coded.code}"
    for host in ("app.example.org", f"APP.example.org:{coded.port}"):
        assert ask(coded.port, path, ("Host", host), ("Origin", "https://app.example.org"))[0].status == 200
    for host in ("app.example.org:1", "other.example.org", "app.example.org.evil.example"):
        assert ask(coded.port, path, ("Host", host))[0].status == 403
    assert ask(coded.port, path, ("Origin", "https://app.example.org:1"))[0].status == 403


# --- what may be asked for


NOWHERE = """
    /readyz /resourcez?verbose /jupyter/api/kernels/x /_solara/api/evict/x /static/public/x /nothing //evil.example/ /static/../x
    /static/assets/..%2f..%2fstarlette.py /static/assets/%2e%2e/style.css /static/solara_bootstrap.py
    /jupyter/nbextensions/../x.js
    /_solara/cdn/@widgetti/solara-vuetify-app@10.1.1/../../../x /_solara/cdn/vega@5.21.0/build/vega.js
    /_solara/cdn/requirejs@2.3.6/nothing.js /_solara/cdn/%5c..%5cx
    /static/assets/style.css%00 /static/assets/ /static/assets//etc/passwd
"""


@pytest.mark.parametrize("path", NOWHERE.split())
def test_whatever_is_no_part_of_the_app_is_not_there(served: Served, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        assert ask(served.port, path, method=method)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
def test_a_page_can_only_be_got(served: Served, method: str) -> None:
    assert ask(served.port, "/about", method=method)[0].status == 405


def test_nothing_can_be_sent_but_over_the_websocket(served: Served) -> None:
    assert ask(served.port, "/_solara/api/close/x?session_id=y", method="POST", body=b"x" * 10)[0].status == 413
    assert ask(served.port, "/_solara/api/close/x?session_id=y", method="POST")[0].status == 200
    for query in ("", "?session_id=", "?session_id=x&session_id=y", "?session_id=../x"):
        assert ask(served.port, f"/_solara/api/close/x{query}", method="POST")[0].status == 404


def test_a_folder_of_what_pages_load_stays_where_it_is(fresh: Fresh) -> None:
    inside = fresh.folder / "@widgetti" / "solara-vuetify-app@1.0.0" / "dist"
    inside.mkdir(parents=True)
    (inside / "main.js").write_text("1")
    for part in ("dist", "dist/", "", "dist/main.js/x"):
        assert ask(fresh.served.port, f"/_solara/cdn/@widgetti/solara-vuetify-app@1.0.0/{part}", fresh.kept)[0].status == 404
    assert ask(fresh.served.port, "/_solara/cdn/@widgetti/solara-vuetify-app@1.0.0/dist/main.js", fresh.kept)[1] == "1"
    assert (inside / "main.js").exists()


def test_headers_of_the_first_request_decide_nothing(fresh: Fresh) -> None:
    plain, again = ask(fresh.served.port, "/", fresh.kept)
    assert fresh.page == again and "solara" in again
    assert "evil.example" not in fresh.page + str(fresh.first.headers)
    assert "Secure" not in str(fresh.first.headers)
    assert fresh.first.headers["content-security-policy"] == plain.headers["content-security-policy"]


def test_a_proxy_may_give_the_app_a_path_of_its_own(proxied: Served) -> None:
    for before in ("", ROOT_PATH):  # whether the proxy takes it off or not
        answer, page = ask(proxied.port, f"{before}/about")
        assert answer.status == 200
        assert f'src="{ROOT_PATH}/_solara/cdn/' in page
        assert f"Path={ROOT_PATH};" in str(answer.headers)
        script = re.search(rf'src="{ROOT_PATH}(/_solara/cdn/requirejs[^"]+)"', page).group(1)  # type: ignore[union-attr]
        assert ask(proxied.port, before + script)[0].status == 200
    assert ask(proxied.port, f"{ROOT_PATH}s")[0].status == 404


# --- what is said with every answer


@pytest.mark.parametrize(
    "path", ["/", "/about?lang=en", "/static/assets/style.css", "/nothing", "/_solara/cdn/requirejs@2.3.6/require.js"]
)
def test_every_answer_stays_where_it_belongs(served: Served, path: str) -> None:
    answer, page = ask(served.port, path)
    for name in HEADERS:
        assert answer.headers.get_all(name) and len(answer.headers.get_all(name)) == 1  # type: ignore[arg-type]
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["server"] is None
    for cookie in answer.headers.get_all("set-cookie") or []:
        assert "HttpOnly" in cookie and re.search("SameSite=(Lax|Strict)", cookie)
    assert bool(answer.headers.get_all("set-cookie")) == page.lstrip().startswith("<!doctype html>")


# --- the code


def test_without_the_code_there_is_nothing_to_see(coded: Served) -> None:
    for path in (*PAGES, "/static/assets/style.css", "/nothing", "/?token=", "/?token=x", "/?token=é"):
        answer, said = ask(coded.port, path.replace("é", "%C3%A9"))
        assert answer.status == 403 and "Kantelpunt" not in said and coded.code not in said
    for query in ("", "&token=x"):
        with pytest.raises(InvalidStatus, match="403"):
            Talk(coded.port, query=query)
    assert ask(coded.port, "/", ("Cookie", f"kantelpunt-{coded.port}=x"))[0].status == 403
    assert ask(coded.port, "/_solara/api/close/x?session_id=y", method="POST")[0].status == 403


def test_the_code_is_kept_as_a_cookie_and_leaves_the_address(coded: Served) -> None:
    answer, page = ask(
        coded.port,
        f'/compare?lang=en&q="><script>&token={coded.code}'.replace('"', "%22").replace("<", "%3C").replace(">", "%3E"),
    )
    cookie = answer.headers["set-cookie"]
    assert answer.status == 200 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert coded.code not in page and "<script" not in page and "/compare?lang=en&amp;q=%22%3E" in page
    kept = ("Cookie", cookie.partition(";")[0])
    assert "solara" in ask(coded.port, "/compare?lang=en", kept)[1]
    with Talk(coded.port, additional_headers=[kept]) as talk:
        talk.run()
    assert ask(coded.port, f"/compare?token={coded.code}x", kept)[0].status == 403


def test_the_code_differs_every_time(coded: Served, fresh: Fresh) -> None:
    assert fresh.served.code != coded.code and len(fresh.served.code) >= 22


# --- what may be said over the websocket


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


@pytest.mark.slow
def test_who_is_slow_keeps_no_connection(served: Served) -> None:
    with (
        socket.create_connection(("127.0.0.1", served.port)) as silent,
        socket.create_connection(("127.0.0.1", served.port)) as slow,
    ):
        silent.settimeout(60)
        slow.settimeout(0.5)
        began, said = time.monotonic(), b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + b"x" * 200
        with pytest.raises(OSError, match=r"reset|Broken"):
            for byte in said:
                slow.send(bytes([byte]))
                time.sleep(0.5)
        assert time.monotonic() - began < 60
        with contextlib.suppress(ConnectionResetError):
            assert silent.recv(1) == b""


@pytest.mark.parametrize("other", ["", 'a="' + "\\" * 60_000 + '"; ', "a=b; " * 12_000, "a; =; ;; "])
def test_only_the_name_of_a_session_is_passed_on(other: str) -> None:
    headers = [(b"host", b"x"), (b"cookie", (other + 'solara-session-id=abc-1; solara-session-id-lax="a b"').encode())]
    asked = passed_on({"headers": headers}, "/", compressed=False)
    assert asked["headers"] == [(b"host", b"x"), (b"cookie", b"solara-session-id=abc-1")]


def test_a_code_is_read_without_undoing_quotes() -> None:
    assert cookies(Headers({"cookie": r'a="\\"; kantelpunt-1=code'})) == {"a": r'"\\"', "kantelpunt-1": "code"}


@pytest.mark.parametrize("length", [300, 5_000])
def test_too_long_a_name_is_of_no_file(served: Served, length: int) -> None:
    assert ask(served.port, "/_solara/cdn/requirejs@" + "a" * length)[0].status == 404


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
