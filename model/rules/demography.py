"""Demography: people are born, age, die and leave home; households move out and others move in.

Everybody's age follows from the week of birth.  A dwelling that a household leaves is taken at once by another, drawn
from the households that this neighbourhood attracts (`newcomer_templates.py`), in such shares that the age pyramid
stays what it is; a dwelling whose last member died or left stays empty for some weeks.  Households whose head is young
move often, owners and the old seldom, closed families hardly ever, and all of them sooner where disorder around and
fear are high: first those with work and few ties here.  Newcomers come from an area like this one
(`shared/newcomers.py`) and know nobody yet, except the few who come because of kin.  Two households may share a
dwelling.  Some of those who leave home look for a dwelling here, for half a year at most, and take the place of a
newcomer of their sex and age; their household and that of their parents are kin from then on.  Those who have found
none by then, and as many of those who move alone, look on a tile beside this one for a quarter, from the next quarter
on (`shared/exchange.py`).  A child has a mother, and her partner as father.

    death / year   = accidents + frailty(sex) * exp(aging * (age - 80))
    birth / year   = f / (1 - wait * f),  f = fertility * exp(-((age - birth_age) / birth_spread)**2 / 2)    women of 18-44, with room
                     at home, whose last child was born `wait` ago or earlier: so f a year on average;  times alone without a partner
    leaving / year = home_leaving, of whom nearby look for a dwelling here                                                          18-27, still with parents
    moving / year  = turnover * (settled * (1 + unsettled) + restless * exp(-(age of head - 25) / settling)) * rel_owner
                     * (1 + unease_gain * (perceived_disorder + fear - usual_unease) * able) * (1 - closed) * (1 - bound if kin here)
    able           = 1 + selective * ((0.5 + means) * (1.5 - ties) - 1)

Nothing is steered while a run goes on: fertility and the shares are computed once, at the start.  So helping one youth
changes nobody else's births, deaths and moves.  One draw for each person and one for each dwelling decide a week;
almost all draws are above every hazard, and the hazard is worked out for the others only.

Sources: Mulder and Malmberg 2014 (with parents or siblings near, people are less likely to move far: as direction); Thomas, Gillespie
and Lomax 2019 (a fifth to a third of movers in three countries name family as motive: as direction); CBS life expectancy at birth 2022 (men 80.1, women 83.1) and life table 2023; CBS births by age of the mother about
2022; CBS moves by age 2017 (shape) and p40 (level); M59, loop R15.  Assumed: single persons and couples do not merge or
split except by moving; births depend on the woman's age, her partner, her last child and room only; newborns inherit the mother's level of education.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import bell, exp, logarithm
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, identity, key, uniform
from ..quantity import Lever, Quantity
from ..registry import Outcome
from ..shared.arrivals import fill_dwellings, take_row, uncount
from ..shared.events import log
from ..shared.exchange import look_beside
from ..shared.hands import WRITES as FOR_WORK_WRITES
from ..shared.hands import bring_crew, come_for_work
from ..shared.kin import has_kin, has_parents, is_there, set_father, set_mother
from ..shared.newcomers import READS as NEWCOMER_READS
from ..shared.newcomers import WRITES as NEWCOMER_WRITES
from ..shared.newcomers import move_over, settle
from ..shared.persons import ADULT_FROM, AT_MOST, age_of, is_involved, list_actors
from ..state.codes import ARRIVED, BORN, DIED, LEFT, NEVER, NONE, PUT_OUT, STAGE_BROUGHT, STAYED_FOR_KIN

MOTHER_FROM, MOTHER_UNTIL = 18.0, 45.0  # age in years at which women bear children
LEAVER_FROM, LEAVER_UNTIL = 18.0, 28.0  # age in years at which young people leave home
WAIT = 65  # weeks at least between two children of a mother (assumed: hardly any birth follows within fifteen months)
MOST_WAITING = 0.8  # share of the time, at most, that women of an age wait so; never reached at fertilities of the Netherlands
GENERATION = 15.0  # years at least between a child and a parent
FRAIL, RESTLESS = 80.0, 25.0  # years of age at which frailty, and how readily people move, are as their parameters say
PATIENCE = 26  # weeks for which somebody who leaves home looks for a dwelling here (assumed)
BOYS = 0.512  # share of births, a constant of nature
LOOKS_BESIDE, ALONE = 1, 2  # occasions of a draw about somebody's life
LIKELIEST_MOVE = 0.05  # no household is likelier than this to move in one week
LIKELIEST_FATE = 0.03  # no person is likelier than this to die, bear or leave in one week

STAYS, DIES, BEARS, LEAVES = range(4)
SELECTIVE = 0.5  # how much work and few ties decide who moves for unease (R15, M59; assumed)


class Parameters(NamedTuple):
    """Numbers of demography."""

    # fmt: off
    turnover: Annotated[float, Quantity(0.15, 0.08, 0.22, "1/year", "p40", "households that move out of a focus neighbourhood")]
    settled: Annotated[float, Quantity(0.33, 0.2, 0.5, "ratio", "CBS moves: 70 against 45 years", "moving where the head is old")]
    restless: Annotated[float, Quantity(2.3, 1.5, 3.2, "ratio", "CBS moves: 25 against 45", "extra moving where the head is 25")]
    settling: Annotated[float, Quantity(12.5, 8.0, 18.0, "year", "CBS moves", "years in which the extra moving falls to 1/e")]
    rel_owner: Annotated[float, Quantity(0.6, 0.4, 0.9, "ratio", "assumed", "moving of owners against tenants of the same age")]
    unease_gain: Annotated[float, Quantity(0.5, 0.0, 1.5, "ratio", "R15, size assumed; 0 cuts the loop", "extra moving by full disorder or fear")]
    usual_unease: Annotated[float, Quantity(0.45, 0.2, 0.7, "level", "assumed", "unease plus fear at which turnover holds")]
    refill: Annotated[float, Quantity(0.1, 0.05, 0.25, "1/week", "assumed: ten weeks", "hazard that an empty dwelling is taken")]
    home_leaving: Annotated[float, Quantity(0.18, 0.1, 0.3, "1/year", "CBS: half by 23", "leaving the parental home at 18-27")]
    nearby: Annotated[float, Quantity(0.3, 0.15, 0.45, "share", "evidence 2.2: 36 % of movers stay within the wijk", "of those who leave home, who look for a dwelling here; of those who move alone, who look on a tile beside")]
    bound: Annotated[float, Quantity(0.3, 0.1, 0.7, "share", "Mulder and Malmberg 2014 as direction (parents or siblings near: less likely to move far); assumed size", "of households that would move, those that stay for kin in the neighbourhood, where there is any")]
    following: Annotated[float, Quantity(0.03, 0.0, 0.15, "share", "Thomas e.a. 2019 as direction (family as motive of a fifth to a third of moves, half of them to be near kin); assumed size", "of households that come, those that come because of kin here, if their kin can be here by age")]
    rooted: Annotated[float, Quantity(0.15, 0.05, 0.3, "share", "assumed; calibrated on rest", "at the start: of those who came at 18-27, who grew up here")]
    for_work: Annotated[float, Quantity(0.0018, 0.0, 0.012, "1 per 1,000", "Morselli, Turcotte and Tenti 2011 (crews move where a market pulls) as direction; assumed size; calibrated on N7", "chance that an adult of 18-39 moves in for the work of crews, by each hand that they lack per 1,000 residents")]
    birth_age: Annotated[float, Quantity(31.0, 30.0, 32.0, "year", "CBS births", "age of the mother at most births", "fixed")]
    birth_spread: Annotated[float, Quantity(5.3, 4.5, 6.0, "year", "CBS births", "spread of births by age of mother", "fixed")]
    alone: Annotated[float, Quantity(0.5, 0.3, 0.8, "ratio", "assumed; a seventh of newborns in the Netherlands have one parent at home", "births to a woman who has no partner here, against one who has", "fixed")]
    room: Annotated[float, Quantity(6.0, 5.0, 8.0, "persons", "assumed", "a household of this size or larger has no more births")]
    frailty_men: Annotated[float, Quantity(0.0505, 0.04, 0.07, "1/year", "life expectancy 80.1", "death hazard of men of 80")]
    frailty_women: Annotated[float, Quantity(0.0373, 0.03, 0.055, "1/year", "life expectancy 83.1", "the same of women")]
    aging: Annotated[float, Quantity(0.1, 0.095, 0.11, "1/year", "CBS, ages 61-81", "growth of the death hazard by age", "fixed")]
    accidents: Annotated[float, Quantity(0.0002, 0.0001, 0.0004, "1/year", "CBS, age 21", "death hazard at any age", "fixed")]
    infancy: Annotated[float, Quantity(0.0033, 0.0025, 0.004, "1/year", "CBS, age 0", "extra death hazard in year one", "fixed")]
    # fmt: on


READS = (
    "person.present", "person.id", "person.male", "person.born", "person.education", "person.stage", "person.household",
    "household.dwelling", "household.home", "household.owner", "household.unsettled", "household.closed", "household.size",
    "household.adults", "household.oldest", "household.moving", "household.means", "household.ties", "person.work_bond", "place.quarter", "place.perceived_disorder", "tile_index.fertility",
    "tile_index.people_free", "kin.*", "relative.*", "template.first", "template.size", "template.poverty", "member.age", "member.male",
    "member.education", "member.working", "member.disabled", "member.mother", "member.father", "member.partner", "outbox.*", "inbox.*", "tile_index.tiles", "tile_index.outbox", "tile_index.inbox", *NEWCOMER_READS,
    "tile_index.hands", "crew.vacancies", "person.propensity",
)  # fmt: skip
WRITES = (
    "person.present", "person.id", "person.male", "person.born", "person.education", "person.household", "person.home",
    "person.place", "household.id", "household.size", "household.adults", "household.oldest",
    "household.moving",
    "household.since", "household.raided", "household.poverty", "household.closed", "household.network", "household.involved_kin", "household.trauma", "household.felt", "household.aftercare",
    "household.case", "household.rooted", "household.rests_until", "household.vacancies", "kin.*", "relative.*",
    "outbox.*", "inbox.*", "tile_index.outbox",
    "tile_index.people", "tile_index.people_free", "actors", "tile_index.actors", "tile_index.youths", "tile_index.young",
    *NEWCOMER_WRITES, *FOR_WORK_WRITES,
)  # fmt: skip
LEVERS: dict[str, Lever] = {
    "shared_dwellings": Lever(
        0.0, 0.0, 1.0, "share", "share of dwellings taken this week that are split, or shared by two households"
    ),
}
COUNTS = {
    "births": Outcome("persons/week", "neither", "Children born to inhabitants this week"),
    "births_rooted": Outcome("persons/week", "neither", "Of these, children of a mother whose own parents live or lived here"),
    "deaths": Outcome("persons/week", "neither", "Inhabitants who died this week"),
    "moved_in": Outcome("persons/week", "neither", "People who came to live here this week"),
    "moved_in_kin": Outcome("persons/week", "neither", "Of these, people whose household came because of kin who live here"),
    "moved_within": Outcome("persons/week", "neither", "Of these, people who left another tile of the area within half a year"),
    "came_for_work": Outcome("persons/week", "lower", "Of these, people who came for the work of crews that lacked hands"),
    "crews_came": Outcome("crews/week", "lower", "Crews that came up with them, where there was none"),
    "moved_out": Outcome(
        "persons/week", "neither", "People who moved away this week, with their household or from their parents"
    ),
    "stayed": Outcome("persons/week", "neither", "People who left home this week for a dwelling in this neighbourhood"),
    "moved_out_working": Outcome("persons/week", "lower", "Of these, people with work"),
}
MECHANISMS = ("M59",)


@njit
def death(age, male, p):
    """Return the yearly hazard of dying at this age."""
    frailty = p.frailty_men if male == 1 else p.frailty_women
    infancy = p.infancy if age < 1.0 else 0.0
    return p.accidents + infancy + frailty * exp(p.aging * (age - FRAIL))


@njit
def birth(age, p):
    """Return the births a year to a woman of this age, against one at the age of most births."""
    if age < MOTHER_FROM or age >= MOTHER_UNTIL:
        return 0.0
    return bell((age - p.birth_age) / p.birth_spread)


@njit
def bearing(age, fertility, p):
    """Return the yearly hazard that a woman bears a child who is not waiting after the last one, so that births a year hold."""
    yearly = fertility * birth(age, p)
    return yearly / (1.0 - min(yearly * WAIT / WEEKS_A_YEAR, MOST_WAITING))


@njit
def leaving(age, p):
    """Return the yearly hazard of leaving the parental home at this age."""
    return p.home_leaving if LEAVER_FROM <= age < LEAVER_UNTIL else 0.0


@njit
def moving(age, owner, unsettled, p):
    """Return the yearly hazard that a household moves out, by the age of its oldest member, at the usual unease."""
    restlessness = p.settled * (1.0 + unsettled) + p.restless * exp(-(age - RESTLESS) / p.settling)
    return p.turnover * restlessness * (p.rel_owner if owner == 1 else 1.0)


@njit
def able(household):
    """Return how readily a household moves for unease, by work and ties; 1 in the middle, or where all are alike."""
    return 1.0 + SELECTIVE * ((0.5 + household.means) * (AT_MOST - household.ties) - 1.0)


@njit
def unease(household, place, p):
    """Return how much likelier moving is for what goes on around (R15); 1 where it is as usual."""
    return max(1.0 + p.unease_gain * (place.perceived_disorder + place.fear - p.usual_unease) * able(household), 0.0)


@njit
def fate(person, u, fertility, p, week):
    """Return what a draw brings this person this week, if their household allows it: STAYS, DIES, BEARS or LEAVES."""
    age = age_of(person, week)
    limit = death(age, person.male, p) / WEEKS_A_YEAR
    if u < limit:
        return DIES
    if person.male == 0:
        limit += bearing(age, fertility, p) / WEEKS_A_YEAR
        if u < limit:
            return BEARS
    return LEAVES if u < limit + leaving(age, p) / WEEKS_A_YEAR else STAYS


@njit
def with_parents(person, household):
    """Return whether somebody a generation older lives in the household."""
    return household.oldest + int(GENERATION * WEEKS_A_YEAR) <= person.born


@njit
def may_bear(people, row, own, household, p, dice, week):
    """Return whether a woman may bear a child: not with her parents, nor so soon after the last one, and less often alone."""
    if week - own.bore < WAIT or with_parents(people[row], household):
        return False
    return is_there(people, own.partner_row, own.partner) or happens(p.alone, dice, people[row].id, ALONE)


@njit
def lived_here(households, p, seed):
    """Let every household have come as long ago, at the start, as those do who move as readily: the exponential law, from 18 on."""
    dice = key(seed, Draw.MOVE, 0)
    for h in range(households.size):
        household = households[h]
        age = -household.oldest / WEEKS_A_YEAR
        years = -logarithm(1.0 - uniform(dice, household.dwelling)) / moving(age, household.owner, household.unsettled, p)
        household.since = -int(WEEKS_A_YEAR * min(years, max(age - ADULT_FROM, 0.0)))


@njit
def fortune(person, household, u, fertility, p, week):
    """Return what this week brings a person: with the household, by giving up to look for a dwelling here, or by a draw."""
    if household.moving == 1 or person.seeking == week:
        return LEAVES
    return fate(person, u, fertility, p, week) if u < LIKELIEST_FATE else STAYS


@njit
def demography(world, p, levers, seed, week):
    """Decide who moves, is born, dies or leaves home this week; then let it happen."""
    people, households, tile_index, tally = world.people, world.households, world.tile_index[0], world.tally[0]
    rows, free, events = world.scratch, world.people_free, world.events
    vital, nearby = key(seed, Draw.VITAL, week), key(seed, Draw.NEARBY, 0)
    dice = key(seed, Draw.NEWCOMER, 0), key(seed, Draw.NEW_IDENTITY, 0), key(seed, Draw.FAMILY, 0), key(seed, Draw.KIN, 0)
    ask_households(world, p, key(seed, Draw.MOVE, week), week)
    marked, looking = ask_people(people, households, rows, tile_index.fertility, p, vital, week)
    arrived, gone = 0, 0
    for k in range(marked):
        row = rows[k]
        person = people[row]
        household = households[person.household]
        what = fortune(person, household, uniform(vital, person.id), tile_index.fertility, p, week)
        if what == DIES:
            tally.deaths += 1
            depart(person, household, events, DIED, week)
        elif what == LEAVES and (household.moving == 1 or with_parents(person, household)):
            if household.moving == 0 and person.seeking != week and happens(p.nearby, nearby, person.id):
                person.seeking = week + PATIENCE
                continue
            if person.seeking == week:
                look_beside(world, row)
            tally.moved_out += 1
            tally.moved_out_working += 1 if person.work_bond > 0.0 else 0
            uncount(person, household, week)
            depart(person, household, events, LEFT, week)
        elif what == BEARS and tile_index.people_free > 0 and may_bear(people, row, world.kin[row], household, p, vital, week):
            tally.births_rooted += 1 if has_parents(world.kin[row]) else 0
            rows[arrived] = bear(world, row, household, dice, week)
            arrived += 1
        if person.present == 0:
            free[tile_index.people_free] = row
            tile_index.people_free += 1
            gone += 1
    born = arrived
    arrived = fill_dwellings(world, levers, arrived, looking, p, dice, week)
    tally.births += born
    tally.moved_in += arrived - born
    tile_index.people += arrived - gone
    for k in range(arrived):
        person = people[rows[k]]
        if k < born:
            settle(world, rows[k], world.places[person.home], seed, week)
        else:
            let_in(world, rows[k], p, seed, week)
        log(events, week, BORN if person.born == week else ARRIVED, person.id, person.home, int(age_of(person, week)))
        if person.stage > NONE:
            log(events, week, STAGE_BROUGHT, person.id, person.home, person.stage)
    list_actors(world, week)


@njit
def let_in(world, row, p, seed, week):
    """Let somebody who moved in have what people have who come from elsewhere, or bring along what they had on another tile."""
    person = world.people[row]
    elsewhere = person.seeking == NEVER
    if elsewhere:
        settle(world, row, world.newcomer_levels[0], seed, week)
    else:
        move_over(world, row, seed)
        world.tally[0].moved_within += 1
    bring_crew(world, person, seed, week)
    if elsewhere:
        come_for_work(world, person, p.for_work, seed, week)


@njit
def ask_households(world, p, dice, week):
    """Mark the dwellings that change hands, or stood empty and are taken; clear what is counted anew."""
    households, places = world.households, world.places
    for h in range(households.size):
        household = households[h]
        u = uniform(dice, household.dwelling)
        put_out = household.moving == PUT_OUT
        household.moving = 0
        if household.size == 0:
            household.moving = 1 if u < p.refill else 0
        elif put_out or household.adults == 0:  # children whose parents died go to family elsewhere
            household.moving = 1
        elif u < LIKELIEST_MOVE:
            age = (week - household.oldest) / WEEKS_A_YEAR
            hazard = moving(age, household.owner, household.unsettled, p) * unease(household, places[household.home], p)
            hazard *= 1.0 - household.closed  # closed families stay together where they are
            bound = p.bound if has_kin(households, world.relatives[h]) else 0.0
            household.moving = 1 if u < hazard * (1.0 - bound) / WEEKS_A_YEAR else 0
            if household.moving == 0 and u < hazard / WEEKS_A_YEAR:
                log(world.events, week, STAYED_FOR_KIN, household.id, household.home, household.size)
        household.adults = 0
        household.involved = 0
        household.involved_kin = 0
        household.oldest = week


@njit
def ask_people(people, households, rows, fertility, p, dice, week):
    """List the rows of all whose life may change this week, and at its end those who look for a dwelling here.

    Count who stays in each household.  Returns how many there are of either.
    """
    adult = week - int(ADULT_FROM * WEEKS_A_YEAR)
    marked, looking = 0, 0
    for i in range(people.size):
        person = people[i]
        if person.present == 0:
            continue
        household = households[person.household]
        what = fortune(person, household, uniform(dice, person.id), fertility, p, week)
        if what == LEAVES and household.moving == 1 and household.size == 1 and happens(p.nearby, dice, person.id, LOOKS_BESIDE):
            person.seeking = week
        if person.seeking > week and household.moving == 0 and what != DIES:
            looking += 1
            rows[rows.size - looking] = i
        elif what in (DIES, LEAVES) or (what == BEARS and household.size < p.room):
            rows[marked] = i
            marked += 1
        if what != DIES:
            household.oldest = min(person.born, household.oldest)
            household.adults += 1 if person.born <= adult else 0
            household.involved += 1 if is_involved(person) else 0
    return marked, looking


@njit
def depart(person, household, events, kind, week):
    """Let somebody who died or left be gone."""
    log(events, week, kind, person.id, person.home, int(age_of(person, week)))
    person.present = 0
    household.size -= 1


@njit
def bear(world, row, household, dice, week):
    """Let a woman bear a child, whose father is her partner; return its row."""
    mother, own = world.people[row], world.kin[row]
    luck, ids = dice[:2]
    mother.children += 1
    who = identity(ids, mother.id, mother.children)
    born = take_row(world, mother.household, household, who)
    child = world.people[born]
    child.born = week
    child.male = 1 if uniform(luck, who) < BOYS else 0
    child.education = mother.education
    set_mother(world.kin, born, world.people, row)
    if is_there(world.people, own.partner_row, own.partner) and world.people[own.partner_row].male == 1:
        set_father(world.kin[born], world.people, own.partner_row)
    return born
