"""Hot-spot enforcement: police and BOAs where most is the matter."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import HOUR, TINY, Evidence, Intervention, Residents, dose, ramp_of

HOURS = Quantity(20.0, 0.0, 200.0, "hour/week per 1,000 residents", "assumed", "extra hours of enforcement at hot spots", "lever")


class HotSpotEnforcement(Intervention):
    """Police officers and BOAs who are lent for it, at the places with most nuisance and crime, to check, fine and arrest.

    Who: whoever is at a hot spot.
    When: every week, from the first.
    Where: the few places where most is the matter.
    Reach: a small share of places, a large share of incidents.
    Effect: nuisance falls where patrols come, fades as offenders learn where to expect them (p37), moves in part (p36); contact
    over a fine costs trust, and some of it spills over to institutions.
    Cost: hours at the assumed hourly cost of a professional.
    Sources: p06, p23, p36, p37; Ratcliffe e.a. 2011, Braga e.a. 2019, Bowers e.a. 2011; loops B1, R11.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M15", "M73", "M105")
    EVIDENCE: ClassVar[Evidence] = Evidence("recognised", "Braga e.a. 2019: 65 studies, modest, mostly without displacement")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "hot_spot_enforcement"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("bad_contacts", "up")

    kind: Literal["hot_spot_enforcement"] = "hot_spot_enforcement"
    ramp: int = ramp_of(0)
    hours: float = dose(HOURS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return hours of enforcement, of people who are there from the first week."""
        return {"hotspot_hours": self.hours}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the hours."""
        return people.total / 1_000 * WEEKS_A_YEAR * self.hours * HOUR
