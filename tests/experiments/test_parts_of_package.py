"""A package is taken apart: additive and interacting measures, intervals that cover, refusals."""

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import parts as parts_of
from kantelpunt.experiments.analysis.loops import carried
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report import decision_figures, decisions
from kantelpunt.viz.report.html import html
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of, study_of

PACKAGE = [{"kind": "youth_activities"}, {"kind": "visible_presence"}, {"kind": "raid"}]
LUCK = 3.0


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


def test_a_package_takes_no_more_runs_than_there_may_be():
    few = parts_of.package_of(whole_package(points=64), most=100)
    assert few.plan.points == 100 // 8 and parts_of.package_of(whole_package(points=64), most=1).plan.points == 8


def test_what_both_scenarios_do_is_no_part_and_a_situation_stays():
    scenario = {"today": {"raid": 0.5}, "all": {"interventions": [{"kind": "raid", "intensity": 0.5}, *PACKAGE[:2]]}}
    package = parts_of.package_of(plan_of(scenario=scenario, situation="new-team"))
    assert package.measures == ("youth_activities", "visible_presence")
    nothing, today = package.plan.scenarios["nothing"], plan_of(scenario=scenario, situation="new-team").scenarios["today"]
    assert (nothing.interventions, nothing.parameters) == (today.interventions, today.parameters)


def looping(job):
    """Return a history with 20 recruits more by the peer group, 10 more by the role model, and 8 fewer where both turn."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    set_to = job.scenario.parameters
    peers = set_to.get("encounters.friends", 1.0) > 0.0
    models = set_to.get("prospects.show", 1.0) > 0.0
    luck = np.random.default_rng(job.seed).standard_normal()
    history[1, COLUMN] = 50.0 + LUCK * luck + 20.0 * peers + 10.0 * models - 8.0 * (peers and models)
    return history


@pytest.mark.parametrize("language", ["nl", "en"])
def test_loops_are_taken_apart_as_measures_are(language):
    package = parts_of.loops_of(whole_package(), ["R6", "R7"])
    assert package.plan.scenarios["nothing"].parameters == carried()["R6"].cut | carried()["R7"].cut
    assert not package.plan.scenarios["parts 1+2"].parameters and not package.plan.scenarios["nothing"].interventions
    study = study_of(package.plan, looping).run(quiet=True)
    table = parts_of.parts(study, package.measures)
    assert table["gain"].to_dict() == pytest.approx({"R6": -16.0, "R7": -6.0, "R6 x R7": 8.0, "package": -22.0})
    t = Text(language)
    (section,) = decisions.section("parts", decisions.parts_told(package, table), study, t)
    assert section.title == t("parts.loops_title") and getattr(carried()["R6"], language) in " ".join(section.lines).lower()


@pytest.mark.parametrize(
    ("ids", "of", "told"),
    [(["R6"], None, "cannot be taken apart"), (["R6", "R99"], None, "unknown loop"), (["R6", "R10"], None, "R10"),
     (["R6", "R7"], "nobody", "no such scenario")],
)  # fmt: skip
def test_loops_that_cannot_be_taken_apart_are_refused(ids, of, told):
    with pytest.raises(InputError, match=told):
        parts_of.loops_of(whole_package(), ids, of)


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
