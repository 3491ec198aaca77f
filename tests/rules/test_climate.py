"""Climate: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.climate import EVERY, climate, count, rooted, settle
from kantelpunt.model.shared.grid import REACH, TILE, sum_around
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.fields import fixed, unfixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, born, levers, one, parameters, rows

P = parameters("climate")


def test_a_place_knows_the_mean_and_the_shares_around():
    place = one("place")
    settle(place, one("cell_residents", residents=4, trust=fixed(2.0), cohesion=fixed(2.4), fear=fixed(0.8), norm=3))
    assert place.trust == pytest.approx(0.5)
    assert place.cohesion == pytest.approx(0.6)
    assert place.fear == pytest.approx(0.2)
    assert place.norm == 0.75


def test_a_place_with_nobody_around_keeps_what_it_had():
    place = one("place", trust=0.4, norm=0.3)
    settle(place, one("cell_residents"))
    assert (place.trust, place.norm) == (0.4, 0.3)


def test_neighbours_become_known_with_the_years():
    for years, share in ((0.0, 0.0), (P.acquainting, 0.5), (3 * P.acquainting, 0.875)):
        assert rooted(one("household", since=TODAY - round(52 * years)), P, TODAY) == pytest.approx(share)


def test_around_is_two_cells_to_each_side_as_far_as_the_tile_goes():
    lives = np.random.default_rng(1).integers(0, 5, (TILE, 2 * TILE))
    around = rows("cell_residents", lives.size, residents=lives.ravel())
    sum_around(around, rows("cell_residents", TILE + 1), TILE, 2 * TILE)  # the eastern one of two tiles
    tile = lives[:, TILE:]
    for row in range(TILE):
        for column in range(TILE):
            near = tile[max(row - REACH, 0) : row + REACH + 1, max(column - REACH, 0) : column + REACH + 1]
            assert around[row * 2 * TILE + TILE + column].residents == near.sum()
            assert around[row * 2 * TILE + column].residents == lives[row, column], "the other tile is not touched"


def test_people_are_counted_every_fourth_week():
    world = Simulation(Scenario(people=100, years=1)).world
    counted = []
    for week in range(1, 13):
        world.patches["residents"] = 0
        climate(executable(world), P, levers(), 1, week)
        counted += [week] if world.patches["residents"].sum() else []
    assert counted == [4, 8, 12]


def test_every_count_begins_anew():
    world = Simulation(Scenario(people=100, years=1)).world
    for week in (EVERY, 2 * EVERY):
        climate(executable(world), P, levers(), 1, week)
        assert world.patches["residents"].sum() == (world.people["present"] == 1).sum()


def test_a_patch_counts_those_whom_doses_are_meant_for():
    ages = (7.9, 8.0, 12.0, 14.9, 15.0, 18.0, 23.9, 24.0, 80.0)
    crowd = rows("person", len(ages), born=[born(age) for age in ages], trust_institutions=0.5, trust_neighbours=0.25, fear=0.75)
    patches, around = rows("patch", 4), rows("cell_residents", 1)
    count(crowd, rows("household", 1, rooted=0.25), rows("place", 1, quarter=2), around, patches, TODAY)
    patch = patches[2]
    assert (patch.residents, patch.children, patch.youths, patch.adults) == (9, 3, 5, 4)
    assert (unfixed(patch.trust), unfixed(patch.rooted)) == pytest.approx((4 * 0.5, 4 * 0.25))
    assert around[0].residents == 4, "climate is what adults think"
    assert [unfixed(getattr(around[0], name)) for name in ("trust", "cohesion", "fear")] == pytest.approx([2.0, 1.0, 3.0])
    assert [patches[j].residents for j in (0, 1, 3)] == [0, 0, 0]
