"""Differences between two worlds, and since when: one map on which only that is lit.  Knows no browser."""

from typing import NamedTuple

import numpy as np

from .. import palette
from .paired_worlds import CHOSEN, DOT, LAYERS, ObservedWorld, PairedWorlds, spread

FULL = 0.25  # of a layer's full scale: from this difference on a cell has its full colour
SAME = 128  # the byte of a cell that does not differ
DIFFERS = 4  # the role of somebody who stands elsewhere on the path into crime than in the other world
LESS, MORE = 0, 1  # as the stage of such a dot: less deep in crime in the second world, or deeper


class Differing(NamedTuple):
    """People who stand elsewhere on the path into crime in the second world than in the first, and live in both."""

    identities: np.ndarray
    rows: np.ndarray  # in the second world
    deeper: np.ndarray  # in the second world


def parted(twins: PairedWorlds) -> int | None:
    """Return the week of the first thing that happened in one world and not in the other, up to now; None without any."""
    left, right = (world.log for world in twins.worlds)
    n = min(len(left), len(right))
    unlike = np.flatnonzero(left[:n] != right[:n])
    at = int(unlike[0]) if unlike.size else n
    weeks = [int(log["week"][at]) for log in (left, right) if at < len(log)]
    return min(weeks) if weeks else None


def differing(twins: PairedWorlds) -> Differing:
    """Return who differs, in this week."""
    (there, _), (here, rows) = (of_present(world) for world in twins.worlds)
    identities = here["id"]
    order = np.argsort(there["id"])
    at = np.minimum(np.searchsorted(there["id"], identities, sorter=order), max(len(order) - 1, 0))
    other = there[order[at]] if len(order) else there
    both = other["id"] == identities if len(order) else np.zeros(0, bool)
    unlike = np.flatnonzero(both & (other["stage"] != here["stage"])) if len(order) else np.zeros(0, int)
    return Differing(identities[unlike], rows[unlike], here["stage"][unlike] > other["stage"][unlike])


def of_present(world: ObservedWorld) -> tuple[np.ndarray, np.ndarray]:
    """Return the people who live in a world, and their rows."""
    people = world.simulation.world.people
    rows = np.flatnonzero(people["present"] == 1)
    return people[rows], rows


def shades(twins: PairedWorlds, layer: str) -> bytes:
    """Return a byte a cell: SAME, more where the second world is better, less where it is worse."""
    left, right = (world.simulation.world.places[layer] / LAYERS[layer] for world in twins.worlds)
    better = (left - right if layer in palette.UNWANTED else right - left) / FULL
    return np.rint(SAME + 127.0 * np.clip(better, -1.0, 1.0)).astype(np.uint8).tobytes()


def dots(twins: PairedWorlds) -> bytes:
    """Return who differs as dots, where they are in the second world."""
    found = differing(twins)
    people = twins.worlds[1].simulation.world.people[found.rows]
    made = np.zeros(len(found.rows), DOT)
    made["cell"] = np.where(people["in_public"] == 1, people["place"], people["home"])
    made["role"], made["stage"] = DIFFERS, np.where(found.deeper, MORE, LESS)
    made["mark"] = CHOSEN * (found.identities == twins.chosen if twins.chosen else np.zeros(len(made), bool))
    spread(made, found.identities)
    return made.tobytes()


def pick(twins: PairedWorlds, index: int) -> None:
    """Choose the person of one dot of the present map."""
    found = differing(twins).identities
    twins.chosen = int(found[index]) if 0 <= index < found.size else 0
