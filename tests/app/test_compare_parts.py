"""Parts of the page Compare without a browser: packages to begin from, costs by year, who gains, what a picture says."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.simulation import Simulation, simulate
from kantelpunt.model.state.codes import FAVOURS
from kantelpunt.viz.app.compare.budget import yearly
from kantelpunt.viz.app.compare.groups import GROUPS, INVOLVED, NAMES, PEOPLE, TRUST, gains, tabled
from kantelpunt.viz.app.compare.session import CompareSession
from kantelpunt.viz.app.compare.templates import package, templates
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.report.hover import hovering
from kantelpunt.viz.text import LANGUAGES, Text


@pytest.mark.parametrize("years", [1, 3, 10])
@pytest.mark.parametrize("name", templates())
def test_a_package_to_begin_from_can_be_asked_about_over_any_years(name: str, years: int) -> None:
    question = Question(years=years)
    made = package(name, name, question.weeks)
    asked = replace(question, packages=(made,))
    asked.check()
    assert asked.scenario(made).cost() > question.base().cost()
    assert Question.from_link(asked.to_link()) == asked
    assert all(Text(language)(f"template.{name}") for language in LANGUAGES)


@pytest.mark.quick
@pytest.mark.parametrize("years", [1, 4])
def test_the_costs_of_all_years_are_the_cost_and_fall_in_the_years_in_which_it_runs(years: int) -> None:
    question = Question(years=years)
    made = Package("A").with_card("visible_presence", question.weeks).with_card("youth_activities", question.weeks)
    made = made.changed_card(0, **{"from": 0, "until": 26})
    scenario = question.scenario(made)
    for card in made.interventions:
        costs = yearly(card, scenario, years)
        assert costs.shape == (years,)
        assert costs.sum() == pytest.approx(card.cost(scenario.residents, scenario.horizon))
    assert not yearly(made.interventions[0], scenario, years)[1:].any()


@pytest.mark.quick
def test_everybody_stands_once_in_each_way_of_dividing_who_is_old_enough() -> None:
    world = Simulation(Scenario(people=300, years=1), 3).world
    found = tabled(world, 0)
    here = world.people[world.people["present"] == 1]
    for kind in ("quarter", "sex"):
        rows = [i for i, (each, _) in enumerate(NAMES) if each == kind]
        assert len(rows) == len(GROUPS[kind])
        assert found[rows, PEOPLE].sum() == here.size
        assert found[rows, INVOLVED].sum() == (here["stage"] >= FAVOURS).sum()
        assert found[rows, TRUST].sum() == pytest.approx(here["trust_institutions"].sum(), rel=1e-5)


def test_a_world_against_itself_gains_nothing_and_more_trust_is_a_gain() -> None:
    tables = [tabled(simulate(Scenario(people=300, years=1), seed).world, 52) for seed in (1, 2, 3)]
    assert all(each.trust.mean == each.involved.mean == 0.0 for each in gains(tables, tables))
    better = [each + np.array([0, 0, 0.1], np.float32) * each[:, [PEOPLE]] for each in tables]
    for each in gains(better, tables):
        assert each.trust.mean == pytest.approx(10.0, abs=0.01) and each.trust.low > 0.0, each.name


@pytest.mark.quick
def test_each_mark_says_its_own_and_what_it_says_is_text() -> None:
    drawn = '<svg><use x="0"/><g id="b"><g><use x="1"/><use x="2"/></g></g><use x="3"/></svg>'
    found = hovering(drawn, {"b": ["<one>", "two"], "nowhere": ["three"]})
    assert found == (
        '<svg><use x="0"/><g id="b"><g><use x="1"><title>&lt;one&gt;</title></use><use x="2"><title>two</title></use></g></g>'
        '<use x="3"/></svg>'
    )


def test_the_answer_before_the_last_move_is_kept_and_a_move_of_a_slider_keeps_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("kantelpunt.viz.app.compare.session.monotonic", lambda: now[0])
    first = replace(Question(years=1), packages=(Package("A").with_card("visible_presence", 52),))
    desk: Any = CompareSession(first, lambda: None)
    monkeypatch.setattr(desk._asking, "ask", lambda asked: None)

    def answered() -> object:
        desk.quick = answer = answer_to(desk.question)
        return answer

    def move(intensity: float) -> None:
        changed = desk.question.packages[0].changed_card(0, intensity=intensity)
        desk.set(desk.question.with_package(0, changed))

    begun = answered()
    now[0] = 10.0
    move(0.9)
    assert desk.before is begun
    answered()
    now[0] = 10.5  # the same hand is still at it
    move(0.8)
    assert desk.before is begun
    last = answered()
    now[0] = 20.0
    move(0.5)
    assert desk.before is last
    answered()
    desk.undo()
    assert desk.before is not last
    desk.close()


def answer_to(question: Question) -> SimpleNamespace:
    """Return a stand-in for an answer to a question: what a session looks at."""
    return SimpleNamespace(question=question)
