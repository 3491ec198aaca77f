"""The words of an answer follow the numbers of toys in place of the model."""

import re

import numpy as np
import pytest

from kantelpunt.experiments.running import progress
from kantelpunt.experiments.study import until
from kantelpunt.viz.cli import study_output
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.text import Text
from tests.experiments.toys import plan_of, study_of, toy


def answer_of(effects, **changes):
    return Answer(study_of(plan_of(points=12, worlds=2, **changes), toy(effects)).run(quiet=True), Text("en"))


def told(answer):
    """Return the name with its verdict, and what is said of it, of every plan."""
    return [(f"{each['name']}: {each['verdict']}", f"{each['effect']} {each['money']}") for each in answer.cards()]


def test_words_follow_the_numbers():
    answer = answer_of({"youth": -8.0, "raid": 6.0})
    (youth, about_youth), (raid, about_raid) = told(answer)
    assert (youth, raid) == ("Youth: better", "Raid: worse")
    assert re.search(r"an estimated [78]\.\d fewer \(between 7\.\d and 8\.\d fewer\)", about_youth)
    assert "Better in all 24 worlds." in about_youth
    assert "for every youth kept out" in about_youth
    assert "No price for one youth kept out can be given" in about_raid
    known = {each.scenario: each for each in answer.effects}
    assert known["youth"].difference.mean == pytest.approx(-8.0, abs=0.3)
    assert known["youth"].correlation > 0.9


def test_a_name_with_markup_is_text_on_the_page():
    page = answer_of({"youth": -8.0}, title="<img src=x onerror=alert(1)> & 3 < 4").page()
    assert "&lt;img src=x" in page and "<img" not in page and "& 3 < 4" in page


def nearly(effect):
    """Return the answer of a study in which a youth programme makes about this difference, and luck of its own some."""

    def work(job):
        luck = 3.0 * np.random.default_rng(job.seed + 1).standard_normal() if job.name == "youth" else 0.0
        return toy({"youth": effect + luck})(job)

    return Answer(study_of(plan_of(points=12, worlds=2), work).run(quiet=True), Text("en"))


def test_the_summary_tells_what_matters_from_what_may_be_too_little():
    assert answer_of({"youth": -8.0, "raid": 6.0}).summary()[:2] == ["Better than “today”: Youth.", "Worse than “today”: Raid."]
    answer = nearly(-3.5)
    today = answer.study.by_world("recruited")["today"]
    low, mean, high = (f"{each:.0f}" for each in (today.quantile(0.05), today.mean(), today.quantile(0.95)))
    assert answer.summary()[-1].endswith(f"is {mean} on average; in nine of ten worlds {low} to {high}.")
    assert answer.summary()[0] == "Better than “today”, but perhaps by too little to matter: Youth."


def test_a_study_that_stops_short_of_its_precision_says_so():
    line = "before every difference was known to within ± 0.01"
    for half_width, short in ((0.01, True), (5.0, False)):
        asked = until("recruited", half_width=half_width, start=10, most=20)
        study = study_of(plan_of(points=20), toy({"youth": -8.0})).run(asked, quiet=True)
        assert any(line in each for each in Answer(study, Text("en")).limits()) == short


def test_a_difference_that_is_not_sure_to_matter_is_told_as_such():
    assert "may be too small to matter (less than 3)" in told(answer_of({"youth": -3.03}))[0][1]
    assert "The difference looks too small to matter (less than 3), but that is not sure" in told(nearly(-3.5))[0][1]
    assert "ny difference is too small to matter (less than 3)" in told(answer_of({"youth": -1.0}))[0][1]
    assert told(answer_of({}))[0][1].startswith("Makes no difference in any world")


def test_an_open_verdict_says_how_to_know_more():
    def work(job):
        return toy({"youth": 9.0 if job.point % 2 else -9.0})(job)

    undecided = Answer(study_of(plan_of(points=12), work).run(quiet=True), Text("en"))
    assert undecided.effects[0].verdict == "not known yet"
    assert "may help, do harm or change little" in told(undecided)[0][1]
    assert "--points 48" in undecided.more()
    few = Answer(study_of(plan_of(points=2), toy({"youth": -0.5})).run(quiet=True), Text("en"))
    assert "too few for a verdict" in told(few)[0][1]
    assert "--points 8" in few.more()
    assert answer_of({"youth": -8.0}).more() == ""


def test_the_answer_so_far_waits_for_some_pairs():
    few = study_of(plan_of(points=3), toy({"youth": -8.0})).run(quiet=True)
    assert progress.so_far(few) == ""
    many = study_of(plan_of(points=6), toy({"youth": -8.0})).run(quiet=True)
    assert progress.so_far(many).startswith("so far, recruited: youth -8.1 ± ")
    for language, start in (
        ("nl", "tot nu toe, jongeren die (weer) klusjes gaan doen voor een groep: youth -8,1 ± "),
        ("en", "so far"),
    ):
        assert progress.so_far(many, study_output.words(Text(language))).lower().startswith(start)


def test_limits_say_what_the_worlds_did_not_vary():
    assert any("intervals reflect luck alone" in line for line in answer_of({}, spread=0.0).limits())
    own = {"youth": {"interventions": [{"kind": "youth_activities", "cost_per_year": 9_000}]}, "today": {}}
    answer = answer_of({"youth": -5.0}, scenario=own)
    assert any("costs are those of your plan" in line for line in answer.limits())
    assert answer.as_dict()["effects"][0]["extra_cost"] == 9_000.0
    assert any("One comparison" in line for line in answer.limits())
