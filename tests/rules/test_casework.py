"""Casework: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.casework import (
    AT_HOME,
    BREAKTHROUGH,
    COURSE,
    EARLY_HELP,
    REPRESSIVE,
    UNAIDED,
    able,
    carry_out,
    casework,
    draw_conclusions,
    finish,
    help_youth,
    let_go,
    p_facts,
    p_solved,
    picture_of,
    reading,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    DONE,
    EXPLAINED,
    EXPOSED,
    FAMILY,
    FAVOURS,
    FREE,
    NO_VISIT,
    NOBODY,
    NONE,
    NOTHING_BROUGHT,
    NUISANCE,
    OF_USE,
    SAFETY,
    SILENT,
    SOCIAL,
    WAITING,
    YOUTH_AT_RISK,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, lever, levers, lot, no_events, one, parameters, person, rows

P = parameters("casework")
SURE = {"floor": 0.0, "answer": 1.0}  # the desk alone decides
ABLE, UNABLE = {"fit": 1.0, "through": 1.0, "tie": 1.0}, {"fit": 0.0, "through": 0.0, "tie": 1.0}


@pytest.fixture
def world():
    """Return a neighbourhood at its start."""
    return Simulation(Scenario(people=60, years=1)).world


def end_of(world, desk, feedback=0.0, changes=(), diagnosis=0.0, week=TODAY, **case):
    """Return what the reporter experiences of a case that a desk brings to its end."""
    p, subject = parameters("casework", **{**SURE, **dict(changes)}), one("case", **case)
    done = lever(feedback=feedback, diagnosis=diagnosis)
    return finish(executable(world), subject, one("desk", **desk), done, p, lot(), lot(week), TODAY)


def test_solving_asks_for_what_fits_and_for_getting_it_through():
    assert p_solved(1.0, 1.0, P) == pytest.approx(1.0)
    assert p_solved(1.0, 0.0, P) == pytest.approx(P.floor)
    assert p_solved(0.0, 1.0, P) == pytest.approx(P.floor)
    assert p_solved(0.5, 0.5, P) == pytest.approx((0.5 * (1.0 + P.floor)) ** 2)


def test_a_diagnosis_helps_to_see_what_fits_and_a_mandate_to_get_it_through():
    desk = one("desk", fit=0.4, through=0.5)
    assert able(desk, lever(), 1.0, 1.0, P) == (0.4, 0.5)
    fit, through = able(desk, lever(diagnosis=1.0, mandate=1.0), 0.0, 1.0, P)
    assert fit == pytest.approx(0.4 + 0.6 * P.shared_view)
    assert through == pytest.approx(0.5 + 0.5 * BREAKTHROUGH)
    assert able(desk, lever(diagnosis=1.0), 0.0, 1.0, parameters("casework", shared_view=0.0)) == (
        0.4,
        0.5,
    )  # talk that changes nothing


def test_a_team_gets_through_what_a_desk_does_not_the_more_the_longer_it_works_together():
    through = [able(one("desk", through=0.5), lever(team_share=0.5), grown, 0.0, P)[1] for grown in (0.0, 0.8)]
    assert through == pytest.approx([0.5, 0.5 + 0.5 * BREAKTHROUGH * 0.5 * 0.8])


def test_success_persuades_silence_puts_off_and_an_explained_no_costs_nothing():
    after = {}
    for outcome in (DONE, EXPLAINED, SILENT):
        after[outcome] = person(usefulness=0.4, trust_institutions=0.4)
        draw_conclusions(after[outcome], outcome, P)
    assert after[DONE].usefulness == pytest.approx(0.4 + P.success * 0.6)  # 0.7
    assert after[EXPLAINED].usefulness == 0.4
    assert after[SILENT].usefulness == pytest.approx(0.4 * (1.0 - P.silence))  # 0.22
    assert after[DONE].trust_institutions == pytest.approx(0.4 + P.trust_done * 0.6)
    assert after[EXPLAINED].trust_institutions == 0.4
    assert after[SILENT].trust_institutions == pytest.approx(0.4 * (1.0 - P.trust_silence))


def test_somebody_who_is_helped_early_is_out_of_it_and_somebody_who_is_in_a_crew_is_not():
    exposed, member = person(14.0, stage=EXPOSED, prospects=0.4, school_bond=0.4), person(16.0, stage=FAVOURS, prospects=0.4)
    for youth in (exposed, member):
        help_youth(youth, no_events(), 1.0, TODAY)
        assert youth.prospects == pytest.approx(0.4 + EARLY_HELP * 0.6)
    assert (exposed.stage, exposed.next_stage, exposed.stage_since) == (NONE, NONE, TODAY)
    assert exposed.school_bond == pytest.approx(0.4 + EARLY_HELP * 0.6)
    assert member.stage == FAVOURS


def test_help_in_time_lowers_debts_and_fills_free_time_and_late_help_less():
    for weight in (1.0, REPRESSIVE):
        youth = person(15.0, stage=EXPOSED, debt=0.6)
        help_youth(youth, no_events(), weight, TODAY)
        assert youth.debt == pytest.approx(0.6 * (1.0 - EARLY_HELP * weight))
        assert youth.active == int(COURSE * weight)
    busy = person(15.0, active=100)
    help_youth(busy, no_events(), 1.0, TODAY)
    assert busy.active == 100  # nothing that somebody saw to before is cut short


def test_somebody_who_lets_go_of_a_friend_lets_go_of_one_who_is_involved_and_still_there():
    others = rows("person", 4, id=[5, 6, 7, 8], stage=[NONE, FAVOURS, FAVOURS, EXPOSED])
    friends = rows("friend", 4, row=[0, 1, 2, 3], id=[5, 99, 7, 8])  # somebody else has come in row 1
    let_go(others, friends)
    assert [int(friends[k].row) for k in range(4)] == [0, 1, NOBODY, 3]
    let_go(others, friends)
    assert [int(friends[k].row) for k in range(4)] == [0, 1, NOBODY, 3]


def test_facts_are_told_from_assumptions_where_workers_come_and_residents_trust():
    assert p_facts(one("place", presence=0.0, trust=1.0)) == UNAIDED
    assert p_facts(one("place", presence=50.0, trust=0.0)) == UNAIDED
    assert p_facts(one("place", presence=AT_HOME, trust=1.0)) == pytest.approx(UNAIDED + (1.0 - UNAIDED) * 0.5)


@pytest.mark.parametrize(("presence", "tie", "read"), [(1e12, 1.0, {0.6}), (0.0, 1.0, {0.6, -1.0}), (1e12, 0.0, {0.6, 0.0})])
def test_a_picture_that_is_not_shared_is_talk_and_one_that_is_shared_may_be_wrong(presence, tie, read):
    seen = one("place", presence=presence, trust=1.0)
    assert {reading(seen, FAMILY, tie, 0.6, lot(week)) for week in range(200)} == read


def test_cases_of_one_kind_in_one_quarter_share_a_picture():
    read = [[reading(one("place", quarter=j), kind, 1.0, 1.0, lot()) for j in range(4)] for kind in range(4)]
    assert {each for row in read for each in row} == {1.0, -1.0}  # others are read otherwise
    assert read[2][1] == reading(one("place", quarter=1), 2, 1.0, 1.0, lot())


def test_all_do_the_wrong_thing_together_where_a_shared_picture_is_wrong(world):
    desk = one("desk", fit=0.5, through=0.5)
    assert able(desk, lever(diagnosis=1.0), 0.0, -1.0, P)[0] == pytest.approx(0.5 * (1.0 - P.shared_view))
    assert able(desk, lever(diagnosis=1.0), 0.0, 0.0, P)[0] == 0.5
    wrong = {"shared_view": 1.0}
    cell = int(world.used[0])
    world.places["presence"][cell] = 0.0
    here = executable(world).places[cell]
    week = next(week for week in range(100) if reading(here, NUISANCE, ABLE["tie"], 1.0, lot(week)) < 0.0)
    assert end_of(world, ABLE, changes=wrong, week=week, kind=NUISANCE, place=cell) == DONE
    assert end_of(world, ABLE, changes=wrong, diagnosis=1.0, week=week, kind=NUISANCE, place=cell) == EXPLAINED
    assert world.tally["misread"][0] == 1


def test_the_picture_is_whole_where_the_door_is_open_and_care_and_safety_know_each_other():
    youth, family, place = (one("case", kind=kind) for kind in (YOUTH_AT_RISK, FAMILY, NUISANCE))
    assert picture_of(youth, 0.0, 1.0) == pytest.approx(1.0)
    assert picture_of(family, 1.0, 0.0) == pytest.approx(1.0 / 3.0)  # the person alone
    assert picture_of(family, 0.4, 0.5) == pytest.approx((1.0 + 0.6 + 0.5) / 3.0)
    assert picture_of(place, 0.0, 0.0) == 1.0


def test_a_solved_case_about_a_place_is_done_and_told_and_felt_there(world):
    cell = int(world.used[0])
    assert end_of(world, UNABLE, kind=NUISANCE, place=cell) == EXPLAINED
    assert (world.cell_week["cleared"].sum(), world.patches["solved"].sum(), world.tally["solved"][0]) == (0, 0, 0)
    assert end_of(world, ABLE, kind=NUISANCE, place=cell) == DONE
    assert (world.cell_week["cleared"][cell], world.patches["solved"].sum(), world.tally["solved"][0]) == (1, 1, 1)
    assert end_of(world, ABLE, kind=NUISANCE, place=cell, false_alarm=1) == EXPLAINED


def test_somebody_who_answers_is_heard_and_feedback_answers_where_nobody_would(world):
    mute = {"answer": 0.0}
    assert end_of(world, ABLE, changes=mute) == SILENT
    assert end_of(world, ABLE, feedback=1.0, changes=mute) == DONE
    assert end_of(world, UNABLE, feedback=1.0, changes=mute) == EXPLAINED


def test_feedback_answers_a_part_of_those_whom_nobody_would(world):
    told = [end_of(world, ABLE, feedback=0.5, changes={"answer": 0.5}, kind=NUISANCE, id=i) for i in range(600)]
    assert np.mean([each == DONE for each in told]) == pytest.approx(0.75, abs=0.06)


def test_desks_that_solve_a_case_together_have_one_more_in_common(world):
    for handoffs, desk, joint in ((0, ABLE, 0), (1, ABLE, 1), (1, UNABLE, 0)):
        record, case = one("desk", **desk), one("case", kind=NUISANCE, handoffs=handoffs)
        finish(executable(world), case, record, lever(), parameters("casework", **SURE), lot(), lot(), TODAY)
        assert record.joint == joint


@pytest.mark.parametrize(
    ("desk", "answer", "counted"), [(ABLE, 1.0, "done_told"), (UNABLE, 1.0, "explained"), (ABLE, 0.0, "silent")]
)
def test_a_case_with_an_owner_comes_to_its_end_and_its_reporter_hears_of_it_or_nothing(world, desk, answer, counted):
    world.tile_index["cases_free"] -= 1
    row = world.cases_free[world.tile_index["cases_free"][0]]
    case, reporter = world.cases[row : row + 1], world.people[:1]
    case["state"], case["kind"], case["place"], case["id"], case["owned"] = WAITING, NUISANCE, world.used[0], 5, 1
    case["about"], case["reporter"], case["reporter_id"] = NOBODY, 0, reporter["id"]
    for name, value in desk.items():
        world.desks[name] = value
    casework(executable(world), parameters("casework", **{**SURE, "answer": answer}), levers(), 1, TODAY)
    assert case["state"][0] == FREE and world.tally["cases_closed"][0] == 1
    told = {name: int(world.tally[name][0]) for name in ("done_told", "explained", "silent")}
    assert told == {name: int(name == counted) for name in told}


def test_a_visit_to_a_family_is_of_use_when_it_is_solved_and_ends_at_a_closed_door(world):
    homes = world.households
    for desk, closed, visit in ((ABLE, 0.0, OF_USE), (UNABLE, 0.0, NOTHING_BROUGHT), (ABLE, 1.0, NO_VISIT)):
        homes["closed"][0], homes["visit"][0] = closed, NO_VISIT
        end_of(world, desk, kind=FAMILY, needs=SOCIAL, about=0, about_id=int(homes["id"][0]))
        assert homes["visit"][0] == visit


def test_help_to_a_youth_brings_less_once_the_case_escalated(world):
    gained = {}
    for needs in (SOCIAL, SAFETY):
        world.people["prospects"][0], world.people["stage"][0] = 0.0, FAVOURS
        about = {"kind": YOUTH_AT_RISK, "about": 0, "about_id": int(world.people["id"][0])}
        end_of(world, ABLE, changes={"floor": 1.0}, needs=needs, **about)
        gained[needs] = world.people["prospects"][0]
    assert gained[SOCIAL] == pytest.approx(EARLY_HELP)
    assert gained[SAFETY] == pytest.approx(0.5 * EARLY_HELP)


def test_a_plan_is_given_up_only_while_it_waits_for_a_go(world):
    doomed = parameters("casework", vanish=1.0)
    for go, outcome in ((TODAY + 1, SILENT), (TODAY, WAITING)):
        case = one("case", kind=FAMILY, approved_week=go, ready=TODAY + 5, owned=1)
        assert carry_out(executable(world), case, lever(), doomed, lot(), lot(), TODAY) == outcome
        assert world.tally["abandoned"][0] == 1, "the first was given up, and the second is not"


def test_cases_that_are_open_are_counted_and_wait_until_somebody_has_them(world):
    n = 6
    world.cases["state"][:n], world.cases["kind"][:n], world.cases["place"][:n] = WAITING, NUISANCE, world.used[0]
    casework(executable(world), P, levers(), 1, TODAY)
    assert world.tally["cases_open"][0] == n == np.count_nonzero(world.cases["state"] == WAITING)


def test_a_case_that_has_escalated_is_solved_less_often(world):
    half, solved = {"fit": 0.8, "through": 1.0}, []
    for needs in (SOCIAL, SAFETY):
        world.tally["solved"] = 0
        for i in range(200):
            end_of(world, half, kind=YOUTH_AT_RISK, needs=needs, id=i, place=int(world.used[0]))
        solved.append(int(world.tally["solved"][0]))
    assert solved[0] > 1.2 * solved[1] > 0
