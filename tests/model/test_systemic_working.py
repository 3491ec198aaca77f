"""Systemic working: one budget, moved by what is seen; it knows nothing that a team could not know."""

import numpy as np
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.interventions import Seen
from kantelpunt.model.interventions.systemic_working import INDICATORS, OPTIONS, QUARTER, SystemicWorking, tried
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.simulation import Simulation, digest

SMALL = {"people": 300, "years": 3}


def scenario(**fields):
    """Return a small neighbourhood with systemic working."""
    return Scenario(**SMALL, interventions=[{"kind": "systemic_working", **fields}])


def history(quarters, better_when):
    """Return a history in which every indicator halves in some quarters, and rises again in the others."""
    rows, level = np.zeros((quarters * QUARTER + 1, len(OUTCOMES))), 64.0
    for quarter in range(quarters):
        level *= 0.5 if better_when(quarter) else 1.5
        rows[quarter * QUARTER + 1 : (quarter + 1) * QUARTER + 1, INDICATORS] = level
    return rows


def test_whatever_it_sees_it_spends_its_budget():
    for seed in range(1, 20):
        division = SystemicWorking(late=0).division(0, Seen(history(20, lambda quarter: quarter % 3 == 0), seed))
        assert division.sum() == pytest.approx(1.0)
        assert (division >= 0.0).all()


@pytest.mark.parametrize("option", range(len(OPTIONS)))
def test_it_keeps_what_works_where_it_sees_clearly(option):
    team = SystemicWorking(noise=0.0, late=0)
    told = history(60, lambda quarter: tried(5, quarter) == option)
    kept = np.mean([team.division(0, Seen(told[: quarter * QUARTER + 1], 5))[option] for quarter in range(40, 61)])
    assert kept > 1.5 / len(OPTIONS)


def test_what_it_does_not_know_yet_changes_nothing():
    team, told = SystemicWorking(late=2), history(12, lambda quarter: quarter % 2 == 0)
    other = told.copy()
    other[10 * QUARTER + 1 :] = 0.0  # the last two quarters
    assert (team.division(0, Seen(told, 3)) == team.division(0, Seen(other, 3))).all()
    other[9 * QUARTER + 1 :] = 0.0
    assert any((team.division(0, Seen(told, seed)) != team.division(0, Seen(other, seed))).any() for seed in range(10))


def test_without_steps_it_is_a_static_plan():
    learning, static = simulate(scenario(), seed=4), simulate(scenario(step=0.0), seed=4)
    table = scenario(step=0.0).levers()
    watched = Simulation(scenario(step=0.0), seed=4)
    watched.advance(150)
    assert all(np.allclose(watched.schedule[name], table[name]) for name in table.dtype.names)
    assert learning.digest != static.digest
    assert scenario().cost() == scenario(step=0.0).cost()


def test_whoever_watches_week_by_week_sees_the_same_history():
    watched, whole = Simulation(scenario(), seed=2), simulate(scenario(), seed=2)
    for weeks in (1, 12, 3, 40, 13, 26, 100):
        watched.advance(weeks)
    assert digest(watched.world) == whole.digest


def test_nothing_moves_before_it_begins_or_after_it_ends():
    watched = Simulation(scenario(**{"from": 20, "until": 100}), seed=2)
    watched.advance(156)
    hours = watched.schedule["presence_hours"][:, 0]
    assert (hours[:21] == 0.0).all() and (hours[101:] == 0.0).all()
    assert np.unique(hours[40:101].round(9)).size > 2
