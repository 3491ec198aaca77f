"""Arrivals: a dwelling that is free is taken by a household drawn from those that the neighbourhood attracts, now and then two.

Somebody who leaves home here and looks for a dwelling, or comes from another tile (`exchange.py`), takes the place of a member
without parents or children, of the same sex and about as old: so as many come of each age, whoever finds a dwelling.  Some
households come because of kin who live here: the mother of the first of them, and with whom her household is linked.
"""

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import happens, identity, uniform
from ..state.codes import NEVER, NOBODY
from .kin import alone, find_mother, has_parents, is_sibling, join, set_father, set_mother, set_partner, unlink
from .newcomers import closedness_of_movers
from .persons import ADULT_FROM, age_of, is_involved

FIRST = 1  # of the occasions of draws that name the households of a dwelling, and the members of a household
SHARES, FOLLOWS = 2, 3  # occasions of draws of a dwelling, beside its parties (0 and 1), and of a household
LARGEST = 1000  # members that no household has: so many identities lie between two that share a dwelling
NEW_BOND, DISABLED = (
    0.7,
    0.35,
)  # bond with work of those who have it, and health of those who receive a disability benefit, on arrival (assumed)
AS_OLD = 3.0  # years between somebody who leaves home and the one whose place that is, at most


@njit
def take_row(world, h, household, who):
    """Give a new person a free row and a place in this household; return the row."""
    tile_index = world.tile_index[0]
    tile_index.people_free -= 1
    row = world.people_free[tile_index.people_free]
    person = world.people[row]
    person.id = who
    person.present = 1
    person.household = h
    person.home = household.home
    person.place = household.home
    person.seeking = NEVER
    person.work_bond = 0.0
    person.health = 1.0
    alone(world.kin[row])
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
def renew(household, template, who, closed, week):
    """Let another household have this dwelling, so closed as a family: what was known of the former one is gone."""
    household.id = who
    household.vacancies += 1
    household.since = week
    household.raided = NEVER
    household.rests_until = week
    household.case = NOBODY
    household.poverty = template.poverty
    household.trauma = household.felt = 0.0
    household.aftercare = 0.0
    household.closed = household.network = closed
    household.rooted = 0.0
    household.oldest = week


@njit
def uncount(person, household, week):
    """Take somebody who leaves out of what was counted of a household."""
    household.adults -= 1 if age_of(person, week) >= ADULT_FROM else 0
    household.involved -= 1 if is_involved(person) else 0


@njit
def move_in(world, h, template, party, arrived, looking, p, dice, week):
    """Give everybody of a template a row in this household; return the arrivals and how many still look for a dwelling."""
    people, household, rows = world.people, world.households[h], world.scratch
    luck, ids, _, family = dice
    mate = NOBODY
    for k in range(template.size):
        member = world.template_members[template.first + k]
        found, guest = NOBODY, NOBODY
        if member.age >= ADULT_FROM and (template.size == 1 or (template.size == 2 and member.partner != NOBODY)):
            found = seeker(world, looking, member, mate, household.id, luck, week)
            if found == NOBODY:
                guest = waiting(world, member, mate, household.id, luck, week)
        if guest != NOBODY:
            row = welcome(world, guest, h, week)
        elif found == NOBODY:
            row = take_row(world, h, household, identity(ids, household.id, FIRST + LARGEST * party + k))
            person = people[row]
            person.born = week - int(member.age * WEEKS_A_YEAR)
            person.male = member.male
            person.education = member.education
            person.work_bond = NEW_BOND if member.working == 1 else 0.0
            person.health = DISABLED if member.disabled == 1 else 1.0
            household.adults += 1 if member.age >= ADULT_FROM else 0
        else:
            row = rows[found]
            rows[found] = rows[rows.size - looking]
            looking -= 1
            resettle(world, row, h, week)
        household.oldest = min(household.oldest, people[row].born)
        rows[arrived + k] = row
        mate = row
    relate(world, template, arrived)
    first, came = rows[arrived], newcomers(people, rows, arrived, template.size, week)
    if (
        came == arrived + template.size
        and happens(p.following, luck, household.id, FOLLOWS)
        and follow(world, first, p, family, week)
    ):
        world.tally[0].moved_in_kin += template.size
    return came, looking


@njit
def follow(world, row, p, dice, week):
    """Link a newcomer from outside the area, if grown, with the mother who lives here; return whether there is one."""
    person = world.people[row]
    grown = age_of(person, week) >= ADULT_FROM and person.seeking == NEVER and not has_parents(world.kin[row])
    return grown and find_mother(world, row, p, dice, week)


