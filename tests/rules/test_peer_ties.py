"""Friends: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.peer_ties import (
    COHORTS,
    FRIENDS_LATER,
    SEASON,
    choose,
    far,
    list_by_block,
    list_of,
    peer_ties,
)
from kantelpunt.model.shared.grid import TILE
from kantelpunt.model.shared.kin import is_there
from kantelpunt.model.shared.persons import is_friend
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FRIENDS, NOBODY
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, born, levers, lot, parameters, rows

P = parameters("peer_ties")
CLOSE = parameters("peer_ties", age_weight=100.0, distance_weight=10.0)  # so that age and distance decide, not the draw
WIDTH = 50


def neighbours():
    """Return five people of one tile: a youth, a housemate, one of like age, one two years older, one far away."""
    return rows(
        "person", 5, id=np.arange(5), born=[born(age) for age in (14, 14, 14, 16, 14)], household=[0, 0, 1, 2, 3],
        home=[0, 0, 1, 1, 24],
    )  # fmt: skip


def chosen(people, ties, p, week=TODAY):
    """Return the row of the new friend of the first of these people."""
    ends, listed = np.zeros(4 * COHORTS, np.int32), np.zeros(people.size, np.int32)
    list_by_block(people, ends, listed, WIDTH, week)
    own = list_of(people[0], WIDTH, week)
    return choose(people, people[0], ties, listed[ends[own - 2] : ends[own + 1]], WIDTH, p, lot(week))


def test_distance_is_counted_in_steps_of_a_king():
    assert far(0, 3, WIDTH) == 3
    assert far(0, 4 * WIDTH + 2, WIDTH) == 4


def test_a_friend_is_near_in_age_and_home_and_no_housemate():
    assert chosen(neighbours(), rows("friend", FRIENDS), CLOSE) == 2


def test_however_luck_falls_one_of_like_age_comes_before_one_far_apart_in_age():
    p = parameters("peer_ties", age_weight=0.5, distance_weight=0.0)
    people = rows("person", 3, id=np.arange(3), born=[born(age) for age in (14, 14, 15)], household=np.arange(3), home=0)
    found = [chosen(people, rows("friend", FRIENDS), p, TODAY + week) for week in range(200)]
    assert found.count(1) / len(found) == pytest.approx(0.875, abs=0.08)  # one draw lies above another less a half


def test_nobody_is_a_friend_twice():
    people = neighbours()
    ties = rows("friend", FRIENDS, row=[2, NOBODY, NOBODY, NOBODY], id=[2, 0, 0, 0])
    assert is_friend(ties, 2, 2) and not is_friend(ties, 2, 77)
    assert chosen(people, ties, CLOSE) != 2


def test_luck_decides_among_equals():
    people = rows("person", 6, id=np.arange(6), born=born(14), household=np.arange(6))
    found = {chosen(people, rows("friend", FRIENDS), P, TODAY + week) for week in range(0, 40)}
    assert found == {1, 2, 3, 4, 5}


def test_somebody_who_lives_with_all_others_finds_nobody():
    assert chosen(rows("person", 3, id=np.arange(3), born=born(14)), rows("friend", FRIENDS), P) == NOBODY


def test_a_tie_is_lost_when_the_other_end_is_gone_or_somebody_else():
    people = rows("person", 3, id=[7, 8, 9], present=[1, 0, 1])
    ties = rows("friend", 4, row=[0, 1, 2, NOBODY], id=[7, 8, 66, 0])
    assert [bool(is_there(people, ties[k].row, ties[k].id)) for k in range(4)] == [True, False, False, False]


def test_in_half_a_year_a_tenth_of_ties_is_replaced_and_every_one_that_was_lost():
    world = Simulation(Scenario(people=600, years=1)).world
    before, ages = world.friends["id"].copy(), -world.people["born"] / 52.0
    young = (world.people["present"] == 1) & (ages >= 8.0) & (ages < 39.0)
    row = np.flatnonzero(young & np.isin(world.people["id"], before[young]))[0]
    gone = int(world.people["id"][row])
    world.people["id"][row] = 12_345  # somebody else lives there now
    peer_ties(executable(world), P, levers(), 1, SEASON - 1)
    assert (world.friends["id"] == before).all(), "nobody looks around between the seasons"
    peer_ties(executable(world), P, levers(), 1, SEASON)
    held = young[:, None] & (world.friends["row"] != NOBODY)  # a tie that is lost and not replaced keeps the identity
    assert gone not in world.friends["id"][held]
    assert np.mean(world.friends["id"][young] != before[young]) == pytest.approx(P.change, abs=0.03)


def test_somebody_who_is_forty_or_older_keeps_two_friends_of_their_own_age():
    world = Simulation(Scenario(people=800, years=1)).world
    ages = -world.people["born"] / 52.0
    there = world.people["present"] == 1
    held = (world.friends["row"] != NOBODY).sum(axis=1)
    old, young = there & (ages >= 40.0) & (ages < 80.0), there & (ages >= 8.0) & (ages < 40.0)
    assert held[old].max() == FRIENDS_LATER and held[old].mean() > 1.9
    assert held[young].max() == FRIENDS and held[there & (ages < 8.0)].max() == 0
    rows_, own = world.friends["row"][old][:, :FRIENDS_LATER], ages[old][:, None]
    apart = np.abs(ages[rows_] - own)[rows_ != NOBODY]
    assert np.quantile(apart, 0.9) < 9.0


@pytest.mark.parametrize(("age", "kept"), [(39.9, FRIENDS), (40.0, FRIENDS_LATER)])
def test_somebody_who_turns_forty_keeps_two_of_four_friends(age, kept):
    world = Simulation(Scenario(people=50, years=1)).world
    one, *others = world.actors[world.tile_index["youths"][0] :][: 1 + FRIENDS]
    world.people["born"][one] = SEASON - round(52 * age)
    world.friends["row"][one], world.friends["id"][one] = others, world.people["id"][others]
    peer_ties(executable(world), parameters("peer_ties", change=0.0), levers(), 1, SEASON)
    assert world.friends["row"][one].tolist() == [*others[:kept], *[NOBODY] * (FRIENDS - kept)]


def test_the_oldest_are_in_the_last_list_but_one_of_their_block():
    for age in (101.0, 110.0, 130.0):
        assert list_of(rows("person", 1, born=born(age), home=0)[0], WIDTH, TODAY) == COHORTS - 2


def test_nobody_takes_the_place_of_a_friend_who_turned_away_for_a_year():
    for week, filled in ((SEASON, False), (2 * SEASON, True)):
        world = Simulation(Scenario(people=600, years=1)).world
        row = np.flatnonzero((world.people["present"] == 1) & (world.people["born"] < -50 * 52))[0]
        world.friends["row"][row, 0], world.friends["until"][row, 0] = NOBODY, 2 * SEASON
        peer_ties(executable(world), P, levers(), 1, week)
        assert bool(world.friends["row"][row, 0] != NOBODY) == filled


def test_the_four_blocks_of_a_tile_have_lists_of_their_own():
    half, age = TILE // 2, born(14)
    homes = [row * WIDTH + column for row in (0, half) for column in (0, half)]
    lists = [int(list_of(rows("person", 1, born=age, home=home)[0], WIDTH, TODAY)) for home in homes]
    assert [each // COHORTS for each in lists] == [0, 1, 2, 3] and len({each % COHORTS for each in lists}) == 1
