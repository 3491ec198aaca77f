"""Mentoring, groups and plans: mentors and group programmes for the young, and a person-centred plan for people at risk or involved.

Free places go by lot among those who can be reached.  Whether somebody can is settled for half a year at a time: a
youth who trusts the workers more often than one who does not, somebody in a closed family hardly ever.  A plan lasts a
year and a half and helps in as many life domains as it covers and the person has problems in: school, work, debt,
home, health, peers.

A group programme brings together, for a quarter of a year, youths at risk who have no mentor and can be reached.  It
keeps them off the street, and some become friends with another member of the group, who takes the place of the least
close friend and may be somebody who works for a crew.

    P(place | eligible, reached) = free places / eligible, at most 1
    P(reached) = (reach + (1 - reach) trust_frontline) (1 - closed)
    domains that match = min(domains of the plan, domains in which the person has problems)

Sources: p45-p47 (caseloads, three domains), Tolan e.a. 2013 (mentors), WODC 2023 (Top600: late cases no effect), Dishion, McCord and Poulin 1999 (groups of youths at risk); the Divosa report
(M37, M96-M98, M101).
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log
from ..shared.persons import (
    ADULT_FROM,
    BINDING_SCHOOL,
    BINDING_WORK,
    PUPIL_UNTIL,
    TEEN_FROM,
    YOUTH_UNTIL,
    age_of,
    is_free,
    is_friend,
    is_involved,
)
from ..state.codes import EXPOSED, FRIENDS, NOBODY, NONE, PLAN_STARTED
from .aftermath import LEAST

PLAN_FROM, PLAN_UNTIL = 10.0, 35.0  # years of age at which a plan may begin
LAST = 2.0  # years after which every plan has ended
TERM = 26  # weeks for which somebody can be reached, or not
COURSE = 13  # weeks that a group programme lasts
MENTOR, PLAN, JOINS, BEFRIENDS = 1, 2, 3, 4  # occasions of a youth at risk
P_BEFRIENDS = 0.3  # a youth in a group programme becomes friends with another of the group (Dishion, McCord and Poulin 1999 as direction (peer contagion); assumed size)
POOR = 0.6  # poverty of a household from which home is a problem; so is a raid, a closed door, another member involved (assumed)
UNHEALTHY = 0.8  # health below which it is a problem (assumed)


class Parameters(NamedTuple):
    """Numbers of mentoring and plans."""

    # fmt: off
    length: Annotated[float, Quantity(78.0, 40.0, 110.0, "week", "assumed", "length of a person-centred plan, and how long a mentor stays on average", "fixed")]
    reach: Annotated[float, Quantity(0.4, 0.2, 0.6, "probability", "assumed (M37)", "somebody without trust in the frontline can be reached in half a year")]
    # fmt: on


BORROWS = ("reporting.exposed", "prospects.hardship")
READS = (
    "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.born", "person.id", "person.home", "person.household",
    "person.exposure", "person.stage", "person.education", "person.school_bond", "person.work_bond", "person.debt", "person.health",
    "person.peers", "household.trauma", "household.involved", "household.poverty", "person.mentored", "person.plan_domains", "person.convictions", "person.trust_frontline",
    "household.closed", "place.quarter", "patch.mentored", "patch.planned", "patch.at_risk", "patch.eligible",
    "patch.youths", "patch.residents", "patch.quarter", "friend.row", "friend.id",
)  # fmt: skip
WRITES = (
    "person.mentored", "person.plan_domains", "person.plan_until", "patch.mentored", "patch.planned", "patch.at_risk", "patch.eligible",
    "person.active", "friend.row", "friend.id",
)  # fmt: skip
LEVERS = {
    "mentor_places": Lever(0.0, 0.0, 50.0, "places per 100 youths of 12-23", "mentors and specialist youth workers"),
    "group_places": Lever(0.0, 0.0, 50.0, "places per 100 youths of 12-23", "places in group programmes for youths at risk"),
    "plan_places": Lever(0.0, 0.0, 50.0, "places per 1,000 residents", "places in the person-centred approach"),
    "plan_domains": Lever(
        0.0, 0.0, 6.0, "life domains", "life domains in which a plan can help (school, work, debt, home, health, peers)"
    ),
}
COUNTS = {
    "mentored": Outcome("persons", "neither", "Youths with a mentor"),
    "grouped": Outcome("persons/week", "neither", "Youths at risk who began a group programme"),
    "in_plan": Outcome("persons", "neither", "People with a person-centred plan"),
}
MECHANISMS = ("M33", "M37", "M96", "M98", "M101")


@njit
def could_use_mentor(person, age, p):
    """Return whether this youth could use a mentor and has none."""
    return TEEN_FROM <= age < YOUTH_UNTIL and person.mentored == 0 and (person.exposure > p.exposed or person.stage > NONE)


@njit
def needs(person, household, age, p):
    """Return in how many life domains this person has problems: school, work, debt, home, health, peers."""
    school = person.school_bond < BINDING_SCHOOL if age < PUPIL_UNTIL else person.education == 0
    work = age >= ADULT_FROM and person.work_bond < BINDING_WORK
    others = household.involved - (1 if is_involved(person) else 0)
    home = household.trauma > 0.0 or household.closed > LEAST or others > 0 or household.poverty > POOR
    peers = is_involved(person) or person.peers > 0 or person.exposure > p.exposed
    found = (1 if school else 0) + (1 if work else 0) + (1 if home else 0)
    found += (1 if person.debt > p.hardship else 0) + (1 if person.health < UNHEALTHY else 0)
    return found + (1 if peers else 0)


@njit
def could_use_plan(person, household, age, p):
    """Return whether this person could use a person-centred plan and has none."""
    concerned = PLAN_FROM <= age < PLAN_UNTIL and person.plan_domains == 0 and (person.stage >= EXPOSED or person.convictions > 0)
    return concerned and needs(person, household, age, p) > 0


@njit
def p_reached(person, household, p):
    """Return how likely help gets through to this person in half a year."""
    return (p.reach + (1.0 - p.reach) * person.trust_frontline) * (1.0 - household.closed)


@njit
def mentoring_and_plans(world, p, levers, seed, week):
    """Mentors and plans end, are counted, and their free places are filled."""
    dice, term = key(seed, Draw.SUPPORT, week), key(seed, Draw.REACH, week // TERM)
    for j in range(world.patches.size):
        patch = world.patches[j]
        patch.mentored = 0
        patch.planned = 0
        patch.at_risk = 0
        patch.eligible = 0
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        age = age_of(person, week)
        if is_free(person, week) and PLAN_FROM <= age < PLAN_UNTIL + LAST:
            patch = world.patches[world.places[person.home].quarter]
            count(patch, person, world.households[person.household], age, p, dice)
    for j in range(world.patches.size):
        world.tally[0].mentored += world.patches[j].mentored
        world.tally[0].in_plan += world.patches[j].planned
    if week % COURSE == 0 and any_group(world.patches, levers):
        run_groups(world, p, levers, dice, term, week)
    if not any_place(world.patches, levers):
        return
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        age = age_of(person, week)
        if is_free(person, week) and PLAN_FROM <= age < PLAN_UNTIL:
            home = world.places[person.home]
            patch = world.patches[home.quarter]
            had = person.plan_domains
            household = world.households[person.household]
            if uniform(term, person.id) < p_reached(person, household, p):
                fill(person, household, patch, levers[home.quarter], age, p, dice, week)
            if person.plan_domains > had:
                log(world.events, week, PLAN_STARTED, person.id, person.home, person.plan_domains)


@njit
def any_group(patches, levers):
    """Return whether there is a place in a group programme anywhere."""
    for j in range(patches.size):
        if levers[patches[j].quarter].group_places > 0.0:
            return True
    return False


@njit
def run_groups(world, p, levers, dice, term, week):
    """Bring together, in each quarter, the youths at risk who can be reached and get a place in a group."""
    people, n = world.people, 0
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = people[row]
        if is_free(person, week) and uniform(term, person.id) < p_reached(person, world.households[person.household], p):
            home = world.places[person.home]
            patch = world.patches[home.quarter]
            free = levers[home.quarter].group_places * patch.youths / 100.0
            if could_use_mentor(person, age_of(person, week), p) and happens(free / patch.at_risk, dice, person.id, JOINS):
                world.scratch[n] = row
                n += 1
    for i in range(n):
        person = people[world.scratch[i]]
        person.active = max(int(person.active), COURSE)
        world.tally[0].grouped += 1
        if happens(P_BEFRIENDS, dice, person.id, BEFRIENDS):
            friends = world.friends[world.scratch[i]]
            other = likes_best(people, world.places, person, friends, world.scratch[:n], dice)
            if other != NOBODY:
                friends[FRIENDS - 1].row = other
                friends[FRIENDS - 1].id = people[other].id


@njit
def likes_best(people, places, person, friends, group, dice):
    """Return whom of a group in the same quarter, who is no friend yet, this youth likes best, by lot; NOBODY where there is nobody."""
    best, most = NOBODY, -1.0
    for row in group:
        other = people[row]
        is_near = places[other.home].quarter == places[person.home].quarter
        if is_near and other.household != person.household and not is_friend(friends, row, other.id):
            u = uniform(dice, person.id, other.id)
            if u > most:
                best, most = row, u
    return best


@njit
def any_place(patches, levers):
    """Return whether there is a place for a mentor or a plan anywhere."""
    for j in range(patches.size):
        lever = levers[patches[j].quarter]
        if lever.mentor_places > 0.0 or lever.plan_places > 0.0:
            return True
    return False


@njit
def count(patch, person, household, age, p, dice):
    """Count who has help and who could use it."""
    if person.mentored == 1 and happens(1.0 / p.length, dice, person.id):
        person.mentored = 0
    patch.mentored += person.mentored
    if person.plan_domains > 0:
        patch.planned += 1
    if could_use_mentor(person, age, p):
        patch.at_risk += 1
    if could_use_plan(person, household, age, p):
        patch.eligible += 1


@njit
def fill(person, household, patch, lever, age, p, dice, week):
    """Give this person, who can be reached, a mentor or a plan if there is a free place and the lot falls so."""
    if could_use_mentor(person, age, p):
        free = lever.mentor_places * patch.youths / 100.0 - patch.mentored
        if happens(free / patch.at_risk, dice, person.id, MENTOR):
            person.mentored = 1
    if could_use_plan(person, household, age, p):
        free = lever.plan_places * patch.residents / 1000.0 - patch.planned
        if happens(free / patch.eligible, dice, person.id, PLAN):
            person.plan_domains = min(int(lever.plan_domains), needs(person, household, age, p))
            person.plan_until = week + int(p.length)
