"""One kind of error for whatever a user hands over: a code and facts, and sentences made of them when somebody reads it.

English sentences stand in `errors_en.toml`, by code; another language has texts for the same codes (`viz/text/errors_nl.toml`).
"""

import difflib
import errno
import os
import shlex
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH_TEXTS = Path(__file__).with_name("errors_en.toml")
_ABSENT = object()
ALIKE = 0.6  # how much a name must be like a known one, of 1, to be taken for it
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # that turn the order of letters around


class Phrase:
    """A text by its code, with the facts that fill its blanks: numbers, names, lists of names, other words.

    ``otherwise`` is said where a language has no text for the code.
    """

    def __init__(self, code: str, *, otherwise: str = "", **facts: Any) -> None:
        """Hold a code and facts; raises nothing for an unknown code, which is shown as it is."""
        self.code, self.otherwise, self.facts = code, otherwise or code, facts

    def __str__(self) -> str:
        """Return the text in English."""
        return english()(self)

    def __repr__(self) -> str:
        """Return how it is made."""
        return f"Phrase({', '.join([repr(self.code), *(f'{name}={fact!r}' for name, fact in self.facts.items())])})"

    def __eq__(self, other: object) -> bool:
        """Return whether the same is said."""
        return isinstance(other, Phrase) and (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        """Return a hash that equal words share."""
        return hash(self.code)

    def table(self) -> dict[str, Any]:
        """Return code and facts for a program to read, with the English text."""
        return {"code": self.code, "facts": readable(self.facts), "text": str(self)}


class InputError(ValueError):
    """Something that a user gave cannot be used.

    Its text is one line, or two when ``allowed`` is given:

        area: unknown area (got 'overvegt'); did you mean 'overvecht'?
        allowed: a preset (overvecht, ...), a code such as WK034403, or a name

    Parameters
    ----------
    code : tells one error from another, such as "area.unknown".
    place : where the value stood: a file, a key, an option.
    value : what stood there.
    allowed : what may stand there: a phrase, or names.
    near : the known name that was perhaps meant.
    facts : fill the blanks of its text.

    Examples
    --------
    >>> from kantelpunt import Scenario
    >>> try:
    ...     Scenario(area="overvegt")
    ... except InputError as error:
    ...     print(error.code, error.near)
    area.unknown Overvecht
    """

    def __init__(
        self,
        code: str,
        *,
        place: object = "",
        value: object = _ABSENT,
        allowed: "Phrase | str | Iterable[object]" = (),
        near: str = "",
        **facts: Any,
    ) -> None:
        """Hold the code and its particulars; they are put together when the error is shown."""
        super().__init__(code)
        self.code, self.facts, self.near = code, facts, near
        self.place = str(place)
        self.value = None if value is _ABSENT else value
        names = filter(None, [allowed]) if isinstance(allowed, str) else allowed
        self.allowed = names if isinstance(names, Phrase) else tuple(map(str, names))
        self._given = value is not _ABSENT

    def __str__(self) -> str:
        """Return the one or two lines that a user reads, in English."""
        return self.said(english())

    @property
    def words(self) -> Phrase:
        """Return what is wrong, without place, value and what is allowed."""
        return Phrase(self.code, **self.facts)

    def said(self, language: Callable[[object], str]) -> str:
        """Return these lines in a language."""
        got = " " + language(Phrase("line.got", value=_short(self.value))) if self._given else ""
        near = "; " + language(Phrase("line.near", name=repr(self.near))) if self.near else ""
        line = (f"{visible(self.place)}: " if self.place else "") + language(self.words) + got + near
        return f"{line}\n{language(Phrase('line.allowed', allowed=self.allowed))}" if self.allowed else line

    def table(self) -> dict[str, Any]:
        """Return code and facts for a program to read, with the English text."""
        allowed = self.allowed.table() if isinstance(self.allowed, Phrase) else list(self.allowed)
        table = {"code": self.code, "facts": readable(self.facts), "place": self.place, "allowed": allowed, "text": str(self)}
        return table | ({"value": readable(self.value)} if self._given else {}) | ({"near": self.near} if self.near else {})


class Language:
    """A language in which errors are said: texts by code, and how it writes numbers."""

    def __init__(self, texts: Mapping[str, str], signs: str = ",.") -> None:
        """Hold texts by code, and the signs between thousands and before decimals."""
        self.texts, self.signs = texts, str.maketrans(",.", signs)

    def __call__(self, thing: object) -> str:
        """Return words in this language, a number as it writes it, a list with commas, and anything else as a text."""
        if isinstance(thing, Phrase):
            text = self.texts.get(thing.code)
            return thing.otherwise if text is None else text.format_map(_Blanks(thing.facts, self))
        if isinstance(thing, list | tuple):
            return ", ".join(map(self, thing))
        if isinstance(thing, int | float) and not isinstance(thing, bool):
            return (f"{thing:,}" if isinstance(thing, int) else f"{thing:,.10g}").translate(self.signs)
        return visible(str(thing))


class _Blanks(dict[str, Any]):
    """Facts as a language says them, to fill blanks; a blank without a fact stays as it is."""

    def __init__(self, facts: Mapping[str, Any], language: Language) -> None:
        super().__init__({name: language(fact) for name, fact in facts.items()})

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@cache
def english() -> Language:
    """Return English."""
    return Language(flat(tomllib.loads(ENGLISH_TEXTS.read_text(encoding="utf-8"))))


def flat(tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return "theme.name" -> text of tables of texts."""
    return {f"{theme}.{name}": text for theme, table in tables.items() for name, text in table.items()}


def readable(fact: Any) -> Any:
    """Return a fact as JSON holds it."""
    if isinstance(fact, Phrase):
        return fact.table()
    if isinstance(fact, Mapping):
        return {str(name): readable(each) for name, each in fact.items()}
    if isinstance(fact, list | tuple):
        return [readable(each) for each in fact]
    if fact is None or (isinstance(fact, int | float) and abs(fact) < 2**63):
        return fact
    return _cut(spelled(fact), 1_000)


def reason_of(error: Exception) -> "Phrase | str":
    """Return in a line why something failed: ours by its code, the system's by its number, a library's as it says it."""
    if isinstance(error, InputError):
        return error.words
    if isinstance(error, OSError) and error.errno is not None:
        name = errno.errorcode.get(error.errno, "").lower()
        return Phrase(f"system.{name}", otherwise=error.strerror or str(error))
    return (str(error) or type(error).__name__).splitlines()[0]


def visible(text: str) -> str:
    """Return a text with its control characters spelled out: a terminal would obey them."""
    return "".join(each if each.isprintable() or each == "\u00a0" else each.encode("unicode_escape").decode() for each in text)


def typed(name: str) -> str:
    """Return a name as a shell reads it; what a terminal would obey is spelled out, byte by byte."""
    if name.isprintable():
        return shlex.quote(name)
    spelled = (each if each.isalnum() or each == "/" else "".join(map(r"\x{:02x}".format, os.fsencode(each))) for each in name)
    return f"$'{''.join(spelled)}'"


def _short(value: object, width: int = 80) -> str:
    """Return a value as it would be typed, on one line; a long one loses its middle, since a path is known by its end."""
    text = spelled(value)
    return _cut(text if isinstance(value, int | float) else repr(text), width)


def spelled(value: object) -> str:
    """Return a value as text, also a whole number that Python does not write out."""
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


def _cut(text: str, width: int) -> str:
    """Return a text without its middle where it is longer than this."""
    return text if len(text) <= width else text[: width // 4] + "..." + text[3 - width + width // 4 :]


def nearest(name: str, names: Iterable[str], alike: float = ALIKE) -> str:
    """Return the known name that is most like this one, or "" when none is ``alike`` (of 1).  Capitals do not count."""
    known = {each.casefold(): each for each in names}
    match = difflib.get_close_matches(name.strip().casefold(), known, n=1, cutoff=alike)
    return known[match[0]] if match else ""


def one_line(text: str) -> str:
    """Return a text that a line of a screen, a page or a figure can hold; raises InputError on control characters."""
    hidden = next((each for each in text if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") or each in DIRECTIONS), None)
    if hidden is not None:
        raise InputError(
            "text.control_character", value=text, allowed=Phrase("allowed.visible_characters"), character=f"U+{ord(hidden):04X}"
        )
    return text
