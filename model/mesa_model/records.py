"""A record as a Mesa agent: every field of the record is an attribute, which reads and writes the simulation.

A view holds no state of its own.  The kinds of agents are in `agents.py`; `state/fields.py` tells
what the fields of a record mean.
"""

from collections.abc import Mapping
from functools import cache
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from mesa import Agent

from ..errors import InputError, Phrase, nearest
from ..renaming import current
from ..simulation import Simulation
from ..state.fields import Field


class Host(Protocol):
    """A model that views look at: a `Neighbourhood`."""

    @property
    def simulation(self) -> Simulation:
        """Return the simulation that does the work."""

    @property
    def week(self) -> int:
        """Return the week that agents are in."""

    asking: tuple[int, int] | None
    failed: bool

    @property
    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """Return table -> field -> array, a number for every row."""

    @property
    def kinds(self) -> "tuple[type[View], ...]":
        """Return the class of each kind of agent."""

    @property
    def views(self) -> Any:
        """Return the views of everybody."""

    @property
    def grid(self) -> Any:
        """Return the cells."""

    def coordinate(self, place: int) -> tuple[int, int]:
        """Return the coordinate of a cell of the simulation."""

    def register_agent(self, agent: Any) -> None:
        """Count an agent among those of the model."""

    def deregister_agent(self, agent: Any) -> None:
        """Let go of an agent."""


NONE: Mapping[str, str] = MappingProxyType({})
ALMOST = 0.75  # how much a name must be like that of a field, of 1, to be taken for a slip of the pen


def limits(field: Field) -> tuple[float, float]:
    """Return the least and the most that a measure can be."""
    most = 1.0 if field.unit in ("level", "share", "difference") else float(np.finfo(np.float32).max)
    return -1.0 if field.unit == "difference" else 0.0, most


def out_of_range(field: Field, owner: str, value: object) -> InputError:
    """Return the error of a measure that cannot be this."""
    least, most = limits(field)
    unit = Phrase(f"units.{field.unit}", otherwise=field.unit)
    between = Phrase("allowed.number_between_in", low=int(least), high=int(most), unit=unit)
    allowed = between if most == 1.0 else Phrase("allowed.number_from_in", low=int(least), unit=unit)
    return InputError("value.out_of_range", place=f"{owner}.{field.name}", value=value, allowed=allowed)


class Column:
    """A field of a record as an attribute of its views.

    Reading gives a Python number.  Writing is for experiments, on levels and other measures only: what is a count, a
    row or an identity hangs together with other records.
    """

    def __init__(self, field: Field) -> None:
        """Stand for one field."""
        self.field, self.name = field, field.name
        self.measure = np.dtype(field.kind).kind == "f"
        self.least, self.most = limits(field)
        self.__doc__ = f"{field.meaning} ({field.unit})"

    def __get__(self, view: "View | None", kind: type) -> Any:
        """Return the number in the record; raises LookupError for somebody who left."""
        if view is None:
            return self
        return view.model.columns[view.TABLE][self.name].item(view.row)

    def __set__(self, view: "View", value: float) -> None:
        """Change the record; raises InputError outside the range of the field, AttributeError for what cannot be written."""
        if not self.measure:
            raise AttributeError(f"{type(view).__name__}.{self.name} is kept by the model; levels and other measures can be set")
        if not isinstance(value, Real) or not self.least <= value <= self.most:
            raise out_of_range(self.field, type(view).__name__, value)
        view.model.columns[view.TABLE][self.name][view.row] = value


class OldName:
    """The name that a field had in an earlier version, as an attribute of its views."""

    def __init__(self, old: str, new: str) -> None:
        """Stand for a field under its old name."""
        self.old, self.renamed = old, {old: new}

    def __get__(self, view: "View | None", kind: type) -> Any:
        """Return the number in the record, with a warning."""
        return self if view is None else getattr(view, current(self.old, self.renamed))

    def __set__(self, view: "View", value: float) -> None:
        """Change the record, with a warning."""
        setattr(view, current(self.old, self.renamed), value)


