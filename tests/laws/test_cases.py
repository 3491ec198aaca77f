"""Cases are conserved: opened = closed + open; every open case stands in one row, and whoever it is about knows it."""

import numpy as np
from hypothesis import given

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.shared.events import happened
from kantelpunt.model.state.codes import CASE_CLOSED, CASE_OPENED, FAMILY, FREE, NOBODY, SAFETY, SOCIAL, WAITING, YOUTH_AT_RISK
from tests.contracts.steps import EAGER
from tests.laws.strategies import Life, laws, lives, moments

COLUMN = {name: i for i, name in enumerate(OUTCOMES)}


def eager(life: Life) -> Life:
    """Return the same life where much is noticed and reported."""
    return Life(life.scenario.changed(parameters={**life.scenario.parameters, **EAGER}), life.seed)


def total(now, *names):
    """Return the sum of these outcomes over the weeks that passed."""
    return int(sum(now.world.history[: now.week + 1, COLUMN[name]].sum() for name in names))


@laws(60)
@given(lives())
def test_opened_is_closed_plus_open(life):
    for now in moments(eager(life)):
        n_open = np.count_nonzero(now.world.cases["state"] != FREE)
        assert total(now, "cases_opened") == total(now, "cases_closed") + n_open
        assert total(now, "cases_opened", "turned_away") == total(now, "reports", "signals", "family_signals")
        assert total(now, "done_told", "explained", "silent") <= total(now, "cases_closed")


@laws(60)
@given(lives())
def test_every_row_is_open_or_on_the_stack_once(life):
    for now in moments(eager(life)):
        n_free = int(now.world.tile_index["cases_free"][0])
        stack = now.world.cases_free[:n_free]
        in_use = now.world.cases["state"] != FREE
        assert np.unique(stack).size == n_free
        assert not in_use[stack].any()
        assert n_free + in_use.sum() == now.world.cases.size
        assert (now.world.cases["state"][in_use] == WAITING).all()


@laws(60)
@given(lives())
def test_a_case_and_its_person_point_at_each_other(life):
    for now in moments(eager(life)):
        people, cases = now.world.people, now.world.cases
        rows = np.flatnonzero(cases["state"] != FREE)
        assert np.unique(cases["id"][rows]).size == rows.size
        for row in rows:
            case = cases[row]
            assert (case["about"] == NOBODY) != (case["reporter"] == NOBODY)
            assert case["opened"] <= case["approved_week"]
            assert 0 <= case["place"] < now.world.places.size
            if case["kind"] == FAMILY:
                family = now.world.households[case["about"]]
                assert family["id"] != case["about_id"] or family["case"] == row
                continue
            who, then = max((case["about"], case["about_id"]), (case["reporter"], case["reporter_id"]))
            if people["present"][who] == 1 and people["id"][who] == then:
                assert people["case"][who] == row
        holders = np.flatnonzero((people["present"] == 1) & (people["case"] != NOBODY))
        assert np.unique(people["case"][holders]).size == holders.size
        assert np.isin(people["case"][holders], rows).all()
        families = np.flatnonzero(now.world.households["case"] != NOBODY)
        pointed_at = now.world.households["case"][families]
        assert np.unique(pointed_at).size == families.size
        assert np.isin(pointed_at, rows).all()
        assert (cases["kind"][pointed_at] == FAMILY).all() and (cases["about"][pointed_at] == families).all()


@laws(40)
@given(lives())
def test_only_cases_about_somebody_escalate_and_then_safety_has_them(life):
    for now in moments(eager(life)):
        cases = now.world.cases[now.world.cases["state"] != FREE]
        about = (cases["kind"] == YOUTH_AT_RISK) | (cases["kind"] == FAMILY)
        escalated = about & (cases["needs"] == SAFETY)
        assert (cases["domain"][escalated] == SAFETY).all()
        assert not (escalated & (cases["false_alarm"] == 1)).any()
        assert (about | (cases["false_alarm"] == 0)).all()
        assert total(now, "escalated") >= escalated.sum()
        assert total(now, "early", "late") <= total(now, "taken_up")
        assert total(now, "false_alarms") <= total(now, "signals")
        assert np.isin(cases["domain"], (SAFETY, SOCIAL)).all()
        column = now.world.history[: now.week + 1]
        assert (column[:, COLUMN["ownerless"]] <= column[:, COLUMN["cases_open"]]).all()


@laws(40)
@given(lives(years=1))
def test_events_tell_of_every_case(life):
    *_, now = moments(eager(life), every=52, events=True)
    log = happened(now.world)
    opened, closed = (log["whom"][log["kind"] == kind] for kind in (CASE_OPENED, CASE_CLOSED))
    assert opened.size == total(now, "cases_opened") and closed.size == total(now, "cases_closed")
    assert np.unique(opened).size == opened.size
    still = now.world.cases["id"][now.world.cases["state"] != FREE]
    assert sorted(np.setdiff1d(opened, closed)) == sorted(still)
    concerned = dict(log[log["kind"] == CASE_OPENED][["whom", "who"]].tolist())
    assert all(concerned[case] == who for case, who in log[log["kind"] == CASE_CLOSED][["whom", "who"]].tolist())
