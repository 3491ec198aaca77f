"""Handlers of events: what goes wrong in one becomes a message on the page (`guard.py`), and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import solara


def unguarded(error: Exception) -> None:
    """Raise it: nobody draws messages here."""
    raise error


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
