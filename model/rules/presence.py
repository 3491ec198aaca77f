"""Presence: professionals on the street.

A professional divides the week over street and cases; who is tired or swamped walks less.  Every round on the street
looks at a few public places of the patch and goes where most is the matter: one look is a random round, many looks
are a hot-spot patrol.  Programmes buy extra rounds, made by street workers by lot.  Who is backed dares more; cuts take
hours from the street and from cases alike.  Attention after crime or an incident turns rounds into enforcement, and brings hours.

    quality of contact = cube root of (skill * courage * sqrt(situational * cultural)) * (tired + (1 - tired) energy)
    presence(week)     = carry * presence(week - 1) + hours
    expected(week)     = expected + pace * (presence - expected)    what offenders have come to expect: they learn to expect
                                                                    more sooner than to expect less

Sources: Ratcliffe e.a. 2011 (foot patrol), Peyton e.a. 2019 (contact), the Divosa and Movisie reports (M32, M39, M65, M76, M86).
"""

import math
from typing import Annotated, NamedTuple

from ..arithmetic import power
from ..compiled import njit
from ..draws import Draw, choose, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..state.codes import ENFORCEMENT, INTERVENTION, POLICE, SAFETY, YOUTH_WORK
from ..state.fields import fixed, unfixed
from .workforce import facilities

MOST_ROUNDS = 4096  # in one patch and week; no dose reaches so many


class Parameters(NamedTuple):
    """Numbers of presence."""

    # fmt: off
    visit_hours: Annotated[float, Quantity(4.0, 2.0, 6.0, "hour", "assumed", "length of a round on the street", "fixed")]
    street_share: Annotated[float, Quantity(0.3, 0.1, 0.8, "share", "goal 80 % not met, practice lower (crimesite.nl)", "share of contract hours on the street")]
    looks: Annotated[float, Quantity(2.0, 1.0, 4.0, "count", "assumed", "places considered for an ordinary round")]
    hotspot_looks: Annotated[float, Quantity(10.0, 5.0, 20.0, "count", "assumed", "places considered for a hot-spot round", "fixed")]
    client_share: Annotated[float, Quantity(0.7, 0.5, 0.85, "share", "assumed: the rest goes to the institution", "share of contract hours for street and cases together")]
    tired: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "assumed (B10)", "hours and quality of contact that the exhausted still give")]
    base_force: Annotated[float, Quantity(0.6, 0.3, 0.9, "share", "assumed", "share of rounds of police and BOAs that enforce")]
    programme_force: Annotated[float, Quantity(0.1, 0.0, 0.3, "share", "M65: the BOA plays football", "share of programme rounds that enforce")]
    hotspot_force: Annotated[float, Quantity(0.9, 0.6, 1.0, "share", "assumed", "share of hot-spot rounds that enforce")]
    programme_quality: Annotated[float, Quantity(1.25, 1.0, 1.5, "ratio", "assumed; Peyton e.a. 2019 as direction", "how much better contact is on a round that is meant for contact")]
    carry: Annotated[float, Quantity(0.15, 0.05, 0.3, "ratio", "presence decays within days (design); Koper curve", "what is left of presence after a week", "fixed")]
    learning: Annotated[float, Quantity(0.1, 0.04, 0.15, "1/week", "p37: patrol effect fades in 6-22 weeks at constant dose", "how fast offenders learn where and when presence is to be expected")]
    unlearning: Annotated[float, Quantity(0.02, 0.005, 0.05, "1/week", "assumed: half-life eight months", "how fast they learn that less presence is to be expected")]
    firefighting: Annotated[float, Quantity(0.15, 0.0, 0.5, "share", "R11, M50; assumed size; 0 cuts the loop", "rounds of police and BOAs that turn to enforcement at full attention")]
    budget: Annotated[float, Quantity(5.0, 0.0, 20.0, "hour/week per 1,000 residents", "B11, M50; assumed size; 0 cuts the loop", "extra hours on foot that full attention brings")]
    daring: Annotated[float, Quantity(0.4, 0.0, 0.8, "ratio", "assumed (M39, M86)", "lack of courage that full extra backing by managers takes away")]
    # fmt: on


