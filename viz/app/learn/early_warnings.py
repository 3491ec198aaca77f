"""Early warnings that a neighbourhood changes: signals of both worlds, and which of them are worth looking at."""

import pandas as pd
import solara

from kantelpunt.viz.text import Text

from ..regimes import OTHERS, WARN
from ..widgets.html import Button, tag
from .session import LessonSession

SHARES = ("guarded_squares", "open_adults")


@solara.component
def Warnings(t: Text, room: LessonSession, glance: int, titles: tuple[str, str]) -> None:
    """Offer the signals; they are computed on request."""
    opened, set_opened = solara.use_state(False)
    with tag("section", class_="card only"):
        Button(t("learn.warns"), lambda: set_opened(not opened), "small warns", pressed=opened)
        if opened:
            Signals(t, room, glance, titles)


@solara.component
def Signals(t: Text, room: LessonSession, glance: int, titles: tuple[str, str]) -> None:
    """Show the signals that were measured to warn, two years ago and now, and tell which were not."""
    with room.player.lock:
        both = room.player.twins.warnings()
    with tag("div"):
        if WARN:
            tag("p", t("learn.warns_text"))
            with tag("table"):
                tag("thead", tag("tr", tag("td"), tag("th", titles[0], class_="left"), tag("th", titles[1], class_="right")))
                with tag("tbody"):
                    for name in WARN:
                        tag("tr", tag("td", t(f"signal.{name}")), *(tag("td", course(t, world, name)) for world in both))
        tag("p", f"{others(t)} {t('learn.warns_how')}".strip(), class_="quiet")


def others(t: Text) -> str:
    """Return in words which signals did not clearly rise, if there are any."""
    return t("learn.warns_not", signals=", ".join(t(f"signal.{name}") for name in OTHERS)) if OTHERS else ""


def course(t: Text, world: pd.DataFrame, name: str) -> str:
    """Return how much there was of a signal, and how much there is."""
    unit = "share" if name in SHARES else "1"
    return " → ".join(t.amount(float(world[when][name]), unit) for when in ("then", "now"))
