"""Police tables: recorded crime by area and year, or by month, as the Dutch police and CBS publish it or as somebody keeps it.

    code,year,count                                     one row an area and year; `month` too where months are known
    code,year,month,threat,assault,vandalism            several kinds, which are added up
    code,threat_2016,threat_2017                        one row an area, a column a kind and year
    SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1      table 47022NED, with 2017MM05 or 2017JJ00

Codes are those of CBS (WK051818, BU05181801), with or without their letters.  Buurten are added up to wijken unless buurten are
asked for; rows of whole municipalities and of the country are passed over.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.population import cbs_workbook
from kantelpunt.model.population.number_parsing import count

By = Literal["wijk", "buurt"]
HEADS = {
    "code": ("code", "gwbcode", "wijkenenbuurten", "regios", "wijk", "buurt"),
    "period": ("perioden", "periode", "period"),
    "year": ("year", "jaar"),
    "month": ("month", "maand"),
    "kind": ("soortmisdrijf",),
    "count": ("count", "aantal", "geregistreerdemisdrijven", "geregistreerdemisdrijven1"),
}
NAMES = [name for names in HEADS.values() for name in names]
VIOLENCE = ("1.4.4", "1.4.5", "2.2.1")  # of 47022NED: threat, assault, vandalism
YEAR = re.compile(r"(?:19|20)\d\d")
PERIOD = re.compile(rf"({YEAR.pattern})(?:JJ00|MM(\d\d))?")
WIDE = re.compile(rf"(\w+?)_({YEAR.pattern})")
WIJK, BUURT, AREA = re.compile(r"\d{5,6}"), re.compile(r"\d{7,8}"), re.compile(r"(NL|LD|PV|GM|WK|BU)\d\w*")
SHOWN = 5  # codes that a complaint names
ALLOWED = Phrase("allowed.police_table")
MONTHS = 12
MOST_COUNTS = 3_000_000  # twelve years of months of all buurten have some 2.2 million


class Recorded(NamedTuple):
    """Recorded crime: incidents a year by code and year, by month where those are known, and the codes that were left out."""

    years: pd.DataFrame  # a row a code, a column a year; a year with fewer months is scaled to twelve
    months: pd.DataFrame  # a row a code, a column (year, month); no columns where only years are known
    left_out: tuple[str, ...]


def recorded(
    file: Path,
    known: Collection[str],
    kinds: Sequence[str] = (),
    years: tuple[int, int] | None = None,
    by: By = "wijk",
    skip: bool = False,
) -> Recorded:
    """Return what a police table records about the areas whose codes are known.

    Parameters
    ----------
    file : a CSV or an .xlsx.
    known : codes of areas with figures.
    kinds : the columns, or kinds of 47022NED, to add up; left out, `count`, or threat, assault and vandalism.
    years : the first and the last year; left out, all.
    by : areas as wijken or as buurten.
    skip : leave out areas that cannot be used (unknown, or without a year) in place of refusing the table.

    Raises InputError, naming file, line and what is allowed.
    """
    table = _long(file, tuple(kinds))
    table = _by_area(table, by, file)
    if years is not None:
        table = table[table["year"].between(*years)]
    if table.empty:
        allowed = Phrase("allowed.codes_and_years")
        if years is None:
            raise InputError("police.no_counts_ever", place=file, allowed=allowed, by=by)
        first, last = map(str, years)
        raise InputError("police.no_counts_then", place=file, allowed=allowed, by=by, first=first, last=last)
    unknown = [code for code in table["code"].unique() if code not in known]
    if unknown and not skip:
        raise InputError(
            "police.codes_unknown",
            place=file,
            value=_some(unknown),
            allowed=Phrase("allowed.known_codes_or_skip"),
            n=len(unknown),
        )
    monthly = bool(table["month"].notna().any())
    whole = table[["year", "month"] if monthly else ["year"]].dropna().drop_duplicates()  # periods that any area tells of
    table = table[table["code"].isin(known)]
    _refuse_more(file, table["code"].nunique() * len(whole))
    found, months = _monthly(table, whole) if monthly else (_yearly(table, whole), pd.DataFrame())
    absent = found.isna()
    lacking = [str(code) for code, short in absent.any(axis=1).items() if short]
    if lacking and not skip:
        raise InputError(
            "police.years_lacking",
            place=f"{file}: {lacking[0]}",
            value=_some([year for year, gone in absent.loc[lacking[0]].items() if gone]),
            allowed=Phrase("allowed.every_year_or_skip"),
            n=len(lacking),
        )
    out = set(lacking)
    kept = [code for code in found.index if code not in out]
    return Recorded(found.loc[kept], months.loc[kept] if monthly else pd.DataFrame(index=kept), (*unknown, *lacking))


def _long(file: Path, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return one row a line of the file: line, code, year, month (none where unknown), kind, count."""
    if not file.is_file():
        raise InputError("file.missing", place="police table", value=file, allowed=Phrase("allowed.csv_or_xlsx"))
    header, below = cbs_workbook.sheet(file, NAMES)
    lines = [header, *below]
    heads = [re.sub(r"[^a-z0-9.]", "", head.casefold()) for head in lines[0]] if lines else []
    _refuse_twice(file, [head for head in heads if head in NAMES or head in map(_plain, kinds)])
    columns = {name: heads.index(each) for name, some in HEADS.items() for each in reversed(some) if each in heads}
    if "code" not in columns or not lines[1:]:
        raise InputError("police.no_table" if lines[1:] else "police.no_rows", place=file, allowed=ALLOWED)
    if "year" not in columns and "period" not in columns:
        return _wide(file, lines, columns["code"], kinds)
    named = {_plain(name): i for i, name in enumerate(lines[0])}
    if "kind" in columns:
        values = {"": columns.get("count", -1)}
    elif kinds:
        _refuse_kinds(file, kinds, named)
        values = {kind: named[_plain(kind)] for kind in kinds}
    else:
        values = {"": columns.get("count", -1)}
    if -1 in values.values():
        raise InputError("police.no_counts", place=file, allowed=Phrase("allowed.count_or_kinds", kinds=lines[0][:20]))
    _refuse_more(file, len(values) * len(lines))
    wanted = kinds or VIOLENCE
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        place = f"{file}, line {number}"
        cells = _cells(line, len(heads), place)
        kind = cells[columns["kind"]] if "kind" in columns else ""
        if "kind" in columns and kind not in wanted:
            continue
        year, month = _when(cells, columns, place)
        rows += [(number, _code(cells[columns["code"]], place), year, month, kind or name, _count(cells[i], place))
                 for name, i in values.items()]  # fmt: skip
    found = pd.DataFrame(rows, columns=["line", "code", "year", "month", "kind", "count"])
    if "kind" in columns:
        _refuse_kinds(file, wanted, {_plain(kind) for kind in found["kind"]})
    return found


