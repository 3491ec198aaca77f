"""Group programme: youths at risk are brought together."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, places_of, ramp_of, rate

PLACES = Quantity(
    4.0, 0.0, 50.0, "places per 100 youths of 12-23", "assumed: half of the share at risk (p01, 8 %)", "places in groups", "lever"
)
GROUP = Quantity(25.0, 10.0, 40.0, "places per professional", "assumed: groups of eight", "youths in groups of a worker", "fixed")


class GroupProgramme(Intervention):
    """A programme in groups for youths at risk: sport, training of skills, projects, with a worker.

    Who: youths of 12-23 at risk of sliding further who have no mentor; workers who lead groups.
    When: all year round, in courses of a quarter of a year; thirteen weeks until the groups are filled.
    Where: community centre, school, sports hall.
    Reach: as many youths as there are places and can be reached: 4 for every 100, or ``places`` in all.
    Effect: off the street for the length of a course, with better prospects.  It may harm: they meet each other, and who makes
    friends with somebody who works for a crew is nearer to it than before (peer contagion).  Which of the two weighs more is
    for the model to tell.
    Cost: a professional (assumed 85,000 euros a year) for every 25 places.
    Sources: Dishion, McCord and Poulin 1999 (groups of youths at risk do harm); M9; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M9",)
    EVIDENCE: ClassVar[Evidence] = Evidence("may_harm", "Dishion, McCord and Poulin 1999: youths at risk teach each other")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "group_programme", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("grouped", "up")
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year", "places")

    kind: Literal["group_programme"] = "group_programme"
    ramp: int = ramp_of(13)
    places: float | None = places_of(PLACES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return places for every 100 youths."""
        return {"group_places": PLACES.default if self.places is None else rate(self.places, people.youths, 100)}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the workers."""
        places = PLACES.default / 100 * people.youths if self.places is None else self.places
        return places / GROUP.default * FTE.default
