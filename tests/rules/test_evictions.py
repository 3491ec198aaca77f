"""Evictions: who is put out, and what those lose who see it or are close."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.rules.enforcement import BEHIND_DOOR
from kantelpunt.model.rules.evictions import are_there, evictions, is_close, put_out
from kantelpunt.model.shared.sight import SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EVICTED, PUT_OUT
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, parameters

P = parameters("evictions")
AREA = Scenario(area="tilburg-noord", people=800, years=1)


def test_somebody_who_sees_it_loses_trust_and_somebody_who_is_close_loses_more():
    world = Simulation(Scenario(people=100, years=1)).world
    world.people["trust_institutions"] = 0.5
    h, (away, *by) = int(world.people["household"][world.actors[0]]), world.actors[: world.tile_index["actors"][0]][-9:]
    world.people["home"][[away, *by]], world.people["present"][away] = world.households["home"][h], 0
    close = np.array([bool(is_close(executable(world), row, h)) for row in range(world.people.size)])
    put_out(executable(world), h, P, 1)
    assert world.households["moving"][h] == PUT_OUT
    left, home, width = world.people["trust_institutions"], int(world.households["home"][h]), int(world.tile_index["width"][0])
    row, column = np.divmod(world.people["home"], width)
    acting = np.isin(np.arange(world.people.size), world.actors[: world.tile_index["actors"][0]]) & (world.people["present"] == 1)
    others = acting & (world.people["household"] != h)
    near = np.maximum(abs(row - home // width), abs(column - home % width)) <= SIGHT
    assert (others & close).any() and (others & near & ~close).any()
    assert left[others & close] == pytest.approx(0.5 * (1 - BEHIND_DOOR * P.shock))
    assert left[others & near & ~close] == pytest.approx(0.5 * (1 - P.shock))
    assert (left[~others | (~near & ~close)] == 0.5).all()


@pytest.mark.parametrize("times", [1, 0.5])
def test_only_poor_tenants_are_put_out_and_every_household_once_counted_and_told_of(times):
    world = Simulation(Scenario(people=60, years=1), events=True).world
    homes, n = world.households, world.households.size
    homes["owner"], homes["poverty"], homes["size"] = np.arange(n) % 2, np.arange(n) % 3 > 0, np.arange(n) % 5
    poor = (homes["owner"] == 0) & (homes["poverty"] > 0.0) & (homes["size"] > 0)
    every_week = levers(evictions=1_000.0 * WEEKS_A_YEAR * times)  # at full poverty, of the households in rent
    weeks, out = (40 if times == 1 else 200), np.zeros(n)
    for week in range(weeks):
        homes["moving"] = 0
        evictions(executable(world), P, every_week, 1, week)
        out += homes["moving"] == PUT_OUT
    assert not out[~poor].any() and homes["size"][poor].min() == 1, "nor who owns, pays or is gone; but somebody who lives alone"
    assert (out[poor] == weeks).all() if times == 1 else out[poor].mean() == pytest.approx(weeks * times, rel=0.1)
    told = world.events[1 : int(world.events["who"][0]) + 1]
    assert world.tally["evictions"][0] == out.sum() and (told["kind"] == EVICTED).all()
    assert dict(zip(told["who"].tolist(), told[["place", "value"]].tolist(), strict=True)) == {
        int(homes["id"][h]): (int(homes["home"][h]), int(homes["size"][h])) for h in np.flatnonzero(out)
    }


def test_there_are_evictions_where_any_quarter_has_them():
    assert not are_there(levers()) and are_there(levers(evictions=[0.0, 0.0, 0.0, 0.5]))


def test_somebody_who_is_put_out_is_gone_that_week():
    put = AREA.changed(interventions=[{"kind": "eviction", "evictions": 100.0}])
    simulation = Simulation(put, 1, events=True)
    simulation.advance(26)
    events = simulation.world.events[1 : int(simulation.world.events["who"][0]) + 1]
    gone = events[events["kind"] == EVICTED]
    assert gone.size and not np.isin(gone["who"], simulation.world.households["id"]).any()
    assert sum(simulation.row(week)["evictions"] for week in range(27)) == gone.size
