"""Prospects: what the young see ahead of them, legal and criminal.

Legal prospects follow opportunities here, school and work, health and, slightly, a record; people who look for work in
vain lose heart.  The pull of criminal money follows the wealth that one sees here and in the world outside, and what
one lacks.  School and work bind, and the bond wears where prospects fail, and while a parent is in detention.  Now and
then a youth of sixteen or seventeen has chosen a study that does not fit, for a year: prospects and the bond with
school suffer, unless a plan helps to find another.  Debts are paid off slowly, and sooner by people who ask for debt
relief, which they do more readily the more they trust institutions.

    prospects -> legal opportunity * (plain + schooling * education) * (1 - health, in part) + help - record - (wrong_study, in one)
    pull      -> wealth seen + luxury shown + peers + debts
    P(find work) = job_find * (1 + prospects) / 2 * (health - unfit),  in vain: prospects -= rejection * prospects;   P(lose it) = job_loss * (1.5 - prospects)

Sources: Merton and Agnew (strain), Cloward and Ohlin 1960, the NSCR field experiment (a record hardly lowers
call-backs); p15; the Tilburg report (M20-M22), Divosa (M97: Daisy); loops R7, R8a, R8b, B6.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Quantity
from ..shared.events import log
from ..shared.kin import PARENTAGE, lacks_parent
from ..shared.persons import (
    ADULT_FROM,
    AT_MOST,
    MATCHING,
    PENSION,
    PUPIL_UNTIL,
    STUDY_FROM,
    age_of,
    in_activity,
    is_free,
    is_under,
)
from ..state.codes import DEBT_RELIEVED
from ..state.fields import clip
from .climate import EVERY

TERM = 78  # weeks of a debt settlement (Wsnp and its like since 2023)
BOND_PEERS = 0.4  # bond with school lost to the company of the involved (assumed)
EARNER = 0.01  # pace at which debts rise while an adult of the household is in detention (1/week; M36; assumed size)
ILL = 0.3  # of legal opportunity, what bad health takes away (assumed)
INTEREST = 0.003  # repayment of debts (share a week) (1/week; assumed)
JOB = 0.8  # bond with a job (assumed)
JOB_LOSS = 0.004  # hazard of losing work, times 1.5 less prospects (1/week; assumed: about 20 % a year at prospects 0.5)
MISFIT = 0.15  # a youth of sixteen or seventeen is in a study this year that does not fit (M97 (Daisy); assumed: one in seven)
PARTED = 0.1  # bond with school lost while a parent at home is in detention (M36; Murray, Farrington and Sekol 2012 (no worse at school once parents' crime is weighed) as lower end; assumed size)
PEERS = 0.4  # pull by what the involved around have (assumed)
REMAINS = 0.5  # debts that go with poverty, for people in debt relief (assumed)
WRONG_STUDY = 0.15  # prospects and bond with school lost in a study that does not fit (M97 (Daisy), M98; assumed size)
SIDE_JOB_FROM = 15.0  # years of age from which people work beside school (CBS: half of those of 15-17 do)
REJECTION = 0.002  # prospects lost by looking for work in vain (1/week; M97 (Daisy); assumed size)
UNFIT = 0.2  # health up to which nobody finds work (assumed)


class Parameters(NamedTuple):
    """Numbers of prospects."""

    # fmt: off
    pace: Annotated[float, Quantity(0.02, 0.01, 0.05, "1/week", "assumed: about a year", "pace of prospects, pull and bonds")]
    plain: Annotated[float, Quantity(0.78, 0.6, 1.0, "ratio", "assumed: full opportunity, middle education and health give about 1", "prospects by the legal opportunity in reach, for who has little education")]
    schooling: Annotated[float, Quantity(0.26, 0.13, 0.4, "ratio", "assumed", "what each level of education adds to it")]
    record: Annotated[float, Quantity(0.04, 0.0, 0.12, "level", "NSCR 2017: a record hardly lowers call-backs; 0 cuts R8b", "prospects lost by each conviction")]
    support: Annotated[float, Quantity(0.08, 0.0, 0.15, "level", "Tolan e.a. 2013: mentoring modest; M9, M98; assumed size; 0 cuts B6a", "prospects gained by organised activities, by a mentor and by each life domain of a plan that fits")]
    show: Annotated[float, Quantity(0.5, 0.0, 0.75, "ratio", "R7; p15: illegal pay 5-40 times legal; 0 cuts R7", "pull by criminal wealth on display here, and by luxury that the world outside shows (the lever normalisation)")]
    need: Annotated[float, Quantity(0.3, 0.0, 0.5, "ratio", "R8a; assumed; 0 cuts the loop", "pull by debts and poverty")]
    poverty_debt: Annotated[float, Quantity(0.35, 0.2, 0.5, "ratio", "assumed", "debts that go with poverty at home")]
    bond_floor: Annotated[float, Quantity(0.3, 0.2, 0.4, "level", "assumed", "bond with school without prospects")]
    bond_hope: Annotated[float, Quantity(0.6, 0.4, 0.8, "ratio", "assumed", "bond with school by prospects")]
    job_find: Annotated[float, Quantity(0.024, 0.01, 0.05, "1/week", "assumed; calibrated on rest: work stays as the figures of areas say", "hazard of finding work at prospects 1 (half of it at none), times health above unfit")]
    hardship: Annotated[float, Quantity(0.3, 0.1, 0.45, "level", "assumed: a fine and poverty at home; calibrated on V5", "debts from which they are a problem: somebody qualifies for debt relief, a plan sees to them, a youth who works for a crew is exploited (M84)")]
    settlement: Annotated[float, Quantity(0.02, 0.005, 0.04, "1/week", "B6b, M98; assumed", "pace at which debts fall in debt relief, and in a plan of three life domains or more", off=0.0)]
    # fmt: on


BORROWS = ("mentoring_and_plans.reach",)
READS = (
    "actors", "tile_index.actors", "person.born", "person.home", "person.education", "person.health",
    "person.convictions", "person.active", "person.mentored", "person.plan_domains", "person.plan_until", "person.prospects",
    "person.pull", "person.debt", "person.exposure", "person.school_bond", "person.work_bond",
    "household.poverty", "person.trust_neighbours", "place.legal_opportunity", "place.quarter", "person.trust_institutions", "place.crime_hold", *PARENTAGE,
)  # fmt: skip
WRITES = (
    "person.prospects",
    "person.pull",
    "person.debt",
    "person.school_bond",
    "person.work_bond",
    "person.plan_domains",
    "household.held",
    "household.means",
    "household.ties",
)
LEVERS = {
    "debt_relief": Lever(0.0, 0.0, 1.0, "share", "share of people with problem debts who are offered debt relief"),
}
COUNTS: dict = {}
MECHANISMS = ("M3", "M20", "M21", "M22", "M36", "M41", "M60", "M96", "M97", "M98", "M99")


@njit
def legal_target(person, legal_opportunity, p):
    """Return the legal prospects that this person's situation gives."""
    level = legal_opportunity * (p.plain + p.schooling * person.education) * (1.0 - ILL + ILL * person.health)
    help_given = p.support * (in_activity(person) + person.mentored + person.plan_domains)
    return clip(level + help_given - p.record * person.convictions)


