"""Mothers, fathers and partners at the start: within a household by its kind, between households by `settle_kin`.

Members of a household stand parents first (`synthesis.Synthesis`).  A parent whose age does not fit is a stepparent: who
the child's own parent is stays unknown.
"""

from typing import Any

import numpy as np

from ..state.codes import NEVER, NOBODY
from .households import COUPLE, FAMILY, ONE_PARENT

KIN = ("mother", "father", "partner")
YOUNGEST_PARENT, OLDEST_MOTHER = 14, 50  # years between a parent and a child, at least; and at most, of a mother
RELATED = np.dtype([(name, "i1") for name in KIN])


def families(persons: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Return mother, father and partner of everybody, counted within the household; NOBODY where there is none.

    Parameters: persons sorted by household, and the households, as `synthesis.Synthesis` has them.
    """
    home, first = persons["household"], households["first"].astype(np.int64)[persons["household"]]
    kind, nth = households["kind"][home], np.arange(persons.size) - first
    related = np.full(persons.size, NOBODY, RELATED)
    pair = np.isin(kind, (COUPLE, FAMILY)) & (nth < 2)
    related["partner"][pair] = 1 - nth[pair]
    for place, kinds in ((0, (FAMILY, ONE_PARENT)), (1, (FAMILY,))):
        children = np.flatnonzero(np.isin(kind, kinds) & (nth >= (1 if place == 0 else 2)) & ~pair)
        parent = first[children] + place
        older = persons["age"][parent] - persons["age"][children]
        mother = persons["male"][parent] == 0
        fits = (older > YOUNGEST_PARENT) & (~mother | (older < OLDEST_MOTHER))
        related["mother"][children[fits & mother]] = place
        related["father"][children[fits & ~mother]] = place
    return related


def fill_kin(kin: np.ndarray, people: np.ndarray, rows: np.ndarray, first_row: np.ndarray, synthesis: Any) -> None:
    """Write down the kin at home of everybody at the start, and when every woman last bore a child who lives with her.

    ``kin`` and ``people`` are of all rows; ``rows`` says in which row each person of the synthesis is, ``first_row`` where the
    rows of their tile begin.
    """
    persons, households = synthesis.persons, synthesis.households
    first, related = households["first"].astype(np.int64)[persons["household"]], families(persons, households)
    for name in KIN:
        kin[name][rows] = kin[f"{name}_row"][rows] = NOBODY
        known = np.flatnonzero(related[name] != NOBODY)
        theirs = rows[first[known] + related[name][known]]
        kin[name][rows[known]] = people["id"][theirs]
        kin[f"{name}_row"][rows[known]] = theirs - first_row[known]
    kin["bore"][rows] = NEVER
    children = np.flatnonzero(related["mother"] != NOBODY)
    mothers = rows[first[children] + related["mother"][children]]
    np.maximum.at(kin["bore"], mothers, people["born"][rows[children]])
