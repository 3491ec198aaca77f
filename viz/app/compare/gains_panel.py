"""Gains by group: a table that opens under it."""

import solara

from kantelpunt.experiments.statistics import Interval
from kantelpunt.viz.text import Text

from ..widgets.html import table, tag
from .groups import Gain


@solara.component
def WhoGains(t: Text, gains: list[Gain]) -> None:
    """Tell what a package does for each quarter, age and sex; only what is clear has a colour."""
    if not gains:
        return
    rows = [[named(t, each), cell(t, each.trust, up=True), cell(t, each.involved, up=False)] for each in gains]
    with tag("details", class_="gains"):
        tag("summary", t("gain.title"))
        table([t("gain.group"), t("gain.trust"), t("gain.involved")], rows)
        tag("p", t("gain.text"), class_="quiet")


def named(t: Text, gain: Gain) -> str:
    """Return how a group is called."""
    return t(f"place.{gain.name}") if gain.kind == "quarter" else t(f"gain.{gain.name}")


def cell(t: Text, found: Interval, up: bool) -> object:
    """Return a difference with its interval, and whether it is clear that it is good or bad."""
    words = t.signed(found.mean, 1)
    spread = t("gain.spread", low=t.signed(found.low, 1), high=t.signed(found.high, 1))
    clear = found.low > 0.0 or found.high < 0.0
    looks = "" if not clear else "gain" if (found.mean > 0.0) is up else "loss"
    return tag("span", tag("b", words, class_=looks), " ", tag("small", spread if clear else f"{spread} · {t('gain.unclear')}"))
