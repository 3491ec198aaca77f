"""Files of one's own that the page opens, looked at as data.  Nothing of them runs, and what they say is shown as text."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar
from weakref import WeakValueDictionary

from pydantic import Field

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.toml_files import tables

from .kept import Kept
from .rejection import Refused

MOST_BYTES = 64_000
MOST_FILES = 200  # of a kind at once, of all sessions together; each for a day
NAMED = "own-"  # how the name of what a file holds begins
Line = Annotated[str, Field(min_length=1, max_length=160)]
Paragraph = Annotated[str, Field(min_length=1, max_length=2_000)]
T = TypeVar("T")


class OwnFiles(Generic[T]):
    """The contents of files of one kind, by name: kept for a day, and for as long as somebody uses them, whatever others open.

    Parameters
    ----------
    kind : how texts call it: ``upload.KIND``, ``upload.KIND_toml`` and ``upload.large_KIND`` say why a file cannot be used.
    read : makes it of the tables of a file; raises InputError.
    """

    def __init__(self, kind: str, read: Callable[[dict[str, Any]], T]) -> None:
        """Begin with nothing."""
        self.kind, self._read = kind, read
        self.kept, self.used = Kept(MOST_FILES), WeakValueDictionary[str, Any]()

    @property
    def too_large(self) -> Refused:
        """Return what is told of a file that is too large."""
        return Refused(f"large_{self.kind}", most=MOST_BYTES // 1_000)

    def open(self, data: bytes) -> str:
        """Return the name of what a file holds; raises Refused for a file that cannot be used."""
        if not data:
            raise Refused("empty")
        if len(data) > MOST_BYTES:
            raise self.too_large
        try:
            table = tables(data)
        except InputError:
            raise Refused(f"{self.kind}_toml") from None
        try:
            made = self._read(table)
        except InputError as error:
            raise Refused.because(error, self.kind) from error
        name = NAMED + hashlib.sha256(data).hexdigest()[:16]
        self.used[name] = made = self.get(name) or made
        self.kept.put(name, made)
        return name

    def get(self, name: str) -> T | None:
        """Return what a file held by its name; None without any."""
        return self.kept.get(name) or self.used.get(name)


def within(holds: bool, place: str, value: int, ends: tuple[int, int]) -> None:
    """Raise InputError for a number that does not hold."""
    if not holds:
        allowed = Phrase("allowed.whole_between", low=ends[0], high=ends[1])
        raise InputError("value.out_of_range", place=place, value=value, allowed=allowed)


def one_of(place: str, value: object, allowed: tuple[object, ...]) -> None:
    """Raise InputError for what is none of these."""
    if value not in allowed:
        raise InputError("value.not_a_choice", place=place, value=value, allowed=tuple(map(str, allowed)))
