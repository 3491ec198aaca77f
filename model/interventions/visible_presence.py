"""Visible presence: professionals on foot, every day, who keep small promises."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import HOUR, TINY, Intervention, Residents, dose, ramp_of

HOURS = Quantity(
    40.0, 0.0, 200.0, "hour/week per 1,000 residents", "assumed: two people, six hours, every day, for 2,000 residents (M32)",
    "extra hours on foot", "lever",
)  # fmt: skip
ACTIONS = Quantity(
    1.0, 0.0, 20.0, "actions/week per 1,000 residents", "assumed (M31)", "small visible actions that are promised", "lever"
)
ACTION_COST = Quantity(300.0, 50.0, 1_500.0, "euro", "assumed: a lamp, a bench, a clean-up", "a small visible action", "fixed")


class VisiblePresence(Intervention):
    """Professionals on foot in the neighbourhood, every day, who talk, play along and make small promises.

    Who: youth workers, BOAs, community police and intervention professionals; everybody in the street.
    When: every week, evenings included; eight weeks until faces are known.
    Where: streets, squares and playgrounds.
    Reach: whoever is outside when they pass; more of them where people still dare to be outside.
    Effect: good contact raises trust in those one knows and, in part, in institutions; promises that are kept raise the expected
    use of reporting with who sees it, and broken ones lower it more; guardianship lowers the room for crime.  Trust from one
    contact fades (p22): stopping undoes much.  May fail where staff rotates (Blair e.a. 2021) or where the friend-enemy norm
    makes contact costly.
    Cost: hours at the assumed hourly cost of a professional, and an assumed 300 euros a small action.
    Sources: p21-p23, p37, p51; Peyton e.a. 2019; Gill e.a. 2014 (satisfaction and legitimacy, hardly crime); Ratcliffe e.a. 2011.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M19", "M30", "M31", "M32", "M62", "M65", "M71", "M82", "M83")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "visible_presence"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("good_contacts", "up")
    PARTS: ClassVar[tuple[str, ...]] = ("hours", "actions")

    kind: Literal["visible_presence"] = "visible_presence"
    ramp: int = ramp_of(8)
    hours: float = dose(HOURS)
    actions: float = dose(ACTIONS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return extra hours on foot and small actions."""
        return {"presence_hours": self.hours, "small_actions": self.actions}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of hours and actions."""
        return people.total / 1_000 * WEEKS_A_YEAR * (self.hours * HOUR + self.actions * ACTION_COST.default)
