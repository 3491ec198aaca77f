"""Crews: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.crews import active, crews, live, recount, rise, roles, share_work, spread_power, strength_target
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAVOURS, NOBODY, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, default, levers, lot, no_events, one, parameters, rows, tally

P = parameters("crews")


def test_a_core_member_counts_for_four():
    assert strength_target(8, 0, 0.0, P) == pytest.approx(strength_target(2, 2, 0.0, P))
    assert strength_target(default("crews.size"), 0, 0.0, P) == pytest.approx(1.0 - math.exp(-1.0))  # about two thirds
    assert strength_target(0, 0, 0.0, P) == 0.0


def test_under_full_pressure_a_crew_lies_low():
    assert strength_target(20, 3, 1.0, P) == 0.0
    assert strength_target(20, 3, 0.5, P) == pytest.approx(0.5 * strength_target(20, 3, 0.0, P))


def test_solved_cases_press_a_small_crew_harder():
    small, large = one("crew", members=6), one("crew", members=20)
    for crew in (small, large):
        live(crew, 3, tally(), P, lot())
    assert small.pressure == pytest.approx(min(P.follow_up * 3 / 6, 1.0))
    assert large.pressure == pytest.approx(P.follow_up * 3 / 20)
    live(large, 0, tally(), P, lot())
    assert large.pressure == pytest.approx(P.relief * P.follow_up * 3 / 20)


def test_a_crew_without_members_fades_and_one_with_members_does_not():
    sure = parameters("crews", fade=1.0)
    empty, manned = one("crew", strength=0.5), one("crew", strength=0.5, members=1)
    counts = tally()
    for crew in (empty, manned):
        live(crew, 0, counts, sure, lot())
    assert counts.crews_left == 1
    assert (empty.present, empty.strength) == (0, 0.0)
    assert manned.present == 1 and manned.strength > 0.0


def test_work_is_for_so_many_hands_as_residents_hold_and_room_give():
    world = Simulation(Scenario(people=300, years=1)).world
    world.patches["residents"] = 500  # 2,000 in all
    world.places["crime_hold"], world.places["criminal_opportunity"] = 1.0, world.places["concealment"]
    world.crews["present"] = [1, 0, 0]
    assert roles(executable(world), P) == pytest.approx(P.work)
    world.crews["present"] = [1, 1, 0]
    assert roles(executable(world), P) == pytest.approx(P.work / 2)  # two crews share it
    world.places["crime_hold"] = 0.5
    assert roles(executable(world), P) == pytest.approx(P.work / 4)
    world.places["criminal_opportunity"] = 0.0
    assert roles(executable(world), P) == 0.0


def test_members_are_those_at_large():
    people = rows(
        "person", 5, stage=[FAVOURS, RUNNER, TIED_IN, RUNNER, 1], crew=[0, 0, 0, NOBODY, NOBODY],
        detained_until=[0, TODAY + 1, 0, 0, 0],
    )  # fmt: skip
    crews, counts = rows("crew", 2, members=9, core=9), tally()
    recount(people, np.arange(5), crews, counts, TODAY)
    assert [(crews[j].members, crews[j].core) for j in range(2)] == [(2, 1), (0, 0)]
    assert (counts.members, counts.core_members) == (3, 1)


def test_a_runner_comes_forward_only_in_a_crew_without_a_core():
    sure = parameters("crews", rise=1.0)
    crews = rows("crew", 2, core=[0, 1], since=0)
    people = rows("person", 3, stage=[RUNNER, RUNNER, FAVOURS], crew=[0, 1, 0])
    counts = tally()
    rise(people, np.arange(3), crews, counts, no_events(), sure, lot(), TODAY)
    assert counts.tied == 1
    assert [people[i].stage for i in range(3)] == [TIED_IN, RUNNER, FAVOURS]
    assert people[0].stage_since == TODAY


def test_power_adds_up_over_crews():
    crews = rows("crew", 3, strength=[0.5, 0.5, 0.8], present=[1, 1, 0])
    patches = rows("patch", 2, solved=4)
    spread_power(patches, crews)
    assert [patches[j].crew_power for j in range(2)] == pytest.approx([0.75, 0.75])
    assert [patches[j].solved for j in range(2)] == [0, 0]
    assert active(crews) == 2


def test_roles_that_are_filled_are_no_vacancies_unless_the_loop_is_cut():
    crew = one("crew", members=6)
    share_work(crew, 10.0, P)
    assert (crew.vacancies, crew.load) == (4.0, pytest.approx(10.0 / 6.0))
    share_work(crew, 10.0, parameters("crews", saturation=0.0))
    assert crew.vacancies == 10.0


def test_a_crew_comes_from_outside_only_where_there_is_none_and_crime_has_a_hold():
    sure = parameters("crews", arrival=1.0)
    for there, hold, came in (([0, 0, 0], 1.0, 1), ([0, 0, 0], 0.0, 0), ([0, 1, 0], 1.0, 0)):
        world = Simulation(Scenario(people=100, years=1)).world
        world.crews["present"], world.crews["pressure"], world.places["crime_hold"] = there, 0.9, hold
        crews(executable(world), sure, levers(), 1, 1)
        assert (world.tally["crews_came"][0], world.crews["present"].sum()) == (came, sum(there) + came)
        assert (world.crews["pressure"][world.crews["present"] == 1] == 0.0).sum() == came, "a newcomer is not under pressure"


def test_whose_crew_left_while_they_were_detained_work_for_none():
    people = rows("person", 3, stage=RUNNER, crew=[0, 1, 1], detained_until=[0, 0, TODAY + 9])
    gone_and_there, counts = rows("crew", 2, present=[1, 0]), tally()
    recount(people, np.arange(3), gone_and_there, counts, TODAY)
    assert [people[i].crew for i in range(3)] == [0, NOBODY, NOBODY]
    assert (gone_and_there[0].members, gone_and_there[1].members, counts.members) == (1, 0, 2)
