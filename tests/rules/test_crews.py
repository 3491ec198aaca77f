"""Crews: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import uniform
from kantelpunt.model.rules.crews import (
    BEGINS,
    BEGINS_FROM,
    FADE,
    HELD,
    PACE,
    active,
    crews,
    demand,
    live,
    may_begin,
    recount,
    roles,
    share_work,
    spread_power,
    strength_of_all,
    strength_target,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAVOURS, NOBODY, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, default, levers, lot, lot_where, one, parameters, person, rows, tally

P = parameters("crews")


def test_a_core_member_counts_for_four():
    assert strength_target(8, 0, 0.0, P) == pytest.approx(strength_target(2, 2, 0.0, P))
    assert strength_target(default("crews.size"), 0, 0.0, P) == pytest.approx(1.0 - math.exp(-1.0))  # about two thirds
    assert strength_target(0, 0, 0.0, P) == 0.0


def test_under_full_pressure_a_crew_lies_low():
    assert strength_target(20, 3, 1.0, P) == 0.0
    assert strength_target(20, 3, 0.5, P) == pytest.approx(0.5 * strength_target(20, 3, 0.0, P))


def test_a_crew_feels_pressure_and_sheds_it():
    crew = one("crew", members=6)
    live(crew, 2.0, 0.2, tally(), P, lot(), TODAY)
    assert crew.pressure == pytest.approx(0.2)
    live(crew, 2.0, 0.0, tally(), P, lot(), TODAY)
    assert crew.pressure == pytest.approx(P.relief * 0.2)


def test_where_no_case_was_solved_no_crew_is_pressed():
    world = Simulation(Scenario(people=300, years=1)).world
    world.patches["solved"], world.crews["pressure"], world.crews["present"] = 0, 0.0, 1
    world.crews["since"] = 1  # who came this week stays
    crews(executable(world), P, levers(), 1, 1)
    assert (world.crews["pressure"] == 0.0).all()


@pytest.mark.parametrize("people", [300, 900])
def test_solved_cases_press_all_crews_by_how_many_members_there_are_for_each(people):
    simulation = Simulation(Scenario(people=people, years=1))
    world, residents = simulation.world, simulation.world.tile_index["people"][0]
    world.patches["solved"] = [3, 0, 0, 0]
    world.crews["pressure"], world.crews["present"] = 0.0, 1
    world.tile_index["at_stake"] = 0  # nobody works for a crew: the least number counts
    world.crews["since"] = 1  # who came this week stays
    crews(executable(world), P, levers(), 1, 1)
    assert world.crews["pressure"] == pytest.approx(min(3 * P.follow_up / (default("crews.size") * residents / 1000.0), 1.0))


def test_strength_counts_members_per_head():
    few, many = one("crew", members=5, core=1), one("crew", members=50, core=10)
    for crew, thousands in ((few, 1.0), (many, 10.0)):
        live(crew, thousands, 0.0, tally(), P, lot(), TODAY)
    assert few.strength == many.strength == pytest.approx(PACE * strength_target(5, 1, 0.0, P))
    begun = one("crew", members=5, core=1)
    live(begun, 1.0, 0.0, tally(), P, lot(), 0)
    assert begun.strength == pytest.approx(strength_target(5, 1, 0.0, P)), "a world begins with crews at their strength"


def test_a_crew_of_few_fades_and_one_without_members_soonest():
    empty, manned = one("crew", strength=0.5, pressure=0.5), one("crew", strength=0.5, members=1)
    counts = tally()
    fresh = one("crew", since=TODAY)
    for crew in (empty, manned, fresh):
        live(crew, 2.0, 0.0, counts, P, lot_where(lambda dice: HELD * FADE < uniform(dice, 0) < FADE), TODAY)
    assert counts.crews_left == 1
    assert (empty.present, empty.strength, empty.pressure, empty.vacancies) == (0, 0.0, 0.0, 0.0)
    assert fresh.present == 1, "who came this week is not counted yet"
    assert manned.present == 1 and manned.strength > 0.0
    live(manned, 2.0, 0.0, counts, P, lot_where(lambda dice: uniform(dice, 0) < HELD * FADE), TODAY)
    assert manned.present == 0


def test_work_is_for_so_many_hands_per_head_as_hold_and_room_give():
    world = Simulation(Scenario(people=300, years=1)).world
    world.patches["residents"] = 250  # 1,000 in all
    world.places["crime_hold"], world.places["criminal_opportunity"] = 1.0, world.places["concealment"]
    assert roles(executable(world), P) == pytest.approx(P.work)
    world.patches["residents"] = 500
    assert roles(executable(world), P) == pytest.approx(2 * P.work)
    world.places["criminal_opportunity"] = 0.0
    assert roles(executable(world), P) == 0.0


def test_customers_from_outside_come_wherever_crime_finds_room():
    room = {"criminal_opportunity": 0.5, "concealment": 1.0}
    assert demand(one("place", crime_hold=1.0, **room), P) == 0.5
    assert demand(one("place", crime_hold=0.0, **room), P) == pytest.approx(0.5 * P.outside)
    assert demand(one("place", crime_hold=1.0, concealment=1.0), P) == 0.0


def test_members_are_those_at_large():
    people = rows(
        "person", 5, stage=[FAVOURS, RUNNER, TIED_IN, RUNNER, 1], crew=[0, 0, 0, NOBODY, NOBODY],
        detained_until=[0, TODAY + 1, 0, 0, 0],
    )  # fmt: skip
    crews, counts = rows("crew", 2, members=9, core=9), tally()
    recount(people, np.arange(5), crews, counts, TODAY)
    assert [(crews[j].members, crews[j].core) for j in range(2)] == [(2, 1), (0, 0)]
    assert (counts.members, counts.core_members) == (3, 1)


def test_whose_crew_came_to_an_end_works_for_the_one_that_lacks_most_hands_if_there_is_any():
    people, crews = rows("person", 2, stage=RUNNER, crew=0), rows("crew", 3, present=[0, 1, 1], vacancies=[9.0, 1.0, 2.0])
    recount(people, np.arange(2), crews, tally(), TODAY)
    assert [people[j].crew for j in range(2)] == [2, 2] and crews[2].members == 2
    alone = rows("crew", 1, present=0)
    people[0].crew = 0
    recount(people, np.arange(1), alone, tally(), TODAY)
    assert people[0].crew == NOBODY


@pytest.mark.parametrize(
    ("members", "present", "may"), [(BEGINS_FROM, 0, True), (BEGINS_FROM - 1, 0, False), (BEGINS_FROM, 1, False)]
)
def test_a_runner_begins_a_crew_out_of_one_of_some_size_while_there_is_room(members, present, may):
    crews = rows("crew", 2, members=members, present=[1, present])
    assert may_begin(crews, person(stage=RUNNER, crew=0)) == may
    assert not may_begin(crews, person(stage=RUNNER, crew=NOBODY))


def test_crews_split_as_often_as_is_said():
    world = Simulation(Scenario(people=900, years=1)).world
    members = np.flatnonzero(world.people["present"] == 1)[:200]
    begun, weeks = 0, 40
    for week in range(1, weeks + 1):
        world.people["stage"][members], world.people["crew"][members] = RUNNER, 0
        world.at_stake[:200], world.tile_index["at_stake"] = members, 200
        world.crews["present"], world.crews["since"] = 0, 0
        world.crews["present"][0] = 1
        world.tally["crews_begun"] = 0
        crews(executable(world), P, levers(), 1, week)
        begun += world.tally["crews_begun"][0]
    assert begun == pytest.approx(BEGINS * 200 * weeks, abs=3 * (BEGINS * 200 * weeks) ** 0.5)


def test_power_adds_up_over_crews():
    crews = rows("crew", 3, strength=[0.5, 0.5, 0.8], present=[1, 1, 0])
    patches = rows("patch", 2, solved=4)
    spread_power(patches, crews)
    assert [patches[j].crew_power for j in range(2)] == pytest.approx([0.75, 0.75])
    assert [patches[j].solved for j in range(2)] == [0, 0]
    assert active(crews) == 2


def test_roles_that_are_filled_are_no_vacancies_unless_the_loop_is_cut():
    crew = one("crew", members=6, strength=0.5)
    share_work(crew, 10.0, 0.5, P)
    assert (crew.vacancies, crew.load) == (4.0, pytest.approx(10.0 / 6.0))
    share_work(crew, 10.0, 0.5, parameters("crews", saturation=0.0))
    assert crew.vacancies == 10.0


def test_work_goes_to_the_strong_and_what_nobody_can_do_is_lost():
    strong, weak = one("crew", members=2, strength=0.6), one("crew", members=2, strength=0.2)
    for crew in (strong, weak):
        share_work(crew, 16.0, 0.8, P)
    assert (strong.vacancies, weak.vacancies) == (pytest.approx(10.0), pytest.approx(2.0))
    assert strong.load == P.overtime < 6.0 and weak.load == pytest.approx(2.0)
    nobody = one("crew", members=1, strength=0.0)
    share_work(nobody, 8.0, 0.0, P)
    assert (nobody.vacancies, nobody.load) == (0.0, 0.0)
    assert strength_of_all(rows("crew", 3, strength=[0.5, 0.25, 0.9], present=[1, 1, 0])) == 0.75


def test_every_crew_that_is_there_lives_and_gets_its_part_of_the_work():
    world = Simulation(Scenario(people=100, years=1)).world
    world.places["crime_hold"], world.places["criminal_opportunity"], world.tile_index["at_stake"] = 1.0, 1.0, 0
    some = world.crews[:3]
    world.crews["present"], world.crews["vacancies"] = 0, 0.0
    some["present"], some["strength"], some["pressure"] = (1, 1, 0), (0.6, 0.3, 0.9), 0.5
    world.crews["since"] = TODAY  # who came this week stays
    crews(executable(world), P, levers(), 1, TODAY)
    assert some["strength"] == pytest.approx([0.6 * (1.0 - PACE), 0.3 * (1.0 - PACE), 0.9])  # without members it shrinks
    assert some["vacancies"][0] == pytest.approx(2.0 * some["vacancies"][1]) and some["vacancies"][1] > 0.0
    assert some["vacancies"][2] == 0.0 and world.tally["crews"][0] == 2


def test_newcomers_hear_of_what_hands_all_crews_lack_per_head():
    world = Simulation(Scenario(people=500, years=1)).world
    world.places["crime_hold"], world.places["criminal_opportunity"] = 1.0, world.places["concealment"]
    world.crews["present"], world.tile_index["at_stake"] = 0, 0
    crews(executable(world), P, levers(), 1, 1)
    residents = world.patches["residents"].sum() / world.tile_index["people"][0]
    assert world.tile_index["hands"][0] == pytest.approx(P.work * residents), "where there is no crew there is work still"
