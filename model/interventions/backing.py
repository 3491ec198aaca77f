"""Backing: managers who stand behind people on the cutting edge."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

LEVEL = Quantity(0.7, 0.0, 1.0, "level", "assumed (M86)", "extra backing, as a share of what is lacking now", "lever")
TIME = Quantity(0.03, 0.01, 0.1, "fte per 1,000 residents", "assumed", "managers' time", "fixed")


class Backing(Intervention):
    """Managers and administrators stand behind their professionals, also when something goes wrong.

    Who: managers, aldermen, the mayor; all frontline professionals.
    When: always; thirteen weeks until it is believed.
    Where: in the organisations.
    Reach: every professional of the neighbourhood.
    Effect: professionals who are backed dare to make contact, mind less what their own organisation expects, and stay longer;
    residents get to know those who stay.  Little where skill is lacking.
    Cost: an assumed 0.03 of a manager (at 85,000 euros a year) for every 1,000 residents.
    Sources: p49, M39, M86; the Divosa and CCV reports; loop R13; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M39", "M73", "M86")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M39, M86; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "backing", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("good_contacts", "up")

    kind: Literal["backing"] = "backing"
    ramp: int = ramp_of(13)
    level: float = dose(LEVEL)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the extra backing."""
        return {"backing": self.level}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of managers' time."""
        return people.total / 1_000 * TIME.default * FTE.default * self.level / LEVEL.default
