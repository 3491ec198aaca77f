"""Demography: people are born, age, die and leave home; households move out and others move in.

Everybody's age follows from the week of birth.  A dwelling that a household leaves is taken at once by another, drawn
from the households that this neighbourhood attracts (`templates.py`), in such shares that the age pyramid stays what
it is; a dwelling whose last member died or left waits some weeks.  Households whose head is young move often, owners and the
old seldom, and all of them sooner where disorder and fear are high.

    death / year   = accidents + frailty(sex) * exp(aging * (age - 80))
    birth / year   = fertility * exp(-((age - birth_age) / birth_spread)**2 / 2)           women of 18-44, with room at home
    leaving / year = home_leaving                                                          18-27, still with parents
    moving / year  = turnover * (settled * (1 + unsettled) + restless * exp(-(age of head - 25) / settling)) * rel_owner
                     * (1 + unease_gain * (disorder + fear - usual_unease))

Nothing is steered while a run goes on: fertility and the shares are computed once, at the start.  So helping
one youth changes nobody else's births, deaths and moves.  One draw a person and one a dwelling decide a week; almost
all draws are above every hazard, and only for the others is the hazard worked out.

Sources: CBS life expectancy at birth 2022 (men 80.1, women 83.1) and life table 2023; CBS births by age of the mother about
2022; CBS moves by age 2017 (shape) and p40 (level); M59, loop R15.  Assumed: single persons and couples do not merge or
split except by moving; births depend on the woman's age and on room only; newborns inherit the mother's level of education.
"""

import math
from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, identity, key, uniform
from ..events import log
from ..newcomer import settle
from ..persons import WEEKS_A_YEAR, age_of, is_involved
from ..quantity import Lever, Quantity
from ..registry import Outcome
from ..state import ARRIVED, BORN, DIED, LEFT, NEVER

ADULT = 18.0
MOTHER_FROM, MOTHER_UNTIL = 18.0, 45.0
LEAVER_FROM, LEAVER_UNTIL = 18.0, 28.0
GENERATION = 15.0  # years at least between a child and a parent
BOYS = 0.512  # share of births, a constant of nature
LIKELIEST_MOVE = 0.05  # no household is likelier than this to move in one week
LIKELIEST_FATE = 0.03  # no person is likelier than this to die, bear or leave in one week

STAYS, DIES, BEARS, LEAVES = range(4)


class Parameters(NamedTuple):
    """Numbers of demography."""

    turnover: Annotated[float, Quantity(0.15, 0.08, 0.22, "1/year", "p40: focus neighbourhoods 15 %, Stokhasselt 20 %", "households that move out, averaged over a focus neighbourhood")]
    settled: Annotated[float, Quantity(0.33, 0.2, 0.5, "ratio", "CBS, moves by age 2017 (70 against 45 years)", "moving of households with an old head, against the average")]
    restless: Annotated[float, Quantity(2.3, 1.5, 3.2, "ratio", "CBS, moves by age 2017 (25 against 45 years)", "extra moving where the head is 25, against the average")]
    settling: Annotated[float, Quantity(12.5, 8.0, 18.0, "year", "CBS, moves by age 2017", "years of age over which the extra moving falls to 1/e")]
    rel_owner: Annotated[float, Quantity(0.6, 0.4, 0.9, "ratio", "assumed; CBS, direction", "moving of owners against tenants of the same age")]
    unease_gain: Annotated[float, Quantity(0.5, 0.0, 1.5, "ratio", "R15, assumed size", "extra moving by a full level of disorder or fear around")]
    usual_unease: Annotated[float, Quantity(0.3, 0.1, 0.6, "level", "assumed: where p40 was measured", "disorder plus fear at which turnover is as given")]
    refill: Annotated[float, Quantity(0.1, 0.05, 0.25, "1/week", "assumed: ten weeks vacant", "hazard that an empty dwelling is taken")]
    home_leaving: Annotated[float, Quantity(0.18, 0.1, 0.3, "1/year", "CBS: half left at about 23; assumed constant", "leaving home, and with it the neighbourhood, at 18-27")]
    birth_age: Annotated[float, Quantity(31.0, 30.0, 32.0, "year", "CBS births 2022, from memory, check", "age of the mother at which births peak", "fixed")]
    birth_spread: Annotated[float, Quantity(5.3, 4.5, 6.0, "year", "CBS births 2022, from memory, check", "spread of births by age of the mother", "fixed")]
    room: Annotated[float, Quantity(6.0, 5.0, 8.0, "persons", "assumed", "a household of this size or larger has no more births")]
    frailty_men: Annotated[float, Quantity(0.0505, 0.04, 0.07, "1/year", "solved: life expectancy 80.1 (CBS 2022)", "death hazard of men of 80")]
    frailty_women: Annotated[float, Quantity(0.0373, 0.03, 0.055, "1/year", "solved: life expectancy 83.1 (CBS 2022)", "death hazard of women of 80")]
    aging: Annotated[float, Quantity(0.1, 0.095, 0.11, "1/year", "CBS life table 2023, ages 61-81", "growth of the death hazard with a year of age", "fixed")]
    accidents: Annotated[float, Quantity(0.0002, 0.0001, 0.0004, "1/year", "CBS life table 2023, age 21", "death hazard at any age", "fixed")]
    infancy: Annotated[float, Quantity(0.0033, 0.0025, 0.004, "1/year", "CBS life table 2023, age 0", "extra death hazard in the first year", "fixed")]


