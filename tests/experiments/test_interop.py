"""Other people's tools: SALib, EMA Workbench, xarray, RO-Crate, and the studies that are ready made."""

import json
import warnings
import zipfile
from datetime import datetime

import numpy as np
import pytest

from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.exchange import interop
from kantelpunt.experiments.exchange.archive import export
from kantelpunt.model.errors import InputError
from kantelpunt.model.simulation import simulate
from tests.experiments.toys import plan_of, study_of, toy


def test_a_problem_of_salib_can_be_sampled():
    from SALib.sample import latin

    problem = interop.salib_problem(["norms.sanction", "trust.gain"])
    values = latin.sample(problem, 8, seed=1)
    assert problem["names"] == ["norms.sanction", "trust.gain"]
    assert values.shape == (8, 2)
    with pytest.raises(InputError, match=r"did you mean 'norms\.sanction'"):
        interop.salib_problem(["norms.sancton"])


def test_a_model_of_the_ema_workbench_runs_the_same_model():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import SequentialEvaluator

        plan = plan_of(vary=["norms.sanction"])
        model = interop.ema_model(plan, ["recruited", "unsafe"])
        with SequentialEvaluator(model) as evaluator:
            experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=2)
    assert len(experiments) == 4
    row = experiments.iloc[1]
    scenario = plan.scenarios[row["plan"]].changed(parameters={"norms.sanction": row["norms__sanction"]})
    weeks = simulate(scenario, plan.seed).weeks
    assert outcomes["recruited"][1] == weeks["recruited"].iloc[1:].sum()
    assert outcomes["unsafe"][1] == pytest.approx(weeks["unsafe"].iloc[-52:].mean())


def test_a_cube_of_outcomes():
    study = study_of(plan_of(worlds=2), toy({"youth": -8.0})).run(quiet=True)
    cube = interop.to_xarray(study, ["recruited"])
    assert dict(cube.sizes) == {"scenario": 3, "point": 6, "world": 2}
    difference = cube["recruited"].sel(scenario="youth") - cube["recruited"].sel(scenario="today")
    assert float(difference.mean()) == pytest.approx(study.differences()["youth"].mean())
    assert cube["recruited"].attrs["units"] == "persons/week"
    assert not np.isnan(cube["recruited"]).any()


def test_a_crate_holds_the_study_and_says_what_is_in_it(call, tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    code, printed, _ = call("export", study.folder, "--out", tmp_path / "crate.zip")
    assert (code, printed.strip()) == (0, str(tmp_path / "crate.zip"))
    with zipfile.ZipFile(tmp_path / "crate.zip") as crate:
        names = set(crate.namelist())
        described = json.loads(crate.read("ro-crate-metadata.json"))
    parts = {each["@id"] for each in described["@graph"]}
    assert {
        "study.toml",
        "plan.parquet",
        "points.parquet",
        "manifest.json",
        "model/ODD.md",
        "model/CITATION.cff",
    } <= names & parts
    assert any(name.startswith("runs/part-") for name in names)
    things = {each["@id"]: each for each in described["@graph"]}
    root, action = things["./"], things["#runs"]
    assert root["name"] == "A small question"
    assert "w3id.org/ro/wfrun/process" in root["conformsTo"]["@id"] and root["mentions"] == {"@id": "#runs"}
    assert action["instrument"] == root["instrument"] and things[action["instrument"]["@id"]]["version"]
    asked, results = ({each["@id"] for each in action[side]} for side in ("object", "result"))
    assert "study.toml" in asked and "runs/" in results and not asked & results
    assert datetime.fromisoformat(action["startTime"]) <= datetime.fromisoformat(action["endTime"])
    assert "failures/" not in parts, "a folder in which nothing is would be missing from the zip"
    with pytest.raises(InputError, match="--out"):
        export(study, tmp_path / "crate.tar")


@pytest.mark.parametrize("path", sorted(BUILT_IN.parent.glob("*.toml")), ids=lambda path: path.stem)
def test_ready_made_questions_are_plans(path):
    plan = Plan.from_toml(path)
    assert plan.compare is not None
    assert plan.asked().asked() == plan.asked()
