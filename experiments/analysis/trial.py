"""Trials in silico: what real trials did, done in the model and analysed as they were, beside what they found.

Persons, or quarters of a neighbourhood, are divided by lot over two arms within one world.  No twin world is looked at: the
difference is that between the arms, as in a real trial, with all that spills over between them.

    y = treated + before + world        least squares; interval robust to clusters (households, or quarters)
    %                                    the difference as a share of the mean of the control arm

`trials.toml` holds the trials; `cannot` says of some why this model cannot do them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from pydantic import Field

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.simulation import Run, Simulation
from kantelpunt.model.state.codes import QUARTERS
from kantelpunt.model.toml_files import read_toml
from kantelpunt.model.validation import StrictModel

from ..statistics import LEVEL, Interval
from .trial_arms import ACTS

FILE = Path(__file__).with_name("trials.toml")
BURN_IN = WEEKS_A_YEAR  # weeks before anybody is assigned, and up to three more
EVENT = {"offences": "offence", "incidents": "offence", "arrests": "arrest"}
DIGITS = 9  # behind the comma; what lies beyond comes from rounding
MORE = 1.96  # standard errors to each side of a published estimate


class Arm(StrictModel):
    """One arm of a real trial."""

    name: str = Field(description="what it got")
    assigned: int | None = Field(None, ge=1, description="units assigned to it")
    took_up: int | None = Field(None, ge=0, description="of them, units that got it")


class Estimate(StrictModel):
    """The finding of a real trial at one moment."""

    week: int = Field(ge=1, description="weeks after assignment")
    value: float = Field(description="difference of the arms")
    standard_error: float = Field(gt=0.0, description="of that difference")
    basis: str = Field(description="where both numbers come from")

    @property
    def interval(self) -> Interval:
        """Return the estimate with its 95 % interval."""
        return Interval(self.value, self.value - MORE * self.standard_error, self.value + MORE * self.standard_error)


class Trial(StrictModel):
    """A real trial, and how the model does the same."""

    id: str = Field(description="its name")
    en: str = Field(description="what was tried, in English")
    nl: str = Field(description="the same in Dutch")
    design: str = Field(description="randomised trial, meta-analysis of trials, or comparison")
    arms: tuple[Arm, Arm] = Field(description="control first")
    outcome: str = Field(description="what was measured")
    unit: Literal["%", "points of 100", "per 100 persons"] = Field(description="of the estimates")
    randomised: Literal["persons", "quarters"] = Field(description="what the model divides by lot")
    act: Literal["", "good_contact", "mentor", "plan"] = Field("", description="what is done to persons")
    interventions: tuple[dict[str, Any], ...] = Field((), description="what is done in quarters")
    lasts: int = Field(1, ge=1, le=520, description="weeks that it is done in quarters")
    measure: Literal["trust_institutions", "offences", "arrests", "incidents"] = Field(description="the model's outcome")
    per_arm: int = Field(100, ge=1, description="persons in an arm of one world, at most")
    estimates: tuple[Estimate, ...] = Field(description="what was found")
    source: str = Field(description="publication")
    differs: str = Field(description="what the model does otherwise")
    cannot: str = Field("", description="why the model cannot do it")


class Assigned(NamedTuple):
    """A world in which units have been assigned by lot."""

    simulation: Simulation
    units: np.ndarray  # identities of persons, numbers of quarters
    treated: np.ndarray  # who gets what is tried
    cluster: np.ndarray  # whom each belongs with
    before: np.ndarray  # the outcome just before: a level, or as many weeks of counts as the longest follow-up has


@cache
def trials() -> dict[str, Trial]:
    """Return id -> trial, in the order of the file."""
    found = [Trial.read(table, place=f"{FILE.name}: trial[{i}]") for i, table in enumerate(read_toml(FILE)["trial"])]
    return {each.id: each for each in found}


def named(name: str) -> Trial:
    """Return a trial by its name; raises InputError for one that is unknown, or that the model cannot do."""
    known = trials()
    if name not in known:
        raise InputError("trial.unknown", place="NAME", value=name, allowed=known, near=nearest(name, known))
    if known[name].cannot:
        raise InputError(
            "trial.impossible",
            place="NAME",
            value=name,
            allowed=[each for each, trial in known.items() if not trial.cannot],
            reason=Phrase(f"not_in_model.{name}", otherwise=known[name].cannot),
        )
    return known[name]


def done(
    trial: Trial,
    worlds: int = 20,
    area: str = DEFAULT_AREA,
    people: int = 2_000,
    seed: int = 1,
    threads: int = 1,
    watch: Callable[[], object] = lambda: None,
) -> pd.DataFrame:
    """Return what the trial finds in the model, one row a follow-up: n, model with interval, published with interval.

    ``watch`` is called when a world is done.
    """
    with ThreadPoolExecutor(threads) as pool:
        tables = []
        for table in pool.map(partial(one_world, trial, area, people), range(seed, seed + worlds)):
            tables.append(table)
            watch()
    units = pd.concat(tables, ignore_index=True)
    rows = []
    for estimate in trial.estimates:
        there = units[units["week"] == estimate.week]
        rows.append((estimate.week, len(there), *analysed(there, trial.unit == "%"), *estimate.interval))
    columns = ["week", "units", "model", "low", "high", "published", "published_low", "published_high"]
    return pd.DataFrame(rows, columns=columns)


def analysed(units: pd.DataFrame, share: bool = False) -> Interval:
    """Return the difference between the arms with its interval robust to clusters; as a % of the control arm where asked.

    ``units`` has a row a unit: y, before, treated (0/1), world, cluster (unique within its world).
    """
    x = pd.DataFrame({"treated": units["treated"].astype(float)})
    if np.ptp(units["before"]):
        x["before"] = units["before"]
    x = pd.concat([x, pd.get_dummies(units["world"], dtype=float)], axis=1)
    groups = units.groupby(["world", "cluster"]).ngroup()
    fitted = sm.OLS(units["y"], x).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    control = units.loc[units["treated"] == 0, "y"].mean()
    scale = 100.0 / control if share and control else float("nan") if share else 1.0
    low, high = fitted.conf_int(1 - LEVEL).loc["treated"]
    return Interval(*(round(float(each) * scale, DIGITS) for each in (fitted.params["treated"], low, high)))


def begins(seed: int) -> int:
    """Return the week after which a world's units are assigned: not the same in all, since much is settled once in four weeks."""
    return BURN_IN + seed % EVERY


