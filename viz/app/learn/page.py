"""The page Learn: two neighbourhoods side by side, with lessons for a room."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import solara

from kantelpunt.viz.text import Text

from ..own_files import MOST_BYTES, NAMED
from ..widgets.frame import Place, begun, presenting, use_text
from ..widgets.html import Button, Drop, choice, tag
from .address import restore, written
from .early_warnings import Warnings
from .free_play import FreePlay
from .lesson_card import LessonCard
from .lessons import lessons
from .lives.life_story import OnlyHere, Person
from .lives.pinned import Pinned
from .loops_card import Turning
from .maps import Courses, Maps
from .own_lessons import OWN, as_file, words
from .playback_controls import Legend, Transport
from .session import FREE, LessonSession

GLANCE = 0.4  # seconds between two looks at words while weeks pass


@solara.component
def Learn() -> None:
    """Draw the page for this session."""
    t, begin = use_text(), begun("learn")
    frames, glances, last = solara.use_reactive(0), solara.use_reactive(0), solara.use_ref(0.0)

    def make() -> LessonSession:
        def show() -> None:
            frames.value += 1
            if not room.player.playing or monotonic() - last.current > GLANCE:
                last.current = monotonic()
                glances.value += 1

        room = LessonSession(lambda: None)
        restore(room, begin)
        room.player.show = show
        return room

    room = solara.use_memo(make, [])
    solara.use_effect(lambda: room.close, [])
    press = {
        "space": room.toggle,
        "right": lambda: room.go_on(1),
        "left": lambda: room.go_on(-1),
        "next": lambda: room.move(1),
        "back": lambda: room.move(-1),
        "escape": lambda: presenting.set(False),
        "calm": lambda: setattr(room.player, "calm", True),
    }
    Whereabouts(t, room, glances, lambda key: press.get(key, lambda: None)())
    with tag("div", class_="learn"):
        with tag("div", class_="stage"):
            Scenery(t, room, frames)
        with tag("aside", class_="stack side", aria_label=t("learn.lesson")):
            Chooser(t, room, glances)
            Side(t, room, glances)


@solara.component
def Whereabouts(t: Text, room: LessonSession, glances: solara.Reactive[int], on_press: Callable[[str], None]) -> None:
    """Keep where the room stands."""
    glances.get()
    with tag("div", class_="unseen"):
        Place(t, "learn", written(room), presenting.value, on_press)
        tag("p", said(t, room), role="status")


@solara.component
def Chooser(t: Text, room: LessonSession, glances: solara.Reactive[int]) -> None:
    """Choose the lesson, in whatever way the room came to the one that is shown; and present it."""
    glances.get()
    names = {name: f"{i}. {words(t, name, 'title')}" for i, name in enumerate(lessons(), 1)}
    if room.name.startswith(NAMED):
        names[room.name] = words(t, room.name, "title")
    with tag("div", class_="bar nowrap"):
        choice(t("learn.lesson"), {**names, FREE: t("learn.free")}, room.name, room.choose, hidden=True)
        label = t("learn.leave_presenting" if presenting.value else "learn.present")
        Button(label, lambda: presenting.set(not presenting.value), hint=t("learn.present_hint"))


def said(t: Text, room: LessonSession) -> str:
    """Return what somebody who sees nothing hears: nothing while weeks pass, and where they stand still, where."""
    player = room.player
    if player.playing:
        return t("learn.playing")
    return t("learn.stands", week=player.twins.week, weeks=player.twins.weeks)


def named(t: Text, room: LessonSession) -> tuple[str, str]:
    """Return how the two worlds are called."""
    if room.name:
        return words(t, room.name, "left"), words(t, room.name, "right")
    return t("learn.left"), t("learn.right")


@solara.component
def Scenery(t: Text, room: LessonSession, frames: solara.Reactive[int]) -> None:
    """Draw what changes with every frame."""
    number, titles = frames.value, named(t, room)
    with tag("div", class_="scenery"):
        Maps(t, room, number, titles)
        Legend(t, room, number)
        Transport(t, room, number)
        if room.covered:
            tag("p", t("learn.covered"), class_="card covered")
        else:
            Courses(t, room, number)


@solara.component
def Files(t: Text, room: LessonSession, glance: int) -> None:
    """Open a lesson of one's own, or take a built-in one along to begin from."""

    def take(_: Any, buffers: Any = ()) -> None:
        if buffers:
            room.open_file(bytes(buffers[0]))

    with tag("details", class_="card own", **({"open": ""} if room.refused else {})):
        tag("summary", t("own.title"))
        if room.refused:
            tag("p", room.refused.said(t), class_="wrong", role="alert")
        Drop(
            label=t("own.drop"), busyText=t("compare.reading"), accept=".toml", most=MOST_BYTES,
            event_send=take, event_refuse=lambda _: room.refuse(OWN.too_large),
        )  # fmt: skip
        if room.name in lessons():
            with tag("div", class_="bar downloads"):
                solara.FileDownload(as_file(room.name), f"{room.name}.toml", label=t("own.take"), mime_type="application/toml")
        tag("p", t("own.text"), class_="quiet")


@solara.component
def Side(t: Text, room: LessonSession, glances: solara.Reactive[int]) -> None:
    """Draw the words, a few times a second."""
    glance, titles = glances.value, named(t, room)
    with tag("div", class_="stack"):
        if room.name:
            LessonCard(t, room, glance)
        else:
            FreePlay(t, room, glance)
        Pinned(t, room, glance)
        if not room.covered:
            OnlyHere(t, room, glance, titles)
            Turning(t, room, glance, titles)
            Warnings(t, room, glance, titles)
        Files(t, room, glance)
        if room.player.twins.chosen:  # above what stands at the foot of the screen, and never in place of the lesson
            Person(t, room, glance, titles)
