"""Reading figures of neighbourhoods: the workbook of Statistics Netherlands as published, or a CSV with its columns.

Only the columns named below are ever looked at; none of them says where people come from.  Files are data: a formula's
stored value is read, nothing is computed or run.
"""

import csv
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .errors import InputError

# What we call it -> its names in files, in order of preference.  The second spelling of many is an English edition.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("gwb_code", "gwb_code_10", "code"),
    "name": ("regio", "name"),
    "municipality": ("gm_naam", "municipality"),
    "kind": ("recs",),
    "year": ("jaar", "year"),
    "source": ("bron", "source"),
    "people": ("a_inw", "population"),
    "age_0_14": ("a_00_14",),
    "age_15_24": ("a_15_24",),
    "age_25_44": ("a_25_44",),
    "age_45_64": ("a_45_64",),
    "age_65": ("a_65_oo",),
    "households": ("a_hh",),
    "households_single": ("a_1p_hh",),
    "households_couple": ("a_hh_z_k",),
    "households_children": ("a_hh_m_k",),
    "dwellings": ("a_woning", "dwelling_total"),
    "flats": ("p_mgezw",),
    "corporation": ("p_wcorpw",),
    "owned": ("p_koopw", "dwelling_ownership"),
    "welfare": ("a_soz_wb",),
    "disability": ("a_soz_ao",),
    "participation": ("p_arb_pp", "p_arb_pp_2022", "employment_rate"),
    "low_income": ("p_ink_li", "p_ink_li_2022", "income_low"),
    "high_education": ("p_opl_hbo_wo", "p_opl_hbo_wo_2022", "edu_appl_sci"),
    "urbanity": ("ste_mvs", "urbanity"),
}
TEXTS = ("code", "name", "municipality", "kind", "source")
AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65")
AGE_SHARES = ("pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus")  # % of inhabitants, English edition
EDUCATION_COUNTS = (("a_opl_lg", "a_opl_md", "a_opl_hg"), ("a_opl_bvm", "a_opl_hvm", "a_opl_hw"))
URBANITY = ("extremely urbanised", "strongly urbanised", "moderately urbanised", "hardly urbanised", "not urbanised")
PERCENTAGES = ("flats", "corporation", "owned", "participation", "low_income", "high_education")
KNOWN = {each for some in (*COLUMNS.values(), AGE_SHARES, *EDUCATION_COUNTS) for each in some}  # all that is ever looked at
UNKNOWN = ("", ".", "-", "x", "na", "nan", "none")
NEEDED = "gwb_code, regio, a_inw, a_00_14, a_15_24, a_25_44, a_45_64, a_65_oo"

Cells = dict[str, str]  # header -> text of one row
Figures = dict[str, float | None]  # what we call it -> its figure, None where the row has none


class Row(NamedTuple):
    """One area as a file has it: texts (code, name, ...) and figures, by our names for them."""

    texts: dict[str, str]
    figures: Figures


