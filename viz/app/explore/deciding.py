"""Decision support on the page Explore: what to find out first, which part does the work, the best for a budget."""

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import solara

from kantelpunt.experiments.analysis.worth import FEWEST_POINTS
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.exchange.spreadsheet import as_csv
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.viz.report import decisions, figures
from kantelpunt.viz.report.advice import advice
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.decision_figures import drawn, has_picture
from kantelpunt.viz.report.html import page
from kantelpunt.viz.report.wording import carrier_name, plan_name
from kantelpunt.viz.text import Text

from ..background_study import Work, at_most
from ..compare.answer_panel import Progress
from ..compare.what_if import MOST_BUDGET
from ..rejection import Refused
from ..widgets.background import Drawn, use_made
from ..widgets.frame import address
from ..widgets.html import Button, choice, field, prose, slider, table, tag
from . import analyses, studies


@solara.component
def WorthOf(t: Text, study: Study) -> None:
    """Tell what it is worth to find out each uncertain number before choosing between the plans of a study."""
    euros, set_euros = solara.use_state(0.0)
    points = solara.use_memo(lambda: int(study.runs["point"].nunique()), [id(study)])
    able = points >= FEWEST_POINTS and study.plan.compare is not None
    told = use_made(lambda: analyses.worth(study, euros) if able else None, [id(study), euros])
    with tag("div", class_="deciding"):
        tag("p", t("deciding.worth_text"))
        if not able:
            tag("p", t("deciding.worth_few", points=points, least=FEWEST_POINTS), class_="quiet")
            return
        with tag("div", class_="halves"):
            shown = t.number(euros, 0) if euros else ""
            field(t("deciding.euros"), shown, lambda text: set_euros(money(text)), hint=t("deciding.euros_hint"))
        if isinstance(told, Refused):
            tag("p", told.said(t), class_="wrong", role="alert")
        elif told is None:
            tag("p", t("deciding.looking"), class_="quiet", role="status")
        else:
            command = analyses.command_of_worth(studies.in_results(study))
            again = Again(study.plan, "study.toml", command, analyses.code_of_worth(studies.opened(study), euros))
            Told(t, study, {"worth": told}, again)


def money(text: str) -> float:
    """Return the euros that somebody typed, as whole ones."""
    return min(float("".join(each for each in text if each.isdigit()) or 0), MOST_BUDGET)


class Again:
    """How to make an analysis again: its plan under the name of a file, a command, and code."""

    def __init__(self, plan: Plan, file: str, command: str, code: str) -> None:
        """Hold them."""
        self.plan, self.file, self.command, self.code = plan, file, command, code


def use_questions(t: Text, study: Study | None, fits: Callable[[Plan], Any], first: str = "") -> tuple[dict[str, Plan], str, Any]:
    """Return the questions that fit an analysis, the chosen one, and a function that draws their lists; a hook."""
    chosen, set_chosen = solara.use_state("")
    area, set_area = solara.use_state("")
    folder = solara.use_memo(lambda: tempfile.TemporaryDirectory(prefix="kantelpunt-"), [])
    solara.use_effect(lambda: folder.cleanup, [])
    found = solara.use_memo(
        lambda: {key: plan for key, plan in analyses.questions(study, Path(folder.name), t, area).items() if fits(plan)},
        [id(study), t.language, area],
    )
    areas, own = solara.use_memo(lambda: analyses.areas(Path(folder.name), t), [t.language])
    chosen = next(key for key in (chosen, first, *found) if key in found)

    def lists() -> None:
        choice(t("deciding.question"), {key: t(f"deciding.{key}") for key in found}, chosen, set_chosen)
        if chosen == analyses.MENU:
            choice(t("compare.area"), areas, area or own, set_area)
            with tag("p", class_="quiet whole"), solara.Link(address("/compare", lang=t.language)):
                tag("span", t("deciding.own_area"))

    return found, chosen, lists


