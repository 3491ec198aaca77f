"""Sirenelunch: professionals meet over lunch, without an agenda."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import HOUR, TINY, Evidence, Intervention, Residents, dose, ramp_of

MEETINGS = Quantity(1.0, 0.0, 4.0, "meetings a month", "M64: monthly", "meetings a month", "lever")
GUESTS = Quantity(2.0, 0.5, 5.0, "professionals per 1,000 residents", "assumed", "professionals who come", "fixed")
GUEST_HOURS = Quantity(1.5, 1.0, 3.0, "hour", "assumed", "length of a meeting with the way there", "fixed")
MEAL = Quantity(10.0, 5.0, 20.0, "euro", "assumed", "a lunch", "fixed")


class Sirenelunch(Intervention):
    """An informal lunch where professionals of all organisations meet, at the hour of the monthly siren.

    Who: frontline professionals; nobody else.
    When: once a month.
    Where: somewhere in the neighbourhood, each time with another host.
    Reach: those who come; not everybody does.
    Effect: people who know each other hand cases over more quickly: a case goes to the colleague across whom its holder knows
    best.  Alone it hardly moves crime (V27).
    Cost: the guests' time at the assumed hourly cost of a professional, and an assumed 10 euros a meal.
    Sources: p41, p43; the Movisie report; loop R19.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M64",)
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "p41, M64; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "sirenelunch"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("ties", "up")

    kind: Literal["sirenelunch"] = "sirenelunch"
    ramp: int = ramp_of(0)
    meetings: float = dose(MEETINGS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return meetings a month."""
        return {"sirenelunch": self.meetings}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the guests' time and meals."""
        guest = GUEST_HOURS.default * HOUR + MEAL.default
        return people.total / 1_000 * GUESTS.default * guest * 12 * self.meetings
