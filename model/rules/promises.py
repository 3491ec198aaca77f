"""Promises: small visible actions, asked for or spotted in a place, promised by somebody, and done, late, or never.

A lamp, a bench, a clean-up.  A household asks for it where the most is wrong near its home, or a worker spots it in a
public place; a place where something is promised already, or was done lately, is passed over.  Of the professionals
with time to spare, the one with the fewest open promises makes it.  That professional must find the hours for it, which
cases then go without, and needs backing to get it through; when they leave, nobody does it.  The action tidies that one
place.  People who live or pass within sight may see the outcome, and learn whether reports are of use and whether
institutions can be trusted.  A broken promise costs more than a kept one gives, a late one gives less, and so does the
next one in a street where one was done lately.  To some of those who live or are at that very place it is news, which
they may pass on.

    P(done in a week) = min(backing, hours that the worker can spare / hours that their open promises take)
    hours to spare    = spare street hours + max(spare, 1 - workload) case hours
    usefulness += gain worth (1 - usefulness);   trust_institutions by spill of it     kept
    usefulness -= bad_weight gain usefulness;    trust_institutions by spill of it     broken
    worth       = again^(actions done within sight in the last four weeks, + 1 if late);   disorder *= 1 - tidied

Sources: the Tilburg and Movisie reports (M31, M32, M66); Skogan 2006 as direction (the bad weighs more, p23); sizes assumed.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import times
from ..compiled import njit
from ..draws import Draw, choose, happens, identity, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log_between
from ..shared.grid import TILE
from ..shared.persons import is_free
from ..shared.public_places import NEGLECTED, is_promised, place_of_round
from ..shared.sight import SIGHT, within
from ..state.codes import NEVER, NO_STORY, NOBODY, PROMISE_BROKEN, PROMISE_KEPT, PROMISED, TOLD_BROKEN, TOLD_KEPT
from ..state.fields import fixed, unfixed
from .presence import rounds_of

MONTH = 4  # weeks in which what was done in a street counts against the next
A_PERSON = 0.4  # rows for promises: room for five months of the largest dose; when all are taken, nothing more is promised
ASKED = 8  # dwellings that the lot may fall on until somebody asks
FIRST = 1  # occasion of the first promise, or of the first dwelling, after that of how many there are
TELLS = 1  # occasion of somebody who notices: whether they tell
AGAIN = 0.4  # what the next action within sight in a month is worth, against the one before, and one that comes late, against one in time (assumed (M31: many small, but not all in one street))
NEWS = 0.3  # who noticed it at that very place holds it for news, which may be passed on (assumed)
PATIENCE = 8.0  # weeks after which a promise that is late counts as broken (week; assumed)
TERM = 4.0  # weeks in which it is promised to be done (week; assumed: within weeks)


class Parameters(NamedTuple):
    """Numbers of promises."""

    # fmt: off
    asked: Annotated[float, Quantity(0.5, 0.0, 1.0, "share", "assumed (M31: asked for, or spotted)", "promises that a household asked for; others are about what workers spot")]
    spare: Annotated[float, Quantity(0.1, 0.03, 0.25, "share", "assumed", "hours on the street and for cases that a professional who has enough to do can spare for what was promised; who has idle hours spares these")]
    hours: Annotated[float, Quantity(2.0, 0.5, 6.0, "hour", "assumed", "hours of a professional that one small action takes")]
    notice: Annotated[float, Quantity(0.5, 0.2, 0.8, "probability", "assumed; 0: tidying alone", "somebody who lives or passes within sight notices what became of it", off=0.0)]
    gain: Annotated[float, Quantity(0.02, 0.005, 0.05, "level", "M31; assumed: less than a good contact", "gain in expected usefulness of reports by seeing a promise kept")]
    tidied: Annotated[float, Quantity(0.3, 0.1, 0.6, "ratio", "M31, assumed: a clean-up takes away what lies there, not who causes it; 0: seeing alone", "disorder of its place that an action takes away", off=0.0)]
    # fmt: on


BORROWS = ("trust.bad_weight", "trust.spill", "presence.looks")
READS = (
    "actors", "tile_index.actors", "tile_index.corner", "tile_index.width", "tile_index.tile", "person.id", "person.present", "person.detained_until", "person.home",
    "person.place", "household.id", "household.size", "household.home", "place.quarter", "place.disorder", "place.crime_hold",
    "place.usual_square", "place.usual_shop", "place.near_hidden", "patch.public", "patch.quarter", "patch.residents", "public",
    "cell_week.youths", "cell_week.adults", "professional.id", "professional.present", "professional.street_hours", "professional.workload", "professional.backing",
)  # fmt: skip
WRITES = (
    "person.usefulness", "person.trust_institutions", "person.story", "place.disorder", "professional.case_hours", "professional.promises", "promise.*",
    "tile_index.promises", "sight.*",
)  # fmt: skip
LEVERS = {
    "small_actions": Lever(
        0.0,
        0.0,
        20.0,
        "actions/week per 1,000 residents",
        "small visible actions that are promised, as far as anybody has time and a place has none",
    ),
}
COUNTS = {
    "promised": Outcome("promises/week", "neither", "Small visible actions that professionals promised"),
    "promises_kept": Outcome("promises/week", "higher", "Promised actions that were done, in time or late"),
    "promises_late": Outcome("promises/week", "lower", "Of these, done late"),
    "promises_broken": Outcome("promises/week", "lower", "Promised actions that nobody did"),
    "actions_seen": Outcome("persons/week", "higher", "Residents who saw what became of a promise this week, kept or broken"),
}
MECHANISMS = ("M31", "M32", "M66")


@njit
def promises(world, p, levers, seed, week):
    """Do, or not, what was promised, in sight of people nearby; then promise more."""
    tile_index = world.tile_index[0]
    n = int(tile_index.promises)
    if n > 0:
        if bring_about(world, n, p, levers, key(seed, Draw.PROMISE_DONE, week), week) > 0:
            look_around(world, p, key(seed, Draw.PROMISE_SEEN, week), week)
            wipe_out(world, n, week)
        tile_index.promises = keep(world.promises, n, week)
    count_open(world.professionals, world.promises, tile_index.promises)
    dice = key(seed, Draw.PROMISE, week)
    for j in range(world.patches.size):
        patch = world.patches[j]
        lever = levers[patch.quarter]
        if lever.small_actions > 0.0 and patch.public > 0:
            who = tile_index.tile * world.patches.size + j
            wanted = rounds_of(lever.small_actions * patch.residents / 1000.0, 1.0, dice, who, 0)
            for k in range(min(wanted, world.promises.size - tile_index.promises)):
                promise(world, j, identity(dice, who, k + FIRST), p, dice, week)


@njit
def promise(world, j, id, p, dice, week):
    """Let a professional promise something, for a household that asks or in a place where it was spotted, if anybody has time."""
    asker, place, by = NOBODY, NOBODY, by_whom(world.professionals, p, dice, id)
    if by == NOBODY:
        return
    if happens(p.asked, dice, id):
        asker = household_in(world, world.patches[j].quarter, dice, id)
    if asker != NOBODY:
        place = worst_near(world, int(world.households[asker].home))
    if place == NOBODY:
        asker, place = NOBODY, place_of_round(world, j, NEGLECTED, int(p.looks), dice, id, 1)
    if place == NOBODY:
        return
    worker, new = world.professionals[by], world.promises[world.tile_index[0].promises]
    world.tile_index[0].promises += 1
    worker.promises += 1
    new.id, new.by, new.by_id, new.place = id, by, worker.id, place
    new.due, new.done = week + int(TERM), NEVER
    world.tally[0].promised += 1
    new.asker = NOBODY if asker == NOBODY else world.households[asker].id
    log_between(world.events, week, PROMISED, new.asker, new.by_id, new.place, 0)


@njit
def household_in(world, quarter, dice, id):
    """Return a household of this quarter on which the lot falls, or NOBODY."""
    for k in range(ASKED):
        h = choose(world.households.size, dice, id, k + FIRST)
        if world.households[h].size > 0 and world.places[world.households[h].home].quarter == quarter:
            return h
    return NOBODY


@njit
def worst_near(world, home):
    """Return where the most is wrong for people who live here, and nothing is promised: own door, usual square or shop, hidden spot; or NOBODY."""
    near, worst = world.places[home], NOBODY if is_promised(world, home) else home
    for cell in (near.usual_square, near.usual_shop, near.near_hidden):
        worse = worst == NOBODY or world.places[cell].disorder > world.places[worst].disorder
        if worse and not is_promised(world, cell):
            worst = cell
    return worst


@njit
def spare_hours(professional, p):
    """Return the hours of this week that a professional can spare: a part of all, and those for cases that no case asks."""
    return p.spare * professional.street_hours + max(p.spare, 1.0 - professional.workload) * professional.case_hours


@njit
def by_whom(professionals, p, dice, id):
    """Return who promises, of those with time to spare: who has fewest promises open, by lot and time where several have; or NOBODY."""
    best, fewest, largest = NOBODY, 0, 0.0
    for i in range(professionals.size):
        worker = professionals[i]
        if worker.present == 1 and (best == NOBODY or worker.promises <= fewest):
            draw = spare_hours(worker, p) * uniform(dice, id, worker.id)
            if draw > 0.0 and (best == NOBODY or worker.promises < fewest or draw > largest):
                best, fewest, largest = i, worker.promises, draw
    return best


@njit
def still_there(professionals, promise):
    """Return whether who promised still works here."""
    return professionals[promise.by].id == promise.by_id and professionals[promise.by].present == 1


@njit
def count_open(professionals, promises, n):
    """Count what each professional has promised and not yet done."""
    for i in range(professionals.size):
        professionals[i].promises = 0
    for k in range(n):
        if promises[k].done == NEVER and still_there(professionals, promises[k]):
            professionals[promises[k].by].promises += 1


@njit
def p_done(professional, extra_backing, p):
    """Return how likely a professional gets one thing done this week of all they promised, with so much extra backing."""
    backing = professional.backing + (1.0 - professional.backing) * extra_backing
    return min(backing, spare_hours(professional, p) / (p.hours * professional.promises))


@njit
def bring_about(world, n, p, levers, dice, week):
    """Let professionals do what they promised, or not; return of how many promises it is now clear what became of them."""
    clear = 0
    for k in range(n):
        promise, professionals = world.promises[k], world.professionals
        if promise.done != NEVER:
            continue
        worker = professionals[promise.by]
        backing = levers[world.places[promise.place].quarter].backing
        if still_there(professionals, promise) and happens(p_done(worker, backing, p), dice, promise.id):
            do(world, promise, k, n, p, week)
            clear += 1
        elif week >= promise.due + int(PATIENCE):
            break_it(world, promise, week)
            clear += 1
    for k in range(n):
        if world.promises[k].done == week:
            worker = world.professionals[world.promises[k].by]
            worker.case_hours = max(worker.case_hours - p.hours, 0.0)
    return clear


@njit
def do(world, promise, k, n, p, week):
    """Do what was promised: the place is tidied, and people nearby may see it."""
    promise.done = week
    in_time = week <= promise.due
    place, tally = world.places[promise.place], world.tally[0]
    place.disorder *= 1.0 - p.tidied
    worth = times(AGAIN, done_near(world.promises, k, n, world.tile_index[0].width, SIGHT, week) + (0 if in_time else 1))
    mark(world, promise.place, SIGHT, fixed(worth), 0)
    world.sights[promise.place].story = max(world.sights[promise.place].story, TOLD_KEPT)
    tally.promises_kept += 1
    tally.promises_late += 0 if in_time else 1
    log_between(world.events, week, PROMISE_KEPT, promise.asker, promise.by_id, promise.place, 0 if in_time else 1)


@njit
def break_it(world, promise, week):
    """Let a promise be broken: nobody will do it any more."""
    promise.done = week - MONTH  # it is over, and counts as nothing done
    mark(world, promise.place, SIGHT, 0, 1)
    world.sights[promise.place].story = TOLD_BROKEN
    world.tally[0].promises_broken += 1
    log_between(world.events, week, PROMISE_BROKEN, promise.asker, promise.by_id, promise.place, 0)


@njit
def done_near(promises, k, n, width, radius, week):
    """Return how many of n promised actions, other than the k-th, were done within sight of it in the last weeks."""
    done = 0
    for j in range(n):
        other = promises[j]
        if j != k and week - MONTH < other.done <= week and within(other.place, promises[k].place, width, radius):
            done += 1
    return done


@njit
def mark(world, place, radius, kept, broken):
    """Mark the cells from which can be seen what became of a promise, as far as the tile goes; nothing to see wipes the marks out."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    row, column = place // width, place % width
    for r in range(max(row - radius, top), min(row + radius + 1, top + TILE)):
        for c in range(max(column - radius, left), min(column + radius + 1, left + TILE)):
            cell = world.sights[r * width + c]
            cell.kept = max(cell.kept, kept) if kept + broken > 0 else 0
            cell.broken = max(cell.broken, broken) if kept + broken > 0 else 0