@solara.component
def PartsOf(t: Text, study: Study | None, making: studies.Making, change: int) -> None:
    """Take a package apart: every combination of its measures, in the same worlds."""
    found, chosen, question = use_questions(t, study, analyses.packages)
    scenario, set_scenario = solara.use_state("")
    points, set_points = solara.use_state(32)
    plan = found[chosen]
    names = analyses.packages(plan)
    scenario = scenario if scenario in names else names[0]
    picked, set_picked = solara.use_state(dict[tuple[str, str], list[str]]())
    package = solara.use_memo(lambda: analyses.measures(plan, scenario), [id(plan), scenario])
    taken = picked.get((chosen, scenario), analyses.dearest(plan, scenario))
    left_out = [name for name in package if name not in taken]
    n = len(package) - len(left_out)

    def start() -> None:
        make = partial(analyses.Parts, plan, scenario, points, left_out=left_out)
        making.analyse("parts", lambda folder, show: make(folder, show))

    with tag("div", class_="deciding"):
        tag("p", t("deciding.parts_text"))
        with tag("div", class_="halves"):
            question()
            choice(t("deciding.package"), {name: plan_name(t, name) for name in names}, scenario, set_scenario)
            at = analyses.POINTS.index(points)
            slider(
                t("explore.latin_size"), at, 0, len(analyses.POINTS) - 1, 1,
                lambda i: set_points(analyses.POINTS[int(i)]), shown=t.number(points),
            )  # fmt: skip
        Picked(t, list(package), taken, lambda names: set_picked({**picked, (chosen, scenario): names}))
        if 2 <= n <= analyses.parts.MOST:
            Takes(t, plan, scenario, 2**n * points)
        Ran(t, making, "parts", start, change, able=2 <= n <= analyses.parts.MOST)


@solara.component
def Picked(t: Text, package: list[str], taken: list[str], on_pick: Callable[[list[str]], None]) -> None:
    """Ask which measures of a package are taken apart, and say what is left out."""
    with tag("div"):
        with tag("div", class_="bar", role="group", aria_label=t("deciding.measures")):
            tag("span", t("deciding.measures"), class_="quiet")
            for name in package:
                others = [each for each in taken if each != name]
                pick = partial(on_pick, others if name in taken else [*taken, name])
                Button(carrier_name(t, name), pick, "small", pressed=name in taken).key(name)
        tag("p", t("deciding.doubles", low=2, high=analyses.parts.MOST), class_="quiet")
        if left_out := [carrier_name(t, name) for name in package if name not in taken]:
            tag("p", t("deciding.left_out", parts=", ".join(left_out)), role="status")


@solara.component
def BestFor(t: Text, study: Study | None, making: studies.Making, change: int) -> None:
    """Seek the best package for a budget."""
    found, chosen, question = use_questions(t, study, analyses.can_race, analyses.MENU)
    budget, set_budget = solara.use_state(solara.use_memo(analyses.budget, []))
    racers, set_racers = solara.use_state(48)
    wrong, set_wrong = solara.use_state("")
    plan = found[chosen]
    runs = solara.use_memo(lambda: analyses.runs_of(plan, budget, racers), [id(plan), budget, racers])

    def start() -> None:
        try:
            making.analyse("best", lambda folder, show: analyses.Best(plan, budget, racers, folder, show))
            set_wrong("")
        except InputError as error:
            set_wrong(Refused.because(error).said(t))

    with tag("div", class_="deciding"):
        tag("p", t("deciding.best_text"))
        with tag("div", class_="halves"):
            question()
            field(t("deciding.budget"), t.number(budget, 0), lambda text: set_budget(money(text)))
            at = analyses.RACERS.index(racers)
            slider(
                t("deciding.racers"), at, 0, len(analyses.RACERS) - 1, 1,
                lambda i: set_racers(analyses.RACERS[int(i)]), shown=t.number(racers),
            )  # fmt: skip
        if isinstance(runs, InputError):
            tag("p", Refused.because(runs).said(t), class_="wrong", role="alert")
        else:
            Takes(t, plan, list(plan.scenarios)[-1], runs, "deciding.takes_best")
        if wrong:
            tag("p", wrong, class_="wrong", role="alert")
        Ran(t, making, "best", start, change)


@solara.component
def Takes(t: Text, plan: Plan, scenario: str, runs: int, said: str = "deciding.takes") -> None:
    """Tell how long it takes at most, before it starts."""
    asked = solara.use_memo(lambda: at_most(plan).scenarios[scenario], [id(plan), scenario])
    seconds = use_made(lambda: studies.seconds_a_run(asked), [asked.key])
    if isinstance(seconds, Refused):
        tag("p", seconds.said(t), class_="wrong", role="alert")
    elif seconds:
        tag("p", tag("b", t(said, runs=runs, time=t.duration(runs * seconds))))
    else:
        tag("p", t("compare.thinking"))


