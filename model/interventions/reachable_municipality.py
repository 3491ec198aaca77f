"""Reachable municipality: easy to report to, and it always answers."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

REACHABILITY = Quantity(
    1.0, 0.0, 1.0, "level", "M56, M66", "how easy it is to be heard: 1 is a walk-in hour, one number, one face", "lever"
)
FEEDBACK = Quantity(0.8, 0.0, 1.0, "share", "M68", "share of otherwise silent reports that get an explanation", "lever")
STAFF = Quantity(
    0.12, 0.05, 0.5, "fte per 1,000 residents", "assumed: a desk, a walk-in hour, somebody who calls back", "staff", "fixed"
)


class ReachableMunicipality(Intervention):
    """A municipality that can be found, listens, and says what it did with a report, also when the answer is no.

    Who: residents who notice something; a desk, a walk-in hour, somebody who calls back.
    When: every week; eight weeks until people know the way.
    Where: in the neighbourhood, by telephone, on line.
    Reach: everybody who considers a report; by default 80 % of otherwise silent reports get an explanation.
    Effect: reporting costs less effort; an explained no costs far less trust than silence, and others hear what came of a
    report, so that the next one may come.  More reports also fill the desks (loop B10).
    Cost: an assumed 0.12 of a professional (85,000 euros a year) for every 1,000 residents.
    Sources: p24-p29, p42; Sjoberg e.a. 2017 (an answer that helps: +57 %); Tyler (voice, explained refusal); the Movisie report.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M53", "M55", "M56", "M57", "M66", "M67", "M68")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "Sjoberg e.a. 2017: an answer brings reports; no trial on crime known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "reachable_municipality"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("explained", "up")
    PARTS: ClassVar[tuple[str, ...]] = ("reachability", "feedback")

    kind: Literal["reachable_municipality"] = "reachable_municipality"
    ramp: int = ramp_of(8)
    reachability: float = dose(REACHABILITY)
    feedback: float = dose(FEEDBACK)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return reachability and feedback."""
        return {"reachability": self.reachability, "feedback": self.feedback}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the staff, half for being reachable and half for answering."""
        effort = (self.reachability / REACHABILITY.default + self.feedback / FEEDBACK.default) / 2
        return people.total / 1_000 * STAFF.default * FTE.default * effort
