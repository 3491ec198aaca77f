"""The page Explore: a study of many runs, seen from several sides; and the code that makes it again."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import solara

from kantelpunt.experiments.analysis.sensitivity import rank_correlations, varied
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import PRESETS
from kantelpunt.viz.report import figures
from kantelpunt.viz.report.wording import parameter_name, plan_name, rule, rule_name
from kantelpunt.viz.text import Text

from ..compare.answer_panel import Progress
from ..kept import browser
from ..rejection import Refused
from ..widgets.background import Drawn, use_made
from ..widgets.choices import card_name, measures, outcome_choice
from ..widgets.frame import Place, begun, use_text
from ..widgets.gathered import Gathered
from ..widgets.html import Button, choice, grouped_choice, prose, slider, tag
from . import analyses, studies, study_figures
from .deciding import BestFor, PartsOf, WorthOf
from .instruments_page import MirrorOf, PathwaysOf, TrialOf

SIDES = (
    "parameter", "distribution", "sensitivity", "failing", "worth", "parts", "best", "pathways", "tipping", "mirror", "trial",
    "code",
)  # fmt: skip
AREA, KIND = studies.AREA, studies.KIND  # what is chosen unless somebody chooses
COMMANDS = ("uv run kantelpunt compare", "uv run kantelpunt sweep presence")


@solara.component
def Explore() -> None:
    """Draw the page for this session."""
    t = use_text()
    opened: solara.Reactive[Any] = solara.use_reactive(("", None))
    begin = begun("explore")
    side, set_side = solara.use_state(begin["side"] if begin.get("side") in SIDES else SIDES[0])
    changes = solara.use_reactive(0)

    def make() -> tuple[studies.Making, Callable[[], None]]:
        def draw() -> None:
            if made:
                opened.set((name_of(making, made[-1]), made[-1]))
                made.clear()
            changes.set(changes.peek() + 1)

        made, show = deque[Study](), Gathered(draw)
        making = studies.making_of(browser(), made.append, show)
        with suppress(InputError):
            if name := begin.get("study", ""):
                opened.set((name, found(making, name)))
        return making, lambda: making.leave(show) if browser() else making.discard()

    making, leave = solara.use_memo(make, [])
    solara.use_effect(lambda: leave, [])
    name, study = opened.value
    Place(t, "explore", {**({"side": side} if side != SIDES[0] else {}), **({"study": name} if name else {})})
    with tag("div", class_="explore"):
        tag("h1", t("explore.title"))
        with tag("div", class_="columns"):
            Source(t, study, opened.set, making, changes.value)
            with tag("section", class_="card"):
                with tag("div", class_="bar", role="group", aria_label=t("explore.title")):
                    for name in SIDES:
                        Button(t(f"explore.{name}"), lambda name=name: set_side(name), "small", pressed=name == side)
                if side == "tipping":
                    Tipping(t)
                elif side == "parts":
                    PartsOf(t, study, making, changes.value)
                elif side == "best":
                    BestFor(t, study, making, changes.value)
                elif side == "pathways":
                    PathwaysOf(t, study, making, changes.value)
                elif side == "mirror":
                    MirrorOf(t, making, changes.value)
                elif side == "trial":
                    TrialOf(t, making, changes.value)
                elif study is None:
                    Promise(t, making, changes.value)
                elif side == "worth":
                    WorthOf(t, study)
                else:
                    Seen(t, study, side)


def found(making: studies.Making, name: str) -> Study:
    """Return the study of this name: made here, checked on the page Compare, or in results; raises InputError without any."""
    checked = analyses.checked() if name == analyses.COMPARED else None
    return making.made.get(name) or checked or studies.open_study(name)


def name_of(making: studies.Making, study: Study) -> str:
    """Return under which name a study that was made here is listed."""
    return next(name for name, each in making.made.items() if each is study)


@solara.component
def Promise(t: Text, making: studies.Making, change: int) -> None:
    """Tell what a study is and what there is to see of it, while none is open; a button makes a first one."""
    with tag("div", class_="promise"):
        tag("h2", t("explore.nothing_open"))
        tag("p", t("explore.study_is"))
        with tag("dl"):
            for name in SIDES:
                tag("dt", t(f"explore.{name}"))
                tag("dd", t(f"explore.{name}_shows"))
        if making.making:
            Progress(t, making.check, change)
        else:
            Button(t("explore.first"), lambda: making.start(studies.new_plan(title=title(t, AREA, KIND))), "strong first")
        prose(f"{t('explore.by_command')}\n\n```\n{chr(10).join(COMMANDS)}\n```", "code-of")


@solara.component
def Source(t: Text, study: Study | None, on_open: Callable[[Any], None], making: studies.Making, change: int) -> None:
    """Open a study, or start one."""
    wrong, set_wrong = solara.use_state("")
    listed = solara.use_memo(studies.listed, [])

    def look(name: str) -> None:
        if not name:
            return
        try:
            on_open((name, found(making, name)))
            set_wrong("")
        except InputError:
            set_wrong(t("explore.unreadable", name=name))

    with tag("div", class_="stack"):
        with tag("section", class_="card"):
            tag("h2", t("explore.open"))
            checked = {analyses.COMPARED: t("explore.checked")} if analyses.checked() else {}
            if listed or making.made or checked:
                here = checked | {name: name for name in making.made}
                kept = {name: name for name in listed}
                groups = {"": {"": t("explore.choose")}, t("explore.made_here"): here, t("explore.in_results"): kept}
                groups = {heading: some for heading, some in groups.items() if some}
                grouped_choice(t("explore.open"), groups, "", look, hidden=True)
            else:
                tag("p", t("explore.none"), class_="quiet")
            if wrong:
                tag("p", wrong, class_="wrong", role="alert")
        Fresh(t, study, making, change)


@solara.component
def Fresh(t: Text, study: Study | None, making: studies.Making, change: int) -> None:
    """Start a study of one intervention."""
    area, set_area = solara.use_state(AREA)
    kind, set_kind = solara.use_state(KIND)
    design, set_design = solara.use_state("latin")
    sizes, set_sizes = solara.use_state(studies.USUAL)
    chosen, set_chosen = solara.use_state("")
    possible = solara.use_memo(lambda: studies.choices(design, study), [design, id(study)])
    chosen = next(key for key in (chosen, *studies.FIRST) if key in possible)
    check = making.check

    def start() -> None:
        vary = () if chosen == studies.ALL else possible[chosen]
        making.start(studies.new_plan(area, kind, sizes[design], design, vary, title(t, area, kind)))

    with tag("section", class_="card stack"):
        tag("h2", t("explore.new"))
        choice(t("compare.area"), {name: preset.name for name, preset in PRESETS.items()}, area, set_area)
        grouped_choice(t("explore.kind"), measures(t), kind, set_kind)
        choice(t("explore.design"), {name: t(f"explore.{name}") for name in studies.SIZES}, design, set_design)
        if len(possible) > 1:
            named = {key: varied_name(t, key, len(some)) for key, some in possible.items()}
            choice(t("explore.varied"), named, chosen, set_chosen)
        offered = studies.SIZES[design]
        slider(
            t(f"explore.{design}_size"), offered.index(sizes[design]), 0, len(offered) - 1, 1,
            lambda i: set_sizes({**sizes, design: offered[int(i)]}), shown=t.number(sizes[design]),
        )  # fmt: skip
        Takes(t, area, kind, design, studies.runs_of(design, sizes[design], len(possible[chosen])))
        if check and check.failed:
            tag("p", check.failed.said(t), class_="wrong", role="alert")
        if making.making:
            Progress(t, check, change)
        else:
            Button(t("explore.start"), start, "strong start")


def title(t: Text, area: str, kind: str) -> str:
    """Return what a new study is called."""
    return t("explore.study_title", kind=card_name(t, kind), area=PRESETS[area].name)


def varied_name(t: Text, key: str, n: int) -> str:
    """Return what a choice of parameters is called."""
    if key.startswith(studies.RULE):
        return t("explore.of_rule", rule=rule_name(t, key.removeprefix(studies.RULE)), n=n)
    return t(f"explore.{key}", n=n)


@solara.component
def Takes(t: Text, area: str, kind: str, design: str, runs: int) -> None:
    """Tell how long a study will take, before it starts; a run is done to know."""
    seconds = use_made(lambda: studies.seconds_a_run(studies.example(area, kind)), [area, kind])
    with tag("div"):
        if isinstance(seconds, Refused):
            tag("p", seconds.said(t), class_="wrong", role="alert")
        elif seconds:
            tag("p", tag("b", t("explore.takes", runs=runs, time=t.duration(runs * seconds))))
        else:
            tag("p", t("compare.thinking"))
        tag("p", t(f"explore.{design}_takes"), class_="quiet")


@solara.component
def Seen(t: Text, study: Study, side: str) -> None:
    """Show a study from one side."""
    outcome, set_outcome = solara.use_state("recruited")
    chosen, set_chosen = solara.use_state("")
    scenario, set_scenario = solara.use_state("")
    runs, names = solara.use_memo(lambda: (study.runs, varied(study)), [id(study)])
    parameter = chosen if chosen in names else names[0] if names else ""
    scenarios = {str(name): plan_name(t, str(name)) for name in study.plan.scenarios}
    scenario = scenario if scenario in scenarios else list(scenarios)[-1]
    known: list[Any] = [id(study), side, outcome, parameter, scenario, t.language]
    with tag("div"):
        tag("p", study.plan.heading + " " + t("explore.size", runs=len(runs), points=int(runs["point"].nunique())))
        with tag("div", class_="halves"):
            if side not in ("failing", "code"):
                outcome_choice(t, outcome, set_outcome)
            if side == "parameter" and names:
                grouped_choice(t("explore.assumption"), by_rule(t, names), parameter, set_chosen)
            if side in ("sensitivity", "failing"):
                choice(figures.capital(t("explore.scenario")), scenarios, scenario, set_scenario)
        if side == "code":
            with tag("div"):
                prose(f"{t('explore.code_text')}\n\n```\n{studies.code(study)}\n```", "code-of")
                with tag("div", class_="bar downloads"):
                    solara.FileDownload(study.plan.to_toml(), "study.toml", label=t("explore.take"), mime_type="application/toml")
                prose(f"```\n{study.plan.to_toml()}\n```", "code-of")
        elif side == "distribution":
            Drawn(t, lambda: figures.svg(study_figures.distributions(t, runs, outcome)), known)
        elif not names:
            tag("p", t("explore.nothing_varies"), class_="quiet")
        elif side == "parameter":
            Drawn(t, lambda: figures.svg(study_figures.over_parameter(t, runs, outcome, parameter)), known)
        elif side == "failing":
            Failing(t, study, scenario)
        else:
            Weights(t, study, scenario, outcome)


@solara.component
def Weights(t: Text, study: Study, scenario: str, outcome: str) -> None:
    """Tell which assumptions weigh most: by Morris or Sobol where the study was made for that, or else by rank correlation."""

    def look() -> Any:
        try:
            table = studies.indices(study, scenario, outcome)
        except InputError as error:
            return error
        return rank_correlations(study, scenario, outcome) if table is None else table

    table, known = use_made(look, [id(study), scenario, outcome]), [id(study), scenario, outcome, t.language]
    with tag("div"):
        if table is None:
            tag("p", t("compare.thinking"), class_="quiet")
        elif isinstance(table, Refused):
            tag("p", table.said(t), class_="wrong", role="alert")
        elif isinstance(table, InputError):
            tag("p", t("explore.not_whole"), class_="quiet")
        elif study.plan.design in studies.METHODS:
            Drawn(t, lambda: figures.svg(figures.sensitivity(table, outcome, t)), known)
            text = t(f"explore.{study.plan.design}_text", against=plan_name(t, study.plan.baseline(scenario)))
            luck = table.attrs["luck"]
            tag("p", text if luck is None else f"{text} {t('explore.luck_text', luck=t.amount(luck, 'share'))}", class_="quiet")
        else:
            Drawn(t, lambda: figures.svg(study_figures.bars(t, table)), known)
            tag("p", t("explore.sensitivity_text"), class_="quiet")


def by_rule(t: Text, parameters: list[str]) -> dict[str, dict[str, str]]:
    """Return parameters with what they mean, under the rules that they belong to."""
    groups: dict[str, dict[str, str]] = {}
    for name in parameters:
        groups.setdefault(rule_name(t, name.partition(".")[0]), {})[name] = parameter_name(t, name)
    return groups


@solara.component
def Failing(t: Text, study: Study, scenario: str) -> None:
    """Tell in which futures a plan fails, as a box in a few assumptions."""

    def look() -> Any:
        try:
            return studies.failing(study, scenario)
        except InputError as error:
            return error

    box = use_made(look, [id(study), scenario])
    with tag("div"):
        tag("p", t("explore.failing_text"))
        if box is None:
            tag("p", t("compare.thinking"), class_="quiet")
        elif isinstance(box, Refused):
            tag("p", box.said(t), class_="wrong", role="alert")
        elif scenario == study.plan.baseline(scenario):
            tag("p", t("explore.failing_none"), class_="quiet")
        elif isinstance(box, InputError):
            tag("p", t("explore.failing_few"), class_="quiet")
        else:
            tag("p", t("explore.fails", base=t.amount(box.base, "share"), points=box.points))
            if where := rule(t, box):
                density, coverage = (t.amount(each, "share") for each in (box.density, box.coverage))
                tag("p", tag("b", t("report.rule", rule=where, density=density, coverage=coverage)))
            else:
                tag("p", t("report.no_rule"))


@solara.component
def Tipping(t: Text) -> None:
    """Show how much of an intervention it takes, for how long: a map of doses and durations."""
    area, set_area = solara.use_state(AREA)
    kind, set_kind = solara.use_state(KIND)
    outcome, set_outcome = solara.use_state("trust_institutions")
    asked: solara.Reactive[Any] = solara.use_reactive(None)
    name = browser()
    table = use_made(lambda: studies.tipping_map(*asked.value, browser=name) if asked.value else None, [asked.value])
    with tag("div"):
        tag("p", t("explore.tipping_text"))
        with tag("div", class_="halves"):
            choice(t("compare.area"), {name: preset.name for name, preset in PRESETS.items()}, area, set_area)
            grouped_choice(t("explore.kind"), measures(t), kind, set_kind)
            outcome_choice(t, outcome, set_outcome)
        with tag("p"):
            Button(t("explore.map"), lambda: asked.set((area, kind, outcome)), "strong map")
        if isinstance(table, Refused):
            tag("p", table.said(t), class_="wrong", role="alert")
        elif table is None and asked.value:
            tag("p", t("explore.mapping"), class_="quiet")
            tag("progress", aria_label=t("explore.map"))
        elif table is not None and asked.value:
            shown = asked.value[2]
            Drawn(t, lambda: figures.svg(study_figures.heat(t, table[0], shown, table[1])), [asked.value, t.language])
