"""Building a world: from the figures of an area to people in homes, households, professionals and crews.

What depends on area, size and seed alone is kept for the next scenario with the same people (`skeleton`); what depends
on parameters is set by the rule `start`.
"""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from . import outcomes, registry
from .areas import Area
from .compiled import njit
from .draws import Draw, identity, key
from .layout import by_tile, dwelling_cells, lay_out, tiles_for
from .rules.friends import COHORTS
from .rules.start import CREWS_A_TILE
from .state import (
    CACHE_LINE,
    CARE,
    DTYPES,
    ENFORCEMENT,
    FRIENDS,
    GREEN,
    HOME,
    HOUSING,
    MUNICIPALITY,
    NEVER,
    NOBODY,
    POLICE,
    SCHOOL_STAFF,
    STREET,
    WELFARE,
    YOUTH_WORK,
)
from .synthesis import Synthesis, synthesise
from .templates import Templates, templates
from .world import World

STAFF = (
    POLICE, POLICE, ENFORCEMENT, ENFORCEMENT, YOUTH_WORK, YOUTH_WORK, WELFARE, WELFARE, SCHOOL_STAFF, SCHOOL_STAFF, HOUSING,
    CARE, CARE, MUNICIPALITY,
)  # fmt: skip
SLACK = 1.25  # rows for people, against inhabitants at the start
LOW_INCOME = (33.0, 50.0)  # % of low incomes in a contrast and in a focus area (KWB: Noordoost 32.6, Overvecht 49.5)
LASTING = ("public", "used", "templates", "template_members", "template_weight")  # never written by a run, so shared
EVENTS_PER_PERSON_YEAR = 4.0  # room in the log


@njit
def identities(seed, decision, out):  # type: ignore[no-untyped-def]  # typed by Numba
    """Fill an array with the identities of what is present at the start."""
    dice = key(seed, decision, 0)
    for i in range(out.size):
        out[i] = identity(dice, i)


def new_identities(seed: int, decision: Draw, n: int) -> np.ndarray:
    """Return n identities, int64, for what is present at the start."""
    out = np.empty(n, dtype=np.int64)
    identities(seed, decision, out)
    return out


def disadvantage(area: Area) -> float:
    """Return where an area lies between a contrast area (0) and a focus area (1), by its share of low incomes."""
    low, high = LOW_INCOME
    return float(np.clip((area.figure("low_income") - low) / (high - low), 0.0, 1.0))


