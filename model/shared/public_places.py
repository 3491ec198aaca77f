"""Which public place a professional goes to: a few are looked at, and one of them is chosen."""

from ..compiled import njit
from ..draws import choose
from ..state.codes import NOBODY

QUARTERS_OF_A_TILE = 4  # patches among which a public place is chosen
OPEN = 0.01  # least concealment of a place, so that nothing is divided by zero
MOST_LOOKS = 64  # at the places of one round
TROUBLE, PEOPLE, NEGLECTED = range(3)  # what is looked for: most the matter, most people, most the matter with nothing promised


@njit
def place_of_round(world, j, wanted, looks, dice, who, occasion):
    """Look at a few of the public places of a patch and return the one with most of what is wanted; NOBODY where none has it."""
    best, most = NOBODY, -1.0
    for look in range(looks):
        cell = world.public[j, choose(world.patches[j].public, dice, who, occasion * MOST_LOOKS + look)]
        here = people_in(world.cell_week[cell]) if wanted == PEOPLE else trouble_in(world.places[cell])
        if here > most and not (wanted == NEGLECTED and is_promised(world, cell)):
            best, most = cell, here
    return best


@njit
def people_in(here):
    """Return how many people are in a place this week."""
    return float(here.youths + here.adults)


@njit
def trouble_in(place):
    """Return how much is the matter in a place."""
    return place.disorder + place.crime_hold


@njit
def is_promised(world, cell):
    """Return whether something is promised for this place, or was done there in the last weeks."""
    for k in range(world.tile_index[0].promises):
        if world.promises[k].place == cell:
            return True
    return False


@njit
def somewhere(patches, first):
    """Return the first patch with public places, from one on: a tile of a large grid lies in one or two quarters only."""
    for k in range(patches.size):
        patch = (first + k) % patches.size
        if patches[patch].public > 0:
            return patch
    return first
