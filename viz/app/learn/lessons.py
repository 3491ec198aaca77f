"""Lessons: two worlds, a prediction by the room, and what then happens in them.  `lessons.toml` holds what is played."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field

from kantelpunt.experiments.design.question import as_outcome, as_outcomes
from kantelpunt.model.branching import simulate_together
from kantelpunt.model.interventions import Intervention
from kantelpunt.model.outcomes import OUTCOMES, is_total
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.scenario import Scenario, as_interventions
from kantelpunt.model.validation import StrictModel

from .paired_worlds import PairedWorlds

FILE = Path(__file__).parent / "lessons.toml"
STEPS = ("scene", "predict", "run", "reveal", "talk")
Way = Literal["lower", "same", "higher"]
WAYS: tuple[Way, ...] = ("lower", "same", "higher")
Interventions = Annotated[tuple[Intervention, ...], BeforeValidator(as_interventions)]


def at_dose(intervention: Intervention, dose: float) -> Intervention:
    """Return an intervention at a share of its intensity."""
    return intervention.model_copy(update={"intensity": dose * intervention.intensity})


class Asked(StrictModel):
    """The prediction of the audience: how the right world differs from the left one."""

    outcome: Annotated[str, BeforeValidator(as_outcome)]
    from_: int = Field(alias="from", ge=0)
    until: int = Field(ge=1)
    same: float = Field(gt=0.0, lt=1.0)

    @property
    def percent(self) -> int:
        """Return up to how many percent of difference both worlds count as about the same."""
        return round(100 * self.same)

    def of(self, history: np.ndarray) -> float:
        """Return what is asked of a history, (weeks + 1, outcomes): a sum of what is counted each week, a mean of a level."""
        values = history[self.from_ : self.until + 1, list(OUTCOMES).index(self.outcome)]
        return float(values.sum() if is_total(self.outcome) else values.mean())

    def way(self, left: float, right: float) -> Way:
        """Return how the right world differs from the left one."""
        if abs(right - left) <= self.same * max(abs(left), abs(right)):
            return "same"
        return "higher" if right > left else "lower"


class Lesson(StrictModel):
    """A lesson as `lessons.toml` describes it."""

    years: int = Field(ge=1, le=10)
    left: Interventions
    right: Interventions
    asked: Asked
    mostly: Way | None = None
    charts: Annotated[tuple[str, ...], BeforeValidator(as_outcomes)]
    added: Annotated[tuple[str, ...], BeforeValidator(as_outcomes)] = ()
    layer: str
    speed: int

    @property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Return what both worlds live under."""
        base = Scenario(area=DEFAULT_AREA, years=self.years)
        return base.changed(interventions=self.left), base.changed(interventions=self.right)

    def dosed(self, dose: float) -> Self:
        """Return the lesson with a share of its interventions, in both worlds."""
        left, right = (tuple(at_dose(each, dose) for each in some) for some in (self.left, self.right))
        return self.model_copy(update={"left": left, "right": right})

    def twins(self, seed: int) -> PairedWorlds:
        """Return the two worlds at their start."""
        return PairedWorlds(*self.scenarios, seed)

    def found(self, twins: PairedWorlds) -> "Found":
        """Return what happened in two worlds that have been seen to their end."""
        left, right = (self.asked.of(world.history) for world in twins.worlds)
        return Found(left=left, right=right, way=self.asked.way(left, right))

    def elsewhere(self, seeds: Sequence[int]) -> dict[Way, int]:
        """Return in how many other worlds it goes each way."""
        ways = [self.asked.way(*self.both(seed)) for seed in seeds]
        return {way: ways.count(way) for way in WAYS}

    def both(self, seed: int) -> tuple[float, float]:
        """Return what is asked, in both worlds of a seed."""
        found = {number: self.asked.of(run.world.history) for number, run, _ in simulate_together(self.scenarios, seed)}
        return found[0], found[1]


class Found(StrictModel):
    """The outcome that is asked about, in both worlds, and which prediction was right."""

    left: float
    right: float
    way: Way


@cache
def lessons() -> dict[str, Lesson]:
    """Return name -> lesson, in the order in which they are given; raises InputError where the file cannot be used."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Lesson.read(table, place=f"{FILE.name} [{name}]") for name, table in tables.items()}
