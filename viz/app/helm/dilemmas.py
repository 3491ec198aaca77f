"""Dilemmas of the game: choices that a room cannot take back.

Ours stand in `dilemmas.toml`; others are a file that the page opens.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

import tomli_w
from pydantic import Field, model_validator

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import Intervention, build, catalogue
from kantelpunt.model.policies.seen import QUARTER
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.validation import StrictModel, joined
from kantelpunt.viz.text import LANGUAGES, Text

from ..own_files import Line, OwnFiles, Paragraph, one_of

FILE = Path(__file__).parent / "dilemmas.toml"
YEARS, QUARTERS = 5, 20
PARTS = 6  # of the budget of a quarter of a year
MOMENTS = ("from", "until", "date")  # of what happens, in weeks
GAME = "systemic_working"  # which divides the money as the room does
MOST_CHOICES, MOST_MEASURES = 4, 6
TITLE, STORY = "title", "story"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]  # it stands in an address


class Choice(StrictModel):
    """A choice in a dilemma."""

    interventions: tuple[dict[str, Any], ...] = Field((), max_length=MOST_MEASURES)
    fewer: int = Field(0, ge=0, le=PARTS)
    quarters: int = Field(0, ge=0, le=QUARTERS)

    def after(self, quarter: int) -> list[Intervention]:
        """Return what happens where this is chosen before a quarter of a year; raises InputError."""
        week, made = QUARTER * quarter, []
        for each in self.interventions:
            moved = {name: week + whole(name, value) for name, value in each.items() if name in MOMENTS}
            made.append(build({"from": week + 1, **each, **moved}))
        return made


class Words(StrictModel):
    """The words of a dilemma, in one language."""

    title: Line
    story: Paragraph
    choices: dict[Name, Line]


class Dilemma(StrictModel):
    """A choice that cannot be taken back, before a quarter of a year."""

    quarter: int = Field(ge=0, lt=QUARTERS)
    choices: dict[Name, Choice] = Field(min_length=2, max_length=MOST_CHOICES)
    words: dict[str, Words] = Field({}, description="by language; one is enough, and ours stand in text/helm_*.toml")

    @model_validator(mode="after")
    def _can_be_shown(self) -> Self:
        """Hold the words to the choices."""
        for taken in sorted({TITLE, STORY, *catalogue()} & set(self.choices)):  # a card, or another part of the words
            raise InputError("name.taken", place="choices", value=taken)
        for language, words in self.words.items():
            one_of("words", language, tuple(LANGUAGES))
            one_of(f"words.{language}.choices", sorted(words.choices), (sorted(self.choices),))
        return self


class Dilemmas(StrictModel):
    """The dilemmas of a game, by name."""

    by_name: dict[Name, Dilemma] = Field(min_length=1, max_length=QUARTERS)

    def before(self, quarter: int) -> str:
        """Return the name of the dilemma before a quarter of a year; "" without any."""
        return next((name for name, each in self.by_name.items() if each.quarter == quarter), "")

    def choices(self, name: str) -> dict[str, Choice]:
        """Return what may be chosen in a dilemma; nothing where there is none."""
        return self.by_name[name].choices if name else {}

    def said(self, t: Text, name: str, part: str) -> str:
        """Return title, story or a choice of a dilemma in words; a file's own in the reader's language, where it has that one."""
        words = self.by_name[name].words
        if not words:
            return t(f"dilemma.{name}.{part}")
        found = words.get(t.language) or next(iter(words.values()))
        return found.choices[part] if part in found.choices else str(getattr(found, part))


def whole(place: str, value: object) -> int:
    """Return a whole number of weeks; raises InputError."""
    if isinstance(value, bool) or not isinstance(value, int):
        allowed = Phrase("allowed.whole_between", low=0, high=WEEKS_A_YEAR * YEARS)
        raise InputError("value.not_whole", place=place, value=value, allowed=allowed)
    return value


@cache
def ours() -> Dilemmas:
    """Return the dilemmas of every game that has none of its own."""
    return Dilemmas(by_name=tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(table: dict[str, Any]) -> Dilemmas:
    """Return the dilemmas that the tables of a file are; raises InputError where one cannot be played or has no words."""
    try:
        found = Dilemmas.read({"by_name": table})
    except InputError as error:
        error.place = error.place.removeprefix("by_name").removeprefix(".")
        raise
    kinds = tuple(kind for kind in catalogue() if kind != GAME)
    for name, each in found.by_name.items():
        if found.before(each.quarter) != name:
            raise InputError("value.twice", place=f"{name}.quarter", value=each.quarter)
        if not each.words:
            raise InputError("value.missing", place=f"{name}.words", allowed=tuple(LANGUAGES))
        for choice, made in each.choices.items():
            try:
                happens = made.after(each.quarter)
                for measure in happens:
                    one_of("kind", measure.kind, kinds)
                Scenario(area=DEFAULT_AREA, years=YEARS, interventions=tuple(happens))
            except InputError as error:
                error.place = joined(name, "choices", choice, error.place)
                raise
    return found


OWN = OwnFiles("dilemmas", read)


def dilemmas_of(called: str) -> Dilemmas | None:
    """Return the dilemmas that an address calls so, "" for ours; None for a file that this server does not have any more."""
    return OWN.get(called) if called else ours()


def as_file() -> str:
    """Return our dilemmas as a file that the page opens, to begin one of one's own from."""
    table = {}
    for name, each in ours().by_name.items():
        words = {
            language: {
                TITLE: ours().said(t, name, TITLE),
                STORY: " ".join(ours().said(t, name, STORY).split()),
                "choices": {choice: ours().said(t, name, choice) for choice in each.choices},
            }
            for language, t in ((each, Text(each)) for each in LANGUAGES)
        }
        table[name] = {**each.model_dump(exclude_defaults=True), "choices": {
            choice: made.model_dump(exclude_defaults=True) for choice, made in each.choices.items()
        }, "words": words}  # fmt: skip
    return tomli_w.dumps(table)
