"""Small things that every page is made of: HTML elements, buttons, choices, sliders.

They are plain HTML, so that a keyboard and a screen reader know them; `style.css` gives them their looks.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import reacton.ipyvuetify as rv
import solara
from markdown_it import MarkdownIt

from .event_handlers import handled, vue

Change = Callable[[Any], None]


def tag(name: str, *children: Any, class_: str = "", style: str = "", **attributes: Any) -> Any:
    """Return an HTML element; further attributes as aria_label="..." or for_="..."."""
    known = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return rv.Html(tag=name, children=list(children), class_=class_, style_=style, attributes=known)


def prose(markdown: str, class_: str = "") -> Any:
    """Return a text with its Markdown; HTML in it is shown as text."""
    return solara.HTML(tag="div", unsafe_innerHTML=markup(markdown), classes=["prose", *class_.split()])


def prose_of(html: str) -> Any:
    """Return HTML that `untrusted` made."""
    return solara.HTML(tag="div", unsafe_innerHTML=html, classes=["prose"])


def markup(markdown: str) -> str:
    """Return the HTML of a text with its Markdown; HTML in it is shown as text."""
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))


@lru_cache(256)  # such a text may be made to take long, and phones ask for it again and again
def untrusted(markdown: str) -> str:
    """Return the HTML of a text that somebody else wrote: its Markdown without links and pictures, HTML in it as text."""
    return str(MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink", "reference"]).render(markdown))


@solara.component
def Button(label: str, on_click: Callable[[], None], class_: str = "", disabled: bool = False, **attributes: Any) -> Any:
    """A button; with ``hint`` (title) and ``pressed`` (True or False) where it is a switch."""
    known: dict[str, Any] = {"type": "button"}
    if disabled:
        known["disabled"] = "disabled"
    if "pressed" in attributes:
        known["aria-pressed"] = "true" if attributes["pressed"] else "false"
    if hint := attributes.get("hint"):
        known["title"] = hint
        if not any(map(str.isalnum, label)):  # a sign has no name of its own; words keep theirs
            known["aria-label"] = hint
    button = rv.Html(tag="button", children=[label], class_=f"button {class_}", attributes=known)
    rv.use_event(button, "click", handled(lambda *_: None if disabled else on_click()))
    return button


def swatch(colour: str) -> Any:
    """Return a spot of the colour that stands for something, before its name."""
    return tag("i", class_="swatch", style=f"background:{colour}", aria_hidden="true")


@vue("choice.vue")
def _Choice(label: str, groups: list, value: Any, event_pick: Change, hidden: bool = False) -> None:
    """A list of which one is chosen; see choice.vue."""


@vue("range.vue")
def _Range(
    label: str, value: float, low: float, high: float, step: float, shown: str, event_move: Change, live: bool, disabled: bool
) -> None:  # fmt: skip
    """A slider; see range.vue."""


@vue("field.vue")
def _Field(label: str, value: str, kind: str, event_enter: Change, hint: str = "") -> None:
    """A line to type in; see field.vue."""


@vue("file_drop.vue")
def Drop(label: str, busyText: str, accept: str, most: int, event_send: Any, event_refuse: Change) -> None:
    """A place to drop a file; see file_drop.vue."""


def choice(label: str, options: dict[str, str], value: str, on_value: Change, hidden: bool = False) -> Any:
    """Return a list of options (value -> what is shown) of which one is chosen; ``hidden`` keeps the label for screen readers."""
    return grouped_choice(label, {"": options}, value, on_value, hidden)


def grouped_choice(label: str, groups: dict[str, dict[str, str]], value: str, on_value: Change, hidden: bool = False) -> Any:
    """Return such a list in groups (heading -> options); options without a heading stand by themselves."""
    rows = [
        {"label": heading, "options": [{"value": key, "label": shown} for key, shown in options.items()]}
        for heading, options in groups.items()
    ]

    def pick(key: Any) -> None:
        if any(key in options for options in groups.values()):
            on_value(key)

    return _Choice(label=label, groups=rows, value=value, event_pick=pick, hidden=hidden)


def slider(
    label: str, value: float, low: float, high: float, step: float, on_value: Change, shown: str = "", live: bool = True,
    disabled: bool = False,
) -> Any:  # fmt: skip
    """Return a slider; what a browser sends is brought to a step within its bounds.  ``live``: told of moves too."""

    def move(number: Any) -> None:
        if isinstance(number, int | float) and math.isfinite(number):
            on_value(stepped(min(max(number, low), high), low, step))

    return _Range(
        label=label, value=value, low=low, high=high, step=step, shown=shown, event_move=move, live=live, disabled=disabled
    )


def stepped(number: float, low: float, step: float) -> float:
    """Return the step of a slider that is nearest to a number, so that hands that mean the same ask the same."""
    return round(low + round((number - low) / step) * step, 9)


def field(label: str, value: str, on_value: Change, kind: str = "text", hint: str = "") -> Any:
    """Return a line to type in; told of when it is left or Enter is pressed."""
    return _Field(label=label, value=value, kind=kind, event_enter=lambda text: on_value(str(text)[:400]), hint=hint)


def table(headings: list[str], rows: list[list[Any]]) -> Any:
    """Return a table that scrolls by itself."""
    head = tag("thead", tag("tr", *(tag("th", each) for each in headings)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("div", tag("table", head, body), class_="scroll", tabindex="0", role="region", aria_label=", ".join(headings))
