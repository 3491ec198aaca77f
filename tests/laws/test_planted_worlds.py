"""Planted worlds (N15): what a team makes of a known response, without the model: a policy is a function of what it sees."""

from functools import cache, partial

import numpy as np

from kantelpunt.model.interventions.systemic_working import MENU
from kantelpunt.model.policies import LOOPS, SIGNS, Seen, equal_parts, lot, team
from kantelpunt.model.policies.decision import checked
from kantelpunt.model.policies.learning import AIMS, INDICATORS, picture
from kantelpunt.model.state.codes import QUARTERS

KINDS = tuple(each.kind for each in MENU)
AIM = {kind: loop for loop, kinds in AIMS.items() for kind in kinds}
BUDGET, STEP = 100.0, 0.3
BEFORE, ASKED = 4, 8  # quarters of a year with signs and no budget, and then with one
STRONG = 4.0  # what a trial of the strong lever does in its quarter, in standard deviations of what else happens
RUNS = 4 * len(KINDS)  # each lever is the strong one in four of them


def signs(answers):
    """Return the signs of a quarter of a year in which the indicator of each loop stands so far above what is usual."""
    row = np.zeros((len(QUARTERS), len(SIGNS)))
    for loop, level in answers.items():
        name, better = INDICATORS[loop]
        if name == "answers":
            row[:, SIGNS.index("answered")], row[:, SIGNS.index("unanswered")] = 500 + 20 * level, 500 - 20 * level
        else:
            row[:, SIGNS.index(name)] = 50 + better * level
    return row


def played(policy, effects, seed):
    """Return the last budget of a policy, euros by kind, and all that the levers did; effects are per euro in a quarter."""
    rng = np.random.default_rng(seed)
    known, spent, gained = [], [], 0.0
    for quarter in range(BEFORE + ASKED + 1):
        euros = np.zeros((len(QUARTERS), len(KINDS)))
        if quarter >= BEFORE:
            full = np.full(len(KINDS), BUDGET)
            luck = int(rng.integers(2**62))
            seen = Seen(np.array(known[: quarter - 1]), np.array(spent), BUDGET, KINDS, full, QUARTERS, luck)
            euros = checked(policy(quarter, seen), seen)
        response = {loop: euros @ (effects * [AIM[kind] == loop for kind in KINDS]) for loop in LOOPS}
        gained += sum(each.sum() for each in response.values())
        spent.append(euros)
        known.append(signs({loop: each + rng.normal(size=len(QUARTERS)) for loop, each in response.items()}))
    return euros.sum(axis=0), gained


def strong(lever):
    """Return effects per euro of one strong lever, and none of the others."""
    effects = np.zeros(len(KINDS))
    effects[lever] = STRONG / (STEP * BUDGET / len(QUARTERS))
    return effects


@cache
def planted():
    """Return, for worlds with one strong lever each, whether the team has found it, what it gained, and equal parts and lot."""
    runs = [(seed % len(KINDS), seed) for seed in range(RUNS)]
    team_runs = [played(partial(team, STEP), strong(lever), seed) for lever, seed in runs]
    found = [int(euros.argmax()) == lever for (euros, _), (lever, _) in zip(team_runs, runs, strict=True)]
    others = [[played(policy, strong(lever), seed)[1] for lever, seed in runs] for policy in (equal_parts, lot)]
    return np.array(found), np.array([gained for _, gained in team_runs]), np.array(others)


def test_every_lever_on_the_menu_has_an_aim_chosen_beforehand():
    assert sorted(AIM) == sorted(KINDS) and set(AIMS) == set(INDICATORS) == set(LOOPS)


def test_a_team_finds_the_one_strong_lever_within_eight_quarters():
    """About seven in ten do (``RUNS = 24 * len(KINDS)`` measures it); six in ten is two standard errors below, in so few."""
    assert planted()[0].mean() >= 0.6


def test_finding_it_pays():
    _, gained, others = planted()
    assert (gained.mean() > 1.5 * others.mean(axis=1)).all()


def test_where_no_lever_does_anything_teams_do_not_agree_on_one():
    none = np.zeros(len(KINDS))
    chosen = [int(played(partial(team, STEP), none, seed)[0].argmax()) for seed in range(RUNS)]
    most = np.bincount(chosen, minlength=len(KINDS)).max()
    assert most < RUNS / 4  # of luck: there is nothing to agree on


def test_a_picture_rests_on_what_is_told_and_is_even_where_nothing_is():
    def seen(told):
        row = signs({})
        row[0, SIGNS.index("told_families")] = told
        return Seen(np.array([row]), np.zeros((1, 4, len(KINDS))), BUDGET, KINDS, np.full(len(KINDS), BUDGET), QUARTERS, 1)

    assert set(picture(seen(0)).values()) == {1 / len(LOOPS)}
    few, many = (picture(seen(told))["families"] for told in (2, 50))
    assert 1 / len(LOOPS) < few < many < 1.0
