"""Additions from outside: registered, refused where they cannot be used, and part of a run only where it uses them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kantelpunt.experiments import provenance
from kantelpunt.experiments.design.stopping_rules import stopping
from kantelpunt.experiments.running.engines import processes
from kantelpunt.experiments.study import Study, until
from kantelpunt.model import additions
from kantelpunt.model.additions import SECTIONS, intervention, outcome
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Intervention, catalogue
from kantelpunt.model.scenario import Scenario
from tests.experiments.additions import CAMP, OUTCOME, STOPPING, STUDY
from tests.experiments.toys import plan_of, study_of, toy

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("forgotten")


def made(text: str, **changes: str) -> dict:
    """Return the names that a text makes, where some of it is replaced."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    names = {"__name__": "somewhere"}
    exec(text, names)
    return names


def test_an_addition_works_in_scenarios_and_plans():
    camp = made(CAMP)["SummerCamp"]
    assert catalogue()["summer_camp"] is camp
    scenario = Scenario(people=200, years=1, interventions={"summer_camp": 0.5})
    assert scenario.levers()["activity_places"][1, 0] == 2.5
    assert scenario.cost() == 0.5 * 500.0 * scenario.residents.children
    assert plan_of(scenario={"today": {}, "camp": {"summer_camp": 1.0}}).scenarios["camp"].interventions == (camp(),)


def test_a_cell_that_runs_again_gives_its_name_a_new_meaning():
    made(CAMP)
    again = made(CAMP, **{"PLACES = 5.0": "PLACES = 6.0"})["SummerCamp"]
    assert catalogue()["summer_camp"] is again


WRONG = {
    '"summer_camp"': ('"raid"', "taken by kantelpunt.model.interventions.raid"),
    '= "summer_camp"': ("", "must state its kind"),
    "activity_places": ("activity_place", "unknown lever (got 'activity_place')"),
    "PLACES = 5.0": ("PLACES = 1e9", "SummerCamp.levers: activity_places: out of range"),
    "EUROS = 500.0": ("EUROS = -1.0", "invalid cost"),
    "(Intervention)": ("", "this is not an intervention"),
    "def levers": ("def lever", "must return its levers and its cost"),
    '{"activity_places": places()}': ("1 / 0", "ZeroDivisionError"),
    "Literal[": ("str; length: int = 3; other: Literal[", "must state its kind"),
    **{section: ("", f"lacks a section (got {section!r})") for section in SECTIONS},
}


@pytest.mark.parametrize("old", WRONG)
def test_an_intervention_that_cannot_be_used_is_refused(old):
    new, complaint = WRONG[old]
    with pytest.raises(InputError, match=re.escape(complaint)):
        made(CAMP, **{old: new})
    assert "summer_camp" not in catalogue()


def test_a_field_without_a_description_and_a_kind_from_elsewhere_are_refused():
    with pytest.raises(InputError, match="no description"):
        made(CAMP, **{'= "summer_camp"': '= "summer_camp"\n    length: int = 3'})
    made(CAMP)
    with pytest.raises(InputError, match=re.escape("taken by somewhere.SummerCamp")):
        made(CAMP, **{"class SummerCamp": "class OtherCamp"})


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"unit": ""}, "unit: this is missing"),
        ({"better": "more"}, "unknown direction"),
        ({"definition": " "}, "definition: this is missing"),
    ],
)
def test_an_outcome_says_what_it_is(keys, complaint):
    def fresh(weeks):
        return weeks["incidents"]

    with pytest.raises(InputError, match=complaint):
        outcome(**{"unit": "cases", "better": "lower", "definition": "x", **keys})(fresh)


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        (lambda weeks: weeks["incident"], "unknown outcome .*did you mean 'incidents'"),
        (lambda weeks: weeks["incidents"].sum(), "not one number a week"),
        (lambda weeks: weeks["incidents"] * np.nan, "nan in week 0"),
        (lambda weeks: "many", "cannot be measured"),
    ],
)
def test_an_outcome_that_cannot_be_measured_is_refused(formula, complaint):
    formula.__name__ = "fresh"
    with pytest.raises(InputError, match=complaint):
        outcome(unit="cases", better="lower", definition="x")(formula)


def test_an_outcome_with_a_name_that_is_there_is_refused():
    def incidents(weeks):
        return weeks["incidents"]

    with pytest.raises(InputError, match="this name is taken"):
        outcome(unit="cases", better="lower", definition="x")(incidents)


