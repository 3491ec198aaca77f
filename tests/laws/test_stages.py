"""Stages change by allowed steps only: up by one, out to none; and only the rules that may change them do."""

import numpy as np
from hypothesis import given

from kantelpunt.model.shared.events import happened
from kantelpunt.model.state.codes import (
    ARRIVED,
    BORN,
    EXPOSED,
    FAVOURS,
    NOBODY,
    NONE,
    OFFER,
    RECRUITED,
    RUNNER,
    STAGE_BROUGHT,
    STAGE_DOWN,
    STAGE_UP,
    TIED_IN,
)
from tests.contracts.steps import EAGER, Steps
from tests.laws.strategies import Life, laws, lives, moments, present

HELPED_EARLY = (EXPOSED, NONE)  # by casework, before any crew
COMES_FORWARD = (RUNNER, TIED_IN)  # in a crew without a core


def allowed(rule: str, before: int, after: int) -> bool:
    """Return whether a rule may bring somebody from one stage to another."""
    if rule == "desistance":
        return after == before + 1 or (after == stepped_back(before) and before > NONE)
    return (rule, before, after) in {("casework", *HELPED_EARLY), ("crews", *COMES_FORWARD)}


def stepped_back(stage: int) -> int:
    """Return where somebody is after a step back: at the edge of crews, or away from it."""
    return NONE if stage == EXPOSED else EXPOSED


def eager(life: Life) -> Life:
    """Return the same life where crews recruit and reports come in as much as they can."""
    return Life(life.scenario.changed(parameters={**life.scenario.parameters, **EAGER}), life.seed)


@laws(25)
@given(lives(years=1))
def test_only_some_rules_change_a_stage_and_by_allowed_steps(life):
    scenario, seed = eager(life)
    steps = Steps(scenario, seed)
    ids, stages = np.empty(0), np.empty(0)
    for week, rule in steps.until(scenario.weeks):
        people = steps.world.people
        if rule == "demography" and week > 0:  # who comes brings a stage, and works for a crew by that
            new = (people["present"] == 1) & (people["id"] != ids)
            assert (people["stage"][new & (people["born"] == week)] == NONE).all()
            assert (people["stage"][new & (people["crew"] != NOBODY)] >= FAVOURS).all()
            assert (people["crew"][new & (people["stage"] >= RUNNER)] != NOBODY).all()
            assert (people["stage"] == stages)[~new].all()
        elif week > 0:
            for row in np.flatnonzero(people["stage"] != stages):
                step = (int(stages[row]), int(people["stage"][row]))
                assert allowed(rule, *step), f"week {week}, {rule}: from stage {step[0]} to {step[1]}"
        ids, stages = people["id"].copy(), people["stage"].copy()
    assert (people["stage"] == people["next_stage"])[people["present"] == 1].all()


@laws(60)
@given(lives())
def test_events_tell_of_every_step_up_and_out(life):
    told = moments(eager(life), every=52, events=True)
    people = present(next(told).world)
    stage = dict(zip(people["id"].tolist(), people["stage"].tolist(), strict=True))
    *_, now = told
    log = happened(now.world)
    stage |= dict.fromkeys(log["who"][np.isin(log["kind"], (BORN, ARRIVED))].tolist(), NONE)
    for event in log[
        (log["week"] > 0) & np.isin(log["kind"], (STAGE_BROUGHT, STAGE_UP, STAGE_DOWN))
    ]:  # the start holds what week 0 told
        who, after = int(event["who"]), int(event["value"])
        before = stage[who]
        if event["kind"] == STAGE_DOWN:
            assert after == stepped_back(before) and before != NONE
        elif event["kind"] == STAGE_BROUGHT:
            assert before == NONE and after > NONE
        else:
            assert after == before + 1 or (before, after) == (EXPOSED, EXPOSED), f"week {event['week']}: {before} to {after}"
        stage[who] = after
    people = present(now.world)
    for who, after in zip(people["id"].tolist(), people["stage"].tolist(), strict=True):
        before = stage[who]
        assert after == before or (before, after) in (HELPED_EARLY, COMES_FORWARD)


@laws(60)
@given(lives())
def test_every_step_from_the_edge_into_a_crew_names_an_offer_a_recruiter_and_a_channel(life):
    *_, now = moments(eager(life), every=52, events=True)
    log = happened(now.world)
    log = log[log["week"] > 0]
    offers, accepted = (log[log["kind"] == kind] for kind in (OFFER, RECRUITED))
    told = set(offers[["week", "who", "whom", "value"]].tolist())
    assert set(accepted[["week", "who", "whom", "value"]].tolist()) <= told
    steps = log[(log["kind"] == STAGE_UP) & (log["value"] == FAVOURS)]
    assert sorted(steps[["week", "who"]].tolist()) == sorted(accepted[["week", "who"]].tolist())
    assert (accepted["whom"] != accepted["who"]).all() and (accepted["whom"] != NOBODY).all()


@laws(60)
@given(lives())
def test_only_the_involved_work_for_a_crew(life):
    for now in moments(eager(life)):
        people, crews = present(now.world), now.world.crews
        members = people[people["crew"] != NOBODY]
        assert (members["stage"] >= FAVOURS).all()
        assert (members["crew"] < crews.size).all()


@laws(60)
@given(lives())
def test_crews_count_the_members_who_are_at_large(life):
    for now in moments(eager(life)):
        people, crews = present(now.world), now.world.crews
        active = people[(people["stage"] >= FAVOURS) & (people["crew"] != NOBODY) & (people["detained_until"] <= now.week)]
        if now.week > 0:
            assert (crews["members"] == np.bincount(active["crew"], minlength=crews.size)).all()
            core = active["crew"][active["stage"] == TIED_IN]
            assert (crews["core"] == np.bincount(core, minlength=crews.size)).all()
        assert (crews["core"] <= crews["members"]).all()
        assert (crews["strength"][crews["present"] == 0] == 0).all()
