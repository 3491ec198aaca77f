"""Commands over studies, as typed: what they do, print, write, and refuse."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.analysis.rivals import usual
from kantelpunt.viz.text import Text

PLAN = """
title = "Tiny"
people = 120
years = 1
points = 4
worlds = 2
compare = { against = "today", outcome = "unsafe", matters = 1 }
[scenario.today]
[scenario.presence]
visible_presence = 1.0
"""
TARGETS = """
[[target]]
outcome = "unsafe"
value = 30
tolerance = 20
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(PLAN)
    return tmp_path


def test_sweep_in_shards_status_resume_verify_replay(call, place):
    code, printed, told = call("sweep", "tiny.toml", "--shard", "1/2")
    assert "16 runs" in told and "here shard 1/2 of them" in told
    assert code == 0  # a batch scheduler counts anything else as a failed job
    assert "8 of 16 runs are finished, 0 failed, 8 left." in printed
    assert "Shard 1/2 is finished; the remaining runs belong to other shards." in printed
    assert "Stopped" not in told
    status = json.loads(call("status", "tiny", "--json")[1])
    assert (status["asked"], status["done"], status["left"], status["same_model"]) == (16, 8, 8, True)
    assert "8 van 16 runs zijn klaar, 0 mislukt, 8 over." in call("status", "tiny", "--lang", "nl")[1]
    assert call("status", "tiny", "--lang", "nl", "--json") == call("status", "tiny", "--json")
    assert call("sweep", "tiny.toml", "--shard", "2/2")[0] == 0
    assert "Next: kantelpunt report results/tiny" in call("status", "results/tiny")[1]
    code, printed, _ = call("verify", "tiny", "--runs", 3)
    assert (code, printed.strip()) == (0, "3 of 3 runs are the same to the last bit.")
    assert call("verify", "tiny", "--runs", 1, "--lang", "nl")[1].strip() == "1 van 1 run is gelijk, tot op de laatste bit."
    for audit in ("--watched", "--shuffled"):
        code, printed, _ = call("verify", "tiny", "--runs", 3, audit)
        assert (code, printed.strip()) == (0, "3 of 3 runs are the same to the last bit.")
    assert call("verify", "tiny", "--watched", "--shuffled")[0] == 2
    run = Study.open("results/tiny").asked["run"].iloc[3]
    code, printed, told = call("replay", "tiny", run[:8])
    assert code == 0
    assert run in told
    assert "52 weeks" in printed


def test_resume_finishes_what_was_begun_and_does_nothing_more(call, place):
    call("sweep", "tiny.toml", "--shard", "1/4")
    assert call("resume", "tiny", "--threads", 1)[0] == 0
    assert call("resume", "tiny")[0] == 0
    assert Study.open("results/tiny").status()[:4] == (16, 16, 0, 0)


def test_a_sweep_may_grow_but_not_change(call, place):
    assert call("sweep", "tiny.toml")[0] == 0
    (place / "tiny.toml").write_text(PLAN.replace("points = 4", "points = 5"))
    assert call("sweep", "tiny.toml")[0] == 0
    assert Study.open("results/tiny").size == 20
    (place / "tiny.toml").write_text(PLAN.replace("years = 1", "years = 2"))
    code, _, told = call("sweep", "tiny.toml")
    assert code == 2
    assert "differs in years" in told


