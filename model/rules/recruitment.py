"""Recruitment: a youth slides towards a crew, one stage at a time.

A crew reaches youths through their own network, seldom as a stranger.  The chance of sliding this week grows with
exposure, a susceptible age, strain and the relative risks that are known, earlier work for a crew among them; it shrinks where
somebody watches, where school or work binds and where a trusted adult stands by.  Nobody skips a stage.  A crew asks for hands
as far as it lacks them: filling a vacancy takes as long as it takes to reach somebody, so one who leaves is followed by less than one.

    hazard = base(stage) * exposure * age window * relative risks * (0.5 + pull) * (1.5 - prospects)
             * criminal opportunity / concealment;  from stage 1 to 2 also * vacancies / (vacancies + members) of the crew

Sources: 'Dealers in de dop' (p04: own network, 12-15), p03, p09-p14 (PROTON-OC, Besemer e.a. 2017, Heller 2014,
Sampson and Laub); Kleemans and De Poot 2008 (adults enter too); Decker, Pyrooz and Moule 2014 (leaving with failures); M5, M6, M97; loops R5, R6, R9, B9.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import bell
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Quantity
from ..shared.acquaintances import READS as ACQUAINTANCE_READS
from ..shared.acquaintances import familiarity
from ..shared.hands import crew_for
from ..shared.persons import BINDING_SCHOOL, BINDING_WORK, PUPIL_UNTIL, SERIOUS_DEBT, age_of, is_free
from ..state.codes import EXPOSED, NEVER, NOBODY, NONE, RUNNER, TIED_IN


class Parameters(NamedTuple):
    """Numbers of recruitment."""

    # fmt: off
    exposing: Annotated[float, Quantity(0.6, 0.15, 1.0, "1/week", "assumed; with p01 (8 % of youths at risk) as check", "hazard of stage 0 to 1 at full exposure")]
    base: Annotated[float, Quantity(0.24, 0.05, 0.4, "1/week", "p03: 1 (0.3-3) % a month at average exposure; calibrated", "hazard of stage 1 to 2 at full exposure, in a crew that lacks all hands; 0 cuts R5 and R20", off=0.0)]
    deepening: Annotated[float, Quantity(0.1, 0.04, 0.25, "1/week", "assumed; p02: a fifth reaches stage 3", "hazard of stage 2 to 3 at full exposure")]
    tying: Annotated[float, Quantity(0.01, 0.003, 0.03, "1/week", "assumed; p07: 15 core members per 10,000", "hazard of stage 3 to 4")]
    age_centre: Annotated[float, Quantity(13.5, 12.0, 15.0, "year", "p04, Dealers in de dop", "age of greatest susceptibility")]
    age_spread: Annotated[float, Quantity(2.5, 1.5, 4.0, "year", "p04", "spread of susceptibility by age")]
    late: Annotated[float, Quantity(0.5, 0.2, 0.8, "ratio", "Van Koppen e.a. 2010: adults enter too; assumed", "least susceptibility from the peak on until 40, against the peak")]
    female: Annotated[float, Quantity(0.25, 0.12, 0.4, "ratio", "CBS 2022: suspects girls 0.7 %, boys 3.2 %", "hazard of women against men")]
    idle_from: Annotated[float, Quantity(16.0, 15.0, 18.0, "year", "assumed", "age from which being without school or work is a risk", "fixed")]
    rel_idle: Annotated[float, Quantity(1.3, 1.1, 1.8, "ratio", "p11, PROTON-OC", "relative risk without school or work")]
    rel_record: Annotated[float, Quantity(1.6, 1.0, 2.5, "ratio", "p12, PROTON-OC; 1 cuts R8b", "relative risk after an offence")]
    rel_debt: Annotated[float, Quantity(1.5, 1.0, 2.5, "ratio", "p13, direction only; 1 cuts R8a", "relative risk with serious debts")]
    rel_bond: Annotated[float, Quantity(0.7, 0.5, 0.9, "ratio", "p14, Heller 2014, Sampson and Laub", "relative risk with a binding school or job")]
    rel_adult: Annotated[float, Quantity(0.75, 0.5, 1.0, "ratio", "Tolan e.a. 2013: mentoring modest", "relative risk with a mentor or a trusted worker")]
    known: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "assumed: as where somebody deals openly with the frontline", "familiarity from which a worker can be a trusted adult")]
    trusted: Annotated[float, Quantity(0.42, 0.3, 0.65, "level", "assumed: as where somebody deals openly with the frontline", "trust in the frontline from which a worker can be a trusted adult")]
    rel_discord: Annotated[float, Quantity(1.5, 1.0, 2.5, "ratio", "M11, assumed", "relative risk where the norms of home, school and street differ fully")]
    rel_trauma: Annotated[float, Quantity(2.0, 1.0, 3.0, "ratio", "M36, assumed", "relative risk in a household in shock after a raid")]
    rel_former: Annotated[float, Quantity(2.5, 1.0, 5.0, "ratio", "N8 (relapse within two years 20-50 %); calibrated", "relative risk of somebody who worked for a crew before")]
    core_share: Annotated[float, Quantity(0.12, 0.05, 0.25, "share", "p07 against p08", "share of a crew that is tied in, from which nobody more is")]
    # fmt: on


READS = (
    "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.born", "person.stage", "person.exposure", "person.male", "person.propensity",
    "person.convictions", "person.left_week", "person.debt", "person.school_bond", "person.work_bond", "person.mentored", *ACQUAINTANCE_READS,
    "person.trust_frontline", "person.norm_home", "person.norm_school", "person.norm_street", "person.pull", "person.prospects",
    "person.place", "person.household", "person.id", "person.crew", "crew.members", "household.trauma",
    "place.criminal_opportunity", "place.concealment", "crew.present", "crew.id", "crew.core",
    "crew.vacancies",
)  # fmt: skip
WRITES = ("person.next_stage", "person.crew")
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M3", "M5", "M6", "M11", "M23", "M34", "M36", "M97")


@njit
def age_window(age, p):
    """Return susceptibility by age: none below 8, a bell around the centre, a low tail for adults to 40."""
    if age < 8.0 or age >= 40.0:
        return 0.0
    height = bell((age - p.age_centre) / p.age_spread)
    return max(height, p.late) if age >= p.age_centre else height


@njit
def binds(person, age):
    """Return whether school or work binds this person."""
    return person.school_bond > BINDING_SCHOOL if age < PUPIL_UNTIL else person.work_bond > BINDING_WORK


@njit
def relative_risk(person, household, known, age, p):
    """Return the product of the relative risks of this person, who knows a worker so well."""
    risk = person.propensity * (1.0 if person.male == 1 else p.female)
    if binds(person, age):
        risk *= p.rel_bond
    elif age >= p.idle_from:
        risk *= p.rel_idle
    if person.convictions > 0:
        risk *= p.rel_record
    if person.left_week != NEVER:
        risk *= p.rel_former
    if person.debt > SERIOUS_DEBT:
        risk *= p.rel_debt
    if person.mentored == 1 or (known > p.known and person.trust_frontline > p.trusted):
        risk *= p.rel_adult
    norms_apart = max(person.norm_home, person.norm_school, person.norm_street) - min(
        person.norm_home, person.norm_school, person.norm_street
    )
    risk *= 1.0 + (p.rel_discord - 1.0) * norms_apart
    return risk * (1.0 + (p.rel_trauma - 1.0) * household.trauma)


@njit
def drawn(person):
    """Return the balance of criminal pull and legal prospects; 1 in the middle."""
    return (0.5 + person.pull) * (1.5 - person.prospects)


@njit
def hazard(person, household, place, known, age, p):
    """Return the weekly hazard that this person, who knows a worker so well, slides one stage further."""
    opportunity = place.criminal_opportunity / max(place.concealment, 0.01)
    base = p.exposing if person.stage == NONE else (p.base if person.stage == EXPOSED else p.deepening)
    risk = relative_risk(person, household, known, age, p) * drawn(person)
    return base * person.exposure * age_window(age, p) * risk * opportunity


@njit
def tying(person, crews, p):
    """Return the weekly hazard that a runner is tied in, by debts and threats, while the crew needs a core."""
    if person.crew == NOBODY:
        return 0.0
    crew = crews[person.crew]
    need = max(1.0 - crew.core / max(p.core_share * crew.members, 1.0), 0.0)
    return p.tying * (0.5 + person.debt + person.norm_street) * need


@njit
def lacking(crew):
    """Return the share of its work for which a crew has no hands: how hard it looks for them."""
    return crew.vacancies / (crew.vacancies + crew.members) if crew.vacancies > 0.0 else 0.0


@njit
def recruitment(world, p, levers, seed, week):
    """Mark who slides this week, and for which crew."""
    crews, dice, reached = world.crews, key(seed, Draw.RECRUITMENT, week), key(seed, Draw.CREW_PLACE, week)
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        person.next_stage = person.stage
        if not is_free(person, week) or person.stage == TIED_IN or person.exposure <= 0.0:
            continue
        crew = NOBODY
        if person.stage == RUNNER:
            risk = tying(person, crews, p)
        else:
            household, place = world.households[person.household], world.places[person.place]
            known = familiarity(world.acquaintances[row], world.professionals, week)
            risk = hazard(person, household, place, known, age_of(person, week), p)
            if person.stage == EXPOSED:
                crew = crew_for(crews, person.id, reached)
                risk *= lacking(crews[crew]) if crew != NOBODY else 0.0
        if happens(risk, dice, person.id):
            person.next_stage = person.stage + 1
            if person.stage == EXPOSED:
                person.crew = crew
