"""Rows of a table of areas that a scenario or a plan carries along, so that nobody needs the file."""

from collections.abc import Mapping

from ..errors import InputError, Phrase
from . import areas
from .areas import Area


class Rows(tuple[dict[str, str], ...]):
    """Rows of figures as texts by column.  All scenarios of a plan share them, so each area is looked up in them once."""

    def __init__(self, *_: object) -> None:
        """Begin with no area looked up."""
        self._areas: dict[str, Area] = {}

    def area(self, name: str) -> Area:
        """Return an area by its code or name; raises InputError as `areas.area` does."""
        if name not in self._areas:
            self._areas[name] = areas.area(name, rows=self)
        return self._areas[name]


def as_rows(value: object) -> Rows:
    """Return rows of figures as texts by column; raises InputError on anything else."""
    if isinstance(value, Rows):
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise InputError("area.not_rows", value=value, allowed=Phrase("allowed.cbs_rows"))
    return Rows({str(column).casefold(): str(cell).strip() for column, cell in row.items()} for row in value)
