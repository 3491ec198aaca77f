"""A busy little town, in which much happens in ten weeks: `uv run python -m tests.rules.busy_town` records what it comes to.

`baseline.csv` holds a checksum of the whole world after every rule of every week.  It says nothing of what is right; it says
that something is another one now, and which rule was the first to differ.  Whoever means to change a rule records it anew, and
reads in the difference where numbers began to move.
"""

import csv
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kantelpunt.model import Scenario, registry
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.shared.events import happened
from kantelpunt.model.state.codes import NOBODY, TIED_IN
from kantelpunt.model.state.fields import TABLES
from tests.contracts.steps import EAGER, TABLE_OF, Steps, order, snapshot

BASELINE = Path(__file__).with_name("baseline.csv")
WEEKS = 10
HALF = [{"kind": kind, "ramp": 0, "intensity": 0.5} for kind in catalogue() if kind not in ("raid", "incident", "eviction")]
EVENTS = [{"kind": "raid", "justice": 0.5, "date": 6, "share": 0.5}, {"kind": "incident", "from": 3}]
COMINGS = {name: registry.quantities()[name].high for name in (
    "demography.turnover", "demography.restless", "demography.refill", "workforce.turnover", "workforce.strain",
)}  # fmt: skip
BUSY = Scenario(area="tilburg-noord", people=200, years=1, parameters={**EAGER, **COMINGS}, interventions=[*HALF, *EVENTS])
MOST = {"level": 1.0, "share": 1.0, "probability": 1.0, "0/1": 1, "0-2": 2, "0-3": 3, "0-4": 4, "0-8": 8, "0-17": 17, "0-35": 35}
NEVER_BELOW_ZERO = {*MOST, "count", "hour", "hour/week", "2**-30"}


class Step(NamedTuple):
    """What one rule did in one week: what it counted, and people, cases and professionals before and after."""

    rule: str
    week: int
    counted: dict[str, int]
    before: dict[str, np.ndarray]
    after: dict[str, np.ndarray]


def planted(world: Any) -> None:
    """Let every stage and a crew be there, and many children come."""
    people = world.people
    young = np.flatnonzero((people["present"] == 1) & (people["born"] < -8 * 52) & (people["born"] > -40 * 52))
    people["stage"][young] = people["next_stage"][young] = np.arange(young.size) % 5
    people["crew"][young] = np.where(people["stage"][young] >= 2, 0, NOBODY)
    people["exposure"][young] = 0.8
    world.crews["present"][0] = world.crews["id"][0] = world.crews["load"][0] = 1
    world.tile_index["fertility"] *= 20


def mark(people: np.ndarray) -> None:
    """Let some who are involved be marked to go a stage further, as recruitment marks them."""
    some = np.flatnonzero(
        (people["present"] == 1) & (people["stage"] > 0) & (people["stage"] < TIED_IN) & (people["id"] % 4 == 0)
    )
    people["next_stage"][some] = people["stage"][some] + 1


def outside(world: Any) -> set[str]:
    """Return the fields of a world in which something is not in its range, of rows that are in use."""
    found = set()
    for name, table in TABLE_OF.items():
        rows = getattr(world, name)
        if rows.dtype.names and "present" in rows.dtype.names:
            rows = rows[rows["present"] == 1]
        for field in TABLES.get(table, ()):
            values = rows[field.name]
            low = values.size and field.unit in NEVER_BELOW_ZERO and values.min() < 0
            if low or not np.isfinite(values).all() or (values > MOST.get(field.unit, np.inf)).any():
                found.add(f"{table}.{field.name}")
    return found


def tables(world: Any) -> dict[str, np.ndarray]:
    """Return copies of what laws look at."""
    return {name: getattr(world, name).copy() for name in ("people", "cases", "professionals", "households", "promises")}


class Lived(NamedTuple):
    """What every rule did in some weeks, what was out of its range after one, and a checksum after each."""

    steps: list[Step]
    wrong: list[str]
    checksums: dict[str, str]


def live() -> Lived:
    """Let some weeks pass, rule by rule."""
    town = Steps(BUSY, events=True)
    lived, world = Lived([], [], {}), town.world
    for week in range(WEEKS + 1):
        if week == 1:
            planted(world)
        for rule in order("run" if week else "begin"):
            if rule == "desistance" and week % 3 == 2:
                mark(world.people)
            before, counts = tables(world), world.tally.copy()
            town.call(rule, week)
            if rule != "observation":  # after which counting begins anew
                made = {name: int(world.tally[name][0] - counts[name][0]) for name in counts.dtype.names}
                lived.steps.append(Step(rule, week, made, before, tables(world)))
            lived.wrong.extend(f"{rule}, week {week}: {field}" for field in sorted(outside(world)))
            lived.checksums[f"{week} {rule}"] = checksum(world)
    return lived


def checksum(world: Any) -> str:
    """Return a checksum of all that a world is, and of what has happened in it."""
    found, events = 0, happened(world)
    for array in (*snapshot(world).values(), events):
        for name in array.dtype.names or (None,):
            found = zlib.crc32(np.ascontiguousarray(array[name] if name else array).tobytes(), found)
    return f"{found:08x}"


def recorded() -> dict[str, str]:
    """Return the checksums on record."""
    with BASELINE.open(encoding="utf-8", newline="") as file:
        return {f"{row['week']} {row['rule']}": row["checksum"] for row in csv.DictReader(file)}


def record() -> None:
    """Write down what the town comes to now."""
    with BASELINE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("week", "rule", "checksum"))
        rows.writerows((*moment.split(), found) for moment, found in live().checksums.items())


if __name__ == "__main__":
    record()
