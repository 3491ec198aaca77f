"""Decisions that an agent's own class may make: whether to accept an offer, report, go to a place, or make an offer.

A rule works out a probability and draws; somebody does it if the draw is below that.  In a `Neighbourhood` with classes of one's
own the rule asks a method of the agent instead, which gets both (`mesa_model/decisions.py`).
"""

from ..compiled import njit
from ..machine_code.calls import call

ACCEPTS, REPORTS, GOES_TO, OFFERS_TO = 1, 2, 4, 8  # bits of tile_index.own_decisions

READS = ("tile_index.own_decisions", "tile_index.asks", "tile_index.first_person")


@njit
def is_own(world, decision):
    """Return whether some agents make this decision by a method of their own."""
    return world.tile_index[0].own_decisions & decision != 0


@njit
def decides(world, decision, row, whom, probability, draw):
    """Return whether somebody does what probability and draw say, or what a method of their own makes of them."""
    tile = world.tile_index[0]
    if tile.own_decisions & decision == 0:
        return draw < probability
    return call(tile.asks, decision, tile.first_person, row, whom, probability, draw) == 1
