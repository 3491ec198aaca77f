"""Population growth: more people in the same dwellings."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose, ramp_of

SHARED = Quantity(
    0.15,
    0.0,
    0.4,
    "share",
    "assumed: about 2 % more people a year at first",
    "dwellings that come free and are shared by two households",
    "lever",
)


class PopulationGrowth(Circumstance):
    """More people come than dwellings: what comes free is split, or shared by two households.

    Who: newcomers; owners and landlords who split and let.
    When: from its date on.
    Where: in the quarters named.
    Reach: the dwellings that come free, about one in seven a year; by default 15 % of these.  The number of people grows for
    about ten years, by a sixth at most.
    Effect: more people, youths and newcomers who know nobody yet; the same professionals, squares and schools for more people.
    Cost: none.
    Sources: M59; the Movisie report; loop R15; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M59",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "population_growth"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("people", "up")

    kind: Literal["population_growth"] = "population_growth"
    ramp: int = ramp_of(0)
    shared: float = dose(SHARED)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of free dwellings that two households take."""
        return {"shared_dwellings": self.shared}
