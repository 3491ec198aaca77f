"""What panels of pages show: names, numbers and colours that mean one thing wherever they stand."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import solara

from kantelpunt.model.interventions import catalogue
from kantelpunt.model.population.areas import PRESETS
from kantelpunt.viz.app import palette
from kantelpunt.viz.app.about import evidence
from kantelpunt.viz.app.about.page import linked
from kantelpunt.viz.app.compare.answer_panel import QuickAnswer
from kantelpunt.viz.app.compare.area_choice import AreaChoice, having, in_small
from kantelpunt.viz.app.compare.budget import BudgetBar
from kantelpunt.viz.app.compare.what_if import NEIGHBOURHOOD, Package, Question
from kantelpunt.viz.app.explore.study_figures import edges, heat
from kantelpunt.viz.app.learn.lessons import lessons
from kantelpunt.viz.app.learn.maps import Courses
from kantelpunt.viz.app.learn.page import Chooser
from kantelpunt.viz.app.learn.paired_worlds import LAYERS
from kantelpunt.viz.app.learn.session import LessonSession
from kantelpunt.viz.app.widgets.choices import measures
from kantelpunt.viz.app.widgets.html import Button
from kantelpunt.viz.report.figures import BASE, shades_of
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.test_faults import widgets
from tests.app.test_pages import everything

T = Text("nl")


def drawn(element: Any) -> Any:
    """Return the widgets of a component."""
    return solara.render(element, handle_error=False)[0]


def having_trait(box: Any, *names: str) -> list[Any]:
    """Return the widgets that have all of these."""
    return [each for each in widgets(box) if all(hasattr(each, name) for name in names)]


def test_the_chooser_follows_the_room_to_the_next_lesson() -> None:
    room, glances = LessonSession(lambda: None), solara.reactive(0)
    box = drawn(Chooser(T, room, glances))
    room.choose(room.next_lesson)
    glances.value += 1
    assert having_trait(box, "groups", "value")[0].value == room.name == list(lessons())[1]


def test_reveal_and_chart_give_the_same_number_over_the_same_weeks() -> None:
    room = LessonSession(lambda: None)
    room.choose("silence")
    room.step = "run"
    room.go_to(room.player.twins.weeks)
    asked, found = lessons()["silence"].asked, room.found
    before = having_trait(drawn(Courses(T, room, 1)), "course")[0]
    assert before.when == T("learn.in_week", week=room.player.twins.week) and before.window == []
    room.move(1)
    room.go_to(20)
    first, *others = having_trait(drawn(Courses(T, room, 2)), "course")
    assert found is not None and first.shown == [T.amount(found.left, "1"), T.amount(found.right, "1")]
    assert first.window == [asked.from_, asked.until] and str(asked.until) in first.when
    assert all(each.when == T("learn.in_week", week=20) and each.window == [] for each in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_in_words_is_called_by_its_words(language: str) -> None:
    t = Text(language)
    hint = t("learn.again_hint")
    for label, called in ((t("learn.again"), None), ("‹", hint), ("−", hint)):
        button = next(
            each for each in widgets(drawn(Button(label, lambda: None, hint=hint))) if getattr(each, "tag", "") == "button"
        )
        assert button.attributes.get("aria-label") == called and button.attributes["title"] == hint


def test_layers_of_what_is_good_and_of_what_is_bad_have_colours_of_their_own() -> None:
    assert set(palette.UNWANTED) < set(LAYERS)
    assert {palette.high(layer) for layer in palette.UNWANTED} == {palette.BAD} == {palette.REGIMES[0]}
    assert {palette.high(layer) for layer in set(LAYERS) - set(palette.UNWANTED)} == {palette.GOOD} == {palette.REGIMES[-1]}


def test_a_package_keeps_its_colour_and_what_it_is_compared_with_is_grey() -> None:
    report, screen = shades_of(["today", "A", "B"], "today"), shades_of(["", "A", "B"], "")
    assert report["today"] == screen[""] == BASE and report["A"] == screen["A"] != screen["B"] == report["B"]


def test_every_part_of_a_package_is_named_with_its_price() -> None:
    question = Question(years=2)
    package = Package("A")
    for kind in ("mentoring", "visible_presence", "sirenelunch"):
        package = package.with_card(kind, question.weeks)
    box = drawn(BudgetBar(T, replace(question, packages=(package,)), package))
    told = [everything(each).split("\n") for each in widgets(box) if getattr(each, "tag", "") == "li"]
    scenario = question.scenario(package)
    for each, lines in zip(scenario.interventions, told, strict=True):
        price = T.euros(each.cost(scenario.residents, scenario.horizon))
        assert f"{T.named('intervention', each.kind, '')}: {price}" in lines


@pytest.mark.parametrize("sought", ["overvecht", "UTRECHT over", "WK0344", "over utr"])
def test_an_area_is_found_by_name_municipality_or_code(sought: str) -> None:
    areas = {"WK034403": "Overvecht, Utrecht (WK034403)", "WK085542": "Stokhasselt, Tilburg (WK085542)"}
    assert list(having(areas, sought)) == ["WK034403"]


@pytest.mark.parametrize(("people", "large"), [(NEIGHBOURHOOD, False), (NEIGHBOURHOOD + 1, True)])
def test_more_than_a_neighbourhood_is_said_to_be_so(people: int, large: bool) -> None:
    question = SimpleNamespace(area="x", people=people)
    desk = SimpleNamespace(areas={"x": "X"}, question=question, choosing=False)
    assert (T("compare.large_area", n=people) in everything(drawn(AreaChoice(T, desk, 0)))) == large


def test_a_built_in_area_says_how_many_people_it_has_here() -> None:
    assert in_small(T, "overvecht", "Overvecht") == T("compare.in_small", name="Overvecht", n=PRESETS["overvecht"].people)
    assert in_small(T, "WK034403", "Overvecht, Utrecht (WK034403)") == "Overvecht, Utrecht (WK034403)"


def test_numbers_of_one_area_are_never_shown_under_the_name_of_another() -> None:
    old, new = Question(), Question("overvecht")
    assert old.alike(replace(old, budget=5.0, packages=(Package("A"),)))
    for other in (new, replace(old, years=3), replace(old, outcome="fear"), replace(old, situation="closed-families")):
        assert not old.alike(other)
    quick = SimpleNamespace(question=old, worlds=4, base=123.0, area="Old", effects=[], regimes={}, deviations={})
    desk = SimpleNamespace(quick=quick, question=new, check=None, busy=True, unanswered=None)
    shown = everything(drawn(QuickAnswer(T, desk, 0)))
    assert "123" not in shown and T("compare.thinking") in shown
    desk.question, desk.busy = old, False
    assert "123" in (shown := everything(drawn(QuickAnswer(T, desk, 0)))) and "Old" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_stands_under_one_theme(language: str) -> None:
    kinds = [kind for some in measures(Text(language)).values() for kind in some]
    assert sorted(kinds) == sorted(catalogue()) and Text(language)("measures.other") not in measures(Text(language))


def test_keys_of_sources_lead_to_where_they_are_told() -> None:
    went: list[dict[str, str]] = []
    box = drawn(solara.Column(children=linked("as direction (p37, M65); R2 and M999", went.append)))
    buttons = [each for each in widgets(box) if getattr(each, "tag", "") == "button"]
    for each in buttons:
        each.fire_event("click", None)
    assert [state["find"] for state in went] == ["p37", "M65", "R2"]
    assert [state["part"] for state in went] == ["evidence", "evidence", "loops"] and "M999" not in evidence.source_keys()


def test_a_tipping_map_has_a_line_around_what_tips_or_says_that_nothing_does() -> None:
    index, columns = pd.Index([0.5, 1.0], name="dose"), pd.Index([2, 4], name="years")
    table = pd.DataFrame([[0.1, 0.2], [0.2, 0.4]], index, columns)
    shown = {}
    for name, tipped in {"none": [[0, 10], [20, 49]], "one": [[0, 10], [20, 50]]}.items():
        axes = heat(T, table, "trust_institutions", pd.DataFrame(tipped, index, columns)).axes[0]
        shown[name] = len(axes.lines), axes.get_title(loc="left")
    assert shown == {"none": (0, T("explore.tips_nowhere")), "one": (4, T("explore.tips"))}
    over = np.array([[True, True], [False, True]])
    assert [inside for inside, _ in edges(over, 0, 1)] == [False, True, True, False]


def test_better_is_blue_on_a_tipping_map_whichever_way_it_lies() -> None:
    index, columns = pd.Index([0.5, 1.0], name="dose"), pd.Index([2, 4], name="years")
    more = pd.DataFrame([[-1.0, 0.0], [0.5, 1.0]], index, columns)
    for outcome, best in (("trust_institutions", 1.0), ("recruited", -1.0)):
        mesh = heat(T, more, outcome, 0 * more).axes[0].collections[0]
        red, _, blue, _ = mesh.cmap(mesh.norm(best))
        assert blue > red