def one_world(trial: Trial, area: str, people: int, seed: int) -> pd.DataFrame:
    """Return the units of one world, a row a unit and follow-up: y, before, treated, world, cluster, week."""
    follow = [estimate.week for estimate in trial.estimates]
    begin = begins(seed)
    years = -(-(begin + max(follow)) // WEEKS_A_YEAR)
    base = Scenario(area=area, people=people, years=years)
    assign = to_persons if trial.randomised == "persons" else to_quarters
    assigned = assign(trial, base, seed)
    tables = []
    for week in follow:
        while assigned.simulation.week < begin + week:
            if trial.act:
                ACTS[trial.act].again(assigned.simulation, assigned.units[assigned.treated])
            assigned.simulation.advance()
        y = measured(trial, assigned.simulation, assigned.units, begin, begin + week)
        columns = {"y": y, "before": assigned.before, "treated": assigned.treated.astype(int), "cluster": assigned.cluster}
        tables.append(pd.DataFrame(columns).assign(world=seed, week=week).dropna(subset="y"))
    return pd.concat(tables, ignore_index=True)


def lot(seed: int, n: int, treated: int) -> np.ndarray:
    """Return which of n units are treated."""
    chosen = np.zeros(n, bool)
    chosen[np.random.default_rng([seed, n]).permutation(n)[:treated]] = True
    return chosen


def to_persons(trial: Trial, base: Scenario, seed: int) -> Assigned:
    """Divide the persons of a world whom the trial is for, and do to the treated what is done."""
    act, simulation = ACTS[trial.act], Simulation(base, seed, events=True)
    simulation.advance(begins(seed))
    people = simulation.world.people
    rows = np.flatnonzero(act.eligible(simulation))
    rows = rows[np.argsort(people["id"][rows])]
    rows = rows[lot(seed, rows.size, min(2 * trial.per_arm, rows.size // 2 * 2))]
    ids, treated = people["id"][rows].copy(), lot(seed + 1, rows.size, rows.size // 2)
    clusters, before = people["household"][rows].copy(), earlier(trial, simulation, ids)
    act.once(simulation, ids[treated])
    return Assigned(simulation, ids, treated, clusters, before)


def to_quarters(trial: Trial, base: Scenario, seed: int) -> Assigned:
    """Divide the quarters of a world: two get what is done, two do not."""
    treated = lot(seed, len(QUARTERS), len(QUARTERS) // 2)
    where = [name for name, chosen in zip(QUARTERS, treated, strict=True) if chosen]
    dates = {"from": begins(seed), "until": begins(seed) + trial.lasts, "where": where}
    programme = base.changed(interventions=[{**each, **dates} for each in trial.interventions])
    simulation = Simulation(programme, seed, events=True)
    simulation.advance(begins(seed))
    units = np.arange(len(QUARTERS))
    return Assigned(simulation, units, treated, units, earlier(trial, simulation, units))


def earlier(trial: Trial, simulation: Simulation, units: np.ndarray) -> np.ndarray:
    """Return the outcome of every unit before anything is done."""
    longest = min(max(estimate.week for estimate in trial.estimates), BURN_IN)
    return measured(trial, simulation, units, simulation.week - longest, simulation.week)


def measured(trial: Trial, simulation: Simulation, units: np.ndarray, after: int, until: int) -> np.ndarray:
    """Return the outcome of every unit: a level now (not a number for who is gone), or what the weeks after .. until counted."""
    people = simulation.world.people
    if trial.measure == "trust_institutions":
        level = dict(zip(people["id"].tolist(), people["trust_institutions"].tolist(), strict=True))
        here = set(people["id"][people["present"] == 1].tolist())
        return np.array([100.0 * level[who] if who in here else np.nan for who in units.tolist()])
    run = Run(simulation.scenario, simulation.seed, simulation.world)
    log = run.world.events
    if int(log["who"][0]) >= log.size:
        raise RuntimeError("the log of events is full")
    events = run.events
    events = events[(events["kind"] == EVENT[trial.measure]) & (events["week"] > after) & (events["week"] <= until)]
    of = run.world.places["quarter"][events["place"]] if trial.randomised == "quarters" else events["who"].to_numpy()
    per = 100.0 if trial.unit == "per 100 persons" else 1.0
    return per * pd.Series(of).value_counts().reindex(units, fill_value=0).to_numpy(float)


def able() -> Iterator[Trial]:
    """Give the trials that the model can do."""
    return (trial for trial in trials().values() if not trial.cannot)
