"""Aftermath: what a raid leaves behind in households, and what weeks leave behind in places.

A household in shock closes itself.  Once the shock is over it slowly returns to the closedness of its own: an ordinary
household opens again, one of a closed family stays closed.  Help can open it where it is let in: the more open the door
and the more somebody there trusts frontline workers, the likelier that is.  Soon after the raid it opens most: a window
later help comes half as often, and has half the hold.  A worker who comes behind a front door, after a raid, as part of
a family approach or on a case, opens a family bit by bit and for good, unless the visit brings it nothing: then it
closes more.  Nuisance and crime leave disorder, which fades when nothing happens and when cases are solved.

    aftercare = 0.5 ^ (weeks since the raid / window), once help of use has come;   a = aftercare
    P(help comes) = aftercare lever * 0.5 ^ (weeks since the raid / window) * (1 - closed) * most trust in the frontline among its members
    trauma  *= 1 - heals - (opens - heals) a;   closed += shuts trauma (1 - closed) (1 - a) - opens closed a
    closed  += heals (own closedness - closed)
    disorder = disorder_stays * disorder + stain * what can be seen of incidents (1 - disorder) - cleaned * solved cases

Sources: p35 (window 8 weeks), the CCV report (M36-M41); loops R9, B3, B7.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import halved
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log
from ..shared.persons import is_free, list_members
from ..state.codes import FAMILY_VISITED, NO_VISIT, NOBODY, OF_USE
from ..state.fields import clip

LEAST = 0.2  # closedness from which a family counts as closed, and trauma above which it counts as in shock
SEEN = 3.0  # places whose disorder people see: the usual square, the usual shop and a hidden spot nearby
USE = 1  # occasion of a visit to a household: whether it is of use
ENTRY = 0.1  # a family worker gets behind the front door of a closed family, at full care (1/week; assumed (M37))
HEALS = 0.02  # pace at which the shock of a raid wears off without help, and a family returns to a closedness of its own (1/week; assumed: half of it within a year)
SHUTS = 0.03  # closing of a household in shock without help (1/week; TRM to FC link, assumed)
USEFUL = 0.7  # a visit brings the family something (assumed (M40: the first contact must be of use))
WINDOW = 8.0  # weeks after a raid until help comes in half as often and takes half as much hold (week; p35)


class Parameters(NamedTuple):
    """Numbers of the aftermath."""

    # fmt: off
    opens: Annotated[float, Quantity(0.1, 0.06, 0.2, "1/week", "M40, B7; assumed: half of it within seven weeks", "pace at which a household that is helped opens, and its shock wears off; a visit of use opens a family as much, and one that brings nothing closes it as much", off=0.02)]
    disorder_stays: Annotated[float, Quantity(0.8, 0.7, 0.9, "ratio/week", "assumed: half-life three weeks", "disorder left after a week")]
    stain: Annotated[float, Quantity(0.08, 0.04, 0.15, "level", "assumed", "disorder by one incident that can be seen")]
    cleaned: Annotated[float, Quantity(0.3, 0.1, 0.5, "ratio", "B3, assumed", "disorder taken away by a solved case", off=0.0)]
    over: Annotated[float, Quantity(0.02, 0.005, 0.05, "level", "assumed", "trauma below which a raid is behind a household, and help ends", "fixed")]
    # fmt: on


READS = (
    "household.raided", "household.visit", "household.trauma", "household.closed", "household.network", "household.aftercare", "household.id", "household.home",
    "household.member_row", "person.present", "person.detained_until", "person.household", "person.trust_frontline", "place.quarter", "place.disorder", "place.usual_square", "place.usual_shop", "place.near_hidden", "cell_week.visible", "cell_week.cleared",
)  # fmt: skip
WRITES = (
    "household.trauma", "household.closed", "household.network", "household.aftercare", "household.visit", "household.member_row", "place.disorder", "place.perceived_disorder", "cell_week.youths", "cell_week.adults", "cell_week.involved",
    "cell_week.visible", "cell_week.harmed", "cell_week.shaken", "cell_week.control", "cell_week.hours", "cell_week.quality", "cell_week.force", "cell_week.noticeable", "cell_week.visit",
)  # fmt: skip
LEVERS = {
    "family_care": Lever(0.0, 0.0, 1.0, "share", "share of households in closed families that a worker keeps visiting"),
    "aftercare": Lever(
        0.0, 0.0, 1.0, "share", "share of households in shock at whose open door help stands in a week, right after a raid"
    ),
}
COUNTS = {
    "in_shock": Outcome("households", "lower", "Households in shock after a raid (trauma above 0.2)"),
    "aftercare_given": Outcome("households/week", "higher", "Households that got help after a raid this week"),
}
MECHANISMS = ("M33", "M36", "M37", "M40")


@njit
def aftermath(world, p, levers, seed, week):
    """Households in shock; then places, whose week ends here."""
    dice = key(seed, Draw.HARM, week)
    doors = key(seed, Draw.FRONT_DOOR, week)
    if is_offered(levers):
        list_members(world.people, world.households, world.scratch)
    for h in range(world.households.size):
        household = world.households[h]
        if household.trauma > 0.0:
            reach = levers[world.places[household.home].quarter].aftercare
            if reach > 0.0:
                reach *= lets_in(household, world.people, world.scratch, week)
            recover(household, world.tally[0], p, reach, dice, week)
        if household.closed > LEAST:
            care = levers[world.places[household.home].quarter].family_care
            visit(household, world.tally[0], world.events, care, p, doors, week)
        household.closed += HEALS * (household.network - household.closed)
        if household.visit != NO_VISIT:
            receive(household, household.visit == OF_USE, world.tally[0], p, week)
            household.visit = NO_VISIT
    for cell in world.used:
        place = world.places[cell]
        leave_traces(place, world.cell_week[cell], p)
        end_week(world.cell_week[cell])
    for cell in world.used:
        place = world.places[cell]
        seen = world.places[place.usual_square].disorder + world.places[place.usual_shop].disorder
        place.perceived_disorder = (seen + world.places[place.near_hidden].disorder) / SEEN


@njit
def is_offered(levers):
    """Return whether help after a raid is offered in any quarter."""
    for j in range(levers.size):
        if levers[j].aftercare > 0.0:
            return True
    return False


@njit
def lets_in(household, people, following, week):
    """Return how likely a household opens to somebody who comes to help: as open as it is, and as much as its most trusting member does.

    Somebody in detention opens no door.
    """
    most, row = 0.0, household.member_row
    while row != NOBODY:
        if is_free(people[row], week):
            most = max(most, people[row].trust_frontline)
        row = following[row]
    return (1.0 - household.closed) * most


@njit
def recover(household, tally, p, reach, dice, week):
    """One household after a raid: helped, as far as help has hold, or closing itself."""
    if household.aftercare == 0.0 and happens(reach * window_left(household, week), dice, household.id):
        receive(household, happens(USEFUL, dice, household.id, USE), tally, p, week)
    hold = household.aftercare
    household.trauma *= 1.0 - HEALS - (p.opens - HEALS) * hold
    household.closed += SHUTS * household.trauma * (1.0 - household.closed) * (1.0 - hold)
    household.closed -= p.opens * household.closed * hold
    if household.trauma > LEAST:
        tally.in_shock += 1
    if household.trauma < p.over:
        household.trauma = 0.0
        household.aftercare = 0.0


@njit
def window_left(household, week):
    """Return how open a household still is to help after a raid: a half after each window."""
    return halved((week - household.raided) / WINDOW)


@njit
def visit(household, tally, events, care, p, dice, week):
    """Let a worker of a family approach get behind the front door of a closed family, or not."""
    if happens(care * ENTRY, dice, household.id):
        useful = happens(USEFUL, dice, household.id, USE)
        receive(household, useful, tally, p, week)
        log(events, week, FAMILY_VISITED, household.id, household.home, 1 if useful else 0)


@njit
def receive(household, useful, tally, p, week):
    """A family gets a visit: one of use opens it a little, or begins its help after a raid; one that brings nothing closes it more."""
    if not useful:
        household.closed += p.opens * (1.0 - household.closed)
    elif household.trauma > 0.0 and household.aftercare == 0.0:
        household.aftercare = window_left(household, week)
        tally.aftercare_given += 1
    else:
        household.closed -= p.opens * household.closed
        household.network -= p.opens * household.network


@njit
def leave_traces(place, here, p):
    """Disorder of a place after this week."""
    level = p.disorder_stays * place.disorder + p.stain * here.visible * (1.0 - place.disorder)
    place.disorder = clip(level - p.cleaned * here.cleared * place.disorder)


@njit
def end_week(here):
    """Empty what was counted in a place this week (solved cases stay until opportunity has seen them)."""
    here.youths = 0
    here.adults = 0
    here.involved = 0
    here.visible = 0
    here.harmed = 0
    here.noticeable = 0.0
    here.shaken = 0
    here.control = 0
    here.visit = 0
    here.hours = 0
    here.quality = 0
    here.force = 0
