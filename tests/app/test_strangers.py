"""Pages of another site in a real browser: a foreign name stands for this machine, as an attacker's name server would have it."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.app.browser import FOREIGN, ROOT_PATH, Page, Served

KNOCK = """(address) => new Promise((resolve) => {
  const socket = new WebSocket(`${address}/jupyter/api/kernels/k/channels?session_id=p`)
  socket.onopen = () => resolve('open')
  socket.onerror = () => resolve('refused')
})"""
FRAME = """(address) => new Promise((resolve) => {
  const frame = document.createElement('iframe')
  frame.onload = () => { try { resolve(frame.contentDocument ? 'read' : 'closed') } catch { resolve('closed') } }
  frame.src = address
  document.body.append(frame)
})"""
LOAD = """(address) => new Promise((resolve) => {
  const script = document.createElement('script')
  script.onload = () => resolve('loaded')
  script.onerror = () => resolve('refused')
  script.src = address
  document.head.append(script)
})"""
SCRIPT = "/_solara/cdn/requirejs@2.3.6/require.js"


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a page of another site."""
    folder = tmp_path_factory.mktemp("evil")
    (folder / "index.html").write_text("<!doctype html><title>any page</title><body>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{FOREIGN}:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def stranger(chromium: Any) -> Iterator[Any]:
    """Give an empty page in a browser that knows nothing yet."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_a_page_of_another_site_opens_no_websocket(served: Served, stranger: Any, foreign: str) -> None:
    stranger.goto(foreign)
    for place in (f"ws://127.0.0.1:{served.port}", f"ws://localhost:{served.port}", f"ws://{FOREIGN}:{served.port}"):
        assert stranger.evaluate(KNOCK, place) == "refused"
    stranger.goto(f"{served.address}/about")
    assert stranger.evaluate(KNOCK, served.address.replace("http", "ws")) == "open"


def test_a_page_of_another_site_loads_and_frames_nothing(served: Served, stranger: Any, foreign: str) -> None:
    stranger.goto(foreign)
    assert stranger.evaluate(LOAD, served.address + SCRIPT) == "refused"
    assert stranger.evaluate(FRAME, served.address + "/about") == "closed"
    assert not any(frame.url.startswith(served.address) for frame in stranger.frames)
    stranger.goto(f"{served.address}/about")
    assert stranger.evaluate(LOAD, served.address + SCRIPT) == "loaded"


def test_a_name_that_is_bound_to_this_machine_later_opens_nothing(served: Served, stranger: Any) -> None:
    answer = stranger.goto(f"http://{FOREIGN}:{served.port}/about")
    assert answer.status == 403
    assert "--allow-host" in stranger.inner_text("body")


def test_a_page_may_be_reached_by_a_link_of_another_site(served: Served, stranger: Any, foreign: str) -> None:
    stranger.goto(foreign)
    stranger.evaluate("(place) => { location = place }", f"{served.address}/about?lang=en")
    stranger.wait_for_selector("main h1", timeout=60_000)


def test_nothing_that_stands_in_a_page_runs_unless_the_app_put_it_there(served: Served, stranger: Any) -> None:
    stranger.goto(f"{served.address}/about")
    stranger.wait_for_selector("main h1", timeout=60_000)
    stranger.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    stranger.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))")
    stranger.wait_for_timeout(500)
    assert stranger.evaluate("window.ran") is None
    assert stranger.evaluate("document.cookie") == ""  # though there are some
    assert stranger.context.cookies()


def test_the_code_opens_the_app_once_and_for_all_that_follows(coded: Served, chromium: Any, foreign: str) -> None:
    view = Page(chromium, coded.address)
    view.page.goto(foreign)  # as a link in a mail that is read in a browser
    view.wrong.clear()
    view.page.evaluate("(place) => { location = place }", f"{coded.address}/about?lang=en&token={coded.code}")
    view.page.wait_for_selector("main h1", timeout=60_000)
    assert view.page.url == f"{coded.address}/about?lang=en"
    view.open("/compare?lang=en")
    assert {each["sameSite"] for each in view.context.cookies()} == {"Strict", "Lax"}
    assert all(each["httpOnly"] for each in view.context.cookies())
    view.close()
    assert not view.wrong


def test_a_page_goes_on_after_its_connection_broke(view: Page) -> None:
    page = view.open("/?lang=en")
    page.evaluate("solara.debug.dropConnection()")
    page.wait_for_function("solara.debug.reconnectCount === 1 && solara.debug.connectionStatus === 'connected'", timeout=60_000)
    page.click("nav a:has-text('About')")
    page.wait_for_selector("h1:has-text('About')", timeout=60_000)
    assert not page.evaluate("app.$data.needsRefresh")


def test_an_app_with_a_path_at_a_proxy_works_there(proxied: Served, chromium: Any) -> None:
    view = Page(chromium, proxied.address)
    page = view.open(f"{ROOT_PATH}/?lang=en")
    page.click("nav a:has-text('About')")
    page.wait_for_selector("h1:has-text('About')", timeout=60_000)
    assert page.url == f"{proxied.address}{ROOT_PATH}/about?lang=en"
    view.close()
    assert not view.wrong
