"""Multidisciplinary frontline team: cases without hand-offs."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, HOUR, TINY, WEEKS_A_YEAR, Intervention, Residents, dose, ramp_of

SHARE = Quantity(
    0.6, 0.0, 1.0, "share", "assumed: what one small team can carry", "share of cases that the team takes directly", "lever"
)
HOURS = Quantity(
    7.0, 0.0, 100.0, "hour/week per 1,000 residents", "assumed: a quarter of a professional", "extra hours for cases", "lever"
)
COORDINATION = Quantity(0.1, 0.05, 0.3, "fte per 1,000 residents", "assumed", "coordinator and coach", "fixed")


class FrontlineTeam(Intervention):
    """Police, youth work, welfare, housing and municipality in one team that takes cases up itself instead of passing them on.

    Who: frontline professionals of all organisations, with a coordinator and a coach.
    When: every week; a year until the team has found its way (storming before norming).
    Where: one base in the neighbourhood.
    Reach: by default 60 % of all cases, when fully on.
    Effect: fewer hand-offs, quicker action, professionals who know each other.  A team does not run by itself: home
    organisations pull, and taking up more cases fills the same hours.
    Cost: the extra hours at the assumed hourly cost of a professional, and an assumed tenth of a coordinator for every
    1,000 residents.
    Sources: p41, p43, p44, p50; the Utrecht and Divosa reports; loops R12, R19.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M10", "M13", "M26", "M45", "M52", "M58", "M74", "M87")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "frontline_team", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("handoffs", "down")

    kind: Literal["frontline_team"] = "frontline_team"
    ramp: int = ramp_of(52)
    share: float = dose(SHARE)
    hours: float = dose(HOURS)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of cases that the team takes, and its extra hours."""
        return {"team_share": self.share, "team_hours": self.hours}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of extra hours and coordination."""
        return people.total / 1_000 * (WEEKS_A_YEAR * self.hours * HOUR + COORDINATION.default * FTE.default)
