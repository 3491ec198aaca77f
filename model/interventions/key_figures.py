"""Key figures: residents who take the lead, with somebody behind them."""

from typing import Any, ClassVar, Literal

from ..calendar import WEEKS_A_YEAR
from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose, ramp_of

INITIATIVES = Quantity(
    0.5, 0.0, 10.0, "initiatives/week per 1,000 residents", "assumed: 26 a year", "initiatives that residents are asked to take",
    "lever",
)  # fmt: skip
BACKED = Quantity(0.8, 0.0, 1.0, "share", "assumed", "initiatives that a professional stands behind", "lever")
MEANS = Quantity(200.0, 50.0, 1_000.0, "euro", "assumed: a meal in the street, tools", "means for one initiative", "fixed")
STAFF = Quantity(0.03, 0.01, 0.1, "fte per 1,000 residents", "assumed", "somebody who keeps in touch with them", "fixed")


class KeyFigures(Intervention):
    """Residents whom others look to are found, asked, and not left alone with what they start.

    Who: households that trust their neighbours; professionals who are here stand behind them.
    When: every week; half a year until they are found.
    Where: in their own street.
    Reach: by default one initiative every two weeks for every 1,000 residents, seen by people within sight.
    Effect: neighbours get to know each other where one succeeds.  Without a professional behind it half comes to nothing, and
    whoever carried it is worn out and trusts the municipality less: asked and left alone, it may harm.  Fewest where trust is
    low.
    Cost: an assumed 200 euros an initiative, and an assumed 0.03 of a professional (85,000 euros a year) for every 1,000
    residents; the hours of the professionals behind them are missing for cases.
    Sources: M31, M103, M104; the Divosa report; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M31", "M103", "M104")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M103; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "key_figures", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("initiatives_taken", "up")
    QUALITIES: ClassVar[tuple[str, ...]] = ("initiatives_backed",)

    kind: Literal["key_figures"] = "key_figures"
    ramp: int = ramp_of(26)
    initiatives: float = dose(INITIATIVES)
    backed: float = dose(BACKED)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how many initiatives residents are asked to take, and how many a professional stands behind."""
        backed = {"initiatives_backed": self.backed} if self.backed else {}
        return {"initiatives": self.initiatives, **backed}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of means and staff."""
        means = WEEKS_A_YEAR * self.initiatives * MEANS.default
        return people.total / 1_000 * (means + STAFF.default * FTE.default * self.backed / BACKED.default)
