"""The sides of Explore that hold the model against a real trial or recorded crime, and that find when to change course."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import solara

from kantelpunt.experiments.analysis import mirror, trial
from kantelpunt.experiments.exchange.spreadsheet import as_csv
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError, typed
from kantelpunt.viz.report import figures
from kantelpunt.viz.report.instrument_figures import forest, published, scatter
from kantelpunt.viz.text import Text, capital

from ..background_study import Work
from ..compare.answer_panel import Progress
from ..compare.upload import MOST_BYTES
from ..rejection import Refused
from ..widgets.background import Drawn, use_made
from ..widgets.html import Button, Drop, choice, prose, slider, table, tag
from . import analyses, studies
from .deciding import Again, Takes, Told, use_questions
from .instruments import (
    MIRROR_PEOPLE,
    MIRROR_WORLDS,
    MOST_POLICE,
    TRIAL_PEOPLE,
    TRIAL_WORLDS,
    Mirror,
    Pathways,
    Trial,
    Uploads,
    can_change,
    runs_of_pathways,
)

NAMED = 8  # codes that are named of those left out


@solara.component
def Followed(t: Text, making: studies.Making, kind: str, start: Callable[[], None], change: int, able: bool = True) -> None:
    """Begin something, follow it, and stop it."""
    work = making.analyses.get(kind)
    with tag("div"):
        if work and not work.ended:
            Progress(t, work, change)
        else:
            if work and not work.failed and work.done < work.size and not finished(work):
                tag("p", t("deciding.stopped", done=work.done, size=work.size), class_="wrong")
            Button(t(f"instrument.{kind}_start"), start, "strong start", disabled=not able)
        if work and work.failed:
            tag("p", work.failed.said(t), class_="wrong", role="alert")


def finished(work: Work) -> bool:
    """Return whether a work has something to tell."""
    return any(getattr(work, name, None) is not None for name in ("table", "panel", "told"))


def attempt(make: Callable[[], object], set_wrong: Callable[[Refused | None], object]) -> None:
    """Do something with what somebody gave; where that cannot be, tell why."""
    try:
        make()
        set_wrong(None)
    except (Refused, InputError) as error:
        set_wrong(Refused.of(error))


# a real trial


@solara.component
def TrialOf(t: Text, making: studies.Making, change: int) -> None:
    """Do a published trial in the model, and set what it finds beside what was published."""
    able = {name: title(each, t) for name, each in trial.trials().items() if not each.cannot}
    name, set_name = solara.use_state(next(iter(able)))
    worlds, set_worlds = solara.use_state(TRIAL_WORLDS[1])

    def start() -> None:
        making.analyse("trial", lambda folder, show: Trial(name, worlds, folder, show))

    with tag("div", class_="deciding"):
        tag("p", t("instrument.trial_text"))
        with tag("div", class_="halves"):
            with tag("div", class_="whole"):
                choice(capital(t("trial.heading_trial")), able, name, set_name)
            at = TRIAL_WORLDS.index(worlds)
            slider(
                capital(t("trial.worlds")), at, 0, len(TRIAL_WORLDS) - 1, 1,
                lambda i: set_worlds(TRIAL_WORLDS[int(i)]), shown=t.number(worlds),
            )  # fmt: skip
        Followed(t, making, "trial", start, change)
        work = making.analyses.get("trial")
        if isinstance(work, Trial) and work.table is not None:
            Tried(t, work, work.table)


def title(asked: trial.Trial, t: Text) -> str:
    """Return what was tried, in this language."""
    return asked.nl if t.language == "nl" else asked.en


@solara.component
def Tried(t: Text, work: Trial, found: pd.DataFrame) -> None:
    """Tell what a trial finds in the model, beside what was published."""
    asked = work.asked
    heads = [t(f"trial.heading_{name}") for name in ("week", "units", "model", "interval", "published", "interval")]
    rows = [
        [t.number(int(week)), t.number(int(units)), *written(t, *numbers[:3]), *written(t, *numbers[3:])]
        for week, units, *numbers in found.itertuples(index=False, name=None)
    ]
    with tag("div", class_="told"):
        tag("h2", title(asked, t))
        tag("p", t("instrument.trial_of", n=work.size, people=TRIAL_PEOPLE), class_="quiet")
        Drawn(t, lambda: figures.svg(forest(found, title(asked, t), published(t, asked, "unit"), t)), [id(found), t.language])
        table(heads, rows)
        for key in ("source", "outcome", "differs"):
            tag("p", tag("b", f"{t(f'trial.{key}')}: "), published(t, asked, key))
        tag("p", t("trial.nothing"), class_="quiet")
        Taken(t, found, "trial", work.command)


def written(t: Text, mean: float, low: float, high: float) -> tuple[str, str]:
    """Return a number and its interval as they are written; no interval where there is none."""
    return t.number(mean), "" if low != low else f"{t.number(low)} … {t.number(high)}"


@solara.component
def Taken(t: Text, found: pd.DataFrame, kind: str, command: str) -> None:
    """Offer the numbers, and what makes them again."""
    with tag("div"):
        with tag("div", class_="bar downloads"):
            numbers = as_csv(found, index=False)
            solara.FileDownload(numbers, f"kantelpunt-{kind}.csv", label=t("deciding.numbers"), mime_type="text/csv")
        if command:
            with tag("details"):
                tag("summary", t("explore.code"))
                prose(f"```\n{command}\n```", "code-of")


# recorded crime


@solara.component
def MirrorOf(t: Text, making: studies.Making, change: int) -> None:
    """Hold simulated areas beside a police table that somebody gives."""
    given = solara.use_memo(Uploads, [])
    solara.use_effect(lambda: given.discard, [])
    changed, set_changed = solara.use_state(0)
    wrong: Any
    wrong, set_wrong = solara.use_state(None)
    record = given.record

    def take(which: Callable[[str, bytes], None], about: Any, buffers: Any = ()) -> None:
        if isinstance(about, dict) and buffers:
            attempt(lambda: which(str(about.get("name", "")), bytes(buffers[0])), set_wrong)
            set_changed(changed + 1)

    def start() -> None:
        make = partial(Mirror, record, given.areas, given.name)
        attempt(lambda: making.analyse("mirror", make), set_wrong)

    def refuse(most: int) -> None:
        set_wrong(Refused("large", most=most // 1_000_000))

    with tag("div", class_="deciding"):
        tag("p", t("instrument.mirror_text"))
        with tag("div", class_="halves"):
            Drop(
                label=t("instrument.drop_areas"), busyText=t("compare.reading"), accept=".xlsx,.csv,.txt,.tsv", most=MOST_BYTES,
                event_send=partial(take, given.take_areas), event_refuse=lambda _: refuse(MOST_BYTES),
            )  # fmt: skip
            Drop(
                label=t("instrument.drop_table"), busyText=t("compare.reading"), accept=".xlsx,.csv", most=MOST_POLICE,
                event_send=partial(take, given.take_table), event_refuse=lambda _: refuse(MOST_POLICE),
            )  # fmt: skip
        if wrong:
            tag("p", wrong.said(t), class_="wrong", role="alert")
        if record is not None:
            years = [str(each) for each in record.years.columns]
            span = f"{years[0]}-{years[-1]}" if years else "–"
            tag("p", t("instrument.given", file=given.name, n=len(record.years), years=span), role="status")
            if record.left_out:
                codes = ", ".join(record.left_out[:NAMED]) + (" …" if len(record.left_out) > NAMED else "")
                tag("p", t("mirror.left_out", n=len(record.left_out), codes=codes), class_="quiet")
        Followed(t, making, "mirror", start, change, able=record is not None)
        work = making.analyses.get("mirror")
        if isinstance(work, Mirror) and work.panel is not None:
            Mirrored(t, work, work.panel)


@solara.component
def Mirrored(t: Text, work: Mirror, panel: mirror.Panel) -> None:
    """Tell what model and record say of the areas that judge, and how good each forecast is."""
    found = use_made(lambda: (mirror.compared(panel), mirror.scores(panel)), [id(panel)])
    with tag("div", class_="told"):
        Drawn(t, lambda: figures.svg(scatter(panel, t)), [id(panel), t.language])
        if isinstance(found, Refused):
            tag("p", found.said(t), class_="wrong", role="alert")
            return
        if found is None:
            tag("p", t("compare.thinking"), class_="quiet")
            return
        rows, scores = found[0][found[0]["set"] == "judge"], found[1].sort_values("crps")
        period = f"{panel.years[0]}-{panel.years[-1]}"
        known = {"file": work.name, "years": period, "worlds": MIRROR_WORLDS, "set": t("mirror.set.judge")}
        tag("h2", t("mirror.title", n=int(rows["n"].max()), **known))
        tag("p", t("instrument.mirror_people", people=MIRROR_PEOPLE), class_="quiet")
        heads = [t(f"mirror.heading_{name}") for name in ("what", "model", "interval", "recorded", "interval")]
        cells = [
            [t(f"mirror.what.{what}"), *written(t, *numbers[:3]), *written(t, *numbers[3:])]
            for what, _, _, *numbers in rows.itertuples(index=False, name=None)
        ]
        table(heads, cells)
        tag("h2", t("mirror.scores", year=str(panel.years[-1]), n=int(scores["n"].max())))
        heads = [t(f"mirror.heading_{name}") for name in ("forecast", "score", "interval")]
        lines = zip(scores["forecast"], scores["crps"], scores["low"], scores["high"], strict=True)
        table(heads, [[t(f"mirror.forecast.{name}"), *written(t, *numbers)] for name, *numbers in lines])
        tag("p", t("mirror.nothing"), class_="quiet")
        Taken(
            t,
            found[0],
            "mirror",
            f"kantelpunt mirror {typed(work.name)} --skip --people {MIRROR_PEOPLE} --worlds {MIRROR_WORLDS}",
        )


# when to change course


@solara.component
def PathwaysOf(t: Text, study: Study | None, making: studies.Making, change: int) -> None:
    """Find when to begin, what to watch and when to change."""
    found, chosen, question = use_questions(t, study, can_change, analyses.COMPARED)
    plan = found[chosen]

    def start() -> None:
        making.analyse("pathways", lambda folder, show: Pathways(plan, folder, show))

    with tag("div", class_="deciding"):
        tag("p", t("instrument.pathways_text"))
        question()
        Takes(t, plan, list(plan.scenarios)[-1], runs_of_pathways(analyses.one_world(plan)))
        tag("p", t("instrument.pathways_shared"), class_="quiet")
        Followed(t, making, "pathways", start, change)
        work = making.analyses.get("pathways")
        if isinstance(work, Pathways) and work.told and work.study:
            again = Again(work.plan, analyses.FILE, work.command, "")
            Told(t, work.study, {"pathways": work.told}, again)
