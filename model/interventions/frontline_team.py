"""Multidisciplinary frontline team: cases without hand-offs."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Intervention, Residents, dose, ramp_of

SHARE = Quantity(0.6, 0.0, 1.0, "share", "assumed: what one small team can carry", "share of cases that the team takes directly", "lever")
STAFF = Quantity(0.25, 0.1, 1.0, "fte per 1,000 residents", "assumed: one coordinator and freed hours", "staff of the team", "fixed")


class FrontlineTeam(Intervention):
    """Police, youth work, welfare, housing and municipality in one team that takes cases up itself instead of passing them on.

    Who: frontline professionals of all organisations, with a coordinator and a coach.
    When: every week; a year until the team has found its way (storming before norming).
    Where: one base in the neighbourhood.
    Reach: by default 60 % of all cases, when fully on.
    Effect: fewer hand-offs, quicker action, professionals who know each other.  A team does not run by itself: home
    organisations pull, and taking up more cases fills the same hours.
    Cost: an assumed quarter of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: p41, p43, p44, p50; the Utrecht and Divosa reports; loops R12, R19.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M10", "M13", "M26", "M45", "M52", "M58", "M74", "M87")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "frontline_team", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("handoffs", "down")

    kind: Literal["frontline_team"] = "frontline_team"
    ramp: int = ramp_of(52)
    share: float = dose(SHARE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of cases that the team takes."""
        return {"team_share": self.share}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the team, in proportion to the cases that it takes."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.share / SHARE.default