@njit
def relate(world, template, first):
    """Say who of those in the list, from the first on, is whose mother, father and partner."""
    people, rows = world.people, world.scratch
    for k in range(template.size):
        member, own = world.template_members[template.first + k], world.kin[rows[first + k]]
        if member.mother != NOBODY:
            set_mother(world.kin, rows[first + k], people, rows[first + member.mother])
        if member.father != NOBODY:
            set_father(own, people, rows[first + member.father])
        if member.partner != NOBODY:
            set_partner(own, people, rows[first + member.partner])


@njit
def newcomers(people, rows, arrived, size, week):
    """Keep in the list, of those who now have a dwelling, only who came from elsewhere; return its length."""
    for k in range(arrived, arrived + size):
        row = rows[k]
        if people[row].seeking != week:
            rows[arrived] = row
            arrived += 1
    return arrived


@njit
def seeker(world, looking, member, mate, who, luck, week):
    """Return where in the list somebody stands who leaves home and takes the place of this member, or NOBODY.

    Of those who fit, it is the one with the highest draw; nobody becomes the partner of a brother or sister.
    """
    people, kin, rows = world.people, world.kin, world.scratch
    best, most = NOBODY, -1.0
    for k in range(rows.size - looking, rows.size):
        person = people[rows[k]]
        if fits(person, kin[rows[k]], member, kin, mate, week):
            u = uniform(luck, person.id, who)
            if u > most:
                best, most = k, u
    return best


@njit
def fits(person, own, member, kin, mate, week):
    """Return whether somebody can take the place of this member, beside the one who has come in already, if any."""
    alike = person.male == member.male and abs(age_of(person, week) - member.age) < AS_OLD
    return alike and (mate == NOBODY or not is_sibling(own, kin[mate]))


@njit
def waiting(world, member, mate, who, luck, week):
    """Return where in the inbox somebody from another tile stands who takes the place of this member, or NOBODY."""
    best, most = NOBODY, -1.0
    for k in range(world.tile_index[0].inbox):
        person = world.inbox[k]
        if person.present == 1 and fits(person, world.inbox_kin[k], member, world.kin, mate, week):
            u = uniform(luck, person.id, who)
            if u > most:
                best, most = k, u
    return best


@njit
def welcome(world, guest, h, week):
    """Let somebody from the inbox move into a household; return the row. Their kin are on other tiles."""
    household, came = world.households[h], world.inbox[guest]
    row = take_row(world, h, household, came.id)
    world.people[row] = came
    world.kin[row] = world.inbox_kin[guest]
    came.present = 0
    person, own = world.people[row], world.kin[row]
    person.household = h
    person.home = household.home
    person.place = household.home
    person.seeking = week + 1  # until the end of this week, by which others know who comes from another tile
    own.mother_row = own.father_row = own.partner_row = NOBODY
    household.adults += 1
    return row


@njit
def resettle(world, row, h, week):
    """Let somebody move from home into another household, linked with the family from now on."""
    person, household = world.people[row], world.households[h]
    home = world.households[person.household]
    uncount(person, home, week)
    home.size -= 1
    join(world.relatives, world.households, h, person.household)
    person.household = h
    person.home = household.home
    person.place = household.home
    person.seeking = week
    household.size += 1
    household.adults += 1
    household.involved += 1 if is_involved(person) else 0
    world.tally[0].stayed += 1


@njit
def fill_dwellings(world, levers, arrived, looking, p, dice, week):
    """Let another household move into every dwelling that is free, while there are free rows; return the arrivals.

    The last rows of the list are of those who leave home and look for a dwelling.  Rows were freed in ascending order of the
    dwellings (mostly), so going down gives most newcomers the rows of those whom they follow: people of a household stay
    together in memory.
    """
    households, tile_index = world.households, world.tile_index[0]
    luck, ids, families, _ = dice
    for h in range(households.size - 1, -1, -1):
        household = households[h]
        if household.moving == 0:
            continue
        who = identity(ids, household.dwelling, household.vacancies + FIRST)
        share = levers[world.places[household.home].quarter].shared_dwellings
        for party in range(2 if happens(share, luck, who, SHARES) else 1):
            template = world.templates[drawn(world.template_weight, uniform(luck, who, party) + household.owner)]
            if tile_index.people_free < template.size:
                break
            if party == 0:
                renew(household, template, who, closedness_of_movers(who, world.newcomer_levels[0], families), week)
                unlink(world.relatives[h])
            arrived, looking = move_in(world, h, template, party, arrived, looking, p, dice, week)
    return arrived
