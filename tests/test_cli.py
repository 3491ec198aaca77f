"""The command line: what it prints where, its exit codes, and that bad input leaves nothing half-written."""

import json
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest
from typer.main import get_group

from kantelpunt.model import compiled, registry
from kantelpunt.model.regime import RESILIENT, STUCK, Regime
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import Run, simulate
from kantelpunt.viz.cli import errors, run
from kantelpunt.viz.text import Text

ROOT = Path(__file__).parents[1]
SMALL = ("--people", "120", "--years", "1")


def test_version_and_help(call):
    assert call("--version")[:2] == (0, f"kantelpunt {version('kantelpunt')}\n")
    code, text, _ = call("--help")
    assert code == 0
    assert all(command in text for command in ("run", "areas", "compare"))
    for command in ("run", "areas", "compare"):
        assert call(command, "--help")[0] == 0


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom kantelpunt.viz.cli.main import main\n"
        "sys.argv = ['kantelpunt', 'run', '--help']\ntry:\n    main()\nfinally:\n"
        "    print('heavy:', {'numpy', 'numba', 'pandas', 'mesa', 'openpyxl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "heavy: set()" in done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["areas"]])
def test_a_quick_command_imports_neither_the_model_nor_help_in_colours(arguments):
    code = (
        "import sys\nfrom kantelpunt.viz.cli.main import main\n"
        f"sys.argv = ['kantelpunt', *{arguments}]\ntry:\n    main()\nfinally:\n"
        "    print('heavy:', {'numpy', 'numba', 'pandas', 'rich.markdown', 'kantelpunt.viz.cli.studies'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    heavy = "{'kantelpunt.viz.cli.studies'}" if arguments == ["--help"] else "set()"
    assert f"heavy: {heavy}" in done.stdout, done.stderr


def test_every_command_stands_in_one_panel_of_the_help(call):
    _, text, _ = call("--help")
    panels = text.split("Options:")[1]
    places = [panels.index(f"\n{panel}:\n") for panel in errors.PANELS]
    assert places == sorted(places)
    known = [name for module in dict.fromkeys(errors.MODULES.values()) for name in commands_of(module)]
    assert sorted(known) == sorted(errors.MODULES)
    assert sum(map(len, errors.PANELS.values())) == len(errors.MODULES)
    assert all(f"\n  {name} " in panels for name in known)


def commands_of(module):
    """Return the names of the commands in a module of the command line."""
    return list(get_group(import_module(f"kantelpunt.viz.cli.{module}").commands).commands)


def test_run_prints_json_and_nothing_else(call):
    code, text, _ = call("run", *SMALL, "--json", "--seed", 5, "--intervention", "youth_activities=0.5")
    found = json.loads(text)
    assert code == 0
    assert (found["people"], found["years"], found["seed"]) == (120, 1, 5)
    assert found["interventions"] == [{"kind": "youth_activities", "intensity": 0.5}]
    scenario = Scenario(people=120, years=1, interventions={"youth_activities": 0.5})
    assert found["cost"] == pytest.approx(scenario.cost())
    assert set(found["outcomes"]) == set(run.KEY_OUTCOMES)
    assert set(found["outcomes"]["fear"]) == {"unit", "better", "definition", "theme", "start", "middle", "end"}
    regime = simulate(scenario, seed=5).regime
    assert found["regime"]["words"] == str(regime)
    assert [(each["week"], each["regime"]) for each in found["regime"]["course"]] == list(regime.course)
    assert call("run", *SMALL, "--json", "--seed", 5, "--intervention", "youth_activities=0.5")[1] == text
    assert json.loads(call("run", *SMALL, "--json", "--seed", 6)[1])["digest"] != found["digest"]


@pytest.fixture
def stuck(monkeypatch):
    """Have every world be stuck all along, whatever its numbers."""
    monkeypatch.setattr(Run, "regime", Regime(((0, STUCK),)))


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "stuck at first; resilient from week 40"), ("nl", "eerst vastgelopen; weerbaar vanaf week 40")]
)
def test_a_change_of_regime_is_told_with_its_week(lang, words):
    assert run.course([{"week": 0, "regime": STUCK}, {"week": 40, "regime": RESILIENT}], Text(lang)) == words


