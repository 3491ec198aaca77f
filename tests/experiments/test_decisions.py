"""Analyses that help to decide, each held to a case whose answer is known: worth, parts, best."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from kantelpunt.experiments.analysis import best as best_of
from kantelpunt.experiments.analysis import parts as parts_of
from kantelpunt.experiments.analysis import worth as worth_of
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities
from kantelpunt.viz.report import decision_figures, decisions
from kantelpunt.viz.report.advice import advice
from kantelpunt.viz.report.html import html
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of, study_of

SANCTION = quantities()["norms.sanction"]
LUCK = 3.0
PACKAGE = [{"kind": "youth_activities"}, {"kind": "visible_presence"}, {"kind": "raid"}]


def knowing(mean, spread):
    """Return in closed form what it wins to know a normal benefit before one takes it or leaves it."""
    return mean * norm.cdf(mean / spread) + spread * norm.pdf(mean / spread) - max(0.0, mean)


def linear(n, slope, noise, mean, seed, k=1):
    """Return k normal numbers at n points, and two plans: one that does nothing, one whose benefit is linear in the first."""
    rng = np.random.default_rng(seed)
    numbers = rng.standard_normal((n, k))
    benefit = mean + slope * numbers[:, 0] + noise * rng.standard_normal(n)
    return numbers, pd.DataFrame({"today": np.zeros(n), "plan": benefit})


def found(benefit, inputs, surveys=(), seed=1):
    """Return the table of what finding out is worth."""
    kinds = {name: "number" if np.ndim(each) == 1 else "group" for name, each in inputs.items()}
    shown = {(name, kinds[name]): np.reshape(each, (len(benefit), -1)) for name, each in inputs.items()}
    return worth_of.valued(benefit, "today", shown, dict(surveys), False, seed).table


# worth


def test_knowing_a_number_is_worth_what_the_closed_form_says():
    values, covered = [], []
    for seed in range(10):
        numbers, benefit = linear(400, 1.0, 2.0, 0.5, seed)
        row = found(benefit, {"x": numbers[:, 0]}, seed=seed).loc["x"]
        values.append(row["value"])
        covered.append(row["low"] <= knowing(0.5, 1.0) <= row["high"])
        assert row["counts"]
    assert np.mean(values) == pytest.approx(knowing(0.5, 1.0), abs=0.06)  # four standard errors of ten
    assert np.sum(covered) >= 7  # fewer of ten happens once in a thousand times


def test_a_survey_is_worth_what_its_error_leaves_and_less_than_knowing():
    numbers, benefit = linear(4_000, 1.0, 0.5, 0.5, 3)
    survey = worth_of.Survey("x", asked=100, spread=10.0)
    table = found(benefit, {"y": numbers[:, 0]}, {survey: numbers[:, 0]})
    assert survey.error == 1.0
    left = 1.0 / math.sqrt(1.0 + survey.error**2)  # spread of what one expects after the survey
    assert table.loc["x", "value"] == pytest.approx(knowing(0.5, left), abs=0.03)
    assert table.loc["y", "value"] == pytest.approx(knowing(0.5, 1.0), abs=0.03)


def test_noise_alone_is_worth_nothing_and_is_seldom_said_to_count():
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        benefit = pd.DataFrame({"today": np.zeros(100), "plan": rng.standard_normal(100)})
        table = found(benefit, {f"x{i}": rng.standard_normal(100) for i in range(5)}, seed=seed)
        wrong += bool(table["counts"].any())
    assert wrong <= 6  # 2 expected; more than 6 of 40 happens once in 200 times


def test_knowing_a_number_that_changes_no_choice_is_worth_nothing():
    numbers, benefit = linear(400, 1.0, 0.5, 20.0, 1)
    row = found(benefit, {"x": numbers[:, 0]}).loc["x"]
    assert row["value"] == pytest.approx(0.0, abs=1e-9) and not row["counts"]


def test_two_numbers_that_work_together_are_worth_what_nested_draws_say():
    def benefit_of(a, b):
        return 0.2 + 1.5 * a * b + 0.5 * a

    rng = np.random.default_rng(5)
    outer, inner = rng.standard_normal((2, 200_000)), rng.standard_normal((2_000, 500))
    both = np.maximum(benefit_of(*outer), 0.0).mean() - 0.2
    one = np.maximum(benefit_of(inner[:, :1], rng.standard_normal((2_000, 500))).mean(axis=1), 0.0).mean() - 0.2
    numbers = rng.standard_normal((2_000, 2))
    benefit = pd.DataFrame({"today": np.zeros(2_000), "plan": benefit_of(*numbers.T) + 0.5 * rng.standard_normal(2_000)})
    table = found(benefit, {"a": numbers[:, 0], "both": numbers})
    assert table.loc["both", "value"] == pytest.approx(both, rel=0.08)
    assert table.loc["a", "value"] == pytest.approx(one, abs=0.04)


def turning(job):
    """Return a history in which a plan helps where the sanction of neighbours is strong, and harms where it is weak."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    at = (job.scenario.parameters["norms.sanction"] - SANCTION.default) / (SANCTION.high - SANCTION.low)
    history[1, COLUMN] = 100.0 + np.random.default_rng(job.seed).standard_normal() - 60.0 * at * (job.name == "youth")
    return history


