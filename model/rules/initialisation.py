"""Initialisation: the levels with which a world begins.

Levels that the figures of an area do not hold (trust, norms, crews) are set here from three indices of the area, in
standard deviations from what is usual in Dutch neighbourhoods: disadvantage, instability and urbanity.  Characteristics
of a person or household (poverty, debts, tenure, age, education, work) act through them.  Crime has the hold on each
place at which it rests (`opportunity`), so most on places that hide it; people who live there fear more and trust less,
and there are as many crews, youths and adults in the local illegal economy as live off it.  In closed families crime is
part of the family: far more of their adults are involved.  This rule acts once, in week 0; the same usual levels hold
for newcomers, who come from areas like this one (`shared/newcomers.py`).

    odds(level) = odds(usual level) * exp(by disadvantage * disadvantage + ...)
    odds(hold)  = growth / decay * efficacy_gap,  odds(gap) by the same indices and by how much a place hides
    crews, involved = so many where crime's hold is full * (outside + (1 - outside) * hold),  outside as far as it finds room

Disadvantage lowers trust in institutions and legal chances, and raises norms against the state and crime's hold;
disadvantage, instability and urbanity lower trust in neighbours (Sampson and Groves 1989; Sampson, Raudenbush and
Earls 1997), as directions.

Sources: p01, p07, p08, p16, p19, p20, p51; Safety Monitor 2023; the field reports (M28, M33, M34, M89-M92).
"""

from typing import Annotated, NamedTuple

from ..arithmetic import by_index, logarithm
from ..compiled import njit
from ..draws import Draw, choose, happens, identity, key, uniform
from ..quantity import Quantity
from ..shared.acquaintances import WRITES as ACQUAINTANCE_WRITES
from ..shared.acquaintances import get_to_know
from ..shared.kin import family_of
from ..shared.newcomers import closedness, settle
from ..shared.persons import list_actors, logistic
from ..shared.public_places import QUARTERS_OF_A_TILE, somewhere
from ..state.codes import NEVER, NOBODY, WORKERS
from ..state.fields import clip
from .opportunity import USUAL_CONCEALMENT


