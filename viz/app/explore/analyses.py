"""Decision analyses on the page Explore: parts of a package, the best for a budget, and what to find out first.

The seam to `experiments/analysis`; words and figures come from `viz/report/decisions.py`.
"""

import json
import math
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from kantelpunt.experiments.analysis import best, parts
from kantelpunt.experiments.analysis import worth as worth_of
from kantelpunt.experiments.analysis.robust_choice import gains_of
from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.running.progress import Progress
from kantelpunt.experiments.running.runner import RunFunction, run_job
from kantelpunt.experiments.statistics import FEWEST_UNITS
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError, typed
from kantelpunt.model.population.areas import CARRIED
from kantelpunt.model.population.areas import area as area_of
from kantelpunt.viz.report import decisions
from kantelpunt.viz.text import Text

from ..background_study import CHECKED, Check, Work, at_most
from ..compare.area_choice import in_small
from ..compare.quick_answer import least
from ..compare.session import built_in_areas
from ..compare.upload import usable
from ..compare.what_if import Package, Question
from ..helm.game import CARDS
from ..kept import MADE, browser, left
from ..rejection import Refused

SAMPLES = ("latin", "sobol")  # designs whose points are a sample of what is plausible
OPEN, COMPARED, MENU, BUILT = "of_open", CHECKED, "of_menu", "of_built_in"  # where a question comes from
POINTS = (8, 16, 32, 64, 128)  # plausible settings of the parts of a package
DEAREST = 4  # measures of a package that are taken apart unless somebody chooses: each one more doubles the runs
RACERS = (12, 24, 48, 96)
FILE = "question.toml"  # how a question is called when it is kept
BUDGET = 300_000.0  # euros a year, unless the question says another


class Parts(Work):
    """Every combination of the measures of a package, in the same worlds; what is known of it sharpens as worlds come in."""

    kind = "parts"

    def __init__(
        self,
        plan: Plan,
        scenario: str,
        points: int,
        folder: Path,
        show: Callable[[], None],
        work: RunFunction = run_job,
        left_out: Collection[str] = (),
    ) -> None:
        """Hold the question, without some measures of the package; raises InputError where it cannot be taken apart."""
        self.plan, self.scenario = one_world(without(plan, scenario, left_out)).asked(points=points), scenario
        self.left_out = list(left_out)
        self.package = parts.package_of(self.plan, scenario)
        self.study = Study.of(self.package.plan, folder, work)
        self.told: Any = None
        super().__init__(self.study.size, folder, show)

    def work(self) -> None:
        """Live all combinations, and look whenever some are written."""
        try:
            self.study.run(watch=self._watch)
        finally:
            self._look()

    def _watch(self, moment: Progress) -> None:
        if moment.written:
            self._look()
        self.watch(moment)

    def _look(self) -> None:
        if self.study.done and gains_of(self.study).index.get_level_values("point").nunique() >= FEWEST_UNITS:
            told = decisions.parts_told(self.package, parts.parts(self.study, self.package.measures))
            self.told = told | {"left_out": self.left_out}

    @property
    def command(self) -> str:
        """Return what makes it again on the command line."""
        return f"kantelpunt parts {FILE} --of {typed(self.scenario)}"

    @property
    def code(self) -> str:
        """Return what makes it again in Python."""
        return PARTS.format(file=FILE, scenario=json.dumps(self.scenario, ensure_ascii=False))


