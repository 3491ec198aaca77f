"""Enforcement: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.rules.encounters import OF_RELATIVES
from kantelpunt.model.rules.enforcement import (
    ACTED,
    BEHIND_DOOR,
    HEAVIER,
    LEFT,
    SHARE_PASSED_ON,
    SHOCK,
    SPARES,
    answer_for,
    arrests,
    come_upon,
    detain,
    deter,
    enforcement,
    felt,
    mark_street,
    may_be_caught,
    may_be_diverted,
    p_arrest,
    shake,
    shock,
    take,
    term,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    ARREST,
    CALM,
    DEALING,
    DETAINED,
    DISTURBANCE,
    ELSEWHERE,
    EXPOSED,
    FAVOURS,
    HARSH,
    JUST,
    NEVER,
    NOBODY,
    NONE,
    RAIDED,
    RELEASED,
    RUNNER,
    SENT_TO_HALT,
    TIED_IN,
    VIOLENCE,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, one, parameters, person, rows, tally

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


def test_somebody_who_is_caught_is_of_twelve_or_over_at_large_and_did_a_crime_that_can_be_seen():
    grown = person(30.0)
    assert may_be_caught(crime(), grown, TODAY) and may_be_caught(crime(kind=ELSEWHERE, place=NOBODY), grown, TODAY)
    assert not may_be_caught(crime(kind=DISTURBANCE), grown, TODAY)
    assert not may_be_caught(crime(visible=0, kind=DEALING), grown, TODAY)
    assert not may_be_caught(crime(), person(11.9), TODAY)
    assert not may_be_caught(crime(), person(30.0, detained_until=TODAY + 1), TODAY)


def test_halt_is_for_ordinary_offences_by_minors_without_a_record_and_not_for_work_for_a_crew():
    assert may_be_diverted(crime(), person(15.0), TODAY) and may_be_diverted(crime(), person(15.0, stage=EXPOSED), TODAY)
    assert may_be_diverted(crime(kind=ELSEWHERE), person(15.0, stage=RUNNER), TODAY)
    assert not may_be_diverted(crime(), person(15.0, stage=RUNNER), TODAY)
    assert not may_be_diverted(crime(), person(15.0, stage=FAVOURS), TODAY)
    assert not may_be_diverted(crime(), person(15.0, convictions=1), TODAY)
    assert not may_be_diverted(crime(kind=DEALING), person(15.0), TODAY)
    assert not may_be_diverted(crime(), person(18.0), TODAY)


def begun(stages=(), age=30.0, **fields):
    """Return a neighbourhood in which the first adults have these stages and this age, and nobody else any; they are at stake."""
    simulation = Simulation(Scenario(people=300, years=1), events=True)
    world = simulation.world
    world.people["stage"], world.people["convictions"], world.people["debt"], world.people["crew"] = 0, 0, 0.0, NOBODY
    rows_of = world.actors[world.tile_index["youths"][0] :][: len(stages)]
    world.people["stage"][rows_of], world.people["born"][rows_of] = stages, -round(52 * age)
    for name, value in fields.items():
        world.people[name][rows_of] = value
    world.at_stake[: rows_of.size], world.tile_index["at_stake"] = rows_of, rows_of.size
    return world, rows_of


def logged(world, kind):
    """Return the events of one kind."""
    kept = world.events[1 : world.events["who"][0] + 1]
    return kept[kept["kind"] == kind]


def caught(world, rows_of, p):
    """Let everybody in these rows be arrested for a crime."""
    for row in rows_of:
        who = executable(world.people)[row]
        answer_for(executable(world), crime(id=int(world.people["id"][row])), who, p, lot(1), 1)


def test_halt_leaves_no_record_and_no_fine():
    world, minors = begun([NONE] * 100, 15.0)
    caught(world, minors, P)
    counts, clean = world.tally[0], world.people["convictions"][minors] == 0
    assert counts["arrests"] == counts["youth_arrests"] == 100
    assert counts["diverted"] == clean.sum() == pytest.approx(100 * P.halt, abs=15)
    assert (world.people["debt"][minors][clean] == 0.0).all() and (world.people["debt"][minors][~clean] == P.fine).all()
    assert set(logged(world, SENT_TO_HALT)["who"]) == set(world.people["id"][minors][clean])
    world, (youth,) = begun([NONE], 15.0)
    caught(world, [youth], parameters("enforcement", halt=0.0))
    assert (world.tally["diverted"][0], world.people["convictions"][youth]) == (0, 1)


def test_the_lot_that_sends_some_to_halt_says_nothing_of_how_long_others_are_detained():
    world, minors = begun([RUNNER] * 100, 15.0)
    for row in minors:
        who = executable(world.people)[row]
        answer_for(
            executable(world),
            crime(id=int(world.people["id"][row]), kind=ELSEWHERE),
            who,
            parameters("enforcement", halt=0.5),
            lot(1),
            1,
        )
    taken = world.people["convictions"][minors] > 0
    away = np.maximum(world.people["detained_until"][minors][taken] - 1, 0)
    assert 30 < taken.sum() < 70 and away.mean() == pytest.approx(P.minors * P.detention - 0.5, rel=0.2)


def test_of_a_minor_who_is_let_go_the_police_tell_professionals_or_nobody_thinks_of_it():
    world, rows_of = begun([NONE] * 100, 15.0)
    people, chosen = world.people, parameters("enforcement", detection=1.0)
    people["case"], people["born"][rows_of[:10]] = NOBODY, -30 * WEEKS_A_YEAR
    people["case"][rows_of[10]] = 3
    list_crimes(world, rows_of)
    arrests(executable(world), chosen, lot(1), 1, 1)
    assert world.tally["arrests"][0] == 100
    assert world.tally["signals"][0] == world.tally["cases_opened"][0] == pytest.approx(89 * SHARE_PASSED_ON, abs=15)
    assert (people["case"][rows_of[:10]] == NOBODY).all() and people["case"][rows_of[10]] == 3, "adults, and who is a case"


def test_an_arrest_enters_in_the_books_what_nobody_reported_and_nothing_twice():
    places, patches, counts = rows("place", 1), rows("patch", 4), tally()
    found, known = crime(), crime(registered=1)
    for offence in (found, known):
        come_upon(offence, places, patches, counts, P)
    assert (counts.found, counts.registered, counts.registered_crimes, counts.registered_violence_vandalism) == (1, 1, 1, 1)
    assert (found.registered, patches[0].registered, places[0].deterrence) == (1, 1, P.deterrence)


def test_half_of_deterrence_is_gone_in_six_days():
    assert 7 * math.log(0.5) / math.log(LEFT) == pytest.approx(6.0, abs=0.1)  # p31


def test_detention_is_by_role_and_age():
    def weeks(stage, age):
        return term(person(age, stage=stage), P, TODAY)

    assert weeks(NONE, 30.0) == weeks(EXPOSED, 30.0) == weeks(FAVOURS, 30.0) == 0.0
    assert weeks(RUNNER, 30.0) == weeks(RUNNER, 18.0) == P.detention
    assert weeks(TIED_IN, 30.0) == HEAVIER * P.detention > weeks(RUNNER, 30.0)
    assert weeks(RUNNER, 17.9) == P.minors * P.detention < weeks(RUNNER, 30.0)


@pytest.mark.parametrize("way", ["arrest", "raid"])
@pytest.mark.parametrize(("stage", "age"), [(FAVOURS, 30.0), (RUNNER, 30.0), (RUNNER, 16.0), (TIED_IN, 30.0)])
def test_somebody_who_is_taken_in_a_raid_is_detained_like_somebody_who_is_arrested(way, stage, age):
    world, rows_of = begun([stage] * 100, age)
    if way == "arrest":
        caught(world, rows_of, parameters("enforcement", halt=0.0))
    else:
        enforcement(executable(world), P, levers(raid_share=1.0), 1, 1)
    away = np.maximum(world.people["detained_until"][rows_of] - 1, 0)
    asked = term(person(age, stage=stage), P, TODAY)
    assert away.mean() == pytest.approx(max(asked - 0.5, 0.0), rel=0.2)  # a part of a week is none
    told = logged(world, DETAINED)
    assert dict(zip(told["who"].tolist(), told["value"].tolist(), strict=True)) == {
        int(who): int(weeks) for who, weeks in zip(world.people["id"][rows_of], away, strict=True) if weeks
    }


def test_an_arrest_brings_a_record_and_a_fine_and_detention_by_role():
    world, (member, errand) = begun([RUNNER, FAVOURS], debt=0.1)
    people = world.people
    for row in (member, errand):
        detain(executable(world), executable(people)[row], 0.5, P, 1)
    assert (people["convictions"][[member, errand]] == 1).all()
    assert people["debt"][[member, errand]] == pytest.approx(0.1 + P.fine)
    until = 1 + int(P.detention)
    assert people["detained_until"][[member, errand]].tolist() == [until, NEVER]
    world, (minor,) = begun([RUNNER], 16.0)
    detain(executable(world), executable(world.people)[minor], 0.9, P, 1)
    assert world.people["detained_until"][minor] > 1


def test_detention_of_its_only_member_presses_a_crew_with_all_its_weight():
    world, (row,) = begun([RUNNER], crew=0)
    world.crews["members"], world.crews["pressure"] = 1, 0.0
    detain(executable(world), executable(world.people)[row], 0.5, P, 1)
    assert world.crews["pressure"][0] == 1.0


@pytest.mark.parametrize("members", [2, 20])
def test_detention_presses_a_crew_by_the_share_of_its_members(members):
    world, rows_of = begun([RUNNER] * 2 + [FAVOURS] * 2, crew=0)
    world.crews["members"], world.crews["pressure"] = members, 0.0
    for row in rows_of:
        detain(executable(world), executable(world.people)[row], 0.5, P, 1)
    assert world.crews["pressure"][0] == pytest.approx(min(2 / members, 1.0))


def test_somebody_who_works_for_no_crew_presses_none():
    world, (loner,) = begun([RUNNER])
    world.crews["pressure"] = 0.0
    detain(executable(world), executable(world.people)[loner], 0.5, P, 1)
    assert world.people["detained_until"][loner] > 1 and not world.crews["pressure"].any()


def test_release_is_told_in_the_week_in_which_somebody_is_back():
    world, (row,) = begun([RUNNER], detained_until=3)
    for week in (1, 2, 3, 4):
        enforcement(executable(world), P, levers(), 1, week)
    assert logged(world, RELEASED)[["week", "who"]].tolist() == [(3, world.people["id"][row])]


def test_a_raid_deters_in_its_own_quarter_only():
    places = rows("place", 4, quarter=np.arange(4), deterrence=[0.0, 0.0, 0.9, 0.0])
    deter(places, np.arange(4), P, levers(raid_share=[0.0, 0.3, 0.3, 0.0]))
    assert [places[i].deterrence for i in range(4)] == [0.0, P.deterrence, 0.9, 0.0]


def test_a_second_raid_asks_for_help_anew():
    home = one("household", raided=TODAY - 30, trauma=0.1, aftercare=0.9)
    shock(home, 1.0, TODAY)
    assert (home.raided, home.trauma, home.aftercare) == (TODAY, 1.0, 0.0)


def test_the_shock_reaches_eighty_metres_and_the_edges_of_the_grid():
    for home, reached in ((0, 8), (25 * 50 + 25, 24)):  # in a corner, amidst others
        world = Simulation(Scenario(people=100, years=1)).world
        world.places["dwellings"] = 1
        world.places["dwellings"][home + 1] = 0  # nobody lives there
        mark_street(executable(world), home, 2, HARSH)
        assert world.cell_week["shaken"][home + 1] == CALM
        assert (world.cell_week["shaken"] == HARSH).sum() == reached
        mark_street(executable(world), home, 2, JUST)
        assert (world.cell_week["shaken"] == HARSH).sum() == reached, "one harsh raid there is enough"


def test_residents_near_a_raided_home_lose_trust_once_and_less_where_it_was_just_which_shows_that_something_is_done():
    here, homes = rows("cell_week", 3, shaken=[HARSH, JUST, CALM]), rows("household", 4)
    people = rows(
        "person", 4, home=[0, 1, 2, 0], trust_institutions=0.5, usefulness=0.5, present=[1, 1, 1, 0], household=range(4)
    )
    shake(people, homes, here, TODAY)
    lost = [0.5 - people[i].trust_institutions for i in range(4)]
    assert lost == pytest.approx([0.5 * SHOCK, 0.5 * SHOCK * (1.0 - SPARES), 0.0, 0.0])
    assert [people[i].usefulness for i in range(4)] == pytest.approx([0.5, 0.5 + 0.5 * ACTED, 0.5, 0.5])


def test_kin_far_from_a_raid_lose_trust_by_what_they_feel():
    here = rows("cell_week", 1, shaken=CALM)
    homes = rows("household", 3)
    for i, week in enumerate((TODAY, TODAY - 1)):
        shock(homes[i], OF_RELATIVES, week)
    people = rows("person", 3, trust_institutions=0.5, fear=0.5, household=range(3))
    shake(people, homes, here, TODAY)
    lost = [0.5 - people[i].trust_institutions for i in range(3)]
    feared = [people[i].fear - 0.5 for i in range(3)]
    assert lost == pytest.approx([0.5 * SHOCK * BEHIND_DOOR * OF_RELATIVES, 0.0, 0.0]) and feared == pytest.approx(lost)


@pytest.mark.parametrize("levels", [(0.3,), (0.3, 0.2), (0.2, 0.3)])
def test_a_raid_costs_the_trust_that_is_felt_of_it_whatever_an_earlier_one_left_behind(levels):
    home = rows("household", 1)
    shock(home[0], 1.0, TODAY - 9)
    for level in levels:
        shock(home[0], level, TODAY)
    people = rows("person", 1, trust_institutions=0.5)
    shake(people, home, rows("cell_week", 1, shaken=CALM), TODAY)
    assert 0.5 - people[0].trust_institutions == pytest.approx(0.5 * SHOCK * BEHIND_DOOR * 0.3)
    assert home[0].trauma == 1.0


def test_kin_feel_a_raid_in_part_and_a_just_one_less():
    def left(justice):
        world, (row,) = begun([FAVOURS])
        raided = int(world.people["household"][row])
        kin = int(np.flatnonzero(world.households["size"] > 0)[-1])
        world.relatives["household"] = NOBODY
        world.relatives["household"][raided, 2], world.relatives["id"][raided, 2] = kin, world.households["id"][kin]
        enforcement(executable(world), P, levers(raid_share=1.0, raid_justice=justice), 1, 1)
        assert (world.households["raided"][[raided, kin]] == 1).all()
        return world.households["trauma"][[raided, kin]].tolist(), np.count_nonzero(world.households["trauma"])

    assert left(0.0) == ([1.0, OF_RELATIVES], 2)
    assert left(1.0) == (pytest.approx([1.0 - SPARES, OF_RELATIVES * (1.0 - SPARES)]), 2)


def test_a_raid_has_one_manner_at_a_door_and_a_share_of_doors_is_just():
    world, rows_of = begun([FAVOURS] * 200)
    world.relatives["household"] = NOBODY
    for row in rows_of:
        take(executable(world), executable(world.people)[row], 0.3, P, lot(1), 1)
    homes = np.unique(world.people["household"][rows_of])
    levels = world.households["trauma"][homes]
    assert set(levels.tolist()) == {felt(HARSH), felt(JUST)}
    assert np.mean(levels == felt(JUST)) == pytest.approx(0.3, abs=0.12)
    told = logged(world, RAIDED)
    assert sorted(told["who"]) == sorted(world.people["id"][rows_of])
    assert set(told["whom"]) == set(world.households["id"][homes])


def list_crimes(world, rows_of, kind=VIOLENCE, each=1):
    """Let everybody in these rows have committed some crimes this week at home."""
    offenders = np.repeat(rows_of, each)
    listed = world.offences[: offenders.size]
    listed["id"], listed["who"], listed["place"] = np.arange(offenders.size), offenders, world.people["home"][offenders]
    listed["kind"], listed["visible"], listed["registered"] = kind, 1, 0
    world.tile_index["offences"] = offenders.size


def test_somebody_who_did_a_crime_may_be_arrested_once_a_week_and_only_the_heavier_roles_are_detained():
    world, rows_of = begun([NONE] * 20 + [FAVOURS] * 20 + [RUNNER] * 20)
    list_crimes(world, rows_of, each=2)
    world.patches["solved"], world.places["deterrence"] = 10_000, 0.9  # so many cases solved that everybody is found
    enforcement(executable(world), P, levers(), 1, 1)
    people = world.people[rows_of]
    assert (people["convictions"][:40] == 1).all() and (people["convictions"] >= 1).all() and world.tally["arrests"][0] == 60
    assert (people["detained_until"][:40] == NEVER).all()
    told = logged(world, ARREST)
    assert sorted(told[["week", "who", "place", "value"]].tolist()) == sorted(
        (1, *each) for each in people[["id", "home", "stage"]].tolist()
    )
    away = people["detained_until"][40:][people["detained_until"][40:] > 1]
    assert away.size > 0.8 * 20 and np.mean(away - 1) == pytest.approx(P.detention, rel=0.4)
    quiet = np.setdiff1d(world.used, people["home"])
    assert world.places["deterrence"][quiet] == pytest.approx(0.9 * LEFT)
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
    told = logged(world, ARREST)
    taken = world.people[world.people["convictions"] > 0]
    assert sorted(told[["who", "place", "value"]].tolist()) == sorted(taken[["id", "home", "stage"]].tolist()), "told of at home"


def test_a_raid_on_one_home_shocks_it_deters_in_the_quarter_and_costs_trust_nearby():
    world, (row,) = begun([FAVOURS])
    world.people["trust_institutions"] = 0.5
    enforcement(executable(world), P, levers(raid_share=1.0), 1, 1)
    home, household = world.people["home"][row], world.people["household"][row]
    assert (world.tally["raided"][0], world.tally["arrests"][0]) == (1, 1)
    assert (world.households["trauma"][household], world.households["raided"][household]) == (1.0, 1)
    assert world.places["deterrence"][world.used] == pytest.approx(P.deterrence)
    trust = world.people["trust_institutions"][world.people["present"] == 1]
    assert world.people["trust_institutions"][row] == pytest.approx(0.5 * (1.0 - SHOCK * BEHIND_DOOR))
    assert 0.0 < np.mean(trust < 0.5) < 0.5, f"the street of {home}, not the neighbourhood"
