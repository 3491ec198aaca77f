"""Small questions that many rules ask of a person."""

import math

from .compiled import njit
from .state import FAVOURS

WEEKS_A_YEAR = 52.0
YOUTH_FROM, ADULT_FROM = 8.0, 24.0


@njit
def age_of(person, week):
    """Return the age in years."""
    return (week - person.born) / WEEKS_A_YEAR


@njit
def is_youth(age):
    """Return whether this age counts as youth (8-23)."""
    return YOUTH_FROM <= age < ADULT_FROM


@njit
def is_free(person, week):
    """Return whether this row holds a person who is not detained."""
    return person.present == 1 and person.detained_until <= week


@njit
def list_actors(world, week):
    """List the rows of everybody of eight and over who lives here."""
    n = 0
    for row in range(world.people.size):
        person = world.people[row]
        if person.present == 1 and age_of(person, week) >= YOUTH_FROM:
            world.actors[n] = row
            n += 1
    world.register[0].actors = n


@njit
def is_involved(person):
    """Return whether this person does at least small favours for a crew."""
    return person.stage >= FAVOURS


@njit
def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))
