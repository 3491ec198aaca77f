"""Pictures and other things that take a while: made in the background, and shown when they are there."""

from collections.abc import Callable
from typing import Any

import solara

from kantelpunt.viz.text import Text

from ..rejection import Refused
from .event_handlers import vue
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


@vue("picture.vue")
def _Picture(drawn: str, caption: str, hint: str) -> None:
    """A picture that can be taken along; see picture.vue."""


@solara.component
def Drawn(t: Text, make: Callable[[], str], dependencies: list[Any], caption: str = "", keep: bool = False) -> None:
    """Draw an SVG, and offer it as a file; one that fails leaves a message in its place, and costs nothing else.

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
        _Picture(drawn=drawn, caption=caption, hint=t("picture.take"))
    else:
        tag("p", t("compare.thinking"), class_="quiet")
