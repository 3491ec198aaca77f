"""Pact: partners promise more, for as long as they see results."""

from typing import Any, ClassVar, Literal

import numpy as np

from ..outcomes import OUTCOMES
from ..quantity import Quantity
from . import FTE, TINY, Evidence, Horizon, Intervention, Past, Residents, dose

QUARTER = 13  # weeks from one meeting of the partners to the next
SEEN = list(OUTCOMES).index("incidents")
EXTRA = Quantity(0.15, 0.0, 0.5, "share", "assumed (M25)", "extra hours that partners promise, against what is usual", "lever")
FADING = Quantity(0.15, 0.0, 0.5, "share", "assumed (M25)", "commitment lost in a quarter without results", "lever")
RESULT = Quantity(
    0.1, 0.0, 0.5, "share", "assumed (M25)", "fall of nuisance and crime since the first quarter that counts as a result", "lever"
)
STAFF = Quantity(
    0.45, 0.2, 1.0, "fte per 1,000 residents", "assumed: a seventh of the professionals of the start", "the promise", "fixed"
)


class Pact(Intervention):
    """Municipality, police, housing and welfare commit themselves for years; whoever sees no results commits less.

    Who: the boards of all partners.
    When: from its date on; they look every quarter.
    Where: the neighbourhood in which most residents live decides (professionals are shared).
    Reach: every professional; by default 15 % more hours.
    Effect: more rounds on the street and more hours for cases, at first.  In every quarter in which nuisance and crime are not
    clearly lower than at the beginning some of it goes elsewhere; where they are, it comes back.
    Cost: an assumed 0.45 of a professional (85,000 euros a year) for every 1,000 residents, as promised.
    Sources: M25; the Tilburg report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M25",)
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M25; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "pact"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("presence", "up")
    PERIOD: ClassVar[int] = QUARTER

    kind: Literal["pact"] = "pact"
    extra: float = dose(EXTRA)
    fading: float = dose(FADING)
    result: float = dose(RESULT)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the hours that partners promise."""
        return {"staffing": 1.0 + self.extra}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of what is promised."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.extra / EXTRA.default

    def share_of(self, lever: str, horizon: Horizon, past: Past | None = None) -> np.ndarray:
        """Return how much of the promise is kept in each week: as decided on what is seen, from now on."""
        share = self.profile(horizon)
        if past is None:
            return share
        return share * self.commitment(past.history[self.window(horizon)[0] :, SEEN])

    def commitment(self, incidents: np.ndarray) -> float:
        """Return what is left of the commitment after these weeks of nuisance and crime since it began."""
        quarters = incidents[: incidents.size // QUARTER * QUARTER].reshape(-1, QUARTER).mean(axis=1)
        level = 1.0
        for quarter in quarters[1:]:
            kept = quarter <= (1.0 - self.result) * quarters[0]
            level += self.fading * (1.0 - level) if kept else -self.fading * level
        return level
