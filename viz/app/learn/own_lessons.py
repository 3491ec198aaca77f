"""Lessons of one's own: a file that the page opens."""

import tomllib
from typing import Annotated, Any, Self

import tomli_w
from pydantic import BeforeValidator, Field, model_validator

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.validation import StrictModel
from kantelpunt.viz.text import LANGUAGES, Text

from ..own_files import Line, OwnFiles, Paragraph, one_of, within
from .lessons import FILE, Lesson, lessons
from .paired_worlds import LAYERS
from .player import SPEEDS

STORIES = ("scene", "belief", "question", "watch", "lower", "same", "higher", "meaning")
MOST_MEASURES, MOST_CHARTS, MOST_TALK = 12, 3, 8


def paragraphs(text: object) -> object:
    """Return the paragraphs of a text, each on one line; what is no text as it is."""
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip()) if isinstance(text, str) else text


def as_tuple(value: object) -> object:
    """Return a list as a tuple; what is no list as it is."""
    return tuple(value) if isinstance(value, list) else value


Story = Annotated[tuple[Paragraph, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=8)]
Questions = Annotated[tuple[Line, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=MOST_TALK)]


class Words(StrictModel):
    """The words of a lesson, in one language."""

    title: Line
    left: Line
    right: Line
    scene: Story
    belief: Story
    question: Story
    watch: Story
    lower: Story
    same: Story
    higher: Story
    meaning: Story
    talk: Questions


class OwnLesson(Lesson):
    """A lesson with its words, by language: one language is enough."""

    words: dict[str, Words] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_shown(self) -> Self:
        """Hold it to what the page can show."""
        weeks = self.years * WEEKS_A_YEAR
        within(self.asked.until <= weeks and self.asked.from_ <= self.asked.until, "asked", self.asked.until, (1, weeks))
        within(0 < len(self.charts) <= MOST_CHARTS, "charts", len(self.charts), (1, MOST_CHARTS))
        for side, some in (("left", self.left), ("right", self.right)):
            within(len(some) <= MOST_MEASURES, side, len(some), (0, MOST_MEASURES))
        for place, names in (("asked.outcome", (self.asked.outcome,)), ("charts", self.charts), ("added", self.added)):
            for name in names:  # none that a study could make of others
                one_of(place, name, tuple(OUTCOMES))
        one_of("layer", self.layer, tuple(LAYERS))
        one_of("speed", self.speed, SPEEDS)
        for language in self.words:
            one_of("words", language, tuple(LANGUAGES))
        return self


def read(table: dict[str, Any]) -> OwnLesson:
    """Return the lesson that the tables of a file are; raises InputError."""
    lesson = OwnLesson.read(in_paragraphs(table))
    for scenario in lesson.scenarios:
        scenario.resolved_area()
    return lesson


OWN = OwnFiles("lesson", read)


def in_paragraphs(table: dict[str, Any]) -> dict[str, Any]:
    """Return a lesson whose stories are paragraphs: a line each, whatever lines the file has."""
    said = table.get("words")
    if not isinstance(said, dict):
        return table
    made = {
        language: {part: paragraphs(text) if part in STORIES else text for part, text in some.items()}
        for language, some in said.items()
        if isinstance(some, dict)
    }
    return {**table, "words": {**said, **made}}


def lesson_of(name: str) -> Lesson | None:
    """Return a lesson by its name, built in or of one's own; None without any."""
    return OWN.get(name) or lessons().get(name)


def told(t: Text, name: str, lesson: Lesson | None, part: str) -> Any:
    """Return what is said in a lesson, a text or some; one of its own in the language of the reader where it has that one."""
    if not isinstance(lesson, OwnLesson):
        return t.lines(f"lesson.{name}.{part}") if part == "talk" else t(f"lesson.{name}.{part}")
    found = getattr(lesson.words.get(t.language) or next(iter(lesson.words.values())), part)
    return found if isinstance(found, str) else list(found) if part == "talk" else "\n\n".join(found)


def words(t: Text, name: str, part: str) -> str:
    """Return what is said in a lesson by its name."""
    return str(told(t, name, OWN.get(name), part))


def lines(t: Text, name: str, part: str) -> list[str]:
    """Return what is said in a lesson by its name, a line each."""
    return list(told(t, name, OWN.get(name), part))


def as_file(name: str) -> str:
    """Return a built-in lesson as a file that the page opens, to begin one of one's own from."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))[name]
    said = {
        language: {part: lines(t, name, part) if part == "talk" else words(t, name, part) for part in Words.model_fields}
        for language, t in ((each, Text(each)) for each in LANGUAGES)
    }
    return tomli_w.dumps({**table, "words": said}, multiline_strings=True)
