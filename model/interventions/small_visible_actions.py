"""Small visible actions: a lamp, a bench, a clean-up, promised and done."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import TINY, Intervention, Residents, dose
from .visible_presence import ACTION_COST

ACTIONS = Quantity(
    2.0, 0.0, 20.0, "actions/week per 1,000 residents", "assumed (M31)", "small visible actions and kept promises", "lever"
)


class SmallVisibleActions(Intervention):
    """Small things that residents asked for, promised, done within weeks, and seen by neighbours.

    Who: whoever in the municipality, the housing corporation and the street can get small things done.
    When: every week.
    Where: streets, squares, stairwells.
    Reach: everybody who lives where it runs; by default two actions a week for every 1,000 residents.
    Effect: disorder is tidied and the expected use of a report grows.  It fades when it stops, and it does not touch what crews
    live off: alone it may leave recruitment as it is.
    Cost: an assumed 300 euros an action.
    Sources: M31; the Tilburg report; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M31", "M62")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "small_visible_actions"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("disorder", "down")

    kind: Literal["small_visible_actions"] = "small_visible_actions"
    actions: float = dose(ACTIONS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return small actions a week."""
        return {"small_actions": self.actions}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the actions."""
        return people.total / 1_000 * WEEKS_A_YEAR * self.actions * ACTION_COST.default
