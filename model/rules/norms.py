"""Norms: "a friend of the municipality is an enemy of ours", and what counts as normal at home, at school, on the street.

Somebody of twelve and over in good contact with a professional on the street may be seen, and a report may leak.
Holders of the friend-enemy norm of twelve and over who are within sight, or look out of a window there, may make them
pay: a friend turns away for a year, or a threat comes; few do.  Somebody who pays avoids professionals on the street
for a while, and reports nothing.  Anybody who sees it learns from it, each time: that talk is punished, or that nothing
happens.  A sanction is meant as an example, and people who live nearby know of it, farther away than talk is seen.
People learn what fits what they think: those who distrust institutions take a sanction to heart, those who trust them
take to heart that nothing happened.  Nothing else moves the norm: without sanctions it wears off, as talk goes
unpunished, towards the level that newcomers bring.  A contact in a safe place, or at a safe time, is seen less: then it
costs nothing and teaches nothing.  The norms that a youth lives by at home, at school and on the street pull apart
where crime is seen and admired, and align where adults talk.  At home an involved parent teaches most, a brother less
and an uncle or other kin elsewhere less still.  A dialogue reaches people at home as far as parents trust institutions,
pupils at school, and people who are out on the street.  Pupils of one school learn from each other what is normal.

    P(pays)     = 1 - (1 - sanction / 1000)^(holders of the norm within sight)
    1 - norm_enemy *= (1 - enemy_pace conformity (1 - trust_institutions))^example   for each time that talk was punished
    norm_enemy     *= 1 - enemy_pace trust_institutions                              for each time that it was not, or for `others`
                      of a time if who talked does not hold the norm: it is news when one of one's own goes free
    norm_home -> floor + family * (open + (1 - open) closed) * (1 with a parent, or 1 - (1 - brother)^n (1 - brother * relatives)^m)
    norm_street -> (floor + company * exposure + hold * crime_hold + schoolmates * (mean of the school - own)) * (1 - dialogue)

Sources: the Tilburg report (M28, M29); Divosa (M83: street tactics); Centola e.a. 2018 and Granovetter 1978 as direction (many who
do it unpunished turn a norm over, p39); the Utrecht report (M11); loops R2, R3, R6, R7, R16, B5; sizes assumed.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import power, times
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log
from ..shared.kin import is_there
from ..shared.persons import TEEN_FROM, is_free, is_involved, is_pupil, is_under
from ..shared.sight import (
    EARSHOT,
    SIGHT,
    holds,
    list_talkers,
    mark_talk,
    place_of,
    stand_by,
    talk_of,
    talker_of,
    turn_away,
    wipe_out,
    witnesses,
)
from ..state.codes import AT_HOME, AT_SCHOOL, DIALOGUE, ON_STREET, SANCTION, TOLD_PAID
from ..state.fields import clip, fixed, unfixed
from .climate import EVERY
from .encounters import OF_RELATIVES

PAYS, LOOKS_OUT = 3, 4  # draws of who pays for a talk, and of who is at a window this week
PER_MILLE = 0.001  # the unit of `sanction`
SCARE = 0.2  # fear that a threat adds to who talked, or reported crime (R3; assumed size)
AVOIDS = 13.0  # how long somebody who paid for talking avoids professionals on the street and reports nothing (week; M28; assumed size)
HOME_BROTHER = 0.5  # what an involved brother, sister or other housemate teaches, against a parent (p10 (RR by a criminal parent or sibling 2.4), N17; assumed size)
HOME_OPEN = 0.5  # what an involved parent teaches in an open household, against a closed one (assumed)
LOOKS = 0.1  # of whoever lives within sight, who sees talk from a window (assumed)
PACE = 0.02  # pace of the norms of home, school and street (1/week; norms take 6-24 months (evidence 5.4))
SCHOOL_LOOSE = 0.3  # school norm by lack of a bond with school (assumed)


class Parameters(NamedTuple):
    """Numbers of norms."""

    # fmt: off
    seen: Annotated[float, Quantity(0.6, 0.3, 0.9, "probability", "assumed", "a good contact with a professional on the street is seen by whoever is within sight")]
    sanction: Annotated[float, Quantity(0.75, 0.0, 8.0, "per mille", "M28, R2; assumed size: of a hundred who are seen in a focus area two or three pay, so that its norm nearly rests; 0: talking costs nothing", "chance that one who holds the friend-enemy norm, within sight, makes somebody pay for talking")]
    enemy_pace: Annotated[float, Quantity(0.45, 0.05, 0.8, "ratio", "norms take 6-24 months (evidence 5.4); N16: half-life 1-5 years without sanctions; R2: without it everybody's norm stays what it was", "what somebody who fully trusts institutions unlearns of the friend-enemy norm when one who holds it goes free within sight", off=0.0)]
    example: Annotated[float, Quantity(4.0, 2.0, 14.0, "ratio", "p23, Skogan 2006 as direction: the bad weighs 4 to 14 times the good; assumed size", "weight of talk that is punished against talk that is not")]
    others: Annotated[float, Quantity(0.12, 0.0, 1.0, "ratio", "Bicchieri 2006 (one's own kind is whom one looks at), Centola e.a. 2018 as direction; assumed size", "what one learns when somebody goes free who does not hold the friend-enemy norm, against somebody who does")]
    street_floor: Annotated[float, Quantity(0.1, 0.0, 0.2, "level", "assumed", "street norm with nothing for or against")]
    street_company: Annotated[float, Quantity(0.6, 0.0, 0.9, "ratio", "R6; assumed; 0 cuts the loop", "street norm by exposure to the involved")]
    street_hold: Annotated[float, Quantity(0.4, 0.0, 0.6, "ratio", "R7, R16; assumed; 0 cuts R16", "street norm by crime's visible hold")]
    drift: Annotated[float, Quantity(0.005, 0.0, 0.02, "1/year", "p52 (M60)", "external normalisation: rise of the street norm a year")]
    floor: Annotated[float, Quantity(0.05, 0.0, 0.1, "level", "assumed", "norm of a home without an involved member, and of the school of a pupil who is bound to it")]
    home_family: Annotated[float, Quantity(0.55, 0.0, 0.9, "level", "M23; assumed; 0 cuts R9", "home norm that an involved parent teaches in a closed family")]
    schoolmates: Annotated[float, Quantity(0.2, 0.0, 0.5, "ratio", "R6, M8; Hoeben and Weerman 2016 as direction; assumed size; 0 cuts the loop", "weight of what pupils of the same school tolerate")]
    dialogue: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "B5; Vreedzame Wijk as direction; assumed size", "of what home or street teaches, what a full dialogue takes away from who takes part")]
    # fmt: on


READS = (
    "actors", "tile_index.actors", "outgoing", "tile_index.outgoing", "tile_index.corner", "tile_index.width", "person.id", "person.contact", "person.place",
    "person.conformity", "person.trust_institutions", "friend.id", "case.id", "case.state", "case.opened", "case.reporter", "case.reporter_id",
    "tile_index.young", "tile_index.youths", "person.born", "person.present", "person.detained_until", "person.home", "person.in_public",
    "person.exposure", "person.household", "person.norm_home", "person.norm_school", "person.norm_street", "person.school_bond",
    "household.involved", "household.involved_kin", "household.network", "person.stage", "kin.mother", "kin.father", "kin.mother_row", "kin.father_row",
    "place.crime_hold", "place.quarter",
    "place.near_school", "place.pupils", "place.pupil_norms",
)  # fmt: skip
WRITES = (
    "person.norm_enemy",
    "person.fear",
    "person.story",
    "person.wary",
    "friend.row",
    "friend.until",
    "sight.*",
    "person.norm_home",
    "person.norm_school",
    "person.norm_street",
    "place.pupils",
    "place.pupil_norms",
)
LEVERS = {
    "safe_places": Lever(0.0, 0.0, 1.0, "share", "contacts in safe places and at safe times: a living room, office hours"),
    "normalisation": Lever(
        0.0, 0.0, 0.5, "level", "tolerance of crime that comes from outside: drugs, rap, luxury on social media"
    ),
    "norms_dialogue": Lever(
        0.0, 0.0, 1.0, "level", "school, parents, police and housing talk with youths and each other about what is normal"
    ),
}
COUNTS = {
    "talk_seen": Outcome("persons/week", "neither", "Residents who were seen with a professional, or whose report leaked out"),
    "sanctions": Outcome("persons/week", "lower", "Of these, who paid for it: a friend turned away, or a threat came"),
}
MECHANISMS = ("M8", "M11", "M23", "M28", "M29", "M34", "M60", "M83")


@njit
def p_pays(holders, p):
    """Return how likely somebody pays for talking where so many who hold the norm are within sight."""
    return 1.0 - times(1.0 - PER_MILLE * p.sanction, holders)


@njit
def answer(world, k, p, dice, week):
    """Let somebody who was seen to talk pay for it, and then avoid professionals for a while, or not."""
    row, place = talker_of(world, k), place_of(world, k)
    person = world.people[row]
    holders, first = witnesses(world, row, place, SIGHT, dice)
    if not happens(p_pays(holders, p), dice, talk_of(world, k), PAYS):
        return
    turned = turn_away(world, row, first, week)
    person.wary = 1 + int(AVOIDS)  # this week is one
    if not turned:
        person.fear = clip(person.fear + SCARE * (1.0 - person.fear))
    person.story = max(int(person.story), TOLD_PAID)
    world.tally[0].sanctions += 1
    log(world.events, week, SANCTION, person.id, place, 0 if turned else 1)
    mark_talk(world, place, SIGHT, -1, -holds(person), 0)
    mark_talk(world, place, EARSHOT, 0, 0, 1)


@njit
def learn_from_talk(person, punished, unpunished, p):
    """Let somebody learn each time that talk was punished, and each time that it was not."""
    lesson = p.enemy_pace * person.conformity * (1.0 - person.trust_institutions)
    norm = 1.0 - (1.0 - person.norm_enemy) * power(1.0 - lesson, p.example * punished)
    person.norm_enemy = norm * power(1.0 - p.enemy_pace * person.trust_institutions, unpunished)


@njit
def freely(sight, p):
    """Return how often somebody went free within sight of a place: whoever does not hold the norm counts for a part."""
    return sight.own + p.others * (sight.talk - sight.own)


@njit
def see(world, row, dice, p):
    """Return how often somebody knows that talk was punished this week, and how often they saw that it was not.

    Of home and the place of the week the one counts where there was most, lest the same be counted twice.
    """
    person = world.people[row]
    home, here = world.sights[person.home], world.sights[person.place]
    looked = freely(home, p) if home.talk > 0 and looks_out(person, dice) else 0.0
    there = freely(here, p) if person.place != person.home else 0.0
    return max(home.punished, here.punished), max(looked, there)


@njit
def looks_out(person, dice):
    """Return whether somebody sees from a window what happens around their home this week."""
    return happens(LOOKS, dice, person.id, LOOKS_OUT)


@njit
def after_dialogue(dialogue, part, p):
    """Return what is left of what home or street teaches after so deep a dialogue, in which somebody takes part so far."""
    return 1.0 - p.dialogue * dialogue * part


@njit
def street_target(person, home, mates, dialogue, outside, p):
    """Return the tolerance of crime that the street teaches, given schoolmates, the dialogue and what comes from outside."""
    level = p.street_floor + p.street_company * person.exposure + p.street_hold * home.crime_hold + outside
    level += p.schoolmates * (mates - person.norm_street)
    return clip(level * after_dialogue(dialogue, 1.0, p))


@njit
def home_target(parents, brothers, uncles, closed, p):
    """Return the tolerance of crime that so many involved parents, other housemates and other kin teach, in so closed a family."""
    if parents + brothers + uncles == 0:
        return p.floor
    left = times(1.0 - HOME_BROTHER, brothers) * times(1.0 - HOME_BROTHER * OF_RELATIVES, uncles) if parents == 0 else 0.0
    return p.floor + p.home_family * (HOME_OPEN + (1.0 - HOME_OPEN) * closed) * (1.0 - left)


@njit
def learn_at_home(world, row, p):
    """Return the tolerance of crime at home of somebody, by which of their kin are involved; what they do themselves teaches them nothing."""
    person, own, people = world.people[row], world.kin[row], world.people
    household = world.households[person.household]
    housemates = max(household.involved - (1 if is_involved(person) else 0), 0)
    if housemates + household.involved_kin == 0:
        return p.floor
    at_home, elsewhere = 0, 0
    for parent, who in ((own.mother_row, own.mother), (own.father_row, own.father)):
        if is_there(people, parent, who) and is_involved(people[parent]):
            at_home += 1 if people[parent].household == person.household else 0
            elsewhere += 1 if people[parent].household != person.household else 0
    brothers, uncles = max(housemates - at_home, 0), max(household.involved_kin - elsewhere, 0)
    return home_target(at_home + elsewhere, brothers, uncles, household.network, p)


@njit
def trust_of_parents(people, own):
    """Return how much a parent who lives here trusts institutions, the one who does most: so readily they take part in a dialogue."""
    most = 0.0
    for parent, who in ((own.mother_row, own.mother), (own.father_row, own.father)):
        if is_there(people, parent, who):
            most = max(most, people[parent].trust_institutions)
    return most


@njit
def school_target(person, mates, dialogue, p):
    """Return the tolerance of crime at school, by the bond with it and what schoolmates tolerate."""
    return clip(p.floor + (SCHOOL_LOOSE * (1.0 - person.school_bond) + p.schoolmates * mates) * (1.0 - dialogue))


@njit
def gather_pupils(people, youths, places, week):
    """Count the pupils of every school and what they tolerate."""
    for row in youths:
        school = places[places[people[row].home].near_school]
        school.pupils = 0
        school.pupil_norms = 0
    for row in youths:
        person = people[row]
        if is_pupil(person, week):
            school = places[places[person.home].near_school]
            school.pupils += 1
            school.pupil_norms += fixed(person.norm_street)


@njit
def norms(world, p, levers, seed, week):
    """The friend-enemy norm after what was seen of talk; once in four weeks the three norms of everybody of 8-39."""
    punish_talk(world, p, levers, seed, week)
    if week % EVERY == 0:
        teach_all(world, p, levers, week)


@njit
def punish_talk(world, p, levers, seed, week):
    """Let people who are seen to talk pay for it, or not, and let whoever is within sight learn from it."""
    dice = key(seed, Draw.SANCTION, week)
    talkers = list_talkers(world, p, levers, dice, week)
    if talkers == 0:
        return
    people, sights, actors = world.people, world.sights, world.actors[: world.tile_index[0].actors]
    for k in range(talkers):
        mark_talk(world, place_of(world, k), SIGHT, 1, holds(people[talker_of(world, k)]), 0)
    for row in actors:
        person = people[row]
        near = (sights[person.home].talk > 0) | (sights[person.place].talk > 0)
        if near and holds(person) == 1 and is_free(person, week) and not is_under(person, TEEN_FROM, week):
            if sights[person.home].talk > 0 and looks_out(person, dice):
                stand_by(people, sights[person.home], row, dice)
            if person.place != person.home:
                stand_by(people, sights[person.place], row, dice)
    for k in range(talkers):
        answer(world, k, p, dice, week)
    for row in actors:
        punished, unpunished = see(world, row, dice, p)
        if punished + unpunished > 0.0 and is_free(people[row], week):
            learn_from_talk(people[row], punished, unpunished, p)
    for k in range(talkers):
        wipe_out(world, place_of(world, k), EARSHOT)


@njit
def teach_all(world, p, levers, week):
    """Let home, school and street teach everybody of 8-39."""
    tile_index, people, places = world.tile_index[0], world.people, world.places
    gather_pupils(people, world.actors[: tile_index.youths], places, week)
    for row in world.actors[: tile_index.young]:
        person = people[row]
        if is_free(person, week):
            home = places[person.home]
            lever = levers[home.quarter]
            outside = p.drift * (week / WEEKS_A_YEAR) + lever.normalisation
            school = places[home.near_school]
            pupil = 1 if is_pupil(person, week) else 0
            mates = unfixed(school.pupil_norms) / school.pupils if pupil == 1 else person.norm_street
            at_home = learn_at_home(world, row, p)
            if lever.norms_dialogue > 0.0:
                trusting = trust_of_parents(people, world.kin[row])
                at_home *= after_dialogue(lever.norms_dialogue, trusting, p)
                tell_of_dialogue(world.events, person, home, trusting, pupil, week)
            teach(person, at_home, home, mates, pupil, lever.norms_dialogue, outside, p)


@njit
def tell_of_dialogue(events, person, home, trusting, pupil, week):
    """Note that somebody takes part in a dialogue, and where: at home with a parent who trusts so far, at school, on the street."""
    where = (AT_HOME if trusting > 0.0 else 0) + AT_SCHOOL * pupil + ON_STREET * person.in_public
    if where > 0:
        place = home.near_school if pupil == 1 and person.in_public == 0 else person.place  # at home it is that of the home
        log(events, week, DIALOGUE, person.id, place, where)


@njit
def teach(person, at_home, home, mates, pupil, dialogue, outside, p):
    """Let home, school and street teach what is normal there; who is out takes part in the dialogue on the street, pupils at school."""
    pace = PACE * EVERY
    street = street_target(person, home, mates, dialogue * person.in_public, outside, p)
    person.norm_street += pace * (street - person.norm_street)
    person.norm_home += pace * (at_home - person.norm_home)
    person.norm_school += pace * (school_target(person, mates, dialogue * pupil, p) - person.norm_school)