@pytest.fixture(scope="module")
def study():
    two = {"today": {}, "youth": {"youth_activities": 1.0}}
    vary = ["norms.sanction", "trust.gain", "trust.bad_weight"]
    return study_of(plan_of(points=60, spread=1.0, vary=vary, scenario=two), turning).run(quiet=True)


def test_a_study_tells_what_to_find_out_and_what_not(study):
    (block,) = worth_of.worth(study)
    assert block.table["value"].idxmax() in ("norms.sanction",)
    assert block.table.loc["norms.sanction", "counts"] and not block.table.loc["trust.gain", "counts"]
    assert "trust" in block.table.index and block.table.loc["trust", "kind"] == "group"
    (euros,) = worth_of.worth(study, value=1_000.0)
    cost = study.extra_cost("youth")
    assert cost > 0.0 and euros.gain <= max(0.0, 1_000.0 * block.gain) and euros.euros


@pytest.mark.parametrize(
    ("how", "told"),
    [({"value": 0.0}, "value: out of range"), ({"groups": {"g": ["norms.x"]}}, "does not vary"),
     ({"surveys": [worth_of.Survey("trusts", 10)]}, "unknown outcome"),
     ({"surveys": [worth_of.Survey("unsafe", 0)]}, "no survey")],
)  # fmt: skip
def test_what_cannot_be_found_out_is_refused(study, how, told):
    with pytest.raises(InputError, match=told):
        worth_of.worth(study, **how)


def test_too_few_points_are_refused():
    few = study_of(plan_of(points=4, vary=["norms.sanction"]), turning).run(quiet=True)
    with pytest.raises(InputError, match="too few points"):
        worth_of.worth(few)


def test_the_command_says_it_in_words_and_the_report_has_it(study, call):
    code, out, err = call("worth", study.folder, "--survey", "unsafe[52]:200", "--lang", "en", "--json")
    assert code == 0, err
    told = json.loads(out)["worth"]
    assert told[0]["rows"][0]["name"] in ("norms.sanction", "norms")
    assert {"worth.json", "worth.csv", "worth.png"} <= {each.name for each in study.folder.iterdir()}
    for language in ("nl", "en"):
        t = Text(language)
        (section,) = decisions.sections(study, t)
        assert t("worth.title") in html(study, language) and len(section.rows) > 3
        assert any(t("worth.counts", what="", value="", unit="", low="", high="")[:9] in line for line in section.lines)
    code, _, err = call("worth", study.folder, "--survey", "unsafe")
    assert code == 2 and "unsafe" in err


# parts


