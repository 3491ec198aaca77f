"""The log of what happened to whom: for stories, for "only here", for tests of reach."""

from .compiled import njit


@njit
def log(events, week, kind, who, place, value):
    """Note one event.  The first record holds in `who` how many there are; a run that keeps no log has no record at all.

    When the log is full events are still counted, but not kept.
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
