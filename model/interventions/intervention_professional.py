"""Intervention professional: feet in the clay, with a mandate from the board."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

HOURS = Quantity(8.0, 0.0, 60.0, "hour/week per 1,000 residents", "assumed", "hours on the street", "lever")
MANDATE = Quantity(0.3, 0.0, 1.0, "share", "assumed (M63)", "share of cases in which the mandate is used", "lever")
STAFF = Quantity(0.4, 0.2, 1.0, "fte per 1,000 residents", "assumed: one for 2,500 residents", "staff", "fixed")


class InterventionProfessional(Intervention):
    """Somebody who is in the street outside office hours, acts at once, and may break through walls between institutions.

    Who: an experienced outreach worker; residents, youths and families; the board that gives the mandate.
    When: every week, evenings and weekends, from when the post is filled; a successor starts anew.
    Where: street, squares, at home, at the desks where cases are stuck.
    Reach: by default three cases in ten, and whoever is outside when they pass.
    Effect: good contact, so trust; stuck cases are let through, refused less and wait less for a go.  Depends on one person:
    without skill or with a strong friend-enemy norm little comes of it, and the trust goes when the person goes.
    Cost: an assumed 0.4 of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: M61-M63, M81, M83; the Movisie report; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M61", "M62", "M63", "M81", "M83", "M91")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M61-M63; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "intervention_professional", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("good_contacts", "up")
    PARTS: ClassVar[tuple[str, ...]] = ("hours", "mandate")

    kind: Literal["intervention_professional"] = "intervention_professional"
    ramp: int = ramp_of(0)
    hours: float = dose(HOURS)
    mandate: float = dose(MANDATE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return hours on the street, spent on contact by somebody of experience, and the share of cases with a mandate."""
        hours = dict.fromkeys(("presence_hours", "experienced_hours", "seeking_hours"), self.hours)
        return {**hours, "mandate": self.mandate}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the professional, half for the street and half for the cases."""
        effort = (self.hours / HOURS.default + self.mandate / MANDATE.default) / 2
        return people.total / 1_000 * STAFF.default * FTE.default * effort
