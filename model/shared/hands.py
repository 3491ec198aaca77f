"""Which crew somebody works for, and who comes to live here for the work of crews that lack hands."""

from ..compiled import njit
from ..draws import Draw, happens, identity, key, uniform
from ..state.codes import FRIENDS, NOBODY, RUNNER, TIED_IN
from .kin import is_there
from .persons import ADULT_FROM, YOUNG_UNTIL, age_of, is_involved

CREW = 1  # the occasion of the draw that names a crew that comes up
WOMEN = 0.25  # of women against men, who come for the work of crews (as recruitment.female)


@njit
def crew_for(crews, who, dice):
    """Return the crew that reaches this person, or NOBODY; the largest draw decides."""
    best = NOBODY
    largest = -1.0
    for j in range(crews.size):
        crew = crews[j]
        if crew.present == 1:
            draw = uniform(dice, who, crew.id)
            if draw > largest:
                largest = draw
                best = j
    return best


@njit
def come_for_work(world, person, coming, seed, week):
    """Let somebody who moves in do so for the work of crews: at this chance for each hand that they lack per 1,000 residents.

    They join the crew that lacks most; where there is none, one comes up with them.
    """
    dice = key(seed, Draw.FOR_WORK, 0)
    chance = coming * world.tile_index[0].hands * person.propensity * (1.0 if person.male == 1 else WOMEN)
    if not ADULT_FROM <= age_of(person, week) < YOUNG_UNTIL or is_involved(person) or not happens(chance, dice, person.id):
        return
    join(world, person, dice, week)
    person.stage = RUNNER
    person.next_stage = RUNNER
    world.households[person.household].involved += 1
    world.tally[0].came_for_work += 1


@njit
def bring_crew(world, person, seed, week):
    """Let a crew come along with a newcomer who is a runner or tied in, where there is none."""
    if person.stage >= RUNNER and person.crew == NOBODY:
        join(world, person, key(seed, Draw.FOR_WORK, 0), week)


@njit
def join(world, person, dice, week):
    """Let somebody join the crew that lacks most; where there is none, one comes up with them."""
    person.crew = most_lacking(world.crews)
    if person.crew == NOBODY:
        person.crew = 0
        come_up(world.crews[0], identity(dice, person.id, CREW), week)
        world.tally[0].crews_came += 1


@njit
def free_crew(crews):
    """Return a row where no crew is, or NOBODY where all are taken."""
    for j in range(crews.size):
        if crews[j].present == 0:
            return j
    return NOBODY


@njit
def begin_crew(world, row, dice, week):
    """Let somebody begin a crew of their own, with the friends who work for the same one."""
    person, own, former = world.people[row], free_crew(world.crews), world.people[row].crew
    come_up(world.crews[own], identity(dice, person.id, CREW), week)
    world.crews[own].turf = world.crews[former].turf
    move(person, world.crews, own)
    for k in range(FRIENDS):
        friend = world.friends[row, k]
        if is_there(world.people, friend.row, friend.id) and world.people[friend.row].crew == former:
            move(world.people[friend.row], world.crews, own)


@njit
def move(person, crews, to):
    """Let a member work for another crew."""
    crews[person.crew].members -= 1
    crews[to].members += 1
    if person.stage == TIED_IN:
        crews[person.crew].core -= 1
        crews[to].core += 1
    person.crew = to


@njit
def most_lacking(crews):
    """Return the crew with most vacancies, or NOBODY where there is no crew."""
    best, most = NOBODY, -1.0
    for j in range(crews.size):
        if crews[j].present == 1 and crews[j].vacancies > most:
            best, most = j, crews[j].vacancies
    return best


@njit
def come_up(crew, who, week):
    """Let a crew come up: it has no strength yet, and is under no pressure."""
    crew.id = who
    crew.present = 1
    crew.since = week
    crew.load = 1.0


WRITES = ("crew.id", "crew.present", "crew.since", "crew.load")
