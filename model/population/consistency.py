"""Whether the figures of an area can be true together: each has bounds that the others set.

Sources round to 5, and give shares in whole numbers, so bounds leave some room.
"""

from typing import NamedTuple

from .cbs_workbook import AGES, COLUMNS, Figures

APART = 0.05  # of the inhabitants: what rounding to 5, or percentages in whole numbers, can take age groups away from them
CROWDED = 10  # dwellings for an inhabitant: more than any place of summer houses has


class Conflict(NamedTuple):
    """Figures that cannot be true together: which, what they come to, and what may stand there."""

    message: str
    value: float
    allowed: str


def room(people: float) -> float:
    """Return by how many people figures of an area may differ from one another."""
    return APART * people + 15


def conflict(row: Figures) -> Conflict | None:
    """Return the first conflict among figures (people and ages are known), or None."""
    people, grown = _total(row, "people"), _total(row, *AGES[1:])
    counted, loose = _total(row, *AGES), room(_total(row, "people"))
    if abs(counted - people) > loose:
        allowed = f"about {people:,.0f}, its inhabitants ({COLUMNS['people'][0]})"
        return Conflict("the age groups do not add up", counted, allowed)
    kinds = ("households_single", "households_couple", "households_children")
    if (
        all(row[name] is not None for name in ("households", *kinds))
        and abs(_total(row, *kinds) - _total(row, "households")) > loose
    ):
        allowed = f"about {_total(row, 'households'):,.0f}, its households ({COLUMNS['households'][0]})"
        return Conflict("the kinds of households do not add up", _total(row, *kinds), allowed)
    members = _total(row, *kinds) + _total(row, *kinds[1:])  # two people at least in all but the first kind
    if members > people + loose:
        return Conflict("more people in households than live here", members, f"at most {people:,.0f}, its inhabitants")
    for name in ("households", *kinds, "welfare", "disability"):
        if _total(row, name) > grown + loose:
            message = f"{COLUMNS[name][0]} does not fit the other figures"
            return Conflict(message, _total(row, name), f"at most {grown:,.0f}, its people of 15 and over")
    if _total(row, "dwellings") > CROWDED * people:
        message = f"{COLUMNS['dwellings'][0]} does not fit the other figures"
        return Conflict(message, _total(row, "dwellings"), f"at most {CROWDED * people:,.0f}, ten for an inhabitant")
    if (together := _total(row, "owned", "corporation")) > 102:
        columns = f"{COLUMNS['owned'][0]} and {COLUMNS['corporation'][0]}"
        return Conflict(f"{columns} are more than all dwellings", together, "at most 100 % together")
    return None


def _total(row: Figures, *names: str) -> float:
    """Return figures added up, those that are unknown as 0."""
    return sum(row[name] or 0.0 for name in names)
