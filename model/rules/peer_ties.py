"""Peer ties: a few people whom one keeps in mind, replaced slowly.

Everybody of 8 to 40 keeps four friends from the same block, near in age and not far from home; older people keep two,
the first of the four.  Once in half a year a tie whose other end moved away, and now and then any tie, is replaced by
the candidate with the largest draw, less the weight of age and distance; so a newcomer changes only the ties to that
newcomer.  The place of a friend who turned away stays empty for a year (`rules/norms.py`).

    choice = argmax over candidates of (draw - age_weight * years apart - distance_weight * cells apart)

Sources: McPherson, Smith-Lovin and Cook 2001 (homophily) as direction; fixed degree: assumed; R6.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Quantity
from ..shared.grid import TILE
from ..shared.kin import is_there
from ..shared.persons import YOUNG_UNTIL, YOUTH_FROM, is_friend, is_under, part_with
from ..state.codes import FRIENDS, NOBODY

SEASON = 26  # weeks between looking around for friends
BLOCK = 25  # cells along the side of a block, a quarter of a tile, in which people choose friends
COHORT = 3 * WEEKS_A_YEAR  # weeks of birth that share a list
COHORTS = 35  # lists of a block, for ages 0 to 105
FRIENDS_LATER = 2  # friends of whoever is 40 or older
NONE_YET = -1e9  # less than anybody is liked


class Parameters(NamedTuple):
    """Numbers of friendship."""

    # fmt: off
    change: Annotated[float, Quantity(0.1, 0.03, 0.2, "1/half-year", "assumed: half of the ties changes in about three years", "a tie is replaced though the other still lives here")]
    age_weight: Annotated[float, Quantity(0.12, 0.05, 0.25, "1/year", "assumed: friends are at school together", "weight of a year of difference")]
    distance_weight: Annotated[float, Quantity(0.01, 0.0, 0.03, "1/cell", "assumed", "weight of 20 m of distance")]
    # fmt: on


READS = (
    "person.present", "person.id", "person.born", "person.home", "person.household", "friend.row", "friend.until", "friend.id",
    "tile_index.width", "list.*",
)  # fmt: skip
WRITES = ("friend.row", "friend.id", "list.*")
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M59",)


@njit
def peer_ties(world, p, levers, seed, week):
    """Replace lost and worn ties, twice a year."""
    if week % SEASON != 0:
        return
    people, ends, rows = world.people, world.end_in_block, world.rows_by_block
    width = world.tile_index[0].width
    list_by_block(people, ends, rows, width, week)
    dice = key(seed, Draw.FRIEND, week)
    for i in range(people.size):
        person = people[i]
        if may_be_friend(person, week):
            ties = world.friends[i]
            for k in range(FRIENDS if is_under(person, YOUNG_UNTIL, week) else FRIENDS_LATER):
                if ties[k].until <= week and (
                    not is_there(people, ties[k].row, ties[k].id) or happens(p.change, dice, person.id, k)
                ):
                    own = list_of(person, width, week)
                    near = rows[ends[own - 2] : ends[own + 1]]
                    row = choose(people, person, ties, near, width, p, dice)
                    ties[k].row = row
                    ties[k].id = people[row].id if row != NOBODY else 0
            if not is_under(person, YOUNG_UNTIL, week):
                for k in range(FRIENDS_LATER, FRIENDS):
                    part_with(ties[k])


@njit
def list_by_block(people, ends, rows, width, week):
    """List everybody of eight and over by block and cohort, one list after the other; the ends tell where each of them ends."""
    for k in range(ends.size):
        ends[k] = 0
    for i in range(people.size):
        if may_be_friend(people[i], week):
            ends[list_of(people[i], width, week) + 1] += 1
    for k in range(1, ends.size):
        ends[k] += ends[k - 1]  # where the list begins, until it is filled
    for i in range(people.size):
        if may_be_friend(people[i], week):
            k = list_of(people[i], width, week)
            rows[ends[k]] = i
            ends[k] += 1


@njit
def may_be_friend(person, week):
    """Return whether this row holds somebody old enough to have friends."""
    return person.present == 1 and not is_under(person, YOUTH_FROM, week)


@njit
def list_of(person, width, week):
    """Return which list a person of eight and over is in; their block's lists of one cohort older and younger lie beside it."""
    row, column = person.home // width, person.home % width
    block = row % TILE // BLOCK * 2 + column % TILE // BLOCK
    return block * COHORTS + min((week - person.born) // COHORT, COHORTS - 2)


@njit
def far(a, b, width):
    """Return how many cells lie between two homes (steps of a king)."""
    return max(abs(a // width - b // width), abs(a % width - b % width))


@njit
def choose(people, person, ties, candidates, width, p, dice):
    """Return the row of a new friend: the closest of these rows who is neither a friend nor a housemate, or NOBODY."""
    best, most, age_weight = NOBODY, NONE_YET, p.age_weight / WEEKS_A_YEAR
    for j in candidates:
        other = people[j]
        apart = age_weight * abs(person.born - other.born)
        if 1.0 - apart > most:  # the largest draw could bring them nearest
            near = uniform(dice, person.id, other.id) - apart
            if near > most and other.household != person.household and not is_friend(ties, j, other.id):
                near -= p.distance_weight * far(person.home, other.home, width)
                if near > most:
                    most = near
                    best = j
    return best
