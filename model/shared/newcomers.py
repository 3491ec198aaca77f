"""Levels of a person who is new here: present at the start, born, or come from an area like this one.

One function for all three (`settle`).  Levels differ from person to person around what is usual where somebody comes from: the
own home for those born here or here at the start, an area like this one (`newcomer_levels`: this area as its figures say)
for those who move in.  So newcomers are as often involved, convicted, in debt or of a closed family as people were here at the
start, by age, sex and household: a neighbourhood that has improved is pulled back by that, one that has got worse is thinned.
Trust in neighbours is not brought along: it lies around what those who live around think of each other.
"""

from ..arithmetic import logarithm
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..state.codes import EXPOSED, FAVOURS, FRIENDS, NEVER, NO_CONTACT, NOBODY, NONE, RUNNER, TIED_IN
from ..state.fields import clip
from .acquaintances import WRITES as ACQUAINTANCE_WRITES
from .acquaintances import know_nobody
from .hands import crew_for
from .persons import CHILD_UNTIL, TEEN_FROM, YOUTH_UNTIL, age_of, is_involved

LEAST = 1e-12  # so that nothing is divided by zero
SPREAD = 0.3  # width of personal differences in a level (assumed)
SPREAD_FEAR, SPREAD_PROSPECTS = 0.1, 0.17  # of fear; of prospects and trust in neighbours: as the rules leave them (measured)
# Occasions of draws by Draw.LEVELS.  A personal difference takes two: its own and the next.
TRUST, NEIGHBOURS, USEFULNESS, NORM, FEAR, PROSPECTS, BOND = 1, 3, 5, 7, 9, 11, 13  # occasions
HEALTH, PROPENSITY, CONFORMITY, INVOLVED, DEPTH, SINCE = 20, 21, 22, 30, 31, 32  # occasions
CONVICTION = 40  # a further one takes the next
NEXT = 1  # what lies between the occasions of a pair
HOW_CLOSED, STAYS = 1, 2  # of households, beside whether they are closed at all
CLOSED = 0.6  # least closedness of a closed family at the start, or on arrival (assumed)
AT_RISK_FROM, INVOLVED_UNTIL = 10.0, 60.0  # years of age at which people may be exposed or involved at the start, or on arrival
RECORD_FAVOURS, RECORD_RUNNER = 0.2, 0.5  # chance of each further conviction by then (p06)
RECORD, RECORD_FROM, RECORD_UNTIL = 0.38, 13.0, 24.0  # convictions of a man for ordinary crime by 24 (measured in runs)
RECORD_HOLD = 0.7  # how much more where crime's hold is full (measured in runs)
RECORD_WOMEN, SQUARE = 0.3, 1.45  # of women against men; mean of the squared propensity, by which ordinary crime goes
MOST_CONVICTIONS = 9  # that somebody brings along
IN_STAGE = 156.0  # weeks that those involved then have been at that stage, on average (assumed; N8: runners stay 2-6 years)
AT_EDGE = 52.0  # weeks that those who left a crew have been at its edge, on average (as `desistance.drifting` leaves them)
AT_THE_EDGE, UP_TO_FAVOURS = 0.83, 0.88  # of the young at stage 1 or higher, as careers of their length leave them (measured)
RISK_FROM, RISK_FULL = (
    9.0,
    16.0,
)  # years between which the risk of the young grows to its height (assumed)
MEAN_RISK = 0.816  # of that height, over the ages at risk: 10-23
SETTLED = 45.0  # years of age from which fewer are involved: 0.023 against 0.056 crimes a year by Dutch men (PROTON-OC inputs)
BEFORE, AFTER = 1.33, 0.54  # of the mean of 24-59, before and from then on
DEEPER = 0.88  # of involved adults, runners or tied in: long careers are met more often than short ones (measured)
FORMER = 1.3  # adults who left a crew and are at its edge still, for each who works for one (measured, as careers end)
AT_REST = {  # where the rules let a level rest, by their own parameters: what somebody new has
    "debts": "prospects.poverty_debt", "pull_hold": "prospects.show", "pull_debt": "prospects.need",
    "bond_floor": "prospects.bond_floor", "bond_hope": "prospects.bond_hope",
    "street_floor": "norms.street_floor", "street_hold": "norms.street_hold", "home_floor": "norms.floor",
}  # fmt: skip
MEN, WOMEN = 1.6, 0.4  # how much likelier than both together they are involved then (V1, assumed)


@njit
def difference(dice, who, occasion, spread):
    """Return how much a person differs from the mean in a level, at most by so much."""
    return spread * (uniform(dice, who, occasion) + uniform(dice, who, occasion + NEXT) - 1.0)


