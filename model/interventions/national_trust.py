"""National trust: what is said about the whole country moves trust in institutions."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Circumstance, Residents, dose, ramp_of

CHANGE = Quantity(
    -0.04, -0.2, 0.2, "level", "London 2015-2023: 0.86 to 0.69 in eight years, as direction; assumed size",
    "trust in institutions that news about the country adds, before neighbours and workers answer", "lever",
)  # fmt: skip


class NationalTrust(Circumstance):
    """Trust in police and government falls, or rises, in the whole country: a scandal, a policy, a pandemic.

    Who: nobody in this neighbourhood.
    When: from its date on; five years until it is fully there.
    Where: everywhere, with everybody of eight and over.
    Reach: everybody.
    Effect: trust in institutions falls by some more than what news takes by itself, since people look at each other and at
    workers; with it the intention to report and what workers are trusted.
    Cost: none.
    Sources: London, public trust in the police (as direction); M72; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M72",)
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "national_trust", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("trust_institutions", "down")

    kind: Literal["national_trust"] = "national_trust"
    ramp: int = ramp_of(260)
    change: float = dose(CHANGE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return what news about the country adds to trust."""
        return {"national_trust": self.change}
