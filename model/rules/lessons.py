"""Lessons: once a year a class at school hears about crime that recruits, from a professional who works here.

The pupils of one school and one year of birth are a class, whose lesson falls in the same week every year.  A police
officer or youth worker who is here gives it, and cases go without those hours; if nobody is here, there is none.
Pupils with a weak bond to school are often absent.  A teacher who knows much of undermining takes away some of the pull
of criminal money; hearing of that money at all makes pupils curious.  So a lesson may help, do nothing, or harm; either
way it wears off, as the pull follows what life shows (`prospects`).

    P(in class) = school_bond / the bond from which school binds, at most 1
    pull       += curiosity (1 - pull) - insight * awareness of the teacher * pull

Sources: Pan and Bai 2009 (lessons by police officers: less than a small effect) as direction; sizes assumed; M92, M102, M105.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, choose, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log_between
from ..shared.persons import BINDING_SCHOOL, TEEN_FROM, age_of, is_pupil
from ..shared.posts import has_desk
from ..state.codes import LESSON, NOBODY, POLICE, YOUTH_WORK
from ..state.fields import clip

CLASS, LASTS = 25.0, 2.0  # pupils of a class; hours that a lesson takes, with what comes before it
CLASSES = 100  # numbers kept free for the classes of a school: a class is called by a year of birth


class Parameters(NamedTuple):
    """Numbers of lessons."""

    # fmt: off
    insight: Annotated[float, Quantity(0.1, 0.0, 0.3, "ratio", "Pan and Bai 2009 as direction (less than a small effect); assumed size; 0: it teaches nothing", "of the pull of criminal money, what a lesson by a wholly aware professional takes away")]
    curiosity: Annotated[float, Quantity(0.01, 0.0, 0.05, "level", "assumed: attention makes it interesting; 0: nobody becomes curious", "pull of criminal money that a lesson adds to who feels none")]
    # fmt: on


READS = (
    "actors", "tile_index.youths", "person.id", "person.born", "person.present", "person.detained_until", "person.home",
    "person.school_bond", "place.quarter", "place.near_school", "professional.id", "professional.present", "professional.kind",
    "professional.organisation", "professional.awareness",
)  # fmt: skip
WRITES = ("person.pull", "professional.case_hours")
LEVERS = {
    "awareness_lessons": Lever(0.0, 0.0, 1.0, "share", "classes of 12-17 that get a lesson on crime that recruits this year"),
}
COUNTS = {"taught": Outcome("persons/week", "neither", "Pupils who had a lesson on crime that recruits")}
MECHANISMS = ("M92", "M102")


@njit
def lessons(world, p, levers, seed, week):
    """Give the lessons of this week to the pupils who are in class."""
    if not is_given(levers):
        return
    always, dice, present = key(seed, Draw.LESSON, 0), key(seed, Draw.LESSON, week), key(seed, Draw.IN_CLASS, week)
    for row in world.actors[: world.tile_index[0].youths]:
        person = world.people[row]
        home = world.places[person.home]
        lever = levers[home.quarter]
        if lever.awareness_lessons > 0.0 and is_pupil(person, week) and age_of(person, week) >= TEEN_FROM:
            group = home.near_school * CLASSES + person.born // WEEKS_A_YEAR % CLASSES
            due = choose(WEEKS_A_YEAR, always, group) == week % WEEKS_A_YEAR and happens(lever.awareness_lessons, dice, group)
            teacher = by_whom(world.professionals, dice, group) if due else NOBODY
            if teacher != NOBODY and happens(p_in_class(person), present, person.id):
                give(world, person, home.near_school, world.professionals[teacher], lever.awareness, p, week)


@njit
def is_given(levers):
    """Return whether lessons are given to pupils of any quarter."""
    for j in range(levers.size):
        if levers[j].awareness_lessons > 0.0:
            return True
    return False


@njit
def by_whom(professionals, dice, group):
    """Return which police officer or youth worker gives a class its lesson, by lot; NOBODY where nobody is here."""
    best, largest = NOBODY, -1.0
    for i in range(professionals.size):
        worker = professionals[i]
        if has_desk(worker) and worker.organisation in (POLICE, YOUTH_WORK):
            draw = uniform(dice, group, worker.id)
            if draw > largest:
                best, largest = i, draw
    return best


@njit
def p_in_class(pupil):
    """Return how likely a pupil is in class."""
    return min(pupil.school_bond / BINDING_SCHOOL, 1.0)


@njit
def give(world, pupil, school, teacher, trained, p, week):
    """Give one pupil the lesson, by somebody whose awareness has been raised so far by training."""
    learn(pupil, teacher.awareness + (1.0 - teacher.awareness) * trained, p)
    teacher.case_hours = max(teacher.case_hours - LASTS / CLASS, 0.0)
    world.tally[0].taught += 1
    log_between(world.events, week, LESSON, pupil.id, teacher.id, school, 0)


@njit
def learn(pupil, awareness, p):
    """Let a pupil see through the pull of criminal money, and become curious."""
    pupil.pull = clip(pupil.pull + p.curiosity * (1.0 - pupil.pull) - p.insight * awareness * pupil.pull)
