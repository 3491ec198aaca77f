"""Areas: the real figures that a neighbourhood starts from.

    area("tilburg-noord")                       a preset: 2,000 people in these proportions
    area("WK034403"), area("Stokhasselt")       an area by code or name, at its real size
    area("BU03440312", file="kwb-2023.xlsx")    a row of the user's own file
    area("BU03440312", rows=[{...}, ...])       the same rows, carried along without the file (`rows_for`)

A figure that a file lacks stays None and stands in ``missing``; ``assumed`` says what is taken instead, and why.

Bron: CBS, Kerncijfers wijken en buurten 2022 en 2023, CC BY 4.0, bewerkt
"""

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, Phrase, nearest
from . import cbs_workbook
from .assumptions import Assumed, fill
from .consistency import conflict

BUILT_IN = Path(__file__).parent / "data" / "areas.csv"
CARRIED = Path("area_rows")  # the place of rows that came without a file
SMALLEST = 50  # people below which figures, rounded to 5, say too little to start from; as few may be simulated
LARGEST = 2_000_000  # people that may be simulated
GROWN = SMALLEST // 2  # people of 15 and over, without whom nobody brings up the others
TYPICAL = 2000  # inhabitants of a preset: a typical buurt

KINDS = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}
COUNTS = (
    "people", *cbs_workbook.AGES, "households", "households_single", "households_couple", "households_children", "dwellings",
    "welfare", "disability",
)  # fmt: skip
OPTIONAL = (*COUNTS[6:], *cbs_workbook.PERCENTAGES, "urbanity", "address_density")


class Preset(NamedTuple):
    """A named start: the areas whose figures it adds up, and how many people it simulates unless told otherwise."""

    name: str
    codes: tuple[str, ...]
    people: int = TYPICAL


DEFAULT_AREA = "tilburg-noord"
PRESETS: dict[str, Preset] = {
    "overvecht": Preset("Overvecht", ("WK034403",)),
    "tilburg-noord": Preset("Tilburg-Noord", ("WK085542", "WK085543", "WK085544")),
    "contrast": Preset("Noordoost", ("WK034404",)),
    "small-town": Preset("Enkhuizen Noord", ("WK038801",)),
}


@dataclass(frozen=True)
class Area:
    """Figures of one area.  Counts are of people, households or dwellings; None where the source has no figure."""

    code: str
    name: str
    municipality: str
    kind: str  # gemeente, wijk, buurt or preset
    year: int | None
    people: int
    age_0_14: int
    age_15_24: int
    age_25_44: int
    age_45_64: int
    age_65: int
    households: int | None = None
    households_single: int | None = None
    households_couple: int | None = None  # several people, no child at home
    households_children: int | None = None
    dwellings: int | None = None
    flats: float | None = None  # % of dwellings
    corporation: float | None = None  # % of dwellings
    owned: float | None = None  # % of dwellings
    welfare: int | None = None  # persons on general assistance (bijstand)
    disability: int | None = None  # persons with a disability benefit
    participation: float | None = None  # % of people of 15-74 with paid work
    low_income: float | None = None  # % of people among the lowest 40 % of incomes in the country
    high_education: float | None = None  # % of people of 15-74 with a degree (HBO, WO)
    urbanity: int | None = None  # 1 very urban .. 5 not urban
    address_density: int | None = None  # addresses a km2 around an address, on average
    source: str = ""
    default_people: int = TYPICAL  # how many people a simulation of this area has unless told otherwise
    missing: tuple[str, ...] = ()
    assumed: Mapping[str, Assumed] = field(default_factory=dict, hash=False)

    @property
    def ages(self) -> tuple[int, int, int, int, int]:
        """Return the inhabitants by age: 0-14, 15-24, 25-44, 45-64, 65 and over."""
        return self.age_0_14, self.age_15_24, self.age_25_44, self.age_45_64, self.age_65

    @property
    def can_be_simulated(self) -> bool:
        """Return whether enough people live there, grown people among them, and not too many."""
        return SMALLEST <= self.people <= LARGEST and sum(self.ages[1:]) >= GROWN

    def figure(self, name: str) -> float:
        """Return a figure by its field's name; where the source has none, what is assumed in its place.

        Nothing is assumed about urbanity: KeyError where it is unknown.
        """
        own = getattr(self, name)
        return float(self.assumed[name].value if own is None else own)


def area(name_or_code: str, file: str | Path | None = None, rows: Sequence[cbs_workbook.Cells] = ()) -> Area:
    """Return one area that can be simulated.

    Without a file: a preset's name, or the code or name of a built-in area.  With a file (a CBS workbook or a CSV), or with
    rows of one: the code or name of a row, the latest year where there are several.  Capitals do not count.

    Raises InputError for an unknown or ambiguous name, an unusable file, an area without inhabitants or with fewer
    than 50, or without its ages.
    """
    preset = re.sub(r"[\s_]+", "-", name_or_code.strip().casefold())
    if file is None and not rows and preset in PRESETS:
        return _preset(preset)
    if rows:
        return _one(name_or_code, rows, CARRIED)
    path = BUILT_IN if file is None else Path(file)
    return _one_of_file(name_or_code, path, cbs_workbook.stamp(path))


