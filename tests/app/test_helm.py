"""The game At the helm: choices hold and cannot be taken back, money is never spent twice, and the luck is the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model.policies import Seen
from kantelpunt.model.policies.seen import QUARTER
from kantelpunt.model.simulation import Simulation
from kantelpunt.viz.app.helm import debrief
from kantelpunt.viz.app.helm.debrief import EQUAL, JUDGED, NOTHING, OWN, TEAM, Debrief, affordable, courses
from kantelpunt.viz.app.helm.dilemmas import PARTS, QUARTERS, ours
from kantelpunt.viz.app.helm.game import CARDS, Game, Move, available, by_hand, read, scenario, spent
from kantelpunt.viz.app.helm.roles import ROLES
from kantelpunt.viz.text import LANGUAGES, Text
from tests.generated import examples

steps = st.lists(st.tuples(st.integers(0, len(CARDS) - 1), st.integers(0, 2), st.integers(0, PARTS)), max_size=QUARTERS)


def played(some: list[tuple[int, int, int]]) -> Game:
    """Return a game with a card, a choice and parts for each quarter."""
    game = Game(3)
    for card, choice, parts in some:
        if game.dilemma:
            names = list(ours().choices(game.dilemma))
            game = game.choose(names[choice % len(names)])
        for _ in range(parts):
            game = game.part(card, 1)
        while game.left < 0:  # what lay on the table is more than a choice left
            game = game.part(max(i for i, n in enumerate(game.draft.parts) if n), -1)
        game = game.go_on()
    return game


@pytest.mark.quick
@examples(50)
@given(some=steps)
def test_no_more_is_spent_than_there_is_and_an_address_holds_the_whole_game(some: list[tuple[int, int, int]]) -> None:
    game = played(some)
    assert game.quarter == len(some)
    assert all(sum(move.parts) <= most for move, most in zip(game.moves, available(ours(), game.moves), strict=True))
    assert read(game.written()) == game


ODD = ["", "9", "-", "00000000-hard", "99999999-", "0000000é-", ".", "11110000-.11110000-hard.x", "1" * 999]


@pytest.mark.quick
@pytest.mark.parametrize("moves", ODD)
def test_an_address_that_holds_no_game_begins_one(moves: str) -> None:
    game = read({"world": "١", "moves": moves})
    assert game.seed == 1 and game.quarter <= 2 and game.left >= 0


@pytest.mark.quick
def test_a_quarter_waits_for_its_choice_and_a_choice_that_costs_leaves_less() -> None:
    game = played([(0, 0, 6)] * 2)
    assert game.dilemma == "raid" and not game.ready and game.go_on() == game and game.choose("nonsense") == game
    careful = game.choose("careful")
    assert careful.left == -2 and not careful.ready, "what lay on the table is more than is left"
    careful = careful.part(0, -1).part(0, -1)
    assert careful.ready and careful.part(0, 1) == careful
    assert available(ours(), (*careful.go_on().moves, *[Move()] * 5)) == [6, 6, 4, 4, 4, 4, 6, 6]


@pytest.mark.quick
def test_what_happens_stands_after_the_choice_that_brought_it() -> None:
    for name, dilemma in ours().by_name.items():
        assert ours().before(dilemma.quarter) == name
        for choice in dilemma.choices.values():
            for each in choice.after(dilemma.quarter):
                begins = getattr(each, "date", None) or each.from_
                assert begins > QUARTER * dilemma.quarter and each.kind != "systemic_working"


@pytest.mark.quick
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_dilemma_and_choice_has_its_words(language: str) -> None:
    t = Text(language)
    for role, names in ROLES.items():
        assert t(f"helm_role.{role}") and all(t(f"helm_sign.{name}") for name in names)
    for name, dilemma in ours().by_name.items():
        assert all(t(f"dilemma.{name}.{part}") for part in ("title", "story", *dilemma.choices))


@pytest.mark.quick
def test_a_course_with_another_choice_spends_no_more_than_it_would_have_had() -> None:
    game = played([(0, 0, 6)] * QUARTERS)
    found = courses(game)
    assert {OWN, NOTHING, EQUAL, TEAM, "raid.careful", "raid.none"} <= set(found) and "raid.hard" not in found
    for course in found.values():
        most, able = available(ours(), course.moves), affordable(ours(), course.moves)
        assert available(ours(), able) == most
        assert all(sum(move.parts) <= n for move, n in zip(able, most, strict=True))


@pytest.mark.quick
def test_better_is_fewer_of_what_is_bad_and_more_of_what_is_good() -> None:
    own, other = np.array([[1.0, 1.0, 0.6]]), np.array([[2.0, 1.0, 0.5]])
    assert Debrief({OWN: own, "x": other}).beaten("x") == [(1, 0), (0, 0), (1, 0)], "a draw is neither"
    assert Debrief({OWN: other, "x": own}).beaten("x") == [(0, 1), (0, 0), (0, 1)]


def test_a_choice_changes_nothing_before_it_and_money_is_spent_as_it_was_divided() -> None:
    chosen, budgets = ((6, ""), (3, ""), (2, "hard"), (1, "")), []
    game = Game(3, tuple(Move((parts, *(0,) * (len(CARDS) - 1)), choice) for parts, choice in chosen))

    def watched(quarter: int, seen: Seen):  # type: ignore[no-untyped-def]
        budgets.append((seen.budget, dict(spent(game.moves, quarter, seen))))
        return spent(game.moves, quarter, seen)

    worlds = []
    for moves, policy in ((game.moves, watched), (game.moves[:2], by_hand(game.moves[:2]))):
        simulation = Simulation(scenario(ours(), moves), 3, policy=policy)
        simulation.advance(4 * QUARTER)
        worlds.append(simulation.world.history)
    np.testing.assert_array_equal(worlds[0][: 2 * QUARTER + 1], worlds[1][: 2 * QUARTER + 1])
    assert (worlds[0][2 * QUARTER + 1 :] != worlds[1][2 * QUARTER + 1 :]).any()
    whole = budgets[0][0]
    assert [sum(said.values()) for _, said in budgets[:4]] == pytest.approx([whole * n / PARTS for n in (6, 3, 2, 1)])


@pytest.mark.slow
def test_a_debrief_judges_every_course_with_the_luck_of_the_game(monkeypatch: pytest.MonkeyPatch) -> None:
    game = played([(0, 0, 6)] * QUARTERS)
    monkeypatch.setattr(debrief, "courses", lambda game: {name: courses(game)[name] for name in (OWN, NOTHING)})
    found = debrief.debrief(game, 1)
    assert found and all(values.shape == (1, len(JUDGED)) for values in found.found.values())
    again = debrief.judged(courses(game)[OWN], game.seed)
    assert found.found[OWN][0].tolist() == again != found.found[NOTHING][0].tolist()
    assert debrief.debrief(game, 1, lambda: False) is None
