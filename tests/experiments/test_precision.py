"""How sure an effect is: intervals against known effects, stopping on precision, luck that is shared."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kantelpunt.experiments import until
from kantelpunt.experiments.running import engines
from kantelpunt.experiments.running.stopping import look_ahead, stopped_at
from kantelpunt.experiments.statistics import effect
from kantelpunt.model.errors import InputError
from tests.experiments.toys import plan_of, study_of, toy


def test_intervals_cover_a_known_effect_as_often_as_they_say():
    n, covered = 400, 0
    for seed in range(n):
        rng = np.random.default_rng(seed)
        units = pd.MultiIndex.from_product([range(12), range(2)], names=["point", "world"])
        luck = rng.normal(0, 3, 24) + np.repeat(rng.exponential(4, 12), 2)
        ours, theirs = pd.Series(luck - 2.0 + rng.normal(0, 2, 24), units), pd.Series(luck, units)
        found = effect("a", "recruited", ours, theirs, "lower", 1.0).difference
        covered += found.low <= -2.0 <= found.high
    low, high = stats.binom.interval(0.999, n, 0.95)
    assert low <= covered <= high


@pytest.mark.slow
def test_stopping_on_precision_keeps_the_coverage_of_its_intervals():
    n, covered, sizes = 200, 0, []
    stop = until("recruited", half_width=1.0, start=10, most=200)
    for seed in range(n):
        values = np.random.default_rng(seed).normal(-2.0, 2.5, 200)
        index = pd.MultiIndex.from_arrays([range(200), [0] * 200], names=["point", "world"])
        differences = pd.DataFrame({"youth": values}, index=index)
        at = stopped_at(stop, differences)
        shown = values[: at + look_ahead(at)]
        found = stats.ttest_1samp(shown, 0.0).confidence_interval(0.95)
        covered += found.low <= -2.0 <= found.high
        sizes.append(at)
    assert covered >= stats.binom.ppf(0.001, n, 0.94)
    assert np.mean(sizes) == pytest.approx((1.96 * 2.5) ** 2, rel=0.3)


def test_a_stop_counts_only_if_the_precision_stays():
    def looked_at(values):
        index = pd.MultiIndex.from_arrays([range(len(values)), [0] * len(values)], names=["point", "world"])
        return stopped_at(until("recruited", half_width=1.0, start=10), pd.DataFrame({"youth": values}, index=index))

    calm = [0.1 * (-1) ** i for i in range(20)]
    assert looked_at(calm[:14]) is None  # nobody has seen yet whether it stays
    assert looked_at(calm[:15]) == 10
    assert looked_at([*calm[:12], -40.0, 40.0, -40.0, 40.0]) is None


def test_a_study_that_stops_on_precision_is_the_same_on_every_engine():
    stop = until("recruited", half_width=0.35, start=10, most=60)
    studies = [study_of(plan_of(points=8), toy({"youth": -8.0})).run(stop, engine=engines.threads(n), quiet=True) for n in (1, 3)]
    assert studies[0].size == studies[1].size
    assert 30 < studies[0].size < 180, studies[0].size
    pd.testing.assert_frame_equal(studies[0].outcomes, studies[1].outcomes)
    with pytest.raises(InputError, match="--shard"):
        study_of(plan_of()).run(stop, shard="1/2", quiet=True)


def test_luck_that_is_shared_is_worth_what_it_saves():
    study = study_of(plan_of(points=100, worlds=2), toy({"youth": -1.0}, luck=2.0)).run(quiet=True)
    (youth, raid) = study.effects()
    assert youth.crn_gain == pytest.approx(2 * 2.0**2 / (0.2**2 / 12), rel=0.4)  # two variances of luck over that of the effect
    assert math.isinf(raid.crn_gain)
    assert math.isnan(study_of().run(quiet=True).effects()[0].crn_gain)
