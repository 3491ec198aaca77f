"""Mechanisms: what the field reports say, and how each is shown to act here.

`mechanisms.toml` has an entry for each of the mechanisms M1 .. M105.  An entry shows its mechanism by claims (a change of
a scenario moves an outcome up or down), by tests that exist, or says why it is represented otherwise.  Which rules and
interventions carry a mechanism stands with these (MECHANISMS).  Measurements of every claim stand in
`results/reference/mechanisms.csv`.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .. import registry
from ..calendar import WEEKS_A_YEAR
from ..errors import InputError, Phrase, nearest
from ..interventions import catalogue, dosed
from ..outcomes import OUTCOMES
from ..scenario import Scenario
from ..toml_files import read_toml
from ..validation import StrictModel, joined

FILE = Path(__file__).with_name("mechanisms.toml")
IDS = tuple(f"M{number}" for number in range(1, 106))
BASES = "bases"  # the table of scenarios that claims start from


def an_outcome(value: object) -> object:
    """Return the name of an outcome; raises InputError where there is none of that name."""
    if value is not None and value not in OUTCOMES:
        raise InputError("outcome.unknown", value=value, allowed=Phrase("allowed.outcome"), near=nearest(str(value), OUTCOMES))
    return value


Name = Annotated[str, BeforeValidator(an_outcome)]


class Change(StrictModel):
    """The change that a claim makes in its base."""

    interventions: tuple[dict[str, Any], ...] | None = None
    parameters: dict[str, Any] | None = None


class Claim(StrictModel):
    """A change of a base scenario moves an outcome, in worlds with the same people and the same luck."""

    base: str = Field(description="one of the scenarios of the table bases")
    change: Change = Field(description="other interventions or parameters: all that then hold, as in Scenario.changed")
    outcome: Name = Field(description="what is measured: its mean over the weeks")
    per: Name | None = Field(None, description="an outcome to divide by: then the ratio of both sums over the weeks")
    weeks: tuple[int, int] = Field(description="first and last week in which it is measured")
    moves: Literal["up", "down"] = Field(description="which way the change moves it")
    beyond_parts: bool = Field(False, description="the effect of all that is changed, less the effects of each part alone")

    def parts(self, base: Scenario) -> list[dict[str, Any]]:
        """Return every part of the change as a change of its own: each intervention, each parameter."""
        whole, kept = self.scenario(base), list(base.interventions)
        numbers = sorted(whole.parameters.items() - base.parameters.items())
        return [
            *({"interventions": [*kept, each]} for each in whole.interventions if each not in kept),
            *({"parameters": {**base.parameters, name: value}} for name, value in numbers),
        ]

    def scenario(self, base: Scenario) -> Scenario:
        """Return the changed scenario."""
        return base.changed(**self.change.model_dump(exclude_none=True))

    def told(self, base: Scenario) -> str:
        """Return in short what is changed: interventions with their doses, parameters with their values."""
        whole = self.scenario(base)
        new = [each for each in whole.interventions if each not in base.interventions]
        gone = [each for each in base.interventions if each not in whole.interventions]
        numbers = sorted(whole.parameters.items() - base.parameters.items())
        return ", ".join(
            [
                *(dosed(each) for each in new),
                *(f"no {each.kind}" for each in gone if each.kind not in [other.kind for other in new]),
                *(f"{name} = {value:g}" for name, value in numbers),
            ]
        )

    def weighted(self, bases: Mapping[str, Scenario]) -> list[tuple[float, Scenario]]:
        """Return the scenarios to compare, with weights that sum to 0: the claim is about the weighted sum of their outcomes."""
        base = bases[self.base].changed(years=math.ceil(self.weeks[1] / WEEKS_A_YEAR))
        parts = self.parts(base) if self.beyond_parts else []
        return [
            (1.0, self.scenario(base)),
            *((-1.0, base.changed(**part)) for part in parts),
            (len(parts) - 1.0, base),
        ]


class Mechanism(StrictModel):
    """The statement of the reports about one mechanism, and how it is shown."""

    says: str = Field(min_length=10, description="what the field reports say, in a few words")
    shown: tuple[Claim, ...] = Field((), description="claims")
    tests: tuple[str, ...] = Field((), description="tests that show it, as tests/rules/test_trust.py::test_...")
    otherwise: str = Field("", description="why it is represented in another way, and where")

    @model_validator(mode="after")
    def _shown_somehow(self) -> Self:
        if not (self.shown or self.tests or self.otherwise):
            raise InputError("mechanism.not_shown", allowed=Phrase("allowed.shown"))
        return self


class Book(StrictModel):
    """All mechanisms, and the scenarios that their claims start from."""

    bases: dict[str, Scenario]
    mechanisms: dict[str, Mechanism]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Check that every mechanism has its entry and every claim its base and its weeks; raises InputError."""
        for name in sorted({*IDS} ^ {*self.mechanisms}):
            code = "mechanism.missing" if name in IDS else "mechanism.unknown"
            raise InputError(code, value=name, allowed=Phrase("allowed.every_mechanism"))
        for name, mechanism in self.mechanisms.items():
            for i, claim in enumerate(mechanism.shown):
                place = joined(name, "shown", i)
                if claim.base not in self.bases:
                    raise InputError("base.unknown", place=place, value=claim.base, allowed=self.bases)
                if not 0 < claim.weeks[0] <= claim.weeks[1]:
                    raise InputError(
                        "weeks.reversed", place=place, value=claim.weeks, allowed=Phrase("allowed.first_before_last")
                    )
        return self


@cache
def book(path: Path = FILE) -> Book:
    """Return all mechanisms; raises InputError naming the entry that cannot be used."""
    table = read_toml(path)
    return Book.read({"bases": table.pop(BASES, {}), "mechanisms": table}, place=path.name)


def carriers(name: str) -> dict[str, tuple[str, ...]]:
    """Return the rules and the interventions that carry a mechanism."""
    things: dict[str, Mapping[str, Any]] = {"rules": registry.rules(), "interventions": catalogue()}
    return {kind: tuple(each for each, thing in known.items() if name in thing.MECHANISMS) for kind, known in things.items()}
