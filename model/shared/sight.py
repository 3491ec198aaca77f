"""Sight: which cells can be seen from a place, and who of those who hold the friend-enemy norm sees somebody talk."""

from ..compiled import njit
from ..draws import uniform
from ..state.codes import NOBODY
from .grid import TILE

ACTS = 2  # draw that says who acts first


@njit
def within(a, b, width, radius):
    """Return whether two cells lie within a radius of each other; `width` is that of the grid."""
    return abs(a // width - b // width) <= radius and abs(a % width - b % width) <= radius


@njit
def mark_talk(world, place, radius, talk, punished):
    """Count so much talk that costs nothing, and so much that was punished, in every cell around, as far as the tile goes."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    for r in range(max(place // width - radius, top), min(place // width + radius + 1, top + TILE)):
        for c in range(max(place % width - radius, left), min(place % width + radius + 1, left + TILE)):
            here = world.sights[r * width + c]
            here.talk += talk
            here.punished += punished


@njit
def wipe_out(world, place, radius):
    """Wipe out the marks around a place."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    for r in range(max(place // width - radius, top), min(place // width + radius + 1, top + TILE)):
        for c in range(max(place % width - radius, left), min(place % width + radius + 1, left + TILE)):
            here = world.sights[r * width + c]
            here.talk = here.punished = here.holders = 0


@njit
def sooner(people, one, other, dice):
    """Return whether one of two people acts sooner than the other."""
    return uniform(dice, people[one].id, ACTS) > uniform(dice, people[other].id, ACTS)


@njit
def witnesses(world, row, place, radius, dice):
    """Return how many who hold the norm see somebody talk, and which of them acts first, or NOBODY."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    holders, first = 0, NOBODY
    for r in range(max(place // width - radius, top), min(place // width + radius + 1, top + TILE)):
        for c in range(max(place % width - radius, left), min(place % width + radius + 1, left + TILE)):
            here = world.sights[r * width + c]
            holders += here.holders
            if here.holders > 0 and here.holder != row and (first == NOBODY or sooner(world.people, here.holder, first, dice)):
                first = here.holder
    return (holders, first) if first != NOBODY else (0, NOBODY)
