"""One line for all sessions: nobody is forgotten or overtaken, nothing is done twice, and nothing for nobody."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model.errors import InputError
from kantelpunt.viz.app.compare import quick_answer
from kantelpunt.viz.app.compare.quick_answer import STEPS, Asked
from kantelpunt.viz.app.compare.session import CompareSession
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.app.work_queue import REMEMBERED, Asking, Line
from tests.generated import examples

SOON = 20.0
SESSIONS, CHUNKS = 8, 4


class Desks:
    """Work in chunks that a test lets pass, and what was worked on."""

    def __init__(self, held: bool = False) -> None:
        self.begun: list[Any] = []
        self.chunks: Counter = Counter()
        self.gate, self.reached = threading.Event(), threading.Event()
        if not held:
            self.gate.set()

    def work(self, question: Any, stale: Callable[[], bool]) -> Any:
        self.begun.append(question)
        for _ in range(CHUNKS):
            self.reached.set()
            assert self.gate.wait(SOON)
            if stale():
                return None
            self.chunks[question] += 1
        return f"of {question}"


def results(asked: list["Future[Any]"]) -> list[Any]:
    _, late = wait(asked, SOON)
    assert not late
    return [each.result() for each in asked]


@examples(60)
@given(moves=st.lists(st.tuples(st.integers(0, SESSIONS - 1), st.integers(0, 5)), min_size=1, max_size=60))
def test_every_answer_that_is_still_wanted_comes_and_is_that_of_the_question(moves: list[tuple[int, int]]) -> None:
    line = Line(Desks().work)
    asked = [line.ask(*each) for each in moves]
    came = results(asked)
    last = {session: i for i, (session, _) in enumerate(moves)}
    for i, (session, question) in enumerate(moves):
        assert came[i] == f"of {question}" or (came[i] is None and i != last[session])


def test_sessions_that_ask_the_same_share_one_run_before_during_and_after_it() -> None:
    desks = Desks(held=True)
    line = Line(desks.work)
    asked = [line.ask("a", "x"), line.ask("b", "x")]
    assert desks.reached.wait(SOON)
    asked.append(line.ask("c", "x"))
    desks.gate.set()
    results(asked)
    assert results([*asked, line.ask("d", "x")]) == ["of x"] * 4
    assert desks.begun == ["x"]


def test_a_question_that_nobody_waits_for_any_more_stops_within_a_chunk() -> None:
    desks = Desks(held=True)
    line = Line(desks.work)
    asked = [line.ask("a", "old")]
    assert desks.reached.wait(SOON)
    asked.append(line.ask("a", "new"))
    desks.gate.set()
    assert results(asked) == [None, "of new"]
    assert desks.chunks["old"] == 0 and desks.begun == ["old", "new"]


def test_somebody_who_asks_again_what_was_just_given_up_gets_an_answer() -> None:
    gave_up, go_on = threading.Event(), threading.Event()

    def work(question: Any, stale: Callable[[], bool]) -> Any:
        while not gave_up.is_set():
            if stale():
                gave_up.set()
                assert go_on.wait(SOON)
                return None
            time.sleep(0.001)
        return question

    line = Line(work)
    line.ask("a", "x")
    time.sleep(0.01)
    line.leave("a")
    assert gave_up.wait(SOON)
    again = line.ask("b", "x")
    line.ask("c", "y")
    go_on.set()
    assert results([again]) == ["x"]


def test_sessions_take_turns_and_one_that_keeps_moving_keeps_its_place_and_no_more() -> None:
    desks = Desks(held=True)
    line = Line(desks.work)
    asked = [line.ask("first", "at hand")]
    assert desks.reached.wait(SOON)
    asked += [line.ask("busy", f"move {i}") for i in range(3)]
    asked += [line.ask("calm", "c"), line.ask("late", "l")]
    asked += [line.ask("busy", f"move {i}") for i in range(3, 50)]
    desks.gate.set()
    results(asked)
    assert desks.begun == ["at hand", "move 49", "c", "l"]


def test_somebody_who_leaves_is_told_and_holds_nobody_up() -> None:
    desks = Desks(held=True)
    line = Line(desks.work)
    asked = [line.ask(session, session) for session in "abc"]
    assert desks.reached.wait(SOON)
    line.leave("b")
    line.leave("nobody")
    desks.gate.set()
    assert results(asked) == ["of a", None, "of c"] and desks.begun == ["a", "c"]


def test_an_exception_is_an_answer_and_is_not_remembered() -> None:
    failing = iter([InputError("no"), "yes"])

    def work(question: Any, _: Any) -> Any:
        found = next(failing)
        if isinstance(found, Exception):
            raise found
        return found

    line = Line(work)
    assert isinstance(results([line.ask("a", 1)])[0], InputError)
    assert results([line.ask("a", 1)]) == ["yes"]


def test_only_so_many_answers_are_remembered() -> None:
    desks = Desks()
    line = Line(desks.work)
    for question in [*range(REMEMBERED + 1), 0, REMEMBERED]:
        results([line.ask("a", question)])
    assert desks.begun == [*range(REMEMBERED + 1), 0]


def test_a_session_hears_its_last_question_last() -> None:
    told: list[Any] = []
    asking = Asking(Line(Desks().work), told.append)
    for question in range(200):
        asking.ask(question % 7)
    end = time.monotonic() + SOON
    while (not told or told[-1] != f"of {199 % 7}") and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    assert told[-1] == f"of {199 % 7}"


def test_a_session_that_has_closed_hears_nothing_any_more() -> None:
    desks, told = Desks(held=True), []
    asking = Asking(Line(desks.work), told.append)
    asking.ask("x")
    assert desks.reached.wait(SOON)
    asking.close()
    desks.gate.set()
    time.sleep(0.1)
    assert not told


def test_no_world_is_lived_twice_and_none_once_the_question_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    lived: Counter = Counter()
    real = quick_answer.simulate_together

    def counted(scenarios: Any, seed: int) -> Any:
        lived.update((each.key, seed) for each in scenarios)
        return real(scenarios, seed)

    monkeypatch.setattr(quick_answer, "simulate_together", counted)
    quick_answer.REMEMBERED.clear()
    one = Question(years=1, packages=(Package("A").with_card("raid", 52), Package("B").with_card("visible_presence", 52)))
    other = replace(one, packages=one.packages[:1])
    line = Line(quick_answer.answer)
    both = results([line.ask(f"{i}", Asked(each)) for i, each in enumerate([one, other] * 5)])
    assert set(lived.values()) == {1} and len(lived) == 3 * STEPS[0]
    np.testing.assert_array_equal(both[0].differences["A"], both[1].differences["A"])
    quick_answer.REMEMBERED.clear()
    assert quick_answer.answer(Asked(one), lambda: True) is None
    assert set(lived.values()) == {1}


def test_a_first_answer_goes_before_sharper_ones_and_those_give_way_and_come_after_all() -> None:
    desks = Desks(held=True)
    line = Line(desks.work, rank=lambda question: question.startswith("sharper"))
    asked = [line.ask("a", "sharper 1")]
    assert desks.reached.wait(SOON)
    asked += [line.ask("b", "sharper 2"), line.ask("c", "first")]
    desks.gate.set()
    assert results(asked) == ["of sharper 1", "of sharper 2", "of first"]
    assert desks.begun[:2] == ["sharper 1", "first"] and sorted(desks.begun[2:]) == ["sharper 1", "sharper 2"]


def test_nothing_is_sharpened_while_a_room_keeps_moving_and_then_in_turns_of_the_same_step() -> None:
    desks, now = Desks(), time.monotonic
    line = Line(desks.work, rank=lambda question: question[0], calm=0.5)
    results([line.ask("a", (0, "a")), line.ask("b", (0, "b"))])
    sharper = [line.ask("a", (2, "a")), line.ask("b", (1, "b"))]
    end = now() + 1.5
    while now() < end:  # each is known, so that no work stands in the way
        results([line.ask("c", (0, "a"))])
        time.sleep(0.05)
    assert desks.begun == [(0, "a"), (0, "b")]
    last = now()
    assert results(sharper) == ["of (2, 'a')", "of (1, 'b')"] and now() - last > 0.3
    assert desks.begun[2:] == [(1, "b"), (2, "a")]


def test_an_answer_sharpens_by_itself_until_all_worlds_are_in_or_another_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    whole = threading.Event()

    def quick(asked: Asked, stale: Callable[[], bool]) -> quick_answer.Quick:
        empty: Any = {}
        return quick_answer.Quick(
            asked.question, asked.worlds, "", 0.0, 1.0, [], *[empty] * (len(fields(quick_answer.Quick)) - 6)
        )

    def show() -> None:
        if desk.quick:
            seen.append((desk.quick.question.outcome, desk.quick.worlds))
            if desk.quick.worlds == STEPS[-1] and not desk.busy:  # a move shows the earlier answer once more
                whole.set()

    monkeypatch.setattr("kantelpunt.viz.app.compare.session.line", lambda: Line(quick))
    desk = CompareSession(Question(), lambda: None)  # nothing to tell apart: nothing to sharpen
    desk.show = show
    one = Question(years=1, packages=(Package("A").with_card("raid", 52),))
    desk.set(one)
    assert whole.wait(SOON)
    whole.clear()
    desk.set(replace(one, outcome="fear"))
    assert whole.wait(SOON)
    for outcome in ("recruited", "fear"):
        worlds = {n for name, n in seen if name == outcome and n}  # a step may be over before it is shown on a busy machine
        assert worlds <= set(STEPS) and max(worlds) == STEPS[-1]
    assert seen[-1] == ("fear", STEPS[-1])
    desk.close()


def test_somebody_who_asks_what_is_known_better_gets_the_best_of_it_at_once() -> None:
    desks = Desks()
    line = Line(desks.work, better=lambda question: question + 1 if question < 4 else None)
    results([line.ask("a", 1)])
    results([line.ask("a", 3)])
    assert results([line.ask("b", 1), line.ask("c", 2), line.ask("d", 4)]) == ["of 3", "of 3", "of 4"]
    assert results([line.ask("e", 0)]) == ["of 4"]
    assert desks.begun == [1, 3, 4]
