"""Complaints of the app: what cannot be used or done, as a key with values, said in the reader's language."""

import logging
from typing import Self

from kantelpunt.model.errors import InputError, Phrase, spelled

from ..text import Text

MOST_SHOWN = 80  # characters of what cannot be used


class Refused(Exception):
    """Something that cannot be used or done; ``key`` names the text that says why.

    A page keeps what `of` makes of one that was raised: that one holds whatever was at hand where it came up, such as a file.
    """

    def __init__(self, key: str, **values: object) -> None:
        """Hold the key of the text and what is filled in."""
        super().__init__(key)
        self.key, self.values = key, values

    def said(self, t: Text) -> str:
        """Return why, in the reader's language."""
        values = {name: t.error(each) if isinstance(each, Phrase | tuple) else each for name, each in self.values.items()}
        return t(f"upload.{self.key}", **values)

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Return whatever went wrong as something that can be said; what nobody foresaw is told where the server runs too."""
        if isinstance(error, cls):
            return cls(error.key, **error.values)
        if isinstance(error, InputError):
            return cls.because(error)
        logging.getLogger(__name__).error("this should not have happened", exc_info=error)
        return cls("failed")

    @classmethod
    def because(cls, error: InputError, key: str = "plan") -> Self:
        """Return a complaint of the model: what is wrong, where, what stands there and what may stand there."""
        value = "–" if error.value is None else spelled(error.value)[:MOST_SHOWN]
        message = Phrase("line.with_near", what=error.words, name=repr(error.near)) if error.near else error.words
        return cls(key, place=error.place or "–", value=value, allowed=error.allowed or "–", message=message)
