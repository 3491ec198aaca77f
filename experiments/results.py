"""Results of a study: tables of runs, courses, differences and effects, read from its folder.

results = StudyResults.open("results/presence-or-youth")      # nothing is run, and nothing written
results.effects(), results.asking("recruited", matters=3).effects()
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.formulas import Part, is_formula
from kantelpunt.model.outcomes import added, current, formula, is_total, outcome_of
from kantelpunt.model.quantity import Better

from .design import sampling
from .design.question import Question, as_outcome, named
from .design.variants import under
from .running.jobs import weeks_kept
from .running.stopping import stopped_at
from .running.store import HELD
from .statistics import Effect, Interval, effect, judged, price
from .study_folder import StudyFolder

MOST_COURSES = 2_000  # runs of a scenario that a course is drawn from


class StudyResults(StudyFolder):
    """The outcomes of the runs of a study; `study.Study` also runs it."""

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
        """Give the courses of runs in batches that fit in memory: Arrow itself would read all that follows while one is used."""
        held = self.store.series()
        if held is not None:
            for group in (group for part in held.get_fragments() for group in part.split_by_row_group()):
                yield group.to_table(schema=held.schema, columns=columns).to_pandas()

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

    def stopped(self) -> int | None:
        """Return at how many worlds the differences were known precisely enough, if they were."""
        until = self.plan.until
        if until is None:
            return None
        differences = self.differences(until.outcome, until.against).sort_index(level=["world", "point"])
        return stopped_at(until, differences.dropna())

    def asking(self, question: Question | str, **keys: Any) -> Self:
        """Return the same runs, of which something else is asked: a question, or an outcome with other keys of a question."""
        if isinstance(question, str):
            question = Question.read({"outcome": question, "against": self.plan.first, **keys}, place="compare")
        other = type(self).of(self.plan, self.folder, self.work)
        other._given = self._given
        return other._set(compare=question)
