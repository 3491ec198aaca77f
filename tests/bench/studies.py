"""What a study costs beside the runs in it, what shared worlds are worth, and what many runs take in memory."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.study import Study
from kantelpunt.model.simulation import simulate

from .measure import ROOT, Measured, in_turns

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
    yield from memory(full)
