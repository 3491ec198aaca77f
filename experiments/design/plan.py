"""A plan: the question of a study, as a policy maker writes it down.

    title = "More visible presence, or a youth programme?"
    area = "tilburg-noord"
    years = 10
    compare = { against = "today", outcome = "recruited", better = "lower", matters = 3 }

    [scenario.today]

    [scenario.presence]
    visible_presence = 0.5                                  # a kind and its intensity

    [scenario.youth]
    interventions = [ { kind = "youth_activities", from = 2027-01-01, places = 60, cost_per_year = 90_000 } ]

Scenarios may begin from a situation (`kantelpunt situations`): situation = "new-team", for the plan or in one scenario.

A table [rival.NAME] of parameters is a rival choice in the model, under which all of it is lived again in the same worlds:

    [rival.quick_to_forgive]
    "trust.bad_weight" = 1.5

In place of scenarios a plan may give factors and packages, which are laid out as scenarios (`factors.py`).

Anything left out has a default; a plan that has been run is written with everything filled in.
"""

import re
import unicodedata
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
import tomli_w
from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from kantelpunt.model.draws import MAX_SEED
from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.outcomes import OUTCOMES, formula, per_head
from kantelpunt.model.population import areas
from kantelpunt.model.population.situations import situation
from kantelpunt.model.registry import current, quantities
from kantelpunt.model.scenario import Scenario, Setting, as_parameters, spelled_out
from kantelpunt.model.toml_files import read_toml
from kantelpunt.model.validation import LONGEST_NAME, distinct, with_keys

from .factors import baselines, laid_out
from .question import Question, Until, ask_for, named, refuse_unknown
from .variants import as_rivals, spoken, under_rivals, variant

BUILT_IN = Path(__file__).parents[1] / "studies" / "tilburg-noord.toml"
FILES = ("area_file", "plausible")  # keys that name a file
LONGEST_TITLE = 200
LONGEST_SLUG = 60  # characters of the name of a folder


def as_quantities(value: object) -> tuple[str, ...]:
    """Return names of parameters, each once; raises InputError on another."""
    if not isinstance(value, list | tuple):
        raise InputError("parameter.not_list", value=value, allowed=Phrase("allowed.list_such_as", example='["norms.sanction"]'))
    return tuple(dict.fromkeys(named(current(each), quantities(), "parameter.unknown") for each in value))


def entitled(heading: str, more: str = "") -> str:
    """Return a title with something after it, shortened where it would be longer than a title may be."""
    room = LONGEST_TITLE - len(more)
    return (heading if len(heading) <= room else f"{heading[: room - 1].rstrip()}…") + more


