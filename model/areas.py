"""Areas: the real figures that a neighbourhood starts from.

    area("tilburg-noord")                       a preset: 2,000 people in these proportions
    area("WK034403"), area("Stokhasselt")       an area by code or name, at its real size
    area("BU03440312", file="kwb-2023.xlsx")    a row of the user's own file

What a file lacks stays None and stands in ``missing``; ``assumed`` says what is taken instead, and why.

Bron: CBS, Kerncijfers wijken en buurten 2022 en 2023, CC BY 4.0, bewerkt
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import assumed, kwb
from .errors import InputError, nearest

BUILT_IN = Path(__file__).parent / "data" / "areas.csv"
SMALLEST = 50  # inhabitants below which the figures, rounded to 5, say too little to start from
TYPICAL = 2000  # inhabitants of a preset: a typical buurt

KINDS = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}
COUNTS = (
    "people", *kwb.AGES, "households", "households_single", "households_couple", "households_children", "dwellings",
    "welfare", "disability",
)  # fmt: skip
OPTIONAL = tuple(name for name in (*COUNTS[6:], *kwb.PERCENTAGES, "urbanity"))


class Preset(NamedTuple):
    """A named start: the areas whose figures it adds up, and how many people it simulates unless told otherwise."""

    name: str
    codes: tuple[str, ...]
    people: int = TYPICAL


PRESETS: dict[str, Preset] = {
    "overvecht": Preset("Overvecht", ("WK034403",)),
    "tilburg-noord": Preset("Tilburg-Noord", ("WK085542", "WK085543", "WK085544")),
    "contrast": Preset("Noordoost", ("WK034404",)),
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
    source: str = ""
    default_people: int = TYPICAL  # how many people a simulation of this area has unless told otherwise
    missing: tuple[str, ...] = ()
    assumed: Mapping[str, assumed.Assumed] = field(default_factory=dict, hash=False)

    @property
    def ages(self) -> tuple[int, int, int, int, int]:
        """Return the inhabitants by age: 0-14, 15-24, 25-44, 45-64, 65 and over."""
        return self.age_0_14, self.age_15_24, self.age_25_44, self.age_45_64, self.age_65

    def figure(self, name: str) -> float:
        """Return a figure by its field's name; where the source has none, what is assumed in its place."""
        own = getattr(self, name)
        return float(self.assumed[name].value if own is None else own)


def area(name_or_code: str, file: str | Path | None = None) -> Area:
    """Return one area that can be simulated.

    Without a file: a preset's name, or the code or name of a built-in area.  With a file (a CBS workbook or a CSV):
    the code or name of one of its rows, the latest year where there are several.  Capitals do not count.

    Raises InputError for an unknown or ambiguous name, an unusable file, an area without inhabitants or with fewer
    than 50, or without its ages.
    """
    wanted = name_or_code.strip().casefold()
    preset = re.sub(r"[\s_]+", "-", wanted)
    if file is None and preset in PRESETS:
        return _preset(preset)
    path = BUILT_IN if file is None else Path(file)
    table = kwb.rows(path)
    cells = _find(wanted, name_or_code, table, path, file is None)
    return _area([_checked(kwb.figures(cells, path), path)], table, path)


def areas(file: str | Path | None = None) -> list[Area]:
    """Return every built-in area, or every area of a file whose age figures are known, in the order of the file.

    An area that is too small to simulate is in the list (``area`` refuses it).  Raises InputError for an unusable file.
    """
    path = BUILT_IN if file is None else Path(file)
    table = kwb.rows(path)
    known = (kwb.figures(cells, path) for cells in table)
    return [_area([row], table, path) for row in known if all(row[name] is not None for name in ("people", *kwb.AGES))]


def _preset(key: str) -> Area:
    preset = PRESETS[key]
    table = kwb.rows(BUILT_IN)
    parts = [kwb.figures(next(cells for cells in table if kwb.pick(cells, "code") == code), BUILT_IN) for code in preset.codes]
    return _area(parts, table, BUILT_IN, preset)


def _find(wanted: str, typed: str, table: Sequence[kwb.Cells], path: Path, built_in: bool) -> kwb.Cells:
    """Return the row with this code or name; of one code the latest year."""
    matches = [cells for cells in table if kwb.pick(cells, "code").casefold() == wanted]
    if not matches and wanted:
        matches = [
            cells for cells in table if wanted in (kwb.pick(cells, "name").casefold(), _plain(kwb.pick(cells, "name")).casefold())
        ]
    codes = sorted({kwb.pick(cells, "code") for cells in matches})
    place = "area" if built_in else path
    if len(codes) > 1:
        raise InputError("several areas have this name", place=place, value=typed, allowed=f"one code of {_listed(codes)}")
    if not codes:
        names = [name for cells in table for name in (kwb.pick(cells, "code"), _plain(kwb.pick(cells, "name")))]
        presets = list(PRESETS) if built_in else []
        allowed = (
            f"{', '.join(presets)}, or a code or name of a built-in area"
            if built_in
            else "a code (such as WK034403) or name in this file"
        )
        raise InputError(f"unknown area{nearest(typed, [*presets, *names])}", place=place, value=typed, allowed=allowed)
    return max(matches, key=lambda cells: kwb.pick(cells, "year"))