def _wide(file: Path, lines: list[list[str]], code: int, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return the same of a table with a column for every kind and year."""
    series: dict[str, dict[int, int]] = {}
    _refuse_twice(file, [_plain(head) for head in lines[0] if WIDE.fullmatch(head.strip())])
    for i, head in enumerate(lines[0]):
        if match := WIDE.fullmatch(head.strip()):
            series.setdefault(_plain(match[1]), {})[int(match[2])] = i
    several = {name for name, columns in series.items() if len(columns) > 1}
    if kinds:
        _refuse_kinds(file, kinds, series)
    elif len(several) != 1:
        raise InputError("police.no_counts", place=file, value=_some(sorted(several)), allowed=ALLOWED)
    names, rows = [_plain(name) for name in kinds or several], []
    _refuse_more(file, sum(len(series[name]) for name in names) * len(lines))
    for name in names:
        for number, line in enumerate(lines[1:], start=2):
            place = f"{file}, line {number}"
            cells = _cells(line, len(lines[0]), place)
            area = _code(cells[code], place)
            rows += [(number, area, year, None, name, _count(cells[i], place)) for year, i in series[name].items()]
    return pd.DataFrame(rows, columns=["line", "code", "year", "month", "kind", "count"])


def _cells(line: list[str], width: int, place: str) -> list[str]:
    """Return the cells of a line, one a column; raises InputError where there are more, as where 1,200 stands without quotes."""
    if len(line) > width:
        value = " ".join(filter(None, line[width:])) or ","
        raise InputError("row.too_long", place=place, value=value, allowed=Phrase("allowed.a_cell_a_column"))
    return [cell.strip() for cell in line] + [""] * (width - len(line))


def _refuse_more(file: Path, counts: int) -> None:
    """Raise InputError for more counts than a table may hold, those that areas lack among them."""
    if counts > MOST_COUNTS:
        raise InputError("police.too_much", place=file, value=counts, allowed=Phrase("allowed.at_most", most=MOST_COUNTS))


def _refuse_twice(file: Path, heads: Sequence[str]) -> None:
    """Raise InputError where a column that counts stands there twice."""
    if twice := sorted({head for head in heads if heads.count(head) > 1}):
        raise InputError("column.twice", place=file, allowed=Phrase("allowed.each_column_once"), columns=twice)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _some(values: Sequence[object]) -> str:
    """Return the first of some values, and how many more there are."""
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(map(str, values[:SHOWN])) + more


def _refuse_kinds(file: Path, kinds: Sequence[str], there: Collection[str]) -> None:
    """Raise InputError where a kind is asked for that the table does not hold."""
    lacking = [kind for kind in kinds if _plain(kind) not in there]
    if lacking:
        raise InputError("police.no_such_kind", place=file, value=lacking[0], allowed=sorted(there)[:40])


def _when(cells: Sequence[str], columns: dict[str, int], place: str) -> tuple[int, float | None]:
    """Return year and month (none where only the year is known)."""
    if "period" in columns:
        text = cells[columns["period"]]
        match = PERIOD.fullmatch(text)
        year, month = (match[1], match[2] or "") if match else (text, "")
    else:
        year, month = cells[columns["year"]], cells[columns["month"]] if "month" in columns else ""
    if not YEAR.fullmatch(year):
        raise InputError("police.no_year", place=place, value=year, allowed=Phrase("allowed.police_year"))
    if month and not (month.isdecimal() and 1 <= int(month) <= MONTHS):
        raise InputError("police.no_month", place=place, value=month, allowed=Phrase("allowed.whole_between", low=1, high=12))
    return int(year), float(month) if month else None


def _code(text: str, place: str) -> str:
    """Return a code with its letters, of a wijk, a buurt, or whatever is larger."""
    code = text.upper()
    if WIJK.fullmatch(code):
        return f"WK{code:0>6}"
    if BUURT.fullmatch(code):
        return f"BU{code:0>8}"
    if not AREA.fullmatch(code):
        raise InputError("police.no_code", place=place, value=text, allowed=Phrase("allowed.cbs_code"))
    return code


@lru_cache(maxsize=10_000)
def _number(text: str) -> float | None:
    """Return a count, None where there is none: few numbers are many counts; raises InputError."""
    return count(text, "", "count")


def _count(text: str, place: str) -> float:
    """Return a number of incidents."""
    try:
        number = _number(text)
    except InputError as error:
        if error.code == "figure.two_ways":
            error.place = place
            raise
        raise InputError("police.count_invalid", place=place, value=text, allowed=Phrase("allowed.whole_from", low=0)) from None
    if number is None:
        raise InputError("police.count_missing", place=place, value=text, allowed=Phrase("allowed.whole_from", low=0))
    return number


def _by_area(table: pd.DataFrame, by: By, file: Path) -> pd.DataFrame:
    """Return one row an area and period with all kinds added up: wijken as they are or as the sum of their buurten."""
    wanted = "BU" if by == "buurt" or not table["code"].str.startswith("WK").any() else "WK"
    table = table[table["code"].str.startswith(wanted)]
    twice = table[table.duplicated(["code", "year", "month", "kind"])]
    if len(twice):
        first = twice.iloc[0]
        raise InputError(
            "value.twice", place=f"{file}, line {first['line']}", value=first["code"], allowed=Phrase("allowed.one_row_a_kind")
        )
    if by == "wijk" and wanted == "BU":
        table = table.assign(code="WK" + table["code"].str[2:8])
    return table.groupby(["code", "year", "month"], dropna=False)[["count"]].sum().reset_index()


def _yearly(table: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    """Return incidents by code and year, for each of these years."""
    every = pd.Index(sorted(years["year"]), name="year")
    return table.pivot(index="code", columns="year", values="count").reindex(columns=every)


def _monthly(table: pd.DataFrame, known: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return incidents by code and year, scaled to twelve months, and by code and month, for each of the months that are known.

    A month that an area does not have is one without incidents; a month that no area has is missing, and a year with fewer
    than twelve is scaled up.
    """
    months = table.dropna(subset="month").astype({"month": int}).pivot(index="code", columns=["year", "month"], values="count")
    every = pd.MultiIndex.from_frame(known.astype(int)).sort_values()
    months = months.reindex(columns=every).fillna(0.0)
    size = months.columns.get_level_values("year").value_counts()
    years: pd.DataFrame = months.T.groupby(level="year").sum().T
    return years.mul(MONTHS / size.sort_index(), axis="columns"), months
