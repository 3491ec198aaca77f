"""Recruitment: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.recruitment import (
    age_window,
    binds,
    crew_for,
    drawn,
    hazard,
    rank,
    recruitment,
    relative_risk,
    room_of,
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
    assert relative_risk(idle, HOME, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, convictions=1), HOME, 20.0, P) == pytest.approx(P.rel_idle * P.rel_record)
    assert relative_risk(person(20.0, debt=0.6), HOME, 20.0, P) == pytest.approx(P.rel_idle * P.rel_debt)
    assert relative_risk(person(20.0, debt=0.5), HOME, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, male=0), HOME, 20.0, P) == pytest.approx(P.rel_idle * P.female)
    assert relative_risk(person(20.0, propensity=2.0), HOME, 20.0, P) == pytest.approx(P.rel_idle * 2.0)
    assert relative_risk(idle, one("household", trauma=1.0), 20.0, P) == pytest.approx(P.rel_idle * P.rel_trauma)


def test_school_binds_until_eighteen_and_work_after():
    assert binds(person(15.0, school_bond=0.6), 15.0) and not binds(person(15.0, work_bond=0.6), 15.0)
    assert binds(person(20.0, work_bond=0.6), 20.0) and not binds(person(20.0, school_bond=0.6), 20.0)
    pupil = person(15.0, school_bond=0.6)
    assert relative_risk(pupil, HOME, 15.0, P) == pytest.approx(P.rel_bond)


def test_one_trusted_adult_is_enough():
    for fields in ({"mentored": 1}, {"familiarity": 0.4, "trust_frontline": 0.6}):
        assert relative_risk(person(14.0, **fields), HOME, 14.0, P) == pytest.approx(P.rel_adult)
    assert relative_risk(person(14.0, familiarity=0.4, trust_frontline=0.4), HOME, 14.0, P) == pytest.approx(1.0)


def test_norms_that_pull_apart_raise_the_risk():
    torn = person(14.0, norm_home=0.0, norm_school=0.2, norm_street=0.8)
    assert relative_risk(torn, HOME, 14.0, P) == pytest.approx(1.0 + 0.8 * (P.rel_discord - 1.0))


def test_the_hazard_grows_with_exposure_and_room_and_differs_by_stage():
    open_place, half = one("place", criminal_opportunity=1.0), one("place", criminal_opportunity=0.5)
    fair = {"pull": 0.5, "prospects": 0.5}  # drawn neither way
    assert drawn(person(**fair)) == 1.0
    for stage, base in ((NONE, P.exposing), (EXPOSED, default("recruitment.base")), (FAVOURS, P.deepening)):
        youth = person(P.age_centre, stage=stage, exposure=0.4, **fair)
        assert hazard(youth, HOME, open_place, P.age_centre, P) == pytest.approx(0.4 * base)
        assert hazard(youth, HOME, half, P.age_centre, P) == pytest.approx(0.2 * base)
    assert hazard(person(P.age_centre, **fair), HOME, open_place, P.age_centre, P) == 0.0


def test_nobody_is_tied_in_once_the_crew_has_its_core():
    runner = person(25.0, stage=RUNNER, crew=0, debt=0.5)
    assert tying(runner, rows("crew", 1, members=10, core=0), P) == pytest.approx(P.tying)
    assert tying(runner, rows("crew", 1, members=10, core=2), P) == 0.0
    assert tying(person(25.0, stage=RUNNER, crew=NOBODY), rows("crew", 1), P) == 0.0


def test_a_crew_takes_on_as_many_as_its_vacancies_allow():
    n = [room_of(one("crew", id=5, vacancies=10.0), P, lot(week)) for week in range(3_000)]
    assert np.mean(n) == pytest.approx(10.0 * P.refill, abs=0.04)  # 0.8 a week: a role is filled in about 60 days
    assert max(n) == int(10.0 * P.refill) + 1
    assert room_of(one("crew", id=5), P, lot()) == 0


def test_only_active_crews_reach_a_youth_and_the_largest_draw_goes_first():
    crews = rows("crew", 3, id=[1, 2, 3], present=[1, 1, 0])
    found = {crew_for(crews, who, lot()) for who in range(200)}
    assert found == {0, 1}
    assert crew_for(rows("crew", 3, present=0), 1, lot()) == NOBODY
    crowd = rows("person", 6, id=np.arange(6), crew=[0, 0, 0, 1, 1, 0])
    order = sorted(rank(crowd, np.arange(6, dtype=np.int32), crowd[i], lot()) for i in (0, 1, 2, 5))
    assert order == [0, 1, 2, 3]


@pytest.mark.parametrize("vacancies", [0.0, 40.0])
def test_of_all_who_ask_a_crew_takes_no_more_than_it_has_room_for(vacancies):
    world = Simulation(Scenario(people=600, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    youths = youths[world.people["born"][youths] < -12 * 52]
    world.at_stake[: youths.size], world.tile_index["at_stake"] = youths, youths.size
    drawn_in = {"stage": EXPOSED, "crew": NOBODY, "exposure": 1.0, "pull": 1.0, "prospects": 0.0, "propensity": 50.0}
    for name, value in drawn_in.items():
        world.people[name][youths] = value
    world.places["criminal_opportunity"] = world.places["concealment"]
    world.crews["present"], world.crews["vacancies"] = [1, 0, 0], vacancies
    recruitment(executable(world), P, levers(), 1, 1)
    people = world.people[youths]
    taken = people["next_stage"] == FAVOURS
    room = P.refill * vacancies  # 3.2: three, now and then four
    assert youths.size > 50 and int(room) <= taken.sum() <= (int(room) + 1 if room else 0)
    assert (people["crew"][taken] == 0).all() and (people["crew"][~taken] == NOBODY).all()
    assert (people["next_stage"][~taken] == EXPOSED).all()
