"""The command `compare`: what it says, what it keeps, and what it refuses before anything runs."""

import json
import re
import shutil
import tomllib

import pandas as pd
import pytest

from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.statistics import Interval
from kantelpunt.experiments.study import Study
from kantelpunt.model import compiled, simulation
from kantelpunt.model.registry import quantities
from kantelpunt.model.simulation import Simulation
from kantelpunt.viz.cli import study_output
from tests.experiments.toys import press_ctrl_c

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
USUAL = quantities()["recruitment.base"].default  # of the first point
FILES = {
    "manifest.json", "study.toml", "plan.parquet", "points.parquet", "runs", "series", "failures",
    "codebook.csv", "scenarios.csv", "summary.md", "answer.json", "report.html", "figure.png", "figure.svg",
}  # fmt: skip


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return the folder of a tiny study, and room for what was said of it."""
    return tmp_path_factory.mktemp("kept") / "study", []


@pytest.fixture
def answered(call, tiny, kept, tmp_path):
    """Return a folder with a tiny study that ran once, the printed words and what was told."""
    study, said = kept
    if not said:
        code, *said[:] = call("compare", tiny, "--out", study, "--threads", 2, "--lang", "en")
        assert code == 0
    return shutil.copytree(study, tmp_path / "study"), *said


def test_an_answer_in_words_and_files(answered):
    folder, printed, told = answered
    assert {each.name for each in folder.iterdir()} == FILES
    assert "Tiny: youth or nothing?" in printed
    assert "type Tilburg-Noord, with 120 residents, over 1 year" in " ".join(printed.split())
    assert "Youth work: " in printed
    assert "Conclusions it does not support" in printed
    assert "not a forecast" in " ".join(printed.split())
    assert "18 runs, on 2 threads" in told
    study = Study.open(folder)
    runs, weeks = study.runs, study.weeks
    assert len(runs) == 18
    assert {"scenario", "point", "world", "seed", "run", "cost", "recruited", "unsafe", "recruitment.base"} <= set(runs)
    assert weeks.groupby("scenario").size().to_dict() == {"today": 14, "nothing_new": 14, "youth_work": 14}
    totals = weeks.groupby("scenario")["recruited"].sum()
    assert totals.to_numpy() == pytest.approx(runs.groupby("scenario")["recruited"].mean()[totals.index].to_numpy())
    summary = (folder / "summary.md").read_text()
    assert "## Conclusions it does not support" in summary
    assert "figure.png" in summary
    assert json.loads((folder / "answer.json").read_text())["runs"] == {"asked": 18, "done": 18, "failed": 0}


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
    outcomes = Study.open(tmp_path / "study").outcomes.set_index(["scenario", "point", "world"]).drop(columns="run")
    pd.testing.assert_frame_equal(outcomes.loc["today"], outcomes.loc["nothing_new"])
    assert youth["extra_cost"] > 0.0
    assert {each["scenario"] for each in found["other_outcomes"]} == {"nothing_new", "youth_work"}


def test_the_plan_in_the_folder_gives_the_same_numbers_again(call, answered, tmp_path):
    folder, printed, _ = answered
    code, again, _ = call("compare", folder / "study.toml", "--out", tmp_path / "again", "--threads", 1, "--lang", "en")
    assert (code, again) == (0, printed)
    for name in ("plan.parquet", "points.parquet", "study.toml", "summary.md", "figure.svg"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    pd.testing.assert_frame_equal(Study.open(folder).outcomes, Study.open(tmp_path / "again").outcomes)


def test_asked_again_nothing_runs_and_more_points_are_added(call, answered, tiny, monkeypatch):
    folder, printed, _ = answered
    code, again, told = call("compare", tiny, "--out", folder, "--lang", "en")
    assert (code, again) == (0, printed)
    assert "0 of 18 runs left" in told
    code, _, told = call("compare", tiny, "--out", folder, "--points", 8, "--lang", "en")
    assert code == 0
    assert "6 of 24 runs left" in told
    assert "8 worlds" in told
    assert Study.open(folder).status()[:2] == (24, 24)


def test_another_question_sets_the_earlier_study_aside(call, answered, tiny, tmp_path):
    folder, _, _ = answered
    code, _, told = call("compare", tiny, "--out", folder, "--seed", 5, "--lang", "en")
    assert code == 0
    assert "it is kept in" in told
    (aside,) = tmp_path.glob("study-before-*")
    assert Study.open(aside).plan.seed == 1
    assert Study.open(folder).plan.seed == 5


def test_a_study_that_runs_is_not_set_aside(call, answered, tiny):
    folder, _, _ = answered
    with Study.open(folder).store.writing():
        code, _, told = call("compare", tiny, "--out", folder, "--seed", 5, "--lang", "en")
    assert code == 2
    assert "already running" in told
    assert Study.open(folder).plan.seed == 1


def test_options_stand_above_the_plan(call, tiny, tmp_path):
    options = ("--people", 240, "--points", 2, "--worlds", 3, "--seed", 9, "--json", "--out", tmp_path / "study")
    found = json.loads(call("compare", tiny, *options)[1])
    plan = found["plan"]
    assert (plan["people"], plan["points"], plan["worlds"], plan["seed"]) == (240, 2, 3, 9)
    assert plan["compare"]["matters"] == 1.0  # as many per head
    assert found["runs"]["done"] == 18
    assert tomllib.loads((tmp_path / "study" / "study.toml").read_text())["seed"] == 9


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


@pytest.fixture
def before_weeks(monkeypatch):
    """Return a function that has something done with a scenario of a study before its weeks pass, shared or alone."""
    let_pass = Simulation.let_pass

    def do(something):
        def passing(simulation, last):
            if simulation.scenario.parameters:  # a run of the study, none that only warms up
                something(simulation.scenario)
            let_pass(simulation, last)

        monkeypatch.setattr(Simulation, "let_pass", passing)

    return do


def test_a_failed_run_gives_exit_code_1_and_is_kept_with_its_inputs(call, tiny, tmp_path, before_weeks):
    def fail(scenario):
        if scenario.interventions and scenario.parameters["recruitment.base"] != USUAL:
            raise FloatingPointError("this world ended")

    before_weeks(fail)
    code, printed, _ = call("compare", tiny, "--out", tmp_path / "study", "--lang", "en")
    assert code == 1
    assert "5 runs failed" in printed
    failures = Study.open(tmp_path / "study").failures
    assert {each["name"] for each in failures} == {"youth_work"}
    assert all("this world ended" in each["traceback"] and "mentoring" in each["inputs"] for each in failures)
    assert len(Study.open(tmp_path / "study").outcomes) == 13


def test_when_every_run_fails_there_is_no_answer_but_a_record(call, tiny, tmp_path, before_weeks):
    before_weeks(lambda scenario: 1 / 0)
    code, printed, _ = call("compare", tiny, "--out", tmp_path / "study")
    assert code == 1
    assert "Er is geen antwoord" in printed
    assert all("ZeroDivisionError" in each["traceback"] for each in Study.open(tmp_path / "study").failures)


def test_a_stopped_study_keeps_what_is_done_says_so_and_goes_on(call, tiny, tmp_path, before_weeks):
    pressed = []

    def press(scenario):
        if scenario.parameters["recruitment.base"] != USUAL and not pressed:
            pressed.append(True)
            press_ctrl_c()

    before_weeks(press)
    code, printed, told = call("compare", tiny, "--out", tmp_path / "study", "--threads", 1, "--lang", "en")
    assert code == 130
    assert re.search(r"(6|9|12) of 18 runs are done", " ".join(printed.split()))
    assert "kantelpunt resume" in told
    assert call("resume", tmp_path / "study")[0] == 0
    assert Study.open(tmp_path / "study").status()[:2] == (18, 18)


@pytest.mark.parametrize(("lang", "words"), [("en", "about a minute"), ("nl", "ongeveer een minuut")])
def test_the_first_compilation_is_announced(monkeypatch, tmp_path, capsys, lang, words):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(compiled, "JIT", True)
    monkeypatch.setattr(simulation, "simulate", lambda _: None)
    study_output.warm_up(lang)
    assert words in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(("lang", "words"), [("en", "cannot be kept"), ("nl", "kunnen niet worden bewaard")])
def test_where_machine_code_cannot_be_kept_it_is_said(monkeypatch, capsys, lang, words):
    monkeypatch.setattr(compiled, "TROUBLE", ["No space left on device"])
    monkeypatch.setattr(simulation, "simulate", lambda _: None)
    study_output.warm_up(lang)
    told = capsys.readouterr().err
    assert words in told
    assert "No space left on device" in told


def test_the_answer_is_dutch_unless_somebody_asks_for_english(call, tiny, tmp_path):
    code, printed, told = call("compare", tiny, "--out", tmp_path / "study")
    assert code == 0
    assert "Het gaat om een wijk als Tilburg-Noord, met 120 inwoners, 1 jaar lang." in " ".join(printed.split())
    assert "Wat u hieruit niet mag concluderen" in printed
    assert "3 plannen in dezelfde 6 werelden" in told
    assert "--lang en" in told
    for english in ("worlds", "better", "verdict", "forecast"):
        assert english not in printed
    assert "## Hoe zeker is dit?" in (tmp_path / "study" / "summary.md").read_text()
    assert call("compare", tiny, "--out", tmp_path / "study", "--lang", "de")[0] == 2


WRONG = {
    "a key": (["--lang", "nl"], "nope = 1", "deze sleutel is onbekend (opgegeven 'nope')"),
    "not a table of points": ([], "scenario = 3", "plan.toml: scenario: dit is geen tabel (opgegeven 3)"),
    "no TOML": ([], "title = \nyears = 1", "plan.toml: geen TOML: regel 1 kan niet gelezen worden"),
    "an option": (
        ["--points", "x", "--lang", "nl"],
        "",
        "--points: dit is geen geheel getal (opgegeven 'x') het mag zijn: een geheel getal van 1 tot",
    ),
    "a folder": (["--out", "."], "", "--out: in deze map staat iets anders dan een studie (opgegeven '.')"),
    "in English": (
        ["--points", "x", "--lang", "en"],
        "",
        "--points: this is not a whole number (got 'x') allowed: a whole number from 1 to 100,000",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_in_the_language_of_the_answer(call, tmp_path, monkeypatch, name):
    options, line, words = WRONG[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.toml").write_text(line or "compare = { against = 'a', matters = 3 }\n[scenario.a]\n[scenario.b]\n")
    code, printed, said = call("compare", "plan.toml", *options)
    assert (code, printed) == (2, "")
    assert words in said
    assert call("sweep", "nope.toml")[2] == "nope.toml: cannot be read: no such file or folder"


def test_json_holds_no_nonsense(call, tiny, tmp_path):
    found = call("compare", tiny, "--points", 1, "--worlds", 2, "--json", "--out", tmp_path / "study")[1]
    assert "NaN" not in found
    assert "Infinity" not in found
    effects = json.loads(found)["effects"]
    assert all(each["verdict"] == "not known yet" for each in effects)
    assert Interval(0.0, 0.0, 0.0)._asdict() == effects[0]["difference"]
