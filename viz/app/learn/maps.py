"""The stage: two maps and three courses, drawn from one frame."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import solara

from kantelpunt.model.outcomes import OUTCOMES, is_total
from kantelpunt.model.regime import REGIMES
from kantelpunt.model.state.codes import PLACE_KINDS
from kantelpunt.viz.text import Text

from .. import palette, regimes
from ..drawing import CHARTING, DRAWING, SIGNING
from ..widgets.event_handlers import vue
from ..widgets.html import Button, Change, tag
from . import difference, marks
from .lessons import Asked, Found
from .session import LessonSession

COLOURS = {
    "low": palette.LOW, "stages": palette.STAGES, "adult": palette.ADULT,
    "professional": palette.PROFESSIONAL, "regimes": palette.REGIMES, "good": palette.GOOD, "bad": palette.BAD,
}  # fmt: skip
NAMED = ("square", "school", "shop", "centre", "station")  # kinds of place that the map calls by name
COUNTED, WAITED = 4, 26  # weeks over which what is counted, or waited for, is averaged, so that a line can be read


@vue("paired_map.vue")
def _TwinMap(
    frame: dict, kinds: bytes, size: int, titles: list, labels: list, colours: dict, kind_names: list, mark_names: list,
    places: dict, states: list, by_keys: str, sides: list, differing: bool, playing: bool, drawing: str, signing: str,
    event_drawn: Change, event_pick: Change,
) -> None:  # fmt: skip
    """Two maps; see paired_map.vue."""


@vue("course.vue")
def _Course(
    title: str, unit: str, share: bool, label: str, when: str, shown: list, window: list, course: list, week: int, weeks: int,
    drawing: str,
) -> None:  # fmt: skip
    """One outcome in both worlds; see course.vue."""


@solara.component
def Maps(t: Text, room: LessonSession, number: int, titles: tuple[str, str]) -> None:
    """Draw both worlds in this week; ``number`` tells one frame from the next."""
    player, layer, differing = room.player, room.layer, room.differing
    with player.lock:
        twins = player.twins
        if differing:
            layers, dots = (b"", difference.shades(twins, layer)), (b"", difference.dots(twins))
            rounds = seen = (b"", b"")
        else:
            (layers, dots), rounds = twins.frame(layer), twins.rounds()
            seen = (marks.marks(twins.worlds[0]), marks.marks(twins.worlds[1]))
        places = twins.worlds[0].simulation.world.places
        kinds = solara.use_memo(lambda: places["kind"].tobytes(), [id(twins)])
        week, weeks = twins.week, twins.weeks
        courses = [course[:1] if room.covered else course for course in twins.regimes()]

    def pick(where: Any) -> None:
        if isinstance(where, dict) and where.get("number") == number and where.get("side") in (0, 1):
            with player.lock:
                index = int(where.get("index", -1))
                if differing:
                    difference.pick(twins, index)
                else:
                    twins.pick(int(where["side"]), index)
            player.show()

    called, sides = list(titles), [0, 1]
    if differing:
        called, sides = ["", t("learn.difference", left=titles[0], right=titles[1])], [1]
    _TwinMap(
        by_keys=t("learn.map_keys"),
        frame={"number": number, "layers": list(layers), "dots": list(dots), "rounds": list(rounds), "marks": list(seen)},
        kinds=kinds,
        size=round(places.size**0.5),
        titles=called,
        labels=[t("learn.map", title=title, layer=t(f"layer.{layer}"), week=week) for title in called],
        colours={**COLOURS, "high": palette.high(layer)},
        kind_names=list(PLACE_KINDS),
        mark_names=list(marks.NAMES),
        places={kind: t(f"place_kind.{kind}") for kind in NAMED},
        states=[state(t, course, week, weeks) for course in courses],
        sides=sides,
        differing=differing,
        playing=player.playing,
        drawing=DRAWING,
        signing=SIGNING,
        event_drawn=lambda _: player.drawn(),
        event_pick=pick,
    )
    if differing:
        Parting(t, room, number, titles)


@solara.component
def Parting(t: Text, room: LessonSession, number: int, titles: tuple[str, str]) -> None:
    """Tell when the two worlds parted, and who stands elsewhere by now."""
    with room.player.lock:
        week, found = difference.parted(room.player.twins), difference.differing(room.player.twins)
    if week is None:
        tag("p", t("learn.not_parted"), class_="parting")
        return
    deeper = int(found.deeper.sum())
    with tag("p", class_="parting"):
        tag("b", t("learn.parted", week=week), " ")
        tag("span", t("learn.elsewhere", right=titles[1], less=len(found.deeper) - deeper, more=deeper), " ")
        Button(t("learn.to_parting", week=week), lambda: room.go_to(week), "small")


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
def Courses(t: Text, room: LessonSession, number: int) -> None:
    """Draw outcomes of both worlds up to the last week that has been seen, some of them added up since the start.

    The prediction of the room shows the same numbers, over the same weeks, as the reveal does.
    """
    player, added, told = room.player, room.added, asked_of(room)
    with player.lock:
        twins = player.twins
        drawn = {outcome: twins.course(outcome) for outcome in room.charts}
        week, weeks = twins.week, twins.weeks
    with tag("div", class_="courses"):
        for outcome, course in drawn.items():
            kind = OUTCOMES[outcome]
            both = [values.cumsum() if outcome in added else smoothed(values, kind.unit) for values in course]
            at, when = [values[min(week, len(values) - 1)] for values in both], t("learn.in_week", week=week)
            window = told if told and told.asked.outcome == outcome else None
            if window:
                at, when = [window.found.left, window.found.right], over_weeks(t, window.asked)
            shown = [t.amount(float(value), kind.unit) for value in at]
            name = t.named("outcome", outcome, kind.definition)
            _Course(
                title=name,
                unit=t("learn.added") if outcome in added else t.named("units", kind.unit, kind.unit),
                share=kind.unit == "share",
                label=t("learn.course", name=name, when=when, left=shown[0], right=shown[1]),
                when=when,
                window=[window.asked.from_, window.asked.until] if window else [],
                shown=shown,
                course=[values.astype(np.float32).tobytes() for values in both],
                week=week,
                weeks=weeks,
                drawing=CHARTING,
            )


class Told(NamedTuple):
    """The question to the room, and its outcome."""

    asked: Asked
    found: Found


def asked_of(room: LessonSession) -> Told | None:
    """Return what the room was asked, where its answer has been revealed."""
    if room.lesson and room.found and room.step in ("reveal", "talk"):
        return Told(room.lesson.asked, room.found)
    return None


def over_weeks(t: Text, asked: Asked) -> str:
    """Return over which weeks a prediction is about, and how they are taken together."""
    return t("learn.sum_of" if is_total(asked.outcome) else "learn.mean_of", first=asked.from_, last=asked.until)


def smoothed(values: np.ndarray, unit: str) -> np.ndarray:
    """Return a level as it is, and of anything else the mean of the last weeks, of each week."""
    weeks = COUNTED if unit.endswith("/week") else WAITED if unit == "weeks" else 1
    return pd.Series(values).rolling(weeks, min_periods=1).mean().to_numpy() if weeks > 1 else values
