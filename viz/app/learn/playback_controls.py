"""The bar under the maps: play, pause, step, speed, any week, start over, another world."""

from collections.abc import Callable

import solara

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.viz.text import Text

from .. import palette
from ..widgets.html import Button, choice, slider, tag
from .marks import NAMES
from .paired_worlds import LAYERS
from .player import SPEEDS
from .session import LessonSession


@solara.component
def Transport(t: Text, room: LessonSession, number: int) -> None:
    """Draw the bar in this frame."""
    player = room.player
    week, weeks = player.twins.week, player.twins.weeks

    def speed(value: str) -> None:
        player.speed = int(value)
        player.show()

    held = room.covered
    with tag("div", class_="transport"):
        with tag("div", class_="bar"):
            Button(
                t("learn.pause" if player.playing else "learn.play"), room.toggle, "strong play", disabled=held or week >= weeks
            )
            Button("‹", lambda: room.go_on(-1), hint=t("learn.back_a_week"), disabled=held or week == 0)
            Button("›", lambda: room.go_on(1), hint=t("learn.on_a_week"), disabled=held or week >= weeks)
            Button(t("learn.again"), room.again, hint=t("learn.again_hint"))
            Button(t("learn.other"), lambda: room.again(room.seed + 1), hint=t("learn.other_hint"))
            tag("span", class_="grow")
            choice(t("learn.speed"), {str(each): t("learn.speed_of", weeks=each) for each in SPEEDS}, str(player.speed), speed)
        shown = t(
            "learn.week",
            world=room.seed,
            week=week,
            weeks=weeks,
            year=week // WEEKS_A_YEAR + 1 if week < weeks else weeks // WEEKS_A_YEAR,
        )
        slider(t("learn.scrub"), week, 0, weeks, 1, lambda value: room.go_to(int(value)), shown=shown, live=False, disabled=held)


@solara.component
def Legend(t: Text, room: LessonSession, number: int) -> None:
    """Tell what colours and shapes mean, and choose what the colour of the map stands for."""

    def show(value: str) -> None:
        room.layer = value
        room.player.show()

    def differ() -> None:
        room.differing = not room.differing
        room.player.show()

    with tag("div", class_="legend"):
        Button(t("learn.differing"), differ, "small", pressed=room.differing, hint=t("learn.differing_hint"))
        if room.differing:
            of_difference(t, room, show)
            return
        tag("span", tag("i", class_="dot adult"), t("learn.adult"))
        tag("span", tag("i", class_="dot stage0"), t("learn.youth"))
        for stage in range(1, 5):
            tag("span", tag("i", class_=f"dot stage{stage}"), t(f"stage.{stage}"))
        tag("span", tag("i", class_="dot staff"), t("learn.staff"), title=t("learn.staff_hint"))
        tag("span", tag("i", class_="dot hidden"), t("place_kind.hidden"))
        tag("span", tag("i", class_="dot lit"), t("learn.lit"))
        with tag("details", class_="signs"):
            tag("summary", t("learn.signs"))
            with tag("div", class_="card"):
                for name in NAMES:
                    tag("span", tag("i", class_=f"dot sign {name}"), t(f"sign.{name}"))
        with tag("span", class_="layer"):
            choice(t("learn.layer"), {name: t(f"layer.{name}") for name in LAYERS}, room.layer, show)
            tag("small", t("learn.little"))
            tag("i", class_="scale", style=f"background:linear-gradient(90deg,{palette.LOW},{palette.high(room.layer)})")
            tag("small", t("learn.much"))


def of_difference(t: Text, room: LessonSession, show: Callable[[str], None]) -> None:
    """Tell what colours and shapes mean on the map of what differs."""
    tag("span", tag("i", class_="dot more"), t("learn.deeper"))
    tag("span", tag("i", class_="dot less"), t("learn.less_deep"))
    with tag("span", class_="layer"):
        choice(t("learn.layer"), {name: t(f"layer.{name}") for name in LAYERS}, room.layer, show)
        tag("small", t("learn.worse"))
        tag("i", class_="scale", style=f"background:linear-gradient(90deg,{palette.BAD},{palette.LOW},{palette.GOOD})")
        tag("small", t("learn.better"))
