"""Routines: where people spend their free time.

A youth is at home, in an organised activity, or outside: at the usual square, on the street or, if involved, on the
turf of the crew or in a hidden spot.  Worried parents keep children in; a minor whose parent is in detention is watched
over less.  Adults go to shops, squares and the community centre, less often the more they fear.  A pupil of twelve and
over whom little binds to school stays away now and then, and is outside more.  People who are about can see what
happens and may step in.  In summer, with its evenings and holidays, people are out more.

    P(outside | youth) = street(age) * (1 + season * wave) * (1 - worry) * (1 - in an activity * displaced) * (1 + unwatched, a parent in detention)
                         * (1 + unwatched, absent from school);   P(absent) = absent * (1 - bond with school)
    wave = s (3 - s^2) / 2,  s from 1 at the peak of summer to -1 half a year from it

Sources: Hoeben and Weerman 2016 (unstructured time), the Utrecht report (M7, M9, loop R14); Murray, Farrington and Sekol 2012
(children whose parent is locked up).
"""

from typing import Annotated, NamedTuple

from ..arithmetic import bell
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.decisions import GOES_TO, decides, is_own
from ..shared.decisions import READS as DECISION_READS
from ..shared.kin import PARENTAGE, lacks_parent
from ..shared.persons import CHILD_UNTIL, PUPIL_UNTIL, TEEN_FROM, YOUTH_UNTIL, age_of, in_activity, is_free, is_involved
from ..state.codes import NOBODY
from ..state.fields import fixed

BESIDE_SQUARE = 3  # places to go besides the usual square, each as often: the usual shop, the usual centre, home
TERM = 13  # weeks for which somebody joins an activity
ABSENT = 2  # occasion of draws by Draw.ROUTINE: whether a pupil stays away from school
WHERE = 1  # and where somebody spends free time
QUARTERS_A_YEAR, SMOOTH = 4.0, 3.0  # of a wave through the year: from peak to mean a quarter; 3 s - s^3 rounds a zigzag
SEASON = 0.1  # time outside at the peak of summer above the mean of the year (Lauritsen and White 2014: violence differs by less than 12 % between seasons; assault in Haaglanden 6 % to each side)
UNWATCHED = 0.4  # time outside above others' of a minor whom nobody watches: a parent at home is in detention, or they stay away from school (M36; Murray, Farrington and Sekol 2012 (antisocial behaviour of children whose parent is locked up, odds 1.4 times) and Hoeben and Weerman 2016 as direction, Bhuller e.a. 2018 (none) as lower end; assumed size)
WINDOW = 0.25  # control by an adult at home over their street, against one who is outside (assumed)
UPTAKE = 0.7  # share of extra activity places that is used (assumed)


class Parameters(NamedTuple):
    """Numbers of routines."""

    # fmt: off
    street_peak: Annotated[float, Quantity(0.65, 0.4, 0.85, "probability", "assumed; Hoeben and Weerman 2016 as direction", "a youth of 15 is outside in a week, without worry or activity")]
    street_age: Annotated[float, Quantity(15.0, 13.0, 17.0, "year", "assumed", "age at which the street draws most", "fixed")]
    street_width: Annotated[float, Quantity(5.0, 3.0, 8.0, "year", "assumed", "spread of street time around 15 years")]
    summer: Annotated[float, Quantity(26.0, 22.0, 30.0, "week", "assault in Haaglanden 2012-2016 peaks in June and July", "week of the year in which people are out most", "fixed")]
    adult_outside: Annotated[float, Quantity(0.35, 0.2, 0.5, "probability", "assumed", "an adult spends free time in public space in a week")]
    worry: Annotated[float, Quantity(0.8, 0.0, 1.0, "ratio", "M7, assumed size; 0 cuts R14", "how much fear around keeps children and adults in")]
    less_kept: Annotated[float, Quantity(0.3, 0.0, 0.6, "ratio", "assumed", "how much of that worry still keeps older people in")]
    absent: Annotated[float, Quantity(0.1, 0.0, 0.3, "probability", "assumed (truancy officers sit at the table, M43); 0: nobody stays away", "a pupil of twelve and over whom nothing binds to school stays away in a week")]
    base_activity: Annotated[float, Quantity(0.25, 0.1, 0.45, "probability", "assumed", "a youth of 8-14 takes part in activities without extra places")]
    displaced: Annotated[float, Quantity(0.6, 0.3, 0.9, "share", "assumed", "street time that an activity takes the place of")]
    hidden_draw: Annotated[float, Quantity(0.35, 0.1, 0.6, "probability", "assumed", "an involved person who is outside goes to a hidden spot")]
    square: Annotated[float, Quantity(0.65, 0.4, 0.8, "share", "assumed", "of those outside, who go to their usual square; as many of the others go to a shop, go to the community centre and stay in their own street", "fixed")]
    # fmt: on


