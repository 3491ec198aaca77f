"""Awareness lesson: every class hears once a year how crime recruits."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, dose, ramp_of

SHARE = Quantity(1.0, 0.0, 1.0, "share", "assumed: universal", "classes of 12-17 that get a lesson in a year", "lever")
MATERIAL = Quantity(15.0, 5.0, 50.0, "euro/year per youth of 12-23", "assumed", "material", "fixed")


class AwarenessLesson(Intervention):
    """A lesson at school on how crime recruits, what it pays and what it costs, for everybody and not for a few at risk.

    Who: pupils of 12-17 who are in class; a police officer or youth worker of the neighbourhood gives it.
    When: once a year for each class, in a week of its own.
    Where: at school.
    Reach: every class, and of it whoever is there: those who are hardly bound to school often are not.
    Effect: sees through the pull of criminal money, the more so the more who gives the lesson knows; hearing of that money also
    makes curious.  Small, and gone within a year or two; it may come to nothing, or harm where who gives it knows little.
    Cost: an assumed 15 euros a year for every youth of 12-23, for material; the hours of the teacher are missing for cases.
    Sources: Pan and Bai 2009 (less than a small effect); M92, M102; sizes assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M92", "M102")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "Pan and Bai 2009: lessons by police officers, less than a small effect")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "awareness_lesson"}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("taught", "up")

    kind: Literal["awareness_lesson"] = "awareness_lesson"
    ramp: int = ramp_of(0)
    share: float = dose(SHARE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of classes that get a lesson."""
        return {"awareness_lessons": self.share}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the material."""
        return people.youths * MATERIAL.default * self.share
