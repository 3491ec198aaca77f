"""Evictions: who is put out, and what those lose who see it or are close."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.evictions import evictions, is_close, put_out
from kantelpunt.model.shared.sight import SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EVICTED, PUT_OUT
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, parameters

P = parameters("evictions")
AREA = Scenario(area="tilburg-noord", people=800, years=1)


def test_who_sees_it_loses_trust_and_who_is_close_loses_more():
    world = Simulation(AREA).world
    world.people["trust_institutions"] = 0.5
    h = int(world.people["household"][world.actors[0]])
    close = np.array([bool(is_close(executable(world), row, h)) for row in range(world.people.size)])
    put_out(executable(world), h, P, 1)
    assert world.households["moving"][h] == PUT_OUT
    left, home, width = world.people["trust_institutions"], int(world.households["home"][h]), int(world.tile_index["width"][0])
    row, column = np.divmod(world.people["home"], width)
    acting = np.isin(np.arange(world.people.size), world.actors[: world.tile_index["actors"][0]])
    others = acting & (world.people["household"] != h)
    near = np.maximum(abs(row - home // width), abs(column - home % width)) <= SIGHT
    assert (others & close).any() and (others & near & ~close).any()
    assert left[others & close] == pytest.approx(0.5 * (1 - P.behind_door * P.shock))
    assert left[others & near & ~close] == pytest.approx(0.5 * (1 - P.shock))
    assert (left[~others | (~near & ~close)] == 0.5).all()


def test_only_poor_tenants_are_put_out():
    world = Simulation(AREA).world
    world.households["poverty"][::2], world.households["poverty"][1::2] = 1.0, 0.0
    for week in range(1, 53):
        evictions(executable(world), P, levers(evictions=100.0), 1, week)
    out = world.households["moving"] == PUT_OUT
    assert out.any() and (world.households["poverty"][out] == 1.0).all() and (world.households["owner"][out] == 0).all()


def test_who_is_put_out_is_gone_that_week():
    put = AREA.changed(interventions=[{"kind": "eviction", "evictions": 100.0}])
    simulation = Simulation(put, 1, events=True)
    simulation.advance(26)
    events = simulation.world.events[1 : int(simulation.world.events["who"][0]) + 1]
    gone = events[events["kind"] == EVICTED]
    assert gone.size and not np.isin(gone["who"], simulation.world.households["id"]).any()
    assert sum(simulation.row(week)["evictions"] for week in range(27)) == gone.size
