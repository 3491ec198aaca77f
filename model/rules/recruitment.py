"""Recruitment: a youth slides towards a crew, one stage at a time.

Company draws people to the edge of crews, and deeper in.  From stage 1 to 2 somebody of a crew that lacks hands must
make an offer (`shared/offers.py`): friends and kin who work for it; those who do favours, and runners, also to people
of about their age where they are or at their school, and runners online; its core to friends and kin only.  They ask as
far as their crew lacks hands, and aim at people who need money and are not watched over.  A susceptible age, strain and
the known relative risks, a record and debts among them, slide somebody further and make an offer hard to refuse; less
so where somebody watches, where school or work binds and where a trusted adult stands by.  The age of going deeper
comes some years after that of beginning.  Nobody skips a stage.  People who accept work for the crew of the one who
asked; unless somebody asks, nobody moves from stage 1 to 2.  Former members refuse at first; once that resolve has worn
off, they accept sooner than others.

    readiness = age window * relative risks * (0.5 + pull) * (1.5 - prospects) * criminal opportunity / concealment
    hazard of stage 0 to 1 and 2 to 3 = base(stage) * exposure * readiness
    P(accept an offer) = base * readiness * (1, or who left a crew: rel_former * (1 - exp(-weeks since / resolve)))
    reach of kin = network * (kin + (1 - kin) * closedness of the family)
    offers a week from one person to another = reach(channel) * (0.5 + debt) * (1 - guarded if watched over) * vacancies / (vacancies + members)
                                               * bell(years apart / years_apart)      in a place or at school

Sources: 'Dealers in de dop' (p04: hardly any active recruiting by strangers; school, street, family, older brothers; 12-15), p03, p09-p14 (PROTON-OC, Besemer e.a. 2017, Heller 2014,
Sampson and Laub); Kleemans and De Poot 2008 (adults enter too); Decker, Pyrooz and Moule 2014 (leaving with failures); M5, M6, M97; loops R5, R6, R9, B9.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import bell, exp
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Outcome, Quantity
from ..shared.acquaintances import READS as ACQUAINTANCE_READS
from ..shared.acquaintances import familiarity
from ..shared.decisions import ACCEPTS, decides
from ..shared.events import log_between
from ..shared.offers import READS as OFFER_READS
from ..shared.offers import first_offer, list_recruiters
from ..shared.persons import (
    AT_MOST,
    BINDING_SCHOOL,
    BINDING_WORK,
    PUPIL_UNTIL,
    SERIOUS_DEBT,
    STUDY_FROM,
    YOUNG_UNTIL,
    YOUTH_FROM,
    age_of,
    in_activity,
    is_free,
)
from ..shared.public_places import OPEN
from ..state.codes import (
    BY_FRIEND,
    BY_KIN,
    BY_PLACE,
    BY_SCHOOL,
    EXPOSED,
    FAVOURS,
    NEVER,
    NOBODY,
    NONE,
    OFFER,
    ONLINE,
    RECRUITED,
    RUNNER,
    TIED_IN,
)

DEEPER_LATER = 4.0  # years by which the ages of going deeper follow those of beginning (year; evidence 2.1 (lookout, then parcels, then dealing at secondary school) as direction; assumed size; V1)
SLOWLY = 26.0  # weeks of small favours after which 0.63 of a crew's trust is won, which going deeper asks (Dealers in de dop (lookout, then parcels, then dealing) as direction; assumed size)
REL_DEBT = 1.5  # relative risk with serious debts (p13, direction only)
REL_TRAUMA = 2.0  # relative risk in a household in shock after a raid (M36, assumed)


class Parameters(NamedTuple):
    """Numbers of recruitment."""

    # fmt: off
    exposing: Annotated[float, Quantity(0.55, 0.15, 1.0, "1/week", "assumed; with p01 (8 % of youths at risk) as check", "hazard of stage 0 to 1 at full exposure")]
    base: Annotated[float, Quantity(0.6, 0.05, 0.8, "probability", "p03: 1 (0.3-3) % a month at average exposure; calibrated", "an offer of work for a crew is accepted, at the most susceptible age without other risks; 0 cuts R5 and R20", off=0.0)]
    network: Annotated[float, Quantity(0.35, 0.03, 0.6, "1/week", "Dealers in de dop (own network: school, street, family) as direction; assumed size", "offers by somebody of a crew that lacks all hands to a friend")]
    kin: Annotated[float, Quantity(0.6, 0.0, 1.0, "ratio", "assumed: an older brother asks, and keeps a younger one out as well; calibrated on V17", "offers to a housemate or relative, against a friend, in an open family; in a fully closed one they are as many")]
    place: Annotated[float, Quantity(0.17, 0.0, 0.25, "1/week", "the same; assumed size", "offers by somebody at stage 2 or 3 to a person as old who is in the same place this week")]
    school: Annotated[float, Quantity(0.085, 0.0, 0.1, "1/week", "the same; assumed size; calibrated on V17", "offers by a pupil at stage 2 or 3 to another pupil of the school, as old")]
    online: Annotated[float, Quantity(0.0024, 0.0, 0.01, "1/week per 1,000", "assumed: small; quick jobs by phone reach people whom nobody here knows", "offers online by a runner to anybody at the edge of crews, where 1,000 people live")]
    guarded: Annotated[float, Quantity(0.5, 0.0, 0.9, "ratio", "assumed: they aim at who is unguarded", "offers that somebody is spared who has a mentor, a trusted worker or organised activities")]
    deepening: Annotated[float, Quantity(0.23, 0.04, 0.25, "1/week", "assumed; p02: a fifth reaches stage 3", "hazard of stage 2 to 3 at full exposure")]
    tying: Annotated[float, Quantity(0.0024, 0.001, 0.03, "1/week", "assumed; p07: 15 core members per 10,000", "hazard of stage 3 to 4")]
    age_centre: Annotated[float, Quantity(13.5, 12.0, 15.0, "year", "p04, Dealers in de dop", "age of greatest susceptibility")]
    age_spread: Annotated[float, Quantity(3.0, 1.5, 4.0, "year", "p04", "spread of susceptibility by age")]
    late: Annotated[float, Quantity(0.33, 0.2, 0.8, "ratio", "Van Koppen e.a. 2010: some 40 % begin as adults; calibrated on that", "least susceptibility from the peak on until 40, against the peak")]
    female: Annotated[float, Quantity(0.25, 0.12, 0.4, "ratio", "CBS 2022: suspects girls 0.7 %, boys 3.2 %", "hazard of women against men, and ordinary offences")]
    rel_idle: Annotated[float, Quantity(1.3, 1.1, 1.8, "ratio", "p11, PROTON-OC", "relative risk without school or work")]
    rel_record: Annotated[float, Quantity(1.6, 1.0, 2.5, "ratio", "p12, PROTON-OC; 1 cuts R8b", "relative risk after an offence")]
    rel_bond: Annotated[float, Quantity(0.7, 0.5, 0.9, "ratio", "p14, Heller 2014, Sampson and Laub", "relative risk with a binding school or job")]
    rel_adult: Annotated[float, Quantity(0.75, 0.5, 1.0, "ratio", "Tolan e.a. 2013: mentoring modest", "relative risk with a mentor or a trusted worker")]
    trusted: Annotated[float, Quantity(0.1, 0.02, 0.25, "level", "assumed", "familiarity with a worker times trust in the frontline, from which that worker can be a trusted adult")]
    rel_discord: Annotated[float, Quantity(1.5, 1.0, 2.5, "ratio", "M11, assumed", "relative risk where the norms of home, school and street differ fully")]
    rel_former: Annotated[float, Quantity(2.5, 1.0, 5.0, "ratio", "N8 (relapse within two years 20-50 %); calibrated", "who worked for a crew before accepts an offer, against others, once the resolve with which they left has worn")]
    resolve: Annotated[float, Quantity(26.0, 4.0, 104.0, "week", "Decker, Pyrooz and Moule 2014 (leaving takes attempts) as direction; assumed size", "weeks after which 0.63 of the resolve has worn with which somebody left a crew")]
    # fmt: on


BORROWS = ("initialisation.core",)
READS = (
    "person.exposure", "person.stage_since", "person.male", "person.propensity", "person.convictions", "person.left_week", "person.debt",
    "person.school_bond", "person.work_bond", "person.mentored", *ACQUAINTANCE_READS, "person.trust_frontline",
    "person.norm_home", "person.norm_school", "person.norm_street", "person.pull", "person.prospects", "household.trauma",
    "place.criminal_opportunity", "place.concealment", "crew.core", "person.active",
    *OFFER_READS,
)  # fmt: skip
WRITES = ("person.next_stage", "person.crew")
LEVERS: dict = {}
COUNTS = {
    "offers": Outcome("offers/week", "lower", "People at the edge of crews (stage 1) who were offered work for one this week"),
    "recruited_by_friends": Outcome("persons/week", "lower", "Of them, of any age, who accepted it from a friend"),
    "recruited_by_kin": Outcome("persons/week", "lower", "The same, from a housemate or relative"),
    "recruited_by_place": Outcome("persons/week", "lower", "The same, from somebody in the same place"),
    "recruited_by_school": Outcome("persons/week", "lower", "The same, from a pupil of the same school"),
    "recruited_online": Outcome("persons/week", "lower", "The same, online"),
}
MECHANISMS = ("M3", "M5", "M6", "M11", "M23", "M34", "M36", "M97")


@njit
def age_window(age, p):
    """Return susceptibility by age: none below 8, a bell around the centre, a low tail for adults to 40."""
    if age < YOUTH_FROM or age >= YOUNG_UNTIL:
        return 0.0
    height = bell((age - p.age_centre) / p.age_spread)
    return max(height, p.late) if age >= p.age_centre else height


@njit
def binds(person, age):
    """Return whether school or work binds this person."""
    return person.school_bond > BINDING_SCHOOL if age < PUPIL_UNTIL else person.work_bond > BINDING_WORK


@njit
def has_adult(person, known, p):
    """Return whether a mentor, or a worker who is known so well and trusted, stands by."""
    return person.mentored == 1 or known * person.trust_frontline > p.trusted


@njit
def relative_risk(person, household, adult, age, p):
    """Return the product of the relative risks of this person, with an adult standing by or not."""
    risk = person.propensity * (1.0 if person.male == 1 else p.female)
    if binds(person, age):
        risk *= p.rel_bond
    elif age >= STUDY_FROM:
        risk *= p.rel_idle
    if person.convictions > 0:
        risk *= p.rel_record
    if person.debt > SERIOUS_DEBT:
        risk *= REL_DEBT
    if adult:
        risk *= p.rel_adult
    norms_apart = max(person.norm_home, person.norm_school, person.norm_street) - min(
        person.norm_home, person.norm_school, person.norm_street
    )
    risk *= 1.0 + (p.rel_discord - 1.0) * norms_apart
    return risk * (1.0 + (REL_TRAUMA - 1.0) * household.trauma)


@njit
def drawn(person):
    """Return the balance of criminal pull and legal prospects; 1 in the middle."""
    return (0.5 + person.pull) * (AT_MOST - person.prospects)


@njit
def readiness(person, household, place, adult, age, p):
    """Return how ready somebody is to slide: by age, risks, money and the room that the place gives."""
    opportunity = place.criminal_opportunity / max(place.concealment, OPEN)
    window = age_window(age - DEEPER_LATER if person.stage == FAVOURS else age, p)
    return window * relative_risk(person, household, adult, age, p) * drawn(person) * opportunity


@njit
def hazard(person, ready, p, week):
    """Return the weekly hazard that company draws somebody to the edge of crews (stage 1) or, once they are trusted, makes them a runner."""
    if person.stage == NONE:
        return p.exposing * person.exposure * ready
    return p.deepening * person.exposure * ready * (1.0 - exp(-(week - person.stage_since) / SLOWLY))


@njit
def returning(person, p, week):
    """Return how readily somebody accepts an offer who left a crew, against who never was in one: first less, later more."""
    if person.left_week == NEVER:
        return 1.0
    return p.rel_former * (1.0 - exp(-(week - person.left_week) / p.resolve))


@njit
def aim(person, adult, p):
    """Return how much recruiters aim at somebody: who needs money, and is not watched over."""
    watched = in_activity(person) == 1 or adult
    return (0.5 + person.debt) * (1.0 - p.guarded if watched else 1.0)


@njit
def tying(person, crews, p):
    """Return the weekly hazard that a runner is tied in, by debts and threats, while the crew needs a core."""
    if person.crew == NOBODY:
        return 0.0
    crew = crews[person.crew]
    need = max(1.0 - crew.core / max(p.core * crew.members, 1.0), 0.0)
    return p.tying * (0.5 + person.debt + person.norm_street) * need


@njit
def recruitment(world, p, levers, seed, week):
    """Mark who slides this week, and for which crew."""
    dice, offers = key(seed, Draw.RECRUITMENT, week), key(seed, Draw.OFFER, week)
    recruiters = list_recruiters(world, week)
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        person.next_stage = person.stage
        if not is_free(person, week) or person.stage == TIED_IN:
            continue
        if person.stage == RUNNER:
            risk = tying(person, world.crews, p)
        elif person.stage != EXPOSED and person.exposure <= 0.0:
            continue  # nobody draws them on
        else:
            household, place = world.households[person.household], world.places[person.place]
            adult = has_adult(person, familiarity(world.acquaintances[row], world.professionals, week), p)
            ready = readiness(person, household, place, adult, age_of(person, week), p)
            if ready > 0.0 and person.stage == EXPOSED:
                be_asked(world, row, ready, adult, recruiters, p, dice, offers, week)
                continue
            risk = hazard(person, ready, p, week)
        if happens(risk, dice, person.id):
            person.next_stage = person.stage + 1


@njit
def be_asked(world, row, ready, adult, recruiters, p, dice, offers, week):
    """Let somebody at the edge of crews be offered work by the first who does so this week, and accept it or not."""
    person, tally = world.people[row], world.tally[0]
    asking, how = first_offer(world, row, aim(person, adult, p), recruiters, p, offers, week)
    if asking == NOBODY:
        return
    recruiter = world.people[asking]
    tally.offers += 1
    log_between(world.events, week, OFFER, person.id, recruiter.id, person.place, how)
    probability = p.base * ready * returning(person, p, week)
    if decides(world, ACCEPTS, row, asking, probability, uniform(dice, person.id)):
        person.next_stage = FAVOURS
        person.crew = recruiter.crew
        log_between(world.events, week, RECRUITED, person.id, recruiter.id, person.place, how)
        count_channel(how, tally)


@njit
def count_channel(how, tally):
    """Count somebody who accepted an offer, by the channel."""
    tally.recruited_by_friends += 1 if how == BY_FRIEND else 0
    tally.recruited_by_kin += 1 if how == BY_KIN else 0
    tally.recruited_by_place += 1 if how == BY_PLACE else 0
    tally.recruited_by_school += 1 if how == BY_SCHOOL else 0
    tally.recruited_online += 1 if how == ONLINE else 0
