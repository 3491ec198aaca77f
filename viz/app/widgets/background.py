"""Pictures and other things that take a while: made in the background, and shown when they are there."""

from collections.abc import Callable
from typing import Any

import solara

from kantelpunt.viz.text import Text

from ..rejection import Refused
from .html import tag


def use_made(make: Callable[[], Any], dependencies: list[Any]) -> Any:
    """Make something in the background: None until it is there, and Refused where it cannot be; a hook."""
    task = solara.lab.use_task(lambda: attempted(make), dependencies=dependencies)
    return None if task.pending else task.value


def attempted(make: Callable[[], Any]) -> Any:
    """Return what is made, or why it cannot be."""
    try:
        return make()
    except Exception as error:
        return Refused.of(error)


@solara.component
def Drawn(t: Text, make: Callable[[], str], dependencies: list[Any], caption: str = "", keep: bool = False) -> None:
    """Draw an SVG; one that fails leaves a message in its place, and costs nothing else.

    ``keep`` shows the one before until the new one is there.
    """
    drawn, before = use_made(make, dependencies), solara.use_ref("")
    if isinstance(drawn, str) and drawn:
        before.current = drawn
    elif drawn is None and keep:
        drawn = before.current
    if isinstance(drawn, Refused):
        tag("p", t("picture.failed"), class_="wrong", role="alert")
    elif drawn:
        with tag("figure", class_="picture", tabindex="0"):
            solara.HTML(tag="div", unsafe_innerHTML=drawn)
            if caption:
                tag("figcaption", caption, class_="quiet")
    else:
        tag("p", t("compare.thinking"), class_="quiet")
