"""The log of what happened to whom: for stories, for "only here", for tests of reach."""

from .compiled import njit


@njit
def log(world, week, kind, who, place, value):
    """Note one event; nothing is kept when the run keeps no log, or when the log is full (it then counts on)."""
    if world.events.size == 0:
        return
    register = world.register[0]
    if register.events < world.events.size:
        event = world.events[register.events]
        event.week = week
        event.kind = kind
        event.who = who
        event.place = place
        event.value = value
    register.events += 1
