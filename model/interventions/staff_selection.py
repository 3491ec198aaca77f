"""Staff selection: the right people for the street."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose

LEVEL = Quantity(
    1.0, 0.0, 1.0, "level", "M88", "how much newcomers are chosen for the street: 1 is nobody who does not fit", "lever"
)
TIME = Quantity(0.03, 0.01, 0.1, "fte per 1,000 residents", "assumed", "longer search, days of trial, more pay", "fixed")


class StaffSelection(Intervention):
    """People who come to work here are chosen for being hands-on, not afraid, easy in contact and driven.

    Who: managers who hire; colleagues and residents who have a say.
    When: whenever somebody leaves and is replaced.
    Where: in the organisations.
    Reach: newcomers only: about a quarter of the professionals a year (p49).
    Effect: newcomers with more street skill and more courage, so better contact.  Slow: it works as fast as people leave, and it
    holds nobody.  Ties and what residents knew of the one who left are gone all the same.
    Cost: an assumed 0.03 of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: M88, M39; the Divosa report; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M39", "M88")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M88; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "staff_selection"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("skill", "up")

    kind: Literal["staff_selection"] = "staff_selection"
    level: float = dose(LEVEL)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how carefully newcomers are chosen."""
        return {"selection": self.level}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of searching longer."""
        return people.total / 1_000 * TIME.default * FTE.default * self.level
