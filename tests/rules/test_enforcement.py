"""Enforcement: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.enforcement import (
    answer_for,
    come_upon,
    detain,
    deter,
    enforcement,
    mark_street,
    may_be_caught,
    may_be_diverted,
    p_arrest,
    shake,
    shock,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import DEALING, DISTURBANCE, ELSEWHERE, FAVOURS, NEVER, NOBODY, NONE, RUNNER, VIOLENCE
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, one, parameters, people, person, rows, tally

P = parameters("enforcement")


def crime(**fields):
    """Return a crime that can be seen, with these fields."""
    return one("offence", **{"kind": VIOLENCE, "visible": 1, "id": 7, "who": 0, "place": 0, **fields})


def test_solved_cases_about_the_place_and_attention_make_an_arrest_likelier_unless_the_loop_is_cut():
    told, news = one("patch", solved=2), one("patch", attention=0.5)
    assert p_arrest(one("patch"), P) == P.detection
    assert p_arrest(told, P) == pytest.approx(P.detection * (1.0 + 2 * P.information))
    assert p_arrest(news, P) == pytest.approx(P.detection * (1.0 + 0.5 * P.crackdown))
    assert p_arrest(news, parameters("enforcement", crackdown=0.0)) == P.detection


def test_who_is_caught_is_of_twelve_or_over_at_large_and_did_a_crime_that_can_be_seen():
    grown = person(30.0)
    assert may_be_caught(crime(), grown, TODAY) and may_be_caught(crime(kind=ELSEWHERE, place=NOBODY), grown, TODAY)
    assert not may_be_caught(crime(kind=DISTURBANCE), grown, TODAY)
    assert not may_be_caught(crime(visible=0, kind=DEALING), grown, TODAY)
    assert not may_be_caught(crime(), person(11.9), TODAY)
    assert not may_be_caught(crime(), person(30.0, detained_until=TODAY + 1), TODAY)


def test_halt_is_for_minors_without_a_record_who_did_not_deal():
    assert may_be_diverted(crime(), person(15.0), TODAY)
    assert not may_be_diverted(crime(), person(15.0, convictions=1), TODAY)
    assert not may_be_diverted(crime(kind=DEALING), person(15.0), TODAY)
    assert not may_be_diverted(crime(), person(18.0), TODAY)


def test_halt_leaves_no_record_and_no_fine():
    crews, counts = rows("crew", 1), tally()
    minors = people(1_000, 15.0)
    for who in minors:
        answer_for(crime(id=who.id), who, crews, counts, P, lot(), TODAY)
    assert counts.arrests == counts.youth_arrests == 1_000
    assert counts.diverted == pytest.approx(1_000 * P.halt, rel=0.1)
    clean = [who for who in minors if who.convictions == 0]
    assert len(clean) == counts.diverted and all(who.debt == 0.0 for who in clean)
    never, none = parameters("enforcement", halt=0.0), tally()
    youth = person(15.0)
    answer_for(crime(), youth, crews, none, never, lot(), TODAY)
    assert (none.diverted, youth.convictions, youth.debt) == (0, 1, P.fine)


def test_an_arrest_enters_in_the_books_what_nobody_reported_and_nothing_twice():
    places, patches, counts = rows("place", 1), rows("patch", 4), tally()
    found, known = crime(), crime(registered=1)
    for offence in (found, known):
        come_upon(offence, places, patches, counts, P)
    assert (counts.found, counts.registered, counts.registered_crimes, counts.registered_violence_vandalism) == (1, 1, 1, 1)
    assert (found.registered, patches[0].registered, places[0].deterrence) == (1, 1, P.arrest_deterrence)


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
    shock(home, 1.0, TODAY)
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
    shake(people, rows("place", 2), here, levers(), P)
    assert [people[i].trust_institutions for i in range(3)] == pytest.approx([0.5 * (1.0 - P.shock), 0.5, 0.5])


def test_a_just_raid_costs_less_trust_around_and_shows_that_something_is_done():
    here, places = rows("cell_week", 2, shaken=1), rows("place", 2, quarter=[0, 1])
    people = rows("person", 2, home=[0, 1], trust_institutions=0.5, usefulness=0.5)
    shake(people, places, here, levers(raid_justice=[0.0, 1.0, 0.0, 0.0]), P)
    lost = [0.5 * P.shock, 0.5 * P.shock * (1.0 - P.spares)]
    assert [0.5 - people[i].trust_institutions for i in range(2)] == pytest.approx(lost)
    assert [people[i].usefulness for i in range(2)] == pytest.approx([0.5, 0.5 + 0.5 * P.acted])


def test_kin_feel_a_raid_in_part_and_a_just_one_less():
    def felt(justice):
        world, (row,) = begun([FAVOURS])
        raided = int(world.people["household"][row])
        kin = int(np.flatnonzero(world.households["size"] > 0)[-1])
        world.relatives["household"] = NOBODY
        world.relatives["household"][raided, 2], world.relatives["id"][raided, 2] = kin, world.households["id"][kin]
        enforcement(executable(world), P, levers(raid_share=1.0, raid_justice=justice), 1, 1)
        assert (world.households["raided"][[raided, kin]] == 1).all()
        return world.households["trauma"][[raided, kin]].tolist(), np.count_nonzero(world.households["trauma"])

    assert felt(0.0) == ([1.0, P.kin_shock], 2)
    assert felt(1.0) == (pytest.approx([1.0 - P.spares, P.kin_shock * (1.0 - P.spares)]), 2)


def begun(stages):
    """Return a neighbourhood in which the first adults have these stages, and nobody else any; they are at stake."""
    world = Simulation(Scenario(people=300, years=1)).world
    world.people["stage"], world.people["convictions"] = 0, 0
    rows_of = world.actors[world.tile_index["youths"][0] :][: len(stages)]
    world.people["stage"][rows_of], world.people["crew"][rows_of] = stages, NOBODY
    world.at_stake[: rows_of.size], world.tile_index["at_stake"] = rows_of, rows_of.size
    return world, rows_of


def list_crimes(world, rows_of, kind=VIOLENCE, each=1):
    """Let everybody in these rows have committed some crimes this week at home."""
    offenders = np.repeat(rows_of, each)
    listed = world.offences[: offenders.size]
    listed["id"], listed["who"], listed["place"] = np.arange(offenders.size), offenders, world.people["home"][offenders]
    listed["kind"], listed["visible"], listed["registered"] = kind, 1, 0
    world.tile_index["offences"] = offenders.size


def test_whoever_did_a_crime_may_be_arrested_once_a_week_and_only_the_heavier_roles_are_detained():
    world, rows_of = begun([NONE] * 20 + [FAVOURS] * 20 + [RUNNER] * 20)
    list_crimes(world, rows_of, each=2)
    world.patches["solved"], world.places["deterrence"] = 10_000, 0.9  # so many cases solved that everybody is found
    enforcement(executable(world), P, levers(), 1, 1)
    people = world.people[rows_of]
    assert (people["convictions"][:40] == 1).all() and (people["convictions"] >= 1).all() and world.tally["arrests"][0] == 60
    assert (people["detained_until"][:40] == NEVER).all()
    away = people["detained_until"][40:][people["detained_until"][40:] > 1]
    assert away.size > 0.8 * 20 and np.mean(away - 1) == pytest.approx(P.detention, rel=0.4)
    quiet = np.setdiff1d(world.used, people["home"])
    assert world.places["deterrence"][quiet] == pytest.approx(0.9 * P.left)
    enforcement(executable(world), P, levers(), 1, 2)
    assert world.tally["detained"][0] == np.count_nonzero(people["detained_until"] > 2)


def test_without_crimes_nobody_is_arrested_whatever_the_stage():
    world, _ = begun([RUNNER] * 40)
    world.patches["solved"], world.tile_index["offences"] = 10_000, 0
    enforcement(executable(world), P, levers(), 1, 1)
    assert world.tally["arrests"][0] == 0


def test_what_was_done_elsewhere_may_lead_to_an_arrest_and_stays_out_of_the_books_here():
    world, rows_of = begun([NONE] * 200)
    list_crimes(world, rows_of, ELSEWHERE)
    world.offences["place"] = NOBODY
    world.patches["solved"], world.places["deterrence"] = 10_000, 0.0  # what was solved here is of no use elsewhere
    enforcement(executable(world), P, levers(), 1, 1)
    assert 0 < world.tally["arrests"][0] < 3 * P.detection * rows_of.size
    assert world.tally["found"][0] == world.tally["registered"][0] == 0 and not world.places["deterrence"].any()


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
