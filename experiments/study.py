"""A study: scenarios in the same worlds, on disk, so that no run is done twice and none is lost.

    study = Study("presence-or-youth", area="tilburg-noord", years=10, seed=2026)
    study.scenarios(today={}, presence={"visible_presence": 0.3}, youth={"youth_activities": 0.3})
    study.points(64)                                            # plausible settings of what nobody knows well
    study.run(until("recruited", half_width=2, start=10, most=400))
    study.compare("recruited", against="today", matters=3)      # a DataFrame; kantelpunt.plot draws it

It lives in a folder (`experiments/running/store.py`), by default results/NAME.  Make the same study again, in another
session or on another machine with that folder, and it goes on where it was.
A study may grow (points, worlds, scenarios), but not change.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from kantelpunt.model.errors import InputError, Phrase

from . import provenance
from .comparison import compared
from .design import sampling
from .design.plan import Plan
from .design.question import Until, until
from .exchange.spreadsheet import as_csv
from .provenance import Model
from .results import StudyResults
from .running.codebook import codebook
from .running.engines import Engine, engine_of
from .running.jobs import Failure, RunFunction, World
from .running.part_writer import PartWriter
from .running.progress import Progress, ProgressCallback, watching
from .running.runner import Runner, stopping
from .running.stopping import grown
from .running.store import CODEBOOK, HELD, MANIFEST, MARK, PLAN, POINTS, SCENARIOS
from .study_folder import RESULTS, Status

if TYPE_CHECKING:
    from concurrent.futures import Executor

NUMBER = re.compile(r"\d{1,9}", re.ASCII)  # of a shard
MAY_GROW = ("title", "points", "worlds", "series", "compare", "until", "scenario", "rival", "cells")


class Study(StudyResults):
    """Scenarios in the same worlds, kept in a folder: no run is done twice, and none is lost.

    Parameters
    ----------
    name : the title, and the name of its folder in results.
    folder : where it lives; left out, results/NAME.
    work : a function that does one run; left out, the model.
    design : keys of a `Plan`, such as area, people, years, start, parameters, seed, spread, series.

    Raises
    ------
    InputError : something cannot be used; the error names the value, its place and what is allowed.

    Examples
    --------
    >>> from kantelpunt import Study
    >>> study = Study("raid-or-not", people=200, years=1, seed=1)
    >>> study = study.scenarios(today={}, raid={"raid": 1.0}).points(6).run(quiet=True)
    >>> study
    Study 'raid-or-not': 12 of 12 runs done, 0 failed, in results/raid-or-not
    >>> study.compare("unsafe", against="today", matters=2).index.tolist()
    ['raid']
    """

    def scenarios(self, **tables: Mapping[str, Any]) -> Self:
        """Set the scenarios.

        Parameters
        ----------
        tables : name=table for each scenario.  A table is {} (nothing is done), kinds of interventions with their intensities,
            or {"interventions": [...], "parameters": {...}}.

        Returns
        -------
        Study : this one.

        Examples
        --------
        >>> study = Study("presence-or-youth").scenarios(today={}, presence={"visible_presence": 0.3})
        >>> list(study.plan.scenarios)
        ['today', 'presence']
        """
        return self._set(scenario={name: dict(table) for name, table in tables.items()})

    def points(self, points: int | pd.DataFrame, design: str = "latin", vary: tuple[str, ...] = ()) -> Self:
        """Set the plausible points: settings of the parameters that nobody knows well.

        Parameters
        ----------
        points : how many; or a DataFrame with a row for each point, and parameters ("rule.name") as columns.
        design : how they lie: "latin", "sobol", "grid", "one_at_a_time", "morris" or "saltelli".
        vary : parameters that differ between points; left out, all that are uncertain.

        Returns
        -------
        Study : this one.

        Raises
        ------
        InputError : a table with an unknown parameter, or a value outside its range.

        Examples
        --------
        >>> study = Study("two-assumptions").scenarios(today={}).points(8, vary=("norms.sanction", "trust.direct"))
        >>> study.parameters.shape
        (8, 2)
        """
        if not isinstance(points, pd.DataFrame):
            self._given = None
            return self._set(points=points, design=design, vary=vary)
        self._given = sampling.as_points(sampling.as_parameters(points, "points"))
        return self._set(points=len(points), design="given", vary=tuple(self._given.columns))

    def worlds(self, worlds: int) -> Self:
        """Set how many worlds (draws of luck) there are at every point.

        Parameters
        ----------
        worlds : 1 or more.

        Returns
        -------
        Study : this one.

        Examples
        --------
        >>> Study("more-luck").scenarios(today={}).points(4).worlds(3).size
        12
        """
        return self._set(worlds=worlds)

    # running

    def run(
        self,
        until: Until | None = None,
        *,
        engine: "Engine | Executor | int | None" = None,
        shard: str = "",
        mix: bool = False,
        retry: bool = False,
        watch: ProgressCallback | None = None,
        quiet: bool = False,
    ) -> Self:
        """Do the runs that are left.  Ctrl-C lets current runs finish and keeps them; call it again to go on.

        Parameters
        ----------
        until : stop when differences are known precisely enough; left out, as the plan says.
        engine : an engine, an executor of `concurrent.futures`, or a number of threads; left out, one thread a core.
        shard : "3/100" does every hundredth world, beginning with the third; shards may run anywhere at the same time.
        mix : go on although the model has changed since the study began; a column tells which model made a run.
        retry : also do again what failed.
        watch : called with a `Progress` when a world is done and when a part has been written; left out, a progress bar.
        quiet : show no progress bar.

        Returns
        -------
        Study : this one, with its runs in its folder.

        Raises
        ------
        InputError : the folder holds another study, or one of another model (and not ``mix``); a shard of a study that runs
            until it knows enough; or the folder cannot be written.

        Examples
        --------
        >>> study = Study("short", people=200, years=1).scenarios(today={}).points(2).run(quiet=True)
        >>> study.left()
        0
        """
        if until is not None:
            self._set(until=until)
        if watch is None and not quiet:
            with watching(self) as watch:
                return self.run(engine=engine, shard=shard, mix=mix, retry=retry, watch=watch)
        place, engine = parsed(shard), engine_of(engine)
        shard = shard and "{}/{}".format(*place)  # its lock has one name, however somebody writes the numbers
        if self.plan.until and shard:
            raise InputError("shard.until", place="--shard", value=shard, allowed=Phrase("allowed.no_until"))
        self.store.make()
        with self.store.writing(shard.replace("/", "-of-")), stopping() as stop:
            n = self._settle(mix)
            while not stop.is_set():
                self._do(engine, place, retry, stop, shard, watch)
                n_next = grown(self.plan.until, n, self.stopped()) if self.plan.until else n
                if n_next == n or stop.is_set():
                    break
                n = self._settle(mix, n_next)
        return self

    def _do(
        self, engine: Engine, place: tuple[int, int], retry: bool, stop: Any, shard: str, watch: ProgressCallback | None
    ) -> None:
        """Do what is left of the runs that are asked for now."""
        so_far = Progress(self.done, self.size, weeks=self.store.weeks())
        writer = PartWriter(self.store, self.plan, self.model, so_far, shard.replace("/", "-of-"), watch)
        runner = Runner(self.plan.all_scenarios, engine, writer.take, self.plan.series, self.work, self.added)
        with writer:
            runner.run(self._left(place, retry), stop)

    def would_ask(self, mix: bool = False) -> pd.DataFrame:
        """Return the runs that `run` asks for, also where the study has grown; raises InputError where it cannot go on here."""
        if not self.stands:
            return self.asked
        grown, _ = self._growth(mix, self.plan.until.start if self.plan.until else None)
        return self.asked if grown is None else grown

    def _settle(self, mix: bool, n: int | None = None) -> int:
        """Write what is asked for, unless it stands there; return the number of worlds.  A study grows, and never changes."""
        n = n or (self.plan.until.start if self.plan.until else None)
        begun = self.stands
        grown, model = self._growth(mix, n) if begun else (None, self.model)
        if begun and not self.store.holds(PLAN):
            self.store.write_plan(*self._there().kept())
        if begun and grown is None and self.store.holds(MARK):
            self._adopt()
            self.store.write_question(self.plan.asked().to_toml())
        else:
            self._write(sampling.asked_runs(self.plan, self.parameters, model, n) if grown is None else grown, model)
        self._mend()
        return len(self.store.plan()[0].drop_duplicates(["point", "world"]))

    def _growth(self, mix: bool, n: int | None) -> tuple[pd.DataFrame | None, Model]:
        """Return what the folder is to ask for, none where it does already, and its model; raises InputError where it cannot."""
        there, now = self._there(), self.model
        before, kept = there.kept()
        changed = kept.changed(now) or (["the model"] if there.by_another_model else [])
        if changed and not mix:
            allowed = Phrase("allowed.another_folder_or_mix")
            if changed == ["the model"]:
                raise InputError("study.model_changed", place=self.folder, allowed=allowed)
            raise InputError("study.code_changed", place=self.folder, allowed=allowed, parts=changed)
        model = kept.with_parts(now)
        asked = sampling.asked_runs(self.plan, self.parameters, model, n)
        if asked["run"].isin(before["run"]).all():
            return None, model
        return self._together(before, asked, model), model

    def _there(self) -> "Study":
        """Return the study of the folder where its plan has to be made again from its question, else this one."""
        remade = self.store.holds(MARK) and not self.store.holds(PLAN)
        return Study.open(self.folder, self.work) if remade else self

    def _together(self, before: pd.DataFrame, asked: pd.DataFrame, model: Model) -> pd.DataFrame:
        """Return what was asked for and what is asked for now, in order; raises InputError where the first does not fit."""
        n = len(self.parameters) * (1 + int(before["world"].max()))
        reach = sampling.asked_runs(self.plan, self.parameters, model, n)
        if not before["run"].isin(reach["run"]).all():
            raise self._changed()
        both = pd.concat([reach[reach["run"].isin(before["run"])], asked], ignore_index=True)
        both = both.drop_duplicates(["scenario", "point", "world"])
        return both.sort_values(["world", "point"], kind="stable", ignore_index=True)

    def _adopt(self) -> None:
        """Hold the design of the folder, which asks for all that is asked here, and perhaps for more."""
        there = Study.open(self.folder)
        kept = {name: getattr(there.plan, name) for name in ("points", "worlds", "series", "scenario", "rival", "cells")}
        self._given = there._given
        self._set(**kept)

    def _write(self, asked: pd.DataFrame, model: Model) -> None:
        """Write what is asked for: first the question, from which all the rest can be made again."""
        self.store.write_question(self.plan.asked().to_toml())
        self.store.write_points(self.parameters)
        self.store.write_plan(asked, model)
        self._write_manifest(len(asked))
        self._describe()

    def _mend(self) -> None:
        """Write again what follows from the question and was lost or damaged."""
        if not self.store.holds(POINTS):
            self.store.write_points(self.parameters)
        if not self.store.holds(MANIFEST):
            self._write_manifest(len(self.store.plan()[0]))
        if not all((self.folder / name).is_file() for name in (CODEBOOK, SCENARIOS)):
            self._describe()

    def _describe(self) -> None:
        """Write what columns mean, and what scenarios are, for anybody who reads the files without this program."""
        keys, outcomes = list(sampling.ASKED), list(self.measures)
        files = {
            "plan": keys,
            "points": ["point", *map(str, self.parameters.columns)],
            "runs": [*keys, *HELD, *outcomes],
            "series": [*keys[:-1], "week", *outcomes],
        }
        self.store.write_text(CODEBOOK, as_csv(codebook(files), index=False))
        self.store.write_text(SCENARIOS, as_csv(self.plan.levels(), index=False))

    def _write_manifest(self, runs: int) -> None:
        """Write where the numbers come from."""
        about = {"study": self.plan.heading, "seed": self.plan.seed, "runs": runs}
        self.store.write_manifest(provenance.manifest(parts=dict(self.model.parts or {}), **about))

    def _changed(self) -> InputError:
        """Return the complaint that another study stands here, with the keys that differ."""
        here = self.plan.asked()
        there = Study.open(self.folder).plan if self.store.holds(MARK) else here
        keys = [name for name in Plan.model_fields if getattr(there, name) != getattr(here, name)]
        keys = [name for name in keys if name not in MAY_GROW] or [name for name in keys if name in ("scenario", "rival")]
        allowed = Phrase("allowed.another_folder")
        if not keys:
            return InputError("study.other_points", place=self.folder, allowed=allowed)
        return InputError("study.other", place=self.folder, allowed=allowed, keys=keys)

    def left(self, shard: str = "") -> int:
        """Return how many runs are left to do; with "3/100", in that shard."""
        return sum(len(world.runs) for world in self._left(parsed(shard)))

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

    # what it says

    def compare(self, outcome: str, *, against: str | None = None, matters: float, better: str | None = None) -> pd.DataFrame:
        """Return what every scenario does to an outcome, against one of them, in the same worlds.

        Parameters
        ----------
        outcome : a name in `OUTCOMES`, or a formula of them, such as "recruited[0:104]".
        against : the scenario that the others are compared with; left out, the first one.
        matters : the smallest difference that matters, in the unit of the outcome.
        better : "higher" or "lower"; left out, the outcome's usual direction.

        Returns
        -------
        DataFrame : a row a scenario: mean difference with its 95 % interval, numbers of worlds, verdict, cost in euros, and the
            other columns of `comparison.compared`.  `kantelpunt.plot` with the same arguments draws it.

        Raises
        ------
        InputError : an unknown outcome or scenario, or an outcome without a usual direction and no ``better``.

        Examples
        --------
        >>> study = Study("six", people=200, years=1).scenarios(today={}, raid={"raid": 1.0}).points(6).run(quiet=True)
        >>> len(study.compare("unsafe", against="today", matters=2))
        1
        """
        known = {"against": against, "matters": matters, "better": better}
        return compared(self.asking(outcome, **{key: value for key, value in known.items() if value is not None}))

    # holding it to its word

    def verify(self, n: int = 10, seed: int = 1, work: RunFunction | None = None) -> pd.DataFrame:
        """Repeat a sample of runs, and say whether each is the same to the last bit.

        Parameters
        ----------
        n : how many runs, at most all.
        seed : which runs.
        work : another way to do a run (`invariance.watched`, `invariance.shuffled`), to see that neither an observer nor the
            order of people changes anything; left out, as the study does them.

        Returns
        -------
        DataFrame : a row a run, with a column ``same``.

        Examples
        --------
        >>> study = Study("held", people=200, years=1).scenarios(today={}).points(2).run(quiet=True)
        >>> bool(study.verify(2)["same"].all())
        True
        """
        held = self.runs_with("digest")
        sample = held.sample(min(n, len(held)), random_state=np.random.default_rng(seed))
        again: dict[str, str] = {}

        def take(results: list[Any]) -> None:
            again.update({each.run: "failed" if isinstance(each, Failure) else each.digest for each in results})

        worlds = [self._world(row) for row in sample.itertuples(index=False)]
        with stopping() as stop:
            Runner(self.plan.all_scenarios, engine_of(None), take, 0, work or self.work).run(worlds, stop)
        sample = sample[sample["run"].isin(list(again))]
        return sample.assign(same=[again[run] == digest for run, digest in zip(sample["run"], sample["digest"], strict=True)])


def parsed(shard: str) -> tuple[int, int]:
    """Return which shard of how many; "" is the whole study."""
    if not shard:
        return 1, 1
    first, _, second = shard.partition("/")
    if NUMBER.fullmatch(first) and NUMBER.fullmatch(second) and 1 <= int(first) <= int(second):
        return int(first), int(second)
    raise InputError("shard.invalid", place="--shard", value=shard, allowed=Phrase("allowed.shard"))


__all__ = ["RESULTS", "Status", "Study", "parsed", "until"]
