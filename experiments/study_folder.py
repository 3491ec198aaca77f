"""The folder of a study: its plan, the runs that are asked for, and how far they are."""

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.outcomes import OUTCOMES, Added, added

from . import provenance
from .design import sampling
from .design.plan import Plan
from .design.question import Question
from .running.jobs import Job, RunFunction, World, jobs, run_job
from .running.store import MARK, PLAN, POINTS, RUNS, Store

RESULTS = Path("results")


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


class StudyFolder:
    """A study as it stands on disk: what is asked for, and how far it is; `study.Study` tells of its parameters."""

    def __init__(
        self, name: str = "study", *, folder: Path | str | None = None, work: RunFunction = run_job, **design: Any
    ) -> None:
        """Hold what is asked; nothing is written before it runs."""
        self.work = work
        self._design: dict[str, Any] = {"title": name, "worlds": 1, **design}
        self._given: pd.DataFrame | None = None
        self.store = Store(RESULTS / name if folder is None else Path(folder))

    @classmethod
    def of(cls, plan: Plan, folder: Path | str | None = None, work: RunFunction = run_job) -> Self:
        """Return the study that a plan asks for."""
        known = {name: getattr(plan, name) for name in type(plan).model_fields}
        return cls(plan.slug, folder=folder, work=work, **known)

    @classmethod
    def open(cls, folder: Path | str, work: RunFunction = run_job) -> Self:
        """Return the study in a folder; raises InputError where none stands."""
        store = Store(Path(folder))
        if not store.exists:
            raise InputError("study.none", place=folder, allowed=Phrase("allowed.folder_with", name=MARK))
        store.check_question()
        study = cls.of(Plan.from_toml(store.folder / MARK), folder, work)
        study._given = study._held_points()
        return study

    def __repr__(self) -> str:
        """Return what a notebook shows: the title, how far it is and where it lives."""
        called = f"{type(self).__name__} {self._design['title']!r}"
        if not self.begun:
            return f"{called}, not begun, in {self.folder}"
        found = self.status()
        return f"{called}: {found.done:,} of {found.asked:,} runs done, {found.failed:,} failed, in {self.folder}"

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

    @property
    def stands(self) -> bool:
        """Return whether the folder holds a study, if only its runs."""
        return self.begun or bool(self.store.parts(RUNS))

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
        return self.done_of(self.asked)

    def done_of(self, asked: pd.DataFrame) -> int:
        """Return how many of these runs came to an end or failed."""
        ids = self.store.done().append(pd.Index([each["run"] for each in self.failures]))
        return int(asked["run"].isin(ids).sum())

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

    def _held_points(self) -> pd.DataFrame | None:
        """Return points that stand in no plan, as the folder keeps them; none where they can be made (again)."""
        if self.plan.design == "given":
            return self.store.points()
        held = self.store.points() if self.plan.plausible and self.store.holds(POINTS) else None
        return held if held is not None and len(held) >= self.plan.points else None  # killed while it grew: drawn again

    def replay(self, run: str) -> Job:
        """Return one run, ready to be done again by `work`; raises InputError where no run has that id (or begins with it)."""
        found = self.asked[self.asked["run"].str.startswith(run)].drop_duplicates("run")
        if len(found) != 1:
            raise InputError("run.unknown", place="run", value=run, allowed=Phrase("allowed.id_of", folder=self.folder))
        return self.job(next(found.itertuples(index=False)))

    def job(self, row: Any) -> Job:
        """Return the run that a row of ``asked`` asks for."""
        return jobs(self.plan.all_scenarios, self._world(row))[0]

    def _world(self, row: Any) -> World:
        if row.scenario not in self.plan.all_scenarios or row.point not in self.parameters.index:
            reason = Phrase("damage.changed")
            raise InputError("file.unreadable", place=self.folder / PLAN, allowed=Phrase("allowed.copy_or_sweep"), reason=reason)
        parameters = self.parameters.loc[row.point].to_dict()
        return World(row.point, row.world, row.seed, ((row.run, row.scenario),), parameters)
