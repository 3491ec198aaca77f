"""Initiatives of residents: who takes the lead, who stands behind them, and what it gives and costs."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.initiatives import SEASON, YEAR, initiatives, stands_behind, take, who_leads
from kantelpunt.model.shared.sight import SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import CONTACT, INITIATIVE, NOBODY
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, lot, parameters, rows

P = parameters("initiatives")


def told(world):
    """Return what the log tells of initiatives: week, household, who stood behind it, place and whether it succeeded."""
    events = world.events[1 : int(world.events["who"][0]) + 1]
    assert (events["kind"] == INITIATIVE).all()
    return events[["week", "who", "whom", "place", "value"]].tolist()


def built():
    """Return a world whose professionals have time and whose people are alike."""
    world = Simulation(Scenario(people=200, years=1), events=True).world
    world.professionals["case_hours"], world.households["ties"] = 20.0, 1.0
    world.people["trust_neighbours"] = world.people["trust_institutions"] = 0.5
    return world


def after(backed, **changes):
    """Return a world after one initiative of one household, and which people live in it and within sight."""
    world = built()
    h = int(world.people["household"][world.actors[0]])
    take(executable(world), h, backed, parameters("initiatives", **changes), lot(), 10)
    width, home = int(world.tile_index["width"][0]), int(world.households["home"][h])
    row, column = np.divmod(world.people["home"], width)
    acting = np.isin(np.arange(world.people.size), world.actors[: world.tile_index["actors"][0]])
    near = acting & (np.maximum(abs(row - home // width), abs(column - home % width)) <= SIGHT)
    return world, h, near, acting & (world.people["household"] == h)


def test_with_a_professional_behind_it_neighbours_within_sight_get_to_know_each_other():
    world, h, near, _ = after(1.0, alone=0.0)
    assert world.people["trust_neighbours"][near] == pytest.approx(0.5 + 0.5 * P.gain)
    assert (world.people["trust_neighbours"][~near] == 0.5).all()
    assert (world.people["trust_institutions"] == 0.5).all()
    assert sorted(set(world.professionals["case_hours"])) == [20.0 - P.effort, 20.0]
    assert (world.households["rests_until"][h], world.tally["worn_out"][0]) == (10 + SEASON, 0)
    assert world.tally["initiatives_taken"][0] == 1
    behind = world.professionals["id"][world.professionals["case_hours"] < 20.0][0]
    assert told(world) == [(10, world.households["id"][h], behind, world.households["home"][h], 1)]


@pytest.mark.parametrize("alone", [0.0, 1.0])
def test_alone_it_may_fail_and_wears_out_the_one_who_carried_it(alone):
    world, h, near, own = after(0.0, alone=alone)
    assert world.people["trust_institutions"][own] == pytest.approx(0.5 - 0.5 * P.bad_weight * P.gain)
    assert (world.people["trust_institutions"][~own] == 0.5).all()
    assert (world.households["rests_until"][h], world.tally["worn_out"][0]) == (10 + YEAR, 1)
    assert world.people["trust_neighbours"][near] == pytest.approx(0.5 + 0.5 * P.gain * alone)
    assert (world.people["trust_neighbours"][~near] == 0.5).all()
    assert told(world) == [(10, world.households["id"][h], NOBODY, world.households["home"][h], int(alone))]


def test_somebody_who_lives_alone_may_take_the_lead_and_nobody_does_in_an_empty_dwelling():
    for size, led in ((1, True), (0, False)):
        world = built()
        world.households["size"] = size
        quarter = int(world.places["quarter"][world.households["home"][0]])
        assert (who_leads(executable(world), quarter, 1, lot(), lot(), 10) != NOBODY) == led


def test_somebody_who_has_no_hours_or_no_desk_stands_behind_nobody():
    who = {"id": [1, 2, 3, 4], "present": [1, 1, 0, 1], "kind": [0, CONTACT, 0, 0]}
    team = rows("professional", 4, case_hours=[9.0, 9.0, 9.0, 0.0], **who)
    assert {stands_behind(team, P, lot(), id) for id in range(30)} == {0}
    assert stands_behind(rows("professional", 4, case_hours=0.0, **who), P, lot(), 1) == NOBODY
    little = rows("professional", 4, case_hours=0.5 * P.effort, **who)
    found = [stands_behind(little, P, lot(), id) for id in range(400)]
    assert set(found) == {0, 3, NOBODY} and 0.4 < found.count(NOBODY) / 400 < 0.6


def test_few_take_the_lead_where_neighbours_are_not_trusted_and_nobody_who_is_worn_out():
    taken = []
    for ties, rests in ((1.0, 0), (0.02, 0), (1.0, 100)):
        world = built()
        world.households["ties"], world.households["rests_until"] = ties, rests
        for week in range(1, 11):
            initiatives(executable(world), P, levers(initiatives=10.0, initiatives_backed=1.0), 1, week)
        taken.append(int(world.tally["initiatives_taken"][0]))
    assert taken[0] > 4 * taken[1] and taken[2] == 0
