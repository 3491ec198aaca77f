"""Panels: chosen runs with who was who and when, which pandas, DuckDB and any reader of Parquet open."""

import json

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from kantelpunt.experiments.exchange import panels
from kantelpunt.experiments.running.jobs import run_job
from kantelpunt.model.errors import InputError
from tests.experiments.toys import plan_of, study_of


@pytest.fixture(scope="module")
def study():
    return study_of(plan_of(points=2, vary=["norms.sanction"]), run_job).run(quiet=True)


@pytest.fixture(scope="module")
def panel(study):
    runs = study.asked["run"].tolist()[:2]
    return study.folder / "panel", panels.record(study, runs, every=20), runs


def test_a_panel_opens_in_pandas_and_duckdb_and_says_what_its_columns_are(panel):
    folder, rows, runs = panel
    book = pd.read_csv(folder / "codebook.csv")
    package = json.loads((folder / "datapackage.json").read_text())
    assert {each["name"] for each in package["resources"]} == set(rows)
    for resource in package["resources"]:
        file = folder / resource["path"]
        table, schema = pd.read_parquet(file), pq.read_schema(file)
        assert len(table) == rows[resource["name"]] > 0
        assert list(table) == [each["name"] for each in resource["schema"]["fields"]]
        assert list(table) == book[book["file"] == resource["path"]]["column"].tolist()
        assert all(schema.field(name).metadata[b"meaning"] for name in table)
    seen = duckdb.sql(f"select run, count(distinct week) n from '{folder}/agents.parquet' group by run").df()
    assert set(seen["run"]) == set(runs) and (seen["n"] == 4).all()  # the start, weeks 20 and 40, the end


def test_ties_are_between_people_who_live_there_and_events_happen_to_somebody(panel):
    folder, _, _ = panel
    agents, ties = pd.read_parquet(folder / "agents.parquet"), pd.read_parquet(folder / "ties.parquet")
    here = agents.groupby(["run", "week"])["id"].agg(set)
    for key, some in ties.groupby(["run", "week"]):
        assert set(some["person"]) | set(some["friend"]) <= here[key]
    assert not agents.duplicated(["run", "week", "id"]).any()
    events = pd.read_parquet(folder / "events.parquet")
    assert events["week"].between(1, 52).all() and np.issubdtype(events["who"].dtype, np.integer)


def test_looking_changes_nothing_and_another_course_is_refused(study, panel, monkeypatch):
    asked = study.asked["run"].tolist()[:1]
    monkeypatch.setattr(type(study), "runs_with", lambda self, *_: pd.DataFrame({"run": asked, "digest": ["another"]}))
    with pytest.raises(InputError, match="takes a different course"):
        panels.record(study, asked)


def test_unknown_runs_and_none_are_refused(study):
    with pytest.raises(InputError, match="has this id"):
        panels.record(study, ["nobody"])
    with pytest.raises(InputError, match="wrong number of runs"):
        panels.record(study, [])