@njit
def pull_target(person, crime_hold, outside, p):
    """Return the pull of criminal money that this person's situation gives, and what the world outside shows."""
    return clip(p.show * (crime_hold + outside) + PEERS * person.exposure + p.need * person.debt)


@njit
def takes_relief(person, debt_relief, p, lot):
    """Return whether somebody is in debt relief: whoever is offered it in this term and asks for it."""
    if debt_relief <= 0.0 or person.debt <= p.hardship:
        return False
    asks = p.reach + (1.0 - p.reach) * person.trust_institutions
    return uniform(lot, person.id) < debt_relief * asks


@njit
def in_wrong_study(person, age, study):
    """Return whether a youth of sixteen or seventeen is in a study this year that does not fit; who has a plan has found another."""
    return STUDY_FROM <= age < PUPIL_UNTIL and person.plan_domains == 0 and happens(MISFIT, study, person.id)


@njit
def bond_target(person, p):
    """Return the bond with school that a pupil's prospects and company give."""
    return p.bond_floor + p.bond_hope * person.prospects - BOND_PEERS * person.exposure


@njit
def work(person, p, dice):
    """Settle whether somebody finds or loses work, or a job beside school."""
    if person.work_bond > 0.0:
        if happens(JOB_LOSS * EVERY * (AT_MOST - person.prospects), dice, person.id):
            person.work_bond = 0.0
    elif happens(p.job_find * EVERY * 0.5 * (1.0 + person.prospects) * (person.health - UNFIT), dice, person.id):
        person.work_bond = JOB
    elif person.health > UNFIT:
        person.prospects -= REJECTION * EVERY * person.prospects


