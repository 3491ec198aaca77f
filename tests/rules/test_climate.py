"""Climate: worked examples."""

import numpy as np
import pytest

from model.grid import REACH, sum_around
from model.rules.climate import deals_openly, settle
from model.state import fixed
from tests.rules.examples import one, parameters, person, rows

P = parameters("climate")
OPEN = {"trust_frontline": 0.6, "familiarity": 0.4, "norm_enemy": 0.2}


def test_who_deals_openly_trusts_knows_and_does_not_mind():
    assert deals_openly(person(**OPEN), P)
    assert not deals_openly(person(**{**OPEN, "trust_frontline": P.open_trust}), P)
    assert not deals_openly(person(**{**OPEN, "familiarity": P.open_familiarity}), P)
    assert not deals_openly(person(**{**OPEN, "norm_enemy": 0.5}), P)


def test_a_place_knows_the_mean_and_the_shares_around():
    place = one("place")
    settle(place, one("around", residents=4, trust=fixed(2.0), cohesion=fixed(2.4), fear=fixed(0.8), norm=3, openness=1))
    assert place.trust == pytest.approx(0.5)
    assert place.cohesion == pytest.approx(0.6)
    assert place.fear == pytest.approx(0.2)
    assert (place.norm, place.openness) == (0.75, 0.25)


def test_a_place_with_nobody_around_keeps_what_it_had():
    place = one("place", trust=0.4, norm=0.3)
    settle(place, one("around"))
    assert (place.trust, place.norm) == (0.4, 0.3)


@pytest.mark.parametrize(("width", "height"), [(9, 7), (5, 4), (2, 8)])
def test_around_is_two_cells_to_each_side_edges_included(width, height):
    chance = np.random.default_rng(1)
    lives = chance.integers(0, 5, (height, width))
    around = rows("around", width * height, residents=lives.ravel())
    sum_around(around, rows("around", max(width, height) + 1), width, height)
    for row in range(height):
        for column in range(width):
            near = lives[max(row - REACH, 0) : row + REACH + 1, max(column - REACH, 0) : column + REACH + 1]
            assert around[row * width + column].residents == near.sum()
