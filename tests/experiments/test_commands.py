"""Commands over studies, as typed: what they do, print, write, and refuse."""

import json

import pandas as pd
import pytest

from experiments import Study

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
    assert code == 130
    assert "8 of 16 runs are done, 0 failed, 8 left." in printed
    assert "kantelpunt resume results/tiny" in told
    status = json.loads(call("status", "tiny", "--json")[1])
    assert (status["asked"], status["done"], status["left"], status["same_model"]) == (16, 8, 8, True)
    assert call("sweep", "tiny.toml", "--shard", "2/2")[0] == 0
    assert "Next: kantelpunt report results/tiny" in call("status", "results/tiny")[1]
    code, printed, _ = call("verify", "tiny", "--runs", 3)
    assert (code, printed.strip()) == (0, "3 of 3 runs are the same to the last bit.")
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
    "no study": (["status", "absent"], ["absent", "no study stands here"]),
    "nothing to resume": (["resume", "absent"], ["absent", "no study stands here"]),
    "method": (["sensitivity", "tiny.toml", "--method", "guess"], ["--method", "guess", "morris or sobol"]),
    "of nobody": (["sensitivity", "tiny.toml", "--of", "raid"], ["--of", "raid", "presence"]),
    "vary": (["sensitivity", "tiny.toml", "--vary", "norms.sancton"], ["vary", "did you mean 'norms.sanction'"]),
    "kind": (["tipping", "presense"], ["presense"]),
    "doses": (["tipping", "visible_presence", "--doses", "1,2"], ["--doses", "1,2", "from 0 to 1"]),
    "durations": (["tipping", "visible_presence", "--durations", "20"], ["--durations", "20", "from 1 to 10"]),
    "targets": (["calibrate", "tiny.toml", "tiny.toml"], ["tiny.toml", "[[target]]"]),
    "out of a crate": (["export", "absent"], ["absent", "no study stands here"]),
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
    assert "it does not vary" in told


def test_tipping(call, place):
    options = ("--doses", "0.5,1", "--durations", "1,2", "--years", 2, "--people", 120, "--points", 2, "--out", "t")
    code, printed, _ = call("tipping", "visible_presence", *options)
    assert code == 0
    assert "After half of the time at full dose" in printed
    assert pd.read_csv("t/tipping-map.csv").shape == (2, 3)
    assert {"tipping-map.svg", "tipping-map.png", "tipping-ways.svg", "tipping-ways.csv"} <= {
        each.name for each in (place / "t").iterdir()
    }


def test_discover_tells_what_it_can_and_why_not_more(call, place):
    call("sweep", "tiny.toml")
    code, printed, _ = call("discover", "tiny")
    assert code == 0
    assert "presence fails in" in printed
    assert "too few" in printed
    assert "regret" in printed


def test_calibrate(call, place):
    (place / "targets.toml").write_text(TARGETS)
    code, printed, _ = call("calibrate", "tiny.toml", "targets.toml", "--out", "c")
    assert code == 0
    assert "settings are not ruled out" in printed
    assert len(pd.read_csv("c/implausibility.csv")) == 4
    code, printed, _ = call("calibrate", "tiny.toml", "targets.toml", "--search", 3, "--out", "o")
    assert code == 0
    assert "least implausible of 3 settings" in printed
