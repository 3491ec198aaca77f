"""What a study costs beside the runs in it, what shared worlds and weeks are worth, and what many runs take in memory."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from kantelpunt.experiments.analysis.tipping import dose_by_duration, up_and_down
from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.study import Study
from kantelpunt.model import Scenario
from kantelpunt.model.branching import simulate_together
from kantelpunt.model.simulation import simulate

from .measure import ROOT, Measured, in_turns

YEARS, DOSES, DURATIONS = 10, (0.25, 0.5, 0.75, 1.0), (2, 4, 6, 8)  # those of `kantelpunt tipping`
PACKAGES = ("visible_presence", "youth_activities", "mentoring", "debt_relief")
PAIRS, ALL_PAIRS = 20, 500
MOST_OVERHEAD = 1.10  # times the bare runs
MOST_MEMORY = 1_024  # MiB over the start
TINY_RUNS = 100_000


def plan_of(pairs: int) -> Plan:
    """Return ten years of 2,000 people with and without a measure, in so many worlds."""
    return Plan(people=2_000, years=10, points=pairs, worlds=1, scenario={"today": {}, "presence": {"visible_presence": 1.0}})


def overhead(full: bool, turns: int) -> Iterator[Measured]:
    """Yield what a study on one thread takes over the same runs in a bare loop."""
    pairs = ALL_PAIRS if full else PAIRS
    plan = plan_of(pairs)
    study = Study.of(plan, Path("nowhere"))
    ready = [study.job(row) for row in study.asked.itertuples(index=False)]

    def bare() -> float:
        for job in ready:
            simulate(job.scenario, job.seed)
        return len(ready)

    def studied() -> float:
        with TemporaryDirectory() as folder:
            study = Study.of(plan, Path(folder) / "study").run(engine=1, quiet=True)
            return study.done

    bare()
    costs = in_turns({"bare": bare, "study": studied}, turns)
    times = float(np.median(costs["study"] / costs["bare"]))
    what = f"a study of {2 * pairs:,} paired runs, over the bare runs"
    yield Measured(what, f"{times:.3f} times", f"at most {MOST_OVERHEAD:.2f} times", times <= MOST_OVERHEAD)


def shared_worlds() -> Iterator[Measured]:
    """Yield how many runs with luck of their own a run in a shared world is worth, in the built-in question."""
    with TemporaryDirectory() as folder:
        study = Study.of(Plan.from_toml(BUILT_IN), Path(folder) / "study").run(quiet=True)
        for each in study.effects():
            value = f"worth {each.twins:.1f} runs with luck of their own ({each.worth:.1f} that share nothing)"
            yield Measured(f"a run of {each.scenario} in a shared world", value)


def beginning(week: int) -> dict[str, Any]:
    """Return today and four packages that begin after so many weeks."""
    return {"today": {}, **{kind: {"interventions": [{"kind": kind, "from": week}]} for kind in PACKAGES}}


def sharing() -> dict[str, tuple[dict[str, Any], float | None]]:
    """Return what is asked -> the scenarios, and which part of the weeks that they tell may be computed, if there is a bar."""
    ways, cells = up_and_down(PACKAGES[0], DOSES, YEARS), dose_by_duration(PACKAGES[0], DOSES, DURATIONS)
    return {
        "tipping, map of 4 x 4 and both ways": ({**ways, **cells}, 0.7),
        "tipping, the map alone": (cells, None),
        "today and four packages that begin after two years": (beginning(104), 0.85),
        "today and four packages that begin after a year": (beginning(52), None),
    }


def computed(scenarios: dict[str, Any]) -> tuple[int, int]:
    """Return how many weeks are computed, and how many are told, where these scenarios live in one small world."""
    base = Scenario(people=100, years=YEARS)
    found = list(simulate_together([base.changed(**table) for table in scenarios.values()]))
    return sum(each.computed for each in found), base.weeks * len(found)


def shared_weeks() -> Iterator[Measured]:
    """Yield which part of its weeks a study computes: a count, the same on every machine."""
    for what, (scenarios, most) in sharing().items():
        some, all_of_them = computed(scenarios)
        value = f"{some / all_of_them:.2f} of the weeks computed ({some:,} of {all_of_them:,})"
        yield Measured(what, value, f"at most {most}" if most else "", some / all_of_them <= most if most else None)


def memory(full: bool) -> Iterator[Measured]:
    """Yield what a study of many tiny runs takes in memory over its start."""
    runs = TINY_RUNS if full else TINY_RUNS // 10
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        command = [sys.executable, "-m", "tests.experiments.killed_process", f"{folder}/study", str(runs)]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        mebibytes = int(said.split()[-1])
        seconds = time.perf_counter() - begin
    value = f"{mebibytes:,} MiB over the start, {runs / seconds:,.0f} runs a second"
    yield Measured(f"a study of {runs:,} tiny runs", value, f"at most {MOST_MEMORY:,} MiB", mebibytes <= MOST_MEMORY)


def studies(full: bool, turns: int) -> Iterator[Measured]:
    """Yield every row about studies."""
    yield from overhead(full, turns)
    yield from shared_worlds()
    yield from shared_weeks()
    yield from memory(full)
