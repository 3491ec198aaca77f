"""A section of a report: what an analysis that helps to decide says, and how it writes its numbers."""

import math
from typing import Any, NamedTuple

import pandas as pd

from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.model.outcomes import outcome_of

from ..text import Text


class Section(NamedTuple):
    """The account of an analysis: a title, lines, a table (the first row holds the headings), and what helps to read it.

    ``kind`` and ``told`` are which analysis it was and its numbers, for the code that draws them (`decision_figures.py`).
    """

    title: str
    lines: list[str]
    rows: list[tuple[str, ...]]
    note: str
    kind: str
    told: dict[str, Any]


def unit(study: StudyResults, t: Text) -> str:
    """Return the unit of a gain."""
    name = outcome_of(study.question.outcome).unit.removesuffix("/week")
    return t.named("units", name, name)


def numbers(study: StudyResults, t: Text, *some: float | None, euros: bool = False) -> list[str]:
    """Return gains, or euros, as they are written; a dash for what is not known."""
    digits = 0 if euros else digits_of([each for each in some if each is not None] or [0.0], study.question.outcome)
    return ["–" if each is None else t.euros(each) if euros else t.number(each, digits) for each in some]


def ends(study: StudyResults, t: Text, row: dict[str, Any], key: str, euros: bool = False) -> dict[str, str]:
    """Return an estimate and its interval as they are written."""
    size = numbers(study, t, row[key], row["low"], row["high"], euros=euros)
    return dict(zip((key, "low", "high"), size, strict=True))


def plain(value: Any) -> Any:
    """Return a value that JSON can hold: none for what is not a number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as rows that JSON can hold, the index as a key."""
    return [{str(key): plain(value) for key, value in row.items()} for row in table.reset_index().to_dict("records")]
