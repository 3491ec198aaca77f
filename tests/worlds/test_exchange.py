"""Tiles exchange people once a quarter: the same ones whoever looks, in any order, on any number of threads; one tile has nobody
to exchange with."""

from itertools import pairwise

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.draws import Draw, key
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.shared.exchange import beside, exchange, on_the_move, put
from kantelpunt.model.shared.grid import TILE
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NOBODY
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import BLOCK, executable, quarter_end
from tests.rules.examples import one, rows

TOWN = Scenario(area="overvecht", people=7_000, years=4)  # four tiles
SEED = 3


@pytest.fixture(scope="module")
def seen() -> list[dict[int, int]]:
    """Return who lived on which tile at the end of each quarter of four years."""
    town, found = Simulation(TOWN, SEED), []
    while town.week < TOWN.weeks:
        town.advance(BLOCK)
        people = town.world.people[town.world.people["present"] == 1]
        found.append(dict(zip(people["id"].tolist(), town.world.places["tile"][people["home"]].tolist(), strict=True)))
    return found


@pytest.fixture(scope="module")
def town() -> Simulation:
    """Return the town in the midst of a quarter, with an event log."""
    town = Simulation(TOWN, SEED, events=True)
    town.advance(3 * WEEKS_A_YEAR + 6)
    return town


def test_quarters_end_every_thirteen_weeks():
    assert [quarter_end(week) for week in (1, 13, 14, 26, 27)] == [13, 13, 26, 26, 39]


def test_somebody_who_left_a_tile_lives_on_one_beside_it_later(seen):
    tiles: dict[int, list[int]] = {}
    for quarter in seen:
        for who, tile in quarter.items():
            if tiles.setdefault(who, [tile])[-1] != tile:
                tiles[who].append(tile)
    moved = [where for where in tiles.values() if len(where) > 1]
    assert len(moved) > 50
    assert {pair for where in moved for pair in pairwise(where)} == {(a, b) for a in range(4) for b in range(4) if a != b}


def test_nobody_lives_in_two_places_or_in_a_box_as_well(town):
    people = town.world.people
    here = people["id"][people["present"] == 1]
    boxes = on_the_move(town.world)
    waiting = np.concatenate([boxes[0]["id"], boxes[2]["id"]])
    assert waiting.size > 10
    assert np.unique(np.concatenate([here, waiting])).size == here.size + waiting.size
    for name in ("outbox", "inbox"):
        for tile, box in enumerate(getattr(town.world, name).reshape(4, -1)):
            n = town.world.tile_index[name][tile]
            assert (np.diff(box["id"][:n]) > 0).all() and n < box.size // 2


def test_people_are_counted_when_they_go_and_when_they_come(town):
    table, week = town.world.history, town.week
    told = dict(zip(OUTCOMES, table[1 : week + 1].sum(axis=0), strict=True))
    people = int(town.world.tile_index["people"].sum())
    start = table[0, list(OUTCOMES).index("people")]
    assert people == start + told["births"] + told["moved_in"] - told["deaths"] - told["moved_out"]
    assert people == (town.world.people["present"] == 1).sum()
    assert 0 < told["moved_within"] < told["moved_in"]


def test_somebody_who_came_brought_themselves_and_no_tie_of_the_other_tile(town):
    world = town.world
    people, tile = world.people, np.repeat(np.arange(4), world.tile_index["persons"])
    here = people["present"] == 1
    assert (world.places["tile"][people["home"]] == tile)[here].all()
    assert (people["seeking"] <= town.week + 26)[here].all()
    own = world.tile_index["first_household"][tile] + people["household"]
    assert (world.households["home"][own] == people["home"])[here].all()
    size = np.bincount(own[here], minlength=world.households.size)
    assert (world.households["size"] == size).all()


def test_the_exchange_does_not_depend_on_the_order_of_tiles():
    """What waits where after an exchange follows from who is in which outbox: filled in any order, it is the same."""
    found = []
    for turned in (False, True):
        town = Simulation(TOWN, SEED)
        town.advance(3 * BLOCK - 1)
        world = town.world
        boxes = on_the_move(world)[:2]
        world.tile_index["outbox"] = 0
        whole, rooms = executable(world), world.outbox.size // 4
        rank = np.argsort(boxes[0]["id"])[:: -1 if turned else 1]
        for k in rank:
            t = int(world.places["tile"][boxes[0]["home"][k]])
            own, kin = (executable(part[t * rooms : (t + 1) * rooms]) for part in (world.outbox, world.outbox_kin))
            n = int(world.tile_index["outbox"][t])
            world.tile_index["outbox"][t] = put(own, kin, n, executable(boxes[0])[k], executable(boxes[1])[k])
        exchange(whole, SEED)
        found.append([box[name].tobytes() for box in on_the_move(world) for name in box.dtype.names])
        assert not world.tile_index["outbox"].any() and world.tile_index["inbox"].sum() == boxes[0].size > 0
    assert found[0] == found[1]


@pytest.mark.parametrize("order", [(5, 2, 9, 7), (9, 7, 5, 2), (2, 5, 7, 9), (7, 9, 2, 5)])
def test_a_full_box_keeps_the_lowest_identities_in_order(order):
    box, kin = np.zeros(3, DTYPES["person"]), np.zeros(3, DTYPES["kin"])
    n = 0
    for who in order:
        n = put(executable(box), executable(kin), n, one("person", id=who), one("kin", mother=10 * who))
    assert n == 3 and box["id"].tolist() == [2, 5, 7] and kin["mother"].tolist() == [20, 50, 70]


def test_people_look_on_tiles_beside_theirs_each_about_as_often():
    dice = key(1, int(Draw.NEARBY), 0)
    middle, corner = (one("tile_index", tile=tile, tiles=9, width=3 * TILE, height=3 * TILE) for tile in (4, 0))
    found = np.bincount([beside(middle, who, dice) for who in range(4_000)], minlength=9)
    assert found[4] == 0 and (np.abs(np.delete(found, 4) - 500) < 100).all()
    assert {beside(corner, who, dice) for who in range(200)} == {1, 3, 4}
    alone = rows("tile_index", 1, tile=0, tiles=1, width=TILE, height=TILE)[0]
    assert beside(alone, 1, dice) == NOBODY


def test_where_there_is_one_tile_nobody_waits():
    village = Simulation(Scenario(area="overvecht", people=1_000, years=2), SEED)
    village.advance(80)
    assert village.world.outbox.size == village.world.inbox.size == 0
    assert not village.world.tile_index["outbox"].any() and not village.world.tile_index["inbox"].any()
