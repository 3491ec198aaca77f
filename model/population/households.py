"""Composition of households: ages, households and their members, so that both agree with the figures of an area.

Ages come first and stand: so many in every age group.  Then the numbers of households of each kind, as near as these
ages allow.  Then people: mothers fit their children, fathers fit the mothers, couples are near in age, the rest lives
alone.  Rows of people are in order of age until `synthesis` puts them in order of household.
"""

import math
from typing import NamedTuple

import numpy as np

from ..arithmetic import interpolate
from ..compiled import njit
from ..draws import Draw, key, uniform
from .shares import CURVES, OLD, number

SINGLE, COUPLE, ONE_PARENT, FAMILY, OTHER = range(5)
KINDS = ("single", "couple", "one parent", "couple with children", "other")
FIRST_PARENT, PARTNER, CHILD, MEMBER = range(4)
YOUNGEST_MOTHER, OLDEST_MOTHER = 20, 42  # years between a mother and her children
YOUNGEST_FATHER = 18
MOST_CHILDREN = 6  # a household, on average


class HouseholdPlan(NamedTuple):
    """How many households of each kind there will be, and how many people in them."""

    single: int
    couple: int
    other: int
    one_parent: int
    family: int
    children: int  # at home, of any age
    members: int  # of other households

    @property
    def with_children(self) -> int:
        """Return the households with children at home."""
        return self.one_parent + self.family


class Lives(NamedTuple):
    """For every person (in order of age) the household and the role in it; for every household its kind."""

    household: np.ndarray
    role: np.ndarray
    kind: np.ndarray


@njit
def fill(out: np.ndarray, seed: int, decision: int, purpose: int) -> None:
    """Fill an array with uniform numbers, one for each row, of one purpose."""
    dice = key(seed, decision, 0)
    for row in range(out.size):
        out[row] = uniform(dice, row, purpose)


class Chance:
    """Uniform numbers by row: every call serves another purpose of one decision and gives other numbers."""

    def __init__(self, seed: int, decision: Draw) -> None:
        """Start at the first purpose."""
        self.seed, self.decision, self.purpose = seed, int(decision), 0

    def __call__(self, n: int) -> np.ndarray:
        """Return n numbers in [0, 1)."""
        self.purpose += 1
        out = np.empty(n)
        fill(out, self.seed, self.decision, self.purpose)
        return out


def best(score: np.ndarray, count: int) -> np.ndarray:
    """Return a mask of the ``count`` highest scores; of equal ones the first."""
    mask = np.zeros(score.size, dtype=bool)
    mask[np.argsort(-score, kind="stable")[:count]] = True
    return mask


def largest_remainder(total: int, weights: np.ndarray) -> np.ndarray:
    """Return whole numbers in proportion to the weights (alike where all are 0) that add up to the total."""
    weights = np.asarray(weights, dtype=float) if np.sum(weights) > 0 else np.ones(len(weights))
    exact = total * weights / math.fsum(weights)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def minors_of(bands: np.ndarray) -> int:
    """Return how many people are under 18, given the five age groups."""
    by_children = number("age 15-17 by 0-14") * bands[0]
    return int(bands[0]) + int(min(by_children, number("age 15-17 by 15-24") * bands[1]) + 0.5)


def ages_of(bands: np.ndarray, chance: Chance) -> np.ndarray:
    """Return an age in years for everybody, in ascending order, so many in each group: a smooth pyramid."""
    teens = minors_of(bands) - int(bands[0])
    groups = [(0, 15, bands[0]), (15, 18, teens), (18, 25, bands[1] - teens), (25, 45, bands[2]), (45, 65, bands[3])]
    density = [count / (end - start) for start, end, count in groups] + [bands[4] * 0.027]
    u = chance(int(bands.sum()))
    parts: list[np.ndarray] = []
    first = 0
    for at, (start, end, count) in enumerate(groups):
        before, after = density[max(at - 1, 0)], density[at + 1]
        tilt = 0.0 if at < 2 or before + after == 0 else 0.5 * (after - before) / (after + before)
        parts.append(_spread(u[first : first + int(count)], start, end, tilt))
        first += int(count)
    oldest = (np.arange(u.size - first) + u[first:]) / max(u.size - first, 1)
    return np.concatenate([*parts, interpolate(oldest, OLD.shares, OLD.ages)])


def _spread(u: np.ndarray, start: int, end: int, tilt: float) -> np.ndarray:
    """Return ages from start up to end, one in each equal share of a density that rises by the tilt."""
    share = (np.arange(u.size) + u) / max(u.size, 1)
    share = 2 * share / ((1 - tilt) + np.sqrt((1 - tilt) * (1 - tilt) + 4 * tilt * share))
    return np.minimum(start + (end - start) * share, np.nextafter(end, 0))


