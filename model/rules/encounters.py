"""Encounters: whom people meet, and how that goes.

Anybody outside where professionals are may meet one of them: the more people that professional speaks to, the fewer
people there are, and the better the two know each other, the likelier.  People also come to desks: youths to those of
school and youth work, others to the rest.  The professional who carries out a case deals with its reporter, or with the
youth or family it is about, in every week that it takes.  Whether a contact is a good one depends on the quality of the
professional and on the friend-enemy norm of the person; on the street, enforcement without a relation easily makes a
bad one.  The first contact of a week counts, however it goes.  A good contact lets the two know each other better.
Nobody sees contact indoors.  Somebody who paid for talking avoids professionals on the street for a while.  A youth is
exposed to the involved among friends, family and company in the place of the week, more so in a closed family (but not
behind a door that only a raid has closed); time in an organised activity is time without such friends.  A person under
eighteen who works for a crew and has debts is exploited: the crew keeps them from professionals outside and at desks,
and not every professional recognises a victim, wherever they speak.

    P(meet)  = 1 - exp(-contacts w / sum of w) of each professional there, w = 1 + recognition * known; whom somebody meets first counts
    P(comes to a desk in a week) = w (1 - exp(-counter * hours at these desks / people who come to them))
    knows   += bonding (1 - knows)               after a good contact with that professional
    P(good)  = quality * (1 - block * norm_enemy)
    P(found) = seeing * quality * awareness        an exploited youth after a good contact
    exposure = 1 - (1 - friends)(1 - family)(1 - company),  family the more, the more closed it is
    company  = 1 - exp(-company * share of the others in the place who are involved)

Sources: Peyton e.a. 2019; Skogan 2006; Sutherland (differential association); 'Dealers in de dop' (own network);
CKM 2022 and the Divosa report (M84: victims are findable unless shielded).
"""

from typing import Annotated, NamedTuple

from ..arithmetic import exp, logarithm, times
from ..compiled import njit
from ..draws import Draw, key, uniform
from ..quantity import Outcome, Quantity
from ..shared.acquaintances import READS as ACQUAINTANCE_READS
from ..shared.acquaintances import WRITES as ACQUAINTANCE_WRITES
from ..shared.contacts import FOR_OTHERS, FOR_YOUTHS, be_noted, come_to_desks, deal_with_cases, kept_away, likelier, meet
from ..shared.kin import is_kin, is_there
from ..shared.persons import PUPIL_UNTIL, age_of, in_activity, is_free, is_involved
from ..state.codes import EXPLOITED, FRIENDS, KNOWN, NO_CONTACT, NOBODY, NONE, RELATIVES
from ..state.fields import fixed, unfixed
from .climate import EVERY

OF_RELATIVES = 0.4  # what kin in another household count, against a housemate: as company, as teachers of norms, and in what a raid makes them feel (M36, N17 (uncles and brothers who live elsewhere); assumed size)


class Parameters(NamedTuple):
    """Numbers of encounters."""

    # fmt: off
    bonding: Annotated[float, Quantity(0.25, 0.05, 0.3, "level", "assumed (M32: repetition beats decay)", "how much better somebody knows a professional after a good contact")]
    counter: Annotated[float, Quantity(0.05, 0.0, 0.15, "contacts/hour", "assumed; with the street a quarter to a third of adults a year; CBS 2021 as check: police alone 24.8 %", "people who come to somebody at a desk, by hour for cases")]
    block: Annotated[float, Quantity(0.7, 0.4, 0.95, "ratio", "M28, assumed size", "good contact that the friend-enemy norm takes away")]
    friends: Annotated[float, Quantity(0.8, 0.0, 1.0, "ratio", "assumed; 0 cuts R6", "exposure if all friends are involved")]
    family: Annotated[float, Quantity(0.01, 0.0, 0.15, "level", "assumed; calibrated on the risk of youths with an involved parent (p10, V17); 0 cuts R9", "exposure by one involved member of the household")]
    closed_family: Annotated[float, Quantity(0.3, 0.0, 0.4, "level", "p17 (of sons in such a family 0.6 reach stage 3), FC, AC to IT; assumed size; 0 cuts R9", "the same in a fully closed family")]
    company: Annotated[float, Quantity(9.0, 0.0, 15.0, "1", "assumed: as by nine people whom one keeps company with there", "exposure by the share of involved people in the place of the week")]
    shield: Annotated[float, Quantity(0.5, 0.0, 0.9, "ratio", "M84, assumed size; 0: not shielded", "meetings with professionals that a crew of full strength keeps an exploited youth from")]
    # fmt: on


