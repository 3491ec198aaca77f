"""The ground plan: what kind of place each cell is, and where people from each cell go.

A tile of 50 x 50 cells of about 20 m is laid out as a neighbourhood: streets between blocks, a school, a row of shops,
a community centre, four squares, green along two sides, and hidden spots (garage boxes, passages) behind the blocks.
Homes fill the blocks; flats stack a dozen dwellings in a cell.  All of it is assumed; it serves to give people places.

Squares, shops and centres differ in size by the rank-size rule (Zipf 1949): the largest of n is about n times the smallest.
People go to the one that draws them most, by its size and the square of the distance (Huff 1964).  So some places are far
busier than others, and crime gathers in few of them ("risky facilities": Eck, Clarke and Guerette 2007; V3).
"""

import numpy as np

from ..compiled import njit
from ..draws import Draw, key, uniform
from ..shared.grid import TILE
from ..state.codes import CENTRE, GREEN, HIDDEN, HOME, SCHOOL, SHOP, SQUARE, STATION, STREET

PEOPLE_A_TILE = 3000  # at most, on average
STACK = 12  # dwellings in a cell of flats
CONCEALMENT = np.array([0.25, 0.3, 0.45, 0.2, 0.45, 0.15, 0.6, 0.9, 0.4])  # by kind of place, level, assumed
USUAL = {"usual_square": SQUARE, "usual_shop": SHOP, "usual_centre": CENTRE}  # where people go by size and distance
NEAREST = {"near_hidden": HIDDEN, "near_school": SCHOOL}  # and by distance alone
N_HIDDEN = 24  # hidden spots in a tile


def tiles_for(people: int) -> tuple[int, int]:
    """Return how many tiles side by side and on top of each other these people ask for."""
    n = max(1, -(-people // PEOPLE_A_TILE))
    columns = int(np.ceil(np.sqrt(n)))
    return columns, -(-n // columns)


def tile_plan(seed: int, tile: int) -> np.ndarray:
    """Return the kinds of place of one tile, shape (50, 50), int8."""
    plan = np.full((TILE, TILE), HOME, dtype=np.int8)
    plan[:, 3::7] = STREET
    plan[5::10, :] = STREET
    plan[:2, :] = plan[:, :2] = GREEN
    for row, column in ((11, 12), (12, 36), (36, 11), (37, 37)):
        plan[row : row + 2, column : column + 2] = SQUARE
    plan[24, 20:30] = SHOP
    plan[26, 24:26] = CENTRE
    plan[21:23, 24:27] = SCHOOL
    plan[2, 25] = STATION
    hide(plan, seed, tile)
    return plan


@njit
def hide(plan, seed, tile):
    """Turn some block cells into hidden spots, six in each quarter of the tile."""
    dice = key(seed, Draw.LAYOUT, 0)
    half = TILE // 2
    for spot in range(N_HIDDEN):
        attempt = 0
        while attempt < 1000:
            row = half * (spot % 4 // 2) + int(half * uniform(dice, tile * 1000 + spot, 2 * attempt))
            column = half * (spot % 2) + int(half * uniform(dice, tile * 1000 + spot, 2 * attempt + 1))
            if plan[row, column] == HOME:
                plan[row, column] = HIDDEN
                break
            attempt += 1


@njit
def sizes_of(cells, seed):
    """Return the size of each of these places, 1 or more, by the rank-size rule."""
    sizes, dice = np.ones(cells.size), key(seed, Draw.PLACE_SIZE, 0)
    for k in range(cells.size):
        sizes[k] = 1.0 / (1.0 - uniform(dice, cells[k]))
    return sizes


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
def most_drawing_of_all(cells, of_kind, sizes, width):
    """Return, for every cell of a list, the one of another list that draws people from there most."""
    found = np.empty(cells.size, dtype=np.int64)
    for k in range(cells.size):
        found[k] = most_drawing(of_kind, sizes, cells[k], width)
    return found


def lay_out(places: np.ndarray, columns: int, rows: int, seed: int) -> None:
    """Fill the lasting fields of all places of a grid of tiles."""
    width, height = columns * TILE, rows * TILE
    row, column = np.divmod(np.arange(width * height), width)
    kinds = np.zeros((height, width), dtype=np.int8)
    for tile in range(columns * rows):
        top, left = tile // columns * TILE, tile % columns * TILE
        kinds[top : top + TILE, left : left + TILE] = tile_plan(seed, tile)
    places["kind"] = kinds.ravel()
    places["tile"] = (row // TILE) * columns + column // TILE
    places["quarter"] = 2 * (row >= height / 2) + (column >= width / 2)
    places["concealment"] = CONCEALMENT[places["kind"]]
    for tile in range(columns * rows):
        cells = np.flatnonzero(places["tile"] == tile)
        for name, kind in (USUAL | NEAREST).items():
            of_kind = cells[places["kind"][cells] == kind]
            sizes = sizes_of(of_kind, seed) if name in USUAL else np.ones(of_kind.size)
            places[name][cells] = most_drawing_of_all(cells, of_kind, sizes, width)


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
