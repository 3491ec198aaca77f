"""The people whom a room can follow, in both worlds, from the first week on."""

import solara

from kantelpunt.viz.app.widgets.html import Button, tag
from kantelpunt.viz.text import Text

from ..session import LessonSession
from . import narration


@solara.component
def Pinned(t: Text, room: LessonSession, glance: int) -> None:
    """Offer to follow somebody."""
    player = room.player
    twins = player.twins
    names = {each.identity: narration.called(t, each.age, each.male) for each in twins.pinned}

    def follow(identity: int) -> None:
        with player.lock:
            twins.chosen = 0 if twins.chosen == identity else identity
        player.show()

    if names:
        with tag("section", class_="card pinned", aria_label=t("learn.follow")), tag("div", class_="bar"):
            tag("span", t("learn.follow"), class_="quiet")
            for each, name in names.items():
                Button(name, lambda each=each: follow(each), "small", pressed=twins.chosen == each).key(str(each))
