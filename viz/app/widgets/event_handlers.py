"""Handlers of events: what goes wrong in one becomes a message on the page (`guard.py`), and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import solara
from ipyvue.VueTemplateWidget import Events
from ipyvue.VueWidget import Events as PlainEvents


def unguarded(error: Exception) -> None:
    """Raise it: nobody draws messages here."""
    raise error


def listening(handle: Callable[..., None]) -> Callable[..., None]:
    """Return how widgets hear events, but for events of which they know nothing: whatever sends those, nothing happens."""

    @wraps(handle)
    def heard(widget: Any, sender: Any, content: dict[str, Any], buffers: Any) -> None:
        known = getattr(widget, "_event_handlers_map", {})
        event = content.get("event")
        if event is None or event in known or hasattr(widget, f"vue_{event}"):
            handle(widget, sender, content, buffers)

    return heard


for events in (PlainEvents, Events):
    events._handle_event = listening(events._handle_event)
REPORT = solara.create_context(unguarded)  # what a fault in a handler is told to


def handled(handler: Callable[..., Any]) -> Callable[..., None]:
    """Return a handler whose exceptions are told on the page that is being drawn."""
    report = solara.use_context(REPORT)

    @wraps(handler)
    def called(*given: Any, **named: Any) -> None:
        try:
            handler(*given, **named)
        except Exception as error:
            report(error)

    return called


def vue(path: str) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """Return a decorator for a component in Vue, whose events are handled."""

    def decorate(component: Callable[..., None]) -> Callable[..., Any]:
        made = solara.component_vue(path, vuetify=False)(component)

        @solara.component  # of its own, since `handled` is a hook and lists of which one is chosen come and go
        @wraps(component)
        def element(**given: Any) -> None:
            made(**{name: handled(each) if name.startswith("event_") else each for name, each in given.items()})

        return element

    return decorate
