"""Records: the outcomes of the week.

What rules counted goes into the history as it is; levels are means over residents of eighteen and over, over youths,
or over places where people live.  The Safety Monitor asks a sample once a year; the true values stand beside it.

    unsafe = share of adults with fear + disorder part above a threshold;   cohesion = 10 * mean trust in neighbours

Sources: Safety Monitor 2023 (scales), V22, V23, V1; M41, M57.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, key, uniform
from ..persons import age_of
from ..quantity import Quantity
from ..registry import Outcome
from ..state import EXPOSED, FAVOURS, RUNNER, TIED_IN, fixed, unfixed


class Parameters(NamedTuple):
    """Numbers of the records."""

    # fmt: off
    unsafe: Annotated[float, Quantity(0.4, 0.3, 0.5, "level", "assumed, so that the NL average of 15 % fits", "fear from which somebody says to feel unsafe")]
    unsafe_spread: Annotated[float, Quantity(0.3, 0.2, 0.4, "level", "assumed, so that NL (15 %) and focus areas (30-45 %) fit", "personal differences in what counts as unsafe, to each side")]
    sample: Annotated[float, Quantity(0.15, 0.05, 0.5, "share", "assumed", "share of adults in the yearly survey", "fixed")]
    # fmt: on


READS = (
    "actors", "register.actors", "register.youths", "person.born", "person.id", "person.stage", "person.trust_institutions", "person.trust_frontline",
    "person.trust_neighbours", "person.usefulness", "person.norm_enemy", "person.fear", "person.prospects", "person.pull",
    "person.norm_street", "place.dwellings", "place.attachment", "place.disorder", "place.criminal_opportunity",
    "place.legal_opportunity", "place.informal_control", "place.presence", "professional.skill", "professional.energy",
    "professional.workload", "desk.tie", "register.people", "register.tile", "register.tiles", "register.maturity", "patch.public", "patch.attention", "total.*",
)  # fmt: skip
WRITES: tuple[str, ...] = ()
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M16", "M41", "M57")

OUTCOMES = {
    "people": Outcome("persons", "neither", "Inhabitants"),
    "youths": Outcome("persons", "neither", "Inhabitants of 8-23"),
    "stage_1": Outcome("persons", "lower", "Youths of 8-23 at stage 1 (exposed)"),
    "stage_2": Outcome("persons", "lower", "Youths of 8-23 at stage 2 (small favours)"),
    "stage_3": Outcome("persons", "lower", "Youths of 8-23 at stage 3 (runner or dealer)"),
    "stage_4": Outcome("persons", "lower", "Youths of 8-23 at stage 4 (tied in)"),
    "involved_youths": Outcome("persons", "lower", "Youths of 8-23 at stage 2 or higher"),
    "involved_adults": Outcome("persons", "lower", "Adults of 24 and over at stage 2 or higher"),
    "trust_institutions": Outcome("level", "higher", "Mean trust of adults in municipality and police"),
    "trust_frontline": Outcome("level", "higher", "Mean trust of adults in the frontline workers they know"),
    "trust_neighbours": Outcome("level", "higher", "Mean trust of adults in neighbours"),
    "usefulness": Outcome("level", "higher", "Mean expected usefulness of a report among adults"),
    "norm_enemy": Outcome("share", "lower", "Adults who hold the friend-enemy norm (above 0.5)"),
    "fear": Outcome("level", "lower", "Mean fear of reprisal of adults"),
    "unsafe": Outcome("%", "lower", "Adults who feel unsafe in their own neighbourhood, true value"),
    "unsafe_survey": Outcome("%", "lower", "The same in the latest yearly survey of a sample"),
    "cohesion": Outcome("0-10", "higher", "Social cohesion on the scale of the Safety Monitor"),
    "prospects": Outcome("level", "higher", "Mean legal prospects of youths of 8-23"),
    "pull": Outcome("level", "lower", "Mean pull of criminal money on youths of 8-23"),
    "norm_street": Outcome("level", "lower", "Mean street tolerance of crime among youths of 8-23"),
    "attachment": Outcome("level", "lower", "Mean hold of crime on the places where people live"),
    "disorder": Outcome("level", "lower", "Mean disorder over public places"),
    "criminal_opportunity": Outcome("level", "lower", "Mean room for crime over public places"),
    "legal_opportunity": Outcome("level", "higher", "Mean legal opportunity over the places where people live"),
    "informal_control": Outcome("level", "higher", "Mean informal control over public places"),
    "presence": Outcome("hours/week", "neither", "Hours of professionals on the street, all places together"),
    "skill": Outcome("level", "higher", "Mean street skill of professionals"),
    "energy": Outcome("level", "higher", "Mean energy of professionals"),
    "workload": Outcome("ratio", "lower", "Mean work asked over work possible"),
    "ties": Outcome("level", "higher", "Mean tie between professionals of the two domains"),
    "maturity": Outcome("level", "higher", "How well the frontline professionals work as one team"),
    "attention": Outcome("level", "neither", "Attention of press, council and police, mean over the quarters"),
}


@njit
def feels_unsafe(person, p, dice):
    """Return whether an adult says to feel unsafe; what counts as unsafe differs from person to person."""
    own = p.unsafe + p.unsafe_spread * 2.0 * (uniform(dice, person.id) - 0.5)
    return person.fear > own


@njit
def records(world, p, levers, seed, week):
    """Add this tile to the totals; the last one closes the week: a row of the history is written, the counting starts anew."""
    register, total = world.register[0], world.totals[0]
    total.people += register.people
    total.maturity += fixed(register.maturity)
    youths, others = world.actors[: register.youths], world.actors[register.youths : register.actors]
    of_people(world.people, youths, others, total, p, seed, week)
    of_places(world.places, world.used, total)
    of_staff(world.professionals, world.desks, total)
    of_patches(world.patches, total)
    if register.tile + 1 == register.tiles:
        means(total, world.levels[0], register.tiles)
        write(world.history[week], world.counts, world.values)
        empty(world.counts)
        empty(world.sums)


@njit
def of_people(people, youths, others, total, p, seed, week):
    """Add people of eight and over; sums are kept as whole numbers, so that their order cannot matter."""
    limits = key(seed, Draw.SURVEY, 0)
    total.youths += youths.size
    for row in youths:
        person = people[row]
        add_youth(person, total)
        if age_of(person, week) >= 18.0:
            add_adult(person, total, p, limits)
    for row in others:
        person = people[row]
        add_adult(person, total, p, limits)
        total.involved_adults += 1 if person.stage >= FAVOURS else 0
    if week % 52 == 0:
        ask(people, youths, total, p, limits, seed, week)
        ask(people, others, total, p, limits, seed, week)


@njit
def add_youth(person, total):
    """Add somebody of 8-23."""
    total.prospects += fixed(person.prospects)
    total.pull += fixed(person.pull)
    total.norm_street += fixed(person.norm_street)
    total.stage_1 += 1 if person.stage == EXPOSED else 0
    total.stage_2 += 1 if person.stage == FAVOURS else 0
    total.stage_3 += 1 if person.stage == RUNNER else 0
    total.stage_4 += 1 if person.stage == TIED_IN else 0


@njit
def add_adult(person, total, p, limits):
    """Add somebody of 18 and over."""
    total.adults += 1
    total.trust_institutions += fixed(person.trust_institutions)
    total.trust_frontline += fixed(person.trust_frontline)
    total.trust_neighbours += fixed(person.trust_neighbours)
    total.usefulness += fixed(person.usefulness)
    total.fear += fixed(person.fear)
    total.norm_enemy += 1 if person.norm_enemy > 0.5 else 0
    total.unsafe += 1 if feels_unsafe(person, p, limits) else 0


@njit
def ask(people, rows, total, p, limits, seed, week):
    """Ask a sample of adults, once a year, whether they feel unsafe."""
    sample = key(seed, Draw.SURVEY, week // 52 + 1)
    for row in rows:
        person = people[row]
        if age_of(person, week) >= 18.0 and uniform(sample, person.id) < p.sample:
            total.asked += 1
            total.asked_unsafe += 1 if feels_unsafe(person, p, limits) else 0


@njit
def of_places(places, used, total):
    """Add places: where people live, and where they meet."""
    for cell in used:
        place = places[cell]
        total.presence += fixed(place.presence)
        if place.dwellings > 0:
            total.homes += 1
            total.attachment += fixed(place.attachment)
            total.legal_opportunity += fixed(place.legal_opportunity)
        else:
            total.others += 1
            total.disorder += fixed(place.disorder)
            total.criminal_opportunity += fixed(place.criminal_opportunity)
            total.informal_control += fixed(place.informal_control)


@njit
def of_staff(professionals, desks, total):
    """Add professionals and desks."""
    total.staff += professionals.size
    for i in range(professionals.size):
        professional = professionals[i]
        total.skill += fixed(professional.skill)
        total.energy += fixed(professional.energy)
        total.workload += fixed(professional.workload)
    total.desks += desks.size
    for d in range(desks.size):
        total.ties += fixed(desks[d].tie)


@njit
def of_patches(patches, total):
    """Add the attention that each part of a quarter gets."""
    for j in range(patches.size):
        patch = patches[j]
        if patch.public > 0:
            total.patches += 1
            total.attention += fixed(patch.attention)


@njit
def means(total, level, tiles):
    """Turn the totals of the grid into the levels of the week."""
    adults, youths = max(total.adults, 1), max(total.youths, 1)
    homes, others, staff = max(total.homes, 1), max(total.others, 1), max(total.staff, 1)
    level.people = total.people
    level.youths = total.youths
    level.stage_1 = total.stage_1
    level.stage_2 = total.stage_2
    level.stage_3 = total.stage_3
    level.stage_4 = total.stage_4
    level.involved_youths = total.stage_2 + total.stage_3 + total.stage_4
    level.involved_adults = total.involved_adults
    level.trust_institutions = unfixed(total.trust_institutions) / adults
    level.trust_frontline = unfixed(total.trust_frontline) / adults
    level.trust_neighbours = unfixed(total.trust_neighbours) / adults
    level.cohesion = 10.0 * unfixed(total.trust_neighbours) / adults
    level.usefulness = unfixed(total.usefulness) / adults
    level.fear = unfixed(total.fear) / adults
    level.norm_enemy = total.norm_enemy / adults
    level.unsafe = 100.0 * total.unsafe / adults
    if total.asked > 0:
        level.unsafe_survey = 100.0 * total.asked_unsafe / total.asked
    level.prospects = unfixed(total.prospects) / youths
    level.pull = unfixed(total.pull) / youths
    level.norm_street = unfixed(total.norm_street) / youths
    level.attachment = unfixed(total.attachment) / homes
    level.legal_opportunity = unfixed(total.legal_opportunity) / homes
    level.disorder = unfixed(total.disorder) / others
    level.criminal_opportunity = unfixed(total.criminal_opportunity) / others
    level.informal_control = unfixed(total.informal_control) / others
    level.presence = unfixed(total.presence)
    level.skill = unfixed(total.skill) / staff
    level.energy = unfixed(total.energy) / staff
    level.workload = unfixed(total.workload) / staff
    level.ties = unfixed(total.ties) / max(total.desks, 1)
    level.maturity = unfixed(total.maturity) / tiles
    level.attention = unfixed(total.attention) / max(total.patches, 1)


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