BORROWS = ("prospects.hardship", "routines.displaced")
READS = (
    "actors", "tile_index.actors", "tile_index.young", "outgoing", "tile_index.outgoing", "person.present", "person.detained_until", "person.in_public", "person.active", "person.peers", "person.place", "person.id", "person.norm_enemy", "person.wary",
    "person.stage", "person.convictions", "person.mentored", "person.plan_domains", "person.household", "household.involved", "household.involved_kin", "household.network",
    "household.id", "household.size", "relative.*", "cell_week.involved", "cell_week.youths", "cell_week.adults", "cell_week.visit", "visit.*", "professional.id",
    "professional.awareness", "professional.kind", "professional.organisation", "professional.domain", "professional.case_hours", "professional.quality",
    "professional.base", *ACQUAINTANCE_READS, "friend.row", "friend.id", "tile_index.youths",
    "case.id", "case.state", "case.owned", "case.kind", "case.domain", "case.place", "case.approved_week", "case.about", "case.about_id", "case.reporter", "case.reporter_id",
    "person.born", "person.debt", "person.crew", "crew.strength", "place.quarter",
)  # fmt: skip
WRITES = (
    *ACQUAINTANCE_WRITES,
    "visit.turnout",
    "household.involved_kin",
    "person.contact",
    "person.wary",
    "person.victim",
    "person.peers",
    "person.exposure",
    "at_stake",
    "tile_index.at_stake",
)
LEVERS: dict = {}
COUNTS = {
    "contacts": Outcome("contacts/week", "neither", "Contacts between residents and professionals, good, bad or neither"),
    "contacts_indoors": Outcome("contacts/week", "neither", "Of these, at a desk or over a case"),
    "good_contacts": Outcome("contacts/week", "higher", "Good contacts between residents and frontline professionals"),
    "bad_contacts": Outcome("contacts/week", "lower", "Contacts that went wrong, mostly over enforcement"),
    "exploited": Outcome(
        "persons", "lower", "Youths under 18 who work for a crew (stage 2 or higher) and have debts: victims, found or not"
    ),
    "victims": Outcome("persons", "neither", "Of these, whom a professional has seen to be victims"),
    "victims_found": Outcome("persons/week", "higher", "Exploited youths whom a professional saw to be victims this week"),
}
MECHANISMS = ("M8", "M9", "M24", "M28", "M65", "M73", "M84")


@njit
def turn_out(world, row, week):
    """Count somebody outside in every visit to the place where they are."""
    row_of_visit = world.cell_week[world.people[row].place].visit
    while row_of_visit > 0:
        visit = world.visits[row_of_visit - 1]
        visit.turnout += fixed(likelier(world.acquaintances[row], world.professionals, visit.who, week))
        row_of_visit = visit.next


@njit
def first_met(person, slots, first, visits, team, shielded, dice, week):
    """Return the visit of the professional whom somebody outside meets first, of the visits from the first on, or NOBODY.

    Waiting times are exponential, so each is met in proportion to the people they speak to.
    """
    met, soonest, row = NOBODY, 1.0, first
    while row > 0:
        visit = visits[row - 1]
        rate = visit.contacts * likelier(slots, team, visit.who, week) / unfixed(visit.turnout) * (1.0 - shielded)
        lot = uniform(dice, person.id, team[visit.who].id)
        if lot < soonest * rate:  # a wait is no shorter than its lot
            wait = -logarithm(1.0 - lot)
            if wait < soonest * rate:
                met, soonest = row - 1, wait / rate
        row = visit.next
    return met


@njit
def friends_involved(people, friends):
    """Return how many of a person's friends are involved; a friend who moved away counts no more."""
    involved = 0
    for k in range(FRIENDS):
        friend = friends[k]
        if is_there(people, friend.row, friend.id) and is_involved(people[friend.row]):
            involved += 1
    return involved


@njit
def exposure_of(friends, family, relatives, company, closed, p):
    """Return the exposure by involved friends, housemates and relatives (numbers) and company (share), of so closed a family."""
    if friends == 0 and family == 0 and relatives == 0 and company == 0.0:
        return 0.0
    kin = p.family + (p.closed_family - p.family) * closed
    left = (1.0 - p.friends * friends / FRIENDS) * times(1.0 - kin, family) * exp(-p.company * company)
    left *= times(1.0 - OF_RELATIVES * kin, relatives)
    return 1.0 - left


