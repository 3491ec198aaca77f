"""What is known, as data; ratios of outcomes; points from a file; areas beside each other in one study."""

import json

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.analysis import calibration
from kantelpunt.experiments.analysis.calibration import (
    PLAN,
    TARGETS,
    Target,
    by_target,
    history_match,
    measured,
    narrowed,
    publish,
    refuse_unfit,
    targets_of,
)
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import drawn, points
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities
from kantelpunt.model.renaming import Renamed
from kantelpunt.model.scenario import read_toml
from tests.science import careers, dynamics, patterns, programmes, rates, reach, regimes, size  # noqa: F401  (they register patterns)
from tests.science.measure import PATTERNS

NAMES = list(OUTCOMES)
GAIN = "trust.gain"


def test_targets_are_ready_made_and_held_back_patterns_are_not_among_them():
    table = read_toml(TARGETS)
    known = targets_of(table["target"], TARGETS.name)
    plan = Plan.from_toml(PLAN)
    assert all(each.source and each.pattern and each.scenario in plan.scenarios for each in known)
    used = {each.pattern for each in known} - {"p19"}
    held = {name for each in table["held_back"] for name in each["patterns"]}
    across = targets_of([{"value": 0, "tolerance": 1, **each} for each in table["across"]])
    assert all(each.summary and each.source and (each.why or not each.discrepancy) for each in across)
    assert {each.pattern for each in across} & held == set()
    assert used | held <= set(PATTERNS)
    assert not used & held
    assert {"V12a", "V15a", "V25a", "T1", "T2", "V1a"} <= held


def test_a_target_lies_in_the_range_that_its_pattern_is_judged_by():
    for each in targets_of(read_toml(TARGETS)["target"]):
        if each.pattern != "p19":
            of = PATTERNS[each.pattern]
            scale = 100.0 if of.unit == "%" and each.per and each.times == 1.0 else 1.0
            assert of.low <= scale * (each.value - 2 * each.tolerance) + 1e-9, each.name
            assert scale * (each.value + 2 * each.tolerance) - 1e-9 <= of.high, each.name


def counted(job):
    """Return a history in which 4 reports a week come of 20 that were noticed, among 200 people."""
    history = np.zeros((job.scenario.weeks + 1, len(NAMES)))
    for name, value in (("reports", 4.0), ("noticed", 20.0), ("people", 200.0), ("unsafe", 30.0), ("cohesion", 5.0)):
        history[1:, NAMES.index(name)] = value
    history[1:, NAMES.index("unsafe")] += 100.0 * (job.scenario.parameters[GAIN] - quantities()[GAIN].default)
    return history


def study(tmp_path, n=3):
    plan = {"people": 120, "years": 2, "worlds": 2, "work": counted}
    return Study("known", folder=tmp_path / "study", **plan).scenarios(today={}).points(n, vary=(GAIN,)).run(quiet=True)


def test_ratios_of_counts_and_of_a_count_a_year_per_level(tmp_path):
    found = study(tmp_path)
    share = Target(outcome="reports", per="noticed", value=0.2, tolerance=0.1)
    assert measured(found, share, "today").tolist() == pytest.approx([0.2] * 6)
    rate = Target(outcome="reports", per="people", times=1000, value=1_000, tolerance=100)
    assert measured(found, rate, "today").tolist() == pytest.approx([1_000.0 * 4 * 52 / 200] * 6)
    level = Target(outcome="unsafe", per="cohesion", value=6, tolerance=1)
    assert measured(found, level, "today").iloc[0] == pytest.approx(6.0)


@pytest.mark.filterwarnings("error")
def test_a_ratio_to_nothing_matches_nothing_and_that_is_told(tmp_path):
    found = study(tmp_path)
    known = Target(outcome="unsafe", value=30, tolerance=90)
    nothing = Target(outcome="reports", per="arrests", value=1, tolerance=9)
    wave = history_match(found, [known, nothing])
    assert (wave.share, len(wave.kept), wave.verdict, wave.worst_target) == (0.0, 0, "undefined", "reports/arrests@today")
    assert wave.undefined == {"reports/arrests@today": 3}
    assert by_target(wave)["ruled_out"].to_dict() == {"unsafe@today": 0.0, "reports/arrests@today": 100.0, "worst": 100.0}
    assert narrowed(found.parameters, wave)["middle"].isna().all()
    publish(found, calibration.found(found, [known, nothing]), tmp_path)
    facts = json.loads((tmp_path / "plausible.json").read_text(), parse_constant=pytest.fail)
    assert facts["defaults"]["reports/arrests@today"] is None and facts["undefined"] == wave.undefined
    assert history_match(found, [known]).undefined == {}


def test_worlds_with_a_ratio_speak_for_a_point_whose_others_divide_by_nothing(tmp_path):
    def work(job):
        history = counted(job)
        history[1:, NAMES.index("arrests")] = float(job.point == 0 or job.seed % 2)
        return history

    plan = {"people": 120, "years": 2, "worlds": 8, "work": work}
    found = Study("some", folder=tmp_path / "study", **plan).scenarios(today={}).points(2, vary=(GAIN,)).run(quiet=True)
    target = Target(outcome="reports", per="arrests", value=4, tolerance=1)
    assert 8 < len(measured(found, target, "today").dropna()) < 16
    assert history_match(found, [target]).points["worst"].tolist() == [0.0, 0.0]


