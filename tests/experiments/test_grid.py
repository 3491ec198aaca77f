"""A study as a grid: factors laid out as scenarios, a baseline in each block, several outcomes, outcomes of one's own."""

import json
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from kantelpunt.experiments.analysis.factor_effects import factor_effects
from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.statistics import Verdict
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES, formula, outcome_of
from kantelpunt.model.registry import quantities
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.html import html
from kantelpunt.viz.report.tables import Tables
from kantelpunt.viz.report.wording import plan_name
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, study_of

READY = BUILT_IN.parent / "order-and-dose.toml"
LEVEL = list(OUTCOMES).index("unsafe")
PACKAGES = {"today": {}, "youth": {"youth_activities": 1.0}, "raid": {"interventions": [{"kind": "raid", "from": 8}]}}
TABLE = {
    "people": 120,
    "years": 1,
    "points": 8,
    "worlds": 1,
    "compare": {"against": "today", "matters": 3.0},
    "factors": {"area": ["tilburg-noord", "overvecht"], "dose": [0.5, 1.0]},
    "package": PACKAGES,
}
AREA_WORTH = {"tilburg-noord": -10.0, "overvecht": 20.0}  # the effect of the full youth programme


def grid(**changes):
    return Plan.read({**TABLE, **changes})


def lived(job):
    """Return a history in which the youth programme helps in one area and harms in the other, by its dose; a raid is felt."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    luck = np.random.default_rng(job.seed).standard_normal()
    dose = sum(each.intensity for each in job.scenario.interventions if each.kind == "youth_activities")
    raids = any(each.kind == "raid" for each in job.scenario.interventions)
    history[1:, COLUMN] = (100.0 + luck + dose * AREA_WORTH[job.scenario.area]) / job.scenario.weeks
    history[:, LEVEL] = 0.5 + 0.2 * raids + 0.01 * np.arange(len(history))
    return history


@pytest.fixture(scope="module")
def study():
    question = {**TABLE["compare"], "deciding": [{"outcome": "unsafe", "matters": 0.05}]}
    return study_of(grid(compare=question), lived).run(quiet=True)


def test_each_choice_is_told_against_its_first_level_in_every_area(study):
    found = {
        (each.baseline, each.factor, str(each.level)): each
        for each in factor_effects(study)
        if each.effect.outcome == "recruited"
    }
    means = {key: (str(each.reference), each.effect.difference.mean, each.effect.verdict) for key, each in found.items()}
    assert means == {
        ("today (tilburg-noord)", "dose", "1.0"): ("0.5", pytest.approx(-2.5), Verdict.SAME),
        ("today (tilburg-noord)", "package", "raid"): ("youth", pytest.approx(7.5), Verdict.WORSE),
        ("today (overvecht)", "dose", "1.0"): ("0.5", pytest.approx(5.0), Verdict.WORSE),
        ("today (overvecht)", "package", "raid"): ("youth", pytest.approx(-15.0), Verdict.BETTER),
    }
    for language in ("nl", "en"):
        t = Text(language)
        rows = Tables(study, t).factors()
        assert len(rows) == 1 + 2 * len(found) and {len(row) for row in rows} == {6}
        row = next(each for each in rows if "overvecht" in each[0].lower() and t.named("factor", "dose", "") in each[2])
        assert "100 %" in row[2] and "50 %" in row[2] and row[-1] == t("verdict.worse")
        assert t("report.factors") in html(study, language) and t("report.factors") in Answer(study, t).page()


def test_a_choice_that_no_other_cell_shares_is_compared_with_nothing():
    plan = grid(
        factors=[{"area": "overvecht", "dose": 0.5, "package": "youth"}, {"area": "overvecht", "dose": 1.0, "package": "raid"}]
    )
    assert factor_effects(study_of(plan, lived).run(quiet=True)) == []


def test_of_many_plans_a_summary_counts_and_of_a_few_it_names_them():
    many = grid(factors={"area": ["tilburg-noord", "overvecht"], "dose": [0.2, 0.4, 0.6, 0.8]})
    for language in ("nl", "en"):
        t = Text(language)
        answer = Answer(study_of(many, lived).run(quiet=True), t)
        for base in many.blocks:  # every line names its area
            assert sum(plan_name(t, base) in line for line in answer.summary()) == 2
        assert sum("8 plan" in line for line in answer.summary()) == 2
        assert not any("2 plan" in line for line in Answer(study_of(grid(), lived).run(quiet=True), t).summary())


def test_lists_are_crossed_and_each_area_has_a_baseline_that_has_no_dose():
    plan = grid()
    assert list(plan.scenarios) == [
        f"{package} ({area})" for area in TABLE["factors"]["area"]
        for package in ("today", "youth 50%", "raid 50%", "youth 100%", "raid 100%")
    ]  # fmt: skip
    assert list(plan.blocks) == ["today (tilburg-noord)", "today (overvecht)"]
    assert plan.baseline("raid 50% (overvecht)") == "today (overvecht)"
    half = plan.scenarios["youth 50% (overvecht)"]
    assert (half.area, half.interventions[0].intensity) == ("overvecht", 0.5)
    assert plan.cells["raid 50% (overvecht)"] == {"area": "overvecht", "dose": 0.5, "package": "raid"}


@pytest.mark.parametrize(
    ("package", "told"),
    [
        ({"interventions": 0}, r"package\.youth\.interventions: .* \(got 0\)"),
        ({"interventions": date(2027, 1, 1)}, r"package\.youth\.interventions"),
        ({"parameters": 3}, r"package\.youth\.parameters"),
        ({"parameters": {"norms.sanction": 99}}, r"package\.youth\.parameters\.norms\.sanction: out of range"),
    ],
)  # fmt: skip
def test_a_package_that_holds_something_else_is_refused_with_its_place(package, told):
    with pytest.raises(InputError, match=told):
        grid(package={"today": {}, "youth": package})


def test_a_factor_goes_before_the_same_parameter_of_a_package_however_it_is_written():
    package = {"youth_activities": 1.0, "parameters": {"norms": {"sanction": 0.5}}}
    made = grid(factors={"norms.sanction": [0.3]}, package={"today": {}, "youth": package})
    assert {each.parameters["norms.sanction"] for each in made.scenarios.values()} == {0.3}


def test_a_date_moves_a_package_and_keeps_its_order():
    packages = {
        "today": {},
        "two": {"interventions": [{"kind": "raid", "from": 8}, {"kind": "youth_activities", "from": 4, "until": 20}]},
    }
    plan = grid(factors={"from": [date(2026, 3, 2), 12]}, package=packages)
    raid, youth = plan.scenarios["two 2026-03-02"].interventions
    assert (youth.from_, raid.from_, youth.until) == (date(2026, 3, 2), date(2026, 3, 30), date(2026, 6, 22))
    assert plan.scenarios["two week 12"].interventions[1].from_ == date(2026, 3, 30)


def test_a_latin_hypercube_has_every_stratum_once_and_a_baseline_for_every_parameter():
    plan = grid(factors={"norms": {"sanction": {"low": 0.2, "high": 0.8}}, "dose": {"low": 0.1, "high": 0.9}, "rows": 6})
    cells = pd.DataFrame(plan.cells.values())
    for name, low, high in (("norms.sanction", 0.2, 0.8), ("dose", 0.1, 0.9)):
        strata = ((cells[name].dropna().unique() - low) / (high - low) * 6).astype(int)
        assert sorted(strata) == list(range(6))
    assert len(plan.blocks) == 6 and all(len(some) == 2 for some in plan.blocks.values())
    for base, some in plan.blocks.items():
        assert {plan.scenarios[each].parameters["norms.sanction"] for each in (base, *some)} == {
            plan.cells[base]["norms.sanction"]
        }
    assert (
        grid(factors=TABLE["factors"] | {"dose": {"low": 0.1, "high": 0.9}}, seed=1).cells
        == grid(factors=TABLE["factors"] | {"dose": {"low": 0.1, "high": 0.9}}, seed=1).cells
    )


def test_combinations_may_be_listed():
    plan = grid(factors=[{"area": "overvecht", "package": "youth", "dose": 0.25}, {"area": "tilburg-noord", "package": "raid"}])
    assert plan.blocks == {"today (overvecht)": ["youth 25% (overvecht)"], "today (tilburg-noord)": ["raid (tilburg-noord)"]}


def test_a_grid_is_written_and_read_again_with_its_levels():
    plan = grid(factors=TABLE["factors"] | {"from": [date(2026, 3, 2)]}).asked()
    again = Plan.read(tomllib.loads(plan.to_toml()))
    assert (again.all_scenarios, again.cells, again.blocks) == (plan.all_scenarios, plan.cells, plan.blocks)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"factors": {"areas": ["x"]}}, "did you mean 'area'"),
        ({"factors": {"dose": [0.0]}}, r"factors.dose: out of range \(got 0.0\)"),
        ({"factors": {"dose": 0.5}}, "factors.dose: invalid levels"),
        ({"factors": {"dose": {"low": 0.9, "high": 0.1}}}, "the range is reversed"),
        ({"factors": {"dose": {"low": 0.9}}}, "invalid range"),
        ({"factors": {"area": {"low": 0, "high": 1}}}, "invalid range"),
        ({"factors": {"norms.sanction": [99.0]}}, "factors.norms.sanction: out of range"),
        ({"factors": {"package": ["youths"]}}, "did you mean 'youth'"),
        ({"factors": {"rows": 0}}, "not a whole number"),
        ({"factors": {"from": ["soon"]}}, "invalid date"),
        ({"factors": [3]}, "invalid factors"),
        ({"factors": {"dose": [float(n) / 10_000 for n in range(1, 3_000)]}}, "too many combinations"),
        ({"factors": {"area": ["nowhere"]}}, "unknown area"),
        ({"factors": {"dose": [2.0]}}, "intensity: out of range"),
        ({"package": {}}, "invalid packages"),
        ({"package": {**PACKAGES, "idle": {}}}, "package.idle: this package holds no measure"),
        ({"package": {**PACKAGES, "odd": 3}}, "package.odd: this is not a table"),
        ({"scenario": {"today": {}}}, "scenarios or factors, not both"),
        ({"compare": {"against": "now", "matters": 1.0}}, "compare.against: no such package"),
        ({"compare": {**TABLE["compare"], "deciding": [{"outcome": "recruited", "matters": 1.0}]}}, "decides already"),
        ({"compare": {**TABLE["compare"], "deciding": [{"outcome": "unsafe"}]}}, "this is missing"),
        ({"compare": {"against": ["today"], "matters": 1.0}}, "no such package"),
        ({"factors": {"dose": {"low": 0.1, "high": 0.9}, "rows": 10**12}}, "too many combinations"),
        ({"factors": {name: [each.low, each.high] for name, each in quantities().items()}}, "too many combinations"),
        ({"factors": [{"dose": 0.5}] * 20_000}, "too many combinations"),
        ({"factors": {"from": [10**12]}}, "from: invalid date"),
        ({"factors": {"dose": {"low": 0.1, "high": 0.9}}, "seed": "one"}, "seed: this is text"),
        ({"factors": {"dose": {"low": 0.1, "high": 0.9}}, "seed": -1}, "seed: out of range"),
        ({"rival": {f"r{i}": {"norms.sanction": 0.5} for i in range(2_000)}}, "too many scenarios"),
        ({"package": {**PACKAGES, "full": {"interventions": [{"kind": "raid"}] * 20_000}}}, "too many interventions"),
    ],
)  # fmt: skip
def test_a_factor_that_cannot_be_is_refused_with_its_place(changes, told):
    with pytest.raises(InputError, match=told):
        grid(**changes)


def test_a_grid_that_names_its_areas_is_not_moved_to_another():
    with pytest.raises(InputError, match="names its own areas"):
        grid().moved("overvecht")


def test_every_scenario_is_compared_in_its_own_area_and_holm_counts_all(study):
    found = {(each.outcome, each.scenario): each for each in study.effects()}
    assert len(found) == 2 * 8
    for area, worth in AREA_WORTH.items():
        for dose in (0.5, 1.0):
            each = found["recruited", f"youth {100 * dose:g}% ({area})"]
            assert each.difference.mean == pytest.approx(dose * worth)
            assert each.verdict == ("better" if worth < 0 else "worse")
    assert found["recruited", "raid 100% (overvecht)"].verdict == Verdict.SAME
    assert found["unsafe", "raid 100% (overvecht)"].verdict == "worse"
    assert (
        study.compare("recruited", against=study.plan.first, matters=3.0)["against"]["raid 50% (overvecht)"]
        == "today (overvecht)"
    )


def test_a_verdict_grows_more_careful_with_every_outcome_that_decides():
    rng = np.random.default_rng(3)
    noise = {point: rng.standard_normal(2) for point in range(8)}

    def faint(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        if job.scenario.interventions:
            history[1, COLUMN], history[:, LEVEL] = 1.0 + 0.9 * noise[job.point][0], 0.2 + noise[job.point][1]
        return history

    one = {"today": {}, "youth": {"youth_activities": 1.0}}
    asked = {"against": "today", "matters": 0.001}
    alone = study_of(grid(factors={}, package=one, compare=asked), faint).run(quiet=True).effects()[0]
    both = {**asked, "deciding": [{"outcome": "unsafe", "matters": 0.001}]}
    first, _ = study_of(grid(factors={}, package=one, compare=both), faint).run(quiet=True).effects()
    assert first.p_difference == pytest.approx(2.0 * alone.p_difference)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_answer_says_which_area_and_which_outcome_each_line_is_about(study, language):
    answer = Answer(study, Text(language))
    for card in answer.cards():
        assert any(area in card["name"] for area in AREA_WORTH) and ":" in card["name"]
    for line in answer.summary():
        assert ("(tilburg-noord)" in line) != ("(overvecht)" in line)
    assert {row[0] for row in answer.rows.numbers()[1:]} >= {card["name"] for card in answer.cards()}
    page = html(study, language)
    assert "Tilburg-Noord" in page and "Overvecht" in page
    json.dumps(answer.as_dict(), allow_nan=False)


def test_a_grid_is_resumed_and_grows_as_any_study(tmp_path):
    done = []

    def counted(job):
        done.append(job.run)
        return lived(job)

    small = grid(points=4)
    Study.of(small, tmp_path / "s", counted).run(quiet=True, shard="1/2")
    half = len(done)
    assert 0 < half < 40
    Study.open(tmp_path / "s", counted).run(quiet=True)
    assert len(done) == len(set(done)) == 4 * 10
    more = grid(points=4, package={**PACKAGES, "both": {"youth_activities": 1.0, "raid": 1.0}})
    Study.of(more, tmp_path / "s", counted).run(quiet=True)
    assert len(done) == len(set(done)) == 4 * 14


# outcomes of one's own


def test_a_formula_is_valued_over_the_weeks_that_it_names():
    study = study_of(grid(series=4), lived).run(quiet=True)
    weeks = study.plan.scenarios[study.plan.first].weeks
    whole, half = study.by_world("recruited"), study.by_world("recruited[0:24]")
    assert np.allclose(half, whole * 24 / weeks)
    assert np.allclose(study.by_world("recruited[24]"), half)
    assert np.allclose(study.by_world("2 * recruited - recruited[24] / 3"), 2 * whole - half / 3)
    level = 0.5 + 0.2 * np.array(["raid" in name for name in whole.columns])
    assert np.allclose(study.by_world("unsafe[24]"), level + 0.24)
    assert np.allclose(study.by_world("unsafe[0:8]"), level + 0.06)  # weeks 4 and 8 are kept
    assert study.by_world("recruited / (recruited - recruited)").isna().all(axis=None)
    (asked,) = {each.outcome for each in study.asking("recruited[0:24]", matters=1.0).effects()}
    assert asked == "recruited[0:24]"
    course = study.course("recruited - 2 * unsafe")
    last = course[course["week"] == weeks].groupby("scenario")["value"].mean()
    assert last["raid 100% (overvecht)"] == pytest.approx(whole["raid 100% (overvecht)"].mean() - 2 * (0.7 + 0.01 * weeks))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "text", ["recruited * 1e308 * 1e308", "recruited * 1" + "0" * 280, "recruited / 0", "recruited * 1e-320"]
)
def test_a_formula_that_nobody_can_count_with_is_answered_without_a_number_and_without_warnings(text):
    asked = study_of(grid(), lived).run(quiet=True).asking(text, better="lower", matters=1.0)
    values = asked.by_world(text)
    assert values.isna().all(axis=None) or not values.any(axis=None)
    assert {each.verdict for each in asked.effects()} <= {Verdict.UNKNOWN, Verdict.SAME}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("__import__('os').system('true')", "not allowed in a formula"), ("recruited ** 2", "not allowed"),
        ("recruits + 1", "did you mean 'recruited'"), ("recruited[1.5]", "invalid weeks"), ("recruited[8:4]", "invalid weeks"),
        ("recruited[0:8:2]", "invalid weeks"), ("1 + 2", "holds no outcome"), ("recruited +", "invalid formula"),
        ("(" * 400, "too long"), ("recruited.real + 1", "not allowed"), ("True + recruited", "not allowed"),
        ("(recruited + 1)[4]", "not allowed"), ("recruited[-1]", "invalid weeks"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_the_piece_that_is_wrong(text, told):
    with pytest.raises(InputError, match=told):
        grid(compare={"against": "today", "outcome": text, "better": "lower", "matters": 1.0})


def test_weeks_that_no_course_keeps_are_refused():
    study = study_of(grid(points=2, series=4), lived).run(quiet=True)
    with pytest.raises(InputError, match="the course of this week is not kept"):
        study.by_world("unsafe[25]")
    with pytest.raises(InputError, match="the course of this week is not kept"):
        study_of(grid(points=2, series=0), lived).run(quiet=True).by_world("unsafe[24]")


def test_a_formula_has_the_unit_of_its_outcomes_and_must_say_which_way_is_better():
    kept = outcome_of("recruited").unit.removesuffix("/week")
    assert outcome_of("recruited[0:52]") == outcome_of("recruited[0:52]")._replace(unit=kept, better="lower")
    assert [
        outcome_of(each).unit for each in ("recruited + 2 * recruited[8]", "recruited / recruited[8]", "recruited * unsafe")
    ] == [kept, "ratio", "formula"]
    assert formula("recruited+1").text == "recruited + 1"
    with pytest.raises(InputError, match="has no default direction"):
        grid(compare={"against": "today", "outcome": "recruited - unsafe", "matters": 1.0})


# files


def test_every_file_says_units_and_the_codebook_names_every_column(study):
    book = pd.read_csv(study.folder / "codebook.csv")
    for folder in ("runs", "series"):
        for part in (study.folder / folder).glob("*.parquet"):
            schema = pq.read_schema(part)
            assert schema.field("recruited").metadata[b"unit"].decode() == OUTCOMES["recruited"].unit
            assert set(schema.names) == set(book[book["file"] == folder]["column"])
    for name in ("plan", "points"):
        assert set(pq.read_schema(study.folder / f"{name}.parquet").names) == set(book[book["file"] == name]["column"])
    cells = pd.read_csv(study.folder / "scenarios.csv")
    assert set(cells["scenario"]) == set(study.plan.scenarios) and {"area", "dose", "package", "against"} <= set(cells)
    assert book.notna()[["file", "column", "unit", "meaning"]].all(axis=None)


def test_the_study_of_three_areas_is_one_plan_file():
    plan = Plan.from_toml(READY)
    assert len(plan.blocks) == 3 and all(len(some) == 4 * 3 for some in plan.blocks.values())
    assert plan.points * plan.worlds == 32


def test_its_small_version_answers_for_each_area(tmp_path):
    table = tomllib.loads(Path(READY).read_text())
    small = Plan.read({**table, "people": 120, "years": 4, "points": 6, "worlds": 1})
    found = study_of(small, lambda job: lived(job) if job.scenario.area in AREA_WORTH else np.ones((209, len(OUTCOMES))))
    found.run(quiet=True)
    assert {found.plan.baseline(each.scenario) for each in found.effects()} == set(small.blocks)