READS = (
    "person.present", "person.id", "person.male", "person.born", "person.education", "person.stage", "person.household",
    "household.dwelling", "household.home", "household.owner", "household.size", "household.adults", "household.oldest",
    "household.moving", "place.disorder", "place.fear", "register.fertility", "register.people_free",
    "template.first", "template.size", "template.poverty", "member.age", "member.male", "member.education",
)  # fmt: skip
WRITES = (
    "person.present", "person.id", "person.male", "person.born", "person.education", "person.household", "person.home", "person.place",
    "household.id", "household.size", "household.adults", "household.involved", "household.oldest", "household.moving",
    "household.since", "household.raided", "household.poverty", "household.trauma", "household.aftercare",
    "register.people", "register.people_free", "register.events",
)  # fmt: skip
LEVERS: dict[str, Lever] = {}
COUNTS = {
    "births": Outcome("persons/week", "neither", "Children born to inhabitants this week"),
    "deaths": Outcome("persons/week", "neither", "Inhabitants who died this week"),
    "moved_in": Outcome("persons/week", "neither", "People who came to live here this week"),
    "moved_out": Outcome("persons/week", "neither", "People who moved away this week, with their household or from their parents' home"),
}
MECHANISMS = ("M59", "R15")


@njit
def death(age, male, p):
    """Return the yearly hazard of dying at this age."""
    frailty = p.frailty_men if male == 1 else p.frailty_women
    infancy = p.infancy if age < 1.0 else 0.0
    return p.accidents + infancy + frailty * math.exp(p.aging * (age - 80.0))


@njit
def birth(age, p):
    """Return the births a year to a woman of this age, against one at the age of most births."""
    if age < MOTHER_FROM or age >= MOTHER_UNTIL:
        return 0.0
    return math.exp(-(((age - p.birth_age) / p.birth_spread) ** 2) / 2.0)


@njit
def leaving(age, p):
    """Return the yearly hazard of leaving the parental home at this age."""
    return p.home_leaving if LEAVER_FROM <= age < LEAVER_UNTIL else 0.0


@njit
def moving(age, owner, unsettled, p):
    """Return the yearly hazard that a household moves out, by the age of its oldest member, at the usual unease."""
    restlessness = p.settled * (1.0 + unsettled) + p.restless * math.exp(-(age - 25.0) / p.settling)
    return p.turnover * restlessness * (p.rel_owner if owner == 1 else 1.0)


@njit
def unease(place, p):
    """Return how much likelier moving is for what goes on around (R15); 1 where it is as usual."""
    return max(1.0 + p.unease_gain * (place.disorder + place.fear - p.usual_unease), 0.0)


@njit
def fate(person, u, fertility, p, week):
    """Return what a draw brings this person this week, if their household allows it: STAYS, DIES, BEARS or LEAVES."""
    age = age_of(person, week)
    limit = death(age, person.male, p) / WEEKS_A_YEAR
    if u < limit:
        return DIES
    if person.male == 0:
        limit += fertility * birth(age, p) / WEEKS_A_YEAR
        if u < limit:
            return BEARS
    return LEAVES if u < limit + leaving(age, p) / WEEKS_A_YEAR else STAYS


@njit
def with_parents(person, household):
    """Return whether somebody a generation older lives in the household."""
    return household.oldest + int(GENERATION * WEEKS_A_YEAR) <= person.born


@njit
def demography(world, p, levers, seed, week):
    """Decide who moves, is born, dies or leaves home this week; then let it happen."""
    ask_households(world, p, seed, week)
    marked = ask_people(world, p, seed, week)
    dice = key(seed, Draw.VITAL, week)
    for k in range(marked):
        row = world.scratch[k]
        person = world.people[row]
        household = world.households[person.household]
        if household.moving == 1:
            move_out(world, row, seed, week)
            continue
        what = fate(person, uniform(dice, person.id), world.register[0].fertility, p, week)
        if what == DIES:
            household.size -= 1
            world.tally[0].deaths += 1
            depart(world, row, DIED, week)
        elif what == LEAVES and with_parents(person, household):
            household.size -= 1
            household.adults -= 1
            household.involved -= 1 if is_involved(person) else 0
            world.tally[0].moved_out += 1
            depart(world, row, LEFT, week)
        elif what == BEARS and not with_parents(person, household):
            bear(world, person, seed, week)


