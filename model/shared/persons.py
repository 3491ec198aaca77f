"""Small questions that many rules ask of a person."""

from ..arithmetic import exp
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..state.codes import FAVOURS, FRIENDS, NOBODY

SERIOUS_DEBT, BINDING_SCHOOL, BINDING_WORK = 0.5, 0.5, 0.2  # levels from which debts are serious, school and work bind
AT_MOST = 1.5  # a factor that goes with a level runs from one half to this
MATCHING = 3  # life domains from which a plan matches (p46)
STUDY_FROM = 16.0  # years of age at which a youth chooses a study, and from which being without school or work is a risk
YOUTH_FROM, TEEN_FROM, CHILD_UNTIL, PUPIL_UNTIL, YOUTH_UNTIL = 8.0, 12.0, 15.0, 18.0, 24.0  # years of age, of the young
ADULT_FROM, YOUNG_UNTIL, PENSION = 18.0, 40.0, 65.0  # and of the others


@njit
def age_of(person, week):
    """Return the age in years."""
    return (week - person.born) / WEEKS_A_YEAR


@njit
def is_under(person, age, week):
    """Return whether somebody is younger than so many years; a quotient, as of `age_of`, takes longer than this product."""
    return week - person.born < age * WEEKS_A_YEAR


@njit
def is_youth(age):
    """Return whether this age counts as youth (8-23)."""
    return YOUTH_FROM <= age < YOUTH_UNTIL


@njit
def is_free(person, week):
    """Return whether this row holds a person who is not detained."""
    return person.present == 1 and person.detained_until <= week


@njit
def list_actors(world, week):
    """List the rows of everybody of eight and over who lives here: youths of 8-23 first, then those up to 40, then the others."""
    tile_index, actors, scratch = world.tile_index[0], world.actors, world.scratch
    youths, young, others = list_ages(world.people, actors, scratch, week)
    tile_index.youths, tile_index.young, tile_index.actors = youths, youths + young, youths + young + others
    for k in range(young):
        actors[youths + k] = scratch[k]
    for k in range(others):
        actors[youths + young + k] = scratch[scratch.size - 1 - k]


@njit
def list_ages(people, rows, scratch, week):
    """List the rows of youths, of those up to 40 at the beginning of another list, and of the others at its end, last first.

    Returns how many there are of each.
    """
    child, adult = week - int(YOUTH_FROM * WEEKS_A_YEAR), week - int(YOUTH_UNTIL * WEEKS_A_YEAR)
    middle, youths, young, others = week - int(YOUNG_UNTIL * WEEKS_A_YEAR), 0, 0, 0
    for row in range(people.size):
        born = people[row].born if people[row].present == 1 else week  # too young for any list
        rows[youths] = scratch[young] = scratch[scratch.size - 1 - others] = row  # a later one takes a place that is not kept
        youths += 1 if adult < born <= child else 0
        young += 1 if middle < born <= adult else 0
        others += 1 if born <= middle else 0
    return youths, young, others


@njit
def list_members(people, households, following):
    """Link the members of each household, from its first on."""
    for h in range(households.size):
        households[h].member_row = NOBODY
    for row in range(people.size):
        if people[row].present == 1:
            household = households[people[row].household]
            following[row] = household.member_row
            household.member_row = row


@njit
def is_involved(person):
    """Return whether this person does at least small favours for a crew."""
    return person.stage >= FAVOURS


@njit
def in_activity(person):
    """Return 1 for somebody who takes part in an organised activity this week, else 0."""
    return 1 if person.active > 0 else 0


@njit
def is_pupil(person, week):
    """Return whether this young person goes to school."""
    return is_free(person, week) and is_under(person, PUPIL_UNTIL, week)


@njit
def is_friend(ties, row, who):
    """Return whether somebody is among these ties."""
    for k in range(FRIENDS):
        if ties[k].row == row and ties[k].id == who:
            return True
    return False


@njit
def part_with(friend):
    """Let a place among somebody's friends stand empty."""
    friend.row = NOBODY
    friend.id = 0


@njit
def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))
