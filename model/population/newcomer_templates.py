"""Templates of newcomers: households of the starting population, in the shares that keep the age pyramid.

A neighbourhood keeps its age pyramid although everybody in it grows older, because it attracts other people than it
loses.  Here that attraction is worked out once, before a run.  Each household of the starting population (or of an
even sample of them) is followed in expectation: its members age, die, leave home and bear children, and some day the
household moves.  With

    stay[g, c, t]   people of age class c, per household of group g that came t years ago
    inflow[g]       households of group g that come each year (unknown, not negative)

the people of class c after T years are those left of the starting population, plus the sum over g of inflow[g] times the
integral of stay[g, c, t] over t from 0 to T.  Nonnegative least squares chooses the inflow for which that equals the
start at all T up to 30 years, and for which owners and tenants keep as many dwellings; a small weight keeps the inflow
as varied as the outflow is, otherwise a few groups would do.

Some pyramids cannot be kept like this: where few people are over 45, those who reach that age must move sooner than
elsewhere.  So the mobility of the settled and fertility may deviate from what is usual, at a price; they are
fitted in the same equations (linearised, in a few rounds).
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..arithmetic import exp, exps, logarithm, product
from ..rules.demography import GENERATION, Parameters, birth, death, leaving, moving
from ..shared.persons import ADULT_FROM
from ..state.codes import NOBODY
from ..state.fields import Field, dtype
from .families import KIN, families
from .nonnegative import nearest

TEMPLATE = (
    Field("first", "i4", "row", "first of its members"),
    Field("size", "i2", "count", "members"),
    Field("owner", "i1", "0/1", "owns the dwelling"),
    Field("poverty", "f8", "level", "pressure of poverty and debt"),
)
MEMBER = (
    Field("age", "f8", "year", "age on arrival"),
    Field("male", "i1", "0/1", "sex as registered"),
    Field("education", "i1", "0-2", "low, middle, high; of a youth: the level at school"),
    Field("working", "i1", "0/1", "has paid work"),
    Field("welfare", "i1", "0/1", "receives social assistance"),
    Field("disabled", "i1", "0/1", "receives a disability benefit"),
    Field("mother", "i1", "row", "the mother, counted within the household, or -1"),
    Field("father", "i1", "row", "the father"),
    Field("partner", "i1", "row", "the partner"),
)

MOST = 2000  # households that serve as template
YEARS = 30  # over which the pyramid is held
HORIZONS = np.arange(5, YEARS + 1, 5)  # years after which it should be what it was
CLASS, CLASSES = 5, 18  # years of age in a class; the last one open: 85 and over
BANDS = np.repeat(np.eye(5), [3, 2, 4, 4, 5], axis=1)  # classes that make up 0-14, 15-24, 25-44, 45-64, 65+
FINE = 2  # steps a year in the tables of hazards by age
OLDEST = 150  # years of age up to which hazards are tabled
ROUNDS = 2  # of fitting mobility and fertility

# how much it counts that each age class, each band, the households of each tenure stay as many (relative differences);
# that the inflow resembles the outflow; that mobility and fertility are as usual (differences of logarithms)
WEIGHT_CLASS, WEIGHT_BAND, WEIGHT_TENURE, WEIGHT_INFLOW, WEIGHT_USUAL = 1.0, 5.0, 20.0, 0.1, 2.0
LEAST, MOST_UNUSUAL = 0.33, 4.0  # bounds of mobility and fertility against what is usual


class Templates(NamedTuple):
    """Households that may move in, how readily the settled move, how many children are born."""

    table: np.ndarray  # (n,) template, tenants first
    members: np.ndarray  # (m,) member, of all templates one after the other
    weight: np.ndarray  # (n,) cumulative: 0 to 1 over tenants, 1 to 2 over owners
    unsettled: float  # for household.unsettled of every dwelling
    fertility: float  # for tile_index.fertility
    kept: np.ndarray  # (5, horizons) expected people in each band over those at the start


class Sample(NamedTuple):
    """Households that serve as template, group by group, tenants first, and their members."""

    age: np.ndarray  # (m,)
    male: np.ndarray  # (m,)
    household: np.ndarray  # (m,) whose member
    first: np.ndarray  # (n,) first member
    size: np.ndarray  # (n,)
    owner: np.ndarray  # (n,)
    head: np.ndarray  # (n,) age of the oldest member
    group: np.ndarray  # (n,) households alike in tenure, age of the oldest member and size; numbered from 0
    related: np.ndarray  # (m,) mother, father and partner, counted within the household
    rows: np.ndarray  # (m,) row of the member in the synthesis
    chosen: np.ndarray  # (n,) row of the household in the synthesis


def templates(synthesis: Any, p: Any) -> Templates:
    """Return who may move in where these people and households live at the start.

    ``synthesis.persons`` and ``synthesis.households`` are structured arrays, people sorted by household
    (`synthesis.Synthesis`); ``p`` holds the rule's numbers as attributes.  At most ``MOST`` households serve as template.
    """
    s = sample(synthesis)
    found = fit(grouped(s, Parameters(*(float(getattr(p, name)) for name in Parameters._fields))))
    households, persons = synthesis.households[s.chosen], synthesis.persons[s.rows]
    table, members = np.zeros(s.size.size, dtype(TEMPLATE)), np.zeros(s.age.size, dtype(MEMBER))
    table["first"], table["size"] = s.first, s.size
    for name in ("owner", "poverty"):
        table[name] = households[name]
    for name in members.dtype.names or ():
        members[name] = (s.related if name in KIN else persons)[name]
    weight = (found.inflow / np.bincount(s.group))[s.group]
    for tenure in (0, 1):
        weight[s.owner == tenure] /= max(math.fsum(weight[s.owner == tenure]), 1e-300)
    cumulative = np.round(np.cumsum(weight), 9)
    if not (s.owner == 0).any():
        cumulative += 1.0
    return Templates(table, members, cumulative, found.unsettled, found.fertility, found.kept)


def sample(synthesis: Any) -> Sample:
    """Return all households, or an even sample of them by tenure, age of the oldest member and size."""
    persons, households = synthesis.persons, synthesis.households
    head = np.maximum.reduceat(persons["age"], households["first"])
    kind = (households["owner"].astype(int) * OLDEST + (head // CLASS).astype(int)) * 4 + np.minimum(households["size"], 4)
    order = np.lexsort((head, kind))
    every = max(len(order) / MOST, 1.0)
    chosen = order[((np.arange(int(len(order) / every)) + 0.5) * every).astype(int)]
    size = households["size"][chosen].astype(int)
    first = np.cumsum(size) - size
    rows = np.repeat(households["first"][chosen] - first, size) + np.arange(size.sum())
    return Sample(
        persons["age"][rows], persons["male"][rows].astype(int), np.repeat(np.arange(len(chosen)), size), first, size,
        households["owner"][chosen].astype(int), head[chosen], np.unique(kind[chosen], return_inverse=True)[1],
        families(persons, households)[rows], rows, chosen,
    )  # fmt: skip


def table_of(hazard: Callable, *rest: Any) -> np.ndarray:
    """Return a yearly hazard, by age and the rest, summed from birth to each step of age (FINE steps a year)."""
    plain = getattr(hazard, "py_func", hazard)
    values = [plain((step + 0.5) / FINE, *rest) / FINE for step in range(OLDEST * FINE)]
    return np.concatenate([[0.0], np.cumsum(values)])


def grown(summed: np.ndarray, steps: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the hazard gone through since arrival: ``summed`` (rows, steps of age), at steps (n, t) in rows (n,)."""
    gone = summed[row[:, None], steps]
    return gone - gone[:, :1]


