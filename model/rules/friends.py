"""Friends: a few people whom one keeps in mind, replaced slowly.

Everybody of 8 to 40 keeps four friends from the same tile, near in age and not far from home.  Once a season a tie
whose other end moved away, and now and then any tie, is replaced by the candidate with the largest draw less what age
and distance weigh; so a newcomer changes only the ties to that newcomer.

    choice = argmax over candidates of (draw - age_weight * years apart - distance_weight * cells apart)

Sources: McPherson, Smith-Lovin and Cook 2001 (homophily) as direction; fixed degree: assumed; R6.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..persons import age_of
from ..quantity import Quantity
from ..state import FRIENDS, NOBODY

SEASON = 13  # weeks


class Parameters(NamedTuple):
    """Numbers of friendship."""

    change: Annotated[float, Quantity(0.06, 0.02, 0.15, "1/season", "assumed: half of the ties changes in three years", "a tie is replaced though the other still lives here")]
    age_weight: Annotated[float, Quantity(0.12, 0.05, 0.25, "1/year", "assumed: friends are at school together", "weight of a year of difference")]
    distance_weight: Annotated[float, Quantity(0.01, 0.0, 0.03, "1/cell", "assumed", "weight of 20 m of distance")]


READS = (
    "person.present", "person.id", "person.born", "person.home", "person.household", "place.tile", "friend.row", "friend.id",
    "register.width", "list.*",
)  # fmt: skip
WRITES = ("friend.row", "friend.id", "list.*")
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M34",)


@njit
def friends(world, p, levers, seed, week):
    """Replace lost and worn ties, once a season."""
    if week % SEASON != 0:
        return
    list_by_tile(world, week)
    dice = key(seed, Draw.FRIEND, week)
    for i in range(world.people.size):
        person = world.people[i]
        if person.present == 1 and 8.0 <= age_of(person, week) < 40.0:
            for k in range(FRIENDS):
                if is_lost(world, i, k) or happens(p.change, dice, person.id, k):
                    replace(world, i, k, p, dice)


@njit
def list_by_tile(world, week):
    """Link everybody of 8 to 40 into the list of their tile."""
    for tile in range(world.first_in_tile.size):
        world.first_in_tile[tile] = NOBODY
    for i in range(world.people.size):
        person = world.people[i]
        if person.present == 1 and 8.0 <= age_of(person, week) < 40.0:
            tile = world.places[person.home].tile
            world.next_in_tile[i] = world.first_in_tile[tile]
            world.first_in_tile[tile] = i


@njit
def is_lost(world, i, k):
    """Return whether the other end of a tie is not there any more."""
    friend = world.friends[i, k]
    return friend.row == NOBODY or world.people[friend.row].id != friend.id or world.people[friend.row].present == 0


@njit
def closeness(a, b, draw, width, p):
    """Return how much b suggests itself to a as a friend."""
    apart = abs(a.born - b.born) / 52.0
    far = max(abs(a.home // width - b.home // width), abs(a.home % width - b.home % width))
    return draw - p.age_weight * apart - p.distance_weight * far


@njit
def replace(world, i, k, p, dice):
    """Choose a new friend for one tie: the closest candidate who is not a friend or housemate already."""
    person = world.people[i]
    best = NOBODY
    most = -1e9
    j = world.first_in_tile[world.places[person.home].tile]
    while j != NOBODY:
        other = world.people[j]
        if abs(person.born - other.born) < 52 * 8 and other.household != person.household:
            near = closeness(person, other, uniform(dice, person.id, other.id), world.register[0].width, p)
            if near > most and not is_friend(world, i, j):
                most = near
                best = j
        j = world.next_in_tile[j]
    world.friends[i, k].row = best
    world.friends[i, k].id = world.people[best].id if best != NOBODY else 0


@njit
def is_friend(world, i, j):
    """Return whether row j is already among the friends of row i."""
    for k in range(FRIENDS):
        if world.friends[i, k].row == j and world.friends[i, k].id == world.people[j].id:
            return True
    return False
