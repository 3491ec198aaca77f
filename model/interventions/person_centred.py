"""Person-centred approach: one plan for school, work, debts and home, with a coach."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, places_of, ramp_of, rate

PLACES = Quantity(
    4.0, 0.0, 30.0, "places per 1,000 residents", "assumed: a third of the youths at risk (p01)", "people with a plan", "lever"
)
DOMAINS = Quantity(
    4.0, 1.0, 6.0, "life domains", "M98: school, job, debts and a coach together", "life domains that a plan can help in", "lever"
)
CASELOAD = Quantity(8.0, 5.0, 15.0, "people per professional", "p45; Venlo started with six youths (M101)", "caseload", "fixed")
DOMAIN_COST = Quantity(1_000.0, 300.0, 3_000.0, "euro/year", "assumed", "what a plan spends in one life domain", "fixed")


class PersonCentred(Intervention):
    """A plan for one person in several life domains at once: school, job, debts, home, health, with a coach who stays.

    Who: youths and young adults who have begun to slide, and who want out; small caseloads.
    When: all year round; half a year before information may be shared (p48).
    Where: behind the front door and at the desks that must cooperate.
    Reach: as many people as there are places: 4 for every 1,000 residents, or ``places`` in all.
    Effect: helps to leave where at least three domains match problems that somebody has, hardly where only one does; about
    nothing for late, heavy cases (Top600: no less, rather more recidivism).
    Cost: a professional (assumed 85,000 euros a year) for every 8 people, and an assumed 1,000 euros a domain.
    Sources: p45-p48; Top600 (WODC 2023), Alleen jij bepaalt; the Divosa report.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M41", "M96", "M98", "M99", "M100", "M101")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "p46; WODC 2023: no effect in late, heavy cases (Top600)")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "person_centred", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("in_plan", "up")
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year", "places")
    QUALITIES: ClassVar[tuple[str, ...]] = ("plan_domains",)

    kind: Literal["person_centred"] = "person_centred"
    ramp: int = ramp_of(26)
    places: float | None = places_of(PLACES)
    domains: float = dose(DOMAINS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return places for every 1,000 residents and the domains of a plan."""
        places = PLACES.default if self.places is None else rate(self.places, people.total, 1_000)
        return {"plan_places": places, "plan_domains": self.domains}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of coaches and what plans spend."""
        places = PLACES.default / 1_000 * people.total if self.places is None else self.places
        return places * (FTE.default / CASELOAD.default + self.domains * DOMAIN_COST.default)
