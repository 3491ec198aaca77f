"""Plans whose effects are known: regret, costs, net benefit, quantiles."""

import numpy as np
import pytest

from kantelpunt.experiments.analysis import robust_choice
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from tests.experiments.toys import COLUMN, plan_of, study_of, toy


def test_regret_of_plans_that_are_equal_is_nothing_when_worlds_are_split():
    def lucky(job):
        history = np.zeros((53, len(OUTCOMES)))
        history[1, COLUMN] = np.random.default_rng([job.seed, len(job.name), ord(job.name[0])]).normal(20.0, 5.0)
        return history

    study = study_of(plan_of(points=200, worlds=4), lucky).run(quiet=True)
    table = robust_choice.choices(study)
    gains = robust_choice.gains_of(study)
    naive = (gains.groupby("point").mean().max(axis=1).to_numpy()[:, None] - gains.groupby("point").mean()).mean()
    assert (naive > 1.5).all()
    assert table["regret"].abs().max() < 0.75
    assert table["p_best"].to_numpy() == pytest.approx([1 / 3] * 3, abs=0.1)
    assert robust_choice.choices(study_of().run(quiet=True))["regret"].isna().all()


def test_a_plan_that_is_always_better_is_best_and_has_no_regret():
    study = study_of(plan_of(points=20, worlds=2), toy({"youth": -8.0})).run(quiet=True)
    table = robust_choice.choices(study)
    assert table.loc["youth", ["p_best", "regret", "helps", "matters"]].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert table.loc["today", "regret"] == pytest.approx(8.0, abs=0.3)


def test_a_plan_that_does_nothing_helps_nowhere():
    assert robust_choice.choices(study_of(work=toy({})).run(quiet=True)).loc["youth", ["helps", "matters"]].tolist() == [0.0, 0.0]


def test_what_a_plan_costs_more_is_without_what_today_costs():
    tables = {"today": {"raid": 1.0}, "both": {"raid": 1.0, "youth_activities": 1.0}, "youth": {"youth_activities": 1.0}}
    study = study_of(plan_of(scenario=tables))
    costs = {name: scenario.cost() for name, scenario in study.plan.scenarios.items()}
    assert min(costs.values()) > 0.0
    assert study.extra_cost("both") == pytest.approx(costs["youth"])
    assert study.extra_cost("youth") == pytest.approx(costs["youth"] - costs["today"])


def test_net_benefit_is_the_gain_in_euros_less_the_cost():
    study = study_of(plan_of(points=20), toy({"youth": -8.0})).run(quiet=True)
    cost = study.plan.scenarios["youth"].cost()
    worth = robust_choice.net_benefit(study, value=10_000.0).loc["youth"]
    assert worth["mean"] == pytest.approx(80_000.0 - cost, abs=3_000)
    assert worth["low"] < worth["mean"] < worth["high"]
    with pytest.raises(InputError, match="value"):
        robust_choice.net_benefit(study, value=0.0)


def test_quantiles_differ_by_a_constant_where_the_effect_is_one():
    study = study_of(plan_of(points=60), toy({"youth": -8.0})).run(quiet=True)
    table = robust_choice.quantiles(study)
    for q in (0.1, 0.5, 0.9):
        low, mean, high = table.loc[("youth", q), ["low", "difference", "high"]]
        assert low < mean < high
        assert mean == pytest.approx(-8.0, abs=0.5)
    few = study_of(work=toy({"youth": -8.0})).run(quiet=True)
    assert robust_choice.quantiles(few).loc["youth", "low"].isna().all()


def test_quantiles_keep_pairs_together():
    rng = np.random.default_rng(1)
    theirs = 10.0 * rng.standard_normal(60)
    low, high = robust_choice.bootstrapped(theirs - 2.0 + 0.1 * rng.standard_normal(60), theirs, 0.5, seed=1)
    assert -3.0 < low < -2.0 < high < -1.0  # apart, either median is known to within about 3
