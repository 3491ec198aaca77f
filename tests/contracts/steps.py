"""A week taken apart: every rule called by itself, in the order of `week.py`, so that a test can see what each of them does."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from kantelpunt.model import Scenario, registry, week
from kantelpunt.model.rules.observation import close
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.fields import TABLES
from kantelpunt.model.state.world import World, executable

TABLE_OF = {  # array of a world -> how rules name it when they declare what they read and write
    "people": "person", "friends": "friend", "acquaintances": "acquaintance", "visits": "visit",
    "kin": "kin", "relatives": "relative",
    "households": "household", "places": "place", "cell_week": "cell_week", "sights": "sight",
    "promises": "promise", "cell_residents": "cell_residents",
    "patches": "patch", "desks": "desk", "professionals": "professional", "cases": "case", "offences": "offence", "crews": "crew",
    "tile_index": "tile_index", "newcomer_levels": "newcomer_levels", "ties": "tie",
    "rows_by_block": "list", "end_in_block": "list",
    "people_free": "tile_index.people_free", "cases_free": "tile_index.cases_free",
    "public": "public", "used": "used", "actors": "actors", "outgoing": "outgoing", "at_stake": "at_stake",
    "outbox": "outbox", "outbox_kin": "outbox", "inbox": "inbox", "inbox_kin": "inbox",
    "templates": "template", "template_members": "member", "template_weight": "template",
}  # fmt: skip
NOTES = (
    "tally",
    "flat_tally",
    "levels",
    "flat_levels",
    "history",
    "events",
    "scratch",
    "window_scratch",
    "totals",
    "flat_totals",
)  # what every rule may use

OFTEN = (  # what makes things happen that seldom do
    "reporting.notice", "reporting.signal", "reporting.school_signal", "reporting.worry",
    "recruitment.base", "recruitment.exposing", "demography.for_work",
    "initialisation.youths", "initialisation.hold", "trust.gain", "encounters.bonding", "presence.walking", "presence.seeking",
    "encounters.company", "desistance.base", "routing.chain", "routing.escalating",
)  # fmt: skip
SELDOM = ("prospects.hardship", "encounters.shield", "encounters.block")  # what keeps things from happening
EAGER = {name: registry.quantities()[name].high for name in OFTEN} | {name: registry.quantities()[name].low for name in SELDOM}


@cache
def order(function: str = "run") -> tuple[str, ...]:
    """Return the rules that `week.run` (or `week.begin`) calls, in order."""
    source = inspect.getsource(getattr(getattr(week, function), "py_func", getattr(week, function)))
    calls = (
        node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )
    return tuple(call.func.id for call in calls if call.func.id in registry.rules())  # type: ignore[attr-defined]


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two arrays of one kind hold the same bits."""
    return a.tobytes() == b.tobytes()


def snapshot(world: World) -> dict[str, np.ndarray]:
    """Return a copy of everything that rules declare when they change it."""
    return {name: array.copy() for name, array in world._asdict().items() if name not in NOTES}


def changed(before: dict[str, np.ndarray], world: World) -> set[str]:
    """Return the fields of a world that are not what they were, as rules name them; `before` becomes what they are now."""
    found = set()
    for name, old in before.items():
        new, table = getattr(world, name), TABLE_OF[name]
        if same(old, new):
            continue
        if new.dtype.names:
            found |= {f"{table}.{field}" for field in new.dtype.names if not same(old[field], new[field])}
        else:
            found.add(table)
        np.copyto(old, new)
    return found


class Steps:
    """A world whose rules are called one by one; `world` is what they leave."""

    def __init__(self, scenario: Scenario, seed: int = 1, events: bool = False) -> None:
        """Build the world, before its start."""
        with patch("kantelpunt.model.simulation.begin", lambda *_: None):
            self.simulation = Simulation(scenario, seed, events)
        self.world, self.seed = self.simulation.world, seed
        self._world = executable(self.world)

    def call(self, rule: str, week: int) -> None:
        """Let one rule act in this week."""
        if week and rule == order()[0]:
            self.simulation.look_back(week - 1)
        kernel = getattr(registry.rules()[rule], rule)
        kernel(self._world, getattr(self.simulation._parameters, rule), self.simulation._levers[week], self.seed, week)
        if rule == order()[-1]:
            close(self._world, week, week)

    @staticmethod
    def rules(last: int) -> Iterator[tuple[int, str]]:
        """Yield week and rule, from the start up to the last week, in order."""
        for now in range(last + 1):
            for rule in order("run" if now else "begin"):
                yield now, rule

    def until(self, last: int) -> Iterator[tuple[int, str]]:
        """Let the start and the weeks up to the last one pass; yield week and rule after each rule has acted."""
        for now, rule in self.rules(last):
            self.call(rule, now)
            yield now, rule

    def after(self, name: str, last: int) -> Iterator[int]:
        """Let the weeks up to the last one pass; yield each of them after a rule has acted.  Raises KeyError for no such rule."""
        registry.rules()[name]
        return (now for now, rule in self.until(last) if rule == name)

    def changes(self, last: int) -> Iterator[tuple[int, str, set[str]]]:
        """Let the weeks pass; yield week, rule and the fields that the rule changed."""
        before = snapshot(self.world)
        for now, rule in self.until(last):
            yield now, rule, changed(before, self.world)


def covers(declared: tuple[str, ...], field: str) -> bool:
    """Return whether a declaration such as "person.fear", "person.*" or "tie" names a field."""
    return field in declared or f"{field.partition('.')[0]}.*" in declared or field.partition(".")[0] in declared


def known_fields() -> set[str]:
    """Return every field that there is, as rules name them."""
    small = {"tie", "actors", "outgoing", "at_stake", "used", "list.*", "template.*", "member.*", "public", "outbox.*", "inbox.*"}
    fields = {f"{table}.{field.name}" for table, fields in TABLES.items() for field in fields}
    return fields | small | {f"{table}.*" for table in TABLES}


def members_of(world: World) -> dict[str, tuple[str, ...]]:
    """Return the fields of the small tables that a world has and `state.py` has not."""
    names: dict[str, Any] = {"template": world.templates.dtype.names, "member": world.template_members.dtype.names}
    return names