class View(Agent):
    """One record as a Mesa agent: every field of the record is an attribute.

    `unique_id` and `identity` are the identity in the model, the same in twin worlds.  Once somebody has left, `present`
    is False and every other field raises LookupError.  Views are made by the model and never by hand.
    """

    TABLE: ClassVar[str]  # where the records are, in the world

    def __init_subclass__(cls, fields: tuple[Field, ...] = (), renamed: Mapping[str, str] = NONE, **kwargs: Any) -> None:
        """Give a kind of view an attribute for every field that views do not define themselves."""
        super().__init_subclass__(**kwargs)
        for field in fields:
            if not hasattr(cls, field.name):
                setattr(cls, field.name, Column(field))
        for old, new in renamed.items():
            setattr(cls, old, OldName(old, new))

    def __init__(self, model: Host, row: int) -> None:
        """Look at a row of a table, as an agent of the model."""
        # What Mesa's own __init__ does, but for two things: `pos` is read from the record, and Mesa 3.3 counts
        # identities in a table that keeps every model alive for ever.
        self.model = model
        self.last_row = row
        self.register(model.columns[self.TABLE]["id"].item(row))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Return a field of the record."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a field, or something of one's own; raises AttributeError for a name that a field almost has."""
        if name not in self.__dict__ and (meant := almost(type(self), name)):  # type: ignore[arg-type]
            raise AttributeError(f"{type(self).__name__} has no {name}, so setting it changes nothing: do you mean {meant}?")
        super().__setattr__(name, value)

    def register(self, identity: int) -> None:
        """Join the agents of the model under this identity."""
        self.unique_id = identity  # which Mesa 3.3 notes
        self.model.register_agent(self)
        self.unique_id = identity  # for which Mesa 3.5 put a number of its own

    def become(self, kind: "type[View]", row: int) -> None:
        """Go on as another kind of agent, or in another row: the same person, so the same object."""
        self.last_row = row
        if type(self) is not kind:
            self.model.deregister_agent(self)
            self.__class__ = kind
            self.register(self.unique_id)

    @property
    def present(self) -> bool:
        """Return whether this person still lives or works here."""
        columns, row = self.model.columns[self.TABLE], self.last_row
        return columns["id"].item(row) == self.unique_id and columns["present"].item(row) == 1

    @property
    def row(self) -> int:
        """Return the row of the record; raises LookupError for somebody who left."""
        if not self.present:
            raise LookupError(f"{self!r} is no longer here: look at .present before any other field")
        return self.last_row

    @property
    def identity(self) -> int:
        """Return the identity, the same in twin worlds and never reused."""
        return self.unique_id

    @property
    def pos(self) -> tuple[int, int]:
        """Return the coordinate of the cell: columns from the west, rows from the south."""
        return self.model.coordinate(self.standing)

    @property
    def cell(self) -> Any:
        """Return the cell of the grid."""
        return self.model.grid[self.pos]

    def remove(self) -> None:
        """Refuse: people come and go by the rules of the model."""
        raise NotImplementedError(f"{self!r} cannot be removed by hand: people come and go by the rules of the model")

    def __reduce__(self) -> tuple:
        """Return how to find this one among the agents of a copy of the model."""
        return view_of, (self.model, type(self), self.last_row, self.unique_id)

    def __repr__(self) -> str:
        """Return kind and identity."""
        return f"{type(self).__name__}({self.unique_id})"


def view_of(model: Any, kind: type[View], row: int, identity: int) -> View:
    """Return the view of a model with this identity; of somebody who left, one that says so."""
    view = model.views.person(row) if kind.TABLE == "people" else model.views.professional(row)
    if view is None or view.unique_id != identity:
        view = kind.__new__(kind)
        view.__dict__.update(model=model, last_row=row, unique_id=identity)
    return view


@cache
def almost(kind: Any, name: str) -> str:
    """Return the field whose name somebody probably meant who sets this one; nothing where it is known or all of one's own."""
    fields = [each for each in dir(kind) if isinstance(getattr(kind, each), Column)]
    return "" if name.startswith("_") or hasattr(kind, name) else nearest(name, fields, ALMOST)
