"""The people and professionals of a `Neighbourhood` as Mesa agents.

An agent here is a view of one record of the simulation (`records.py`).  Views are made when somebody asks for agents; a
batch run makes none.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..calendar import WEEKS_A_YEAR
from ..errors import InputError, Phrase, nearest
from ..shared.persons import YOUTH_FROM, YOUTH_UNTIL
from ..state.codes import NOBODY, ORGANISATIONS, STAGES, TIED_IN
from ..state.fields import PERSON, PROFESSIONAL, RENAMED
from .decisions import DECISIONS, Deciding, is_askable
from .records import ALMOST, Host, View


class Person(Deciding, View, fields=PERSON, renamed=RENAMED["person"]):
    """Somebody who lives here: a `Resident`, `Youth` or `Recruiter`, by age and stage."""

    TABLE = "people"

    @property
    def standing(self) -> int:
        """Return the number of the cell where this person spends free time this week."""
        return self.place

    @property
    def age(self) -> int:
        """Return the age in whole years."""
        return int((self.model.week - self.born) // WEEKS_A_YEAR)

    @property
    def stage_name(self) -> str:
        """Return the stage of involvement in words."""
        return STAGES[self.stage]

    @property
    def detained(self) -> bool:
        """Return whether this person is away in detention."""
        return self.detained_until > self.model.week

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
RULED = ("step", "act", "decide", "move", "move_to", *DECISIONS)  # what rules do; people may have some decisions of their own
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
        check(kind, own)
    return tuple(agents.get(kind, kind) for kind in KINDS)


def check(kind: type[View], own: type[View]) -> None:
    """Raise InputError where something in a class of one's own would do nothing, or is not what a rule can ask."""
    names = {name for each in own.__mro__ if each not in kind.__mro__ for name in vars(each)}
    names = {name for name in names if name in MAKING or not name.startswith("_")}  # Mesa keeps notes in the others
    decisions = names & set(DECISIONS) if issubclass(kind, Deciding) else set()
    for name in sorted(names - decisions):
        if name in MAKING:
            raise InputError("agents.making", place=own.__name__, value=name, allowed=Phrase("allowed.class_attributes"))
        if name in RULED or hasattr(kind, name):
            raise InputError("agents.idle", place=own.__name__, value=name, allowed=Phrase("allowed.new_names"))
        if issubclass(kind, Deciding) and callable(getattr(own, name)) and (near := nearest(name, DECISIONS, ALMOST)):
            raise InputError("agents.almost", place=own.__name__, value=name, near=near)
    for name in sorted(decisions):
        if not any(name in vars(each) for each in own.__mro__[: own.__mro__.index(kind)]):
            raise InputError("agents.behind", place=own.__name__, value=name, allowed=Phrase("allowed.mixin", kind=kind.__name__))
        if not is_askable(own, name):
            raise InputError("agents.unaskable", place=own.__name__, value=name, allowed=Phrase("allowed.decision", name=name))


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
        self.followed: object = None  # the moment up to which views follow the records
        self.placed_at: object = None
        self.placed: dict[int, list[View]] = {}
        self.follow()

    def follow(self) -> None:
        """Make views of newcomers, let go of those who left, and let everybody be what fits this week.

        That is once a week, and once for each tile whose rules begin to ask: by then people of that week have come and gone.
        """
        week, asking = self.model.week, self.model.asking
        moment = (week, asking and asking[0])
        if moment == self.followed:
            return
        self.followed = moment
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
        """Return the views of those in a cell this week, or so far in a week in which rules are asking."""
        self.follow()
        moment = (self.model.week, self.model.asking)
        if self.placed_at != moment:
            self.placed_at, self.placed = moment, {}
            standing = np.concatenate([self.people["place"], self.professionals["place"]])
            slots = np.flatnonzero(self.role != ABSENT)
            for slot, cell in zip(slots.tolist(), standing[slots].tolist(), strict=True):
                self.placed.setdefault(cell, []).append(self.of_slot[slot])  # type: ignore[arg-type]
        return self.placed.get(place, [])
