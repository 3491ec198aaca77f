"""What it is worth to find out a number, held to cases whose answer is known."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from kantelpunt.experiments.analysis import worth as worth_of
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities
from kantelpunt.viz.report import decisions
from kantelpunt.viz.report.html import html
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of, study_of

SANCTION = quantities()["norms.sanction"]


def knowing(mean, spread):
    """Return in closed form what it wins to know a normal benefit before one takes it or leaves it."""
    return mean * norm.cdf(mean / spread) + spread * norm.pdf(mean / spread) - max(0.0, mean)


def linear(n, slope, noise, mean, seed, k=1):
    """Return k normal numbers at n points, and two plans: one that does nothing, one whose benefit is linear in the first."""
    rng = np.random.default_rng(seed)
    numbers = rng.standard_normal((n, k))
    benefit = mean + slope * numbers[:, 0] + noise * rng.standard_normal(n)
    return numbers, pd.DataFrame({"today": np.zeros(n), "plan": benefit})


def found(benefit, inputs, surveys=(), seed=1):
    """Return the table of what finding out is worth."""
    kinds = {name: "number" if np.ndim(each) == 1 else "group" for name, each in inputs.items()}
    shown = {(name, kinds[name]): np.reshape(each, (len(benefit), -1)) for name, each in inputs.items()}
    return worth_of.valued(benefit, "today", shown, dict(surveys), False, seed).table


# worth


def test_knowing_a_number_is_worth_what_the_closed_form_says():
    values = []
    for seed in range(10):
        numbers, benefit = linear(400, 1.0, 2.0, 0.5, seed)
        row = found(benefit, {"x": numbers[:, 0]}, seed=seed).loc["x"]
        values.append(row["value"])
        assert row["counts"] and row["low"] <= row["value"] <= row["high"]
    assert np.mean(values) == pytest.approx(knowing(0.5, 1.0), abs=0.06)  # four standard errors of ten


def test_a_number_that_changes_no_choice_is_worth_exactly_nothing_on_every_processor():
    numbers, benefit = linear(60, 0.01, 0.01, 5.0, 3)  # one plan leads at every point, so that only rounding is left
    row = found(benefit, {"x": numbers[:, 0]}).loc["x"]
    assert row["value"] == row["low"] == row["high"] == row["zero"] == 0.0 and not row["counts"]


@pytest.mark.parametrize(
    ("n", "slope", "noise", "mean"),
    [(400, 1.0, 2.0, 0.5), (100, 1.0, 1.0, 0.3), (60, 1.0, 3.0, 0.5), (100, 1.0, 2.0, 0.0), (400, 0.3, 2.0, 0.0)],
    ids=["plain", "few points", "much noise", "equal plans", "equal plans, weak"],
)
def test_the_interval_of_a_value_covers_the_closed_form_as_often_as_it_says(n, slope, noise, mean):
    """Over repetitions: 95 % is asked; where plans are equal on average, and a value is largest, somewhat less is allowed."""
    covered = []
    for seed in range(120):
        numbers, benefit = linear(n, slope, noise, mean, seed)
        low, high = worth_of.Smoother(*worth_of.basis_of(numbers)).interval(benefit.to_numpy(), np.random.default_rng(seed))
        covered.append(low <= knowing(mean, slope) <= high)
    assert np.mean(covered) >= (0.91 if mean else 0.86)  # two standard errors below 0.95, and below 0.91


def test_plans_whose_noise_is_one_and_the_same_have_intervals_too():
    """Half doses of one plan: residuals that depend on each other entirely."""
    numbers, benefit = linear(200, 1.0, 1.0, 0.2, 4)
    benefit["half"] = 0.5 * benefit["plan"]
    row = found(benefit, {"x": numbers[:, 0]}).loc["x"]
    assert row["low"] <= knowing(0.2, 1.0) <= row["high"] and row["value"] == pytest.approx(knowing(0.2, 1.0), abs=0.12)
    exact = found(benefit.assign(plan=0.2 + numbers[:, 0], half=0.1), {"x": numbers[:, 0]}).loc["x"]  # and no noise at all
    assert exact["low"] <= exact["value"] <= exact["high"] < exact["value"] + 0.2


def test_a_survey_is_worth_what_its_error_leaves_and_less_than_knowing():
    numbers, benefit = linear(4_000, 1.0, 0.5, 0.5, 3)
    survey = worth_of.Survey("x", asked=100, spread=10.0)
    table = found(benefit, {"y": numbers[:, 0]}, {survey: numbers[:, 0]})
    assert survey.error == 1.0
    left = 1.0 / math.sqrt(1.0 + survey.error**2)  # spread of what one expects after the survey
    assert table.loc["x", "value"] == pytest.approx(knowing(0.5, left), abs=0.03)
    assert table.loc["y", "value"] == pytest.approx(knowing(0.5, 1.0), abs=0.03)


def test_noise_alone_is_worth_nothing_and_is_seldom_said_to_count():
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        benefit = pd.DataFrame({"today": np.zeros(100), "plan": rng.standard_normal(100)})
        table = found(benefit, {f"x{i}": rng.standard_normal(100) for i in range(5)}, seed=seed)
        wrong += bool(table["counts"].any())
    assert wrong <= 6  # 2 expected; more than 6 of 40 happens once in 200 times


def test_knowing_a_number_that_changes_no_choice_is_worth_nothing():
    numbers, benefit = linear(400, 1.0, 0.5, 20.0, 1)
    row = found(benefit, {"x": numbers[:, 0]}).loc["x"]
    assert row["value"] == pytest.approx(0.0, abs=1e-9) and not row["counts"]


def test_two_numbers_that_work_together_are_worth_what_nested_draws_say():
    def benefit_of(a, b):
        return 0.2 + 1.5 * a * b + 0.5 * a

    rng = np.random.default_rng(5)
    outer, inner = rng.standard_normal((2, 200_000)), rng.standard_normal((2_000, 500))
    both = np.maximum(benefit_of(*outer), 0.0).mean() - 0.2
    one = np.maximum(benefit_of(inner[:, :1], rng.standard_normal((2_000, 500))).mean(axis=1), 0.0).mean() - 0.2
    numbers = rng.standard_normal((2_000, 2))
    benefit = pd.DataFrame({"today": np.zeros(2_000), "plan": benefit_of(*numbers.T) + 0.5 * rng.standard_normal(2_000)})
    table = found(benefit, {"a": numbers[:, 0], "both": numbers})
    assert table.loc["both", "value"] == pytest.approx(both, rel=0.08)
    assert table.loc["a", "value"] == pytest.approx(one, abs=0.04)


def turning(job):
    """Return a history in which a plan helps where the sanction of neighbours is strong, and harms where it is weak."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    at = (job.scenario.parameters["norms.sanction"] - SANCTION.default) / (SANCTION.high - SANCTION.low)
    history[1, COLUMN] = 100.0 + np.random.default_rng(job.seed).standard_normal() - 60.0 * at * (job.name == "youth")
    return history


