"""A lesson as one page of HTML: what was recorded, what is said of it in both languages, and the script that plays it."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.state.codes import PLACE_KINDS, STAGES

from ..app import palette
from ..app.drawing import COURSES, SCRIPT
from ..app.learn.lessons import WAYS, Found, Lesson, Way
from ..app.learn.maps import COLOURS, NAMED, over_weeks
from ..app.learn.own_lessons import told as told_in
from ..app.learn.paired_worlds import PairedWorlds
from ..app.learn.player import SPEEDS
from ..app.learn.session import OTHERS
from ..app.widgets.html import untrusted
from ..report.wording import credited
from ..text import LANGUAGES, Text, capital
from .recording import Blob, recorded

HERE = Path(__file__).parent
DOSES = (0.25, 0.5, 1.0)  # shares of the full programme, in both worlds
Step = Callable[[int], None]


def work(lesson: Lesson) -> int:
    """Return how many steps it takes to record a lesson, as `page` tells of them."""
    return len(DOSES) * (WEEKS_A_YEAR * lesson.years + 1 + OTHERS)


def page(name: str, lesson: Lesson, seed: int, language: str, told: Step = lambda _: None) -> str:
    """Return the hand-out of a lesson.

    Parameters
    ----------
    name : of the lesson, for its texts.
    seed : the world.
    language : the one in which it opens.
    told : called with every number of steps that are done; see `work`.
    """
    blob, doses, others = Blob(), [], range(seed + 1, seed + 1 + OTHERS)
    for dose in DOSES:
        some = lesson.dosed(dose)
        places, twins = recorded(some, seed, blob, lambda: told(1))
        found, elsewhere = some.found(twins), some.elsewhere(others)
        told(OTHERS)
        doses.append({"dose": dose, **places, "found": said(name, lesson, found, elsewhere, seed)})
    kinds = twins.worlds[0].simulation.world.places["kind"]
    about = {
        "language": language,
        "size": round(kinds.size**0.5),
        "kinds": blob.add(kinds.astype("u1")),
        "kind_names": list(PLACE_KINDS),
        "weeks": twins.weeks,
        "year": WEEKS_A_YEAR,
        "doses": doses,
        "window": [lesson.asked.from_, lesson.asked.until],
        "speeds": SPEEDS,
        "speed": lesson.speed,
        "colours": {**COLOURS, "high": palette.high(lesson.layer)},
        "shares": [OUTCOMES[outcome].unit == "share" for outcome in lesson.charts],
        "texts": {code: words(Text(code), name, lesson, twins) for code in LANGUAGES},
    }
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("handout.html.j2").render(
        language=language,
        title=told_in(Text(language), name, lesson, "title"),
        lacking={code: Text(code)("handout.lacking") for code in LANGUAGES},
        about=Markup(json.dumps(about, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
        recording=base64.b64encode(blob.packed()).decode(),
        style=Markup((HERE / "handout.css").read_text(encoding="utf-8")),
        script=Markup("\n".join(path.read_text(encoding="utf-8") for path in (SCRIPT, COURSES, HERE / "handout.js"))),
    )


def said(name: str, lesson: Lesson, found: Found, elsewhere: dict[Way, int], seed: int) -> dict[str, Any]:
    """Return what is said of an outcome in every language, as HTML."""
    told: dict[str, Any] = {"way": found.way}
    for code in LANGUAGES:
        t, asked = Text(code), OUTCOMES[lesson.asked.outcome]
        counted = ", ".join(t(f"elsewhere.{way}", n=n) for way, n in elsewhere.items() if n)
        told[code] = untrusted(
            t(
                "lesson_step.found",
                outcome=capital(t.named("outcome", lesson.asked.outcome, asked.definition)),
                a=told_in(t, name, lesson, "left"),
                b=told_in(t, name, lesson, "right"),
                way=t(f"found.{found.way}", percent=lesson.asked.percent),
                world=seed,
                when=over_weeks(t, lesson.asked),
                left=t.amount(found.left, asked.unit),
                right=t.amount(found.right, asked.unit),
            )
            + f"\n\n**{told_in(t, name, lesson, found.way)}**\n\n"
            + t("lesson_step.elsewhere", n=OTHERS, counted=counted)
        )
    return told


def words(t: Text, name: str, lesson: Lesson, twins: PairedWorlds) -> dict[str, Any]:
    """Return all that the page says in a language, but for what came of it."""
    from importlib.metadata import version

    area = twins.worlds[0].scenario.resolved_area()
    plain = ("play", "pause", "back_a_week", "on_a_week", "speed", "scrub", "adult", "youth", "staff", "lit", "little", "much")
    charts = [(outcome, OUTCOMES[outcome]) for outcome in lesson.charts]
    steps = ("watch", "reveal", "talk")
    return {
        **{each: t(f"learn.{each}") for each in plain},
        **{each: untrusted(told_in(t, name, lesson, each)) for each in ("scene", "question", "watch", "meaning")},
        **{f"head_{step}": t(f"handout.{step}") for step in steps},
        "title": told_in(t, name, lesson, "title"),
        "worlds": [told_in(t, name, lesson, each) for each in ("left", "right")],
        "ways": {way: t(f"way.{way}", percent=lesson.asked.percent) for way in WAYS},
        **{
            after: {way: t(f"handout.{after}", way=t(f"handout.way_{way}")) for way in WAYS}
            for after in ("guessed", "right", "wrong")
        },
        "to_talk": told_in(t, name, lesson, "talk"),
        "dose": t("handout.dose"),
        "doses": [t("handout.dose_of", percent=round(100 * dose)) for dose in DOSES],
        "speeds": [t("learn.speed_of", weeks=weeks) for weeks in SPEEDS],
        "to_end": t("handout.to_end"),
        "at": t("handout.at"),
        "map": t("handout.map"),
        "layer": f"{t('handout.colour')} {t(f'layer.{lesson.layer}')}",
        "hidden": t("place_kind.hidden"),
        "stages": [t(f"stage.{stage}") for stage in range(1, len(STAGES))],
        "places": {kind: t(f"place_kind.{kind}") for kind in NAMED},
        "charts": [t.named("outcome", outcome, kind.definition) for outcome, kind in charts],
        "units": [
            t("learn.added") if outcome in lesson.added else t.named("units", kind.unit, kind.unit) for outcome, kind in charts
        ],
        "no_proof": t("lesson_step.no_proof"),
        "foot": [
            t("frame.not_a_forecast"),
            credited(t, area.source),
            t("report.made", date=t.day(datetime.now(UTC).date().isoformat()), version=version("kantelpunt")),
        ],
    }
