"""The causal loops that turn in the two worlds, lit as far as they do."""

import solara

from kantelpunt.viz.text import Text

from ..widgets.frame import address
from ..widgets.html import tag
from .session import LessonSession
from .turning import turning


@solara.component
def Turning(t: Text, room: LessonSession, glance: int, titles: tuple[str, str]) -> None:
    """Show which loops turn, and in which world more."""
    player = room.player
    with player.lock:
        found = turning(player.twins) if player.twins.week else []
    most = max((max(each.left, each.right) for each in found), default=1)
    with tag("section", class_="card only turning"):
        tag("h2", t("turning.title"))
        if not found:
            tag("p", t("turning.later"), class_="quiet")
            return
        for each in found:
            name = each.loop.nl if t.language == "nl" else each.loop.en
            with tag("div", class_="turns").key(each.loop.id):
                with solara.Link(address("/about", lang=t.language, part="loops", loop=each.loop.id)):
                    tag("span", name, class_="loop")
                for side, n in (("left", each.left), ("right", each.right)):
                    says = t("turning.says", title=titles[side == "right"], n=n)
                    with tag("span", class_=f"turn {side}", title=says):
                        tag("i", style=f"width:{100 * n / most:.0f}%", aria_hidden="true")
                        tag("b", t.number(n))
        tag("p", t("turning.text"), class_="quiet")
