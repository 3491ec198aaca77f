"""Whatever goes wrong behind a page is a message on it in the reader's language: every page and every handler that there is."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipyvue
import pytest
import solara

from kantelpunt.viz import app
from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.app.routes import routes
from kantelpunt.viz.app.widgets import background, event_handlers, html
from kantelpunt.viz.app.widgets.frame import Frame
from kantelpunt.viz.app.widgets.gathered import Gathered, Turns
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.test_pages import HEADINGS, everything

LINK = "click.prevent.stop"  # of Solara's own links
ODD = (None, -1, 1e308, float("nan"), "", "x" * 500, [], {}, {"key": 0}, {"number": 0, "side": 7}, True)


def opened(route: Any, language: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """Return a page in its frame, as the server draws it."""
    monkeypatch.setenv("KANTELPUNT_LANG", language)
    page = Frame(children=[route.component()])
    return solara.render(solara.RoutingProvider(children=[page], routes=routes, pathname="/"), handle_error=False)


def widgets(widget: Any) -> Iterator[Any]:
    """Yield all widgets of a page."""
    yield widget
    for child in getattr(widget, "children", None) or []:
        if not isinstance(child, str):
            yield from widgets(child)


def handlers(box: Any) -> dict[str, Callable[[Any], None]]:
    """Return what a browser can set off on a page, by the place where it is."""
    found: dict[str, Callable[[Any], None]] = {}
    for i, widget in enumerate(widgets(box)):
        label = f"{i} {type(widget).__name__}"
        for name in getattr(widget, "_event_callbacks", {}):
            found[f"{label} {name}"] = getattr(widget, f"vue_{name}")
        if isinstance(widget, ipyvue.VueWidget) and getattr(widget, "attributes", None):
            for name in set(getattr(widget, "_event_handlers_map", {})) - {LINK}:
                found[f"{label} {name}"] = lambda data, widget=widget, name=name: widget.fire_event(name, data)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", routes, ids=lambda route: route.path)
def test_an_exception_in_any_handler_is_a_message_and_the_page_stays(route, language: str, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    real, struck = event_handlers.handled, []

    def striking(handler: Callable[..., Any]) -> Callable[..., None]:
        def strike(*_: Any, **__: Any) -> None:
            struck.append(handler)
            raise RuntimeError("struck")

        return real(strike)

    for module in (event_handlers, html):
        monkeypatch.setattr(module, "handled", striking)
    t = Text(language)
    box, context = opened(route, language, monkeypatch)
    found = handlers(box)
    assert len(found) > 5
    for name, handler in found.items():
        handler(0)
        shown = everything(box)
        assert struck, f"the handler {name} is not guarded"
        assert t("upload.failed") in shown and t(HEADINGS[route.path]) in shown
        assert "Traceback" not in shown and "RuntimeError" not in shown
        struck.clear()
    context.close()


@pytest.mark.parametrize("route", routes, ids=lambda route: route.path)
def test_no_handler_breaks_its_page_whatever_a_browser_sends(route, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    box, context = opened(route, "en", monkeypatch)
    for handler in [each for name, each in handlers(box).items() if not name.endswith(" click")]:
        for data in ODD:
            handler(data)
    shown = everything(box)
    assert Text("en")("frame.not_a_forecast") in shown and "Traceback" not in shown
    context.close()


@pytest.mark.parametrize("route", routes, ids=lambda route: route.path)
def test_an_event_of_which_a_widget_knows_nothing_does_nothing(route, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    box, context = opened(route, "nl", monkeypatch)
    before = everything(box)
    heard = [each for each in widgets(box) if hasattr(each, "_handle_event")]
    assert len(heard) > 5
    for widget in heard:
        widget._handle_event(widget, {"event": "no_such_thing", "data": {}}, [])
    assert everything(box) == before
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_cannot_be_drawn_gives_way_to_a_message(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = solara.reactive(False)

    @solara.component
    def Broken() -> None:
        if wrong.value:
            raise ZeroDivisionError
        html.tag("p", "all is well")

    class Route:
        component = Broken

    box, context = opened(Route, language, monkeypatch)
    assert "all is well" in everything(box)
    wrong.set(True)
    shown = everything(box)
    assert Text(language)("upload.failed") in shown and "ZeroDivisionError" not in shown and "all is well" not in shown
    wrong.set(False)
    next(each for each in widgets(box) if getattr(each, "tag", "") == "button").fire_event("click", None)
    assert "all is well" in everything(box) and Text(language)("upload.failed") not in everything(box)
    context.close()


def test_every_component_in_vue_and_every_task_goes_through_what_guards_it() -> None:
    for path in (each for folder in app.__path__ for each in Path(folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "component_vue(" not in text or path.name == "event_handlers.py", path.name
        assert "use_task(" not in text or path.name == "background.py", path.name
        assert "use_event(" not in text or "handled(" in text, path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_that_fails_leaves_a_message_in_its_place(language: str) -> None:
    t = Text(language)
    assert isinstance(background.attempted(lambda: 1 / 0), Refused)
    box, context = solara.render(background.Drawn(t, lambda: str(1 / 0), []), handle_error=False)
    end = time.monotonic() + 10
    while t("picture.failed") not in everything(box) and time.monotonic() < end:
        time.sleep(0.02)
    assert t("picture.failed") in everything(box)
    context.close()


def test_many_changes_at_once_are_drawn_a_few_times_and_the_last_is_seen() -> None:
    seen: list[int] = []
    at, done = [0], threading.Event()

    def draw() -> None:
        seen.append(at[0])
        if at[0] == 499:
            done.set()

    gathered = Gathered(draw)
    for i in range(500):
        at[0] = i
        gathered()
    assert done.wait(10) and len(seen) < 100


def test_a_browser_that_takes_nothing_in_holds_up_one_drawing_however_much_changes() -> None:
    stuck, drawn = threading.Event(), list[str]()

    def draw() -> None:
        drawn.append(threading.current_thread().name)
        stuck.wait(60)

    gathered = Gathered(draw)
    begin = time.monotonic()
    for _ in range(20):
        gathered()
        time.sleep(0.02)
    assert time.monotonic() - begin < 5.0  # whoever tells of changes does not wait
    assert drawn == ["drawing"]
    stuck.set()
    end = time.monotonic() + 10
    while len(drawn) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(drawn) == 2  # what changed meanwhile is seen


def test_a_drawing_that_fails_is_not_the_last_one() -> None:
    tries, drawn = list[int](), threading.Event()

    def draw() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise SystemExit  # which ends a thread without a word
        drawn.set()

    gathered = Gathered(draw)
    end = time.monotonic() + 10
    while not drawn.wait(0.1) and time.monotonic() < end:
        gathered()
    assert drawn.is_set()


def test_pages_are_drawn_one_after_another_in_the_order_in_which_they_came() -> None:
    turns, drawn, at_once = Turns(60.0), list[int](), [0]

    def draw(i: int) -> None:
        with turns.turn():
            at_once[0] += 1
            assert at_once[0] == 1
            time.sleep(0.01)
            drawn.append(i)
            at_once[0] -= 1

    threads = [threading.Thread(target=draw, args=(i,)) for i in range(10)]
    for each in threads:
        each.start()
        time.sleep(0.002)
    for each in threads:
        each.join(10)
    assert drawn == list(range(10))


def test_a_page_whose_browser_takes_nothing_in_keeps_others_waiting_for_a_moment_only() -> None:
    turns, stuck, others = Turns(0.05), threading.Event(), list[int]()

    def hang() -> None:
        with turns.turn():
            stuck.wait(60)

    def draw(i: int) -> None:
        with turns.turn():
            others.append(i)

    first = threading.Thread(target=hang)
    first.start()
    threads = [threading.Thread(target=draw, args=(i,)) for i in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)
    assert sorted(others) == [0, 1, 2] and first.is_alive()
    stuck.set()
    first.join(10)
    with turns.turn():  # and who was passed over leaves nothing behind
        assert not first.is_alive()


def test_a_page_that_was_passed_over_while_it_waited_is_drawn_as_well() -> None:
    turns, drawn = Turns(60.0), threading.Event()

    def draw() -> None:
        with turns.turn():
            drawn.set()

    first = turns.turn()
    with first:
        waiting = threading.Thread(target=draw)
        waiting.start()
        while len(turns._line) < 2:
            time.sleep(0.001)
        with turns._moved:
            turns._leave(turns._line[1])  # as those behind it do where it is slow to come
        waiting.join(10)
        assert drawn.is_set() and not waiting.is_alive()


def test_a_drawing_that_fails_gives_its_turn_away() -> None:
    turns = Turns(60.0)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    done = threading.Thread(target=lambda: turns.turn().__enter__())
    done.start()
    done.join(5)
    assert not done.is_alive()