def _plain(name: str) -> str:
    """Return a region's name without the number that workbooks put before it ("Wijk 03 Overvecht")."""
    return re.sub(r"^(Wijk|Buurt) \d+ ", "", " ".join(name.split()))


def _listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _checked(row: kwb.Row, path: Path) -> kwb.Row:
    """Return the row if people can be made from it."""
    place, people = f"{path.name}, {row['code']} {row['name']}", row["people"]
    if not people:
        raise InputError(
            "this area has no inhabitants", place=place, value=people or 0, allowed=f"at least {SMALLEST} inhabitants"
        )
    if float(people) < SMALLEST:
        raise InputError("too few inhabitants to simulate", place=place, value=int(people), allowed=f"at least {SMALLEST}")
    unknown = [kwb.COLUMNS[name][0] for name in kwb.AGES if row[name] is None]
    if unknown:
        raise InputError(f"no figures for {', '.join(unknown)}", place=place, allowed="an area whose five age groups are known")
    adults = sum(float(row[name] or 0) for name in kwb.AGES[1:])
    if adults < SMALLEST / 2:
        raise InputError(
            "too few people of 15 and over to simulate", place=place, value=int(adults), allowed=f"at least {SMALLEST // 2}"
        )
    return row


def _area(parts: Sequence[kwb.Row], table: Sequence[kwb.Cells], path: Path, preset: Preset | None = None) -> Area:
    """Return the area of one row, or of several taken together, with what is assumed for what they lack."""
    first = parts[0]
    own = parts[0] if len(parts) == 1 else _together(parts)
    people = int(own["people"] or 0)
    code = "+".join(str(part["code"]) for part in parts)
    numbers = {name: _whole(own[name]) for name in (*COUNTS, "urbanity")} | {name: own[name] for name in kwb.PERCENTAGES}
    missing = tuple(name for name in OPTIONAL if numbers[name] is None)
    larger = [] if preset else _larger(code, table, path)
    year = first["year"] or kwb.year_in(path.stem)
    return Area(
        code=code,
        name=preset.name if preset else _plain(str(first["name"])) or code,
        municipality=str(first["municipality"]),
        kind="preset" if preset else str(first["kind"]).lower() or KINDS.get(code[:2].upper(), "area"),
        year=_whole(year),
        source=str(first["source"]) or path.name,
        default_people=preset.people if preset else people,
        missing=missing,
        assumed=assumed.fill(numbers, missing, larger),
        **numbers,  # type: ignore[arg-type]  # the names are the fields' own
    )


def _whole(number: str | float | None) -> int | None:
    return None if number is None else round(float(number))


def _together(parts: Sequence[kwb.Row]) -> kwb.Row:
    """Return one row for several: counts added up, percentages and urbanity weighted by people (of dwellings: by dwellings)."""
    row: kwb.Row = {}
    for name in (*COUNTS, *kwb.PERCENTAGES, "urbanity"):
        values = [part[name] for part in parts]
        if any(value is None for value in values):
            row[name] = None
            continue
        of_dwellings = name in ("flats", "corporation", "owned") and all(part["dwellings"] for part in parts)
        weights = [1.0 if name in COUNTS else float(part["dwellings" if of_dwellings else "people"] or 0) for part in parts]
        total = sum(float(value or 0) * weight for value, weight in zip(values, weights, strict=True))
        row[name] = total if name in COUNTS else round(total / sum(weights), 1)
    return row


def _larger(code: str, table: Sequence[kwb.Cells], path: Path) -> list[kwb.Row]:
    """Return the rows of the wijk and the gemeente in which an area lies, nearest first, where the file has them."""
    digits = code[2:]
    codes = {"BU": (f"WK{digits[:6]}", f"GM{digits[:4]}"), "WK": (f"GM{digits[:4]}",)}.get(code[:2].upper(), ())
    found = ([cells for cells in table if kwb.pick(cells, "code") == each] for each in codes)
    return [kwb.figures(max(same, key=lambda cells: kwb.pick(cells, "year")), path) for same in found if same]
