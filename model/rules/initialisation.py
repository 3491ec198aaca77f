"""Initialisation: the levels with which a world begins.

What the figures of an area do not hold (trust, norms, crews, staff) is set here from three indices of the area, in standard
deviations from what is usual in Dutch neighbourhoods: disadvantage, instability and urbanity.  What a person or household
has of its own (poverty, debts, tenure, age, education, work) acts through them.  Crime has a hold around the turf of each crew,
and most on places that hide it; people who live there fear more and trust less.  In closed families crime is part of the
family: far more of their adults are involved.  This rule acts once, in week 0.

    odds(level) = odds(usual level) * exp(by disadvantage * disadvantage + ...)

Disadvantage lowers trust in institutions and legal chances, and raises norms against the state and crime's hold; disadvantage,
instability and urbanity lower trust in neighbours (Sampson and Groves 1989; Sampson, Raudenbush and Earls 1997), as directions.

Sources: p01, p07, p08, p16, p19, p20, p51; Safety Monitor 2023; the field reports (M28, M33, M34, M89-M92).
"""

from typing import Annotated, NamedTuple

from ..arithmetic import exp
from ..compiled import njit
from ..draws import Draw, choose, happens, identity, key, uniform
from ..quantity import Quantity
from ..shared.areas import at
from ..shared.newcomers import around, leaning, settle
from ..shared.persons import CHILD_UNTIL, TEEN_FROM, YOUTH_UNTIL, age_of, is_involved, list_actors
from ..state.codes import (
    DOMAIN_OF,
    ENFORCEMENT,
    EXPOSED,
    FAVOURS,
    HOUSING,
    MUNICIPALITY,
    NEVER,
    NOBODY,
    POLICE,
    RUNNER,
    SAFETY,
    TIED_IN,
    WELFARE,
    YOUTH_WORK,
)
from ..state.fields import clip
from .presence import somewhere


