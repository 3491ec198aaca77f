"""Co-creation: residents share in decisions and do part of the work themselves."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

DEPTH = Quantity(1.0, 0.0, 1.0, "level", "M103", "share that residents have in decisions; 1: a budget of their own", "lever")
STAFF = Quantity(0.15, 0.05, 0.4, "fte per 1,000 residents", "assumed", "somebody who brings people together", "fixed")
BUDGET = Quantity(8_000.0, 2_000.0, 30_000.0, "euro/year per 1,000 residents", "assumed", "residents' budget", "fixed")


class CoCreation(Intervention):
    """Residents and municipality decide together what is done in the neighbourhood, with a budget, and do it together.

    Who: adults and youths who take part: mostly those who trust their neighbours and fear little.
    When: all year round; half a year until it runs.
    Where: in the neighbourhood; squares, community centre.
    Reach: by default one in ten of those with full trust and no fear, and far fewer where trust is low.
    Effect: who takes part gets to know neighbours and learns what promises are worth: more use is expected of a report where
    they are kept, less where they are broken.  Reaches least those who need it most.
    Cost: an assumed 0.15 of a professional (85,000 euros a year) and an assumed 8,000 euros of residents' budget a
    year, for every 1,000 residents.
    Sources: M67, M103; the Movisie and Divosa reports; loop R17; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M67", "M103")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M67, M103; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "co_creation", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("cohesion", "up")

    kind: Literal["co_creation"] = "co_creation"
    ramp: int = ramp_of(26)
    depth: float = dose(DEPTH)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how far residents share in decisions."""
        return {"co_creation": self.depth}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of staff and the residents' budget."""
        return people.total / 1_000 * (STAFF.default * FTE.default + BUDGET.default) * self.depth
