"""Gains by group: what a package does for each quarter, age and sex, at the end of all years.  Knows no browser."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kantelpunt.experiments.statistics import Interval, interval
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.shared.persons import PENSION, TEEN_FROM, YOUTH_FROM, YOUTH_UNTIL
from kantelpunt.model.state.codes import FAVOURS, QUARTERS
from kantelpunt.model.state.world import World

AGES = {
    "child": (YOUTH_FROM, TEEN_FROM),
    "youth": (TEEN_FROM, YOUTH_UNTIL),
    "adult": (YOUTH_UNTIL, PENSION),
    "old": (PENSION, 200.0),
}
GROUPS = {"quarter": QUARTERS, "age": tuple(AGES), "sex": ("female", "male")}  # how residents are divided
NAMES = tuple((kind, name) for kind, names in GROUPS.items() for name in names)
PEOPLE, INVOLVED, TRUST = range(
    3
)  # columns of a table: how many, how many of them do favours or more, and the sum of their trust
POINTS, EVERY = 100.0, 1_000.0  # in which both differences are told: points of trust, and people of every thousand


class Gain(NamedTuple):
    """The effect of a package on one group: in points of trust (of 100), and in people involved of every thousand."""

    kind: str
    name: str
    trust: Interval
    involved: Interval


def tabled(world: World, week: int) -> np.ndarray:
    """Return how groups stand in a world, shape (NAMES, 3), float32."""
    people = world.people[world.people["present"] == 1]
    age = (week - people["born"]) / WEEKS_A_YEAR
    quarter = world.places["quarter"][people["home"]]
    members = [quarter == i for i in range(len(QUARTERS))]
    members += [(low <= age) & (age < high) for low, high in AGES.values()]
    members += [people["male"] == 0, people["male"] == 1]
    involved, trust = people["stage"] >= FAVOURS, people["trust_institutions"]
    rows = [(own.sum(), (own & involved).sum(), trust[own].sum()) for own in members]
    return np.array(rows, np.float32)


def gains(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray]) -> list[Gain]:
    """Return what a package does for each group, against no package, in the same worlds."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mine, other = (shares(np.array(some, float)) for some in (ours, theirs))
    found = []
    for i, (kind, name) in enumerate(NAMES):
        known = np.isfinite(mine[:, i] + other[:, i]).all(axis=1)
        trust, involved = (mine[known, i] - other[known, i]).T
        if known.sum() > 1:
            found.append(Gain(kind, name, interval(POINTS * trust), interval(EVERY * involved)))
    return found


def shares(tables: np.ndarray) -> np.ndarray:
    """Return mean trust, and the share that is involved, of each group: shape (worlds, NAMES, 2)."""
    return np.stack([tables[..., TRUST] / tables[..., PEOPLE], tables[..., INVOLVED] / tables[..., PEOPLE]], axis=-1)
