"""The log of what happened to whom: for stories, for "only here", for tests of reach.

Every tile writes in its own part of it, so tiles need not wait for each other; `happened` puts the parts together.
"""

import numpy as np

from ..compiled import njit
from ..state.codes import NOBODY
from ..state.fields import DTYPES
from ..state.world import World

PER_PERSON_YEAR = 48.0  # room in the log: with every measure at once some 30 are written


@njit
def log(events, week, kind, who, place, value):
    """Note one event of a tile that concerns nobody else."""
    log_between(events, week, kind, who, NOBODY, place, value)


@njit
def log_between(events, week, kind, who, whom, place, value):
    """Note one event of a tile, between two people; a run that keeps no log has no record at all.

    The first record holds in `who` how many there are.  When the part of a tile is full they are still counted, but not kept.
    """
    if events.size == 0:
        return
    events[0].who += 1
    n = events[0].who
    if n < events.size:
        event = events[n]
        event.week = week
        event.kind = kind
        event.who = who
        event.place = place
        event.value = value
        event.whom = whom


def room(world: World, years: int) -> np.ndarray:
    """Return an empty log for so many years, the same room for every tile (memory that nobody writes to is never taken)."""
    most = int(world.tile_index["people"].max() * years * PER_PERSON_YEAR) + 1000
    return np.zeros(world.tile_index.size * most, DTYPES["event"])


def parts(world: World) -> np.ndarray:
    """Return the log as a table with a row for every tile."""
    return world.events.reshape(world.tile_index.size, -1)


def lost(world: World) -> int:
    """Return how many events were counted but not kept, since the log was full."""
    log = parts(world)
    return int(np.maximum(log["who"][:, 0] - (log.shape[1] - 1), 0).sum()) if log.size else 0


def happened(world: World) -> np.ndarray:
    """Return all events that were kept, in the order of weeks, within a week in the order of tiles, and then as they happened."""
    kept = [own[1 : int(own["who"][0]) + 1] for own in parts(world) if own.size]
    if len(kept) == 1:
        return kept[0]  # the log itself: no copy
    together = np.concatenate([*kept, world.events[:0]])
    return together[np.argsort(together["week"], kind="stable")]
