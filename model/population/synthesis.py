"""A synthetic population: people and households whose margins are the figures of an area.

    people, households, deviations = synthesise(area("overvecht"), 2000, seed=1)

Age groups match exactly; the number of households and their kinds, people on welfare and disability benefits, people
who work, degrees, low incomes, owners and flats match to a whole number, as far as they can be squared with the ages.
Figures that cannot are in ``deviations``.  The same area, number of people and seed give the same population, bit for bit.
"""

from typing import NamedTuple

import numpy as np

from ..draws import MAX_SEED, Draw
from ..errors import InputError, Phrase
from .areas import SMALLEST, Area
from .households import (
    CHILD,
    COUPLE,
    FAMILY,
    FIRST_PARENT,
    KINDS,
    OLDEST_MOTHER,
    ONE_PARENT,
    OTHER,
    PARTNER,
    SINGLE,
    YOUNGEST_MOTHER,
    Chance,
    Lives,
    ages_of,
    best,
    largest_remainder,
    lives,
    plan,
)
from .shares import CURVES, number

__all__ = ["COUPLE", "FAMILY", "KINDS", "ONE_PARENT", "OTHER", "SINGLE", "Synthesis", "synthesise"]

FLAGS = ("male", "education", "working", "welfare", "disabled")
PERSON = np.dtype([("household", "i4"), ("age", "f8"), *((name, "i1") for name in FLAGS)], align=True)
HOUSEHOLD = np.dtype(
    [("kind", "i1"), ("size", "i2"), ("first", "i4"), ("poverty", "f4"), ("owner", "i1"), ("flat", "i1")], align=True
)
LOW_INCOME = 0.5  # level of poverty from which a household is among the lowest 40 % of incomes
PENSION_AGE = 67  # general assistance and disability benefits end here (AOW 2024)


class Synthesis(NamedTuple):
    """A population at the start.

    ``persons`` stand together by household, parents first, then children from old to young; ``household`` is the row
    of theirs, ``age`` in years, ``education`` 0 low, 1 middle, 2 high (of those under 18 the level at school).
    ``households`` have ``kind`` (see KINDS), ``size``, ``first`` (row of the first member), ``poverty`` (0-1; 0.5 and
    over is among the lowest 40 % of incomes in the country), ``owner`` and ``flat`` (0 or 1).
    ``deviations`` maps a margin's name to (asked, got) where they differ by more than rounding, and
    "children_of_parents_of_unlikely_age" to (0, children whose mother is not 20 to 42 years older).
    """

    persons: np.ndarray
    households: np.ndarray
    deviations: dict[str, tuple[float, float]]


def synthesise(area: Area, people: int, seed: int) -> Synthesis:
    """Return a population of so many people in the proportions of an area.

    Raises InputError for fewer than 50 people, or a seed below 0 or above 2**63 - 1.
    """
    if people < SMALLEST:
        raise InputError("people.too_few", place="people", value=people, allowed=Phrase("allowed.at_least", least=SMALLEST))
    if not 0 <= seed <= MAX_SEED:
        raise InputError("seed.invalid", place="seed", value=seed, allowed=Phrase("allowed.whole_between", low=0, high=MAX_SEED))
    chance = Chance(seed, Draw.MEMBER)
    scale = people / area.people
    ages = ages_of(largest_remainder(people, np.array(area.ages)), chance)
    wanted = [
        area.figure(name) * scale for name in ("households", "households_single", "households_couple", "households_children")
    ]
    chosen = plan(ages, (wanted[0], wanted[1], wanted[2], wanted[3]), area.figure("low_income"))
    persons, households, role = _rows(ages, lives(ages, chosen, chance), chance)
    _sexes(persons, households, role, chance)
    shared = Chance(seed, Draw.DWELLING)  # for what members of a household have in common
    _educate(area, persons, role, shared(households.size)[persons["household"]], chance)
    _benefits(area, scale, persons, households, role, shared(households.size)[persons["household"]], chance)
    _work(area, persons, role, chance)
    _incomes(area, persons, households, role, shared)
    _dwell(area, persons, households, shared)
    return Synthesis(persons, households, _deviations(area, scale, persons, households, role))


