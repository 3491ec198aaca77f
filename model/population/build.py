"""Building a world: from the figures of an area to people in homes, households, professionals and crews.

Anything that depends on area, size and seed alone is kept for the next scenario with the same people (`skeleton`).  How people
move, by the numbers of the demography, comes next (`build`): who may come, and since when everybody lives here.  Levels are set
by the rule `initialisation`.
"""

import mmap
import os
from collections.abc import Callable, Iterable
from threading import Lock
from types import SimpleNamespace
from typing import Any

import numpy as np
from cachetools import LRUCache, cached

from .. import outcomes, registry
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, identity, key
from ..rules.demography import LEAVER_FROM, LEAVER_UNTIL, lived_here
from ..rules.initialisation import CREWS_A_TILE
from ..rules.peer_ties import COHORTS
from ..rules.promises import A_PERSON as PROMISES_A_PERSON
from ..shared.arrivals import DISABLED, NEW_BOND
from ..shared.exchange import A_PERSON as IN_A_BOX
from ..shared.grid import TILE
from ..shared.kin import settle_kin
from ..shared.newcomers import AT_REST
from ..state.codes import (
    CARE,
    CONTACT,
    ENFORCEMENT,
    FRIENDS,
    GREEN,
    HOME,
    HOT_SPOT,
    HOUSING,
    INTERVENTION,
    MUNICIPALITY,
    NEVER,
    NOBODY,
    PERMANENT,
    POLICE,
    RELATIVES,
    SCHOOL_STAFF,
    STREET,
    WELFARE,
    WORKERS,
    YOUTH_WORK,
)
from ..state.fields import CACHE_LINE, DTYPES
from ..state.world import BLOCK, World, executable, executable_parameters, part
from .areas import Area
from .families import fill_kin
from .layout import by_tile, dwelling_cells, ground_for, lay_out
from .newcomer_templates import Templates, templates
from .standing import people_a_km2, standing
from .synthesis import Synthesis, synthesise

POSTS = {  # rows for permanent posts: room for as many as the residents of a full tile can ask for
    POLICE: 2, ENFORCEMENT: 2, YOUTH_WORK: 3, WELFARE: 5, SCHOOL_STAFF: 2, HOUSING: 2, CARE: 2, MUNICIPALITY: 2,
}  # fmt: skip
PROGRAMMES = {CONTACT: (INTERVENTION, YOUTH_WORK), HOT_SPOT: (POLICE, ENFORCEMENT)}  # whom a programme hires, in turn
PROGRAMME_POSTS = 24  # rows for the posts of each; where more is asked than they make, one stands for more
STAFF = [
    *((organisation, PERMANENT) for organisation, rows in POSTS.items() for _ in range(rows)),
    *((turns[i % len(turns)], kind) for kind, turns in PROGRAMMES.items() for i in range(PROGRAMME_POSTS)),
]
SLACK = 1.25  # rows for people, against inhabitants at the start
LASTING = ("public", "used", "templates", "template_members", "template_weight")  # never written by a run, so shared
LARGE = 2**20  # bytes, from which a table has pages of its own
PRIVATE: Any = {"access": mmap.ACCESS_COPY} if os.name == "posix" else {}  # pages that no other process shares
ROOM = 2**27  # bytes, of worlds that wait for another scenario with the same people: 500 of 2,000, or 10 of 100,000


def kept(function: Callable) -> Any:
    """Let a function remember what it returned last, as far as there is room for its arrays."""
    return cached(LRUCache(ROOM, getsizeof=weight), lock=Lock())(function)


def weight(arrays: Iterable) -> int:
    """Return how many bytes the arrays in a tuple take."""
    return sum(getattr(array, "nbytes", 0) for array in arrays)


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


