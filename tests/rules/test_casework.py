"""Casework: worked examples."""

import pytest

from model.codes import DONE, EXPLAINED, EXPOSED, FAMILY, FAVOURS, NONE, NUISANCE, SILENT, YOUTH_AT_RISK
from model.rules.casework import able, draw_conclusions, help_youth, p_solved, picture_of
from tests.rules.examples import TODAY, lever, no_events, one, parameters, person

P = parameters("casework")


def test_solving_asks_for_what_fits_and_for_getting_it_through():
    assert p_solved(1.0, 1.0, P) == pytest.approx(1.0)
    assert p_solved(1.0, 0.0, P) == pytest.approx(P.through_floor)
    assert p_solved(0.0, 1.0, P) == pytest.approx(P.fit_floor)
    assert p_solved(0.5, 0.5, P) == pytest.approx(0.6 * 0.65)


def test_a_diagnosis_helps_to_see_what_fits_and_a_mandate_to_get_it_through():
    desk = one("desk", fit=0.4, through=0.5)
    assert able(desk, lever(), 1.0, 1.0, P) == (0.4, 0.5)
    fit, through = able(desk, lever(diagnosis=1.0, mandate=1.0), 0.0, 1.0, P)
    assert fit == pytest.approx(0.4 + 0.6 * P.shared_view)
    assert through == pytest.approx(0.5 + 0.5 * P.breakthrough)
    assert able(desk, lever(diagnosis=1.0), 0.0, 1.0, parameters("casework", shared_view=0.0)) == (
        0.4,
        0.5,
    )  # talk that changes nothing


def test_success_persuades_silence_puts_off_and_an_explained_no_hardly_hurts():
    after = {}
    for outcome in (DONE, EXPLAINED, SILENT):
        after[outcome] = person(usefulness=0.4, trust_institutions=0.4)
        draw_conclusions(after[outcome], outcome, P)
    assert after[DONE].usefulness == pytest.approx(0.4 + P.success * 0.6)  # 0.7
    assert after[EXPLAINED].usefulness == pytest.approx(0.4 * (1.0 - P.told_no))  # 0.392
    assert after[SILENT].usefulness == pytest.approx(0.4 * (1.0 - P.silence))  # 0.22
    assert after[DONE].trust_institutions == pytest.approx(0.4 + P.trust_done * 0.6)
    assert after[EXPLAINED].trust_institutions == 0.4
    assert after[SILENT].trust_institutions == pytest.approx(0.4 * (1.0 - P.trust_silence))


def test_who_is_helped_early_is_out_of_it_and_who_is_in_a_crew_is_not():
    exposed, member = person(14.0, stage=EXPOSED, prospects=0.4, school_bond=0.4), person(16.0, stage=FAVOURS, prospects=0.4)
    for youth in (exposed, member):
        help_youth(youth, no_events(), P.early_help, TODAY)
        assert youth.prospects == pytest.approx(0.4 + P.early_help * 0.6)
    assert (exposed.stage, exposed.next_stage, exposed.stage_since) == (NONE, NONE, TODAY)
    assert exposed.school_bond == pytest.approx(0.4 + P.early_help * 0.6)
    assert member.stage == FAVOURS


def test_the_picture_is_whole_where_the_door_is_open_and_care_and_safety_know_each_other():
    youth, family, place = (one("case", kind=kind) for kind in (YOUTH_AT_RISK, FAMILY, NUISANCE))
    assert picture_of(youth, 0.0, 1.0) == pytest.approx(1.0)
    assert picture_of(family, 1.0, 0.0) == pytest.approx(1.0 / 3.0)  # the person alone
    assert picture_of(family, 0.4, 0.5) == pytest.approx((1.0 + 0.6 + 0.5) / 3.0)
    assert picture_of(place, 0.0, 0.0) == 1.0
