"""Decisions of policies: what is no budget is refused by name, within a limit of time; a study loses that run and no other."""

import math
import sys
import time
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import pytest

from kantelpunt.experiments.running.jobs import run_job
from kantelpunt.model import Scenario, simulate
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Residents, kinds
from kantelpunt.model.interventions.systemic_working import MENU as MENU_OF_ALL
from kantelpunt.model.interventions.systemic_working import POLICIES, SystemicWorking
from kantelpunt.model.policies import SIGNS, Seen, lot
from kantelpunt.model.policies.decision import decision
from kantelpunt.model.policies.ledger import Ledger
from kantelpunt.model.simulation import Simulation
from tests.experiments.toys import plan_of, study_of

MENU = ("mentoring", "visible_presence")
SEEN = Seen(np.zeros((0, 4, len(SIGNS))), np.zeros((0, 4, 2)), 100.0, MENU, np.full(2, 50.0), ("north-west", "north-east"), 7)


def endless(quarter, seen):
    """Never answer."""
    while True:
        quarter += 1


def waiting(quarter, seen):
    """Wait outside of Python."""
    time.sleep(3.0)


class Bottomless(Mapping):
    """A budget that never comes to an end."""

    def __getitem__(self, kind):
        """Return no euros."""
        return 0.0

    def __len__(self):
        """Return a number that is not true."""
        return 1

    def __iter__(self):
        """Yield the same kind for ever."""
        while True:
            yield "mentoring"


def bottomless(quarter, seen):
    """Answer at once, with what cannot be read to its end."""
    return Bottomless()


endless.patience = waiting.patience = bottomless.patience = 0.2


def failing(quarter, seen):
    """Raise."""
    raise RuntimeError("no idea")


def leaving(quarter, seen):
    """Try to end the program."""
    sys.exit(3)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (lambda quarter, seen: {"mentoring": 100.1}, "policy.overspent"),
        (lambda quarter, seen: {"mentoring": {"north-west": 60}, "visible_presence": 60}, "policy.overspent"),
        (lambda quarter, seen: None, "policy.no_budget"),
        (lambda quarter, seen: [("mentoring", 1.0)], "policy.no_budget"),
        (lambda quarter, seen: {"mentorring": 1.0}, "intervention.unknown"),
        (lambda quarter, seen: {3: 1.0}, "intervention.unknown"),
        (lambda quarter, seen: {("mentoring",): 1.0}, "intervention.unknown"),
        (lambda quarter, seen: {"mentoring": {"south-west": 1.0}}, "quarter.unknown"),
        *[
            (lambda quarter, seen, amount=amount: {"mentoring": amount}, "policy.no_euros")
            for amount in (-1.0, math.nan, math.inf, "1", True, None, 1j, np.ones(2), 10**400)
        ],
        (failing, "policy.raised"),
        (leaving, "policy.raised"),
        (lambda quarter: {}, "policy.raised"),
        (endless, "policy.endless"),
        (waiting, "policy.endless"),
        (bottomless, "policy.endless"),
    ],
)
def test_what_is_no_budget_is_refused_by_name(policy, code):
    with pytest.raises(InputError) as error:
        decision(policy, 3, SEEN)
    assert error.value.code == code
    assert "policy" in str(error.value) and "allowed" in str(error.value)


@pytest.mark.parametrize("amount", [100, np.float64(100.0), np.int64(100), {"north-west": 60, "north-east": 40.0}])
def test_euros_may_be_any_number_in_all_or_by_quarter(amount):
    euros = decision(lambda quarter, seen: {"mentoring": amount}, 3, SEEN)
    assert euros.sum() == 100.0 and (euros[2:] == 0.0).all() and (euros[:, 1] == 0.0).all()


def test_what_never_answers_is_told_to_stop():
    asked = []

    def counting(quarter, seen):
        while True:
            asked.append(quarter)
            time.sleep(0.01)

    counting.patience = 0.1
    with pytest.raises(InputError):
        decision(counting, 3, SEEN)
    time.sleep(1.0)
    before = len(asked)
    time.sleep(0.5)
    assert len(asked) == before


def test_a_policy_is_told_the_quarter_and_what_is_wrong_names_it():
    def third(quarter, seen):
        return {} if quarter < 3 else {"raid": 1.0}

    with pytest.raises(InputError) as error:
        simulate(Scenario(people=200, years=1, interventions={"systemic_working": 1.0}), policy=third)
    assert (error.value.code, error.value.value) == ("intervention.unknown", "raid")


@pytest.mark.parametrize("policy", POLICIES)
def test_money_for_people_who_are_not_there_buys_nothing(policy):
    scenario, programme = Scenario(years=1), SystemicWorking(policy=policy)
    ledger = Ledger(programme, MENU_OF_ALL, 1, programme.decide, Residents(100, 0.0, 0.0), scenario.horizon)
    bought = {each.kind: share for each, share in ledger.decide(None, None, 1, 0)}
    assert all(np.isfinite(share).all() for share in bought.values())
    assert not {"mentoring", "youth_activities"} & bought.keys()
    assert ledger.spent[0].sum() == pytest.approx(ledger.per_year / 4)


def test_two_programmes_of_a_scenario_have_luck_of_their_own():
    scenario = Scenario(people=50, years=1, interventions=[{"kind": "systemic_working"}] * 2)
    ledgers = Simulation(scenario).ledgers.values()
    lucks = [each.seen(0.25, seed, week).luck for each in ledgers for seed in (1, 2) for week in (0, 13)]
    assert len(set(lucks)) == 8 and min(lucks) >= 0


class OwnPolicy(SystemicWorking):
    """A policy of somebody's own, as a kind."""

    kind: Literal["own_policy"] = "own_policy"
    MECHANISMS: ClassVar[tuple[str, ...]] = ()

    def decide(self, quarter, seen):
        """Spend too much in the second quarter."""
        return {"mentoring": seen.budget * (1 + quarter)} if self.step == 0 else lot(quarter, seen)


def test_a_study_records_the_run_that_fails_and_loses_no_other():
    kinds()["own_policy"] = OwnPolicy
    try:
        team, wrong = {"kind": "own_policy"}, {"kind": "own_policy", "step": 0}
        scenarios = {"today": {}, "own": {"interventions": [team]}, "wrong": {"interventions": [wrong]}}
        study = study_of(plan_of(points=1, worlds=2, scenario=scenarios), run_job)
        study.run(engine=1, quiet=True)
        assert study.status()[:4] == (6, 4, 2, 0)
        assert all(each["name"] == "wrong" and "more than there is" in each["traceback"] for each in study.failures)
    finally:
        del kinds()["own_policy"]
