"""What is kept for who leaves and comes back: in the address, and on the server for a day."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.viz.app import kept
from kantelpunt.viz.app.background_study import Check
from kantelpunt.viz.app.compare import session as compare
from kantelpunt.viz.app.compare.session import CompareSession
from kantelpunt.viz.app.compare.upload import read_areas
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.app.explore import studies
from kantelpunt.viz.app.kept import Kept
from kantelpunt.viz.app.learn.address import restore, written
from kantelpunt.viz.app.learn.lessons import lessons
from kantelpunt.viz.app.learn.session import FREE, LessonSession
from tests.app.test_upload import GOOD, HEADER, ROW
from tests.generated import examples

NAMES = ("lesson", "world", "step", "votes", "week", "seen", "who", "layer", "speed", "area", "from", "doses", "view")


def room_of(state: dict[str, str]) -> LessonSession:
    """Return a room that begins where an address says."""
    room = LessonSession(lambda: None)
    restore(room, state)
    return room


def test_a_room_stands_where_it_stood_after_a_reload() -> None:
    room = LessonSession(lambda: None)
    room.choose("raid")
    room.again(5)
    room.vote("lower", 7)
    room.vote("higher", 2)
    room.move(1)
    room.move(1)
    room.go_to(room.player.twins.weeks)
    room.move(1)
    room.go_to(30)
    room.layer, room.differing = "fear", True
    again = room_of(written(room))
    assert written(again) == written(room)
    assert (again.step, again.votes, again.found) == ("reveal", room.votes, room.found)
    assert again.player.twins.frame("fear") == room.player.twins.frame("fear") and not again.player.playing


@pytest.mark.parametrize("step", ["", "scene", "predict"])
def test_an_address_shows_no_week_before_the_room_has_predicted(step: str) -> None:
    room = room_of({"lesson": "raid", "week": "30", "seen": "60", "step": step})
    assert room.covered and (room.player.twins.week, room.player.twins.seen) == (0, 0)
    assert room.player.twins.frame("fear") == room_of({"lesson": "raid"}).player.twins.frame("fear")


def test_a_lesson_that_is_gone_leaves_its_votes_to_no_other() -> None:
    fresh = LessonSession(lambda: None)
    assert written(room_of({"lesson": "own 7", "votes": "3-0-9", "step": "reveal", "week": "40"})) == written(fresh)


def test_free_play_stands_where_it_stood_after_a_reload() -> None:
    room = LessonSession(lambda: None)
    state = {"lesson": "free", "area": "overvecht", "from": "", "doses": "mentoring:60,raid:20", "week": "3", "seen": "3"}
    restore(room, state)
    assert room.name == FREE and [each.kind for each in room.free[1].interventions] == ["mentoring", "raid"]
    assert written(room_of(written(room))) == written(room)


def test_free_play_begins_in_no_area_that_its_page_does_not_offer() -> None:
    assert room_of({"lesson": "free", "area": "WK036301"}).name != FREE


@examples(30)
@given(state=st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(max_size=20), st.from_regex(r"-?[0-9]{0,30}"))))
def test_whatever_an_address_holds_a_room_stands_somewhere(state: dict[str, str]) -> None:
    room = room_of({**state, "seen": state.get("seen", "")[:2]})
    assert room.name in (*lessons(), FREE)
    assert written(room_of(written(room))) == written(room)
    room.close()


def test_what_nobody_asks_for_goes_after_a_day_or_where_there_are_too_many() -> None:
    gone: list[Any] = []
    few = Kept(2, gone.append)
    for i in range(3):
        few.put(i, f"thing {i}")
    assert gone == ["thing 0"] and few.get(0) is None and few.get(2) == "thing 2"
    few.put(2, "other")
    few.drop(1)
    assert gone == ["thing 0", "thing 2", "thing 1"]
    short = Kept(2, gone.append, seconds=0.0)
    short.put("a", "late")
    assert short.get("a") is None


def test_nobody_pushes_out_what_goes_on_for_somebody_else() -> None:
    gone: list[Any] = []
    few = Kept(2, gone.append, busy=lambda thing: thing["on"])
    things = [{"name": i, "on": True} for i in range(5)]
    for i in range(3):
        few.put(i, things[i])
    assert not gone and all(few.get(i) is things[i] for i in range(3)), "all go on: there are more for a while"
    things[1]["on"] = things[0]["on"] = False
    assert few.get(0) is things[0]  # so that the other was left alone longer
    few.put(3, things[3])
    assert gone == [things[1], things[0]] and few.get(2) is things[2] and few.get(3) is things[3]


@pytest.fixture
def browsing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the server know a browser."""
    monkeypatch.setattr(compare, "browser", lambda: "a browser")
    monkeypatch.setattr(compare, "MADE", Kept(4, lambda made: made.discard()))
    monkeypatch.setattr(studies, "MADE", Kept(4, lambda made: made.discard()))


