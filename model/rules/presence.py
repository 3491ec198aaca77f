"""Presence: professionals on the street.

A professional divides the week over street and cases; tired or swamped professionals walk less.  Every round on the
street looks at a few public places of the patch and goes where the most is wrong: one look is a random round, many
looks are a hot-spot patrol.  People who work for a programme (`hiring`) are on the street all the time, mostly on their
own beat, or they rotate.  Attention after crime or an incident turns rounds into enforcement, and brings overtime.
Professionals who are backed dare more; cuts take hours from the street and from cases alike.  An hour can be spent in
several ways: a professional who drives by speaks to nobody, one who walks to some, one who enforces to more,
and one who seeks contact goes where most people are (plays along, sits in on the square) and speaks to several.

    contacts of an hour = 0 driving, walking or seeking, by the hours asked of each;  seeking where the round enforces
    quality of contact = cube root of (skill * courage * sqrt(situational * cultural)) * (tired + (1 - tired) energy)
    presence(week)     = hours
    expected(week)     = expected + pace * (presence - expected)    what offenders have come to expect: they learn to expect
                                                                    more sooner than to expect less

Sources: Ratcliffe e.a. 2011 (foot patrol), Peyton e.a. 2019 (contact), the Divosa and Movisie reports (M32, M39, M65, M76, M86).
"""

import math
from typing import Annotated, NamedTuple

from ..arithmetic import power
from ..compiled import njit
from ..draws import Draw, choose, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.posts import READS as POST_READS
from ..shared.posts import all_asked, hours_asked, where_asked
from ..shared.public_places import PEOPLE, QUARTERS_OF_A_TILE, TROUBLE, place_of_round, somewhere
from ..state.codes import CONTACT, ENFORCEMENT, INTERVENTION, NOBODY, PERMANENT, POLICE, SAFETY, YOUTH_WORK
from ..state.fields import fixed, unfixed
from .workforce import facilities

MOST_ROUNDS = 256  # of overtime in one patch and week; no attention reaches so many
EACH, WHERE, AWAY, ELSEWHERE, SEEKS = 4, 1, 2, 3, 4  # occasions of a round: how many each has, and which
PATCHES, BY_WHOM = 1_000_000, 3  # overtime of patches draws beyond the identities of workers, and beyond the number of its rounds
CUBE_ROOT = 1.0 / 3.0  # of three that count alike
DARING = 0.4  # lack of courage that full extra backing by managers takes away (assumed (M39, M86))
LEARNING = 0.1  # how fast offenders learn where and when presence is to be expected (1/week; p37: patrol effect fades in 6-22 weeks at constant dose)


class Parameters(NamedTuple):
    """Numbers of presence."""

    # fmt: off
    visit_hours: Annotated[float, Quantity(4.0, 2.0, 6.0, "hour", "assumed", "length of a round on the street", "fixed")]
    street_share: Annotated[float, Quantity(0.3, 0.1, 0.8, "share", "goal 80 % not met, practice lower (crimesite.nl)", "share of contract hours on the street")]
    looks: Annotated[float, Quantity(2.0, 1.0, 4.0, "count", "assumed", "places considered for an ordinary round")]
    hotspot_looks: Annotated[float, Quantity(10.0, 5.0, 20.0, "count", "assumed", "places considered for a round at hot spots, or by who seeks contact", "fixed")]
    client_share: Annotated[float, Quantity(0.7, 0.5, 0.85, "share", "assumed: the rest goes to the institution", "share of contract hours for street and cases together")]
    tired: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "assumed (B10)", "hours and quality of contact that the exhausted still give")]
    base_force: Annotated[float, Quantity(0.6, 0.3, 0.9, "share", "assumed", "share of rounds of police and BOAs that enforce")]
    programme_force: Annotated[float, Quantity(0.1, 0.0, 0.3, "share", "M65: the BOA plays football", "share of the rounds of programmes for contact that enforce, and of rounds at hot spots that do not")]
    programme_quality: Annotated[float, Quantity(1.25, 1.0, 1.5, "ratio", "assumed; Peyton e.a. 2019 as direction", "how much better contact is on a round that is meant for contact")]
    unlearning: Annotated[float, Quantity(0.02, 0.005, 0.05, "1/week", "assumed: half-life eight months", "how fast they learn that less presence is to be expected")]
    firefighting: Annotated[float, Quantity(0.15, 0.0, 0.5, "share", "R11, M50; assumed size; 0 cuts the loop", "rounds of police and BOAs that turn to enforcement at full attention")]
    budget: Annotated[float, Quantity(5.0, 0.0, 20.0, "hour/week per 1,000 residents", "B11, M50; assumed size; 0 cuts the loop", "overtime on foot that full attention brings")]
    walking: Annotated[float, Quantity(1.5, 0.5, 3.0, "contacts/hour", "assumed; many places are empty, so that it comes to half a person; 24.8 % a year had contact with police (CBS 2021) as check", "people whom somebody on foot speaks to, where people are")]
    seeking: Annotated[float, Quantity(3.0, 2.0, 5.0, "contacts/hour", "visits of some ten minutes (Peyton e.a. 2019) as direction; assumed size", "people whom somebody who seeks contact speaks to, where people are, and somebody who enforces")]
    # fmt: on


