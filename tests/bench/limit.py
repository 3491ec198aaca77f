"""How far a rule is from C: the count of `climate` once more, compiled by `cc -O3` over the same records.

The structs of C are written from the records of `state.fields`, so the two read the same memory; both must count the same.
"""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.compiled import njit
from kantelpunt.model.rules import climate
from kantelpunt.model.shared.persons import ADULT_FROM, CHILD_UNTIL, TEEN_FROM, YOUTH_FROM, YOUTH_UNTIL
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.fields import DTYPES

from .measure import SMALL, Measured, in_turns, spread

MOST_OVER_C = 1.3  # times the same rule in C
ROUNDS = 2_000
C_TYPES = {"f8": "double", "f4": "float", "i8": "int64_t", "i4": "int32_t", "i2": "int16_t", "i1": "int8_t", "u1": "uint8_t"}
RULE = """
static int64_t fixed(double level) { return (int64_t)(level * 1073741824.0); }

void count(int64_t rounds, int64_t n, struct person *people, struct household *households, struct place *places,
           struct cell_residents *arounds, struct patch *patches, int64_t week)
{
    for (int64_t round = 0; round < rounds; round++)
    for (int64_t i = 0; i < n; i++) {
        struct person *person = &people[i];
        if (person->present == 0) continue;
        struct patch *patch = &patches[places[person->home].quarter];
        patch->residents += 1;
        double age = (double)(week - person->born);
        if (age < YOUTH_UNTIL * WEEKS_A_YEAR) {
            patch->children += age < CHILD_UNTIL * WEEKS_A_YEAR && !(age < YOUTH_FROM * WEEKS_A_YEAR);
            patch->youths += !(age < TEEN_FROM * WEEKS_A_YEAR);
        }
        if (!(age < ADULT_FROM * WEEKS_A_YEAR)) {
            struct cell_residents *around = &arounds[person->home];
            int64_t trust = fixed(person->trust_institutions);
            patch->adults += 1;
            patch->trust += trust;
            patch->rooted += fixed(households[person->household].rooted);
            around->residents += 1;
            around->trust += trust;
            around->cohesion += fixed(person->trust_neighbours);
            around->fear += fixed(person->fear);
            if (person->norm_enemy > 0.5) around->norm += 1;
        }
    }
}
"""


def struct(name: str) -> str:
    """Return a record as a struct of C: the fields that the rule reads where they are, and bytes in place of the rest."""
    lines, at = [], 0
    read = {field: told for field, told in (DTYPES[name].fields or {}).items() if re.search(rf"(->|\.){field}\b", RULE)}
    for field, (kind, offset, *_) in sorted(read.items(), key=lambda each: each[1][1]):
        lines += [f"  char before_{field}[{offset - at}];"] if offset > at else []
        lines += [f"  {C_TYPES[kind.str[1:]]} {field};"]
        at = offset + kind.itemsize
    lines += [f"  char rest[{DTYPES[name].itemsize - at}];"] if DTYPES[name].itemsize > at else []
    align = DTYPES[name].alignment
    return "\n".join([f"struct __attribute__((packed, aligned({align}))) {name} {{", *lines, "};"])


def source() -> str:
    """Return the rule in C, with the records that it reads."""
    numbers = {
        "WEEKS_A_YEAR": WEEKS_A_YEAR, "YOUTH_FROM": YOUTH_FROM, "YOUTH_UNTIL": YOUTH_UNTIL, "TEEN_FROM": TEEN_FROM,
        "CHILD_UNTIL": CHILD_UNTIL, "ADULT_FROM": ADULT_FROM,
    }  # fmt: skip
    records = map(struct, ("person", "household", "place", "cell_residents", "patch"))
    return "\n".join(
        [
            "#include <stdint.h>",
            *(f"#define {name} {float(value)}" for name, value in numbers.items()),
            *records,
            RULE,
        ]
    )


def in_c(folder: Path) -> Callable[..., None]:
    """Return the rule as `cc` compiles it."""
    (folder / "rule.c").write_text(source())
    command = ["cc", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-o", "rule.so", "rule.c"]
    subprocess.run(command, cwd=folder, check=True)
    count = ctypes.CDLL(str(folder / "rule.so")).count
    pointers = [ctypes.c_void_p] * 5
    count.argtypes = [ctypes.c_int64, ctypes.c_int64, *pointers, ctypes.c_int64]
    count.restype = None
    return count


@njit
def _count(rounds, people, households, places, arounds, patches, week):
    for _ in range(rounds):
        climate.count(people, households, places, arounds, patches, week)


def tasks(folder: Path) -> tuple[Callable[[], float], Callable[[], float], Callable[[], bool]]:
    """Return two tasks that count who lives where, ours and in C, and whether both came to the same."""
    simulation = Simulation(Scenario(people=SMALL, years=1), seed=1)
    simulation.advance(8)
    world, count = simulation.world, in_c(folder)
    tables = world.people, world.households, world.places
    ours, theirs = ((np.zeros_like(world.cell_residents), np.zeros_like(world.patches)) for _ in range(2))

    def rule() -> float:
        _count(ROUNDS, *tables, *ours, simulation.week)
        return ROUNDS * SMALL

    def limit() -> float:
        addresses = (table.ctypes.data for table in (*tables, *theirs))
        count(ROUNDS, world.people.size, *addresses, simulation.week)
        return ROUNDS * SMALL

    def same() -> bool:
        return all((one == other).all() for one, other in zip(ours, theirs, strict=True)) and ours[1]["trust"].any()

    return rule, limit, same


def distance(turns: int) -> Iterator[Measured]:
    """Yield what a rule takes over the same rule in C; where there is no compiler the row says so."""
    what = f"a rule (who lives where) over the same in C, {SMALL:,} people"
    if shutil.which("cc") is None:
        yield Measured(what, "not measured: there is no C compiler (cc) here")
        return
    with TemporaryDirectory() as folder:
        rule, limit, same = tasks(Path(folder))
        rule(), limit()
        if not same():
            raise RuntimeError(
                "the rule in C does not count what ours does: tests/bench/limit.py is behind model/rules/climate.py"
            )
        costs = in_turns({"ours": rule, "C": limit}, turns)
    times = float(np.median(costs["ours"] / costs["C"]))
    yield Measured("who lives where, in C", spread(costs["C"], "ns a person"))
    yield Measured(what, f"{times:.2f} times", f"at most {MOST_OVER_C} times", times <= MOST_OVER_C)
