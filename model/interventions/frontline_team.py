"""Multidisciplinary frontline team: cases without hand-offs."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import FTE, HOUR, TINY, Evidence, Intervention, Residents, dose

SHARE = Quantity(
    0.6, 0.0, 1.0, "share", "assumed: what one small team can carry", "share of cases that the team takes directly", "lever"
)
HOURS = Quantity(
    7.0, 0.0, 100.0, "hour/week per 1,000 residents", "assumed: a quarter of a professional", "extra hours for cases", "lever"
)
COACHING = Quantity(
    0.5, 0.0, 1.0, "level", "assumed; M94: 0 is a team left to itself", "coaching by a process facilitator", "lever"
)
COACH = Quantity(0.1, 0.05, 0.3, "fte per 1,000 residents", "assumed", "a process facilitator, at full coaching", "fixed")
COORDINATION = Quantity(0.1, 0.05, 0.3, "fte per 1,000 residents", "assumed", "coordinator", "fixed")


class FrontlineTeam(Intervention):
    """Police, youth work, welfare, housing and municipality in one team that takes cases up itself instead of passing them on.

    Who: frontline professionals of all organisations, with a coordinator and, by choice, a coach (a process facilitator).
    When: every week; it takes a team years to find its way by itself, and about half a year with a full-time coach (p50).
    Where: one base in the neighbourhood.
    Reach: by default 60 % of all cases, when fully on.
    Effect: fewer hand-offs, quicker action, professionals who know each other.  A team does not run by itself: home
    organisations pull, and taking up more cases fills the same hours.
    Cost: the extra hours at the assumed hourly cost of a professional, and an assumed tenth of a coordinator and, at full
    coaching, a tenth of a coach for every 1,000 residents.
    Sources: p41, p43, p44, p50; the Utrecht and Divosa reports; loops R12, R19.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M10", "M13", "M14", "M26", "M45", "M52", "M58", "M74", "M87", "M94", "M95")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "p50, M94; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "frontline_team"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("handoffs", "down")
    PARTS: ClassVar[tuple[str, ...]] = ("share", "hours", "coaching")

    kind: Literal["frontline_team"] = "frontline_team"
    coaching: float = dose(COACHING)
    share: float = dose(SHARE)
    hours: float = dose(HOURS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of cases that the team takes, its extra hours and how much it is coached."""
        return {"team_share": self.share, "team_hours": self.hours, "coaching": self.coaching}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of extra hours, coordination and coaching."""
        staff = COORDINATION.default + self.coaching * COACH.default
        return people.total / 1_000 * (WEEKS_A_YEAR * self.hours * HOUR + staff * FTE.default)
