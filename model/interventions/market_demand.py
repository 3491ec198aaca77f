"""Market demand: more, or less, demand for drugs."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose

TIMES = Quantity(1.2, 0.2, 3.0, "ratio", "assumed", "demand against what is usual", "lever")


class MarketDemand(Circumstance):
    """Demand for drugs and other goods and services of crews is higher or lower than usual.

    Who: customers, mostly from elsewhere.
    When: from its date on.
    Where: in the quarters named.
    Reach: every place; by default a fifth more demand.
    Effect: more room for crime where nobody watches.  Above a quarter more the room is full: more demand changes nothing.
    Cost: none.
    Sources: M15, M60; the design's scenario switches; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M60",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "market_demand"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("criminal_opportunity", "up")

    kind: Literal["market_demand"] = "market_demand"
    times: float = dose(TIMES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return demand against what is usual."""
        return {"market_demand": self.times}
