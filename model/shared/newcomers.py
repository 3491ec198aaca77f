"""What a person brings along who is new here: born, moved in, or present at the start.

Levels differ from person to person around what is usual where somebody comes from; trust in neighbours is not brought along: it
lies around what those who live around think of each other.  A child takes after the household.
"""

from ..compiled import njit
from ..draws import Draw, happens, identity, key, uniform
from ..state.codes import FRIENDS, NEVER, NOBODY, NONE, RUNNER, STAGE_UP
from ..state.fields import clip
from .events import log
from .persons import ADULT_FROM, PENSION, YOUNG_UNTIL, age_of

SPREAD = 0.3  # width of personal differences in a level (assumed)
WOMEN = 0.25  # of women against men, who come for the work of crews (as recruitment.female)
TRUST = 1  # the occasion of the draws that decide how trusting somebody is


@njit
def difference(dice, who, occasion):
    """Return how much a person differs from the mean in a level."""
    return SPREAD * (uniform(dice, who, occasion) + uniform(dice, who, occasion + 1) - 1.0)


@njit
def around(mean, dice, who, occasion):
    """Return a personal level around a mean."""
    return clip(mean + difference(dice, who, occasion))


@njit
def leaning(seed, who):
    """Return how much more or less than others a person trusts institutions: the difference with which somebody came."""
    return difference(key(seed, Draw.LEVELS, 0), who, TRUST)


@njit
def settle(world, row, seed, week):
    """Give a new person, whose identity, household, education and week of birth are known, everything else."""
    person = world.people[row]
    dice = key(seed, Draw.LEVELS, 0)
    forget(person, week)
    for k in range(FRIENDS):
        world.friends[row, k].row = NOBODY
    who = person.id
    outside = world.newcomer_levels[0]
    person.health = clip(0.95 - 0.004 * max(age_of(person, week), 0.0) + 0.2 * (uniform(dice, who, 20) - 0.5))
    u = uniform(dice, who, 21)
    person.propensity = 0.25 + 2.25 * u * u  # a few are far more susceptible than most; mean 1
    person.conformity = 0.4 + 1.2 * uniform(dice, who, 22)
    person.trust_institutions = around(outside.trust_institutions, dice, who, TRUST)
    person.trust_frontline = person.trust_institutions
    person.trust_neighbours = around(world.places[person.home].cohesion, dice, who, 3)
    person.usefulness = around(outside.usefulness, dice, who, 5)
    person.fear = around(outside.fear, dice, who, 7)
    person.norm_enemy = around(outside.norm_enemy, dice, who, 9)
    person.prospects = around(outside.prospects, dice, who, 11)
    person.pull = 0.1
    person.school_bond = around(0.7, dice, who, 13)
    person.debt = outside.debts * world.households[person.household].poverty
    adult = ADULT_FROM <= age_of(person, week) < PENSION
    person.work_bond = 0.7 if adult and uniform(dice, who, 15) < outside.working else 0.0
    person.norm_home = 0.05
    person.norm_school = 0.1
    person.norm_street = 0.15


@njit
def forget(person, week):
    """Take away whatever belonged to the row's former person."""
    person.stage = NONE
    person.next_stage = NONE
    person.stage_since = week
    person.crew = NOBODY
    person.case = NOBODY
    person.convictions = 0
    person.children = 0
    person.seeking = NEVER
    person.left_week = NEVER
    person.detained_until = NEVER
    person.plan_domains = 0
    person.plan_until = NEVER
    person.mentored = 0
    person.victim = 0
    person.contact = 0
    person.in_public = 0
    person.active = 0
    person.exposure = 0.0
    person.peers = 0
    person.familiarity = 0.0


@njit
def come_for_work(world, person, coming, seed, week):
    """Let somebody who moves in do so for the work of crews: at this chance for each hand that they lack per 1,000 residents.

    They join the crew that lacks most; where there is none, one comes up with them.
    """
    dice = key(seed, Draw.FOR_WORK, 0)
    chance = coming * world.tile_index[0].hands * person.propensity * (1.0 if person.male == 1 else WOMEN)
    if not ADULT_FROM <= age_of(person, week) < YOUNG_UNTIL or not happens(chance, dice, person.id):
        return
    person.crew = most_lacking(world.crews)
    if person.crew == NOBODY:
        person.crew = 0
        come_up(world.crews[0], identity(dice, person.id, 1), week)
        world.tally[0].crews_came += 1
    person.stage = RUNNER
    person.next_stage = RUNNER
    world.households[person.household].involved += 1
    world.tally[0].came_for_work += 1
    log(world.events, week, STAGE_UP, person.id, person.place, RUNNER)


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


FOR_WORK_WRITES = ("crew.id", "crew.present", "crew.since", "crew.load")  # beside what every newcomer gets
WRITES = ("friend.row", *(f"person.{name}" for name in (
    "stage", "next_stage", "stage_since", "crew", "case", "convictions", "children", "seeking", "left_week", "detained_until",
    "plan_domains", "plan_until", "mentored", "victim", "contact", "in_public", "active", "exposure", "peers", "familiarity",
    "health", "propensity", "conformity",
    "trust_institutions", "trust_frontline", "trust_neighbours", "usefulness", "fear", "norm_enemy", "prospects", "pull",
    "school_bond", "debt", "work_bond", "norm_home", "norm_school", "norm_street",
)))  # fmt: skip
