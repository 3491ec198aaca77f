"""Analyses against what is known without them: Ishigami's function, a planted box, thresholds of an equation, known effects."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kantelpunt.experiments.analysis import discovery
from kantelpunt.experiments.analysis.calibration import RULED_OUT, Target, history_match, implausibility, optimise
from kantelpunt.experiments.analysis.sensitivity import by_point, morris, outstanding, sobol
from kantelpunt.experiments.analysis.tipping import branches, dose_by_duration, thresholds, tipping_map, up_and_down
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities
from tests.experiments.toys import COLUMN, plan_of, study_of

THREE = ("recruitment.base", "norms.sanction", "trust.gain")
UNSAFE = list(OUTCOMES).index("unsafe")


def share(name, value):
    """Return where a parameter lies between its low and high, from 0 to 1."""
    quantity = quantities()[name]
    return (value - quantity.low) / (quantity.high - quantity.low)


def ishigami(job):
    """Return a history whose "unsafe" is Ishigami's function of three parameters, from -pi to pi."""
    x, y, z = (math.pi * (2 * share(name, job.scenario.parameters[name]) - 1) for name in THREE)
    history = np.zeros((53, len(OUTCOMES)))
    history[:, UNSAFE] = math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)
    return history


def ishigami_study(tmp_path, design, points):
    study = Study("ishigami", folder=tmp_path / "study", people=120, years=1, spread=1.0, series=0, work=ishigami)
    return study.scenarios(today={}).points(points, design=design, vary=THREE).run(quiet=True)


def widened(monkeypatch):
    """Have the three parameters vary evenly from low to high: their default is not in the middle."""
    monkeypatch.setattr(
        "kantelpunt.experiments.design.sampling.bounds", lambda spread, varied: {n: (q.low, q.high) for n, q in varied.items()}
    )


def test_sobol_indices_of_ishigamis_function(tmp_path, monkeypatch):
    widened(monkeypatch)
    ranked = sobol(ishigami_study(tmp_path, "saltelli", 512), "unsafe")
    assert ranked["total"].is_monotonic_decreasing
    table = ranked.loc[list(THREE)]
    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.06)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.06)
    assert table.attrs["luck"] is None


def test_morris_finds_which_parameters_matter(tmp_path, monkeypatch):
    widened(monkeypatch)
    table = morris(ishigami_study(tmp_path, "morris", 40), "unsafe").loc[list(THREE)]
    assert (table["mu_star"] > 1.0).all()
    assert table.loc["norms.sanction", "mu"] == pytest.approx(0.0, abs=1.5)  # its effect goes up and down


def test_sensitivity_needs_its_own_design_and_all_runs(tmp_path):
    with pytest.raises(InputError, match=r"design.*latin"):
        sobol(study_of().run(quiet=True), "unsafe")
    study = Study("part", folder=tmp_path / "study", people=120, years=1, work=ishigami)
    study.scenarios(today={}).points(4, design="morris", vary=THREE).run(shard="1/2", quiet=True)
    with pytest.raises(InputError, match=r"[0-9]+ points have no run yet"):
        morris(study, "unsafe")


def lucky_ishigami(job):
    """Return Ishigami's function with as much luck."""
    history = ishigami(job)
    history[:, UNSAFE] += np.random.default_rng(job.seed).normal(0.0, 4.0)
    return history


