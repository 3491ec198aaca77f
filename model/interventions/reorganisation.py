"""Reorganisation: overhaul how organisations work together, for a breakthrough."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Horizon, Intervention, Past, Residents, dose

DIP = Quantity(0.2, 0.0, 0.5, "share", "assumed (M69)", "share of the hours that is lost while it lasts", "lever")
SHARING = Quantity(0.6, 0.0, 1.0, "level", "assumed (M69)", "how freely information moves across domains afterwards", "lever")
MANDATE = Quantity(0.3, 0.0, 1.0, "share", "assumed (M69)", "share of cases that nobody can send back any more", "lever")
STAFF = Quantity(0.1, 0.05, 0.4, "fte per 1,000 residents", "assumed", "those who lead it, spread over its years", "fixed")


class Reorganisation(Intervention):
    """Desks, budgets and mandates are put together anew, so that a case meets fewer walls; it costs work while it lasts.

    Who: boards and managers of all organisations; every professional.
    When: the first half year is the overhaul, from then on the new form works.
    Where: in the organisations.
    Reach: every professional, and every case that is handed over.
    Effect: first fewer hours for street and cases, later less delay and refusal across domains: worse before it is better.  Where
    friction is not what holds cases up, only the dip remains.
    Cost: an assumed 0.1 of a manager (85,000 euros a year) for every 1,000 residents; lost time is paid in work left undone.
    Sources: M69; the Movisie report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M69",)
    EVIDENCE: ClassVar[Evidence] = Evidence("may_harm", "M69: it gets worse before it gets better, if it does")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "reorganisation"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("presence", "down")
    EVENT: ClassVar[bool] = True
    PARTS: ClassVar[tuple[str, ...]] = ("dip", "sharing", "mandate")

    kind: Literal["reorganisation"] = "reorganisation"
    dip: float = dose(DIP)
    sharing: float = dose(SHARING)
    mandate: float = dose(MANDATE)
    overhaul: int = Field(26, ge=1, le=156, description="weeks until the new form works")

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the hours that are left while it lasts, and what gives way afterwards."""
        return {"staffing": 1.0 - self.dip, "sharing": self.sharing, "mandate": self.mandate}

    def share_of(self, lever: str, horizon: Horizon, past: Past | None = None) -> np.ndarray:
        """Return how much of a lever is on in each week: first the hours lost, then the new form."""
        share = self.profile(horizon)
        ready = self.window(horizon)[0] + self.overhaul
        if lever == "staffing":
            share[ready:] = 0.0
        else:
            share[:ready] = 0.0
        return share

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of leading it."""
        return people.total / 1_000 * STAFF.default * FTE.default