def zeros(shape: int | tuple[int, ...], dtype: Any) -> np.ndarray:
    """Return an array of nothing that begins with a cache line of the processor.

    A large one has pages of its own: those to which nobody writes take no memory, and all go back when it is done with.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    room = size + CACHE_LINE
    raw = np.frombuffer(mmap.mmap(-1, room, **PRIVATE), np.uint8) if size >= LARGE else np.zeros(room, np.uint8)
    first = -raw.ctypes.data % CACHE_LINE
    return raw[first : first + size].view(dtype).reshape(shape)


class Packed:
    """A table of a world that waits for another scenario: rows and fields in which nothing stands yet take no memory."""

    def __init__(self, table: np.ndarray) -> None:
        """Keep what stands in a table."""
        self.shape, self.dtype = table.shape, table.dtype
        self.rows = table.view(np.uint8).reshape(len(table), table.nbytes // max(len(table), 1)).any(axis=1)
        fields = {name: table[name] for name in table.dtype.names} if table.dtype.names else {...: table}
        self.fields = {name: values[self.rows] for name, values in fields.items() if values.any()}
        self.nbytes = weight([self.rows, *self.fields.values()])

    def table(self) -> np.ndarray:
        """Return a new table with all that stood in it."""
        table = zeros(self.shape, self.dtype)
        for name, values in self.fields.items():
            table[name][self.rows] = values
        return table


@kept
def skeleton(area: Area, people: int, seed: int) -> World:
    """Return the people, households, places and free rows of a world, before any level is set, each table packed."""
    synthesis = population(area, people, seed)
    persons, homes, _ = synthesis
    ground = ground_for(people, people_a_km2(area))
    columns, rows, tiles = ground.columns, ground.rows, ground.columns * ground.rows
    places = zeros(tiles * TILE * TILE, DTYPES["place"])
    lay_out(places, ground, seed)
    cells = dwelling_cells(places, homes.size, homes["flat"] == 1)
    np.add.at(places["dwellings"], cells, 1)
    public = public_places(places, tiles)
    used = places["dwellings"] > 0
    used[public[public >= 0]] = True
    cells_used = by_tile(places, np.flatnonzero(used))
    tile_index = numbered(
        columns, rows,
        persons=np.bincount(places["tile"][cells[persons["household"]]], minlength=tiles),
        households=np.bincount(places["tile"][cells], minlength=tiles),
        used=np.bincount(places["tile"][cells_used], minlength=tiles),
    )  # fmt: skip
    for name, index in standing(area)._asdict().items():
        tile_index[name] = index
    world = allocate(tile_index, places)._replace(public=public, used=cells_used.astype(np.int64))
    world.patches["public"] = (public >= 0).sum(axis=1)
    fill_households(world, homes, cells, seed)
    fill_people(world, synthesis, seed)
    return World(*(table if name in LASTING else Packed(table) for name, table in world._asdict().items()))


def numbered(columns: int, rows: int, persons: np.ndarray, households: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Return the registers of all tiles: how many rows each has in every table, where they begin, how many of them are free."""
    tile_index = np.zeros(columns * rows, DTYPES["tile_index"])
    tile = np.arange(tile_index.size)
    tile_index["tile"], tile_index["tiles"] = tile, tile_index.size
    tile_index["width"], tile_index["height"] = columns * TILE, rows * TILE
    tile_index["corner"] = tile // columns * TILE * columns * TILE + tile % columns * TILE
    tile_index["people"] = persons
    tile_index["persons"] = (persons * SLACK).astype(int) + 64
    tile_index["households"], tile_index["used"] = households, used
    tile_index["cases"] = persons // 2 + 64
    tile_index["people_free"], tile_index["cases_free"] = tile_index["persons"] - persons, tile_index["cases"]
    for first, count in (
        ("first_person", "persons"), ("first_household", "households"), ("first_case", "cases"), ("first_used", "used"),
    ):  # fmt: skip
        tile_index[first] = np.cumsum(tile_index[count]) - tile_index[count]
    return tile_index


@kept
def population(area: Area, people: int, seed: int) -> Synthesis:
    """Return the synthetic population of an area."""
    return synthesise(area, people, seed)


@kept
def movers(area: Area, people: int, seed: int, demography: tuple[tuple[str, float], ...]) -> Templates:
    """Return who may move in, so that under these numbers of the demography the age pyramid stays what it is."""
    return templates(population(area, people, seed), SimpleNamespace(**dict(demography)))


def build(area: Area, people: int, seed: int, parameters: np.ndarray) -> World:
    """Return a new world with everything in place but the starting levels, which the rule `initialisation` sets.

    Parameters: the area's figures, the number of people, the seed, one record of parameters (`registry.parameters`).
    """
    world = skeleton(area, people, seed)
    world = World(*(table.table() if isinstance(table, Packed) else table for table in world))
    numbers = parameters["demography"][0]
    arriving = movers(area, people, seed, tuple((name, float(numbers[name])) for name in numbers.dtype.names))
    world.tile_index["fertility"], world.households["unsettled"] = arriving.fertility, arriving.unsettled
    world = seen_flat(world)._replace(
        templates=arriving.table, template_members=arriving.members, template_weight=arriving.weight
    )
    for level, name in AT_REST.items():
        rule, _, number = name.partition(".")
        world.newcomer_levels[level] = parameters[rule][number]
    have_lived(executable(world), executable_parameters(parameters).demography, seed)
    return world


def seen_flat(world: World) -> World:
    """Return a world whose sums, counts and levels can also be reached as plain arrays."""
    return world._replace(
        flat_tally=world.tally.view(np.int64), flat_levels=world.levels.view(np.float64), flat_totals=world.totals.view(np.int64)
    )  # fmt: skip


def own_tables(world: World) -> dict[str, np.ndarray]:
    """Return the tables that a run writes to, by name, each memory once."""
    return {name: table for name, table in world._asdict().items() if name not in LASTING and not name.startswith("flat_")}


def copied(world: World) -> World:
    """Return the same world once more, with records of its own; what no run writes to is shared."""
    twin = {name: zeros(table.shape, table.dtype) for name, table in own_tables(world).items()}
    for name, table in own_tables(world).items():
        np.copyto(twin[name], table)
    return seen_flat(world._replace(**twin))


