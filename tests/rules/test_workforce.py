"""Learning: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.casework import REPRESSIVE, p_solved
from kantelpunt.model.rules.workforce import (
    FIXATION,
    HASTE,
    LUNCH_TURNOUT,
    PRACTICE,
    SKILL_LOSS,
    TIE_LOSS,
    apart,
    brief,
    brought_together,
    cross_tie,
    facilities,
    growth,
    learn,
    mean_awareness,
    meet,
    p_leave,
    workforce,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import CONTACT, PERMANENT, SAFETY, SOCIAL
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, lever, levers, lot, one, parameters, rows

P, casework = parameters("workforce"), parameters("casework")


def test_a_quarter_leaves_in_a_year_and_the_tired_and_unbacked_sooner():
    usual = one("professional", energy=1.0, backing=0.5)
    assert p_leave(usual, lever(), P) == P.turnover
    assert 1.0 - (1.0 - P.turnover) ** 52 == pytest.approx(0.25, abs=0.05)  # p49: 25 (10-45) %
    assert p_leave(one("professional", energy=0.0, backing=0.5), lever(), P) == pytest.approx(P.turnover * (1.0 + P.strain))
    assert p_leave(one("professional", energy=1.0, backing=1.0), lever(), P) == pytest.approx(P.turnover / 2)


def test_extra_backing_holds_people_and_a_tight_labour_market_takes_them():
    usual = one("professional", energy=1.0, backing=0.5)
    assert p_leave(usual, lever(backing=1.0), P) == pytest.approx(P.turnover / 2)
    assert p_leave(usual, lever(rel_turnover=2.0), P) == pytest.approx(2 * P.turnover)


def test_skill_grows_by_practice_seven_times_as_fast_with_a_coach():
    alone, coached = one("professional"), one("professional")
    learn(alone, 0.0, 1.0, P)
    learn(coached, 1.0, 1.0, P)
    assert alone.skill == pytest.approx(PRACTICE)
    assert coached.skill / alone.skill == pytest.approx(7.0)
    master = one("professional", skill=1.0)
    learn(master, 0.0, 1.0, P)
    assert master.skill == pytest.approx(1.0 - SKILL_LOSS)


def test_twice_the_work_that_is_possible_drains():
    swamped = one("professional", workload=2.0, energy=0.5)
    learn(swamped, 0.0, 2.0, P)
    assert swamped.workload == pytest.approx(2.0)
    assert swamped.energy == pytest.approx(0.5 + 0.5 * P.rest - P.rest)
    rested = one("professional", workload=1.0, energy=0.5)
    learn(rested, 0.0, 1.0, P)
    assert rested.energy == pytest.approx(0.5 + 0.5 * P.rest)


def test_people_who_meet_get_to_know_each_other_a_little():
    team, sure = rows("professional", 3, id=[1, 2, 3]), parameters("workforce", chance_meeting=1.0)
    ties = np.zeros((3, 3))
    meet(team, ties, 0.0, 0.0, sure, lot())
    assert ties[0, 1] == ties[1, 0] == pytest.approx(P.meeting)
    meet(team, ties, 0.0, 0.0, sure, lot(TODAY + 1))
    left = P.meeting * (1.0 - TIE_LOSS)
    assert ties[0, 1] == pytest.approx(left + P.meeting * (1.0 - left))
    assert not np.diagonal(ties).any()


def test_without_meetings_ties_fade_in_years():
    team, never = rows("professional", 2, id=[1, 2]), parameters("workforce", chance_meeting=0.0)
    ties = np.full((2, 2), 0.5)
    meet(team, ties, 0.0, 0.0, never, lot())
    assert ties[0, 1] == pytest.approx(0.5 * (1.0 - TIE_LOSS))


def test_lunches_bring_the_domains_together():
    never = parameters("workforce", chance_meeting=0.0)
    met = {}
    for lunches in (0.0, 4.0):
        n = 0
        for week in range(300):
            team, ties = rows("professional", 2, id=[1, 2], domain=[SAFETY, SOCIAL]), np.zeros((2, 2))
            meet(team, ties, lunches, 0.0, never, lot(week))
            n += ties[0, 1] > 0.0
        met[lunches] = n / 300
    assert met[0.0] == 0.0
    assert met[4.0] == pytest.approx(4 * 12 / 52 * LUNCH_TURNOUT**2, abs=0.07)


def test_cases_that_both_domains_solved_bring_them_together():
    team, desks = (
        rows("professional", 5, id=range(5), domain=[SAFETY, SAFETY, SOCIAL, SOCIAL, SOCIAL]),
        rows("desk", 2, joint=[1, 2]),
    )
    joint = brought_together(desks, team, P)
    assert joint == pytest.approx(P.together * 3 / 6)
    others = rows(
        "professional", 8, id=range(8), domain=[SAFETY, SAFETY, SOCIAL, SOCIAL, SOCIAL, SAFETY, SOCIAL, SOCIAL],
        present=[1] * 5 + [0, 0, 1], kind=[PERMANENT] * 7 + [CONTACT],
    )  # fmt: skip
    assert brought_together(desks, others, P) == pytest.approx(joint), "who left or works for a programme has no cases"
    ties, never = np.zeros((5, 5)), parameters("workforce", chance_meeting=0.0)
    meet(team, ties, 0.0, 1.0, never, lot())
    assert (ties[:2, 2:] > 0.0).all() and not ties[:2, :2].any() and not ties[2:, 2:].any()


def test_a_desk_can_what_its_people_can():
    team = rows(
        "professional", 3, domain=[SAFETY, SAFETY, SOCIAL], case_hours=[10.0, 6.0, 20.0], situational=[0.4, 0.8, 0.5],
        cultural=0.5, skill=[1.0, 0.0, 0.5], energy=[1.0, 0.4, 0.2], mandate=[0.2, 0.6, 0.5], awareness=[0.2, 0.4, 0.6],
    )  # fmt: skip
    desk = one("desk")
    brief(desk, SAFETY, team)
    assert (desk.hours, desk.energy) == pytest.approx((16.0, 0.7))
    assert desk.fit == pytest.approx((0.4 * 1.0 + 0.8 * 0.5) / 2)
    assert desk.through == pytest.approx((1.0 - 0.4 * 0.8 + 1.0 - 0.8 * 0.4) / 2)
    assert mean_awareness(team) == pytest.approx(0.4)
    ties = np.array([[0.0, 0.9, 0.2], [0.9, 0.0, 0.4], [0.2, 0.4, 0.0]])
    assert cross_tie(team, ties) == pytest.approx(0.3)  # only between the domains


@pytest.mark.parametrize(
    ("situational", "cultural", "quickness", "fit", "through"),
    [
        (0.5, 0.5, 0.0, 0.5, 0.5),  # in balance
        (0.0, 0.5, -HASTE, 0.0, 1.0),  # institutional: slow, gets it through, does not see what fits
        (1.0, 0.5, HASTE, 1.0, 0.0),  # situational: sees what fits, gets less through
        (0.5, 0.0, HASTE, 0.5 * (1.0 - FIXATION), 0.5),  # instrumental: quick, loses sight of the need
        (0.5, 1.0, -HASTE, 0.5 * (1.0 + FIXATION), 0.5),  # cultural: takes time, sees the need
    ],
)
def test_each_logic_has_its_price_at_the_desk(situational, cultural, quickness, fit, through):
    team = rows("professional", 1, domain=SAFETY, situational=situational, cultural=cultural, skill=1.0, mandate=0.0)
    desk = one("desk")
    brief(desk, SAFETY, team)
    assert (desk.quickness, desk.fit, desk.through) == pytest.approx((quickness, fit, through))


@pytest.mark.parametrize("weight", [1.0, REPRESSIVE], ids=["in time", "escalated"])
@pytest.mark.parametrize("skill", [0.2, 0.4, 1.0])
def test_getting_something_done_asks_for_both_sides_of_a_pair(skill, weight):
    def solved(situational, mandate=0.3):
        desk = one("desk")
        brief(desk, SAFETY, rows("professional", 1, situational=situational, cultural=0.5, skill=skill, mandate=mandate))
        return p_solved(weight * desk.fit, desk.through, casework)

    looks = np.linspace(0.0, 1.0, 101)
    best = looks[np.argmax([solved(each) for each in looks])]
    assert 0.3 < best < 0.9
    assert looks[np.argmax([solved(each, 1.0) for each in looks])] == 1.0  # who may do all gets through without the rules


def test_domains_are_apart_as_far_as_their_balances():
    team = rows("professional", 3, domain=[SAFETY, SAFETY, SOCIAL], situational=[0.2, 0.4, 0.5], cultural=[0.3, 0.3, 0.2])
    assert apart(team) == pytest.approx(0.5 * (0.2 + 0.1))


def test_what_is_done_in_one_quarter_reaches_professionals_in_part():
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=[100, 700, 100, 100])
    everywhere, somewhere = (
        facilities(patches, levers(sirenelunch=2.0)),
        facilities(patches, levers(sirenelunch=[2.0, 0.0, 0.0, 0.0])),
    )
    assert (everywhere.sirenelunch, somewhere.sirenelunch) == pytest.approx((2.0, 0.2))
    assert (somewhere.rel_turnover, somewhere.training, somewhere.teamed) == (1.0, 0.0, 0.0)
    team = facilities(patches, levers(team_share=[0.0, 0.6, 0.0, 0.0], coaching=[0.0, 1.0, 0.0, 0.0]))
    assert (team.teamed, team.coaching) == pytest.approx((0.7, 1.0))


def test_each_thing_done_for_professionals_is_a_mean_over_residents():
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=[100, 700, 150, 50], attention=[0.1, 0.2, 0.4, 0.8])
    weights, given = np.array([0.1, 0.7, 0.15, 0.05]), np.array([0.8, 0.1, 0.4, 0.2])
    levels = ("sirenelunch", "training", "backing", "rel_turnover", "staffing", "selection")
    done = facilities(patches, levers(**dict.fromkeys(levels, given)))
    for level in levels:
        assert getattr(done, level) == pytest.approx(weights @ given), level
    assert done.attention == pytest.approx(weights @ [0.1, 0.2, 0.4, 0.8])
    assert set(facilities(rows("patch", 4, quarter=[0, 1, 2, 3]), levers(training=1.0))) == {0.0}, "where nobody lives"


def test_a_week_of_a_team_is_counted_and_known_at_desks_and_in_quarters():
    for rel_turnover in (0.0, 1e9):
        world = Simulation(Scenario(people=60, years=1)).world
        there = (world.professionals["present"] == 1).sum()
        world.professionals["case_hours"] = 20.0
        world.professionals["awareness"], world.tile_index["maturity"] = 0.3, 0.5
        workforce(executable(world), P, levers(rel_turnover=rel_turnover, team_share=1.0), 1, 1)
        stayed = world.professionals["present"] == 1
        assert world.tally["staff_left"][0] == there - stayed.sum() == (there if rel_turnover else 0)
        assert world.patches["awareness"] == pytest.approx(0.3 if stayed.any() else 0.0)
        assert (world.desks["hours"] > 0.0).any() == (world.desks["energy"] > 0.0).any() == stayed.any()
        assert (world.tile_index["maturity"][0] < 0.1) == (not stayed.any()), "a team that leaves has to begin anew"


def begun(maturity):
    """Return a neighbourhood with this maturity of its team, that had 0.1 without one."""
    return one("tile_index", maturity=maturity, unteamed=0.1)


def test_a_team_matures_slowly_alone_and_sooner_with_a_coach_and_disperses_without():
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=500)
    alone, coached, none = (
        facilities(patches, levers(**given)) for given in ({"team_share": 0.6}, {"team_share": 0.6, "coaching": 1.0}, {})
    )
    assert growth(begun(0.2), alone, 0.0, 0.0, P) == pytest.approx(0.8 * P.alone)
    assert growth(begun(0.2), coached, 0.0, 0.0, P) == pytest.approx(0.8 * P.coached)
    assert growth(begun(0.2), none, 0.0, 0.0, P) == pytest.approx(-0.1 * P.alone)
    assert growth(begun(0.1), none, 0.0, 0.0, P) == 0.0, "without a team it rests"
    assert growth(begun(0.5), alone, 0.5, 0.0, P) < 0.0, "who leaves sets it back"
    assert growth(begun(0.2), alone, 0.0, 1.0, P) == pytest.approx(0.8 * P.alone - 0.2 * P.home), "home organisations pull"
    assert growth(begun(0.2), coached, 0.0, 1.0, P) == growth(begun(0.2), coached, 0.0, 0.0, P), "a coach keeps them out"


def test_where_no_team_works_together_there_is_nobody_to_coach():
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=500)
    beside = facilities(patches, levers(team_share=[0.0, 0.6, 0.0, 0.0], coaching=[1.0, 0.0, 0.0, 0.0]))
    half = facilities(patches, levers(team_share=[0.0, 0.6, 0.6, 0.0], coaching=[0.0, 1.0, 0.0, 0.0]))
    assert (beside.coaching, half.coaching) == pytest.approx((0.0, 0.5))


def test_one_pair_and_one_resident_count_as_many_do():
    team, ties = rows("professional", 2, domain=[SAFETY, SOCIAL]), np.array([[0.0, 0.4], [0.4, 0.0]])
    assert cross_tie(team, ties) == pytest.approx(0.4)
    patches = rows("patch", 4, quarter=[0, 1, 2, 3], residents=[1, 0, 0, 0])
    assert facilities(patches, levers(team_share=0.6, coaching=0.8)).coaching == pytest.approx(0.8)


def test_domains_are_apart_by_the_mean_of_each_however_many_there_are():
    few = rows("professional", 2, domain=[SAFETY, SOCIAL], situational=[0.2, 0.6], cultural=[0.3, 0.9])
    many = rows(
        "professional", 5, domain=[SAFETY] * 2 + [SOCIAL] * 3, situational=[0.2] * 2 + [0.6] * 3, cultural=[0.3] * 2 + [0.9] * 3
    )
    assert apart(few) == pytest.approx(apart(many)) and apart(few) == pytest.approx(0.5 * (0.4 + 0.6))


def test_each_pair_meets_by_luck_of_its_own():
    team, ties = rows("professional", 30, id=range(30)), np.zeros((30, 30))
    meet(team, ties, 0.0, 0.0, parameters("workforce", chance_meeting=0.5), lot())
    met = ties > 0.0
    assert np.array_equal(met, met.T)
    others = [met[i, i + 1 :].mean() for i in range(20)]
    assert 0.0 < min(others) < 0.5 < max(others) < 1.0
