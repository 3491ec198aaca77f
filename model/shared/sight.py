"""Sight: which cells can be seen from a place, who is seen to talk, and who of those who hold the friend-enemy norm sees it.

The numbers are those of `rules/norms.py`.
"""

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import happens, uniform
from ..state.codes import FREE, FRIENDS, GOOD, NOBODY, TALKED_UNSEEN
from .cases import still_here
from .events import log
from .grid import TILE
from .kin import is_there
from .persons import TEEN_FROM, age_of

SIGHT = 2  # cells around a place from which it can be seen what is done there: within sight of the door, about 50 m
EARSHOT = 2 * SIGHT  # cells around within which it is known what a raid did, or that talk was punished
HELD = 0.5  # level from which somebody holds the friend-enemy norm
LEAKS, ACTS = 1, 2  # draws of whether a report leaks out, and of who acts first
P_LEAK = 0.15  # it leaks out who made a report (assumed; fear of it is the second reason not to report (evidence 2.3))


@njit
def within(a, b, width, radius):
    """Return whether two cells lie within a radius of each other; `width` is that of the grid."""
    return abs(a // width - b // width) <= radius and abs(a % width - b % width) <= radius


@njit
def mark_talk(world, place, radius, talk, own, punished):
    """Count talk that costs nothing, how much of it by holders, and what was punished, in every cell around on the tile."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    for r in range(max(place // width - radius, top), min(place // width + radius + 1, top + TILE)):
        for c in range(max(place % width - radius, left), min(place % width + radius + 1, left + TILE)):
            here = world.sights[r * width + c]
            here.talk += talk
            here.own += own
            here.punished += punished


@njit
def wipe_out(world, place, radius):
    """Wipe out the marks around a place."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    for r in range(max(place // width - radius, top), min(place // width + radius + 1, top + TILE)):
        for c in range(max(place % width - radius, left), min(place % width + radius + 1, left + TILE)):
            here = world.sights[r * width + c]
            here.talk = here.own = here.punished = here.holders = 0


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


@njit
def list_talkers(world, p, levers, dice, week):
    """List who is seen with a professional this week, and whose report of last week leaks out; return how many.

    An entry is twice the row of the person, or twice that of the case and one more: a report, of which neighbours at home hear.
    """
    people, n = world.people, 0
    for row in world.outgoing[: world.tile_index[0].outgoing]:
        person = people[row]
        safe = levers[world.places[person.place].quarter].safe_places
        talks = person.contact == GOOD and age_of(person, week) >= TEEN_FROM
        if talks and happens(p_seen(safe, p), dice, person.id):
            world.scratch[n] = 2 * row
            n += 1
        elif talks and happens(p.seen, dice, person.id):  # by the same draw: seen, were it not for a safe place
            log(world.events, week, TALKED_UNSEEN, person.id, person.place, 0)
    for k in range(world.cases.size):
        case = world.cases[k]
        reported = case.state != FREE and case.opened == week - 1 and still_here(people, case.reporter, case.reporter_id)
        if reported and happens(P_LEAK, dice, case.id, LEAKS) and n < world.scratch.size:
            world.scratch[n] = 2 * k + 1
            n += 1
    world.tally[0].talk_seen += n
    return n


@njit
def p_seen(safe, p):
    """Return how likely a good contact on the street is seen, where such a share of contacts is out of sight."""
    return p.seen * (1.0 - safe)


@njit
def place_of(world, k):
    """Return where the talk of an entry in the list is seen."""
    person = world.people[talker_of(world, k)]
    return person.home if is_report(world, k) else person.place


@njit
def is_report(world, k):
    """Return whether an entry in the list is a report that leaked out."""
    return world.scratch[k] % 2 == 1


@njit
def talker_of(world, k):
    """Return the row of who talked, by an entry in the list."""
    row = world.scratch[k] // 2
    return world.cases[row].reporter if is_report(world, k) else row


@njit
def talk_of(world, k):
    """Return the identity of a talk in the list, of which somebody may have had several: that of the case, or of the person."""
    row = world.scratch[k] // 2
    return world.cases[row].id if is_report(world, k) else world.people[row].id


@njit
def holds(person):
    """Return 1 if somebody holds the friend-enemy norm, otherwise 0."""
    return 1 if person.norm_enemy > HELD else 0


@njit
def stand_by(people, here, row, dice):
    """Count somebody who holds the norm where talk is within sight; the first to act is who has the largest draw."""
    if here.talk > 0:
        if here.holders == 0 or sooner(people, row, here.holder, dice):
            here.holder = row
        here.holders += 1


@njit
def turn_away(world, row, first, week):
    """Let whoever acts first turn away, if they are a friend, or else another friend who holds the norm; return whether one did.

    Nobody takes their place for a year.
    """
    lost = NOBODY
    for k in range(FRIENDS):
        friend = world.friends[row, k]
        here = is_there(world.people, friend.row, friend.id)
        if here and holds(world.people[friend.row]) == 1 and (lost == NOBODY or friend.row == first):
            lost = k
    if lost == NOBODY:
        return False
    world.friends[row, lost].row = NOBODY
    world.friends[row, lost].until = week + WEEKS_A_YEAR
    return True
