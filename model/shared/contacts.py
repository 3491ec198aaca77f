"""Contacts with professionals: how likely they are, how they go, who comes to a desk, and whom a case brings to one.

The numbers are those of `rules/encounters.py`.
"""

from ..arithmetic import exp
from ..compiled import njit
from ..draws import happens, uniform
from ..state.codes import (
    BAD,
    BAD_CONTACT,
    EXPLOITED,
    FAMILY,
    GOOD,
    GOOD_CONTACT,
    GOOD_INDOORS,
    KNOWN,
    NEUTRAL,
    NEUTRAL_CONTACT,
    NO_CONTACT,
    NOBODY,
    SCHOOL_STAFF,
    SOCIAL,
    VICTIM_FOUND,
    WAITING,
    YOUTH_AT_RISK,
    YOUTH_WORK,
)
from .acquaintances import familiar, familiarity, get_to_know
from .cases import same_family, still_here
from .events import log_between
from .persons import ADULT_FROM, age_of, is_free
from .posts import has_desk

FOR_YOUTHS, FOR_OTHERS = 2, 3  # desks that people come to, beside the two domains in which cases lie
FULL = 1.0  # familiarity at most
WELL, BADLY, SEES = 1, 2, 3  # draws of whether a contact goes well, of whether it goes badly, and of whether a victim is seen
FRICTION = 0.35  # enforcement without a good contact leaves a bad one (satisfied after enforcement contact 55 % (CBS 2021))
RECOGNITION = 10.0  # by which two who fully know each other speak more often than strangers, beside once (M32; assumed size)
SEEING = 0.5  # a good contact shows that a youth is exploited, at full quality and awareness (CKM 2022 as direction; assumed)


@njit
def p_meet(contacts, there):
    """Return how likely somebody meets a professional who speaks to so many people where so many are."""
    return 1.0 - exp(-contacts / there)


@njit
def likelier(slots, team, who, week):
    """Return how much likelier than a stranger somebody with these acquaintances meets this professional."""
    return 1.0 + RECOGNITION * familiar(slots, team, who, week)


@njit
def likeliest(slots, team, week):
    """Return how much likelier than a stranger somebody with these acquaintances meets whom they know best."""
    return 1.0 + RECOGNITION * familiarity(slots, team, week)


@njit
def p_good(quality, norm_enemy, p):
    """Return how likely a contact is a good one."""
    return quality * (1.0 - p.block * norm_enemy)


@njit
def meet(person, quality, force, p, dice):
    """Return how one contact of such quality goes, of which this share enforces: NEUTRAL, GOOD or BAD."""
    if uniform(dice, person.id, WELL) < p_good(quality, person.norm_enemy, p):
        return GOOD
    return BAD if uniform(dice, person.id, BADLY) < force * FRICTION else NEUTRAL


@njit
def kept_away(person, crews, p):
    """Return the share of meetings with professionals that a crew keeps somebody from: a youth whom it exploits."""
    return p.shield * crews[person.crew].strength if person.victim > 0 and person.crew != NOBODY else 0.0


@njit
def be_noted(world, row, who, place, quality, p, levers, dice, week):
    """Note how a contact of such quality went; after a good one the two know each other better, and a victim may be seen."""
    person, tally, kind = world.people[row], world.tally[0], NEUTRAL_CONTACT
    worker = world.professionals[who]
    tally.contacts += 1
    if person.contact == BAD:
        kind = BAD_CONTACT
        tally.bad_contacts += 1
    elif person.contact in (GOOD, GOOD_INDOORS):
        kind = GOOD_CONTACT
        tally.good_contacts += 1
        get_to_know(world.acquaintances[row], world.professionals, who, p.bonding, week)
    log_between(world.events, week, kind, person.id, worker.id, place, who)
    if kind == GOOD_CONTACT and person.victim == EXPLOITED:
        awareness = worker.awareness + (1.0 - worker.awareness) * levers[world.places[place].quarter].awareness
        be_seen(person, quality, awareness, tally, dice)
        if person.victim == KNOWN:
            log_between(world.events, week, VICTIM_FOUND, person.id, worker.id, place, who)


@njit
def be_seen(person, quality, awareness, tally, dice):
    """Let a professional see, or not, that somebody whom they had a good contact with is a victim."""
    if happens(SEEING * quality * awareness, dice, person.id, SEES):
        person.victim = KNOWN
        tally.victims_found += 1


@njit
def speak_indoors(world, row, who, place, p, levers, dice, week):
    """Let somebody speak to a professional where nobody sees it, and let it go well or not; one contact a week counts."""
    person = world.people[row]
    if person.contact != NO_CONTACT or not is_free(person, week):
        return
    quality = world.professionals[who].quality
    person.contact = GOOD_INDOORS if meet(person, quality, 0.0, p, dice) == GOOD else NEUTRAL
    world.tally[0].contacts_indoors += 1
    be_noted(world, row, who, place, quality, p, levers, dice, week)


@njit
def sits_at(professional, desk):
    """Return whether somebody carries out cases at a desk: of a domain, of those for youths, or of the others."""
    if not has_desk(professional):
        return False
    if desk <= SOCIAL:
        return professional.domain == desk
    return (professional.organisation in (SCHOOL_STAFF, YOUTH_WORK)) == (desk == FOR_YOUTHS)


@njit
def whom_at(team, desk, dice, who):
    """Return whom somebody meets at a desk, the likelier the more hours they have for cases; NOBODY where nobody has any."""
    best, largest = NOBODY, 0.0
    for i in range(team.size):
        if sits_at(team[i], desk):
            draw = team[i].case_hours * uniform(dice, who, team[i].id)
            if draw > largest:
                best, largest = i, draw
    return best


@njit
def come_to_desks(world, rows, desk, p, levers, dice, week):
    """Let some of these people come to a desk this week, sooner those who know somebody there."""
    hours, team = 0.0, world.professionals
    for i in range(team.size):
        hours += team[i].case_hours if sits_at(team[i], desk) else 0.0
    chance = p_meet(p.counter * hours, max(rows.size, 1))
    for row in rows:
        person, slots = world.people[row], world.acquaintances[row]
        u = uniform(dice, person.id)
        if u < chance * (1.0 + RECOGNITION * FULL) and u < chance * likeliest(slots, team, week) and is_free(person, week):
            who = whom_at(team, desk, dice, person.id)
            if u < chance * likelier(slots, team, who, week) * (1.0 - kept_away(person, world.crews, p)):
                speak_indoors(world, row, who, team[who].base, p, levers, dice, week)


@njit
def deal_with_cases(world, p, levers, dice, week):
    """Let the professional who carries out a case deal with its reporter, the youth, or the adults of the family it is about."""
    for k in range(world.cases.size):
        case = world.cases[k]
        if case.state != WAITING or case.owned == 0 or week <= case.approved_week:
            continue
        who = whom_at(world.professionals, case.domain, dice, case.id)
        if who == NOBODY:
            continue
        if case.kind == FAMILY and same_family(world.households, case.about, case.about_id):
            for row in world.actors[: world.tile_index[0].actors]:
                member = world.people[row]
                if member.household == case.about and age_of(member, week) >= ADULT_FROM:
                    speak_indoors(world, row, who, case.place, p, levers, dice, week)
        elif still_here(world.people, case.reporter, case.reporter_id):
            speak_indoors(world, case.reporter, who, case.place, p, levers, dice, week)
        elif case.kind == YOUTH_AT_RISK and still_here(world.people, case.about, case.about_id):
            speak_indoors(world, case.about, who, case.place, p, levers, dice, week)
