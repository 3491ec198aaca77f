"""Studies on disk: no run twice, none lost; they grow and do not change."""

import json
import shutil
from typing import ClassVar

import pandas as pd
import pytest

from kantelpunt import plot
from kantelpunt.experiments import Study, provenance, until
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.study import parsed
from kantelpunt.model.errors import InputError
from tests.experiments.toys import TABLE, Toy, plan_of, study_of


class Counting(Toy):
    """The toy, remembering how often each run was done."""

    runs: ClassVar[list] = []

    def __call__(self, job):
        Counting.runs.append(job.run)
        return super().__call__(job)


@pytest.fixture
def counted():
    Counting.runs = []
    return Counting.runs


def test_a_study_that_is_done_does_nothing_again(counted, tmp_path):
    for _ in range(2):
        study_of(work=Counting(), folder=tmp_path / "study").run(quiet=True)
    assert len(counted) == len(set(counted)) == 18


@pytest.mark.parametrize("changes", [{"points": 9}, {"worlds": 3}, {"points": 8, "worlds": 2}, {"title": "New words"}])
def test_a_study_grows_and_keeps_its_runs(counted, tmp_path, changes):
    folder = tmp_path / "study"
    first = study_of(work=Counting(), folder=folder).run(quiet=True).outcomes
    grown = study_of(plan_of(**changes), Counting(), folder).run(quiet=True)
    assert len(counted) == len(set(counted)) == grown.size
    kept = grown.outcomes.merge(first[["run"]], on="run")
    pd.testing.assert_frame_equal(kept, first)
    apart = study_of(plan_of(**changes)).run(quiet=True)
    pd.testing.assert_frame_equal(grown.outcomes, apart.outcomes)


def test_a_scenario_more_is_growth_too(counted, tmp_path):
    few = {name: TABLE["scenario"][name] for name in ("today", "raid")}
    study_of(plan_of(scenario=few), Counting(), tmp_path / "study").run(quiet=True)
    grown = study_of(work=Counting(), folder=tmp_path / "study").run(quiet=True)
    assert len(counted) == len(set(counted)) == grown.size == 18
    pairs = grown.outcomes.groupby(["world", "point"])["scenario"].agg(set)
    assert (pairs == {"today", "youth", "raid"}).all()


def test_asked_for_less_a_study_keeps_what_it_holds(counted, tmp_path):
    study_of(plan_of(points=9), Counting(), tmp_path / "study").run(quiet=True)
    study = study_of(work=Counting(), folder=tmp_path / "study").run(quiet=True)
    assert study.size == len(counted) == 27
    assert Study.open(tmp_path / "study").plan.points == 9


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"seed": 2}, "seed"), ({"years": 2}, "years"), ({"spread": 0.2}, "spread"), ({"people": 200}, "people")],
)
def test_a_study_does_not_change(tmp_path, changes, word):
    before = study_of(folder=tmp_path / "study").run(quiet=True).outcomes
    with pytest.raises(InputError, match=rf"there is another study here.*{word}"):
        study_of(plan_of(**changes), folder=tmp_path / "study").run(quiet=True)
    pd.testing.assert_frame_equal(Study.open(tmp_path / "study").outcomes, before)