class Parameters(NamedTuple):
    """Numbers of the start."""

    # fmt: off
    trust: Annotated[float, Quantity(0.57, 0.48, 0.66, "level", "Safety Monitor 2021: police 6.3; 44 % satisfied with the municipality", "trust in institutions in a usual Dutch neighbourhood")]
    trust_disadvantage: Annotated[float, Quantity(-0.38, -0.6, -0.2, "log odds/sd", "p19; Heerlen as lowest city; assumed size", "trust in institutions by disadvantage")]
    frontline: Annotated[float, Quantity(0.88, 0.6, 1.1, "ratio", "p20: 35 against 40", "trust in the frontline against trust in institutions")]
    cohesion: Annotated[float, Quantity(0.66, 0.6, 0.7, "level", "Safety Monitor 2023: NL 6.4 of 10, very urban 5.8", "trust in neighbours in a usual Dutch neighbourhood")]
    cohesion_disadvantage: Annotated[float, Quantity(-0.12, -0.25, 0.0, "log odds/sd", "V22: focus 4.8-5.8; Sampson and Groves 1989 as direction; assumed size", "trust in neighbours by disadvantage")]
    cohesion_instability: Annotated[float, Quantity(-0.16, -0.25, 0.0, "log odds/sd", "Sampson 1988, Sampson and Groves 1989 as direction; assumed size", "trust in neighbours by instability")]
    cohesion_urbanity: Annotated[float, Quantity(-0.08, -0.25, 0.0, "log odds/sd", "Safety Monitor 2023: 5.8 where very urban, 7.1 where not at all", "trust in neighbours by urbanity")]
    usefulness: Annotated[float, Quantity(0.5, 0.35, 0.65, "level", "42 % of non-reporters: nothing is done; assumed", "expected usefulness in a usual Dutch neighbourhood")]
    usefulness_disadvantage: Annotated[float, Quantity(-0.35, -0.6, 0.0, "log odds/sd", "assumed", "expected usefulness by disadvantage")]
    norm: Annotated[float, Quantity(0.25, 0.1, 0.4, "level", "M28; assumed", "friend-enemy norm in a usual Dutch neighbourhood")]
    norm_disadvantage: Annotated[float, Quantity(1.1, 0.5, 1.5, "log odds/sd", "M28; assumed", "friend-enemy norm by disadvantage")]
    hold: Annotated[float, Quantity(0.14, 0.04, 0.4, "level", "assumed (M1)", "crime's hold at the turf of a crew in a usual Dutch neighbourhood")]
    hold_disadvantage: Annotated[float, Quantity(1.1, 0.5, 1.5, "log odds/sd", "assumed (M1)", "crime's hold by disadvantage")]
    legal_gap: Annotated[float, Quantity(0.04, 0.01, 0.07, "level/sd", "M20, M21; assumed size", "legal opportunity lost to disadvantage")]
    hold_reach: Annotated[float, Quantity(16.0, 8.0, 24.0, "cell", "assumed", "distance from the turf over which the hold falls to 1/e")]
    closed: Annotated[float, Quantity(0.006, 0.001, 0.012, "share", "p16", "closed family networks among households in a usual Dutch neighbourhood")]
    closed_disadvantage: Annotated[float, Quantity(0.5, 0.2, 0.8, "log odds/sd", "p16", "closed family networks by disadvantage")]
    adults: Annotated[float, Quantity(0.0115, 0.005, 0.02, "share", "p08; Tilburg 1.1-1.2 % city-wide", "adults of 18-60 in the local illegal economy in a usual Dutch neighbourhood")]
    adults_disadvantage: Annotated[float, Quantity(0.48, 0.2, 0.8, "log odds/sd", "p08: focus 2.5 %", "adults in the local illegal economy by disadvantage")]
    adults_closed: Annotated[float, Quantity(0.3, 0.1, 0.6, "share", "M33, loop R9; seven Brabant families: nearly all members have a record (evidence 2.5); assumed size", "adults of 24-60 in closed families in the local illegal economy; others the fewer, so that all together are as many as above")]
    core: Annotated[float, Quantity(0.08, 0.04, 0.2, "share", "p07: 15 (10-40) core members per 10,000", "tied in, of the adults in the local illegal economy")]
    youths: Annotated[float, Quantity(0.049, 0.02, 0.08, "share", "p01", "youths of 10-23 at stage 1 or higher in a usual Dutch neighbourhood")]
    youths_disadvantage: Annotated[float, Quantity(0.32, 0.1, 0.6, "log odds/sd", "p01, V5: focus 7-14 %, contrast 2-5 %", "youths at stage 1 or higher by disadvantage")]
    fte_police: Annotated[float, Quantity(0.25, 0.125, 0.4, "fte per 1,000", "p51: 1 per 5,000, and others in the area", "police")]
    fte_enforcement: Annotated[float, Quantity(0.25, 0.1, 0.5, "fte per 1,000", "assumed", "municipal enforcement (BOA)")]
    fte_youth: Annotated[float, Quantity(0.4, 0.2, 0.8, "fte per 1,000", "assumed", "youth work")]
    fte_welfare: Annotated[float, Quantity(0.8, 0.4, 1.5, "fte per 1,000", "assumed", "neighbourhood (care) team")]
    fte_other: Annotated[float, Quantity(0.3, 0.1, 0.6, "fte per 1,000", "assumed", "each of school care, housing, care and municipality")]
    skill: Annotated[float, Quantity(0.45, 0.3, 0.6, "level", "M47: lack of good training; assumed", "street skill")]
    courage: Annotated[float, Quantity(0.5, 0.3, 0.7, "level", "M39; assumed", "courage to make contact")]
    backing: Annotated[float, Quantity(0.5, 0.3, 0.7, "level", "M86; assumed", "backing by managers")]
    situational_safety: Annotated[float, Quantity(0.35, 0.2, 0.7, "level", "assumed (M75-M78)", "situational against institutional logic in the safety domain")]
    situational_social: Annotated[float, Quantity(0.5, 0.3, 0.8, "level", "assumed (M75-M78)", "the same in the social domain")]
    cultural_safety: Annotated[float, Quantity(0.35, 0.2, 0.7, "level", "assumed (M75, M79, M80)", "cultural against instrumental logic in the safety domain")]
    cultural_social: Annotated[float, Quantity(0.5, 0.3, 0.8, "level", "assumed (M75, M79, M80)", "the same in the social domain")]
    mandate: Annotated[float, Quantity(0.3, 0.1, 0.5, "level", "M63; assumed", "mandate")]
    awareness: Annotated[float, Quantity(0.35, 0.15, 0.6, "level", "half of 1,637 professionals saw some exploitation (CKM 2022)", "awareness of undermining")]
    maturity: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "M89-M92: start of a team; assumed", "how well professionals work as one team")]
    ties: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "M52, M58; assumed", "ties between professionals")]
    alike: Annotated[float, Quantity(0.25, 0.0, 0.75, "share", "assumed: most come from elsewhere in the city", "of the disadvantage of an area, what those have who move in")]
    fear_elsewhere: Annotated[float, Quantity(0.15, 0.1, 0.3, "level", "assumed: as in a contrast area", "fear of reprisal that newcomers bring along")]
    prospects: Annotated[float, Quantity(0.5, 0.4, 0.6, "level", "assumed: near where they come to rest", "legal prospects in a usual Dutch neighbourhood")]
    prospects_disadvantage: Annotated[float, Quantity(-0.31, -0.5, -0.1, "log odds/sd", "assumed: near where they come to rest", "legal prospects by disadvantage")]
    debts_elsewhere: Annotated[float, Quantity(0.35, 0.2, 0.5, "ratio", "assumed: as those who live here", "debts by poverty at home that newcomers, and all at the start, have")]
    # fmt: on