READS = (
    *POST_READS, "place.presence", "place.expected_presence", "place.disorder", "place.crime_hold", "place.quarter",
    "professional.hours", "professional.workload", "professional.energy", "professional.skill", "professional.courage",
    "professional.situational", "professional.cultural", "professional.domain", "cell_week.youths", "cell_week.adults",
    "cell_week.hours", "cell_week.quality", "cell_week.force", "tile_index.tile",
    "patch.attention", "public",
)  # fmt: skip
WRITES = (
    "cell_week.hours", "cell_week.quality", "cell_week.force", "cell_week.visit", "visit.*", "tile_index.visits", "place.presence",
    "place.expected_presence", "place.contact_quality", "place.enforcement",
    "professional.street_hours", "professional.case_hours", "professional.quality", "professional.place",
)  # fmt: skip
LEVERS = {
    "staffing": Lever(1.0, 0.2, 2.0, "ratio", "hours that organisations give to this neighbourhood, against what is usual"),
    "presence_hours": Lever(
        0.0, 0.0, 400.0, "hour/week per 1,000 residents", "hours on the street, meant for contact, of people who are hired for it"
    ),
    "driven_hours": Lever(0.0, 0.0, 400.0, "hour/week per 1,000 residents", "of the hours for contact, those spent driving by"),
    "seeking_hours": Lever(0.0, 0.0, 400.0, "hour/week per 1,000 residents", "of the hours for contact, those spent seeking it"),
    "rotating_hours": Lever(
        0.0, 0.0, 400.0, "hour/week per 1,000 residents", "hours for contact that are spent outside one's own beat"
    ),
    "hotspot_hours": Lever(
        0.0,
        0.0,
        400.0,
        "hour/week per 1,000 residents",
        "hours of enforcement at hot spots, of people who are hired or lent for it",
    ),
}
COUNTS = {"presence_rounds": Outcome("rounds/week", "neither", "Rounds that professionals made on the street")}
MECHANISMS = ("M19", "M32", "M39", "M50", "M65", "M76", "M80", "M83", "M86")


@njit
def effort(professional, p):
    """Return the share of what a professional has to give that can be given: less by the exhausted."""
    return p.tired + (1.0 - p.tired) * professional.energy


@njit
def quality_of(professional, backing, p):
    """Return the quality of a contact with this professional, who has so much extra backing."""
    courage = professional.courage + (1.0 - professional.courage) * DARING * backing
    balance = math.sqrt(professional.situational * professional.cultural)
    able = power(professional.skill * courage * balance, CUBE_ROOT)
    return able * effort(professional, p)


@njit
def walks(professional):
    """Return whether this professional makes rounds on the street."""
    return professional.organisation in (POLICE, ENFORCEMENT, YOUTH_WORK, INTERVENTION)