READS = (
    "tile_index.began", "actors", "tile_index.actors", "tile_index.youths", "person.born", "person.home", "person.stage", "person.crew", "crew.turf", "person.fear",
    "person.trust_neighbours", "person.norm_street", "person.school_bond", "place.fear", "place.quarter", "place.usual_square", "place.near_hidden",
    "place.usual_shop", "place.usual_centre", "cell_week.youths", "cell_week.adults", "cell_week.involved", "cell_week.control",
    *PARENTAGE, *DECISION_READS,
)  # fmt: skip
WRITES = (
    "outgoing", "tile_index.outgoing", "person.place", "person.in_public", "person.active", "cell_week.youths", "cell_week.adults", "cell_week.involved", "cell_week.control",
)  # fmt: skip
LEVERS = {
    "activity_places": Lever(
        0.0, 0.0, 100.0, "places per 100 youths of 8-14", "places a week in organised activities after school and in the evening"
    ),
}
COUNTS = {
    "youths_outside": Outcome("persons", "neither", "Youths of 8-23 who spent free time in public space this week"),
    "children_outside": Outcome("persons", "higher", "Children of 8-14 who spent free time in public space this week"),
    "absent": Outcome("persons", "lower", "Pupils of 12-17 who stayed away from school this week"),
    "activity_members": Outcome("persons", "higher", "Youths of 8-14 in organised activities this week"),
}
MECHANISMS = ("M7", "M9", "M12", "M36")


@njit
def street(age, p):
    """Return how likely a youth of this age is outside, without worry or activity."""
    return p.street_peak * bell((age - p.street_age) / p.street_width)


@njit
def time_outside(weeks_passed, p):
    """Return time outside after so many weeks of the calendar year, against the mean of the year."""
    off = (weeks_passed - p.summer) % WEEKS_A_YEAR
    s = 1.0 - QUARTERS_A_YEAR * min(off, WEEKS_A_YEAR - off) / WEEKS_A_YEAR
    return 1.0 + SEASON * 0.5 * s * (SMOOTH - s * s)


@njit
def p_active(age, activity_places, p):
    """Return how likely a youth takes part in activities this season."""
    share = p.base_activity + UPTAKE * activity_places / 100.0
    if age < CHILD_UNTIL:
        return min(share, 1.0)
    return p.base_activity * max(1.0 - (age - CHILD_UNTIL) / (YOUTH_UNTIL - CHILD_UNTIL), 0.0)


@njit
def p_outside(person, fear, age, season, p):
    """Return how likely a youth is in public space this week, where people around have so much fear, in this season."""
    worry = p.worry * fear * (1.0 if age < TEEN_FROM else p.less_kept)
    return season * street(age, p) * (1.0 - worry) * (1.0 - p.displaced * in_activity(person))


@njit
def readiness(person):
    """Return how ready an adult is to step in when something happens."""
    return person.trust_neighbours * (1.0 - person.fear) * (1.0 - person.norm_street)


@njit
def choose_place(person, home, crews, u, p):
    """Return where an outgoing person goes this week; who works for a crew may be found on its turf."""
    if is_involved(person) and u < p.hidden_draw:
        return home.near_hidden if person.crew == NOBODY else crews[person.crew].turf
    if u < p.square:
        return home.usual_square
    share, of = BESIDE_SQUARE * (u - p.square), 1.0 - p.square
    if share < of:
        return home.usual_shop
    return home.usual_centre if share < 2.0 * of else person.home