def plan(ages: np.ndarray, wanted: tuple[float, float, float, float], low_income: float) -> HouseholdPlan:
    """Return how many households of each kind these people can form, as near as may be to the wanted numbers.

    ``wanted`` holds the households in all, single, without children, with children (already scaled); ``low_income``
    the % of people with a low income, which sets the share of one-parent households.  The total gives way only to
    the ages; the kinds give way to the total.
    """
    people, minors = ages.size, int(np.searchsorted(ages, 18.0))
    total = int(min(max(round(wanted[0]), 1), people - minors))
    single, couple, parents = (int(n) for n in largest_remainder(total, np.array(wanted[1:])))
    usual = CURVES["at home"].at(ages[minors:])
    room = minors + int(math.fsum(np.clip(2 * usual, 0, 0.97)))  # children there can be at home
    most = min(room, people - total)
    least = -(-minors // MOST_CHILDREN)
    single, couple, parents = _shift(single, couple, parents, min(max(parents, least), most))
    room = room if parents else 0

    share = number("one-parent") + number("one-parent by low income") * (low_income - 40)
    alone = min(max(share, number("one-parent least")), number("one-parent most")) * parents
    spare = people - single - 2 * couple - 2 * parents  # children = spare + one-parent households
    alone = max(alone, min(max(minors, parents) - spare, number("one-parent most") * parents))
    alone = min(alone, max(room - spare, number("one-parent least") * parents))
    one_parent = int(min(max(round(alone), 0), parents))
    short = max(minors, parents) - spare - one_parent
    if short > 0:  # too many adults asked for: couples become singles, then more parents live alone
        moved = min(couple, short)
        single, couple = single + moved, couple - moved
        one_parent = min(parents, one_parent + short - moved)
    extra = people - single - 2 * couple - 2 * parents + one_parent - room
    if extra <= 0:
        return _planned(people, single, couple, 0, one_parent, parents, 0)
    if couple == 0 and single > 0:
        single, couple, extra = single - 1, couple + 1, extra - 1
    other = min(couple, -(-max(extra, 0) // int(number("living group") - 2)))
    return _planned(people, single, couple - other, other, one_parent, parents, max(extra, 0) if other else 0)


def _shift(single: int, couple: int, parents: int, target: int) -> tuple[int, int, int]:
    """Return the three with so many households with children, taken from or given to couples, then singles."""
    taken = min(target - parents, couple)  # below 0: given
    from_single = max(min(target - parents - taken, single), 0)
    return single - from_single, couple - taken, parents + taken + from_single


def _planned(people: int, single: int, couple: int, other: int, one_parent: int, parents: int, extra: int) -> HouseholdPlan:
    members = 2 * other + extra
    children = people - single - 2 * couple - members - 2 * parents + one_parent
    return HouseholdPlan(single, couple, other, one_parent, parents - one_parent, children, members)


@njit
def _free(link: np.ndarray, at: int) -> int:
    """Return the nearest free place from here along the links, and shorten the way."""
    while link[at] != at:
        link[at] = link[link[at]]
        at = link[at]
    return at


@njit
def nearest_free(
    ages: np.ndarray,
    wanted: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    order: np.ndarray,
    links: np.ndarray,
    taken: np.ndarray,
) -> None:
    """For every wish in this order take the person nearest in age to it, within the bounds where somebody is left.

    ``ages`` ascend; ``taken`` gets the row that each wish takes; ``links`` are two rows of 0, 1 ... n, which are used up.
    There are no more wishes than people.
    """
    n = ages.size
    up, down = links[0], links[1]  # down: place i + 1 stands for person i; 0 for nobody
    for step in range(order.size):
        wish = order[step]
        at = np.searchsorted(ages, wanted[wish])
        above = _free(up, at)
        below = _free(down, at) - 1
        take = above
        if above == n:
            take = below
        elif below >= 0:
            nearer = wanted[wish] - ages[below] <= ages[above] - wanted[wish]
            above_fits = ages[above] <= most[wish]
            below_fits = ages[below] >= least[wish]
            if (nearer and (below_fits or not above_fits)) or (below_fits and not above_fits):
                take = below
        taken[wish] = take
        up[take] = take + 1
        down[take + 1] = take


def _take(pool: np.ndarray, ages: np.ndarray, wanted: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return the row taken for each wish, the narrowest bounds first."""
    taken = np.empty(wanted.size, dtype=np.int64)
    links = np.tile(np.arange(pool.size + 1), (2, 1))
    nearest_free(ages[pool], wanted, least, most, np.argsort(most - least, kind="stable"), links, taken)
    return pool[taken]


def lives(ages: np.ndarray, plan: HouseholdPlan, chance: Chance) -> Lives:
    """Return who lives in which household and in which role: families, couples, others and singles, in this order."""
    families = plan.with_children
    first_other = families + plan.couple
    first_single = first_other + plan.other
    household = np.empty(ages.size, dtype=np.int64)
    role = np.full(ages.size, MEMBER, dtype=np.int8)
    kind = np.repeat(np.array([FAMILY, COUPLE, OTHER, SINGLE], dtype=np.int8), [families, plan.couple, plan.other, plan.single])

    free = np.ones(ages.size, dtype=bool)
    if families:
        _families(ages, plan, chance, household, role, kind)
        free = role == MEMBER
    rest = np.flatnonzero(free)
    grouped = best(CURVES["living group"].at(ages[rest]) - chance(rest.size), plan.members)
    members = _nearly_sorted(rest[grouped], ages, chance)
    sizes = largest_remainder(plan.members, np.ones(plan.other)) if plan.other else np.zeros(0, dtype=np.int64)
    household[members] = first_other + np.repeat(np.arange(plan.other), sizes)
    rest = rest[~grouped]
    paired = best(CURVES["couple"].at(ages[rest]) - chance(rest.size), 2 * plan.couple)
    partners = _nearly_sorted(rest[paired], ages, chance)
    household[partners] = families + np.arange(partners.size) // 2
    household[rest[~paired]] = first_single + np.arange(plan.single)
    return Lives(household, role, kind)


def _nearly_sorted(rows: np.ndarray, ages: np.ndarray, chance: Chance) -> np.ndarray:
    """Return rows in order of age, give or take the usual distance between partners."""
    loose = number("partners' spread") * (chance(rows.size) + chance(rows.size) - 1)
    return rows[np.argsort(ages[rows] + loose, kind="stable")]


def _families(
    ages: np.ndarray, plan: HouseholdPlan, chance: Chance, household: np.ndarray, role: np.ndarray, kind: np.ndarray
) -> None:
    """Put children, mothers and fathers (or one parent) together in households 0, 1, ..."""
    minors, families = int(np.searchsorted(ages, 18.0)), plan.with_children
    grown = best(CURVES["at home"].at(ages[minors:]) - chance(ages.size - minors), plan.children - minors)
    children = np.concatenate([np.arange(minors), minors + np.flatnonzero(grown)])
    home = _siblings(ages[children], families, chance)
    household[children] = home
    role[children] = CHILD

    youngest, eldest = np.full(families, 200.0), np.zeros(families)
    np.minimum.at(youngest, home, ages[children])
    np.maximum.at(eldest, home, ages[children])
    least, most = eldest + YOUNGEST_MOTHER, youngest + OLDEST_MOTHER
    middle = np.bincount(home, weights=ages[children], minlength=families) / np.bincount(home, minlength=families)
    wanted = middle + number("mother's age") + number("mother's spread") * (chance(families) + chance(families) - 1)
    wanted = np.maximum(np.minimum(wanted, most - 0.5), least + 0.5)
    mothers = _take(np.flatnonzero(role == MEMBER), ages, wanted, least, most)
    household[mothers] = np.arange(families)
    role[mothers] = FIRST_PARENT

    alone = best(chance(families) + 0.01 * eldest, plan.one_parent)
    kind[:families][alone] = ONE_PARENT
    both = np.flatnonzero(~alone)
    spread = number("partners' spread") * (chance(both.size) + chance(both.size) - 1)
    wanted = ages[mothers[both]] + number("father older") + spread
    least = np.minimum(eldest[both] + YOUNGEST_FATHER, wanted)
    fathers = _take(np.flatnonzero(role == MEMBER), ages, wanted, least, wanted + 15)
    household[fathers] = both
    role[fathers] = PARTNER


def _siblings(ages: np.ndarray, families: int, chance: Chance) -> np.ndarray:
    """Return the household of each child (ages ascend): at least one in each, siblings some years apart.

    Every household asks for children of certain ages; asked and real ages are then matched in order.
    """
    extra = ages.size - families
    more = interpolate(
        chance(families), (0, 0.42, 0.83, 0.955, 1), (0, 0.5, 1.5, 2.5, 4.0)
    )  # beyond the first: 42, 41, 12.5, 4.5 %
    slots = max(4, -(-extra // families) + 3)
    wish = (more[:, None] - np.arange(slots)).ravel()
    sizes = 1 + np.bincount(np.argsort(-wish, kind="stable")[:extra] // slots, minlength=families)
    home = np.repeat(np.arange(families), sizes)
    place = np.arange(ages.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    turn = np.empty(families)
    turn[np.argsort(chance(families), kind="stable")] = (np.arange(families) + 0.5) / families
    centre = ages[(turn * ages.size).astype(np.int64)]
    distance = number("between children") * (0.5 + chance(families))
    asked = centre[home] + (place - (sizes[home] - 1) / 2) * distance[home]
    return home[np.argsort(asked, kind="stable")]
