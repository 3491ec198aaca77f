"""Names of scenarios as odd as a plan allows come out as they were written, on every way out; what nobody can read is refused."""

import csv
import json

import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.running.store import MARK
from kantelpunt.model.errors import InputError
from kantelpunt.viz.cli import analyses
from kantelpunt.viz.cli.study_output import tell
from kantelpunt.viz.text import Text
from tests.experiments.toys import plan_of, study_of, toy

ODD = ("[red]loud[/red]", "<b>bold</b>", "\\frac{1}", "=1+1", "100% & more", "{0}", "../up", "a|b", "Zoë 🌊", "n" * 100)
HIDDEN = ("", " ", "_", "\u200b", "\x1b[31mred", "two\nlines", "tab\t", "\x9b31m", "\u202eturned", "n" * 101)
TWINS = (
    ("today", "Today"), ("today", "today "), ("no one", "no_one"), ("no one", "no  one"), ("café", "cafe\u0301"),
    ("straße", "STRASSE"),    ("ﬁne", "fine"), ("a\u200bb", "ab"),
)  # fmt: skip


def told(study, capsys):
    """Return what the answer of a study prints."""
    tell(study, False, "en")
    return capsys.readouterr().out


def answer(study):
    """Return the answer that was written for machines."""
    return json.loads((study.folder / "answer.json").read_text())


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_a_name_on_every_way_out(name, capsys):
    plan = plan_of(title=f"Better: {name}?", points=4, scenario={"today": {}, name: {"raid": 1.0}})
    study = study_of(plan, toy({name: -8.0})).run(quiet=True)
    there = sorted(each.name for each in study.folder.parent.iterdir())
    words = " ".join(told(study, capsys).split())
    assert name[1:] in words.replace(" ", "") or name[1:] in words  # with a capital; a long one is broken over lines
    assert answer(study)["effects"][0]["scenario"] == name
    assert sorted(each.name for each in study.folder.parent.iterdir()) == there  # no name leads out of the folder
    page = (study.folder / "report.html").read_text(encoding="utf-8")
    assert "<b>bold" not in page
    assert Study.open(study.folder).plan.scenarios.keys() == {"today", name}
    assert name in Plan.from_toml(study.folder / MARK).scenario


def test_a_name_of_markup_stays_a_word_in_tables(capsys):
    plan = plan_of(points=4, scenario={"today": {}, "[bold]x[/bold]": {}})
    study = study_of(plan, toy({})).run(quiet=True)
    table = study.outcomes.set_index("scenario")[["recruited"]]
    analyses.show_table(table, "[red]title[/red]", False, Text("en"))
    printed = capsys.readouterr().out
    assert "[bold]x[/bold]" in printed and "[red]title[/red]" in printed
    rows = list(csv.reader(table.to_csv().splitlines()))
    assert {row[0] for row in rows[1:]} == {"today", "[bold]x[/bold]"}


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("part", ["scenario", "rival"])
def test_a_name_that_nobody_can_read_is_refused(part, name):
    with pytest.raises(InputError) as caught:
        plan_of(**{part: {**plan_of().scenario, name: {"raid": 1.0}} if part == "scenario" else {name: {"norms.sanction": 0.4}}})
    assert caught.value.place == part
    assert "\x1b" not in str(caught.value) and "\n" not in str(caught.value).replace("\nallowed", "")


@pytest.mark.parametrize(("name", "twin"), TWINS)
@pytest.mark.parametrize("part", ["scenario", "rival"])
def test_two_names_that_people_or_disks_take_for_one_are_refused(part, name, twin):
    tables = {name: {"norms.sanction": 0.4}, twin: {"norms.sanction": 0.5}}
    if part == "scenario":
        tables = {"against": {}, **{each: {} for each in tables}}
    with pytest.raises(InputError, match="too much like") as caught:
        plan_of(**{part: tables, "compare": None})
    assert caught.value.place == part
    assert caught.value.value == twin


def test_names_that_differ_are_two_names():
    plan_of(compare=None, scenario={"a": {}, "b": {}, "A 2": {}, "é": {}, "e": {}})


@pytest.mark.parametrize("title", ["a\nb", "\x1b[2J", "\x07"])
def test_a_title_is_one_line(title):
    with pytest.raises(InputError, match="control character"):
        plan_of(title=title)


def test_nothing_shown_beside_and_nothing_paid_is_an_answer_too(capsys):
    free = {"interventions": [{"kind": "raid", "cost_per_year": 0.0}], "parameters": {}}
    plan = plan_of(
        points=4, vary=[], compare={"against": "today", "matters": 1e-300, "also": []}, scenario={"today": {}, "free": free}
    )
    study = study_of(plan, toy({"free": -8.0})).run(quiet=True)
    assert "Free" in told(study, capsys)
    assert answer(study)["other_outcomes"] == []
