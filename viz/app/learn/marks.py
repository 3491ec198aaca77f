"""Marks on the map for the events of this week: contacts, offers, promises, stories, trouble.  Knows no browser."""

import numpy as np

from kantelpunt.model.state.codes import (
    ARREST,
    BAD_CONTACT,
    GOOD_CONTACT,
    HEARD,
    NEVER,
    NOBODY,
    OFFENCE,
    OFFER,
    PROMISE_BROKEN,
    PROMISE_KEPT,
    RAIDED,
    SANCTION,
)
from kantelpunt.model.state.world import World

from .paired_worlds import ObservedWorld, short

KINDS = {  # how a mark is called -> the events that it stands for; later ones are drawn over earlier ones
    "heard": (HEARD,), "good_contact": (GOOD_CONTACT,), "bad_contact": (BAD_CONTACT,), "promised": (), "kept": (PROMISE_KEPT,),
    "broken": (PROMISE_BROKEN,), "sanction": (SANCTION,), "offence": (OFFENCE,), "offer": (OFFER,), "arrest": (ARREST, RAIDED),
}  # fmt: skip
NAMES = tuple(KINDS)
AT_THE_PLACE = ("promised", "kept", "broken")  # of which the map marks the street; of all others who it happened to
MARK = np.dtype([("kind", "u1"), ("cell", "<u2"), ("who", "<u4"), ("whom", "<u4")])  # as `DOT` knows people; 0 for nobody


def marks(world: ObservedWorld) -> bytes:
    """Return what happened in the week of a world, and the promises that are open, as records of MARK."""
    events = world.of_week(world.simulation.week)
    made = [of_events(i, events[np.isin(events["kind"], kinds)]) for i, kinds in enumerate(KINDS.values())]
    made[NAMES.index("promised")] = open_promises(world.simulation.world)
    return np.concatenate(made).tobytes()


def of_events(kind: int, events: np.ndarray) -> np.ndarray:
    """Return events as marks of one kind."""
    found = np.zeros(events.size, MARK)
    found["kind"], found["cell"] = kind, events["place"]
    if NAMES[kind] not in AT_THE_PLACE:
        for name in ("who", "whom"):
            found[name] = np.where(events[name] != NOBODY, short(events[name]), 0)
    return np.unique(found)


def open_promises(world: World) -> np.ndarray:
    """Return the places where something is promised and not yet done."""
    rows = world.promises.reshape(world.tile_index.size, -1)
    kept = [own[: tile["promises"]] for own, tile in zip(rows, world.tile_index, strict=True)]
    waiting = np.concatenate(kept)
    found = np.zeros((waiting["done"] == NEVER).sum(), MARK)
    found["kind"], found["cell"] = NAMES.index("promised"), waiting["place"][waiting["done"] == NEVER]
    return np.unique(found)
