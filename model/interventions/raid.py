"""Raid: one large action of police and partners against the crews."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from ..errors import InputError, Phrase
from ..quantity import Quantity
from ..validation import MOMENT
from . import TINY, Evidence, Horizon, Intervention, Moment, Residents, dose, within

SHARE = Quantity(0.3, 0.0, 1.0, "share", "p30 (10-70 %)", "share of crew members taken", "lever")
JUSTICE = Quantity(
    0.0,
    0.0,
    1.0,
    "share",
    "assumed; 0: harsh, as raids were that were studied (Desmond e.a. 2016)",
    "share of doors where it is done justly: with respect, explained to kin and street",
    "lever",
)
RAID_COST = Quantity(
    50_000.0,
    15_000.0,
    150_000.0,
    "euro per 1,000 residents",
    "assumed: half a year of investigation and a day of many hands; trial and detention not counted",
    "a raid that takes three in ten",
    "fixed",
)


class Raid(Intervention):
    """One large action against the crews, in one week; may be repeated every so many weeks.

    Who: members of crews; police with municipality, tax office, housing corporation.
    When: in the week of ``date`` (left out: the week of ``from``), then every ``every`` weeks until ``until``.
    Where: at home and at the crews' places; the shock reaches kin and the surroundings.
    Reach: by default three in ten crew members.
    Effect: nuisance drops for some weeks, and crews ask others for the roles that it empties; households and street are in shock,
    trust and reporting may suffer for months.  Done justly it shocks less, and people nearby see more use in a report.
    Repeated raids can make it worse.
    Cost: an assumed 50,000 euros for every 1,000 residents for a raid that takes three in ten (half a year of investigation
    and a day of many hands; no trial, no detention); by the raid, not by the year.
    Sources: p30-p34; Sherman & Rogan 1995 (gone after 12 days); Desmond e.a. 2016 (trust shock); Duijn e.a. 2014; Mazerolle
    e.a. 2013 (manner, as direction); the CCV report.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M15", "M35", "M36")
    EVIDENCE: ClassVar[Evidence] = Evidence("may_harm", "p30-p34, M36; Desmond e.a. 2016: trust; the CCV report: children")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "raid", "date": 8}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("raided", "up")
    EVENT: ClassVar[bool] = True
    QUALITIES: ClassVar[tuple[str, ...]] = ("raid_justice",)

    kind: Literal["raid"] = "raid"
    date: Moment = Field(None, description=str(MOMENT))
    every: int | None = Field(None, ge=1, le=2_600, description="weeks from one raid to the next; left out: once")
    share: float = dose(SHARE)
    justice: float = dose(JUSTICE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of crew members taken in the week of a raid, and its manner."""
        return {"raid_share": self.share, "raid_justice": self.justice}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of one raid a year."""
        return people.total / 1_000 * RAID_COST.default * self.share / SHARE.default

    def weeks(self, horizon: Horizon) -> range:
        """Return the weeks of the raids; raises InputError where the date lies outside its window or the years simulated."""
        first, last = self.window(horizon)
        if self.date is not None:
            within(horizon, self.date, "date")
            week = horizon.days(self.date) // 7 + 1
            if not first <= week <= last:
                raise InputError(
                    "date.outside_own", place="date", value=self.date, allowed=Phrase("allowed.own_weeks", first=first, last=last)
                )
            first = week
        return range(first, last + 1 if self.every else first + 1, self.every or 1)

    def profile(self, horizon: Horizon) -> np.ndarray:
        """Return the intensity in the weeks of the raids, 0 in between."""
        share = np.zeros(horizon.weeks + 1)
        share[list(self.weeks(horizon))] = self.intensity
        return share

    def runs(self, horizon: Horizon) -> np.ndarray:
        """Return whole weeks: a raid is one event, whatever day its week is cut on."""
        return np.tile(self.profile(horizon)[:, None] > 0, 7)

    def cost(self, people: Residents, horizon: Horizon) -> float:
        """Return the cost of the raids, or of its years where ``cost_per_year`` is given."""
        if self.cost_per_year is not None:
            return super().cost(people, horizon)
        return self.intensity * self.euros_per_year(self.reached(people)) * len(self.weeks(horizon))
