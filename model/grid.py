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
    """Replace the counts along one line of cells by their running sums over REACH cells to each side."""
    for k in range(length):
        copy(line[k], around[first + k * step])
    for k in range(length):
        target = around[first + k * step]
        add(target, target, -1)
        for other in range(max(k - REACH, 0), min(k + REACH + 1, length)):
            add(target, line[other], 1)


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
