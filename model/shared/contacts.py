"""Contacts: how likely somebody meets a professional, how that goes, and what is noted of it, on the street and indoors.

The numbers are those of `rules/encounters.py`.
"""

from ..arithmetic import exp
from ..compiled import njit
from ..draws import happens, uniform
from ..state.codes import (
    BAD,
    BAD_CONTACT,
    EXPLOITED,
    GOOD,
    GOOD_CONTACT,
    GOOD_INDOORS,
    KNOWN,
    NEUTRAL,
    NEUTRAL_CONTACT,
    NO_CONTACT,
    NOBODY,
    VICTIM_FOUND,
)
from .acquaintances import familiar, get_to_know
from .events import log_between
from .persons import is_free

WELL, BADLY, SEES = 1, 2, 3  # draws of whether a contact goes well, of whether it goes badly, and of whether a victim is seen


@njit
def p_meet(contacts, there):
    """Return how likely somebody meets a professional who speaks to so many people where so many are."""
    return 1.0 - exp(-contacts / there)


@njit
def likelier(slots, team, who, p, week):
    """Return how much likelier than a stranger somebody with these acquaintances meets this professional."""
    return 1.0 + p.recognition * familiar(slots, team, who, week)


@njit
def p_good(quality, norm_enemy, p):
    """Return how likely a contact is a good one."""
    return quality * (1.0 - p.block * norm_enemy)


@njit
def meet(person, quality, force, p, dice):
    """Return how one contact of such quality goes, of which this share enforces: NEUTRAL, GOOD or BAD."""
    if uniform(dice, person.id, WELL) < p_good(quality, person.norm_enemy, p):
        return GOOD
    return BAD if uniform(dice, person.id, BADLY) < force * p.friction else NEUTRAL


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
        be_seen(person, quality, awareness, tally, p, dice)
        if person.victim == KNOWN:
            log_between(world.events, week, VICTIM_FOUND, person.id, worker.id, place, who)


@njit
def be_seen(person, quality, awareness, tally, p, dice):
    """Let a professional see, or not, that somebody whom they had a good contact with is a victim."""
    if happens(p.seeing * quality * awareness, dice, person.id, SEES):
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
