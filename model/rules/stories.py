"""Stories: what people live through with professionals and the municipality, passed on to those around them.

A good contact or a bad one, the outcome of a report, a promise kept or broken, a harsh raid next door, talk that was
paid for: anybody who lived through something this week may tell the strongest of it to the household, to friends and
kin, and to some neighbours.  People tell bad news of their own more often.  A listener learns a part of it, and may pass
it on once more a week later, good or bad alike; then it is no news any more.  So the experience of a few reaches beyond
them.  A story that nobody hears changes nothing.

    P(passed on) = telling, or telling * bad_weight for bad news of one's own;    P(hears) = 1 at home, close (friends and kin), near (next doors)
    trust_institutions += share direct (1 - trust_institutions)  after a good contact;   -= share direct trust_institutions  a bad one, a harsh raid
    usefulness         += share success (1 - usefulness)         report or promise done; -= share silence usefulness   silence, a broken promise
    fear               += share threat (1 - fear)                talk that was paid for; second hand counts retold times

Sources: Skogan 2006, Rosenbaum e.a. 2005 as direction (what others lived through with police counts too, the bad more: p23); sizes
assumed; M28, M31, M35, M57.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Outcome, Quantity
from ..shared.events import log_between
from ..shared.grid import REACH
from ..shared.kin import is_kin, is_there
from ..shared.persons import YOUTH_FROM, is_free, is_under, list_members
from ..shared.sight import within
from ..state.codes import (
    BAD,
    FRIENDS,
    GOOD,
    GOOD_INDOORS,
    GOOD_NEWS,
    HARSH,
    HEARD,
    NO_STORY,
    NOBODY,
    RELATIVES,
    TOLD_BAD,
    TOLD_DONE,
    TOLD_GOOD,
    TOLD_PAID,
    TOLD_RAID,
)
from .norms import SCARE

DOORS = 2  # dwellings to each side that neighbours live in
CLOSE = 0.4  # a friend, or somebody in a household of kin, hears it (assumed)
NEAR = 0.1  # somebody next door hears it (assumed)
RETOLD = 0.5  # what hearing it at second hand counts, against at first (assumed)


class Parameters(NamedTuple):
    """Numbers of stories."""

    # fmt: off
    telling: Annotated[float, Quantity(0.15, 0.0, 0.3, "probability", "assumed; 0: nobody tells anything", "somebody passes on something good that they lived through or heard")]
    share: Annotated[float, Quantity(0.17, 0.0, 0.5, "ratio", "assumed: a part", "what hearing of an event teaches, against living through it")]
    # fmt: on


BORROWS = ("trust.bad_weight", "trust.direct", "casework.success", "casework.silence")
READS = (
    "actors", "tile_index.actors", "tile_index.width", "person.id", "person.born", "person.present", "person.detained_until", "person.home", "person.household",
    "person.contact", "household.id", "household.size", "household.home", "cell_week.shaken", "friend.row", "friend.id", "relative.*",
)  # fmt: skip
WRITES = (
    "person.story", "person.heard", "person.hears", "person.trust_institutions", "person.usefulness", "person.fear", "household.member_row",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "stories": Outcome("persons/week", "neither", "Residents who passed on what they lived through or heard this week"),
    "hearers": Outcome("persons/week", "neither", "Residents who heard what others lived through this week"),
    "hearers_bad": Outcome("persons/week", "lower", "Of these, who heard bad news"),
}
MECHANISMS = ("M28", "M31", "M35", "M57")


@njit
def stories(world, p, levers, seed, week):
    """Pass on what was lived through this week, or heard last week; then let who hears something learn a part of it."""
    list_members(world.people, world.households, world.scratch)
    raided = world.tally[0].raided > 0
    dice = key(seed, Draw.STORY, week)
    actors = world.actors[: world.tile_index[0].actors]
    for row in actors:
        person = world.people[row]
        own = max(int(person.story), lived_through(person))
        if raided and world.cell_week[person.home].shaken == HARSH:
            own = max(own, TOLD_RAID)
        if own + person.heard > NO_STORY and is_free(person, week):
            kind = max(own, int(person.heard))
            if happens(p_told(kind, own == kind, p), dice, person.id):
                tell(world, row, 2 * kind + (1 if own == kind else 0), dice, week)
        person.story = person.heard = NO_STORY
    for row in actors:
        person = world.people[row]
        if person.hears > 0:
            hear(person, world.tally[0], p)


@njit
def p_told(kind, own, p):
    """Return how likely somebody passes a story on: more likely where it is bad and their own."""
    return p.telling * (p.bad_weight if own and kind > GOOD_NEWS else 1.0)


@njit
def lived_through(person):
    """Return the story that this week's contact with a professional makes."""
    if person.contact == BAD:
        return TOLD_BAD
    return TOLD_GOOD if person.contact in (GOOD, GOOD_INDOORS) else NO_STORY


