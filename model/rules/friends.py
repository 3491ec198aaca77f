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
    people, first, following = world.people, world.first_in_tile, world.next_in_tile
    list_by_tile(people, world.places, first, following, week)
    dice = key(seed, Draw.FRIEND, week)
    width = world.register[0].width
    for i in range(people.size):
        person = people[i]
        if person.present == 1 and 8.0 <= age_of(person, week) < 40.0:
            ties = world.friends[i]
            for k in range(FRIENDS):
                if is_lost(people, ties[k]) or happens(p.change, dice, person.id, k):
                    row = choose(people, person, ties, first[world.places[person.home].tile], following, width, p, dice)
                    ties[k].row = row
                    ties[k].id = people[row].id if row != NOBODY else 0


@njit
def list_by_tile(people, places, first, following, week):
    """Link everybody of 8 to 40 into the list of their tile."""
    for tile in range(first.size):
        first[tile] = NOBODY
    for i in range(people.size):
        person = people[i]
        if person.present == 1 and 8.0 <= age_of(person, week) < 40.0:
            tile = places[person.home].tile
            following[i] = first[tile]
            first[tile] = i


@njit
def is_lost(people, friend):
    """Return whether the other end of a tie is not there any more."""
    return friend.row == NOBODY or people[friend.row].id != friend.id or people[friend.row].present == 0


@njit
def closeness(a, b, draw, width, p):
    """Return how much b suggests itself to a as a friend."""
    apart = abs(a.born - b.born) / 52.0
    far = max(abs(a.home // width - b.home // width), abs(a.home % width - b.home % width))
    return draw - p.age_weight * apart - p.distance_weight * far


@njit
def choose(people, person, ties, first, following, width, p, dice):
    """Return the row of a new friend: the closest candidate who is neither a friend nor a housemate, or NOBODY."""
    best = NOBODY
    most = -1e9
    j = first
    while j != NOBODY:
        other = people[j]
        if abs(person.born - other.born) < 52 * 8 and other.household != person.household:
            near = closeness(person, other, uniform(dice, person.id, other.id), width, p)
            if near > most and not is_friend(ties, j, other.id):
                most = near
                best = j
        j = following[j]
    return best


@njit
def is_friend(ties, row, who):
    """Return whether somebody is among these ties already."""
    for k in range(FRIENDS):
        if ties[k].row == row and ties[k].id == who:
            return True
    return False
