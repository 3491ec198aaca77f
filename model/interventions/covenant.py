"""Covenant: an agreement on what partners may tell each other."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Horizon, Intervention, Residents, dose

SHARING = Quantity(1.0, 0.0, 1.0, "level", "M100", "how much may be shared: 1 is all that a case asks for", "lever")
STAFF = Quantity(0.05, 0.02, 0.2, "fte per 1,000 residents", "assumed", "lawyer and coordinator", "fixed")


class Covenant(Intervention):
    """A covenant settles the privacy question, so that safety and social domain may share what they know of a case.

    Who: police, municipality, welfare, care, school, housing; their lawyers.
    When: it takes half a year to settle (p48); after that it works every week.
    Where: between the desks of the safety and the social domain.
    Reach: every case that is handed over across domains.
    Effect: the extra delay across domains falls.  People who know each other hardly need it, and a covenant by itself makes
    nobody act: refusals stay.
    Cost: an assumed 0.05 of a lawyer and coordinator (85,000 euros a year) for every 1,000 residents.
    Sources: p44, p48, M52, M100; the Divosa report; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M52", "M100")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M100; no trial of a covenant by itself known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "covenant", "set_up": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("cases_open", "down")

    kind: Literal["covenant"] = "covenant"
    sharing: float = dose(SHARING)
    set_up: int = Field(26, ge=0, le=60, description="weeks until it is settled (p48: 8-60)")

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how much of the covenant is in force."""
        return {"sharing": self.sharing}

    def profile(self, horizon: Horizon) -> np.ndarray:
        """Return how much of the covenant is in force in each week: nothing until it is settled."""
        share = super().profile(horizon)
        share[: self.window(horizon)[0] + self.set_up] = 0.0
        return share

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of settling and keeping it."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.sharing
