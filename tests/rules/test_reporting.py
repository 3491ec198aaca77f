"""Reporting: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.norms import SCARE
from kantelpunt.model.rules.reporting import (
    CONFIDE,
    RETALIATION,
    SIGN,
    attention,
    be_noticed,
    goes_wrong,
    is_victim,
    keeps_it_in,
    look_at_families,
    make_noticeable,
    noticeable,
    p_act,
    p_confide,
    p_intend,
    p_worry,
    report,
    reporting,
    tell,
    where_seen,
    which,
    witness,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    DEALING,
    DISTURBANCE,
    EXPLOITED,
    EXPOSED,
    FAMILY,
    FAVOURS,
    NOBODY,
    NONE,
    RUNNER,
    SAFETY,
    SOCIAL,
    VIOLENCE,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import array, born, levers, lot, one, parameters, people, person, rows

P = parameters("reporting")


def test_most_who_notice_feel_they_should_report():
    assert p_intend(person(), P) == pytest.approx(P.intend)
    assert p_intend(person(trust_institutions=0.5, usefulness=0.5), P) == pytest.approx(P.intend + P.intend_trust)
    focus, contrast = person(trust_institutions=0.4, usefulness=0.35), person(trust_institutions=0.62, usefulness=0.55)
    assert 0.63 <= p_intend(focus, P) < p_intend(contrast, P) <= 0.79  # Verwey-Jonker 2018


def test_far_fewer_act():
    worried = person(trust_institutions=0.4, usefulness=0.35, fear=0.35, norm_enemy=0.6)
    acts = p_act(worried, 0.0, P)
    assert acts == pytest.approx(
        P.access * (P.use_floor + (1.0 - P.use_floor) * 0.35) * (1.0 - P.fear * 0.35) * (1.0 - P.norm * 0.6)
    )
    assert 0.3 <= acts <= 0.42 < p_intend(worried, P)


def test_usefulness_fear_and_the_norm_decide_and_reachability_helps():
    full = person(usefulness=1.0)
    assert p_act(full, 1.0, P) == pytest.approx(1.0)
    assert p_act(full, 0.0, P) == pytest.approx(P.access)
    assert p_act(person(), 1.0, P) == pytest.approx(P.use_floor)
    assert p_act(person(usefulness=1.0, fear=1.0), 1.0, P) == pytest.approx(1.0 - P.fear)
    assert p_act(person(usefulness=1.0, norm_enemy=1.0), 1.0, P) == pytest.approx(1.0 - P.norm)


def test_one_confides_in_a_worker_whom_one_knows_and_trusts():
    assert p_confide(person(trust_frontline=0.6), 0.5) == pytest.approx(CONFIDE * 0.3)
    assert p_confide(person(trust_frontline=1.0), 0.0) == 0.0


def test_more_that_can_be_seen_is_noticed_by_more_adults():
    eager = parameters("reporting", notice=0.1)
    here = rows("cell_week", 3, visible=[0, 1, 3])
    make_noticeable(here, np.arange(3), eager)
    assert [here[cell].noticeable for cell in range(3)] == pytest.approx([0.0, 0.1, 1.0 - 0.9**3])
    home = one("place", usual_square=1, usual_shop=2)
    assert noticeable(person(place=0), home, here) == here[2].noticeable, "where most went wrong"


def test_one_sees_the_worst_of_where_one_is_and_the_square_and_shop_nearby():
    home = one("place", usual_square=1, usual_shop=2)
    assert where_seen(person(place=0), home, rows("cell_week", 3, visible=[1, 4, 2])) == 1
    assert where_seen(person(place=0), home, rows("cell_week", 3, visible=[1, 1, 1])) == 0


def told_by(p, known, reachability, **fields):
    """Return what each of 2,000 alike people tells, and what was counted."""
    world = Simulation(Scenario(people=60, years=1)).world
    crowd = array("person", 2_000, id=np.arange(2_000), born=born(30.0), **fields)
    counts = np.zeros(1, world.tally.dtype)
    world = executable(world._replace(people=crowd, tally=counts))
    return [tell(world, row, 0, known, reachability, p, lot()) for row in range(2_000)], counts.view(np.recarray)[0]


def test_somebody_who_tells_is_counted_and_nobody_tells_without_intending():
    told, counts = told_by(P, 0.0, 1.0, usefulness=1.0, trust_institutions=0.5)
    assert set(told) == {0, 1}
    assert counts.intended == pytest.approx(2_000 * p_intend(person(usefulness=1.0, trust_institutions=0.5), P), rel=0.05)
    assert np.count_nonzero(told) == counts.intended  # with full usefulness, reachability and no fear everybody acts
    known, _ = told_by(P, 1.0, 0.0, trust_frontline=1.0)
    assert 2 in known


def test_somebody_who_paid_for_talking_keeps_silent_for_a_while():
    for wary, most in ((1, 0), (0, 2)):
        told, _ = told_by(P, 1.0, 1.0, wary=wary, trust_frontline=1.0, usefulness=1.0)
        assert max(told) == most


def test_a_youth_at_risk_is_noticed_on_the_street_by_the_aware():
    street = one("place", presence=8.0, contact_quality=0.5)
    out, inside = (people(4_000, 14.0, in_public=outside, trust_frontline=0.5) for outside in (1, 0))
    seen = [np.mean([be_noticed(who, street, 1.0, P, lot()) for who in crowd]) for crowd in (out, inside)]
    assert seen[0] == pytest.approx(1.0 - np.exp(-8.0 * P.signal * 0.5 - P.school_signal), abs=0.02)
    assert seen[1] == pytest.approx(P.school_signal, abs=0.004)
    assert not any(be_noticed(who, street, 0.0, P, lot()) for who in out)


def test_a_youth_not_at_risk_draws_few_signals_and_fewer_from_those_who_know_what_to_look_at():
    calm, exposed = person(14.0, exposure=P.exposed), person(14.0, stage=EXPOSED)
    assert attention(exposed, 0.5, 0.0, P) == 1.0
    assert attention(person(14.0, exposure=P.exposed + 0.01), 0.5, 0.0, P) == 1.0
    assert attention(calm, 0.0, 0.0, P) == P.confusion
    assert attention(calm, 1.0, 0.0, P) == pytest.approx(P.confusion * (1.0 - P.discern))
    assert attention(calm, 0.0, 1.0, P) == pytest.approx(P.confusion * (1.0 - P.discern))  # facts told from assumptions


def test_a_crew_shields_whom_it_exploits():
    assert attention(person(16.0, stage=RUNNER, victim=EXPLOITED), 0.5, 0.0, P) == pytest.approx(1.0 - P.shield)


def test_what_goes_wrong_in_a_family_shows_by_its_signs_and_the_less_the_more_closed_it_is():
    assert goes_wrong(one("household")) == 0.0
    assert goes_wrong(one("household", involved=2)) == pytest.approx(SIGN)
    assert goes_wrong(one("household", involved=1, closed=0.8)) == pytest.approx(1.0 - (1.0 - SIGN) ** 2)
    assert goes_wrong(one("household", trauma=1.0)) == 1.0
    home = one("place", trust=0.5)
    opened, closed = one("household"), one("household", closed=0.9)
    assert p_worry(opened, home, 0.4, 1.0, P) == pytest.approx(P.worry * 0.9)
    assert p_worry(closed, home, 0.4, 1.0, P) == pytest.approx(0.1 * p_worry(opened, home, 0.4, 1.0, P))
    assert p_worry(one("household", closed=1.0), home, 1.0, 1.0, P) == 0.0


@pytest.fixture
def world():
    """Return a neighbourhood at its start."""
    return Simulation(Scenario(people=300, years=1)).world


def adults_of(world):
    """Return the rows of those of 24 and over."""
    return world.actors[world.tile_index["youths"][0] : world.tile_index["actors"][0]]


def test_what_a_known_worker_is_told_lies_where_it_belongs_and_a_report_lies_with_safety(world):
    social, first, second = parameters("reporting", astray=0.6), *adults_of(world)[:2]
    offence = one("offence", place=int(world.used[0]), kind=DISTURBANCE, visible=1)
    for row, told in ((first, 1), (second, 2)):
        for week in range(1, 40):  # until the nuisance asks for the social domain
            world.tally["confided"] = 0
            world.people["case"][row] = NOBODY
            report(executable(world), row, offence, told, social, lot(week), 1, week)
            case = world.cases[world.people["case"][row]]
            if case["needs"] == SOCIAL:
                break
        assert (case["needs"], case["domain"]) == (SOCIAL, SAFETY if told == 1 else SOCIAL)
        assert world.tally["confided"][0] == told - 1


def seen(world, *kinds, visible=1, who=NOBODY):
    """Let these offences have been committed this week in the first place."""
    listed = world.offences[: len(kinds)]
    listed["id"], listed["kind"], listed["place"] = np.arange(len(kinds)) + 11, kinds, world.used[0]
    listed["visible"], listed["who"], listed["registered"] = visible, who, 0
    world.tile_index["offences"] = len(kinds)
    return executable(world).offences[: len(kinds)]


def test_somebody_sees_one_of_what_can_be_seen_and_a_victim_what_was_done_to_them(world):
    cell, crowd = int(world.used[0]), range(300)
    listed = seen(world, DISTURBANCE, DEALING, VIOLENCE)
    found = np.bincount([which(listed, cell, 1, 0, lot(), who) for who in crowd], minlength=3) / 300
    assert found == pytest.approx([1 / 3] * 3, abs=0.1)
    assert {which(listed, cell, 1, 1, lot(), who) for who in crowd} == {2}
    assert {which(listed, int(world.used[1]), 1, 0, lot(), who) for who in crowd} == {NOBODY}


def test_nobody_reports_what_cannot_be_seen_nor_their_own_deed(world):
    cell = int(world.used[0])
    assert {which(seen(world, DEALING, visible=0), cell, 1, 0, lot(), who) for who in range(100)} == {NOBODY}
    assert {which(seen(world, VIOLENCE, who=1), cell, 1, 0, lot(), who) for who in range(100)} == {NOBODY}
    seen(world, DEALING, visible=0)
    for row in adults_of(world)[:100]:
        witness(executable(world), row, cell, 0, P, levers(reachability=1.0), lot(), 1, 1)
    assert world.tally["noticed"][0] == world.tally["reports"][0] == 0


def test_each_offence_against_people_has_one_victim_among_who_is_out_there():
    here, quiet = rows("cell_week", 1, harmed=1, youths=5, adults=6), rows("cell_week", 1, youths=5, adults=6)
    out = people(4_000, in_public=1)
    assert np.mean([is_victim(who, here, lot()) for who in out]) == pytest.approx(1 / 10, abs=0.015)
    assert not any(is_victim(who, quiet, lot()) for who in out)
    assert not any(is_victim(who, here, lot()) for who in people(200))


def test_one_offence_is_entered_once_however_often_it_is_reported_and_nuisance_is_no_crime(world):
    crime, nuisance = seen(world, VIOLENCE, DISTURBANCE)
    for row, offence in zip(adults_of(world)[:3], (crime, crime, nuisance), strict=True):
        report(executable(world), row, offence, 1, P, lot(), 1, 1)
    told = {name: world.tally[name][0] for name in ("reports", "reported_crimes", "cases_opened")}
    assert told == {"reports": 3, "reported_crimes": 2, "cases_opened": 3}
    books = [world.tally[name][0] for name in ("registered", "registered_crimes", "registered_violence_vandalism")]
    assert books == [2, 1, 1] and world.patches["registered"].sum() == 1


def test_the_same_truth_is_reported_less_where_trust_is_low():
    told = {}
    for trust in (0.2, 0.8):
        world = Simulation(Scenario(people=300, years=1)).world
        seen(world, *[VIOLENCE] * 20)
        for name in ("trust_institutions", "usefulness"):
            world.people[name] = trust
        for row in adults_of(world):
            witness(executable(world), row, int(world.used[0]), 0, P, levers(), lot(), 1, 1)
        told[trust] = world.tally["reports"][0] / world.tally["noticed"][0]
    assert told[0.2] < 0.7 * told[0.8]


def test_nobody_who_is_involved_or_has_a_case_already_or_is_away_reports(world):
    eager = parameters("reporting", intend=0.6, intend_trust=0.3, access=0.98)
    usual, involved, busy, away = adults_of(world)[:4]
    rows_of = [usual, involved, busy, away]
    for name, value in {"trust_institutions": 1.0, "usefulness": 1.0, "fear": 0.0, "norm_enemy": 0.0}.items():
        world.people[name][rows_of] = value
    world.acquaintances["level"][rows_of] = 0.0
    world.people["stage"][rows_of], world.people["stage"][involved] = 0, FAVOURS
    world.people["detained_until"][away], world.people["case"][busy] = 99, 7
    seen(world, DISTURBANCE)
    for row in rows_of:
        witness(executable(world), row, int(world.used[0]), 0, eager, levers(reachability=1.0), lot(), 1, 1)
    assert world.tally["noticed"][0] == world.tally["reports"][0] == world.tally["cases_opened"][0] == 1
    assert world.people["case"][usual] != NOBODY and world.people["case"][involved] == NOBODY


def test_there_is_one_case_about_a_family_at_a_time(world):
    sure = parameters("reporting", worry=0.05)
    world.households["trauma"], world.patches["awareness"], world.places["trust"] = 1.0, 1.0, 1.0
    world.households["closed"] = 0.0
    for week in range(4, 400, 4):
        look_at_families(executable(world), sure, levers(), 1, week)
    about = world.cases["about"][world.cases["kind"] == FAMILY]
    assert about.size > 20 and np.unique(about).size == about.size
    assert world.tally["family_signals"][0] == about.size


SURE = {"notice": 1.0, "intend": 1.0, "access": 1.0, "use_floor": 1.0, "fear": 0.0, "norm": 0.0}


def a_week(*kinds, week=1, changes=SURE, **fields):
    """Return a little town after a week in which these offences were done where half of those who act were, and who was.

    Nobody has a case or is involved yet, no family is closed, and everybody else is at home.
    """
    world = Simulation(Scenario(people=60, years=1)).world
    people, acting = world.people, world.actors[: world.tile_index["actors"][0]]
    people["stage"], people["case"], people["exposure"], world.households["closed"] = NONE, NOBODY, 0.0, 0.0
    world.households["trauma"], world.cases["state"] = 0.0, 0
    people["place"], world.acquaintances["level"] = people["home"], 0.0  # nobody whom one could tell
    cell = int(np.setdiff1d(world.used, [*people["home"], *world.places["usual_square"], *world.places["usual_shop"]])[0])
    people["place"][acting[::2]], people["in_public"][acting] = cell, 1
    for name, value in fields.items():
        people[name][acting] = value
    seen(world, *kinds)
    world.offences["place"][: len(kinds)] = cell
    world.cell_week["visible"][cell], world.cell_week["harmed"][cell] = len(kinds), 100 * kinds.count(VIOLENCE)
    world.places["presence"][cell], world.places["contact_quality"][cell] = 8.0, 0.5
    world.patches["awareness"], world.places["crime_hold"] = 0.5, 1.0
    reporting(executable(world), parameters("reporting", **changes), levers(), 1, week)
    there = np.zeros(people.size, bool)
    there[acting[::2]] = True
    return world, there


def test_every_adult_who_is_where_it_was_done_notices_and_somebody_who_is_harmed_is_counted_as_a_victim():
    for kind, victims in ((DISTURBANCE, 0), (VIOLENCE, 1)):
        world, there = a_week(kind, born=-30 * 52)
        n, counts = int(there.sum()), world.tally[0]
        assert counts["noticed"] == counts["intended"] == counts["reports"] == n > 10
        assert (counts["victims_of_crime"], counts["reported_crimes"]) == (victims * n, victims * n)
        assert set(np.flatnonzero(world.people["case"] != NOBODY)) <= set(np.flatnonzero(there))
    nobody, _ = a_week(DISTURBANCE, born=-17 * 52)
    assert nobody.tally["noticed"][0] == 0, "those under eighteen do not report"


def test_somebody_who_reports_a_crime_may_be_threatened_for_it_where_crime_has_a_hold():
    threats = reports = 0
    for week in range(1, 41):
        world, there = a_week(VIOLENCE, week=week, born=-30 * 52, fear=0.3)
        calm, _ = a_week(DISTURBANCE, week=week, born=-30 * 52, fear=0.3)
        assert calm.tally["threats"][0] == 0 and (calm.people["fear"][there] == 0.3).all()
        threatened = world.people["fear"][there] > 0.3
        assert world.people["fear"][there][threatened] == pytest.approx(0.3 + SCARE * 0.7)
        assert world.tally["threats"][0] == threatened.sum()
        threats, reports = threats + threatened.sum(), reports + world.tally["reports"][0]
    assert threats / reports == pytest.approx(RETALIATION, abs=0.015)


@pytest.mark.parametrize(("confusion", "false"), [(0.0, 0), (1.0, 1)])
def test_professionals_see_who_is_at_risk_where_they_are_and_take_others_for_it_as_far_as_they_confuse_them(confusion, false):
    given = {"signal": 1e9, "school_signal": 0.0, "confusion": confusion, "discern": 0.0}
    for stage in (EXPOSED, NONE):
        world, there = a_week(changes=given, born=-14 * 52, stage=stage, trust_frontline=0.5)
        youths = np.isin(np.arange(there.size), world.actors[: world.tile_index["youths"][0]]) & there
        told = youths.sum() if stage == EXPOSED else false * youths.sum()
        assert world.tally["signals"][0] == told and youths.sum() > 2
        assert world.tally["false_alarms"][0] == (0 if stage == EXPOSED else told)


@pytest.mark.parametrize(("week", "looked"), [(EVERY, True), (EVERY + 1, False)])
def test_families_are_looked_at_once_in_four_weeks(week, looked):
    world, _ = a_week(changes={"worry": 1e3}, week=week, stage=FAVOURS)
    world.households["involved"], world.patches["awareness"], world.tally["family_signals"] = 1, 1.0, 0
    world.households["case"], world.cases["state"] = NOBODY, 0
    reporting(executable(world), parameters("reporting", worry=1e3), levers(), 1, week)
    assert (world.tally["family_signals"][0] == np.count_nonzero(world.households["size"])) == looked
    assert looked or world.tally["family_signals"][0] == 0


def test_a_closed_family_keeps_what_it_sees_to_itself():
    told = {
        closed: np.mean([not keeps_it_in(one("household", closed=closed), lot(), who) for who in range(1_000)])
        for closed in (0.0, 0.6, 1.0)
    }
    assert told[0.0] == 1.0 and told[1.0] == 0.0
    assert told[0.6] == pytest.approx(0.4, abs=0.06)
