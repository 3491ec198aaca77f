"""The grid: cells in rows, tiles of 50 x 50 cells, four quarters."""

from .compiled import njit

TILE = 50  # cells along the side of a tile, about 1 km
REACH = 2  # cells to each side over which people around are summed


@njit
def patch_of(place):
    """Return the row of the patch (tile and quarter) in which a place lies."""
    return place.tile * 4 + place.quarter


@njit
def add(into, other, sign):
    """Add (or subtract) one count of residents to another."""
    into.residents += sign * other.residents
    into.trust += sign * other.trust
    into.cohesion += sign * other.cohesion
    into.fear += sign * other.fear
    into.norm += sign * other.norm
    into.openness += sign * other.openness


@njit
def sum_line(around, line, first, step, length):
    """Replace the counts along one line of cells by their sums over REACH cells to each side (a sliding window)."""
    for k in range(length):
        copy(line[k], around[first + k * step])
    window = line[length]
    clear(window)
    for k in range(min(REACH, length)):
        add(window, line[k], 1)
    for k in range(length):
        if k + REACH < length:
            add(window, line[k + REACH], 1)
        if k > REACH:
            add(window, line[k - REACH - 1], -1)
        copy(around[first + k * step], window)


@njit
def clear(count):
    """Set one count of residents to nothing."""
    count.residents = 0
    count.trust = 0
    count.cohesion = 0
    count.fear = 0
    count.norm = 0
    count.openness = 0


@njit
def copy(into, other):
    """Copy one count of residents."""
    into.residents = other.residents
    into.trust = other.trust
    into.cohesion = other.cohesion
    into.fear = other.fear
    into.norm = other.norm
    into.openness = other.openness


@njit
def sum_around(around, line, width, height):
    """Replace each cell's counts by their sums over the square of cells around it, edges included."""
    for row in range(height):
        sum_line(around, line, row * width, 1, width)
    for column in range(width):
        sum_line(around, line, column, width, height)