class Parameters(NamedTuple):
    """Numbers of the start."""

    # fmt: off
    trust: Annotated[float, Quantity(0.555, 0.48, 0.66, "level", "Safety Monitor 2021: police 6.3; 44 % satisfied with the municipality", "trust in institutions in a usual Dutch neighbourhood")]
    trust_disadvantage: Annotated[float, Quantity(-0.36, -0.6, -0.2, "log odds/sd", "p19; Heerlen as lowest city; assumed size; calibrated on rest", "trust in institutions by disadvantage")]
    frontline: Annotated[float, Quantity(0.88, 0.6, 1.1, "ratio", "p20: 35 against 40", "trust in the frontline against trust in institutions")]
    cohesion: Annotated[float, Quantity(0.66, 0.6, 0.7, "level", "Safety Monitor 2023: NL 6.4 of 10, very urban 5.8", "trust in neighbours in a usual Dutch neighbourhood")]
    cohesion_disadvantage: Annotated[float, Quantity(-0.15, -0.25, 0.0, "log odds/sd", "V22: focus 4.8-5.8; Sampson and Groves 1989 as direction; assumed size; calibrated on rest", "trust in neighbours by disadvantage")]
    cohesion_instability: Annotated[float, Quantity(-0.16, -0.25, 0.0, "log odds/sd", "Sampson 1988, Sampson and Groves 1989 as direction; assumed size; calibrated on rest", "trust in neighbours by instability")]
    cohesion_urbanity: Annotated[float, Quantity(-0.08, -0.25, 0.0, "log odds/sd", "Safety Monitor 2023: 5.8 where very urban, 7.1 where not at all", "trust in neighbours by urbanity")]
    usefulness: Annotated[float, Quantity(0.55, 0.35, 0.65, "level", "42 % of non-reporters: nothing is done; assumed; calibrated on rest", "expected usefulness in a usual Dutch neighbourhood")]
    usefulness_disadvantage: Annotated[float, Quantity(-0.38, -0.6, 0.0, "log odds/sd", "assumed; calibrated on rest", "expected usefulness by disadvantage")]
    norm: Annotated[float, Quantity(0.175, 0.05, 0.3, "share", "M28; assumed: about half hold it in a focus area, a fifth in a mean one, a twentieth in a contrast area", "adults who hold the friend-enemy norm in a usual Dutch neighbourhood")]
    norm_disadvantage: Annotated[float, Quantity(0.9, 0.5, 1.5, "log odds/sd", "M28; assumed, as the one before", "holders of the friend-enemy norm by disadvantage")]
    hold: Annotated[float, Quantity(0.108, 0.04, 0.4, "level", "assumed (M1); calibrated on rest", "crime's hold on a place that hides as much as most in a usual Dutch neighbourhood")]
    hold_disadvantage: Annotated[float, Quantity(1.35, 0.5, 1.6, "log odds/sd", "assumed (M1); calibrated on rest", "gap in efficacy behind crime's hold by disadvantage")]
    hold_instability: Annotated[float, Quantity(1.25, 0.0, 1.5, "log odds/sd", "Sampson and Groves 1989 as direction; assumed size; calibrated on rest", "the same gap by instability")]
    legal_gap: Annotated[float, Quantity(0.04, 0.01, 0.07, "level/sd", "M20, M21; assumed size", "legal opportunity lost to disadvantage")]
    crews: Annotated[float, Quantity(5.0, 2.0, 8.0, "per 1,000", "assumed: four or five in 2,000 of a focus area", "crews at the start where crime's hold is full, and fewer as crews have less work")]
    closed: Annotated[float, Quantity(0.006, 0.001, 0.012, "share", "p16", "households that belong to a closed family, in a usual Dutch neighbourhood")]
    closed_disadvantage: Annotated[float, Quantity(0.5, 0.2, 0.7, "log odds/sd", "p16", "closed families by disadvantage")]
    adults: Annotated[float, Quantity(0.0333, 0.01, 0.06, "share", "p08: focus 2.5 %; Tilburg 1.1-1.2 % city-wide; calibrated on rest", "adults of 18-60 in the local illegal economy where crime's hold is full, and fewer as crews have less work")]
    adults_closed: Annotated[float, Quantity(0.3, 0.1, 0.6, "share", "M33, loop R9; seven Brabant families: nearly all members have a record (evidence 2.5); assumed size", "adults of 24-60 in closed families in the local illegal economy; others the fewer, so that all together are as many as above")]
    core: Annotated[float, Quantity(0.11, 0.04, 0.2, "share", "p07: 15 (10-40) core members per 10,000", "tied in, of the adults in the local illegal economy")]
    youths: Annotated[float, Quantity(0.19, 0.05, 0.3, "share", "p01, V5: focus 7-14 %, contrast 2-5 %; calibrated on rest", "youths of 10-23 at stage 1 or higher where crime's hold is full, and fewer as crews have less work")]
    maturity: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "M89-M92: start of a team; assumed", "how well professionals work as one who do not work as a team")]
    ties: Annotated[float, Quantity(0.2, 0.05, 0.4, "level", "M52, M58; assumed", "ties between professionals")]
    prospects: Annotated[float, Quantity(0.505, 0.4, 0.6, "level", "assumed; calibrated on rest", "legal prospects in a usual Dutch neighbourhood")]
    prospects_disadvantage: Annotated[float, Quantity(-0.34, -0.5, -0.1, "log odds/sd", "assumed; calibrated on rest", "legal prospects by disadvantage")]
    # fmt: on


