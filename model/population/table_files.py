"""Tables in other people's files, as texts: a workbook (.xlsx) or a CSV.

A file may unpack to far more than it seems to hold, so workbooks and large texts are read by a process of its own, within
limits of memory and time; rows, columns, cells and characters are counted on the way.  This file is that process, too: it
imports nothing of the rest of the model.
"""

import codecs
import csv
import io
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

MOST_UNPACKED = 250_000_000  # bytes; the workbook of all of the country has about 150 MB once unpacked
MOST_ROWS = 2**20  # the last row of a sheet, as programs of spreadsheets know it
MOST_COLUMNS = 2**14  # the last column of one
MOST_CELLS = 10_000_000  # four times what the workbook of all of the country has
MOST_CHARACTERS = 100_000_000
MEMORY = 1_500_000_000  # bytes that reading may take, where the platform can limit it
SECONDS = 12  # of the processor
SECONDS_A_MEGABYTE = 12  # more; on a slow machine small numbers, as of the police, take seven
MOST_SECONDS = 120
PATIENCE = 3  # times as long by the clock, where other programs are at work
GREEDY = "unreadable.greedy"
SMALL = 1_000_000  # bytes of a text that may be read on the spot: at worst it takes some hundred times as much
SEARCHED = 50  # rows at the top among which the header is looked for
SEPARATORS = ",;\t"
WORKBOOKS, ZIP = (".xlsx", ".xlsm"), b"PK\x03\x04"
PERCENT = (9, 10)  # numbers of formats that every workbook knows: 0% and 0.00%
NEAR = "kantelpunt.cp1252"

Line = list[str]


class Unreadable(Exception):
    """A file that cannot be read as a table; a code says why, and facts fill its text (`errors_en.toml`)."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Hold code and facts."""
        super().__init__(code)
        self.code, self.facts = code, facts


class Table(NamedTuple):
    """A header in small letters, and the rows below it as texts."""

    header: Line
    rows: list[Line]


def read(file: Path, names: Iterable[str], most: int = MOST_ROWS) -> Table:
    """Return the table in a file: its header is the row, among the first, that holds most of these names.

    Raises Unreadable where a file is damaged, holds more than ``most`` rows with anything in them, or takes more memory or
    time than a table of areas needs.
    """
    if not is_workbook(file) and file.stat().st_size <= SMALL:
        return csv_table(file, set(names), most)
    return Table(*confined(file.absolute(), most, *names))


def is_workbook(file: Path) -> bool:
    """Return whether a file is a workbook, by its name or by how it begins."""
    return file.suffix.lower() in WORKBOOKS or head(file).startswith(ZIP)


def head(file: Path) -> bytes:
    """Return the first bytes of a file, by which kinds of files are told apart."""
    with file.open("rb") as opened:
        return opened.read(8)


def confined(file: Path, most: int, *names: str) -> Any:
    """Return the table that a process of its own finds in a file within the limits; raises Unreadable."""
    seconds = allowance(file.stat().st_size)
    command = [sys.executable, "-P", __file__, str(seconds), str(file), str(most), *names]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE * seconds)
    except subprocess.TimeoutExpired:
        raise Unreadable(GREEDY) from None
    if done.returncode:
        raise Unreadable(GREEDY)
    found = json.loads(done.stdout)
    if "refused" in found:
        raise Unreadable(found["refused"], **found["facts"])
    return found["made"]