def test_a_check_goes_on_while_its_page_is_loaded_again(browsing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Check, "start", lambda self: None)
    question = Question(years=1, packages=(Package("A").with_card("mentoring", 52),))
    first = CompareSession(question, lambda: None)
    first.quick = SimpleNamespace(matters=1.0, question=question)  # type: ignore[assignment]
    first.start_check("x")
    shown: list[int] = []
    second = CompareSession(Question(), lambda: shown.append(1), question.to_link())
    first.close()
    assert second.question == question and second.check is first.check is not None
    shown.clear()
    second.check.show()
    assert shown and Path(second.check.study.folder).parent.exists()
    folder = Path(second.check.study.folder)
    second.set(Question(years=2))
    assert second.check is None and not folder.exists()
    second.close()


def nothing(*_: object) -> None:
    """Hear of something, and do nothing."""


def test_pages_that_are_only_looked_at_take_no_place_of_a_study_that_is_being_made(
    browsing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Check, "start", lambda self: None)
    making = studies.making_of("somebody", nothing, nothing)
    making.start(studies.new_plan(size=8))
    assert making.folder and Path(making.folder.name).exists()
    looking = [studies.making_of(f"browser {i}", nothing, nothing) for i in range(50)]
    assert studies.making_of("somebody", nothing, nothing) is making and Path(making.folder.name).exists()
    assert studies.making_of("browser 3", nothing, nothing) is looking[3], "two pages of one browser show the same"
    looking[3].start(studies.new_plan(size=8))
    assert studies.MADE.get(("browser 3", "explore")) is looking[3]
    for each in (making, looking[3]):
        each.discard()
        assert each.folder is None


def test_a_link_holds_the_figures_of_an_area_of_ones_own(tmp_path: Path) -> None:
    path = read_areas("mine.csv", GOOD, tmp_path).file
    link = Question("BU00010001", path, 2).to_link()
    with pytest.raises(Exception, match="Compare link"):
        Question.from_link(link)
    other = CompareSession(Question(), lambda: None, link)
    assert not other.refused and list(other.areas) == ["BU00010001"] and not other.choosing
    assert other.question.base().resolved_area().people == 2000 and other.question.years == 2
    assert other.question.area_file != path
    other.close()


def test_of_an_upload_with_several_areas_somebody_says_which(tmp_path: Path) -> None:
    town = "GM0001,Town,Town,360000,60000,50000,100000,100000,50000"
    desk = CompareSession(Question(), lambda: None)
    before = desk.question
    desk.take_areas("kwb.csv", f"{HEADER}\n{town}\n{ROW}\n".encode())
    assert desk.choosing and desk.question == before and list(desk.areas) == ["BU00010001", "GM0001"]
    assert "Town" in desk.areas["BU00010001"]
    desk.choose_area("BU00010001")
    assert not desk.choosing and desk.question.people == 2000
    desk.take_areas("one.csv", GOOD)
    assert not desk.choosing
    desk.close()


def test_studies_that_were_made_are_there_for_somebody_who_comes_back(browsing: None) -> None:
    made = studies.making_of("a browser", lambda _: None, lambda: None)
    made.made["1. mine"] = "a study"  # type: ignore[assignment]
    made.leave(made.show)
    assert studies.making_of("a browser", lambda _: None, lambda: None).made == {"1. mine": "a study"}
    assert not studies.making_of("another", lambda _: None, lambda: None).made


def test_nobody_without_a_name_is_given_what_another_left() -> None:
    kept.keep("learn", {"lesson": "raid"})
    assert kept.browser() == "" and kept.left("learn") == {}


def test_a_state_that_no_address_could_hold_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "browser", lambda: "somebody")
    monkeypatch.setattr(kept, "STATES", Kept(9))
    for length, there in ((kept.LONGEST, True), (kept.LONGEST + 1, False)):
        kept.keep(f"page {length}", {"area": "x" * length})
        assert bool(kept.left(f"page {length}")) == there
