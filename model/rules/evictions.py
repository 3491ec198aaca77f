"""Evictions: a tenant household loses its dwelling and leaves the neighbourhood.

The poor are hit: the bailiff comes where rent is not paid.  The household is gone that week, and another one takes the
dwelling (`demography`).  Residents within sight see it, and trust institutions less; friends of the evicted and
households of kin lose more.

    hazard a year = lever / 1000 * poverty
    trust_institutions *= 1 - shock, within sight;  1 - behind_door * shock, with friends and kin

Sources: Aedes 2021 (how many); Desmond 2012 as direction (what it does); the CCV report (M48); sizes assumed.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log
from ..shared.kin import is_linked, is_there
from ..shared.sight import SIGHT, within
from ..state.codes import EVICTED, FRIENDS, PUT_OUT
from .enforcement import BEHIND_DOOR


class Parameters(NamedTuple):
    """Numbers of evictions."""

    # fmt: off
    shock: Annotated[float, Quantity(0.05, 0.0, 0.15, "level", "Desmond 2012 as direction; assumed size: half of a harsh raid", "trust in institutions that whoever lives within sight of an eviction loses")]
    # fmt: on


READS = (
    "actors", "tile_index.actors", "tile_index.width", "person.id", "person.present", "person.home", "person.household",
    "household.id", "household.dwelling", "household.home", "household.size", "household.owner", "household.poverty", "place.quarter",
    "friend.row", "friend.id", "relative.household", "relative.id",
)  # fmt: skip
WRITES = ("household.moving", "person.trust_institutions")
LEVERS = {
    "evictions": Lever(
        0.0,
        0.0,
        100.0,
        "evictions/year per 1,000",
        "evictions per 1,000 tenant households at full poverty; fewer of others, in proportion",
    ),
}
COUNTS = {"evictions": Outcome("households/week", "lower", "Households that were evicted")}
MECHANISMS = ("M48",)


@njit
def evictions(world, p, levers, seed, week):
    """Put households out of their dwellings, which they leave this week."""
    if not are_there(levers):
        return
    dice = key(seed, Draw.EVICTION, week)
    for h in range(world.households.size):
        household = world.households[h]
        if household.size > 0 and household.owner == 0:
            a_year = levers[world.places[household.home].quarter].evictions / 1000.0 * household.poverty
            if happens(a_year / WEEKS_A_YEAR, dice, household.dwelling):
                put_out(world, h, p, week)


@njit
def are_there(levers):
    """Return whether there are evictions in any quarter."""
    for j in range(levers.size):
        if levers[j].evictions > 0.0:
            return True
    return False


@njit
def put_out(world, h, p, week):
    """Put one household out, in front of those who live nearby and at the cost of those who are close to it."""
    household = world.households[h]
    household.moving = PUT_OUT
    world.tally[0].evictions += 1
    log(world.events, week, EVICTED, household.id, household.home, household.size)
    for row in world.actors[: world.tile_index[0].actors]:
        person = world.people[row]
        if person.present == 1 and person.household != h:
            if is_close(world, row, h):
                person.trust_institutions *= 1.0 - BEHIND_DOOR * p.shock
            elif within(person.home, household.home, world.tile_index[0].width, SIGHT):
                person.trust_institutions *= 1.0 - p.shock


@njit
def is_close(world, row, h):
    """Return whether somebody has a friend or kin in a household."""
    if is_linked(world.relatives[world.people[row].household], world.households[h], h):
        return True
    for k in range(FRIENDS):
        friend = world.friends[row, k]
        if is_there(world.people, friend.row, friend.id) and world.people[friend.row].household == h:
            return True
    return False
