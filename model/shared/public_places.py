"""Which public place a professional goes to: a few are looked at, and one of them is chosen."""

from ..compiled import njit
from ..draws import choose

MOST_LOOKS = 64  # at the places of one round


@njit
def most_wanting(places, public, n, looks, dice, who, occasion):
    """Look at a few of the n public places of a patch and return the one where most is the matter."""
    best = -1
    most = -1.0
    for look in range(looks):
        cell = public[choose(n, dice, who, occasion * MOST_LOOKS + look)]
        matter = places[cell].disorder + places[cell].crime_hold
        if matter > most:
            most = matter
            best = cell
    return best


@njit
def liveliest(cells, public, n, looks, dice, who, occasion):
    """Look at a few of the n public places of a patch and return the one where most people are this week."""
    best = -1
    most = -1
    for look in range(looks):
        cell = public[choose(n, dice, who, occasion * MOST_LOOKS + look)]
        people = cells[cell].youths + cells[cell].adults
        if people > most:
            most = people
            best = cell
    return best


@njit
def somewhere(patches, first):
    """Return the first patch with public places, from one on: a tile of a large grid lies in one or two quarters only."""
    for k in range(patches.size):
        patch = (first + k) % patches.size
        if patches[patch].public > 0:
            return patch
    return first
