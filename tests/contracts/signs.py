"""Which way a parameter moves what its rule does: `signs.toml` says so, and here it is measured.

    uv run python -m tests.contracts.signs trust     # weeks for and against each line of the table, of one rule or more

A rule is called by itself, in weeks of worlds that have been lived in, with one parameter at the low and at the high end
of its range and all else the same, luck included.  So a sign is of what the rule does at once, before anything answers.
"""

import sys
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kantelpunt.model import Scenario, registry
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.world import World, executable_parameters
from tests.contracts.steps import EAGER, TABLE_OF, Steps, order

TABLE = Path(__file__).with_name("signs.toml")
WEEKS = range(118, 144)  # a summer half year, so that what is of summer has its sign
ENOUGH = 3  # weeks more for than against after which a sign is settled
HALF = [{"kind": kind, "ramp": 0, "intensity": 0.4} for kind in catalogue() if kind not in ("raid", "incident", "eviction")]
RAIDS = [{"kind": "raid", "justice": 0.5, "date": week, "share": 0.6} for week in range(113, 143, 3)]
INCIDENT = {"kind": "incident", "from": 119}
EVICTION = {"kind": "eviction", "evictions": 100.0}  # some every week where all rent and are poor
BUSY = Scenario(area="tilburg-noord", people=1_200, years=8, parameters=EAGER, interventions=[*HALF, *RAIDS, INCIDENT, EVICTION])
DRIVING = {"kind": "visible_presence", "approach": 0.5}  # by car, as no other programme has it
PLAIN = Scenario(area="overvecht", people=1_200, years=3, interventions=[DRIVING])
WORLDS = (BUSY, PLAIN, BUSY.changed(area="overvecht", people=2_500, parameters={}))


class Sign(NamedTuple):
    """A field that a parameter moves, which way (+1 or -1), in what respect (sum, change or spread), and what is set before."""

    way: int
    respect: str
    field: str
    planted: dict[str, float]


def signs() -> dict[str, Sign]:
    """Return parameter -> sign, as the table says."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {f"{rule}.{name}": parsed(line) for rule, own in table.items() for name, line in own.items()}


def parsed(line: str) -> Sign:
    """Return a sign of the table."""
    moved, _, planted = line.partition(" where ")
    way, _, what = moved.partition(" ")
    respect, _, field = what.rpartition(" of ")
    settings = (each.split(" = ") for each in planted.split(" and ") if planted)
    named = {"": "sum", "change": "change", "spread": "spread"}[respect]
    return Sign({"+": 1, "-": -1}[way], named, field, {name: float(value) for name, value in settings})


def uncertain() -> set[str]:
    """Return every parameter that nobody knows well."""
    return {name for name, each in registry.quantities().items() if each.kind == "uncertain"}


def column(world: World, field: str) -> np.ndarray:
    """Return a field, named as rules declare it, over all rows."""
    table, _, name = field.partition(".")
    known = table if table in ("tally", "totals") else next(each for each, called in TABLE_OF.items() if called == table)
    array: np.ndarray = getattr(world, known)
    return array[name] if name else array


def amount(sign: Sign, before: np.ndarray, after: np.ndarray) -> float:
    """Return how much there is of what a parameter moves."""
    if sign.respect == "change":
        return float(np.abs(after.astype(float) - before).sum())
    return float(after.std() if sign.respect == "spread" else after.sum(dtype=float))


def touched(rule: str, planted: Collection[str], world: World) -> list[np.ndarray]:
    """Return the arrays that a rule may change, and those of fields that are set before."""
    tables = {declared.partition(".")[0] for declared in (*registry.rules()[rule].WRITES, "tile_index", *planted)}
    names = [name for name, called in TABLE_OF.items() if called.partition(".")[0] in tables]
    return [getattr(world, name) for name in (*names, "flat_tally", "flat_totals")]


def lived(scenario: Scenario) -> Steps:
    """Return a world that has been lived in, whose rules can be called one by one."""
    simulation, steps = Simulation(scenario), Steps(scenario)
    simulation.advance(WEEKS[0] - 1)
    for array, known in zip(steps.world, simulation.world, strict=True):
        np.copyto(array, known)
    return steps


def moments(rules: Collection[str]) -> Iterator[tuple[str, Steps, int]]:
    """Yield every rule that is about to act, in which world and week."""
    for scenario in WORLDS:
        for steps, weeks, function in ((Steps(scenario), [0], "begin"), (lived(scenario), WEEKS, "run")):
            for week in weeks:
                for rule in order(function):
                    if rule in rules:
                        yield rule, steps, week
                    steps.call(rule, week)


@cache
def ends(name: str, scenario: Scenario) -> tuple[Any, Any]:
    """Return the parameters of a rule with one of them at its low and at its high end, all else as in a scenario."""
    rule, quantity = name.partition(".")[0], registry.quantities()[name]
    low, high = ({**scenario.parameters, name: value} for value in (quantity.low, quantity.high))
    return tuple(getattr(executable_parameters(registry.parameters(each)), rule) for each in (low, high))  # type: ignore[return-value]


def moved(name: str, sign: Sign, steps: Steps, week: int) -> float:
    """Return how far a parameter moves what its sign names, in one week of one world; above 0 where it is as the sign says."""
    rule, world = name.partition(".")[0], steps.world
    kernel, arrays, found = getattr(registry.rules()[rule], rule), touched(rule, sign.planted, world), []
    kept = [array.copy() for array in arrays]
    for parameters in ends(name, steps.simulation.scenario):
        for field, value in sign.planted.items():
            column(world, field)[...] = value
        before = column(world, sign.field).copy()
        kernel(steps._world, parameters, steps.simulation._levers[week], steps.seed, week)
        found.append(amount(sign, before, column(world, sign.field)))
        for array, known in zip(arrays, kept, strict=True):
            np.copyto(array, known)
    return 0.0 if np.isclose(*found, rtol=1e-9, atol=1e-9) else sign.way * (found[1] - found[0])


def for_and_against(ways: list[float]) -> tuple[int, int]:
    """Return in how many weeks a parameter moved as its sign says, and in how many against it."""
    return sum(way > 0.0 for way in ways), sum(way < 0.0 for way in ways)


def settled(ways: list[float]) -> bool:
    """Return whether a sign needs no more weeks."""
    right, wrong = for_and_against(ways)
    return right - wrong >= ENOUGH


def measured(asked: dict[str, Sign]) -> dict[str, list[float]]:
    """Return parameter -> how far it moved what its sign names, in as many weeks as settle it, or else in all."""
    found: dict[str, list[float]] = {name: [] for name in asked}
    left = set(asked)
    for rule, steps, week in moments({name.partition(".")[0] for name in asked}):
        for name in sorted(each for each in left if each.startswith(f"{rule}.")):
            found[name].append(moved(name, asked[name], steps, week))
            if settled(found[name]):
                left.remove(name)
        if not left:
            break
    return found


def main(rules: list[str]) -> None:
    """Print weeks for and against each line of the table."""
    asked = {name: sign for name, sign in signs().items() if not rules or name.partition(".")[0] in rules}
    for name, ways in measured(asked).items():
        right, wrong = for_and_against(ways)
        told = "" if settled(ways) else f"   <- in all {sum(ways):+.4g}"
        print(f"{name:40} {asked[name].field:30} {right} for, {wrong} against, of {len(ways)} weeks{told}")


if __name__ == "__main__":
    main(sys.argv[1:])
