"""What a browser or a neighbour on the network may send, by protocol: all but what our pages need is refused."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from kantelpunt.viz.app.security.middleware import HEADERS, cookies, passed_on
from kantelpunt.viz.app.widgets import frame
from tests.app.browser import ROOT_PATH, Served
from tests.app.talk import Header, Talk, ask

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
PAGES = tuple(frame.PAGES.values())


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


def test_no_address_has_more_fields_than_any_of_ours(served: Served) -> None:
    for fields, status in ((40, 200), (4_000, 414)):
        assert ask(served.port, "/about?" + "&".join(f"a{i}=1" for i in range(fields)))[0].status == status


def test_a_session_is_of_the_browser_that_began_it(served: Served) -> None:
    own = ("Cookie", "solara-session-id=mine")
    with Talk(served.port, additional_headers=[own]) as talk:
        assert talk.ended() is None
        channel = f"ws://127.0.0.1:{served.port}/jupyter/api/kernels/{talk.kernel}/channels?session_id=x"
        close = f"/_solara/api/close/{talk.kernel}?session_id={talk.page}"
        for other in ([], [("Cookie", "solara-session-id=other")]):
            with pytest.raises(InvalidStatus, match="403"):
                connect(channel, proxy=None, additional_headers=other)
            assert ask(served.port, close, *other, method="POST")[0].status == 404
        with connect(channel, proxy=None, additional_headers=[own]):
            pass
        assert ask(served.port, close, own, method="POST")[0].status == 200
    assert "mismatch" not in "".join(served.said)


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


@pytest.mark.slow
def test_somebody_who_is_slow_keeps_no_connection(served: Served) -> None:
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
