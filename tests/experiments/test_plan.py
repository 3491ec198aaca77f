"""Plans: what they may say, and how what they may not say is refused, before anything runs and with nothing written."""

import sys
import tomllib

import pytest

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model import registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.population import areas
from kantelpunt.model.renaming import Renamed
from kantelpunt.model.scenario import Scenario
from kantelpunt.viz.cli import study_output
from tests.experiments.toys import TABLE, plan_of

SANCTION = f"from 0 to {registry.quantities()['norms.sanction'].high:g}"
GOOD = """
title = "A question"
people = 120
years = 1
compare = { against = "today", outcome = "recruited", better = "lower", matters = 3 }
[scenario.today]
[scenario.youth]
youth_activities = 0.5
"""
BAD = {
    "no TOML": ("years = = 3", ["plan.toml", "line 1"]),
    "unknown key": ("yeers = 3\n" + GOOD, ["plan.toml", "yeers", "did you mean 'years'", "area_file"]),
    "no compare": ("years = 1\n[scenario.today]\n[scenario.youth]\n", ["plan.toml: compare", "missing", "matters"]),
    "no scenario": ('compare = { against = "a", matters = 3 }', ["plan.toml: scenario", "missing", "[scenario.NAME]"]),
    "no matters": (GOOD.replace(", matters = 3", ""), ["compare.matters", "missing", "smallest difference"]),
    "no against": (GOOD.replace('against = "today", ', ""), ["compare.against", "missing", "compared with"]),
    "matters nothing": (GOOD.replace("matters = 3", "matters = 0"), ["compare.matters", "0", "above 0"]),
    "matters in words": (GOOD.replace("matters = 3", 'matters = "much"'), ["compare.matters", "much", "above 0"]),
    "unknown key of compare": (GOOD.replace("matters = 3", "mater = 3"), ["compare", "mater", "did you mean 'matters'"]),
    "compare no table": (GOOD.replace("compare = {", "compare = 3 #"), ["compare", "3", "not a table"]),
    "unknown outcome": (GOOD.replace('"recruited"', '"recruitd"'), ["compare.outcome", "recruitd", "did you mean 'recruited'"]),
    "unknown outcome, no way": (
        GOOD.replace('"recruited", better = "lower"', '"recruitd"'),
        ["compare.outcome", "recruitd", "did you mean 'recruited'"],
    ),
    "unknown second outcome": (
        GOOD.replace("matters = 3", 'matters = 3, deciding = [{ outcome = "unsave", matters = 1 }]'),
        ["compare.deciding[0].outcome", "unsave", "did you mean 'unsafe'"],
    ),
    "neither way": (
        GOOD.replace('"recruited", better = "lower"', '"people"'),
        ["compare.better", "no default direction", "higher"],
    ),
    "no way": (GOOD.replace('"lower"', '"left"'), ["compare.better", "left", "higher", "lower"]),
    "unknown other outcome": (
        GOOD.replace("matters = 3", 'matters = 3, also = ["unsave"]'),
        ["compare.also", "unsave", "'unsafe'"],
    ),
    "others no list": (GOOD.replace("matters = 3", "matters = 3, also = 3"), ["compare.also", "3", "list"]),
    "against nobody": (GOOD.replace('"today"', '"todya"'), ["compare.against", "todya", "did you mean 'today'", "today, youth"]),
    "one scenario": (GOOD.partition("[scenario.youth]")[0], ["scenario", "today", "two tables"]),
    "unknown intervention": (
        GOOD.replace("youth_act", "youth_akt"),
        ["scenario.youth", "youth_aktivities", "'youth_activities'"],
    ),
    "intensity": (GOOD.replace("0.5", "1.5"), ["scenario.youth.youth_activities.intensity", "1.5", "from 0 to 1"]),
    "intensity in words": (GOOD.replace("0.5", '"much"'), ["scenario.youth.youth_activities.intensity", "much", "from 0 to 1"]),
    "unknown kind": (GOOD + 'interventions = [{ kind = "raaid" }]', ["scenario.youth.interventions[0].kind", "raaid", "'raid'"]),
    "dates reversed": (
        GOOD + 'interventions = [{ kind = "raid", from = 40, until = 20 }]',
        ["scenario.youth.interventions[0]", "dates reversed", "from before until"],
    ),
    "after the end": (
        GOOD + 'interventions = [{ kind = "raid", from = 2040-01-01 }]',
        ["scenario.youth", "2040-01-01", "0 to 52 weeks"],
    ),
    "scenario no table": (GOOD.replace("[scenario.today]", "[scenario]\ntoday = 3"), ["scenario.today", "3", "not a table"]),
    "unknown parameter": (
        GOOD + "parameters = { norms.sancton = 1 }",
        ["scenario.youth.parameters", "sancton", "'norms.sanction'"],
    ),
    "parameter for all": (
        "parameters = { norms.sanction = 9 }\n" + GOOD,
        ["plan.toml: parameters", "norms.sanction", "9", SANCTION],
    ),
    "unknown area": ('area = "overvegt"\n' + GOOD, ["plan.toml: area", "overvegt", "did you mean"]),
    "years": (GOOD.replace("years = 1", "years = 0"), ["plan.toml: years", "0", "from 1 to 50"]),
    "people": (GOOD.replace("people = 120", "people = 3"), ["plan.toml: people", "3", "from 50 to 2,000,000"]),
    "points": ("points = 0\n" + GOOD, ["plan.toml: points", "0", "from 1 to 100,000"]),
    "one world": ("points = 1\nworlds = 1\n" + GOOD, ["plan.toml: worlds", "1", "two or more"]),
    "spread": ("spread = 2\n" + GOOD, ["plan.toml: spread", "2", "from 0 to 1"]),
    "start": ('start = "soon"\n' + GOOD, ["plan.toml: start", "soon", "2026-01-05"]),
}


