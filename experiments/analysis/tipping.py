"""Tipping: how much of an intervention it takes, for how long, and whether what was won stays.

A tipping study is an ordinary study whose scenarios are doses and durations of one intervention; `dose_by_duration` and
`up_and_down` make them, so runs, pairs and worlds are those of every study.

    tipping map        dose x years: the outcome in the last year, after the intervention has stopped
    thresholds up      the dose from the start that brings the outcome half of the way that the full dose does
    thresholds down    after half of the time at full dose: the dose that keeps it half of the way
    where the two differ, the neighbourhood remembers: getting out takes more than staying out

The same doses with loops cut (`experiments/analysis/loops.py`) tell what the tipping is made of; a variant has its own "today".
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.regime import MIDDLE_HOLD, MIDDLE_TRUST

from ..design.question import as_outcome
from ..statistics import FEWEST_UNITS, interval, units_of, without_gaps
from ..study import Study

TODAY = "today"
CUT = "cut_"  # before the name of a scenario with loops cut
TIPPED = "tipped"  # not an outcome of the model: 100 where a world ends resilient, or else 0
BALANCE = "balance"  # neither: trust in institutions less crime's hold
DERIVED = (TIPPED, BALANCE)
CELL = re.compile(r"dose_(?P<dose>[0-9]+)_years_(?P<years>[0-9]+)")
STEP = re.compile(r"(?P<way>up|down)_(?P<dose>[0-9]+)")
HALF = 0.5


def percent(dose: float) -> int:
    """Return a dose as a whole percentage, as names of scenarios hold it; raises InputError outside 0 to 1."""
    if not 0.0 < dose <= 1.0:
        raise InputError("value.out_of_range", place="dose", value=dose, allowed=Phrase("allowed.above_to", high=1))
    return round(100 * dose)


def dose_by_duration(
    kind: str, doses: Sequence[float], durations: Sequence[int], full: Mapping[str, float] | None = None
) -> dict[str, dict[str, Any]]:
    """Return "today" and every dose for every number of years from the start; ``full`` sets the full dose."""
    found: dict[str, dict[str, Any]] = {TODAY: {}}
    for years in durations:
        for dose in doses:
            table = {**(full or {}), "kind": kind, "intensity": dose, "from": 0, "until": years * WEEKS_A_YEAR}
            found[f"dose_{percent(dose)}_years_{years}"] = {"interventions": [table]}
    return found


def up_and_down(
    kind: str, doses: Sequence[float], years: int, full: Mapping[str, float] | None = None
) -> dict[str, dict[str, Any]]:
    """Return scenarios that find both thresholds in so many years: each dose from the start, and each after full dose for half.

    The doses of the way down include 0: what is left when it stops.  ``full`` sets the full dose.
    """
    found: dict[str, dict[str, Any]] = {TODAY: {}}
    half, own = years * WEEKS_A_YEAR // 2, {**(full or {}), "kind": kind}
    for dose in doses:
        found[f"up_{percent(dose)}"] = {"interventions": [{**own, "intensity": dose, "from": 0}]}
    first = {**own, "intensity": 1.0, "from": 0, "until": half}
    found["down_0"] = {"interventions": [first]}
    for dose in doses:
        later = {**own, "intensity": dose, "from": half, "ramp": 0}
        found[f"down_{percent(dose)}"] = {"interventions": [first, later]}
    return found


def without(scenarios: Mapping[str, Mapping[str, Any]], cut: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Return the same scenarios under these parameters, by names of their own."""
    return {f"{CUT}{name}": {**table, "parameters": dict(cut)} for name, table in scenarios.items()}


def last_year(study: Study, outcome: str) -> pd.DataFrame:
    """Return an outcome of a study, or one of `DERIVED`, with worlds as rows and scenarios as columns."""
    if outcome not in DERIVED:
        return study.by_world(outcome)
    trust, hold = study.by_world("trust_institutions"), study.by_world("crime_hold")
    if outcome == BALANCE:
        return trust - hold
    return 100.0 * ((trust > MIDDLE_TRUST) & (hold < MIDDLE_HOLD)).where(trust.notna())


def tipping_map(study: Study, outcome: str, variant: str = "") -> pd.DataFrame:
    """Return the mean difference with today in the last year: index dose, columns years; raises InputError for other studies.

    ``variant`` is what the names of its scenarios begin with: nothing, or `CUT`.
    """
    table = last_year(study, outcome)
    cells = [(CELL.fullmatch(str(name).removeprefix(variant)), name) for name in table if str(name).startswith(variant)]
    found = {(int(m["dose"]) / 100, int(m["years"])): (table[name] - table[variant + TODAY]).mean() for m, name in cells if m}
    if not found:
        raise InputError(
            "tipping.no_doses",
            place="scenario",
            allowed=Phrase("allowed.scenarios_of", maker="experiments.analysis.tipping.dose_by_duration"),
        )
    return pd.Series(found).unstack().rename_axis("dose").rename_axis("years", axis=1)


def ways_of(study: Study, outcome: str, variant: str = "") -> pd.DataFrame:
    """Return an outcome in the last year of every unit, with (way, dose) as columns; "today" is dose 0 of the way up."""
    units, today = units_of(without_gaps(last_year(study, outcome))), variant + TODAY
    steps = [(STEP.fullmatch(str(name).removeprefix(variant)), name) for name in units if str(name).startswith(variant)]
    columns = {(m["way"], int(m["dose"]) / 100): units[name] for m, name in steps if m}
    if not columns or today not in units:
        raise InputError(
            "tipping.no_ways",
            place="scenario",
            allowed=Phrase("allowed.scenarios_of", maker="experiments.analysis.tipping.up_and_down"),
        )
    both = {("up", 0.0): units[today], **columns}
    return pd.DataFrame(both).rename_axis(["way", "dose"], axis=1).sort_index(axis=1)


