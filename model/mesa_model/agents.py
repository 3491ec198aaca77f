"""The people and professionals of a `Neighbourhood` as Mesa agents.

An agent here is a view: it holds no state of its own, it reads and writes one record of the simulation.  Views are made
when somebody asks for agents; a batch run makes none.  `state.py` tells what the fields of a record mean.
"""

from collections.abc import Mapping
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from mesa import Agent

from ..calendar import WEEKS_A_YEAR
from ..errors import InputError, Phrase
from ..renaming import current
from ..shared.persons import YOUTH_FROM, YOUTH_UNTIL
from ..simulation import Simulation
from ..state.codes import NOBODY, ORGANISATIONS, STAGES, TIED_IN
from ..state.fields import PERSON, PROFESSIONAL, RENAMED, Field


class Host(Protocol):
    """A model that views look at: a `Neighbourhood`."""

    @property
    def simulation(self) -> Simulation:
        """Return the simulation that does the work."""

    @property
    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """Return table -> field -> array, a number for every row."""

    @property
    def kinds(self) -> "tuple[type[View], ...]":
        """Return the class of each kind of agent."""

    @property
    def views(self) -> "Views":
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


class Column:
    """A field of a record as an attribute of its views.

    Reading gives a Python number.  Writing is for experiments, on levels and other measures only: what is a count, a
    row or an identity hangs together with other records.
    """

    def __init__(self, field: Field) -> None:
        """Stand for one field."""
        self.field, self.name = field, field.name
        self.measure = np.dtype(field.kind).kind == "f"
        self.most = 1.0 if field.unit in ("level", "share") else float(np.finfo(np.float32).max)
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
        if not isinstance(value, Real) or not 0.0 <= value <= self.most:
            unit = Phrase(f"units.{self.field.unit}", otherwise=self.field.unit)
            raise InputError(
                "value.out_of_range",
                place=f"{type(view).__name__}.{self.name}",
                value=value,
                allowed=Phrase("allowed.number_between_in", low=0, high=1, unit=unit)
                if self.most == 1.0
                else Phrase("allowed.number_from_in", low=0, unit=unit),
            )
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

    def __repr__(self) -> str:
        """Return kind and identity."""
        return f"{type(self).__name__}({self.unique_id})"


