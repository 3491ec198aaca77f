"""QuickScan: first understand together, then act."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Horizon, Intervention, Past, Residents, dose

DEPTH = Quantity(1.0, 0.0, 1.0, "level", "M42", "depth of the diagnosis: 1 is a definition that all share", "lever")
TIME = Quantity(
    0.08, 0.0, 0.3, "share", "assumed: four workshops and what goes with them (M43)",
    "share of the partners' hours that it takes while it lasts", "lever",
)  # fmt: skip
WORKSHOPS = Quantity(
    1.0, 0.0, 4.0, "workshops a month", "M43: four in sixteen weeks", "workshops of all partners while it lasts", "lever"
)
LEADER = Quantity(0.1, 0.05, 0.3, "fte per 1,000 residents", "assumed", "a process leader", "fixed")


class QuickScan(Intervention):
    """Workshops with all partners: separate facts from assumptions, then phenomena, then one shared definition.

    Who: police, care and safety house, welfare, care, education, municipality, others.
    When: the first sixteen weeks are workshops, which take time from the work; from then on the shared view helps, as long as it
    is kept up.
    Where: at the table; it concerns the whole neighbourhood.
    Reach: every case, once the diagnosis is there.
    Effect: first fewer hours for street and cases, and partners who get to know each other; then fewer false alarms, and, where
    the picture is shared and right, what is done fits better: for a youth or family as far as person, family and surroundings
    can all be looked at.  Each step may fail: assumptions pass for facts, sooner where no workers come and residents do not
    trust, and partners who do not know each other keep their own definition.  A picture that nobody shares only costs; one that
    is shared and wrong makes what is done fit worse: it may harm.
    Cost: an assumed 0.1 of a process leader (85,000 euros a year) for every 1,000 residents; the time of the partners is paid in
    work left undone.
    Sources: M27, M42, M43, M49; the CCV report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M27", "M42", "M43", "M49")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M42, M43; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "quick_scan"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("presence", "down")
    EVENT: ClassVar[bool] = True
    PARTS: ClassVar[tuple[str, ...]] = ("time", "workshops", "depth")

    kind: Literal["quick_scan"] = "quick_scan"
    depth: float = dose(DEPTH)
    time: float = dose(TIME)
    workshops: float = dose(WORKSHOPS)
    weeks_of_work: int = Field(16, ge=1, le=104, description="weeks of workshops before anything comes of it")

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the hours that are left and the meetings while it lasts, and the diagnosis afterwards."""
        return {"staffing": 1.0 - self.time, "sirenelunch": self.workshops, "diagnosis": self.depth}

    def share_of(self, lever: str, horizon: Horizon, past: Past | None = None) -> np.ndarray:
        """Return how much of a lever is on in each week: first the hours lost and the workshops, then the diagnosis."""
        share = self.profile(horizon)
        ready = self.window(horizon)[0] + self.weeks_of_work
        if lever == "diagnosis":
            share[:ready] = 0.0
        else:
            share[ready:] = 0.0
        return share

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of leading it and keeping it up."""
        return people.total / 1_000 * LEADER.default * FTE.default * self.depth