def allowance(size: int) -> float:
    """Return the seconds of the processor that reading so many bytes may take: a small file that needs long is no table."""
    return min(SECONDS + SECONDS_A_MEGABYTE * (size // 1_000_000), MOST_SECONDS)


def limit(seconds: int) -> None:
    """Limit the memory and time of this process, where the platform can."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):  # a stricter limit holds already, or the platform knows none
            resource.setrlimit(what, (most, most))


def main(seconds: str, *given: str) -> None:
    """Read a table within limits, and print what came of it as JSON."""
    limit(max(int(float(seconds)), 1))
    warnings.simplefilter("ignore")
    try:
        found: dict[str, Any] = {"made": table(*given)}
    except Unreadable as error:
        found = {"refused": error.code, "facts": error.facts}
    except MemoryError:
        found = {"refused": GREEDY, "facts": {}}
    except Exception as error:  # whatever a damaged or foreign file brings up: a dozen kinds of exception
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        found = {"refused": "unreadable.damaged", "facts": {"reason": reason}}
    sys.stdout.buffer.write(json.dumps(found).encode())


def table(name: str, most: str, *names: str) -> Table:
    """Return the table of a workbook or a CSV."""
    file = Path(name)
    read_it = workbook_table if is_workbook(file) else csv_table
    return read_it(file, set(names), int(most))


def counted(lines: Iterable[Line], most: int, separator: str = "") -> Iterator[Line]:
    """Yield lines that hold something, without empty cells at their end; raises Unreadable beyond the limits.

    Those cells stay where commas part them: one may be what a decimal comma without quotes has pushed out.
    """
    cells = characters = held = 0
    for row, line in enumerate(lines, start=1):
        cells, characters = cells + len(line), characters + sum(map(len, line))
        if row > MOST_ROWS or len(line) > MOST_COLUMNS or cells > MOST_CELLS or characters > MOST_CHARACTERS:
            raise Unreadable(
                "unreadable.too_much",
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
                cells=MOST_CELLS,
                characters=MOST_CHARACTERS,
            )
        if any(line):
            held += 1
            if held > most:
                raise Unreadable("unreadable.too_many_rows", most=most)
            yield line if separator == "," else without_end(line)


def without_end(line: Line) -> Line:
    """Return a line without empty cells at its end."""
    n = len(line)
    while n and not line[n - 1].strip():
        n -= 1
    return line[:n]


def below_header(lines: Iterator[Line], names: set[str]) -> tuple[int, Table]:
    """Return how many names the best row at the top holds, and the table with this row as its header."""
    top = list(islice(lines, SEARCHED))
    if not top:
        return 0, Table([], [])
    known = [len(names.intersection(map(heading, line))) for line in top]
    at = known.index(max(known))
    return known[at], Table([heading(cell) for cell in top[at]], [*top[at + 1 :], *lines])


def heading(cell: str) -> str:
    """Return the name of a column as names are compared: no spaces around it, capitals as small letters."""
    return cell.strip().casefold()


# -- texts


def csv_table(file: Path, names: set[str], most: int = MOST_ROWS) -> Table:
    """Return the table of a CSV: comma, semicolon or tab; UTF-8, UTF-16 with its mark, or Windows-1252."""
    if file.stat().st_size > MOST_UNPACKED:
        raise Unreadable("unreadable.too_large", most=MOST_UNPACKED // 1_000_000)
    lines = list(io.StringIO(decoded(file.read_bytes()), newline=""))
    said = re.fullmatch(r'"?sep=(.)"?;*,*\s*', lines[0], re.IGNORECASE) if lines else None
    if said:
        return below_header(counted(split(lines[1:], said[1]), most, said[1]), names)[1]
    separator = max(SEPARATORS, key=lambda each: usefulness(lines[:SEARCHED], each, names))
    return below_header(counted(split(lines, separator), most, separator), names)[1]


def decoded(content: bytes) -> str:
    """Return a text in UTF-16 where it says so, else in UTF-8, and what is neither as Windows writes it in western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    codecs.register_error(NEAR, lambda error: (error.object[error.start : error.end].decode("cp1252", "replace"), error.end))  # type: ignore[attr-defined]
    return content.decode("utf-8-sig", NEAR)


def split(lines: Iterable[str], separator: str) -> Iterator[Line]:
    """Yield the cells of lines; raises Unreadable where a quote is never closed, or nothing can be parted by this separator."""
    try:
        yield from csv.reader(lines, delimiter=separator, strict=True)
    except (csv.Error, ValueError, TypeError) as error:
        raise Unreadable("unreadable.damaged", reason=str(error)) from None


def usefulness(top: list[str], separator: str, names: set[str]) -> tuple[int, int]:
    """Return how many names a header parted by this separator holds, and how often the first line has the separator."""
    known = max((len(names.intersection(map(heading, line.replace('"', "").split(separator)))) for line in top), default=0)
    return known, top[0].count(separator) if top else 0


# -- workbooks


def workbook_table(file: Path, names: set[str], most: int) -> Table:
    """Return the sheet of a workbook whose header holds most of these names (of equals the first)."""
    os.environ["OPENPYXL_LXML"] = "False"  # openpyxl then reads by defusedxml, which refuses entities
    import openpyxl

    content = io.BytesIO(file.read_bytes())  # openpyxl would go by the name of a file
    formulas = look_inside(content)
    book = openpyxl.load_workbook(content, read_only=True, data_only=True)
    written = openpyxl.load_workbook(content, read_only=True) if formulas else book
    rows = shares if has_percentages(book) else values
    sheets = [counted(cells(one, other, rows), most) for one, other in zip(book.worksheets, written.worksheets, strict=True)]
    best, found = -1, Table([], [])
    for lines in sheets:
        top = list(islice(lines, SEARCHED))
        known, _ = below_header(iter(top), names)
        if known > best and top:
            best, (_, found) = known, below_header(chain(top, lines), names)
    return found


def look_inside(file: io.BytesIO) -> bool:
    """Return whether a workbook holds formulas; raises Unreadable where it unpacks to too much."""
    with zipfile.ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            raise Unreadable("unreadable.too_large_unpacked", most=MOST_UNPACKED // 1_000_000)
        return any(re.search(rb"<(\w+:)?f[ >/]", parts.read(name)) for name in parts.namelist())  # a sheet has any name


def has_percentages(book: Any) -> bool:
    """Return whether a workbook shows a number as a percentage anywhere."""
    return any(each.numFmtId in PERCENT for each in book._cell_styles) or any(map(is_percentage, book._number_formats))


def is_percentage(form: str) -> bool:
    """Return whether numbers in this format are shown a hundred times as large, with a %."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", form)


def values(sheet: Any) -> Iterator[list[Any]]:
    """Yield what stands in the lines of a sheet."""
    sheet.reset_dimensions()
    yield from map(list, sheet.iter_rows(values_only=True))


def shares(sheet: Any) -> Iterator[list[Any]]:
    """Yield the same, with a share that is shown as a percentage as that percentage."""
    sheet.reset_dimensions()
    yield from ([as_shown(cell) for cell in line] for line in sheet.iter_rows())


def as_shown(cell: Any) -> Any:
    """Return what stands in a cell; a number in a format of percentages with its %."""
    value = cell.value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{100 * value:.10g} %" if number and is_percentage(cell.number_format) else value


def cells(sheet: Any, written: Any, rows: Callable[[Any], Iterator[list[Any]]]) -> Iterator[Line]:
    """Yield the lines of a sheet as texts, whatever it says about its size; a formula without a value as the formula."""
    if written is sheet:
        yield from (["" if value is None else str(value) for value in line] for line in rows(sheet))
        return
    for line, formulas in zip(rows(sheet), values(written), strict=True):
        yield [shown(*pair) for pair in zip_longest(line, formulas)]


def shown(value: Any, formula: Any) -> str:
    """Return the text of a cell: its value, or else its formula."""
    found = getattr(formula, "text", formula) if value is None else value
    return "" if found is None else str(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
