"""Family approach: a worker who keeps coming to closed families."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

REACH = Quantity(0.8, 0.0, 1.0, "share", "assumed", "share of closed families that a worker keeps visiting", "lever")
STAFF = Quantity(0.15, 0.05, 0.4, "fte per 1,000 residents", "assumed: six to eight families each", "staff", "fixed")


class FamilyApproach(Intervention):
    """One worker for a family that keeps everybody out, who keeps coming, means something at once and looks at all members.

    Who: households of closed families; a worker with time, with school, care and police behind them.
    When: every week; half a year until there is an entry.
    Where: behind the front door.
    Reach: by default eight in ten of these households, one by one; also those that shut themselves off after a raid.
    Effect: a visit that brings something opens a family a little, so that other help gets in and tolerance of crime at home
    falls; one that brings nothing closes it more.  Slow, and adverse where visits are seldom of use.
    Cost: an assumed 0.15 of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: p16, M33, M34, M37, M38, M40; the CCV report; loop R9; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M33", "M34", "M37", "M95")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M37, M40; no trial on closed families known")
    EXAMPLE: ClassVar[dict[str, Any]] = {
        **TINY,
        "parameters": {"initialisation.closed": 0.012},  # a neighbourhood with many closed families
        "interventions": [{"kind": "mentoring", "ramp": 0, "places": 100}, {"kind": "family_approach", "ramp": 0}],
    }
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("closedness", "down")

    kind: Literal["family_approach"] = "family_approach"
    ramp: int = ramp_of(26)
    reach: float = dose(REACH)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of closed families that are visited."""
        return {"family_care": self.reach}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the workers."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.reach / REACH.default
