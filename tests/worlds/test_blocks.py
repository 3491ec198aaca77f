"""Tiles live a block of weeks each, on one thread or more: nothing about a run tells how long the blocks were, or on how many."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.errors import InputError
from kantelpunt.model.shared.events import happened, lost, parts
from kantelpunt.model.simulation import Simulation, digest
from kantelpunt.model.state.world import BLOCK
from tests.worlds.digests import EVERYTHING, RAIDS, story

TOWN = Scenario(area="overvecht", people=7_000, years=2, interventions=[*EVERYTHING, *RAIDS])  # four tiles; somebody looks back
WEEKS = 60
SEED = 4


def lived(weeks: int, threads: int = 1) -> Simulation:
    """Return the town after some weeks, watched every so many."""
    town = Simulation(TOWN, SEED, events=True, threads=threads)
    while town.week < WEEKS:
        town.advance(min(weeks, WEEKS - town.week))
        town.row(town.week)
    return town


@pytest.fixture(scope="module")
def town() -> Simulation:
    """Return the town, lived without a stop."""
    return lived(WEEKS)


def same(one: Simulation, other: Simulation) -> bool:
    """Return whether two worlds have the same state, history and story, to the last bit."""
    told = [(digest(each.world), each.world.history.tobytes(), story(each)) for each in (one, other)]
    return told[0] == told[1]


@pytest.mark.parametrize("weeks", [1, 7, BLOCK, BLOCK + 3])
def test_a_town_is_the_same_however_often_somebody_looks(town, weeks):
    assert same(lived(weeks), town)


@pytest.mark.parametrize("threads", [2, 3, 9])
def test_a_town_is_the_same_on_any_number_of_threads(town, threads):
    assert same(lived(WEEKS, threads), town)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "two"])
def test_what_is_no_number_of_threads_is_refused(threads):
    with pytest.raises(InputError, match="number of threads"):
        Simulation(Scenario(people=100, years=1), threads=threads)


def test_a_log_is_in_the_order_of_weeks_and_tiles(town):
    events, tile = happened(town.world), town.world.places["tile"]
    order = events["week"].astype(int) * town.world.tile_index.size + tile[events["place"]]
    assert events.size > 10_000 and set(tile[events["place"]].tolist()) == set(range(4))
    assert (np.diff(order) >= 0).all()


def test_what_a_full_log_lost_is_counted_a_tile(town):
    room = 500
    blind = TOWN.changed(interventions=[each for each in TOWN.interventions if each.kind != "systemic_working"])  # that reads it
    long, short = (Simulation(blind, SEED, events=True) for _ in range(2))
    short.world = short.world._replace(events=parts(short.world)[:, :room].reshape(-1))
    for each in (long, short):
        each.advance(WEEKS)
    assert not lost(town.world) and not lost(long.world)
    assert happened(short.world).size == 4 * (room - 1)
    assert lost(short.world) == happened(long.world).size - 4 * (room - 1)


def test_every_count_of_a_week_is_in_the_history_and_nowhere_else(town):
    for table in (town.world.tally, town.world.totals):
        assert table.size == 4 * BLOCK and not any(table[name].any() for name in table.dtype.names)
    assert town.world.history[1 : WEEKS + 1].any(axis=1).all() and not town.world.history[WEEKS + 1 :].any()


def test_every_place_that_people_go_to_is_in_their_tile(town):
    places = town.world.places[town.world.places["dwellings"] > 0]
    for name in ("usual_square", "usual_shop", "usual_centre", "near_hidden", "near_school"):
        assert (town.world.places["tile"][places[name]] == places["tile"]).all(), name
