"""The ground plan: where people from a home go, by size and distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model.population.layout import (
    NEAREST,
    PEOPLE_A_SQUARE,
    SMALLEST_SIDE,
    SPARSEST,
    USUAL,
    Ground,
    cells_of,
    draw_sizes,
    ground_for,
    lay_out,
    most_drawing,
    tile_plan,
)
from kantelpunt.model.shared.grid import TILE
from kantelpunt.model.state.codes import CENTRE, GREEN, HIDDEN, HOME, SCHOOL, SHOP, SQUARE, STATION
from kantelpunt.model.state.fields import DTYPES

WIDTH = 1_000


def laid_out(seed: int, columns: int = 2, rows: int = 1) -> np.ndarray:
    places = np.zeros(columns * rows * TILE * TILE, DTYPES["place"])
    lay_out(places, Ground(columns, rows, TILE, 2000.0, 2000.0), seed)
    return places


@given(st.floats(1.0, 100.0), st.floats(1.0, 100.0))
def test_two_places_part_people_at_the_breaking_point(one, other):
    """Converse 1949, from Reilly's law: the border lies at distance / (1 + sqrt(size of the other / own size)) from a place."""
    cells, sizes = np.array([0, 900]), np.array([one, other])
    border = 900 / (1 + np.sqrt(other / one))
    for cell in range(1, 900, 7):
        if abs(cell - border) > 1e-6:
            assert most_drawing(cells, sizes, cell, WIDTH) == (0 if cell < border else 900)


def test_of_places_of_one_size_the_nearest_draws_most():
    cells = np.array([3, 400, 40_020])
    assert [most_drawing(cells, np.ones(3), cell, WIDTH) for cell in (0, 210, 39_021, 3)] == [3, 400, 40_020, 3]


def test_sizes_follow_the_rank_size_rule():
    sizes = np.empty(100_000)
    draw_sizes(np.arange(100_000), 1, sizes)
    sizes.sort()
    assert sizes[0] >= 1.0
    for times in (2, 10, 100):  # as many are so many times the smallest as their share says
        assert np.mean(sizes > times) == pytest.approx(1 / times, rel=0.1)


def test_everybody_goes_to_places_of_the_right_kind_in_their_own_tile():
    places = laid_out(3)
    homes = places[places["kind"] == HOME]
    for name, kind in (USUAL | NEAREST).items():
        assert (places["kind"][homes[name]] == kind).all()
        assert (places["tile"][homes[name]] == homes["tile"]).all()


@pytest.mark.parametrize(("name", "kind"), [("near_hidden", HIDDEN), ("near_school", SCHOOL)])
def test_what_is_called_near_is_nearest(name, kind):
    places = laid_out(4, columns=1)
    width = int(np.sqrt(places.size))
    cells = np.flatnonzero(places["kind"] == kind)
    for home in np.flatnonzero(places["kind"] == HOME)[::50]:
        far = (cells // width - home // width) ** 2 + (cells % width - home % width) ** 2
        assert far.min() == far[cells == places[name][home]][0]


def test_few_squares_draw_most_people_and_other_worlds_have_other_ones():
    busiest = []
    for seed in range(8):
        places = laid_out(seed, columns=1)
        drawn = np.bincount(places["usual_square"][places["kind"] == HOME], minlength=places.size)
        busiest.append(int(drawn.argmax()))
        assert np.sort(drawn)[-4:].sum() > 0.5 * drawn.sum()  # of sixteen; alike they would draw about a quarter
    assert len(set(busiest)) > 4


@given(st.integers(50, 100_000), st.floats(100.0, 20_000.0))
def test_people_live_as_densely_as_the_area_however_many_they_are(people, density):
    ground = ground_for(people, density)
    on_it = ground.people / (ground.side / TILE) ** 2  # a km2
    if SMALLEST_SIDE < ground.side < TILE:
        assert on_it == pytest.approx(ground.density, rel=1.2 / ground.side)
    assert ground.people <= 3_000
    assert ground.people * ground.columns * ground.rows == pytest.approx(people)
    assert ground.density == max(density, SPARSEST)


def test_where_people_live_more_densely_a_head_has_fewer_squares_and_as_many_shops():
    loose, dense = ground_for(2_000, 2_000.0), ground_for(2_000, 8_000.0)
    assert dense.side == loose.side / 2
    assert cells_of(SHOP, loose) == cells_of(SHOP, dense) == 10
    assert cells_of(SQUARE, loose) == 16
    assert cells_of(SQUARE, dense) == round(16 * 4 ** (-1 / 3))


@pytest.mark.parametrize("people", [50, 500, 1_000, 3_000, 9_000])
@pytest.mark.parametrize("density", [500.0, 2_000.0, 6_000.0, 20_000.0])
def test_every_tile_has_each_kind_of_place_and_hidden_spots_in_every_quarter(people, density):
    ground = ground_for(people, density)
    places = np.zeros(ground.columns * ground.rows * TILE * TILE, DTYPES["place"])
    lay_out(places, ground, 5)
    width = ground.columns * TILE
    for tile in range(ground.columns * ground.rows):
        cells = np.flatnonzero(places["tile"] == tile)
        found = set(places["kind"][cells].tolist())
        assert {HOME, SQUARE, SHOP, CENTRE, SCHOOL, STATION, HIDDEN, GREEN} <= found
        hidden = cells[places["kind"][cells] == HIDDEN]
        halves = {(int(cell // width % TILE >= TILE // 2), int(cell % width % TILE >= TILE // 2)) for cell in hidden}
        assert len(halves) == 4


def test_places_of_one_kind_hide_what_happens_more_or_less():
    places = laid_out(6)
    for kind in (HOME, SQUARE, HIDDEN):
        hidden = places["concealment"][places["kind"] == kind]
        assert hidden.std() > 0.03
        assert (hidden >= 0.05).all()
        assert (hidden <= 1.0).all()


@pytest.mark.parametrize("density", [SPARSEST, 2000.0, 5000.0, 15000.0])
@pytest.mark.parametrize("people", [500, 1000, 1700, 2000, 2600, 3000])
def test_as_many_people_share_a_square_on_a_small_map_as_on_a_large_one(people, density):
    ground = ground_for(people, density)
    plan = tile_plan(1, 0, ground)
    cells = {(int(row), int(column)) for row, column in np.argwhere(plan == SQUARE)}
    assert len(cells) == cells_of(SQUARE, ground)
    squares = 0
    while cells:
        squares, found = squares + 1, [cells.pop()]
        for row, column in found:
            beside = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & cells
            cells -= beside
            found += beside
    assert squares == min(max(int(ground.people / PEOPLE_A_SQUARE + 0.5), 1), cells_of(SQUARE, ground))
