"""Crews: they live off hands, means and room, and they adapt.

A crew's strength follows its members and core, its power in the tile follows its strength.  Emptied roles are offered
again within weeks or lapse.  Under pressure a crew lies low; without a core the ranks bring one forward or the crew
fades; where crime has a hold but no crew is left, a new one may come from outside.

    strength -> 1 - exp(-(members + 3 core) / size) * (1 - pressure / 2);   new crew: hazard * attachment in the tile

Sources: p34 (roles refilled within 60 days), Duijn e.a. 2014 and MADTOR 2024 (disruption and recovery), M15; loops R5, R20, B9.
"""

import math
from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, identity, key
from ..persons import is_free, is_involved
from ..quantity import Quantity
from ..registry import Outcome
from ..state import NOBODY, RUNNER, TIED_IN


class Parameters(NamedTuple):
    """Numbers of crews."""

    size: Annotated[float, Quantity(12.0, 6.0, 24.0, "members", "assumed", "members (a core member counts for four) that give two thirds of full strength")]
    pace: Annotated[float, Quantity(0.1, 0.05, 0.2, "1/week", "assumed", "pace of strength")]
    refill: Annotated[float, Quantity(0.08, 0.027, 0.24, "1/week", "p34: 60 (20-180) days", "hazard that an emptied role lapses or is filled from the ranks")]
    relief: Annotated[float, Quantity(0.92, 0.85, 0.97, "ratio/week", "assumed", "pressure left after a week")]
    rise: Annotated[float, Quantity(0.05, 0.01, 0.1, "1/week", "assumed", "a runner of a crew without a core comes forward")]
    fade: Annotated[float, Quantity(0.02, 0.005, 0.05, "1/week", "assumed", "a crew without members leaves")]
    arrival: Annotated[float, Quantity(0.01, 0.002, 0.03, "1/week", "assumed", "a crew comes from outside to a tile without one, at full hold of crime")]


READS = (
    "person.present", "person.detained_until", "person.stage", "person.crew", "person.id", "crew.present", "crew.members", "crew.core",
    "crew.strength", "crew.pressure", "crew.vacancies", "crew.tile", "crew.id", "crew.turf", "place.attachment", "place.tile",
    "patch.crew_power", "patch.tile",
)  # fmt: skip
WRITES = (
    "crew.present", "crew.members", "crew.core", "crew.strength", "crew.pressure", "crew.vacancies", "crew.since", "crew.id",
    "patch.crew_power", "person.stage", "person.next_stage", "person.stage_since",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "crews": Outcome("crews", "lower", "Crews active here"),
    "members": Outcome("persons", "lower", "Members at large: stage 2 or higher, not detained"),
    "core_members": Outcome("persons", "lower", "Of these, tied in"),
}
MECHANISMS = ("M15",)


@njit
def strength_target(members, core, pressure, p):
    """Return the strength that these members give a crew under this pressure."""
    return (1.0 - math.exp(-(members + 3.0 * core) / p.size)) * (1.0 - 0.5 * pressure)


@njit
def crews(world, p, levers, seed, week):
    """Count every crew, let it grow, shrink, come or go, and sum its power in the tile."""
    dice, tally = key(seed, Draw.CREW_LIFE, week), world.tally[0]
    rise(world.people, world.crews, p, dice, week)
    recount(world.people, world.crews, world.tally[0], week)
    for j in range(world.crews.size):
        crew = world.crews[j]
        if crew.present == 1:
            live(crew, p, dice)
            tally.crews += 1
        elif happens(p.arrival * world.places[crew.turf].attachment * vacant(world.crews, crew.tile), dice, j + 1):
            crew.present = 1
            crew.id = identity(dice, j + 1, 7)
            crew.since = week
            crew.strength = 0.2
            crew.vacancies = 3.0
    spread_power(world.patches, world.crews)


@njit
def rise(people, crews, p, dice, week):
    """A runner of a crew without a core may come forward."""
    for i in range(people.size):
        person = people[i]
        if person.stage == RUNNER and person.crew != NOBODY and is_free(person, week):
            crew = crews[person.crew]
            if crew.core == 0 and crew.since < week and happens(p.rise, dice, person.id):
                person.stage = TIED_IN
                person.next_stage = TIED_IN
                person.stage_since = week


@njit
def recount(people, crews, tally, week):
    """Count the members of every crew who are at large."""
    for j in range(crews.size):
        crews[j].members = 0
        crews[j].core = 0
    for i in range(people.size):
        person = people[i]
        if is_involved(person) and is_free(person, week):
            core = 1 if person.stage == TIED_IN else 0
            tally.members += 1
            tally.core_members += core
            if person.crew != NOBODY:
                crews[person.crew].members += 1
                crews[person.crew].core += core


@njit
def live(crew, p, dice):
    """Let one crew adapt this week."""
    crew.strength += p.pace * (strength_target(crew.members, crew.core, crew.pressure, p) - crew.strength)
    crew.pressure *= p.relief
    crew.vacancies -= p.refill * crew.vacancies
    if crew.members == 0 and happens(p.fade, dice, crew.id):
        crew.present = 0
        crew.strength = 0.0


@njit
def vacant(crews, tile):
    """Return 1 when no crew is active in this tile, else 0."""
    for j in range(crews.size):
        if crews[j].tile == tile and crews[j].present == 1:
            return 0
    return 1


@njit
def spread_power(patches, crews):
    """Let every patch know the power of the crews of its tile: one minus the product of what each leaves."""
    for k in range(patches.size):
        patch = patches[k]
        left = 1.0
        for j in range(crews.size):
            if crews[j].present == 1 and crews[j].tile == patch.tile:
                left *= 1.0 - crews[j].strength
        patch.crew_power = 1.0 - left
