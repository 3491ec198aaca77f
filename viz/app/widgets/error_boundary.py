"""The boundary between a fault and the reader: a message in place of a traceback, and of many changes at once one drawing."""

import threading
from collections.abc import Callable
from time import sleep
from typing import Any

import solara

from kantelpunt.viz.text import Text

from ..rejection import Refused
from .event_handlers import REPORT
from .html import Button, tag

PAUSE = 0.05  # seconds in which changes are gathered


class Gathered:
    """Draws soon, in a thread of its own; whatever changes until then is drawn at once.

    Parameters
    ----------
    draw : draws what has changed.
    """

    def __init__(self, draw: Callable[[], None]) -> None:
        """Wait for a change."""
        self.draw = draw
        self._lock, self._due = threading.Lock(), False

    def __call__(self) -> None:
        """Hear that something has changed."""
        with self._lock:
            if self._due:
                return
            self._due = True
        threading.Thread(target=self._run, name="drawing", daemon=True).start()

    def _run(self) -> None:
        sleep(PAUSE)
        with self._lock:
            self._due = False
        self.draw()


@solara.component
def Guarded(t: Text, content: Callable[[], Any]) -> None:
    """Draw a page; where something goes wrong in a handler or while drawing, say so above it, or in its place.

    Work that a handler did not finish is not done, and the page stays as it is.  A page that cannot be drawn gives way to the
    message, and begins anew after it.
    """
    caught, forget = solara.use_exception()
    handled, set_handled = solara.use_state(None)
    refused = solara.use_memo(lambda: Refused.of(error) if (error := handled or caught) else None, [handled, caught])
    solara.provide_context(REPORT, set_handled)

    def go_on() -> None:
        set_handled(None)
        forget()

    with tag("div", style="display: contents"):
        with tag("div", role="alert", class_="wrong card" if refused else ""):  # always there, so that the page keeps its place
            if refused:
                tag("p", refused.said(t))
                Button(t("frame.go_on"), go_on)
        if caught is None:
            content()
