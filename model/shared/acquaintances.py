"""Whom residents know of the professionals who work here: three at most, each the better the more often they met.

Knowledge of a worker fades from the last contact on; it is computed when a rule asks for it.  A worker who leaves takes it along:
a successor in the same post is somebody else.

    familiarity(week) = level / (1 + weeks since the last contact / HALF)

Sources: M32, M73; forgetting slows down (Wixted and Ebbesen 1991 as direction).
"""

from ..compiled import njit
from ..state.codes import NOBODY, WORKERS

HALF = 52.0  # weeks without contact after which half is left of what somebody knew of a worker (assumed; by V9b)


@njit
def works_here(slot, team):
    """Return whether this is somebody who still works here."""
    worker = team[slot.post]
    return slot.level > 0.0 and worker.present == 1 and worker.nth == slot.nth


@njit
def remembered(slot, week):
    """Return how well somebody still knows this worker; before the last contact nothing has faded."""
    return slot.level / (1.0 + max(week - slot.seen, 0) / HALF)


@njit
def familiarity(slots, team, week):
    """Return how well somebody knows whom they know best of the professionals who still work here."""
    best = 0.0
    for k in range(WORKERS):
        if works_here(slots[k], team):
            best = max(best, remembered(slots[k], week))
    return best


@njit
def familiar(slots, team, who, week):
    """Return how well somebody knows the professional in this post."""
    for k in range(WORKERS):
        if slots[k].post == who and works_here(slots[k], team):
            return remembered(slots[k], week)
    return 0.0


@njit
def knows_anybody(slots):
    """Return whether somebody has come to know a professional, who may have left."""
    for k in range(WORKERS):
        if slots[k].level > 0.0:
            return True
    return False


@njit
def miss(slots, team, week):
    """Return how well somebody knows whom they know best, and how well they knew who left lately, whose places become free."""
    best, unmoved = 0.0, 1.0
    for k in range(WORKERS):
        slot = slots[k]
        if slot.level > 0.0:
            level = remembered(slot, week)
            if works_here(slot, team):
                best = max(best, level)
            else:
                unmoved *= 1.0 - level
                slot.level = 0.0
    return best, 1.0 - unmoved


@njit
def get_to_know(slots, team, who, bonding, week):
    """Let somebody know a worker better after a good contact; for somebody new the worker who is known least is given up.

    A worker who left and is not missed yet keeps a place until then; where there is no other, nobody new is remembered.
    """
    chosen, least = NOBODY, 2.0
    for k in range(WORKERS):
        here = works_here(slots[k], team)
        if here and slots[k].post == who:
            chosen = k
            break
        left = remembered(slots[k], week)
        if (here or left == 0.0) and left < least:
            chosen, least = k, left
    if chosen == NOBODY:
        return
    slot, worker = slots[chosen], team[who]
    before = familiar(slots, team, who, week)
    slot.post = who
    slot.nth = worker.nth
    slot.seen = week
    slot.level = before + bonding * (1.0 - before)


@njit
def know_nobody(slots):
    """Let somebody know no professional; nothing is left of the person who had this row before."""
    for k in range(WORKERS):
        slots[k].post = slots[k].nth = slots[k].seen = 0
        slots[k].level = 0.0


WRITES = tuple(f"acquaintance.{name}" for name in ("post", "nth", "seen", "level"))
READS = (*WRITES, "professional.present", "professional.nth")
