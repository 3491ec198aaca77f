"""Factors: a study as a grid of areas, packages, doses, dates and parameters, written out as the scenarios of a plan.

    compare = { against = "today", outcome = "recruited", matters = 3 }

    [factors]
    area = ["tilburg-noord", "overvecht"]
    dose = [0.5, 1.0]                          # share of the full package
    from = [2027-01-01, 2030-01-01]            # when its first measure begins; the others keep their distance
    "norms.sanction" = { low = 0.3, high = 0.8 }
    rows = 8                                   # of a Latin hypercube over all factors that say low and high

    [package.today]

    [package.presence]
    visible_presence = 0.5

Lists are crossed with each other and with the rows of the hypercube; ``[[factors]]`` lists the combinations themselves.
Without ``package`` all packages take part.  Package, dose and date are what somebody chooses; any other factor makes a
*block*, which has a baseline of its own: the package that the others are compared with, in the same area, situation and
parameters.
"""

import math
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
from scipy.stats import qmc

from kantelpunt.model.draws import MAX_SEED
from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.registry import current, quantities
from kantelpunt.model.scenario import as_interventions, as_parameters, spelled_out
from kantelpunt.model.validation import calendar_day, joined, number

from .question import Question, Until
from .variants import refuse_many

CHOSEN = ("package", "dose", "from")  # factors that somebody decides on; any other belongs to a block
BLOCKING = ("area", "situation")
START = date(2026, 1, 5)  # of a plan that says none
ROWS = 8  # of a Latin hypercube, unless said
MOST_CELLS, MOST_ROWS = 2_000, 10_000  # scenarios, and combinations before those of the baseline are taken together
FIGURES = 4  # that a drawn number keeps, so that a name can hold it

Cell = dict[str, Any]


