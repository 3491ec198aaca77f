"""The command `compare`: what it says, what it keeps, and what it refuses before anything runs."""

import json
import tomllib

import pandas as pd
import pytest

import model.simulation
from experiments import compare, runner
from experiments.answer import Answer
from experiments.plan import BUILT_IN, Plan
from experiments.statistics import Interval
from experiments.study import Study
from tests.experiments.toys import plan_of, press_ctrl_c, toy

TINY = """
title = "Tiny: youth or nothing?"
people = 120
years = 1
points = 6
worlds = 1
compare = { against = "today", outcome = "recruited", matters = 0.5, also = ["unsafe"] }
[scenario.today]
[scenario.nothing_new]
[scenario.youth_work]
youth_activities = 1.0
interventions = [ { kind = "mentoring", from = 10 } ]
"""
FILES = {"manifest.json", "plan.toml", "runs.parquet", "summary.md", "weeks.parquet", "figure.png", "figure.svg"}


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


@pytest.fixture
def answered(call, tiny, tmp_path):
    """Return the folder, the printed words and what was told of a tiny study."""
    code, printed, told = call("compare", tiny, "--out", tmp_path / "study", "--threads", 2)
    assert code == 0
    return tmp_path / "study", printed, told


def test_an_answer_in_words_and_files(answered):
    folder, printed, told = answered
    assert {each.name for each in folder.iterdir()} == FILES
    assert "Tiny: youth or nothing?" in printed
    assert "type Tilburg-Noord, 120 residents, 1 year" in printed
    assert "youth work: " in printed
    assert "What may not be concluded" in printed
    assert "no forecast" in printed
    assert "18 runs, 2 at a time" in told
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 18
    assert {"scenario", "point", "world", "seed", "run", "cost", "recruited", "unsafe", "recruitment.base"} <= set(runs)
    weeks = pd.read_parquet(folder / "weeks.parquet")
    assert weeks.groupby("scenario").size().to_dict() == {"today": 53, "nothing_new": 53, "youth_work": 53}
    totals = weeks.groupby("scenario")["recruited"].sum()
    assert totals.to_numpy() == pytest.approx(runs.groupby("scenario")["recruited"].mean()[totals.index].to_numpy())
    summary = (folder / "summary.md").read_text()
    assert "## What may not be concluded" in summary
    assert "figure.png" in summary
    assert json.loads((folder / "manifest.json").read_text())["runs"] == {"asked": 18, "done": 18, "failed": 0}