BORROWS = ("crews.outside", "opportunity.growth", "opportunity.decay", "opportunity.k", "opportunity.sight")
READS = (
    "person.*",
    "household.*",
    "place.*",
    "patch.public",
    "professional.*",
    "tile_index.*",
    "newcomer_levels.*",
    "relative.household",
    "relative.id",
)
WRITES = (
    *ACQUAINTANCE_WRITES,
    "person.*", "household.closed", "household.network", "household.involved", "place.*", "crew.*", "tie", "newcomer_levels.*", "friend.*", "actors", "tile_index.actors",
    "tile_index.youths", "tile_index.young", "tile_index.maturity", "tile_index.unteamed",
)  # fmt: skip
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M1", "M33", "M34", "M89", "M90", "M91", "M92")

DISORDER, DISORDER_HOLD = 0.015, 0.065  # of a place, and by crime's hold on it: near where it comes to rest (measured)
KNOWN, LONG_AGO, FAMILIARITY = (
    0.1,
    208.0,
    0.2,
)  # each place for a worker: how often taken at the start, weeks since at most, how well they knew them (where it comes to rest, measured)
WHETHER, WHEN, WHOM = 60, 70, 100  # occasions of draws by Draw.LEVELS: of each place for a worker
CREWS_A_TILE = 8  # rows for crews: room for more than follow the residents of a full tile
PATCH, SPOT, HERE = 1, 2, 3  # occasions of draws about a crew: where its turf is, and whether it is here
USUAL_DREAD, DREAD_OF_HOLD = 0.163, 0.336  # fear without crime's hold, and by it: where fear comes to rest
FINDS_ROOM = 0.5  # of work that customers from outside bring, what nothing stands in the way of at the start (measured)
MOST_GAP = 0.98  # of efficacy in a usual neighbourhood, so that no setting of the numbers above asks for more than there is
OWN, ANOTHER = 1.5, 0.7  # ties within an organisation, and between two, against the usual (assumed)


@njit
def cohesion(own, p):
    """Return the trust in neighbours of an area with these indices."""
    shift = p.cohesion_disadvantage * own.disadvantage + p.cohesion_instability * own.instability
    return by_index(p.cohesion, 1.0, shift + p.cohesion_urbanity * own.urbanity)


@njit
def initialisation(world, p, levers, seed, week):
    """Set all starting levels."""
    usual = world.newcomer_levels[0]
    say_hold(world, usual, p)
    say_usual(usual, world.tile_index[0], p)
    found_crews(world, usual, p, seed)
    begin_places(world, usual, p)
    families, levels = key(seed, Draw.FAMILY, 0), key(seed, Draw.LEVELS, 0)
    for h in range(world.households.size):
        household, family = world.households[h], family_of(world.households, world.relatives[h], h)
        household.closed = household.network = closedness(family, usual, families)
    for i in range(world.people.size):
        person = world.people[i]
        if person.present == 1:
            settle(world, i, world.places[person.home], seed, week)
    list_actors(world, week)
    acquaint(world, p, seed)
    for row in world.actors[: world.tile_index[0].actors]:
        introduce(world, row, levels, week)


@njit
def introduce(world, row, dice, week):
    """Let somebody who lives here at the start know professionals from contacts of the last years, as many as people do at rest."""
    person, team = world.people[row], world.professionals
    for k in range(WORKERS):
        known, most = NOBODY, -1.0
        for i in range(team.size if happens(KNOWN, dice, person.id, WHETHER + k) else 0):
            draw = uniform(dice, person.id, WHOM + k * team.size + i)
            if team[i].present == 1 and draw > most:
                known, most = i, draw
        if known != NOBODY:
            ago = int(LONG_AGO * uniform(dice, person.id, WHEN + k))
            get_to_know(world.acquaintances[row], team, known, FAMILIARITY, week - ago)


@njit
def say_usual(usual, own, p):
    """Say what is usual here by the indices of the area, and by the hold of crime."""
    d = own.disadvantage
    usual.trust = by_index(p.trust, p.trust_disadvantage, d)
    usual.cohesion = cohesion(own, p)
    usual.norm = by_index(p.norm, p.norm_disadvantage, d)
    usual.frontline = p.frontline
    usual.usefulness = by_index(p.usefulness, p.usefulness_disadvantage, d)
    usual.prospects = by_index(p.prospects, p.prospects_disadvantage, d)
    usual.closed = by_index(p.closed, p.closed_disadvantage, d)
    usual.youths = p.youths * work_of_crews(usual.crime_hold, p)
    usual.adults = p.adults * work_of_crews(usual.crime_hold, p)
    usual.fear = dread(usual.crime_hold)
    usual.adults_closed = p.adults_closed
    usual.core = p.core