def _rows(ages: np.ndarray, found: Lives, chance: Chance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return persons and households in their final order (households shuffled), and everybody's role."""
    count = found.kind.size
    shuffled = np.argsort(chance(count), kind="stable")
    turn = np.empty(count, dtype=np.int64)
    turn[shuffled] = np.arange(count)
    household = turn[found.household]
    order = np.lexsort((-ages, found.role, household))
    persons = np.zeros(ages.size, dtype=PERSON)
    persons["household"] = household[order]
    persons["age"] = ages[order]
    households = np.zeros(count, dtype=HOUSEHOLD)
    households["kind"] = found.kind[shuffled]
    size = np.bincount(household, minlength=count)
    households["size"] = size
    households["first"] = np.cumsum(size) - size
    return persons, households, found.role[order]


def _sexes(persons: np.ndarray, households: np.ndarray, role: np.ndarray, chance: Chance) -> None:
    """Mothers are women and their partners men; in a couple without children he is mostly the older one."""
    u = chance(persons.size)
    kind = households["kind"][persons["household"]]
    male = u < np.where(role == CHILD, number("boys"), 0.5)
    alone = kind == SINGLE
    male[alone] = u[alone] < CURVES["single man"].at(persons["age"][alone])
    male[role == FIRST_PARENT] = False
    male[role == PARTNER] = True
    father_alone = (role == FIRST_PARENT) & (kind == ONE_PARENT)
    male[father_alone] = u[father_alone] >= number("mother alone")
    elder = households["first"][households["kind"] == COUPLE]  # members stand in order of age
    male[elder] = u[elder] < number("man older")
    male[elder + 1] = ~male[elder]
    persons["male"] = male


def _some(score: np.ndarray, eligible: np.ndarray, count: float) -> np.ndarray:
    """Return a mask of the ``count`` (rounded) highest scores among the eligible."""
    rows = np.flatnonzero(eligible)
    mask = np.zeros(score.size, dtype=bool)
    mask[rows[best(score[rows], min(max(int(count + 0.5), 0), rows.size))]] = True
    return mask


def _of_working_age(persons: np.ndarray) -> np.ndarray:
    return (persons["age"] >= 15) & (persons["age"] < 75)


def _educate(area: Area, persons: np.ndarray, role: np.ndarray, home: np.ndarray, chance: Chance) -> None:
    """Give everybody a level of education; what members of a household share shows in it, and the parents' in the children's."""
    age, base = persons["age"], _of_working_age(persons)
    u = 0.5 * home + 0.5 * chance(persons.size)
    degrees = area.figure("high_education") / 100
    low = number("low education") + number("low education by low income") * (area.figure("low_income") - 40)
    low = min(max(low, 0.1), 0.8)
    education = np.ones(persons.size, dtype=np.int8)
    for group, share in (
        ((age >= 18) & base, degrees * base.sum()),
        (age >= 75, degrees * number("degree of the old") * (age >= 75).sum()),
    ):
        high = _some(u + CURVES["degree"].at(age), group, share)
        rest = group & ~high
        education[high] = 2
        education[_some(CURVES["low education"].at(age) - u, rest, low * rest.sum())] = 0

    parents = ((role == FIRST_PARENT) | (role == PARTNER)).astype(np.float64)
    count = np.maximum(np.bincount(persons["household"], weights=parents), 1)
    of_parents = (np.bincount(persons["household"], weights=parents * education) / count)[persons["household"]]
    minors = age < 18
    score = 0.3 * of_parents + u
    high = _some(score, minors, (number("school high") + number("school high by degrees") * degrees) * minors.sum())
    rest = minors & ~high
    education[high] = 2
    education[_some(-score, rest, (number("school low") - number("school low by degrees") * degrees) * minors.sum())] = 0
    persons["education"] = education


def _benefits(
    area: Area, scale: float, persons: np.ndarray, households: np.ndarray, role: np.ndarray, home: np.ndarray, chance: Chance
) -> None:
    """Give people of 18-66 general assistance (by household) or a disability benefit (by age), never both where that can be."""
    age = persons["age"]
    eligible = (age >= 18) & (age < PENSION_AGE)
    by_kind = np.zeros(len(KINDS))
    by_kind[[SINGLE, COUPLE, ONE_PARENT, FAMILY]] = 0.05, -0.08, 0.15, -0.04  # assumed, after the shape of CBS figures
    score = by_kind[households["kind"][persons["household"]]] - 0.1 * persons["education"] + CURVES["welfare"].at(age)
    score += home + 0.2 * chance(persons.size) - 0.2 * (role == CHILD)
    persons["welfare"] = _some(score, eligible, area.figure("welfare") * scale)
    score = CURVES["disability"].at(age) - 0.1 * persons["education"] + chance(persons.size) - 2.0 * persons["welfare"]
    persons["disabled"] = _some(score, eligible, area.figure("disability") * scale)


def _work(area: Area, persons: np.ndarray, role: np.ndarray, chance: Chance) -> None:
    """Give work to so many of 15-74: by age and education, seldom to those with a benefit."""
    base = _of_working_age(persons)
    mother = (role == FIRST_PARENT) & (persons["male"] == 0)
    score = CURVES["work"].at(persons["age"]) - chance(persons.size) + 0.12 * (persons["education"] - 1.0)
    score -= 0.75 * persons["welfare"] + 0.45 * persons["disabled"] + 0.05 * mother
    persons["working"] = _some(score, base, area.figure("participation") / 100 * base.sum())


def _incomes(area: Area, persons: np.ndarray, households: np.ndarray, role: np.ndarray, chance: Chance) -> None:
    """Give households a level of poverty: assistance, nobody at work, many children and chance weigh most."""
    home, count, size = persons["household"], households.size, households["size"].astype(np.int64)
    grown = np.where((persons["age"] >= 18) & (role != CHILD), 1.0, 0.0)
    adults = np.maximum(np.bincount(home, weights=grown, minlength=count), 1)
    workers = np.bincount(home, weights=grown * persons["working"], minlength=count) / adults
    education = np.bincount(home, weights=grown * persons["education"], minlength=count) / adults
    welfare = np.bincount(home, weights=persons["welfare"], minlength=count) > 0
    kind = households["kind"]
    minors = np.minimum(np.bincount(home, weights=persons["age"] < 18, minlength=count), 4)
    score = welfare - 0.7 * workers - 0.25 * education + 0.07 * minors + 0.15 * (kind == ONE_PARENT) + 0.05 * (kind == SINGLE)
    score += 0.7 * chance(count)
    order = np.argsort(-score, kind="stable")
    low = _up_to(size, order, int(area.figure("low_income") / 100 * persons.size + 0.5))
    rank = np.empty(count)
    rank[order] = np.arange(count)
    poverty = np.empty(count)
    for group, bottom in ((low, LOW_INCOME), (~low, 0.0)):  # few are near the top of each half
        rows = np.flatnonzero(group)
        place = np.empty(rows.size)
        place[np.argsort(-rank[rows], kind="stable")] = (np.arange(rows.size) + 0.5) / max(rows.size, 1)
        poverty[rows] = bottom + 0.499 * place * place
    households["poverty"] = poverty


def _dwell(area: Area, persons: np.ndarray, households: np.ndarray, chance: Chance) -> None:
    """Say who owns the dwelling (seldom the poor) and who lives in a flat (more often those who rent or live alone)."""
    kind, count = households["kind"], households.size
    together = np.isin(kind, (COUPLE, FAMILY))
    score = CURVES["owner"].at(persons["age"][households["first"]]) + 0.3 * together - 1.4 * households["poverty"]
    everybody = np.ones(count, dtype=bool)
    owner = _some(score + 0.6 * chance(count), everybody, area.figure("owned") / 100 * count)
    households["owner"] = owner
    score = chance(count) - 0.4 * owner + 0.3 * (kind == SINGLE) - 0.3 * np.isin(kind, (FAMILY, ONE_PARENT))
    households["flat"] = _some(score, everybody, area.figure("flats") / 100 * count)


def _up_to(size: np.ndarray, order: np.ndarray, people: int) -> np.ndarray:
    """Return a mask of households, the first in this order that together hold so many people (or just fewer)."""
    mask = np.zeros(size.size, dtype=bool)
    held = np.cumsum(size[order])
    first = int(np.searchsorted(held, people, side="right"))
    mask[order[:first]] = True
    left = people - (int(held[first - 1]) if first else 0)
    later = order[first:]
    while left > 0:
        fits = np.flatnonzero(size[later] <= left)
        if fits.size == 0:
            break
        mask[later[fits[0]]] = True
        left -= int(size[later[fits[0]]])
        later = later[fits[0] + 1 :]
    return mask


def _deviations(
    area: Area, scale: float, persons: np.ndarray, households: np.ndarray, role: np.ndarray
) -> dict[str, tuple[float, float]]:
    """Return what differs from the figures by more than rounding."""
    kind, base = households["kind"], _of_working_age(persons)
    degrees = (persons["education"] == 2) & (persons["age"] >= 18) & base
    low = households["size"][households["poverty"] >= LOW_INCOME].sum()
    share = base.sum() / 100
    pairs = {
        "households": (area.figure("households") * scale, kind.size),
        "households_single": (area.figure("households_single") * scale, (kind == SINGLE).sum()),
        "households_couple": (area.figure("households_couple") * scale, np.isin(kind, (COUPLE, OTHER)).sum()),
        "households_children": (area.figure("households_children") * scale, np.isin(kind, (ONE_PARENT, FAMILY)).sum()),
        "welfare": (area.figure("welfare") * scale, persons["welfare"].sum()),
        "disability": (area.figure("disability") * scale, persons["disabled"].sum()),
        "participation": (area.figure("participation") * share, persons["working"].sum()),
        "high_education": (area.figure("high_education") * share, degrees.sum()),
        "low_income": (area.figure("low_income") * persons.size / 100, low),
        "owned": (area.figure("owned") * kind.size / 100, households["owner"].sum()),
        "flats": (area.figure("flats") * kind.size / 100, households["flat"].sum()),
        "children_of_parents_of_unlikely_age": (0, _unlikely_mothers(persons, households, role)),
    }
    return {name: (round(float(asked), 2), float(got)) for name, (asked, got) in pairs.items() if abs(asked - got) > 1}


def _unlikely_mothers(persons: np.ndarray, households: np.ndarray, role: np.ndarray) -> int:
    """Return the children whose mother (or father, where he is alone) is not 20 to 42 years older."""
    children = np.flatnonzero(role == CHILD)
    parent = households["first"][persons["household"][children]]
    older = persons["age"][parent] - persons["age"][children]
    return int(((older < YOUNGEST_MOTHER) | (older > OLDEST_MOTHER)).sum())
