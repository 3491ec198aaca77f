"""Recruitment: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.recruitment import (
    COUNTS,
    DEEPER_LATER,
    REL_DEBT,
    REL_TRAUMA,
    SLOWLY,
    age_window,
    aim,
    binds,
    count_channel,
    drawn,
    has_adult,
    hazard,
    readiness,
    recruitment,
    relative_risk,
    returning,
    tying,
)
from kantelpunt.model.shared.offers import YEARS_APART, channel, closeness, lacking, most_reach, reach
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    BY_FRIEND,
    BY_KIN,
    BY_PLACE,
    BY_SCHOOL,
    EXPOSED,
    FAVOURS,
    NOBODY,
    NONE,
    OFFER,
    ONLINE,
    RECRUITED,
    RUNNER,
    TIED_IN,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, array, levers, one, parameters, person, rows, tally

P = parameters("recruitment")
HOME = one("household")


def test_susceptibility_peaks_in_early_adolescence_and_ends_at_forty():
    assert age_window(P.age_centre, P) == 1.0
    assert age_window(P.age_centre - P.age_spread, P) == pytest.approx(0.6065, abs=1e-3)
    assert age_window(7.99, P) == age_window(40.0, P) == 0.0
    assert age_window(30.0, P) == P.late
    assert age_window(8.0, P) < P.late  # young children have no tail


def test_people_of_exactly_fourteen_eighteen_and_twenty_five_are_within_reach():
    assert all(age_window(age, P) > 0.0 for age in (8.0, 14.0, 18.0, 25.0, 39.99))


def test_relative_risks_multiply():
    idle = person(20.0)
    assert relative_risk(idle, HOME, False, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, convictions=1), HOME, False, 20.0, P) == pytest.approx(P.rel_idle * P.rel_record)
    assert relative_risk(person(20.0, debt=0.6), HOME, False, 20.0, P) == pytest.approx(P.rel_idle * REL_DEBT)
    assert relative_risk(person(20.0, debt=0.5), HOME, False, 20.0, P) == pytest.approx(P.rel_idle)
    assert relative_risk(person(20.0, male=0), HOME, False, 20.0, P) == pytest.approx(P.rel_idle * P.female)
    assert relative_risk(person(20.0, propensity=2.0), HOME, False, 20.0, P) == pytest.approx(P.rel_idle * 2.0)
    assert relative_risk(idle, one("household", trauma=1.0), False, 20.0, P) == pytest.approx(P.rel_idle * REL_TRAUMA)


def test_school_binds_until_eighteen_and_work_after():
    assert binds(person(15.0, school_bond=0.6), 15.0) and not binds(person(15.0, work_bond=0.6), 15.0)
    assert binds(person(20.0, work_bond=0.6), 20.0) and not binds(person(20.0, school_bond=0.6), 20.0)
    pupil = person(15.0, school_bond=0.6)
    assert relative_risk(pupil, HOME, False, 15.0, P) == pytest.approx(P.rel_bond)


def test_one_trusted_adult_is_enough():
    assert relative_risk(person(14.0), HOME, True, 14.0, P) == pytest.approx(P.rel_adult)
    assert has_adult(person(14.0, mentored=1), 0.0, P)
    assert has_adult(person(14.0, trust_frontline=0.6), 0.4, P)
    assert not has_adult(person(14.0, trust_frontline=0.2), 0.4, P)
    assert not has_adult(person(14.0, trust_frontline=0.6), 0.0, P)


def test_norms_that_pull_apart_raise_the_risk():
    torn = person(14.0, norm_home=0.0, norm_school=0.2, norm_street=0.8)
    assert relative_risk(torn, HOME, False, 14.0, P) == pytest.approx(1.0 + 0.8 * (P.rel_discord - 1.0))


def test_the_hazard_grows_with_exposure_and_room_and_differs_by_stage():
    open_place, half = one("place", criminal_opportunity=1.0), one("place", criminal_opportunity=0.5)
    fair = {"pull": 0.5, "prospects": 0.5}  # drawn neither way
    assert drawn(person(**fair)) == 1.0
    for stage, base, age in ((NONE, P.exposing, P.age_centre), (FAVOURS, P.deepening, P.age_centre + DEEPER_LATER)):
        youth = person(age, stage=stage, exposure=0.4, school_bond=0.0, **fair)
        risk = relative_risk(youth, HOME, False, age, P)
        assert readiness(youth, HOME, open_place, False, age, P) == pytest.approx(risk)
        assert readiness(youth, HOME, half, False, age, P) == pytest.approx(0.5 * risk)
        assert hazard(youth, 0.5, P, 100_000) == pytest.approx(0.2 * base)
    assert hazard(person(P.age_centre, **fair), 1.0, P, TODAY) == 0.0


def test_nobody_goes_deeper_before_a_crew_trusts_them():
    fresh = person(16.0, stage=FAVOURS, stage_since=TODAY, exposure=0.5)
    grown = [hazard(fresh, 0.5, P, TODAY + weeks) for weeks in (0, SLOWLY, 1_000)]
    assert grown[0] == 0.0 and grown[1] == pytest.approx((1.0 - np.exp(-1.0)) * grown[2], rel=1e-3)


def test_somebody_who_left_a_crew_refuses_at_first_and_later_accepts_sooner_than_others():
    left = [returning(person(20.0, left_week=TODAY - weeks), P, TODAY) for weeks in (0, 1, 13, int(P.resolve), 1_000)]
    assert left[0] == 0.0 and left == sorted(left) and left[1] < 1.0
    assert left[3] == pytest.approx(P.rel_former * (1.0 - np.exp(-1.0)))
    assert left[4] == pytest.approx(P.rel_former) and returning(person(20.0), P, TODAY) == 1.0


def test_a_former_member_is_drawn_to_the_edge_like_anybody_else():
    known, new = person(20.0, left_week=TODAY - 200), person(20.0)
    assert relative_risk(known, HOME, False, 20.0, P) == relative_risk(new, HOME, False, 20.0, P)


def test_recruiters_aim_at_who_needs_money_and_is_not_watched_over():
    assert aim(person(14.0, debt=0.5), False, P) == pytest.approx(1.0)
    assert aim(person(14.0, debt=1.0), False, P) == pytest.approx(1.5)
    assert aim(person(14.0, debt=0.5, active=1), False, P) == pytest.approx(1.0 - P.guarded)
    assert aim(person(14.0, debt=0.5), True, P) == pytest.approx(1.0 - P.guarded)


def test_nobody_is_tied_in_once_the_crew_has_its_core():
    runner = person(25.0, stage=RUNNER, crew=0, debt=0.5)
    assert tying(runner, rows("crew", 1, members=10, core=0), P) == pytest.approx(P.tying)
    assert tying(runner, rows("crew", 1, members=10, core=2), P) == 0.0
    assert tying(person(25.0, stage=RUNNER, crew=NOBODY), rows("crew", 1), P) == 0.0


def test_debts_and_norms_of_the_street_tie_a_runner_in_while_the_crew_lacks_a_core():
    for debt, norm in ((0.0, 0.0), (0.6, 0.0), (0.0, 0.9), (0.4, 0.3)):
        runner, lacking_half = (
            person(25.0, stage=RUNNER, crew=0, debt=debt, norm_street=norm),
            rows("crew", 1, members=10, core=1),
        )
        need = 1.0 - 1.0 / max(10 * P.core, 1.0)
        assert tying(runner, lacking_half, P) == pytest.approx(P.tying * (0.5 + debt + norm) * need)


@pytest.mark.parametrize(
    ("how", "name"), [(BY_FRIEND, "friends"), (BY_KIN, "kin"), (BY_PLACE, "place"), (BY_SCHOOL, "school"), (ONLINE, "online")]
)
def test_somebody_who_accepts_is_counted_once_by_the_channel(how, name):
    counts = tally()
    count_channel(how, counts)
    told = {channel: getattr(counts, channel) for channel in COUNTS if channel.startswith("recruited_")}
    assert {channel for channel, n in told.items() if n == 1} == {f"recruited_by_{name}" if how != ONLINE else "recruited_online"}
    assert sum(told.values()) == 1


@pytest.mark.parametrize(
    ("stage", "exposure", "slides"), [(NONE, 1.0, True), (NONE, 0.0, False), (FAVOURS, 1.0, True), (TIED_IN, 1.0, False)]
)
def test_company_draws_on_who_has_any_and_nobody_beyond_the_core(stage, exposure, slides):
    world = meeting()
    given = {"stage": stage, "exposure": exposure, "crew": 1 if stage >= FAVOURS else NOBODY, "born": PUPIL, "next_stage": 0}
    for name, value in given.items():
        world.people[name][AT_THE_EDGE] = value
    eager, went = parameters("recruitment", exposing=50.0, deepening=50.0), set()
    for week in range(1, 30):
        recruitment(executable(world), eager, levers(), 1, week)
        went.add(int(world.people["next_stage"][AT_THE_EDGE]))
    assert went <= {stage, stage + 1} and (stage + 1 in went) == slides
    world.people["detained_until"][AT_THE_EDGE] = 100
    recruitment(executable(world), eager, levers(), 1, 30)
    assert world.people["next_stage"][AT_THE_EDGE] == stage, "nobody slides in detention"


def test_a_crew_looks_for_hands_as_far_as_it_lacks_them():
    assert lacking(one("crew", vacancies=6.0, members=2)) == 0.75
    assert lacking(one("crew", vacancies=6.0)) == 1.0
    assert lacking(one("crew", members=5)) == lacking(one("crew")) == 0.0


PUPIL, ADULT = -15 * 52, -30 * 52
AT_THE_EDGE, RECRUITER = 0, 1


def meeting(stage=RUNNER, vacancies=5.0, week=1, **ties):
    """Return a world in which one person at the edge of crews, ready for anything, and one member of a crew are at stake."""
    world = Simulation(Scenario(people=60, years=1)).world
    world.people["stage"], world.people["crew"], world.crews["present"] = NONE, NOBODY, 0
    homes = np.flatnonzero(world.households["size"] > 0)
    for row, home in ((AT_THE_EDGE, homes[0]), (RECRUITER, homes[-1])):
        cell = world.households["home"][home]
        for name, value in {"present": 1, "born": ADULT, "household": home, "home": cell, "place": cell, "in_public": 0}.items():
            world.people[name][row] = value
        world.friends["row"][row] = NOBODY
    world.relatives["household"] = NOBODY
    world.people["stage"][[AT_THE_EDGE, RECRUITER]] = EXPOSED, stage
    for name, value in {"pull": 1.0, "prospects": 0.0, "propensity": 50.0, "male": 1, "debt": 0.5}.items():
        world.people[name][AT_THE_EDGE] = value
    world.people["crew"][RECRUITER] = 1
    world.crews["present"][1], world.crews["vacancies"][1], world.crews["members"][1] = 1, vacancies, 0
    world.places["criminal_opportunity"] = world.places["concealment"]
    world.at_stake[:2], world.tile_index["at_stake"] = (AT_THE_EDGE, RECRUITER), 2
    return world


def befriend(world):
    """Let the one at the edge count the recruiter among their friends."""
    world.friends["row"][AT_THE_EDGE, 2], world.friends["id"][AT_THE_EDGE, 2] = RECRUITER, world.people["id"][RECRUITER]


def make_kin(world):
    """Link the two households."""
    mine, theirs = world.people["household"][[AT_THE_EDGE, RECRUITER]]
    world.relatives["household"][mine, 1], world.relatives["id"][mine, 1] = theirs, world.households["id"][theirs]


def put_together(world):
    """Let both spend the week in one place."""
    world.people["in_public"][[AT_THE_EDGE, RECRUITER]] = 1
    world.people["place"][[AT_THE_EDGE, RECRUITER]] = world.people["home"][RECRUITER]


def send_to_school(world):
    """Let both be pupils of one school."""
    world.people["born"][[AT_THE_EDGE, RECRUITER]] = PUPIL
    homes = world.people["home"][[AT_THE_EDGE, RECRUITER]]
    world.places["near_school"][homes] = world.places["near_school"][homes[0]]


@pytest.mark.parametrize(
    ("tie", "how", "stages"),
    [
        (befriend, BY_FRIEND, (FAVOURS, RUNNER, TIED_IN)),
        (make_kin, BY_KIN, (FAVOURS, RUNNER, TIED_IN)),
        (put_together, BY_PLACE, (FAVOURS, RUNNER)),
        (send_to_school, BY_SCHOOL, (FAVOURS, RUNNER)),
        (lambda world: None, ONLINE, (RUNNER,)),
    ],
)
def test_everybody_asks_friends_and_kin_the_core_nobody_else_and_only_runners_ask_strangers_online(tie, how, stages):
    for stage in (FAVOURS, RUNNER, TIED_IN):
        world = meeting(stage)
        tie(world)
        assert channel(executable(world), AT_THE_EDGE, RECRUITER, 1) == (how if stage in stages else NOBODY)


def test_offers_in_a_place_and_at_school_are_between_people_of_like_age():
    asked, peer, older = (person(age) for age in (14.0, 14.0, 14.0 + YEARS_APART))
    for how in (BY_PLACE, BY_SCHOOL):
        assert closeness(asked, peer, how) == 1.0
        assert closeness(asked, older, how) == closeness(older, asked, how) == pytest.approx(0.6065, abs=0.01)
    for how in (BY_FRIEND, BY_KIN, ONLINE):
        assert closeness(asked, older, how) == 1.0


def test_kin_ask_less_readily_than_friends():
    brothers = parameters("recruitment", kin=0.4)
    assert reach(BY_KIN, 0.0, 2.0, brothers) == pytest.approx(0.4 * reach(BY_FRIEND, 0.0, 2.0, brothers))
    assert reach(BY_KIN, 1.0, 2.0, brothers) == pytest.approx(reach(BY_FRIEND, 1.0, 2.0, brothers))  # crime is part of the family
    assert max(reach(how, 1.0, 2.0, brothers) for how in (BY_FRIEND, BY_KIN, BY_PLACE, BY_SCHOOL, ONLINE)) <= most_reach(
        2.0, brothers
    )


def test_people_begin_before_they_go_deeper():
    fair = {"pull": 0.5, "prospects": 0.5, "exposure": 0.5, "school_bond": 0.6}
    for stage, riper in ((EXPOSED, 13.0), (FAVOURS, 17.0)):
        ready = {
            age: readiness(person(age, stage=stage, **fair), HOME, one("place", criminal_opportunity=1.0), False, age, P)
            for age in (13.0, 17.0)
        }
        assert max(ready, key=ready.get) == riper


def test_somebody_who_accepts_works_for_the_crew_of_the_one_who_asked_and_the_log_names_both():
    world = meeting()
    befriend(world)
    world = world._replace(events=array("event", 100))
    sure = parameters("recruitment", network=0.4)
    weeks = [week for week in range(1, 60) if not recruitment(executable(world), sure, levers(), 1, week)]
    told = world.events[1 : world.events["who"][0] + 1]
    assert len(weeks) == 59 and 5 < (told["kind"] == OFFER).sum() == (told["kind"] == RECRUITED).sum() < 55
    for event in told:
        assert event["who"] == world.people["id"][AT_THE_EDGE] and event["whom"] == world.people["id"][RECRUITER]
        assert event["value"] == BY_FRIEND
    assert world.people["crew"][AT_THE_EDGE] == 1
    assert world.tally["offers"].sum() == world.tally["recruited_by_friends"].sum() == (told["kind"] == OFFER).sum()


def test_somebody_who_has_just_left_a_crew_is_asked_and_refuses():
    world = meeting()
    befriend(world)
    sure = parameters("recruitment", network=0.4)
    for week in range(1, 60):
        world.people["left_week"][AT_THE_EDGE] = week
        recruitment(executable(world), sure, levers(), 1, week)
    assert world.tally["offers"].sum() > 5 and world.tally["recruited_by_friends"].sum() == 0


@pytest.mark.parametrize("missing", ["members", "vacancies", "liberty", "crew"])
def test_without_somebody_who_asks_for_a_crew_that_lacks_hands_nobody_moves(missing):
    world = meeting(vacancies=0.0 if missing == "vacancies" else 5.0)
    befriend(world)
    world.people["stage"][RECRUITER] = EXPOSED if missing == "members" else RUNNER
    world.people["detained_until"][RECRUITER] = 100 if missing == "liberty" else 0
    world.people["crew"][RECRUITER] = NOBODY if missing == "crew" else 1
    for week in range(1, 100):
        recruitment(executable(world), P, levers(), 1, week)
        assert world.people["next_stage"][AT_THE_EDGE] == EXPOSED


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
