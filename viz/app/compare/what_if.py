"""The question of a policy maker: an area, packages of interventions, an outcome.  Becomes a plan, a file, a link, and back.

Nothing here knows a browser.  Everything is checked by the same models as a file on the command line.
"""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.formulas import is_formula
from kantelpunt.model.interventions import Intervention, build
from kantelpunt.model.outcomes import OUTCOMES, better
from kantelpunt.model.population.areas import DEFAULT_AREA, rows_for
from kantelpunt.model.population.areas import area as area_of
from kantelpunt.model.scenario import Scenario, as_rows

MOST_PACKAGES = 4
MOST_CARDS = 12
MOST_YEARS = 20
MOST_BUDGET = 1e9  # euros
LONGEST_LINK = 6_000  # characters of a link that are looked at
TODAY = "today"
QUICK_PEOPLE = 2_000
NEIGHBOURHOOD = 20_000  # residents above which an area is more than one
Rows = tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Package:
    """A few interventions with a name."""

    name: str
    interventions: tuple[Intervention, ...] = ()

    def with_card(self, kind: str, weeks: int) -> Self:
        """Return the package with one more intervention, over all weeks."""
        if len(self.interventions) >= MOST_CARDS:
            raise InputError(
                "package.too_many",
                place=self.name,
                value=len(self.interventions) + 1,
                allowed=Phrase("allowed.at_most", most=MOST_CARDS),
            )
        return replace(self, interventions=(*self.interventions, build({"kind": kind, "from": 0, "until": weeks})))

    def without_card(self, i: int) -> Self:
        """Return the package without one of its interventions."""
        return replace(self, interventions=self.interventions[:i] + self.interventions[i + 1 :])

    def changed_card(self, i: int, **values: Any) -> Self:
        """Return the package with other values of one intervention; raises InputError where one cannot be used."""
        table = {**self.interventions[i].table(), **values}
        changed = build({key: value for key, value in table.items() if value is not None})
        return replace(self, interventions=(*self.interventions[:i], changed, *self.interventions[i + 1 :]))


