"""What a policy maker asks: links, files and packages say the same, and nothing else gets in."""

import base64
import gc
import json
import math
import threading
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import solara
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.experiments.analysis.sensitivity import hangs_on
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model import OUTCOMES, simulate
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import is_total
from kantelpunt.model.population import cbs_workbook
from kantelpunt.model.population.situations import situations
from kantelpunt.viz.app.background_study import Check
from kantelpunt.viz.app.compare import answer_panel
from kantelpunt.viz.app.compare.answer_panel import QuickAnswer
from kantelpunt.viz.app.compare.quick_answer import STEPS, Asked, answer, least
from kantelpunt.viz.app.compare.session import CompareSession
from kantelpunt.viz.app.compare.what_if import MOST_PACKAGES, MOST_YEARS, TODAY, Package, Question
from kantelpunt.viz.app.work_queue import Line
from kantelpunt.viz.report.wording import parameter_name
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.test_pages import everything
from tests.generated import examples

SMALL = Question(years=1)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).filter(lambda name: name != TODAY)
REFUSED = [{"intensity": 1.5}, {"intensity": "=1+1"}, {"where": "mars"}, {"hours": -1.0}, {"hours": "x"}]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Give a question with packages of any kind, at any time."""
    years = draw(st.integers(1, MOST_YEARS))
    names = draw(
        st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), max_size=MOST_PACKAGES, unique=True)
    )
    packages = []
    for name in names:
        package = Package(name)
        for kind in draw(st.lists(st.sampled_from(list(catalogue())), max_size=3)):
            first = draw(st.integers(0, 52 * years - 1))
            last = draw(st.integers(first + 1, 52 * years))
            package = package.with_card(kind, 52 * years)
            n = len(package.interventions) - 1
            package = package.changed_card(n, **{"from": first, "until": last}, intensity=draw(st.integers(0, 20)) / 20)
        packages.append(package)
    outcome = draw(st.sampled_from(list(OUTCOMES)))
    situation = draw(st.sampled_from(["", *situations()]))
    return Question("overvecht", None, years, outcome, float(draw(st.integers(0, 10**7))), tuple(packages), situation)


@examples(40)
@given(question=questions())
def test_a_link_gives_the_question_back(question: Question) -> None:
    assert Question.from_link(question.to_link()) == question


@examples(25)
@given(question=questions().filter(lambda question: question.packages))
def test_a_file_gives_the_question_back_and_is_a_plan_of_the_command_line(question: Question, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(question.to_toml("Title", 3.0, 4), encoding="utf-8")
    again = Question.of_plan(Plan.from_toml(path))
    assert again.to_toml("Title", 3.0, 4) == Question.of_plan(Plan.from_toml(path)).to_toml("Title", 3.0, 4)
    assert [each.name for each in again.packages] == [each.name for each in question.packages]
    for ours, theirs in zip(question.packages, again.packages, strict=True):
        assert question.scenario(ours).key == again.scenario(theirs).key


@given(text=st.one_of(st.text(max_size=60), st.binary(max_size=40).map(lambda raw: raw.hex())))
def test_any_other_link_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Question.from_link(text)


def test_a_plan_that_asks_for_the_other_way_is_not_turned_around() -> None:
    asked = {"against": "today", "outcome": "presence", "matters": 0.1}
    plans = {"today": {}, "street": {"visible_presence": 1.0}}
    assert Question.of_plan(Plan(compare={**asked, "better": "lower"}, scenario=plans))
    with pytest.raises(InputError):
        Question.of_plan(Plan(compare={**asked, "better": "higher"}, scenario=plans))


CARDS = [["A", [{"kind": "visible_presence", "from": 0, "until": 52}]]]


@pytest.mark.parametrize("budget", [math.nan, math.inf, -1.0, 1e300, None, [], 10**400])
def test_a_link_with_a_budget_that_nobody_has_is_refused(budget: object) -> None:
    with pytest.raises(InputError):
        Question.from_link(packed(["overvecht", 1, "recruited", budget, CARDS, ""]))
    assert Question.from_link(packed(["overvecht", 1, "recruited", 5.0, CARDS, ""])).budget == 5.0


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 50_000])
def test_a_link_that_never_ends_is_refused(deep: str) -> None:
    with pytest.raises(InputError):
        Question.from_link(packed(deep))


def packed(content: object) -> str:
    """Return a link with any content."""
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


@examples(25)
@given(question=questions(), years=st.integers(1, MOST_YEARS))
def test_another_number_of_years_leaves_a_question_that_can_be_asked(question: Question, years: int) -> None:
    changed = question.for_years(years)
    for package in changed.packages:
        changed.scenario(package)


@pytest.mark.parametrize(
    "values", [{"intensity": 1.5}, {"intensity": "=1+1"}, {"where": "mars"}, {"hours": -1.0}, {"hours": "x"}]
)
def test_a_card_refuses_what_a_file_would_be_refused(values: dict) -> None:
    package = Package("A").with_card("visible_presence", 52)
    with pytest.raises(InputError):
        package.changed_card(0, **values)


@pytest.mark.parametrize("outcome", ["recruited", "trust_institutions"])
def test_the_answer_at_once_is_what_the_model_does(outcome: str) -> None:
    question = replace(SMALL, outcome=outcome, packages=(Package("A").with_card("visible_presence", 52),))
    found = answer(Asked(question))
    assert found is not None
    differences = []
    for seed in range(1, STEPS[0] + 1):
        runs = [
            simulate(each, seed).weeks[outcome].iloc[1:] for each in (question.scenario(question.packages[0]), question.base())
        ]
        measured = [each.sum() if is_total(outcome) else each.tail(WEEKS_A_YEAR).mean() for each in runs]
        differences.append(measured[0] - measured[1])
    np.testing.assert_allclose(found.differences["A"], differences, atol=1e-4)
    assert found.effects[0].difference.mean == pytest.approx(np.mean(differences), abs=1e-4)
    assert found.costs["A"] == question.scenario(question.packages[0]).cost()


def test_packages_never_share_a_name_and_are_four_at_most() -> None:
    desk = CompareSession(SMALL, lambda: None)
    for _ in range(6):
        desk.add_package("A")
    desk.rename_package(0, "A 2")
    names = [each.name for each in desk.question.packages]
    assert len(names) == len(set(names)) == MOST_PACKAGES
    desk.close()


@pytest.mark.parametrize("names", [("today",), ("A", "A"), ("",)])
def test_a_question_that_no_plan_can_hold_is_refused_before_it_is_taken(names: tuple[str, ...]) -> None:
    desk = CompareSession(SMALL, lambda: None)
    desk.set(replace(SMALL, packages=tuple(Package(name) for name in names)))
    assert desk.question == SMALL and desk.refused
    with pytest.raises(InputError):
        Question.from_link(replace(SMALL, packages=tuple(Package(name) for name in names)).to_link())
    desk.close()


def test_an_unforeseen_failure_is_said_in_place_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Line(lambda question, stale: 1 / 0)
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.line", lambda: broken)
    shown = threading.Event()
    desk = CompareSession(SMALL, shown.set)
    assert shown.wait(5) and desk.unanswered
    assert desk.unanswered.said(Text("nl")) != desk.unanswered.said(Text("en"))
    desk.close()


def test_a_stopped_check_keeps_whole_worlds_and_a_finished_one_answers(tmp_path: Path) -> None:
    question = replace(SMALL, packages=(Package("A").with_card("visible_presence", 52),))
    stopped = Check(question.plan("", 1.0, 200), tmp_path / "a", lambda: stopped.stop() if stopped.done >= 8 else None)
    stopped._run()
    assert stopped.ended and 8 <= stopped.done < stopped.size
    held = stopped.study.outcomes
    assert len(held) >= 8 and held.groupby("point")["scenario"].nunique().eq(2).all()
    full = Check(question.plan("", 1.0, 8), tmp_path / "b", lambda: None)
    full._run()
    assert full.effects[0].worlds == 8 and full.done == full.size
    assert len(hangs_on(full.study, "A")) <= 3


def test_a_check_waits_for_the_answer_that_tells_what_matters_in_this_area(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.line", lambda: Line(lambda asked, stale: None))
    monkeypatch.setattr(Check, "start", lambda check: None)
    question = replace(SMALL, packages=(Package("A").with_card("visible_presence", 52),))
    desk: Any = CompareSession(question, lambda: None)
    for earlier in (None, replace(question, outcome="fear"), replace(question, years=3)):
        desk.quick = earlier and SimpleNamespace(question=earlier, matters=1.0)
        desk.start_check("")
        assert desk.check is None, "how much matters elsewhere says nothing here"
    desk.quick = SimpleNamespace(question=replace(question, budget=5.0), matters=7.0)
    desk.start_check("")
    assert desk.check.study.plan.compare.matters == 7.0
    desk.close()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_matters_can_be_told_apart_even_where_nothing_happens(outcome: str) -> None:
    assert Text("nl").amount(least(outcome, 0.0), OUTCOMES[outcome].unit).strip("0,. %")
    assert least(outcome, 0.0) <= least(outcome, 10.0) < least(outcome, 1_000.0)


def test_moves_are_undone_and_redone_and_a_slider_is_one_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.line", lambda: Line(lambda asked, stale: ValueError()))
    now = [0.0]
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.monotonic", lambda: now[0])
    desk = CompareSession(SMALL, lambda: None)
    assert not desk.can_undo and not desk.can_redo
    desk.undo()
    for outcome in ("fear", "ties", "unsafe"):  # as a hand that moves on without a pause
        desk.set(replace(SMALL, outcome=outcome))
        now[0] += 0.5
    now[0] += 10.0
    desk.add_package("A")
    with_package = desk.question
    desk.undo()
    assert desk.question == replace(SMALL, outcome="unsafe")
    desk.undo()
    assert desk.question == SMALL and not desk.can_undo
    desk.redo()
    desk.redo()
    assert desk.question == with_package and not desk.can_redo
    desk.undo()
    now[0] += 10.0
    desk.set(replace(SMALL, outcome="fear"))
    assert not desk.can_redo  # another way was taken
    desk.undo()
    assert desk.question == replace(SMALL, outcome="unsafe")
    desk.close()


def table_of(n: int, name: str = "Somewhere") -> bytes:
    """Return a table of so many areas."""
    header = "gwb_code,regio,gm_naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo"
    return "\n".join([header, *(f"BU{i:08d},{name},Town,2000,400,300,600,500,200" for i in range(n))]).encode()


def test_uploads_that_can_be_gone_back_to_take_no_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.line", lambda: Line(lambda asked, stale: ValueError()))
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.ONE_MOVE", -1.0)
    desk = CompareSession(SMALL, lambda: None)
    folder = Path(desk._folder.name)
    desk.take_areas("own.csv", table_of(50))
    size = next(folder.iterdir()).stat().st_size
    monkeypatch.setattr("kantelpunt.viz.app.compare.moves.MOST_BYTES", 3 * size + 100)
    for i in range(6):
        desk.take_areas("own.csv", table_of(50, f"Place {i}"))
        desk.set(replace(SMALL, years=2 + i))
    assert len(list(folder.iterdir())) == 3 and desk.upload is not None and "Place 5" in str(desk.upload.areas)
    found = [str(desk.upload.areas)]
    while desk.can_undo:
        desk.undo()
        found.append(str(desk.upload and desk.upload.areas))
    assert "Place 3" in found[-1], "what is left is whole, back to the oldest that there is room for"
    while desk.can_redo:
        desk.redo()
    assert "Place 5" in str(desk.upload.areas)
    desk.undo()
    desk.forget_upload()
    for _ in range(100):
        desk.add_package("A")
        desk.remove_package(0)
    assert not list(folder.iterdir()), "nothing leads back to any upload"
    desk.close()


def test_of_an_upload_a_session_keeps_what_is_shown_of_it_and_no_trace_of_one_that_was_refused() -> None:
    desk = CompareSession(SMALL, lambda: None)
    data = table_of(2_000)
    tracemalloc.start()
    try:
        desk.take_areas("own.csv", data)
        desk.take_areas("own.csv", b"no,areas\n" + bytes(5_000_000).replace(b"\0", b"x"))
        desk.take_plan(b"a = '" + b"x" * 100_000)
        del data
        gc.collect()
        cbs_workbook._rows.cache_clear()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert desk.refused is not None and desk.upload is not None and len(desk.upload.areas) == 2_000
    assert kept < 2_000_000
    desk.close()


@pytest.mark.parametrize(("households", "deviate"), [(200, False), (340, True)])
def test_an_answer_at_once_says_where_people_differ_from_the_figures(households: int, deviate: bool, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    names = "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,a_hh,a_soz_wb"
    file.write_text(f"{names}\nBU1,Here,420,70,60,165,75,50,{households},20\n")
    question = Question(area="BU1", area_file=file, years=1, packages=(Package("Raid").with_card("raid", 52),))
    quick = answer(Asked(question))
    assert quick is not None
    assert quick.deviations == simulate(question.base(), 1).deviations
    assert ("households" in quick.deviations) == deviate
    desk = SimpleNamespace(quick=quick, before=None, check=None, busy=False, question=question, unanswered=None)
    shown = everything(solara.render(QuickAnswer(Text("en"), desk, 1), handle_error=False)[0])
    assert ("instead of 340" in shown) == ("cannot match all figures" in shown) == deviate


@pytest.mark.parametrize(("better", "said"), [("lower", "compare.hangs_worse"), ("higher", "compare.hangs_better")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_assumption_is_told_by_whether_the_package_does_better_with_more_of_it(
    better: str, said: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"quantity": ["norms.sanction"], "correlation": [0.6]})
    monkeypatch.setattr(answer_panel, "hangs_on", lambda study, scenario: table)
    check, t = SimpleNamespace(study=SimpleNamespace(question=SimpleNamespace(better=better))), Text(language)
    box, context = solara.render(answer_panel.Assumptions(t, check, "A"), handle_error=False)  # type: ignore[arg-type]
    assert t(said, what=parameter_name(t, "norms.sanction")) in everything(box)
    context.close()
