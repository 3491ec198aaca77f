"""Exploration: professionals hear more behind open doors where people trust, and their cases wait."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.exploration import exploration, learned
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, parameters

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


def test_who_goes_and_asks_knows_more_and_has_fewer_hours_for_cases():
    before, world = explored(exploration=20.0)
    asked = world.professionals["case_hours"] < 20.0
    assert asked.any() and world.tally["explored"][0] == pytest.approx(10 * 20 * 0.2, rel=0.2)
    spent = before["case_hours"].sum() - world.professionals["case_hours"].sum()
    assert spent == pytest.approx(world.tally["explored"][0])  # an hour each
    assert ((world.professionals["awareness"] > before["awareness"]) == asked).all()


def test_only_where_it_is_done_are_people_asked():
    before, world = explored(exploration=0.0)
    assert np.array_equal(before, world.professionals) and world.tally["explored"][0] == 0
    everywhere, there = (explored(exploration=hours)[1].tally["explored"][0] for hours in (20.0, [20.0, 0.0, 0.0, 0.0]))
    assert 0 < there < everywhere
