"""Leaving: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.desistance import (
    DEBT,
    FAMILY,
    GIVES_UP,
    VICTIM,
    apply,
    count_recruit,
    desistance,
    hazard,
    let_go,
    plan_factor,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, KNOWN, NEVER, NOBODY, NONE, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, default, levers, no_events, one, parameters, person, tally

P = parameters("desistance")
BASE = default("desistance.base")
FAIR = {"prospects": 0.5, "pull": 0.5}  # drawn neither way


def test_somebody_who_is_only_exposed_drifts_off_as_company_changes():
    assert hazard(person(15.0, stage=EXPOSED), 15.0, P) == pytest.approx(P.drifting)
    assert hazard(person(15.0, stage=EXPOSED, exposure=0.5), 15.0, P) == pytest.approx(P.drifting / 2)
    assert hazard(person(15.0, stage=EXPOSED, exposure=1.0), 15.0, P) == 0.0


def test_deeper_in_is_harder_out():
    by_stage = [hazard(person(17.0, stage=stage, **FAIR), 17.0, P) for stage in (FAVOURS, RUNNER, TIED_IN)]
    assert by_stage == pytest.approx([BASE, BASE * P.runner, BASE * P.tied])


def test_most_grow_out_of_it():
    at = {age: hazard(person(age, stage=FAVOURS, **FAIR), age, P) for age in (15.0, 17.0, 22.0, 30.0, 45.0)}
    assert at[15.0] == at[17.0] == pytest.approx(BASE)
    assert at[22.0] == pytest.approx(BASE * (1.0 + 5 * P.ageing))
    assert at[45.0] == at[30.0] == pytest.approx(BASE * (1.0 + 13 * P.ageing))


def test_work_and_prospects_help_and_debts_hold_back():
    assert hazard(person(17.0, stage=FAVOURS, work_bond=0.3, **FAIR), 17.0, P) == pytest.approx(BASE * P.work)
    assert hazard(person(17.0, stage=FAVOURS, debt=0.6, **FAIR), 17.0, P) == pytest.approx(BASE * DEBT)
    bright = person(17.0, stage=FAVOURS, prospects=1.0, pull=0.0)
    dark = person(17.0, stage=FAVOURS, prospects=0.0, pull=1.0)
    assert hazard(bright, 17.0, P) / hazard(dark, 17.0, P) == pytest.approx(9.0)  # 1.5 * 1.5 against 0.5 * 0.5


def test_a_closed_family_holds_those_whose_kin_at_home_work_for_a_crew_as_well():
    member, exposed = person(20.0, stage=RUNNER), person(20.0, stage=EXPOSED)
    together, alone, ordinary = (
        one("household", network=network, closed=1.0, involved=involved) for network, involved in ((1.0, 2), (1.0, 1), (0.0, 2))
    )
    assert let_go(member, together) == pytest.approx(1.0 - FAMILY)
    assert let_go(member, alone) == let_go(member, ordinary) == let_go(exposed, together) == 1.0


def test_a_plan_helps_when_three_domains_match_and_the_case_is_not_late():
    assert plan_factor(person(stage=FAVOURS), P) == 1.0
    assert plan_factor(person(stage=FAVOURS, plan_domains=3), P) == P.plan
    assert plan_factor(person(stage=FAVOURS, plan_domains=2), P) == 1.0
    assert plan_factor(person(stage=RUNNER, convictions=2, plan_domains=6), P) == 1.0
    assert plan_factor(person(stage=RUNNER, convictions=1, plan_domains=6), P) == P.plan
    helped, not_helped = (person(stage=FAVOURS, plan_domains=domains) for domains in (3, 2))
    assert hazard(helped, 16.0, P) == pytest.approx(P.plan * hazard(not_helped, 16.0, P))


def test_a_step_is_applied_and_counted_by_age():
    counts = tally()
    for age, before in ((14.0, EXPOSED), (20.0, EXPOSED), (30.0, EXPOSED), (20.0, FAVOURS), (20.0, RUNNER)):
        who = person(age, stage=before, next_stage=before + 1, crew=0)
        apply(who, one("household"), counts, no_events(), age, TODAY)
        assert (who.stage, who.stage_since, who.crew) == (before + 1, TODAY, 0)
    assert (counts.recruited, counts.recruited_children, counts.adults_recruited) == (2, 1, 1)
    assert (counts.deepened, counts.tied, counts.leavers) == (1, 1, 0)


def test_intake_is_counted_by_age_and_by_whether_a_housemate_is_involved():
    counts = tally()
    for age, involved in ((11.9, 0), (12.0, 1), (15.9, 2), (16.0, 0), (23.9, 1), (24.0, 1)):
        count_recruit(one("household", involved=involved), counts, age)
    assert (counts.recruited_8_11, counts.recruited_12_15, counts.recruited_16_23) == (1, 2, 2)
    assert (counts.recruited, counts.recruited_family, counts.adults_recruited) == (5, 3, 1)


def test_somebody_who_leaves_is_out_of_the_crew_and_at_its_edge():
    counts, who = tally(), person(20.0, stage=RUNNER, next_stage=EXPOSED, crew=1)
    apply(who, one("household"), counts, no_events(), 20.0, TODAY)
    assert (who.stage, who.crew, who.left_week, counts.leavers) == (EXPOSED, NOBODY, TODAY, 1)
    drifter = person(20.0, stage=EXPOSED, next_stage=NONE, left_week=NEVER)
    apply(drifter, one("household"), counts, no_events(), 20.0, TODAY)
    assert (drifter.stage, drifter.left_week, counts.leavers) == (NONE, NEVER, 1)  # who was never in a crew has not left one


def test_somebody_who_starts_again_within_two_years_has_relapsed():
    counts = tally()
    for left in (NEVER, TODAY - 104, TODAY - 103, TODAY - 1):
        who = person(20.0, stage=EXPOSED, next_stage=FAVOURS, crew=0, left_week=left)
        apply(who, one("household"), counts, no_events(), 20.0, TODAY)
    assert (counts.recruited, counts.relapsed) == (4, 2)


def test_a_victim_who_is_seen_gets_out_sooner():
    fields = {"stage": FAVOURS, "prospects": 0.5, "pull": 0.5}
    assert hazard(person(15.0, victim=KNOWN, **fields), 15.0, P) == pytest.approx(
        VICTIM * hazard(person(15.0, **fields), 15.0, P)
    )


def test_somebody_who_is_detained_does_not_leave_meanwhile():
    for until, sure in ((2, 0.0), (0, 1.0)):
        world = Simulation(Scenario(people=100, years=1)).world
        crowd = world.actors[: world.tile_index["actors"][0]]
        world.at_stake[: crowd.size], world.tile_index["at_stake"] = crowd, crowd.size
        for field in ("stage", "next_stage"):
            world.people[field][crowd] = EXPOSED
        world.people["detained_until"][crowd] = until
        desistance(executable(world), parameters("desistance", drifting=2.0), levers(), 1, 1)
        assert np.mean(world.people["stage"][crowd] == NONE) == sure


def test_somebody_who_leaves_steps_back_to_the_edge_and_gives_up_friends_of_the_crew():
    world = Simulation(Scenario(people=100, years=1)).world
    crowd = world.actors[: world.tile_index["actors"][0]]
    world.at_stake[: crowd.size], world.tile_index["at_stake"] = crowd, crowd.size
    for field in ("stage", "next_stage"):
        world.people[field][crowd] = np.where(np.arange(crowd.size) % 2 == 0, FAVOURS, NONE)
    world.people["detained_until"] = 0
    before, members = world.friends["row"].copy(), crowd[::2]
    desistance(executable(world), parameters("desistance", base=100.0), levers(), 1, 1)
    left, stages = crowd[world.people["left_week"][crowd] == 1], world.people["stage"][crowd]
    assert set(stages.tolist()) == {NONE, EXPOSED} and (stages == EXPOSED).sum() == left.size > 0
    gone, of_the_crew = world.friends["row"][left] != before[left], np.isin(before[left], members)
    assert not gone[~of_the_crew].any()
    assert gone[of_the_crew].mean() == pytest.approx(GIVES_UP, abs=0.15)