@njit
def encounters(world, p, levers, seed, week):
    """Contacts with professionals, exposure to the involved; whoever is concerned by it is listed as at stake."""
    tile_index = world.tile_index[0]
    for row in world.actors[: tile_index.actors]:
        world.people[row].contact = NO_CONTACT
        world.people[row].wary = max(int(world.people[row].wary) - 1, 0)
        if is_involved(world.people[row]):
            tell_kin(world.households, world.relatives[world.people[row].household])
    indoors = key(seed, Draw.DESK, week)
    come_to_desks(world, world.actors[: tile_index.youths], FOR_YOUTHS, p, levers, indoors, week)
    come_to_desks(world, world.actors[tile_index.youths : tile_index.actors], FOR_OTHERS, p, levers, indoors, week)
    deal_with_cases(world, p, levers, indoors, week)
    dice = key(seed, Draw.CONTACT, week)
    for row in world.outgoing[: tile_index.outgoing]:
        turn_out(world, row, week)
    for row in world.outgoing[: tile_index.outgoing]:
        place = world.people[row].place
        free = world.people[row].contact == NO_CONTACT and world.people[row].wary == 0
        if world.cell_week[place].visit > 0 and free:
            pass_by(world, row, p, levers, dice, week)
    for row in world.actors[: tile_index.young]:
        person = world.people[row]
        if is_free(person, week):
            if week % EVERY == 0:
                person.peers = friends_involved(world.people, world.friends[row])
            if is_involved(person):
                press(person, world.tally[0], p, week)
            person.exposure = exposure(person, world.households[person.household], world.cell_week[person.place], p)
    for row in world.actors[tile_index.young : tile_index.actors]:
        world.people[row].exposure = 0.0
    tile_index.at_stake = list_at_stake(world.people, world.actors[: tile_index.actors], world.at_stake)


@njit
def tell_kin(households, ties):
    """Count somebody involved in every household of kin."""
    for k in range(RELATIVES):
        if is_kin(households, ties[k]):
            households[ties[k].household].involved_kin += 1


@njit
def list_at_stake(people, actors, at_stake):
    """List whomever recruitment, mentoring, desistance or enforcement may concern this week; return how many."""
    n = 0
    for row in actors:
        at_stake[n] = row
        n += 1 if is_at_stake(people[row]) else 0
    return n


@njit
def pass_by(world, row, p, levers, dice, week):
    """Let somebody outside meet a professional, or not, and let it go well or badly."""
    person = world.people[row]
    slots, first, kept = world.acquaintances[row], world.cell_week[person.place].visit, kept_away(person, world.crews, p)
    met = first_met(person, slots, first, world.visits, world.professionals, kept, dice, week)
    if met == NOBODY:
        return
    visit = world.visits[met]
    quality = visit.quality / visit.hours
    person.contact = meet(person, quality, visit.force / visit.hours, p, dice)
    be_noted(world, row, visit.who, person.place, quality, p, levers, dice, week)


@njit
def is_exploited(person, p, week):
    """Return whether somebody involved is under eighteen, works for a crew and is pressed by debts."""
    return person.crew != NOBODY and age_of(person, week) < PUPIL_UNTIL and person.debt > p.hardship


@njit
def press(person, tally, p, week):
    """Note whether somebody involved is exploited; who is known as a victim stays so, as long as the crew has a hold on them."""
    exploited = is_exploited(person, p, week)
    if person.victim != KNOWN:
        person.victim = EXPLOITED if exploited else 0
    tally.exploited += 1 if exploited else 0
    tally.victims += 1 if exploited and person.victim == KNOWN else 0


@njit
def exposure(person, household, here, p):
    """Return the exposure of somebody by friends, family and, when outside, company."""
    own = 1 if is_involved(person) else 0
    company = 0.0
    if person.in_public == 1 and here.involved > own:
        company = (here.involved - own) / max(here.youths + here.adults - 1, 1)
    peers = person.peers * (1.0 - p.displaced * in_activity(person))
    return exposure_of(peers, max(household.involved - own, 0), household.involved_kin, company, household.network, p)


@njit
def is_at_stake(person):
    """Return whether recruitment, mentoring, desistance or enforcement may concern this person this week."""
    helped = (person.mentored == 1) | (person.plan_domains > 0)
    return (person.exposure > 0.0) | (person.stage > NONE) | (person.convictions > 0) | helped
