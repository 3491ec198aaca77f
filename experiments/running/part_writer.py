"""From results to parts on disk: runs are gathered, and written whenever there are many, or some time has passed."""

from dataclasses import asdict
from time import monotonic
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from kantelpunt.model.outcomes import OUTCOMES

from ..design.plan import Plan
from ..provenance import Model
from .jobs import Done, Failure, Result, added_up, weeks_kept
from .progress import Progress, ProgressCallback
from .store import Store, names

MOST_RUNS = 1_000  # in a part
FIRST_PART, LAST_PART = 1.0, 30.0  # seconds that a part gathers: little at the beginning, so that there is soon something to see


class PartWriter:
    """Gathers results and writes them as parts; what is gathered is written also where something goes wrong."""

    def __init__(
        self, store: Store, plan: Plan, model: Model, so_far: Progress, shard: str, watch: ProgressCallback | None
    ) -> None:
        """Hold store, plan and model; ``watch`` is called when a world is done and when a part has been written."""
        self.store, self.shard, self.watch = store, shard, watch
        self.count, self.asked, self.weeks_so_far = so_far.done, so_far.asked, so_far.weeks
        self.models = {name: model.of(scenario, plan.added) for name, scenario in plan.all_scenarios.items()}
        self.outcomes = [*OUTCOMES, *plan.added]
        self.costs = {name: scenario.cost() for name, scenario in plan.all_scenarios.items()}
        self.weeks = weeks_kept(plan.scenarios[plan.first].weeks + 1, plan.series)
        self.done: list[Done] = []
        self.failures: list[Failure] = []
        self.patience, self.begun = FIRST_PART, monotonic()

    def __enter__(self) -> Self:
        """Begin to gather."""
        return self

    def __exit__(self, kind: type | None, error: object, trace: object) -> None:
        """Flush pending results, even after an error elsewhere; if the flush itself failed, there is nothing left to write."""
        self.write()

    def take(self, results: list[Result]) -> None:
        """Gather what a world came to."""
        for each in results:
            if isinstance(each, Done):
                self.done.append(each)
                self.weeks_so_far = added_up([self.weeks_so_far, each.weeks])
            else:
                self.failures.append(each)
        self.count += len(results)
        self.tell(written=False)
        if len(self.done) + len(self.failures) >= MOST_RUNS or monotonic() - self.begun > self.patience:
            self.write()
            self.patience = min(2 * self.patience, LAST_PART)

    def write(self) -> None:
        """Write a part of what is gathered."""
        done, failures = self.done, self.failures
        self.done, self.failures, self.begun = [], [], monotonic()
        if done or failures:
            series = self.courses(done) if done and self.weeks.size else None
            weeks = added_up(each.weeks for each in done)
            self.store.add(self.table(done), series, [asdict(each) for each in failures], weeks, self.shard)
            self.tell(written=True)

    def tell(self, written: bool) -> None:
        """Tell whoever watches how far it is."""
        if self.watch:
            self.watch(Progress(self.count, self.asked, written, self.weeks_so_far))

    def table(self, done: list[Done]) -> pd.DataFrame:
        """Return one row a run."""
        known = pd.DataFrame(
            {
                "run": [each.run for each in done],
                "scenario": pd.Categorical([each.name for each in done]),
                "point": np.array([each.point for each in done], np.int32),
                "world": np.array([each.world for each in done], np.int32),
                "seed": np.array([each.seed for each in done], np.int64),
                "cost": np.array([self.costs[each.name] for each in done], float),
                "digest": [each.digest for each in done],
                "model": pd.Categorical([self.models[each.name] for each in done]),
            }
        )
        values: Any = np.array([each.outcomes for each in done]).reshape(-1, len(self.outcomes))
        return known.join(pd.DataFrame(values, columns=self.outcomes))

    def courses(self, done: list[Done]) -> pa.Table:
        """Return one row a run and week that is kept."""
        n, values = self.weeks.size, np.concatenate([each.series for each in done])
        repeated = {"point": np.int32, "world": np.int32}
        columns: dict[str, Any] = {
            "run": names([each.run for each in done for _ in range(n)]),
            "scenario": names([each.name for each in done for _ in range(n)]),
            **{name: np.repeat(np.array([getattr(each, name) for each in done], kind), n) for name, kind in repeated.items()},
            "week": np.tile(self.weeks.astype(np.int32), len(done)),
        }
        return pa.table({**columns, **{name: np.ascontiguousarray(values[:, i]) for i, name in enumerate(self.outcomes)}})
