"""The stage: two maps and three courses, drawn from one frame."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import solara

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.regime import REGIMES
from kantelpunt.model.state.codes import PLACE_KINDS
from kantelpunt.viz.text import Text

from .. import palette, regimes
from ..widgets.event_handlers import vue
from ..widgets.html import Change, tag
from .player import Player

COLOURS = {
    "low": palette.LOW, "high": palette.HIGH, "stages": palette.STAGES, "adult": palette.ADULT,
    "professional": palette.PROFESSIONAL, "regimes": palette.REGIMES,
}  # fmt: skip
NAMED = ("square", "school", "shop", "centre", "station")  # kinds of place that the map calls by name
COUNTED, WAITED = 4, 26  # weeks over which what is counted, or waited for, is averaged, so that a line can be read


@vue("paired_map.vue")
def _TwinMap(
    frame: dict, kinds: bytes, size: int, titles: list, labels: list, colours: dict, kind_names: list, places: dict,
    states: list, event_drawn: Change, event_pick: Change,
) -> None:  # fmt: skip
    """Two maps; see twinmap.vue."""


@vue("course.vue")
def _Course(
    title: str, unit: str, share: bool, label: str, shown: list, course: list, week: int, weeks: int, colours: list
) -> None:
    """One outcome in both worlds; see course.vue."""


@solara.component
def Maps(t: Text, player: Player, number: int, layer: str, titles: tuple[str, str]) -> None:
    """Draw both worlds in this week; ``number`` tells one frame from the next."""
    with player.lock:
        twins = player.twins
        layers, dots = twins.frame(layer)
        places = twins.worlds[0].simulation.world.places
        kinds = solara.use_memo(lambda: places["kind"].tobytes(), [id(twins)])
        week, weeks = twins.week, twins.weeks
        courses = twins.regimes()

    def pick(where: Any) -> None:
        if isinstance(where, dict) and where.get("number") == number and where.get("side") in (0, 1):
            with player.lock:
                twins.pick(int(where["side"]), int(where.get("index", -1)))
            player.show()

    _TwinMap(
        frame={"number": number, "layers": list(layers), "dots": list(dots)},
        kinds=kinds,
        size=round(places.size**0.5),
        titles=list(titles),
        labels=[t("learn.map", title=title, layer=t(f"layer.{layer}"), week=week) for title in titles],
        colours=COLOURS,
        kind_names=list(PLACE_KINDS),
        places={kind: t(f"place_kind.{kind}") for kind in NAMED},
        states=[state(t, course, week, weeks) for course in courses],
        event_drawn=lambda _: player.drawn(),
        event_pick=pick,
    )


def state(t: Text, course: np.ndarray, week: int, weeks: int) -> dict[str, Any]:
    """Return how a world stands in this week, and the stretches that it has been through, for its bar of time."""
    now = REGIMES[course[week]]
    bar = [{"share": n / (weeks + 1), "regime": REGIMES.index(name)} for name, n in regimes.stretches(course)]
    return {
        "now": t(f"regime.{now}"),
        "hint": t("learn.standing", hint=t(f"regime.{now}_hint")),
        "regime": int(course[week]),
        "bar": bar,
    }


@solara.component
def Courses(t: Text, player: Player, number: int, outcomes: Sequence[str], added: Sequence[str]) -> None:
    """Draw outcomes of both worlds up to the last week that has been seen, some of them added up since the start."""
    with player.lock:
        twins = player.twins
        drawn = {outcome: twins.course(outcome) for outcome in outcomes}
        week, weeks = twins.week, twins.weeks
    with tag("div", class_="courses"):
        for outcome, course in drawn.items():
            kind = OUTCOMES[outcome]
            both = [values.cumsum() if outcome in added else smoothed(values, kind.unit) for values in course]
            shown = [t.amount(float(values[min(week, len(values) - 1)]), kind.unit) for values in both]
            name = t.named("outcome", outcome, kind.definition)
            _Course(
                title=name,
                unit=t("learn.added") if outcome in added else t.named("units", kind.unit, kind.unit),
                share=kind.unit == "share",
                label=t("learn.course", name=name, left=shown[0], right=shown[1]),
                shown=shown,
                course=[values.astype(np.float32).tobytes() for values in both],
                week=week,
                weeks=weeks,
                colours=[palette.LEFT, palette.RIGHT],
            )


def smoothed(values: np.ndarray, unit: str) -> np.ndarray:
    """Return a level as it is, and of anything else the mean of the last weeks, of each week."""
    weeks = COUNTED if unit.endswith("/week") else WAITED if unit == "weeks" else 1
    return pd.Series(values).rolling(weeks, min_periods=1).mean().to_numpy() if weeks > 1 else values
