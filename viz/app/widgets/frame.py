"""The frame around every page: the name, the four pages, the language, and what the app is not."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from kantelpunt.viz.text import LANGUAGE, LANGUAGES, Text, text

from ..kept import keep, left
from .error_boundary import Guarded
from .event_handlers import vue
from .html import Button, Change, tag

STYLE = Path(__file__).parent / "style.css"
PAGES = {"learn": "/", "helm": "/helm", "compare": "/compare", "explore": "/explore", "about": "/about"}

presenting = solara.reactive(False)


@vue("keys.vue")
def _Keys(event_press: Change, lang: str, full: bool, active: bool, title: str, path: str, search: str) -> None:
    """Keys that are pressed anywhere on the page (space, left, right, next, back, escape); see keys.vue."""


@vue("theme.vue")
def _Theme(label: str, hint: str) -> None:
    """The switch between light and dark; see theme.vue."""


@solara.component
def Place(t: Text, page: str, state: dict[str, str], full: bool = False, on_press: Callable[[str], None] | None = None) -> None:
    """Keep where a page stands, in its address and for visitors who come back; name it, and listen to keys where it has any."""
    keep(page, state)
    _Keys(
        lang=t.language,
        full=full,
        active=on_press is not None,
        title=f"{t(f'frame.{page}')} · {t('frame.title')}",
        path=PAGES[page],
        search=urlencode({"lang": t.language, **state}),
        event_press=lambda key: on_press and on_press(str(key)),
    )


def begun(page: str) -> dict[str, str]:
    """Return where a page begins: as its address says, or else where this browser left it; a hook."""
    asked = {name: value for name, value in query().items() if name != "lang"}
    return asked or left(page)


def query() -> dict[str, str]:
    """Return what stands behind the question mark of the address; a hook."""
    return dict(parse_qsl(solara.use_router().search or ""))


def use_text() -> Text:
    """Return the texts in the language of the address, or else of the command line; a hook."""
    return text(query().get("lang", os.environ.get(LANGUAGE, "nl")))


def address(path: str, **values: str) -> str:
    """Return an address with values behind a question mark."""
    return f"{path}?{urlencode(values)}" if values else path


@solara.component
def Frame(children: list[Any] = []) -> None:  # noqa: B006  Solara's own way
    """The frame of every page."""
    t = use_text()
    solara.Style(STYLE)
    Guarded(t, lambda: Framed(t, children))


@solara.component
def Framed(t: Text, children: list[Any]) -> None:
    """Draw the page in its frame."""
    router = solara.use_router()
    here = router.path.rstrip("/") or "/"
    with tag("div", class_="app presenting" if presenting.value else "app"):
        tag("div", t("frame.lost"), class_="unheard", role="alert")
        with tag("header", class_="top"):
            with solara.Link(address("/", lang=t.language)):
                tag("span", "Kantelpunt", class_="brand")
            with tag("nav", aria_label=t("frame.pages")):
                for name, path in PAGES.items():
                    with solara.Link(address(path, lang=t.language)):
                        tag("span", t(f"frame.{name}"), class_="tab here" if path == here else "tab")
            Switches(t, lambda lang: router.push(address(here, **{**dict(parse_qsl(router.search or "")), "lang": lang})))
        with tag("main", id="main"):
            solara.Column(children=children, gap="0", style="width: 100%")
        with tag("footer", class_="foot"):
            tag("span", t("frame.not_a_forecast"))


@solara.component
def Switches(t: Text, on_pick: Callable[[str], None]) -> None:
    """The switches between languages, and between light and dark."""
    with tag("div", class_="languages"):
        with tag("div", class_="languages", role="group", aria_label=t("frame.language")):
            for code, name in LANGUAGES.items():
                Button(code.upper(), lambda code=code: on_pick(code), "small", hint=name, pressed=code == t.language)
        _Theme(label=t("frame.dark"), hint=t("frame.dark_hint"))