@njit
def wipe_out(world, n, week):
    """Wipe out the marks of this week."""
    for k in range(n):
        if world.promises[k].done == week or world.promises[k].done == week - MONTH:
            mark(world, world.promises[k].place, SIGHT, 0, 0)
            world.sights[world.promises[k].place].story = NO_STORY


@njit
def look_around(world, p, dice, week):
    """Let people who live or pass within sight see what became of promises, and learn from it."""
    for row in world.actors[: world.tile_index[0].actors]:
        person = world.people[row]
        home, here = world.sights[person.home], world.sights[person.place]
        kept, broken = max(home.kept, here.kept), max(home.broken, here.broken)
        if kept + broken > 0 and is_free(person, week) and happens(p.notice, dice, person.id):
            world.tally[0].actions_seen += 1
            if happens(NEWS, dice, person.id, TELLS):
                person.story = max(int(person.story), max(int(home.story), int(here.story)))
            learn(person, unfixed(kept), broken, p)


@njit
def learn(person, worth, broken, p):
    """Let somebody learn from promises kept, worth so much, and broken."""
    person.usefulness += p.gain * worth * (1.0 - person.usefulness)
    person.trust_institutions += p.spill * p.gain * worth * (1.0 - person.trust_institutions)
    if broken > 0:
        person.usefulness -= p.bad_weight * p.gain * person.usefulness
        person.trust_institutions -= p.bad_weight * p.spill * p.gain * person.trust_institutions


@njit
def keep(promises, n, week):
    """Keep the promises that are open or were done lately, in their order; return how many."""
    kept = 0
    for k in range(n):
        promise = promises[k]
        if promise.done == NEVER or promise.done > week - MONTH:
            into = promises[kept]
            into.id, into.by, into.by_id = promise.id, promise.by, promise.by_id
            into.place, into.due, into.done, into.asker = promise.place, promise.due, promise.done, promise.asker
            kept += 1
    return kept
