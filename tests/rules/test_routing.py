"""Routing: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.casework import BREAKTHROUGH
from kantelpunt.model.rules.routing import (
    NETWORK,
    WORSE,
    ask,
    ask_ordinary,
    escalate,
    find_owner,
    hand_over,
    handover_weeks,
    knows_best,
    p_escalate,
    routing,
    take_up,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    CRIME,
    EXPOSED,
    FAMILY,
    FAVOURS,
    NONE,
    RUNNER,
    SAFETY,
    SILENT,
    SOCIAL,
    WAITING,
    YOUTH_AT_RISK,
)
from kantelpunt.model.state.world import executable
from tests.contracts.steps import Steps
from tests.rules.examples import TODAY, lever, levers, lot, one, parameters, rows, tally

P = parameters("routing")


def test_a_chain_takes_months_and_a_network_two_weeks():
    assert handover_weeks(1.0, 0.0, P) == pytest.approx(NETWORK)
    assert handover_weeks(0.0, 0.0, P) == pytest.approx(P.chain * (1.0 + P.privacy))
    assert handover_weeks(0.0, 0.0, parameters("routing", privacy=0.0)) * 7 == pytest.approx(60, abs=1)  # p41: 60 days
    assert handover_weeks(1.0, 0.0, P) * 7 == pytest.approx(14, abs=1)  # p41: 14 days


def test_other_work_keeps_the_social_desk_busy_also_where_a_post_is_vacant():
    desks = rows("desk", 2, busy=[3.0, 5.0])
    team = rows("professional", 4, domain=[SAFETY, SOCIAL, SOCIAL, SOCIAL], hours=[7.0, 10.0, 10.0, 5.0], kind=[0, 0, 0, 1])
    team.present[2] = 0
    ask_ordinary(team, desks, P)
    assert [desks[SAFETY].busy, desks[SOCIAL].busy] == pytest.approx([3.0, 5.0 + 20.0 * P.ordinary])


def test_people_who_know_each_other_do_not_refuse():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(1_000)]
    for case in cases:
        hand_over(case, 1.0, 0.0, lever(), P, lot(), TODAY)
    assert all(case.domain == SOCIAL and case.handoffs == 1 and case.ready > TODAY for case in cases)


def test_a_case_goes_to_the_colleague_across_whom_its_giver_knows_best():
    team = rows("professional", 5, domain=[SAFETY, SAFETY, SOCIAL, SOCIAL, SOCIAL], present=[1, 1, 1, 1, 0])
    ties = np.zeros((5, 5))
    ties[0] = [0.0, 0.9, 0.2, 0.6, 0.8]  # the best across has left, and the one beside them is of their own desk
    ties[1] = [0.9, 0.0, 0.1, 0.0, 0.0]
    assert [knows_best(team, ties, SAFETY, u) for u in (0.0, 0.49, 0.5, 0.99)] == [0.6, 0.6, 0.1, 0.1]
    assert knows_best(team, ties, SOCIAL, 0.0) == 0.0
    assert knows_best(team[:2], ties, SOCIAL, 0.5) == 0.0  # nobody is at that desk


def test_strangers_send_some_back():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(2_000)]
    for case in cases:
        hand_over(case, 0.0, 0.0, lever(), P, lot(), TODAY)
    assert np.mean([case.domain == SAFETY for case in cases]) == pytest.approx(P.refusal, abs=0.04)
    waits = np.array([case.ready - TODAY for case in cases])
    assert waits.mean() == pytest.approx(handover_weeks(0.0, 0.0, P) + 0.5, abs=0.2)


def test_a_covenant_takes_away_delay_between_strangers_only():
    assert handover_weeks(0.0, 1.0, P) == pytest.approx(P.chain)
    assert handover_weeks(1.0, 1.0, P) == handover_weeks(1.0, 0.0, P)


def test_a_mandate_is_refused_less():
    cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(2_000)]
    for case in cases:
        hand_over(case, 0.0, 0.0, lever(mandate=1.0), P, lot(), TODAY)
    refused = np.mean([case.domain == SAFETY for case in cases])
    assert refused == pytest.approx(P.refusal * (1.0 - BREAKTHROUGH), abs=0.04)


def test_hours_asked_are_those_of_cases_that_nobody_has_and_a_team_adds_hours():
    cases = rows(
        "case", 4, domain=[SAFETY, SAFETY, SOCIAL, SOCIAL], owned=[0, 0, 0, 1], ready=[TODAY, TODAY - 3, TODAY, TODAY + 2]
    )
    desks, patches = rows("desk", 2, asked=9.0, extra=9.0), rows("patch", 4, quarter=np.arange(4), residents=500)
    ask(cases, patches, desks, P, levers(team_hours=[0.0, 20.0, 0.0, 0.0]), TODAY)
    assert [desks[j].asked for j in range(2)] == [2 * P.effort, P.effort]
    assert [desks[j].extra for j in range(2)] == pytest.approx([5.0, 5.0])  # 20 hours per 1,000, for 500, halved


def test_cases_on_their_way_and_in_hand_keep_a_desk_busy_and_a_plan_that_waits_for_a_go_does_not():
    cases = rows("case", 3, domain=SAFETY, owned=[0, 1, 1], ready=TODAY + 4, approved_week=[TODAY, TODAY, TODAY + 2])
    desks, patches = rows("desk", 2, busy=9.0, joint=3), rows("patch", 4)
    ask(cases, patches, desks, P, levers(), TODAY)
    assert (desks[SAFETY].asked, desks[SAFETY].busy, desks[SAFETY].joint) == (0.0, P.coordination + P.effort, 0)
    assert desks[SOCIAL].busy == 0.0


def test_taking_up_counts_how_long_it_waited_and_how_early_it_comes():
    counts = tally()
    youths = rows("person", 2, id=[5, 6], stage=[EXPOSED, FAVOURS])
    for row in range(2):
        case = one("case", kind=YOUTH_AT_RISK, needs=SOCIAL, about=row, about_id=5 + row, opened=TODAY - 6)
        take_up(youths, case, 0.0, lever(), counts, P, lot(), TODAY)
        assert (case.owned, case.approved_week) == (1, TODAY + round(P.approval))
        assert case.ready == case.approved_week + int(P.handling)
    assert (counts.taken_up, counts.waited, counts.early, counts.late) == (2, 12, 1, 1)


def test_what_escalated_is_late_and_a_false_alarm_neither_early_nor_late():
    counts, youths = tally(), rows("person", 1, id=5, stage=EXPOSED)
    about = {"kind": YOUTH_AT_RISK, "about": 0, "about_id": 5}
    take_up(youths, one("case", needs=SAFETY, **about), 0.0, lever(), counts, P, lot(), TODAY)
    take_up(youths, one("case", needs=SAFETY, kind=FAMILY, about=0, about_id=9), 0.0, lever(), counts, P, lot(), TODAY)
    assert (counts.early, counts.late) == (0, 2)
    take_up(youths, one("case", needs=SOCIAL, kind=FAMILY, about=0, about_id=9), 0.0, lever(), counts, P, lot(), TODAY)
    take_up(youths, one("case", needs=SOCIAL, false_alarm=1, **about), 0.0, lever(), counts, P, lot(), TODAY)
    assert (counts.early, counts.late, counts.taken_up) == (1, 2, 4)


def test_a_mandate_shortens_the_wait_for_a_go_and_cases_about_a_place_need_none():
    case, place = one("case", kind=FAMILY, needs=SOCIAL), one("case", kind=CRIME)
    long = parameters("routing", approval=12.0)
    take_up(rows("person", 1), case, 0.0, lever(mandate=1.0), tally(), long, lot(), TODAY)
    take_up(rows("person", 1), place, 0.0, lever(), tally(), long, lot(), TODAY)
    assert case.approved_week == TODAY + round(12.0 * (1.0 - BREAKTHROUGH))
    assert place.approved_week == TODAY


def test_a_quick_desk_takes_fewer_weeks_and_one_with_many_rules_more():
    plan = P.approval + P.handling
    for quickness in (0.0, 0.25, -0.2):
        cases = [one("case", id=who, kind=FAMILY, needs=SOCIAL) for who in range(2_000)]
        for case in cases:
            take_up(rows("person", 1), case, quickness, lever(), tally(), P, lot(), TODAY)
        weeks = np.mean([case.ready - TODAY for case in cases])
        assert weeks == pytest.approx(plan / (1.0 + quickness), abs=0.05)


def test_a_youth_who_slid_deeper_while_nobody_acted_escalates_sooner():
    youths = rows("person", 3, id=[5, 6, 7], stage=[NONE, EXPOSED, RUNNER], stage_since=[TODAY, TODAY - 2, TODAY - 90])
    cases = rows("case", 3, kind=YOUTH_AT_RISK, needs=SOCIAL, about=[0, 1, 2], about_id=[5, 6, 7], opened=TODAY - 20)
    assert [p_escalate(youths, cases[i], P) for i in range(3)] == [P.escalating, P.escalating * WORSE, P.escalating]


def test_neither_places_nor_false_alarms_nor_what_has_escalated_escalates():
    family = {"kind": FAMILY, "about": 0, "about_id": 3}
    nobody = rows("person", 1)
    assert p_escalate(nobody, one("case", needs=SOCIAL, **family), P) == P.escalating
    assert p_escalate(nobody, one("case", needs=SAFETY, **family), P) == 0.0
    assert p_escalate(nobody, one("case", needs=SOCIAL, kind=CRIME), P) == 0.0
    assert p_escalate(nobody, one("case", needs=SOCIAL, kind=YOUTH_AT_RISK, false_alarm=1), P) == 0.0


def test_an_escalated_case_lies_with_safety_wherever_it_was():
    case, counts = one("case", kind=FAMILY, needs=SOCIAL, domain=SOCIAL, ready=TODAY + 9), tally()
    escalate(case, counts, TODAY)
    assert (case.needs, case.domain, case.ready, counts.escalated) == (SAFETY, SAFETY, TODAY + 1, 1)


def test_somebody_who_has_energy_asks_once_more():
    keen = parameters("routing", persistence=0.7)
    for energy, refused in ((0.0, P.refusal), (1.0, P.refusal * (1.0 - 0.7 * (1.0 - P.refusal)))):
        cases = [one("case", id=who, domain=SAFETY, needs=SOCIAL) for who in range(3_000)]
        for case in cases:
            hand_over(case, 0.0, energy, lever(), keen, lot(), TODAY)
        assert np.mean([case.domain == SAFETY for case in cases]) == pytest.approx(refused, abs=0.03)


def test_a_case_on_its_way_from_desk_to_desk_may_vanish_too_and_one_with_an_owner_may_not():
    steps = Steps(Scenario(people=100, years=4, parameters={"routing.vanish": 0.08}))
    cases = steps.world.cases
    cases["state"][:40], cases["ready"][:40], cases["kind"][:40] = WAITING, 10_000, CRIME
    cases["id"][:40], cases["place"][:40] = np.arange(40), steps.world.used[0]
    cases["owned"][20:40] = 1
    for week in range(1, 27):
        steps.call("routing", week)
    assert np.mean(cases["state"][:20] == SILENT) == pytest.approx(1.0 - 0.92**26, abs=0.15)
    assert (cases["state"][20:40] == WAITING).all()


def test_cases_of_families_escalate_only_after_their_weeks_of_patience():
    world = Simulation(Scenario(people=60, years=1)).world
    cases, half, now = world.cases, 40, 30
    cases["state"][: 2 * half], cases["kind"][: 2 * half], cases["needs"][: 2 * half] = WAITING, FAMILY, SOCIAL
    cases["id"][: 2 * half], cases["place"][: 2 * half], cases["ready"] = np.arange(2 * half), world.used[0], 10_000
    cases["opened"][:half], cases["opened"][half : 2 * half] = now - int(P.patience), now - int(P.patience) - 1
    routing(executable(world), parameters("routing", escalating=0.15), levers(), 1, now)
    assert (cases["needs"][:half] == SOCIAL).all()
    assert 0.0 < np.mean(cases["needs"][half : 2 * half] == SAFETY) < 0.4
    assert world.tally["escalated"][0] == np.count_nonzero(cases["needs"][: 2 * half] == SAFETY)


def test_a_desk_that_is_full_takes_nothing_up():
    world = Simulation(Scenario(people=60, years=1)).world
    for busy, taken in ((0.0, 1), (20.0, 0)):
        desk = world.desks[SAFETY]
        desk["hours"], desk["extra"], desk["busy"], desk["asked"] = 10.0, 10.0, busy, 4.0
        case = one("case", id=3, domain=SAFETY, needs=SAFETY, kind=CRIME)
        find_owner(executable(world), case, lever(), P, lot(), TODAY)
        assert case.owned == taken


def test_a_desk_with_less_than_an_hour_takes_up_by_its_part_of_one():
    world = Simulation(Scenario(people=60, years=1)).world
    desk = world.desks[SAFETY]
    desk["hours"], desk["extra"], desk["busy"], desk["asked"] = 0.5, 0.0, 0.0, 0.25
    cases, every = [one("case", id=id, domain=SAFETY, needs=SAFETY, kind=CRIME) for id in range(400)], executable(world)
    for case in cases:
        find_owner(every, case, lever(), P, lot(), TODAY)
    assert np.mean([case.owned for case in cases]) == pytest.approx(0.5, abs=0.08)


def test_cases_in_the_wrong_domain_are_handed_over_as_often_as_is_counted_and_fewer_where_more_ask():
    taken = []
    for n in (4, 40):
        world = Simulation(Scenario(people=60, years=1)).world
        cases, now, world.desks["hours"] = world.cases, 30, 4.0 * P.effort
        cases["state"][:n], cases["kind"][:n], cases["domain"][:n], cases["needs"][:n] = WAITING, CRIME, SOCIAL, SAFETY
        cases["id"][:n], cases["place"][:n], cases["opened"][:n] = np.arange(n), world.used[0], now
        before = cases["handoffs"].sum()
        routing(executable(world), parameters("routing", vanish=0.0), levers(), 1, now)
        assert 0 < world.tally["handoffs"][0] == cases["handoffs"].sum() - before
        taken.append(world.tally["handoffs"][0] / n)
    assert taken[1] < taken[0], "a desk has so many hours, however many ask for them"