@outcome(unit="persons/week", better="lower", definition="Recruited twice over")
def twice(weeks):
    return 2.0 * weeks["recruited"]


@outcome(unit="persons", better="lower", definition="Recruited so far")
def so_far(weeks):
    return weeks["recruited"].cumsum()


ASKED = {"against": "today", "outcome": "twice", "matters": 3.0, "also": ["so_far", "unsafe"]}


def restored():
    for each, unit in ((twice, "persons/week"), (so_far, "persons")):
        outcome(unit=unit, better="lower", definition="Recruited")(each)


def test_an_outcome_from_outside_decides_a_study():
    restored()
    study = study_of(plan_of(compare=ASKED, points=12), toy({"youth": -8.0})).run(quiet=True)
    runs = study.outcomes
    np.testing.assert_allclose(runs["twice"], 2.0 * runs["recruited"])
    np.testing.assert_allclose(runs["so_far"], runs["recruited"])  # all in the first week, and of a level the last year counts
    youth = next(each for each in study.effects() if each.scenario == "youth")
    assert str(youth.verdict) == "better"
    assert study.weeks["so_far"].max() > 0
    assert study.course()["value"].max() == pytest.approx(runs["twice"].max())
    opened = Study.open(study.folder, toy({}))
    assert opened.plan.question.outcome == "twice" and not opened.left()


def test_an_outcome_that_was_not_asked_for_when_it_ran_is_refused_by_name():
    restored()
    study = study_of().run(quiet=True)
    with pytest.raises(InputError, match="do not measure this outcome"):
        study.compare("twice", against="today", matters=1.0)


def test_a_run_in_which_an_outcome_has_no_number_fails_and_says_so():
    def ratio(weeks):
        return 1.0 / (weeks["recruited"] + (weeks["crews"] > 0))

    outcome(unit="ratio", better="lower", definition="x")(ratio)
    study = study_of(plan_of(compare={**ASKED, "outcome": "ratio", "also": []}))
    with np.errstate(divide="ignore"):
        study.run(quiet=True)
    assert "the outcome 'ratio' is inf in week 0" in study.failures[0]["traceback"]


def test_a_stopping_rule_from_outside_stops_a_study():
    @stopping
    def fifteen(differences):
        return len(differences) >= 15

    study = study_of(plan_of(points=10)).run(until("recruited", rule="fifteen", most=60), quiet=True)
    assert study.stopped() == 15
    assert Study.open(study.folder).plan.until.rule == "fifteen"


def test_stopping_rules_that_cannot_be_used_are_refused():
    with pytest.raises(InputError, match="unknown stopping rule"):
        until("recruited", rule="nonsense")
    with pytest.raises(InputError, match="half_width"):
        until("recruited")
    with pytest.raises(InputError, match="answer true or false"):
        stopping(made("def unsure(differences): return 1")["unsure"])
    with pytest.raises(InputError, match="KeyError"):
        stopping(made("def unsure(differences): return differences['x'].all()")["unsure"])


def test_a_class_that_workers_cannot_import_is_refused_before_any_run():
    made(CAMP)  # in a module that is nowhere
    study = study_of(plan_of(scenario={"today": {}, "camp": {"summer_camp": 1.0}}))
    with pytest.raises(InputError, match="SummerCamp"):
        study.run(quiet=True, engine=processes(1))
    assert not study.failures and study.left() == study.size
    assert study_of(study.plan).run(quiet=True, engine=2).done == study.size


# what a run is known by


def model_of(table):
    return provenance.model_of([Scenario(interventions=table)])


def test_only_what_a_study_uses_is_part_of_it(tmp_path):
    folder = tmp_path / "study"
    before = study_of(folder=folder).run(quiet=True).outcomes
    made(CAMP)
    restored()
    again = study_of(folder=folder)
    assert again.left() == 0 and again.status().same_model
    assert set(again.model.parts) == {"intervention raid", "intervention youth_activities"}
    grown = plan_of(scenario={**plan_of().scenario, "presence": {"visible_presence": 1.0}})
    study = study_of(grown, folder=folder).run(quiet=True)
    assert set(before["run"]) < set(study.outcomes["run"])
    assert study.outcomes.groupby("scenario")["model"].nunique().max() == 1


