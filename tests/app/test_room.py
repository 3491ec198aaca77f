"""Playing, and what a room does with a lesson."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import Scenario
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import is_total
from kantelpunt.viz.app.learn.lessons import STEPS, WAYS, Asked, lessons
from kantelpunt.viz.app.learn.paired_worlds import PairedWorlds
from kantelpunt.viz.app.learn.player import Player
from kantelpunt.viz.app.learn.session import FREE, MOST_VOTES, OTHERS, LessonSession
from tests.generated import examples

QUIET = Scenario(people=300, years=1)


def wait_until(true, seconds: float = 10.0) -> None:  # type: ignore[no-untyped-def]
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def player(show) -> Player:  # type: ignore[no-untyped-def]
    """Return a player of two small worlds, as quick as may be."""
    made = Player(PairedWorlds(QUIET, QUIET, 1), show)
    made.speed = 520
    return made


def test_no_frame_is_shown_before_the_last_one_has_been_drawn() -> None:
    shown: list[int] = []
    made = player(lambda: shown.append(made.twins.week))
    made.play()
    wait_until(lambda: len(shown) >= 2)  # one for the button, one for the first frame
    time.sleep(0.3)
    assert len(shown) == 2
    made.drawn()
    wait_until(lambda: len(shown) == 3)
    made.close()


def test_no_week_passes_once_pause_has_returned() -> None:
    made = player(lambda: None)
    drawing = threading.Thread(target=lambda: [made.drawn() or time.sleep(0.001) for _ in range(2_000)], daemon=True)
    drawing.start()
    for _ in range(20):
        made.play()
        time.sleep(0.01)
        made.pause()
        week = made.twins.week
        time.sleep(0.01)
        assert made.twins.week == week
    made.close()


def test_it_plays_to_the_end_and_stops_there() -> None:
    made: Player = player(lambda: made.drawn())
    made.play()
    wait_until(lambda: not made.playing)
    assert made.twins.week == made.twins.weeks
    made.play()
    assert not made.playing


def test_only_one_thread_plays_however_often_it_is_started_and_stopped() -> None:
    before = threading.active_count()
    made = player(lambda: None)
    for _ in range(30):
        made.toggle()
    made.close()
    wait_until(lambda: threading.active_count() <= before)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, lesson in lessons().items() if lesson.mostly])
def test_a_lesson_goes_in_most_worlds_as_it_says(name: str) -> None:
    lesson = lessons()[name]
    counted = lesson.elsewhere(range(11, 11 + OTHERS))
    most = counted[lesson.mostly]  # type: ignore[index]
    assert most >= 0.75 * OTHERS, f"{name} goes {lesson.mostly} in {most} of {OTHERS} worlds: say so, or leave `mostly` out"


@pytest.mark.parametrize("name", lessons())
def test_what_a_lesson_reveals_is_what_happened(name: str) -> None:
    lesson = lessons()[name]
    room = LessonSession(lambda: None)
    room.choose(name)
    room.player.go_to(lesson.years * 52)
    found = room.found
    assert found is not None
    left, right = (lesson.asked.of(world.history) for world in room.player.twins.worlds)
    assert (found.left, found.right, found.way) == (left, right, lesson.asked.way(left, right))
    assert sum(lesson.elsewhere([1, 2]).values()) == 2


@given(left=st.floats(0, 1e6), right=st.floats(0, 1e6), same=st.floats(0.01, 0.5))
def test_a_prediction_is_right_in_exactly_one_way_and_turns_round_with_the_worlds(left: float, right: float, same: float) -> None:
    asked = Asked(outcome="fear", **{"from": 0, "until": 1}, same=same)
    turned = {"lower": "higher", "same": "same", "higher": "lower"}
    assert asked.way(right, left) == turned[asked.way(left, right)]
    assert asked.way(left, left) == "same"


def test_the_outcome_waits_for_the_worlds_to_end() -> None:
    room = LessonSession(lambda: None)
    room.move(1)
    room.move(1)
    assert room.step == "run" and room.player.playing
    room.player.pause()
    room.move(1)
    assert room.step == "run" and room.found is None
    room.player.go_to(room.player.twins.weeks)
    room.move(1)
    assert room.step == "reveal" and room.found is not None
    room.player.go_to(3)  # looking back keeps what was found
    assert room.found is not None


@given(moves=st.lists(st.sampled_from([-1, 1]), max_size=12))
def test_a_lesson_is_always_at_one_of_its_steps(moves: list[int]) -> None:
    room = LessonSession(lambda: None)
    for move in moves:
        room.move(move)
        room.player.pause()
        assert room.step in STEPS[:3]


@given(hands=st.lists(st.tuples(st.sampled_from(WAYS), st.integers(-3, 600)), max_size=8))
@examples(20)
def test_hands_are_never_fewer_than_none_nor_more_than_a_hall_holds(hands: list) -> None:
    room = ROOM
    for way, more in hands:
        room.vote(way, more)
        assert all(0 <= n <= MOST_VOTES for n in room.votes.values())


ROOM = LessonSession(lambda: None)


def test_another_world_keeps_hands_and_forgets_history_until_somebody_clears_them() -> None:
    room = LessonSession(lambda: None)
    room.vote("same", 3)
    room.move(1)
    room.move(1)
    room.go_to(room.player.twins.weeks)
    room.move(1)
    room.again(room.seed + 1)
    assert room.votes["same"] == 3 and room.step == "run" and room.player.twins.seen == 0
    room.forget_votes()
    assert not any(room.votes.values())
    room.vote("same", 1)
    room.choose("raid")
    assert not any(room.votes.values())


def test_no_week_passes_before_the_room_has_predicted() -> None:
    room = LessonSession(lambda: None)
    for _ in range(2):
        assert room.covered
        for press in (room.toggle, lambda: room.go_on(1), lambda: room.go_to(40)):
            press()
            assert room.player.twins.week == 0 and not room.player.playing
        room.move(1)
    assert room.step == "run" and not room.covered and room.player.playing
    room.go_to(40)
    room.move(-1)
    assert room.covered and room.player.twins.week == 0 and not room.player.playing


def test_lessons_follow_each_other_and_end_in_free_play() -> None:
    room = LessonSession(lambda: None)
    names = [room.name]
    while room.next_lesson != FREE:
        room.choose(room.next_lesson)
        names.append(room.name)
    assert names == list(lessons())
    room.choose(room.next_lesson)
    assert room.name == room.next_lesson == FREE and room.added == ()


@pytest.mark.parametrize("name", lessons())
def test_only_what_is_counted_and_drawn_is_added_up(name: str) -> None:
    lesson = lessons()[name]
    assert set(lesson.added) <= set(lesson.charts)
    assert all(is_total(outcome) for outcome in lesson.added)
    assert lesson.charts[0] == lesson.asked.outcome


def test_free_play_has_no_steps() -> None:
    room = LessonSession(lambda: None)
    room.play_freely(QUIET, QUIET)
    room.move(1)
    assert room.name == FREE and room.step == STEPS[0] and room.found is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda room: room.choose("nobody's"),
        lambda room: room.again(-1),
        lambda room: room.play_freely(QUIET, None),
    ],
)
def test_worlds_that_cannot_be_made_leave_the_room_as_it_is(ask) -> None:  # type: ignore[no-untyped-def]
    room = LessonSession(lambda: None)
    room.vote("same", 1)
    kept = (room.name, room.seed, room.free, room.layer, room.step, dict(room.votes), room.player.twins)
    with pytest.raises((InputError, KeyError, AttributeError)):
        ask(room)
    assert (room.name, room.seed, room.free, room.layer, room.step, room.votes, room.player.twins) == kept
    room.close()