@njit
def resting_hold(place, asks, p):
    """Return crime's hold on a place where crews are at their strength and nobody watches, where residents lack so much efficacy."""
    growing = p.growth / p.decay * logistic(asks + p.k * p.sight * (place.concealment - USUAL_CONCEALMENT))
    return growing / (1.0 + growing)


@njit
def lacking_efficacy(own, p):
    """Return the log odds of the gap in efficacy: where crime rests at its usual hold in a usual neighbourhood, and by index elsewhere."""
    gap = min(p.hold / (1.0 - p.hold) * p.decay / p.growth, MOST_GAP)
    return logarithm(gap / (1.0 - gap)) + p.hold_disadvantage * own.disadvantage + p.hold_instability * own.instability


@njit
def work_of_crews(crime_hold, p):
    """Return how much of their full work crews have where crime has such a hold: what lives off it, and what comes from outside."""
    outside = FINDS_ROOM * p.outside
    return outside + (1.0 - outside) * crime_hold


@njit
def say_hold(world, usual, p):
    """Let crime have the hold on each place at which it rests, and say what most people here live with."""
    asks = lacking_efficacy(world.tile_index[0], p)
    dwellings, hold = 0, 0.0
    for cell in world.used:
        place = world.places[cell]
        place.crime_hold = resting_hold(place, asks, p)
        dwellings += place.dwellings
        hold += place.dwellings * place.crime_hold
    usual.crime_hold = hold / max(dwellings, 1)


@njit
def found_crews(world, usual, p, seed):
    """Give crews their turf at a hidden spot: as many as live off the hold of crime."""
    dice, tile = key(seed, Draw.CREW, 0), world.tile_index[0].tile
    crews = p.crews * work_of_crews(usual.crime_hold, p) * world.tile_index[0].people / 1000.0
    for j in range(world.crews.size):
        crew = world.crews[j]
        who = tile * CREWS_A_TILE + j
        crew.id = identity(dice, who)
        patch = somewhere(world.patches, choose(QUARTERS_OF_A_TILE, dice, who, PATCH))
        crew.turf = world.places[world.public[patch, choose(world.patches[patch].public, dice, who, SPOT)]].near_hidden
        crew.present = 1 if j < int(crews + uniform(dice, tile, HERE)) else 0
        crew.since = NEVER
        crew.strength = 0.0
        crew.load = 1.0


@njit
def begin_places(world, usual, p):
    """Let every place begin as is usual here, and by the hold of crime on it."""
    for cell in world.used:
        place = world.places[cell]
        place.disorder = DISORDER + DISORDER_HOLD * place.crime_hold
        place.welfare = -p.legal_gap * world.tile_index[0].disadvantage
        place.trust = usual.trust
        place.cohesion = usual.cohesion
        place.norm = usual.norm
        place.fear = dread(place.crime_hold)


@njit
def dread(crime_hold):
    """Return the fear that is usual where crime has such a hold."""
    return USUAL_DREAD + DREAD_OF_HOLD * crime_hold


@njit
def acquaint(world, p, seed):
    """Say how well the professionals know each other, and how well they work as one."""
    dice, team = key(seed, Draw.TIE, 0), world.professionals
    first = world.tile_index[0].tile * team.size
    world.tile_index[0].maturity = world.tile_index[0].unteamed = p.maturity
    for i in range(team.size):
        for j in range(team.size):
            if j != i and team[i].present == 1 and team[j].present == 1:
                same = OWN if team[j].organisation == team[i].organisation else ANOTHER
                world.ties[i, j] = clip(p.ties * same * (0.5 + uniform(dice, first + min(i, j), first + max(i, j))))