@njit
def look_anew(people, actors, households, week):
    """Forget what was seen of the means and ties of each household, and see which have an adult in detention."""
    for h in range(households.size):
        households[h].means = 0.0
        households[h].ties = 0.0
        households[h].held = 0
    for row in actors:
        person = people[row]
        if person.present == 1 and person.detained_until > week and not is_under(person, ADULT_FROM, week):
            households[person.household].held = 1


@njit
def prospects(world, p, levers, seed, week):
    """Prospects, pull, debts and bonds of everybody of 8-64, once in four weeks; at 65 work ends."""
    if week % EVERY != 0:
        return
    dice = key(seed, Draw.OPPORTUNITY, week)
    lot, study = key(seed, Draw.DEBT_RELIEF, week // TERM), key(seed, Draw.STUDY, week // WEEKS_A_YEAR)
    actors = world.actors[: world.tile_index[0].actors]
    look_anew(world.people, actors, world.households, week)
    for row in actors:
        person = world.people[row]
        if person.plan_domains > 0 and person.plan_until <= week:
            person.plan_domains = 0
        if not is_free(person, week):
            continue
        home, household, age = world.places[person.home], world.households[person.household], age_of(person, week)
        if age >= PUPIL_UNTIL:
            household.ties = max(household.ties, person.trust_neighbours)
        if age >= PENSION:
            person.work_bond = 0.0
            continue
        lever = levers[home.quarter]
        astray = WRONG_STUDY if in_wrong_study(person, age, study) else 0.0
        person.prospects += p.pace * EVERY * (clip(legal_target(person, home.legal_opportunity, p) - astray) - person.prospects)
        person.pull += p.pace * EVERY * (pull_target(person, home.crime_hold, lever.normalisation, p) - person.pull)
        owed = p.poverty_debt * household.poverty
        planned = person.plan_domains >= MATCHING
        relieved = not planned and takes_relief(person, lever.debt_relief, p, lot)
        if relieved:
            log(world.events, week, DEBT_RELIEVED, person.id, person.home, 0)
        relief = p.settlement if planned or relieved else 0.0
        person.debt += (INTEREST + relief) * EVERY * (owed * (1.0 if relief == 0.0 else REMAINS) - person.debt)
        if household.held == 1:
            person.debt += EARNER * EVERY * (1.0 - person.debt)
        if age < PUPIL_UNTIL:
            bond = bond_target(person, p) - astray - (PARTED if lacks_parent(world, row, week) else 0.0)
            person.school_bond += p.pace * EVERY * (bond - person.school_bond)
        if age >= SIDE_JOB_FROM:
            work(person, p, dice)
        if age >= PUPIL_UNTIL:
            household.means = max(household.means, person.work_bond)
        person.school_bond = clip(person.school_bond)
        person.debt = clip(person.debt)