class Person(View, fields=PERSON, renamed=RENAMED["person"]):
    """Somebody who lives here: a `Resident`, `Youth` or `Recruiter`, by age and stage."""

    TABLE = "people"

    @property
    def standing(self) -> int:
        """Return the number of the cell where this person spends free time this week."""
        return self.place

    @property
    def age(self) -> int:
        """Return the age in whole years."""
        return int((self.model.simulation.week - self.born) // WEEKS_A_YEAR)

    @property
    def stage_name(self) -> str:
        """Return the stage of involvement in words."""
        return STAGES[self.stage]

    @property
    def detained(self) -> bool:
        """Return whether this person is away in detention."""
        return self.detained_until > self.model.simulation.week

    @property
    def friends(self) -> "list[Person]":
        """Return the friends who still live here."""
        ties = self.model.simulation.world.friends[self.row]
        ties = ties[ties["row"] >= 0]
        rows, identities = (ties["row"] + self.first_of_tile).tolist(), ties["id"].tolist()
        views = [self.model.views.person(row) for row in rows]
        return [view for view, known in zip(views, identities, strict=True) if view is not None and view.unique_id == known]

    @property
    def workers(self) -> "list[Professional]":
        """Return the professionals whom this person knows and who still work here."""
        world = self.model.simulation.world
        tile = world.places["tile"][self.home]
        first = tile * (world.professionals.size // world.tile_index.size)
        known = world.acquaintances[self.row]
        known = known[known["level"] > 0.0]
        rows = first + known["post"].astype(int)
        there = (world.professionals["nth"][rows] == known["nth"]) & (world.professionals["present"][rows] == 1)
        return [self.model.views.professional(row) for row in rows[there].tolist()]

    @property
    def household_members(self) -> "list[Person]":
        """Return the others in the household."""
        people = self.model.columns["people"]
        together = (people["household"] == self.household) & (people["home"] == self.home) & (people["present"] == 1)
        return [self.model.views.person(row) for row in np.flatnonzero(together).tolist() if row != self.row]

    @property
    def mother(self) -> "Person | None":
        """Return the mother; None where she is unknown, has left or has died."""
        return self.relative("mother")

    @property
    def father(self) -> "Person | None":
        """Return the father; None where he is unknown, has left or has died."""
        return self.relative("father")

    @property
    def partner(self) -> "Person | None":
        """Return the partner; None where there is none, or no longer here."""
        return self.relative("partner")

    @property
    def kin(self) -> "list[Person]":
        """Return parents, partner, children, brothers and sisters who live here, in this household or another one."""
        world = self.model.simulation.world
        everybody, own = world.kin, world.kin[self.row]
        found = np.isin(world.people["id"], [own[name] for name in ("mother", "father", "partner")])
        for name in ("mother", "father"):
            found |= everybody[name] == self.unique_id
            found |= (everybody[name] == own[name]) & (own[name] != NOBODY)
        found &= world.people["present"] == 1
        return [self.model.views.person(row) for row in np.flatnonzero(found).tolist() if row != self.row]

    def relative(self, name: str) -> "Person | None":
        """Return the mother, father or partner, if they live here."""
        own = self.model.simulation.world.kin[self.row]
        row, identity = int(own[f"{name}_row"]), int(own[name])
        view = self.model.views.person(row + self.first_of_tile) if row != NOBODY else None
        return view if view is not None and view.unique_id == identity else None

    @property
    def first_of_tile(self) -> int:
        """Return the row where the people of this person's tile begin."""
        world = self.model.simulation.world
        return int(world.tile_index["first_person"][world.places["tile"][self.home]])


class Resident(Person):
    """A child under 8 or an adult of 24 and over."""


class Youth(Person):
    """A person of 8-23."""


class Recruiter(Person):
    """A person of any age who is tied in (stage 4) and works for a crew."""


class Professional(View, fields=PROFESSIONAL):
    """Somebody who fills a post here; successors are new professionals with an identity of their own."""

    TABLE = "professionals"

    @property
    def standing(self) -> int:
        """Return the number of the cell where most hours of this week were spent; the base for those at a desk."""
        return self.place

    @property
    def organisation_name(self) -> str:
        """Return the organisation in words."""
        return ORGANISATIONS[self.organisation]


KINDS: tuple[type[View], ...] = (Resident, Youth, Recruiter, Professional)
ABSENT = -1
DECISIONS = ("step", "act", "decide", "move", "move_to", "accepts", "reports", "goes_to", "offers_to")  # that belong to rules
MAKING = ("__new__", "__init__", "__getattribute__", "__setattr__", "__delattr__")  # of views, by the model


def chosen(agents: Any) -> tuple[type[View], ...]:
    """Return the class of each kind of agent, given one's own for some; raises InputError where one would do nothing."""
    allowed = tuple(kind.__name__ for kind in KINDS)
    if not isinstance(agents, Mapping):
        raise InputError("agents.invalid", place="agents", value=agents, allowed=Phrase("allowed.agents"))
    for kind, own in agents.items():
        if kind not in KINDS:
            raise InputError("agents.unknown_kind", place="agents", value=getattr(kind, "__name__", kind), allowed=allowed)
        if not (isinstance(own, type) and issubclass(own, kind)):
            raise InputError(
                "agents.other_kind", place="agents", value=own, allowed=Phrase("allowed.class_on", kind=kind.__name__)
            )
        between = own.__mro__[: own.__mro__.index(kind)]
        own_names = {name for each in between for name in vars(each)}
        names = {name for name in own_names if name in MAKING or not name.startswith("_")}  # Mesa keeps notes in the others
        idle = sorted(name for name in names if name in DECISIONS or hasattr(kind, name))
        if idle:
            raise InputError("agents.idle", place=own.__name__, value=idle[0], allowed=Phrase("allowed.new_names"))
    return tuple(agents.get(kind, kind) for kind in KINDS)


def roles(people: np.ndarray, week: int) -> np.ndarray:
    """Return what every person is this week: a place in `KINDS`, or ABSENT; shape (rows,), int8."""
    age = (week - people["born"]) / WEEKS_A_YEAR
    role = np.where((age >= YOUTH_FROM) & (age < YOUTH_UNTIL), KINDS.index(Youth), KINDS.index(Resident)).astype(np.int8)
    role[(people["stage"] == TIED_IN) & (people["crew"] != NOBODY)] = KINDS.index(Recruiter)
    role[people["present"] != 1] = ABSENT
    return role


class Views:
    """The views of one model: made for everybody at once, then updated as people come, go or change role."""

    def __init__(self, model: Host) -> None:
        """Make a view for everybody who is here."""
        self.model = model
        self.people, self.professionals = model.columns["people"], model.columns["professionals"]
        slots = self.people["id"].size + self.professionals["id"].size
        self.of_slot: list[View | None] = [None] * slots  # people row by row, then professionals
        self.identity, self.role = np.zeros(slots, np.int64), np.full(slots, ABSENT, np.int8)
        self.week = self.week_placed = -1
        self.placed: dict[int, list[View]] = {}
        self.follow()

    def follow(self) -> None:
        """Make views of newcomers, let go of those who left, and let everybody be what fits this week."""
        week = self.model.simulation.week
        if week == self.week:
            return
        self.week = week
        world = self.model.simulation.world
        identity = np.concatenate([self.people["id"], self.professionals["id"]])
        staff = np.where(world.professionals["present"] == 1, KINDS.index(Professional), ABSENT).astype(np.int8)
        role = np.concatenate([roles(world.people, week), staff])
        changed = np.flatnonzero((role != self.role) | ((identity != self.identity) & (role != ABSENT))).tolist()
        self.identity, self.role = identity, role
        known = {view.unique_id: view for slot in changed if (view := self.of_slot[slot]) is not None}
        for slot in changed:
            self.of_slot[slot] = self.fitting(slot, known) if role[slot] != ABSENT else None
        for gone in known.values():
            self.model.deregister_agent(gone)

    def fitting(self, slot: int, known: dict[int, View]) -> View:
        """Return the view of a slot: that of a person who is known, taken from ``known``, or a new one."""
        kind, people = self.model.kinds[self.role[slot]], self.people["id"].size
        row = slot if slot < people else slot - people
        view = known.pop(self.identity.item(slot), None)
        if view is None:
            return kind(self.model, row)
        view.become(kind, row)
        return view

    def person(self, row: int) -> Any:
        """Return the view of the person in a row, or None for a free row."""
        self.follow()
        return self.of_slot[row]

    def professional(self, row: int) -> Any:
        """Return the view of the professional in a post, or None for a vacancy."""
        return self.person(self.people["id"].size + row)

    def at(self, place: int) -> list[View]:
        """Return the views of those in a cell this week."""
        self.follow()
        if self.week_placed != self.week:
            self.week_placed, self.placed = self.week, {}
            standing = np.concatenate([self.people["place"], self.professionals["place"]])
            slots = np.flatnonzero(self.role != ABSENT)
            for slot, cell in zip(slots.tolist(), standing[slots].tolist(), strict=True):
                self.placed.setdefault(cell, []).append(self.of_slot[slot])  # type: ignore[arg-type]
        return self.placed.get(place, [])
