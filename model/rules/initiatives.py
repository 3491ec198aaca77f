"""Initiatives: residents who bring neighbours together, with a professional behind them or alone.

A household that trusts its neighbours takes the lead now and then, where residents are asked to: a meal in the street,
a playground to look after, a walk.  With a professional behind them it succeeds, and they rest for a season; alone it
may come to nothing, and the household that carried it is worn out for a long time and trusts the municipality less.
Residents within sight of one that succeeds get to know their neighbours.  Initiatives reach least where trust is low,
since few take the lead there.

    P(a household on which the lot falls takes the lead) = most trust in neighbours of its adults, if it is not worn out
    P(a professional stands behind it) = backed * hours for cases that they have left / effort, at most 1
    P(success) = 1 with a professional behind it, else alone
    trust_neighbours   += gain (1 - trust_neighbours)       within sight, when it succeeds
    trust_institutions -= bad_weight gain trust_institutions in the household, when nobody stood behind it

Sources: the Divosa report (M103: residents seen and heard, active residents); the Tilburg report (M31: seen by neighbours); sizes assumed.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, choose, happens, identity, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log_between
from ..shared.persons import is_free
from ..shared.posts import has_desk
from ..shared.sight import SIGHT, within
from ..state.codes import INITIATIVE, NOBODY
from .presence import rounds_of

LOTS = 8  # dwellings that the lot may fall on until somebody takes the lead
SEASON, YEAR = 13, 52  # weeks for which somebody rests with a professional behind them, and is worn out without
LEADS, SUCCEEDS, BACKED, SPARES = 1, 2, 3, 4  # occasions of a household


class Parameters(NamedTuple):
    """Numbers of initiatives."""

    # fmt: off
    alone: Annotated[float, Quantity(0.5, 0.2, 0.9, "probability", "assumed", "an initiative succeeds without a professional behind it")]
    # fmt: on


BORROWS = ("promises.gain", "trust.bad_weight", "routing.effort")
READS = (
    "actors", "tile_index.actors", "tile_index.tile", "tile_index.width", "person.present", "person.detained_until", "person.home",
    "person.household", "household.id", "household.home", "household.size", "household.ties", "place.quarter", "patch.quarter",
    "patch.residents", "professional.id", "professional.present", "professional.kind", "professional.case_hours",
)  # fmt: skip
WRITES = ("person.trust_neighbours", "person.trust_institutions", "household.rests_until", "professional.case_hours")
LEVERS = {
    "initiatives": Lever(0.0, 0.0, 10.0, "initiatives/week per 1,000 residents", "initiatives that residents are asked to take"),
    "initiatives_backed": Lever(0.0, 0.0, 1.0, "share", "initiatives of residents that a professional stands behind"),
}
COUNTS = {
    "initiatives_taken": Outcome("initiatives/week", "neither", "Initiatives that residents took"),
    "worn_out": Outcome("households/week", "lower", "Households that carried an initiative alone, and are worn out"),
}
MECHANISMS = ("M103", "M104")


@njit
def initiatives(world, p, levers, seed, week):
    """Let residents take initiatives, in every quarter where they are asked to."""
    dice, lives = key(seed, Draw.INITIATIVE, week), key(seed, Draw.LEAD, week)
    for j in range(world.patches.size):
        patch = world.patches[j]
        lever = levers[patch.quarter]
        if lever.initiatives > 0.0 and patch.residents > 0:
            who = world.tile_index[0].tile * world.patches.size + j
            for k in range(rounds_of(lever.initiatives * patch.residents / 1000.0, 1.0, dice, who, 0)):
                h = who_leads(world, patch.quarter, identity(lives, who, k), dice, lives, week)
                if h != NOBODY:
                    take(world, h, lever.initiatives_backed, p, lives, week)


@njit
def who_leads(world, quarter, id, dice, lives, week):
    """Return a household of this quarter that takes the lead, or NOBODY."""
    for k in range(LOTS):
        h = choose(world.households.size, dice, id, k)
        household = world.households[h]
        able = household.size > 0 and household.rests_until <= week and world.places[household.home].quarter == quarter
        if able and happens(household.ties, lives, household.id, LEADS):
            return h
    return NOBODY


@njit
def take(world, h, backed, p, lives, week):
    """Let a household take an initiative, which a professional stands behind or not."""
    household, tally = world.households[h], world.tally[0]
    by = stands_behind(world.professionals, p, lives, household.id) if happens(backed, lives, household.id, BACKED) else NOBODY
    alone, whom = by == NOBODY, NOBODY
    if not alone:
        world.professionals[by].case_hours = max(world.professionals[by].case_hours - p.effort, 0.0)
        whom = world.professionals[by].id
    household.rests_until = week + (YEAR if alone else SEASON)
    succeeds = not alone or happens(p.alone, lives, household.id, SUCCEEDS)
    tally.initiatives_taken += 1
    tally.worn_out += 1 if alone else 0
    log_between(world.events, week, INITIATIVE, household.id, whom, household.home, 1 if succeeds else 0)
    for row in world.actors[: world.tile_index[0].actors]:
        person = world.people[row]
        if is_free(person, week):
            if succeeds and within(person.home, household.home, world.tile_index[0].width, SIGHT):
                person.trust_neighbours += p.gain * (1.0 - person.trust_neighbours)
            if alone and person.household == h:
                person.trust_institutions -= p.bad_weight * p.gain * person.trust_institutions


@njit
def stands_behind(professionals, p, dice, id):
    """Return which professional stands behind an initiative, by lot and hours, as far as they have these; or NOBODY."""
    best, largest = NOBODY, 0.0
    for i in range(professionals.size):
        worker = professionals[i]
        if has_desk(worker):
            draw = worker.case_hours * uniform(dice, id, worker.id)
            if draw > largest:
                best, largest = i, draw
    if best != NOBODY and happens(professionals[best].case_hours / p.effort, dice, id, SPARES):
        return best
    return NOBODY
