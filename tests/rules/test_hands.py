"""Who comes for the work of crews: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.shared.hands import WOMEN, begin_crew, bring_crew, come_for_work, crew_for, most_lacking
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NOBODY, NONE, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable
from tests.rules.examples import lot, rows

SURE, THIS_WEEK = 100.0, 1


@pytest.fixture
def world():
    """Return a world in which crews lack a hand for each 1,000 residents."""
    world = Simulation(Scenario(people=400, years=1)).world
    world.tile_index["hands"], world.crews["present"], world.people["stage"] = 1.0, 0, NONE
    world.people["crew"] = NOBODY
    return world


def arrive(world, coming):
    """Let everybody who lives here be a newcomer of this week; return the rows of those who came for work."""
    plain = executable(world)
    rows = np.flatnonzero(world.people["present"] == 1)
    for row in rows:
        come_for_work(plain, plain.people[row], coming, 1, THIS_WEEK)
    return rows[world.people["stage"][rows] == RUNNER]


def test_adults_under_forty_come_for_work_and_work_for_a_crew(world):
    involved = world.households["involved"].sum()
    came = arrive(world, SURE)
    ages = (THIS_WEEK - world.people["born"][came]) / 52
    assert came.size > 50 and ages.min() >= 18.0 and ages.max() < 40.0
    assert (world.people["crew"][came] == 0).all() and world.households["involved"].sum() == involved + came.size
    assert (world.tally["came_for_work"][0], world.tally["crews_came"][0]) == (came.size, 1), "a crew came up with the first"
    assert (world.crews["present"][0], world.crews["since"][0]) == (1, THIS_WEEK)


def test_nobody_comes_where_no_hands_are_lacking(world):
    world.tile_index["hands"] = 0.0
    assert arrive(world, SURE).size == 0
    assert world.crews["present"].sum() == 0


def test_men_come_more_often_than_women(world):
    world.people["propensity"] = 1.0
    came = arrive(world, 0.5)
    adults = np.flatnonzero(
        (world.people["present"] == 1) & (world.people["born"] <= -18 * 52) & (world.people["born"] > -39 * 52)
    )
    for male, chance in ((1, 0.5), (0, 0.5 * WOMEN)):
        of = adults[world.people["male"][adults] == male]
        assert np.isin(of, came).mean() == pytest.approx(chance, abs=0.15)


def test_a_crew_comes_along_with_somebody_who_deals_where_there_is_none(world):
    plain = executable(world)
    one, other = np.flatnonzero(world.people["present"] == 1)[:2]
    world.people["stage"][one] = RUNNER
    for row in (one, other):
        bring_crew(plain, plain.people[row], 1, THIS_WEEK)
    assert (world.people["crew"][one], world.people["crew"][other]) == (0, NOBODY)
    assert (world.crews["present"][0], world.tally["crews_came"][0]) == (1, 1)


def test_a_runner_begins_a_crew_with_the_friends_who_work_for_the_same(world):
    plain = executable(world)
    one, friend, other, stranger = np.flatnonzero(world.people["present"] == 1)[:4]
    world.crews["present"][0], world.crews["members"][0], world.crews["core"][0], world.crews["turf"][0] = 1, 3, 1, 17
    for row, stage, crew in ((one, RUNNER, 0), (friend, TIED_IN, 0), (other, RUNNER, NOBODY), (stranger, RUNNER, 0)):
        world.people["stage"][row], world.people["crew"][row] = stage, crew
    world.friends["row"][one] = NOBODY
    for k, row in enumerate((friend, other)):
        world.friends["row"][one, k], world.friends["id"][one, k] = row, world.people["id"][row]
    begin_crew(plain, one, lot(), THIS_WEEK)
    assert world.people["crew"][[one, friend, other, stranger]].tolist() == [1, 1, NOBODY, 0]
    assert world.crews["members"][:2].tolist() == [1, 2] and world.crews["core"][:2].tolist() == [0, 1]
    assert (world.crews["present"][1], world.crews["since"][1], world.crews["turf"][1]) == (1, THIS_WEEK, 17)


def test_they_join_the_crew_that_lacks_most():
    assert most_lacking(rows("crew", 3, present=[1, 1, 0], vacancies=[2.0, 3.0, 9.0])) == 1
    assert most_lacking(rows("crew", 2, present=[0, 1])) == 1
    assert most_lacking(rows("crew", 2, present=0)) == NOBODY


def test_only_active_crews_take_on_who_comes_along_and_the_largest_draw_goes_first():
    crews = rows("crew", 3, id=[1, 2, 3], present=[1, 1, 0])
    assert {crew_for(crews, who, lot()) for who in range(200)} == {0, 1}
    assert crew_for(rows("crew", 3, present=0), 1, lot()) == NOBODY
