"""Models that a user fills in: frozen, no unknown keys, and every complaint an InputError with place, value and allowed."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from numbers import Real
from pathlib import Path
from typing import Any, Self, get_args

import numpy as np
from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from .errors import InputError, nearest

OUT_OF_RANGE = ("greater_than_equal", "less_than_equal", "greater_than", "finite_number", "int_parsing_size")
LONGEST_NAME = 100  # characters of a name
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # that turn the order of letters around
MOMENT = "a date such as 2027-01-31, or a whole number of weeks since the start"


class StrictModel(BaseModel):
    """A pydantic model that speaks in InputErrors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def __init__(self, **data: Any) -> None:
        """Check and hold the fields; raises InputError on the first one that cannot be used."""
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise complaint(error, type(self)) from None

    @field_validator("*", mode="before")
    @classmethod
    def _as_python(cls, value: Any, info: ValidationInfo) -> Any:
        """Take numbers and dates of numpy and pandas for what they are; raises InputError where a number is text or true."""
        field = cls.model_fields[str(info.field_name)]
        value = plain(value)
        if holds_a_number(field) and isinstance(value, bool | str):
            raise InputError(f"this is {'text' if isinstance(value, str) else 'true or false'}, not a number", value=value,
                             allowed=allowed(field))  # fmt: skip
        if isinstance(value, str | Path):
            one_line(str(value))
        return value

    @classmethod
    def read(cls, data: object, place: str = "") -> Self:
        """Return the model that a table from a file describes; errors name ``place`` and the key in it."""
        if not isinstance(data, Mapping):
            raise InputError("this is not a table", place=place, value=data, allowed="keys with values")
        try:
            return cls(**{str(key): value for key, value in data.items()})
        except InputError as error:
            error.place = joined(f"{place}:", error.place) if place and error.place else place or error.place
            raise

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys that a file may hold."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


def complaint(error: ValidationError, model: type[StrictModel]) -> InputError:
    """Return the first complaint of pydantic as an InputError."""
    first = error.errors()[0]
    location, value = first["loc"], first["input"]
    place = joined(*location)
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        cause.place = joined(place, cause.place)
        return cause
    if first["type"] == "extra_forbidden":
        key = str(location[-1])
        names = model.keys()
        return InputError(f"unknown key{nearest(key, names)}", place=joined(*location[:-1]), value=key, allowed=", ".join(names))
    field = next((field for name, field in model.model_fields.items() if location and location[0] in (name, field.alias)), None)
    out_of_range = first["type"] in OUT_OF_RANGE
    message = "out of range" if out_of_range else first["msg"].replace("Input should be", "this should be").lower()
    return InputError(message, place=place, value=value, allowed=allowed(field) if field else "")


def allowed(field: FieldInfo) -> str:
    """Return in words what a field may hold: its bounds, or else its description."""
    low = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    high = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    if low is None or high is None:
        return field.description or ""
    if isinstance(low, date):
        return f"a date from {low} to {high}"
    if field.annotation is int or field.annotation == int | None:
        return f"a whole number from {low:,} to {high:,}"
    return f"a number from {low:,.10g} to {high:,.10g}"


def joined(*parts: object) -> str:
    """Return the steps to a place as one would write them: ("interventions", 0, "intensity") is interventions[0].intensity."""
    text = ""
    for part in parts:
        step = f"[{part}]" if isinstance(part, int) else str(part)
        between = "" if not text or not step or step.startswith("[") else " " if text.endswith(":") else "."
        text += between + step
    return text


def holds_a_number(field: FieldInfo) -> bool:
    """Return whether a field holds a number, and nothing else beside none."""
    kinds = {*(get_args(field.annotation) or (field.annotation,))} - {type(None)}
    return bool(kinds) and kinds <= {int, float}


def plain(value: Any) -> Any:
    """Return a number or date of numpy or pandas as Python's own, a moment of midnight as a date, anything else as it is."""
    if isinstance(value, np.datetime64):
        day = value.astype("datetime64[D]")
        return day.item() if day == value else value
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 and value.dtype.kind in "biuf":
        return value.item()
    if isinstance(value, datetime) and value == value and value.tzinfo is None and value.time() == time():
        return value.date()
    return value


def number(value: Any) -> float:
    """Return a number as a float; not a number (nan) where it is text, true or false, or beyond any float."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("nan")


def one_line(text: str) -> str:
    """Return a text that a line of a screen, a page or a figure can hold; raises InputError on control characters."""
    hidden = next((each for each in text if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") or each in DIRECTIONS), None)
    if hidden is not None:
        raise InputError(
            f"this text holds the control character U+{ord(hidden):04X}", value=text, allowed="visible characters, in one line"
        )
    return text


def distinct(names: Iterable[str], place: str, longest: int = LONGEST_NAME) -> None:
    """Raise InputError for a name that nobody can read, or that people or file systems take for another one here."""
    seen: dict[str, str] = {}
    for each in names:
        if not alike(each) or len(each) > longest:
            raise InputError("invalid name", place=place, value=each, allowed=f"1 to {longest} characters")
        try:
            one_line(each)
        except InputError as error:
            error.place = place
            raise
        if (other := seen.setdefault(alike(each), each)) != each:
            allowed = "names that differ in more than capitals, spaces, underscores or the encoding of letters"
            raise InputError(f"this name is too much like {other!r}", place=place, value=each, allowed=allowed)


def alike(name: str) -> str:
    """Return what a name has in common with all that people, or file systems, take for the same name."""
    seen = "".join(
        " " if each == "_" else each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf"
    )
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def day(value: object) -> date | None:
    """Return a date, also where it is written as text, or None where it is neither (nor a date with a time of day)."""
    value = plain(value)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def calendar_day(value: object) -> date:
    """Return a date; raises InputError for anything else."""
    found = day(value)
    if found is None:
        raise InputError("invalid date", value=value, allowed="a date such as 2026-01-05")
    return found


def moment(value: object) -> date | int | None:
    """Return a date, a whole number of weeks, or None where nothing is said; raises InputError for anything else."""
    value = plain(value)
    found = day(value)
    if found is not None:
        return found
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError("invalid date", value=value, allowed=MOMENT)
