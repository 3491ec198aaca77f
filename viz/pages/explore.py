"""The page Explore: a study of many runs, seen from several sides; and the code that makes it again."""

from collections.abc import Callable
from typing import Any

import solara

from experiments.answer import Answer
from model.areas import PRESETS
from model.errors import InputError
from model.interventions import catalogue
from viz import studies, views
from viz.components.answer import Progress
from viz.components.basics import Button, choice, prose, slider, tag
from viz.components.cards import card_name
from viz.components.frame import Keys, use_text
from viz.studies import MOST_POINTS, Opened
from viz.text import Text
from viz.thorough import Check
from viz.verdict import outcome_name

SIDES = ("parameter", "distribution", "sensitivity", "tipping", "code")


@solara.component
def Explore() -> None:
    """Draw the page for this session."""
    t = use_text()
    opened, set_opened = solara.use_state(None)
    side, set_side = solara.use_state(SIDES[0])
    Keys(lang=t.language, active=False, event_press=lambda _: None)
    with tag("div", class_="explore"):
        tag("h1", t("explore.title"))
        with tag("div", class_="columns"):
            with tag("div", class_="stack"):
                Source(t, set_opened)
            with tag("section", class_="card"):
                with tag("div", class_="bar", role="group", aria_label=t("explore.title")):
                    for name in SIDES:
                        Button(t(f"explore.{name}"), lambda name=name: set_side(name), "small", pressed=name == side)
                if side == "tipping":
                    Tipping(t)
                elif opened is None:
                    tag("p", t("explore.nothing_open"), class_="quiet")
                else:
                    Seen(t, opened, side)


@solara.component
def Source(t: Text, on_open: Callable[[Any], None]) -> None:
    """Open a study, or start one."""
    wrong, set_wrong = solara.use_state("")
    found = solara.use_memo(studies.listed, [])

    def look(name: str) -> None:
        if not name:
            return
        try:
            on_open(studies.open_study(name))
            set_wrong("")
        except InputError:
            set_wrong(t("explore.unreadable", name=name))

    with tag("div", class_="stack"):
        with tag("section", class_="card"):
            tag("h2", t("explore.open"))
            if found:
                choice(t("explore.open"), {"": t("explore.choose"), **{name: name for name in found}}, "", look, hidden=True)
            else:
                tag("p", t("explore.none"), class_="quiet")
            if wrong:
                tag("p", wrong, class_="wrong", role="alert")
        Fresh(t, on_open)


@solara.component
def Fresh(t: Text, on_open: Callable[[Any], None]) -> None:
    """Start a study of one intervention at plausible points."""
    area, set_area = solara.use_state(next(iter(PRESETS)))
    kind, set_kind = solara.use_state("visible_presence")
    points, set_points = solara.use_state(32)
    check: solara.Reactive[Any] = solara.use_reactive(None)
    changes = solara.use_reactive(0)

    def show() -> None:
        changes.value += 1
        running = check.value
        if running and running.ended and running.study.done and not running.failed:
            on_open(Opened(running.plan, running.study.runs))

    def start() -> None:
        check.value = Check(studies.new_plan(area, kind, 1.0, points), show)
        check.value.start()

    solara.use_effect(lambda: lambda: check.value.close() if check.value else None, [])
    running = check.value
    with tag("section", class_="card stack"):
        tag("h2", t("explore.new"))
        choice(t("compare.area"), {name: preset.name for name, preset in PRESETS.items()}, area, set_area)
        choice(t("explore.kind"), {name: card_name(t, name) for name in catalogue()}, kind, set_kind)
        slider(t("explore.points"), points, 8, MOST_POINTS, 8, lambda n: set_points(int(n)), shown=t.number(points))
        if running and not running.ended:
            Progress(t, running, changes.value)
        else:
            Button(t("explore.start"), start, "strong start")