def test_it_tells_which_parameter_is_narrowed(tmp_path):
    found = study(tmp_path, 60)
    wave = history_match(found, [Target(outcome="unsafe", value=31.0, tolerance=0.1)])
    table = narrowed(found.parameters, wave)
    middle = (0.06 - quantities()[GAIN].low) / (quantities()[GAIN].high - quantities()[GAIN].low)
    assert 0.0 < wave.share < 0.5
    assert table.loc[GAIN, "middle"] == pytest.approx(middle, abs=0.06)
    assert table.loc[GAIN, "p"] < 0.01


def test_points_of_a_file_are_drawn_by_lot_and_a_larger_number_keeps_them(tmp_path):
    table = points(20, seed=3).assign(worst=1.0)
    table.to_csv(tmp_path / "some.csv")
    table.to_parquet(tmp_path / "some.parquet")
    few, all_ = drawn(tmp_path / "some.csv", 5, 1), drawn(tmp_path / "some.parquet", 20, 1)
    pd.testing.assert_frame_equal(few, all_.head(5))
    assert list(few.columns) == [name for name in quantities() if name in table]
    assert not drawn(tmp_path / "some.csv", 5, 2).equals(few)
    assert all_.sort_values(GAIN)[GAIN].tolist() == sorted(table[GAIN])
    table[GAIN] = 7.0
    table.to_csv(tmp_path / "wrong.csv")
    with pytest.raises(InputError, match=GAIN):
        drawn(tmp_path / "wrong.csv", 5, 1)


def saved(tmp_path, **columns):
    pd.DataFrame(columns).to_csv(tmp_path / "given.csv", index=False)
    return tmp_path / "given.csv"


def test_points_of_before_a_renaming_keep_their_numbers(tmp_path):
    old = {"point": [0, 1], "worst": [1.0, 2.0], "casework.handling": [3.0, 4.0], GAIN: [0.06, 0.07]}
    with pytest.warns(Renamed, match="routing.handling"):
        table = drawn(saved(tmp_path, **old), 2, 1)
    assert sorted(table["routing.handling"]) == [3.0, 4.0]
    assert sorted(table[GAIN]) == [0.06, 0.07]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"routing.handling": [3.0], "norms.sancton": [0.5]}, "unknown parameter.*; did you mean 'norms.sanction'"),
        ({"routing.handling": [3.0], "remarks": [0.5]}, "unknown parameter.*'remarks'"),
        ({"routing.handling": [3.0], "casework.handling": [3.0]}, "two columns for one parameter"),
        ({"casework.chain": [0.9]}, "casework.chain: out of range.*0.9.*\n.*from 3 to 21"),
        ({"routing.handling": ["three"]}, "out of range.*'three'"),
        ({"remarks": [0.5]}, "no column of this file is a parameter"),
    ],
)
@pytest.mark.filterwarnings("ignore::kantelpunt.model.renaming.Renamed")
def test_a_table_of_points_loses_no_column_in_silence(tmp_path, columns, told):
    with pytest.raises(InputError, match=told):
        drawn(saved(tmp_path, **columns), 1, 1)
    if "remarks" not in columns:
        with pytest.raises(InputError):
            Study("given", people=120, years=1).scenarios(today={}).points(pd.DataFrame(columns))


def test_targets_that_do_not_fit_are_refused_before_any_run():
    plan = Plan.read({"people": 120, "years": 1, "worlds": 2, "scenario": {"today": {}}})
    target = Target(outcome="unsafe", value=30, tolerance=10)
    refuse_unfit(plan, [target])
    refused = {
        "nothing to match": (plan, []),
        r"target\[1\].scenario: no such scenario.*'focus'": (plan, [target, target.model_copy(update={"scenario": "focus"})]),
        r"target\[1\]: duplicate name": (plan, [target, target.model_copy(update={"value": 40.0})]),
        "luck is not known": (plan.asked(worlds=1), [target]),
    }
    for told, (asked, targets) in refused.items():
        with pytest.raises(InputError, match=told):
            refuse_unfit(asked, targets)


def test_plausible_points_are_not_designed(tmp_path):
    points(20, seed=3).to_csv(tmp_path / "some.csv")
    plan = {"people": 120, "years": 1, "points": 4, "plausible": tmp_path / "some.csv", "scenario": {"today": {}}}
    assert len(Study.of(Plan(**plan)).parameters) == 4
    with pytest.raises(InputError, match="combined with a design"):
        assert Study.of(Plan(**plan, vary=[GAIN])).parameters is None


def test_a_line_of_plausible_points_with_a_cell_too_many_is_refused(tmp_path):
    (tmp_path / "one.csv").write_text("encounters.counter\n12,5\n")
    plan = {"people": 120, "years": 1, "points": 1, "plausible": tmp_path / "one.csv", "scenario": {"today": {}}}
    with pytest.raises(InputError, match="more cells than the header has"):
        assert Study.of(Plan(**plan)).parameters is None


def test_a_plan_finds_its_plausible_points_beside_it_and_tells_where_they_are(tmp_path):
    points(20, seed=3).to_csv(tmp_path / "some.csv")
    (tmp_path / "plan.toml").write_text('people = 120\nyears = 1\nplausible = "some.csv"\n[scenario.today]\n')
    plan = Plan.from_toml(tmp_path / "plan.toml")
    assert plan.plausible == tmp_path / "some.csv"
    assert str(plan.plausible.absolute()) in plan.to_toml()


def test_areas_stand_beside_each_other_in_one_study():
    plan = Plan.from_toml(PLAN)
    again = plan.asked(people=500)
    for each in (plan, again):
        assert {name: scenario.area for name, scenario in each.scenarios.items()} == {
            "focus": "tilburg-noord",
            "contrast": "contrast",
        }
    assert {scenario.n_people for scenario in again.scenarios.values()} == {500}
