"""A what-if: an area, a horizon, parameters and interventions with dates.  It never changes once made.

A scenario comes from keywords, or from a TOML file with the same keys:

    area = "tilburg-noord"
    years = 10
    situation = "new-team"                  # by choice: a situation to begin from (`situations.toml`)

    [parameters]
    norms.sanction = 0.8

    [[interventions]]
    kind = "youth_activities"
    from = 2027-01-01
    until = 2031-01-01
    places = 60

Amounts (places, ``cost_per_year``) are for the people whom the scenario simulates; ``scaled`` keeps doses per head.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

import numpy as np
import tomli_w
from pydantic import BeforeValidator, Field, InstanceOf, PrivateAttr, SerializeAsAny, model_validator

from . import registry
from .calendar import WEEKS_A_YEAR
from .errors import InputError, Phrase, nearest, typed
from .interventions import Horizon, Intervention, Past, Residents, build
from .population import areas
from .population.areas import DEFAULT_AREA, LARGEST, SMALLEST, Area
from .population.carried_rows import Rows, as_rows
from .population.situations import situation
from .timetable import Bought, canonical, gone_on, lever_table
from .toml_files import read_toml
from .validation import StrictModel, calendar_day, joined, number, with_keys


def as_interventions(value: object) -> tuple[Intervention, ...]:
    """Return the interventions that a list of tables, or a mapping of kinds to intensities, describes."""
    if isinstance(value, Mapping):
        items = [(joined(str(kind)), {"kind": kind, "intensity": intensity}) for kind, intensity in value.items()]
    elif isinstance(value, list | tuple):
        items = [(joined(i), item) for i, item in enumerate(value)]
    else:
        raise InputError("intervention.not_list", value=value, allowed=Phrase("allowed.interventions"))
    found = []
    for place, item in items:
        try:
            found.append(build(item))
        except InputError as error:
            error.place = joined(place, error.place)
            raise
    return tuple(found)


def flat(table: Mapping) -> Iterator[tuple[str, object]]:
    """Yield "rule.name", value: TOML reads an unquoted rule.name as a table in a table."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", number) for inner, number in value.items())
        else:
            yield str(name), value


def as_parameters(table: object) -> dict[str, float]:
    """Return parameters by name, in order; raises InputError on an unknown name or a number outside its plausible range."""
    if not isinstance(table, Mapping):
        raise InputError("parameter.not_table", value=table, allowed=Phrase("allowed.parameter_table"))
    known = registry.quantities()
    found = {}
    for given, value in sorted(flat(table), key=itemgetter(0)):
        name = registry.current(given)
        if name in found:
            raise InputError("parameter.twice", place=name, value=given, allowed=Phrase("allowed.one_of_them"))
        if name not in known:
            rule = name.partition(".")[0]
            names = [each for each in known if each.partition(".")[0] == rule]
            raise InputError(
                "parameter.unknown",
                value=name,
                allowed=names or Phrase("allowed.parameter", rules=tuple(registry.rules())),
                near=nearest(name, known),
            )
        level = number(value)
        if not known[name].allows(level):
            raise InputError("value.out_of_range", place=name, value=value, allowed=known[name].allowed)
        found[name] = level
    return dict(sorted(found.items()))


