"""Norms-at-play dialogue: what is normal at home, at school, on the street?"""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import HOUR, TINY, Evidence, Intervention, Residents, dose, ramp_of

DEPTH = Quantity(
    1.0, 0.0, 1.0, "level", "Vreedzame Wijk", "depth of the dialogue: 1 is one shared code in every school and street", "lever"
)
HOURS = Quantity(
    350.0,
    100.0,
    1_000.0,
    "hour/year per 1,000 residents",
    "assumed: teachers, coaches and a coordinator",
    "hours of dialogue and training",
    "fixed",
)


class NormsDialogue(Intervention):
    """Children, parents, school, police and the housing corporation talk about what is normal, and hold to one code.

    Who: children and youths, parents, teachers, the professionals in the street.
    When: all year round; about two years until everybody knows the code.
    Where: school, home, square.
    Reach: whoever takes part: parents as far as they trust institutions, so few where trust is low; pupils at school; on the
    street those who are out.
    Effect: who takes part learns less tolerance of crime at home, at school and on the street; more adults dare to correct
    where a code is shared.  Slow; measurements of such programmes are inconclusive where the roll-out was delayed.
    Cost: an assumed 350 hours a year for every 1,000 residents.
    Sources: Vreedzame Wijk (start-up about two years, evidence 2.6); the Utrecht report; loop B5.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M11", "M12")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "evidence 2.6 (Vreedzame Wijk); no trial on undermining known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "norms_dialogue", "ramp": 26}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("norm_street", "down")

    kind: Literal["norms_dialogue"] = "norms_dialogue"
    ramp: int = ramp_of(104)
    depth: float = dose(DEPTH)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the depth of the dialogue."""
        return {"norms_dialogue": self.depth}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the hours."""
        return people.total / 1_000 * HOURS.default * HOUR * self.depth
