"""Statistics against known cases: coverage, verdicts on constructed data, Holm, spread, pairing, price."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from kantelpunt.experiments import statistics
from kantelpunt.experiments.statistics import Interval, effect, holm, interval, judged, p_equivalence, pairing, price, spread


def worlds(values):
    """Return outcomes by (point, world) from an array of points by worlds."""
    values = np.asarray(values, dtype=float)
    index = pd.MultiIndex.from_product([range(values.shape[0]), range(values.shape[1])], names=["point", "world"])
    return pd.Series(values.ravel(), index)


def compared(differences, better="lower", matters=3.0, base=50.0):
    """Return the effect of a scenario whose outcome lies this much above that of another one."""
    theirs = worlds(np.full(np.shape(differences), base))
    return effect("ours", "recruited", theirs + worlds(differences), theirs, better, matters)


def verdict(differences, **options):
    (found,) = judged([compared(differences, **options)], options.get("better", "lower"))
    return found.verdict


def nested(rng, points, each, mean, plausible, chance):
    """Return differences of a toy model with a known effect: points differ, and worlds within them."""
    return mean + plausible * rng.standard_normal((points, 1)) + chance * rng.standard_normal((points, each))


def plausible_count(count, n, rate):
    """Return whether a count is one that a rate gives (two-sided binomial test at 1 in 1,000)."""
    return stats.binomtest(count, n, rate).pvalue > 0.001


def test_the_95_percent_interval_holds_the_truth_in_95_of_100_studies():
    rng, n, truth = np.random.default_rng(1), 200, -2.0
    held = sum(
        found.low <= truth <= found.high for found in (compared(nested(rng, 8, 2, truth, 3.0, 4.0)).difference for _ in range(n))
    )
    assert plausible_count(held, n, 0.95)


def test_worlds_of_one_point_are_not_taken_for_independent():
    rng, n, truth = np.random.default_rng(2), 200, -2.0
    held = sum(
        found.low <= truth <= found.high for found in (interval(nested(rng, 8, 4, truth, 5.0, 1.0).ravel()) for _ in range(n))
    )
    assert held < 0.85 * n  # this is what the mistake would cost
    held = sum(
        found.low <= truth <= found.high for found in (compared(nested(rng, 8, 4, truth, 5.0, 1.0)).difference for _ in range(n))
    )
    assert plausible_count(held, n, 0.95)


def test_with_one_point_the_worlds_are_the_units():
    found = compared([[1.0, 3.0, 2.0, 4.0]])
    assert (found.points, found.worlds, found.units) == (1, 4, 4)
    assert found.difference == pytest.approx(interval(np.array([1.0, 3.0, 2.0, 4.0])))


def test_a_difference_is_that_of_pairs_in_whatever_order_they_come():
    rng = np.random.default_rng(6)
    theirs = worlds(50.0 + 10.0 * rng.standard_normal((9, 2)))
    ours = (theirs - 3.0 + worlds(rng.standard_normal((9, 2)))).sample(frac=1.0, random_state=rng)
    found = effect("ours", "recruited", ours, theirs, "lower", 3.0)
    by_hand = stats.ttest_rel(*(each.groupby(level="point").mean().sort_index() for each in (ours, theirs)))
    assert found.difference[1:] == pytest.approx(list(by_hand.confidence_interval(0.95)))
    assert found.difference.mean == pytest.approx(ours.mean() - theirs.mean())
    assert found.p_difference == pytest.approx(by_hand.pvalue)
    assert found.better == (ours.sort_index() < theirs).sum()


def test_one_pair_gives_no_interval_and_no_verdict():
    found = compared([[-9.0]])
    assert found.difference.mean == -9.0
    assert math.isnan(found.difference.low)
    assert verdict([[-9.0]]) == "not known yet"


def test_verdicts_on_constructed_worlds():
    noise = np.array([-1.0, 1.0, -0.5, 0.5, -1.5, 1.5, -0.2, 0.2])[:, None]
    assert verdict(noise - 8.0) == "better"
    assert verdict(noise + 8.0) == "worse"
    assert verdict(noise + 8.0, better="higher") == "better"
    assert verdict(noise - 8.0, better="higher") == "worse"
    assert verdict(noise) == "practically the same"
    assert verdict(noise + 1.5) == "practically the same"  # surely something, and surely too little to matter
    assert verdict(noise + 3.0) == "worse"  # surely something, but it may be less than what matters
    assert verdict(5 * noise) == "not known yet"
    assert verdict(5 * noise + 3.0) == "not known yet"


def test_a_difference_of_exactly_nothing_is_the_same_and_a_constant_one_is_not():
    assert verdict(np.zeros((6, 1))) == "practically the same"
    assert verdict(np.full((6, 1), -3.0)) == "better"
    assert verdict(np.full((6, 1), -2.9)) == "practically the same"


def test_five_units_get_no_verdict():
    assert verdict(np.zeros((5, 3))) == "not known yet"
    assert verdict(np.full((5, 3), -9.0)) == "not known yet"


def test_holm_over_all_comparisons():
    rng = np.random.default_rng(3)
    effects = [compared(shift + rng.standard_normal((8, 1))) for shift in (0.9, 1.1, 6.0, 0.0)]
    for kind in ("p_difference", "p_equivalence"):
        p = np.array([getattr(each, kind) for each in effects])
        order = np.argsort(p)
        by_hand = np.empty(4)
        by_hand[order] = np.minimum(np.maximum.accumulate(p[order] * np.array([4, 3, 2, 1])), 1.0)
        assert [getattr(each, kind) for each in judged(effects, "lower")] == pytest.approx(by_hand.tolist())
    assert judged([], "lower") == []


def test_a_study_of_plans_that_do_nothing_seldom_calls_one_better_or_worse():
    rng, n, wrong, pointwise = np.random.default_rng(4), 120, 0, 0
    for _ in range(n):
        effects = [compared(rng.standard_normal((6, 1)), matters=0.01) for _ in range(4)]
        wrong += any(each.verdict in ("better", "worse") for each in judged(effects, "lower"))
        pointwise += any(each.p_difference < 0.05 for each in effects)
    assert wrong <= stats.binom.ppf(0.999, n, 0.05)
    assert pointwise > 0.12 * n  # what four comparisons cost without Holm


def test_the_same_is_seldom_said_of_a_difference_that_just_matters():
    rng, n = np.random.default_rng(5), 1000
    said = sum(p_equivalence(rng.normal(3.0, 2.0, 16), 3.0) < 0.05 for _ in range(n))
    assert plausible_count(said, n, 0.05)


def test_worlds_are_counted_by_direction():
    found = compared([[-1.0], [-2.0], [0.0], [5.0]])
    assert (found.better, found.same, found.worse) == (2, 1, 1)
    found = compared([[-1.0], [-2.0], [0.0], [5.0]], better="higher")
    assert (found.better, found.same, found.worse) == (1, 1, 2)


def test_worlds_in_which_one_of_the_two_failed_are_left_out():
    ours, theirs = worlds(np.arange(8.0).reshape(4, 2)), worlds(np.zeros((4, 2)))
    found = effect("ours", "recruited", ours.drop((0, 1)), theirs.drop((3, 0)), "lower", 1.0)
    assert (found.worlds, found.points) == (6, 4)
    assert found.difference.mean == pytest.approx(np.mean([0.0, 2.5, 4.5, 7.0]))


def test_spread_by_hand_and_known():
    chance, plausible = spread(worlds([[1.0, 3.0], [5.0, 7.0]]))
    assert (chance, plausible) == pytest.approx((math.sqrt(2.0), math.sqrt(7.0)))
    found = [spread(worlds(nested(np.random.default_rng(i), 200, 3, 1.0, 3.0, 5.0))) for i in range(5)]
    assert np.mean(found, axis=0) == pytest.approx([5.0, 3.0], rel=0.1)
    assert spread(worlds([[1.0], [2.0]])) == (None, None)
    assert spread(worlds([[1.0, 3.0]])) == (pytest.approx(math.sqrt(2.0)), None)
    assert spread(worlds([[1.0, 3.0], [1.0, 3.0]]))[1] == 0.0
    uneven = spread(
        worlds(nested(np.random.default_rng(9), 500, 4, 0.0, 3.0, 5.0)).drop(index=list(itertools.product(range(250), (2, 3))))
    )
    assert uneven == pytest.approx((5.0, 3.0), rel=0.15)


def test_pairing_is_worth_what_it_takes_off_the_variance():
    rng = np.random.default_rng(6)
    shared, own = rng.standard_normal(20_000), rng.standard_normal((2, 20_000))
    correlation, worth = pairing(3.0 * shared + own[0], 3.0 * shared + own[1])
    assert (correlation, worth) == pytest.approx((0.9, 10.0), rel=0.05)
    assert pairing(shared, shared - 2.0) == (pytest.approx(1.0), math.inf)
    assert all(map(math.isnan, pairing(shared[:1], shared[:1])))
    assert all(map(math.isnan, pairing(np.zeros(5), np.arange(5.0))))


def test_the_price_of_a_unit_is_the_cost_over_the_interval():
    assert price(100.0, Interval(-10.0, -20.0, -5.0), "lower") == Interval(10.0, 5.0, 20.0)
    assert price(100.0, Interval(10.0, 5.0, 20.0), "higher") == Interval(10.0, 5.0, 20.0)


@pytest.mark.parametrize(
    "bounds", [(-1.0, -3.0, 1.0), (5.0, 2.0, 8.0), (-1.0, -2.0, 0.0), (-9.0, math.nan, math.nan), (0.0, 0.0, 0.0)]
)
def test_the_price_is_not_defined_where_it_is_not_sure_that_anything_is_won(bounds):
    assert price(100.0, Interval(*bounds), "lower") is None
    assert price(0.0, Interval(-10.0, -20.0, -5.0), "lower") is None


@pytest.mark.parametrize(("old", "new"), statistics.RENAMED.items())
def test_a_value_of_an_effect_is_read_under_its_old_name_with_a_warning(old, new):
    found = compared([[-3.0, -5.0], [-4.0, -2.0], [-1.0, -6.0]])
    with pytest.warns(DeprecationWarning, match=f"Effect.{old} is now Effect.{new}"):
        assert getattr(found, old) == pytest.approx(getattr(found, new), nan_ok=True)
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = found.no_such_thing


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_p_values_are_adjusted_as_statsmodels_does_it(n, monkeypatch):
    monkeypatch.setattr("gc.collect", lambda *_: 0)  # statsmodels does so each time: that takes longer than all the rest
    for p_values in np.random.default_rng(n).choice([0.0, 0.001, 0.01, 0.02, 0.3, 1.0], (50, n)):
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_a_verdict_collects_no_garbage(monkeypatch):
    monkeypatch.setattr("gc.collect", lambda *_: pytest.fail("a collection stops every session of the app"))
    assert verdict(np.full((12, 1), -20.0) + np.arange(12)[:, None]) is not None


def test_what_sharing_luck_gains_is_told_where_luck_makes_a_difference_and_not_where_it_makes_none():
    points = pd.MultiIndex.from_product([[0, 1], [0, 1]])
    lucky = pd.DataFrame({"ours": [1.0, 3.0, 2.0, 4.0], "theirs": [0.0, 1.0, 1.0, 2.0]}, index=points)
    assert statistics.crn_gain(lucky) == pytest.approx(5.0)  # (4 + 1) / 1: squares within points, apart and of the difference
    assert math.isnan(statistics.crn_gain(lucky.assign(ours=1.0, theirs=2.0)))
    assert statistics.crn_gain(lucky.assign(theirs=lucky["ours"] - 1.0)) == math.inf
