"""Awareness: knowing what to look at, and with whom to share it."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

LEVEL = Quantity(0.7, 0.0, 1.0, "level", "assumed (M102)", "extra awareness, as a share of what is lacking now", "lever")
STAFF = Quantity(0.04, 0.02, 0.15, "fte per 1,000 residents", "assumed", "trainers and time of those trained", "fixed")


class Awareness(Intervention):
    """Professionals of all organisations learn what undermining looks like, how to see it early and whom to tell.

    Who: frontline professionals, school staff, administrators.
    When: sessions all year round; thirteen weeks until everybody had one.
    Where: in the organisations.
    Reach: every professional who comes across youths.
    Effect: more signals about youths at risk, earlier, and about families.  People who look more also see more that is not there,
    though less of it in proportion.  More signals fill the same desks (loop B10): without hours for them more lie waiting.
    Cost: an assumed 0.04 of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: M92, M102, M105; the Divosa report; loop B4; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M38", "M54", "M92", "M102", "M105")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M102; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "awareness", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("signals", "up")

    kind: Literal["awareness"] = "awareness"
    ramp: int = ramp_of(13)
    level: float = dose(LEVEL)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the extra awareness."""
        return {"awareness": self.level}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the sessions."""
        return people.total / 1_000 * STAFF.default * FTE.default * self.level / LEVEL.default
