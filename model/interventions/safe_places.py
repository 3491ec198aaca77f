"""Safe places: contact out of sight of people who would make somebody pay for it."""

from typing import Any, ClassVar, Literal

from ..quantity import Quantity
from . import TINY, Evidence, Intervention, Residents, dose, ramp_of

SHARE = Quantity(0.5, 0.0, 1.0, "share", "assumed (M83)", "contacts that are kept out of sight", "lever")
ROOM = Quantity(6_000.0, 2_000.0, 20_000.0, "euro/year per 1,000 residents", "assumed: rooms to meet in", "rooms", "fixed")


class SafePlaces(Intervention):
    """Professionals meet people where and when nobody sees it: in a living room, in a community room, in office hours.

    Who: the professionals who are there; it hires nobody.
    When: every week; eight weeks until it is usual.
    Where: indoors, or at another place and time than the square in the evening.
    Reach: by default half of the good contacts.
    Effect: fewer people pay for talking, where the friend-enemy norm is held; but neighbours do not see either that talk
    goes unpunished, so the norm itself may last longer.  Nothing where the norm is not held.
    Cost: an assumed 6,000 euros a year for every 1,000 residents, for rooms.
    Sources: M28, M83 (six street tactics); the Divosa and Tilburg reports; size assumed.
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ("M28", "M83")
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "M28, M83; no trial known")
    EXAMPLE: ClassVar[dict[str, Any]] = {**TINY, "interventions": [{"kind": "safe_places", "ramp": 0}]}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]] = ("talk_seen", "down")

    kind: Literal["safe_places"] = "safe_places"
    ramp: int = ramp_of(8)
    share: float = dose(SHARE)

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the share of contacts that are kept out of sight."""
        return {"safe_places": self.share}

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of rooms."""
        return people.total / 1_000 * ROOM.default * self.share / SHARE.default