class Best(Work):
    """A race of packages for a budget, judged on fresh worlds."""

    kind = "best"

    def __init__(
        self, plan: Plan, budget: float, racers: int, folder: Path, show: Callable[[], None], work: RunFunction = run_job
    ) -> None:
        """Hold the question; raises InputError where nothing can race."""
        self.plan, self.budget, self.racers, self._work = one_world(plan), budget, racers, work
        self.field = best.field_of(self.plan, budget)
        self.doses = best.candidates(self.field, racers, 1)
        self.rounds = best.rounds(len(self.doses))
        self.lead: best.Lead | None = None
        self.study: Study | None = None  # the last judgement, once there is one
        self.told: Any = None
        self.more: dict[str, Any] = {}  # what carries the winner, and what to find out first
        super().__init__(runs_of_race(self.field, self.rounds), folder, show)

    def work(self) -> None:
        """Race, tell after each round who is in front, and then what carries the winner and what to find out first."""
        self.done = 0
        race = best.race(self.plan, self.budget, self.folder, n=self.racers, work=self._work, run=self._round)
        self.study = Study.open(self.folder / "fresh")
        self.told = decisions.best_told(race, self.budget)
        self.show()
        for kind, told in decisions.explained(self.study, race, self._round):
            self.more = {**self.more, kind: told}
            self.show()
        self.size = self.done

    def _round(self, study: Study) -> None:
        before, racing = self.done, study.folder.name.startswith(best.ROUND)

        def watch(moment: Progress) -> None:
            if moment.written and racing:
                self._look(study)
            self.watch(moment, before)

        study.run(watch=watch)
        self.done = before + study.size

    def _look(self, study: Study) -> None:
        self.lead = best.leading(study, self.field, self.doses) or self.lead

    @property
    def command(self) -> str:
        """Return what makes it again on the command line."""
        return f"kantelpunt best {FILE} --budget {self.budget:.0f} --candidates {self.racers} --explain"

    @property
    def code(self) -> str:
        """Return what makes it again in Python."""
        return BEST.format(file=FILE, budget=self.budget, racers=self.racers)


Analysis = Parts | Best


def one_world(plan: Plan) -> Plan:
    """Return a plan with one world a setting, for more settings tell more than more luck at the same ones."""
    return at_most(plan).asked(worlds=1)


def runs_of(plan: Plan, budget: float, racers: int) -> int | InputError:
    """Return how many runs a race takes at most, or why there can be none."""
    try:
        field = best.field_of(one_world(plan), budget)
    except InputError as error:
        return error
    return runs_of_race(field, best.rounds(len(best.candidates(field, racers, 1))))


def runs_of_race(field: best.Field, rounds: list[int]) -> int:
    """Return how many runs a race takes at most, and then what explains its winner."""
    judged = best.SURVIVORS + 1 + len(best.asked_about(field))
    race = field.plan.worlds * (sum((n + 1) * best.FIRST_POINTS for n in rounds) + (judged + 1) * best.FRESH_POINTS)
    return race + decisions.runs_explained(len(field.measures))


def questions(study: Study | None, folder: Path, t: Text, area: str = "") -> dict[str, Plan]:
    """Return the plans that an analysis may be about: the open study, the page Compare, a menu of measures, the built-in one.

    The menu is for a built-in ``area``, or else for that of the page Compare.
    """
    found: dict[str, Plan] = {}
    if study is not None and study.plan.compare and study.plan.design in SAMPLES:
        found[OPEN] = study.plan
    question = compared(folder) or Question()
    if question.packages:
        found[COMPARED] = question.plan(t("deciding.compared"), least(question.outcome, 0.0), 2)
    about = replace(question, area=area, area_file=None) if area else question
    menu = Package(t("deciding.evenly"))
    for kind in CARDS:
        menu = menu.with_card(kind, question.weeks)
    asked = replace(about, packages=(menu,))
    name = area_of(about.area, about.area_file).name
    found[MENU] = asked.plan(t("deciding.menu", area=name), least(question.outcome, 0.0), 2)
    found[BUILT] = Plan.from_toml(BUILT_IN)
    return found


def compared(folder: Path) -> Question | None:
    """Return the question on the page Compare; None where there is none that can be used, which that page says itself."""
    link = (left("compare") or {}).get("q")
    try:
        return Question.from_link(link, lambda rows: usable(rows, CARRIED.name, folder).file) if link else None
    except (InputError, Refused):
        return None


def areas(folder: Path, t: Text) -> tuple[dict[str, str], str]:
    """Return the areas that the menu of measures may be about, and that of the page Compare: "" where it is of a file."""
    question = compared(folder) or Question()
    own = {"": area_of(question.area, question.area_file).name} if question.area_file else {}
    built_in = {code: in_small(t, code, name) for code, name in built_in_areas().items()}
    return own | built_in, "" if own else question.area