class Manner(NamedTuple):
    """How a round is made: quality of contact, share that enforces, contacts of an hour."""

    quality: float
    force: float
    contacts: float


@njit
def make_round(world, cell, who, hours, manner):
    """Let a professional make one round in a place; it leaves traces there, and whoever is there may meet them."""
    here = world.cell_week[cell]
    here.hours += fixed(hours)
    here.quality += fixed(hours * manner.quality)
    here.force += fixed(hours * manner.force)
    visit = visit_of(world, cell, who)
    visit.hours += hours
    visit.contacts += hours * manner.contacts
    visit.quality += hours * manner.quality
    visit.force += hours * manner.force
    world.tally[0].presence_rounds += 1
    return visit.hours


@njit
def visit_of(world, cell, who):
    """Return the visit of a professional to a place this week, which begins now if there is none yet."""
    here = world.cell_week[cell]
    row = here.visit
    while row > 0:
        if world.visits[row - 1].who == who:
            return world.visits[row - 1]
        row = world.visits[row - 1].next
    tile_index = world.tile_index[0]
    visit = world.visits[tile_index.visits]
    tile_index.visits += 1
    visit.who = who
    visit.place = cell
    visit.next = here.visit
    visit.hours = 0.0
    visit.contacts = 0.0
    visit.quality = 0.0
    visit.force = 0.0
    visit.turnout = 0
    here.visit = tile_index.visits
    return visit


@njit
def rounds_of(hours, visit_hours, dice, who, occasion):
    """Return how many rounds these hours allow; the rest of the division is left to chance."""
    return int(hours / visit_hours + uniform(dice, who, occasion))


@njit
def share_of(hours, lever):
    """Return which share of the hours on the street for contact so many of them are."""
    return min(hours / lever.presence_hours, 1.0) if lever.presence_hours > 0.0 else 0.0


@njit
def speaks_to(driven, sought, p):
    """Return how many people somebody speaks to in an hour of which such shares are driven and spent seeking contact."""
    return sought * p.seeking + max(1.0 - driven - sought, 0.0) * p.walking


@njit
def mixed(quality, force, p):
    """Return the manner of a round of which this share enforces, and the rest is on foot."""
    return Manner(quality, force, force * p.seeking + (1.0 - force) * p.walking)


@njit
def manner_of(professional, patch, lever, p):
    """Return how a professional makes a round in a patch."""
    quality = professional.quality
    if professional.kind == PERMANENT:
        if professional.domain != SAFETY:
            return mixed(quality, 0.0, p)
        return mixed(quality, p.base_force + (1.0 - p.base_force) * p.firefighting * patch.attention, p)
    if professional.kind == CONTACT:
        contact = min(quality * p.programme_quality, 1.0)
        spoken = speaks_to(share_of(lever.driven_hours, lever), share_of(lever.seeking_hours, lever), p)
        return Manner(contact, p.programme_force, spoken)
    return mixed(quality, 1.0 - p.programme_force, p)


@njit
def patch_of(world, levers, professional, dice, visit):
    """Return the patch of a round: any; of a programme one where it runs, for contact mostly the beat of that worker."""
    if professional.kind == PERMANENT:
        return somewhere(world.patches, choose(QUARTERS_OF_A_TILE, dice, professional.id, EACH * visit + WHERE))
    beat = world.places[professional.base].quarter
    keeps = professional.kind == CONTACT and hours_asked(world.patches[beat], levers[beat], CONTACT) > 0.0
    away = share_of(levers[beat].rotating_hours, levers[beat])
    if keeps and uniform(dice, professional.id, EACH * visit + AWAY) >= away:
        return beat
    asked = all_asked(world.patches, levers, professional.kind)
    return where_asked(world.patches, levers, professional.kind, asked * uniform(dice, professional.id, EACH * visit + ELSEWHERE))


