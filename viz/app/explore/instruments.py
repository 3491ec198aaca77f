"""Comparisons of the model with the world, on the page Explore: real trials, recorded crime; and plans that change.

The seam to `experiments/analysis`; words and figures come from `viz/report`.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from kantelpunt.experiments.analysis import mirror, pathways, trial
from kantelpunt.experiments.analysis.routes import plans_alone, routes_of
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.exchange.police_tables import Recorded, recorded
from kantelpunt.experiments.running.progress import Progress
from kantelpunt.experiments.running.runner import RunFunction, run_job
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.population import areas as known_areas
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.viz.report.pathways import pathways_told

from ..background_study import Stopped, Work
from ..compare.upload import ONE_AT_A_TIME, plain_name, read_areas, refuse_foreign
from ..rejection import Refused
from .analyses import one_world

TRIAL_WORLDS, TRIAL_PEOPLE = (6, 12, 20, 40), 2_000
MIRROR_AREAS, MIRROR_WORLDS, MIRROR_PEOPLE = 120, 2, 1_000  # areas at most, which a laptop does in some minutes
MOST_POLICE = 5_000_000  # bytes of a police table
CHOOSE, JUDGE = 12, 16  # plausible settings in which policies are chosen, and judged


class Trial(Work):
    """A published trial, done in the model."""

    kind = "trial"

    def __init__(self, name: str, worlds: int, folder: Path, show: Callable[[], None]) -> None:
        """Hold the trial; raises InputError for one that the model cannot do."""
        self.asked = trial.named(name)
        self.table: pd.DataFrame | None = None
        super().__init__(worlds, folder, show)

    def work(self) -> None:
        """Live all worlds."""
        self.done = 0

        def watch() -> None:
            self.done += 1
            if self._stop.is_set():
                raise Stopped
            self.show()

        self.table = trial.done(self.asked, self.size, DEFAULT_AREA, TRIAL_PEOPLE, 1, 2, watch)

    @property
    def command(self) -> str:
        """Return what makes it again on the command line."""
        return f"kantelpunt trial {self.asked.id} --people {TRIAL_PEOPLE} --worlds {self.size}"


class Mirror(Work):
    """Areas simulated from their figures, beside what the police recorded there."""

    kind = "mirror"

    def __init__(self, record: Recorded, file: Path | None, name: str, folder: Path, show: Callable[[], None]) -> None:
        """Hold the record; raises InputError where there are too few areas."""
        self.record, self.name = record, name
        self.study = mirror.study(record, file, MIRROR_WORLDS, people=MIRROR_PEOPLE, folder=folder / "mirror")
        self.panel: mirror.Panel | None = None
        super().__init__(self.study.size, folder, show)

    def work(self) -> None:
        """Run the study."""
        self.study.run(watch=self.watch)
        self.panel = mirror.panel(self.study, self.record)


class Pathways(Work):
    """Plans that change course when a sign crosses a level, judged in fresh worlds."""

    kind = "pathways"

    def __init__(self, plan: Plan, folder: Path, show: Callable[[], None], work: RunFunction = run_job) -> None:
        """Hold the question; raises InputError where no plan can change into another."""
        self.plan, self._work = one_world(plan), work
        self.study: Study | None = None
        self.told: Any = None
        super().__init__(runs_of_pathways(self.plan), folder, show)

    def work(self) -> None:
        """Live every change at every look, choose, and judge."""
        self.done = 0
        found = pathways.pathways(
            self.plan, self.folder, points=CHOOSE, fresh=JUDGE, work=self._work, run=self._lived, tell=self._looked
        )
        self.study = plans_alone(Study.open(self.folder / "fresh"), found.routes)
        self.told = pathways_told(found, None)

    def _lived(self, study: Study) -> None:
        before = self.done

        def watch(moment: Progress) -> None:
            self.watch(moment, before)

        study.run(watch=watch)
        self.done = before + study.size

    def _looked(self, done: int, size: int) -> None:
        if self._stop.is_set():
            raise Stopped

    @property
    def command(self) -> str:
        """Return what makes it again on the command line."""
        return f"kantelpunt pathways question.toml --points {CHOOSE} --fresh {JUDGE}"


def runs_of_pathways(plan: Plan) -> int:
    """Return how many runs it takes at most; raises InputError where no plan can change into another."""
    routes = routes_of(plan, pathways.EVERY)
    return len(routes.study(routes.pairs(), CHOOSE, 1).scenarios) * (CHOOSE + JUDGE)


def can_change(plan: Plan) -> bool:
    """Return whether the plans of a question can change into one another."""
    try:
        runs_of_pathways(one_world(plan))
    except InputError:
        return False
    return True


class Uploads:
    """Uploads to compare with the model: figures of areas, and a police table; in a folder of the session."""

    def __init__(self) -> None:
        """Begin with the built-in areas and no table."""
        self.folder = tempfile.TemporaryDirectory(prefix="kantelpunt-")
        self.areas: Path | None = None
        self.record: Recorded | None = None
        self.name, self.table = "", b""

    def take_areas(self, name: str, data: bytes) -> None:
        """Take figures of areas; raises Refused."""
        self.areas = read_areas(name, data, Path(self.folder.name)).file
        if self.table:
            self.take_table(self.name, self.table)

    def take_table(self, name: str, data: bytes) -> None:
        """Take a police table; raises Refused for one that is too large, or none, or about too many areas."""
        suffix = refuse_foreign(name, data)
        if len(data) > MOST_POLICE:
            raise Refused("large", most=MOST_POLICE // 1_000_000)
        self.name, self.table, self.record = plain_name(name), data, None
        known = {area.code for area in known_areas.areas(self.areas) if area.people >= known_areas.SMALLEST}
        with tempfile.NamedTemporaryFile(dir=self.folder.name, suffix=suffix) as file:
            file.write(data)
            file.flush()
            self.record = read(Path(file.name), known, self.name)

    def discard(self) -> None:
        """Forget all of it."""
        self.folder.cleanup()


def read(file: Path, known: set[str], name: str) -> Recorded:
    """Return what a police table records; raises Refused, naming the file as somebody knows it."""
    try:
        with ONE_AT_A_TIME:
            by = "wijk" if any(code.startswith("WK") for code in known) else "buurt"
            found = recorded(file, known, by=by, skip=True)  # type: ignore[arg-type]
    except (InputError, ArithmeticError, ValueError, MemoryError) as error:
        if not isinstance(error, InputError):
            raise Refused("csv") from None
        error.place = str(error.place or "").replace(str(file), name)
        raise Refused.because(error, "row") from None
    if len(found.years) > MIRROR_AREAS:
        raise Refused("many", most=MIRROR_AREAS)
    return found
