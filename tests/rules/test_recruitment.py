"""Recruitment: worked examples."""

import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.recruitment import (
    age_window,
    binds,
    crew_for,
    drawn,
    hazard,
    lacking,
    recruitment,
    relative_risk,
    tying,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NOBODY, NONE, RUNNER
from kantelpunt.model.state.world import executable
from tests.rules.examples import default, levers, lot, one, parameters, person, rows

P = parameters("recruitment")
HOME = one("household")


def test_susceptibility_peaks_in_early_adolescence_and_ends_at_forty():
    assert age_window(P.age_centre, P) == 1.0
    assert age_window(P.age_centre - P.age_spread, P) == pytest.approx(0.6065, abs=1e-3)
    assert age_window(7.99, P) == age_window(40.0, P) == 0.0
    assert age_window(30.0, P) == P.late
    assert age_window(9.0, P) < P.late  # young children have no tail


def test_people_of_exactly_fourteen_eighteen_and_twenty_five_are_within_reach():
    assert all(age_window(age, P) > 0.0 for age in (8.0, 14.0, 18.0, 25.0, 39.99))


def test_relative_risks_multiply():
    idle = person(20.0)
    assert relative_risk(idle, HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, convictions=1), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle * P.rel_record)
    assert relative_risk(person(20.0, debt=0.6), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle * P.rel_debt)
    assert relative_risk(person(20.0, debt=0.5), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, left_week=-300), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle * P.rel_former)
    assert relative_risk(person(20.0, male=0), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle * P.female)
    assert relative_risk(person(20.0, propensity=2.0), HOME, 0.0, 20.0, P) == pytest.approx(P.rel_idle * 2.0)
    assert relative_risk(idle, one("household", trauma=1.0), 0.0, 20.0, P) == pytest.approx(P.rel_idle * P.rel_trauma)


def test_school_binds_until_eighteen_and_work_after():
    assert binds(person(15.0, school_bond=0.6), 15.0) and not binds(person(15.0, work_bond=0.6), 15.0)
    assert binds(person(20.0, work_bond=0.6), 20.0) and not binds(person(20.0, school_bond=0.6), 20.0)
    pupil = person(15.0, school_bond=0.6)
    assert relative_risk(pupil, HOME, 0.0, 15.0, P) == pytest.approx(P.rel_bond)


def test_one_trusted_adult_is_enough():
    for fields, known in (({"mentored": 1}, 0.0), ({"trust_frontline": 0.6}, 0.4)):
        assert relative_risk(person(14.0, **fields), HOME, known, 14.0, P) == pytest.approx(P.rel_adult)
    assert relative_risk(person(14.0, trust_frontline=0.4), HOME, 0.4, 14.0, P) == pytest.approx(1.0)


def test_norms_that_pull_apart_raise_the_risk():
    torn = person(14.0, norm_home=0.0, norm_school=0.2, norm_street=0.8)
    assert relative_risk(torn, HOME, 0.0, 14.0, P) == pytest.approx(1.0 + 0.8 * (P.rel_discord - 1.0))


def test_the_hazard_grows_with_exposure_and_room_and_differs_by_stage():
    open_place, half = one("place", criminal_opportunity=1.0), one("place", criminal_opportunity=0.5)
    fair = {"pull": 0.5, "prospects": 0.5}  # drawn neither way
    assert drawn(person(**fair)) == 1.0
    for stage, base in ((NONE, P.exposing), (EXPOSED, default("recruitment.base")), (FAVOURS, P.deepening)):
        youth = person(P.age_centre, stage=stage, exposure=0.4, **fair)
        assert hazard(youth, HOME, open_place, 0.0, P.age_centre, P) == pytest.approx(0.4 * base)
        assert hazard(youth, HOME, half, 0.0, P.age_centre, P) == pytest.approx(0.2 * base)
    assert hazard(person(P.age_centre, **fair), HOME, open_place, 0.0, P.age_centre, P) == 0.0


def test_nobody_is_tied_in_once_the_crew_has_its_core():
    runner = person(25.0, stage=RUNNER, crew=0, debt=0.5)
    assert tying(runner, rows("crew", 1, members=10, core=0), P) == pytest.approx(P.tying)
    assert tying(runner, rows("crew", 1, members=10, core=2), P) == 0.0
    assert tying(person(25.0, stage=RUNNER, crew=NOBODY), rows("crew", 1), P) == 0.0


def test_a_crew_looks_for_hands_as_far_as_it_lacks_them():
    assert lacking(one("crew", vacancies=6.0, members=2)) == 0.75
    assert lacking(one("crew", vacancies=6.0)) == 1.0
    assert lacking(one("crew", members=5)) == lacking(one("crew")) == 0.0


def test_only_active_crews_reach_a_youth_and_the_largest_draw_goes_first():
    crews = rows("crew", 3, id=[1, 2, 3], present=[1, 1, 0])
    found = {crew_for(crews, who, lot()) for who in range(200)}
    assert found == {0, 1}
    assert crew_for(rows("crew", 3, present=0), 1, lot()) == NOBODY


def taken(vacancies, members):
    """Return which of many youths at stage 1, drawn in as far as can be, slide in one week, and whom they work for."""
    world = Simulation(Scenario(people=900, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    youths = youths[world.people["born"][youths] < -12 * 52]
    world.at_stake[: youths.size], world.tile_index["at_stake"] = youths, youths.size
    drawn_in = {"stage": EXPOSED, "crew": NOBODY, "exposure": 1.0, "pull": 1.0, "prospects": 0.0, "propensity": 50.0}
    for name, value in drawn_in.items():
        world.people[name][youths] = value
    world.places["criminal_opportunity"] = world.places["concealment"]
    world.crews["present"] = 0
    world.crews["present"][0], world.crews["vacancies"][0], world.crews["members"][0] = 1, vacancies, members
    recruitment(executable(world), P, levers(), 1, 1)
    people = world.people[youths]
    slid = people["next_stage"] == FAVOURS
    assert youths.size > 50 and (people["next_stage"][~slid] == EXPOSED).all()
    assert (people["crew"][slid] == 0).all() and (people["crew"][~slid] == NOBODY).all()
    return slid


def test_as_many_slide_as_are_reached_and_none_into_a_crew_that_lacks_nobody():
    assert not taken(0.0, 5).any()
    assert taken(5.0, 0).all()
    assert 0 < taken(0.05, 5).sum() < taken(0.5, 5).sum()


def test_a_slot_that_comes_free_is_followed_by_less_than_one():
    """Members leave at a steady pace and follow at one by what the crew lacks: of more who leave, few are followed."""
    roles, leaving, reach = 20.0, 0.01, 0.2

    def rest(leaving):
        members = 1.0
        for _ in range(5_000):
            members += reach * lacking(one("crew", vacancies=roles - members, members=members)) - leaving * members
        return members, leaving * members

    (before, left), (after, left_more) = rest(leaving), rest(1.5 * leaving)
    assert after < before and 0.0 < left_more - left < 0.5 * left