def aligned(array: np.ndarray) -> np.ndarray:
    """Return a copy that begins with a cache line of the processor."""
    raw = np.empty(array.nbytes + CACHE_LINE, np.uint8)
    first = -raw.ctypes.data % CACHE_LINE
    copy = raw[first : first + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


@lru_cache(maxsize=2)
def skeleton(area: Area, people: int, seed: int) -> World:
    """Return the people, households, places and free rows of a world, before any level is set.  Never changed: copy it."""
    persons, homes, _ = population(area, people, seed)
    columns, rows = tiles_for(people)
    tiles = columns * rows
    world = allocate(persons.size, homes.size, columns, rows)
    lay_out(world.places, columns, rows, seed)
    public = public_places(world.places, tiles)
    world.patches["public"] = (public >= 0).sum(axis=1)
    cells = dwelling_cells(world.places, homes.size, homes["flat"] == 1)
    fill_households(world, homes, cells, seed)
    fill_people(world, persons, cells, seed)
    used = world.places["dwellings"] > 0
    used[public[public >= 0]] = True
    world = world._replace(public=public, used=by_tile(world.places, np.flatnonzero(used)).astype(np.int64))
    world.outside["working"] = persons["working"][(persons["age"] >= 18) & (persons["age"] < 65)].mean()
    register = world.register
    register["width"], register["height"], register["tiles"] = columns * 50, rows * 50, tiles
    register["people"] = persons.size
    register["disadvantage"] = disadvantage(area)
    return world


@lru_cache(maxsize=4)
def population(area: Area, people: int, seed: int) -> Synthesis:
    """Return the synthetic population of an area."""
    return synthesise(area, people, seed)


@lru_cache(maxsize=4)
def movers(area: Area, people: int, seed: int, demography: tuple[tuple[str, float], ...]) -> Templates:
    """Return who may move in, so that under these numbers of the demography the age pyramid stays what it is."""
    return templates(population(area, people, seed), SimpleNamespace(**dict(demography)))


def build(area: Area, people: int, seed: int, parameters: np.ndarray) -> World:
    """Return a new world with everything in place but the starting levels, which the rule `start` sets.

    Parameters: the area's figures, the number of people, the seed, one record of parameters (`registry.parameters`).
    """
    world = skeleton(area, people, seed)
    world = World(*(array if name in LASTING else aligned(array) for name, array in world._asdict().items()))
    numbers = parameters["demography"][0]
    arriving = movers(area, people, seed, tuple((name, float(numbers[name])) for name in numbers.dtype.names))
    world.register["fertility"], world.households["unsettled"] = arriving.fertility, arriving.unsettled
    return world._replace(
        templates=arriving.table, template_members=arriving.members, template_weight=arriving.weight,
        counts=world.tally.view(np.int64), values=world.levels.view(np.float64),
    )  # fmt: skip


def allocate(n_people: int, n_households: int, columns: int, rows: int) -> World:
    """Return an empty world of this size."""

    def records(kind: str, *shape: int) -> np.ndarray:
        return np.zeros(shape, dtype=DTYPES[kind])

    tiles, cells = columns * rows, columns * rows * 2500
    n = int(n_people * SLACK) + 64
    n_cases = n_people // 2 + 64
    tally, levels = np.zeros(1, registry.tally_dtype()), np.zeros(1, outcomes.levels_dtype())
    world = World(
        people=records("person", n), friends=records("friend", n, FRIENDS), households=records("household", n_households),
        places=records("place", cells), here=records("here", cells), used=None, around=records("around", cells),
        line=records("around", max(columns, rows) * 50 + 1), patches=records("patch", tiles * 4),
        desks=records("desk", tiles * 2),
        professionals=records("professional", tiles * len(STAFF)), ties=np.zeros((tiles * len(STAFF), len(STAFF))),
        cases=records("case", n_cases), crews=records("crew", tiles * CREWS_A_TILE), public=np.zeros((tiles * 4, 1), np.int64),
        templates=None, template_members=None, template_weight=None, next_in_list=np.zeros(n, np.int64),
        first_in_list=np.zeros(tiles * 4 * COHORTS, np.int64), people_free=np.zeros(n, np.int64),
        cases_free=np.arange(n_cases, dtype=np.int64)[::-1].copy(),
        events=records("event", 0), scratch=np.zeros(n, np.int64), actors=np.zeros(n, np.int64), at_stake=np.zeros(n, np.int64),
        outside=records("outside", 1), register=records("register", 1),
        tally=tally, counts=tally.view(np.int64), levels=levels, values=levels.view(np.float64), history=np.zeros((1, 1)),
    )  # fmt: skip
    world.people_free[: n - n_people] = np.arange(n - 1, n_people - 1, -1)
    world.register["people_free"], world.register["cases_free"] = n - n_people, n_cases
    world.professionals["organisation"] = np.tile(STAFF, tiles)
    world.patches["tile"], world.patches["quarter"] = np.repeat(np.arange(tiles), 4), np.tile(np.arange(4), tiles)
    return world


def public_places(places: np.ndarray, tiles: int) -> np.ndarray:
    """Return the public places of every patch, shape (patches, most of any), padded with -1: no homes, streets or green."""
    lists: list[list[int]] = [[] for _ in range(tiles * 4)]
    for cell in np.flatnonzero(~np.isin(places["kind"], (HOME, STREET, GREEN))):
        lists[places["tile"][cell] * 4 + places["quarter"][cell]].append(cell)
    table = np.full((tiles * 4, max(map(len, lists))), NOBODY, dtype=np.int64)
    for patch, cells in enumerate(lists):
        table[patch, : len(cells)] = cells
    return table


def fill_households(world: World, homes: np.ndarray, cells: np.ndarray, seed: int) -> None:
    """Put the households into their dwellings."""
    households = world.households
    households["id"] = households["dwelling"] = new_identities(seed, Draw.DWELLING, homes.size)
    households["home"], households["size"] = cells, homes["size"]
    households["poverty"], households["owner"] = homes["poverty"], homes["owner"]
    households["since"] = households["raided"] = NEVER
    np.add.at(world.places["dwellings"], cells, 1)


def fill_people(world: World, persons: np.ndarray, cells: np.ndarray, seed: int) -> None:
    """Put the people into their households; what the figures say about them goes along."""
    n = persons.size
    people = world.people[:n]
    people["id"], people["present"] = new_identities(seed, Draw.MEMBER, n), 1
    people["male"], people["education"], people["household"] = persons["male"], persons["education"], persons["household"]
    people["home"] = people["place"] = cells[persons["household"]]
    people["born"] = -np.round(persons["age"] * 52).astype(np.int32)
    people["work_bond"] = np.where(persons["working"] == 1, 0.7, 0.0)
    people["health"] = np.where(persons["disabled"] == 1, 0.35, 1.0)
    adults = people["born"] <= -18 * 52
    np.add.at(world.households["adults"], persons["household"][adults], 1)
    world.households["oldest"] = 0
    np.minimum.at(world.households["oldest"], persons["household"], people["born"])