def test_changed_model_code_is_not_mixed_unless_asked_to(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    before = study_of(folder=folder).run(quiet=True).outcomes
    monkeypatch.setattr(provenance, "model_hash", lambda: "another model")
    assert not Study.open(folder).status().same_model
    grown = study_of(plan_of(points=8), folder=folder)
    with pytest.raises(InputError, match="the model has changed"):
        grown.run(quiet=True)
    pd.testing.assert_frame_equal(Study.open(folder).outcomes, before)
    grown.run(mix=True, quiet=True)
    models = grown.outcomes.groupby("point")["model"].agg(set)
    assert models[6] == models[7] and not models[7] & models[0]


def test_a_study_is_opened_where_it_was_left(tmp_path):
    made = study_of(folder=tmp_path / "study").run(quiet=True)
    shutil.move(tmp_path / "study", tmp_path / "elsewhere")
    found = Study.open(tmp_path / "elsewhere", Toy())
    assert found.plan == made.plan.asked()
    assert found.effects() == study_of().run(quiet=True).effects()
    assert found.verify(5)["same"].all()
    with pytest.raises(InputError, match="no study"):
        Study.open(tmp_path / "study")


def test_verification_finds_a_run_that_differs():
    study = study_of().run(quiet=True)
    other = Study.open(study.folder, Toy({"raid": 1.0}))
    table = other.verify(100)
    assert not table.loc[table["scenario"] == "raid", "same"].any()
    assert table.loc[table["scenario"] != "raid", "same"].all()


@pytest.mark.parametrize("n", [2, 5])
def test_shards_share_no_work_and_make_the_whole(counted, tmp_path, n):
    plan = plan_of(points=7, worlds=2)
    folder = tmp_path / "study"
    for k in range(n, 0, -1):
        study_of(plan, Counting(), folder).run(shard=f"{k}/{n}", quiet=True)
    merged = Study.open(folder)
    assert len(counted) == len(set(counted)) == 42
    assert merged.status().left == 0
    whole = study_of(plan).run(quiet=True)
    pd.testing.assert_frame_equal(merged.outcomes, whole.outcomes)


def test_shards_from_machines_without_a_common_disk_are_merged_by_copying(tmp_path):
    for k in (1, 2):
        study_of(folder=tmp_path / f"machine {k}").run(shard=f"{k}/2", quiet=True)
    shutil.copytree(tmp_path / "machine 2", tmp_path / "machine 1", dirs_exist_ok=True)
    pd.testing.assert_frame_equal(Study.open(tmp_path / "machine 1").outcomes, study_of().run(quiet=True).outcomes)


def test_shards_are_written_as_k_of_n():
    assert (parsed(""), parsed("3/100")) == ((1, 1), (3, 100))
    for text in ("0/3", "4/3", "3", "a/b", "1/2/3", "-1/2", "\u0663/\u0663", f"1/{10**20}"):
        with pytest.raises(InputError, match="--shard"):
            parsed(text)


def test_a_shard_has_one_lock_however_its_number_is_written(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    with study.store.writing("1-of-2"), pytest.raises(InputError) as told:
        study_of(folder=tmp_path / "study").run(shard="01/02", quiet=True)
    assert told.value.code == "shard.busy"


def test_the_interface_of_a_notebook(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = Study("presence-or-youth", area="tilburg-noord", people=120, years=1, seed=2026, work=Toy({"youth": -8.0}))
    study.scenarios(today={}, presence={"visible_presence": 0.3}, youth={"youth_activities": 0.3})
    study.points(64)
    study.run(until("recruited", half_width=2, start=10, most=400), quiet=True)
    table = study.compare("recruited", against="today", matters=3)
    assert list(table.index) == ["presence", "youth"]
    assert table.loc["youth", "verdict"] == "better"
    assert table.loc["presence", "verdict"] == "practically the same"
    assert table.loc["youth", "difference"] == pytest.approx(-8.0, abs=0.3)
    figure = plot(study, "recruited", against="today", matters=3)
    assert len(figure.axes) == 2
    assert (tmp_path / "results" / "presence-or-youth" / "study.toml").is_file()
    assert table[table["difference"] < -1].index.tolist() == ["youth"]  # a DataFrame in every way


def test_files_open_in_the_tools_they_are_meant_for():
    import duckdb

    study = study_of().run(quiet=True)
    runs = pd.read_parquet(study.folder / "runs")
    assert len(runs) == 18
    query = f"""select scenario, avg(recruited) as mean from '{study.folder}/runs/*.parquet'
                join '{study.folder}/points.parquet' using (point) group by scenario"""
    means = duckdb.sql(query).df().set_index("scenario")["mean"]
    assert means["today"] == pytest.approx(runs.loc[runs["scenario"] == "today", "recruited"].mean())
    cube = study.outcomes.set_index(["scenario", "point", "world"])[["recruited", "unsafe"]].to_xarray()
    assert dict(cube.sizes) == {"scenario": 3, "point": 6, "world": 1}
    manifest = json.loads((study.folder / "manifest.json").read_text())
    assert {"made", "model", "git", "versions", "machine"} <= set(manifest)


def test_a_given_table_of_points(tmp_path):
    table = pd.DataFrame({"norms.sanction": [0.1, 0.2, 0.3]})
    study = Study("given", folder=tmp_path / "study", people=120, years=1, work=Toy())
    study.scenarios(today={}).points(table).run(quiet=True)
    assert study.runs["norms.sanction"].tolist() == [0.1, 0.2, 0.3]
    assert Study.open(tmp_path / "study").runs["norms.sanction"].tolist() == [0.1, 0.2, 0.3]


def test_a_study_of_an_area_of_ones_own_needs_its_file_no_more(tmp_path):
    file = tmp_path / "mine 2023.csv"
    file.write_text("gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,x\nBU1,Ours,1000,200,150,250,250,150,7\n")
    made = study_of(plan_of(area="BU1", area_file=file), folder=tmp_path / "study").run(quiet=True)
    file.unlink()
    shutil.move(tmp_path / "study", tmp_path / "elsewhere")
    found = Study.open(tmp_path / "elsewhere", Toy())
    area = found.plan.scenarios["today"].resolved_area()
    assert (area.name, area.people, area.year, area.source) == ("Ours", 1000, 2023, "mine 2023.csv")
    assert str(tmp_path) not in (found.folder / "study.toml").read_text()
    assert found.run(quiet=True).size == made.size == found.status().done


def test_points_of_a_notebook_are_not_made_up_by_a_plan(tmp_path):
    study = study_of(folder=tmp_path / "study").points(pd.DataFrame({"trust.gain": [0.02, 0.03]})).run(quiet=True)
    with pytest.raises(InputError, match="came from a notebook"):
        Study.of(Plan.from_toml(study.folder / "study.toml"), tmp_path / "other").run(quiet=True)


def test_a_mistyped_outcome_is_told_with_the_nearest_one():
    study = study_of().run(quiet=True)
    for ask in (study.differences, study.course, study.by_world, study.runs_with):
        with pytest.raises(InputError, match=r"'unsaf'.*did you mean 'unsafe'"):
            ask("unsaf")


def test_results_are_read_without_running_and_say_the_same(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    results = StudyResults.open(study.folder)
    pd.testing.assert_frame_equal(results.outcomes, study.outcomes)
    assert results.effects() == study.effects()
    assert results.asking("unsafe", matters=1.0).question.outcome == "unsafe"
    assert not hasattr(results, "run")
    assert repr(results) == repr(study).replace("Study ", "StudyResults ", 1)
