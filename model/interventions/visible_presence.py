"""Visible presence: professionals on foot, every day, who are hired for it and make small promises."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import HOUR, TINY, Evidence, Intervention, Residents, dose, ramp_of

HOURS = Quantity(
    40.0, 0.0, 200.0, "hour/week per 1,000 residents", "assumed: two people, six hours, every day, for 2,000 residents (M32)",
    "hours on the street, of people who are hired for it", "lever",
)  # fmt: skip
ACTIONS = Quantity(
    1.0, 0.0, 20.0, "actions/week per 1,000 residents", "assumed (M31)", "small visible actions that are promised", "lever"
)
APPROACH = Quantity(
    2.0,
    0.0,
    2.0,
    "level",
    "assumed (M32, M65)",
    "an hour on the street: driving by (0), walking (1), seeking contact (2)",
    "lever",
)
ROTATION = Quantity(
    0.3, 0.0, 1.0, "share", "assumed; Blair e.a. 2021 as direction", "share of their rounds outside their own beat", "lever"
)
HIRING = Quantity(
    1.0, 0.0, 4.0, "ratio", "assumed", "weeks until a post is filled, against what is usual; 0: staff is lent", "lever"
)
ACTION_COST = Quantity(300.0, 50.0, 1_500.0, "euro", "assumed: a lamp, a bench, a clean-up", "a small visible action", "fixed")


class VisiblePresence(Intervention):
    """Professionals on foot in the neighbourhood, every day, who talk, play along and make small promises.

    Who: youth workers and intervention professionals who are hired for it, one for 27 hours a week; everybody in the street.
    When: every week, evenings included; posts are filled some two months after the start, and anew when somebody leaves.
    Where: streets, squares and playgrounds, each mostly on their own beat.
    Reach: whoever is outside when they pass; more of them where people still dare to be outside.
    Effect: good contact raises trust in a worker, who becomes somebody one knows, and for a while in institutions; promises
    that are kept raise the expected use of reporting among people who see it, and broken ones lower it more; guardianship lowers
    the room for crime.  The gain of one contact fades (p22), and goes with the worker: stopping undoes much.  May fail where
    staff rotates (Blair e.a. 2021) or where the friend-enemy norm makes contact costly: then more talk may be seen and punished.
    Cost: from the first day, hours at the assumed hourly cost of a professional, and an assumed 300 euros a small action.
    Sources: p21-p23, p37, p51; Peyton e.a. 2019; Gill e.a. 2014 (satisfaction and legitimacy, hardly crime); Ratcliffe e.a. 2011.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M19", "M30", "M31", "M32", "M62", "M65", "M71", "M82", "M83")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "Peyton e.a. 2019: attitudes; Gill e.a. 2014: hardly crime")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "visible_presence"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("good_contacts", "up")
    PARTS: ClassVar[tuple[str, ...]] = ("hours", "actions")
    QUALITIES: ClassVar[tuple[str, ...]] = ("hiring_time",)

    kind: Literal["visible_presence"] = "visible_presence"
    ramp: int = ramp_of(0)
    hours: float = dose(HOURS)
    approach: float = dose(APPROACH)
    rotation: float = dose(ROTATION)
    hiring: float = dose(HIRING)
    actions: float = dose(ACTIONS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return hours on the street, how they are spent and by whom, and small actions."""
        how = {
            "driven_hours": self.hours * max(1.0 - self.approach, 0.0),
            "seeking_hours": self.hours * max(self.approach - 1.0, 0.0),
            "rotating_hours": self.hours * self.rotation,
        }
        told = {"hiring_time": self.hiring} if self.hours else {}
        told |= {name: part for name, part in how.items() if part > 0.0}
        return {"presence_hours": self.hours, "small_actions": self.actions, **told}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of hours and actions."""
        return people.total / 1_000 * WEEKS_A_YEAR * (self.hours * HOUR + self.actions * ACTION_COST.default)
