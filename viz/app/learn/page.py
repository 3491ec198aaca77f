"""The page Learn: two neighbourhoods side by side, with lessons for a room."""

from time import monotonic

import solara

from kantelpunt.viz.text import Text

from ..widgets.frame import Keys, presenting, use_text
from ..widgets.html import Button, choice, tag
from .early_warnings import Warnings
from .free_play import FreePlay
from .lesson_card import LessonCard
from .lessons import lessons
from .life_story import OnlyHere, Person
from .maps import Courses, Maps
from .playback_controls import Legend, Transport
from .session import FREE, LessonSession

GLANCE = 0.4  # seconds between two looks at words while weeks pass


@solara.component
def Learn() -> None:
    """Draw the page for this session."""
    t = use_text()
    frames, glances, last = solara.use_reactive(0), solara.use_reactive(0), solara.use_ref(0.0)

    def make() -> LessonSession:
        def show() -> None:
            frames.value += 1
            if not room.player.playing or monotonic() - last.current > GLANCE:
                last.current = monotonic()
                glances.value += 1

        room = LessonSession(lambda: None)
        room.player.show = show
        return room

    room = solara.use_memo(make, [])
    solara.use_effect(lambda: room.close, [])
    press = {
        "space": room.player.toggle,
        "right": lambda: room.player.step(1),
        "left": lambda: room.player.step(-1),
        "next": lambda: room.move(1),
        "back": lambda: room.move(-1),
        "escape": lambda: presenting.set(False),
    }
    Keys(lang=t.language, full=presenting.value, active=True, event_press=lambda key: press.get(str(key), lambda: None)())
    with tag("div", class_="learn"):
        with tag("div", class_="stage"):
            Scenery(t, room, frames)
        with tag("aside", class_="stack side", aria_label=t("learn.lesson")):
            with tag("div", class_="bar nowrap"):
                names = {name: f"{i}. {t(f'lesson.{name}.title')}" for i, name in enumerate(lessons(), 1)}
                choice(t("learn.lesson"), {**names, FREE: t("learn.free")}, room.name, room.choose, hidden=True)
                label = t("learn.leave_presenting" if presenting.value else "learn.present")
                Button(label, lambda: presenting.set(not presenting.value), hint=t("learn.present_hint"))
            Side(t, room, glances)


def named(t: Text, room: LessonSession) -> tuple[str, str]:
    """Return how the two worlds are called."""
    if room.name:
        return t(f"lesson.{room.name}.left"), t(f"lesson.{room.name}.right")
    return t("learn.left"), t("learn.right")


@solara.component
def Scenery(t: Text, room: LessonSession, frames: solara.Reactive[int]) -> None:
    """Draw what changes with every frame."""
    number, titles = frames.value, named(t, room)
    with tag("div", class_="scenery"):
        Maps(t, room.player, number, room.layer, titles)
        Legend(t, room, room.layer)
        Transport(t, room, number)
        Courses(t, room.player, number, room.charts, room.added)


@solara.component
def Side(t: Text, room: LessonSession, glances: solara.Reactive[int]) -> None:
    """Draw the words, a few times a second."""
    glance, titles = glances.value, named(t, room)
    with tag("div", class_="stack"):
        if room.player.twins.chosen:  # somebody has been clicked: that is what the room looks at now
            Person(t, room, glance, titles)
        if room.name:
            LessonCard(t, room, glance)
        else:
            FreePlay(t, room, glance)
        if not room.player.twins.chosen:
            OnlyHere(t, room, glance, titles)
        Warnings(t, room, glance, titles)
