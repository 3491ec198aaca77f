"""The exchange of tiles once a quarter: people who look for a dwelling in another part of the area.

No rule reads another tile.  Somebody who moves and looks for a dwelling beside their own tile is put in its outbox, in the order
of identities.  At the end of a quarter all outboxes are emptied into the inboxes of tiles beside theirs, where people wait for a
place until the next exchange; those who have found none by then are gone.  A box that is full keeps the lowest identities.  So
neither rows, nor the order of tiles, nor who simulates them makes a difference, and where there is one tile, nothing happens.
"""

import numpy as np

from ..compiled import njit
from ..draws import Draw, key, uniform
from ..state.codes import NOBODY
from ..state.world import World, part
from .grid import TILE

FIRST_TILE = 1  # draw for a tile; those for the next ones follow, and the one before says whether somebody looks nearby
A_PERSON = 1 / 16  # places in a box, for each row for people in the largest tile: several times as many as ever wait


@njit
def put(box, kin_box, n, person, own):  # type: ignore[no-untyped-def]
    """Put somebody, with their kin, in a box that holds n, in the order of identities; return how many it holds then."""
    if n == box.size:
        if person.id > box[n - 1].id:
            return n
        n -= 1
    k = n
    while k > 0 and box[k - 1].id > person.id:
        box[k] = box[k - 1]
        kin_box[k] = kin_box[k - 1]
        k -= 1
    box[k] = person
    kin_box[k] = own
    return n + 1


@njit
def look_beside(world, row):  # type: ignore[no-untyped-def]
    """Let somebody who leaves look for a dwelling on another tile, if there is one."""
    own = world.tile_index[0]
    if own.tiles > 1:
        own.outbox = put(world.outbox, world.outbox_kin, own.outbox, world.people[row], world.kin[row])


@njit
def beside(own, who, dice):  # type: ignore[no-untyped-def]
    """Return the tile beside this one, corners included, where somebody looks: that with the highest draw."""
    columns = own.width // TILE
    best, most = NOBODY, -1.0
    for tile in range(own.tiles):
        down, across = abs(tile // columns - own.tile // columns), abs(tile % columns - own.tile % columns)
        if tile != own.tile and max(down, across) == 1:
            u = uniform(dice, who, FIRST_TILE + tile)
            if u > most:
                best, most = tile, u
    return best


@njit
def exchange(whole, seed):  # type: ignore[no-untyped-def]
    """Let everybody in an outbox wait in the inbox of a tile beside; who waited there before is gone."""
    dice = key(seed, Draw.NEARBY, 0)
    for tile in range(whole.tile_index.size):
        whole.tile_index[tile].inbox = 0
    for tile in range(whole.tile_index.size):
        own = part(whole, tile, 0)
        for k in range(own.tile_index[0].outbox):
            there = part(whole, beside(own.tile_index[0], own.outbox[k].id, dice), 0)
            register = there.tile_index[0]
            register.inbox = put(there.inbox, there.inbox_kin, register.inbox, own.outbox[k], own.outbox_kin[k])
        own.tile_index[0].outbox = 0


def on_the_move(world: World) -> list[np.ndarray]:
    """Return who is in a box, and their kin, by tile and identity: the people and kin of all outboxes, then of all inboxes."""
    found = []
    for name in ("outbox", "inbox"):
        boxes, kin = (getattr(world, each).reshape(world.tile_index.size, -1) for each in (name, f"{name}_kin"))
        there = (np.arange(boxes.shape[1]) < world.tile_index[name][:, None]) & (boxes["present"] == 1)
        found += [boxes[there], kin[there]]
    return found