@njit
def around(mean, dice, who, occasion, spread):
    """Return a personal level around a mean, at most so far from it."""
    return clip(mean + difference(dice, who, occasion, spread))


@njit
def leaning_to(share, u):
    """Return how strongly somebody holds a norm that such a share of people holds (above a half), by a draw."""
    return share * u / max(share * u + (1.0 - share) * (1.0 - u), LEAST)


@njit
def leaning(dice, who):
    """Return how much more or less than others a person trusts institutions: the difference with which somebody came."""
    return difference(dice, who, TRUST, SPREAD)


@njit
def settle(world, row, place, seed, week):
    """Give a new person, whose identity, household, birth, education, work and disability are known, everything else.

    ``place`` holds what is usual where somebody comes from: their own home, or an area like this one.
    """
    person, usual = world.people[row], world.newcomer_levels[0]
    household = world.households[person.household]
    dice = key(seed, Draw.LEVELS, 0)
    forget(person, week)
    without_ties(world, row)
    differ(person, dice, week)
    person.debt = usual.debts * household.poverty
    think(person, place, usual, dice)
    person.trust_neighbours = around(world.places[person.home].cohesion, dice, person.id, NEIGHBOURS, SPREAD_PROSPECTS)
    involve(person, household.closed > 0.0, world.crews, usual, dice, week)
    household.involved += 1 if is_involved(person) else 0


@njit
def move_over(world, row, seed):
    """Let somebody from another tile live here: who they are and what they think stays, what they had there does not.

    Somebody who works for a crew does so for one here, if there is any.
    """
    person, dice = world.people[row], key(seed, Draw.LEVELS, 0)
    leave_behind(person)
    without_ties(world, row)
    person.trust_neighbours = around(world.places[person.home].cohesion, dice, person.id, NEIGHBOURS, SPREAD_PROSPECTS)
    if is_involved(person):
        person.crew = crew_for(world.crews, person.id, dice)
        world.households[person.household].involved += 1


@njit
def without_ties(world, row):
    """Let somebody have no friends here yet, and know no professional."""
    for k in range(FRIENDS):
        world.friends[row, k].row = NOBODY
        world.friends[row, k].until = NEVER
    know_nobody(world.acquaintances[row])


@njit
def differ(person, dice, week):
    """Set what somebody is like: health, how susceptible, how much what neighbours say counts."""
    well = clip(0.965 - 0.004 * max(age_of(person, week), 0.0) + 0.2 * (uniform(dice, person.id, HEALTH) - 0.5))
    person.health = min(person.health, well)
    u = uniform(dice, person.id, PROPENSITY)
    person.propensity = 0.25 + 2.25 * u * u  # a few are far more susceptible than most; mean 1
    person.conformity = 0.4 + 1.2 * uniform(dice, person.id, CONFORMITY)


@njit
def think(person, place, usual, dice):
    """Set what somebody thinks who comes from this place: trust, fear, norms, prospects."""
    who = person.id
    person.trust_institutions = around(place.trust, dice, who, TRUST, SPREAD)
    person.trust_frontline = clip(usual.frontline * person.trust_institutions)
    person.usefulness = around(usual.usefulness, dice, who, USEFULNESS, SPREAD)
    person.norm_enemy = leaning_to(place.norm, uniform(dice, who, NORM))
    person.fear = around(place.fear, dice, who, FEAR, SPREAD_FEAR)
    person.prospects = around(usual.prospects, dice, who, PROSPECTS, SPREAD_PROSPECTS)
    person.pull = clip(usual.pull_hold * place.crime_hold + usual.pull_debt * person.debt)
    person.school_bond = around(usual.bond_floor + usual.bond_hope * person.prospects, dice, who, BOND, SPREAD)
    person.norm_home = usual.home_floor
    person.norm_school = 0.1
    person.norm_street = clip(usual.street_floor + usual.street_hold * place.crime_hold)


@njit
def closedness(who, usual, dice):
    """Return how closed a household is as part of a closed family: 0 for most."""
    return CLOSED + (1.0 - CLOSED) * uniform(dice, who, HOW_CLOSED) if happens(usual.closed, dice, who) else 0.0


@njit
def closedness_of_movers(who, usual, dice):
    """Return the same of a household that moves in: elsewhere closed families move as seldom as here."""
    closed = closedness(who, usual, dice)
    return 0.0 if happens(closed, dice, who, STAYS) else closed


@njit
def adults_involved(closed, usual):
    """Return the share of adults in the local illegal economy, of closed families or others; together it is that of the area."""
    if closed:
        return usual.adults_closed
    return max(usual.adults - usual.closed * usual.adults_closed, 0.0) / (1.0 - usual.closed)


