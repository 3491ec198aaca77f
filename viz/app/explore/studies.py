"""Studies for the page Explore: those in `results/`, and new ones.  The seam to what `experiments` knows of them."""

import json
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path
from time import perf_counter
from weakref import WeakValueDictionary

import pandas as pd
from cachetools import LRUCache, cached

from kantelpunt.experiments.analysis import tipping
from kantelpunt.experiments.analysis.discovery import FEWEST_POINTS, Box, prim
from kantelpunt.experiments.analysis.sensitivity import morris, rank_correlations, sobol
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import uncertain
from kantelpunt.experiments.running.engines import cores
from kantelpunt.experiments.running.progress import Progress
from kantelpunt.experiments.running.store import MARK
from kantelpunt.experiments.study import RESULTS, Study
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase, reason_of
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import Simulation

from ..background_study import ONE_AT_A_TIME, Check, Stopped, Work
from ..compare.what_if import QUICK_PEOPLE, TODAY
from ..kept import MADE

SIZES = {  # of a new study, by design: points, Morris' trajectories, Sobol's base points
    "latin": tuple(range(8, 257, 8)),
    "morris": (2, 3, 4, 6, 8, 12, 16),
    "saltelli": (16, 32, 64, 128, 256),
}
USUAL = {"latin": 32, "morris": 4, "saltelli": 64}
FEW = 8  # parameters that are taken over from an earlier study
ALL, STRONGEST, RULE = "all", "strongest", "rule."
FIRST = (ALL, STRONGEST, RULE + "recruitment")  # what is chosen unless somebody chooses, the first that is there
METHODS = {"morris": morris, "saltelli": sobol}  # design of a study -> what it is for
DOSES = (0.25, 0.5, 0.75, 1.0)
DURATIONS = (2, 4, 6, 8)
WORLDS = 4
YEARS = 10
AREA, KIND = DEFAULT_AREA, "visible_presence"  # of a new study, unless somebody chooses


def listed() -> dict[str, Path]:
    """Return name -> folder of every study in results whose name can be shown, the newest first."""
    marks = [mark for mark in RESULTS.glob(f"*/{MARK}") if mark.parent.name.isprintable() and mark.is_file()]
    return {mark.parent.name: mark.parent for mark in sorted(marks, key=lambda mark: mark.stat().st_mtime, reverse=True)}


def open_study(name: str) -> Study:
    """Return a study in results; raises InputError where there is none of that name, or it cannot be read or is empty."""
    folders = listed()
    if name not in folders:
        raise InputError("study.unknown", place="results", value=name, allowed=folders or Phrase("allowed.study_folder"))
    try:
        study = Study.open(folders[name])
        empty = study.outcomes.empty
    except (OSError, ValueError) as error:
        raise InputError("file.unreadable", place="results", value=name, reason=reason_of(error)) from error
    if empty:
        raise InputError("study.no_run", place="results", value=name)
    return study


def choices(design: str, study: Study | None) -> dict[str, tuple[str, ...]]:
    """Return which parameters a new study may vary: all, those that count most in an open study, or those of one rule.

    Sobol's indices take too many runs for all.
    """
    found: dict[str, tuple[str, ...]] = {} if design == "saltelli" else {ALL: tuple(uncertain())}
    if design != "latin":
        if study is not None and (names := strongest(study)):
            found[STRONGEST] = names
        for name in uncertain():
            found.setdefault(RULE + name.partition(".")[0], ())
            found[RULE + name.partition(".")[0]] += (name,)
    return found


def strongest(study: Study) -> tuple[str, ...]:
    """Return the few parameters that count most for the outcome that decides under the last plan of a study."""
    scenario, outcome = list(study.plan.scenarios)[-1], study.plan.compare.outcome if study.plan.compare else "recruited"
    try:
        table = indices(study, scenario, outcome)
    except InputError:
        table = None
    names = (rank_correlations(study, scenario, outcome) if table is None else table).index
    return tuple(str(name) for name in names[:FEW])


