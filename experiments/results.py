"""Results of a study: tables of runs, courses, differences and effects, read from its folder."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.formulas import Part, is_formula
from kantelpunt.model.outcomes import OUTCOMES, Added, added, current, formula, is_total, outcome_of
from kantelpunt.model.quantity import Better

from . import provenance
from .design import sampling
from .design.plan import Plan, under
from .design.question import Question, as_outcome, named
from .running.runner import RunFunction, run_job, weeks_kept
from .running.store import HELD, PLAN, Store
from .statistics import Effect, Interval, effect, judged, price

RESULTS = Path("results")
MOST_COURSES = 2_000  # runs of a scenario that a course is drawn from


class Status(NamedTuple):
    """How far a study is: runs that are asked for, done, failed and left; parts set aside; whether the model is the same.

    ``damaged`` lists files beside the parts that are gone, or are not as they were written; ``told`` is how many weeks the
    runs tell, ``computed`` how many of these were computed, the others being shared.
    """

    asked: int
    done: int
    failed: int
    left: int
    broken: list[Phrase]
    same_model: bool
    damaged: list[str]
    told: int
    computed: int


class StudyResults:
    """A study as far as it is read; `study.Study` also runs it."""

    def __init__(
        self, name: str = "study", *, folder: Path | str | None = None, work: RunFunction = run_job, **design: Any
    ) -> None:
        """Hold what is asked; nothing is written before it runs."""
        self.work = work
        self._design: dict[str, Any] = {"title": name, "worlds": 1, **design}
        self._given: pd.DataFrame | None = None
        self.store = Store(RESULTS / name if folder is None else Path(folder))

    @cached_property
    def plan(self) -> Plan:
        """Return the plan; raises InputError where it is not complete, or something in it cannot be used."""
        return Plan(**self._design)

    @property
    def question(self) -> Question:
        """Return what is compared; raises InputError where nobody asked."""
        return self.plan.question

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """Return the points, one a row, one column a parameter."""
        return sampling.parameters_of(self.plan) if self._given is None else self._given

    @property
    def model(self) -> provenance.Model:
        """Return the model as it is now, as far as this study uses it."""
        return provenance.model_of(self.plan.all_scenarios.values(), self.added)

    @property
    def added(self) -> tuple[Added, ...]:
        """Return the outcomes from outside that its runs measure."""
        return tuple(added()[name] for name in self.plan.added)

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the names of all outcomes that its runs measure."""
        parts = self.kept()[1].parts or {}
        return (*OUTCOMES, *(name for name in sorted(added()) if provenance.part_of(name, "outcome") in parts))

    @property
    def folder(self) -> Path:
        """Return where the study lives."""
        return self.store.folder

    @property
    def asked(self) -> pd.DataFrame:
        """Return one row a run that is asked for: run, scenario, point, world, seed."""
        return self.kept()[0]

    @property
    def begun(self) -> bool:
        """Return whether the folder keeps what is asked for."""
        return (self.folder / PLAN).is_file()

    def kept(self) -> tuple[pd.DataFrame, provenance.Model]:
        """Return the runs that are asked for and the model that their ids are made with; not kept, or damaged, from the question.

        A study that grows until it is precise then asks for as many worlds as have been run.
        """
        with suppress(InputError):
            return self.store.plan()
        n = None
        if self.plan.until:
            n = max(self.plan.until.start, len(self.store.runs(["point", "world"]).drop_duplicates(["point", "world"])))
        return sampling.asked_runs(self.plan, self.parameters, self.model, n), self.model

    @property
    def by_another_model(self) -> bool:
        """Return whether what is done was made with another model than that of now, as far as it is used."""
        if self.store.holds(PLAN):
            return bool(self.store.plan()[1].changed(self.model))
        now = {self.model.of(scenario, self.plan.added) for scenario in self.plan.all_scenarios.values()}
        return not set(self.store.runs(["model"])["model"]) <= now

    @property
    def size(self) -> int:
        """Return the number of runs that are asked for."""
        return len(self.asked)

    @property
    def done(self) -> int:
        """Return the number of runs that came to an end or failed."""
        ids = self.store.done().append(pd.Index([each["run"] for each in self.failures]))
        return int(self.asked["run"].isin(ids).sum())

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Return what is known about every run that failed and was not done since: its inputs and what Python said."""
        done = set(self.store.done())
        return [each for each in self.store.failures() if each["run"] not in done]

    def status(self) -> Status:
        """Return how far the study is."""
        asked, done, failed = self.asked, self.store.done(), [each["run"] for each in self.failures]
        n_done, n_failed = int(asked["run"].isin(done).sum()), int(asked["run"].isin(failed).sum())
        damaged = self.store.damaged() if self.begun or n_done else []
        left, same = len(asked) - n_done - n_failed, not self.by_another_model
        return Status(len(asked), n_done, n_failed, left, self.store.broken, same, damaged, *self.store.weeks())

    @property
    def outcomes(self) -> pd.DataFrame:
        """Return one row a run, in the order of the plan: what it is known by, what it cost and what it came to."""
        return self.runs_with()

    def runs_with(self, *columns: str) -> pd.DataFrame:
        """Return one row a run, in the order of the plan, with these of cost, digest, model and outcomes (left out: all)."""
        wanted = [current(name) for name in columns]
        for name in wanted:
            self._refuse_unmeasured(name)
            named(name, (*HELD, *self.measures), "column.unknown")
        held = self.store.runs(wanted or None)
        held = held.drop(columns=[name for name in sampling.ASKED[1:] if name in held])
        return self.asked.merge(held, on="run", how="inner")

    def _refuse_unmeasured(self, name: str) -> None:
        """Raise InputError where an outcome from outside is meant that the runs of this study do not measure."""
        if name in added() and name not in self.measures:
            raise InputError("outcome.not_measured", place="outcome", value=name, allowed=Phrase("allowed.measuring_study"))

    @property
    def runs(self) -> pd.DataFrame:
        """Return one row a run with its outcomes and the parameters of its point, "rule.name" a column."""
        return self.outcomes.join(self.parameters, on="point")

    @property
    def weeks(self) -> pd.DataFrame:
        """Return one row a scenario and week that is kept (0 is the start): the mean of every outcome over the runs done."""
        names = list(self.measures)
        sums: dict[str, pd.DataFrame] = {}
        known = set(self.asked["run"])
        for batch in self._series(["run", "scenario", "week", *names]):
            table = batch.loc[batch["run"].isin(known)].astype(dict.fromkeys(names, "float64"))
            for name, rows in table.groupby("scenario", observed=True):
                grouped = rows.groupby("week")[names]
                found = pd.concat([grouped.sum(), grouped.size().rename("n")], axis=1)
                sums[str(name)] = found if str(name) not in sums else sums[str(name)].add(found, fill_value=0.0)
        done = [each for each in self.plan.scenarios if each in sums]
        tables = [sums[name][names].div(sums[name]["n"], axis=0) for name in done]
        return pd.concat(tables, keys=done, names=["scenario"]).copy().reset_index() if tables else pd.DataFrame()

    def _series(self, columns: list[str]) -> Iterator[pd.DataFrame]:
        """Give the courses of runs in batches that fit in memory."""
        held = self.store.series()
        if held is not None:
            for batch in held.to_batches(columns=columns):
                yield batch.to_pandas()

    def at(self, weeks: Mapping[str, int], outcomes: list[str]) -> pd.DataFrame:
        """Return outcomes in one week (that is kept) of each of these scenarios: index scenario, point, world."""
        outcomes = [current(name) for name in outcomes]
        keys, columns = ["scenario", "point", "world"], ["run", "scenario", "week", *outcomes]
        batches = [each[each["week"] == each["scenario"].astype(str).map(weeks)] for each in self._series(columns)]
        held = pd.concat(batches, ignore_index=True)[["run", *outcomes]] if batches else pd.DataFrame(columns=["run", *outcomes])
        asked = self.asked[self.asked["scenario"].isin(weeks)][["run", *keys]]
        return asked.merge(held, on="run").set_index(keys).drop(columns="run")

    def course(self, outcome: str | None = None) -> pd.DataFrame:
        """Return an outcome over time: scenario, number of the run, week, value; counts are added up; at most 2,000 runs each."""
        outcome = as_outcome(outcome or self.question.outcome)
        columns = dict.fromkeys(part.outcome for part in formula(outcome).parts)
        for name in columns:
            self._refuse_unmeasured(name)
        asked = self.asked[self.asked["scenario"].isin(list(self.plan.scenarios))]  # under the model's own choices
        asked = asked.drop_duplicates("run").groupby("scenario", sort=False).head(MOST_COURSES)
        number = asked.groupby("scenario", sort=False).cumcount().set_axis(asked["run"])
        batches = [each[each["run"].isin(number.index)] for each in self._series(["run", "scenario", "week", *columns])]
        if not batches:
            return pd.DataFrame(columns=pd.Index(["scenario", "run", "week", "value"]))
        table = pd.concat(batches, ignore_index=True).drop_duplicates(["run", "week"])
        table["run"] = table["run"].map(number)
        table["scenario"] = pd.Categorical(table["scenario"].astype(str), categories=list(self.plan.scenarios))
        table = table.sort_values(["scenario", "run", "week"], ignore_index=True)
        table = table.astype({"scenario": "object", **dict.fromkeys(columns, "float64")})
        for name in filter(is_total, columns):
            table[name] = table.groupby(["scenario", "run"], sort=False)[name].cumsum()
        table["value"] = formula(outcome).value({part: table[part.outcome] for part in formula(outcome).parts})
        return table[["run", "scenario", "week", "value"]]

    def differences(self, outcome: str | None = None, against: str = "") -> pd.DataFrame:
        """Return the difference with the baseline of its block in every world: index (point, world), a column a scenario.

        ``against`` names one scenario for all, where there is one block.
        """
        table = self.by_world(outcome or self.question.outcome)
        blocks = self.plan.blocks
        if against and len(blocks) == 1:
            blocks = {against: [name for name in self.plan.scenarios if name != against]}
        return pd.DataFrame({name: table[name] - table[base] for base, some in blocks.items() for name in some})

    def effects(self) -> list[Effect]:
        """Return what every scenario does to the outcomes that decide, with a verdict each; none where no pair is done.

        Verdicts allow for all of these comparisons together (Holm): of scenarios, blocks and outcomes.
        """
        decides = self.question.decides
        better = {each.outcome: each.better for each in decides}
        return judged([each for asked in decides for each in self.measured(asked.outcome)], better)

    def side_effects(self) -> list[Effect]:
        """Return what every scenario does to the other outcomes, in the same worlds; these have no verdict."""
        return [each for outcome in self.question.also for each in self.measured(outcome)]

    def rivals(self) -> dict[str, list[Effect]]:
        """Return rival choice in the model -> what every scenario does under it, in the same worlds, with verdicts of its own."""
        question = self.question
        better = {each.outcome: each.better for each in question.decides}
        return {name: judged([each for one in better for each in self.measured(one, name)], better) for name in self.plan.rival}

    def extra_cost(self, scenario: str) -> float:
        """Return what a scenario costs more than the one compared against, in euros over all years."""
        return self.plan.scenarios[scenario].cost() - self.plan.scenarios[self.plan.baseline(scenario)].cost()

    def price(self, effect: Effect) -> Interval | None:
        """Return what one unit won costs under the scenario of an effect, with its interval; none where it is not defined."""
        return price(self.extra_cost(effect.scenario), effect.difference, self.way(effect.outcome))

    def way(self, outcome: str) -> Better:
        """Return which way is better of an outcome: as the question says, or else as it is usually taken."""
        asked = self.question.about(outcome)
        return asked.better if asked else outcome_of(outcome).better

    def measured(self, outcome: str, rival: str = "") -> list[Effect]:
        """Return what every scenario does to an outcome, without verdicts; under a rival choice where one is named."""
        table, matters = self.by_world(outcome, rival), self.question.matters_of(outcome)
        found = []
        for base, names in self.plan.blocks.items():
            for name in names:
                if len(table[[name, base]].dropna()):
                    ours, theirs = table[name].dropna(), table[base].dropna()
                    found.append(effect(name, outcome, ours, theirs, self.way(outcome), matters))
        return found

    def by_world(self, outcome: str, rival: str = "") -> pd.DataFrame:
        """Return an outcome with worlds as rows, (point, world), and scenarios as columns; not a number where no run is."""
        table = self.valued(outcome).pivot(index=["point", "world"], columns="scenario", values="value")
        names = {under(name, rival): name for name in self.plan.scenarios}
        return table.reindex(columns=list(names)).rename(columns=names).astype(float)

    def valued(self, outcome: str) -> pd.DataFrame:
        """Return one row a run with the ``value`` of an outcome or of a formula of outcomes (`model/formulas.py`)."""
        outcome = current(outcome)
        if outcome in self.measures or not is_formula(outcome):
            return self.runs_with(outcome).rename(columns={outcome: "value"})
        asked = formula(outcome)
        whole = [part.outcome for part in asked.parts if part.whole]
        table = self.runs_with(*(whole or ["cost"])).drop_duplicates("run").set_index("run")
        values = {
            part: table[part.outcome] if part.whole else self._over_weeks(part).reindex(table.index) for part in asked.parts
        }
        return self.asked.merge(asked.value(values).rename("value"), left_on="run", right_index=True)

    def _over_weeks(self, part: Part) -> pd.Series:
        """Return an outcome in one week, or over some, of every run that has a course."""
        kept = weeks_kept(self.plan.scenarios[self.plan.first].weeks + 1, self.plan.series)
        for week in part.weeks:
            if week not in kept:
                every = self.plan.series
                some = Phrase("allowed.kept_weeks", every=every, last=int(kept[-1])) if every else Phrase("allowed.series")
                raise InputError("outcome.week_not_kept", place=part.text, value=week, allowed=some)
        self._refuse_unmeasured(part.outcome)
        found = []
        for batch in self._series(["run", "week", part.outcome]):
            rows = batch[part.holds(batch["week"], is_total(part.outcome))].astype({"run": str, part.outcome: float})
            found.append(rows.groupby("run")[part.outcome].agg(["sum", "size"]))
        if not found:
            return pd.Series(dtype=float)
        sums = pd.concat(found).groupby(level=0).sum()
        return sums["sum"] if is_total(part.outcome) else sums["sum"] / sums["size"]
