"""Systemic working: one budget, divided anew every quarter of a year by what is seen."""

from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from .. import registry
from ..errors import InputError, nearest
from ..policies.decision import Budget, Policy
from ..policies.learning import team
from ..policies.plain import equal_parts, lot, single
from ..policies.seen import QUARTER, Seen
from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, dose
from .aftercare import Aftercare
from .awareness import Awareness
from .awareness_lesson import AwarenessLesson
from .backing import Backing
from .co_creation import CoCreation
from .contact_seeking import ContactSeeking
from .debt_relief import DebtRelief
from .family_approach import FamilyApproach
from .frontline_team import FrontlineTeam
from .hot_spot_enforcement import HotSpotEnforcement
from .intervention_professional import InterventionProfessional
from .key_figures import KeyFigures
from .legal_opportunities import LegalOpportunities
from .mentoring import Mentoring
from .neighbourhood_exploration import NeighbourhoodExploration
from .norms_dialogue import NormsDialogue
from .person_centred import PersonCentred
from .place_improvement import PlaceImprovement
from .process_facilitator import ProcessFacilitator
from .reachable_municipality import ReachableMunicipality
from .safe_places import SafePlaces
from .sirenelunch import Sirenelunch
from .small_visible_actions import SmallVisibleActions
from .staff_selection import StaffSelection
from .training_on_the_job import TrainingOnTheJob
from .visible_presence import VisiblePresence
from .youth_activities import YouthActivities

MENU: tuple[Intervention, ...] = (  # what costs money by the year, counts from no beginning and is not feared to do harm
    Aftercare(), Awareness(), AwarenessLesson(), Backing(), CoCreation(), ContactSeeking(), DebtRelief(), FamilyApproach(),
    FrontlineTeam(), HotSpotEnforcement(), InterventionProfessional(), KeyFigures(), LegalOpportunities(), Mentoring(),
    NeighbourhoodExploration(), NormsDialogue(), PersonCentred(), PlaceImprovement(), ProcessFacilitator(),
    ReachableMunicipality(), SafePlaces(), Sirenelunch(), SmallVisibleActions(), StaffSelection(), TrainingOnTheJob(),
    VisiblePresence(), YouthActivities(),
)  # fmt: skip
BUDGET = Quantity(
    120_000.0, 20_000.0, 300_000.0, "euro/year per 1,000 residents", "assumed", "budget that is divided over all options", "lever"
)
STEP = Quantity(
    0.3,
    0.0,
    0.8,
    "share",
    "assumed (M18); 0 acts on the picture alone",
    "share of the budget of a team that goes to trials",
    "lever",
)


DIVIDERS: dict[str, Policy] = {"equal_parts": equal_parts, "lot": lot}
POLICIES = ("team", *DIVIDERS, *(each.kind for each in MENU))


def named(value: object) -> object:
    """Return the name of a policy, or of what all goes to; raises InputError on anything else."""
    if value not in POLICIES:
        raise InputError("policy.unknown", value=value, allowed=POLICIES, near=nearest(str(value), POLICIES))
    return value


class SystemicWorking(Intervention):
    """A team with a budget looks every quarter of a year what is the matter, tries levers, and moves money to what seems to work.

    Who: the frontline organisations together; they divide one budget over all that is on the menu (`MENU`).
    When: every quarter of a year.
    Where: in the quarters named.
    Reach: that of what the budget buys, up to what a lever can bear.
    Effect: a team makes itself a picture from what residents tell workers, tries one lever in each quarter of the
    neighbourhood, compares with the others, and moves money to what is most likely the best (`policies/learning.py`).  It
    sees files, a survey and what is told, late and with errors, and nothing that is true and not told.  So it may chase luck,
    or learn nothing for years, and do no better, or worse, than the same budget in equal parts, by lot or for one measure
    (``policy``).
    Cost: the budget, whatever it is spent on, and also where a policy leaves some of it.
    Sources: M16-M18; the Utrecht and Tilburg reports (action learning); sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M17", "M18")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M16-M18; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "systemic_working"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("mentored", "up")
    QUALITIES: ClassVar[tuple[str, ...]] = tuple(sorted({name for each in MENU for name in each.QUALITIES}))
    PERIOD: ClassVar[int] = QUARTER

    kind: Literal["systemic_working"] = "systemic_working"
    policy: Annotated[str, BeforeValidator(named)] = Field(
        "team", description="who divides the budget: team, equal_parts, lot, or the one measure that gets it all"
    )
    budget: float = dose(BUDGET)
    step: float = dose(STEP)
    late: int = Field(1, ge=0, le=8, description="quarters until the results of one are known")

    def decide(self, quarter: int, seen: Seen) -> Budget:
        """Return the budget of this quarter of a year, by what is seen."""
        if self.policy == "team":
            return team(self.step, quarter, seen)
        return DIVIDERS.get(self.policy, partial(single, self.policy))(quarter, seen)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return what the budget buys in equal parts."""
        part, known = self.euros_per_year(people) / len(MENU), registry.levers()
        bought: dict[str, float] = {}
        for each in MENU:
            for name, value in each.levers(people).items():
                if name in each.QUALITIES:
                    bought[name] = max(value, bought.get(name, value))
                else:
                    neutral = known[name].neutral
                    more = (value - neutral) * part / max(each.euros_per_year(people), 1.0)
                    bought[name] = min(bought.get(name, neutral) + more, known[name].high)
        return bought

    def euros_per_year(self, people: Residents) -> float:
        """Return the budget."""
        return people.total / 1_000 * self.budget
