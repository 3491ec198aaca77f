"""Training on the job: a coach works along in the street."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

TRAINING = Quantity(1.0, 0.0, 1.0, "level", "M85", "training; 1 is a coach who works along every week", "lever")
COACH = Quantity(0.15, 0.05, 0.4, "fte per 1,000 residents", "assumed", "a coach, at full training", "fixed")


class TrainingOnTheJob(Intervention):
    """A coach works along, gives feedback on contact and on finding the way in bureaucracy.

    Who: all frontline professionals.
    When: every week; thirteen weeks until everybody has had a turn.
    Where: in the street and at the desk, not in a classroom.
    Reach: every professional of the neighbourhood.
    Effect: street skill grows faster, so contact is better and cases are seen for what they are; the four logics come into
    balance.  Those who leave take it along, and without it skill is forgotten: with much turnover it is money lost.
    Cost: an assumed 0.15 of a coach (85,000 euros a year) for every 1,000 residents.
    Sources: M47, M85; the Divosa report; loops R13, R18; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M47", "M85")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M47, M85; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "training_on_the_job", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("skill", "up")

    kind: Literal["training_on_the_job"] = "training_on_the_job"
    ramp: int = ramp_of(13)
    training: float = dose(TRAINING)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how much is trained."""
        return {"training": self.training}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the coach."""
        return people.total / 1_000 * COACH.default * FTE.default * self.training