@lru_cache(maxsize=64)
def _one_of_file(name_or_code: str, path: Path, _stamp: object) -> Area:
    """Return an area of a file: all scenarios of a plan ask for it."""
    return _one(name_or_code, cbs_workbook.rows(path), path)


def _one(name_or_code: str, table: Sequence[cbs_workbook.Cells], path: Path) -> Area:
    row = cbs_workbook.read(_find(name_or_code, table, path), path)
    _check(row, path)
    return _area([row], _by_code(table), path)


def rows_for(names: Sequence[str], file: Path) -> tuple[cbs_workbook.Cells, ...]:
    """Return all that a file tells about these areas: their rows and those of the larger areas that they lie in."""
    table = cbs_workbook.rows(file)
    by_code = _by_code(table)
    found: dict[str, cbs_workbook.Cells] = {}
    for name in names:
        row = _find(name, table, file)
        code = cbs_workbook.pick(row, "code")
        found |= {each: by_code[each] for each in _around(code) if each in by_code} | {code: row}
    return tuple(cbs_workbook.kept(cells, file) for cells in found.values())


class Listing(NamedTuple):
    """The areas of a file, and code -> why a row is left out of them."""

    areas: list[Area]
    left_out: dict[str, InputError]


def areas(file: str | Path | None = None) -> list[Area]:
    """Return every built-in area, or every area of a file whose age figures are known, in the order of the file.

    An area that is too small to simulate is in the list (``area`` refuses it); a row with figures that cannot be used is
    not (``listing`` says which).  Raises InputError for an unusable file, or one without a row that can be used.
    """
    return list(_built_in()) if file is None else listing(file).areas


@cache
def _built_in() -> tuple[Area, ...]:
    """Return every built-in area: pages ask for them whenever they are drawn."""
    return tuple(listing().areas)


def listing(file: str | Path | None = None) -> Listing:
    """Return what `areas` returns, and the rows that are left out.  Raises InputError as `areas` does."""
    path = BUILT_IN if file is None else Path(file)
    table = cbs_workbook.rows(path)
    by_code, twice = _by_code(table), _twice(table)
    found = Listing([], {})
    for cells in table:
        code = cbs_workbook.pick(cells, "code")
        try:
            if code in twice:
                raise _several(code, path)
            row = cbs_workbook.read(cells, path)
            if all(row.figures[name] is not None for name in ("people", *cbs_workbook.AGES)):
                _check_figures(row, path)
                found.areas.append(_area([row], by_code, path))
        except InputError as error:
            found.left_out[code] = error
    if found.left_out and not found.areas:
        raise next(iter(found.left_out.values()))
    return found


def _twice(table: Sequence[cbs_workbook.Cells]) -> set[str]:
    """Return the codes that stand there more than once for a year, with other figures."""
    first: dict[tuple[str, str], cbs_workbook.Cells] = {}
    found = set()
    for cells in table:
        code = cbs_workbook.pick(cells, "code")
        if first.setdefault((code, cbs_workbook.pick(cells, "year")), cells) != cells:
            found.add(code)
    return found


def _several(code: str, place: object) -> InputError:
    return InputError("area.code_twice", place=place, value=code, allowed=Phrase("allowed.one_row_a_year"))


@cache
def _preset(name: str) -> Area:
    by_code = _by_code(cbs_workbook.rows(BUILT_IN))
    parts = [cbs_workbook.read(by_code[code], BUILT_IN) for code in PRESETS[name].codes]
    return _area(parts, by_code, BUILT_IN, PRESETS[name])


def _by_code(table: Sequence[cbs_workbook.Cells]) -> dict[str, cbs_workbook.Cells]:
    """Return code -> row, of the latest year."""
    return {
        cbs_workbook.pick(cells, "code"): cells for cells in sorted(table, key=lambda cells: cbs_workbook.pick(cells, "year"))
    }


def _find(typed: str, table: Sequence[cbs_workbook.Cells], path: Path) -> cbs_workbook.Cells:
    """Return the row with this code or name; of one code the latest year."""
    wanted = typed.strip().casefold()
    place = "area" if path == BUILT_IN else path
    found = [cells for cells in table if cbs_workbook.pick(cells, "code").casefold() == wanted]
    found = found or [cells for cells in table if wanted and wanted == _plain(cbs_workbook.pick(cells, "name")).casefold()]
    codes = sorted({cbs_workbook.pick(cells, "code") for cells in found})
    if len(codes) > 1:
        raise InputError(
            "area.several",
            place=place,
            value=typed,
            allowed=Phrase("allowed.one_code_of", codes=codes[:8])
            if len(codes) <= 8
            else Phrase("allowed.one_code_of_more", codes=codes[:8], more=len(codes) - 8),
        )
    if not codes:
        presets = list(PRESETS) if path == BUILT_IN else []
        names = [name for cells in table for name in (cbs_workbook.pick(cells, "code"), _plain(cbs_workbook.pick(cells, "name")))]
        allowed = Phrase("allowed.preset_or_code", presets=presets) if presets else Phrase("allowed.code_in_file")
        raise InputError("area.unknown", place=place, value=typed, allowed=allowed, near=nearest(typed, [*presets, *names]))
    latest = max(cbs_workbook.pick(cells, "year") for cells in found)
    newest = [cells for cells in found if cbs_workbook.pick(cells, "year") == latest]
    if len(newest) > 1 and any(cells != newest[0] for cells in newest):
        raise _several(codes[0], place)
    return newest[0]


