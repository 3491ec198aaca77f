"""A small world told rule by rule, and what every rule read.

    NUMBA_DISABLE_JIT=1 python -m tests.worlds.reference_run LIVED FILE

The story has two parts: the first weeks, and some weeks of a world that has been lived in for a year (LIVED, a file that
compiled code leaves).  In plain Python every read of a field goes through `world.Row`, so that one can listen.
"""

import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from kantelpunt.model import Scenario
from kantelpunt.model import draws as chance
from kantelpunt.model.compiled import JIT
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.simulation import digest
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import Row, World
from tests.contracts.steps import EAGER, TABLE_OF, Steps, snapshot

SEED = 6
FIRST, LIVED, LAST = 4, 52, 58  # the first weeks end, the second part begins and ends after this week
RAIDS = [{"kind": "raid", "date": week, "share": 0.6} for week in (2, 53)]


def scenario() -> Scenario:
    """Return a small what-if in which a few weeks hold as much as they can: everything is done, raids too."""
    kinds = [{"kind": kind, "ramp": 0} for kind in catalogue() if kind != "raid"]
    return Scenario(area="overvecht", people=400, years=2, parameters=EAGER, interventions=[*kinds, *RAIDS])


def leave(path: Path) -> None:
    """Write down a world that has been lived in."""
    steps = Steps(scenario(), SEED)
    for _ in steps.until(LIVED):
        pass
    np.savez(path, **steps.world._asdict())


def enter(world: World, path: Path) -> None:
    """Take over a world that has been lived in."""
    with np.load(path) as arrays:
        for name, array in world._asdict().items():
            np.copyto(array, arrays[name])


def fingerprint(world: World) -> dict[str, int]:
    """Return a checksum of every field."""
    found = {}
    for name, array in snapshot(world).items():
        if array.dtype.names:
            for field in array.dtype.names:
                found[f"{TABLE_OF[name]}.{field}"] = zlib.crc32(np.ascontiguousarray(array[field]).tobytes())
        else:
            found[TABLE_OF[name]] = zlib.crc32(array.tobytes())
    return found


def listen(reads: dict[str, set[str]], speaker: list[str], world: World) -> None:
    """Note from now on which rule reads which field; `speaker` holds the rule that acts."""
    tables = {str(kind): name for name, kind in DTYPES.items() if name != "event"}
    tables |= {str(world.templates.dtype): "template", str(world.template_members.dtype): "member"}
    names: dict[int, str | None] = {}

    def read(row: Row, field: str):
        array = row._array
        kind = id(array.dtype)
        if kind not in names:
            names[kind] = tables.get(str(array.dtype))
        if names[kind]:
            reads[speaker[0]].add(f"{names[kind]}.{field}")
        return array[field][row._index].item()

    Row.__getattr__ = read  # type: ignore[method-assign]


def hear(draws: dict[tuple[int, int, int], dict[tuple[int, ...], str]]) -> None:
    """Note from now on who asks which draw: the line that asks and the one that called its function, and what they are called."""
    bits = chance.bits

    def asked(dice: int, who: int, whom: int = 0) -> int:
        frame = sys._getframe(1)
        while frame.f_code.co_filename == chance.__file__:
            frame = frame.f_back  # type: ignore[assignment]
        both = [each for each in (frame, frame.f_back) if each]
        lines = tuple(each.f_lineno for each in both)
        names = [f"{Path(each.f_code.co_filename).stem}.{each.f_code.co_name}" for each in both]
        draws[int(dice), int(who), int(whom)][lines] = " from ".join(names)
        return bits(dice, who, whom)

    chance.bits = asked


def story(lived: Path) -> dict:
    """Return the story: after each rule of each week a checksum of every field; digests; in plain Python all reads, and draws.

    ``shared`` lists functions that ask one and the same draw in different places, so that what they decide hangs together.
    """
    reads: dict[str, set[str]] = defaultdict(set)
    draws: dict[tuple[int, int, int], dict[tuple[int, ...], str]] = defaultdict(dict)
    if not JIT:
        hear(draws)
    speaker = [""]
    told = []

    def tell(steps: Steps, rules: Iterable[tuple[int, str]]) -> str:
        for week, rule in rules:
            speaker[0] = rule
            steps.call(rule, week)
            told.append([f"week {week}, {rule}", fingerprint(steps.world)])
        return digest(steps.world)

    young, old = Steps(scenario(), SEED), Steps(scenario(), SEED)
    enter(old.world, lived)
    if not JIT:
        listen(reads, speaker, young.world)
    later = [(week, rule) for week, rule in Steps.rules(LAST) if week > LIVED]
    digests = [tell(young, Steps.rules(FIRST)), tell(old, later)]
    shared = sorted({tuple(sorted(asking.values())) for asking in draws.values() if len(asking) > 1})
    read = {rule: sorted(fields) for rule, fields in reads.items()}
    return {"told": told, "digests": digests, "reads": read, "draws": len(draws), "shared": shared}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(story(Path(sys.argv[1]))))
