"""Norms: worked examples."""

import pytest

from model.rules.norms import enemy_target, home_target, street_target
from tests.rules.examples import one, parameters, person

P = parameters("norms")


def test_a_norm_that_all_around_hold_binds_who_distrusts():
    assert enemy_target(1.0, 0.0, 0.0, 1.0, P) > 0.95
    assert enemy_target(0.0, 0.0, 0.0, 1.0, P) < 0.05


def test_trust_and_independence_loosen_it():
    assert enemy_target(0.6, 0.0, 0.8, 1.0, P) < enemy_target(0.6, 0.0, 0.2, 1.0, P)
    assert enemy_target(0.6, 0.0, 0.4, 0.5, P) < enemy_target(0.6, 0.0, 0.4, 1.5, P)


def test_past_the_threshold_of_open_people_a_widely_held_norm_flips():
    few, many = P.threshold / 3, P.threshold * 1.5
    assert enemy_target(0.8, few, 0.4, 1.0, P) > 0.5 > enemy_target(0.8, many, 0.4, 1.0, P)


def test_without_sanction_nothing_binds():
    assert enemy_target(1.0, 0.0, 0.0, 1.0, parameters("norms", sanction=0.0)) < 0.05


def test_the_street_teaches_what_it_shows():
    quiet, rough = one("place"), one("place", attachment=0.5)
    assert street_target(person(), quiet, 0.0, 0.0, P) == pytest.approx(0.1)
    assert street_target(person(exposure=0.5), rough, 0.0, 0.0, P) == pytest.approx(
        0.1 + 0.5 * P.street_company + 0.5 * P.street_hold
    )
    assert street_target(person(), quiet, 0.0, 0.05, P) == pytest.approx(0.15)  # what comes from outside adds


def test_a_full_dialogue_takes_away_half_of_it():
    rough, youth = one("place", attachment=0.5), person(exposure=0.2)
    without, with_it = (street_target(youth, rough, dialogue, 0.0, P) for dialogue in (0.0, 1.0))
    assert with_it == pytest.approx((1.0 - P.dialogue) * without)


def test_home_tolerates_what_a_member_does_most_of_all_in_a_closed_family():
    assert home_target(one("household"), P) == 0.05
    assert home_target(one("household", involved=1), P) == pytest.approx(P.home_family / 2)
    assert home_target(one("household", involved=1, closed=1.0), P) == pytest.approx(P.home_family)
