"""Who moves in where a dwelling is free: a household drawn from those that the neighbourhood attracts, now and then two."""

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import happens, identity, uniform
from ..state.codes import NEVER, NOBODY
from .persons import ADULT_FROM

LARGEST = 1000  # members that no household has: so many identities lie between two that share a dwelling


@njit
def take_row(people, free, tile_index, h, household, who):
    """Give a new person a free row and a place in this household; return the row."""
    tile_index.people_free -= 1
    row = free[tile_index.people_free]
    person = people[row]
    person.id = who
    person.present = 1
    person.household = h
    person.home = household.home
    person.place = household.home
    household.size += 1
    return row


@njit
def drawn(weights, u):
    """Return the first row whose cumulative weight exceeds u (bisection), or the last one."""
    low, high = 0, weights.size - 1
    while low < high:
        middle = (low + high) // 2
        if u < weights[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@njit
def renew(household, template, who, week):
    """Let another household have this dwelling: what was known of the former one is gone."""
    household.id = who
    household.since = week
    household.raided = NEVER
    household.case = NOBODY
    household.poverty = template.poverty
    household.trauma = 0.0
    household.aftercare = 0.0
    household.closed = 0.0
    household.rooted = 0.0
    household.oldest = week


@njit
def move_in(people, household, h, template, members, free, tile_index, rows, arrived, dice, first, week):
    """Give everybody of a template a row in this household; return the arrivals.  Identities count from first on."""
    for k in range(template.size):
        member = members[template.first + k]
        row = take_row(people, free, tile_index, h, household, identity(dice, household.dwelling, first + k))
        person = people[row]
        person.born = week - int(member.age * WEEKS_A_YEAR)
        person.male = member.male
        person.education = member.education
        household.oldest = min(household.oldest, person.born)
        household.adults += 1 if member.age >= ADULT_FROM else 0
        rows[arrived] = row
        arrived += 1
    return arrived


@njit
def fill_dwellings(people, households, who_may_come, shared, free, tile_index, rows, arrived, ids, luck, week):
    """Let another household move into every dwelling that is free, while there are free rows; return the arrivals.

    Rows were freed in ascending order of the dwellings (mostly), so going down gives most newcomers the rows of
    those whom they follow: people of a household stay together in memory.
    """
    templates, members, weights = who_may_come
    places, levers = shared
    for h in range(households.size - 1, -1, -1):
        household = households[h]
        if household.moving == 0:
            continue
        share = levers[places[household.home].quarter].shared_dwellings
        for party in range(2 if happens(share, luck, household.dwelling, 2) else 1):
            template = templates[drawn(weights, uniform(luck, household.dwelling, party) + household.owner)]
            if tile_index.people_free < template.size:
                break
            if party == 0:
                renew(household, template, identity(ids, household.dwelling), week)
            first = 1 + LARGEST * party
            arrived = move_in(people, household, h, template, members, free, tile_index, rows, arrived, ids, first, week)
    return arrived
