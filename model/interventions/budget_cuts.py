"""Budget cuts: fewer hours of professionals."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose

CUT = Quantity(0.2, 0.0, 0.8, "share", "assumed", "share of the hours that is lost", "lever")


class BudgetCuts(Circumstance):
    """Organisations have less to spend and give this neighbourhood fewer hours.

    Who: all organisations.
    When: from its date on.
    Where: the neighbourhood in which most residents live decides (professionals are shared).
    Reach: every professional; by default a fifth of the hours.
    Effect: fewer rounds on the street, fewer hours for cases, so more waiting and more work for those who are left.
    Cost: none; what is saved is not counted.
    Sources: the design's scenario switches; loop B10, R13; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M48",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "budget_cuts"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("presence", "down")

    kind: Literal["budget_cuts"] = "budget_cuts"
    cut: float = dose(CUT)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the hours that are left."""
        return {"staffing": 1.0 - self.cut}
