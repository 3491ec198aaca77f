"""One kind of error for whatever a user hands over: it names the value, the place and what is allowed."""

import difflib
from collections.abc import Callable, Iterable

_ABSENT = object()


class InputError(ValueError):
    """Something that a user gave cannot be used.

    Its text is one line, or two when ``allowed`` is given:

        area: unknown area (got 'overvegt'); did you mean 'overvecht'?
        allowed: a preset (overvecht, ...), a code such as WK034403, or a name

    ``place`` says where it stood (a file, a key, an option), ``value`` what stood there, ``allowed`` what may stand
    there.  Each of the three may be left out where there is nothing to say.
    """

    def __init__(self, message: str, *, place: object = "", value: object = _ABSENT, allowed: object = "") -> None:
        """Hold the message and its three particulars; they are put together when the error is shown."""
        super().__init__(message)
        self.message = message
        self.place = str(place)
        self.value = None if value is _ABSENT else value
        self.allowed = str(allowed)
        self._given = value is not _ABSENT

    def __str__(self) -> str:
        """Return the one or two lines that a user reads."""
        return self.said(str)

    def said(self, words: Callable[[str], str]) -> str:
        """Return these lines in another language: ``words`` gives the message, what is allowed, "got" and "allowed" in it."""
        first, _, rest = words(self.message).partition("; ")
        got = f" ({words('got')} {_short(self.value)})" if self._given else ""
        line = (f"{_visible(self.place)}: " if self.place else "") + first + got + (f"; {rest}" if rest else "")
        return f"{line}\n{words('allowed')}: {words(self.allowed)}" if self.allowed else line


def _visible(text: str) -> str:
    """Return a text with its control characters spelled out: a terminal would obey them."""
    return "".join(each if each.isprintable() or each == "\u00a0" else each.encode("unicode_escape").decode() for each in text)


def _short(value: object, width: int = 80) -> str:
    """Return a value as it would be typed, on one line; a long one loses its middle, since a path is known by its end."""
    try:
        text = repr(str(value)) if not isinstance(value, int | float | bool) else repr(value)
    except ValueError:  # Python writes no whole numbers of many thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= width else text[: width // 4] + "..." + text[3 - width + width // 4 :]


def nearest(name: str, names: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known name that is most like this one, or "" when none is near.

    Capitals do not count.  Meant to be added to the message of an InputError.
    """
    known = {each.casefold(): each for each in names}
    match = difflib.get_close_matches(name.strip().casefold(), known, n=1, cutoff=0.6)
    return f"; did you mean {known[match[0]]!r}?" if match else ""
