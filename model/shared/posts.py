"""Posts of professionals: who fills them, what programmes ask for, and what it means that somebody leaves."""

from ..compiled import njit
from ..state.codes import CONTACT, NEVER, PERMANENT, STAFF_LEFT
from .events import log


@njit
def has_desk(professional):
    """Return whether somebody fills this post and carries out cases: the people of a programme are on the street."""
    return professional.present == 1 and professional.kind == PERMANENT


@njit
def at_desks(team):
    """Return how many professionals carry out cases."""
    n = 0
    for i in range(team.size):
        n += 1 if has_desk(team[i]) else 0
    return n


@njit
def hours_asked(patch, lever, kind):
    """Return how many hours a week programmes of one kind ask for in a patch."""
    hours = lever.presence_hours if kind == CONTACT else lever.hotspot_hours
    return hours * patch.residents / 1000.0 if patch.public > 0 else 0.0


@njit
def all_asked(patches, levers, kind):
    """Return how many hours a week programmes of one kind ask for in all patches."""
    total = 0.0
    for j in range(patches.size):
        total += hours_asked(patches[j], levers[patches[j].quarter], kind)
    return total


@njit
def where_asked(patches, levers, kind, hours):
    """Return the patch in which so many of the hours asked for, patch after patch, are used up."""
    last = 0
    for j in range(patches.size):
        asked = hours_asked(patches[j], levers[patches[j].quarter], kind)
        if asked > 0.0:
            last = j
            if hours < asked:
                break
            hours -= asked
    return last


@njit
def leave(world, i, week):
    """Let whoever fills a post leave: what residents and colleagues knew of them goes along."""
    professional = world.professionals[i]
    log(world.events, week, STAFF_LEFT, professional.id, professional.base, professional.organisation)
    world.tally[0].staff_left += 1
    professional.present = 0
    professional.nth += 1
    professional.filled = NEVER
    professional.street_hours = 0.0
    professional.case_hours = 0.0
    for j in range(world.ties.shape[1]):
        world.ties[i, j] = 0.0
        world.ties[j, i] = 0.0


READS = (
    "patch.public", "patch.residents", "patch.quarter", "professional.id", "professional.base", "professional.organisation",
    "professional.present", "professional.kind", "professional.nth",
)  # fmt: skip
WRITES = (
    "professional.present", "professional.nth", "professional.filled", "professional.street_hours",
    "professional.case_hours", "tie",
)  # fmt: skip