READS = ("person.*", "household.*", "place.*", "patch.public", "professional.*", "tile_index.*", "newcomer_levels.*")
WRITES = (
    "person.*", "household.closed", "household.involved", "place.*", "crew.*", "professional.*", "tie", "newcomer_levels.*", "friend.*", "actors", "tile_index.actors",
    "tile_index.youths", "tile_index.young", "tile_index.maturity",
)  # fmt: skip
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M1", "M33", "M34", "M89", "M90", "M91", "M92")

CREWS_A_TILE = 3  # rows for crews; two are active in a focus area, now and then a third, one or none in a contrast area


@njit
def cohesion(own, p):
    """Return the trust in neighbours of an area with these indices."""
    shift = p.cohesion_disadvantage * own.disadvantage + p.cohesion_instability * own.instability
    return at(p.cohesion, 1.0, shift + p.cohesion_urbanity * own.urbanity)


@njit
def initialisation(world, p, levers, seed, week):
    """Set all starting levels."""
    d = world.tile_index[0].disadvantage
    bring(world.newcomer_levels[0], p, d)
    found_crews(world, p, d, seed)
    families = key(seed, Draw.FAMILY, 0)
    for h in range(world.households.size):
        household = world.households[h]
        household.closed = 0.0
        if happens(at(p.closed, p.closed_disadvantage, d), families, household.id):
            household.closed = 0.6 + 0.4 * uniform(families, household.id, 1)
    for i in range(world.people.size):
        person = world.people[i]
        if person.present == 1:
            work, health = person.work_bond, person.health  # as the figures of the area say
            settle(world, i, seed, week)
            person.work_bond = work
            person.health = min(person.health, health)
            home = world.places[person.home]
            settle_in(person, home, p, d, seed)
            household = world.households[person.household]
            adults = adults_involved(household.closed > 0.0, p, d)
            involve(person, world.crews, adults, p, d, key(seed, Draw.LEVELS, 1), week)
            household.involved += 1 if is_involved(person) else 0
    list_actors(world, week)
    hire(world, p, seed, week)


@njit
def bring(outside, p, d):
    """What newcomers bring along: they come from areas that are less different from others than this one."""
    outside.trust_institutions = at(p.trust, p.trust_disadvantage, p.alike * d)
    outside.usefulness = at(p.usefulness, p.usefulness_disadvantage, p.alike * d)
    outside.norm_enemy = at(p.norm, p.norm_disadvantage, p.alike * d)
    outside.fear = p.fear_elsewhere
    outside.prospects = at(p.prospects, p.prospects_disadvantage, p.alike * d)
    outside.debts = p.debts_elsewhere


