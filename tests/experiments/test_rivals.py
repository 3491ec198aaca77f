"""Rival choices in the model: the same question in the same worlds, under each of them."""

import json
import tomllib
from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from kantelpunt.experiments.analysis.loops import carried
from kantelpunt.experiments.analysis.rivals import under_usual, usual
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import asked_runs, parameters_of
from kantelpunt.experiments.provenance import Model
from kantelpunt.experiments.statistics import Verdict
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.front import front, robust
from kantelpunt.viz.report.html import html
from kantelpunt.viz.report.tables import Tables
from kantelpunt.viz.report.wording import rival_name
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of, study_of

SANCTION = quantities()["norms.sanction"]
RIVAL = {"norms_bind": {"norms.sanction": SANCTION.high}, "norms_do_not": {"norms.sanction": SANCTION.low}}


def turning(job):
    """Return a history in which a youth programme helps, or harms where the sanction of neighbours is strong."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    luck = np.random.default_rng(job.seed).standard_normal()
    sanction = job.scenario.parameters["norms.sanction"]
    history[1, COLUMN] = 40.0 + luck + job.name.startswith("youth") * (20.0 if sanction == SANCTION.high else -10.0)
    return history


def plan(**changes):
    two = {"today": {}, "youth": {"youth_activities": 1.0}}
    return plan_of(**{"points": 12, "spread": 0.1, "scenario": two, "rival": RIVAL, **changes})


@pytest.fixture(scope="module")
def study():
    return study_of(plan(), turning).run(quiet=True)


def test_a_rival_lives_in_the_same_worlds_and_stands_above_what_points_vary():
    asked = asked_runs(plan(), parameters_of(plan()), Model("model"))
    assert len(asked) == 12 * 2 * 3
    assert (asked.groupby(["point", "world"])["seed"].nunique() == 1).all()
    assert plan().all_scenarios["youth under norms_bind"].parameters == RIVAL["norms_bind"]
    assert list(plan().scenarios) == ["today", "youth"]


def test_its_effects_stand_beside_the_main_one_and_not_in_it(study):
    (main,) = study.effects()
    found = {name: some[0] for name, some in study.rivals().items()}
    assert main.verdict == "better" and main.worlds == 12
    assert (found["norms_bind"].verdict, found["norms_do_not"].verdict) == ("worse", "better")
    assert found["norms_bind"].difference.mean == pytest.approx(20.0)
    alone = study_of(plan(rival={}), turning).run(quiet=True)
    assert alone.effects() == [main]
    assert set(study.course()["scenario"]) == {"today", "youth"}


@pytest.mark.slow
def test_the_answer_and_the_report_say_so(study):
    answer = Answer(study, Text("en"))
    page = answer.page()
    assert Text("en")("report.rivals") in page and "norms bind" in page
    told = json.loads(json.dumps(answer.as_dict()))["rivals"]
    assert told["norms_bind"][0]["verdict"] == "worse"
    for language, word in (("nl", "slechter"), ("en", "worse")):
        t = Text(language)
        rows = Tables(study, t).rivals()
        assert [row[-1] for row in rows[1:]] == [t("verdict.better"), word, t("verdict.better")]
        assert t("report.rivals_text") in html(study, language)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_first_page_says_under_which_choices_a_verdict_holds(study, language):
    t = Text(language)
    answer = Answer(study, t)
    found = front(answer, {})
    (line,) = found.robust
    also = t("front.also", rivals="norms do not")
    turned = t("front.but", verdict=t("verdict.worse"), rivals="norms bind")
    assert also in line and turned in line and line.index(also) < line.index(turned)
    assert 1 <= len(found.reservations) <= 3 and len(found.cards) == 1
    people = next(iter(study.plan.scenarios.values())).n_people
    assert t("advice.costs_for", people=people) in found.reservations
    page = html(study, language)
    assert page.index(unescape(line)[:20]) < page.index(t("report.not_concluded"))
    many = [replace(effect, scenario=f"youth {i}") for effect in answer.effects for i in range(8)]
    there = {"norms_bind": [replace(each, verdict=Verdict.WORSE) for each in many[:6]] + many[6:]}
    assert robust(t, many, there, str) == [t("front.counted", rival="Norms bind", same=2, n=8, turned=6)]
    alone = study_of(plan(rival={}), turning).run(quiet=True)
    assert front(Answer(alone, t), {}).robust == [t("front.no_rivals")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_usual_rivals_cut_a_loop_each_and_are_named_after_it(language):
    asked = under_usual(plan(rival={}))
    assert asked.rival == usual() and under_usual(plan()).rival == RIVAL
    for name, values in usual().items():
        loop = carried()[name.removeprefix("without_")]
        assert values == loop.cut and getattr(loop, language) in rival_name(Text(language), name)
        assert asked.all_scenarios[f"youth under {name}"].parameters == values


def test_a_study_may_grow_by_a_rival_and_keeps_its_runs(tmp_path):
    before = study_of(plan(rival={}), turning, tmp_path / "s").run(quiet=True)
    lived = []

    def counted(job):
        lived.append(job.name)
        return turning(job)

    after = Study.of(plan(), tmp_path / "s", counted).run(quiet=True)
    assert len(lived) == 12 * 2 * 2 and all("under" in name for name in lived)
    assert after.effects() == before.effects()
    assert after.verify(6, work=turning)["same"].all()


@pytest.mark.parametrize(
    ("rival", "told"),
    [({"a": {}}, "changes nothing"), ({"a": 3}, "not parameters"), (3, "not rival choices"),
     ({"a": {"norms.x": 1}}, "unknown parameter"), ({"a": {"norms.sanction": 99}}, "out of range")],
)  # fmt: skip
def test_a_rival_that_cannot_be_is_refused_with_its_place(rival, told):
    with pytest.raises(InputError, match=told) as caught:
        plan(rival=rival)
    assert "rival" in str(caught.value)


def test_two_things_with_one_name_are_refused():
    scenario = {"today": {}, "today under norms_bind": {}, "youth": {}}
    with pytest.raises(InputError, match="duplicate name"):
        plan(scenario=scenario)


def test_a_plan_with_rivals_is_written_and_read_again():
    again = Plan.read(tomllib.loads(plan().asked().to_toml()))
    assert again.rival == RIVAL and again.all_scenarios == plan().all_scenarios
