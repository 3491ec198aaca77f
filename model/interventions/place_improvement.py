"""Place improvement: light, locks and somebody who manages garage boxes."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

LEVEL = Quantity(1.0, 0.0, 1.0, "level", "assumed", "light, locks and management: 1 is every hidden spot", "lever")
WORKS = Quantity(12_000.0, 3_000.0, 40_000.0, "euro/year per 1,000 residents", "assumed", "works, spread over years", "fixed")
MANAGER = Quantity(0.1, 0.03, 0.3, "fte per 1,000 residents", "assumed", "a manager of places", "fixed")


class PlaceImprovement(Intervention):
    """Hidden spots are lit, locked, kept clean and let out by somebody who knows who has the key.

    Who: housing corporation, owners of garage boxes, municipality, police.
    When: all year round; half a year until the work is done.
    Where: garage boxes, cellars, alleys and other hidden spots.
    Reach: all of them, at full strength.
    Effect: less room for crime there.  Part of what happened there moves elsewhere, and crews find other places.
    Cost: an assumed 12,000 euros a year for works and an assumed 0.1 of a manager (85,000 euros a year), for every 1,000
    residents.
    Sources: Welsh and Farrington 2008 (light); Eck (place managers); p36 (displacement); size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M15",)
    EVIDENCE: ClassVar[Evidence] = Evidence("recognised", "Welsh and Farrington 2008: light")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "place_improvement", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("criminal_opportunity", "down")

    kind: Literal["place_improvement"] = "place_improvement"
    ramp: int = ramp_of(26)
    level: float = dose(LEVEL)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how well hidden spots are managed."""
        return {"place_management": self.level}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of works and management."""
        return people.total / 1_000 * (WORKS.default + MANAGER.default * FTE.default) * self.level
