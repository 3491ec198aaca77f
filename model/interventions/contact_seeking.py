"""Contact seeking: hours that go to people, and not past them."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import HOUR, TINY, Evidence, Intervention, Residents, dose, ramp_of
from .safe_places import ROOM
from .safe_places import SHARE as ROOMS

HOURS = Quantity(
    20.0, 0.0, 200.0, "hour/week per 1,000 residents", "assumed: half of visible presence",
    "hours in which people are spoken to, by people hired for it", "lever",
)  # fmt: skip
INDOORS = Quantity(
    0.3, 0.0, 1.0, "share", "assumed: visits of some ten minutes (Peyton e.a. 2019) as direction",
    "contacts behind a front door or in a room, out of sight", "lever",
)  # fmt: skip


class ContactSeeking(Intervention):
    """Somebody comes to knock, plays along and sits down on the square, to get to know people and not to watch.

    Who: youth workers and intervention professionals who are hired for it, one for 27 hours a week.
    When: every week; posts are filled some two months after the start, and anew when somebody leaves.
    Where: where people are, each on their own beat; a part of it behind front doors.
    Reach: some three people an hour, against hardly half of one for somebody who walks about.
    Effect: as visible presence, with more contact for an hour and less to be seen: nothing is promised.  The gain of one contact
    fades (p22), and goes with the worker.  May fail where talk is seen and punished; indoors it is not.
    Cost: hours at the assumed hourly cost of a professional, and rooms as of safe places.
    Sources: Peyton e.a. 2019; M32, M61, M65, M83; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M32", "M61", "M65", "M83")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "Peyton e.a. 2019: a visit raises trust; no trial on crime")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "contact_seeking"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("good_contacts", "up")
    PARTS: ClassVar[tuple[str, ...]] = ("hours", "indoors")

    kind: Literal["contact_seeking"] = "contact_seeking"
    ramp: int = ramp_of(0)
    hours: float = dose(HOURS)
    indoors: float = dose(INDOORS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return hours that all seek contact, and the share of contacts out of sight."""
        return {"presence_hours": self.hours, "seeking_hours": self.hours, "safe_places": self.indoors}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of hours and rooms."""
        rooms = ROOM.default * self.indoors / ROOMS.default
        return people.total / 1_000 * (WEEKS_A_YEAR * self.hours * HOUR + rooms)