@pytest.fixture(scope="module")
def study():
    two = {"today": {}, "youth": {"youth_activities": 1.0}}
    vary = ["norms.sanction", "trust.gain", "trust.bad_weight"]
    return study_of(plan_of(points=60, spread=1.0, vary=vary, scenario=two), turning).run(quiet=True)


def test_a_study_tells_what_to_find_out_and_what_not(study):
    (block,) = worth_of.worth(study)
    assert block.table["value"].idxmax() in ("norms.sanction",)
    assert block.table.loc["norms.sanction", "counts"] and not block.table.loc["trust.gain", "counts"]
    assert "trust" in block.table.index and block.table.loc["trust", "kind"] == "group"
    (euros,) = worth_of.worth(study, value=1_000.0)
    cost = study.extra_cost("youth")
    assert cost > 0.0 and euros.gain <= max(0.0, 1_000.0 * block.gain) and euros.euros


@pytest.mark.parametrize(
    ("how", "told"),
    [({"value": 0.0}, "value: out of range"), ({"groups": {"g": ["norms.x"]}}, "does not vary"),
     ({"surveys": [worth_of.Survey("trusts", 10)]}, "unknown outcome"),
     ({"surveys": [worth_of.Survey("unsafe", 0)]}, "invalid survey")],
)  # fmt: skip
def test_what_cannot_be_found_out_is_refused(study, how, told):
    with pytest.raises(InputError, match=told):
        worth_of.worth(study, **how)


def test_too_few_points_are_refused():
    few = study_of(plan_of(points=4, vary=["norms.sanction"]), turning).run(quiet=True)
    with pytest.raises(InputError, match="too few points"):
        worth_of.worth(few)


@pytest.mark.slow
def test_the_command_says_it_in_words_and_the_report_has_it(study, call):
    code, out, err = call("worth", study.folder, "--survey", "unsafe[52]:200", "--lang", "en", "--json")
    assert code == 0, err
    told = json.loads(out)["worth"]
    assert told[0]["rows"][0]["name"] in ("norms.sanction", "norms")
    assert {"worth.json", "worth.csv", "worth.png"} <= {each.name for each in study.folder.iterdir()}
    for language in ("nl", "en"):
        t = Text(language)
        (section,) = decisions.sections(study, t)
        assert t("worth.title") in html(study, language) and len(section.rows) > 3
        assert any(t("worth.counts", what="", value="", unit="", low="", high="")[:9] in line for line in section.lines)
    code, _, err = call("worth", study.folder, "--survey", "unsafe")
    assert code == 2 and "unsafe" in err


# parts