def packed(worths, pairs=None):
    """Return a history whose youths are fewer by what each measure, and each pair of them, is worth."""

    def lived(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        kinds = {each.kind for each in job.scenario.interventions}
        won = sum(worths.get(kind, 0.0) for kind in kinds)
        won += sum(value for pair, value in (pairs or {}).items() if set(pair) <= kinds)
        luck = np.random.default_rng(job.seed).standard_normal(2)
        history[1, COLUMN] = 200.0 + LUCK * luck[0] - won * (1.0 + 0.1 * luck[1])
        return history

    return lived


def whole_package(points=12, **changes):
    return plan_of(points=points, vary=["norms.sanction"], scenario={"today": {}, "all": {"interventions": PACKAGE}}, **changes)


def taken_apart(work):
    package = parts_of.package_of(whole_package())
    study = study_of(package.plan, work).run(quiet=True)
    return package, study, parts_of.parts(study, package.measures)


def test_the_parts_of_an_additive_package_are_what_each_does():
    package, study, table = taken_apart(packed({"youth_activities": 10.0, "visible_presence": 4.0, "raid": -2.0}))
    assert package.scenario == "all" and len(study.plan.scenarios) == 8
    shares = table[table["kind"] == "measure"]["gain"]
    scale = table.loc["package", "gain"] / 12.0  # luck of these worlds makes all of it larger or smaller alike
    assert shares.to_dict() == pytest.approx({"youth_activities": 10 * scale, "visible_presence": 4 * scale, "raid": -2 * scale})
    assert shares.sum() == pytest.approx(table.loc["package", "gain"])
    assert table[table["kind"] == "measure"]["counts"].all() and not table[table["kind"] == "pair"]["counts"].any()
    assert np.allclose(table[table["kind"] == "pair"]["gain"], 0.0)


def test_measures_that_only_work_alone_have_no_share_and_a_negative_interaction():
    pair = ("youth_activities", "visible_presence")
    _, _, table = taken_apart(packed(dict.fromkeys(pair, 8.0), {pair: -16.0}))
    assert np.allclose(table.loc[list(pair), "gain"], 0.0) and not table.loc[list(pair), "counts"].any()
    scale = -table.loc["youth_activities x visible_presence", "gain"] / 16.0
    assert scale == pytest.approx(1.0, abs=0.15)
    assert table[table["kind"] == "pair"]["counts"].sum() == 1


def test_each_interval_of_a_part_covers_the_truth_as_often_as_it_says():
    rng, hits = np.random.default_rng(8), []
    for _ in range(200):
        effects = rng.normal([5.0, 2.0], 2.0, (10, 2))
        index = pd.MultiIndex.from_product([range(10), [0]], names=["point", "world"])
        value = {subset: pd.Series(effects[:, list(subset)].sum(axis=1), index) for subset in parts_of.subsets(2)}
        row = parts_of.row_of("a", "measure", parts_of.shapley(value, 0, 2), 0.0)
        hits.append(row["low"] <= 5.0 <= row["high"])
    assert 0.90 <= np.mean(hits) <= 0.99


@pytest.mark.parametrize(
    ("scenario", "of", "told"),
    [({"today": {}, "one": {"raid": 1.0}}, None, "cannot be taken apart"),
     ({"today": {}, "all": {"interventions": PACKAGE}}, "al", "no such scenario"),
     ({"today": {}, "all": {"interventions": PACKAGE}}, "today", "no such scenario")],
)  # fmt: skip
def test_what_cannot_be_taken_apart_is_refused(scenario, of, told):
    with pytest.raises(InputError, match=told):
        parts_of.package_of(plan_of(scenario=scenario), of)


def test_what_both_scenarios_do_is_no_part_and_a_situation_stays():
    scenario = {"today": {"raid": 0.5}, "all": {"interventions": [{"kind": "raid", "intensity": 0.5}, *PACKAGE[:2]]}}
    package = parts_of.package_of(plan_of(scenario=scenario, situation="new-team"))
    assert package.measures == ("youth_activities", "visible_presence")
    nothing, today = package.plan.scenarios["nothing"], plan_of(scenario=scenario, situation="new-team").scenarios["today"]
    assert (nothing.interventions, nothing.parameters) == (today.interventions, today.parameters)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_parts_are_told_in_words_and_drawn(language, tmp_path):
    pair = ("youth_activities", "visible_presence")
    package, study, table = taken_apart(packed({"youth_activities": 10.0, "raid": -6.0}, {pair: 9.0}))
    told = decisions.parts_told(package, table)
    decisions.keep(study, "parts", told)
    (section,) = decisions.sections(study, Text(language))
    t = Text(language)
    report = html(study, language)
    assert t("parts.title") in report and report.count("<figure>") == 3  # the waterfall, and those of every study
    assert any(t("intervention.raid").casefold() in line.casefold() for line in section.lines)
    assert len(section.rows) == 1 + 3 + 3 + 1
    figure = decision_figures.drawn(section, study, t)
    assert len(figure.axes[0].patches) == 4


# best


def money():
    """Return a plan of three measures that cost 100, 200 and 400 thousand euros a year in full."""
    costs = {"youth_activities": 100_000.0, "visible_presence": 200_000.0, "mentoring": 400_000.0}
    measures = [{"kind": kind, "cost_per_year": cost} for kind, cost in costs.items()]
    return plan_of(points=6, vary=["norms.sanction"], scenario={"today": {}, "all": {"interventions": measures}})


WORTH = {"youth_activities": 10.0, "visible_presence": 40.0}


def bought(job):
    """Return a history in which each euro of presence wins twice as much as one of youth work, and a third measure nothing."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    won = sum(WORTH.get(each.kind, 0.0) * each.intensity for each in job.scenario.interventions)
    luck = np.random.default_rng(job.seed).standard_normal(2)
    history[1, COLUMN] = 200.0 + LUCK * luck[0] - won * (1.0 + 0.2 * luck[1])
    return history


@pytest.fixture(scope="module")
def race(tmp_path_factory):
    return best_of.race(money(), 250_000.0, tmp_path_factory.mktemp("race") / "r", n=24, fresh=12, work=bought)


def test_the_best_package_of_a_known_front_wins(race):
    best = race.front.loc[race.winner]
    assert dict(best[["visible_presence", "youth_activities"]]) == {"visible_presence": 1.0, "youth_activities": 0.5}
    assert best["cost"] == pytest.approx(250_000.0) and best["on_front"]
    assert best["gain"] == pytest.approx(45.0, abs=6.0) and best["low"] <= best["gain"] <= best["high"]
    assert race.beats.loc["equal parts", "verdict"] == "better" and race.beats.loc["today", "verdict"] == "better"
    assert (race.front["cost"] <= 250_000.0 + 1e-6).all()


def test_a_race_is_explained_beside_its_last_judgement(tmp_path):
    """The winner is taken apart in few runs, and its report tells what carries it after what is best."""
    found = best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=30, work=bought)
    study = Study.open(found.folder / "fresh", bought)
    told = {
        "best": decisions.best_told(found, 250_000.0),
        **dict(decisions.explained(study, found, lambda some: some.run(quiet=True))),
    }
    for kind, one in told.items():
        decisions.keep(study, kind, one)
    assert [each.kind for each in decisions.sections(study, Text("en"))] == ["best", "parts", "worth"]
    told = json.loads((study.folder / "parts.json").read_text())
    share = {row["part"]: row["gain"] for row in told["rows"]}
    assert share["visible_presence"] == pytest.approx(40.0, abs=6.0) and share["youth_activities"] == pytest.approx(5.0, abs=2.0)
    report = html(study, "nl").casefold()
    assert Text("nl")("best.equal_parts").casefold() in report and "equal parts" not in report and "only visible" not in report
    assert report.index(Text("nl")("advice.title").casefold()) < report.index(Text("nl")("report.question").casefold())
    few = parts_of.package_of(whole_package(points=64), most=100)
    assert few.plan.points == 100 // 8 and parts_of.package_of(whole_package(points=64), most=1).plan.points == 8


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_of_a_race_opens_with_what_to_do_and_its_price(race, language):
    """It tells what to buy and what each part costs; that nothing is seen to help; and the rival, where a rival won."""
    study, t = Study.open(race.folder / "fresh", bought), Text(language)
    told = decisions.best_told(race, 250_000.0)
    found = advice(study, t, {"best": told})
    assert found.headline == t("advice.do", cost=t.euros(250_000.0))
    assert len(found.steps) == 2 and t("advice.full") in found.steps[1] and t.euros(200_000.0) in found.steps[1]
    assert any(t.euros(250_000.0 * study.plan.years) in line for line in found.lines) and len(found.reservations) <= 3
    nothing = {**told, "front": [{**row, "low": -1.0} for row in told["front"]]}
    assert advice(study, t, {"best": nothing}).headline.startswith(t("advice.nothing_sure", cost="", budget="").split()[0])
    rival = next(row["name"] for row in told["front"] if row["name"] != told["winner"])
    lost = {**told, "beats": [{**row, "verdict": "worse"} if row["plan"] == rival else row for row in told["beats"]]}
    cost = next(row["cost"] for row in told["front"] if row["name"] == rival)
    assert t.euros(cost) in advice(study, t, {"best": lost}).headline


def test_the_worlds_that_judge_are_none_of_those_that_chose(race):
    seeds = {each.name: set(Study.open(each, bought).asked["seed"]) for each in race.folder.iterdir()}
    fresh = seeds.pop("fresh")
    assert len(seeds) == len(best_of.rounds(race.candidates)) and not any(fresh & some for some in seeds.values())


def test_the_winner_of_a_race_of_equals_is_not_believed():
    """Where no candidate does anything, the chosen mean lies above nothing, and fresh worlds say so."""
    rng, curses, said = np.random.default_rng(4), [], 0
    for _ in range(24):
        first, fresh = rng.standard_normal((2, 16, 12))
        winner = first.mean(axis=1).argmax()
        here = pd.DataFrame(fresh.T, columns=[f"c{i}" for i in range(16)])[[f"c{(winner + i) % 16}" for i in range(3)]]
        here.index = pd.MultiIndex.from_product([range(12), [0]], names=["point", "world"])
        table = best_of.beaten(here.assign(today=0.0), f"c{winner}")
        curses.append(first[winner].mean() - fresh[winner].mean())
        said += table.loc["today", "verdict"] == "better"
    assert np.mean(curses) > 0.3
    assert said <= 3


def test_a_race_goes_on_where_it_stopped(tmp_path):
    lived = []

    def counted(job):
        lived.append(job.run)
        return bought(job)

    stopped = []

    def once(study):
        if len(stopped) == 1:
            raise KeyboardInterrupt
        stopped.append(study.folder.name)
        study.run(quiet=True)

    with pytest.raises(KeyboardInterrupt):
        best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=6, work=counted, run=once)
    first = len(lived)
    again = best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=6, work=counted)
    assert first > 0 and len(lived) == len(set(lived)) and again.candidates == 12


def test_a_front_holds_what_nothing_else_exceeds():
    scores = np.array([[1.0, 1.0], [2.0, 0.0], [0.5, 0.5], [2.0, 0.0], [0.0, 3.0]])
    assert best_of.undominated(scores).tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("plan", "budget", "told"),
    [(money, 0.0, "--budget: out of range"), (money, 1_000.0, "nothing fits this budget"),
     (lambda: plan_of(scenario={"today": {}, "idle": {}}), 1e5, "cannot race")],
)  # fmt: skip
def test_a_race_that_cannot_be_is_refused(tmp_path, plan, budget, told):
    with pytest.raises(InputError, match=told):
        best_of.race(plan(), budget, tmp_path / "r", work=bought)
