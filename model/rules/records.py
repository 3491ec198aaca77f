"""Records: the outcomes of the week.

What rules counted goes into the history as it is; levels are means over residents of eighteen and over, over youths,
or over places where people live.  The Safety Monitor asks a sample once a year; the true values stand beside it.

    unsafe = share of adults with fear + disorder part above a threshold;   cohesion = 10 * mean trust in neighbours

Sources: Safety Monitor 2023 (scales), V22, V23, V1; M41, M57.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, key, uniform
from ..persons import age_of, is_youth
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
    "actors", "register.actors", "person.born", "person.id", "person.stage", "person.trust_institutions", "person.trust_frontline",
    "person.trust_neighbours", "person.usefulness", "person.norm_enemy", "person.fear", "person.prospects", "person.pull",
    "person.norm_street", "place.dwellings", "place.attachment", "place.disorder", "place.criminal_opportunity",
    "place.legal_opportunity", "place.informal_control", "place.presence", "professional.skill", "professional.energy",
    "professional.workload", "desk.tie", "register.people",
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
}


@njit
def feels_unsafe(person, p, dice):
    """Return whether an adult says to feel unsafe; what counts as unsafe differs from person to person."""
    own = p.unsafe + p.unsafe_spread * 2.0 * (uniform(dice, person.id) - 0.5)
    return person.fear > own


@njit
def records(world, p, levers, seed, week):
    """Write this week's row of the history and empty the tally."""
    world.levels[0].people = world.register[0].people
    of_people(world.people, world.actors[: world.register[0].actors], world.levels[0], p, seed, week)
    of_places(world.places, world.used, world.levels[0])
    of_staff(world.professionals, world.desks, world.levels[0])
    row = world.history[week]
    n_counts = world.counts.size
    for j in range(n_counts):
        row[j] = world.counts[j]
        world.counts[j] = 0
    for j in range(world.values.size):
        row[n_counts + j] = world.values[j]


@njit
def of_people(everybody, actors, level, p, seed, week):
    """Means and numbers over people of eight and over; sums are kept as whole numbers, so that their order cannot matter."""
    young = adults = holders = unsafe = asked = asked_unsafe = involved_adults = 0
    stage_1 = stage_2 = stage_3 = stage_4 = 0
    institutions = frontline = neighbours = usefulness = fear = prospects = pull = street = 0
    limits = key(seed, Draw.SURVEY, 0)
    sample = key(seed, Draw.SURVEY, week // 52 + 1)
    for row in actors:
        person = everybody[row]
        age = age_of(person, week)
        if age >= 18.0:
            adults += 1
            institutions += fixed(person.trust_institutions)
            frontline += fixed(person.trust_frontline)
            neighbours += fixed(person.trust_neighbours)
            usefulness += fixed(person.usefulness)
            fear += fixed(person.fear)
            holders += 1 if person.norm_enemy > 0.5 else 0
            feels = 1 if feels_unsafe(person, p, limits) else 0
            unsafe += feels
            if week % 52 == 0 and uniform(sample, person.id) < p.sample:
                asked += 1
                asked_unsafe += feels
        if is_youth(age):
            prospects += fixed(person.prospects)
            pull += fixed(person.pull)
            street += fixed(person.norm_street)
            young += 1
            stage_1 += 1 if person.stage == EXPOSED else 0
            stage_2 += 1 if person.stage == FAVOURS else 0
            stage_3 += 1 if person.stage == RUNNER else 0
            stage_4 += 1 if person.stage == TIED_IN else 0
        elif person.stage >= FAVOURS:
            involved_adults += 1
    youths = max(young, 1)
    level.youths = young
    grown = max(adults, 1)
    level.stage_1 = stage_1
    level.stage_2 = stage_2
    level.stage_3 = stage_3
    level.stage_4 = stage_4
    level.involved_youths = stage_2 + stage_3 + stage_4
    level.involved_adults = involved_adults
    level.trust_institutions = unfixed(institutions) / grown
    level.trust_frontline = unfixed(frontline) / grown
    level.trust_neighbours = unfixed(neighbours) / grown
    level.cohesion = 10.0 * unfixed(neighbours) / grown
    level.usefulness = unfixed(usefulness) / grown
    level.fear = unfixed(fear) / grown
    level.norm_enemy = holders / grown
    level.unsafe = 100.0 * unsafe / grown
    level.prospects = unfixed(prospects) / youths
    level.pull = unfixed(pull) / youths
    level.norm_street = unfixed(street) / youths
    if asked > 0:
        level.unsafe_survey = 100.0 * asked_unsafe / asked


@njit
def of_places(places, used, level):
    """Means over places: where people live, and where they meet."""
    homes = others = 0
    attachment = legal = disorder = criminal = control = hours = 0.0
    for cell in used:
        place = places[cell]
        hours += place.presence
        if place.dwellings > 0:
            homes += 1
            attachment += place.attachment
            legal += place.legal_opportunity
        else:
            others += 1
            disorder += place.disorder
            criminal += place.criminal_opportunity
            control += place.informal_control
    level.attachment = attachment / max(homes, 1)
    level.legal_opportunity = legal / max(homes, 1)
    level.disorder = disorder / max(others, 1)
    level.criminal_opportunity = criminal / max(others, 1)
    level.informal_control = control / max(others, 1)
    level.presence = hours


@njit
def of_staff(professionals, desks, level):
    """Means over professionals."""
    skill = energy = workload = ties = 0.0
    for i in range(professionals.size):
        professional = professionals[i]
        skill += professional.skill
        energy += professional.energy
        workload += professional.workload
    for d in range(desks.size):
        ties += desks[d].tie
    n = max(professionals.size, 1)
    level.skill = skill / n
    level.energy = energy / n
    level.workload = workload / n
    level.ties = ties / max(desks.size, 1)
