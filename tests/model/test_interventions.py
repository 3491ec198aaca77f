"""Interventions: each is found, says what it moves and what it costs, and moves first what it says."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import get_args, get_type_hints

import numpy as np
import pytest
from annotated_types import Ge

from kantelpunt import model
from kantelpunt.model import registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import TINY, Circumstance, Evidence, Horizon, Intervention, Residents, build, catalogue, kinds
from kantelpunt.model.interventions.covenant import Covenant
from kantelpunt.model.interventions.incident import Incident
from kantelpunt.model.interventions.pact import Pact
from kantelpunt.model.interventions.raid import Raid
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.scenario import Scenario

ROOT = Path(__file__).parents[2]
KINDS = sorted(catalogue())
PEOPLE = Residents(2_000, 160, 300)
LINES = ("Who:", "When:", "Where:", "Reach:", "Effect:", "Cost:", "Sources:")
SEEDS = range(1, 9)


def test_they_are_all_there():
    asked = (
        "visible_presence youth_activities mentoring norms_dialogue person_centred legal_opportunities frontline_team "
        "reachable_municipality raid aftercare hot_spot_enforcement sirenelunch small_visible_actions debt_relief "
        "process_facilitator training_on_the_job intervention_professional quick_scan covenant family_approach "
        "place_improvement co_creation awareness backing systemic_working "
        "budget_cuts staff_turnover incident market_demand normalisation population_growth"
    )
    assert set(KINDS) >= set(asked.split())
    assert catalogue() is model.INTERVENTIONS


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_who_when_where_and_why(kind):
    text = catalogue()[kind].__doc__
    assert all(line in text for line in LINES)
    assert catalogue()[kind].MECHANISMS
    assert all(mechanism[0] == "M" and 1 <= int(mechanism[1:]) <= 105 for mechanism in catalogue()[kind].MECHANISMS)
    assert all(field.description for field in catalogue()[kind].model_fields.values() if field.default != kind)


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves_only_levers_that_rules_read(kind):
    asked = build({"kind": kind})
    moved = asked.levers(PEOPLE)
    assert moved.keys() - asked.QUALITIES
    for name, value in moved.items():
        lever = registry.levers()[name]
        assert lever.low <= value <= lever.high
        assert value != lever.neutral or name in asked.QUALITIES


@pytest.mark.parametrize("kind", KINDS)
def test_its_cost_follows_people_intensity_place_and_time(kind):
    horizon = Horizon(Scenario().start, 520)
    full = build({"kind": kind}).cost(PEOPLE, horizon)
    assert full == 0 if issubclass(catalogue()[kind], Circumstance) else full > 0
    assert build({"kind": kind, "intensity": 0.5}).cost(PEOPLE, horizon) == pytest.approx(full / 2)
    assert build({"kind": kind, "where": "north-west"}).cost(PEOPLE, horizon) == pytest.approx(full / 4)
    assert build({"kind": kind}).cost(PEOPLE.part(3.0), horizon) == pytest.approx(full * 3)
    if kind != "raid":
        assert build({"kind": kind, "until": 260}).cost(PEOPLE, horizon) == pytest.approx(full / 2)
    own = {"kind": kind, "cost_per_year": 90_000, "from": 52, "until": 260, "intensity": 0.5}
    assert build(own).cost(PEOPLE, horizon) == pytest.approx(0.5 * 90_000 * 4)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "places" in catalogue()[kind].model_fields])
def test_places_in_all_are_places_per_head(kind):
    full = build({"kind": kind})
    (lever,) = (name for name in full.levers(PEOPLE) if name.endswith("_places"))
    twenty = build({"kind": kind, "places": 20})
    forty = build({"kind": kind, "places": 40})
    assert forty.levers(PEOPLE)[lever] == pytest.approx(2 * twenty.levers(PEOPLE)[lever])
    assert forty.euros_per_year(PEOPLE) == pytest.approx(2 * twenty.euros_per_year(PEOPLE))
    same = 20 * full.levers(PEOPLE)[lever] / twenty.levers(PEOPLE)[lever]
    assert build({"kind": kind, "places": same}).euros_per_year(PEOPLE) == pytest.approx(full.euros_per_year(PEOPLE))
    assert np.isfinite(twenty.levers(Residents(0, 0, 0))[lever])


FULL_TIME = 1_400 / 52  # hours a week on foot or on cases that make one professional a year


@pytest.mark.parametrize(
    ("table", "euros"),  # a year, for 2,000 residents
    [
        ({"kind": "visible_presence", "hours": FULL_TIME, "actions": 0.0}, 2 * 85_000),
        ({"kind": "visible_presence", "hours": 0.0, "actions": 1.0}, 2 * 52 * 300),
        ({"kind": "hot_spot_enforcement", "hours": FULL_TIME}, 2 * 85_000),
        ({"kind": "frontline_team", "hours": FULL_TIME, "coaching": 0.0}, 2 * (1 + 0.1) * 85_000),
        ({"kind": "mentoring", "places": 28}, 2 * 85_000),
        ({"kind": "person_centred", "places": 16, "domains": 3}, 2 * 85_000 + 16 * 3 * 1_000),
        ({"kind": "legal_opportunities", "places": 5}, 5 * 6_000),
        ({"kind": "raid", "share": 0.6}, 2 * 2 * 50_000),
    ],
)
def test_it_costs_what_its_text_says(table, euros):
    assert build(table).euros_per_year(PEOPLE) == pytest.approx(euros)


def lowest(kind, name):
    """Return the least that may be asked for of one dose of a kind, or None where it has no bound or is no dose."""
    field = catalogue()[kind].model_fields[name]
    bounds = (bound.ge for bound in field.metadata if isinstance(bound, Ge))
    return next(bounds, None) if isinstance(field.default, float) and name not in Intervention.model_fields else None


NOT_IN_EUROS = {  # what is paid in work left undone, or by whom it is done anyway
    "visible_presence approach", "visible_presence rotation", "visible_presence hiring",
    "frontline_team share", "quick_scan time", "quick_scan workshops", "reorganisation dip", "reorganisation sharing",
    "reorganisation mandate",
}  # fmt: skip
DOSES = [
    (kind, name)
    for kind in KINDS
    if not issubclass(catalogue()[kind], Circumstance)
    for name in catalogue()[kind].model_fields
    if lowest(kind, name) is not None
    and build({"kind": kind, name: lowest(kind, name)}).levers(PEOPLE) != build({"kind": kind}).levers(PEOPLE)
]


@pytest.mark.parametrize(("kind", "name"), DOSES, ids=[f"{kind} {name}" for kind, name in DOSES])
def test_the_least_that_may_be_asked_for_costs_less(kind, name):
    full, least = (build({"kind": kind, **dose}).euros_per_year(PEOPLE) for dose in ({}, {name: lowest(kind, name)}))
    assert least == full if f"{kind} {name}" in NOT_IN_EUROS else least < full


def test_partners_commit_less_in_every_quarter_without_results_and_more_again_with_them():
    pact, usual, better = Pact(), [10.0] * 13, [8.0] * 13
    fades = [pact.commitment(np.array(usual * quarters)) for quarters in (1, 2, 3)]
    assert fades == pytest.approx([1.0, 1.0 - pact.fading, (1.0 - pact.fading) ** 2])
    back = pact.commitment(np.array(usual * 2 + better))
    assert back == pytest.approx(1.0 - pact.fading * (1.0 - pact.fading))
    assert pact.commitment(np.array(usual + better * 3)) == 1.0


def test_a_pact_adds_the_hours_it_promises():
    staffing = Scenario(years=1, interventions=[{"kind": "pact", "extra": 0.2}]).levers()["staffing"]
    assert (staffing[1:] == 1.2).all()


def test_a_raid_comes_in_its_week_and_again_if_asked():
    horizon = Horizon(Scenario().start, 104)
    once = Raid(date=8, intensity=0.5)
    assert np.flatnonzero(once.profile(horizon)).tolist() == [9]
    assert once.profile(horizon)[9] == 0.5
    again = Raid(from_=10, until=60, every=26)
    assert np.flatnonzero(again.profile(horizon)).tolist() == [11, 37]
    assert again.cost(PEOPLE, horizon) == pytest.approx(2 * Raid().cost(PEOPLE, horizon))
    with pytest.raises(InputError, match="a raid outside its own dates"):
        Raid(date=70, from_=10, until=60).profile(horizon)


def test_a_covenant_waits_until_it_is_settled():
    share = Covenant(from_=4, set_up=26).profile(Horizon(Scenario().start, 104))
    assert np.flatnonzero(share)[0] == 5 + 26
    assert (share[31:] == 1.0).all()


@pytest.mark.parametrize("kind", [kind for kind in kinds() if not issubclass(kinds()[kind], Circumstance)])
def test_every_measure_says_how_well_it_is_known_to_work_and_by_which_source(kind):
    evidence = vars(kinds()[kind])["EVIDENCE"]  # of its own, not the one that it inherits
    assert evidence.standing in get_args(get_type_hints(Evidence)["standing"]) and evidence.source


def test_a_quick_scan_takes_time_first_and_helps_afterwards():
    levers = Scenario(years=1, interventions=[{"kind": "quick_scan", "time": 0.1}]).levers()
    assert (levers["staffing"][1:17] == 0.9).all() and (levers["staffing"][17:] == 1.0).all()
    assert (levers["diagnosis"][:17] == 0.0).all() and (levers["diagnosis"][17:] == 1.0).all()


def test_the_attention_for_an_incident_halves_and_halves():
    share = Incident(from_=2, half_life=8).profile(Horizon(Scenario().start, 52))
    assert share[[2, 3, 11, 19]] == pytest.approx([0.0, 1.0, 0.5, 0.25])


@cache
def history(kind, seed, with_it):
    """Return the weeks of the worked example of a kind, with it or without it."""
    example = catalogue()[kind].EXAMPLE
    tables = [table for table in example["interventions"] if with_it or table["kind"] != kind]
    return model.simulate(Scenario(**{**example, "interventions": tables}), seed=seed).weeks


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves_first_what_it_says(kind):
    outcome, way = catalogue()[kind].FIRST_ORDER
    assert outcome in OUTCOMES
    example = catalogue()[kind].EXAMPLE
    assert TINY.items() <= example.items()
    change = np.array([history(kind, seed, True)[outcome].mean() - history(kind, seed, False)[outcome].mean() for seed in SEEDS])
    gain = change if way == "up" else -change
    assert gain.mean() > 0
    assert (gain < 0).mean() <= 0.25


@pytest.mark.parametrize("kind", KINDS)
def test_without_intensity_nothing_changes(kind):
    small = {"people": 200, "years": 1}
    off = Scenario(**small, interventions=[{"kind": kind, "intensity": 0.0}])
    assert model.simulate(off, seed=3).digest == model.simulate(Scenario(**small), seed=3).digest


def test_a_facilitator_without_a_team_changes_nothing():
    small = {"people": 200, "years": 1}
    alone = Scenario(**small, interventions=[{"kind": "process_facilitator"}])
    assert model.simulate(alone, seed=3).digest == model.simulate(Scenario(**small), seed=3).digest


README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
NEW = dedent(README.split("here `summer_camp.py`")[1].split("rules already read:\n")[1].split("\nScenarios, the command line")[0])
FIND = """
import sys
import model.interventions
model.interventions.__path__.append(sys.argv[1])
from model import INTERVENTIONS, Scenario
camp = Scenario(interventions={"summer_camp": 0.5})
print("summer_camp" in INTERVENTIONS, camp.levers()["activity_places"][1, 0], camp.cost() > 0)
print(Scenario.from_toml(sys.argv[2]) == camp)
"""


def in_a_process_of_its_own(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_a_new_file_is_found_everywhere(tmp_path):
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "summer_camp.py").write_text(NEW)
    (tmp_path / "camp.toml").write_text('[[interventions]]\nkind = "summer_camp"\nintensity = 0.5\n')
    done = in_a_process_of_its_own(FIND, folder, tmp_path / "camp.toml")
    assert done.stdout.split() == ["True", "2.5", "True", "True"], done.stderr


def test_a_file_without_its_intervention_is_named(tmp_path):
    (tmp_path / "empty_promise.py").write_text('"""Nothing."""\n')
    done = in_a_process_of_its_own(FIND, tmp_path, "none.toml")
    assert "model/interventions/empty_promise.py must hold one intervention of kind 'empty_promise'" in done.stderr


def test_importing_the_model_imports_nothing_heavy():
    code = "import sys, model; print({'mesa', 'pandas', 'numba', 'numpy'} & set(sys.modules)); print(dir(model))"
    done = in_a_process_of_its_own(code)
    assert done.stdout.startswith("set()"), done.stderr
    assert all(name in done.stdout for name in model.__all__)


def test_the_public_names_are_what_they_say():
    assert model.Scenario is Scenario
    assert model.OUTCOMES == OUTCOMES
    assert registry.quantities() == model.QUANTITIES
    assert callable(model.simulate)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = model.nonsense