def budget() -> float:
    """Return the euros a year that the question on the page Compare says, or else a usual amount."""
    link = (left("compare") or {}).get("q", "")
    with suppress(InputError):
        question = Question.from_link(link)
        return question.budget / question.years or BUDGET
    return BUDGET


def packages(plan: Plan) -> list[str]:
    """Return the scenarios of a plan that can be taken apart, the one with most measures first."""
    names = [name for some in plan.blocks.values() for name in some]
    sizes = {name: len(parts.own_measures(plan, name)) for name in names}
    return [name for name in sorted(names, key=lambda name: -sizes[name]) if sizes[name] >= 2]


def measures(plan: Plan, scenario: str) -> dict[str, float]:
    """Return the measures of a package by name, in order, each with its cost in euros."""
    own, there = parts.own_measures(plan, scenario), plan.scenarios[scenario]
    return {name: each.cost(there.residents, there.horizon) for name, each in zip(parts.called(own), own, strict=True)}


def dearest(plan: Plan, scenario: str) -> list[str]:
    """Return the few measures of a package that cost most."""
    costs = measures(plan, scenario)
    return sorted(costs, key=lambda name: -costs[name])[:DEAREST]


def without(plan: Plan, scenario: str, left_out: Collection[str]) -> Plan:
    """Return a plan without these measures of a package."""
    own, there = parts.own_measures(plan, scenario), plan.scenarios[scenario]
    gone = [each for name, each in zip(parts.called(own), own, strict=True) if name in left_out]
    kept = [each for each in there.interventions if not any(each is one for one in gone)]
    table = plan.filled(scenario, there.changed(interventions=kept))
    return Plan(**{name: getattr(plan, name) for name in Plan.model_fields} | {"scenario": {**plan.scenario, scenario: table}})


def can_race(plan: Plan) -> bool:
    """Return whether the measures of a plan can race for any budget."""
    try:
        best.field_of(plan, math.nextafter(math.inf, 0.0))
    except InputError:
        return False
    return True


def checked() -> Study | None:
    """Return the thorough check of the question on the page Compare, where this browser has one that has ended."""
    link = (left("compare") or {}).get("q")
    check = MADE.get((browser(), link)) if link else None
    return check.study if isinstance(check, Check) and check.ended and check.effects else None


def worth(study: Study, euros: float) -> list[dict[str, Any]]:
    """Return what it is worth to find out each number of a study, in units or, where one unit is worth some, in euros."""
    return decisions.worth_told(worth_of.worth(study, value=euros or None))


PARTS = """from kantelpunt import Study
from experiments.analysis.parts import package_of, parts
from experiments.design.plan import Plan

package = package_of(Plan.from_toml("{file}"), {scenario})
study = Study.of(package.plan).run()
print(parts(study, package.measures))"""
BEST = """from pathlib import Path

from experiments.analysis.best import race
from experiments.design.plan import Plan

found = race(Plan.from_toml("{file}"), {budget}, Path("results/best"), n={racers})
print(found.front)  # gain on fresh worlds, with interval
print(found.beats)  # what the winner is better than"""
WORTH = """from kantelpunt import Study
from experiments.analysis.worth import worth
from experiments.design.plan import Plan

study = {study}
for block in worth(study{value}):
    print(block.best, block.gain)
    print(block.table)"""


def command_of_worth(place: str) -> str:
    """Return what tells the value of finding out on the command line, of a study in results or else of one made again."""
    return f"kantelpunt worth {typed(place)}" if place else "kantelpunt compare study.toml --out study\nkantelpunt worth study"


def code_of_worth(opened: str, euros: float) -> str:
    """Return what gives the value of finding out in Python."""
    return WORTH.format(study=opened, value=f", value={euros}" if euros else "")


def rows_of(kind: str, told: Any) -> pd.DataFrame:
    """Return the numbers of an analysis as a table."""
    if kind == "worth":
        return pd.DataFrame([{"against": block["against"], **row} for block in told for row in block["rows"]])
    return pd.json_normalize(told[{"parts": "rows", "best": "front", "pathways": "policies"}[kind]])