def test_an_intervention_that_is_used_and_edited_is_another_model(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    study_of(folder=folder).run(quiet=True)
    known = provenance.source_hash
    monkeypatch.setattr(provenance, "source_hash", lambda kind: known(kind) + "edited" * (kind.__name__ == "Raid"))
    study = study_of(plan_of(points=8), folder=folder)
    assert not study.status().same_model
    with pytest.raises(InputError, match="the code of intervention raid has changed"):
        study.run(quiet=True)
    study.run(quiet=True, mix=True)
    models = study.outcomes.groupby("scenario")["model"].nunique()
    assert models.to_dict() == {"today": 1, "youth": 1, "raid": 2}


def test_a_study_of_an_earlier_version_opens_as_another_model(tmp_path):
    folder = tmp_path / "study"
    study = study_of(folder=folder).run(quiet=True)
    plan, _ = study.store.plan()
    study.store.write_plan(plan, provenance.Model("of an earlier version"))
    opened = Study.open(folder)
    assert len(opened.outcomes) == opened.size and not opened.status().same_model
    with pytest.raises(InputError, match="the model has changed"):
        study_of(plan_of(points=8), folder=folder).run(quiet=True)


# the same in a script of somebody else


def run(folder: Path, text: str, *words: str) -> subprocess.CompletedProcess:
    (folder / "mine.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(folder / "plug-ins")])}
    command = [sys.executable, *(words or ("mine.py",))]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


@pytest.mark.slow
def test_a_study_of_a_script_goes_on_unless_what_it_uses_changes(tmp_path):
    assert "runs 8 8 ['camp']" in (first := run(tmp_path, CAMP + STUDY)).stdout, first.stderr
    assert "runs 8 8" in run(tmp_path, CAMP + OUTCOME + STUDY + "print('more')\n").stdout
    changed = run(tmp_path, CAMP.replace("PLACES = 5.0", "PLACES = 4.0") + STUDY)
    assert "the code of intervention summer_camp has changed" in changed.stderr
    other = run(tmp_path, CAMP.replace("return PLACES", "return 1.0 * PLACES") + STUDY)
    assert "the code of intervention summer_camp has changed" in other.stderr


PLUG_INS = {"interventions": CAMP, "outcomes": OUTCOME, "stopping": STOPPING}
LOOK = """
import json
from kantelpunt import Plan, INTERVENTIONS
from kantelpunt.experiments.design.question import as_outcome, as_rule
from kantelpunt.model.population.situations import situation
from kantelpunt.experiments.provenance import model_of
from kantelpunt import Scenario
print(json.dumps([as_outcome("balance"), as_rule("fifteen"), model_of([Scenario(interventions={"summer_camp": 1})]).parts]))
"""


def plugged_in(folder: Path, **texts: str) -> None:
    """Install a package with these modules as plug-ins, in a folder that Python looks in."""
    place = folder / "plug-ins"
    told = place / "theirs-1.0.dist-info"
    told.mkdir(parents=True, exist_ok=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    lines = [f"[kantelpunt.{group}]\nadded = theirs_{group}\n" for group in texts]
    (told / "entry_points.txt").write_text("\n".join(lines))
    for group, text in texts.items():
        (place / f"theirs_{group}.py").write_text(text)


def test_installed_plug_ins_are_found_and_known_by_their_files(tmp_path):
    plugged_in(tmp_path, **PLUG_INS)
    found = json.loads((done := run(tmp_path, LOOK)).stdout or "[]")
    assert found[:2] == ["balance", "fifteen"], done.stderr
    plugged_in(tmp_path, **{**PLUG_INS, "interventions": CAMP + "\n# edited\n"})
    assert json.loads(run(tmp_path, LOOK).stdout)[2] != found[2]


def test_a_plug_in_that_cannot_be_loaded_is_named_and_all_else_goes_on(tmp_path):
    plugged_in(tmp_path, interventions="import nonsense_of_theirs\n")
    done = run(tmp_path, "from kantelpunt import Scenario\nprint(Scenario(interventions={'raid': 1}).interventions[0].kind)\n")
    assert done.stdout.strip() == "raid" and "theirs_interventions" in done.stderr and "nonsense_of_theirs" in done.stderr


def test_checks_of_our_own_interventions_and_of_additions_are_the_same():
    for kind in catalogue().values():
        additions.refuse_unfit(kind)


def test_a_class_of_others_is_no_intervention():
    with pytest.raises(InputError, match="this is not an intervention"):
        intervention(int)
    assert not issubclass(int, Intervention)