@njit
def place_for(world, person, p, dice):
    """Return where this person goes this week, if they go out."""
    return choose_place(person, world.places[person.home], world.crews, uniform(dice, person.id, WHERE), p)


@njit
def goes_out(world, row, probability, p, dice):
    """Return whether somebody at large goes out this week."""
    person = world.people[row]
    place = place_for(world, person, p, dice) if is_own(world, GOES_TO) else NOBODY
    return decides(world, GOES_TO, row, place, probability, uniform(dice, person.id))


@njit
def routines(world, p, levers, seed, week):
    """Everybody of eight and over stays in or goes out; who goes out chooses a place and is counted there."""
    tile_index, outgoing = world.tile_index[0], world.outgoing
    dice = key(seed, Draw.ROUTINE, week)
    term = key(seed, Draw.ACTIVITY, week // TERM)
    season = time_outside(tile_index.began + week, p)
    youths, others = world.actors[: tile_index.youths], world.actors[tile_index.youths : tile_index.actors]
    n_youths = youths_stay_or_go(world, youths, outgoing, p, levers, dice, term, season, week)
    tile_index.outgoing = adults_stay_or_go(world, others, outgoing, n_youths, p, dice, season, week)
    world.tally[0].youths_outside += n_youths
    for k in range(tile_index.outgoing):
        person = world.people[outgoing[k]]
        person.place = place_for(world, person, p, dice)
        count_here(world.cell_week[person.place], person, k < n_youths)


@njit
def goes_on(weeks, free, takes_part):
    """Return for how many weeks, this one counted, a youth takes part: on their own account, or while somebody sees to it."""
    return free * max(int(weeks) - 1, 1 if takes_part else 0)


@njit
def stays_away(person, age, p, dice):
    """Return whether a pupil of twelve and over stays away from school this week."""
    if age < TEEN_FROM or age >= PUPIL_UNTIL:
        return False
    return happens(p.absent * (1.0 - person.school_bond), dice, person.id, ABSENT)


@njit
def youths_stay_or_go(world, rows, outgoing, p, levers, dice, term, season, week):
    """Decide which youths take part in activities and which go out; list the latter and return how many."""
    tally, n = world.tally[0], 0
    for row in rows:
        person = world.people[row]
        age, home = age_of(person, week), world.places[person.home]
        free = 1 if is_free(person, week) else 0
        takes_part = uniform(term, person.id) < p_active(age, levers[home.quarter].activity_places, p)
        person.active = goes_on(person.active, free, takes_part)
        outside = p_outside(person, home.fear, age, season, p)
        if age < PUPIL_UNTIL and lacks_parent(world, row, week):
            outside *= 1.0 + UNWATCHED
        if free == 1 and stays_away(person, age, p, dice):
            outside *= 1.0 + UNWATCHED
            tally.absent += 1
        person.in_public = 1 if free == 1 and goes_out(world, row, outside, p, dice) else 0
        person.place = person.home
        outgoing[n] = row
        n += person.in_public
        if age < CHILD_UNTIL:
            tally.children_outside += person.in_public
            tally.activity_members += in_activity(person)
    return n


@njit
def adults_stay_or_go(world, rows, outgoing, n, p, dice, season, week):
    """Decide which adults go out and list them after the first n; those at home keep an eye on the street.  Returns how many."""
    for row in rows:
        person = world.people[row]
        free = 1 if is_free(person, week) else 0
        person.active = 0
        outside = season * p.adult_outside * (1.0 - p.worry * person.fear)
        person.in_public = 1 if free == 1 and goes_out(world, row, outside, p, dice) else 0
        person.place = person.home
        outgoing[n] = row
        n += person.in_public
        world.cell_week[person.home].control += (free - person.in_public) * fixed(WINDOW * readiness(person))
    return n


@njit
def count_here(here, person, youth):
    """Count somebody who is out in the place of the week."""
    here.involved += 1 if is_involved(person) else 0
    if youth:
        here.youths += 1
    else:
        here.adults += 1
        here.control += fixed(readiness(person))