@pytest.mark.usefixtures("stuck")
def test_run_tells_in_words(call):
    code, text, _ = call("run", *SMALL, "--intervention", "sirenelunch")
    assert code == 0
    assert "Tilburg-Noord, 120 residents, 1 year, world 1" in text
    assert "Siren lunch (100%)" in text
    assert "The neighbourhood is stuck all along" in text
    assert "not a forecast" in text


def test_run_writes_every_week(call, tmp_path):
    path = tmp_path / "weeks.csv"
    code, text, told = call("run", *SMALL, "--json", "--out", path)
    assert code == 0
    assert "weeks.csv" in told
    weeks = pd.read_csv(path, index_col="week")
    assert weeks.index.tolist() == list(range(53))
    assert weeks["recruited"].iloc[1:].sum() == json.loads(text)["recruited"]
    assert [each.name for each in tmp_path.iterdir()] == ["weeks.csv"]


def test_options_change_what_a_file_says(call, tmp_path):
    path = tmp_path / "what-if.toml"
    path.write_text(
        'area = "contrast"\npeople = 240\nyears = 3\n[parameters]\nnorms.sanction = 0.5\n'
        '[[interventions]]\nkind = "youth_activities"\nplaces = 8\n'
    )
    options = ("--set", "recruitment.base=0.2", "--intervention", "raid=0.5", "--area", "overvecht")
    found = json.loads(call("run", path, *SMALL, *options, "--json")[1])
    assert (found["area"], found["people"], found["years"]) == ("Overvecht", 120, 1)
    assert found["parameters"] == {"norms.sanction": 0.5, "recruitment.base": 0.2}
    assert found["interventions"] == [{"kind": "youth_activities", "places": 4.0}, {"kind": "raid", "intensity": 0.5}]