class Groups(NamedTuple):
    """Means over each group of households, by years since arrival, at the usual mobility."""

    number: np.ndarray  # (g,) households
    there: np.ndarray  # (g, class and tenure, t) members of each age class; households of each tenure
    born: np.ndarray  # (g, class and tenure, t) children born there, at fertility 1
    moved: np.ndarray  # (g, t) hazard of moving, summed over the stay
    settled: np.ndarray  # (g, t) the part of it that mobility multiplies
    births: float  # births a year of the whole sample at the start, at fertility 1


def grouped(s: Sample, p: Parameters) -> Groups:
    """Follow each household in expectation and return the means of groups."""
    years = np.arange(YEARS + 1)
    steps, heads = ((ages * FINE + 0.5).astype(int)[:, None] + FINE * years for ages in (s.age, s.head))
    deaths = np.stack([table_of(death, male, p) for male in (0, 1)])
    home = table_of(leaving, p)[None]
    moves = np.stack([table_of(moving, owner, unsettled, p) for owner in (0, 1) for unsettled in (-1.0, 0.0)])
    births = np.diff(table_of(birth, p)) * FINE

    child = s.age + GENERATION <= s.head[s.household]
    survive = exps(-grown(deaths, steps, s.male) - child[:, None] * grown(home, steps, 0 * s.male))
    moved = grown(moves, heads, 2 * s.owner + 1)
    settled = moved - grown(moves, heads, 2 * s.owner)
    stay = exps(-moved)
    emptied = np.multiply.reduceat(np.where(steps >= ADULT_FROM * FINE, 1.0 - survive, 1.0), s.first, axis=0)
    mother = (s.male == 0) & ~child & (s.size[s.household] < p.room)
    mother = np.where(s.related["partner"] == NOBODY, p.alone, 1.0) * mother
    bear = np.add.reduceat(births[steps] * survive * mother[:, None], s.first, axis=0)

    number = np.bincount(s.group).astype(float)
    begin = np.cumsum(number).astype(int) - number.astype(int)

    def means(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, begin, axis=0) / number[:, None]

    shape = (len(number), CLASSES + 2, len(years))
    classes = np.minimum(steps // (CLASS * FINE), CLASSES - 1)
    cells = (s.group[s.household][:, None] * shape[1] + classes) * shape[2] + years
    there = (
        np.bincount(cells.ravel(), (survive * stay[s.household]).ravel(), np.prod(shape)).reshape(shape) / number[:, None, None]
    )
    there[np.arange(len(number)), CLASSES + s.owner[begin]] = means(stay * (1.0 - emptied))
    kept = exps(-0.5 * (deaths[0] + deaths[1]) - home[0])[FINE // 2 :: FINE]
    born = born_there(means(bear), kept) * means(stay)[:, None, :]
    return Groups(number, there, born, means(moved), means(settled), math.fsum(bear[:, 0]))


def born_there(rate: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return children by age (g, class and tenure, t), of births a year (g, t) and the share kept to each age."""
    rate = 0.5 * (rate[:, 1:] + rate[:, :-1])
    born = np.zeros((len(rate), CLASSES + 2, YEARS + 1))
    for age in range(YEARS):
        born[:, age // CLASS, age + 1 :] += rate[:, : YEARS - age] * kept[age]
    return born


def weighing(start: np.ndarray) -> np.ndarray:
    """Return the matrix that turns differences in classes and tenures into weighted relative differences."""
    people, floor = start[:CLASSES], 0.01 * math.fsum(start[:CLASSES])
    classes = np.diag(WEIGHT_CLASS / np.maximum(people, floor))
    bands = WEIGHT_BAND * BANDS / np.maximum(product(BANDS, people), floor)[:, None]
    tenures = np.diag(WEIGHT_TENURE / np.maximum(start[CLASSES:], 1.0))
    return np.block([[classes, np.zeros((CLASSES, 2))], [bands, np.zeros((5, 2))], [np.zeros((2, CLASSES)), tenures]])


def integral() -> np.ndarray:
    """Return weights (t, horizons) that integrate over the years up to each horizon (trapezium rule)."""
    years = np.arange(YEARS + 1)[:, None]
    return np.where(years < HORIZONS, 1.0, 0.5 * (years == HORIZONS)) - 0.5 * (years == 0)


class Fit(NamedTuple):
    """The shares that keep the pyramid."""

    inflow: np.ndarray  # (g,) households a year
    unsettled: float
    fertility: float
    kept: np.ndarray  # (5, horizons)


def fit(groups: Groups) -> Fit:
    """Find the inflow, mobility and fertility that keep the age classes and the households of both tenures."""
    start = product(groups.number, groups.there[:, :, 0])
    weigh, over = weighing(start), integral()
    usual = float(start[0]) / CLASS / max(groups.births, 1e-9)  # children under 5 are five years of births
    logs = np.zeros(2)  # of mobility and of fertility, against what is usual
    n, inflow = len(groups.number), groups.number * groups.moved[:, 1]
    for turn in range(ROUNDS + 1):
        moves = exp(float(logs[0])) * groups.settled
        factor = exps(groups.settled - moves)[:, None, :]
        born = usual * exp(float(logs[1])) * groups.born * factor
        state = groups.there * factor + born
        left, added = product(groups.number, state[:, :, HORIZONS]), product(state, over)
        outflow = groups.number * (groups.moved - groups.settled + moves)[:, 1]
        varied = WEIGHT_INFLOW / np.sqrt(outflow * (math.fsum(outflow) / n))
        blocks = [[product(weigh, np.moveaxis(added, 0, -1)).reshape(-1, n)], [np.diag(varied)]]
        targets = [product(weigh, start[:, None] - left).ravel(), varied * outflow]
        if turn < ROUNDS:  # also the changes of both logarithms, of either sign
            effect = np.stack([
                product(weigh, product(groups.number, c[:, :, HORIZONS]) + product(inflow, product(c, over))).ravel()
                for c in (-state * moves[:, None, :], born)
            ], axis=1)  # fmt: skip
            blocks = [[*blocks[0], effect], [*blocks[1], np.zeros((n, 2))], [np.zeros((2, n)), WEIGHT_USUAL * np.eye(2)]]
            targets.append(-WEIGHT_USUAL * logs)
        solution = nearest(np.block(blocks), np.concatenate(targets), signed=2 if turn < ROUNDS else 0)
        inflow = solution[:n]
        if turn < ROUNDS:
            logs = np.clip(logs + solution[n:], logarithm(LEAST), logarithm(MOST_UNUSUAL))
    here = np.maximum(product(BANDS, start[:CLASSES]), 1.0)
    kept = product(BANDS, (left + product(inflow, added))[:CLASSES]) / here[:, None]
    return Fit(inflow, exp(float(logs[0])) - 1.0, usual * exp(float(logs[1])), kept)