@njit
def tell(world, row, story, dice, week):
    """Tell a story to the household, to friends and kin, and next door."""
    person = world.people[row]
    world.tally[0].stories += 1
    own, people, households, events = person.household, world.people, world.households, world.events
    tell_household(people, households[own], world.scratch, events, person, story, 1.0, dice, week)
    for k in range(FRIENDS):
        friend = world.friends[row, k]
        if is_there(people, friend.row, friend.id):
            tell_one(people[friend.row], events, person, story, CLOSE, dice, week)
    for k in range(RELATIVES):
        relative = world.relatives[own, k]
        if is_kin(households, relative):
            tell_household(people, households[relative.household], world.scratch, events, person, story, CLOSE, dice, week)
    for h in range(max(own - DOORS, 0), min(own + DOORS + 1, households.size)):
        if h != own and within(households[h].home, person.home, world.tile_index[0].width, REACH):
            tell_household(people, households[h], world.scratch, events, person, story, NEAR, dice, week)


@njit
def tell_household(people, household, following, events, teller, story, chance, dice, week):
    """Tell a story to everybody of eight and over in a household."""
    row = household.member_row
    while row != NOBODY:
        tell_one(people[row], events, teller, story, chance, dice, week)
        row = following[row]


@njit
def tell_one(other, events, teller, story, chance, dice, week):
    """Let somebody hear a story, or not; of all they hear in a week the strongest counts, and at first hand before second."""
    can = other.id != teller.id and is_free(other, week) and not is_under(other, YOUTH_FROM, week)
    if can and happens(chance, dice, teller.id, other.id):
        other.hears = max(int(other.hears), story)
        log_between(events, week, HEARD, other.id, teller.id, other.home, story // 2)


@njit
def hear(person, tally, p):
    """Let somebody learn from what they hear; what comes at first hand may be passed on next week."""
    kind, first_hand = person.hears // 2, person.hears % 2
    learn(person, kind, 1.0 if first_hand == 1 else RETOLD, p)
    person.heard = kind if first_hand == 1 else NO_STORY
    person.hears = 0
    tally.hearers += 1
    tally.hearers_bad += 1 if kind > GOOD_NEWS else 0


@njit
def learn(person, kind, weight, p):
    """Let somebody learn a part of what somebody else lived through."""
    part = p.share * weight
    if kind == TOLD_GOOD:
        person.trust_institutions += part * p.direct * (1.0 - person.trust_institutions)
    elif kind in (TOLD_BAD, TOLD_RAID):
        person.trust_institutions -= part * p.direct * person.trust_institutions
    elif kind <= TOLD_DONE:
        person.usefulness += part * p.success * (1.0 - person.usefulness)
    elif kind == TOLD_PAID:
        person.fear += part * SCARE * (1.0 - person.fear)
    else:
        person.usefulness -= part * p.silence * person.usefulness
