"""What worked examples are made of: records with just the fields that matter, parameters as they are by default, a lot."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kantelpunt.model import registry
from kantelpunt.model.compiled import JIT
from kantelpunt.model.draws import Draw, key
from kantelpunt.model.state.codes import NEVER, NOBODY
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import executable, executable_parameters

USUAL = {  # what is not nothing in a record about which nothing is said
    "person": {
        "present": 1,
        "crew": NOBODY,
        "case": NOBODY,
        "propensity": 1.0,
        "conformity": 1.0,
        "health": 1.0,
        "male": 1,
        "left_week": NEVER,
    },
    "household": {"size": 1, "raided": NEVER, "case": NOBODY},
    "place": {"concealment": 1.0},
    "professional": {"energy": 1.0, "present": 1},
    "crew": {"present": 1},
    "friend": {"row": NOBODY},
    "case": {"about": NOBODY, "reporter": NOBODY, "state": 1},
}
TODAY = 520  # the week in which the examples play


def array(kind: str, n: int | tuple[int, ...] = 1, /, **fields: Any) -> np.ndarray:
    """Return n records of a table of `state.py`, with these fields (one value for all, or one each)."""
    rows = np.zeros(n, DTYPES[kind])
    for name, value in {**USUAL.get(kind, {}), **fields}.items():
        rows[name] = value
    return rows


def rows(kind: str, n: int | tuple[int, ...] = 1, /, **fields: Any) -> Any:
    """Return n records as rules take them."""
    made = array(kind, n, **fields)
    return made.view(np.recarray) if JIT else executable(made)


def one(kind: str, /, **fields: Any) -> Any:
    """Return one record as rules take it: its fields can be read and written."""
    return rows(kind, 1, **fields)[0]


def person(age: float = 30.0, **fields: Any) -> Any:
    """Return somebody of this age."""
    return one("person", born=born(age), **fields)


def people(n: int, age: float = 30.0, **fields: Any) -> list[Any]:
    """Return n people of this age who differ in their identity, 0 .. n-1, and so in their luck."""
    crowd = rows("person", n, **{"id": np.arange(n), "born": born(age), **fields})
    return [crowd[i] for i in range(n)]


def born(age: float) -> int:
    """Return the week of birth of somebody who is of this age today."""
    return round(TODAY - 52 * age)


def parameters(rule: str, **changes: float) -> Any:
    """Return the parameters of a rule by default, but for what an example changes."""
    lent = registry.borrowed()
    named = {lent.get(f"{rule}.{name}", f"{rule}.{name}"): value for name, value in changes.items()}
    assert named.keys() <= registry.quantities().keys()
    return getattr(executable_parameters(registry.parameters(named)), rule)


def default(name: str) -> float:
    """Return the default of a parameter, "rule.name"."""
    return registry.quantities()[name].default


def lever(**values: float) -> Any:
    """Return the levers of one quarter: neutral, but for these."""
    table = levers(**values)
    return table.view(np.recarray)[0] if JIT else table[0]


def levers(**values: Any) -> Any:
    """Return the levers of the four quarters: neutral, but for these (one value for all, or one each)."""
    table = np.zeros(4, registry.levers_dtype())
    for name, known in registry.levers().items():
        table[name] = values.get(name, known.neutral)
    assert values.keys() <= registry.levers().keys()
    return executable(table)


def tally() -> Any:
    """Return an empty tally of the week."""
    record = np.zeros(1, registry.tally_dtype())
    return record.view(np.recarray)[0] if JIT else executable(record)[0]


def lot(week: int = TODAY, decision: Draw = Draw.CONTACT) -> np.uint64:
    """Return what decides a decision of one week."""
    return np.uint64(key(1, decision, week))


def lot_where(happens: Callable[[np.uint64], bool]) -> np.uint64:
    """Return what decides a decision of the first week in which this happens."""
    return next(dice for dice in map(lot, range(10_000)) if happens(dice))


def no_events() -> Any:
    """Return a log that keeps nothing."""
    return executable(np.zeros(0, DTYPES["event"]))