def spelled_out(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a scenario with the situation that it names, if any, written out: what it says itself stands.

    Raises InputError for an unknown situation; what is no parameters or interventions is left for its reader to refuse.
    """
    plain = {key: value for key, value in table.items() if key != "situation"}
    if table.get("situation") in (None, ""):
        return plain
    there = situation(table["situation"])
    numbers, programmes = plain.get("parameters", {}), plain.get("interventions", ())
    if isinstance(programmes, Mapping):
        programmes = [{"kind": kind, "intensity": intensity} for kind, intensity in programmes.items()]
    if isinstance(numbers, Mapping):
        plain["parameters"] = {**there.numbers, **dict(flat(numbers))}
    if isinstance(programmes, list | tuple):
        plain["interventions"] = [*programmes, *there.interventions]
    return plain


class Setting(StrictModel):
    """The setting of a scenario, and of all scenarios of a plan alike: area, residents, years and numbers."""

    area: str = Field(DEFAULT_AREA, description="a preset, a name or a code of the area")
    area_file: Path | None = Field(None, description="a CBS workbook (.xlsx) or CSV with the area")
    area_rows: Annotated[InstanceOf[Rows], BeforeValidator(as_rows)] = Field(
        Rows(), description="rows of such a file, in its place"
    )
    people: int | None = Field(
        None, ge=SMALLEST, le=LARGEST, description="residents to simulate; left out: as many as live there, of a preset 2,000"
    )
    years: int = Field(10, ge=1, le=50, description="years of 52 weeks")
    start: Annotated[date, BeforeValidator(calendar_day)] = Field(
        date(2026, 1, 5), ge=date(1900, 1, 1), le=date(2199, 12, 31), description="first day, as 2026-01-05"
    )
    parameters: Annotated[dict[str, float], BeforeValidator(as_parameters)] = Field(
        {}, description="parameters of rules, by name"
    )


@with_keys
class Scenario(Setting):
    """A what-if: an area, a horizon, parameters and dated interventions.  It never changes once made.

    Its keys are those of a TOML file, which `from_toml` reads.

    Raises
    ------
    InputError : a key cannot be used; the error names the value, its place and what is allowed.

    Examples
    --------
    >>> from kantelpunt import Scenario
    >>> presence = Scenario(people=500, years=2, interventions={"visible_presence": 0.5})
    >>> presence.weeks, presence.cost() > 0
    (104, True)
    >>> Scenario(years=200)
    Traceback (most recent call last):
        ...
    kantelpunt.model.errors.InputError: years: out of range (got 200)
    allowed: a whole number from 1 to 50
    """

    situation: None = Field(
        None, exclude=True, description="a situation to begin from; it is written out in parameters and interventions"
    )
    interventions: Annotated[tuple[SerializeAsAny[Intervention], ...], BeforeValidator(as_interventions)] = Field(
        (), description="a list of tables with a kind, or kinds with intensities"
    )

    _area: Area = PrivateAttr()
    _programmes: tuple[Intervention, ...] = PrivateAttr()

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, table: dict[str, Any]) -> dict[str, Any]:
        """Write out the situation that is named; raises InputError for an unknown one."""
        return spelled_out(table)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        """Look the area up and check every date; raises InputError."""
        if self.area_file and self.area_rows:
            raise InputError("area.file_and_rows", place="area_rows", allowed=Phrase("allowed.file_or_rows"))
        self._area = self.area_rows.area(self.area) if self.area_rows else areas.area(self.area, self.area_file)
        if not SMALLEST <= self.n_people <= LARGEST:
            raise InputError(
                "area.wrong_size",
                place="area",
                value=self.n_people,
                allowed=Phrase("allowed.people_between", low=SMALLEST, high=LARGEST),
            )
        for i, intervention in enumerate(self.interventions):
            try:
                intervention.profile(self.horizon)
            except InputError as error:
                error.place = joined("interventions", i, error.place)
                raise
        self._programmes = tuple(gone_on(self.interventions, self.horizon))
        return self

    @property
    def weeks(self) -> int:
        """Return the number of weeks."""
        return WEEKS_A_YEAR * self.years

    @property
    def horizon(self) -> Horizon:
        """Return the weeks that are simulated, with their dates."""
        return Horizon(self.start, self.weeks)

    def resolved_area(self) -> Area:
        """Return the figures of the area, as they were when the scenario was made."""
        return self._area

    @property
    def n_people(self) -> int:
        """Return the number of residents at the start: as asked for, or what the area has by default."""
        return self._area.default_people if self.people is None else self.people

    @property
    def residents(self) -> Residents:
        """Return the residents at the start, with the ages that interventions are meant for (evenly spread within age groups)."""
        each = self.n_people / self._area.people
        children, adolescents = each * self._area.age_0_14, each * self._area.age_15_24
        return Residents(self.n_people, children * 7 / 15, children * 3 / 15 + adolescents * 9 / 10)

    @property
    def programmes(self) -> tuple[Intervention, ...]:
        """Return the interventions, one in place of those that follow each other and differ in dates only."""
        return self._programmes

    def levers(self, past: Past | None = None, bought: Mapping[int, Bought] = MappingProxyType({})) -> np.ndarray:
        """Return the levers of every week in every quarter: shape (weeks + 1, 4) of `registry.levers_dtype()`, row 0 neutral.

        ``past`` and ``bought`` as `timetable.lever_table` takes them.
        """
        return lever_table(self.programmes, self.residents, self.horizon, past, bought)

    def cost(self) -> float:
        """Return the cost of all interventions together.

        Returns
        -------
        float : euros over the whole horizon.
        """
        return math.fsum(intervention.cost(self.residents, self.horizon) for intervention in self.interventions)

    @property
    def key(self) -> str:
        """Return a hash of all that makes this scenario: the area's figures, the interventions and what each of them moves."""
        content = self.model_dump(mode="json", exclude={"area", "area_file", "area_rows", "people", "interventions"})
        content["area"] = asdict(replace(self._area, source=""))
        content["people"] = self.n_people
        moved = [(canonical(each), each.levers(each.reached(self.residents))) for each in self.interventions]
        content["interventions"] = sorted(json.dumps(each, sort_keys=True) for each in moved)
        return blake2b(json.dumps(content, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()

    def __hash__(self) -> int:
        """Return a hash that equal scenarios share."""
        return hash(self.key)

    def changed(self, **changes: Any) -> Self:
        """Return this scenario with other values for some of its keys, checked like a new one.

        Parameters
        ----------
        changes : keys of a scenario with their new values.

        Returns
        -------
        Scenario : a new one; this one stays as it is.

        Raises
        ------
        InputError : a key is unknown, or its value cannot be used.

        Examples
        --------
        >>> Scenario(years=10).changed(years=5).weeks
        260
        """
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def scaled(self, people: int) -> Self:
        """Return the same scenario for another number of people: places and costs scale along, doses per head stay.

        Parameters
        ----------
        people : residents to simulate.

        Returns
        -------
        Scenario : a new one; this one stays as it is.

        Raises
        ------
        InputError : fewer people than the smallest neighbourhood (50), or more than the largest.

        Examples
        --------
        >>> whole = Scenario(people=2_000, interventions=[{"kind": "youth_activities", "places": 60}])
        >>> whole.scaled(1_000).interventions[0].places
        30.0
        """
        factor = people / self.n_people
        return self.changed(people=people, interventions=tuple(each.scaled(factor) for each in self.interventions))

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Return the scenario in a TOML file.

        Parameters
        ----------
        path : the file; a relative ``area_file`` in it is looked for beside it.

        Returns
        -------
        Scenario : the one that the file describes.

        Raises
        ------
        InputError : the file cannot be read, holds a plan, or has a key that cannot be used.

        Examples
        --------
        >>> from pathlib import Path
        >>> written = Path("scenario.toml").write_text('years = 5')
        >>> Scenario.from_toml("scenario.toml").years
        5
        """
        table = read_toml(path)
        if "scenario" in table:
            raise InputError("scenario.is_plan", place=path, allowed=Phrase("allowed.compare", path=typed(str(path))))
        if isinstance(table.get("area_file"), str):
            table["area_file"] = Path(path).parent / table["area_file"]
        return cls.read(table, place=str(path))

    def to_toml(self) -> str:
        """Return the scenario as TOML, without the keys that have their default (area and years are always there).

        Returns
        -------
        str : the text of a file that `from_toml` reads back.

        Examples
        --------
        >>> print(Scenario(years=5).to_toml())
        area = "tilburg-noord"
        years = 5
        <BLANKLINE>
        """
        table = self.model_dump(exclude_defaults=True, exclude={"interventions"})
        table = {"area": self.area, "years": self.years, **table}
        if self.area_file is not None:
            table["area_file"] = str(self.area_file.absolute())
        if self.interventions:
            table["interventions"] = [intervention.table() for intervention in self.interventions]
        return tomli_w.dumps(table)