def runs_of(design: str, size: int, n_varied: int) -> int:
    """Return how many runs a new study takes, of two plans each."""
    return 2 * size * {"latin": 1, "morris": n_varied + 1, "saltelli": n_varied + 2}[design]


@cached(LRUCache(32), key=lambda scenario: scenario.key)
def seconds_a_run(scenario: Scenario) -> float:
    """Return how long a run takes here, on all cores together, by a year of few people: time goes by people and weeks."""
    few = scenario.changed(people=min(scenario.n_people, QUICK_PEOPLE))
    Simulation(few, 1).advance(1)  # what is compiled or built for the first time does not count
    simulation, begin = Simulation(few, 2), perf_counter()
    simulation.advance(WEEKS_A_YEAR)
    share = few.n_people / scenario.n_people * simulation.week / scenario.weeks
    return (perf_counter() - begin) / share / cores()


def example(area: str, kind: str) -> Scenario:
    """Return the scenario of a new study with its intervention."""
    return Scenario(area=area, years=YEARS, interventions={kind: 1.0})


def new_plan(
    area: str = AREA,
    kind: str = KIND,
    size: int = USUAL["latin"],
    design: str = "latin",
    vary: tuple[str, ...] = (),
    title: str = "",
) -> Plan:
    """Return the plan of a new study: one intervention in full against nothing, at points of a design in these parameters."""
    asked = {"against": TODAY, "outcome": "recruited", "better": "lower", "matters": 3.0}
    design_of = {"design": design, "points": size, "vary": vary, "worlds": 1}
    return Plan(title=title, area=area, years=YEARS, compare=asked, scenario={TODAY: {}, kind: {kind: 1.0}}, **design_of)


LOOKING: WeakValueDictionary[str, "Making"] = WeakValueDictionary()  # what a page shows of each browser, made or not


class Making:
    """The studies that somebody made, and the one that is being made, in a folder of the session.

    Parameters
    ----------
    on_made : called with the study when it has ended, with what is done of it.
    show : called when there is something new to tell; it must not wait for a browser, since other checks wait meanwhile.
    keep : called before anything is begun: until then there is nothing to keep.
    """

    def __init__(
        self, on_made: Callable[[Study], None], show: Callable[[], None], keep: Callable[["Making"], None] = lambda _: None
    ) -> None:
        """Begin with nothing."""
        self.on_made, self.show, self.keep = on_made, show, keep
        self.made: dict[str, Study] = {}
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.check: Check | None = None
        self.analyses: dict[str, Work] = {}  # by kind, the newest of each

    @property
    def making(self) -> bool:
        """Return whether a study is being made."""
        return self.check is not None and self.check.busy

    @property
    def busy(self) -> bool:
        """Return whether a study or an analysis is being made."""
        return self.making or any(each.busy for each in self.analyses.values())

    def start(self, plan: Plan) -> None:
        """Begin a study, unless one is being made."""
        if not self.making:
            self.check = Check(plan, self._room(), self._look)
            self.check.start()

    def analyse(self, kind: str, make: Callable[[Path, Callable[[], None]], Work]) -> None:
        """Begin an analysis that takes runs of its own, in place of an earlier one of that kind."""
        if kind in self.analyses:
            self.analyses.pop(kind).discard()
        self.analyses[kind] = make(self._room(), lambda: self.show())
        self.analyses[kind].start()

    def _room(self) -> Path:
        """Return a folder for something that begins, which is kept from now on."""
        self.keep(self)
        self.folder = self.folder or tempfile.TemporaryDirectory(prefix="kantelpunt-")
        return Path(tempfile.mkdtemp(dir=self.folder.name))

    def _look(self) -> None:
        if self.check and self.check.ended and self.check.done and not self.check.failed:
            study = self.check.study
            if study not in self.made.values():
                self.made[f"{len(self.made) + 1}. {study.plan.heading}"] = study
            self.on_made(study)
        self.show()

    def leave(self, show: Callable[[], None]) -> None:
        """Hear that a page looks no more, unless another looks by now; what is being made goes on."""
        if self.show is show:
            self.on_made, self.show = lambda _: None, lambda: None

    def discard(self) -> None:
        """Stop, and forget all of it."""
        for each in (self.check, *self.analyses.values()):
            if each:
                each.discard()
        if self.folder:
            self.folder.cleanup()
            self.folder = None