def test_luck_does_not_pass_for_a_parameter(tmp_path, monkeypatch):
    widened(monkeypatch)
    calm = ishigami_study(tmp_path / "calm", "saltelli", 64)
    study = Study("lucky", folder=tmp_path / "lucky", people=120, years=1, spread=1.0, series=0, work=lucky_ishigami)
    study.scenarios(today={}).points(64, design="saltelli", vary=THREE).worlds(2).run(quiet=True)
    tables = [sobol(each, "unsafe").sort_index() for each in (calm, study)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert tables[1].attrs["luck"] == pytest.approx(0.0, abs=1e-9)


def test_the_share_of_luck_is_that_in_the_means_that_are_explained(tmp_path):
    def work(job):
        history = np.zeros((53, len(OUTCOMES)))
        luck = 2.0 * np.random.default_rng([job.seed, job.point]).standard_normal()
        history[:, UNSAFE] = 10.0 * share(THREE[1], job.scenario.parameters[THREE[1]]) + luck
        return history

    study = Study("noisy", folder=tmp_path / "study", people=120, years=1, spread=1.0, series=0, worlds=3, work=work)
    study.scenarios(today={}).points(120, design="grid", vary=THREE[1:2]).run(quiet=True)
    means, luck = by_point(study, "unsafe", None, None)
    assert luck == pytest.approx(2.0**2 / 3 / means.var(ddof=1), rel=0.2)


def planted(job):
    """Return a history in which "youth" fails just where one parameter is high and another low, and luck is shared."""
    history = np.zeros((53, len(OUTCOMES)))
    fails = share(THREE[1], job.scenario.parameters[THREE[1]]) > 0.6 and share(THREE[2], job.scenario.parameters[THREE[2]]) < 0.5
    luck = np.random.default_rng(job.seed).normal(20.0, 5.0)
    history[1, COLUMN] = luck + (0.0 if job.name != "youth" else 2.0 if fails else -6.0)
    return history


@pytest.mark.parametrize("n", [6, 8, 16, 64])
def test_an_assumption_that_means_nothing_is_seldom_named(n):
    rng, repetitions = np.random.default_rng(n), 200
    named = 0
    for i in range(repetitions):
        points = pd.DataFrame(rng.random((n, 350))).add_prefix("p")
        named += not outstanding(points, pd.Series(rng.standard_normal(n)), seed=i).empty
    assert named / repetitions < 0.05 + 3 * math.sqrt(0.05 * 0.95 / repetitions)


def test_the_assumption_that_decides_is_named_with_its_sign_and_first():
    rng = np.random.default_rng(1)
    points = pd.DataFrame(rng.random((40, 350))).add_prefix("p")
    found = outstanding(points, -np.exp(3 * points["p7"]) + 6 * points["p9"])
    assert list(found["quantity"])[:1] == ["p7"]
    assert found["correlation"].iloc[0] == pytest.approx(
        stats.spearmanr(points["p7"], -np.exp(3 * points["p7"]) + 6 * points["p9"]).statistic
    )
    assert outstanding(points, pd.Series(1.0, index=points.index)).empty


def test_prim_finds_a_planted_box(tmp_path):
    rng = np.random.default_rng(1)
    names = [name for name, each in quantities().items() if each.kind == "uncertain"][:10]
    ends = {name: quantities()[name] for name in dict.fromkeys((*THREE, *names))}
    table = pd.DataFrame({name: rng.uniform(each.low, each.high, 200) for name, each in ends.items()})
    plan = plan_of(scenario={"today": {}, "youth": {"youth_activities": 1.0}})
    study = Study.of(plan, tmp_path / "study", planted).points(table).run(quiet=True)
    box = discovery.prim(study, "youth")
    assert set(box.limits.index) == set(THREE[1:])
    assert share(THREE[1], box.limits.loc[THREE[1], "low"]) == pytest.approx(0.6, abs=0.05)
    assert share(THREE[2], box.limits.loc[THREE[2], "high"]) == pytest.approx(0.5, abs=0.05)
    assert box.density > 0.9
    assert box.coverage > 0.9
    assert THREE[1] in box.rule()


def test_prim_finds_no_rule_where_there_is_none():
    rng = np.random.default_rng(2)
    found = [discovery.box_of(pd.DataFrame(rng.random((60, 20))), rng.random(60) < 0.3).rule() for _ in range(12)]
    assert found.count("") >= 10  # one in twenty may be wrong


def test_a_limit_that_many_parameters_would_give_by_luck_is_left_out():
    box, chances = pd.DataFrame({"a": [0.2, 0.9], "b": [0.0, 0.5]}), {"a": [0.004, -1], "b": [-1, 0.02]}
    few, many = discovery.limits_of(2, box, chances), discovery.limits_of(10, box, chances)
    assert few["p"].to_dict() == pytest.approx({"a": 0.008, "b": 0.04})
    assert (few.loc["b", "low"], few.loc["b", "high"]) == (-math.inf, 0.5)
    assert many["p"].to_dict() == pytest.approx({"a": 0.04})
    assert (many.loc["a", "low"], many.loc["a", "high"]) == (0.2, math.inf)


def test_a_rule_needs_points():
    with pytest.raises(InputError, match=r"points.*6.*\n.*30 or more"):
        discovery.prim(study_of().run(quiet=True), "youth")


def fold(job):
    """Return a history in which "unsafe" follows a double well: dx/dt = x - x**3 - tilt * dose, from x = 1."""
    levels, x = np.zeros(job.scenario.weeks + 1), 1.0
    shares = [each.profile(job.scenario.horizon) for each in job.scenario.interventions]
    dose = np.max(shares, axis=0) if shares else np.zeros(job.scenario.weeks + 1)
    for week in range(1, levels.size):
        for _ in range(10):
            x += 0.1 * (x - x**3 - 0.8 * dose[week])
        levels[week] = x
    history = np.zeros((levels.size, len(OUTCOMES)))
    history[:, UNSAFE] = levels
    return history


def fold_study(tmp_path, scenarios):
    return (
        Study("fold", folder=tmp_path / "study", people=120, years=4, work=fold).scenarios(**scenarios).points(2).run(quiet=True)
    )


DOSES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)


