"""Legal opportunities: school places, first jobs, summer jobs."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, places_of, ramp_of, rate

PLACES = Quantity(10.0, 0.0, 60.0, "places per 1,000 residents", "assumed", "extra places at school and at work", "lever")
PLACE_COST = Quantity(6_000.0, 2_000.0, 15_000.0, "euro/year", "assumed: job coach and part of the wage", "a place", "fixed")


class LegalOpportunities(Intervention):
    """More places at school, in apprenticeships, first jobs and summer jobs, within reach of residents.

    Who: youths and adults without school or work.
    When: all year round; half a year until employers take part.
    Where: in the neighbourhood or near it.
    Reach: as many people as there are places: 10 for every 1,000 residents, or ``places`` in all.
    Effect: legal prospects rise and compete with quick money; school and work bind.  Does not reach who sees no way back, and
    pays less than crime does (p15).
    Cost: an assumed 6,000 euros a year for a place.
    Sources: p11, p14, p15; Heller 2014 (summer jobs, violence only), Sampson & Laub; NSCR 2017 (a record hardly
    lowers call-backs).
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M20", "M21", "M97")
    EVIDENCE: ClassVar[Evidence] = Evidence("recognised", "Heller 2014: summer jobs, violence only")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "legal_opportunities"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("prospects", "up")
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year", "places")

    kind: Literal["legal_opportunities"] = "legal_opportunities"
    ramp: int = ramp_of(26)
    places: float | None = places_of(PLACES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return places for every 1,000 residents."""
        return {"legal_places": PLACES.default if self.places is None else rate(self.places, people.total, 1_000)}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the places."""
        places = PLACES.default / 1_000 * people.total if self.places is None else self.places
        return places * PLACE_COST.default
