"""Three people whom a room can follow from the first week: a child, an adult who lives with children, a boy on the edge.

They are found by age and household at the start, the same in both worlds; they have no names, since a name says more of somebody
than the model knows.
"""

from typing import NamedTuple

import numpy as np

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.shared.persons import ADULT_FROM, YOUTH_FROM
from kantelpunt.model.state.codes import EXPOSED

AGES = (11, 38, 15)  # of the child, the adult and the boy: whoever is nearest


class Followed(NamedTuple):
    """Somebody to follow, as they are at the start."""

    identity: int
    age: int
    male: bool


def to_follow(people: np.ndarray) -> tuple[Followed, ...]:
    """Return whom to follow, as far as there is anybody such among people at the start."""
    here = people["present"] == 1
    ages = (0 - people["born"]) // WEEKS_A_YEAR
    children = np.bincount(people["household"][here & (ages < ADULT_FROM)], minlength=int(people["household"].max(initial=0)) + 1)
    parents = here & (ages >= ADULT_FROM) & (people["male"] == 0) & (children[people["household"]] > 0)
    boys = here & (ages >= YOUTH_FROM) & (ages < ADULT_FROM) & (people["male"] == 1)
    edge = boys & (people["stage"] == EXPOSED)
    groups = (here & (ages < ADULT_FROM) & (people["male"] == 0), parents, edge if edge.any() else boys)
    chosen = []
    for group, age in zip(groups, AGES, strict=True):
        rows = np.flatnonzero(group)
        if rows.size:
            row = rows[np.argmin(np.abs(ages[rows] - age))]
            chosen.append(Followed(int(people["id"][row]), int(ages[row]), bool(people["male"][row])))
    return tuple(chosen)
