"""Situations: named circumstances to begin from, kept as data in `situations.toml`.

A situation says what a neighbourhood is like, or what is there already, beyond the figures of its area: numbers of rules and
programmes that run.  A scenario that names one is spelled out when it is read (`scenario.spelled_out`).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ..errors import InputError, nearest
from ..interventions import build, dosed
from ..validation import StrictModel

FILE = Path(__file__).with_name("situations.toml")


class Situation(StrictModel):
    """A state of a neighbourhood, or something there already, beyond the figures of its area."""

    says: str = Field(min_length=10, description="what it is, in a line")
    source: str = Field(min_length=2, description="where it comes from")
    parameters: dict[str, dict[str, float]] = Field({}, description="numbers of rules, by rule and name")
    interventions: tuple[dict[str, Any], ...] = Field((), description="a list of tables with a kind")

    @property
    def numbers(self) -> dict[str, float]:
        """Return its parameters by name, as rule.parameter."""
        return {f"{rule}.{name}": number for rule, some in self.parameters.items() for name, number in some.items()}

    @property
    def sets(self) -> str:
        """Return in short what it sets: parameters with their values, interventions with their doses."""
        programmes = [dosed(build(each)) for each in self.interventions]
        return ", ".join([*(f"{name} = {number:g}" for name, number in self.numbers.items()), *programmes])


@cache
def situations() -> dict[str, Situation]:
    """Return name -> situation, in the order of the file; raises InputError naming the one that cannot be used."""
    return {name: Situation.read(table, f"{FILE.name}: {name}") for name, table in tomllib.loads(FILE.read_text("utf-8")).items()}


def situation(name: object) -> Situation:
    """Return one situation; raises InputError for an unknown name."""
    known = situations()
    if not isinstance(name, str) or name not in known:
        raise InputError("situation.unknown", place="situation", value=name, allowed=known, near=nearest(str(name), known))
    return known[name]
