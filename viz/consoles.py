"""The two consoles on which commands and reports speak: answers on standard output, messages on standard error.

A name that somebody else gave to a folder, or to what stands in one, may hold characters that a terminal obeys: they are
spelled out.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment

from kantelpunt.model.errors import visible


class Spelling(Console):
    """A console that gives a terminal no orders but its own."""

    def render(self, *what: Any, **how: Any) -> Iterable[Segment]:
        """Yield what is shown, with control characters in its texts spelled out."""
        for text, style, control in super().render(*what, **how):
            yield Segment(text if control else "\n".join(map(visible, text.split("\n"))), style, control)


console, messages = Spelling(), Spelling(stderr=True)
