"""Eviction: households that cannot pay their rent are put out."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose, ramp_of

EVICTIONS = Quantity(
    5.0, 0.0, 100.0, "evictions/year per 1,000", "Aedes 2021 (1,720 in 2020, 3,000 in 2018: about one per 1,000) as direction",
    "evictions per 1,000 tenant households at full poverty", "lever",
)  # fmt: skip


class Eviction(Circumstance):
    """Tenants are put out of their dwellings, more of them where people are poor.

    Who: households that rent; the corporation, the court and the bailiff.
    When: every week, by lot.
    Where: at the front door.
    Reach: by default five a year of 1,000 households at full poverty, and of others in proportion.
    Effect: the household is gone, and another takes the dwelling; whoever sees it, and friends and kin most of all, trust
    institutions less.  A family that held the neighbourhood in its grip may be among those who go.
    Cost: none counted.
    Sources: Aedes 2021; Desmond 2012 as direction; M48; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M48",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "eviction", "evictions": 100.0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("evictions", "up")

    kind: Literal["eviction"] = "eviction"
    ramp: int = ramp_of(0)
    evictions: float = dose(EVICTIONS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how many are evicted."""
        return {"evictions": self.evictions}
