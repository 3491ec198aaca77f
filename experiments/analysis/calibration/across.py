"""Calibration over many areas: the study that simulates them, and targets from what was recorded there.

Only the areas that fit take part (`mirror.split`, or a list that says which): those that judge are neither simulated nor read,
neither for a setting nor for a target.  Areas are told by their figures alone, with nothing done.  A target across areas is a
table [[across]] of the file of targets; one without a value is taken from the record, with the standard error of drawing areas
again (bootstrap) as its tolerance.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.population.cbs_workbook import sheet
from kantelpunt.model.toml_files import read_toml

from ...design.plan import Plan
from ...exchange.police_tables import Recorded, recorded
from ..mirror import split
from ..panel_statistics import resampled
from .matching import Target
from .summaries import SUMMARIES, figures

PLAN = Path(__file__).with_name("across.toml")
FIT, JUDGE = "fit", "judge"
FEWEST = 8  # areas
WIDTH = 3.92  # standard errors in a 95 % interval


def listed(file: Path) -> dict[str, str]:
    """Return code -> set of a list of areas (a CSV with `code` and `set`); raises InputError for anything else."""
    allowed = Phrase("allowed.list_of_sets")
    if not file.is_file():
        raise InputError("file.missing", place="--fit", value=file, allowed=allowed)
    header, rows = sheet(file, ("code", "set"))
    if not rows or not {"code", "set"} <= set(header):
        raise InputError("area.no_sets", place="--fit", value=file, allowed=allowed)
    found: dict[str, str] = {}
    for row in rows:
        cells = dict(zip(header, map(str.strip, row), strict=False))
        code, chosen = cells.get("code", ""), cells.get("set", "").casefold()
        if chosen not in (FIT, JUDGE):
            raise InputError("value.not_a_choice", place=f"--fit, {code}", value=chosen, allowed=(FIT, JUDGE))
        if found.setdefault(code, chosen) != chosen:
            raise InputError("value.twice", place="--fit", value=code, allowed=Phrase("allowed.one_of_them"))
    return found


def fitting(police: Path, known: Collection[str], kinds: Sequence[str] = (), sets: Mapping[str, str] | None = None) -> Recorded:
    """Return what a police table records about the areas that fit; those that judge are gone.

    Parameters
    ----------
    police : a table as `kantelpunt mirror` takes it.
    known : codes of areas with figures.
    kinds : columns, or kinds of 47022NED, to add up.
    sets : code -> "fit" or "judge"; left out, by a hash of the codes.

    Raises InputError where fewer than eight areas fit.
    """
    codes = known if sets is None else [code for code in known if code in sets]
    record = recorded(police, codes, kinds, skip=True) if codes else None
    there = [] if record is None else [str(code) for code in record.years.index]
    sets = split(there) if sets is None else sets
    fit = [code for code in there if sets[code] == FIT]
    if record is None or len(fit) < FEWEST:
        raise InputError("area.too_few", place="--mirror", value=len(fit), allowed=Phrase("allowed.at_least", least=FEWEST))
    return Recorded(record.years.loc[fit], record.months.loc[fit], record.left_out)


def plan_of(codes: Sequence[str], file: Path | None, **given: Any) -> Plan:
    """Return the plan that simulates these areas, one scenario each, with nothing done (`across.toml`, and other keys)."""
    known = read_toml(PLAN) | {name: value for name, value in given.items() if value is not None}
    return Plan(**known, area=codes[0], area_file=file, scenario={code: {"area": code} for code in codes})


def targets_across(tables: Sequence[Mapping[str, Any]], record: Recorded, plan: Plan, place: str = "") -> list[Target]:
    """Return the targets across areas that tables [[across]] ask for; raises InputError where one cannot be used."""
    if not tables:
        raise InputError("target.none", place=place, allowed=Phrase("allowed.across_tables"))
    size = pd.Series({name: scenario.resolved_area().people for name, scenario in plan.scenarios.items()}, dtype=float)
    rates = record.years.mean(axis=1).astype(float)[size.index] / size
    found = []
    for i, table in enumerate(tables):
        known = dict(table)
        if "value" not in known and (summary := known.get("summary")) in SUMMARIES:
            value, tolerance = from_record(known.get("times", 1.0) * rates, summary, figures(plan))
            known |= {"value": value, "tolerance": tolerance}
        found.append(Target.read(known, place=f"{place}: across[{i}]"))
    return found


def from_record(rates: pd.Series, summary: str, figures: pd.DataFrame) -> tuple[float, float]:
    """Return a summary of recorded rates, and its standard error by drawing areas again."""

    def of(some: np.ndarray) -> float:
        return float(SUMMARIES[summary](rates.to_numpy()[None, some], figures.iloc[some])[0])

    value, low, high = resampled(of, len(rates))
    return value, (high - low) / WIDTH