READS = (
    "place.presence", "place.expected_presence", "place.disorder", "place.crime_hold", "patch.public", "patch.residents", "patch.quarter",
    "professional.organisation", "professional.hours", "professional.workload", "professional.energy", "professional.skill",
    "professional.courage", "professional.situational", "professional.cultural", "professional.id", "cell_week.hours",
    "cell_week.quality", "cell_week.force", "professional.domain", "tile_index.tile", "patch.attention",
)  # fmt: skip
WRITES = (
    "cell_week.hours", "cell_week.quality", "cell_week.force", "cell_week.visit", "visit.*", "tile_index.visits", "place.presence",
    "place.expected_presence", "place.contact_quality", "place.enforcement",
    "professional.street_hours", "professional.case_hours",
)  # fmt: skip
LEVERS = {
    "staffing": Lever(1.0, 0.2, 2.0, "ratio", "hours that organisations give to this neighbourhood, against what is usual"),
    "presence_hours": Lever(0.0, 0.0, 400.0, "hour/week per 1,000 residents", "extra hours on foot, meant for contact"),
    "hotspot_hours": Lever(0.0, 0.0, 400.0, "hour/week per 1,000 residents", "extra hours of enforcement at hot spots"),
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
    courage = professional.courage + (1.0 - professional.courage) * p.daring * backing
    balance = math.sqrt(professional.situational * professional.cultural)
    able = power(professional.skill * courage * balance, 1.0 / 3.0)
    return able * effort(professional, p)


@njit
def walks(professional):
    """Return whether this professional makes rounds on the street."""
    return professional.organisation in (POLICE, ENFORCEMENT, YOUTH_WORK, INTERVENTION)


@njit
def most_wanting(places, public, n, looks, dice, who, occasion):
    """Look at a few of the n public places of a patch and return the one where most is the matter."""
    best = -1
    most = -1.0
    for look in range(looks):
        cell = public[choose(n, dice, who, occasion * 64 + look)]
        matter = places[cell].disorder + places[cell].crime_hold
        if matter > most:
            most = matter
            best = cell
    return best


@njit
def somewhere(patches, first):
    """Return the first patch with public places, from one on: a tile of a large grid lies in one or two quarters only."""
    for k in range(patches.size):
        patch = (first + k) % patches.size
        if patches[patch].public > 0:
            return patch
    return first


@njit
def make_round(world, cell, who, hours, quality, force):
    """Let a professional make one round in a place: it leaves traces there, and whoever is there may meet them."""
    here = world.cell_week[cell]
    here.hours += fixed(hours)
    here.quality += fixed(hours * quality)
    here.force += fixed(hours * force)
    visit = visit_of(world, here, who)
    visit.hours += hours
    visit.quality += hours * quality
    visit.force += hours * force


@njit
def visit_of(world, here, who):
    """Return the visit of a professional to a place this week, which begins now if there is none yet."""
    row = here.visit
    while row > 0:
        if world.visits[row - 1].who == who:
            return world.visits[row - 1]
        row = world.visits[row - 1].next
    tile_index = world.tile_index[0]
    visit = world.visits[tile_index.visits]
    tile_index.visits += 1
    visit.who = who
    visit.next = here.visit
    visit.hours = 0.0
    visit.quality = 0.0
    visit.force = 0.0
    here.visit = tile_index.visits
    return visit


@njit
def rounds_of(hours, visit_hours, dice, who, occasion):
    """Return how many rounds these hours allow; the rest of the division is left to chance."""
    return int(hours / visit_hours + uniform(dice, who, occasion))


@njit
def presence(world, p, levers, seed, week):
    """Every professional makes rounds; programmes add more."""
    dice = key(seed, Draw.VISIT, week)
    candidates = key(seed, Draw.VISIT_CANDIDATE, week)
    done = facilities(world.patches, levers)
    world.tile_index[0].visits = 0
    for i in range(world.professionals.size):
        professional = world.professionals[i]
        rest = 1.0 / (1.0 + max(professional.workload - 1.0, 0.0))
        share = p.street_share * rest if walks(professional) else 0.0
        professional.street_hours = professional.hours * share * effort(professional, p) * done.staffing
        professional.case_hours = professional.hours * max(p.client_share - share, 0.0) * effort(professional, p) * done.staffing
        force = p.base_force if professional.domain == SAFETY else 0.0
        quality = quality_of(professional, done.backing, p)
        for visit in range(rounds_of(professional.street_hours, p.visit_hours, dice, professional.id, 0)):
            patch = somewhere(world.patches, choose(4, dice, professional.id, visit + 1))
            public, n = world.public[patch], world.patches[patch].public
            cell = most_wanting(world.places, public, n, int(p.looks), candidates, professional.id, visit)
            drawn_off = p.firefighting * world.patches[patch].attention if professional.domain == SAFETY else 0.0
            make_round(world, cell, i, p.visit_hours, quality, force + (1.0 - force) * drawn_off)
            world.tally[0].presence_rounds += 1
    for j in range(world.patches.size):
        patch = world.patches[j]
        if patch.public > 0:
            programme(world, p, levers[patch.quarter], j, dice, candidates)
    for cell in world.used:
        settle_presence(world.places[cell], world.cell_week[cell], p)


@njit
def settle_presence(place, here, p):
    """Turn the rounds of this week into the layers of a place."""
    hours = unfixed(here.hours)
    place.presence = p.carry * place.presence + hours
    more = place.presence - place.expected_presence
    place.expected_presence += (p.learning if more > 0.0 else p.unlearning) * more
    if here.hours > 0:
        place.contact_quality = here.quality / here.hours
        place.enforcement = here.force / here.hours


@njit
def street_worker(professionals, enforces, dice, who, occasion):
    """Return the row of who makes a round of a programme: the largest draw decides; only police and BOAs enforce."""
    best, largest = 0, -1.0
    for i in range(professionals.size):
        professional = professionals[i]
        if walks(professional) and (professional.domain == SAFETY or not enforces):
            draw = uniform(dice, who * MOST_ROUNDS + occasion, professional.id)
            if draw > largest:
                best, largest = i, draw
    return best


@njit
def programme(world, p, lever, j, dice, candidates):
    """Make the extra rounds that a programme pays for in one patch, by street workers whom the lot falls on."""
    thousands = world.patches[j].residents / 1000.0
    who = 1_000_000 + world.tile_index[0].tile * world.patches.size + j
    hours = lever.presence_hours + p.budget * world.patches[j].attention
    contact_rounds = rounds_of(hours * thousands, p.visit_hours, dice, who, 1)
    hotspot_rounds = rounds_of(lever.hotspot_hours * thousands, p.visit_hours, dice, who, 2)
    public, n = world.public[j], world.patches[j].public
    world.tally[0].presence_rounds += contact_rounds + hotspot_rounds
    for visit in range(contact_rounds + hotspot_rounds):
        worker = street_worker(world.professionals, visit >= contact_rounds, dice, who, visit + 3)
        quality = quality_of(world.professionals[worker], lever.backing, p)
        if visit < contact_rounds:
            cell = most_wanting(world.places, public, n, int(p.looks), candidates, who, visit)
            make_round(world, cell, worker, p.visit_hours, min(quality * p.programme_quality, 1.0), p.programme_force)
        else:
            cell = most_wanting(world.places, public, n, int(p.hotspot_looks), candidates, who, visit)
            make_round(world, cell, worker, p.visit_hours, quality, p.hotspot_force)
