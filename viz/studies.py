"""Studies for the page Explore: those in `results/`, and new ones.  The seam to what `experiments` knows of them."""

import tempfile
from pathlib import Path

import pandas as pd

from experiments import tipping
from experiments.designs import uncertain
from experiments.discovery import Box, prim
from experiments.plan import Plan
from experiments.sensitivity import morris, sobol
from experiments.store import MARK
from experiments.study import RESULTS, Study
from model.errors import InputError

from .question import QUICK_PEOPLE, TODAY

MOST_POINTS = 256
TRAJECTORIES = 4  # of a new study by Morris
METHODS = {"morris": morris, "saltelli": sobol}  # design of a study -> what it is for
DOSES = (0.25, 0.5, 0.75, 1.0)
DURATIONS = (2, 4, 6, 8)
WORLDS = 4
YEARS = 10


def listed() -> dict[str, Path]:
    """Return name -> folder of every study in results, the newest first."""
    marks = sorted(RESULTS.glob(f"*/{MARK}"), key=lambda mark: mark.stat().st_mtime, reverse=True)
    return {mark.parent.name: mark.parent for mark in marks}


def open_study(name: str) -> Study:
    """Return a study in results; raises InputError where there is none of that name, or it cannot be read or is empty."""
    folders = listed()
    if name not in folders:
        raise InputError("no such study", place="results", value=name, allowed=", ".join(folders) or "a folder with a study")
    try:
        study = Study.open(folders[name])
        empty = study.outcomes.empty
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", place="results", value=name) from error
    if empty:
        raise InputError("no run is done yet", place="results", value=name)
    return study


def morris_runs() -> int:
    """Return how many runs a new study by Morris takes: two plans, at the ends of every step."""
    return 2 * TRAJECTORIES * (1 + len(uncertain()))


def new_plan(area: str, kind: str, points: int, design: str = "latin") -> Plan:
    """Return the plan of a new study: one intervention in full against nothing, at plausible points or Morris' trajectories."""
    asked = {"against": TODAY, "outcome": "recruited", "better": "lower", "matters": 3.0}
    scenario = {TODAY: {}, kind: {kind: 1.0}}
    points = TRAJECTORIES if design == "morris" else min(points, MOST_POINTS)
    return Plan(area=area, years=YEARS, points=points, worlds=1, compare=asked, scenario=scenario, design=design)


def varied(study: Study) -> list[str]:
    """Return the parameters that differ between points."""
    return [str(name) for name in study.parameters.columns if study.parameters[name].nunique() > 1]


def sensitivity(study: Study, scenario: str, outcome: str) -> pd.Series:
    """Return the rank correlation of an outcome with every parameter that differs, the strongest first."""
    runs = study.runs[study.runs["scenario"] == scenario]
    found = runs[varied(study)].corrwith(runs[outcome], method="spearman").dropna()
    return found.reindex(found.abs().sort_values(ascending=False).index)


def indices(study: Study, scenario: str, outcome: str) -> pd.DataFrame | None:
    """Return Morris' effects or Sobol's indices where the points of a study are made for that, and None where they are not.

    They are those of the outcome under the plan compared with, or of the difference that another plan makes.  Raises InputError
    where runs are missing, or nothing varies.
    """
    against = study.plan.first
    method = METHODS.get(study.plan.design)
    return method and method(study, outcome, scenario=scenario, against=None if scenario == against else against)


def failing(study: Study, scenario: str) -> Box:
    """Return the box of futures in which a plan fails; raises InputError with too few points, or without the tool for it."""
    return prim(study, scenario)


def tipping_map(area: str, kind: str, outcome: str) -> pd.DataFrame:
    """Return the difference with nothing in the last year: index dose, columns years; luck varies, assumptions do not."""
    with tempfile.TemporaryDirectory() as folder:
        study = Study("tipping", folder=folder, area=area, years=YEARS, people=QUICK_PEOPLE, worlds=WORLDS, points=1, series=0)
        study.scenarios(**tipping.dose_by_duration(kind, DOSES, DURATIONS))
        return tipping.tipping_map(study.run(quiet=True), outcome)