@njit
def presence(world, p, levers, seed, week):
    """Every professional makes rounds; attention brings overtime."""
    dice = key(seed, Draw.VISIT, week)
    candidates = key(seed, Draw.VISIT_CANDIDATE, week)
    done = facilities(world.patches, levers)
    world.tile_index[0].visits = 0
    for i in range(world.professionals.size):
        professional = world.professionals[i]
        if professional.present == 1:
            divide(professional, done.staffing, p)
            professional.quality = quality_of(professional, done.backing, p)
            walk(world, i, p, levers, dice, candidates)
    for j in range(world.patches.size):
        patch = world.patches[j]
        if patch.public > 0 and patch.attention > 0.0:
            overtime(world, p, levers[patch.quarter], j, dice, candidates)
    for cell in world.used:
        settle_presence(world.places[cell], world.cell_week[cell], p)


@njit
def divide(professional, staffing, p):
    """Divide the week of a professional over street and cases; who works for a programme is on the street."""
    if professional.kind != PERMANENT:
        professional.street_hours = professional.hours
        professional.case_hours = 0.0
        return
    rest = 1.0 / (1.0 + max(professional.workload - 1.0, 0.0))
    share = p.street_share * rest if walks(professional) else 0.0
    professional.street_hours = professional.hours * share * effort(professional, p) * staffing
    professional.case_hours = professional.hours * max(p.client_share - share, 0.0) * effort(professional, p) * staffing


@njit
def walk(world, i, p, levers, dice, candidates):
    """Make the rounds of a professional, whose place of the week is where they spent most hours."""
    professional, most = world.professionals[i], 0.0
    professional.place = professional.base
    looks = int(p.looks if professional.kind <= CONTACT else p.hotspot_looks)
    for visit in range(rounds_of(professional.street_hours, p.visit_hours, dice, professional.id, 0)):
        j = patch_of(world, levers, professional, dice, visit)
        sought = share_of(levers[j].seeking_hours, levers[j])
        if professional.kind == CONTACT and happens(sought, dice, professional.id, EACH * visit + SEEKS):
            cell = place_of_round(world, j, PEOPLE, int(p.hotspot_looks), candidates, professional.id, visit)
        else:
            cell = place_of_round(world, j, TROUBLE, looks, candidates, professional.id, visit)
        spent = make_round(world, cell, i, p.visit_hours, manner_of(professional, world.patches[j], levers[j], p))
        if spent > most:
            most = spent
            professional.place = cell


@njit
def settle_presence(place, here, p):
    """Turn the rounds of this week into the layers of a place."""
    place.presence = unfixed(here.hours)
    more = place.presence - place.expected_presence
    place.expected_presence += (LEARNING if more > 0.0 else p.unlearning) * more
    if here.hours > 0:
        place.contact_quality = here.quality / here.hours
        place.enforcement = here.force / here.hours


@njit
def street_worker(professionals, dice, who, occasion):
    """Return the row of the professional who makes a round of overtime, or NOBODY: the largest draw decides among those who walk."""
    best, largest = NOBODY, -1.0
    for i in range(professionals.size):
        if professionals[i].present == 1 and professionals[i].street_hours > 0.0 and walks(professionals[i]):
            draw = uniform(dice, who * MOST_ROUNDS + occasion, professionals[i].id)
            if draw > largest:
                best, largest = i, draw
    return best


@njit
def overtime(world, p, lever, j, dice, candidates):
    """Make the extra rounds that attention brings to one patch, on foot, by street workers whom the lot falls on."""
    who = PATCHES + world.tile_index[0].tile * world.patches.size + j
    hours = p.budget * world.patches[j].attention * world.patches[j].residents / 1000.0
    for visit in range(rounds_of(hours, p.visit_hours, dice, who, 1)):
        worker = street_worker(world.professionals, dice, who, visit + BY_WHOM)
        if worker == NOBODY:
            return
        quality = min(quality_of(world.professionals[worker], lever.backing, p) * p.programme_quality, 1.0)
        cell = place_of_round(world, j, TROUBLE, int(p.looks), candidates, who, visit)
        make_round(world, cell, worker, p.visit_hours, mixed(quality, p.programme_force, p))
