"""Norms: "a friend of the municipality is an enemy of ours", and what counts as normal at home, at school, on the street.

The friend-enemy norm is kept up by sanction: the more people around hold it and the more one distrusts, the more it
binds.  People who openly deal with the frontline break it: past a committed share it flips.  The norms that a youth
lives by at home, at school and on the street pull apart where crime is seen and admired, and align where adults talk.
At home an involved parent teaches most, a brother less and an uncle or other kin elsewhere less still.  A dialogue is taken part in:
at home by parents as far as they trust institutions, at school by pupils, on the street by who is out there.
Pupils of one school learn from each other what is normal.

    norm_enemy -> logistic(slope * (conformity * around * (0.6 + 0.8 distrust) - push * openness / threshold - 0.5))
    norm_home -> floor + family * (open + (1 - open) closed) * (1 with a parent, or 1 - (1 - brother)^n (1 - uncle)^m)
    norm_street -> (floor + company * exposure + hold * crime_hold + schoolmates * (mean of the school - own)) * (1 - dialogue)

Sources: Centola e.a. 2018 (committed minority, p39), Granovetter 1978; the Tilburg report (M28); the Utrecht report (M11); loops R2, R6, R7,
R16, B5.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import times
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..quantity import Lever, Quantity
from ..shared.kin import is_there
from ..shared.persons import is_free, is_involved, is_pupil, logistic
from ..state.fields import clip, fixed, unfixed
from .climate import EVERY


class Parameters(NamedTuple):
    """Numbers of norms."""

    # fmt: off
    threshold: Annotated[float, Quantity(0.25, 0.10, 0.40, "share", "p39, Centola e.a. 2018", "openly dealing share around that flips the friend-enemy norm")]
    push: Annotated[float, Quantity(0.35, 0.2, 0.5, "ratio", "assumed, so that the threshold flips a widely held norm", "push of the open ones at the threshold")]
    sanction: Annotated[float, Quantity(1.08, 0.0, 1.5, "ratio", "M28, R2; assumed size", "sanction by neighbours who hold the norm")]
    loyal: Annotated[float, Quantity(0.6, 0.4, 0.8, "ratio", "assumed", "how much the sanction binds who fully trusts institutions")]
    distrust: Annotated[float, Quantity(0.8, 0.4, 1.2, "ratio", "M28; assumed", "how much more it binds who does not trust them at all")]
    slope: Annotated[float, Quantity(8.0, 4.0, 14.0, "1", "assumed", "sharpness of the flip")]
    pace: Annotated[float, Quantity(0.02, 0.01, 0.04, "1/week", "norms take 6-24 months (evidence 5.4)", "pace of the norms of home, school and street")]
    enemy_pace: Annotated[float, Quantity(0.02, 0.01, 0.04, "1/week", "norms take 6-24 months (evidence 5.4); R2: without it everybody's norm stays what it was", "pace of the friend-enemy norm", off=0.0)]
    street_floor: Annotated[float, Quantity(0.1, 0.0, 0.2, "level", "assumed", "street norm with nothing for or against")]
    street_company: Annotated[float, Quantity(0.6, 0.0, 0.9, "ratio", "R6; assumed; 0 cuts the loop", "street norm by exposure to the involved")]
    street_hold: Annotated[float, Quantity(0.4, 0.0, 0.6, "ratio", "R7, R16; assumed; 0 cuts R16", "street norm by crime's visible hold")]
    drift: Annotated[float, Quantity(0.005, 0.0, 0.02, "1/year", "p52 (M60)", "external normalisation: rise of the street norm a year")]
    home_floor: Annotated[float, Quantity(0.05, 0.0, 0.1, "level", "assumed", "home norm without an involved member")]
    home_family: Annotated[float, Quantity(0.55, 0.0, 0.9, "level", "M23; assumed; 0 cuts R9", "home norm that an involved parent teaches in a closed family")]
    home_open: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "assumed", "what an involved parent teaches in an open household, against a closed one")]
    home_brother: Annotated[float, Quantity(0.5, 0.0, 1.0, "ratio", "p10 (RR by a criminal parent or sibling 2.4), N17; assumed size", "what an involved brother, sister or other housemate teaches, against a parent")]
    home_uncle: Annotated[float, Quantity(0.25, 0.0, 1.0, "ratio", "N17; assumed size", "what somebody involved in another household of kin teaches, against a parent")]
    school_floor: Annotated[float, Quantity(0.05, 0.0, 0.1, "level", "assumed", "school norm of a pupil who is bound to school")]
    school_loose: Annotated[float, Quantity(0.3, 0.1, 0.5, "ratio", "assumed", "school norm by lack of a bond with school")]
    schoolmates: Annotated[float, Quantity(0.2, 0.0, 0.5, "ratio", "R6, M8; Hoeben and Weerman 2016 as direction; assumed size; 0 cuts the loop", "weight of what pupils of the same school tolerate")]
    dialogue: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "B5; Vreedzame Wijk as direction; assumed size", "of what home or street teaches, what a full dialogue takes away from who takes part")]
    # fmt: on


READS = (
    "actors", "tile_index.actors", "tile_index.young", "tile_index.youths", "person.born", "person.present", "person.detained_until", "person.norm_enemy", "person.trust_institutions", "person.home",
    "person.exposure", "person.conformity", "person.in_public", "person.household", "person.norm_home", "person.norm_school", "person.norm_street", "person.school_bond",
    "household.involved", "household.involved_kin", "household.closed", "person.stage", "person.id", "kin.mother", "kin.father", "kin.mother_row", "kin.father_row", "place.norm", "place.openness", "place.crime_hold", "place.quarter",
    "place.near_school", "place.pupils", "place.pupil_norms",
)  # fmt: skip
WRITES = (
    "person.norm_enemy",
    "person.norm_home",
    "person.norm_school",
    "person.norm_street",
    "place.pupils",
    "place.pupil_norms",
)
LEVERS = {
    "normalisation": Lever(
        0.0, 0.0, 0.5, "level", "tolerance of crime that comes from outside: drugs, rap, luxury on social media"
    ),
    "norms_dialogue": Lever(
        0.0, 0.0, 1.0, "level", "school, parents, police and housing talk with youths and each other about what is normal"
    ),
}
COUNTS: dict = {}
MECHANISMS = ("M8", "M11", "M23", "M28", "M34", "M60")


@njit
def enemy_target(around, openness, trust_institutions, conformity, p):
    """Return where the friend-enemy norm of a person goes, given the shares around, own trust and conformity."""
    binding = p.sanction * conformity * around * (p.loyal + p.distrust * (1.0 - trust_institutions))
    return logistic(p.slope * (binding - p.push * openness / p.threshold - 0.5))


@njit
def street_target(person, home, mates, dialogue, outside, p):
    """Return the tolerance of crime that the street teaches, given schoolmates, the dialogue and what comes from outside."""
    level = p.street_floor + p.street_company * person.exposure + p.street_hold * home.crime_hold + outside
    level += p.schoolmates * (mates - person.norm_street)
    return clip(level * (1.0 - p.dialogue * dialogue))


@njit
def home_target(parents, brothers, uncles, closed, p):
    """Return the tolerance of crime that so many involved parents, other housemates and other kin teach, in so closed a family."""
    if parents + brothers + uncles == 0:
        return p.home_floor
    left = times(1.0 - p.home_brother, brothers) * times(1.0 - p.home_uncle, uncles) if parents == 0 else 0.0
    return p.home_floor + p.home_family * (p.home_open + (1.0 - p.home_open) * closed) * (1.0 - left)


@njit
def learn_at_home(world, row, p):
    """Return the tolerance of crime at home of somebody, by who of their kin is involved; what they do themselves teaches them nothing."""
    person, own, people = world.people[row], world.kin[row], world.people
    household = world.households[person.household]
    housemates = max(household.involved - (1 if is_involved(person) else 0), 0)
    if housemates + household.involved_kin == 0:
        return p.home_floor
    at_home, elsewhere = 0, 0
    for parent, who in ((own.mother_row, own.mother), (own.father_row, own.father)):
        if is_there(people, parent, who) and is_involved(people[parent]):
            at_home += 1 if people[parent].household == person.household else 0
            elsewhere += 1 if people[parent].household != person.household else 0
    brothers, uncles = max(housemates - at_home, 0), max(household.involved_kin - elsewhere, 0)
    return home_target(at_home + elsewhere, brothers, uncles, household.closed, p)


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
    return clip(p.school_floor + (p.school_loose * (1.0 - person.school_bond) + p.schoolmates * mates) * (1.0 - dialogue))


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
    """Everybody's friend-enemy norm; the three norms of everybody of 8-39.  Once in four weeks, with the climate."""
    if week % EVERY != 0:
        return
    tile_index, people, places = world.tile_index[0], world.people, world.places
    for row in world.actors[: tile_index.actors]:
        person = people[row]
        if is_free(person, week):
            home = places[person.home]
            target = enemy_target(home.norm, home.openness, person.trust_institutions, person.conformity, p)
            person.norm_enemy += p.enemy_pace * EVERY * (target - person.norm_enemy)
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
                at_home *= 1.0 - p.dialogue * lever.norms_dialogue * trust_of_parents(people, world.kin[row])
            teach(person, at_home, home, mates, pupil, lever.norms_dialogue, outside, p)


@njit
def teach(person, at_home, home, mates, pupil, dialogue, outside, p):
    """Let home, school and street teach what is normal there; who is out takes part in the dialogue on the street, pupils at school."""
    pace = p.pace * EVERY
    street = street_target(person, home, mates, dialogue * person.in_public, outside, p)
    person.norm_street += pace * (street - person.norm_street)
    person.norm_home += pace * (at_home - person.norm_home)
    person.norm_school += pace * (school_target(person, mates, dialogue * pupil, p) - person.norm_school)