def rows(file: Path) -> list[Cells]:
    """Return the rows of a file that carry a code, as texts by header in small letters.

    Raises InputError where the file is missing, empty, unreadable or has other columns.
    """
    try:
        stamp = file.stat()
    except OSError as error:
        raise InputError("no such file", place="area file", value=file, allowed="a CBS workbook (.xlsx) or a CSV") from error
    return _rows(file, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _rows(file: Path, _changed: int, size: int) -> list[Cells]:
    if file.is_dir():
        raise InputError("this is a folder", place="area file", value=file, allowed="a CBS workbook (.xlsx) or a CSV")
    if size == 0:
        raise InputError("the file is empty", place=file, allowed=f"at least the columns {NEEDED}")
    table = sheet(file)
    header = [name.strip().casefold() for name in table[0]] if table else []
    _check_header(file, header)
    found = [dict(zip(header, (cell.strip() for cell in line), strict=False)) for line in table[1:]]
    found = [cells for cells in found if pick(cells, "code")]
    if not found:
        raise InputError("the file has a header but no areas", place=file, allowed="one area a row, with a code in gwb_code")
    return found


def sheet(file: Path) -> list[list[str]]:
    """Return the lines of a workbook's sheet or of a CSV as texts; raises InputError where the file cannot be read as one."""
    kind = file.suffix.lower()
    if kind in (".xls", ".ods"):
        raise InputError("this kind of workbook is not read", place=file, value=kind, allowed=".xlsx or .csv: save it as one")
    return _workbook(file) if kind in (".xlsx", ".xlsm") else _csv(file)


def _workbook(file: Path) -> list[list[str]]:
    """Return the first sheet with a column of codes (or the first sheet) as texts."""
    import openpyxl  # only here: it takes a quarter of a second to load

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        tables = []
        for sheet in book.worksheets:
            tables.append([["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)])
        book.close()
    except Exception as error:  # whatever a damaged or foreign archive brings up: a dozen kinds of exception
        raise InputError(
            f"cannot be read as a workbook: {error}", place=file, allowed="an .xlsx as CBS publishes it, or a CSV"
        ) from error
    tables = [table for table in tables if table]
    return next((table for table in tables if {"gwb_code", "gwb_code_10"} & set(table[0])), tables[0] if tables else [])


def _csv(file: Path) -> list[list[str]]:
    """Return the lines of a CSV: comma, semicolon or tab; UTF-8 or Latin-1; decimal commas where columns part at semicolons."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=file) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        table = [line for line in csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=separator) if any(line)]
    except csv.Error as error:
        raise InputError(f"cannot be read as CSV: {error}", place=file) from error
    if separator == ";":
        table[1:] = [[re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell.strip()) for cell in line] for line in table[1:]]
    return table


def _check_header(file: Path, header: list[str]) -> None:
    """Raise InputError unless the columns without which there is no area are there."""
    known = set(header)
    lacking = [COLUMNS[name][0] for name in ("code", "people") if not known & set(COLUMNS[name])]
    if not known.issuperset(AGE_SHARES):
        lacking += [COLUMNS[name][0] for name in AGES if not known & set(COLUMNS[name])]
    if lacking:
        printable = [re.sub(r"[^\w .%-]", "?", name)[:24] for name in header if name]
        shown = ", ".join(printable[:10]) + (", ..." if len(printable) > 10 else "") if printable else "none"
        raise InputError(f"these are not figures of areas: no column {', '.join(lacking)}; found: {shown}",
                         place=file, allowed=f"at least {NEEDED}; more columns of CBS where there are")  # fmt: skip


def pick(cells: Cells, name: str) -> str:
    """Return the text of a figure by our name for it; "" where the row has none."""
    for column in COLUMNS[name]:
        text = cells.get(column, "")
        if text.casefold() not in UNKNOWN:
            return text
    return ""


def kept(cells: Cells, file: Path) -> Cells:
    """Return a row without columns that nobody looks at, and with what else only the name of its file tells."""
    found = {column: text for column, text in cells.items() if column in KNOWN and text}
    year = _year_in(file.stem)
    told = {"source": file.name, "year": "" if year is None else f"{year:.0f}"}
    return found | {COLUMNS[name][0]: text for name, text in told.items() if text and not pick(cells, name)}


def read(cells: Cells, file: Path) -> Row:
    """Return one row with its figures as numbers.  Raises InputError for what is no figure or out of range."""
    texts = {name: " ".join(pick(cells, name).split()) for name in TEXTS}
    place = f"{file.name}, {texts['code']}"
    found: Figures = {}
    for name in COLUMNS:
        if name not in TEXTS and name != "urbanity":
            found[name] = _number(pick(cells, name), place, COLUMNS[name][0], 100.0 if name in PERCENTAGES else None)
    found["urbanity"] = _urbanity(pick(cells, "urbanity"), place)
    if found["age_0_14"] is None and found["people"] is not None:
        for name, column in zip(AGES, AGE_SHARES, strict=True):
            share = _number(cells.get(column, ""), place, column, 100.0)
            found[name] = None if share is None else float(round(found["people"] * share / 100))
    if found["high_education"] is None:
        found["high_education"] = _education(cells, place)
    if found["year"] is None:
        found["year"] = _year_in(file.stem)
    return Row(texts, found)


def _number(text: str, place: str, column: str, most: float | None) -> float | None:
    if text.casefold() in UNKNOWN:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= (most or 1e9):
        allowed = f"a number from 0 to {most:.0f}" if most else "a number of 0 or more"
        raise InputError(f"{column} holds no such figure", place=place, value=text, allowed=f"{allowed}, or '.' for unknown")
    return number


def _urbanity(text: str, place: str) -> float | None:
    if text.casefold() in URBANITY:
        return float(URBANITY.index(text.casefold()) + 1)
    return _number(text, place, "ste_mvs", 5.0)


def _education(cells: Cells, place: str) -> float | None:
    """Return the % with higher education out of counts by level (releases that have no percentage)."""
    for names in EDUCATION_COUNTS:
        counts = [_number(cells.get(name, ""), place, name, None) for name in names]
        known = [count for count in counts if count is not None]
        if len(known) == len(names) and sum(known) > 0:
            return round(100 * known[2] / sum(known), 1)
    return None


def _year_in(name: str) -> float | None:
    """Return the year that a file's name mentions, such as 2023 in kwb-2023.xlsx."""
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", name)
    return float(match.group(1)) if match else None
