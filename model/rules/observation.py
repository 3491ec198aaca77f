"""Observation: the outcomes of the week.

A tile adds up its outcomes; when every tile has finished the week, `close` makes a row of the history out of their
sums.

Counts of rules go into the history as they are; levels are means over residents of eighteen and over, over youths, or
over places where people live (`levels.py` has the list).  The Safety Monitor asks a sample once a year, whose answers
err; the true values stand beside it.  The number of youths at risk that professionals know stands beside the true
number. `indices.py` works out what follows from the levels: spread, rates a year, the breeding ground.

    level = times * total / total;   survey = mean over a sample of (true level + error, within the scale)
    breeding ground = 100 * mean of (debt, 1 - prospects, 1 - trust in institutions, discord of norms)

Sources: Safety Monitor 2023 (scales), V22, V23, V1; evidence 4.1 (registered beside true, yearly survey);
M3 (breeding ground), M16, M23, M38, M41, M57, M76, M82.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, key, uniform
from ..quantity import Outcome, Quantity
from ..shared.indices import compare, derive
from ..shared.kin import has_kin
from ..shared.levels import ADULTS_OF, TRUST_OF, measure
from ..shared.persons import ADULT_FROM, is_under
from ..state.codes import EXPOSED, FAVOURS, NOBODY, RUNNER, SQUARE, TIED_IN
from ..state.fields import clip, fixed
from ..state.world import BLOCK, share
from .aftermath import LEAST
from .climate import EVERY

OF_TRUST, OF_COHESION = 1, 2  # marks that are asked for


class Parameters(NamedTuple):
    """Numbers of the observation."""

    # fmt: off
    unsafe: Annotated[float, Quantity(0.4, 0.3, 0.5, "level", "assumed; calibrated on the NL average of 15 %", "fear from which somebody says to feel unsafe")]
    unsafe_spread: Annotated[float, Quantity(0.3, 0.2, 0.4, "level", "assumed; calibrated on NL (15 %) and focus areas (30-45 %)", "personal differences in what counts as unsafe, to each side")]
    sample: Annotated[float, Quantity(0.15, 0.05, 0.5, "share", "assumed", "share of adults in the yearly survey", "fixed")]
    error: Annotated[float, Quantity(0.15, 0.0, 0.3, "level", "assumed: one or two marks out of ten", "how far an answer on a scale lies from what somebody thinks, at most, to each side", "fixed")]
    # fmt: on


READS = (
    "actors", "tile_index.actors", "tile_index.youths", "person.born", "person.id", "person.stage", "person.trust_institutions", "person.trust_frontline",
    "person.trust_neighbours", "person.usefulness", "person.norm_enemy", "person.fear", "person.prospects", "person.pull",
    "person.norm_home", "person.norm_school", "person.norm_street", "person.debt", "person.convictions", "person.mentored",
    "person.plan_domains", "person.case", "case.about", "person.household", "household.involved", "household.closed", "household.size", "household.id", "relative.*",
    "place.dwellings", "place.crime_hold", "place.disorder", "place.criminal_opportunity", "place.kind", "place.efficacy_gap",
    "place.legal_opportunity", "place.informal_control", "place.presence", "professional.present", "professional.skill", "professional.energy",
    "professional.workload", "professional.situational", "professional.cultural", "desk.tie", "tile_index.people", "tile_index.tile",
    "tile_index.maturity", "patch.quarter", "patch.adults", "patch.trust", "patch.public", "patch.attention", "total.*",
)  # fmt: skip
WRITES: tuple[str, ...] = ()
LEVERS: dict = {}
COUNTS = {
    "registered": Outcome(
        "incidents/week",
        "neither",
        "Incidents here in the books of the police: reported, or found by an arrest; one entry for each",
    ),
    "registered_crimes": Outcome("incidents/week", "neither", "Of these, crime"),
    "registered_violence_vandalism": Outcome("incidents/week", "neither", "Of these, violence, threat and vandalism"),
}
MECHANISMS = ("M3", "M16", "M23", "M38", "M41", "M57", "M76", "M82")


@njit
def feels_unsafe(person, p, dice):
    """Return whether an adult says to feel unsafe; what counts as unsafe differs from person to person."""
    own = p.unsafe + p.unsafe_spread * 2.0 * (uniform(dice, person.id) - 0.5)
    return person.fear > own


@njit
def answer(level, u, p):
    """Return what somebody says on a scale, given what they think and a number from 0 to 1."""
    return clip(level + p.error * 2.0 * (u - 0.5))


@njit
def is_known(person, row, cases):
    """Return whether professionals know somebody at risk: by help, by an arrest, or by an open case about them."""
    if person.mentored + person.plan_domains + person.convictions > 0:
        return True
    return person.case != NOBODY and cases[person.case].about == row


@njit
def observation(world, p, levers, seed, week):
    """Add this tile to the totals of the week."""
    tile_index, total = world.tile_index[0], world.totals[0]
    total.people += tile_index.people
    total.tiles += 1
    total.maturity += fixed(tile_index.maturity)
    youths, others = world.actors[: tile_index.youths], world.actors[tile_index.youths : tile_index.actors]
    of_people(world.people, youths, others, world.cases, total, p, seed, week)
    of_patches(world.patches, total, world.flat_totals)
    of_places(world.places, world.used, total)
    of_staff(world.professionals, world.desks, total)
    if week % EVERY == 0:
        total.looks += 1 if tile_index.tile == 0 else 0  # one look, however many tiles
        of_families(world.people, world.households, world.relatives, youths, total)


@njit
def close(whole, first, last):
    """Close the weeks first .. last, which every tile has lived: write rows of the history, and begin to count anew.

    Sums and counts are whole numbers, so it does not matter which tile comes first.
    """
    rows = whole.totals.size  # tile by tile, a row for each week of a block
    all_sums, all_counts = whole.flat_totals, whole.flat_tally
    for week in range(first, last + 1):
        nth = week - first
        sums, counts = all_sums[share(all_sums, nth, rows)], all_counts[share(all_counts, nth, rows)]
        for row in range(nth + BLOCK, rows, BLOCK):
            add(sums, all_sums[share(all_sums, row, rows)])
            add(counts, all_counts[share(all_counts, row, rows)])
        measure(sums, whole.flat_levels)
        derive(whole.levels[0], whole.totals[nth], whole.tally[nth])
        compare(whole.levels[0], sums, whole.flat_levels)
        write(whole.history[week], counts, whole.flat_levels)
    empty(all_counts)
    empty(all_sums)


@njit
def add(into, other):
    """Add numbers to others."""
    for j in range(into.size):
        into[j] += other[j]


@njit
def of_people(people, youths, others, cases, total, p, seed, week):
    """Add people of eight and over; sums are kept as whole numbers, so that their order cannot matter."""
    limits = key(seed, Draw.SURVEY, 0)
    total.youths += youths.size
    for row in youths:
        person = people[row]
        add_youth(person, total)
        if person.stage >= EXPOSED:
            add_at_risk(person, row, cases, total)
        if not is_under(person, ADULT_FROM, week):
            add_adult(person, total, p, limits)
    for row in others:
        person = people[row]
        add_adult(person, total, p, limits)
        if person.stage >= FAVOURS:
            total.involved_adults += 1
            total.known_involved += 1 if person.convictions > 0 else 0
    if week % WEEKS_A_YEAR == 0:
        ask(people, youths, total, p, limits, seed, week)
        ask(people, others, total, p, limits, seed, week)


@njit
def add_youth(person, total):
    """Add somebody of 8-23."""
    total.prospects += fixed(person.prospects)
    total.pull += fixed(person.pull)
    total.norm_street += fixed(person.norm_street)
    most = max(person.norm_home, person.norm_school, person.norm_street)
    total.norm_discord += fixed(most - min(person.norm_home, person.norm_school, person.norm_street))


@njit
def add_at_risk(person, row, cases, total):
    """Add somebody of 8-23 who is at stage 1 or higher: true, and as professionals know it."""
    total.stage_1 += 1 if person.stage == EXPOSED else 0
    total.stage_2 += 1 if person.stage == FAVOURS else 0
    total.stage_3 += 1 if person.stage == RUNNER else 0
    total.stage_4 += 1 if person.stage == TIED_IN else 0
    total.at_risk += 1
    total.known_at_risk += 1 if is_known(person, row, cases) else 0
    if person.stage >= FAVOURS:
        total.involved_youths += 1
        total.known_involved += 1 if person.convictions > 0 else 0


@njit
def add_adult(person, total, p, limits):
    """Add somebody of 18 and over."""
    total.adults += 1
    total.trust_institutions += fixed(person.trust_institutions)
    total.trust_squared += fixed(person.trust_institutions * person.trust_institutions)
    total.trust_frontline += fixed(person.trust_frontline)
    total.trust_neighbours += fixed(person.trust_neighbours)
    total.usefulness += fixed(person.usefulness)
    total.fear += fixed(person.fear)
    total.debt += fixed(person.debt)
    total.norm_enemy += 1 if person.norm_enemy > 0.5 else 0
    total.unsafe += 1 if feels_unsafe(person, p, limits) else 0


@njit
def ask(people, rows, total, p, limits, seed, week):
    """Ask a sample of adults, once a year: whether they feel unsafe, and two marks."""
    sample = key(seed, Draw.SURVEY, week // WEEKS_A_YEAR + 1)
    for row in rows:
        person = people[row]
        if not is_under(person, ADULT_FROM, week) and uniform(sample, person.id) < p.sample:
            total.asked += 1
            total.asked_unsafe += 1 if feels_unsafe(person, p, limits) else 0
            total.asked_trust += fixed(answer(person.trust_institutions, uniform(sample, person.id, OF_TRUST), p))
            total.asked_cohesion += fixed(answer(person.trust_neighbours, uniform(sample, person.id, OF_COHESION), p))


@njit
def of_families(people, households, relatives, youths, total):
    """Add who lives with somebody involved, the closed families, and who has kin in another household."""
    for row in youths:
        person = people[row]
        involved = households[person.household].involved
        if person.stage >= FAVOURS:
            total.involved_kin += 1 if involved > 1 else 0
        else:
            total.youths_family += 1 if involved > 0 else 0
    for h in range(households.size):
        household = households[h]
        if household.size > 0:
            total.lived_in += 1
            total.related += 1 if has_kin(households, relatives[h]) else 0
        if household.closed > LEAST and household.size > 0:
            total.closed_families += 1
            total.closedness += fixed(household.closed)


@njit
def of_patches(patches, total, sums):
    """Add the attention that each part of a quarter gets, its adults and their trust, as the climate counted them."""
    for j in range(patches.size):
        patch = patches[j]
        if patch.public > 0:
            total.patches += 1
            total.attention += fixed(patch.attention)
        sums[ADULTS_OF + patch.quarter] += patch.adults
        sums[TRUST_OF + patch.quarter] += patch.trust


@njit
def of_places(places, used, total):
    """Add places: where people live, and where they meet."""
    for cell in used:
        place = places[cell]
        total.presence += fixed(place.presence)
        if place.dwellings > 0:
            total.homes += 1
            total.crime_hold += fixed(place.crime_hold)
            total.legal_opportunity += fixed(place.legal_opportunity)
        else:
            total.others += 1
            total.disorder += fixed(place.disorder)
            total.criminal_opportunity += fixed(place.criminal_opportunity)
            total.informal_control += fixed(place.informal_control)
            if place.kind == SQUARE:
                total.squares += 1
                total.guarded += 1 if place.efficacy_gap < 0.5 else 0


@njit
def of_staff(professionals, desks, total):
    """Add professionals and desks."""
    for i in range(professionals.size):
        professional = professionals[i]
        if professional.present == 0:
            continue
        total.staff += 1
        total.skill += fixed(professional.skill)
        total.energy += fixed(professional.energy)
        total.workload += fixed(professional.workload)
        total.situational += fixed(professional.situational)
        total.cultural += fixed(professional.cultural)
    total.desks += desks.size
    for d in range(desks.size):
        total.ties += fixed(desks[d].tie)


@njit
def write(row, counts, values):
    """Write one row of the history: what was counted, then the levels."""
    for j in range(counts.size):
        row[j] = counts[j]
    for j in range(values.size):
        row[counts.size + j] = values[j]


@njit
def empty(numbers):
    """Set numbers to nothing."""
    for j in range(numbers.size):
        numbers[j] = 0