@njit
def by_age(age):
    """Return how much likelier than the mean of the young, or of adults, people of this age are to be involved."""
    if age < YOUTH_UNTIL:
        return clip((age - RISK_FROM) / (RISK_FULL - RISK_FROM)) / MEAN_RISK
    return BEFORE if age < SETTLED else AFTER


@njit
def involve(person, closed, crews, usual, dice, week):
    """Decide whether somebody is involved, or left a crew and is at its edge: more often men, or of a closed family."""
    age, who = age_of(person, week), person.id
    weight = person.propensity * (MEN if person.male == 1 else WOMEN) * by_age(age)
    u, deep = uniform(dice, who, INVOLVED), uniform(dice, who, DEPTH)
    if AT_RISK_FROM <= age < YOUTH_UNTIL:
        if u < usual.youths * weight:
            light = FAVOURS if deep < UP_TO_FAVOURS or age < CHILD_UNTIL else RUNNER
            person.stage = EXPOSED if deep < AT_THE_EDGE or age < TEEN_FROM else light
    elif YOUTH_UNTIL <= age < INVOLVED_UNTIL:
        share = adults_involved(closed, usual) * weight
        if u < share:
            person.stage = TIED_IN if deep < usual.core else (RUNNER if deep < DEEPER else FAVOURS)
        elif u < share * (1.0 + FORMER):
            person.stage = EXPOSED
    person.next_stage = person.stage
    former = person.stage == EXPOSED and age >= YOUTH_UNTIL
    if person.stage > NONE:
        person.stage_since = week - been_so(age, AT_EDGE if former else IN_STAGE, uniform(dice, who, SINCE))
    if former:
        person.left_week = person.stage_since
    if person.stage >= FAVOURS:
        person.crew = crew_for(crews, who, dice)
    person.convictions = convicted(person, age, usual, dice)


@njit
def been_so(age, usual, u):
    """Return for how many weeks somebody of this age has been at a stage: what is usual, by a draw and the exponential law."""
    return int(min(-usual * logarithm(1.0 - u), WEEKS_A_YEAR * (age - AT_RISK_FROM)))


@njit
def ordinary_record(person, age, usual):
    """Return how many convictions for ordinary crime are expected of somebody of this age: more where crime has more hold."""
    lived = min(max(age - RECORD_FROM, 0.0) / (RECORD_UNTIL - RECORD_FROM), 1.0)
    height = RECORD * (1.0 + RECORD_HOLD * usual.crime_hold) * (1.0 if person.male == 1 else RECORD_WOMEN)
    return height * lived * person.propensity * person.propensity / SQUARE


@njit
def convicted(person, age, usual, dice):
    """Return how often somebody has been convicted by then: each time may be followed by another one."""
    ordinary = ordinary_record(person, age, usual)
    again = ordinary / (1.0 + ordinary)
    if person.stage >= FAVOURS:
        again = max(again, RECORD_FAVOURS if person.stage == FAVOURS else RECORD_RUNNER)
    n = 0
    while n < MOST_CONVICTIONS and happens(again, dice, person.id, CONVICTION + n):
        n += 1
    return n


@njit
def forget(person, week):
    """Take away whatever belonged to the row's former person."""
    leave_behind(person)
    person.stage = NONE
    person.next_stage = NONE
    person.stage_since = week
    person.convictions = 0
    person.children = 0
    person.left_week = NEVER
    person.detained_until = NEVER
    person.goodwill = 0.0


@njit
def leave_behind(person):
    """Take away what somebody has by living on a tile."""
    person.crew = NOBODY
    person.case = NOBODY
    person.seeking = NEVER
    person.plan_domains = 0
    person.plan_until = NEVER
    person.mentored = 0
    person.victim = 0
    person.wary = 0
    person.contact = NO_CONTACT
    person.story = person.heard = 0
    person.hears = 0
    person.in_public = 0
    person.active = 0
    person.exposure = 0.0
    person.peers = 0


READS = (
    "newcomer_levels.*", "place.trust", "place.norm", "place.fear", "place.crime_hold", "place.cohesion",
    "crew.present", "crew.id",
)  # fmt: skip
WRITES = ("household.involved", "friend.row", "friend.until", *ACQUAINTANCE_WRITES, *(f"person.{name}" for name in (
    "stage", "next_stage", "stage_since", "crew", "case", "convictions", "children", "seeking", "left_week", "detained_until",
    "plan_domains", "plan_until", "mentored", "victim", "wary", "contact", "story", "heard", "hears",
    "in_public", "active", "exposure", "peers", "goodwill",
    "health", "propensity", "conformity",
    "trust_institutions", "trust_frontline", "trust_neighbours", "usefulness", "fear", "norm_enemy", "prospects", "pull",
    "school_bond", "debt", "work_bond", "norm_home", "norm_school", "norm_street",
)))  # fmt: skip
