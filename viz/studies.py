"""Studies for the page Explore: those in `results/`, and a new one.  The seam to how `experiments` keeps them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.plan import Plan
from experiments.store import MARK
from experiments.study import INPUTS
from model.errors import InputError
from model.interventions import WEEKS_A_YEAR
from model.outcomes import OUTCOMES
from model.scenario import Scenario

from .question import QUICK_PEOPLE, TODAY
from .quick import known, pool, unless

RESULTS = Path("results")
PLAN, RUNS = "plan.toml", "runs.parquet"
MOST_POINTS = 256
DOSES = (0.2, 0.4, 0.6, 0.8, 1.0)
WORLDS = 4
YEARS = 10


@dataclass(frozen=True)
class Opened:
    """A study that is looked at: its plan, and a row a run (scenario, point, world, outcomes, parameters of the point)."""

    plan: Plan
    runs: pd.DataFrame

    @property
    def outcomes(self) -> list[str]:
        """Return the outcomes that runs have."""
        return [name for name in self.runs.columns if name in OUTCOMES]

    @property
    def varied(self) -> list[str]:
        """Return the parameters that differ between points."""
        return [
            str(name)
            for name in self.runs.columns
            if name not in OUTCOMES and name not in INPUTS and self.runs[name].nunique() > 1
        ]


def listed() -> dict[str, Path]:
    """Return name -> folder of every study in results, the newest first."""
    marks = [mark for mark in RESULTS.glob(f"*/{MARK}") if (mark.parent / RUNS).is_file() and (mark.parent / PLAN).is_file()]
    return {mark.parent.name: mark.parent for mark in sorted(marks, key=lambda mark: mark.stat().st_mtime, reverse=True)}


def open_study(name: str) -> Opened:
    """Return a study in results; raises InputError where there is none of that name or it cannot be read."""
    folders = listed()
    if name not in folders:
        raise InputError("no such study", place="results", value=name, allowed=", ".join(folders) or "a folder with a study")
    try:
        return Opened(Plan.from_toml(folders[name] / PLAN), pd.read_parquet(folders[name] / RUNS))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", place="results", value=name) from error


def new_plan(area: str, kind: str, intensity: float, points: int) -> Plan:
    """Return the plan of a new study: one intervention against nothing, at plausible points."""
    asked = {"against": TODAY, "outcome": "recruited", "better": "lower", "matters": 3.0}
    scenario = {TODAY: {}, kind: {kind: intensity}}
    return Plan(area=area, years=YEARS, points=min(points, MOST_POINTS), worlds=1, compare=asked, scenario=scenario)


def sensitivity(opened: Opened, scenario: str, outcome: str) -> pd.Series:
    """Return the rank correlation of an outcome with every parameter that differs, the strongest first."""
    runs = opened.runs[opened.runs["scenario"] == scenario]
    found = runs[opened.varied].corrwith(runs[outcome], method="spearman").dropna()
    return found.reindex(found.abs().sort_values(ascending=False).index)


def tipping(area: str, kind: str, outcome: str) -> pd.DataFrame:
    """Return the mean of an outcome in the last year: a row a dose, a column the years for which it lasts from the start.

    Everything stands at its default; the same few worlds for every cell.
    """
    base = Scenario(area=area, years=YEARS)
    people = min(base.n_people, QUICK_PEOPLE)
    durations = {each: each * WEEKS_A_YEAR for each in range(0, base.years + 1, 2)}
    column = list(OUTCOMES).index(outcome)
    asked = {
        (dose, years): base.changed(interventions=[{"kind": kind, "intensity": dose, "until": weeks}] if weeks else [])
        for dose in DOSES
        for years, weeks in durations.items()
    }
    runs = {
        cell: [pool().submit(unless, lambda: False, known(scenario, people), seed) for seed in range(1, WORLDS + 1)]
        for cell, scenario in asked.items()
    }
    last = {cell: np.mean([done[-WEEKS_A_YEAR:, column].mean() for run in some if (done := run.result()) is not None])
            for cell, some in runs.items()}  # fmt: skip
    table = pd.Series(last).unstack()
    return table.sort_index(ascending=False)
