"""Debt relief: a way out of debts, fines included."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, dose, ramp_of

OFFERED = Quantity(0.6, 0.0, 1.0, "share", "assumed", "share of people with problem debts to whom it is offered", "lever")
CLIENTS = Quantity(
    12.0, 4.0, 30.0, "persons per 1,000 residents", "assumed", "people in debt relief where it is offered to all", "fixed"
)
CLIENT_COST = Quantity(
    2_500.0, 1_000.0, 5_000.0, "euro/year", "assumed: a settlement with guidance", "debt relief of a person", "fixed"
)


class DebtRelief(Intervention):
    """Debts and fines are taken over, lowered or paid off in terms, with somebody who helps to keep it up.

    Who: people of 8-64 with problem debts: adults, and youths in whose home there are debts or who were fined.
    When: all year round; a settlement takes a year and a half; half a year until people find the way.
    Where: a desk in the neighbourhood, the municipal credit bank, the public prosecutor for fines.
    Reach: by default it is offered to six in ten; those who trust institutions take it sooner, and few of the others do.
    Effect: less debt, so less pull of criminal money, less risk and an easier way out.  May do nothing where those who need
    it most distrust the municipality, and debts that go with poverty come back.
    Cost: an assumed 2,500 euros a year for everybody in debt relief, an assumed 12 of 1,000 residents where all are offered it.
    Sources: p13, R8a, M97, M99 (Daisy); the Divosa report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M99",)
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M97, M99; no trial on crime known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "debt_relief", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("pull", "down")

    kind: Literal["debt_relief"] = "debt_relief"
    ramp: int = ramp_of(26)
    offered: float = dose(OFFERED)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of people with problem debts to whom it is offered."""
        return {"debt_relief": self.offered}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of those who take it."""
        return people.total / 1_000 * CLIENTS.default * self.offered * CLIENT_COST.default
