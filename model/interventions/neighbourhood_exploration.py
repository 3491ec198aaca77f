"""Neighbourhood exploration: professionals go and look, and ask at front doors."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

HOURS = Quantity(
    4.0, 0.0, 40.0, "hour/week per 1,000 residents", "assumed",
    "hours in which professionals go out and ask, in place of case work", "lever",
)  # fmt: skip
STAFF = Quantity(0.03, 0.01, 0.1, "fte per 1,000 residents", "assumed", "somebody who plans it and brings it together", "fixed")


class NeighbourhoodExploration(Intervention):
    """The people who work here go and look on site, and ask residents, in place of reading about them.

    Who: everybody with a desk here; residents who open the door.
    When: every week; eight weeks until it is usual.
    Where: at front doors, by lot.
    Reach: by default four visits a week for every 1,000 residents; they hear most behind open doors, where people trust.
    Effect: professionals become aware of what goes on, which brings signals, true ones and others; it goes with those
    who leave, so it is kept where staff stays.  Their cases wait for them.
    Cost: an assumed 0.03 of a professional (85,000 euros a year) for every 1,000 residents; the hours are missing for cases.
    Sources: M82, M104; the Divosa report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M82", "M104")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M82; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "neighbourhood_exploration", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("explored", "up")

    kind: Literal["neighbourhood_exploration"] = "neighbourhood_exploration"
    ramp: int = ramp_of(8)
    hours: float = dose(HOURS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the hours that go into it."""
        return {"exploration": self.hours}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the person who brings it together."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.hours / HOURS.default
