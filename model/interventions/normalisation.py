"""Normalisation: the world outside finds crime more normal."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose, ramp_of

SHIFT = Quantity(
    0.1,
    0.0,
    0.5,
    "level",
    "assumed: p52 at four times its default, for five years",
    "tolerance of crime that comes from outside",
    "lever",
)


class Normalisation(Circumstance):
    """Drug use, drill rap and luxury on social media make crime look normal, wherever one lives.

    Who: children and youths.
    When: from its date on; five years until it is there in full.
    Where: everywhere; in the quarters named.
    Reach: everybody of 8-39.
    Effect: the street's tolerance of crime and the pull of criminal money rise, norms pull apart, more youths are susceptible.
    Cost: none.
    Sources: p52, M60; the Movisie report; loop R16; size assumed (p52: 0.005 a year is in the model already).
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M60",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "normalisation", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("norm_street", "up")

    kind: Literal["normalisation"] = "normalisation"
    ramp: int = ramp_of(260)
    shift: float = dose(SHIFT)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the tolerance that comes from outside."""
        return {"normalisation": self.shift}
