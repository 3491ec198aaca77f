"""Lessons as files: a built-in one comes back as it went out, and what is broken, huge or hostile is told and does nothing."""

import re
from collections.abc import Iterator

import pytest

from kantelpunt.viz.app.kept import Kept
from kantelpunt.viz.app.learn.address import restore, written
from kantelpunt.viz.app.learn.lessons import lessons
from kantelpunt.viz.app.learn.own_lessons import OWN, as_file, lesson_of, lines, words
from kantelpunt.viz.app.learn.session import FREE, LessonSession
from kantelpunt.viz.app.own_files import MOST_BYTES
from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.app.security.phone_pages import of_ballot
from kantelpunt.viz.app.votes import Ballot
from kantelpunt.viz.app.widgets.html import untrusted
from kantelpunt.viz.text import LANGUAGES, Text

HOSTILE = "<img src=x onerror='alert(1)'><script>alert(1)</script> [here](javascript:alert(1)) ![x](http://evil.example/a.png)"
FILE = as_file("raid")


@pytest.fixture
def room() -> Iterator[LessonSession]:
    """Give a room in which nobody looks."""
    made = LessonSession(lambda: None)
    yield made
    made.close()


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_comes_back_from_its_file_as_it_went_out(name: str) -> None:
    own = OWN.open(as_file(name).encode())
    again, lesson = lesson_of(own), lessons()[name]
    assert again and all(getattr(again, each) == getattr(lesson, each) for each in type(lesson).model_fields)
    for t in map(Text, LANGUAGES):
        assert words(t, own, "scene").split() == words(t, name, "scene").split() and lines(t, own, "talk") == lines(
            t, name, "talk"
        )


def test_a_lesson_of_ones_own_is_played_and_survives_a_reload(room: LessonSession) -> None:
    played, _, said = FILE.partition("[words.")
    dutch = next(part for part in said.split("[words.") if part.startswith("nl]"))
    room.open_file(f"{played}[words.{dutch}".encode())
    assert room.refused is None and room.lesson == lesson_of(room.name) and room.step == "scene" and room.next_lesson == FREE
    assert words(Text("en"), room.name, "title") == words(Text("nl"), "raid", "title")  # one language is enough
    again = LessonSession(lambda: None)
    restore(again, written(room))
    assert again.name == room.name
    state = written(room)
    OWN.kept.drop(room.name)
    OWN.used.clear()
    gone = LessonSession(lambda: None)
    restore(gone, state)  # the app began anew, and no longer has it
    assert gone.name == next(iter(lessons()))
    for each in (again, gone):
        each.close()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "large_lesson"),
        (b"\xff\xfe\x00", "lesson_toml"),
        (b"a = " + b"[" * 20_000, "lesson_toml"),
        (b".".join([b"a"] * 31_000) + b" = 1", "lesson_toml"),
        (FILE.replace("years = 3", "years = 0x" + "f" * 20_000).encode(), "lesson_toml"),
        (b"years = 3", "lesson"),
        (FILE.replace("years = 3", "years = 3000").encode(), "lesson"),
        (FILE.replace("until = 92", "until = 920").encode(), "lesson"),
        (FILE.replace("speed = 4", "speed = 5").encode(), "lesson"),
        (FILE.replace('layer = "crime_hold"', 'layer = "__class__"').encode(), "lesson"),
        (FILE.replace('kind = "raid"', 'kind = "os.system"').encode(), "lesson"),
        (re.sub('outcome = "[a-z_]+"', 'outcome = "recruited + fear"', FILE).encode(), "lesson"),
        (re.sub(r"charts = \[[^]]*\]", 'charts = ["recruited + fear"]', FILE).encode(), "lesson"),
        (FILE.replace('title = "', 'title = "\\u202e').encode(), "lesson"),
        (FILE.replace("[words.nl]", "[words.xx]").encode(), "lesson"),
        (FILE.replace("[words.en]", "[words.en]\nrun = 'x'").encode(), "lesson"),
        *((re.sub(r"(?s)talk = \[.*?\]", f"talk = {value}", FILE).encode(), "lesson") for value in ("true", "3", '"words"')),
    ],
)
def test_what_cannot_be_a_lesson_is_told_in_both_languages_and_all_stays(data: bytes, key: str, room: LessonSession) -> None:
    before = room.name
    room.open_file(data)
    assert room.refused and room.refused.key == key and room.name == before
    for t in map(Text, LANGUAGES):
        assert not re.search(r"\b[a-z]+\.[a-z]+_", room.refused.said(t))  # words, and no code of an error


def test_what_a_hostile_lesson_says_is_shown_as_text() -> None:
    t = Text("nl")
    file = FILE.replace(words(t, "raid", "title"), HOSTILE).replace(words(t, "raid", "question"), HOSTILE)
    page = of_ballot(t, Ballot(OWN.open(file.encode()), 10), "")
    for shown in (page.question, untrusted(HOSTILE)):
        assert "<img" not in shown and "<script" not in shown and "<a " not in shown and "&lt;script&gt;" in shown


def test_no_more_lessons_are_held_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OWN, "kept", Kept(2))
    names = [OWN.open(f"{FILE}\n# {i}".encode()) for i in range(4)]
    assert [bool(lesson_of(name)) for name in names] == [False, False, True, True]
    with pytest.raises(Refused):
        OWN.open(b"")


def test_others_cannot_push_out_a_lesson_that_a_room_plays(room: LessonSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OWN, "kept", Kept(2))
    room.open_file(FILE.encode())
    for i in range(4):
        OWN.open(f"{FILE}\n# {i}".encode())
    assert room.lesson and words(Text("nl"), room.name, "title") == words(Text("nl"), "raid", "title")
    assert OWN.open(FILE.encode()) == room.name and lesson_of(room.name) is room.lesson
