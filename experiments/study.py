"""A study: a plan, the runs that it asks for, and the answer that they give so far.

study = Study(Plan.from_toml("plan.toml"))
study.run()
study.runs        one row a run: scenario, point, world, seed, id, cost, outcomes, parameters of the point
study.weeks       one row a scenario and week: means of every outcome
study.effects()   what each scenario does to the outcome that decides, with a verdict
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from model.interventions import WEEKS_A_YEAR
from model.outcomes import OUTCOMES
from model.registry import counts

from . import designs, provenance
from .plan import Plan
from .runner import Failure, Job, Result, jobs, live, run_worlds
from .statistics import Effect, effect, judged

INPUTS = ("scenario", "point", "world", "seed", "run", "cost")


def is_total(outcome: str) -> bool:
    """Return whether an outcome is added up over all weeks; any other is a level, of which the last year counts."""
    return outcome in counts() and OUTCOMES[outcome].unit.endswith("/week")


def summary(history: np.ndarray) -> dict[str, float]:
    """Return what a run came to: totals over all weeks for counts, means over the last year for levels.

    The history has one row a week (row 0 is the start, where nothing has been counted) and one column an outcome.
    """
    totals, levels = history[1:].sum(axis=0), history[-WEEKS_A_YEAR:].mean(axis=0)
    return {name: float(totals[i] if is_total(name) else levels[i]) for i, name in enumerate(OUTCOMES)}


@dataclass
class Study:
    """The runs of a plan, as far as they are done."""

    plan: Plan
    work: Callable[[Job], np.ndarray] = live
    failures: list[Failure] = field(default_factory=list)
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _sums: dict[str, np.ndarray] = field(default_factory=dict)
    _courses: dict[str, list[np.ndarray]] = field(default_factory=dict)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Return the plausible points, one a row."""
        return designs.points(self.plan.points, self.plan.seed, self.plan.spread)

    @property
    def size(self) -> int:
        """Return the number of runs that the plan asks for."""
        return self.plan.points * self.plan.worlds * len(self.plan.scenarios)

    @property
    def worlds(self) -> Iterator[Callable[[], list[Job]]]:
        """Give the worlds in order: one at every point, then a second one at every point, so that every beginning is even."""
        for world in range(self.plan.worlds):
            for point in range(self.plan.points):
                where = (point, world, designs.world_seed(self.plan.seed, point, world))
                parameters = {str(name): float(numbers.iloc[point]) for name, numbers in self.points.items()}
                yield partial(jobs, self.plan.scenarios, where, parameters)

    def run(self, threads: int | None = None, progress: Callable[["Study"], None] | None = None) -> None:
        """Run all worlds; ``progress`` is called after each of them.  Ctrl-C keeps what is done."""

        def receive(results: list[Result]) -> None:
            for result in results:
                self._take(result)
            if progress:
                progress(self)

        run_worlds(self.worlds, receive, threads, self.work)

    def _take(self, result: Result) -> None:
        """Keep what a run came to."""
        if isinstance(result, Failure):
            self.failures.append(result)
            return
        job, history = result.job, result.history
        inputs = (job.name, job.point, job.world, job.seed, provenance.run_id(job.scenario.key, job.seed), job.scenario.cost())
        self._rows.append({**dict(zip(INPUTS, inputs, strict=True)), **summary(history)})
        self._sums[job.name] = self._sums.get(job.name, 0.0) + history
        self._courses.setdefault(job.name, []).append(history[:, list(OUTCOMES).index(self.plan.compare.outcome)])

    def failed_runs(self) -> Iterator[dict[str, Any]]:
        """Give what is known about every run that failed: its inputs and what Python said."""
        for failure in self.failures:
            job = failure.job
            known = {"scenario": job.name, "point": job.point, "world": job.world, "seed": job.seed}
            yield {**known, "inputs": job.scenario.to_toml(), "traceback": failure.traceback}

    @property
    def done(self) -> int:
        """Return the number of runs that came to an end or failed."""
        return len(self._rows) + len(self.failures)

    @property
    def outcomes(self) -> pd.DataFrame:
        """Return one row a run: what it is known by, what it cost and what it came to."""
        return pd.DataFrame(self._rows, columns=[*INPUTS, *OUTCOMES])

    @property
    def runs(self) -> pd.DataFrame:
        """Return one row a run with its outcomes and the parameters of its point, "rule.name" a column."""
        return self.outcomes.join(self.points, on="point")

    @property
    def weeks(self) -> pd.DataFrame:
        """Return one row a scenario and week (0 is the start), one column an outcome: the mean over the runs done."""
        tables = []
        for name in self._sums:
            table = pd.DataFrame(self._sums[name] / len(self._courses[name]), columns=list(OUTCOMES))
            table.insert(0, "scenario", name)
            table.insert(1, "week", range(len(table)))
            tables.append(table)
        return pd.concat(tables, ignore_index=True)

    def course(self) -> pd.DataFrame:
        """Return the outcome that decides over time: scenario, point-and-world number, week, value; counts are added up."""
        tables = []
        for name, histories in self._courses.items():
            values = np.array(histories)
            values = values.cumsum(axis=1) if is_total(self.plan.compare.outcome) else values
            runs, weeks = np.indices(values.shape)
            tables.append(pd.DataFrame({"scenario": name, "run": runs.ravel(), "week": weeks.ravel(), "value": values.ravel()}))
        return pd.concat(tables, ignore_index=True)

    def differences(self, outcome: str | None = None) -> pd.DataFrame:
        """Return the difference with the scenario compared against in every world: index (point, world), a column a scenario."""
        table = self._by_world(outcome or self.plan.compare.outcome)
        against = self.plan.compare.against
        return table.drop(columns=against).sub(table[against], axis=0)

    def effects(self) -> list[Effect]:
        """Return what every scenario does to the outcome that decides, with a verdict each; none where no pair is done."""
        return judged(self.measured(self.plan.compare.outcome), self.plan.compare.better)

    def side_effects(self) -> list[Effect]:
        """Return what every scenario does to the other outcomes, in the same worlds; these have no verdict."""
        return [each for outcome in self.plan.compare.also for each in self.measured(outcome)]

    def measured(self, outcome: str) -> list[Effect]:
        """Return what every scenario does to an outcome, without verdicts."""
        table, question = self._by_world(outcome), self.plan.compare
        better = question.better if outcome == question.outcome else OUTCOMES[outcome].better
        found = []
        for name in self.plan.scenarios:
            if name != question.against and len(table[[name, question.against]].dropna()):
                ours, theirs = table[name].dropna(), table[question.against].dropna()
                found.append(effect(name, outcome, ours, theirs, better, question.matters))
        return found

    def _by_world(self, outcome: str) -> pd.DataFrame:
        """Return an outcome with worlds as rows, (point, world), and scenarios as columns; not a number where no run is."""
        table = self.outcomes.pivot(index=["point", "world"], columns="scenario", values=outcome)
        return table.reindex(columns=list(self.plan.scenarios))
