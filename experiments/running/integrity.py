"""Whether a part of a study is as it was written: every byte where it has a seal, every page and column where it has none."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kantelpunt.model.errors import InputError

from .files import content
from .seals import seal_of, unsealed

COURSES = "series"  # where a part of runs keeps the seal of its courses; "" where none are kept
KNOWN = ("run", "scenario", "point", "world")
OF_RUNS = {*KNOWN, "seed", "cost", "digest", "model"}  # columns of runs beside outcomes, and of courses
OF_COURSES = {*KNOWN, "week"}
BYTES_A_RUN = 8  # at least: an id is twelve bytes by lot, which nothing makes shorter


class Damaged(InputError):
    """A part is not as it was written."""


def refuse_damaged(part: Path, courses: Path) -> None:
    """Raise Damaged unless a part of runs and its courses are as they were written; what has not changed is read once.

    Raises FileNotFoundError where there is no such part (any more).
    """
    look(part, courses, state(part), state(courses) if courses.exists() else None)


def state(path: Path) -> tuple[int, int, int]:
    """Return what changes where a file is written anew."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


@lru_cache(maxsize=100_000)
def look(part: Path, courses: Path, ours: tuple[int, int, int], theirs: tuple[int, int, int] | None) -> None:
    """Raise Damaged unless a part and its courses are as they were written, fit each other and have the columns they need."""
    refuse_greedy(content(part))
    runs, seal = read(part)
    outcomes = outcomes_of(runs, OF_RUNS)
    kept = (runs.metadata or {}).get(COURSES.encode())
    if theirs is None:
        if kept:
            raise Damaged("damage.no_courses")
        return
    series, found = read(courses)
    if seal and found.encode() != kept:
        raise Damaged("damage.other_courses")
    if outcomes_of(series, OF_COURSES) != outcomes:
        raise Damaged("damage.other_outcomes")


def read(path: Path) -> tuple[pa.Schema, str]:
    """Return the schema and seal of a file; raises Damaged, or what Arrow raises, where it is not as it was written."""
    data = content(path)
    seal = seal_of(data)
    if seal:
        return pq.read_schema(BytesIO(data)), seal
    if not unsealed(data):
        raise Damaged("damage.changed")
    table = pq.ParquetFile(BytesIO(data), page_checksum_verification=True)  # of an earlier version, or of somebody else
    for _ in table.iter_batches():  # in turn: all of them may be far more than the file
        pass
    table.schema_arrow.empty_table().to_pandas()
    return table.schema_arrow, ""


def refuse_greedy(data: bytes) -> None:
    """Raise Damaged where a table of runs says that it holds more of them than the ids alone leave room for."""
    found = pq.read_metadata(BytesIO(data))
    if BYTES_A_RUN * sum(found.row_group(i).num_rows for i in range(found.num_row_groups)) > len(data):
        raise Damaged("unreadable.greedy")


def outcomes_of(schema: pa.Schema, needed: set[str]) -> set[str]:
    """Return the columns of outcomes; raises Damaged where a column is missing or holds no numbers."""
    if missing := needed - set(schema.names):
        raise Damaged("damage.no_column", column=min(missing))
    outcomes = set(schema.names) - needed
    if strange := [name for name in outcomes if not pa.types.is_floating(schema.field(name).type)]:
        raise Damaged("damage.no_numbers", column=min(strange))
    return outcomes
