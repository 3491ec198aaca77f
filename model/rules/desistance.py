"""Desistance: most grow out of it, some are helped out, few who are tied in get away.

The exposed drift off when their company changes.  Most of those who do small favours for a crew stop within two years,
those who are deeper in take longer, and some come back.  Members who leave a crew step back to its edge (stage 1), give
up some of the friends who work for one, and drift off from there as anybody does.  Members leave more readily with age,
with legal prospects, and with a plan that matches three or more life domains; late, heavy cases gain nothing by one.
Debts and threats hold those who are tied in, and a closed family holds those whose kin at home work for a crew as
well.  A youth who is seen as a victim gets out sooner.  Detention interrupts involvement; it does not by itself end it.

    hazard = base(stage) * (1 + ageing * years over 17) * (0.5 + prospects) * (1.5 - pull)
             * relative chances (work, debts, known as a victim, plan) * (1 - family * closedness of the family, with another member involved)

Sources: Weerman, Lovegrove and Thornberry 2015 (in the Netherlands as in Rochester most are in a gang for one year), Krohn and Thornberry 2008
(most at most two), Pyrooz, Decker and Webb 2014 (ties
outlast membership), V1 (age-crime curve), Sampson and Laub (job, partner), p46 (three domains: 2.0; one: 1.1; late cases 1),
WODC 2023 (Top600), M41, M98, M99; loops B6, B8, R8a.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Outcome, Quantity
from ..shared.events import log
from ..shared.kin import is_there
from ..shared.persons import (
    AT_MOST,
    BINDING_WORK,
    CHILD_UNTIL,
    MATCHING,
    SERIOUS_DEBT,
    YOUTH_UNTIL,
    age_of,
    is_free,
    is_involved,
    part_with,
)
from ..state.codes import EXPOSED, FAVOURS, FRIENDS, KNOWN, NOBODY, NONE, RUNNER, STAGE_DOWN, STAGE_UP, TIED_IN

FIRST_FRIEND = 1  # occasion of draws by Draw.LEAVING beside whether somebody leaves: of each friend
CHILDREN_UNTIL, TEENS_UNTIL = 12.0, 16.0  # years of age of those who are counted apart
DEBT = 0.6  # leaving with serious debts (R8a, Daisy (M99); assumed)
FAMILY = 0.8  # leaving that a fully closed family takes away, where another member works for a crew (p17, M34; seven Brabant families: nearly all members have a record (evidence 2.5) as direction; assumed size)
GIVES_UP = 0.5  # of the friends who work for a crew, those whom somebody gives up who leaves one (Pyrooz, Decker and Webb 2014 (ties outlast membership, and fade) as direction; assumed size)
VICTIM = 1.3  # leaving by an exploited youth whom a professional sees as a victim (M84; assumed)


class Parameters(NamedTuple):
    """Numbers of desistance."""

    # fmt: off
    drifting: Annotated[float, Quantity(0.018, 0.01, 0.04, "1/week", "assumed", "hazard of stage 1 to 0 without exposure")]
    grown: Annotated[float, Quantity(17.0, 16.0, 18.0, "year", "assumed", "age from which people grow out of it", "fixed")]
    base: Annotated[float, Quantity(0.01, 0.0, 0.03, "1/week", "N8: median 0.5-2 years (Weerman e.a. 2015, Krohn and Thornberry 2008); calibrated; 0 cuts B8", "hazard of leaving stage 2 at 17")]
    runner: Annotated[float, Quantity(0.33, 0.15, 0.7, "ratio", "N8: median 2-6 years; assumed; calibrated", "leaving at stage 3 against stage 2")]
    tied: Annotated[float, Quantity(0.08, 0.03, 0.2, "ratio", "assumed (M6, debts and threats)", "leaving at stage 4 against stage 2")]
    ageing: Annotated[float, Quantity(0.05, 0.03, 0.15, "1/year", "V1: decline after 25; assumed", "rise of the hazard a year")]
    ageing_years: Annotated[float, Quantity(13.0, 8.0, 20.0, "year", "assumed", "years over which it rises", "fixed")]
    work: Annotated[float, Quantity(1.4, 1.0, 2.2, "ratio", "Sampson, Laub and Wimer 2006 as direction", "leaving with a binding job")]
    plan: Annotated[float, Quantity(2.0, 1.0, 3.0, "ratio", "p46; 1 cuts B6a", "leaving with a plan that matches at least three life domains")]
    # fmt: on


READS = (
    "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.born", "person.id", "person.stage", "person.next_stage",
    "person.exposure", "person.prospects", "person.pull", "person.debt", "person.work_bond", "person.plan_domains",
    "person.convictions", "person.left_week", "person.place", "person.victim", "person.household", "household.involved", "household.network", "friend.row", "friend.id",
)  # fmt: skip
WRITES = (
    "person.next_stage", "person.stage", "person.stage_since", "person.left_week", "person.crew", "person.victim", "friend.row", "friend.id",
)  # fmt: skip
LEVERS: dict = {}
COUNTS = {
    "recruited": Outcome(
        "persons/week",
        "lower",
        "Youths under 24 who did favours for a crew (stage 2) from this week on, for the first time or again",
    ),
    "recruited_children": Outcome("persons/week", "lower", "Of these, children of 8-14"),
    "recruited_8_11": Outcome("persons/week", "lower", "Youths of 8-11 who did their first favours for a crew this week"),
    "recruited_12_15": Outcome("persons/week", "lower", "Youths of 12-15 who did so"),
    "recruited_16_23": Outcome("persons/week", "lower", "Youths of 16-23 who did so"),
    "recruited_family": Outcome(
        "persons/week", "lower", "Of all youths who did so, those who live with somebody at stage 2 or higher"
    ),
    "relapsed": Outcome(
        "persons/week",
        "lower",
        "Of everybody who did favours for a crew from this week on, those who had left one less than two years before",
    ),
    "deepened": Outcome("persons/week", "lower", "People who became runner or dealer (stage 3) this week"),
    "tied": Outcome("persons/week", "lower", "People who were tied in (stage 4) this week"),
    "adults_recruited": Outcome("persons/week", "lower", "Adults of 24 and over who did their first favours this week"),
    "leavers": Outcome("persons/week", "higher", "People who left a crew (stage 2 or higher) this week"),
}
MECHANISMS = ("M5", "M23", "M41", "M84", "M96", "M98", "M99")


@njit
def plan_factor(person, p):
    """Return what a person-centred plan does to the hazard of leaving."""
    late = person.stage >= RUNNER and person.convictions >= 2
    return p.plan if person.plan_domains >= MATCHING and not late else 1.0


@njit
def outgrown(age, p):
    """Return how much more readily somebody of this age drifts off, or leaves, than somebody who is not grown up."""
    return 1.0 + p.ageing * min(max(age - p.grown, 0.0), p.ageing_years)


@njit
def hazard(person, age, p):
    """Return the weekly hazard that this person drifts off (from stage 1), or leaves a crew."""
    if person.stage == EXPOSED:
        return p.drifting * (1.0 - person.exposure) * outgrown(age, p)
    level = outgrown(age, p) * p.base * (p.tied if person.stage == TIED_IN else (p.runner if person.stage == RUNNER else 1.0))
    level *= (0.5 + person.prospects) * (AT_MOST - person.pull)
    if person.work_bond > BINDING_WORK:
        level *= p.work
    if person.debt > SERIOUS_DEBT:
        level *= DEBT
    if person.victim == KNOWN:
        level *= VICTIM
    return level * plan_factor(person, p)


@njit
def let_go(person, household):
    """Return what a closed family with another member involved leaves of the hazard of leaving a crew."""
    return 1.0 - FAMILY * household.network if is_involved(person) and household.involved > 1 else 1.0


@njit
def desistance(world, p, levers, seed, week):
    """Mark who leaves, then apply all marked changes of stage."""
    dice, at_stake = key(seed, Draw.LEAVING, week), world.at_stake[: world.tile_index[0].at_stake]
    for row in at_stake:
        person = world.people[row]
        stays = person.stage > NONE and person.next_stage == person.stage  # who slides further this week does not leave in it
        if not stays or not is_free(person, week):
            continue
        leaves = hazard(person, age_of(person, week), p) * let_go(person, world.households[person.household])
        if happens(leaves, dice, person.id):
            person.next_stage = NONE if person.stage == EXPOSED else EXPOSED
            if person.stage > EXPOSED:
                give_up(world.people, world.friends[row], GIVES_UP, dice, person.id)
    for row in at_stake:
        person = world.people[row]
        if person.next_stage != person.stage:
            apply(person, world.households[person.household], world.tally[0], world.events, age_of(person, week), week)


@njit
def give_up(people, ties, share, dice, who):
    """Let somebody give up so many of the friends who work for a crew."""
    for k in range(FRIENDS):
        friend = ties[k]
        if (
            is_there(people, friend.row, friend.id)
            and is_involved(people[friend.row])
            and happens(share, dice, who, FIRST_FRIEND + k)
        ):
            part_with(friend)


@njit
def count_recruit(household, tally, age):
    """Count somebody who did the first favours, by age and by whether a housemate is involved."""
    if age >= YOUTH_UNTIL:
        tally.adults_recruited += 1
        return
    tally.recruited += 1
    tally.recruited_children += 1 if age < CHILD_UNTIL else 0
    tally.recruited_8_11 += 1 if age < CHILDREN_UNTIL else 0
    tally.recruited_12_15 += 1 if CHILDREN_UNTIL <= age < TEENS_UNTIL else 0
    tally.recruited_16_23 += 1 if age >= TEENS_UNTIL else 0
    tally.recruited_family += 1 if household.involved > 0 else 0


@njit
def apply(person, household, tally, events, age, week):
    """Apply one marked change of stage and count it."""
    if person.next_stage > person.stage:
        log(events, week, STAGE_UP, person.id, person.place, person.next_stage)
        if person.next_stage == FAVOURS:
            tally.relapsed += 1 if week - person.left_week < 2 * WEEKS_A_YEAR else 0
            count_recruit(household, tally, age)
        elif person.next_stage == RUNNER:
            tally.deepened += 1
        elif person.next_stage == TIED_IN:
            tally.tied += 1
    else:
        log(events, week, STAGE_DOWN, person.id, person.place, person.next_stage)
        if person.stage >= FAVOURS:
            tally.leavers += 1
            person.left_week = week
        person.crew = NOBODY
        person.victim = 0
    person.stage = person.next_stage
    person.stage_since = week
