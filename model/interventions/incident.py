"""Incident: a shock, and the attention that comes and goes with it."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..arithmetic import exps, logarithm
from ..quantity import Quantity
from . import TINY, Circumstance, Horizon, Residents, dose

ALARM = Quantity(1.0, 0.0, 1.0, "level", "assumed (M70)", "how grave it is: at 1 everybody talks about it", "lever")
ENFORCEMENT = Quantity(20.0, 0.0, 100.0, "hour/week per 1,000 residents", "assumed (M50)", "extra hours of enforcement", "lever")
HOURS = Quantity(10.0, 0.0, 100.0, "hour/week per 1,000 residents", "assumed (M50)", "extra hours on foot", "lever")


class Incident(Circumstance):
    """Grave violence, an explosion: everybody speaks of it, hours come from elsewhere, and a few months later they are gone.

    Who: residents, police, the council, the press.
    When: at its date; attention halves every eight weeks, until ``until``.
    Where: in the quarters named.
    Reach: everybody; by default 20 extra hours of enforcement and 10 on foot for every 1,000 residents a week, at first.
    Effect: fear, and a wave of enforcement (R11) that ebbs away (B11) before trust can grow.  May cost trust.
    Cost: none counted: others pay for the extra hours.
    Sources: M50, M70; loops R11, B11; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M50", "M70")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "incident"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("fear", "up")
    EVENT: ClassVar[bool] = True
    QUALITIES: ClassVar[tuple[str, ...]] = ("hiring_time",)
    PARTS: ClassVar[tuple[str, ...]] = ("alarm", "enforcement", "hours")

    kind: Literal["incident"] = "incident"
    alarm: float = dose(ALARM)
    enforcement: float = dose(ENFORCEMENT)
    hours: float = dose(HOURS)
    half_life: float = Field(8.0, ge=1.0, le=104.0, description="weeks in which attention halves")

    def levers(self, people: Residents) -> dict[str, float]:
        """Return alarm and extra hours, of people who are lent, in the week of the incident."""
        lent = {"hiring_time": 0.0} if self.hours else {}
        return {"alarm": self.alarm, "hotspot_hours": self.enforcement, "presence_hours": self.hours, **lent}

    def profile(self, horizon: Horizon) -> np.ndarray:
        """Return how much attention is left in each week."""
        share = super().profile(horizon)
        since = np.arange(share.size) - self.window(horizon)[0]
        return share * exps(np.maximum(since, 0) * (logarithm(0.5) / self.half_life))
