"""Enforcement: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.enforcement import detain, deter, enforcement, mark_street, p_arrest, shake, shock
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAVOURS, NEVER, NOBODY, RUNNER
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, one, parameters, person, rows

P = parameters("enforcement")


def test_runners_are_arrested_a_few_percent_a_month_and_helpers_less():
    assert p_arrest(person(stage=RUNNER), one("patch"), P) == P.detection
    assert p_arrest(person(stage=FAVOURS), one("patch"), P) == pytest.approx(P.detection * P.favours)
    a_month = 1.0 - (1.0 - P.detection) ** (52 / 12)
    assert 0.005 <= a_month <= 0.08  # p06


def test_solved_cases_about_the_place_make_it_likelier():
    told = one("patch", solved=2)
    assert p_arrest(person(stage=RUNNER), told, P) == pytest.approx(P.detection * (1.0 + 2 * P.information))


def test_attention_makes_it_likelier_unless_the_loop_is_cut():
    runner, news = person(stage=RUNNER), one("patch", attention=0.5)
    assert p_arrest(runner, news, P) == pytest.approx(P.detection * (1.0 + 0.5 * P.crackdown))
    assert p_arrest(runner, news, parameters("enforcement", crackdown=0.0)) == P.detection


def test_half_of_deterrence_is_gone_in_six_days():
    assert 7 * math.log(0.5) / math.log(P.left) == pytest.approx(6.0, abs=0.1)  # p31


def test_an_arrest_brings_a_record_and_a_fine_and_detention_presses_the_crew():
    crews, member = rows("crew", 1), person(stage=RUNNER, crew=0, debt=0.1, detained_until=NEVER)
    detain(member, crews, 10.5, P, TODAY)
    assert (member.convictions, member.detained_until) == (1, TODAY + 10)
    assert member.debt == pytest.approx(0.1 + P.fine)
    assert crews[0].pressure == pytest.approx(P.pressing)
    detain(member, crews, 0.0, P, TODAY)  # the second time no detention: the crew does not notice
    assert member.convictions == 2 and crews[0].pressure == pytest.approx(P.pressing)
    assert member.debt <= 1.0


def test_who_works_for_no_crew_presses_none():
    loner = person(stage=RUNNER, crew=NOBODY)
    detain(loner, rows("crew", 1), 5.0, P, TODAY)
    assert loner.detained_until == TODAY + 5


def test_a_raid_deters_in_its_own_quarter_only():
    places = rows("place", 4, quarter=np.arange(4), deterrence=[0.0, 0.0, 0.9, 0.0])
    deter(places, np.arange(4), P, levers(raid_share=[0.0, 0.3, 0.3, 0.0]))
    assert [places[i].deterrence for i in range(4)] == [0.0, P.deterrence, 0.9, 0.0]


def test_a_second_raid_asks_for_help_anew():
    home = one("household", raided=TODAY - 30, trauma=0.1, aftercare=0.9)
    shock(home, TODAY)
    assert (home.raided, home.trauma, home.aftercare) == (TODAY, 1.0, 0.0)


def test_the_shock_reaches_eighty_metres_and_the_edges_of_the_grid():
    for home, reached in ((0, 9), (25 * 50 + 25, 25)):  # in a corner, amidst others
        world = Simulation(Scenario(people=100, years=1)).world
        world.places["dwellings"] = 1
        mark_street(executable(world), home, 2)
        assert world.cell_week["shaken"].sum() == reached


def test_residents_near_a_raided_home_lose_trust_once():
    here = rows("cell_week", 2, shaken=[1, 0])
    people = rows("person", 3, home=[0, 1, 0], trust_institutions=0.5, present=[1, 1, 0])
    shake(people, here, P)
    assert [people[i].trust_institutions for i in range(3)] == pytest.approx([0.5 * (1.0 - P.shock), 0.5, 0.5])


def begun(stages, week=1):
    """Return a neighbourhood in which the first people have these stages, and nobody else any; they are at stake."""
    world = Simulation(Scenario(people=300, years=1)).world
    world.people["stage"] = 0
    rows_of = world.actors[world.tile_index["youths"][0] :][: len(stages)]
    world.people["stage"][rows_of], world.people["crew"][rows_of] = stages, NOBODY
    world.at_stake[: rows_of.size], world.tile_index["at_stake"] = rows_of, rows_of.size
    return world, rows_of


def test_all_who_are_active_may_be_arrested_and_only_the_heavier_roles_are_detained():
    world, rows_of = begun([FAVOURS] * 20 + [RUNNER] * 20)
    world.patches["solved"], world.places["deterrence"] = 10_000, 0.9  # so many cases solved that everybody is found
    enforcement(executable(world), P, levers(), 1, 1)
    people = world.people[rows_of]
    assert (people["convictions"] >= 1).all() and world.tally["arrests"][0] == 40
    assert (people["detained_until"][:20] == NEVER).all()
    assert np.mean(people["detained_until"][20:] > 1) > 0.8
    assert np.mean(people["detained_until"][20:] - 1) == pytest.approx(P.detention, rel=0.4)
    quiet = np.setdiff1d(world.used, people["place"])
    assert world.places["deterrence"][quiet] == pytest.approx(0.9 * P.left)
    enforcement(executable(world), P, levers(), 1, 2)
    assert world.tally["detained"][0] == np.count_nonzero(people["detained_until"] > 2)


def test_a_raid_on_one_home_shocks_it_deters_in_the_quarter_and_costs_trust_nearby():
    world, (row,) = begun([FAVOURS])
    world.people["trust_institutions"] = 0.5
    enforcement(executable(world), P, levers(raid_share=1.0), 1, 1)
    home, household = world.people["home"][row], world.people["household"][row]
    assert (world.tally["raided"][0], world.tally["arrests"][0]) == (1, 1)
    assert (world.households["trauma"][household], world.households["raided"][household]) == (1.0, 1)
    assert world.places["deterrence"][world.used] == pytest.approx(P.deterrence)
    trust = world.people["trust_institutions"][world.people["present"] == 1]
    assert world.people["trust_institutions"][row] == pytest.approx(0.5 * (1.0 - P.shock))
    assert 0.0 < np.mean(trust < 0.5) < 0.5, f"the street of {home}, not the neighbourhood"
