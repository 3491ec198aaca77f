"""Exploration: professionals go and look, and ask at front doors, in place of reading about the neighbourhood.

The hours are those of the professionals who are here, and cases go without them.  Each visit is to a household, by lot;
a professional hears most behind an open door, where people around trust institutions.  So a professional becomes aware
of undermining, and that awareness goes when they leave: it lasts where staff stays.  More signals follow from it
(`reporting`), true and false ones.

    awareness += told * trust of people around * (1 - closed) * (1 - awareness)      a visit

Sources: the Divosa report (M82: look on site, check with residents; M104); size assumed.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, choose, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log_between
from ..shared.posts import at_desks, has_desk
from ..state.codes import EXPLORED, NOBODY
from .presence import rounds_of

MOST_VISITS, LOTS = 64, 4  # of a professional in a week; dwellings that the lot may fall on until somebody lives there


class Parameters(NamedTuple):
    """Numbers of exploration."""

    # fmt: off
    told: Annotated[float, Quantity(0.03, 0.0, 0.1, "ratio", "M82; assumed size", "of the awareness that a professional lacks, what a visit adds behind an open door where all trust institutions; 0: nothing is learned")]
    # fmt: on


READS = (
    "tile_index.tile", "household.id", "household.home", "household.size", "household.closed", "place.quarter", "place.trust",
    "patch.quarter", "patch.residents", "professional.id", "professional.present", "professional.kind",
)  # fmt: skip
WRITES = ("professional.awareness", "professional.case_hours")
LEVERS = {
    "exploration": Lever(
        0.0, 0.0, 40.0, "hour/week per 1,000 residents", "hours that professionals take from cases to go and ask at front doors"
    ),
}
COUNTS = {"explored": Outcome("visits/week", "neither", "Visits at which professionals asked residents about the neighbourhood")}
MECHANISMS = ("M82", "M104")


@njit
def exploration(world, p, levers, seed, week):
    """Let everybody who has a desk here pay their part of the visits, an hour each."""
    hours = 0.0
    for j in range(world.patches.size):
        hours += levers[world.patches[j].quarter].exploration * world.patches[j].residents / 1000.0
    if hours <= 0.0:
        return
    dice, doors = key(seed, Draw.EXPLORATION, week), key(seed, Draw.DOOR, week)
    each = hours / max(at_desks(world.professionals), 1)
    for i in range(world.professionals.size):
        worker = world.professionals[i]
        if has_desk(worker):
            for visit in range(min(rounds_of(min(each, worker.case_hours), 1.0, dice, worker.id, 0), MOST_VISITS)):
                h = household_by_lot(world, levers, doors, worker.id, visit)
                if h != NOBODY:
                    ask(world, world.households[h], worker, p, week)


@njit
def household_by_lot(world, levers, dice, who, visit):
    """Return a household on which the lot falls, in a quarter that is explored, or NOBODY."""
    for k in range(LOTS):
        h = choose(world.households.size, dice, who, visit * LOTS + k)
        household = world.households[h]
        if household.size > 0 and levers[world.places[household.home].quarter].exploration > 0.0:
            return h
    return NOBODY


@njit
def ask(world, household, worker, p, week):
    """Let a professional hear from a household how things are."""
    worker.awareness += learned(household.closed, world.places[household.home].trust, p) * (1.0 - worker.awareness)
    worker.case_hours = max(worker.case_hours - 1.0, 0.0)
    world.tally[0].explored += 1
    log_between(world.events, week, EXPLORED, household.id, worker.id, household.home, 0)


@njit
def learned(closed, trust, p):
    """Return which part of what they do not know a professional hears at a door so closed, where people trust so much."""
    return p.told * trust * (1.0 - closed)
