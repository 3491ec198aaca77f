"""Tipping: how much of an intervention it takes, for how long, and whether what was won stays.

A tipping study is an ordinary study whose scenarios are doses and durations of one intervention; `dose_by_duration` and
`up_and_down` make them, so runs, pairs and worlds are those of every study.

    tipping map        dose x years: the outcome in the last year, after the intervention has stopped
    thresholds up      the dose from the start that brings the outcome half of the way that the full dose does
    thresholds down    after half of the time at full dose: the dose that keeps it half of the way
    where the two differ, the neighbourhood remembers: getting out takes more than staying out
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from model.errors import InputError
from model.interventions import WEEKS_A_YEAR

from .statistics import interval
from .study import Study

TODAY = "today"
CELL = re.compile(r"dose_(?P<dose>[0-9]+)_years_(?P<years>[0-9]+)")
STEP = re.compile(r"(?P<way>up|down)_(?P<dose>[0-9]+)")
HALF = 0.5


def percent(dose: float) -> int:
    """Return a dose as a whole percentage, as names of scenarios hold it; raises InputError outside 0 to 1."""
    if not 0.0 < dose <= 1.0:
        raise InputError("out of range", place="dose", value=dose, allowed="a number above 0, to 1")
    return round(100 * dose)


def dose_by_duration(kind: str, doses: Sequence[float], durations: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Return scenarios of every dose for every number of years from the start, and "today" without."""
    found: dict[str, dict[str, Any]] = {TODAY: {}}
    for years in durations:
        for dose in doses:
            table = {"kind": kind, "intensity": dose, "from": 0, "until": years * WEEKS_A_YEAR}
            found[f"dose_{percent(dose)}_years_{years}"] = {"interventions": [table]}
    return found


def up_and_down(kind: str, doses: Sequence[float], years: int) -> dict[str, dict[str, Any]]:
    """Return scenarios that find both thresholds in so many years: each dose from the start, and each after full dose for half.

    The doses of the way down include 0: what is left when it stops.
    """
    found: dict[str, dict[str, Any]] = {TODAY: {}}
    half = years * WEEKS_A_YEAR // 2
    for dose in doses:
        found[f"up_{percent(dose)}"] = {"interventions": [{"kind": kind, "intensity": dose, "from": 0}]}
    full = {"kind": kind, "intensity": 1.0, "from": 0, "until": half}
    found["down_0"] = {"interventions": [full]}
    for dose in doses:
        later = {"kind": kind, "intensity": dose, "from": half, "ramp": 0}
        found[f"down_{percent(dose)}"] = {"interventions": [full, later]}
    return found


def tipping_map(study: Study, outcome: str) -> pd.DataFrame:
    """Return the mean difference with today in the last year: index dose, columns years; raises InputError for other studies."""
    differences = study.differences(outcome)
    cells = [(CELL.fullmatch(str(name)), name) for name in differences]
    found = {(int(m["dose"]) / 100, int(m["years"])): differences[name].mean() for m, name in cells if m}
    if not found:
        raise InputError("no doses and durations", place="scenario", allowed="scenarios of experiments.tipping.dose_by_duration")
    return pd.Series(found).unstack().rename_axis("dose").rename_axis("years", axis=1)


def branches(study: Study, outcome: str) -> pd.DataFrame:
    """Return both ways: index (way, dose); mean, low, high of the outcome in the last year (95 % interval over points)."""
    table = study.by_world(outcome).dropna()
    units = table.groupby(level="point").mean() if table.index.get_level_values(0).nunique() > 1 else table
    rows = {("up", 0.0): interval(units[TODAY].to_numpy())._asdict()} if TODAY in units else {}
    for name in units:
        if match := STEP.fullmatch(str(name)):
            rows[match["way"], int(match["dose"]) / 100] = interval(units[name].to_numpy())._asdict()
    if len(rows) < 2:
        raise InputError("no ways up and down", place="scenario", allowed="scenarios of experiments.tipping.up_and_down")
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["way", "dose"]).sort_index()


def thresholds(ways: pd.DataFrame) -> pd.Series:
    """Return the doses ``up`` and ``down`` at which the outcome is half of the way from none to full, and their difference.

    Between doses that were tried it is read off a straight line; not a number where a way never comes there.
    """
    means = ways["mean"]
    up, down = means.xs("up"), means.xs("down")
    halfway = up.iloc[0] + HALF * (up.iloc[-1] - up.iloc[0])
    found = {"up": crossing(up, halfway), "down": crossing(down, halfway)}
    return pd.Series({**found, "memory": found["up"] - found["down"]}, name="dose")


def crossing(way: pd.Series, level: float) -> float:
    """Return where a line through points first crosses a level; not a number where it does not."""
    doses, values = way.index.to_numpy(float), way.to_numpy() - level
    for i in range(1, len(values)):
        if values[i - 1] == 0.0:
            return float(doses[i - 1])
        if values[i - 1] * values[i] <= 0.0:
            share = values[i - 1] / (values[i - 1] - values[i])
            return float(doses[i - 1] + share * (doses[i] - doses[i - 1]))
    return math.nan