def branches(study: Study, outcome: str, variant: str = "") -> pd.DataFrame:
    """Return both ways: index (way, dose); mean, low, high of the outcome in the last year (95 % interval over points), sure.

    ``sure`` tells whether it surely differs from today: the 95 % interval of the paired difference does not hold 0.
    """
    ways = ways_of(study, outcome, variant)
    rows = {}
    for place, units in ways.items():
        paired = interval((units - ways["up", 0.0]).to_numpy())
        rows[place] = {**interval(units.to_numpy())._asdict(), "sure": paired.low * paired.high > 0.0}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(ways.columns.names)


def thresholds(ways: pd.DataFrame) -> pd.Series:
    """Return the doses ``up`` and ``down`` at which the outcome is half of the way from none to the largest dose, and ``memory``.

    Memory is their difference.  Between doses that were tried it is read off a straight line; not a number where a way never
    comes there.
    """
    return halves(ways["mean"])


def halves(means: pd.Series) -> pd.Series:
    """Return the thresholds of means by (way, dose)."""
    up, down = means.xs("up"), means.xs("down")
    level = halfway(up)
    found = {"up": crossing(up, level), "down": crossing(down, level)}
    return pd.Series({**found, "memory": found["up"] - found["down"]}, name="dose")


def margins(units: pd.DataFrame) -> pd.DataFrame:
    """Return how well the thresholds are known: index up, down, memory; low and high of a 95 % interval, by the jackknife.

    ``units`` are those of `ways_of`.  Each is left out in turn (Tukey 1958).  Not a number where a way does not come there in
    all of these cases, and with fewer than `FEWEST_UNITS` units.
    """
    n, whole = len(units), halves(units.mean())
    if n < FEWEST_UNITS:
        return pd.DataFrame(math.nan, index=whole.index, columns=["low", "high"])
    weighed = [n * whole - (n - 1) * halves(units.drop(index=row).mean()) for row in units.index]
    found = {name: interval(values.to_numpy())[1:] for name, values in pd.DataFrame(weighed).items()}
    return pd.DataFrame.from_dict(found, orient="index", columns=["low", "high"])


def halfway(up: pd.Series) -> float:
    """Return the outcome half of the way from no dose to the largest one."""
    return float(up.iloc[0] + HALF * (up.iloc[-1] - up.iloc[0]))


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


class Reached(NamedTuple):
    """Doses at which half of the effect of the largest dose is reached, and kept after half of the time at full dose.

    ``largest`` is the largest dose that was tried, ``sure`` tells whether it surely changes anything: if it does not, the rest
    says nothing.  ``kept`` is "free" where half of it stays without any, "never" where no dose that was tried keeps half, and
    "dose" where the dose ``down`` does.  Margins are those of `margins`; not a number where they are not known.
    """

    largest: float
    sure: bool
    up: float
    up_margin: tuple[float, float]
    kept: Literal["free", "never", "dose"]
    down: float
    down_margin: tuple[float, float]


def reached(ways: pd.DataFrame, known: pd.DataFrame) -> Reached:
    """Return at which doses half of the effect of the largest dose is reached, and kept.

    ``ways`` are those of `branches`, and ``known`` are their `margins`.
    """
    up, down = ways["mean"].xs("up"), ways["mean"].xs("down")
    level, found = halfway(up), thresholds(ways)
    free = (down.iloc[0] - level) * (up.iloc[-1] - level) >= 0.0
    return Reached(
        largest=float(up.index[-1]),
        sure=bool(ways["sure"].xs("up").iloc[-1]),
        up=float(found["up"]),
        up_margin=between(known, "up"),
        kept="free" if free else "never" if math.isnan(found["down"]) else "dose",
        down=float(found["down"]),
        down_margin=between(known, "down"),
    )


def between(known: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return the margin of a threshold, from no dose on."""
    return max(float(known["low"][name]), 0.0), float(known["high"][name])


def stacked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of several variants as one, with a column that names the variant."""
    return pd.concat({name: table.reset_index() for name, table in tables.items()}, names=["variant"]).droplevel(1)


def as_what_tips(value: object) -> str:
    """Return the name of an outcome, or one of `DERIVED`; raises InputError on another."""
    return str(value) if value in DERIVED else as_outcome(value)


def basin(study: Study, variant: str = "") -> pd.DataFrame:
    """Return where worlds stood when an intervention stopped, and where they ended: a row a run of `dose_by_duration`.

    Index scenario, point, world; columns trust_institutions and crime_hold in the week in which it stopped, tipped at the end.
    Where those that end resilient and those that do not lie apart, the border between them is that of the basins.
    """
    cells = {str(name): CELL.fullmatch(str(name).removeprefix(variant)) for name in study.plan.scenarios}
    stops = {name: int(m["years"]) * WEEKS_A_YEAR for name, m in cells.items() if m and name.startswith(variant)}
    found = study.at(stops, ["trust_institutions", "crime_hold"])
    ends = last_year(study, TIPPED).reset_index().melt(["point", "world"], var_name="scenario", value_name=TIPPED)
    return found.join(ends.set_index(["scenario", "point", "world"])[TIPPED])
