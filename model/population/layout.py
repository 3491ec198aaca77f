"""The ground plan: what kind of place each cell is, and where people from each cell go.

A tile of 50 x 50 cells of about 20 m holds a neighbourhood in its middle: streets between blocks, schools, a row of shops,
a community centre, a square for every 500 people, green along two sides, and hidden spots (garage boxes, passages) behind the
blocks.  Homes fill the blocks; flats stack a dozen dwellings in a cell.  Its size follows from how densely people live in the
area: the same people live on less ground in a city than in a village, and more people of one area on more ground.  Around it is
green.

    side = 50 * sqrt(people on the tile / people a km2),  public places ~ ground * (people a km2)^(2/3),  shops ~ people

All of it is assumed; it serves to give people places.  That public facilities grow less than people, and commercial ones about
as they do, is Um e.a. 2009 (exponents of density 0.69 and 1.13).

Squares, shops and centres differ in size by the rank-size rule (Zipf 1949): the largest of n is about n times the smallest.
People go to the one that draws them most, by its size and the square of the distance (Huff 1964).  So some places are far
busier than others, and crime gathers in few of them ("risky facilities": Eck, Clarke and Guerette 2007; V3).
"""

from typing import NamedTuple

import numpy as np

from ..arithmetic import power
from ..compiled import njit
from ..draws import Draw, key, uniform
from ..shared.grid import TILE
from ..state.codes import CENTRE, GREEN, HIDDEN, HOME, SCHOOL, SHOP, SQUARE, STATION, STREET

PEOPLE_A_TILE = 3000  # at most, on average
SPARSEST = 1000.0  # people a km2, at least: the built-up part of a village
ROW, COLUMN, BOTH = 0, 1, 2  # occasions of draws of a hidden spot, two an attempt
SMALLEST_SIDE = 16  # cells, so that a quarter has room for one place of each kind
STACK = 12  # dwellings in a cell of flats
CONCEALMENT = np.array([0.25, 0.3, 0.45, 0.2, 0.45, 0.15, 0.6, 0.9, 0.4])  # by kind of place, level, assumed
USUAL = {"usual_square": SQUARE, "usual_shop": SHOP, "usual_centre": CENTRE}  # where people go by size and distance
NEAREST = {"near_hidden": HIDDEN, "near_school": SCHOOL}  # and by distance alone
USUAL_PEOPLE, USUAL_DENSITY = 2000, 2000.0  # on a tile; a km2: for whom the numbers of cells below hold
PEOPLE_A_SQUARE = 500  # so that a square has as many visitors on a small map as on a large one
USUAL_CELLS = {SQUARE: 16, SHOP: 10, CENTRE: 2, SCHOOL: 6, HIDDEN: 24}
PUBLIC = 2 / 3  # exponent of density in the density of public facilities (Um e.a. 2009: 0.69)
SIGHT = 0.3  # width of the differences in concealment between places of one kind, assumed


class Ground(NamedTuple):
    """How much ground people live on."""

    columns: int  # tiles side by side
    rows: int  # tiles on top of each other
    side: int  # cells along the built-up part of each tile
    people: float  # on a tile
    density: float  # people a km2


def ground_for(people: int, density: float) -> Ground:
    """Return the ground that so many people ask for who live so densely (people a km2)."""
    density = max(density, SPARSEST)
    n = max(1, int(np.ceil(people / min(PEOPLE_A_TILE, density))))
    columns = int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    on_a_tile = people / (columns * rows)
    side = int(np.clip(TILE * np.sqrt(on_a_tile / density) + 0.5, SMALLEST_SIDE, TILE))
    return Ground(columns, rows, side, on_a_tile, density)


def cells_of(kind: int, ground: Ground) -> int:
    """Return how many cells of a kind of place a tile has, at least one."""
    crowding = 1.0 if kind == SHOP else power(ground.density / USUAL_DENSITY, PUBLIC - 1.0)
    return max(1, int(USUAL_CELLS[kind] * ground.people / USUAL_PEOPLE * crowding + 0.5))


