"""Small visible actions: a lamp, a bench, a clean-up, promised, and done or not."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, dose
from .visible_presence import ACTION_COST

ACTIONS = Quantity(
    2.0, 0.0, 20.0, "actions/week per 1,000 residents", "assumed (M31)", "small visible actions that are promised", "lever"
)


class SmallVisibleActions(Intervention):
    """Small things that residents ask for or workers spot, promised, and done within weeks if there are the people for it.

    Who: whoever works here, promises it and has hours and backing for it; it hires nobody.
    When: every week.
    Where: streets, squares, stairwells.
    Reach: people who live or pass within sight and notice; by default two promises a week for every 1,000 residents.
    Effect: each one that is done tidies its place, and people who see it expect more of a report and trust the municipality a
    bit more.  An action that nobody has time or a place for is not promised; more promises than the people there
    have hours for are broken, and a broken one costs more than a kept one gives: it may harm.
    Cost: an assumed 300 euros an action; the hours that it takes are missing elsewhere.
    Sources: M31, M66; the Tilburg and Movisie reports; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M31", "M62", "M66")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M31, M66: a broken promise costs more than a kept one gives; no trial")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "small_visible_actions"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("promises_kept", "up")

    kind: Literal["small_visible_actions"] = "small_visible_actions"
    actions: float = dose(ACTIONS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return small actions that are promised a week."""
        return {"small_actions": self.actions}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the actions."""
        return people.total / 1_000 * WEEKS_A_YEAR * self.actions * ACTION_COST.default
