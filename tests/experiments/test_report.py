"""The report: whole in one file, in both languages, with the numbers of the study and nothing else."""

import base64
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.html import html
from kantelpunt.viz.report.tables import Tables
from kantelpunt.viz.report.wording import parameter_name, plan_name
from kantelpunt.viz.text import Text, flat, texts
from tests.experiments.toys import plan_of, study_of, toy

VOID = {"meta", "img", "br", "hr", "link"}


class Checked(HTMLParser):
    """A parser that complains about what is not closed, and remembers what is asked from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.asked, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.asked += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def study():
    return study_of(plan_of(points=40, worlds=2, title="Help & <harm>"), toy({"youth": -8.0, "raid": 6.0})).run(quiet=True)


@pytest.fixture(scope="module", params=["en", "nl"])
def page(request, study):
    return request.param, html(study, request.param)


def test_it_is_one_whole_file_that_asks_for_nothing(page):
    language, text = page
    parser = Checked()
    parser.feed(text)
    assert parser.open == []
    assert len(parser.asked) == 2
    for address in parser.asked:
        kind, data = address.split(",")
        assert kind == "data:image/svg+xml;base64"
        assert b"<svg" in base64.b64decode(data)
    assert "http" not in re.sub(r"data:image[^\"]*", "", text)
    assert f'<html lang="{language}">' in text
    assert "Help &amp; &lt;harm&gt;" in text


def test_it_says_what_the_study_says(page, study):
    language, text = page
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
    youth, raid = study.effects()
    better, worse = ("better", "worse") if language == "en" else ("beter", "slechter")
    assert f"youth {better}" in words.lower()
    assert f"{worse}" in words.lower()
    for each in (youth, raid):
        assert f"{abs(each.difference.mean):.1f}".replace(".", "." if language == "en" else ",") in words
    assert "0 of 40 futures" in words or "0 van de 40 toekomsten" in words
    assert "40 of 40 futures" in words or "40 van de 40 toekomsten" in words
    cost = study.plan.scenarios["youth"].cost()
    assert cost > 0
    assert "Hoeben" in words  # the sources of what is done
    assert str(study.plan.seed) in words


def test_no_sentence_is_left_in_the_other_language(page):
    language, text = page
    for other, words in (("en", (" geen ", " werelden", "voorspelling")), ("nl", (" worlds", "forecast", "Better"))):
        if language == other:
            assert not any(word in text for word in words)


def test_what_may_not_be_concluded_stands_in_it(study):
    text = unescape(html(study, "en"))
    for line in Answer(study, Text("en")).limits():
        assert line in text


def test_an_answer_says_which_of_its_measures_may_do_harm(study):
    for language, says in (("en", "Raid may do harm"), ("nl", "Inval kan schade doen")):
        limits = Answer(study, Text(language)).limits()
        assert [line.startswith(says) for line in limits].count(True) == 1
        assert sum(says[-12:] in line for line in limits) == 1  # youth activities, in the same study, are not feared


def test_both_languages_say_the_same_things():
    slots = re.compile(r"{(\w+)}")
    for key, text in texts("en").items():
        if key.startswith(("report.", "figure.", "limit.")):
            assert set(slots.findall(text)) == set(slots.findall(texts("nl")[key])), key
    assert dict(flat({"a": {"b": 1}})) == {"a.b": 1}


def test_a_study_without_an_answer_has_a_report_too():
    def work(job):
        raise RuntimeError("no")

    failed = study_of(work=work).run(quiet=True)
    assert "There is no answer" in html(failed, "en")


def test_a_report_is_written_where_asked_and_refused_elsewhere(call, study, tmp_path):
    code, printed, _ = call("report", study.folder, "--lang", "nl", "--out", tmp_path / "rapport.html")
    assert (code, printed.strip()) == (0, str(tmp_path / "rapport.html"))
    assert "Het antwoord" in (tmp_path / "rapport.html").read_text()
    assert call("report", study.folder, "--out", tmp_path)[0] == 2
    assert call("report", study.folder, "--lang", "fr")[0] == 2
    assert call("report", tmp_path / "absent")[0] == 2


@pytest.mark.parametrize("language", ["en", "nl"])
def test_assumptions_that_a_study_sets_or_hangs_on_stand_in_its_report(language):
    column = list(OUTCOMES).index("recruited")

    def work(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        history[1, column] = (job.name == "youth") * job.scenario.parameters["norms.example"]
        return history

    tables = {"today": {}, "youth": {"youth_activities": 1.0, "parameters": {"trust.gain": 0.05}}}
    plan = plan_of(points=30, parameters={"norms.sanction": 0.8}, scenario=tables)
    t = Text(language)
    rows = Tables(study_of(plan, work).run(quiet=True), t).assumed()[1:]
    youth = plan_name(t, "youth")
    reasons = {row[0].rpartition("(")[2].rstrip(")"): row[1] for row in rows}
    assert reasons["norms.sanction"] == t("report.is_set", value=0.8)
    assert reasons["trust.gain"] == t("report.is_set_in", plan=youth, value=0.05)
    assert reasons["norms.example"] == t("report.decides", plan=youth)
    assert all(row[0].lower().startswith(parameter_name(t, name).lower()) for row, name in zip(rows, reasons, strict=True))
