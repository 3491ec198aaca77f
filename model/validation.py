"""Models that a user fills in: frozen, no unknown keys, and every complaint an InputError with place, value and allowed."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from numbers import Real
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

import numpy as np
from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from .errors import InputError, Phrase, nearest, one_line

KINDS = {  # code -> how pydantic calls such complaints
    "value.missing": ("missing",),
    "value.out_of_range": ("greater_than_equal", "less_than_equal", "greater_than", "finite_number", "int_parsing_size"),
    "value.not_whole": ("int_type", "int_parsing", "int_from_float"),
    "value.not_number": ("float_type", "float_parsing"),
    "value.not_text": ("string_type",),
    "value.not_table": ("dict_type", "mapping_type", "model_type", "model_attributes_type"),
    "value.not_list": ("list_type", "tuple_type"),
    "value.not_date": ("date_type", "date_parsing", "date_from_datetime_inexact", "date_from_datetime_parsing"),
    "value.not_path": ("path_type",),
    "value.not_a_choice": ("literal_error",),
    "value.too_long": ("string_too_long",),
    "value.too_short": ("string_too_short",),
}
CODES = {kind: code for code, kinds in KINDS.items() for kind in kinds}
LONGEST_NAME = 100  # characters of a name
MOMENT = Phrase("allowed.moment")


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
            code = "value.text_for_number" if isinstance(value, str) else "value.truth_for_number"
            raise InputError(code, value=value, allowed=allowed(cls, str(info.field_name)))
        if isinstance(value, str | Path):
            one_line(str(value))
        return value

    @classmethod
    def read(cls, data: object, place: str = "") -> Self:
        """Return the model that a table from a file describes; errors name ``place`` and the key in it."""
        if not isinstance(data, Mapping):
            raise InputError("value.not_table", place=place, value=data, allowed=Phrase("allowed.keys_with_values"))
        try:
            return cls(**{str(key): value for key, value in data.items()})
        except InputError as error:
            error.place = joined(f"{place}:", error.place) if place and error.place else place or error.place
            raise

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys that a file may hold."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


Model = TypeVar("Model", bound=StrictModel)


def with_keys(model: type[Model]) -> type[Model]:
    """List the keys of a model in its docstring, each with its description, before the section of what it raises."""
    keys = [(field.alias or name, field.description) for name, field in model.model_fields.items()]
    lines = ["Parameters", "----------", *(f"{key} : {told}." for key, told in keys if told), "", "Raises"]
    model.__doc__ = (model.__doc__ or "").replace("    Raises\n", "".join(f"    {line}".rstrip() + "\n" for line in lines), 1)
    return model


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
        return InputError("key.unknown", place=joined(*location[:-1]), value=key, allowed=names, near=nearest(key, names))
    name = next((name for name, field in model.model_fields.items() if location and location[0] in (name, field.alias)), None)
    if first["type"] == "literal_error" and name:
        return InputError("value.not_a_choice", place=place, value=value, allowed=get_args(model.model_fields[name].annotation))
    code = CODES.get(first["type"], "value.unusable")
    return InputError(code, place=place, value=value, allowed=allowed(model, name) if name else ())


def allowed(model: type[BaseModel], name: str) -> Phrase | tuple[str, ...]:
    """Return in words what a field of a model may hold: its bounds, or else its description."""
    field = model.model_fields[name]
    low = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    high = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    if low is None or high is None:
        return Phrase(f"field.{owner(model, name)}.{name}", otherwise=field.description) if field.description else ()
    if isinstance(low, date):
        return Phrase("allowed.date_between", low=low, high=high)
    whole = field.annotation is int or field.annotation == int | None
    return Phrase("allowed.whole_between" if whole else "allowed.number_between", low=low, high=high)


def owner(model: type[BaseModel], name: str) -> str:
    """Return the name of the class that gave a field its description: the model, or one that it inherits from."""
    told = model.model_fields[name].description
    kinds = (each for each in reversed(model.__mro__) if issubclass(each, BaseModel) and name in each.model_fields)
    return next(each.__name__ for each in kinds if each.model_fields[name].description == told)


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


def distinct(names: Iterable[str], place: str, longest: int = LONGEST_NAME) -> None:
    """Raise InputError for a name that nobody can read, or that people or file systems take for another one here."""
    seen: dict[str, str] = {}
    for each in names:
        if not alike(each) or len(each) > longest:
            raise InputError("name.invalid", place=place, value=each, allowed=Phrase("allowed.characters", most=longest))
        try:
            one_line(each)
        except InputError as error:
            error.place = place
            raise
        if (other := seen.setdefault(alike(each), each)) != each:
            raise InputError(
                "name.too_alike", place=place, value=each, allowed=Phrase("allowed.distinct_names"), other=repr(other)
            )


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
        raise InputError("date.invalid", value=value, allowed=Phrase("allowed.date"))
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
    raise InputError("date.invalid", value=value, allowed=Phrase("allowed.moment"))
