"""Systemic working: try, look, keep what works, drop what does not, within a fixed budget."""

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..arithmetic import logarithm
from ..draws import Draw, choose, key, uniform
from ..outcomes import OUTCOMES
from ..quantity import Quantity
from . import TINY, Horizon, Intervention, Residents, Seen, dose, ramp_of
from .hot_spot_enforcement import HotSpotEnforcement
from .legal_opportunities import LegalOpportunities
from .mentoring import Mentoring
from .visible_presence import VisiblePresence
from .youth_activities import YouthActivities

QUARTER = 13  # weeks from one look to the next
OPTIONS = (VisiblePresence(), YouthActivities(), Mentoring(), LegalOpportunities(), HotSpotEnforcement())
INDICATORS = tuple(list(OUTCOMES).index(name) for name in ("involved_youths", "incidents", "unsafe_survey"))
BUDGET = Quantity(
    120_000.0, 20_000.0, 300_000.0, "euro/year per 1,000 residents", "assumed", "budget that is divided over all options", "lever"
)
STEP = Quantity(
    0.3,
    0.0,
    0.8,
    "share",
    "assumed (M18); 0 is a static plan",
    "share of the budget moved to what is tried this quarter",
    "lever",
)
NOISE = Quantity(
    0.2, 0.0, 10.0, "ratio", "assumed (M18); 10 is as good as a lot", "error of each indicator, in ratio to its value", "lever"
)


class SystemicWorking(Intervention):
    """A team with a budget tries something every quarter, looks what happens, keeps what works and drops what does not.

    Who: the frontline organisations together; they divide one budget over presence, activities, mentors, legal opportunities and
    hot spots.
    When: every quarter.
    Where: in the quarters named.
    Reach: that of what the budget buys.
    Effect: money moves to what seems to help.  The team sees indicators that are noisy and late (involved youths as it reckons,
    nuisance and crime, the yearly survey), and takes what happened after a change for its effect.  So it may chase luck, and do
    no better, or worse, than the same budget in equal parts (``step`` 0) or moved by lot (``noise`` 10).
    Cost: the budget, whatever it is spent on.
    Sources: M16-M18; the Utrecht and Tilburg reports (action learning); sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M17", "M18")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "systemic_working", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("mentored", "up")
    QUALITIES: ClassVar[tuple[str, ...]] = tuple(sorted({name for option in OPTIONS for name in option.QUALITIES}))
    PERIOD: ClassVar[int] = QUARTER

    kind: Literal["systemic_working"] = "systemic_working"
    ramp: int = ramp_of(13)
    budget: float = dose(BUDGET)
    step: float = dose(STEP)
    noise: float = dose(NOISE)
    late: int = Field(1, ge=0, le=8, description="quarters until the indicators of a quarter are known")

    def levers(self, people: Residents) -> dict[str, float]:
        """Return what the budget buys in equal parts."""
        part = self.euros_per_year(people) / len(OPTIONS)
        return {
            lever: value if lever in self.QUALITIES else value * part / max(option.euros_per_year(people), 1.0)
            for option in OPTIONS
            for lever, value in option.levers(people).items()
        }

    def euros_per_year(self, people: Residents) -> float:
        """Return the budget."""
        return people.total / 1_000 * self.budget

    def share_of(self, lever: str, horizon: Horizon, seen: Seen | None = None) -> np.ndarray:
        """Return how much of a lever is on in each week, against equal parts: as decided on what is seen, from now on."""
        share = self.profile(horizon)
        if seen is None:
            return share
        people = Residents(1_000.0, 100.0, 150.0)  # which levers an option has does not depend on them
        bought = next(i for i, option in enumerate(OPTIONS) if lever in option.levers(people))
        first = (self.window(horizon)[0] - 1) // QUARTER
        return share * len(OPTIONS) * self.division(first, seen)[bought]

    def division(self, first: int, seen: Seen) -> np.ndarray:
        """Return the share of the budget for each option in the quarter that begins, having started in the quarter ``first``."""
        now = (len(seen.history) - 1) // QUARTER
        kept = np.full(len(OPTIONS), 1.0 / len(OPTIONS))
        known = self.states(first, max(now - self.late, first), seen)
        for quarter, (before, after) in enumerate(pairwise(known), first + 1):
            if after < before:
                kept = self.shifted(kept, tried(seen.seed, quarter))
            else:
                kept[tried(seen.seed, quarter)] *= 1.0 - self.step
                kept /= math.fsum(kept)
        return self.shifted(kept, tried(seen.seed, now)) if now > first else kept

    def shifted(self, kept: np.ndarray, option: int) -> np.ndarray:
        """Return a division with one step towards one option."""
        return (1.0 - self.step) * kept + self.step * (np.arange(kept.size) == option)

    def states(self, first: int, end: int, seen: Seen) -> list[float]:
        """Return how bad the neighbourhood looks in the quarters first .. end - 1, by the indicators as the team sees them."""
        weeks = seen.history[first * QUARTER + 1 : end * QUARTER + 1, INDICATORS]
        looks = weeks.reshape(-1, QUARTER, len(INDICATORS))
        return [badness(look) + self.noise * error(seen.seed, quarter) for quarter, look in enumerate(looks, first)]


def badness(look: np.ndarray) -> float:
    """Return how bad things are in a quarter, shape (weeks, indicators): the logarithms of the means, added up."""
    return math.fsum(logarithm(1.0 + math.fsum(weeks) / len(look)) for weeks in look.T)


@lru_cache(maxsize=4096)
def tried(seed: int, quarter: int) -> int:
    """Return the option that is tried in a quarter of a world."""
    return int(choose(len(OPTIONS), np.uint64(key(seed, Draw.TRIAL, quarter)), 0))


@lru_cache(maxsize=4096)
def error(seed: int, quarter: int) -> float:
    """Return the sum of the errors of the indicators of a quarter of a world, each of spread 1: twelve draws less six, a bell."""
    dice = np.uint64(key(seed, Draw.INDICATOR, quarter))
    return math.fsum(uniform(dice, i) - 0.5 for i in range(12 * len(INDICATORS)))
