"""Every text that people read in the app, in Dutch and English: `nl.toml` and `en.toml`, with the same keys.

    t = Text("nl")
    t("learn.play")                        the text
    t("learn.week", week=12, of=520)       with numbers filled in, written as the language writes them
                                           `{n} {n:week|weeks}` in a text is 1 week, and 2 weeks
    t.named("intervention", "raid", ...)   the text of something that a registry holds, or else what the registry says

A new intervention, outcome or parameter works at once: until it has texts here, its own English meaning is shown.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kantelpunt.experiments.rounding import digits_alone
from kantelpunt.model.errors import Language, english

LANGUAGES = {"nl": "Nederlands", "en": "English"}
LANGUAGE = "KANTELPUNT_LANG"  # in the environment: the language of the app until a visitor chooses
HERE = Path(__file__).parent
ERROR = "error."  # how the keys of texts of errors begin


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield "part.key", value of every text."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


@cache
def texts(language: str) -> dict[str, Any]:
    """Return "part.key" -> text (or list of texts) of a language; raises ValueError where two files hold one key."""
    found: dict[str, Any] = {}
    for path in sorted(HERE.glob(f"*{language}.toml")):
        for key, text in flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{path.name}: {key} stands in another file too")
            found[key] = text
    return found


def capital(text: str) -> str:
    """Return a text as it begins a line: its first letter a capital."""
    return text[:1].upper() + text[1:]


@cache
def errors(language: str) -> Language:
    """Return the language in which errors are said: by the texts of their codes, and those of units."""
    if language == "en":
        return english()
    known = {key: text for key, text in texts(language).items() if key.startswith("units.")}
    return Language(
        known | {key.removeprefix(ERROR): text for key, text in texts(language).items() if key.startswith(ERROR)}, ".,"
    )


@lru_cache(maxsize=8)
def text(language: str) -> "Text":
    """Return the texts of a language, the same object for everybody: what is drawn with it need not be drawn again."""
    return Text(language)


class Blank(str):
    """The filling of a blank in a text; `{n:week|weeks}` in it is the word for one, or else that for any other number."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Return itself, or the word that goes with it."""
        one, bar, others = spec.partition("|")
        return (one if self == "1" else others) if bar else super().__format__(spec)


class Text:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        """Speak a language; an unknown one is Dutch."""
        self.language = language if language in LANGUAGES else "nl"
        self._texts = texts(self.language)

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text with its values filled in; raises KeyError for a text that is not there."""
        text = self._texts[key]
        shown = {name: Blank(self.number(each) if isinstance(each, int | float) else each) for name, each in values.items()}
        return text.format(**shown) if values else text

    def page(self, name: str) -> str:
        """Return a page of its own, in Markdown."""
        return (HERE / f"{name}_{self.language}.md").read_text(encoding="utf-8")

    def lines(self, key: str) -> list[str]:
        """Return a list of texts."""
        return list(self._texts[key])

    def named(self, part: str, name: str, otherwise: str) -> str:
        """Return the text of something in a registry, or what the registry says of it."""
        return self._texts.get(f"{part}.{name}", otherwise)

    def error(self, thing: object) -> str:
        """Return words of an error in this language, or anything else as it is written here."""
        return errors(self.language)(thing)

    def written(self, number: str) -> str:
        """Return an English number as this language writes it."""
        return number.translate(str.maketrans(",.", ".,")) if self.language == "nl" else number

    def number(self, number: float, digits: int | None = None) -> str:
        """Return a number as this language writes it; left out, with as many digits as it deserves."""
        if not math.isfinite(number):
            return "–"
        text = f"{number:,.{digits_alone(number) if digits is None else digits}f}".replace("-", "−")
        text = text.lstrip("−") if not any(digit in text for digit in "123456789") else text
        return self.written(text)

    def duration(self, seconds: float) -> str:
        """Return how long something takes, roughly."""
        if seconds < 90:
            return self("unit.seconds", n=max(5, 5 * round(seconds / 5)))
        return self("unit.minutes", n=round(seconds / 60))

    def day(self, written: str) -> str:
        """Return a day that is written as 2026-11-30, in words."""
        year, month, day = map(int, written[:10].split("-"))
        return f"{day} {self.lines('unit.months')[month - 1]} {year}"

    def span(self, years: int) -> str:
        """Return a number of years in words."""
        return self("unit.years", n=years)

    def amount(self, number: float, unit: str) -> str:
        """Return how much of an outcome there is: a share as a percentage, anything else as a number."""
        if unit != "share":
            return self.number(number)
        return f"{self.number(100 * number, 1 if 0 < abs(number) < 0.1 else 0)} %"

    def signed(self, number: float, digits: int | None = None) -> str:
        """Return a difference with its sign."""
        text = self.number(number, digits)
        return f"+{text}" if number > 0 and any(digit in text for digit in "123456789") else text

    def euros(self, number: float) -> str:
        """Return an amount of money with two figures, which is all that an assumed one deserves."""
        if number == 0:
            return "€\u00a00"
        if abs(number) >= 1e6:
            return self("unit.million", amount=self.number(number / 1e6, 1))
        step = 10 ** max(0, math.floor(math.log10(abs(number))) - 1)
        return f"€\u00a0{self.number(round(number / step) * step, 0)}"