@dataclass(frozen=True)
class Question:
    """A question as it stands on the page.  ``area_file`` is an upload of this session; a link holds its figures."""

    area: str = DEFAULT_AREA
    area_file: Path | None = None
    years: int = 10
    outcome: str = "recruited"
    budget: float = 0.0  # euros over all years; 0: none given
    packages: tuple[Package, ...] = field(default=())
    situation: str = ""  # that all begin from

    @property
    def weeks(self) -> int:
        """Return the number of weeks."""
        return self.years * WEEKS_A_YEAR

    def alike(self, other: "Question") -> bool:
        """Return whether two questions are about the same thing, under whatever packages."""
        return replace(self, packages=(), budget=0.0) == replace(other, packages=(), budget=0.0)

    @property
    def people(self) -> int:
        """Return the residents to whom places and costs refer: those of the area, or of a preset 2,000."""
        return area_of(self.area, self.area_file).default_people

    def base(self) -> Scenario:
        """Return the scenario without any package; raises InputError where the area or the situation cannot be used."""
        return Scenario(area=self.area, area_file=self.area_file, years=self.years, situation=self.situation)

    def scenario(self, package: Package) -> Scenario:
        """Return the scenario with a package; raises InputError where a date cannot be."""
        base = self.base()
        return base.changed(interventions=(*base.interventions, *package.interventions))

    def check(self) -> None:
        """Raise InputError where anything of it cannot be used, before somebody sees it on a page."""
        names = [each.name for each in self.packages]
        if len({TODAY, "", *names}) < len(names) + 2:
            raise InputError("package.same_name", place="packages", value=", ".join(names))
        self.base()
        if names:
            self.plan("", 1.0, 2)

    def with_package(self, i: int, package: Package) -> Self:
        """Return the question with another package in this place."""
        return replace(self, packages=(*self.packages[:i], package, *self.packages[i + 1 :]))

    def for_years(self, years: int) -> Self:
        """Return the question for another number of years; what ran until the end still does, what began later is gone."""
        weeks = years * WEEKS_A_YEAR
        packages = []
        for each in self.packages:
            kept = [clipped(card, self.weeks, weeks) for card in each.interventions if begins(card) < weeks]
            packages.append(replace(each, interventions=tuple(kept)))
        return replace(self, years=years, packages=tuple(packages))

    def plan(self, title: str, matters: float, points: int) -> Plan:
        """Return the plan of a thorough check; raises InputError where something cannot be used."""
        tables = {each.name: {"interventions": [one.table() for one in each.interventions]} for each in self.packages}
        asked = {"against": TODAY, "outcome": self.outcome, "better": better(self.outcome), "matters": matters}
        known = {"title": title[:200], "area": self.area, "area_file": self.area_file, "years": self.years}
        known["situation"] = self.situation or None
        return Plan(**known, points=points, worlds=1, compare=asked, scenario={TODAY: {}, **tables})

    def to_toml(self, title: str, matters: float, points: int) -> str:
        """Return the question as a file that `kantelpunt compare` runs too."""
        return self.plan(title, matters, points).to_toml()

    @classmethod
    def of_plan(cls, plan: Plan) -> Self:
        """Return the question of a plan; raises InputError where the page cannot hold it."""
        against = plan.question.against
        base = Scenario(situation=plan.situation)
        parameters = plan.parameters or any(each.parameters != base.parameters for each in plan.scenarios.values())
        wider = plan.cells or plan.question.deciding or is_formula(plan.question.outcome)
        turned = not is_formula(plan.question.outcome) and plan.question.better != better(plan.question.outcome)
        assumed = parameters or plan.rival or plan.plausible or wider or turned
        elsewhere = any(each.area != plan.area for each in plan.scenarios.values())
        if plan.scenarios[against].interventions != base.interventions or assumed or elsewhere:
            raise InputError("question.not_for_page", value=against)
        people = plan.scenarios[against].resolved_area().default_people  # to whom doses refer on the page
        scenarios = {name: each.scaled(people) for name, each in plan.scenarios.items()}
        weeks, names = plan.years * WEEKS_A_YEAR, [name for name in scenarios if name != against]
        if len(names) > MOST_PACKAGES or plan.years > MOST_YEARS:
            raise InputError("question.not_for_page", value=len(names))
        packages = []
        for name in names:
            there = scenarios[name]
            cards = [dated(one, there, weeks) for one in there.interventions[len(base.interventions) :]]
            if len(cards) > MOST_CARDS:
                raise InputError("question.not_for_page", value=len(cards))
            packages.append(Package(name[:60], tuple(cards)))
        return cls(plan.area, None, plan.years, plan.question.outcome, 0.0, tuple(packages), plan.situation or "")

    def to_link(self) -> str:
        """Return the question as text for an address."""
        packages = [[each.name, [one.table() for one in each.interventions]] for each in self.packages]
        content: list[Any] = [self.area, self.years, self.outcome, self.budget, packages, self.situation]
        if self.area_file:
            content.append(figures_of(self.area, self.area_file))
        return base64.urlsafe_b64encode(zlib.compress(json.dumps(content, default=str).encode(), 9)).decode().rstrip("=")

    @classmethod
    def from_link(cls, text: str, written: Callable[[Rows], Path] | None = None) -> Self:
        """Return the question that stands in an address; raises InputError for anything else.

        Parameters
        ----------
        written : returns a file with the figures of an area of one's own; left out, a link with such figures is refused.
        """
        try:
            raw = base64.urlsafe_b64decode(text[:LONGEST_LINK] + "==")
            area, years, outcome, budget, packages, *more = json.loads(zlib.decompressobj().decompress(raw, 50 * LONGEST_LINK))
            found = [Package(str(name)[:60], tuple(build(one) for one in some)) for name, some in packages[:MOST_PACKAGES]]
            known = min(max(int(years), 1), MOST_YEARS), str(outcome), affordable(float(budget)), tuple(found)
            file = written(as_rows(more[1])) if written and len(more) > 1 else None
            question = cls(str(area), file, *known, str(more[0]) if more else "")
            if outcome not in OUTCOMES or any(len(each.interventions) > MOST_CARDS for each in found):
                raise ValueError(outcome)
            question.check()
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError, zlib.error) as error:
            raise InputError("question.no_link", value=text[:40]) from error
        return question


@lru_cache(maxsize=256)
def figures_of(area: str, file: Path) -> Rows:
    """Return the figures of an area in a file, and of the larger areas around it."""
    return rows_for([area], file)


def affordable(budget: float) -> float:
    """Return a budget that somebody may have; raises ValueError for any other."""
    if not 0.0 <= budget <= MOST_BUDGET:
        raise ValueError(budget)
    return budget


def begins(card: Intervention) -> int:
    """Return the week of the start in which an intervention begins."""
    return card.from_ if isinstance(card.from_, int) else 0


def clipped(card: Intervention, before: int, weeks: int) -> Intervention:
    """Return an intervention that ends by the last week, and still ends there where it did."""
    until = card.until if isinstance(card.until, int) else before
    return build({**card.table(), "until": weeks if until >= before else min(until, weeks)})


def dated(card: Intervention, scenario: Scenario, weeks: int) -> Intervention:
    """Return an intervention of a file with its dates as weeks since the start, as the page shows them."""
    first, last = card.window(scenario.horizon)
    return build({**card.table(), "from": first - 1, "until": min(last, weeks)})
