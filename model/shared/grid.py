"""The grid: cells in rows, tiles of 50 x 50 cells, four quarters."""

from ..compiled import njit

TILE = 50  # cells along the side of a tile, about 1 km
REACH = 2  # cells to each side over which people around are summed


@njit
def more(sums, other, sign):
    """Return five sums with one count of residents added to them (or subtracted)."""
    residents, trust, cohesion, fear, norm = sums
    residents, trust, cohesion = residents + sign * other.residents, trust + sign * other.trust, cohesion + sign * other.cohesion
    return residents, trust, cohesion, fear + sign * other.fear, norm + sign * other.norm


@njit
def sum_line(around, line, first, step, length):
    """Replace the counts along one line of cells by their sums over REACH cells to each side (a sliding window)."""
    for k in range(length):
        copy(line[k], around[first + k * step])
    window = (0, 0, 0, 0, 0)
    for k in range(min(REACH, length)):
        window = more(window, line[k], 1)
    for k in range(length):
        if k + REACH < length:
            window = more(window, line[k + REACH], 1)
        if k > REACH:
            window = more(window, line[k - REACH - 1], -1)
        here = around[first + k * step]
        here.residents, here.trust, here.cohesion, here.fear, here.norm = window


@njit
def clear(count):
    """Set one count of residents to nothing."""
    count.residents = 0
    count.trust = 0
    count.cohesion = 0
    count.fear = 0
    count.norm = 0


@njit
def copy(into, other):
    """Copy one count of residents."""
    into.residents = other.residents
    into.trust = other.trust
    into.cohesion = other.cohesion
    into.fear = other.fear
    into.norm = other.norm


@njit
def clear_tile(around, corner, width):
    """Set the counts of all cells of a tile to nothing; `corner` is its north-western cell."""
    for row in range(TILE):
        for cell in range(corner + row * width, corner + row * width + TILE):
            clear(around[cell])


@njit
def sum_around(around, line, corner, width):
    """Replace the counts of each cell of a tile by their sums over the square of cells around it, as far as the tile goes."""
    for row in range(TILE):
        sum_line(around, line, corner + row * width, 1, TILE)
    for column in range(TILE):
        sum_line(around, line, corner + column, width, TILE)