def _plain(name: str) -> str:
    """Return a region's name without the number that workbooks put before it ("Wijk 03 Overvecht")."""
    return re.sub(r"^(Wijk|Buurt) \d+ ", "", " ".join(name.split()))


def _check(row: cbs_workbook.Row, path: Path) -> None:
    """Raise InputError unless people can be made from this row."""
    place = f"{path.name}, {row.texts['code']} {row.texts['name']}"
    people, least = row.figures["people"], Phrase("allowed.at_least", least=SMALLEST)
    if not people:
        raise InputError("area.nobody", place=place, value=0, allowed=least)
    if people < SMALLEST:
        raise InputError("area.few_people", place=place, value=int(people), allowed=least)
    unknown = [cbs_workbook.COLUMNS[name][0] for name in cbs_workbook.AGES if row.figures[name] is None]
    if unknown:
        raise InputError("area.no_ages", place=place, allowed=Phrase("allowed.known_ages"), columns=unknown)
    grown = sum(row.figures[name] or 0 for name in cbs_workbook.AGES[1:])
    if grown < GROWN:
        raise InputError("area.few_adults", place=place, value=int(grown), allowed=Phrase("allowed.at_least", least=GROWN))
    _check_figures(row, path)


def _check_figures(row: cbs_workbook.Row, path: Path) -> None:
    """Raise InputError where figures cannot be true together; a few people, rounded to 5, may add up to anything."""
    if (row.figures["people"] or 0) < SMALLEST:
        return
    if found := conflict(row.figures):
        place = f"{path.name}, {row.texts['code']} {row.texts['name']}"
        raise InputError(found.code, place=place, value=round(found.value), allowed=found.allowed, **found.facts)


def _area(
    parts: Sequence[cbs_workbook.Row], by_code: Mapping[str, cbs_workbook.Cells], path: Path, preset: Preset | None = None
) -> Area:
    """Return the area of one row, or of several taken together, with what is assumed for what they lack."""
    texts = parts[0].texts
    figures = parts[0].figures if len(parts) == 1 else _together([part.figures for part in parts])
    code = "+".join(part.texts["code"] for part in parts)
    numbers: dict[str, Any] = {
        name: None if figures[name] is None else round(figures[name] or 0)
        for name in (*COUNTS, "year", "urbanity", "address_density")
    }
    numbers |= {name: figures[name] for name in cbs_workbook.PERCENTAGES}
    missing = tuple(name for name in OPTIONAL if figures[name] is None)
    return Area(
        code=code,
        name=preset.name if preset else _plain(texts["name"]) or code,
        municipality=texts["municipality"],
        kind="preset" if preset else texts["kind"].lower() or KINDS.get(code[:2].upper(), "area"),
        source=texts["source"] or path.name,
        default_people=preset.people if preset else numbers["people"],
        missing=missing,
        assumed=fill(figures, missing, [] if preset else _larger(code, by_code, path)),
        **numbers,
    )


def _together(parts: Sequence[cbs_workbook.Figures]) -> cbs_workbook.Figures:
    """Return the figures of several areas: counts added up, shares weighted by dwellings or else by people."""
    joint: cbs_workbook.Figures = {"year": parts[0]["year"]}
    for name in (*COUNTS, *cbs_workbook.PERCENTAGES, "urbanity", "address_density"):
        values = [part[name] for part in parts]
        weight = (
            "dwellings" if name in ("flats", "corporation", "owned") and all(part["dwellings"] for part in parts) else "people"
        )
        weights = [1.0 if name in COUNTS else part[weight] or 0.0 for part in parts]
        total = math.fsum((value or 0.0) * each for value, each in zip(values, weights, strict=True))
        if any(value is None for value in values):
            joint[name] = None
        else:
            joint[name] = total if name in COUNTS else round(total / math.fsum(weights), 1)
    return joint


def _around(code: str) -> tuple[str, ...]:
    """Return the codes of the wijk and the gemeente in which an area lies, nearest first."""
    digits = code[2:]
    return {"BU": (f"WK{digits[:6]}", f"GM{digits[:4]}"), "WK": (f"GM{digits[:4]}",)}.get(code[:2].upper(), ())


def _larger(code: str, by_code: Mapping[str, cbs_workbook.Cells], path: Path) -> list[cbs_workbook.Row]:
    """Return the rows of the areas around an area, nearest first, where the file has them and they can be read."""
    found = []
    for each in _around(code):
        with suppress(InputError):  # it lends nothing; listing names it
            found += [cbs_workbook.read(by_code[each], path)] if each in by_code else []
    return found