BAD = {
    "shard": (["sweep", "tiny.toml", "--shard", "5/4"], ["--shard", "5/4", "the third of a hundred"]),
    "two engines": (["sweep", "tiny.toml", "--threads", "1", "--processes", "1"], ["more than one engine"]),
    "no plan": (["sweep", "absent.toml"], ["absent.toml"]),
    "no study": (["status", "absent"], ["absent", "there is no study here"]),
    "nothing to resume": (["resume", "absent"], ["absent", "there is no study here"]),
    "method": (["sensitivity", "tiny.toml", "--method", "guess"], ["--method", "guess", "morris, sobol"]),
    "of nobody": (["sensitivity", "tiny.toml", "--of", "raid"], ["--of", "raid", "presence"]),
    "vary": (["sensitivity", "tiny.toml", "--vary", "norms.sancton"], ["vary", "did you mean 'norms.sanction'"]),
    "kind": (["tipping", "presense"], ["presense"]),
    "doses": (["tipping", "visible_presence", "--doses", "1,2"], ["--doses", "1,2", "from 0.01 to 1"]),
    "durations": (["tipping", "visible_presence", "--durations", "20"], ["--durations", "20", "from 1 to 10"]),
    "half a year": (["tipping", "visible_presence", "--durations", "1.5"], ["--durations", "1.5", "whole numbers from 1 to 10"]),
    "a plan is no scenario": (["run", "tiny.toml"], ["tiny.toml", "kantelpunt compare"]),
    "cut": (["tipping", "visible_presence", "--cut", "R10"], ["R10", "does not carry this loop"]),
    "full": (["tipping", "visible_presence", "--full", "hours"], ["--full", "hours=200"]),
    "loops": (["loops", "--only", "R98"], ["R98", "unknown loop"]),
    "plausible": (["compare", "tiny.toml", "--plausible", "absent.csv"], ["absent.csv", "kantelpunt calibrate"]),
    "plausible columns": (["compare", "tiny.toml", "--plausible", "tiny.toml"], ["tiny.toml", "geen tabel van punten"]),
    "targets": (["calibrate", "tiny.toml", "tiny.toml"], ["tiny.toml", "[[target]]"]),
    "out of a crate": (["export", "absent"], ["absent", "there is no study here"]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_nothing_written(call, place, name):
    arguments, words = BAD[name]
    code, printed, told = call(*arguments)
    assert (code, printed) == (2, "")
    assert "Traceback" not in told
    for word in words:
        assert word in told
    assert [each.name for each in place.iterdir()] == ["tiny.toml"]


def test_sensitivity_asks_what_the_plan_says(call, place):
    says = 'design = "saltelli"\npoints = 4\nworlds = 3\nvary = ["trust.fear_floor", "trust.ease"]\n'
    (place / "two.toml").write_text(says + PLAN.replace("points = 4\nworlds = 2\n", ""))
    assert call("sensitivity", "two.toml", "--out", "s")[0] == 0
    plan = Study.open("s").plan
    assert (plan.design, plan.points, plan.worlds, plan.vary) == ("saltelli", 4, 3, ("trust.fear_floor", "trust.ease"))
    assert "total" in pd.read_csv("s/sensitivity.csv")
    options = ("--method", "morris", "--worlds", 1, "--vary", "trust.gain", "--out", "m")
    assert call("sensitivity", "two.toml", *options)[0] == 0
    plan = Study.open("m").plan
    assert (plan.design, plan.points, plan.worlds, plan.vary) == ("morris", 8, 1, ("trust.gain",))


def test_calibrate_refuses_targets_of_another_plan_before_it_runs(call, place):
    (place / "targets.toml").write_text(TARGETS + 'scenario = "focus"\n')
    code, printed, told = call("calibrate", "tiny.toml", "targets.toml", "--out", "c")
    assert (code, printed) == (2, "")
    assert "no such scenario" in told
    assert "focus" in told
    assert not (place / "c").exists()


def test_verify_and_status_tell_what_is_damaged(call, place):
    call("sweep", "tiny.toml", "--out", "d")
    (place / "d" / "manifest.json").unlink()
    assert "manifest.json is damaged or gone" in call("status", "d")[1]
    code, _, told = call("verify", "d", "--runs", 1)
    assert code == 1
    assert "manifest.json is damaged or gone" in told
    code, _, told = call("report", "d", "--lang", "en")
    assert code == 2
    assert "kantelpunt resume d" in told
    assert call("resume", "d")[0] == 0
    assert call("report", "d")[0] == 0
    (part,) = (place / "d" / "series").glob("*.parquet")
    part.unlink()
    code, _, told = call("verify", "d", "--runs", 1)
    assert code == 1
    assert "its courses are gone" in told


def test_verify_of_no_run_is_no_proof(call, place):
    call("sweep", "tiny.toml", "--out", "d")
    shutil.rmtree(place / "d" / "runs")
    (place / "d" / "runs").write_text("a file where parts should be")
    code, _, told = call("verify", "d", "--runs", 1, "--lang", "en")
    assert code == 2
    assert "no run is finished yet" in told


def test_sensitivity(call, place):
    names = "norms.sanction,trust.gain,recruitment.base"
    code, printed, _ = call("sensitivity", "tiny.toml", "--points", 3, "--vary", names, "--of", "presence", "--out", "s")
    assert code == 0
    assert "mu_star" in printed
    assert set(pd.read_csv("s/sensitivity.csv")["parameter"]) == set(names.split(","))
    assert (place / "s" / "sensitivity.svg").is_file()
    options = ("--method", "sobol", "--points", 4, "--vary", names, "--outcome", "trust_institutions", "--out", "b")
    found = json.loads(call("sensitivity", "tiny.toml", *options, "--json")[1])
    assert {each["parameter"] for each in found} == set(names.split(","))
    code, _, told = call("sensitivity", "tiny.toml", *options[:6], "--outcome", "raided", "--out", "b")
    assert code == 2
    assert "this outcome is the same everywhere" in told


def test_tipping(call, place):
    options = ("--doses", "0.5,1", "--durations", "1,2", "--years", 2, "--people", 120, "--points", 2, "--out", "t")
    code, printed, _ = call("tipping", "visible_presence", *options)
    assert code == 0
    assert "full dose" in " ".join(printed.split())
    assert pd.read_csv("t/tipping-map.csv").shape == (2, 3)
    assert {"tipping-map.svg", "tipping-map.png", "tipping-ways.svg", "tipping-ways.csv"} <= {
        each.name for each in (place / "t").iterdir()
    }


def test_tipping_with_loops_cut_stands_beside_tipping_with_all(call, place):
    options = (
        "--doses",
        "0.5,1",
        "--durations",
        "1,2",
        "--years",
        2,
        "--people",
        300,
        "--points",
        1,
        "--worlds",
        2,
        "--out",
        "t",
    )
    arguments = ("tipping", "visible_presence", "--cut", "R1,R2", "--outcome", "balance", "--full", "hours=200", *options)
    code, printed, _ = call(*arguments)
    assert code == 0
    assert "Without R1, R2:" in printed
    maps = pd.read_csv("t/tipping-map.csv").set_index(["variant", "dose"])
    assert list(maps.index.unique("variant")) == ["all loops", "without R1, R2"]
    assert not maps.xs("all loops").equals(maps.xs("without R1, R2"))
    assert len(pd.read_csv("t/tipping-basin.csv")) == 2 * 4 * 2
    asked = Study.open("t").plan.scenarios
    assert asked["cut_up_50"].parameters["norms.enemy_pace"] == 0.0
    assert asked["cut_up_50"].interventions == asked["up_50"].interventions
    assert asked["up_50"].interventions[0].hours == 200.0


def test_loops(call, place):
    options = ("--only", "R2,B7", "--years", 2, "--people", 300, "--points", 2, "--out", "l")
    code, printed, told = call("loops", *options)
    assert code == 0
    assert "presence: effect of cutting a loop" in printed
    assert "R10 raid backlash: not carried" in told
    table = pd.read_csv("l/loops.csv").set_index(["base", "loop", "outcome"])
    assert set(table.index.droplevel("outcome")) == {("today", "R2"), ("presence", "R2"), ("raid_and_aftercare", "B7")}
    assert table.loc[("today", "R2", "trust_institutions"), "difference"] != 0.0
    assert (place / "l" / "loops.svg").is_file()
    assert len(json.loads(call("loops", *options, "--json")[1])) == 12


def test_discover_tells_what_it_can_and_why_not_more(call, place):
    call("sweep", "tiny.toml")
    code, printed, _ = call("discover", "tiny")
    assert code == 0
    assert "presence: fails in" in printed
    assert "too few" in printed
    assert "regret: how much worse than the best" in " ".join(printed.split())
    found = json.loads(call("discover", "tiny", "--json")[1])
    assert found["plans"]["presence"]["points"] == 4
    assert set(found["choices"]) == {"today", "presence"}


def test_calibrate(call, place):
    (place / "targets.toml").write_text(TARGETS)
    code, printed, _ = call("calibrate", "tiny.toml", "targets.toml", "--out", "c")
    assert code == 0
    assert "settings are not ruled out" in printed
    assert len(pd.read_csv("c/implausibility.csv")) == 4
    kept = pd.read_csv("c/plausible.csv")
    assert (kept["worst"] <= 3.0).all()
    facts = json.loads((place / "c" / "plausible.json").read_text())
    assert facts["targets"][0]["outcome"] == "unsafe"
    assert facts["share"] == len(kept) / 4
    assert (place / "c" / "plausible.svg").is_file()
    code, printed, _ = call("calibrate", "tiny.toml", "targets.toml", "--search", 3, "--out", "o")
    assert code == 0
    assert "least implausible of 3 settings" in printed
    nothing = '[[target]]\noutcome = "reports"\nper = "raided"\nvalue = 1\ntolerance = 1\n'
    (place / "targets.toml").write_text(f"{TARGETS}{nothing}")
    code, printed, told = call("calibrate", "tiny.toml", "targets.toml", "--out", "c")
    assert code == 0 and printed.startswith("0 % of 4 settings are not ruled out")
    assert "reports/raided@today has no value in 4 of 4 settings" in " ".join(printed.split())
    assert "Traceback" not in told and "Warning" not in told


def test_a_question_is_asked_under_plausible_settings_only(call, place):
    (place / "targets.toml").write_text(TARGETS)
    assert call("calibrate", "tiny.toml", "targets.toml", "--out", "c", "--publish", "p")[0] == 0
    kept = pd.read_csv("p/plausible.csv")
    n = len(kept)
    assert call("compare", "tiny.toml", "--plausible", "p/plausible.csv", "--points", n, "--out", "q", "--lang", "en")[0] == 0
    asked = Study.open("q")
    assert "in settings that known figures do not rule out" in " ".join((place / "q" / "summary.md").read_text().split())
    assert asked.parameters.columns.tolist() == kept.columns[2:].tolist()
    assert set(asked.parameters["trust.gain"].round(5)) == set(kept["trust.gain"].round(5))
    (place / "p" / "plausible.csv").unlink()
    assert call("resume", "q")[0] == 0
    code, _, told = call("compare", "tiny.toml", "--plausible", "c/plausible.csv", "--points", n + 1, "--out", "r")
    assert code == 2
    assert f"hoogstens {n}" in told


def test_ctrl_c_twice_leaves_at_once_and_says_how_to_go_on(call, place, monkeypatch):
    def insist(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.running.runner.Runner.run", insist)
    code, _, told = call("sweep", "tiny.toml")
    assert code == 130
    assert "Stopped, with 16 runs left. To continue: kantelpunt resume results/tiny" in told


PACKAGE = PLAN.replace("visible_presence = 1.0", 'interventions = [{ kind = "visible_presence" }, { kind = "youth_activities" }]')


def test_compare_asks_again_under_rival_choices_if_asked(call, place):
    code, out, err = call("compare", "tiny.toml", "--rivals", "--lang", "en", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert set(told["rivals"]) == set(usual()) and told["runs"]["asked"] == 2 * 8 * (1 + len(usual()))
    page = (Path(told["folder"]) / "report.html").read_text()
    assert "without the loop" in page and Text("en")("front.no_rivals") not in page


def test_best_and_parts_ask_about_another_area_other_moments_and_loops(call, place):
    (place / "tiny.toml").write_text(PACKAGE)
    small = ("--candidates", 4, "--fresh", 6, "--budget", 100_000, "--json", "--lang", "en")
    code, out, err = call("best", "tiny.toml", *small, "--area", "overvecht", "--begin", "2026-06-01", "--where", "north-west")
    assert code == 0, err
    told = json.loads(out)
    assert "overvecht" in told["folder"]
    ways = told["best"]["ways"]
    assert len(ways) == 4 and ways["visible_presence 2"] == {"from": "2026-06-01", "where": ["north-west"]}
    code, _, err = call("best", "tiny.toml", *small, "--begin", "June")
    assert code == 2 and "--begin" in err
    code, out, err = call("parts", "tiny.toml", "--loops", "R6,R7", "--json")
    assert code == 0 and json.loads(out)["parts"]["measures"] == ["R6", "R7"], err