def laid_out(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of a plan with its factors and packages written out: scenarios, and the levels of each in ``cells``.

    Raises InputError where they cannot be.  A table without factors is returned as it is.
    """
    rest = {key: value for key, value in table.items() if key not in ("factors", "package")}
    factors, packages = table.get("factors"), table.get("package")
    if factors is None and packages is None:
        refuse_many(rest.get("scenario"), rest.get("rival"))
        return rest
    if rest.get("scenario"):
        raise InputError("factor.beside_scenarios", place="scenario", allowed=Phrase("allowed.factors_or_scenarios"))
    if not isinstance(packages, Mapping) or not packages:
        raise InputError("factor.no_packages", place="package", value=packages, allowed=Phrase("allowed.package_tables"))
    against = baseline_of(rest, packages)
    cells = named_cells(list(cells_of(factors or {}, packages, against, rest.get("seed", 1))))
    refuse_many({name: packages[cell["package"]] for name, cell in cells.items()}, rest.get("rival"))
    tables = {name: scenario_of(cell, packages[cell["package"]], rest.get("start", START)) for name, cell in cells.items()}
    first = next(iter(cells))
    places = [cell["area"] for cell in cells.values() if "area" in cell]
    area = {} if rest.get("area") or not places else {"area": places[0]}
    return {**rest, **area, **{key: renamed(rest[key], first) for key in ("compare", "until") if rest.get(key)},
            "scenario": tables, "cells": cells}  # fmt: skip


def baseline_of(rest: Mapping[str, Any], packages: Mapping[str, Any]) -> str:
    """Return the package that the others are compared with: as the question says, or the first; raises InputError."""
    for key in ("compare", "until"):
        said = rest.get(key)
        name = said.get("against") if isinstance(said, Mapping) else getattr(said, "against", None)
        if name:
            if not isinstance(name, str) or name not in packages:
                raise no_package(f"{key}.against", name, packages)
            return str(name)
    return next(iter(packages))


def no_package(place: str, name: object, packages: Mapping[str, Any]) -> InputError:
    """Return the complaint that a package is not there."""
    return InputError("factor.no_package", place=place, value=name, allowed=packages, near=nearest(str(name), packages))


def renamed(question: Any, first: str) -> Any:
    """Return a question that is asked against the first baseline; each block then uses its own."""
    if isinstance(question, Question | Until):
        return question.model_copy(update={"against": first})
    return {**question, "against": first} if isinstance(question, Mapping) else question


def cells_of(factors: Any, packages: Mapping[str, Any], against: str, seed: Any) -> Iterator[Cell]:
    """Give the levels of every scenario, of each block the baseline first; raises InputError."""
    blocks: dict[tuple, list[Cell]] = {}
    for row in rows_of(factors, seed):
        wanted = [row["package"]] if "package" in row else [name for name in packages if name != against]
        for name in wanted:
            if name not in packages:
                raise no_package("factors.package", name, packages)
        blocks.setdefault(block_of(row), []).extend({**row, "package": name} for name in wanted if name != against)
    refuse_combinations(len(blocks) + sum(map(len, blocks.values())), MOST_CELLS)
    for block, cells in blocks.items():
        yield {"package": against, **dict(block)}
        yield from cells


def rows_of(factors: Any, seed: Any) -> Iterator[Cell]:
    """Give every combination of levels that a table of factors, or a list of combinations, asks for; raises InputError.

    They are counted before any is made.
    """
    if isinstance(factors, list | tuple):
        refuse_combinations(len(factors), MOST_ROWS)
        for i, row in enumerate(factors):
            yield {name: level(name, value, joined("factors", i, name)) for name, value in flat(row, joined("factors", i))}
        return
    found = dict(flat(factors, "factors"))
    rows = found.pop("rows", ROWS)
    if isinstance(rows, bool) or not isinstance(rows, int) or rows < 1:
        raise InputError("value.not_whole", place="factors.rows", value=rows, allowed=Phrase("allowed.whole_from", low=1))
    ranges = {name: value for name, value in found.items() if isinstance(value, Mapping)}
    lists = {name: levels(name, value) for name, value in found.items() if name not in ranges}
    refuse_combinations(math.prod(map(len, lists.values())) * (rows if ranges else 1), MOST_ROWS)
    for drawn in hypercube(ranges, rows, seed):
        for values in product(*lists.values()):
            yield {**dict(zip(lists, values, strict=True)), **drawn}


def refuse_combinations(n: int, most: int) -> None:
    """Raise InputError where there are more combinations than a plan takes."""
    if n > most:
        raise InputError("factor.too_many", place="factors", value=n, allowed=Phrase("allowed.at_most", most=MOST_CELLS))


def flat(table: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Give each factor by its current name with its levels; raises InputError on an unknown one."""
    if not isinstance(table, Mapping):
        raise InputError("factor.not_factors", place=place, value=table, allowed=Phrase("allowed.factors"))
    for name, value in table.items():
        if isinstance(value, Mapping) and not {"low", "high"} & set(value):  # TOML reads an unquoted rule.name so
            yield from flat({f"{name}.{inner}": each for inner, each in value.items()}, place)
            continue
        known = (*CHOSEN, *BLOCKING, "rows")
        called = name if name in known else current(name)
        if called not in known and called not in quantities():
            near = nearest(str(name), (*known, *quantities()))
            raise InputError("factor.unknown", place=place, value=name, allowed=Phrase("allowed.factors"), near=near)
        yield called, value


def levels(name: str, value: Any) -> list[Any]:
    """Return the levels of a factor, each once; raises InputError."""
    if not isinstance(value, list | tuple) or not value:
        raise InputError("factor.no_levels", place=f"factors.{name}", value=value, allowed=Phrase("allowed.factor_levels"))
    return list(dict.fromkeys(level(name, each, f"factors.{name}") for each in value))


def level(name: str, value: Any, place: str) -> Any:
    """Return one level of a factor; raises InputError."""
    if name == "from":
        return value if isinstance(value, int) and not isinstance(value, bool) else calendar_day(value)
    if name in ("package", *BLOCKING):
        if not isinstance(value, str):
            raise InputError("value.not_text", place=place, value=value, allowed=Phrase("allowed.text"))
        return value
    found = number(value)
    if name == "dose" and not 0.0 < found <= 10.0:
        raise InputError("value.out_of_range", place=place, value=value, allowed=Phrase("allowed.above_to", high=10))
    if name != "dose" and not quantities()[name].allows(found):
        raise InputError("value.out_of_range", place=place, value=value, allowed=quantities()[name].allowed)
    return found


def hypercube(ranges: Mapping[str, Mapping], rows: int, seed: Any) -> Iterator[Cell]:
    """Give the rows of a Latin hypercube between the ends of each range; one empty row where there is none."""
    if not ranges:
        yield {}
        return
    ends = {}
    for name, value in ranges.items():
        if name in ("package", *BLOCKING) or set(value) != {"low", "high"}:
            raise InputError("factor.no_range", place=f"factors.{name}", value=value, allowed=Phrase("allowed.factor_range"))
        low, high = (level(name, value[end], f"factors.{name}.{end}") for end in ("low", "high"))
        if type(low) is not type(high) or not low < high:
            ends_of = f"{low}, {high}"
            raise InputError("factor.reversed", place=f"factors.{name}", value=ends_of, allowed=Phrase("allowed.low_below_high"))
        ends[name] = (low, high)
    known = int(seed) if isinstance(seed, int | float) and 0 <= seed <= MAX_SEED else 1  # a plan refuses any other
    rng = np.random.default_rng([known, zlib.crc32(b"factors")])
    for shares in qmc.LatinHypercube(len(ends), rng=rng).random(rows):
        yield {name: between(*ends[name], float(share)) for name, share in zip(ends, shares, strict=True)}


def between(low: Any, high: Any, share: float) -> Any:
    """Return what lies at a share of the way, with as many figures as a name can hold."""
    if isinstance(low, date):
        return low + timedelta(days=round(share * (high - low).days))
    if isinstance(low, int):
        return round(low + share * (high - low))
    return float(f"{low + share * (high - low):.{FIGURES}g}")


def block_of(cell: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the factors of a scenario that nobody chooses, with their levels."""
    return tuple((name, value) for name, value in cell.items() if name not in CHOSEN)


def named_cells(cells: list[Cell]) -> dict[str, Cell]:
    """Return the levels of every scenario by its name: the package, what else is chosen, in brackets what differs per block."""
    blocks = list(dict.fromkeys(map(block_of, cells)))
    differing = {name for block in blocks for name, _ in block if len({dict(each).get(name) for each in blocks}) > 1}
    found = {}
    for cell in cells:
        dose = [f"{100 * cell['dose']:g}%"] if "dose" in cell else []
        begin = [f"{'week ' * isinstance(cell['from'], int)}{cell['from']}"] if "from" in cell else []
        block = [str(value) if name in BLOCKING else f"{name} {value:g}" for name, value in block_of(cell) if name in differing]
        found[" ".join([cell["package"], *dose, *begin, *([f"({', '.join(block)})"] if block else [])])] = cell
    return found


def scenario_of(cell: Cell, package: Any, start: Any) -> dict[str, Any]:
    """Return a scenario of a plan; raises InputError where a package is no table of measures."""
    try:
        own, measures = measures_of(package)
        if not measures and ("dose" in cell or "from" in cell):
            raise InputError("factor.empty_package", value=cell["package"], allowed=Phrase("allowed.measure_to_dose"))
        measures = moved([dosed(each, cell.get("dose", 1.0)) for each in measures], cell.get("from"), calendar_day(start))
    except InputError as error:
        error.place = joined("package", cell["package"], error.place)
        raise
    parameters = {**own, **{name: value for name, value in block_of(cell) if name not in BLOCKING}}
    where = {name: cell[name] for name in BLOCKING if name in cell}
    return {**where, "interventions": measures, **({"parameters": parameters} if parameters else {})}


def measures_of(package: Any) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Return the parameters of a package, and its measures as tables; raises InputError."""
    if not isinstance(package, Mapping):
        raise InputError("value.not_table", value=package, allowed=Phrase("allowed.kinds_with_intensities"))
    own = spelled_out({key: package[key] for key in ("situation", "interventions", "parameters") if key in package})
    told = own.pop("interventions", ())
    if not isinstance(told, Mapping | list | tuple):
        raise InputError("intervention.not_list", place="interventions", value=told, allowed=Phrase("allowed.interventions"))
    kinds = {key: value for key, value in package.items() if key not in ("situation", "interventions", "parameters")}
    tables = [{"kind": kind, "intensity": value} for kind, value in (told if isinstance(told, Mapping) else {}).items()]
    tables += [] if isinstance(told, Mapping) else list(told)
    tables += [{"kind": kind, "intensity": value} for kind, value in kinds.items()]
    return parameters_of(own), [as_interventions([each])[0].table() for each in tables]


def parameters_of(package: Mapping[str, Any]) -> dict[str, float]:
    """Return the parameters of a package by name; raises InputError."""
    try:
        return as_parameters(package.get("parameters", {}))
    except InputError as error:
        error.place = joined("parameters", error.place)
        raise


def dosed(measure: Mapping[str, Any], dose: float) -> dict[str, Any]:
    """Return a measure at a share of its strength."""
    return {**measure, **({} if dose == 1.0 else {"intensity": dose * number(measure.get("intensity", 1.0))})}


def moved(measures: list[dict[str, Any]], begin: date | int | None, start: date) -> list[dict[str, Any]]:
    """Return measures the first of which begins at a date (or week), the others as long after it as they did."""
    if begin is None:
        return measures

    def day(when: Any) -> date:
        return start + timedelta(weeks=when) if isinstance(when, int) else calendar_day(when)

    try:
        shift = day(begin) - min(day(each.get("from", 0)) for each in measures)
        ends = [{"until": day(each["until"]) + shift} if "until" in each else {} for each in measures]
        return [{**each, "from": day(each.get("from", 0)) + shift, **end} for each, end in zip(measures, ends, strict=True)]
    except OverflowError:  # in a year that no calendar has
        raise InputError("date.invalid", place="from", value=begin, allowed=Phrase("allowed.moment")) from None


def baselines(cells: Mapping[str, Cell], first: str) -> dict[str, str]:
    """Return scenario -> the scenario of its block that it is compared with; raises InputError where a block has none."""
    wanted = cells[first]["package"]
    there = {
        block_of(cell): name for name, cell in cells.items() if cell["package"] == wanted and not {"dose", "from"} & set(cell)
    }
    for name, cell in cells.items():
        if block_of(cell) not in there:
            raise InputError(
                "factor.no_baseline", place="cells", value=name, allowed=Phrase("allowed.with_package", package=wanted)
            )
    return {name: there[block_of(cell)] for name, cell in cells.items()}