@with_keys
class Plan(Setting):
    """The question of a study: scenarios, design and comparison.  Its keys are those of a plan file (`Plan.from_toml`).

    Raises
    ------
    InputError : a key cannot be used; the error names the value, its place and what is allowed.

    Examples
    --------
    >>> from kantelpunt import Plan
    >>> plan = Plan(scenario={"today": {}, "presence": {"visible_presence": 0.5}}, points=8, worlds=2)
    >>> list(plan.scenarios), plan.first
    (['today', 'presence'], 'today')
    """

    title: str = Field("", max_length=LONGEST_TITLE, description="the question in one line, up to 200 characters")
    situation: str | None = Field(
        None, description="a situation that all scenarios begin from, as kantelpunt situations lists them"
    )
    design: Literal["latin", "sobol", "grid", "one_at_a_time", "morris", "saltelli", "given"] = Field(
        "latin", description="how points lie: latin, sobol, grid, one_at_a_time, morris, saltelli, or given (by a notebook)"
    )
    vary: Annotated[tuple[str, ...], BeforeValidator(as_quantities)] = Field(
        (), description="parameters that points vary; left out, all that is uncertain"
    )
    plausible: Path | None = Field(None, description="a table of points to draw from, as kantelpunt calibrate writes it")
    points: int = Field(16, ge=1, le=100_000, description="plausible settings of what nobody knows well")
    worlds: int = Field(2, ge=1, le=100_000, description="draws of luck at every point")
    spread: float = Field(0.5, ge=0.0, le=1.0, description="share of the range of what is uncertain that points cover")
    seed: int = Field(1, ge=0, le=MAX_SEED, description="which points and worlds")
    series: int = Field(4, ge=0, le=2_600, description="weeks between two rows of the course of a run; 0 keeps none")
    compare: Question | None = Field(None, description="against, outcome, better, matters, also")
    until: Until | None = Field(None, description="half_width, outcome, start, most, against")
    factors: None = Field(
        None, description="areas, packages, doses, dates and parameters to combine; they are laid out as scenarios"
    )
    package: None = Field(None, description="tables [package.NAME] of measures that factors combine")
    scenario: dict[str, Any] = Field(description="two or more tables [scenario.NAME]")
    cells: dict[str, dict[str, Any]] = Field({}, description="the level of each factor in every scenario that factors laid out")
    rival: Annotated[dict[str, dict[str, float]], BeforeValidator(as_rivals)] = Field(
        {}, description="tables [rival.NAME] of parameters: other choices in the model under which all is lived again"
    )

    _base: Scenario = PrivateAttr()
    _scenarios: dict[str, Scenario] = PrivateAttr()
    _baselines: dict[str, str] = PrivateAttr()
    _all_scenarios: dict[str, Scenario] = PrivateAttr()

    @model_validator(mode="before")
    @classmethod
    def _asks(cls, table: dict[str, Any]) -> dict[str, Any]:
        """Ask in words for the part that nothing can stand in for."""
        refuse_unknown(cls, table)
        table = laid_out(table)
        ask_for(cls, table, "scenario")
        return table

    @model_validator(mode="after")
    def _possible(self) -> Self:
        """Build every scenario; raises InputError."""
        distinct(self.scenario, "scenario")
        distinct(self.rival, "rival")
        compares = bool(self.compare or self.until)
        if len(self.scenario) < 1 + compares:
            names = ", ".join(self.scenario)
            raise InputError(
                "scenario.too_few",
                place="scenario",
                value=names,
                allowed=Phrase("allowed.two_scenarios") if compares else Phrase("allowed.a_scenario"),
            )
        if self.compare:
            self._refuse_nobody("compare.against", self.compare.against)
        if self.until and self.until.against:
            self._refuse_nobody("until.against", self.until.against)
        if self.compare and self.points * self.worlds < 2:
            raise InputError("worlds.too_few", place="worlds", value=self.worlds, allowed=Phrase("allowed.more_worlds"))
        if self.cells and self.cells.keys() != self.scenario.keys():
            raise InputError("factor.other_scenarios", place="cells", value=", ".join(self.cells), allowed=self.scenario)
        self._baselines = baselines(self.cells, self.first) if self.cells else dict.fromkeys(self.scenario, self.first)
        self._base = Scenario(**{name: getattr(self, name) for name in (*Setting.model_fields, "situation")})
        self._scenarios = {name: variant(self._base, name, table) for name, table in self.scenario.items()}
        self._all_scenarios = {**self._scenarios, **under_rivals(self._base, self.scenario, self.rival)}
        distinct(self._all_scenarios, "rival", longest=3 * LONGEST_NAME)
        return self

    def _refuse_nobody(self, place: str, name: str) -> None:
        """Raise InputError where a scenario is meant that the plan does not hold."""
        if name not in self.scenario:
            raise InputError(
                "scenario.unknown", place=place, value=name, allowed=self.scenario, near=nearest(name, self.scenario)
            )

    @property
    def question(self) -> Question:
        """Return what is compared; raises InputError where the plan does not say."""
        if self.compare is None:
            raise InputError("value.missing", place="compare", allowed=Question.keys())
        return self.compare

    @property
    def first(self) -> str:
        """Return the scenario that the others are compared with: the one that the plan names, or else the first."""
        return self.compare.against if self.compare else next(iter(self.scenario))

    def baseline(self, name: str) -> str:
        """Return the scenario that one is compared with: that of its block, or the one that the plan names."""
        return self._baselines[name]

    @property
    def blocks(self) -> dict[str, list[str]]:
        """Return baseline -> the scenarios that are compared with it, in order; one block unless factors made more."""
        found: dict[str, list[str]] = {each: [] for each in self._baselines.values()}
        for name, each in self._baselines.items():
            if name != each:
                found[each].append(name)
        return found

    def levels(self) -> pd.DataFrame:
        """Return one row a scenario: the one it is compared with, area, people, cost in euros, and the level of each factor."""
        rows = []
        for name, scenario in self.scenarios.items():
            known = {"scenario": name, "against": self.baseline(name), "area": scenario.area, "people": scenario.n_people}
            rows.append({**known, "cost": scenario.cost(), **self.cells.get(name, {})})
        return pd.DataFrame(rows)

    @property
    def base(self) -> Scenario:
        """Return what all scenarios begin from."""
        return self._base

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Return name -> scenario, in the order of the plan."""
        return self._scenarios

    @property
    def all_scenarios(self) -> dict[str, Scenario]:
        """Return name -> scenario of all that a study lives: every scenario, and then again under every rival choice."""
        return self._all_scenarios

    @property
    def added(self) -> tuple[str, ...]:
        """Return the outcomes from outside that are asked for, in order."""
        asked = [each.outcome for each in self.compare.decides] + [*self.compare.also] if self.compare else []
        asked += [self.until.outcome] if self.until else []
        return tuple(sorted({part.outcome for each in asked for part in formula(each).parts} - set(OUTCOMES)))

    @property
    def heading(self) -> str:
        """Return the title, or else the names of the scenarios."""
        names = dict.fromkeys(str(cell["package"]) for cell in self.cells.values()) or self.scenario
        return self.title or entitled(" or ".join(spoken(name) for name in names).capitalize(), "?")

    @property
    def slug(self) -> str:
        """Return the heading as the name of a folder; one that is cut, or of an area from a file, ends with a mark of its own."""
        plain = unicodedata.normalize("NFKD", self.heading).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "study"
        if self.area_file is None and not self.area_rows and len(name) <= LONGEST_SLUG:
            return name
        figures = replace(self.scenarios[self.first].resolved_area(), source="")  # two files may give one code to two areas
        mark = blake2b(f"{self.heading} {figures}".encode(), digest_size=3).hexdigest()
        return f"{name[: LONGEST_SLUG - 1 - len(mark)].rstrip('-')}-{mark}"

    def asked(self, people: int | None = None, **given: int | Path | None) -> Self:
        """Return the plan with everything filled in, and other keys (points, worlds, seed, plausible) where given.

        For other ``people`` the question is the same per head: doses, costs, and the number of people that matters.
        """
        known = self._known() | {name: value for name, value in given.items() if value is not None}
        now = self.scenarios[self.first].n_people
        then = now if people is None else people
        question, until = self.compare, self.until
        question = question.scaled(then / now) if question else None
        if until and until.half_width and not per_head(until.outcome):
            until = until.model_copy(update={"half_width": until.half_width * then / now})
        tables = {name: self.filled(name, scenario.scaled(then)) for name, scenario in self.scenarios.items()}
        changed = {"title": self.heading, "people": then, "compare": question, "until": until, "scenario": tables}
        return type(self)(**{**known, **changed})

    def moved(self, area: str, area_file: Path | None = None) -> Self:
        """Return the same question about another area, named in its title; raises InputError where there is no such area."""
        known = self._known()
        if any("area" in cell for cell in self.cells.values()):
            raise InputError("factor.own_areas", place="factors.area", value=area, allowed=Phrase("allowed.no_such_factor"))
        there = Scenario(area=area, area_file=area_file).resolved_area().name
        place = {"area": area, "area_file": area_file, "area_rows": ()}
        return type(self)(**{**known, **place, "title": entitled(self.heading, f" ({there})")})

    def beginning(self, name: str) -> Self:
        """Return the same question in another situation, named in its title; raises InputError where there is no such one."""
        known = {name: getattr(self, name) for name in type(self).model_fields}
        situation(name)
        return type(self)(**{**known, "situation": name, "title": entitled(self.heading, f" ({spoken(name.replace('-', ' '))})")})

    def filled(self, name: str, scenario: Scenario) -> dict[str, Any]:
        """Return a scenario as a plan holds it, with everything filled in: interventions, and parameters of its own."""
        there = len(situation(self.situation).interventions) if self.situation else 0
        interventions = [each.model_dump(by_alias=True, exclude_none=True) for each in scenario.interventions[there:]]
        own = as_parameters(spelled_out(self.scenario[name]).get("parameters", {}))
        elsewhere = {"area": scenario.area} if scenario.area != self.area else {}
        return {"interventions": interventions, **({"parameters": own} if own else {}), **elsewhere}

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Return the plan in a TOML file; the files that it names are looked for beside it."""
        table = read_toml(path)
        for key in FILES:
            if isinstance(table.get(key), str):
                table[key] = Path(path).parent / table[key]
        return cls.read(table, place=str(path))

    def _known(self) -> dict[str, Any]:
        """Return every key with its value, and rows in place of a file with areas: whoever holds the plan needs no file."""
        known = {name: getattr(self, name) for name in type(self).model_fields}
        if self.area_file is None:
            return known
        names = dict.fromkeys([self.area, *(each.area for each in self.scenarios.values())])
        return known | {"area_file": None, "area_rows": areas.rows_for(list(names), self.area_file)}

    def to_toml(self) -> str:
        """Return the plan as TOML, with everything filled in, and figures of areas in place of a file that holds them."""
        table = type(self)(**self._known()).model_dump(exclude_none=True)
        if self.plausible:
            table["plausible"] = str(self.plausible.absolute())
        if not table["area_rows"]:
            del table["area_rows"]
        return tomli_w.dumps({"title": self.title, **table})
