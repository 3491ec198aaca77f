"""Kin: mother, father and partner of a person, and the households of kin that a household is linked with.

A link is a row and an identity: when another household lives there, or nobody, the link is lost, and its room may be used
again.  Links have two ends; where either household is linked with as many as it can be, there is none.
"""

from ..arithmetic import exp
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, identity, key, uniform
from ..state.codes import NEVER, NOBODY, RELATIVES
from .persons import ADULT_FROM, age_of, is_free

PARENTAGE = (  # what `lacks_parent` reads
    "kin.mother", "kin.father", "kin.mother_row", "kin.father_row", "person.id", "person.present", "person.detained_until",
    "person.household", "household.held",
)  # fmt: skip
YOUNGEST_MOTHER, USUAL_MOTHER, OLDEST_MOTHER = 20.0, 30.0, 42.0  # years between a mother and her children, at the start
ALIVE, MOTHER, FATHER = 1, 2, 3  # occasions of draws about somebody's parents
SIBLINGS = 12.0  # years between brothers and sisters, at most


@njit
def alone(own):
    """Let a new person have no kin yet."""
    own.mother = own.mother_row = NOBODY
    own.father = own.father_row = NOBODY
    own.partner = own.partner_row = NOBODY
    own.bore = NEVER


@njit
def is_there(people, row, who):
    """Return whether the person of this identity, who was in this row, still lives here."""
    return row != NOBODY and people[row].id == who and people[row].present == 1


@njit
def is_sibling(one, other):
    """Return whether two people have a mother or a father in common."""
    return (one.mother != NOBODY and one.mother == other.mother) or (one.father != NOBODY and one.father == other.father)


@njit
def has_parents(own):
    """Return whether it is known who somebody's mother or father is: they live or lived here."""
    return own.mother != NOBODY or own.father != NOBODY


@njit
def lacks_parent(world, row, week):
    """Return whether a mother or father who lives with this person is in detention."""
    people, own, household = world.people, world.kin[row], world.people[row].household
    if world.households[household].held == 0:
        return False
    for parent, who in ((own.mother_row, own.mother), (own.father_row, own.father)):
        if is_there(people, parent, who) and not is_free(people[parent], week) and people[parent].household == household:
            return True
    return False


@njit
def set_mother(kin, row, people, mother):
    """Say who the mother of somebody in a row is, and that she bore them when they were born."""
    kin[row].mother = people[mother].id
    kin[row].mother_row = mother
    kin[mother].bore = max(int(kin[mother].bore), int(people[row].born))


@njit
def set_father(own, people, row):
    """Say who somebody's father is."""
    own.father = people[row].id
    own.father_row = row


@njit
def set_partner(own, people, row):
    """Say who somebody's partner is."""
    own.partner = people[row].id
    own.partner_row = row


@njit
def is_kin(households, tie):
    """Return whether the household at the other end of a link still lives there."""
    h = tie.household
    return h != NOBODY and households[h].id == tie.id and households[h].size > 0


@njit
def has_kin(households, ties):
    """Return whether a household has kin in another one here."""
    for k in range(RELATIVES):
        if is_kin(households, ties[k]):
            return True
    return False


@njit
def family_of(households, ties, h):
    """Return the identity of the family of a household: the lowest of its own and those of its kin."""
    lowest = households[h].id
    for k in range(RELATIVES):
        if is_kin(households, ties[k]):
            lowest = min(lowest, households[ties[k].household].id)
    return lowest


@njit
def room(households, ties):
    """Return which link of a household may be used, or NOBODY."""
    for k in range(RELATIVES):
        if not is_kin(households, ties[k]):
            return k
    return NOBODY


@njit
def is_linked(ties, household, h):
    """Return whether a household is among these links."""
    for k in range(RELATIVES):
        if ties[k].household == h and ties[k].id == household.id:
            return True
    return False


@njit
def link(relatives, households, a, b):
    """Link two households, if both have room."""
    i, j = room(households, relatives[a]), room(households, relatives[b])
    if a == b or i == NOBODY or j == NOBODY or is_linked(relatives[a], households[b], b):
        return
    relatives[a, i].household = b
    relatives[a, i].id = households[b].id
    relatives[b, j].household = a
    relatives[b, j].id = households[a].id


