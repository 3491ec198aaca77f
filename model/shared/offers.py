"""Offers: who asks whom to work for a crew, and by which channel.

Somebody recruits who works for a crew that lacks hands.  Friends and kin ask each other, whatever their stage, kin less
readily, unless crime is part of the family.  Those who do small favours and runners also ask people of about the same age in
the same place, and pupils of their own school; a runner asks, online, anybody here.  Those who are tied in leave that to others:
they ask nobody but friends and kin.
"""

from ..arithmetic import bell
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import uniform
from ..state.codes import BY_FRIEND, BY_KIN, BY_PLACE, BY_SCHOOL, NOBODY, ONLINE, RUNNER, TIED_IN
from .decisions import OFFERS_TO, decides, is_own
from .decisions import READS as DECISION_READS
from .kin import is_linked
from .persons import is_free, is_friend, is_involved, is_pupil

AFTER_ALL = 1e300  # a time later than any draw can come to
YEARS_APART = 3.0  # between two in a place or at school that leave 0.6 of the offers (McPherson e.a. 2001 as direction; assumed)


@njit
def lacking(crew):
    """Return the share of its work for which a crew has no hands: how hard it looks for them."""
    return crew.vacancies / (crew.vacancies + crew.members) if crew.vacancies > 0.0 else 0.0


@njit
def list_recruiters(world, week):
    """List the rows of everybody at large who works for a crew that lacks hands; return how many."""
    n = 0
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        if is_involved(person) and is_free(person, week) and person.crew != NOBODY and lacking(world.crews[person.crew]) > 0.0:
            world.scratch[n] = row
            n += 1
    return n


@njit
def are_kin(world, one, other):
    """Return whether two people live together, or in households of kin."""
    home = other.household
    return one.household == home or is_linked(world.relatives[one.household], world.households[home], home)


@njit
def channel(world, row, asking, week):
    """Return how somebody can reach a person with an offer, by the closest tie, or NOBODY."""
    people, friends = world.people, world.friends
    person, recruiter = people[row], people[asking]
    if is_friend(friends[row], asking, recruiter.id) or is_friend(friends[asking], row, person.id):
        return BY_FRIEND
    if are_kin(world, person, recruiter):
        return BY_KIN
    if recruiter.stage == TIED_IN:
        return NOBODY
    if person.in_public == 1 and recruiter.in_public == 1 and person.place == recruiter.place:
        return BY_PLACE
    pupils = is_pupil(person, week) and is_pupil(recruiter, week)
    if pupils and world.places[person.home].near_school == world.places[recruiter.home].near_school:
        return BY_SCHOOL
    return ONLINE if recruiter.stage == RUNNER else NOBODY


@njit
def closeness(person, recruiter, how):
    """Return what the years between two people leave of offers in a place or at school; others do not mind."""
    if how != BY_PLACE and how != BY_SCHOOL:
        return 1.0
    return bell((person.born - recruiter.born) / WEEKS_A_YEAR / YEARS_APART)


@njit
def reach(how, closed, thousands, p):
    """Return the offers a week to a person of so closed a family who can be reached so, among so many thousands.

    By a crew that lacks all hands.
    """
    if how == BY_FRIEND:
        return p.network
    if how == BY_KIN:
        return p.network * (p.kin + (1.0 - p.kin) * closed)
    if how == BY_PLACE:
        return p.place
    return p.school if how == BY_SCHOOL else p.online / max(thousands, 0.001)


@njit
def most_reach(thousands, p):
    """Return the offers a week by the channel that brings most."""
    return max(p.network, max(p.place, max(p.school, reach(ONLINE, 0.0, thousands, p))))


@njit
def first_offer(world, row, aim, recruiters, p, dice, week):
    """Return who is the first this week to offer a person work, and how, or NOBODY; recruiters aim at them so much.

    A draw that would come too late by any channel needs no look at which one it is, unless recruiters decide by themselves.
    """
    person, thousands, own = world.people[row], world.tile_index[0].people / 1000.0, is_own(world, OFFERS_TO)
    closed = world.households[person.household].network
    first, by, soonest, most = NOBODY, NOBODY, AFTER_ALL if own else 1.0, most_reach(thousands, p)
    for asking in world.scratch[:recruiters]:
        recruiter = world.people[asking]
        lot, need = uniform(dice, recruiter.id, person.id), lacking(world.crews[recruiter.crew])
        if own or lot < soonest * max(most * aim * need, 1e-9):
            how = channel(world, row, asking, week)
            probability = max(reach(how, closed, thousands, p) * closeness(person, recruiter, how) * aim * need, 1e-9)
            when = lot / probability
            if how != NOBODY and when < soonest and decides(world, OFFERS_TO, asking, row, probability, lot):
                first, by, soonest = asking, how, when
    return first, by


READS = (
    "at_stake", "tile_index.at_stake", "tile_index.people", "person.present", "person.detained_until",
    "person.born", "person.id", "person.stage",
    "person.crew", "person.household", "person.place", "person.home", "person.in_public", "place.near_school", "household.id",
    "household.network", "friend.row", "friend.id", "relative.household", "relative.id", "crew.vacancies", "crew.members",
    *DECISION_READS,
)  # fmt: skip
