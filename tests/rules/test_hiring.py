"""Hiring: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.rules.hiring import (
    BALANCE,
    CONTRACT,
    GRIP,
    PULL,
    TAUGHT,
    asks_experience,
    begin,
    fte_of,
    hiring,
    is_filled,
    look_anew,
    needed,
    time_of,
)
from kantelpunt.model.rules.workforce import facilities
from kantelpunt.model.shared.posts import at_desks, where_asked
from kantelpunt.model.simulation import Simulation, digest
from kantelpunt.model.state.codes import CARE, CONTACT, HIRED, HOT_SPOT, NEVER, PERMANENT, POLICE, SAFETY, WELFARE
from kantelpunt.model.state.world import executable
from tests.rules.examples import lever, levers, lot, one, parameters, rows

P = parameters("hiring")


def town(people=1_000):
    """Return a neighbourhood at its start, a quarter of whose people live in each quarter."""
    world = Simulation(Scenario(people=people, years=1)).world
    world.patches["residents"] = people / 4
    return world


def hire(world, week, p=P, **given):
    """Let one week of hiring pass."""
    hiring(executable(world), p, levers(**given), 1, week)


def test_staff_is_as_many_full_time_jobs_as_the_figures_say():
    assert fte_of(POLICE, P) == P.fte_police
    assert fte_of(WELFARE, P) == P.fte_welfare
    assert fte_of(CARE, P) == P.fte_other


@pytest.mark.parametrize(("people", "police", "welfare"), [(1_000, 1, 1), (2_000, 1, 2), (2_800, 1, 3)])
def test_persons_round_up_and_hours_scale(people, police, welfare):
    staff = town(people).professionals
    for organisation, persons in ((POLICE, police), (WELFARE, welfare)):
        own = staff[(staff["organisation"] == organisation) & (staff["kind"] == PERMANENT) & (staff["present"] == 1)]
        assert own.size == persons
        assert own["hours"].sum() == pytest.approx(CONTRACT * fte_of(organisation, P) * people / 1_000, rel=0.01)
    assert not staff["present"][staff["kind"] != PERMANENT].any()


def test_a_programme_has_as_many_posts_as_its_hours_ask_for_and_they_do_not_come_and_go():
    assert [needed(hours, 0, P) for hours in (0.0, 1.0, P.full_time, P.full_time + 1.0)] == [0, 1, 1, 2]
    assert [needed(hours, 3, P) for hours in (0.0, 1.4 * P.full_time, 1.6 * P.full_time, 3.1 * P.full_time)] == [0, 2, 3, 4]


@pytest.mark.parametrize(
    ("hours", "kind", "other"), [("presence_hours", CONTACT, HOT_SPOT), ("hotspot_hours", HOT_SPOT, CONTACT)]
)
def test_a_programme_has_no_more_posts_than_there_is_room_for_and_shares_its_hours_among_them(hours, kind, other):
    world = town(200)
    own, staff = world.professionals["kind"] == kind, world.professionals["hours"][world.professionals["kind"] == PERMANENT]
    for asked, posts in ((100_000.0, own.sum()), (1.0, 1), (0.0, 0)):
        hire(world, 1, **{hours: asked})
        given = world.professionals["hours"][own]
        assert np.count_nonzero(given) == posts and given.sum() == pytest.approx(asked * 0.2)
        assert given[given > 0.0] == pytest.approx(asked * 0.2 / max(posts, 1)), "as many each"
        assert not world.professionals["hours"][world.professionals["kind"] == other].any()
        assert (world.professionals["hours"][world.professionals["kind"] == PERMANENT] == staff).all()


def test_somebody_who_is_there_at_the_start_came_within_two_years_each_as_likely():
    world, since = town(60), []
    every = executable(world)
    for number in range(600):
        begin(every, every.professionals[0], number, 1.0, P, lot(), 0)
        since.append(int(world.professionals["since"][0]))
    assert (min(since), max(since)) == (-103, 0) and np.mean(since) == pytest.approx(-51.5, abs=4)


def test_people_of_a_programme_come_after_weeks_make_its_hours_and_leave_when_it_ends():
    world, there, asked = town(), [], 80.0
    for week in range(1, 20):
        hire(world, week, presence_hours=asked)
        own = world.professionals[world.professionals["kind"] == CONTACT]
        there.append(int(own["present"].sum()))
        assert own["hours"].sum() == pytest.approx(asked)
    assert there[0] == 0 and there == sorted(there) and there[-1] == 3
    first = next(week for week, n in enumerate(there, 1) if n)
    assert 1 + int(0.5 * P.vacancy) <= first <= 1 + int(1.5 * P.vacancy)
    left = world.tally["staff_left"][0]
    hire(world, 20)
    assert not world.professionals["present"][world.professionals["kind"] == CONTACT].any()
    assert world.tally["staff_left"][0] == left + 3


def test_staff_for_hot_spots_is_lent_and_so_may_that_for_contact_be():
    assert time_of(one("professional", kind=PERMANENT), lever(hiring_time=0.0)) == 1.0
    assert time_of(one("professional", kind=HOT_SPOT), lever(hiring_time=2.0)) == 0.0
    assert time_of(one("professional", kind=CONTACT), lever(hiring_time=2.0)) == 2.0
    world = town()
    hire(world, 1, presence_hours=40.0, hotspot_hours=20.0, hiring_time=0.0)
    assert world.professionals["present"][world.professionals["kind"] != PERMANENT].sum() == 3


def test_a_vacancy_takes_its_weeks_by_lot_and_at_the_start_none_stands_open():
    waits = []
    for number in range(20):
        for week, time, open_at_once in ((0, 1.0, True), (30, 0.0, True), (30, 1.0, False)):
            post = one("professional", filled=NEVER)
            assert is_filled(post, number, time, parameters("hiring", vacancy=20.0), lot(), week) == open_at_once
        waits.append(post.filled - 30)
        assert not is_filled(post, number, 1.0, P, lot(), post.filled - 1) and is_filled(post, number, 1.0, P, lot(), post.filled)
    assert 10 <= min(waits) < 15 < 25 < max(waits) <= 30


def test_a_vacancy_stands_open_and_a_successor_is_somebody_else():
    world = town()
    before, slow = world.professionals[0].copy(), parameters("hiring", vacancy=20.0)
    world.professionals["present"][0], world.professionals["nth"][0], world.professionals["filled"][0] = 0, 1, -10_000
    weeks = 1
    while not world.professionals["present"][0]:
        hire(world, weeks, slow)
        weeks += 1
    after = world.professionals[0]
    assert 10 <= weeks <= 32
    assert after["since"] == weeks - 1 and after["id"] != before["id"]
    for name in ("skill", "courage", "situational", "cultural", "awareness"):
        assert after[name] != before[name]


def test_somebody_who_begins_depends_on_the_post_and_its_past_and_not_on_when():
    found = []
    for week in (1, 30):
        world = town()
        world.professionals["present"][0], world.professionals["nth"][0], world.professionals["filled"][0] = 0, 1, 0
        hire(world, week)
        found.append([world.professionals[name][0] for name in ("id", "skill", "courage", "situational", "cultural")])
    assert found[0] == found[1]


def looked_anew(situational=0.2, backing=0.5, maturity=0.0, p=P, **given):
    """Return the situational and cultural logic of somebody of the safety domain after a week."""
    professional = one("professional", situational=situational, cultural=situational, backing=backing, domain=SAFETY)
    look_anew(
        professional,
        facilities(rows("patch", 1, residents=[100], attention=given.pop("attention", 0.0)), levers(**given)),
        maturity,
        p,
    )
    assert professional.situational == professional.cultural  # the same is expected of both
    return professional.situational


def test_the_own_organisation_pulls_less_where_managers_back_and_asks_for_rules_and_results_where_press_and_council_look_on():
    usual = P.situational_safety
    assert looked_anew(usual) == pytest.approx(usual)
    assert looked_anew() == pytest.approx(0.2 + PULL * (usual - 0.2))
    assert looked_anew(0.8, backing=1.0) == pytest.approx(0.8 + 0.5 * PULL * (usual - 0.8))
    assert looked_anew(usual, attention=1.0) == pytest.approx(usual - PULL * GRIP * usual)


def test_training_and_a_team_that_thinks_things_over_bring_logics_into_balance():
    alone = looked_anew(0.2)
    for other, pace in (({"training": 1.0}, TAUGHT), ({"team_share": 1.0, "maturity": 1.0}, TAUGHT)):
        assert looked_anew(0.2, **other) == pytest.approx(alone + pace * (BALANCE - 0.2))
        assert looked_anew(0.9, **other) < looked_anew(0.9)
    assert looked_anew(0.2, maturity=1.0) == alone  # no team


def test_somebody_who_is_chosen_for_the_street_lacks_less_skill_and_courage():
    skills = []
    for selection in (0.0, 1.0):
        world = town()
        world.professionals["present"][0], world.professionals["nth"][0], world.professionals["filled"][0] = 0, 1, 0
        hire(world, 1, selection=selection)
        skills.append((world.professionals["skill"][0], world.professionals["courage"][0]))
    for usual, chosen in zip(*skills, strict=True):
        assert 1.0 - chosen == pytest.approx((1.0 - P.picked) * (1.0 - usual))


def test_a_programme_that_asks_for_experience_gets_people_who_lack_less_and_others_do_not():
    found = []
    for experience in (0.0, 20.0):
        world = town()
        world.professionals["present"][0], world.professionals["nth"][0], world.professionals["filled"][0] = 0, 1, 0
        hire(world, 1, presence_hours=20.0, hiring_time=0.0, experienced_hours=experience)
        hired = world.professionals[(world.professionals["kind"] == CONTACT) & (world.professionals["present"] == 1)]
        found.append((hired["skill"][0], hired["courage"][0], world.professionals["skill"][0]))
    usual, experienced = found
    for name in (0, 1):
        assert 1.0 - experienced[name] == pytest.approx((1.0 - P.picked) * (1.0 - usual[name]))
    assert experienced[2] == usual[2]


@pytest.mark.parametrize(
    ("hours", "own"),
    [
        (0.0, [False] * 4),
        (10.0, [True, False, True, False]),
        (20.0, [True] * 4),
        (5.0, [False, True, False, False]),
        ([20.0, 0.0, 0.0, 0.0], [True, False, False, False]),
        ([0.0, 0.0, 0.0, 20.0], [False, False, False, True]),
    ],
)
def test_a_programme_that_asks_for_experience_hires_so_for_its_own_posts_and_not_for_those_of_others(hours, own):
    patches = rows("patch", 4, public=1, residents=1_000.0, quarter=range(4))
    asked = levers(presence_hours=20.0, experienced_hours=hours)  # a post in each patch
    assert [bool(asks_experience(patches, asked, nth, 20.0)) for nth in range(4)] == own


def test_people_of_a_programme_have_no_desk():
    team = rows("professional", 3, kind=[PERMANENT, CONTACT, PERMANENT], present=[1, 1, 0])
    assert at_desks(team) == 1


def test_hours_are_shared_out_patch_after_patch():
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=[1_000, 2_000, 1_000, 0], public=[3, 3, 0, 3])
    given = levers(presence_hours=10.0)
    found = [where_asked(patches, given, CONTACT, hours) for hours in (0.0, 9.0, 11.0, 29.0, 99.0)]
    assert found == [0, 0, 1, 1, 1], "no place to walk in the third, nobody in the fourth"


def test_a_post_that_nobody_uses_changes_nothing():
    plain = Scenario(people=300, years=1)
    none = plain.changed(interventions=[{"kind": "visible_presence", "hours": 0.0, "actions": 0.0}])
    assert simulate(plain, 1).digest == simulate(none, 1).digest
    ended = Simulation(plain.changed(interventions=[{"kind": "hot_spot_enforcement", "from": 50, "until": 51}]), 1)
    usual = Simulation(plain, 1)
    for world in (ended, usual):
        world.advance(50)
    assert digest(ended.world) == digest(usual.world)


def test_somebody_who_is_there_at_the_start_came_in_the_last_two_years_and_somebody_who_comes_later_is_noted():
    simulation = Simulation(Scenario(people=300, years=1), 1, events=True)
    world = simulation.world
    there = world.professionals[world.professionals["present"] == 1]
    assert ((there["since"] >= -104) & (there["since"] <= 0)).all() and np.unique(there["since"]).size > 1
    world.professionals["present"][0], world.professionals["nth"][0], world.professionals["filled"][0] = 0, 1, 0
    hiring(executable(world), P, levers(), 1, 1)
    hired = world.events[world.events["kind"] == HIRED]
    assert hired["who"].tolist() == [world.professionals["id"][0]] and world.professionals["since"][0] == 1
