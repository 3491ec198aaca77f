"""Acquaintances: worked examples."""

import pytest

from kantelpunt.model.shared.acquaintances import HALF, familiar, familiarity, get_to_know, know_nobody, miss, remembered
from kantelpunt.model.state.codes import WORKERS
from tests.rules.examples import TODAY, rows

BONDING = 0.12


def team():
    """Return five professionals."""
    return rows("professional", 5)


def known(slots, week=TODAY):
    """Return the posts that somebody knows and how well."""
    return {int(slots[k].post): float(slots[k].level) for k in range(WORKERS) if slots[k].level > 0.0}


def test_somebody_who_meets_the_same_worker_again_knows_them_better():
    slots, staff = rows("acquaintance", WORKERS), team()
    assert familiarity(slots, staff, TODAY) == 0.0
    for times in (1, 2, 3):
        get_to_know(slots, staff, 2, BONDING, TODAY)
        assert familiarity(slots, staff, TODAY) == pytest.approx(1.0 - (1.0 - BONDING) ** times, abs=1e-6)
    assert set(known(slots)) == {2}


def test_another_worker_starts_anew_and_for_a_fourth_the_one_who_is_known_least_is_given_up():
    slots, staff = rows("acquaintance", WORKERS), team()
    for who in (0, 0, 1, 2, 2):
        get_to_know(slots, staff, who, BONDING, TODAY)
    assert set(known(slots)) == {0, 1, 2}
    get_to_know(slots, staff, 3, BONDING, TODAY)
    assert known(slots) == pytest.approx({0: 0.2256, 2: 0.2256, 3: BONDING}, abs=1e-6)


def test_before_the_last_contact_nothing_has_faded():
    slots, staff = rows("acquaintance", WORKERS), team()
    get_to_know(slots, staff, 2, BONDING, TODAY)
    for earlier in (1, int(HALF), 3 * int(HALF)):
        assert remembered(slots[0], TODAY - earlier) == pytest.approx(BONDING)
    get_to_know(slots, staff, 2, BONDING, TODAY - int(HALF))
    assert familiarity(slots, staff, TODAY - int(HALF)) == pytest.approx(1.0 - (1.0 - BONDING) ** 2)


def test_what_one_knew_fades_and_fades_ever_more_slowly():
    slots, staff = rows("acquaintance", WORKERS), team()
    get_to_know(slots, staff, 0, 0.8, TODAY)
    for halves, left in ((0, 0.8), (1, 0.4), (3, 0.2)):
        assert familiarity(slots, staff, TODAY + int(halves * HALF)) == pytest.approx(left)
    get_to_know(slots, staff, 0, BONDING, TODAY + int(HALF))  # what was left grows
    assert familiarity(slots, staff, TODAY + int(HALF)) == pytest.approx(0.4 + BONDING * 0.6)


def test_somebody_who_leaves_takes_it_along_and_a_successor_is_somebody_else():
    slots, staff = rows("acquaintance", WORKERS), team()
    get_to_know(slots, staff, 0, 0.8, TODAY)
    get_to_know(slots, staff, 1, 0.3, TODAY)
    staff[0].present = 0
    assert familiarity(slots, staff, TODAY) == pytest.approx(0.3)
    staff[0].present, staff[0].nth = 1, 1
    assert familiarity(slots, staff, TODAY) == pytest.approx(0.3)
    get_to_know(slots, staff, 0, BONDING, TODAY)
    assert known(slots)[0] == pytest.approx(BONDING)


def test_a_place_that_is_empty_is_taken_before_anybody_is_given_up():
    slots, staff = rows("acquaintance", WORKERS), team()
    for who, bonding in ((0, 0.05), (1, 0.5), (2, 0.5)):
        get_to_know(slots, staff, who, bonding, TODAY)
    staff[2].present = 0
    miss(slots, staff, TODAY)
    get_to_know(slots, staff, 3, BONDING, TODAY)
    assert set(known(slots)) == {0, 1, 3}
    know_nobody(slots)
    assert familiarity(slots, staff, TODAY) == 0.0


@pytest.mark.parametrize("leavers", [(1,), (0, 1, 2)])
def test_somebody_who_left_keeps_a_place_until_they_are_missed_whomever_one_meets_in_that_week(leavers):
    slots, staff = rows("acquaintance", WORKERS), team()
    for who, bonding in ((0, 0.4), (1, 0.3), (2, 0.5)):
        get_to_know(slots, staff, who, bonding, TODAY)
    for who in leavers:
        staff[who].present, staff[who].nth = int(who == 1), 1  # in the post of one there is a successor
    get_to_know(slots, staff, 1, BONDING, TODAY)
    assert familiar(slots, staff, 1, TODAY) == pytest.approx(BONDING if len(leavers) < WORKERS else 0.0)
    missed = {(1,): 0.3, (0, 1, 2): 1.0 - 0.6 * 0.7 * 0.5}
    assert miss(slots, staff, TODAY)[1] == pytest.approx(missed[leavers])


def test_somebody_is_as_well_known_as_the_place_for_them_says():
    slots, staff = rows("acquaintance", WORKERS), team()
    get_to_know(slots, staff, 0, 0.8, TODAY)
    get_to_know(slots, staff, 3, 0.3, TODAY)
    assert [familiar(slots, staff, who, TODAY) for who in (0, 3, 1)] == pytest.approx([0.8, 0.3, 0.0])
    assert familiar(slots, staff, 0, TODAY + int(HALF)) == pytest.approx(0.4)


def test_a_worker_who_leaves_is_missed_once_as_well_as_they_were_known():
    slots, staff = rows("acquaintance", WORKERS), team()
    get_to_know(slots, staff, 0, 0.8, TODAY)
    get_to_know(slots, staff, 1, 0.5, TODAY)
    assert miss(slots, staff, TODAY)[1] == 0.0
    staff[0].present, staff[0].nth = 1, 1  # somebody else has come
    staff[1].present = 0
    assert miss(slots, staff, TODAY)[1] == pytest.approx(1.0 - 0.2 * 0.5, abs=1e-6)
    assert miss(slots, staff, TODAY)[1] == 0.0