@njit
def join(relatives, households, h, family):
    """Link a household with that of the family it comes from, and with whom that one is linked."""
    for k in range(RELATIVES):
        tie = relatives[family, k]
        if is_kin(households, tie):
            link(relatives, households, h, tie.household)
    link(relatives, households, h, family)


@njit
def unlink(ties):
    """Let a household that is new here be linked with none."""
    for k in range(RELATIVES):
        ties[k].household = NOBODY
        ties[k].id = 0


@njit
def settle_kin(world, p, seed, first, last):
    """Say who has kin in another household here at the start: some of those who were as old as who leaves home when they came."""
    people, kin, households, relatives, rows = world.people, world.kin, world.households, world.relatives, world.scratch
    dice = key(seed, Draw.KIN, 0)
    orphans = 0
    for h in range(households.size):
        unlink(relatives[h])
    for i in range(people.size):
        person = people[i]
        if person.present == 1 and not has_parents(kin[i]) and age_of(person, 0) >= ADULT_FROM:
            came = age_of(person, households[person.household].since)
            if first <= came < last and happens(p.rooted, dice, person.id) and not find_mother(world, i, p, dice, 0):
                rows[orphans] = i
                orphans += 1
    pair_siblings(people, kin, households, relatives, rows, orphans, dice)


@njit
def find_mother(world, i, p, dice, week):
    """Link somebody with the mother who lives here, her partner as father and her kin; return whether there is one."""
    people, kin, person = world.people, world.kin, world.people[i]
    row = mother_of(people, person, partners_mother(kin, kin[i]), p, dice, week)
    if row == NOBODY:
        return False
    set_mother(kin, i, people, row)
    father = kin[row].partner_row
    if is_there(people, father, kin[row].partner) and could_be_father(people[father], person):
        set_father(kin[i], people, father)
    join(world.relatives, world.households, person.household, people[row].household)
    return True


@njit
def could_be_father(man, person):
    """Return whether somebody can be the father of a person, by sex and age."""
    return man.male == 1 and person.born - man.born >= int(YOUNGEST_MOTHER * WEEKS_A_YEAR)


@njit
def partners_mother(kin, own):
    """Return the identity of the mother of somebody's partner, or NOBODY."""
    return kin[own.partner_row].mother if own.partner_row != NOBODY else NOBODY


@njit
def mother_of(people, person, other_family, p, dice, week):
    """Return the row of the woman here who is somebody's mother: the likeliest by age and a draw, or NOBODY where she died.

    She is not of the other family, that of the partner.
    """
    alive = exp(-p.frailty_women / p.aging * exp(p.aging * (age_of(person, week) + USUAL_MOTHER - 80.0)))
    if not happens(alive, dice, person.id, ALIVE):
        return NOBODY
    best, most = NOBODY, -1e9
    for j in range(people.size):
        other = people[j]
        older = (person.born - other.born) / WEEKS_A_YEAR
        if other.present == 1 and other.male == 0 and YOUNGEST_MOTHER <= older < OLDEST_MOTHER:
            fits = uniform(dice, person.id, other.id) - 0.1 * abs(older - USUAL_MOTHER)
            if fits > most and other.household != person.household and other.id != other_family:
                best, most = j, fits
    return best


@njit
def pair_siblings(people, kin, households, relatives, rows, orphans, dice):
    """Make brothers and sisters of people in these rows near in age: their parents, who are gone, are the same."""
    for a in range(orphans):
        one = people[rows[a]]
        for b in range(a + 1, orphans):
            other = people[rows[b]]
            near = abs(one.born - other.born) <= int(SIBLINGS * WEEKS_A_YEAR)
            if near and not has_parents(kin[rows[a]]) and not has_parents(kin[rows[b]]) and one.household != other.household:
                for row in (rows[a], rows[b]):
                    kin[row].mother = identity(dice, one.id, MOTHER)
                    kin[row].father = identity(dice, one.id, FATHER)
                link(relatives, households, one.household, other.household)
