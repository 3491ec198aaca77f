"""Exploration: professionals hear more behind open doors where people trust, and their cases wait."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.exploration import MOST_VISITS, ask, exploration, household_by_lot, learned
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPLORED, NOBODY
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, lot, parameters

P = parameters("exploration")


def explored(weeks=10, **values):
    """Return a world before and after so many weeks of exploration."""
    world = Simulation(Scenario(people=200, years=1)).world
    world.professionals["case_hours"] = 20.0
    before = world.professionals.copy()
    for week in range(1, weeks + 1):
        exploration(executable(world), P, levers(**values), 1, week)
    return before, world


def test_behind_a_closed_door_or_without_trust_nothing_is_heard():
    assert learned(0.0, 1.0, P) == P.told
    assert learned(1.0, 1.0, P) == learned(0.0, 0.0, P) == 0.0
    assert learned(0.5, 0.5, P) == pytest.approx(P.told / 4)


def test_somebody_who_goes_and_asks_knows_more_and_has_fewer_hours_for_cases():
    before, world = explored(exploration=20.0)
    asked = world.professionals["case_hours"] < 20.0
    assert asked.any() and world.tally["explored"][0] == pytest.approx(10 * 20 * 0.2, rel=0.2)
    spent = before["case_hours"].sum() - world.professionals["case_hours"].sum()
    assert spent == pytest.approx(world.tally["explored"][0])  # an hour each
    assert ((world.professionals["awareness"] > before["awareness"]) == asked).all()


def test_a_visit_takes_an_hour_and_tells_a_part_of_what_is_not_known_and_is_noted():
    world = Simulation(Scenario(people=60, years=1), events=True).world
    worker, home, hours = world.professionals[:1], world.households[:1], [5.0, 0.5]
    home["closed"], world.places["trust"][home["home"]], worker["awareness"] = 0.2, 0.6, 0.4
    for nth, had in enumerate(hours):
        worker["case_hours"], knew = had, float(worker["awareness"][0])
        every = executable(world)
        ask(every, every.households[0], every.professionals[0], P, 3)
        assert worker["awareness"][0] == pytest.approx(knew + learned(0.2, 0.6, P) * (1.0 - knew))
        assert worker["case_hours"][0] == max(had - 1.0, 0.0) and world.tally["explored"][0] == nth + 1
    told = world.events[1 : int(world.events["who"][0]) + 1]
    assert set(told[["week", "kind", "who", "whom", "place"]].tolist()) == {
        (3, EXPLORED, int(home["id"][0]), int(worker["id"][0]), int(home["home"][0]))
    }


@pytest.mark.parametrize(("size", "there"), [(0, False), (1, True)])
def test_the_lot_falls_on_somebody_who_lives_in_a_quarter_that_is_explored(size, there):
    world = Simulation(Scenario(people=60, years=1)).world
    world.households["size"] = size
    every, found = executable(world), set()
    for who in range(100):
        h = household_by_lot(every, levers(exploration=[0.0, 0.5, 0.0, 0.0]), lot(), who, who % 3)
        if h != NOBODY:
            found.add(int(world.places["quarter"][world.households["home"][h]]))
    assert found == ({1} if there else set())


def test_no_professional_pays_more_visits_than_there_are_hours_and_numbers_for():
    world = Simulation(Scenario(people=60, years=1)).world
    world.professionals["case_hours"], world.patches["residents"] = 1_000.0, 250
    exploration(executable(world), P, levers(exploration=1e6), 1, 1)
    spent = 1_000.0 - world.professionals["case_hours"][world.professionals["present"] == 1]
    assert spent.max() == MOST_VISITS and world.tally["explored"][0] == spent.sum()


def test_only_where_it_is_done_are_people_asked():
    before, world = explored(exploration=0.0)
    assert np.array_equal(before, world.professionals) and world.tally["explored"][0] == 0
    everywhere, there = (explored(exploration=hours)[1].tally["explored"][0] for hours in (20.0, [20.0, 0.0, 0.0, 0.0]))
    assert 0 < there < everywhere
