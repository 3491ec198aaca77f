"""A study: scenarios in the same worlds, on disk, so that no run is done twice and none is lost.

    study = Study("presence-or-youth", area="tilburg-noord", years=10, seed=2026)
    study.scenarios(today={}, presence={"visible_presence": 0.3}, youth={"youth_activities": 0.3})
    study.points(64)                                            # plausible settings of what nobody knows well
    study.run(until("recruited", half_width=2, start=10, most=400))
    study.compare("recruited", against="today", matters=3)      # a DataFrame; .plot() draws it

It lives in a folder (`experiments/store.py`), by default results/NAME.  Whoever makes the same study again, in another session or
on another machine with that folder, goes on where it was.  A study may grow (points, worlds, scenarios), but not change.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import pandas as pd

from model.errors import InputError
from model.outcomes import OUTCOMES

from . import designs, provenance
from .engines import Engine, engine_of
from .parts import PartWriter, Watch
from .plan import Plan, Question, Until, as_outcome
from .runner import Failure, Job, Runner, Work, World, is_total, jobs, live, stopping
from .statistics import Effect, effect, judged
from .stopping import grown, stopped_at
from .store import MANIFEST, MARK, PLAN, Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .compare import Comparison

RESULTS = Path("results")
MAY_GROW = ("title", "points", "worlds", "series", "compare", "until", "scenario")
MOST_COURSES = 2_000  # runs of a scenario that a course is drawn from


class Status(NamedTuple):
    """How far a study is: runs that are asked for, done, failed and left; parts set aside; whether the model is the same."""

    asked: int
    done: int
    failed: int
    left: int
    broken: list[str]
    same_model: bool


class Study:
    """A study and its folder.  Raises InputError, naming value, place and what is allowed, when something cannot be used.

    Parameters
    ----------
    name : also that of its folder in results.
    folder : where it lives; left out, results/NAME.
    work : what a run is; left out, the model.
    design : keys of a plan, as area, people, years, start, parameters, seed, spread, series.
    """

    def __init__(self, name: str = "study", *, folder: Path | str | None = None, work: Work = live, **design: Any) -> None:
        """Hold what is asked; nothing is written before it runs."""
        self.work = work
        self._design: dict[str, Any] = {"title": name, "worlds": 1, **design}
        self._given: pd.DataFrame | None = None
        self.store = Store(RESULTS / name if folder is None else Path(folder))

    @classmethod
    def of(cls, plan: Plan, folder: Path | str | None = None, work: Work = live) -> Self:
        """Return the study that a plan asks for."""
        known = {name: getattr(plan, name) for name in type(plan).model_fields}
        return cls(plan.slug, folder=folder, work=work, **known)

    @classmethod
    def open(cls, folder: Path | str, work: Work = live) -> Self:
        """Return the study in a folder; raises InputError where none stands."""
        store = Store(Path(folder))
        if not store.exists:
            raise InputError("no study stands here", place=folder, allowed=f"a folder with a file {MARK}")
        study = cls.of(Plan.from_toml(store.folder / MARK), folder, work)
        if study.plan.design == "given":
            study._given = store.points()
        return study

    def __repr__(self) -> str:
        """Return what a notebook shows: the title, how far it is and where it lives."""
        title = self._design["title"]
        if not (self.folder / PLAN).is_file():
            return f"Study {title!r}, not begun, in {self.folder}"
        found = self.status()
        return f"Study {title!r}: {found.done:,} of {found.asked:,} runs done, {found.failed:,} failed, in {self.folder}"

    def scenarios(self, **tables: Mapping[str, Any]) -> Self:
        """Set the scenarios: name -> kinds of interventions with intensities, or {"interventions": [...], "parameters": ...}."""
        return self._set(scenario={name: dict(table) for name, table in tables.items()})

    def points(self, points: int | pd.DataFrame, design: str = "latin", vary: tuple[str, ...] = ()) -> Self:
        """Set how many plausible points, of which design and in which parameters; or give a table, a row a point."""
        if isinstance(points, int):
            self._given = None
            return self._set(points=points, design=design, vary=vary)
        self._given = designs.as_points(points)
        return self._set(points=len(points), design="given", vary=tuple(points.columns))

    def worlds(self, worlds: int) -> Self:
        """Set how many draws of luck there are at every point."""
        return self._set(worlds=worlds)

    def _set(self, **design: Any) -> Self:
        self._design.update(design)
        self.__dict__.pop("plan", None)
        self.__dict__.pop("parameters", None)
        return self

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
        return designs.parameters_of(self.plan) if self._given is None else self._given

    @property
    def folder(self) -> Path:
        """Return where the study lives."""
        return self.store.folder

    # running

    def run(
        self,
        until: Until | None = None,
        *,
        engine: "Engine | Executor | int | None" = None,
        shard: str = "",
        mix: bool = False,
        retry: bool = False,
        watch: Watch | None = None,
        quiet: bool = False,
    ) -> Self:
        """Do what is left to do.  Ctrl-C finishes what is being done and keeps it; calling again goes on.

        Parameters
        ----------
        until : stop when differences are known precisely enough; left out, as the plan says.
        engine : an engine, an executor of `concurrent.futures`, or a number of threads; left out, one thread a core.
        shard : "3/100" does every hundredth world, beginning with the third; shards may run anywhere at the same time.
        mix : go on although the model has changed since the study began; a column tells which model made a run.
        retry : also do again what failed.
        watch : called with a `Moment` when a world is done and when a part has been written; left out, a progress bar.
        quiet : show no progress bar.
        """
        if until is not None:
            self._set(until=until)
        if watch is None and not quiet:
            from .progress import watching

            with watching(self) as watch:
                return self.run(engine=engine, shard=shard, mix=mix, retry=retry, watch=watch)
        place, engine = parsed(shard), engine_of(engine)
        if self.plan.until and shard:
            raise InputError(
                "shards cannot look at each other's runs", place="--shard", value=shard, allowed="a plan without until"
            )
        self.store.make()
        with self.store.writing(shard.replace("/", "-of-")), stopping() as stop:
            n = self._settle(mix)
            while not stop.is_set():
                self._do(engine, place, retry, stop, shard, watch)
                n_next = grown(self.plan.until, n, self._stopped()) if self.plan.until else n
                if n_next == n or stop.is_set():
                    break
                n = self._settle(mix, n_next)
        return self

    def _do(self, engine: Engine, place: tuple[int, int], retry: bool, stop: Any, shard: str, watch: Watch | None) -> None:
        """Do what is left of the runs that are asked for now."""
        writer = PartWriter(self, shard.replace("/", "-of-"), watch)
        runner = Runner(self.plan.scenarios, engine, writer.take, self.plan.series, self.work)
        with writer:
            runner.run(self._left(place, retry), stop)

    def refuse_another(self, mix: bool = False) -> None:
        """Raise InputError where the folder holds a study that this one cannot go on with."""
        if (self.folder / PLAN).is_file():
            self._growth(mix, None)

    def _settle(self, mix: bool, n: int | None = None) -> int:
        """Write what is asked for, unless it stands there; return the number of worlds.  A study grows, and never changes."""
        n = n or (self.plan.until.start if self.plan.until else None)
        if not (self.folder / PLAN).is_file():
            now = provenance.model_hash()
            self._write(designs.asked_runs(self.plan, self.parameters, now, n), now)
        else:
            grown, model = self._growth(mix, n)
            if grown is None:
                self._adopt()
            else:
                self._write(grown, model)
        self.store.write_text(MARK, self.plan.asked().to_toml())
        return len(self.store.plan()[0].drop_duplicates(["point", "world"]))

    def _growth(self, mix: bool, n: int | None) -> tuple[pd.DataFrame | None, str]:
        """Return what the folder is to ask for, none where it does already, and its model; raises InputError where it cannot."""
        before, model = self.store.plan()
        if model != provenance.model_hash() and not mix:
            raise InputError(
                "the model has changed since this study began, and its runs may not be mixed",
                place=self.folder,
                allowed="another folder; or --mix, which keeps the old runs and tells in a column which model made each",
            )
        asked = designs.asked_runs(self.plan, self.parameters, model, n)
        if asked["run"].isin(before["run"]).all():
            return None, model
        return self._together(before, asked, model), model

    def _together(self, before: pd.DataFrame, asked: pd.DataFrame, model: str) -> pd.DataFrame:
        """Return what was asked for and what is asked for now, in order; raises InputError where the first does not fit."""
        n = len(self.parameters) * (1 + int(before["world"].max()))
        reach = designs.asked_runs(self.plan, self.parameters, model, n)
        if not before["run"].isin(reach["run"]).all():
            raise self._changed()
        both = pd.concat([reach[reach["run"].isin(before["run"])], asked], ignore_index=True)
        both = both.drop_duplicates(["scenario", "point", "world"])
        return both.sort_values(["world", "point"], kind="stable", ignore_index=True)

    def _adopt(self) -> None:
        """Hold the design of the folder, which asks for all that is asked here, and perhaps for more."""
        there = Study.open(self.folder)
        kept = {name: getattr(there.plan, name) for name in ("points", "worlds", "series", "scenario")}
        self._given = there._given
        self._set(**kept)

    def _write(self, asked: pd.DataFrame, model: str) -> None:
        """Write what is asked for and where it comes from."""
        facts = provenance.manifest(study=self.plan.heading, seed=self.plan.seed, runs=len(asked))
        self.store.write_text(MANIFEST, provenance.as_json(facts))
        self.store.write_plan(asked, self.parameters, model)

    def _changed(self) -> InputError:
        """Return the complaint that another study stands here, with the keys that differ."""
        there = Study.open(self.folder).plan
        keys = [name for name in Plan.model_fields if getattr(there, name) != getattr(self.plan, name)]
        keys = [name for name in keys if name not in MAY_GROW] or [name for name in keys if name == "scenario"]
        return InputError(
            f"another study stands here; this one differs in {', '.join(keys) or 'its points'}",
            place=self.folder,
            allowed="another name or folder: a study may grow (points, worlds, scenarios), but not change",
        )

    def _left(self, place: tuple[int, int] = (1, 1), retry: bool = False) -> Iterator[World]:
        """Give the worlds in order with what is left to do in them; a world is a shard's by its number."""
        plan, _ = self.store.plan()
        finished = self.store.done()
        if not retry:
            finished = finished.append(pd.Index([each["run"] for each in self.store.failures()]))
        left = plan.loc[~plan["run"].isin(finished)]
        numbers = plan.groupby(["world", "point"], sort=False).ngroup()[left.index]
        left = left[numbers % place[1] == place[0] - 1]
        for (point, world, seed), rows in groupby(left.itertuples(index=False), attrgetter("point", "world", "seed")):
            runs = tuple((str(row.run), str(row.scenario)) for row in rows)
            yield World(point, world, seed, runs, self.parameters.loc[point].to_dict())

    def _stopped(self) -> int | None:
        """Return at how many worlds the differences were known precisely enough, if they were."""
        until = self.plan.until
        if until is None:
            return None
        against = until.against or self.plan.first
        table = self.by_world(until.outcome).sort_index(level=["world", "point"])
        differences = table.drop(columns=against).sub(table[against], axis=0).dropna()
        return stopped_at(until, differences)

    # what it holds

    @property
    def asked(self) -> pd.DataFrame:
        """Return one row a run that is asked for: run, scenario, point, world, seed."""
        if (self.folder / PLAN).is_file():
            return self.store.plan()[0]
        n = self.plan.until.start if self.plan.until else None
        return designs.asked_runs(self.plan, self.parameters, provenance.model_hash(), n)

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
        same = not (self.folder / PLAN).is_file() or self.store.plan()[1] == provenance.model_hash()
        return Status(len(asked), n_done, n_failed, len(asked) - n_done - n_failed, self.store.broken, same)

    @property
    def outcomes(self) -> pd.DataFrame:
        """Return one row a run, in the order of the plan: what it is known by, what it cost and what it came to."""
        return self.runs_with()

    def runs_with(self, *columns: str) -> pd.DataFrame:
        """Return one row a run, in the order of the plan, with these of cost, digest, model and outcomes (left out: all)."""
        held = self.store.runs(list(columns) or None)
        held = held.drop(columns=[name for name in designs.ASKED[1:] if name in held])
        return self.asked.merge(held, on="run", how="inner")

    @property
    def runs(self) -> pd.DataFrame:
        """Return one row a run with its outcomes and the parameters of its point, "rule.name" a column."""
        return self.outcomes.join(self.parameters, on="point")

    @property
    def weeks(self) -> pd.DataFrame:
        """Return one row a scenario and week that is kept (0 is the start): the mean of every outcome over the runs done."""
        sums: dict[str, pd.DataFrame] = {}
        known = set(self.asked["run"])
        for batch in self._series(["run", "scenario", "week", *OUTCOMES]):
            table = batch.loc[batch["run"].isin(known)].astype(dict.fromkeys(OUTCOMES, "float64"))
            for name, rows in table.groupby("scenario", observed=True):
                grouped = rows.groupby("week")[list(OUTCOMES)]
                found = grouped.sum().assign(n=grouped.size())
                sums[str(name)] = found if str(name) not in sums else sums[str(name)].add(found, fill_value=0.0)
        tables = []
        for name in [each for each in self.plan.scenarios if each in sums]:
            mean = sums[name].div(sums[name].pop("n"), axis=0).reset_index()
            mean.insert(0, "scenario", name)
            tables.append(mean)
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

    def _series(self, columns: list[str]) -> Iterator[pd.DataFrame]:
        """Give the courses of runs in batches that fit in memory."""
        held = self.store.series()
        if held is not None:
            for batch in held.to_batches(columns=columns):
                yield batch.to_pandas()

    def course(self, outcome: str | None = None) -> pd.DataFrame:
        """Return an outcome over time: scenario, number of the run, week, value; counts are added up; at most 2,000 runs each."""
        outcome = as_outcome(outcome or self.question.outcome)
        asked = self.asked.drop_duplicates("run").groupby("scenario", sort=False).head(MOST_COURSES)
        number = asked.groupby("scenario", sort=False).cumcount().set_axis(asked["run"])
        batches = [each[each["run"].isin(number.index)] for each in self._series(["run", "scenario", "week", outcome])]
        if not batches:
            return pd.DataFrame(columns=pd.Index(["scenario", "run", "week", "value"]))
        table = pd.concat(batches, ignore_index=True).drop_duplicates(["run", "week"]).rename(columns={outcome: "value"})
        table["run"] = table["run"].map(number)
        table["scenario"] = pd.Categorical(table["scenario"], categories=list(self.plan.scenarios))
        table = table.sort_values(["scenario", "run", "week"], ignore_index=True).astype(
            {"scenario": "object", "value": "float64"}
        )
        if is_total(outcome):
            table["value"] = table.groupby(["scenario", "run"], sort=False)["value"].cumsum()
        return table

    # what it says

    def compare(self, outcome: str, *, against: str | None = None, matters: float, better: str | None = None) -> "Comparison":
        """Return what every scenario does to an outcome, against one of them, in the same worlds: a row a scenario."""
        from .compare import Comparison, compared

        table = {"outcome": outcome, "against": against or self.plan.first, "matters": matters}
        question = Question.read(table if better is None else {**table, "better": better}, place="compare")
        found: Comparison = compared(self.asking(question))
        return found

    def asking(self, question: Question) -> "Study":
        """Return the same runs, of which something else is asked."""
        other = Study.of(self.plan, self.folder, self.work)
        other._given = self._given
        return other._set(compare=question)

    def differences(self, outcome: str | None = None) -> pd.DataFrame:
        """Return the difference with the scenario compared against in every world: index (point, world), a column a scenario."""
        table = self.by_world(outcome or self.question.outcome)
        against = self.plan.first
        return table.drop(columns=against).sub(table[against], axis=0)

    def effects(self) -> list[Effect]:
        """Return what every scenario does to the outcome that decides, with a verdict each; none where no pair is done."""
        return judged(self.measured(self.question.outcome), self.question.better)

    def side_effects(self) -> list[Effect]:
        """Return what every scenario does to the other outcomes, in the same worlds; these have no verdict."""
        return [each for outcome in self.question.also for each in self.measured(outcome)]

    def measured(self, outcome: str) -> list[Effect]:
        """Return what every scenario does to an outcome, without verdicts."""
        table, question = self.by_world(outcome), self.question
        better = question.better if outcome == question.outcome else OUTCOMES[outcome].better
        found = []
        for name in self.plan.scenarios:
            if name != question.against and len(table[[name, question.against]].dropna()):
                ours, theirs = table[name].dropna(), table[question.against].dropna()
                found.append(effect(name, outcome, ours, theirs, better, question.matters))
        return found

    def by_world(self, outcome: str) -> pd.DataFrame:
        """Return an outcome with worlds as rows, (point, world), and scenarios as columns; not a number where no run is."""
        table = self.runs_with(outcome).pivot(index=["point", "world"], columns="scenario", values=outcome)
        return table.reindex(columns=list(self.plan.scenarios)).astype(float)

    # holding it to its word

    def verify(self, n: int = 10, seed: int = 1) -> pd.DataFrame:
        """Run a sample of n runs again; return them with a column ``same``: whether their course is the same to the last bit."""
        held = self.runs_with("digest")
        sample = held.sample(min(n, len(held)), random_state=np.random.default_rng(seed))
        again: dict[str, str] = {}

        def take(results: list[Any]) -> None:
            again.update({each.run: "failed" if isinstance(each, Failure) else each.digest for each in results})

        worlds = [self._world(row) for row in sample.itertuples(index=False)]
        with stopping() as stop:
            Runner(self.plan.scenarios, engine_of(None), take, 0, self.work).run(worlds, stop)
        sample = sample[sample["run"].isin(list(again))]
        return sample.assign(same=[again[run] == digest for run, digest in zip(sample["run"], sample["digest"], strict=True)])

    def replay(self, run: str) -> Job:
        """Return one run, ready to be done again by `work`; raises InputError where no run has that id (or begins with it)."""
        found = self.asked[self.asked["run"].str.startswith(run)].drop_duplicates("run")
        if len(found) != 1:
            raise InputError("no run, or more than one, has this id", place="run", value=run, allowed=f"an id of {self.folder}")
        return self.job(next(found.itertuples(index=False)))

    def job(self, row: Any) -> Job:
        """Return the run that a row of ``asked`` asks for."""
        return jobs(self.plan.scenarios, self._world(row))[0]

    def _world(self, row: Any) -> World:
        parameters = self.parameters.loc[row.point].to_dict()
        return World(row.point, row.world, row.seed, ((row.run, row.scenario),), parameters)


def parsed(shard: str) -> tuple[int, int]:
    """Return which shard of how many; "" is the whole study."""
    if not shard:
        return 1, 1
    first, _, second = shard.partition("/")
    if first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second):
        return int(first), int(second)
    raise InputError("no shard", place="--shard", value=shard, allowed="3/100: the third of a hundred, counted from 1")


def until(outcome: str = "recruited", *, half_width: float, start: int = 10, most: int = 400, against: str = "") -> Until:
    """Return when to stop: every difference in an outcome known to within half_width, after start pairs and before most."""
    table = {"outcome": outcome, "half_width": half_width, "start": start, "most": most, "against": against}
    return Until.read(table, place="until")