@njit
def have_lived(world, p, seed):  # type: ignore[no-untyped-def]  # typed by Numba
    """Say since when everybody lives here, and with whom they are kin."""
    lived_here(world.households, p, seed)
    for tile in range(world.tile_index.size):
        settle_kin(part(world, tile, 0), p, seed, LEAVER_FROM, LEAVER_UNTIL)


def allocate(tile_index: np.ndarray, places: np.ndarray) -> World:
    """Return a world without people, with room for what the registers of its tiles say."""

    def records(kind: str, *shape: int) -> np.ndarray:
        return zeros(shape, DTYPES[kind])

    tiles, n, n_cases = tile_index.size, tile_index["persons"].sum(), tile_index["cases"].sum()
    tally, levels = np.zeros(tiles * BLOCK, registry.tally_dtype()), np.zeros(1, outcomes.levels_dtype())
    totals = records("total", tiles * BLOCK)
    promises = tiles * int(tile_index["persons"].max() * PROMISES_A_PERSON + 1)
    box = tiles * int(tile_index["persons"].max() * IN_A_BOX) if tiles > 1 else 0
    world = World(
        people=records("person", n), friends=records("friend", n, FRIENDS),
        acquaintances=records("acquaintance", n, WORKERS), kin=records("kin", n), actors=zeros(n, np.int32),
        outgoing=zeros(n, np.int32), at_stake=zeros(n, np.int32),
        households=records("household", tile_index["households"].sum()),
        relatives=records("relative", tile_index["households"].sum(), RELATIVES),
        places=places, cell_week=records("cell_week", places.size), sights=records("sight", places.size), used=None,
        cell_residents=records("cell_residents", places.size),
        window_scratch=records("cell_residents", tiles * (TILE + 1)), patches=records("patch", tiles * 4),
        desks=records("desk", tiles * 2),
        professionals=records("professional", tiles * len(STAFF)), ties=np.zeros((tiles * len(STAFF), len(STAFF))),
        visits=records("visit", n), cases=records("case", n_cases), offences=records("offence", 2 * n),
        promises=records("promise", promises), crews=records("crew", tiles * CREWS_A_TILE),
        public=None, templates=None, template_members=None, template_weight=None, rows_by_block=zeros(n, np.int32),
        end_in_block=zeros(tiles * 4 * COHORTS, np.int32), people_free=zeros(n, np.int32),
        cases_free=zeros(n_cases, np.int32), events=records("event", 0), scratch=zeros(n, np.int32),
        outbox=records("person", box), outbox_kin=records("kin", box), inbox=records("person", box),
        inbox_kin=records("kin", box),
        newcomer_levels=records("newcomer_levels", tiles), tile_index=tile_index,
        totals=totals, flat_totals=totals.view(np.int64),
        tally=tally, flat_tally=tally.view(np.int64), levels=levels, flat_levels=levels.view(np.float64),
        history=np.zeros((1, 1)),
    )  # fmt: skip
    for own in tile_index:
        free = np.arange(own["persons"] - 1, own["people"] - 1, -1)
        world.people_free[own["first_person"] : own["first_person"] + free.size] = free
        world.cases_free[own["first_case"] : own["first_case"] + own["cases"]] = np.arange(own["cases"])[::-1]
    world.professionals["organisation"], world.professionals["kind"] = np.tile(np.array(STAFF).T, tiles)
    world.patches["quarter"] = np.tile(np.arange(4), tiles)
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
    households["case"] = NOBODY


def fill_people(world: World, synthesis: Synthesis, seed: int) -> None:
    """Put the people into their households, tile by tile; what the figures say about them goes along."""
    tile_index, households, persons = world.tile_index, world.households, synthesis.persons
    home = households["home"][persons["household"]]
    tile = world.places["tile"][home]
    first_row = tile_index["first_person"][tile]
    rows = np.arange(persons.size) - (np.cumsum(tile_index["people"]) - tile_index["people"])[tile] + first_row
    people = zeros(persons.size, DTYPES["person"])
    people["id"], people["present"] = new_identities(seed, Draw.MEMBER, persons.size), 1
    people["male"], people["education"] = persons["male"], persons["education"]
    people["household"] = persons["household"] - tile_index["first_household"][tile]
    people["home"] = people["place"] = home
    people["born"] = -np.round(persons["age"] * WEEKS_A_YEAR).astype(np.int32)
    people["work_bond"] = np.where(persons["working"] == 1, NEW_BOND, 0.0)
    people["seeking"] = NEVER
    people["health"] = np.where(persons["disabled"] == 1, DISABLED, 1.0)
    world.people[rows] = people
    fill_kin(world.kin, world.people, rows, first_row, synthesis)
    adults = people["born"] <= -18 * WEEKS_A_YEAR
    np.add.at(households["adults"], persons["household"][adults], 1)
    np.minimum.at(households["oldest"], persons["household"], people["born"])
