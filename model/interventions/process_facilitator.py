"""Process facilitator: somebody without an interest of their own who keeps a team together."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import FTE, TINY, Evidence, Intervention, Residents, dose
from .frontline_team import COACH

COACHING = Quantity(1.0, 0.0, 1.0, "level", "p50 (M93)", "coaching of the team; 1 is a facilitator every week", "lever")


class ProcessFacilitator(Intervention):
    """A facilitator with a mandate and without an interest of their own coaches the team and keeps connections open.

    Who: the frontline team; a facilitator from outside the organisations.
    When: every week, as long as it runs.
    Where: with the team, and between the team and the home organisations.
    Reach: one team.  Where no team works together (`frontline_team`), there is nobody to coach.
    Effect: a team finds its way in about half a year instead of years; who leaves sets it back.  Alone, without a team: none.
    Cost: an assumed tenth of a facilitator (85,000 euros a year) for every 1,000 residents, at full coaching.
    Sources: p50; Provan and Kenis 2008; the Divosa report.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M74", "M75", "M87", "M90", "M93", "M94")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "p50; Provan and Kenis 2008, without a trial")
    EXAMPLE: ClassVar[dict[str, Any]] = {
        **TINY,
        "interventions": [{"kind": "frontline_team", "coaching": 0.0}, {"kind": "process_facilitator"}],
    }
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("maturity", "up")

    kind: Literal["process_facilitator"] = "process_facilitator"
    coaching: float = dose(COACHING)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return how much the team is coached."""
        return {"coaching": self.coaching}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the facilitator."""
        return people.total / 1_000 * COACH.default * FTE.default * self.coaching
