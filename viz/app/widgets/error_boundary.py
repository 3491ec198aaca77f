"""The boundary between a fault and the reader: a message in place of a traceback."""

from collections.abc import Callable
from typing import Any

import solara

from kantelpunt.viz.text import Text

from ..rejection import Refused
from .event_handlers import REPORT
from .html import Button, tag


@solara.component
def Guarded(t: Text, content: Callable[[], Any]) -> None:
    """Draw a page; where something goes wrong in a handler or while drawing, say so above it, or in its place.

    Work that a handler did not finish is not done, and the page stays as it is.  A page that cannot be drawn gives way to the
    message, and begins anew after it.
    """
    caught, forget = solara.use_exception()
    handled, set_handled = solara.use_state(None)
    undrawn = solara.use_memo(lambda: Refused.of(caught) if caught else None, [caught])
    refused = handled or undrawn
    solara.provide_context(REPORT, solara.use_memo(lambda: lambda error: set_handled(Refused.of(error)), []))

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