def tile_plan(seed: int, tile: int, ground: Ground) -> np.ndarray:
    """Return the kinds of place of one tile, shape (50, 50), int8."""
    side = ground.side
    part = np.full((side, side), HOME, dtype=np.int8)
    part[:, 3::7] = STREET
    part[5::10, :] = STREET
    margin = round(side / 25)
    part[:margin, :] = part[:, :margin] = GREEN
    put_squares(part, cells_of(SQUARE, ground), ground)
    shops, schools = cells_of(SHOP, ground), cells_of(SCHOOL, ground)
    middle = side // 2
    put(part, SHOP, middle - 1, middle - min(shops, side // 2) // 2, shops, wide=side // 2)
    put(part, CENTRE, middle + 1, middle - 1, cells_of(CENTRE, ground), wide=2)
    put(part, SCHOOL, middle - 4, middle - 1, schools, wide=3)
    part[margin, middle] = STATION
    plan = np.full((TILE, TILE), GREEN, dtype=np.int8)
    edge = (TILE - side) // 2
    plan[edge : edge + side, edge : edge + side] = part
    hide(plan, max(4, cells_of(HIDDEN, ground)), edge, side, seed, tile)
    return plan


def put_squares(part: np.ndarray, cells: int, ground: Ground) -> None:
    """Lay the squares, one for so many people, in two rows: cells that lie together draw the same people."""
    squares = int(np.clip(ground.people / PEOPLE_A_SQUARE + 0.5, 1, cells))
    in_row = max(2, -(-squares // 2))
    for k in range(squares):
        across = (k // 2 + 0.5) / in_row
        down, across = (0.23, across) if k % 2 == 0 else (0.73, 1.0 - across)
        put(part, SQUARE, int(down * ground.side), int(across * ground.side), (cells + squares - 1 - k) // squares, wide=2)


def put(part: np.ndarray, kind: int, top: int, left: int, cells: int, wide: int) -> None:
    """Lay so many cells of a kind row by row, each row so wide."""
    k = np.arange(cells)
    part[top + k // wide, left + k % wide] = kind


@njit
def hide(plan, spots, edge, side, seed, tile):
    """Turn some block cells into hidden spots, as many in each quarter of the tile."""
    dice = key(seed, Draw.LAYOUT, 0)
    half = side / 2.0
    for spot in range(spots):
        attempt = 0
        while attempt < 1000:
            row = edge + int(half * (spot % 4 // 2) + half * uniform(dice, tile * 1000 + spot, BOTH * attempt + ROW))
            column = edge + int(half * (spot % 2) + half * uniform(dice, tile * 1000 + spot, BOTH * attempt + COLUMN))
            if plan[row, column] == HOME:
                plan[row, column] = HIDDEN
                break
            attempt += 1


@njit
def conceal(kinds, usual, seed, hidden):
    """Fill how much each place hides what happens there: by its kind, and places of one kind differ (light, lines of sight)."""
    dice = key(seed, Draw.LAYOUT, 1)
    for cell in range(kinds.size):
        hidden[cell] = min(max(usual[kinds[cell]] + SIGHT * (uniform(dice, cell) - 0.5), 0.05), 1.0)


@njit
def draw_sizes(cells, seed, sizes):
    """Fill the size of each of these places, 1 or more, by the rank-size rule."""
    dice = key(seed, Draw.PLACE_SIZE, 0)
    for k in range(cells.size):
        sizes[k] = 1.0 / (1.0 - uniform(dice, cells[k]))


@njit
def most_drawing(cells, sizes, cell, width):
    """Return the cell of a list that draws people from this cell most; of places of one size the nearest, the first of equals."""
    best, least = -1, np.inf
    for k in range(cells.size):
        down, across = cells[k] // width - cell // width, cells[k] % width - cell % width
        far = (down * down + across * across) / sizes[k]
        if far < least:
            best, least = cells[k], far
    return best


@njit
def find_most_drawing(cells, of_kind, sizes, width, found):
    """Find, for every cell of a list, the one of another list that draws people from there most."""
    for k in range(cells.size):
        found[k] = most_drawing(of_kind, sizes, cells[k], width)


def lay_out(places: np.ndarray, ground: Ground, seed: int) -> None:
    """Fill the lasting fields of all places of a grid of tiles."""
    columns, rows = ground.columns, ground.rows
    width, height = columns * TILE, rows * TILE
    row, column = np.divmod(np.arange(width * height), width)
    kinds = np.zeros((height, width), dtype=np.int8)
    for tile in range(columns * rows):
        top, left = tile // columns * TILE, tile % columns * TILE
        kinds[top : top + TILE, left : left + TILE] = tile_plan(seed, tile, ground)
    places["kind"] = kinds.ravel()
    places["tile"] = (row // TILE) * columns + column // TILE
    places["quarter"] = 2 * (row >= height / 2) + (column >= width / 2)
    conceal(places["kind"], CONCEALMENT, seed, places["concealment"])
    for tile in range(columns * rows):
        cells = np.flatnonzero(places["tile"] == tile)
        for name, kind in (USUAL | NEAREST).items():
            of_kind = cells[places["kind"][cells] == kind]
            sizes, found = np.ones(of_kind.size), np.empty_like(cells)
            if name in USUAL:
                draw_sizes(of_kind, seed, sizes)
            find_most_drawing(cells, of_kind, sizes, width, found)
            places[name][cells] = found


def by_tile(places: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return these cells, in ascending order, tile by tile."""
    return cells[np.argsort(places["tile"][cells], kind="stable")]


def dwelling_cells(places: np.ndarray, households: int, flats: np.ndarray) -> np.ndarray:
    """Return the cell of every dwelling, shape (households,), tile by tile: who live together lie together in memory.

    Dwellings in flats come twelve to a cell; all are spread evenly over the home cells of the grid, and share cells
    where there are more of them than cells.
    """
    homes = by_tile(places, np.flatnonzero(places["kind"] == HOME))
    block = np.cumsum(np.where(flats, 1.0 / STACK, 1.0))
    needed = max(block[-1], 1.0) if households else 1.0
    spread = np.minimum((np.ceil(block) - 1) / np.ceil(needed) * homes.size, homes.size - 1).astype(np.int64)
    return homes[spread]
