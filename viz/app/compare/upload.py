"""Uploads: what a browser sends is looked at as data, within limits, and refused in words of the reader's language.

Nothing of a file is run, no name of it is used as a path, and a file that is refused is gone at once.
"""

import codecs
import csv
import io
import tempfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.variants import measures_in
from kantelpunt.model.errors import InputError
from kantelpunt.model.population import cbs_workbook
from kantelpunt.model.population.areas import CARRIED, LARGEST, SMALLEST, Area, listing
from kantelpunt.model.population.table_files import MOST_UNPACKED, ZIP
from kantelpunt.model.toml_files import tables
from kantelpunt.viz.text import Text

from ..rejection import MOST_SHOWN, Refused
from .what_if import MOST_PACKAGES, Question

MOST_BYTES = 25_000_000  # the workbook of Statistics Netherlands for all of the country has about 15 MB
MOST_MESSAGE = MOST_BYTES + 1_000_000  # from a browser to the server: the largest file, and what is said about it
MOST_PLAN, MOST_READ = 200_000, 100  # bytes, and measures of a scenario, with those of a situation
MOST_PARTS = 10_000  # of an archive; a workbook has some ten, and one a sheet
MOST_LISTED = 5  # rows that are named
ZIP_ENTRY = b"PK\x01\x02"
FOREIGN = {  # how other kinds of file begin
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x1f\x8b": "GZIP", b"PAR1": "Parquet",
    b"MZ": "EXE", b"\x7fELF": "ELF", b"Rar!": "RAR", b"7z\xbc\xaf": "7Z", b"SQLite": "SQLite",
}  # fmt: skip
ONE_AT_A_TIME = threading.Lock()  # uploads of all sessions: reading one may take all the memory that reading may take
OWN_TEXTS = {  # code of an error of the model -> text key
    "area.nobody": "nobody", "area.few_people": "few", "area.few_adults": "few", "area.no_ages": "ages",
    "area.no_columns": "columns", "area.no_rows": "no_rows", "file.empty": "empty", "file.not_workbook": "workbook",
    "file.not_csv": "csv", "area.wrong_size": "size", "area.several": "several", "area.unknown": "unknown",
}  # fmt: skip
TOO_MUCH = ("unreadable.too_many_rows", "unreadable.too_much", "unreadable.too_large", "unreadable.too_large_unpacked")


@dataclass(frozen=True, eq=False)
class Upload:
    """The part of an upload that is kept: a file with the columns that are looked at, and what is shown of it.

    ``areas`` are code -> what is shown, of those that can be simulated, in the order of a list; ``left_out`` is how many rows
    are left out, and ``why`` of the first few their code, what is wrong, and what stands there.
    """

    file: Path
    size: int  # bytes of the file
    areas: dict[str, str]
    left_out: int
    why: tuple[tuple[str, Any, str], ...]


def called(area: Area) -> str:
    """Return how an area is called in a list: with its municipality, and its code for people who seek that."""
    return f"{area.name}, {area.municipality} ({area.code})" if area.municipality else f"{area.name} ({area.code})"


def plain_name(name: str) -> str:
    """Return the last part of a file's name, for showing only."""
    return "".join(each for each in PureWindowsPath(PurePosixPath(name).name).name if each.isprintable())[:60] or "?"