@njit
def ask_households(world, p, seed, week):
    """Mark the households that move out, fill dwellings that stood empty, and clear what is counted anew."""
    dice = key(seed, Draw.MOVE, week)
    for h in range(world.households.size):
        household = world.households[h]
        u = uniform(dice, household.dwelling)
        household.moving = 0
        if household.size == 0:
            if u < p.refill:
                move_in(world, h, seed, week)
        elif household.adults == 0:  # children whose parents died go to family elsewhere
            household.moving = 1
        elif u < LIKELIEST_MOVE:
            age = (week - household.oldest) / WEEKS_A_YEAR
            if u < moving(age, household.owner, household.unsettled, p) * unease(world.places[household.home], p) / WEEKS_A_YEAR:
                household.moving = 1
        clear(household, week)


@njit
def clear(household, week):
    """Forget what was counted of a household's members."""
    household.adults = 0
    household.involved = 0
    household.oldest = week


@njit
def ask_people(world, p, seed, week):
    """List the rows of all whose life may change this week; count what stays in each household.  Returns their number."""
    dice = key(seed, Draw.VITAL, week)
    fertility = world.register[0].fertility
    adult_from = week - int(ADULT * WEEKS_A_YEAR)
    marked = 0
    for i in range(world.people.size):
        person = world.people[i]
        if person.present == 0:
            continue
        household = world.households[person.household]
        what = STAYS
        if household.moving == 0:
            u = uniform(dice, person.id)
            if u < LIKELIEST_FATE:
                what = fate(person, u, fertility, p, week)
        if household.moving == 1 or what == DIES or what == LEAVES or (what == BEARS and household.size < p.room):
            world.scratch[marked] = i
            marked += 1
        if what != DIES:
            household.oldest = min(household.oldest, person.born)
            household.adults += 1 if person.born <= adult_from else 0
            household.involved += 1 if is_involved(person) else 0
    return marked


@njit
def depart(world, row, kind, week):
    """Empty the row of somebody who died or left."""
    person, register = world.people[row], world.register[0]
    log(world.events, week, kind, person.id, person.home, int(age_of(person, week)))
    person.present = 0
    world.people_free[register.people_free] = row
    register.people_free += 1
    register.people -= 1


@njit
def move_out(world, row, seed, week):
    """Let one member of a moving household leave; after the last one, others move in."""
    h = world.people[row].household
    household = world.households[h]
    household.size -= 1
    world.tally[0].moved_out += 1
    depart(world, row, LEFT, week)
    if household.size == 0:
        move_in(world, h, seed, week)


@njit
def occupy(world, h, who, born, male, education, kind, seed, week):
    """Give a new person a row and a place in this household."""
    register, household = world.register[0], world.households[h]
    register.people_free -= 1
    register.people += 1
    row = world.people_free[register.people_free]
    person = world.people[row]
    person.id = who
    person.present = 1
    person.born = born
    person.male = male
    person.education = education
    person.household = h
    person.home = household.home
    person.place = household.home
    household.size += 1
    settle(world, row, seed, week)
    log(world.events, week, kind, who, household.home, int(age_of(person, week)))


@njit
def bear(world, mother, seed, week):
    """A child is born, when there is a free row."""
    if world.register[0].people_free == 0:
        return
    who = identity(key(seed, Draw.NEW_IDENTITY, week), mother.id)
    male = 1 if uniform(key(seed, Draw.NEWCOMER, week), who) < BOYS else 0
    world.tally[0].births += 1
    occupy(world, mother.household, who, week, male, mother.education, BORN, seed, week)


@njit
def drawn_template(world, u):
    """Return the row of the template at this point of the cumulative weights (bisection)."""
    low, high = 0, world.templates.size - 1
    while low < high:
        middle = (low + high) // 2
        if u < world.template_weight[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def move_in(world, h, seed, week):
    """Another household takes this empty dwelling, when there are free rows for all its members."""
    household, ids = world.households[h], key(seed, Draw.NEW_IDENTITY, week)
    clear(household, week)
    u = uniform(key(seed, Draw.NEWCOMER, week), household.dwelling)
    template = world.templates[drawn_template(world, u + household.owner)]
    if world.register[0].people_free < template.size:
        return
    household.id = identity(ids, household.dwelling)
    household.since = week
    household.raided = NEVER
    household.poverty = template.poverty
    household.trauma = 0.0
    household.aftercare = 0.0
    for k in range(template.size):
        member = world.template_members[template.first + k]
        born = week - int(member.age * WEEKS_A_YEAR)
        household.oldest = min(household.oldest, born)
        household.adults += 1 if member.age >= ADULT else 0
        world.tally[0].moved_in += 1
        occupy(world, h, identity(ids, household.dwelling, k + 1), born, member.male, member.education, ARRIVED, seed, week)