def test_thresholds_of_a_double_well(tmp_path):
    ways = branches(fold_study(tmp_path, up_and_down("visible_presence", DOSES, 4)), "unsafe")
    found = thresholds(ways)
    assert found["up"] == pytest.approx(2 / 3 / math.sqrt(3) / 0.8, abs=0.1)  # where the upper well vanishes
    assert ways.loc[("down", 0.0), "mean"] < -0.9  # once over, it stays
    assert math.isnan(found["down"])  # no dose is needed to stay there


def test_a_tipping_map_of_a_double_well(tmp_path):
    table = tipping_map(fold_study(tmp_path, dose_by_duration("visible_presence", (0.2, 1.0), (1, 2))), "unsafe")
    assert list(table.index) == [0.2, 1.0]
    assert list(table.columns) == [1, 2]
    assert table.loc[0.2].abs().max() < 0.05
    assert table.loc[1.0].to_numpy() == pytest.approx([-2.0, -2.0], abs=0.05)
    with pytest.raises(InputError, match="dose_by_duration"):
        tipping_map(study_of().run(quiet=True), "unsafe")


def lifted(job):
    """Return a history whose "unsafe" is a hundred times where the parameter lies, and luck."""
    history = np.zeros((53, len(OUTCOMES)))
    luck = np.random.default_rng(job.seed).normal(0.0, 2.0)
    history[:, UNSAFE] = 100.0 * share(THREE[1], job.scenario.parameters[THREE[1]]) + luck
    return history


KNOWN = [Target(outcome="unsafe", value=40.0, tolerance=3.0)]


def test_history_matching_rules_out_what_lies_too_far(tmp_path):
    values = np.linspace(quantities()[THREE[1]].low, quantities()[THREE[1]].high, 101)
    study = Study("match", folder=tmp_path / "study", people=120, years=1, worlds=4, work=lifted).scenarios(today={})
    wave = history_match(study.points(pd.DataFrame({THREE[1]: values})).run(quiet=True), KNOWN)
    reach = RULED_OUT * math.sqrt(3.0**2 + 2.0**2 / 4)
    kept = study.parameters.loc[wave.kept.index, THREE[1]].map(lambda value: 100 * share(THREE[1], value))
    assert kept.min() == pytest.approx(40.0 - reach, abs=3.5)
    assert kept.max() == pytest.approx(40.0 + reach, abs=3.5)
    assert wave.share == pytest.approx(2 * reach / 100, abs=0.05)


def test_implausibility_by_hand(tmp_path):
    study = Study("match", folder=tmp_path / "study", people=120, years=1, worlds=4, work=lifted).scenarios(today={})
    study.points(3, vary=(THREE[1],)).run(quiet=True)
    (target,) = KNOWN
    worlds = study.by_world(target.outcome)["today"].groupby(level="point")
    off = math.sqrt(target.tolerance**2 + worlds.var(ddof=1).mean() / 4)
    assert implausibility(study, target).to_numpy() == pytest.approx((worlds.mean() - target.value).abs().to_numpy() / off)


def test_optuna_finds_the_least_implausible_and_goes_on_where_it_was(tmp_path):
    table = {"people": 120, "years": 1, "worlds": 4, "spread": 1.0, "vary": [THREE[1]], "scenario": {"today": {}}}
    plan = Plan.read(table)
    few = optimise(plan, KNOWN, tmp_path / "search", trials=6, work=lifted)
    more = optimise(plan, KNOWN, tmp_path / "search", trials=18, work=lifted)
    assert (len(few), len(more)) == (6, 18)
    assert set(few["worst"]) <= set(more["worst"])
    assert more["worst"].iloc[0] < 1.0
    assert 100 * share(THREE[1], more[THREE[1]].iloc[0]) == pytest.approx(40.0, abs=5.0)


@pytest.mark.parametrize("least", [math.nan, math.inf])
def test_a_gain_that_is_no_number_is_no_line_between_futures(tmp_path, least):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    with pytest.raises(InputError, match="least"):
        discovery.failures_of(study, "youth", least)
