"""Occasions of chance: each has a name, and no two things are decided by one draw unless that is meant."""

import ast

import pytest

from tests.contracts.bare import MODEL, occasions

NAMED = [path for path in sorted(MODEL.rglob("*.py")) if path.parent.name != "rules" and path.name != "draws.py"]
SHARED = {  # functions that ask one and the same draw (with the function that called each), and why
    (
        "demography.ask_people from demography.demography",
        "demography.demography from steps.call",
    ): "one question, asked of all and again of those to whom something happens",
    (
        "newcomers.difference from newcomers.around",
        "newcomers.difference from newcomers.leaning",
    ): "how much somebody trusts at first is how much they lean to trusting later",
    (
        "norms.looks_out from norms.punish_talk",
        "norms.looks_out from norms.see",
    ): "one question: who looks out of a window this week sees talk as well as who may punish it",
    (
        "observation.feels_unsafe from observation.add_adult",
        "observation.feels_unsafe from observation.ask",
    ): "one question: who feels unsafe says so in the survey",
    (
        "sight.list_talkers from norms.punish_talk",
        "sight.list_talkers from norms.punish_talk",
    ): "one question: seen, or unseen only since the place is safe",
    (
        "sight.sooner from sight.stand_by",
        "sight.sooner from sight.witnesses",
    ): "one order: who acts first in a cell, and of those who act first in each cell within sight",
    (
        "stories.tell_one from stories.tell",
        "stories.tell_one from stories.tell_household",
    ): "one question: whether this one hears it from that one, in whatever ways they know each other",
    (
        "reporting.be_noticed from reporting.reporting",
        "reporting.reporting from steps.call",
    ): "a quick bound on the hazard that the same draw decides",
    (
        "offending.offending from steps.call",
        "offending.set_out from offending.offending",
    ): "a quick bound on the count that the same draw decides",
}


def test_one_draw_decides_one_thing(stories):
    _, plain = stories
    assert plain["draws"] > 10_000, "the plain run asks chance"
    found = {tuple(each) for each in plain["shared"]}
    assert found - set(SHARED) == set(), "they ask one draw: give one an occasion of its own, or say here why it is meant"
    assert set(SHARED) - found == set(), "these no longer ask one draw: take them off the list"


@pytest.mark.parametrize("path", NAMED, ids=lambda path: str(path.relative_to(MODEL)))
def test_an_occasion_has_a_name(path):
    assert [node.lineno for node in occasions(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_a_bare_number_is_found():
    asked = ("uniform(dice, who, 3)", "happens(p, dice, who, A + 1)", "uniform(dice, 7)", "happens(0.5, dice, who)")
    assert [node.lineno for node in occasions(ast.parse("\n".join((*asked, "choose(2, dice, who, A)"))))] == [1, 2]
