"""Aftercare: standing by the households that a raid leaves behind."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

REACH = Quantity(0.8, 0.0, 1.0, "share", "assumed", "share of raided households reached in a week, right after the raid", "lever")
STAFF = Quantity(0.05, 0.02, 0.3, "fte per 1,000 residents", "assumed: kept ready, called on after raids", "staff", "fixed")


class Aftercare(Intervention):
    """Practical help, behind the front door, for those who stay behind after a raid or an arrest.

    Who: partners, children and parents of those taken; welfare, care, school and an intervention professional.
    When: in the weeks after a raid, as long as the programme runs; at once.  Every eight weeks (p35) help comes in half as
    often and takes half as much hold.
    Where: at home.
    Reach: by default 80 % a week of the households that were just raided; without raids it has nobody to reach.
    Effect: the shock heals, a closed family opens for a while, and children are less susceptible.  A first contact that brings
    nothing closes the door.
    Cost: an assumed 0.05 of a professional (85,000 euros a year) for every 1,000 residents, kept ready.
    Sources: p32, p33, p35; Van Dijk e.a. (children often want to escape); the CCV report; loop B7.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M36", "M37", "M40")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M36, M41; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "raid", "date": 8}, {"kind": "aftercare"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("aftercare_given", "up")

    kind: Literal["aftercare"] = "aftercare"
    ramp: int = ramp_of(0)
    reach: float = dose(REACH)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of raided households that are reached."""
        return {"aftercare": self.reach}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of keeping help ready, in proportion to its reach."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.reach / REACH.default