def test_a_scenario_equal_to_today_makes_exactly_no_difference(call, tiny, tmp_path):
    code, printed, _ = call("compare", tiny, "--out", tmp_path / "study", "--json")
    found = json.loads(printed)
    null, youth = found["effects"]
    assert code == 0
    assert null["scenario"] == "nothing_new"
    assert null["difference"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert (null["better"], null["same"], null["worse"]) == (0, 6, 0)
    assert null["verdict"] == "practically the same"
    assert null["extra_cost"] == 0.0
    assert null["cost_per_unit"] is None
    runs = pd.read_parquet(tmp_path / "study" / "runs.parquet").set_index(["scenario", "point", "world"])
    outcomes = runs.drop(columns="run")
    pd.testing.assert_frame_equal(outcomes.loc["today"], outcomes.loc["nothing_new"])
    assert youth["extra_cost"] > 0.0
    assert {each["scenario"] for each in found["other_outcomes"]} == {"nothing_new", "youth_work"}


def test_the_plan_in_the_folder_gives_the_same_numbers_again(call, answered, tmp_path):
    folder, printed, _ = answered
    code, again, _ = call("compare", folder / "plan.toml", "--out", tmp_path / "again", "--threads", 1)
    assert (code, again) == (0, printed)
    for name in ("runs.parquet", "weeks.parquet", "plan.toml", "summary.md", "figure.svg"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_options_stand_above_the_plan(call, tiny, tmp_path):
    options = ("--people", 240, "--points", 2, "--worlds", 3, "--seed", 9, "--json", "--out", tmp_path / "study")
    found = json.loads(call("compare", tiny, *options)[1])
    plan = found["plan"]
    assert (plan["people"], plan["points"], plan["worlds"], plan["seed"]) == (240, 2, 3, 9)
    assert plan["compare"]["matters"] == 1.0  # as many per head
    assert found["runs"]["done"] == 18
    assert tomllib.loads((tmp_path / "study" / "plan.toml").read_text())["seed"] == 9


def test_results_go_to_a_folder_with_the_name_of_the_question(call, tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("compare", tiny, "--points", 1, "--worlds", 2)[0] == 0
    assert (tmp_path / "results" / "tiny-youth-or-nothing" / "manifest.json").is_file()


def test_the_built_in_question_is_a_plan():
    plan = Plan.from_toml(BUILT_IN)
    kinds = {name: [each.kind for each in scenario.interventions] for name, scenario in plan.scenarios.items()}
    assert kinds == {
        "today": [],
        "visible_presence": ["visible_presence"],
        "youth_activities": ["youth_activities"],
        "raid": ["raid"],
        "presence_and_youth_activities": ["visible_presence", "youth_activities"],
    }
    assert (plan.years, plan.compare.outcome, plan.compare.better) == (10, "recruited", "lower")
    assert plan.asked().asked() == plan.asked()


def test_a_failed_run_gives_exit_code_1_and_is_kept_with_its_inputs(call, tiny, tmp_path, monkeypatch):
    def simulate(scenario, seed):
        if scenario.interventions and scenario.parameters["recruitment.base"] != 0.15:
            raise FloatingPointError("this world ended")
        return model.simulation.simulate(scenario, seed)

    monkeypatch.setattr(runner, "simulate", simulate)
    code, printed, _ = call("compare", tiny, "--out", tmp_path / "study")
    assert code == 1
    assert "5 runs failed" in printed
    lines = [json.loads(line) for line in (tmp_path / "study" / "failures.jsonl").read_text().splitlines()]
    assert {line["scenario"] for line in lines} == {"youth_work"}
    assert all("this world ended" in line["traceback"] and "mentoring" in line["inputs"] for line in lines)
    assert len(pd.read_parquet(tmp_path / "study" / "runs.parquet")) == 13


def test_when_every_run_fails_there_is_no_answer_but_a_record(call, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "simulate", lambda scenario, seed: 1 / 0)
    code, printed, _ = call("compare", tiny, "--out", tmp_path / "study")
    assert code == 1
    assert "No answer" in printed
    assert {each.name for each in tmp_path.iterdir()} == {"tiny.toml", "study-unfinished"}
    assert "ZeroDivisionError" in (tmp_path / "study-unfinished" / "failures.jsonl").read_text()


def test_a_stopped_study_keeps_what_is_done_apart_and_says_so(call, tiny, tmp_path, monkeypatch):
    def simulate(scenario, seed):
        if scenario.parameters["recruitment.base"] != 0.15:
            press_ctrl_c()
        return model.simulation.simulate(scenario, seed)

    monkeypatch.setattr(runner, "simulate", simulate)
    code, printed, told = call("compare", tiny, "--out", tmp_path / "study", "--threads", 1)
    assert code == 130
    assert "4 of 18 runs are done" in " ".join(printed.split())
    assert "study-unfinished" in "".join(told.split())  # the terminal may break a long path
    assert {each.name for each in tmp_path.iterdir()} == {"tiny.toml", "study-unfinished"}


def test_the_first_compilation_is_announced(call, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(compare.compiled, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(compare.compiled, "JIT", True)
    monkeypatch.setattr(compare, "watched", lambda *_: pytest.fail("stopped here"))
    monkeypatch.setattr(compare, "simulate", lambda _: None)
    with pytest.raises(pytest.fail.Exception):
        compare.run_plan(tiny, out=tmp_path / "study")
    assert {each.name for each in tmp_path.iterdir()} == {"tiny.toml"}


def answer_of(effects, **changes):
    study = Study(plan_of(points=12, worlds=2, **changes), toy(effects))
    study.run(2)
    return Answer(study)


def test_words_follow_the_numbers():
    answer = answer_of({"youth": -8.0, "raid": 6.0})
    (youth, about_youth), (raid, about_raid) = answer.verdicts
    assert (youth, raid) == ("youth: better", "raid: worse")
    assert "fewer (95 % interval:" in about_youth
    assert "better in 24 of 24 worlds, worse in 0." in about_youth
    assert "for every youth kept out" in about_youth
    assert "not defined" in about_raid
    known = {each.scenario: each for each in answer.effects}
    assert known["youth"].difference.mean == pytest.approx(-8.0, abs=0.3)
    assert known["youth"].correlation > 0.9


def test_a_difference_that_is_not_sure_to_matter_is_told_as_such():
    assert "may be too small to matter (less than 3)" in answer_of({"youth": -3.03}).verdicts[0][1]
    assert "too small to matter (less than 3)" in answer_of({"youth": -1.0}).verdicts[0][1]
    assert answer_of({}).verdicts[0][1].startswith("No difference at all")


def test_the_answer_so_far_waits_for_some_pairs():
    study, seen = Study(plan_of(points=6), toy({"youth": -8.0})), []
    study.run(1, lambda study: seen.append(compare.so_far(study)))
    assert seen[:3] == ["", "", ""]
    assert seen[-1].startswith("so far, recruited: youth -8.1 ± ")


def test_limits_say_what_the_worlds_did_not_vary():
    assert any("intervals hold luck alone" in line for line in answer_of({}, spread=0.0).limits)
    own = {"youth": {"interventions": [{"kind": "youth_activities", "cost_per_year": 9_000}]}, "today": {}}
    answer = answer_of({"youth": -5.0}, scenario=own)
    assert any("costs are those of your plan" in line for line in answer.limits)
    assert answer.as_dict()["effects"][0]["extra_cost"] == 9_000.0
    assert any("One comparison" in line for line in answer.limits)


def test_json_holds_no_nonsense(call, tiny, tmp_path):
    found = call("compare", tiny, "--points", 1, "--worlds", 2, "--json", "--out", tmp_path / "study")[1]
    assert "NaN" not in found
    assert "Infinity" not in found
    effects = json.loads(found)["effects"]
    assert all(each["verdict"] == "not known yet" for each in effects)
    assert Interval(0.0, 0.0, 0.0)._asdict() == effects[0]["difference"]
