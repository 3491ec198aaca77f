"""Youth activities: places after school and in the evening."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, places_of, ramp_of, rate

PLACES = Quantity(
    25.0, 0.0, 100.0, "places per 100 youths of 8-14", "assumed: one child in four", "places in activities", "lever"
)
PLACE_COST = Quantity(1_500.0, 700.0, 3_000.0, "euro/year", "assumed: groups of 15, some sessions a week", "a place", "fixed")


class YouthActivities(Intervention):
    """Organised activities for 8- to 14-year-olds after school and in the evening: off the street, among other peers.

    Who: children of 8-14; run by youth work, schools and clubs.
    When: all year round, after school and in the evening; thirteen weeks until the groups are filled.
    Where: community centre, school, sports hall.
    Reach: as many children as there are places: 25 for every 100, or ``places`` in all.
    Effect: less unsupervised time on the street, so less exposure at the most susceptible age.  May fail: the children least
    at risk may come first, and a square without children has fewer eyes.
    Cost: an assumed 1,500 euros a year for a place.
    Sources: p03, p04, p09; Hoeben & Weerman 2016 (unstructured time with peers); Spruit e.a. 2016 (sport with trained coaches).
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M5", "M9")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "Spruit e.a. 2016: no effect of sport as such")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "youth_activities"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("activity_members", "up")
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year", "places")

    kind: Literal["youth_activities"] = "youth_activities"
    ramp: int = ramp_of(13)
    places: float | None = places_of(PLACES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return places for every 100 children."""
        return {"activity_places": PLACES.default if self.places is None else rate(self.places, people.children, 100)}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the places."""
        places = PLACES.default / 100 * people.children if self.places is None else self.places
        return places * PLACE_COST.default
