"""Crews: they live off hands, means and room, and they adapt.

Crews together have work for as many hands per head as the market and the room for crime here give; part of it comes
from customers outside, wherever crime finds room.  Work goes to the strong: a crew that lies low under pressure loses
it to another one.  Roles that nobody fills are vacancies, and people for those must be searched for (recruitment,
newcomers).  The members who are there do the work of those who are gone, as far as hands reach; the rest is lost.
A crew of few fades, and one without members soonest; its people work for another one that lacks hands.  Now and
then a runner of a crew of some size begins another one, with the friends who work for it.
Everything counts per head: two neighbourhoods behave as one that is twice as large.

    demand   = work per 1,000 * mean over public places of ((outside + (1 - outside) * hold) * chance that nothing stands in the way)
    roles    = demand * residents * strength of the crew / strength of all
    load     = min(roles / members, overtime),  offences of a member in proportion
    strength -> (1 - exp(-(members + (CORE - 1) * core) per 1,000 / size)) * (1 - pressure)
    P(a crew fades) = FADE * HELD^members

Sources: p08, Duijn e.a. 2014 and MADTOR 2024 (disruption and recovery), M15; loops R5, R20, B9.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import exp, times
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Outcome, Quantity
from ..shared.hands import begin_crew, free_crew, most_lacking
from ..shared.persons import is_free, is_involved
from ..shared.public_places import OPEN
from ..state.codes import NOBODY, RUNNER, TIED_IN
from ..state.fields import clip

FADE = 0.02  # a crew without members leaves (1/week; assumed)
HELD = 0.25  # of that, what each member leaves (assumed: half of crews of one are gone within three years)
BEGINS, BEGINS_FROM = 0.001, 4  # a runner begins another crew (1/week), out of one of so many members (assumed)
CORE = 4.0  # members for whom one who is tied in counts (assumed)
PACE = 0.1  # pace of strength (1/week; assumed)


class Parameters(NamedTuple):
    """Numbers of crews."""

    # fmt: off
    size: Annotated[float, Quantity(1.25, 0.6, 3.0, "per 1,000", "assumed", "members per 1,000 residents that give two thirds of full strength; with fewer, crews feel a solved case no harder")]
    work: Annotated[float, Quantity(31.0, 15.0, 55.0, "per 1,000", "p08: 2.5 (1-5) % of adults in a focus area; calibrated", "hands for which 1,000 residents bring work, at full hold of crime and without guardianship")]
    outside: Annotated[float, Quantity(0.135, 0.0, 0.6, "share", "demand from outside the area as direction; assumed size", "of that work, what customers from outside bring wherever crime finds room, whatever its hold")]
    follow_up: Annotated[float, Quantity(0.3, 0.0, 1.0, "members", "R1, R21, B2; assumed size", "pressure by one solved case, times the members of all crews")]
    relief: Annotated[float, Quantity(0.92, 0.85, 0.97, "ratio/week", "assumed", "pressure left after a week")]
    saturation: Annotated[float, Quantity(1.0, 0.0, 1.0, "ratio", "B9; 0 cuts the loop", "how far members fill the roles there are", "fixed")]
    overtime: Annotated[float, Quantity(3.2, 1.5, 4.5, "ratio", "Duijn e.a. 2014, Sherman and Rogan 1995 (arrests made no difference) as direction; assumed size; calibrated on V12b", "work that a member can take on, against what is usual")]
    # fmt: on


READS = (
    "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.stage", "person.stage_since", "person.crew", "person.id", "person.place", "crew.present",
    "crew.members",
    "crew.core", "crew.strength", "crew.pressure", "crew.id", "crew.since", "place.crime_hold",
    "crew.vacancies", "friend.row", "friend.id", "patch.solved", "patch.residents", "patch.public", "place.criminal_opportunity", "place.concealment", "tile_index.people",
)  # fmt: skip
WRITES = (
    "crew.present", "crew.members", "crew.core", "crew.strength", "crew.pressure", "crew.vacancies", "crew.load",
    "tile_index.hands", "patch.crew_power", "patch.solved", "person.crew", "crew.id", "crew.since", "crew.turf",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "crews": Outcome("crews", "lower", "Crews active here"),
    "members": Outcome("persons", "lower", "Members at large: stage 2 or higher, not detained"),
    "core_members": Outcome("persons", "lower", "Of these, tied in"),
    "crews_left": Outcome("crews/week", "higher", "Crews of few or no members that found nobody any more, and left"),
    "crews_begun": Outcome("crews/week", "lower", "Crews that a runner began with friends from another one"),
}
MECHANISMS = ("M15",)


@njit
def strength_target(members, core, pressure, p):
    """Return the strength that so many members per 1,000 residents give a crew under this pressure."""
    return (1.0 - exp(-(members + (CORE - 1.0) * core) / p.size)) * (1.0 - pressure)


@njit
def crews(world, p, levers, seed, week):
    """Count every crew, let it grow, shrink or go, share the work, and sum their power."""
    dice, tally, tile_index = key(seed, Draw.CREW_LIFE, week), world.tally[0], world.tile_index[0]
    at_stake = world.at_stake[: tile_index.at_stake]
    recount(world.people, at_stake, world.crews, tally, week)
    for row in at_stake:
        person = world.people[row]
        if (
            person.stage == RUNNER
            and is_free(person, week)
            and may_begin(world.crews, person)
            and happens(BEGINS, dice, person.id)
        ):
            begin_crew(world, row, dice, week)
            tally.crews_begun += 1
    thousands = max(tile_index.people, 1) / 1000.0
    solved = p.follow_up * solved_lately(world.patches) / max(tally.members, p.size * thousands)
    for j in range(world.crews.size):
        if world.crews[j].present == 1:
            live(world.crews[j], thousands, solved, tally, p, dice, week)
    work = roles(world, p)
    strongest = strength_of_all(world.crews)
    for j in range(world.crews.size):
        if world.crews[j].present == 1:
            share_work(world.crews[j], work, strongest, p)
            tally.crews += 1
    tile_index.hands = max(work - tally.members, 0.0) / thousands
    spread_power(world.patches, world.crews)


@njit
def recount(people, at_stake, crews, tally, week):
    """Count the members of every crew who are at large; whose crew left work for the one that lacks most hands, if there is any."""
    for j in range(crews.size):
        crews[j].members = 0
        crews[j].core = 0
    for row in at_stake:
        person = people[row]
        if person.crew != NOBODY and crews[person.crew].present == 0:
            person.crew = most_lacking(crews)
        if is_involved(person) and is_free(person, week):
            core = 1 if person.stage == TIED_IN else 0
            tally.members += 1
            tally.core_members += core
            if person.crew != NOBODY:
                crews[person.crew].members += 1
                crews[person.crew].core += core


@njit
def may_begin(crews, runner):
    """Return whether a runner could begin another crew: out of one of some size that lives on without them."""
    return runner.crew != NOBODY and crews[runner.crew].members >= BEGINS_FROM and free_crew(crews) != NOBODY


@njit
def live(crew, thousands, pressing, tally, p, dice, week):
    """Let one crew adapt this week, among so many thousands of residents; at the start it is as strong as its members make it."""
    pace = 1.0 if week == 0 else PACE
    target = strength_target(crew.members / thousands, crew.core / thousands, crew.pressure, p)
    crew.strength += pace * (target - crew.strength)
    crew.pressure = clip(p.relief * crew.pressure + pressing)
    if crew.since < week and happens(FADE * times(HELD, crew.members), dice, crew.id):
        crew.present = 0
        crew.strength = 0.0
        crew.pressure = 0.0
        crew.vacancies = 0.0
        tally.crews_left += 1


@njit
def strength_of_all(crews):
    """Return the strength of all crews together; 0 where none has any."""
    total = 0.0
    for j in range(crews.size):
        if crews[j].present == 1:
            total += crews[j].strength
    return total


@njit
def share_work(crew, work, strength, p):
    """Give a crew its part of all work, by strength; what it has no hands for are vacancies, and what they cannot do is lost."""
    own = work * crew.strength / strength if strength > 0.0 else 0.0
    crew.vacancies = max(own - p.saturation * crew.members, 0.0)
    crew.load = min(own / max(crew.members, 1.0), p.overtime)


@njit
def solved_lately(patches):
    """Return how many cases were solved since last week."""
    solved = 0
    for j in range(patches.size):
        solved += patches[j].solved
    return solved


@njit
def demand(place, p):
    """Return how much of full demand a public place gives room to: what lives off its hold, and what comes from outside."""
    return (p.outside + (1.0 - p.outside) * place.crime_hold) * place.criminal_opportunity / max(place.concealment, OPEN)


@njit
def roles(world, p):
    """Return how many hands all crews together have work for."""
    room = 0.0
    n = 0
    residents = 0
    for j in range(world.patches.size):
        patch = world.patches[j]
        residents += patch.residents
        for k in range(patch.public):
            room += demand(world.places[world.public[j, k]], p)
            n += 1
    return p.work * residents / 1000.0 * room / max(n, 1)


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