@njit
def found_crews(world, p, d, seed):
    """Give crews their turf at a hidden spot; crime's hold falls off with distance."""
    dice = key(seed, Draw.CREW, 0)
    width, tile = world.tile_index[0].width, world.tile_index[0].tile
    grip = at(p.hold, p.hold_disadvantage, d)
    for j in range(world.crews.size):
        crew = world.crews[j]
        who = tile * CREWS_A_TILE + j
        crew.id = identity(dice, who)
        patch = somewhere(world.patches, choose(4, dice, who, 1))
        crew.turf = world.places[world.public[patch, choose(world.patches[patch].public, dice, who, 2)]].near_hidden
        crew.present = 1 if uniform(dice, tile, 3) + grip * 1.2 > j + 0.4 * (1.0 - grip) else 0
        crew.since = NEVER
        crew.strength = 0.6 * grip + 0.1 if crew.present == 1 else 0.0
        crew.load = 1.0
    neighbourly = cohesion(world.tile_index[0], p)
    for cell in world.used:
        place = world.places[cell]
        reach = 0.0
        for k in range(world.crews.size):
            crew = world.crews[k]
            if crew.present == 1:
                far = max(abs(crew.turf // width - cell // width), abs(crew.turf % width - cell % width))
                reach = max(reach, exp(-far / p.hold_reach))
        place.crime_hold = at(p.hold, p.hold_disadvantage, d) * (0.4 + 0.6 * reach)
        place.disorder = 0.3 * place.crime_hold
        place.welfare = -p.legal_gap * d
        place.trust = at(p.trust, p.trust_disadvantage, d)
        place.cohesion = neighbourly
        place.norm = at(p.norm, p.norm_disadvantage, d)
        place.fear = 0.19 + 0.27 * place.crime_hold


@njit
def settle_in(person, home, p, d, seed):
    """Set what a person has who has lived here for long: local levels."""
    dice = key(seed, Draw.LEVELS, 1)
    who = person.id
    person.trust_institutions = clip(home.trust + leaning(seed, who))
    person.trust_frontline = clip(p.frontline * person.trust_institutions)
    person.trust_neighbours = around(home.cohesion, dice, who, 3)
    person.usefulness = around(at(p.usefulness, p.usefulness_disadvantage, d), dice, who, 5)
    person.norm_enemy = around(home.norm, dice, who, 7)
    person.fear = around(home.fear, dice, who, 9)
    person.prospects = around(at(p.prospects, p.prospects_disadvantage, d), dice, who, 11)
    person.pull = clip(0.5 * home.crime_hold)
    person.norm_street = clip(0.1 + 0.4 * home.crime_hold)
    person.familiarity = 0.15 * uniform(dice, who, 13)


@njit
def adults_involved(closed, p, d):
    """Return the share of adults in the local illegal economy, of closed families or of all others; together it is that of the area."""
    if closed:
        return p.adults_closed
    families = at(p.closed, p.closed_disadvantage, d)
    return max(at(p.adults, p.adults_disadvantage, d) - families * p.adults_closed, 0.0) / (1.0 - families)


@njit
def involve(person, crews, adults, p, d, dice, week):
    """Decide who is involved at the start: more so the men, those who are susceptible and the adults of closed families."""
    age = age_of(person, week)
    weight = person.propensity * (1.6 if person.male == 1 else 0.4)
    u = uniform(dice, person.id, 30)
    if 10.0 <= age < YOUTH_UNTIL:
        if u < at(p.youths, p.youths_disadvantage, d) * weight:
            deep = uniform(dice, person.id, 31)
            person.stage = EXPOSED if deep < 0.7 or age < TEEN_FROM else (FAVOURS if deep < 0.9 or age < CHILD_UNTIL else RUNNER)
    elif YOUTH_UNTIL <= age < 60.0 and u < adults * weight:
        deep = uniform(dice, person.id, 31)
        person.stage = TIED_IN if deep < p.core else (RUNNER if deep < 0.5 else FAVOURS)
    person.next_stage = person.stage
    if person.stage >= FAVOURS:
        crew = int(uniform(dice, person.id, 32) * 2.0)
        crew = crew if crews[crew].present == 1 else 0
        person.crew = crew if crews[crew].present == 1 else NOBODY
        if person.stage >= RUNNER:
            person.convictions = 1 if uniform(dice, person.id, 33) < 0.4 else 0


@njit
def fte_of(organisation, p):
    """Return the staff of one organisation, fte per 1,000 residents."""
    if organisation == POLICE:
        return p.fte_police
    if organisation == ENFORCEMENT:
        return p.fte_enforcement
    if organisation == YOUTH_WORK:
        return p.fte_youth
    if organisation == WELFARE:
        return p.fte_welfare
    return p.fte_other


@njit
def hire(world, p, seed, week):
    """Staff the neighbourhood: two people an organisation (one for housing and municipality), who share its hours."""
    dice = key(seed, Draw.STAFF, 0)
    ties = key(seed, Draw.TIE, 0)
    staff = world.professionals.size
    first = world.tile_index[0].tile * staff
    thousands = world.tile_index[0].people / 1000.0
    world.tile_index[0].maturity = p.maturity
    for i in range(staff):
        professional = world.professionals[i]
        professional.id = identity(dice, first + i)
        professional.domain = DOMAIN_OF[professional.organisation]
        shared_by = 1.0 if professional.organisation == HOUSING or professional.organisation == MUNICIPALITY else 2.0
        professional.hours = 36.0 * fte_of(professional.organisation, p) * thousands / shared_by
        patch = somewhere(world.patches, choose(4, dice, professional.id, 9))
        professional.base = world.public[patch, 0]
        professional.since = -int(104.0 * uniform(dice, professional.id, 10))
        professional.skill = around(p.skill, dice, professional.id, 1)
        professional.courage = around(p.courage, dice, professional.id, 3)
        safety = professional.domain == SAFETY
        situational, cultural = (p.situational_safety, p.cultural_safety) if safety else (p.situational_social, p.cultural_social)
        professional.situational = around(situational, dice, professional.id, 5)
        professional.cultural = around(cultural, dice, professional.id, 7)
        professional.mandate = p.mandate
        professional.backing = p.backing
        professional.awareness = around(p.awareness, dice, professional.id, 11)
        professional.workload = 1.0
        professional.energy = 0.85
        for j in range(staff):
            if j != i:
                same = 1.5 if world.professionals[j].organisation == professional.organisation else 0.7
                world.ties[i, j] = clip(p.ties * same * (0.5 + uniform(ties, first + min(i, j), first + max(i, j))))
