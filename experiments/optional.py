"""Libraries that come with an extra: asked for where they are used, with one complaint where one is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kantelpunt.model.errors import InputError, Phrase


@contextmanager
def extra(name: str, library: str, *, place: str, value: Any = None) -> Iterator[None]:
    """Import within this from a library that the extra ``name`` brings; raises InputError where it is not installed."""
    try:
        yield
    except ImportError:
        raise InputError(
            "library.missing", place=place, value=value, allowed=Phrase("allowed.extra", name=name), library=library
        ) from None
