"""Crews: they live off hands, means and room, and they adapt.

A crew has work for so many hands as the market and the room for crime here give, and a strength that follows
its members and core.  Roles that nobody fills, because they were emptied or because room grew, are vacancies; crews
share the work there is.  Who is left does the work of who is gone, as far as hands reach: taking some away stops little
of it.  Under pressure a crew lies low; without a core the ranks bring one forward or the crew fades;
where crime has a hold but no crew is left, a new one may come from outside.  Whose crew left while they were detained work for none.

    roles    = work * residents / 2,000 * mean over public places of (hold * chance that nothing stands in the way) / crews
    load     = min(roles / members, overtime),  offences of a member in proportion
    strength -> 1 - exp(-(members + (core_weight - 1) * core) / size) * (1 - pressure)

Sources: p34 (roles refilled within 60 days), Duijn e.a. 2014 and MADTOR 2024 (disruption and recovery), M15; loops R5, R20, B9.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import exp
from ..compiled import njit
from ..draws import Draw, happens, identity, key
from ..quantity import Outcome, Quantity
from ..shared.events import log
from ..shared.persons import is_free, is_involved
from ..state.codes import NOBODY, RUNNER, STAGE_UP, TIED_IN
from ..state.fields import clip


class Parameters(NamedTuple):
    """Numbers of crews."""

    # fmt: off
    size: Annotated[float, Quantity(5.0, 2.5, 10.0, "members", "assumed", "members that give two thirds of full strength")]
    core_weight: Annotated[float, Quantity(4.0, 2.0, 6.0, "members", "assumed", "members for whom one who is tied in counts")]
    pace: Annotated[float, Quantity(0.1, 0.05, 0.2, "1/week", "assumed", "pace of strength")]
    work: Annotated[float, Quantity(56.0, 30.0, 110.0, "roles", "p08: 2.5 (1-5) % of adults in a focus area; calibrated", "hands that 2,000 residents with full hold and no guardianship give work to")]
    follow_up: Annotated[float, Quantity(0.3, 0.0, 1.0, "members", "R1, R21, B2; assumed size", "pressure by one solved case, times the members of the crew")]
    least: Annotated[float, Quantity(5.0, 2.0, 8.0, "members", "assumed", "members below which a crew feels a solved case no harder", "fixed")]
    relief: Annotated[float, Quantity(0.92, 0.85, 0.97, "ratio/week", "assumed", "pressure left after a week")]
    saturation: Annotated[float, Quantity(1.0, 0.0, 1.0, "ratio", "B9; 0 cuts the loop", "how far members fill the roles there are", "fixed")]
    overtime: Annotated[float, Quantity(2.0, 1.0, 3.0, "ratio", "Duijn e.a. 2014, Sherman and Rogan 1995 (arrests made no difference) as direction; assumed", "work that a member can take on, against what is usual")]
    rise: Annotated[float, Quantity(0.05, 0.01, 0.1, "1/week", "assumed", "a runner of a crew without a core comes forward")]
    fade: Annotated[float, Quantity(0.02, 0.005, 0.05, "1/week", "assumed", "a crew without members leaves")]
    arrival: Annotated[float, Quantity(0.01, 0.002, 0.03, "1/week", "assumed", "a crew comes from outside where there is none, at full hold of crime")]
    foothold: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "assumed", "strength of a crew that comes from outside")]
    # fmt: on


READS = (
    "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.stage", "person.crew", "person.id", "crew.present", "crew.members",
    "crew.core", "crew.strength", "crew.pressure", "crew.id", "crew.turf", "place.crime_hold",
    "patch.solved", "patch.residents", "patch.public", "place.criminal_opportunity", "place.concealment", "tile_index.tile",
)  # fmt: skip
WRITES = (
    "crew.present", "crew.members", "crew.core", "crew.strength", "crew.pressure", "crew.vacancies", "crew.load", "crew.since", "crew.id",
    "patch.crew_power", "patch.solved", "person.stage", "person.next_stage", "person.stage_since", "person.crew",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "crews": Outcome("crews", "lower", "Crews active here"),
    "members": Outcome("persons", "lower", "Members at large: stage 2 or higher, not detained"),
    "core_members": Outcome("persons", "lower", "Of these, tied in"),
    "crews_came": Outcome("crews/week", "lower", "Crews that came from outside, where crime has a hold and there was none"),
    "crews_left": Outcome("crews/week", "higher", "Crews that found no foothold any more, and left"),
}
MECHANISMS = ("M15",)


@njit
def strength_target(members, core, pressure, p):
    """Return the strength that these members give a crew under this pressure."""
    return (1.0 - exp(-(members + (p.core_weight - 1.0) * core) / p.size)) * (1.0 - pressure)


@njit
def crews(world, p, levers, seed, week):
    """Count every crew, let it grow, shrink, come or go, and sum their power."""
    dice, tally = key(seed, Draw.CREW_LIFE, week), world.tally[0]
    at_stake = world.at_stake[: world.tile_index[0].at_stake]
    rise(world.people, at_stake, world.crews, tally, world.events, p, dice, week)
    recount(world.people, at_stake, world.crews, world.tally[0], week)
    solved = solved_lately(world.patches)
    for j in range(world.crews.size):
        crew = world.crews[j]
        occasion = world.tile_index[0].tile * world.crews.size + j + 1
        if crew.present == 1:
            live(crew, solved, tally, p, dice)
            share_work(crew, roles(world, p), p)
            tally.crews += crew.present
        elif active(world.crews) == 0 and happens(p.arrival * world.places[crew.turf].crime_hold, dice, occasion):
            crew.present = 1
            crew.id = identity(dice, occasion, 7)
            crew.since = week
            crew.strength = p.foothold
            crew.pressure = 0.0
            tally.crews_came += 1
    spread_power(world.patches, world.crews)


@njit
def rise(people, at_stake, crews, tally, events, p, dice, week):
    """A runner of a crew without a core may come forward."""
    for row in at_stake:
        person = people[row]
        if person.stage == RUNNER and person.crew != NOBODY and is_free(person, week):
            crew = crews[person.crew]
            if crew.core == 0 and crew.since < week and happens(p.rise, dice, person.id):
                person.stage = TIED_IN
                person.next_stage = TIED_IN
                person.stage_since = week
                tally.tied += 1
                log(events, week, STAGE_UP, person.id, person.place, TIED_IN)


@njit
def recount(people, at_stake, crews, tally, week):
    """Count the members of every crew who are at large; whose crew left while they were detained work for none."""
    for j in range(crews.size):
        crews[j].members = 0
        crews[j].core = 0
    for row in at_stake:
        person = people[row]
        if person.crew != NOBODY and crews[person.crew].present == 0:
            person.crew = NOBODY
        if is_involved(person) and is_free(person, week):
            core = 1 if person.stage == TIED_IN else 0
            tally.members += 1
            tally.core_members += core
            if person.crew != NOBODY:
                crews[person.crew].members += 1
                crews[person.crew].core += core


@njit
def live(crew, solved, tally, p, dice):
    """Let one crew adapt this week; solved cases press the harder the smaller it is."""
    crew.strength += p.pace * (strength_target(crew.members, crew.core, crew.pressure, p) - crew.strength)
    crew.pressure = clip(p.relief * crew.pressure + p.follow_up * solved / max(crew.members, p.least))
    if crew.members == 0 and happens(p.fade, dice, crew.id):
        crew.present = 0
        crew.strength = 0.0
        tally.crews_left += 1


@njit
def share_work(crew, work, p):
    """Divide the work of a crew over who is there; what nobody has hands for are vacancies."""
    crew.vacancies = max(work - p.saturation * crew.members, 0.0)
    crew.load = min(work / max(crew.members, 1.0), p.overtime)


@njit
def solved_lately(patches):
    """Return how many cases were solved since last week."""
    solved = 0
    for j in range(patches.size):
        solved += patches[j].solved
    return solved


@njit
def roles(world, p):
    """Return how many hands each crew has work for."""
    room = 0.0
    n = 0
    residents = 0
    for j in range(world.patches.size):
        patch = world.patches[j]
        residents += patch.residents
        for k in range(patch.public):
            place = world.places[world.public[j, k]]
            room += place.crime_hold * place.criminal_opportunity / max(place.concealment, 0.01)
            n += 1
    return p.work * residents / 2000.0 * room / max(n, 1) / max(active(world.crews), 1)


@njit
def active(crews):
    """Return how many crews are active."""
    n = 0
    for j in range(crews.size):
        n += crews[j].present
    return n


@njit
def spread_power(patches, crews):
    """Let every patch know the power of all crews: one minus the product of what each leaves."""
    left = 1.0
    for j in range(crews.size):
        if crews[j].present == 1:
            left *= 1.0 - crews[j].strength
    for k in range(patches.size):
        patches[k].crew_power = 1.0 - left
        patches[k].solved = 0