@solara.component
def Ran(t: Text, making: studies.Making, kind: str, start: Callable[[], None], change: int, able: bool = True) -> None:
    """Begin an analysis, follow it, and tell what it finds, also while it goes on."""
    work = making.analyses.get(kind)
    with tag("div"):
        if work and not work.ended:
            Progress(t, work, change)
            Meanwhile(t, work, change)
        else:
            if work and not work.failed and work.done < work.size:
                tag("p", t("deciding.stopped", done=work.done, size=work.size), class_="wrong")
                Button(t("deciding.go_on"), work.start)
            Button(t(f"deciding.{kind}_start"), start, "strong start", disabled=not able)
        if work and work.failed:
            tag("p", work.failed.said(t), class_="wrong", role="alert")
        if isinstance(work, analyses.Parts | analyses.Best) and work.told and work.study:
            again = Again(work.plan, analyses.FILE, work.command, work.code)
            package = plan_name(t, work.scenario) if isinstance(work, analyses.Parts) else t.euros(work.budget)
            tag("p", t("deciding.about", title=work.plan.heading, package=package), class_="quiet")
            Told(t, work.study, {kind: work.told, **decisions.in_order(getattr(work, "more", {}))}, again, whole=work.ended)


@solara.component
def Meanwhile(t: Text, work: Work, change: int) -> None:
    """Tell what is known while runs go on; nothing of it is the answer yet."""
    with tag("div", aria_live="polite"):
        if isinstance(work, analyses.Best) and work.lead:
            known = {"round": work.lead.round, "rounds": len(work.rounds), "n": work.lead.left}
            lead = t("best.lead", **known, doses=decisions.doses(t, {"doses": work.lead.doses}))
            tag("p", f"{lead} {t('deciding.undecided')}")
        elif isinstance(work, analyses.Parts):
            tag("p", t("deciding.so_far" if work.told else "deciding.too_soon"), class_="quiet")


@solara.component
def Told(t: Text, study: Study, told: dict[str, Any], again: Again, whole: bool = True) -> None:
    """Tell what an analysis found, and others after it, by kind: words, a picture, a table, and what makes it again."""
    kind = next(iter(told))
    with tag("div", class_="told"):
        if kind == "best":
            Advised(t, study, told)
        for i, section in enumerate(decisions.sections(study, t, told)):
            tag("h2", section.title)
            for n, line in enumerate(section.lines):
                tag("p", tag("b", line) if n == 0 else line)
            if has_picture(section):
                make = partial(figure, section, study, t)
                Drawn(t, make, [section.told, t.language]).key(f"{kind} {i}")
            tag("p", section.note, class_="quiet")
            with tag("details"):
                tag("summary", t("deciding.table"))
                heads, *rows = section.rows
                table(list(heads), [list(row) for row in rows])
        if whole:
            Taken(t, study, kind, told, again)


@solara.component
def Advised(t: Text, study: Study, told: dict[str, Any]) -> None:
    """Tell what to do, at what price, and what to bear in mind: the words with which the report begins."""
    found = advice(study, t, told)
    with tag("div", class_="advice"):
        tag("p", found.asked, class_="quiet")
        tag("p", found.headline, class_="large")
        with tag("ul", class_="steps-to-take"):
            for line in found.steps:
                tag("li", line)
        for line in found.lines:
            tag("p", line)
        tag("h3", t("advice.but"))
        with tag("ul"):
            for line in found.reservations:
                tag("li", line)


def figure(section: decisions.Section, study: Study, t: Text) -> str:
    """Return the picture of a section as SVG."""
    return figures.svg(drawn(section, study, t))


@solara.component
def Taken(t: Text, study: Study, kind: str, told: dict[str, Any], again: Again) -> None:
    """Offer the report, the numbers and the question to take along, and the code that makes it again."""
    known = [json.dumps(told), t.language]
    report = use_made(lambda: page(Answer(study, t), again.file, told, again.command).encode(), known)
    with tag("div", class_="bar downloads"):
        if isinstance(report, Refused):
            tag("span", report.said(t), class_="wrong", role="alert")
        elif report:
            solara.FileDownload(report, f"kantelpunt-{kind}.html", label=t("download.report"), mime_type="text/html")
        else:
            tag("span", t("download.making"), class_="quiet", role="status")
        numbers = as_csv(analyses.rows_of(kind, told[kind]), index=False)
        solara.FileDownload(numbers, f"kantelpunt-{kind}.csv", label=t("deciding.numbers"), mime_type="text/csv")
        plan = again.plan.to_toml()
        solara.FileDownload(plan, again.file, label=t("deciding.take", file=again.file), mime_type="application/toml")
    with tag("details"):
        tag("summary", t("explore.code"))
        prose(
            f"{t('deciding.code_text', file=again.file)}\n\n```\n{again.command}\n```"
            + (f"\n\n```\n{again.code}\n```" if again.code else ""),
            "code-of",
        )
