"""Casework: worked examples."""

import numpy as np
import pytest

from model.rules.casework import able, ask, draw_conclusions, hand_over, handover_weeks, help_early, p_solved, take_up
from model.state import DONE, EXPLAINED, EXPOSED, FAVOURS, NONE, SAFETY, SILENT, SOCIAL, YOUTH_AT_RISK
from tests.rules.examples import TODAY, lever, levers, lot, no_events, one, parameters, person, rows, tally

P = parameters("casework")


def test_solving_asks_for_what_fits_and_for_getting_it_through():
    assert p_solved(1.0, 1.0) == pytest.approx(1.0)
    assert p_solved(1.0, 0.0) == pytest.approx(0.3)
    assert p_solved(0.0, 1.0) == pytest.approx(0.2)
    assert p_solved(0.5, 0.5) == pytest.approx(0.6 * 0.65)


def test_a_chain_takes_months_and_a_network_two_weeks():
    assert handover_weeks(1.0, 0.0, P) == pytest.approx(P.network)
    assert handover_weeks(0.0, 0.0, P) == pytest.approx(P.chain * (1.0 + P.privacy))
    assert handover_weeks(0.0, 0.0, parameters("casework", privacy=0.0)) * 7 == pytest.approx(60, abs=1)  # p41: 60 days
    assert handover_weeks(1.0, 0.0, P) * 7 == pytest.approx(14, abs=1)  # p41: 14 days


def test_people_who_know_each_other_do_not_refuse():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(1_000)]
    for case in cases:
        hand_over(case, one("desk", tie=1.0), lever(), P, lot(), TODAY)
    assert all(case.domain == SOCIAL and case.handoffs == 1 and case.ready > TODAY for case in cases)


def test_strangers_send_some_back():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(2_000)]
    for case in cases:
        hand_over(case, one("desk"), lever(), P, lot(), TODAY)
    assert np.mean([case.domain == SAFETY for case in cases]) == pytest.approx(P.refusal, abs=0.04)
    waits = np.array([case.ready - TODAY for case in cases])
    assert waits.mean() == pytest.approx(handover_weeks(0.0, 0.0, P) + 0.5, abs=0.2)


def test_a_covenant_takes_away_delay_between_strangers_only():
    assert handover_weeks(0.0, 1.0, P) == pytest.approx(P.chain * (1.0 + P.privacy * (1.0 - P.sharing)))
    assert handover_weeks(1.0, 1.0, P) == handover_weeks(1.0, 0.0, P)


def test_a_mandate_is_refused_less():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(2_000)]
    for case in cases:
        hand_over(case, one("desk"), lever(mandate=1.0), P, lot(), TODAY)
    refused = np.mean([case.domain == SAFETY for case in cases])
    assert refused == pytest.approx(P.refusal * (1.0 - P.mandate), abs=0.04)


def test_a_diagnosis_helps_to_see_what_fits_and_a_mandate_to_get_it_through():
    desk = one("desk", fit=0.4, through=0.5)
    assert able(desk, lever(), 1.0, P) == (0.4, 0.5)
    fit, through = able(desk, lever(diagnosis=1.0, mandate=1.0), 0.0, P)
    assert fit == pytest.approx(0.4 + 0.6 * P.shared_view)
    assert through == pytest.approx(0.5 + 0.5 * P.mandate)
    assert able(desk, lever(diagnosis=1.0), 0.0, parameters("casework", shared_view=0.0)) == (
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


def test_hours_asked_are_those_of_cases_that_nobody_has_and_a_team_adds_hours():
    cases = rows("case", 4, domain=[SAFETY, SAFETY, SOCIAL, SOCIAL], owned=[0, 0, 0, 1], state=[1, 1, 1, 1])
    desks, patches = rows("desk", 2, asked=9.0, extra=9.0), rows("patch", 4, quarter=np.arange(4), residents=500)
    ask(cases, patches, desks, P, levers(team_hours=[0.0, 20.0, 0.0, 0.0]))
    assert [desks[j].asked for j in range(2)] == [2 * P.effort, P.effort]
    assert [desks[j].extra for j in range(2)] == pytest.approx([5.0, 5.0])  # 20 hours per 1,000, for 500, halved


def test_taking_up_counts_how_long_it_waited_and_how_early_it_comes():
    counts = tally()
    youths = rows("person", 2, id=[5, 6], stage=[EXPOSED, FAVOURS])
    for row in range(2):
        case = one("case", kind=YOUTH_AT_RISK, about=row, about_id=5 + row, opened=TODAY - 6)
        take_up(youths, case, counts, P, TODAY)
        assert (case.owned, case.acted, case.ready) == (1, TODAY, TODAY + int(P.handling))
    assert (counts.taken_up, counts.waited, counts.early, counts.late) == (2, 12, 1, 1)


def test_who_is_helped_early_is_out_of_it_and_who_is_in_a_crew_is_not():
    exposed, member = person(14.0, stage=EXPOSED, prospects=0.4, school_bond=0.4), person(16.0, stage=FAVOURS, prospects=0.4)
    for youth in (exposed, member):
        help_early(youth, no_events(), P, TODAY)
        assert youth.prospects == pytest.approx(0.4 + P.early_help * 0.6)
    assert (exposed.stage, exposed.next_stage, exposed.stage_since) == (NONE, NONE, TODAY)
    assert exposed.school_bond == pytest.approx(0.4 + P.early_help * 0.6)
    assert member.stage == FAVOURS