def refuse_foreign(name: str, data: bytes) -> str:
    """Return .xlsx or .csv for what looks like one; raises Refused for anything else."""
    suffix = PurePosixPath(plain_name(name).lower()).suffix
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("large", most=MOST_BYTES // 1_000_000)
    if data.startswith(cbs_workbook.OLD_OR_LOCKED):
        raise Refused("old_office")
    for start, kind in FOREIGN.items():
        if data.startswith(start):
            raise Refused("foreign", kind=kind)
    if data.startswith(ZIP):
        return refuse_archive(data)
    if suffix not in (".csv", ".txt", ".tsv"):
        raise Refused("workbook" if suffix in (".xlsx", ".xlsm") else "ending", suffix=suffix or "?")
    return refuse_binary(data)


def refuse_archive(data: bytes) -> str:
    """Return .xlsx for a workbook; raises Refused for another archive, or one that unpacks to too much."""
    if data.count(ZIP_ENTRY) > MOST_PARTS:
        raise Refused("workbook")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise Refused("workbook") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Refused("foreign", kind="ZIP")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("large", most=MOST_BYTES // 1_000_000)
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise Refused("macros")
    return ".xlsx"


def refuse_binary(data: bytes) -> str:
    """Return .csv for text; raises Refused for what is none."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as spreadsheets save "Unicode text"
    if b"\0" in data[:4096] and not wide:
        raise Refused("binary")
    if data.lstrip()[:1] in (b"<", b"{", b"["):
        raise Refused("foreign", kind="HTML/JSON/XML")
    return ".csv"


def read_areas(name: str, data: bytes, folder: Path) -> Upload:
    """Return what is kept of a table of areas, in a file in this folder; raises Refused, and then keeps nothing."""
    suffix = refuse_foreign(name, data)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=suffix, delete=False) as file:
        file.write(data)
    sent = Path(file.name)
    with ONE_AT_A_TIME:
        try:
            rows = cbs_workbook.rows(sent)
        except (InputError, ArithmeticError, ValueError, MemoryError) as error:
            raise explained(error, sent, plain_name(name)) from None
        finally:
            sent.unlink()
        return usable(rows, plain_name(name), folder)


def usable(rows: Sequence[cbs_workbook.Cells], source: str, folder: Path) -> Upload:
    """Return what is kept of these rows, in a file in this folder; raises Refused where no area in it can be simulated."""
    known = [cbs_workbook.kept(cells, Path(source)) for cells in rows]
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".csv", delete=False, encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(dict.fromkeys(column for cells in known for column in cells)))
        table.writeheader()
        table.writerows(known)
    path = Path(file.name)
    try:
        return kept(path)
    except Refused:
        path.unlink()
        raise
    except (InputError, ArithmeticError, ValueError, MemoryError) as error:
        path.unlink()
        raise explained(error, path, source) from None


def kept(path: Path) -> Upload:
    """Return what is kept of a file; areas with all their figures take some hundred times as much.  Raises Refused for none."""
    found = listing(path)
    able = sorted(
        (each for each in found.areas if each.can_be_simulated), key=lambda each: (each.kind == "gemeente", each.name.casefold())
    )
    if not able:
        raise Refused("no_usable", least=SMALLEST, most=LARGEST)
    why = [(code, error.words, str(error.value)[:MOST_SHOWN]) for code, error in found.left_out.items()]
    return Upload(path, path.stat().st_size, {each.code: called(each) for each in able}, len(why), tuple(why[:MOST_LISTED]))


def explained(error: Exception, file: Path, name: str) -> Refused:
    """Return a complaint of the model as one that can be said in the reader's language, with the reader's name for the file."""
    if isinstance(error, InputError):
        error.place = error.place.replace(str(file), name).replace(file.name, name)
        if getattr(error.facts.get("reason"), "code", "") in TOO_MUCH:
            return Refused("many", most=cbs_workbook.MOST_AREAS)
        if error.code in OWN_TEXTS:
            return Refused(OWN_TEXTS[error.code])
        if error.code == "figure.invalid":
            return Refused("figure", column=error.facts["column"], value=str(error.value)[:40])
        return Refused.because(error, "row")
    return Refused("other")


def left_out(upload: Upload, t: Text) -> str:
    """Return which rows of an upload are left out, and why; "" where none is."""
    if not upload.left_out:
        return ""
    why = "; ".join(f"{code} ({t.error(words)}: {value})" for code, words, value in upload.why)
    return t("upload.left_out", n=upload.left_out, rows=why + ("; …" if upload.left_out > MOST_LISTED else ""))


def too_wide(table: Mapping[str, Any]) -> bool:
    """Return whether a plan holds more than the page can show, which takes long to read; it is only counted."""
    scenarios = table.get("scenario")
    some = scenarios.values() if isinstance(scenarios, Mapping) else ()
    crowded = len(some) > MOST_PACKAGES + 1 or any(measures_in(each) > MOST_READ for each in some)
    return crowded or bool(table.get("package") or table.get("rival"))


def read_plan(data: bytes, folder: Path) -> tuple[Question, Upload | None]:
    """Return the question in a plan (TOML), and what is kept of the areas that it carries along; raises Refused.

    A plan that names a file of this machine is never followed.
    """
    if len(data) > MOST_PLAN:
        raise Refused("large_plan", most=MOST_PLAN // 1_000)
    try:
        table = tables(data)
    except InputError:
        raise Refused("toml") from None
    if "area_file" in table:
        raise Refused("area_file")
    if too_wide(table):
        raise Refused("not_for_page")
    try:
        plan = Plan.read(table)
        question = Question.of_plan(plan)
    except InputError as error:
        if error.code == "question.not_for_page":
            raise Refused("not_for_page") from None
        raise Refused.because(error) from None
    if not plan.area_rows:
        return question, None
    own = usable(plan.area_rows, CARRIED.name, folder)
    return replace(question, area=plan.scenarios[plan.first].resolved_area().code, area_file=own.file), own
