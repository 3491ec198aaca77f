"""Whether a part of a study is as it was written: every byte where it has a seal, every page and column where it has none.

A seal tells of damage, and not who wrote a file: a table of somebody else may unpack to far more than it seems to hold, so it
is measured before it is read (`refuse_greedy`).
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kantelpunt.model.errors import InputError, Phrase

from .files import content
from .pages import Lying, unpacked
from .seals import seal_of, whole

COURSES = "series"  # where a part of runs keeps the seal of its courses; "" where none are kept
KNOWN = ("run", "scenario", "point", "world")
OF_RUNS = {*KNOWN, "seed", "cost", "digest", "model"}  # columns of runs beside outcomes, and of courses
OF_COURSES = {*KNOWN, "week"}
BYTES_A_RUN = 8  # at least: an id is twelve bytes by lot, which nothing makes shorter
ROWS_A_RUN = 2_601  # of its course at most: fifty years of 52 weeks, and the start
TEXTS = ("run", "scenario", "digest", "model")
LONGEST = 1_000  # characters of one
MOST_CELLS = 40_000_000  # of a table that is read at once: 100,000 points of 400 parameters
MOST_UNPACKED = 2**29  # bytes of rows that lie together
MOST_TOGETHER = 120_000_000  # cells of all parts that are read at once: two million runs with every outcome


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
    rows = refuse_greedy(data := content(part), BYTES_A_RUN)
    runs, seal = read(data)
    outcomes = outcomes_of(runs, OF_RUNS)
    kept = (runs.metadata or {}).get(COURSES.encode())
    if theirs is None:
        if kept:
            raise Damaged("damage.no_courses")
        return
    data = content(courses)
    if measured(data) > ROWS_A_RUN * rows:
        raise Damaged("unreadable.greedy")
    series, found = read(data)
    if seal and found.encode() != kept:
        raise Damaged("damage.other_courses")
    if outcomes_of(series, OF_COURSES) != outcomes:
        raise Damaged("damage.other_outcomes")


def read(data: bytes) -> tuple[pa.Schema, str]:
    """Return the schema and seal of a table that was measured; raises what Arrow raises where it is not as it was written."""
    seal = seal_of(data)
    if seal:
        return pq.read_schema(BytesIO(data)), seal
    table = pq.ParquetFile(BytesIO(data), page_checksum_verification=True)  # of an earlier version, or of somebody else
    for _ in table.iter_batches():  # in turn: all of them may be far more than the file
        pass
    table.schema_arrow.empty_table().to_pandas()
    return table.schema_arrow, ""


def table_of(data: bytes, bytes_a_row: int = 0) -> pa.Table:
    """Return a table of numbers and names; raises Damaged, or what Arrow raises, where it is none or is too much."""
    refuse_greedy(data, bytes_a_row)
    return pq.read_table(BytesIO(data), page_checksum_verification=True)


def refuse_greedy(data: bytes, bytes_a_row: int = 0) -> int:
    """Return how many rows a table holds; raises Damaged for more than is read at once, or than its bytes leave room for."""
    rows = measured(data)
    if bytes_a_row * rows > len(data) or rows * len(pq.read_schema(BytesIO(data))) > MOST_CELLS:
        raise Damaged("unreadable.greedy")
    return rows


def measured(data: bytes) -> int:
    """Return how many rows a table holds; raises Damaged where a column holds anything but numbers and names, or far too much."""
    if not whole(data):  # damaged bytes are not handed to what unpacks them
        raise Damaged("damage.changed")
    schema, found = pq.read_schema(BytesIO(data)), pq.read_metadata(BytesIO(data))
    if strange := [each.name for each in schema if not (is_text(each.type) or is_number(each.type))]:
        raise Damaged("damage.no_numbers", column=min(strange))
    groups = [found.row_group(i) for i in range(found.num_row_groups)]
    try:
        if max([unpacked(data, found), *(each.total_byte_size for each in groups)]) > MOST_UNPACKED:
            raise Damaged("unreadable.greedy")
    except Lying:
        raise Damaged("damage.pages") from None
    texts = [each.name for each in schema if is_text(each.type)]
    # each name once: every row may have the same one, of a megabyte
    once = pq.ParquetFile(BytesIO(data), read_dictionary=texts, page_checksum_verification=True)
    for batch in once.iter_batches(columns=texts) if texts else ():
        if any((pc.max(pc.binary_length(getattr(each, "dictionary", each))).as_py() or 0) > LONGEST for each in batch.columns):
            raise Damaged("unreadable.greedy")
    return sum(max([each.num_rows, *(each.column(i).num_values for i in range(each.num_columns))]) for each in groups)


def refuse_sum(folder: Path, parts: list[Path], columns: list[str] | None) -> None:
    """Raise InputError where parts, each small enough, hold together more than is read at once."""
    known = [pq.read_metadata(part) for part in parts]
    names = [set(each.schema.names) if columns is None else set(each.schema.names).intersection(columns) for each in known]
    cells = sum(each.num_rows * len(some) for each, some in zip(known, names, strict=True))
    if cells > MOST_TOGETHER:
        allowed = Phrase("allowed.at_most", most=MOST_TOGETHER)
        raise InputError("study.too_much", place=folder, value=cells, allowed=allowed, parts=len(parts))


def is_text(kind: pa.DataType) -> bool:
    """Return whether a column holds texts, each once or not."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def is_number(kind: pa.DataType) -> bool:
    """Return whether a column holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def outcomes_of(schema: pa.Schema, needed: set[str]) -> set[str]:
    """Return the columns of outcomes; raises Damaged where a column is missing or holds no numbers."""
    if missing := needed - set(schema.names):
        raise Damaged("damage.no_column", column=min(missing))
    outcomes = set(schema.names) - needed
    if strange := [name for name in needed if is_text(schema.field(name).type) != (name in TEXTS)]:
        raise Damaged("damage.no_numbers", column=min(strange))
    if strange := [name for name in outcomes if not pa.types.is_floating(schema.field(name).type)]:
        raise Damaged("damage.no_numbers", column=min(strange))
    return outcomes
