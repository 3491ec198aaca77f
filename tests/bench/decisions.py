"""The time that analyses for decisions take: worth on a large study, parts of five measures, the race of eight.

A bar is held to the clock or to the processor, whichever is less: that leaves out the turns that other programs take.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from kantelpunt.experiments.analysis import best, parts, worth
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.running.engines import cores
from kantelpunt.experiments.running.jobs import Job
from kantelpunt.experiments.running.progress import FEWEST_PAIRS, Progress
from kantelpunt.experiments.study import Study
from kantelpunt.model.outcomes import OUTCOMES

from .measure import Measured

MEASURES = ("visible_presence", "youth_activities", "mentoring", "debt_relief", "family_approach", "legal_opportunities",
            "place_improvement", "reachable_municipality")  # fmt: skip
MOST_WORTH, MOST_FIRST, MOST_WHOLE = 20.0, 20.0, 300.0  # seconds, on two cores that do nothing else
POINTS, PLANS, WORLDS = 400, 3, 32
PEOPLE, SMALL = 2_000, 200


def plan_of(measures: int, people: int, points: int) -> Plan:
    """Return today and a package of so many measures, over ten years, in one world a point."""
    table = {"today": {}, "all": {"interventions": [{"kind": kind} for kind in MEASURES[:measures]]}}
    question = {"against": "today", "outcome": "recruited", "matters": 3}
    return Plan.read({"people": people, "years": 10, "points": points, "worlds": 1, "scenario": table, "compare": question})


def luck(job: Job) -> np.ndarray:
    """Return a history in which only luck and one number decide, so that the analysis is what takes time."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    way = {"today": 0.0, "plan 1": 1.0, "plan 2": -1.0}[job.name] * (job.scenario.parameters["norms.sanction"] - 1.0)
    history[1, list(OUTCOMES).index("recruited")] = 50.0 + way + np.random.default_rng(job.seed).standard_normal()
    return history


def of_worth() -> Iterator[Measured]:
    """Yield what it takes to tell what each uncertain number is worth, in processor seconds and by the clock."""
    table = {"today": {}, **{f"plan {i}": {"youth_activities": 0.5 * i} for i in range(1, PLANS)}}
    question = {"against": "today", "outcome": "recruited", "matters": 3}
    plan = Plan.read({"people": SMALL, "years": 1, "points": POINTS, "worlds": 1, "scenario": table, "compare": question})
    with TemporaryDirectory() as folder:
        study = Study.of(plan, Path(folder) / "study", luck).run(quiet=True)
        begin, used = time.perf_counter(), time.process_time()
        worth.worth(study)
        taken, used = time.perf_counter() - begin, time.process_time() - used
    value, kept = f"{taken:.1f} s ({used:.1f} s of the processor)", min(taken, used) <= MOST_WORTH
    yield Measured(f"worth of {POINTS} points x {PLANS} plans", value, f"at most {MOST_WORTH:.0f} s", kept)


class Watch:
    """Notes when a first result can be shown, and when all is done."""

    def __init__(self, enough: int) -> None:
        """Hold how many runs a first result takes."""
        self.enough, self.begin, self.used = enough, time.perf_counter(), time.process_time()
        self.first, self.runs = 0.0, 0

    @property
    def past(self) -> tuple[float, float]:
        """Return the seconds by the clock, and those of the processor spread over all cores."""
        return time.perf_counter() - self.begin, (time.process_time() - self.used) / cores()

    def __call__(self, moment: Progress) -> None:
        """Look at how far it is."""
        if not self.first and moment.written and moment.done >= self.enough:
            self.first = min(self.past)

    def told(self, what: str) -> Iterator[Measured]:
        """Yield the two rows."""
        taken, used = self.past
        value = f"{taken:.0f} s ({used:.0f} s of the processor on {cores()} cores, {self.runs:,} runs)"
        yield Measured(f"{what}: first result", f"{self.first:.1f} s", f"at most {MOST_FIRST:.0f} s", self.first <= MOST_FIRST)
        yield Measured(what, value, f"at most {MOST_WHOLE:.0f} s", min(taken, used) <= MOST_WHOLE)


def of_parts(people: int) -> Iterator[Measured]:
    """Yield what it takes to take five measures apart in 32 worlds."""
    package = parts.package_of(plan_of(5, people, WORLDS))
    with TemporaryDirectory() as folder:
        study = Study.of(package.plan, Path(folder) / "study")
        watch = Watch(FEWEST_PAIRS * len(package.plan.scenarios))
        study.run(quiet=True, watch=watch)
        parts.parts(study, package.measures)
        watch.runs = study.done
        yield from watch.told(f"parts of 5 measures x {WORLDS} worlds, {people:,} people x 10 years")


def of_best(people: int) -> Iterator[Measured]:
    """Yield what a race of eight measures takes for half of what all of them cost."""
    plan = plan_of(8, people, WORLDS)
    budget = plan.scenarios["all"].cost() / plan.years / 2
    watch = Watch(best.FEWEST_WORLDS * (best.CANDIDATES + 1))

    def run(study: Study) -> None:
        study.run(quiet=True, watch=watch)
        watch.runs += study.done

    with TemporaryDirectory() as folder:
        best.race(plan, budget, Path(folder) / "race", run=run)
        yield from watch.told(f"best over 8 measures, {best.CANDIDATES} candidates, {people:,} people x 10 years")


def decisions(full: bool, turns: int) -> Iterator[Measured]:
    """Yield every row about deciding; with fewer people unless all is asked for."""
    people = PEOPLE if full else SMALL
    rows: list[Callable[[], Iterator[Measured]]] = [of_worth, lambda: of_parts(people), lambda: of_best(people)]
    for make in rows:
        yield from make()