def test_an_area_of_ones_own(call, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo\nBU1,Here,1000,200,150,250,250,150\n")
    found = json.loads(call("run", *SMALL, "--area", f"{path}:BU1", "--json")[1])
    assert found["area"] == "Here"
    assert found["assumed"]
    (listed,) = json.loads(call("areas", "--file", path, "--json")[1])
    assert (listed["area"], listed["people"]) == ("BU1", 1000)
    assert "welfare" in listed["missing"]


def test_areas_are_listed_with_what_they_lack(call):
    listed = json.loads(call("areas", "--json")[1])
    assert {"overvecht", "tilburg-noord", "WK034403"} <= {each["area"] for each in listed}
    assert all(set(each["assumed"]) <= set(each["missing"]) for each in listed)
    code, text, _ = call("areas")
    assert code == 0
    assert "no figures for" in text and "households couple" not in text
    assert "lacks" in text  # the last column, in a terminal of 80
    assert "CBS" in text


def test_an_area_is_found_by_a_part_of_its_name_or_municipality_without_capitals_and_accents(call, tmp_path):
    path = tmp_path / "mine.csv"
    ages = "1000,200,150,250,250,150"
    rows = [f"BU1,Coevorden-Süd,Buurt,Coevorden,{ages}", f"WK2,Noord,Wijk,Gouda,{ages}", f"BU3,Korte Akkeren,Buurt,Gouda,{ages}"]
    path.write_text(
        "\n".join(["gwb_code,regio,recs,gm_naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo", *rows]), encoding="utf-8"
    )

    def found(text):
        return [each["area"] for each in json.loads(call("areas", "--file", path, "--search", text, "--json")[1])]

    assert (found("sud"), found("GOUDA"), found("akk")) == (["BU1"], ["WK2", "BU3"], ["BU3"])
    shown = " ".join(call("areas", "--file", path, "--search", "Korte")[1].split())
    assert "buurt" in shown and "Gouda" in shown and "WK2" not in shown
    code, _, told = call("areas", "--file", path, "--search", "Goida", "--lang", "en")
    assert code == 2 and "unknown area" in told and "Gouda" in told


def test_situations_are_listed_and_a_run_begins_from_one(call):
    listed = json.loads(call("situations", "--json")[1])
    assert {"closed-families", "new-team", "stalled-team", "team-without-link", "unaware-team"} == set(listed)
    assert all(name in call("situations")[1] for name in listed)
    found = json.loads(call("run", *SMALL, "--situation", "new-team", "--json")[1])
    assert found["parameters"] == {"initialisation.maturity": 0.05, "initialisation.ties": 0.05}
    assert [each["kind"] for each in found["interventions"]] == ["frontline_team"]
    assert "new-team" in call("run", *SMALL, "--situation", "new_team")[2]


def test_the_first_compilation_is_announced(call, monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(compiled, "JIT", True)
    assert "compiling the rules" in call("run", *SMALL)[2]
    (tmp_path / "rule.code").touch()
    assert "compiling the rules" not in call("run", *SMALL)[2]


def test_where_machine_code_cannot_be_kept_it_is_said(call, monkeypatch):
    assert "KANTELPUNT_CACHE_DIR" not in call("run", *SMALL)[2]
    monkeypatch.setattr(compiled, "TROUBLE", ["Read-only file system"])
    told = call("run", *SMALL)[2]
    assert "(Read-only file system)" in told
    assert "KANTELPUNT_CACHE_DIR" in told


def test_every_command_answers_in_the_language_that_is_asked_for(call):
    for module in dict.fromkeys(errors.MODULES.values()):
        for name, command in get_group(import_module(f"kantelpunt.viz.cli.{module}").commands).commands.items():
            assert any("--lang" in each.opts for each in command.params), name


@pytest.mark.usefixtures("stuck")
def test_a_run_is_told_in_dutch_where_that_is_asked_for(call):
    arguments = ("run", *SMALL, "--intervention", "sirenelunch", "--lang", "nl")
    code, text, _ = call(*arguments)
    assert code == 0
    words = " ".join(text.split())
    for part in (
        "Tilburg-Noord, 120 inwoners, 1 jaar, wereld 1",
        "Sirenelunch (100%)",
        "De buurt is de hele tijd vastgelopen",
        "geen voorspelling",
    ):
        assert part in words
    assert not re.search(r"\b(the|every|better|with|youths|world)\b", words)
    assert call(*arguments, "--json")[1] == call(*arguments[:-2], "--json")[1]
    assert "bedoelde u" in call("run", "--area", "overvegt", "--lang", "nl")[2]


def test_numbers_are_counted_from_the_registry(call):
    found, known = json.loads(call("numbers", "--json")[1]), registry.quantities()
    assert found["total"]["parameters"] == len(known) == sum(rule["parameters"] for rule in found["rules"].values())
    assert found["total"]["fixed"] + found["total"]["uncertain"] == len(known)
    assert found["total"]["assumed"] == sum("assumed" in each.source for each in known.values())
    assert found["total"]["share"] == found["total"]["assumed"] / len(known)
    assert found["total"]["calibrated"] == len(found["calibrated"])
    assert {"recruitment.base", "offending.crime"} <= set(found["calibrated"])
    for lang, said in (("en", "% assumed"), ("nl", "% oordeel")):
        told = call("numbers", "--lang", lang)[1]
        assert said in " ".join(told.split()) and str(found["total"]["assumed"]) in told and "recruitment.base" in told
        assert call("numbers", "--lang", lang, "--json") == call("numbers", "--json")


def test_areas_and_situations_are_listed_in_dutch_where_that_is_asked_for(call):
    areas = call("areas", "--lang", "nl")[1]
    assert "Gebieden" in areas and "34.910" in areas and "geen cijfers voor huishoudens" in areas
    assert "Een frontlijnteam" in " ".join(call("situations", "--lang", "nl")[1].split())
    for command in ("areas", "situations"):
        assert call(command, "--lang", "nl", "--json") == call(command, "--json")


def test_a_name_of_an_earlier_version_is_understood_and_told_in_the_language_of_the_command(call, tmp_path):
    plan = tmp_path / "old.toml"
    plan.write_text(
        'people = 120\nyears = 1\npoints = 2\nworlds = 1\nparameters = { "casework.chain" = 0.9 }\n'
        'compare = { against = "today", outcome = "attachment", matters = 1 }\n[scenario.today]\n[scenario.raid]\nraid = 1.0\n'
    )
    code, _, told = call("compare", plan, "--lang", "nl")
    assert code == 2, "the number is out of range"
    assert told.count("casework.chain heet nu routing.chain; de volgende uitgave kent de oude naam niet meer") == 1
