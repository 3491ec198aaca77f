"""What stands between a fault and the reader: a message in place of a traceback, and of many changes at once one drawing."""

import threading
from collections.abc import Callable
from time import sleep
from typing import Any

import solara

from viz.text import Text
from viz.upload import Refused

from .basics import Button, tag

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

    What a handler did not do is not done, and the page stays as it is.  A page that cannot be drawn gives way to the message.
    """
    error, forget = solara.use_exception()
    drawing = solara.use_ref(False)  # whether the page is being drawn beside a message, and has not come through yet
    told = solara.use_ref(None)
    fresh = error is not None and error is not told.current
    broken = solara.use_ref(False)
    broken.current = bool(error) and (broken.current or (fresh and drawing.current))
    refused = solara.use_memo(lambda: Refused.of(error) if error else None, [id(error)])
    told.current, drawing.current = error, error is not None

    def came_through() -> None:
        drawing.current = False

    solara.use_effect(came_through)
    with tag("div"):
        if refused:
            with tag("div", class_="wrong card", role="alert"):
                tag("p", refused.said(t))
                Button(t("frame.go_on"), forget)
        if not broken.current:
            content()
