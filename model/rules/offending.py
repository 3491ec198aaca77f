"""Offending: what people do, and where.

Ordinary crime is everywhere: mischief of the young who are outside, mostly with friends of whom one leads, and crime,
most common at eighteen to twenty, of which a few people commit most.  Part of it is done elsewhere, in shops of the
centre or in traffic, where no neighbour sees it.  People who are exposed or involved also cause nuisance, while
outside, and commit crime about as often as their stage and the work of the crew ask.  Here an offence is done where
there is opportunity: first in the place of the week, and if somebody stands in the way there, or a raid or arrest still
deters, in part in another place (displacement).  Violence or vandalism may be repeated at once, in the same place, since nobody stopped the first.  An
adult may correct somebody outside a crew who is about to cause nuisance, where a code is shared, neighbours act
together and institutions back them.  Others can see most of it, but little of the dealing.  Registered crime above the
usual level gets attention for a while.

    inclination = propensity^2 * (1, or female) * (1 + tolerance * street norm)
    age curve = bell((age - 18) / youth) below 18, then 1;  exp(-burnout (age - 20)) from 20
    mischief by what playmates do: * alone without friends there, else + following * (inclination of the one who leads - own)
    offences ~ Poisson(inclination * (mischief * outside + (crime * outside + away) * age curve) + rate(stage) * load of the crew)
    done here with probability (1 - deterrence) criminal opportunity / concealment,  else displaced with probability p36
    P(corrected) = (correcting + (1 - correcting) dialogue) * informal control * trust in institutions around
    attention = lingers * attention + (1 - attention) * (stir * registered crimes above the usual + alarmed * alarm)

Sources: CBS 2022 and 2023 (suspects by age and sex), V1; p36 (displacement 0.3), Bowers e.a. 2011, Ratcliffe e.a. 2011;
N1, N9 (few do most); M8, M12, M15, M50, M51; loops R11, B11.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import bell, exp
from ..compiled import njit
from ..draws import Draw, count, happens, identity, key, uniform
from ..quantity import Outcome, Quantity
from ..shared.events import log
from ..shared.offences import does_harm, is_crime
from ..shared.persons import ADULT_FROM, PUPIL_UNTIL, YOUTH_FROM, age_of, is_free, is_under
from ..shared.public_places import OPEN
from ..state.codes import (
    CRIME_ELSEWHERE,
    DEALING,
    DISTURBANCE,
    ELSEWHERE,
    EXPOSED,
    FAVOURS,
    FRIENDS,
    NOBODY,
    NONE,
    OFFENCE,
    TIED_IN,
    VIOLENCE,
)
from ..state.fields import clip

KNOWN_PLACES = 3  # that somebody knows besides where they are: the hidden spot, the usual square and the usual shop
SERIES = 16  # offences at most that follow each other at once
OCCASIONS, SHOWS = 16, 8  # of draws by Draw.OFFENCE_PLACE: how many each offence has, and whether it can be seen for what it is
DONE, MOVES, MOVES_TO, DONE_THERE, WHICH, CORRECTED, IDENTITY, AGAIN = 1, 2, 3, 4, 5, 6, 9, 10  # others of them
MOST_PROPENSE = 6.25  # the square of the largest propensity (`newcomers.differ`)
ALARMED = 0.1  # attention drawn by an incident that everybody talks about (1/week; M50, M70; assumed size)
FOLLOWING = 0.4  # how far a youth goes along with the friend in the place who is most inclined to nuisance (Warr 1996 (groups have an instigator) as direction; assumed size)
GETTING_USED = 0.02  # pace at which people get used to crime (1/week; assumed: about a year)
LESSON = 0.05  # street norm that a youth loses by being corrected (assumed)
LINGERS = 0.92  # attention left after a week (ratio/week; assumed: half-life eight weeks)


class Parameters(NamedTuple):
    """Numbers of offending."""

    # fmt: off
    mischief: Annotated[float, Quantity(0.0215, 0.006, 0.045, "1/week", "assumed; calibrated: nuisance stays what it was before ordinary crime", "nuisance by a boy of 8-17 of ordinary propensity and without tolerance of crime, while outdoors with friends none of whom leads")]
    alone: Annotated[float, Quantity(0.5, 0.2, 1.0, "ratio", "Hoeben and Weerman 2016 (unstructured time with peers) as direction; assumed size; 1: company does not matter", "nuisance by a youth who is out without friends, against with them")]
    crime: Annotated[float, Quantity(0.0105, 0.004, 0.025, "1/week", "calibrated: about as much is registered as in the wijken that fit: median 12.5 per 1,000 a year in 2011-2017, of a fall by a third (N2)", "violence, threat and vandalism begun by a man of 18-20 of ordinary propensity and without tolerance of crime, while outdoors")]
    away: Annotated[float, Quantity(0.0024, 0.001, 0.006, "1/week", "calibrated: suspects are as many as N1 asks (CBS 2022: 2.0 % of 12-24 a year)", "crime elsewhere, as in shops of the centre and in traffic, by the same man")]
    again: Annotated[float, Quantity(0.35, 0.0, 0.6, "probability", "near repeats, Townsley e.a. 2003 as direction; assumed size; calibrated on N5", "whoever did violence, threat or vandalism does it again at once")]
    youth: Annotated[float, Quantity(3.0, 2.0, 4.0, "year", "CBS (suspects by age), V1; shape as in UCR arrests of minors 1994-2016", "spread of crime by age below 18")]
    tolerance: Annotated[float, Quantity(2.0, 0.5, 5.0, "ratio", "social learning, Pratt e.a. 2010 as direction; assumed size", "rise of ordinary offences by full tolerance of crime on the street")]
    exposed: Annotated[float, Quantity(0.12, 0.04, 0.24, "1/week", "assumed", "nuisance at stage 1 besides, while outdoors")]
    favours: Annotated[float, Quantity(0.7, 0.3, 1.2, "1/week", "assumed", "offences at stage 2 besides, while outdoors; twice as many at stage 3 and 4")]
    crime_share: Annotated[float, Quantity(0.15, 0.07, 0.22, "share", "assumed", "share of these offences at stage 2 and up that is crime rather than nuisance, and so is done indoors too")]
    dealing: Annotated[float, Quantity(0.7, 0.4, 0.9, "share", "assumed", "share of dealing in that crime; the others are violence, threat and vandalism")]
    shown: Annotated[float, Quantity(0.05, 0.01, 0.2, "probability", "assumed; local dealing is known and hardly in police figures or reports (evidence 2.2)", "whoever is around can see a deal for what it is")]
    displaced: Annotated[float, Quantity(0.3, 0.0, 0.5, "probability", "p36, Ratcliffe e.a. 2011", "an offence that is stopped is tried in another place")]
    burnout_from: Annotated[float, Quantity(20.0, 18.0, 22.0, "year", "V1 as direction; assumed", "age from which offenders slow down", "fixed")]
    burnout: Annotated[float, Quantity(0.055, 0.0, 0.08, "1/year", "Farrington 1986 (fall from the early twenties, with a long tail) as direction; assumed size, so that few suspects are 65 or over, as by CBS (suspects by age)", "pace at which the rate falls with age, all life long")]
    correcting: Annotated[float, Quantity(0.4, 0.0, 0.8, "ratio", "M12; assumed size; 0: nobody corrects without a dialogue", "an adult, who shares a code with youths, corrects them, with full control and backing and without a dialogue on norms")]
    stir: Annotated[float, Quantity(0.01, 0.0, 0.04, "level", "M50; assumed size; 0 cuts R11 and B11", "attention by each registered crime a week per 1,000 residents above the usual")]
    # fmt: on


BORROWS = ("recruitment.female",)
READS = (
    "actors", "tile_index.actors", "person.present", "person.detained_until", "person.born", "person.id", "person.stage", "person.place", "person.home", "person.in_public",
    "person.male", "person.propensity", "friend.row", "friend.id", "person.crew", "crew.load", "place.criminal_opportunity", "place.concealment", "place.deterrence", "place.usual_square", "place.usual_shop", "place.near_hidden",
    "person.norm_street", "place.informal_control", "place.trust", "place.quarter", "patch.registered", "patch.quarter", "patch.residents", "patch.usual_crime",
)  # fmt: skip
WRITES = (
    "offence.*", "tile_index.offences", "cell_week.visible", "cell_week.harmed", "person.norm_street", "patch.registered", "patch.usual_crime", "patch.attention",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "incidents": Outcome("incidents/week", "lower", "Nuisance and crime committed here, true number"),
    "crimes": Outcome("incidents/week", "lower", "Of these, crime"),
    "violence_vandalism": Outcome("incidents/week", "lower", "Of these, violence, threat and vandalism"),
    "displaced": Outcome("incidents/week", "neither", "Incidents that moved to another place after somebody stood in the way"),
    "crimes_elsewhere": Outcome(
        "incidents/week", "lower", "Crimes of residents outside the neighbourhood, as in shops and in traffic"
    ),
    "corrections": Outcome("times/week", "higher", "Times that an adult corrected youths who were about to cause nuisance"),
}
MECHANISMS = ("M8", "M12", "M15", "M50", "M51", "M70")


@njit
def slowed(age, p):
    """Return what burnout leaves of the rate at this age."""
    return exp(-p.burnout * max(age - p.burnout_from, 0.0))


@njit
def age_curve(age, p):
    """Return ordinary crime at this age against that at 18-20."""
    return bell((age - ADULT_FROM) / p.youth) if age < ADULT_FROM else slowed(age, p)


@njit
def inclination(person, p):
    """Return how much more than usual somebody offends: a few far more than most, men, and whoever tolerates crime."""
    own = 1.0 * person.propensity * person.propensity * (1.0 if person.male == 1 else p.female)
    return own * (1.0 + p.tolerance * person.norm_street)


@njit
def mischief(person, age, p):
    """Return the nuisance a week by a youth who has nothing to do with a crew."""
    young = person.stage == NONE and YOUTH_FROM <= age < PUPIL_UNTIL
    return p.mischief * inclination(person, p) if young and person.in_public == 1 else 0.0


@njit
def led(world, row, nuisance, p):
    """Return the nuisance a week of a youth who would cause so much unled, in the company there is: less without a friend, more with one who leads."""
    person, ties = world.people[row], world.friends[row]
    own, leading, friends = inclination(person, p), 0.0, 0
    for k in range(FRIENDS):
        friend = ties[k]
        if friend.row != NOBODY and is_out_with(world.people[friend.row], friend.id, person):
            friends += 1
            leading = max(leading, inclination(world.people[friend.row], p))
    if friends == 0:
        return nuisance * p.alone
    return nuisance + p.mischief * FOLLOWING * max(leading - own, 0.0)


@njit
def is_out_with(other, who, person):
    """Return whether a friend of this identity spends the week in the same public place."""
    return other.id == who and other.present == 1 and other.in_public == 1 and other.place == person.place


@njit
def ordinary_crime(person, age, p):
    """Return the crimes a week that this person sets out to commit as anybody may, elsewhere and, while outside, here."""
    return age_curve(age, p) * inclination(person, p) * (p.away + p.crime * person.in_public)


@njit
def may_offend(person, u, p, week):
    """Return whether this lot could bring an offence at the worst age and in the worst company: most people need no closer look."""
    if person.stage > NONE:
        return True
    own = inclination(person, p)
    most = own * (p.away + p.crime * person.in_public)
    if (person.in_public == 1) & is_under(person, PUPIL_UNTIL, week):
        most += p.mischief * (own + FOLLOWING * MOST_PROPENSE * (1.0 + p.tolerance))
    return u > 1.0 - most  # no offence up to exp(-rate), and exp(-rate) >= 1 - most


@njit
def hangs_out(person):
    """Return whether somebody is outside with nothing to do: those who are tied in do not draw attention there."""
    return person.in_public == 1 and person.stage != TIED_IN


@njit
def rate(person, age, p):
    """Return the offences a week that go with the stage; who does not hang out causes no nuisance, and does the rest all the same."""
    if person.stage == NONE:
        return 0.0
    if person.stage == EXPOSED:
        return p.exposed * person.in_public
    level = p.favours if person.stage == FAVOURS else 2.0 * p.favours
    return level * slowed(age, p) * (1.0 if hangs_out(person) else p.crime_share)


@njit
def ordinary_kind(person, u, p):
    """Return the kind of an ordinary crime: elsewhere, or while outside here."""
    if u * (p.away + p.crime * person.in_public) < p.away:
        return ELSEWHERE
    return VIOLENCE


@njit
def kind_of_work(person, u, p):
    """Return the kind of an offence that goes with the stage."""
    crime_share = p.crime_share if hangs_out(person) else 1.0
    if person.stage < FAVOURS or u >= crime_share:
        return DISTURBANCE
    if u < crime_share * p.dealing:
        return DEALING
    return VIOLENCE


@njit
def p_done(place):
    """Return how likely nothing stands in the way in this place, and nothing deters."""
    return (1.0 - place.deterrence) * place.criminal_opportunity / max(place.concealment, OPEN)


@njit
def other_place(home, u):
    """Return another place that this person knows: the hidden spot, the usual square or the usual shop."""
    if u < 1.0 / KNOWN_PLACES:
        return home.near_hidden
    return home.usual_square if u < 2.0 / KNOWN_PLACES else home.usual_shop


@njit
def offending(world, p, levers, seed, week):
    """Everybody who sets out to offend does so here, in another place, outside the neighbourhood or not at all."""
    dice, where = key(seed, Draw.OFFENCE, week), key(seed, Draw.OFFENCE_PLACE, week)
    tile_index = world.tile_index[0]
    for j in range(world.patches.size):
        get_attention(world.patches[j], levers[world.patches[j].quarter].alarm, p, week)
    tile_index.offences = 0
    for row in world.actors[: tile_index.actors]:
        person = world.people[row]
        if is_free(person, week) and may_offend(person, uniform(dice, person.id), p, week):
            set_out(world, row, age_of(person, week), p, levers, dice, where, week)


@njit
def set_out(world, row, age, p, levers, dice, where, week):
    """Let one person commit the offences of this week."""
    person = world.people[row]
    crime, nuisance = ordinary_crime(person, age, p), mischief(person, age, p)
    if nuisance > 0.0:
        nuisance = led(world, row, nuisance, p)
    load = world.crews[person.crew].load if person.crew != NOBODY else 1.0
    total = crime + nuisance + load * rate(person, age, p)
    for offence in range(count(total, dice, person.id)):
        u = total * uniform(where, person.id, OCCASIONS * offence + WHICH)
        if u < crime:
            kind = ordinary_kind(person, u / crime, p)
        elif u < crime + nuisance:
            kind = DISTURBANCE
        else:
            kind = kind_of_work(person, (u - crime - nuisance) / (total - crime - nuisance), p)
        nth = SERIES * offence
        cell = offend(world, row, nth, kind, p, levers, where, week)
        while cell != NOBODY and goes_on(person, nth, kind, p, where):
            nth += 1
            do(world, row, nth, kind, cell, p, where, week)


@njit
def goes_on(person, nth, kind, p, dice):
    """Return whether somebody who has just offended does so again at once, in the same place and with another victim: whatever might have stopped them has not."""
    return does_harm(kind) and nth % SERIES < SERIES - 1 and happens(p.again, dice, person.id, OCCASIONS * nth + AGAIN)


@njit
def offend(world, row, nth, kind, p, levers, dice, week):
    """Let one offence be done, unless somebody stands in the way or corrects; that of elsewhere meets nobody here.  Returns the cell where it is done, or NOBODY."""
    person, tally = world.people[row], world.tally[0]
    if kind == ELSEWHERE:
        tally.crimes_elsewhere += 1
        note(world, row, nth, kind, NOBODY, 1, dice)
        log(world.events, week, CRIME_ELSEWHERE, person.id, person.home, person.stage)
        return NOBODY
    cell, moved = attempt(world.places, person, nth, p, dice)
    if cell == NOBODY:
        return NOBODY
    place = world.places[cell]
    correctable = kind == DISTURBANCE and person.stage <= EXPOSED
    if correctable and happens(p_corrected(place, levers[place.quarter], p), dice, person.id, OCCASIONS * nth + CORRECTED):
        be_corrected(person, tally)
        return NOBODY
    tally.displaced += moved
    do(world, row, nth, kind, cell, p, dice, week)
    return cell


@njit
def do(world, row, nth, kind, cell, p, dice, week):
    """Let one offence be done in this cell: count it, list it and log it."""
    person = world.people[row]
    visible = 1 if kind != DEALING or happens(p.shown, dice, person.id, OCCASIONS * nth + SHOWS) else 0
    commit(world.cell_week[cell], world.tally[0], kind, visible)
    note(world, row, nth, kind, cell, visible, dice)
    log(world.events, week, OFFENCE, person.id, cell, person.stage)


@njit
def attempt(places, person, offence, p, dice):
    """Try one offence: in the place of the week or, stopped there, in another.  Returns the cell where it is done, or NOBODY, and 1 if it moved there."""
    home = places[person.home]
    cell = person.place
    if person.in_public == 0 and person.stage > NONE:
        cell = other_place(home, uniform(dice, person.id, OCCASIONS * offence))
    if happens(p_done(places[cell]), dice, person.id, OCCASIONS * offence + DONE):
        return cell, 0
    if happens(p.displaced, dice, person.id, OCCASIONS * offence + MOVES):
        cell = other_place(home, uniform(dice, person.id, OCCASIONS * offence + MOVES_TO))
        if happens(p_done(places[cell]), dice, person.id, OCCASIONS * offence + DONE_THERE):
            return cell, 1
    return NOBODY, 0


@njit
def commit(here, tally, kind, visible):
    """Count one offence where it is done."""
    harm = 1 if does_harm(kind) else 0
    here.visible += visible
    here.harmed += harm
    tally.incidents += 1
    tally.crimes += 1 if is_crime(kind) else 0
    tally.violence_vandalism += harm


@njit
def note(world, row, nth, kind, cell, visible, dice):
    """List one offence among those of the week; a full list, of twice as many as there are rows for people, takes no more."""
    tile_index = world.tile_index[0]
    if tile_index.offences == world.offences.size:
        return
    offence = world.offences[tile_index.offences]
    offence.id = identity(dice, world.people[row].id, OCCASIONS * nth + IDENTITY)
    offence.who = row
    offence.place = cell
    offence.kind = kind
    offence.visible = visible
    offence.registered = 0
    tile_index.offences += 1


@njit
def p_corrected(place, lever, p):
    """Return how likely an adult in this place corrects a youth who is about to cause nuisance."""
    correcting = p.correcting + (1.0 - p.correcting) * lever.norms_dialogue
    return correcting * place.informal_control * place.trust


@njit
def be_corrected(person, tally):
    """Let a youth be corrected: nothing happens, and a little is learnt."""
    tally.corrections += 1
    person.norm_street -= LESSON * person.norm_street


@njit
def get_attention(patch, alarm, p, week):
    """Let press, council and police look up at registered crime that is more than usual, and at a grave incident, and forget it again."""
    if patch.residents > 0:
        rate = 1000.0 * patch.registered / patch.residents
        patch.usual_crime += max(GETTING_USED, 1.0 / max(week - 1.0, 1.0)) * (
            rate - patch.usual_crime
        )  # at first the mean so far
        news = min(p.stir * max(rate - patch.usual_crime, 0.0) + ALARMED * alarm, 1.0)
        patch.attention = clip(LINGERS * patch.attention + (1.0 - patch.attention) * news)
    patch.registered = 0
