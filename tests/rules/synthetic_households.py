"""A made-up neighbourhood for tests of demography: people in plausible households, from five age bands."""

from typing import Any, NamedTuple

import numpy as np

from kantelpunt.model.population.areas import area
from kantelpunt.model.population.synthesis import COUPLE, FAMILY, ONE_PARENT, OTHER, SINGLE, synthesise

FLAGS = ("male", "education", "working", "welfare", "disabled")
PERSONS = np.dtype([("household", "i4"), ("age", "f8"), *((name, "i1") for name in FLAGS)])
HOUSEHOLDS = np.dtype([("kind", "i1"), ("size", "i2"), ("first", "i4"), ("poverty", "f4"), ("owner", "i1"), ("flat", "i1")])
EDGES = (0.0, 15.0, 25.0, 45.0, 65.0)
BANDS = ("0-14", "15-24", "25-44", "45-64", "65+")
AT_HOME = ((18.0, 1.0), (20.0, 0.8), (24.0, 0.45), (28.0, 0.15), (32.0, 0.05))  # share who live with their parents, by age

PROFILES = {  # shares of the five bands, share of owners, from the figures of real neighbourhoods
    "Overvecht": ((17.9, 13.3, 33.1, 21.9, 13.8), 0.2),
    "Stokhasselt": ((21.0, 15.0, 26.0, 25.0, 13.0), 0.2),
    "Heikant": ((17.0, 12.0, 24.0, 23.0, 24.0), 0.45),
    "Leidsche Rijn": ((23.4, 10.6, 37.8, 21.5, 6.6), 0.6),
    "students": ((7.6, 21.9, 43.6, 15.0, 12.0), 0.1),
    "city centre": ((4.7, 17.4, 48.6, 17.8, 11.5), 0.35),
    "old": ((12.0, 9.0, 20.0, 25.9, 33.0), 0.5),
}
MADE_UP = ("students", "city centre", "old")  # the others are of real areas


class Synthesis(NamedTuple):
    """People sorted by household, and their households."""

    persons: np.ndarray
    households: np.ndarray


def band_of(ages: np.ndarray) -> np.ndarray:
    """Return the age band (0-4) of each age."""
    return np.searchsorted(EDGES, ages, side="right") - 1


def ages_of(shares: tuple[float, ...], people: int, chance: np.random.Generator) -> np.ndarray:
    """Return ages whose bands hold these shares, exactly to rounding; density runs smoothly from band to band."""
    counts = np.diff(np.round(np.concatenate([[0.0], np.cumsum(shares)]) / sum(shares) * people).astype(int))
    widths = np.array([15.0, 10.0, 20.0, 20.0, 20.0])
    density = counts / widths
    ages = []
    for band in range(4):
        left = density[max(band - 1, 0) : band + 1].mean()
        right = density[band : band + 2].mean() + 1e-9 * (band + 1)
        u = chance.random(counts[band])
        ages.append(EDGES[band] + widths[band] * (np.sqrt(left**2 + (right**2 - left**2) * u) - left) / (right - left))
    return np.concatenate([*ages, 65.0 + 33.0 * chance.beta(1.0, 1.9, counts[4])])


def nearest(pool: list[int], ages: np.ndarray, wanted: float) -> int:
    """Take from the pool (sorted by age) whoever is nearest to the wanted age."""
    k = int(np.searchsorted(ages[pool], wanted))
    if k == len(pool) or (k > 0 and wanted - ages[pool[k - 1]] < ages[pool[k]] - wanted):
        k -= 1
    return pool.pop(k)


def families(ages: np.ndarray, male: np.ndarray, chance: np.random.Generator) -> tuple[list[list[int]], list[int]]:
    """Return households, parents before children, and their kinds: mothers alone or with a father, couples, single people."""
    order = np.argsort(ages, kind="stable")
    homely = chance.random(ages.size) < np.interp(ages, *zip(*AT_HOME, strict=True))
    children = [int(i) for i in order if ages[i] < 18.0 or homely[i]]
    women = [int(i) for i in order if not (ages[i] < 18.0 or homely[i]) and not male[i]]
    men = [int(i) for i in order if not (ages[i] < 18.0 or homely[i]) and male[i]]
    households, kinds = [], []
    while children:
        child = children.pop(int(chance.integers(len(children))))
        members = [child]
        for _ in range(int(chance.choice(4, p=[0.25, 0.42, 0.22, 0.11]))):
            if children:
                members.append(nearest(children, ages, ages[child] + chance.normal(0.0, 3.5)))
        parent, parents = max(ages[members]) + chance.normal(29.0, 4.5), []
        if women:
            parents.append(nearest(women, ages, parent))
        if men and (len(members) + len(parents) == 1 or chance.random() < 0.75):
            parents.append(nearest(men, ages, parent + 2.0))
        households.append(parents + members)
        kinds.append((OTHER, ONE_PARENT, FAMILY)[len(parents)])
    while women:
        members = [women.pop(int(chance.integers(len(women))))]
        if men and chance.random() < (0.25 if ages[members[0]] < 28.0 else 0.45):
            members.append(nearest(men, ages, ages[members[0]] + chance.normal(2.0, 3.0)))
        households.append(members)
        kinds.append((SINGLE, COUPLE)[len(members) - 1])
    return households + [[man] for man in men], kinds + [SINGLE] * len(men)


def made_up(shares: tuple[float, ...], owners: float, people: int, seed: int) -> Synthesis:
    """Return a synthesis of this many people, their ages in bands of these shares."""
    chance = np.random.default_rng(seed)
    ages = ages_of(shares, people, chance)
    male = chance.random(people) < 0.5
    groups, kinds = families(ages, male, chance)
    persons = np.zeros(people, PERSONS)
    households = np.zeros(len(groups), HOUSEHOLDS)
    households["size"], households["kind"] = [len(group) for group in groups], kinds
    households["first"] = np.cumsum(households["size"]) - households["size"]
    heads = np.array([max(ages[group]) for group in groups])
    households["owner"] = chance.random(len(groups)) < owners * np.where(heads < 28.0, 0.4, 1.1)
    households["poverty"] = chance.random(len(groups))
    rows = np.concatenate(groups)
    persons["household"] = np.repeat(np.arange(len(groups)), households["size"])
    persons["age"], persons["male"], persons["education"] = ages[rows], male[rows], chance.integers(0, 3, people)
    persons["working"] = (persons["age"] >= 18.0) & (persons["age"] < 67.0) & (chance.random(people) < 0.65)
    return Synthesis(persons, households)


def people_of(name: str, seed: int, people: int = 2000) -> Any:
    """Return the synthesis of a real area, or of a made-up one."""
    if name in MADE_UP:
        return made_up(*PROFILES[name], people, seed)
    return synthesise(area(name), people, seed)
