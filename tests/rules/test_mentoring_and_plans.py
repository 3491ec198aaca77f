"""Support: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.mentoring_and_plans import (
    COURSE,
    LAST,
    P_BEFRIENDS,
    PLAN_FROM,
    PLAN_UNTIL,
    UNHEALTHY,
    any_place,
    could_use_mentor,
    could_use_plan,
    count,
    fill,
    likes_best,
    mentoring_and_plans,
    needs,
    p_reached,
)
from kantelpunt.model.shared.events import happened
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, FRIENDS, NOBODY, PLAN_STARTED
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, born, lever, levers, lot, one, parameters, people, person, rows

P = parameters("mentoring_and_plans")
HOME = one("household")
WELL = {"school_bond": 0.8, "work_bond": 0.7, "education": 1}


def test_a_mentor_is_for_youths_of_12_to_23_at_risk_without_one():
    assert could_use_mentor(person(14.0, exposure=0.3), 14.0, P)
    assert could_use_mentor(person(14.0, stage=EXPOSED), 14.0, P)
    assert not could_use_mentor(person(14.0, exposure=P.exposed), 14.0, P)
    assert not could_use_mentor(person(14.0, stage=EXPOSED, mentored=1), 14.0, P)
    assert not could_use_mentor(person(11.9, stage=EXPOSED), 11.9, P)
    assert not could_use_mentor(person(24.0, stage=EXPOSED), 24.0, P)


def test_a_plan_is_for_somebody_who_is_involved_or_has_a_record_and_has_problems():
    assert could_use_plan(person(30.0, stage=FAVOURS), HOME, 30.0, P)
    assert could_use_plan(person(30.0, convictions=1), HOME, 30.0, P)
    assert not could_use_plan(person(30.0), HOME, 30.0, P)
    assert not could_use_plan(person(30.0, convictions=1, plan_domains=3), HOME, 30.0, P)
    assert not could_use_plan(person(35.0, convictions=1), HOME, 35.0, P)
    assert not could_use_plan(person(30.0, convictions=1, **WELL), HOME, 30.0, P)


@pytest.mark.parametrize(
    ("age", "problem", "home"),
    [
        (15.0, {"school_bond": 0.4}, {}), (25.0, {"education": 0}, {}), (25.0, {"work_bond": 0.0}, {}), (15.0, {"debt": 0.6}, {}),
        (15.0, {"health": 0.5}, {}), (15.0, {"peers": 1}, {}), (15.0, {"exposure": 0.3}, {}), (15.0, {}, {"involved": 1}),
        (15.0, {"stage": FAVOURS}, {"involved": 1}), (15.0, {}, {"trauma": 0.5}), (15.0, {}, {"closed": 0.7}),
        (15.0, {}, {"poverty": 0.9}),
    ],
)  # fmt: skip
def test_each_problem_counts_for_one_life_domain(age, problem, home):
    assert needs(person(age, **WELL), HOME, age, P) == 0
    assert needs(person(age, **{**WELL, **problem}), one("household", **home), age, P) == 1


def test_somebody_who_is_exactly_as_healthy_as_is_asked_has_no_problem_with_health():
    around = (UNHEALTHY - 0.01, UNHEALTHY, UNHEALTHY + 0.01)
    assert [needs(person(15.0, **{**WELL, "health": health}), HOME, 15.0, P) for health in around] == [1, 0, 0]


def test_problems_in_all_life_domains_are_six():
    worst = person(25.0, debt=0.9, health=0.3, peers=2)
    assert needs(worst, one("household", poverty=0.9, trauma=1.0), 25.0, P) == 6


def test_trust_lets_help_through_and_a_closed_family_does_not():
    assert p_reached(person(), HOME, P) == P.reach
    assert p_reached(person(trust_frontline=1.0), HOME, P) == 1.0
    assert p_reached(person(trust_frontline=1.0), one("household", closed=0.8), P) == pytest.approx(0.2)
    assert p_reached(person(), one("household", closed=1.0), P) == 0.0


def test_free_places_go_by_lot_among_those_who_could_use_them():
    for at_risk, share in ((100, 0.1), (10, 1.0), (5, 1.0)):
        patch = one("patch", youths=200, residents=1_000, at_risk=at_risk, eligible=at_risk, mentored=6, planned=6)
        crowd = people(1_500, 14.0, stage=EXPOSED, trust_frontline=1.0)
        for who in crowd:  # 16 places, 10 of them free
            fill(who, HOME, patch, lever(mentor_places=8.0, plan_places=16.0, plan_domains=1.0), 14.0, P, lot(), TODAY)
        for helped in ([who.mentored for who in crowd], [who.plan_domains for who in crowd]):
            assert np.mean(helped) == (share if share == 1.0 else pytest.approx(share, abs=0.02))


def test_a_plan_lasts_its_weeks_and_helps_in_the_domains_where_there_are_problems():
    worst = {"stage": FAVOURS, "trust_frontline": 1.0, "debt": 0.9}  # school, work, debt, peers
    for offered, fields, matched in ((4.0, worst, 4), (3.0, worst, 3), (6.0, worst, 4), (4.0, {**worst, **WELL}, 2)):
        patch, who = one("patch", residents=1_000, eligible=1, at_risk=1), person(20.0, **fields)
        fill(who, HOME, patch, lever(plan_places=5.0, plan_domains=offered), 20.0, P, lot(), TODAY)
        assert (who.plan_domains, who.plan_until) == (matched, TODAY + int(P.length))


def test_nobody_is_helped_where_all_places_are_taken():
    full, who = one("patch", youths=200, at_risk=1, eligible=1, mentored=16), person(14.0, stage=EXPOSED, trust_frontline=1.0)
    fill(who, HOME, full, lever(mentor_places=8.0), 14.0, P, lot(), TODAY)
    assert who.mentored == 0
    patches = rows("patch", 4, quarter=np.arange(4))
    assert not any_place(patches, levers())
    assert any_place(patches, levers(plan_places=[0.0, 0.0, 0.0, 2.0]))


def test_a_patch_knows_who_has_help_and_who_could_use_it():
    patch = one("patch")
    count(
        patch,
        person(14.0, id=1, mentored=1, stage=EXPOSED),
        HOME,
        14.0,
        parameters("mentoring_and_plans", length=1e9),
        lot(),
    )
    count(patch, person(20.0, id=2, plan_domains=3, stage=FAVOURS, mentored=0), HOME, 20.0, P, lot())
    assert (patch.mentored, patch.planned, patch.at_risk, patch.eligible) == (1, 1, 1, 1)
    left = person(14.0, id=3, mentored=1)
    count(patch, left, HOME, 14.0, parameters("mentoring_and_plans", length=1.0), lot())
    assert (left.mentored, patch.mentored) == (0, 1)


def test_help_comes_to_those_within_reach():
    for trust, closed, sure in ((1.0, 0.0, 1.0), (1.0, 1.0, 0.0)):
        world = Simulation(Scenario(people=300, years=1), events=True).world
        youths = world.actors[: world.tile_index["youths"][0]]
        youths = youths[world.people["born"][youths] < -12 * 52]
        world.at_stake[: youths.size], world.tile_index["at_stake"] = youths, youths.size
        for name, value in {"stage": EXPOSED, "trust_frontline": trust, "debt": 0.9}.items():
            world.people[name][youths] = value
        world.households["closed"] = closed
        world.patches["youths"], world.patches["residents"] = 10_000, 100_000  # places for everybody
        mentoring_and_plans(executable(world), P, levers(mentor_places=50.0, plan_places=50.0, plan_domains=6.0), 1, 1)
        assert np.mean(world.people["mentored"][youths]) == pytest.approx(sure, abs=0.1)
        planned = youths[world.people["plan_domains"][youths] > 0]
        assert planned.size / youths.size == pytest.approx(sure, abs=0.1)
        begun = happened(world)
        assert sorted(begun["who"][begun["kind"] == PLAN_STARTED]) == sorted(world.people["id"][planned])
        mentoring_and_plans(executable(world), P, levers(plan_places=50.0, plan_domains=6.0), 1, 2)
        assert happened(world).size == begun.size, "somebody who has a plan begins no other"


def test_somebody_who_makes_friends_in_a_group_does_so_with_somebody_of_the_quarter_who_is_no_friend_and_no_housemate():
    places = rows("place", 2, quarter=[0, 1])
    youths = rows("person", 5, id=[1, 2, 3, 4, 5], household=[0, 0, 1, 2, 3], home=[0, 0, 0, 0, 1])
    friends = rows("friend", FRIENDS)
    friends[0].row, friends[0].id = 2, 3
    group = np.arange(5)
    assert likes_best(youths, places, youths[0], friends, group, lot()) == 3
    assert likes_best(youths, places, youths[0], friends, group[:3], lot()) == NOBODY


@pytest.mark.parametrize("places", [50.0, 1.0, 0.0])
def test_a_group_takes_youths_off_the_street_and_makes_some_of_them_friends(places):
    world = Simulation(Scenario(people=300, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    youths = youths[world.people["born"][youths] < -12 * 52]
    world.at_stake[: youths.size], world.tile_index["at_stake"] = youths, youths.size
    world.people["stage"][youths], world.people["trust_frontline"][youths] = EXPOSED, 1.0
    world.people["active"], world.households["closed"], world.patches["youths"] = 0, 0.0, 10_000  # places for everybody
    before = world.friends["row"].copy()
    mentoring_and_plans(executable(world), P, levers(group_places=places), 1, COURSE)
    joined = world.people["active"] == COURSE
    assert joined.sum() == world.tally["grouped"][0]
    assert (joined.sum() > 0.9 * youths.size) == (places > 0.0)  # all but who has turned 24 since
    new = (world.friends["row"] != before).any(axis=1)
    assert not (new & ~joined).any()
    assert new.sum() == pytest.approx(P_BEFRIENDS * joined.sum(), rel=0.35)


def test_places_in_groups_go_by_lot_among_the_youths_at_risk():
    world = Simulation(Scenario(people=100, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    youths = youths[(world.people["born"][youths] < -12 * 52) & (world.people["born"][youths] > -20 * 52)]
    world.at_stake[: youths.size], world.tile_index["at_stake"] = youths, youths.size
    world.people["stage"][youths], world.people["trust_frontline"][youths] = EXPOSED, 1.0
    world.households["closed"], world.places["quarter"], world.patches["youths"] = 0.0, 0, 100
    for share in (1.0, 0.5):  # places for so many of those at risk
        world.tally["grouped"] = 0
        for seed in range(60):
            world.people["active"] = 0
            places = levers(group_places=[share * youths.size, 0.0, 0.0, 0.0])
            mentoring_and_plans(executable(world), P, places, seed, COURSE)
            assert (world.people["active"] > 0).sum() <= youths.size
        joined = world.tally["grouped"][0] / (60 * youths.size)
        assert joined == 1.0 if share == 1.0 else joined == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize(
    ("age", "seen"), [(PLAN_FROM - 0.02, 0), (PLAN_FROM, 1), (PLAN_UNTIL + LAST - 0.02, 1), (PLAN_UNTIL + LAST, 0)]
)
def test_somebody_who_has_a_plan_is_counted_from_twelve_on_until_the_last_one_ends(age, seen):
    world = Simulation(Scenario(people=60, years=1)).world
    row = world.at_stake[0] = world.actors[0]
    world.people["born"][row], world.people["plan_domains"][row], world.tile_index["at_stake"] = born(age), 2, 1
    for _ in range(2):  # counted anew each week
        world.tally["in_plan"] = 0
        mentoring_and_plans(executable(world), P, levers(), 1, TODAY)
        assert world.tally["in_plan"][0] == world.patches["planned"].sum() == seen


def test_a_group_meets_once_in_a_course():
    world = Simulation(Scenario(people=300, years=1)).world
    world.people["stage"][world.people["present"] == 1] = EXPOSED
    mentoring_and_plans(executable(world), P, levers(group_places=50.0), 1, COURSE + 1)
    assert world.tally["grouped"][0] == 0
