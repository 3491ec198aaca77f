"""Reading figures of neighbourhoods: the workbook of Statistics Netherlands as published, or a CSV with its columns.

Only the columns named below are ever looked at; none of them says where people come from.  Files are data: a formula's
stored value is read, nothing is computed or run.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError, Phrase, one_line, reason_of
from . import number_parsing, table_files

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
    "address_density": ("ste_oad",),
}
TEXTS = ("code", "name", "municipality", "kind", "source")
TOLD_ONCE = tuple(name for name in COLUMNS if name == "code" or name not in TEXTS)  # however many columns tell it
AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65")
AGE_SHARES = ("pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus")  # % of inhabitants, English edition
EDUCATION_COUNTS = (("a_opl_lg", "a_opl_md", "a_opl_hg"), ("a_opl_bvm", "a_opl_hvm", "a_opl_hw"))
URBANITY = ("extremely urbanised", "strongly urbanised", "moderately urbanised", "hardly urbanised", "not urbanised")
PERCENTAGES = ("flats", "corporation", "owned", "participation", "low_income", "high_education")
KNOWN = {each for some in (*COLUMNS.values(), AGE_SHARES, *EDUCATION_COUNTS) for each in some}  # all that is ever looked at
BEYOND = "beyond the last column"  # where a row keeps cells for which the header has no name
SHARES = "columns with shares"  # where a row keeps which columns hold numbers between 0 and 1, so that its own 1 has two readings
LOOKED_AT = {*KNOWN, BEYOND, SHARES}
OF_PERCENTAGES = [each for some in (*map(COLUMNS.get, PERCENTAGES), AGE_SHARES) for each in some or ()]
OTHER_WORKBOOKS, OLD_OR_LOCKED = (".xls", ".ods", ".xlsb", ".numbers"), b"\xd0\xcf\x11\xe0"
LONGEST_TEXT = 250  # characters of a name or a figure
MOST_AREAS = 40_000  # rows of a file; the workbook of all of the country has some 18,000
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
    return _rows(file, stamp(file))


def stamp(file: Path) -> tuple[int, int]:
    """Return when a file was changed, and its size, by which a changed one is noticed; raises InputError where it is missing."""
    try:
        known = file.stat()
    except OSError as error:
        raise InputError("file.missing", place="area file", value=file, allowed=Phrase("allowed.area_table")) from error
    return known.st_mtime_ns, known.st_size


@lru_cache(maxsize=4)
def _rows(file: Path, known: tuple[int, int]) -> list[Cells]:
    if file.is_dir():
        raise InputError("file.folder", place="area file", value=file, allowed=Phrase("allowed.area_table"))
    if known[1] == 0:
        raise InputError("file.empty", place=file, allowed=Phrase("allowed.columns", columns=NEEDED))
    header, lines = sheet(file, KNOWN, MOST_AREAS)
    _check_header(file, header)
    found = [_cells(header, line) for line in lines]
    found = [cells for cells in found if pick(cells, "code")]
    _check_length(found, file)
    mixed = " ".join(name for name in OF_PERCENTAGES if any(number_parsing.is_share(cells.get(name, "")) for cells in found))
    found = [cells | {SHARES: mixed} for cells in found] if mixed else found
    if not found:
        raise InputError("area.no_rows", place=file, allowed=Phrase("allowed.one_area_a_row"))
    return found


def sheet(file: Path, names: Iterable[str], most: int = table_files.MOST_ROWS) -> table_files.Table:
    """Return the table of a workbook or a CSV, whose header holds most of these names; raises InputError."""
    kind = file.suffix.lower()
    try:
        if kind in OTHER_WORKBOOKS or table_files.head(file).startswith(OLD_OR_LOCKED):
            raise InputError("file.old_workbook", place=file, value=kind, allowed=Phrase("allowed.save_as"))
        return table_files.read(file, names, most)
    except table_files.Unreadable as error:
        if table_files.is_workbook(file):
            raise InputError(
                "file.not_workbook", place=file, allowed=Phrase("allowed.cbs_workbook"), reason=Phrase(error.code, **error.facts)
            ) from None
        raise InputError("file.not_csv", place=file, reason=Phrase(error.code, **error.facts)) from None
    except OSError as error:
        raise InputError("file.unreadable", place=file, reason=reason_of(error)) from error


def _cells(header: list[str], line: list[str]) -> Cells:
    """Return a row by header: the columns that are looked at, and what stands beyond the last column."""
    found = {name: cell.strip() for name, cell in zip(header, line, strict=False) if name in LOOKED_AT}
    beyond = line[len(header) :]
    return found | ({BEYOND: " ".join(filter(str.strip, beyond)) or ","} if beyond else {})


def _check_length(rows: list[Cells], file: Path) -> None:
    """Raise InputError for a text longer than any name or figure: lists and pages would hold it as often as they show it."""
    for cells in rows:
        for column, text in cells.items():
            if column in KNOWN and len(text) > LONGEST_TEXT:
                place = f"{file.name}, {pick(cells, 'code')[:LONGEST_TEXT]}, {column}"
                raise InputError("value.too_long", place=place, value=text, allowed=Phrase("allowed.at_most", most=LONGEST_TEXT))


def _check_header(file: Path, header: list[str]) -> None:
    """Raise InputError unless the columns without which there is no area are there."""
    known = set(header)
    if twice := sorted(name for name in known & KNOWN if header.count(name) > 1):
        raise InputError("column.twice", place=file, allowed=Phrase("allowed.each_column_once"), columns=twice)
    lacking = [COLUMNS[name][0] for name in ("code", "people") if not known & set(COLUMNS[name])]
    if not known.issuperset(AGE_SHARES):
        lacking += [COLUMNS[name][0] for name in AGES if not known & set(COLUMNS[name])]
    if lacking:
        printable = [re.sub(r"[^\w .%-]", "?", name)[:24] for name in header if name]
        shown = (*printable[:10], *(["..."] if len(printable) > 10 else [])) or ("-",)
        raise InputError(
            "area.no_columns", place=file, allowed=Phrase("allowed.columns_or_more", columns=NEEDED), columns=lacking, found=shown
        )


def pick(cells: Cells, name: str) -> str:
    """Return the text of a figure by our name for it; "" where the row has none."""
    for column in COLUMNS[name]:
        text = cells.get(column, "")
        if not number_parsing.is_missing(text):
            return text
    return ""


def kept(cells: Cells, file: Path) -> Cells:
    """Return a row without columns that nobody looks at, and with what else only the name of its file tells."""
    found = {column: text for column, text in cells.items() if column in LOOKED_AT and text}
    year = _year_in(file.stem)
    told = {"source": file.name, "year": "" if year is None else f"{year:.0f}"}
    return found | {COLUMNS[name][0]: text for name, text in told.items() if text and not pick(cells, name)}


def _check_names(texts: dict[str, str], place: str) -> None:
    """Raise InputError for a name that would move the cursor of a terminal, or turn letters around."""
    try:
        for text in texts.values():
            one_line(text)
    except InputError as error:
        error.place = place
        raise


def read(cells: Cells, file: Path) -> Row:
    """Return one row with its figures as numbers.  Raises InputError for what is no figure or out of range."""
    texts = {name: " ".join(pick(cells, name).split()) for name in TEXTS}
    place = f"{file.name}, {texts['code']}"
    _check_names(texts, place)
    _check_shape(cells, place)
    _check_spellings(cells, place)
    found: Figures = {}
    for name in COLUMNS:
        if name in PERCENTAGES:
            found[name] = _percentage(cells, COLUMNS[name], place)
        elif name not in (*TEXTS, "urbanity", "year"):
            found[name] = number_parsing.count(pick(cells, name), place, COLUMNS[name][0])
    found["urbanity"] = _urbanity(pick(cells, "urbanity"), place)
    if found["age_0_14"] is None and found["people"] is not None:
        for name, column in zip(AGES, AGE_SHARES, strict=True):
            share = _percentage(cells, (column,), place)
            found[name] = None if share is None else float(round(found["people"] * share / 100))
    if found["high_education"] is None:
        found["high_education"] = _education(cells, place)
    year = pick(cells, "year")
    found["year"] = _year_in(year or file.stem)
    if year and found["year"] is None:
        raise InputError("figure.invalid", place=place, value=year, allowed=Phrase("allowed.year_or_unknown"), column="jaar")
    return Row(texts, found)


def _check_shape(cells: Cells, place: str) -> None:
    """Raise InputError where a row has more cells than the header, or runs on over several lines."""
    if cells.get(BEYOND):
        raise InputError("row.too_long", place=place, value=cells[BEYOND], allowed=Phrase("allowed.a_cell_a_column"))
    broken = [text for text in cells.values() if "\n" in text or "\r" in text]
    if broken:
        raise InputError("cell.over_lines", place=place, value=broken[0], allowed=Phrase("allowed.closed_quotes"))


def _check_spellings(cells: Cells, place: str) -> None:
    """Raise InputError where a row tells one figure, or its code, in two columns, and not the same."""
    for name in TOLD_ONCE:
        told = {column: cells[column] for column in COLUMNS[name] if not number_parsing.is_missing(cells.get(column, ""))}
        if len(set(map(_told, told.values()))) > 1:
            given = ", ".join(f"{column} {text}" for column, text in told.items())
            same = Phrase("allowed.same_figure")
            raise InputError("column.disagree", place=place, value=given, allowed=same, columns=tuple(told))


def _told(text: str) -> str:
    """Return what two spellings of one figure have in common: 45, 45,0 and 45 % say the same."""
    text = text.casefold().rstrip("% ").replace(",", ".")
    text = str(URBANITY.index(text) + 1) if text in URBANITY else text
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percentage(cells: Cells, columns: tuple[str, ...], place: str) -> float | None:
    """Return the percentage in the first of these columns that has one."""
    shares = cells.get(SHARES, "").split()
    for column in columns:
        if not number_parsing.is_missing(text := cells.get(column, "")):
            return number_parsing.percentage(text, place, columns[0], column in shares)
    return None


def _urbanity(text: str, place: str) -> float | None:
    if text.casefold() in URBANITY:
        return float(URBANITY.index(text.casefold()) + 1)
    return number_parsing.count(text, place, "ste_mvs", 1, 5)


def _education(cells: Cells, place: str) -> float | None:
    """Return the % with higher education out of counts by level (releases that have no percentage)."""
    for names in EDUCATION_COUNTS:
        counts = [number_parsing.count(cells.get(name, ""), place, name) for name in names]
        known = [count for count in counts if count is not None]
        if len(known) == len(names) and sum(known) > 0:
            return round(100 * known[2] / sum(known), 1)
    return None


def _year_in(name: str) -> float | None:
    """Return the year that a text mentions, such as 2023 in kwb-2023.xlsx."""
    match = re.search(r"(?<![0-9])(20[0-9]{2})(?![0-9])", name)
    return float(match.group(1)) if match else None
