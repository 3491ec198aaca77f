"""Whether the figures of an area can be true together: each has bounds that the others set.

Sources round to 5, and give shares in whole numbers, so bounds leave some room.
"""

from typing import NamedTuple

from ..errors import Phrase
from .cbs_workbook import AGES, COLUMNS, Figures

APART = 0.05  # of the inhabitants: what rounding to 5, or percentages in whole numbers, can take age groups away from them
DENSEST = 50_000  # addresses a km2: several times as many as in the middle of Amsterdam
CROWDED = 10  # dwellings for an inhabitant: more than any place of summer houses has


class Conflict(NamedTuple):
    """Figures that cannot be true together: which, what they come to, and what may stand there."""

    code: str
    value: float
    allowed: Phrase
    facts: dict[str, str]


def room(people: float) -> float:
    """Return by how many people figures of an area may differ from one another."""
    return APART * people + 15


def conflict(row: Figures) -> Conflict | None:
    """Return the first conflict among figures (people and ages are known), or None."""
    people, grown = _total(row, "people"), _total(row, *AGES[1:])
    counted, loose = _total(row, *AGES), room(_total(row, "people"))
    if abs(counted - people) > loose:
        allowed = Phrase("allowed.about_inhabitants", people=round(people), column=COLUMNS["people"][0])
        return Conflict("area.ages_apart", counted, allowed, {})
    kinds = ("households_single", "households_couple", "households_children")
    if (
        all(row[name] is not None for name in ("households", *kinds))
        and abs(_total(row, *kinds) - _total(row, "households")) > loose
    ):
        households, column = round(_total(row, "households")), COLUMNS["households"][0]
        allowed = Phrase("allowed.about_households", households=households, column=column)
        return Conflict("area.households_apart", _total(row, *kinds), allowed, {})
    members = _total(row, *kinds) + _total(row, *kinds[1:])  # two people at least in all but the first kind
    if members > people + loose:
        return Conflict("area.crowded_households", members, Phrase("allowed.inhabitants", most=round(people)), {})
    for name in ("households", *kinds, "welfare", "disability"):
        if _total(row, name) > grown + loose:
            allowed = Phrase("allowed.adults", most=round(grown))
            return Conflict("area.figure_unfit", _total(row, name), allowed, {"column": COLUMNS[name][0]})
    if (on_benefits := _total(row, "welfare", "disability")) > grown + loose:
        columns = {"first": COLUMNS["welfare"][0], "second": COLUMNS["disability"][0]}
        return Conflict("area.too_many_on_benefits", on_benefits, Phrase("allowed.adults", most=round(grown)), columns)
    if _total(row, "dwellings") > CROWDED * people:
        allowed = Phrase("allowed.dwellings", most=round(CROWDED * people))
        return Conflict("area.figure_unfit", _total(row, "dwellings"), allowed, {"column": COLUMNS["dwellings"][0]})
    if (together := _total(row, "owned", "corporation")) > 102:
        columns = {"first": COLUMNS["owned"][0], "second": COLUMNS["corporation"][0]}
        return Conflict("area.too_many_dwellings", together, Phrase("allowed.all_together"), columns)
    if _total(row, "address_density") > DENSEST:
        allowed = Phrase("allowed.at_most", most=DENSEST)
        return Conflict("area.figure_unfit", _total(row, "address_density"), allowed, {"column": COLUMNS["address_density"][0]})
    return None


def _total(row: Figures, *names: str) -> float:
    """Return figures added up, those that are unknown as 0."""
    return sum(row.get(name) or 0.0 for name in names)
