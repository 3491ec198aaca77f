"""Offending: what the involved do, and where.

An involved person commits nuisance or crime about as often as the stage and the work of the crew ask, where opportunity is: first in the
place of the week, and if somebody stands in the way there, in part elsewhere (displacement).  Youths without a crew
cause the small nuisance of their age; an adult may correct them on the spot, where a code is shared, neighbours act together and
institutions back them.  Crime that is more than usual gets attention for a while.

    offences ~ Poisson(rate(stage) * load of the crew),  done with probability criminal opportunity / concealment,  else displaced with probability p36
    P(corrected) = correcting * informal control * (code + (1 - code) dialogue) * trust in institutions around
    attention = lingers * attention + (1 - attention) * (stir * crimes above the usual + alarmed * alarm)

Sources: p36 (displacement 0.3), Bowers e.a. 2011, Ratcliffe e.a. 2011; age-crime curve emerges from recruitment and desistance (V1);
M8, M12, M15, M50, M51; loops R11, B11.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, count, happens, key, uniform
from ..quantity import Outcome, Quantity
from ..shared.events import log
from ..shared.persons import PUPIL_UNTIL, YOUTH_FROM, age_of, is_free
from ..state.codes import EXPOSED, FAVOURS, NOBODY, NONE, OFFENCE
from ..state.fields import clip


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
    square: Annotated[float, Quantity(0.3, 0.2, 0.4, "share", "assumed", "of what moves elsewhere, to the usual square; the others go to the usual shop", "fixed")]
    burnout_from: Annotated[float, Quantity(20.0, 18.0, 22.0, "year", "V1 as direction; assumed", "age from which offenders slow down", "fixed")]
    burnout_years: Annotated[float, Quantity(25.0, 15.0, 30.0, "year", "assumed", "years over which they slow down", "fixed")]
    burnout: Annotated[float, Quantity(0.03, 0.0, 0.06, "1/year", "age-crime curve, assumed", "fall of the rate a year")]
    correcting: Annotated[float, Quantity(0.8, 0.0, 1.0, "ratio", "M12; assumed size; 0: nobody corrects", "an adult corrects a youth, with full control, code and backing")]
    code: Annotated[float, Quantity(0.5, 0.2, 0.8, "share", "M12; assumed", "adults and youths who share a code without a dialogue on norms")]
    lesson: Annotated[float, Quantity(0.05, 0.0, 0.15, "ratio", "assumed", "street norm that a youth loses by being corrected")]
    stir: Annotated[float, Quantity(0.01, 0.0, 0.04, "level", "M50; assumed size; 0 cuts R11 and B11", "attention by each crime a week per 1,000 residents above the usual")]
    alarmed: Annotated[float, Quantity(0.1, 0.0, 0.3, "1/week", "M50, M70; assumed size", "attention by an incident in everybody's mouth")]
    lingers: Annotated[float, Quantity(0.92, 0.8, 0.97, "ratio/week", "assumed: half-life eight weeks", "attention left after a week")]
    getting_used: Annotated[float, Quantity(0.02, 0.005, 0.05, "1/week", "assumed: about a year", "pace at which people get used to crime")]
    # fmt: on


READS = (
    "outgoing", "tile_index.outgoing", "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.born", "person.id", "person.stage", "person.place", "person.home", "person.in_public",
    "person.male", "person.crew", "crew.load", "place.criminal_opportunity", "place.concealment", "place.usual_square", "place.usual_shop", "place.near_hidden",
    "person.norm_street", "place.informal_control", "place.trust", "place.quarter", "patch.crimes", "patch.quarter", "patch.residents", "patch.usual_crime",
)  # fmt: skip
WRITES = (
    "cell_week.incidents", "cell_week.crimes", "person.norm_street", "patch.crimes", "patch.usual_crime", "patch.attention",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "incidents": Outcome("incidents/week", "lower", "Nuisance and crime committed here"),
    "crimes": Outcome("incidents/week", "lower", "Of these, crime"),
    "displaced": Outcome("incidents/week", "neither", "Of these, done elsewhere after somebody stood in the way"),
    "corrections": Outcome("times/week", "higher", "Times that an adult corrected youths who were about to cause nuisance"),
}
MECHANISMS = ("M8", "M12", "M15", "M50", "M51", "M70")


@njit
def rate(person, age, p):
    """Return the offences a week that this person sets out to commit."""
    if person.stage == NONE:
        return p.mischief * person.in_public * (1.0 if person.male == 1 else p.girls) if YOUTH_FROM <= age < PUPIL_UNTIL else 0.0
    if person.stage == EXPOSED:
        return p.exposed
    level = p.favours if person.stage == FAVOURS else p.runner
    return level * max(1.0 - p.burnout * min(max(age - p.burnout_from, 0.0), p.burnout_years), 0.0)


@njit
def p_done(place):
    """Return how likely nothing stands in the way in this place."""
    return place.criminal_opportunity / max(place.concealment, 0.01)


@njit
def elsewhere(home, u, p):
    """Return another place that this person knows."""
    if u < p.hidden:
        return home.near_hidden
    if u < p.hidden + p.square:
        return home.usual_square
    return home.usual_shop


@njit
def offending(world, p, levers, seed, week):
    """Everybody who sets out to offend does so here, elsewhere or not at all."""
    dice = key(seed, Draw.OFFENCE, week)
    where = key(seed, Draw.OFFENCE_PLACE, week)
    tally = world.tally[0]
    for j in range(world.patches.size):
        world.patches[j].crimes = 0
    for row in offenders(world, week):
        person = world.people[row]
        load = world.crews[person.crew].load if person.crew != NOBODY else 1.0
        for offence in range(count(load * rate(person, age_of(person, week), p), dice, person.id)):
            cell, moved = attempt(world.places, person, offence, p, where)
            if cell < 0:
                continue
            place = world.places[cell]
            if person.stage <= EXPOSED and happens(
                p_corrected(place, levers[place.quarter], p), where, person.id, 8 * offence + 6
            ):
                be_corrected(person, tally, p)
                continue
            tally.displaced += moved
            commit(world.cell_week[cell], world.patches[place.quarter], tally, person, offence, p, where)
            log(world.events, week, OFFENCE, person.id, cell, person.stage)
    for j in range(world.patches.size):
        get_attention(world.patches[j], levers[world.patches[j].quarter].alarm, p, week)


@njit
def offenders(world, week):
    """List whoever may offend: the young who are outside, and whoever is exposed or involved."""
    tile_index, rows, n = world.tile_index[0], world.scratch, 0
    for row in world.outgoing[: tile_index.outgoing]:
        person = world.people[row]
        rows[n] = row
        n += 1 if (person.stage == NONE) & (age_of(person, week) < PUPIL_UNTIL) else 0
    for row in world.at_stake[: tile_index.at_stake]:
        person = world.people[row]
        rows[n] = row
        n += 1 if (person.stage > NONE) & is_free(person, week) else 0
    return rows[:n]


@njit
def attempt(places, person, offence, p, dice):
    """Try one offence: in the place of the week or, stopped there, elsewhere.  Returns the cell where it is done, or NOBODY, and 1 if it moved there."""
    home = places[person.home]
    cell = person.place
    if person.in_public == 0 and person.stage > NONE:
        cell = elsewhere(home, uniform(dice, person.id, 8 * offence), p)
    if happens(p_done(places[cell]), dice, person.id, 8 * offence + 1):
        return cell, 0
    if happens(p.displaced, dice, person.id, 8 * offence + 2):
        cell = elsewhere(home, uniform(dice, person.id, 8 * offence + 3), p)
        if happens(p_done(places[cell]), dice, person.id, 8 * offence + 4):
            return cell, 1
    return NOBODY, 0


@njit
def commit(here, patch, tally, person, offence, p, dice):
    """Count one offence where it is done."""
    crime = 1 if person.stage >= FAVOURS and happens(p.crime_share, dice, person.id, 8 * offence + 5) else 0
    here.incidents += 1
    here.crimes += crime
    patch.crimes += crime
    tally.incidents += 1
    tally.crimes += crime


@njit
def p_corrected(place, lever, p):
    """Return how likely an adult in this place corrects a youth who is about to cause nuisance."""
    code = p.code + (1.0 - p.code) * lever.norms_dialogue
    return p.correcting * place.informal_control * code * place.trust


@njit
def be_corrected(person, tally, p):
    """Let a youth be corrected: nothing happens, and a little is learnt."""
    tally.corrections += 1
    person.norm_street -= p.lesson * person.norm_street


@njit
def get_attention(patch, alarm, p, week):
    """Let press, council and police look up at crime that is more than usual, and at a grave incident, and forget it again."""
    if patch.residents > 0:
        rate = 1000.0 * patch.crimes / patch.residents
        patch.usual_crime += max(p.getting_used, 1.0 / week) * (rate - patch.usual_crime)  # at first the mean so far
        news = min(p.stir * max(rate - patch.usual_crime, 0.0) + p.alarmed * alarm, 1.0)
        patch.attention = clip(p.lingers * patch.attention + (1.0 - patch.attention) * news)