def making_of(name: str, on_made: Callable[[Study], None], show: Callable[[], None]) -> Making:
    """Return what this browser made before, or else nothing yet; what it makes is kept for a day where the browser has a name."""
    if not name:
        return Making(on_made, show)
    making: Making | None = MADE.get((name, "explore")) or LOOKING.get(name)
    if making is None:
        making = LOOKING[name] = Making(on_made, show, lambda making: MADE.put((name, "explore"), making))
    making.on_made, making.show = on_made, show
    return making


CODE = """from kantelpunt import Study
from experiments.design.plan import Plan

study = {study}
print(study.runs)  # one row a run: scenario, point, world, outcomes, parameters
print(study.effects())  # what each scenario does, with a verdict"""
WHERE_IT_FAILS = """

from experiments.analysis.discovery import prim

print(prim(study, {scenario}).rule())  # in which futures it fails"""


def in_results(study: Study) -> str:
    """Return where in results a study lies; "" where it lies elsewhere."""
    name = study.store.folder.name
    return f"results/{name}" if listed().get(name) == study.store.folder else ""


def opened(study: Study) -> str:
    """Return what opens a study in Python, or else makes it again from its plan."""
    place = in_results(study)
    return f"Study.open({json.dumps(place)})" if place else 'Study.of(Plan.from_toml("study.toml")).run()'


def code(study: Study) -> str:
    """Return what to run to have a study in Python: opened where it lies in results, or else made again from its plan."""
    text = CODE if len(study.parameters) < FEWEST_POINTS else CODE + WHERE_IT_FAILS
    return text.format(study=opened(study), scenario=json.dumps(list(study.plan.scenarios)[-1], ensure_ascii=False))


def indices(study: Study, scenario: str, outcome: str) -> pd.DataFrame | None:
    """Return Morris' effects or Sobol's indices where the points of a study are made for that, and None where they are not.

    They are those of the outcome under the plan compared with, or of the difference that another plan makes.  Raises InputError
    where runs are missing, or nothing varies.
    """
    against = study.plan.baseline(scenario)
    method = METHODS.get(study.plan.design)
    return method and method(study, outcome, scenario=scenario, against=None if scenario == against else against)


def failing(study: Study, scenario: str) -> Box:
    """Return the box of futures in which a plan fails; raises InputError with too few points, or without the tool for it."""
    return prim(study, scenario)


MAPS: dict[Hashable, object] = {}  # the newest map that each browser asks for


def tipping_map(area: str, kind: str, outcome: str, *, browser: str = "") -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the difference with nothing in the last year, and the worlds that end resilient in %: index dose, columns years.

    Luck varies, assumptions do not.  It waits in line with studies, and ends with nothing once its browser asks for another.
    """
    who: Hashable = browser or object()  # nobody's map ends that of another
    newest = MAPS[who] = object()

    def watch(moment: Progress) -> None:
        if MAPS.get(who) is not newest and not moment.written:
            raise Stopped

    try:
        while not ONE_AT_A_TIME.acquire(timeout=0.2):
            if MAPS.get(who) is not newest:
                return None
        try:
            return mapped(area, kind, outcome, watch)
        finally:
            ONE_AT_A_TIME.release()
    except Stopped:
        return None
    finally:
        if MAPS.get(who) is newest:
            del MAPS[who]


def mapped(area: str, kind: str, outcome: str, watch: Callable[[Progress], None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a map; ``watch`` is told how far it is."""
    with tempfile.TemporaryDirectory() as folder:
        study = Study("tipping", folder=folder, area=area, years=YEARS, people=QUICK_PEOPLE, worlds=WORLDS, points=1, series=0)
        study.scenarios(**tipping.dose_by_duration(kind, DOSES, DURATIONS))
        study.run(watch=watch)
        already = tipping.last_year(study, tipping.TIPPED)[tipping.TODAY].mean()
        return tipping.tipping_map(study, outcome), already + tipping.tipping_map(study, tipping.TIPPED)