@pytest.fixture
def plan_file(tmp_path, monkeypatch):
    """Return a place for a plan, in a folder where results would be seen; no run may begin."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(study_output, "warm_up", lambda *_: pytest.fail("the runs began"))
    return tmp_path / "plan.toml"


@pytest.mark.parametrize("name", BAD)
def test_bad_plans_are_refused_before_anything_happens(call, plan_file, name):
    text, words = BAD[name]
    plan_file.write_text(text)
    code, printed, told = call("compare", plan_file, "--lang", "en")
    assert (code, printed) == (2, "")
    assert "Traceback" not in told
    for word in words:
        assert word in told
    assert [each.name for each in plan_file.parent.iterdir()] == ["plan.toml"]


OPTIONS = {
    "no plan": (["absent.toml"], ["absent.toml", "no such file"]),
    "out is a file": (["plan.toml", "--out", "plan.toml"], ["--out", "plan.toml", "this is a file", "new or empty folder"]),
    "out holds something other": (["plan.toml", "--out", "."], ["--out", "something other", "new or empty folder"]),
    "out in a file": (["plan.toml", "--out", "plan.toml/study"], ["--out", "plan.toml/study", "cannot be written"]),
    "points": (["plan.toml", "--points", "0"], ["--points", "0", "from 1"]),
    "one world": (["plan.toml", "--points", "1", "--worlds", "1"], ["worlds", "two or more"]),
    "threads": (["plan.toml", "--threads", "0"], ["--threads", "0", "from 1"]),
    "people": (["plan.toml", "--people", "3"], ["--people", "3", "from 50"]),
    "seed": (["plan.toml", "--seed", "-3"], ["--seed", "-3", "from 0"]),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_bad_options_are_refused_before_anything_happens(call, plan_file, name):
    plan_file.write_text(GOOD)
    arguments, words = OPTIONS[name]
    code, printed, told = call("compare", *arguments, "--lang", "en")
    assert (code, printed) == (2, "")
    for word in words:
        assert word in told
    assert [each.name for each in plan_file.parent.iterdir()] == ["plan.toml"]


def test_a_scenario_may_be_kinds_with_intensities_or_a_list_or_both():
    table = {
        "today": {},
        "a": {"raid": 0.5, "interventions": [{"kind": "mentoring", "from": 4}]},
        "b": {"interventions": {"raid": 1.0}},
    }
    found = plan_of(scenario=table).scenarios
    same = {"people": 120, "years": 1}
    assert found["a"] == Scenario(**same, interventions=[{"kind": "mentoring", "from": 4}, {"kind": "raid", "intensity": 0.5}])
    assert found["b"] == Scenario(**same, interventions={"raid": 1.0})
    assert found["today"] == Scenario(**same)


def test_parameters_of_a_scenario_stand_above_those_of_the_plan():
    table = {"today": {}, "no norms": {"parameters": {"norms.sanction": 0.0}}}
    plan = plan_of(scenario=table, parameters={"norms.sanction": 0.5, "trust.gain": 0.06})
    assert plan.scenarios["today"].parameters == {"norms.sanction": 0.5, "trust.gain": 0.06}
    assert plan.scenarios["no norms"].parameters == {"norms.sanction": 0.0, "trust.gain": 0.06}


def test_a_situation_holds_for_all_scenarios_or_for_one():
    table = {
        "today": {},
        "mentors": {"mentoring": 0.5},
        "closed": {"situation": "closed-families", "parameters": {"initialisation.ties": 0.3}},
    }
    plan = plan_of(scenario=table, situation="new-team", rival={"grown": {"initialisation.maturity": 0.3}})
    found = plan.scenarios
    assert found["today"] == Scenario(people=120, years=1, situation="new-team")
    assert [each.kind for each in found["mentors"].interventions] == ["frontline_team", "mentoring"]
    assert found["closed"].parameters["initialisation.ties"] == 0.3
    assert found["closed"].parameters["initialisation.closed"] == 0.012
    assert plan.all_scenarios["today under grown"].parameters == {"initialisation.maturity": 0.3, "initialisation.ties": 0.05}
    again = Plan.read(tomllib.loads(plan.asked().to_toml()))
    assert again.all_scenarios == plan.all_scenarios
    with pytest.raises(InputError, match="unknown situation"):
        plan_of(situation="new_team")
    with pytest.raises(InputError, match=r"scenario\.today"):
        plan_of(scenario={"today": {"situation": "new_team"}, "b": {}})


def test_a_plan_with_everything_filled_in_is_read_back_as_it_was():
    table = {**TABLE["scenario"], "no norms": {"parameters": {"norms": {"sanction": 0.0}}, "sirenelunch": 0.3}}
    plan = plan_of(scenario=table, parameters={"trust.gain": 0.06}).asked(seed=7)
    again = Plan.read(tomllib.loads(plan.to_toml()))
    assert again == plan
    assert again.scenarios == plan.scenarios
    assert again.to_toml() == plan.to_toml()
    written = tomllib.loads(plan.to_toml())
    assert (written["points"], written["worlds"], written["spread"], written["seed"]) == (6, 1, 0.5, 7)
    assert written["scenario"]["raid"]["interventions"][0]["share"] == 0.3


def test_for_other_people_the_question_is_the_same_per_head():
    table = {"today": {}, "youth": {"interventions": [{"kind": "youth_activities", "places": 8, "cost_per_year": 9_000}]}}
    plan = plan_of(scenario=table).asked(people=240)
    assert plan.scenarios["youth"].cost() == 18_000.0
    assert plan.compare.matters == 6.0
    level = plan_of(compare={"against": "today", "outcome": "unsafe", "matters": 2.0}).asked(people=240)
    assert level.compare.matters == 2.0


def test_the_better_way_is_known_for_most_outcomes():
    assert plan_of(compare={"against": "today", "outcome": "cohesion", "matters": 0.1}).compare.better == "higher"
    assert plan_of(compare={"against": "today", "outcome": "people", "matters": 5, "better": "higher"}).compare.better == "higher"


def test_a_title_makes_a_name_for_a_folder():
    assert plan_of(title="Jeugdhonk: écht beter?  (2027)").slug == "jeugdhonk-echt-beter-2027"
    assert plan_of(title="???").slug == "study"
    untitled = Plan.read({key: value for key, value in TABLE.items() if key != "title"})
    assert untitled.heading == "Today or youth or raid?"
    long = [plan_of(title="a very long question " * 9 + end).slug for end in ("(Here)", "(There)")]
    assert max(map(len, long)) <= 60 and long[0] != long[1]


def test_areas_of_two_files_with_one_code_have_folders_of_their_own(tmp_path):
    header = "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo\n"
    files = {name: tmp_path / f"{name}.csv" for name in ("mine", "yours", "copy")}
    for name, file in files.items():
        file.write_text(f"{header}BU1,Here,1000,200,150,250,250,{140 if name == 'yours' else 150}\n")
    mine, yours, copy = (plan_of(area="BU1", area_file=file).slug for file in files.values())
    assert mine == copy and mine != yours
    assert mine.startswith("a-small-question-")


def test_an_area_file_lies_beside_its_plan(tmp_path, monkeypatch):
    (tmp_path / "mine.csv").write_text(
        "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo\nBU1,Here,1000,200,150,250,250,150\n"
    )
    (tmp_path / "plan.toml").write_text('area = "BU1"\narea_file = "mine.csv"\n' + GOOD)
    monkeypatch.chdir(sys.prefix)
    plan = Plan.from_toml(tmp_path / "plan.toml")
    assert plan.scenarios["youth"].resolved_area().name == "Here"
    again = Plan.read(tomllib.loads(plan.to_toml()))  # the figures of the area came along
    assert again.area_file is None
    assert [each.key for each in again.scenarios.values()] == [each.key for each in plan.scenarios.values()]


def test_a_scenario_needs_no_table_of_its_own_kind():
    with pytest.raises(InputError, match="not a table"):
        Plan.read(["years"])


def test_a_question_moves_to_another_area_and_says_so():
    plan = plan_of()
    moved = plan.moved("overvecht")
    assert (moved.area, moved.scenarios["today"].resolved_area().name) == ("overvecht", "Overvecht")
    assert moved.heading.endswith("(Overvecht)") and moved.slug != plan.slug
    assert moved.scenario == plan.scenario
    with pytest.raises(InputError, match="nowhere"):
        plan.moved("nowhere")


def test_an_outcome_that_was_renamed_is_understood_with_a_warning():
    asked = {"against": "today", "outcome": "attachment", "matters": 0.1, "also": ["attachment"]}
    with pytest.warns(Renamed, match="attachment is called crime_hold now"):
        plan = plan_of(compare=asked, until={"outcome": "attachment", "half_width": 0.1})
    assert plan.question.outcome == plan.until.outcome == "crime_hold"
    assert plan.question.also == ("crime_hold",)
    assert plan.question.better == "lower"


def test_all_scenarios_share_the_rows_of_a_table_and_look_an_area_up_once(tmp_path, monkeypatch):
    ages = {f"a_{band}": "80" for band in ("00_14", "15_24", "25_44", "45_64", "65_oo")}
    rows = [{"gwb_code": f"BU{n}", "a_inw": "400", **ages} for n in range(3)]
    file = tmp_path / "own.csv"
    file.write_text("\n".join(",".join(each) for each in (rows[0], *(row.values() for row in rows))))
    asked, one = [], areas._one
    monkeypatch.setattr(areas, "_one", lambda name, *given: asked.append(name) or one(name, *given))
    scenarios = {f"s{n}": {"area": f"BU{n % 2}"} for n in range(20)}
    for given in ({"area_rows": rows}, {"area_file": file}):
        plan = Plan(area="BU0", scenario=scenarios, seed=1, **given)
        assert all(each.area_rows is plan.area_rows for each in plan.scenarios.values())
        assert [each.resolved_area().code for each in plan.scenarios.values()] == 10 * ["BU0", "BU1"]
        assert sorted(asked) == ["BU0", "BU1"]
        asked.clear()
