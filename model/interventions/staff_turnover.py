"""Staff turnover: professionals come and go."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose

TIMES = Quantity(2.0, 0.2, 4.0, "ratio", "p49: 10-45 % a year against 25", "turnover against what is usual", "lever")


class StaffTurnover(Circumstance):
    """Professionals leave sooner than usual: a tight labour market, temporary contracts, reorganisations.

    Who: all professionals.
    When: from its date on.
    Where: in the organisations.
    Reach: every professional; by default twice the usual turnover (p49: 25 % a year).
    Effect: what residents knew of workers goes with them, ties break, a team is set back; newcomers start with less skill.
    Cost: none counted.
    Sources: p49, M73; loops R12, R13; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M73",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "staff_turnover"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("staff_left", "up")

    kind: Literal["staff_turnover"] = "staff_turnover"
    times: float = dose(TIMES)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return turnover against what is usual."""
        return {"rel_turnover": self.times}