@solara.component
def Seen(t: Text, opened: Opened, side: str) -> None:
    """Show a study from one side."""
    outcome, set_outcome = solara.use_state("recruited")
    varied = opened.varied
    parameter, set_parameter = solara.use_state("")
    scenarios = list(opened.plan.scenarios)
    scenario, set_scenario = solara.use_state("")
    parameter = parameter if parameter in varied else varied[0] if varied else ""
    scenario = scenario if scenario in scenarios else scenarios[0]
    with tag("div"):
        tag("p", opened.plan.heading + " " + t("explore.size", runs=len(opened.runs), points=opened.runs["point"].nunique()))
        if side == "code":
            Code(t, opened)
            return
        with tag("div", class_="halves"):
            choice(t("compare.outcome"), {name: outcome_name(t, name) for name in opened.outcomes}, outcome, set_outcome)
            if side == "parameter" and varied:
                choice(t("explore.parameter"), {name: name for name in varied}, parameter, set_parameter)
            if side == "sensitivity":
                choice(t("explore.scenario"), {name: name for name in scenarios}, scenario, set_scenario)
        if side == "distribution":
            Picture(t, lambda: views.distributions(t, opened, outcome), [id(opened), outcome, t.language])
        elif not varied:
            tag("p", t("explore.nothing_varies"), class_="quiet")
        elif side == "parameter":
            Picture(t, lambda: views.over_parameter(t, opened, outcome, parameter), [id(opened), outcome, parameter, t.language])
        else:
            found = studies.sensitivity(opened, scenario, outcome)
            Picture(t, lambda: views.bars(t, found), [id(opened), outcome, scenario, t.language])
            tag("p", t("explore.sensitivity_text"), class_="quiet")


@solara.component
def Picture(t: Text, make: Callable[[], Any], dependencies: list[Any]) -> None:
    """Draw a figure in the background, and show it when it is there."""
    drawn = solara.lab.use_task(lambda: views.svg(make()), dependencies=dependencies)
    if drawn.value and not drawn.pending:
        solara.HTML(tag="div", unsafe_innerHTML=drawn.value, classes=["picture"])
    else:
        tag("p", t("compare.thinking"), class_="quiet")


@solara.component
def Tipping(t: Text) -> None:
    """Show how much of an intervention it takes, for how long: a map of doses and durations."""
    kind, set_kind = solara.use_state("visible_presence")
    outcome, set_outcome = solara.use_state("trust_institutions")
    asked: solara.Reactive[Any] = solara.use_reactive(None)
    found = solara.lab.use_task(
        lambda: studies.tipping(*asked.value) if asked.value else None, dependencies=[asked.value], raise_error=True
    )
    with tag("div"):
        tag("p", t("explore.tipping_text"))
        with tag("div", class_="halves"):
            choice(t("explore.kind"), {name: card_name(t, name) for name in catalogue()}, kind, set_kind)
            outcomes = {name: outcome_name(t, name) for name in studies.OUTCOMES}
            choice(t("compare.outcome"), outcomes, outcome, set_outcome)
        Button(t("explore.map"), lambda: asked.set((next(iter(PRESETS)), kind, outcome)), "strong")
        if found.pending:
            tag("p", t("explore.mapping"), class_="quiet")
            tag("progress", aria_label=t("explore.map"))
        elif found.value is not None and asked.value:
            table, shown = found.value, asked.value[2]
            Picture(t, lambda: views.heat(t, table, shown), [asked.value, t.language])


@solara.component
def Code(t: Text, opened: Opened) -> None:
    """Show the code that makes a study again, and what it says."""
    plan = opened.plan.to_toml()
    prose(t("explore.code_text"))
    prose(f"```\n{CODE}\n```\n\n**plan.toml**\n\n```\n{plan}\n```", "code-of")


CODE = f"""from experiments.plan import Plan
from experiments.study import Study

study = Study(Plan.from_toml("plan.toml"))
study.run()
study.runs        # one row a run: scenario, point, world, outcomes, parameters
study.effects()   # what each scenario does, with a verdict

from experiments.answer import {Answer.__name__}
print({Answer.__name__}(study).page())"""
