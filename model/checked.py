"""Models that a user fills in: frozen, no unknown keys, and every complaint an InputError with place, value and allowed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from .errors import InputError, nearest

MOMENT = "a date such as 2027-01-31, or a whole number of weeks since the start"


class Checked(BaseModel):
    """A pydantic model that speaks in InputErrors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def __init__(self, **data: Any) -> None:
        """Check and hold the fields; raises InputError on the first one that cannot be used."""
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise complaint(error, type(self)) from None

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


def complaint(error: ValidationError, model: type[Checked]) -> InputError:
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
    out_of_range = first["type"] in ("greater_than_equal", "less_than_equal", "finite_number")
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
    kind = "a whole number" if field.annotation is int or field.annotation == int | None else "a number"
    return f"{kind} from {low:,.10g} to {high:,.10g}"


def joined(*parts: object) -> str:
    """Return the steps to a place as one would write them: ("interventions", 0, "intensity") is interventions[0].intensity."""
    text = ""
    for part in parts:
        step = f"[{part}]" if isinstance(part, int) else str(part)
        between = "" if not text or not step or step.startswith("[") else " " if text.endswith(":") else "."
        text += between + step
    return text


def day(value: object) -> date | None:
    """Return a date, also where it is written as text, or None where it is neither (nor a date with a time of day)."""
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
        raise InputError("this is no date", value=value, allowed="a date such as 2026-01-05")
    return found


def moment(value: object) -> date | int | None:
    """Return a date, a whole number of weeks, or None where nothing is said; raises InputError for anything else."""
    found = day(value)
    if found is not None:
        return found
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError("this is no moment", value=value, allowed=MOMENT)
