"""Offending: what the involved do, and where.

An involved person commits nuisance or crime about as often as the stage and the work of the crew ask, where opportunity is: first in the
place of the week, and if somebody stands in the way there, in part elsewhere (displacement).  Youths without a crew
cause the small nuisance of their age.

    offences ~ Poisson(rate(stage) * load of the crew),  done with probability criminal opportunity / shelter,  else displaced with probability p36

Sources: p36 (displacement 0.3), Bowers e.a. 2011, Ratcliffe e.a. 2011; age-crime curve emerges from recruitment and leaving (V1);
M8, M15, M51.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, count, happens, key, uniform
from ..events import log
from ..persons import PUPIL_UNTIL, YOUTH_FROM, age_of, is_free
from ..quantity import Quantity
from ..registry import Outcome
from ..state import EXPOSED, FAVOURS, NOBODY, NONE, OFFENCE


class Parameters(NamedTuple):
    """Numbers of offending."""

    # fmt: off
    mischief: Annotated[float, Quantity(0.04, 0.015, 0.1, "1/week", "assumed", "nuisance by a youth of 8-17 outside a crew, while outdoors")]
    girls: Annotated[float, Quantity(0.3, 0.15, 0.5, "ratio", "CBS 2022 as direction; assumed", "mischief by girls against boys")]
    exposed: Annotated[float, Quantity(0.06, 0.02, 0.12, "1/week", "assumed", "offences at stage 1")]
    favours: Annotated[float, Quantity(0.35, 0.15, 0.6, "1/week", "assumed", "offences at stage 2")]
    runner: Annotated[float, Quantity(0.7, 0.3, 1.2, "1/week", "assumed", "offences at stage 3 and 4")]
    crime_share: Annotated[float, Quantity(0.3, 0.15, 0.45, "share", "assumed", "share of offences at stage 2 and up that is crime rather than nuisance")]
    displaced: Annotated[float, Quantity(0.3, 0.0, 0.5, "probability", "p36, Ratcliffe e.a. 2011", "an offence that is stopped is tried elsewhere")]
    hidden: Annotated[float, Quantity(0.4, 0.2, 0.6, "share", "assumed", "of what moves elsewhere, to a hidden spot", "fixed")]
    square: Annotated[float, Quantity(0.3, 0.2, 0.4, "share", "assumed", "of what moves elsewhere, to the nearest square; the others go to the nearest shop", "fixed")]
    burnout_from: Annotated[float, Quantity(20.0, 18.0, 22.0, "year", "V1 as direction; assumed", "age from which offenders slow down", "fixed")]
    burnout_years: Annotated[float, Quantity(25.0, 15.0, 30.0, "year", "assumed", "years over which they slow down", "fixed")]
    burnout: Annotated[float, Quantity(0.03, 0.0, 0.06, "1/year", "age-crime curve, assumed", "fall of the rate a year")]
    # fmt: on


READS = (
    "outgoing", "register.outgoing", "at_stake", "register.at_stake", "person.present", "person.detained_until", "person.born", "person.id", "person.stage", "person.place", "person.home", "person.outside",
    "person.male", "person.crew", "crew.load", "place.criminal_opportunity", "place.shelter", "place.near_square", "place.near_shop", "place.near_hidden",
)  # fmt: skip
WRITES = ("here.incidents", "here.crimes")
LEVERS: dict = {}
COUNTS = {
    "incidents": Outcome("incidents/week", "lower", "Nuisance and crime committed here"),
    "crimes": Outcome("incidents/week", "lower", "Of these, crime"),
    "displaced": Outcome("incidents/week", "neither", "Of these, done elsewhere after somebody stood in the way"),
}
MECHANISMS = ("M8", "M15", "M51")


@njit
def rate(person, age, p):
    """Return the offences a week that this person sets out to commit."""
    if person.stage == NONE:
        return p.mischief * person.outside * (1.0 if person.male == 1 else p.girls) if YOUTH_FROM <= age < PUPIL_UNTIL else 0.0
    if person.stage == EXPOSED:
        return p.exposed
    level = p.favours if person.stage == FAVOURS else p.runner
    return level * max(1.0 - p.burnout * min(max(age - p.burnout_from, 0.0), p.burnout_years), 0.0)


@njit
def p_done(place):
    """Return how likely nothing stands in the way in this place."""
    return place.criminal_opportunity / max(place.shelter, 0.01)


@njit
def elsewhere(home, u, p):
    """Return another place that this person knows."""
    if u < p.hidden:
        return home.near_hidden
    if u < p.hidden + p.square:
        return home.near_square
    return home.near_shop


@njit
def offending(world, p, levers, seed, week):
    """Everybody who sets out to offend does so here, elsewhere or not at all."""
    dice = key(seed, Draw.OFFENCE, week)
    where = key(seed, Draw.OFFENCE_PLACE, week)
    tally = world.tally[0]
    for row in offenders(world, week):
        person = world.people[row]
        load = world.crews[person.crew].load if person.crew != NOBODY else 1.0
        for offence in range(count(load * rate(person, age_of(person, week), p), dice, person.id)):
            cell, moved = attempt(world.places, person, offence, p, where)
            if cell >= 0:
                tally.displaced += moved
                commit(world.here[cell], tally, person, offence, p, where)
                log(world.events, week, OFFENCE, person.id, cell, person.stage)


@njit
def offenders(world, week):
    """List whoever may offend: the young who are outside, and whoever is exposed or involved."""
    register, rows, n = world.register[0], world.scratch, 0
    for row in world.outgoing[: register.outgoing]:
        person = world.people[row]
        rows[n] = row
        n += 1 if (person.stage == NONE) & (age_of(person, week) < PUPIL_UNTIL) else 0
    for row in world.at_stake[: register.at_stake]:
        person = world.people[row]
        rows[n] = row
        n += 1 if (person.stage > NONE) & is_free(person, week) else 0
    return rows[:n]


@njit
def attempt(places, person, offence, p, dice):
    """Try one offence: in the place of the week or, stopped there, elsewhere.  Returns the cell where it is done, or NOBODY, and 1 if it moved there."""
    home = places[person.home]
    cell = person.place
    if person.outside == 0 and person.stage > NONE:
        cell = elsewhere(home, uniform(dice, person.id, 8 * offence), p)
    if happens(p_done(places[cell]), dice, person.id, 8 * offence + 1):
        return cell, 0
    if happens(p.displaced, dice, person.id, 8 * offence + 2):
        cell = elsewhere(home, uniform(dice, person.id, 8 * offence + 3), p)
        if happens(p_done(places[cell]), dice, person.id, 8 * offence + 4):
            return cell, 1
    return NOBODY, 0


@njit
def commit(here, tally, person, offence, p, dice):
    """Count one offence where it is done."""
    crime = 1 if person.stage >= FAVOURS and happens(p.crime_share, dice, person.id, 8 * offence + 5) else 0
    here.incidents += 1
    here.crimes += crime
    tally.incidents += 1
    tally.crimes += crime
