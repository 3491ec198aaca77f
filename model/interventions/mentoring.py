"""Mentoring: one adult for one youth, for as long as it takes."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, places_of, ramp_of, rate

PLACES = Quantity(
    8.0, 0.0, 50.0, "mentors per 100 youths of 12-23", "assumed: the share at risk (p01, 8 %)", "youths with a mentor", "lever"
)
CASELOAD = Quantity(
    14.0,
    8.0,
    20.0,
    "youths per professional",
    "assumed: more than a person-centred worker (p45)",
    "caseload of a mentor",
    "fixed",
)


class Mentoring(Intervention):
    """A mentor or specialist youth worker who stays with a youth at risk and is trusted.

    Who: youths of 12-23 at risk of sliding further; mentors are professionals.
    When: all year round; twenty-six weeks to find and match everybody.
    Where: wherever the youth is.
    Reach: as many youths as there are mentors: 8 for every 100, or ``places`` in all.
    Effect: one trusted adult more, which lowers the hazard of sliding a little.  Modest and uneven; ends when the mentor leaves.
    Cost: a professional (assumed 85,000 euros a year) for every 14 youths.
    Sources: p45; Tolan e.a. 2013 (46 studies, modest and heterogeneous); specialist youth work ('2 %').
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M9",)
    EVIDENCE: ClassVar[Evidence] = Evidence("recognised", "Tolan e.a. 2013: 46 studies, modest and heterogeneous")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "mentoring"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("mentored", "up")
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year", "places")

    kind: Literal["mentoring"] = "mentoring"
    ramp: int = ramp_of(26)
    places: float | None = places_of(PLACES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return mentors for every 100 youths."""
        return {"mentor_places": PLACES.default if self.places is None else rate(self.places, people.youths, 100)}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the mentors."""
        places = PLACES.default / 100 * people.youths if self.places is None else self.places
        return places / CASELOAD.default * FTE.default
