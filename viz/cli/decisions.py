"""The commands that help to decide: what to find out first, which part works, the best for a budget, when to change course."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.text import Text as Line

from kantelpunt.model.errors import InputError, Phrase

from ..consoles import console, messages
from ..text import Text
from . import options
from .analyses import leave_early
from .options import asked_plan, print_table, study_folder, whole
from .studies import engine
from .study_output import STOPPED, kept, run_shown, warm_up

if TYPE_CHECKING:
    import pandas as pd

    from kantelpunt.experiments.analysis.worth import Survey
    from kantelpunt.experiments.results import StudyResults
    from kantelpunt.experiments.running.progress import Told
    from kantelpunt.experiments.study import Study

commands = typer.Typer(rich_markup_mode=None)
PlanArgument = Annotated[Path | None, typer.Argument(help="A plan (TOML) with scenarios. Default: the built-in question.")]

GroupOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=PARAMETER,PARAMETER", help="A group of numbers. Default: the numbers of each rule."),
]
SurveyOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME:N", help='A survey of N residents: of a parameter, or of an outcome, as "unsafe[52]:200".'),
]


@commands.command()
def worth(
    study: options.Folder,
    value: Annotated[float | None, typer.Option(help="Euros that one unit of the outcome is worth. Default: in units.")] = None,
    group: GroupOption = None,
    survey: SurveyOption = None,
    spread: Annotated[float, typer.Option(help="Standard deviation of answers between residents.")] = 0.25,
    as_json: options.Json = False,
    lang: options.Language = options.DUTCH,
) -> None:
    """Show what it is worth to find out each uncertain number before choosing between the plans of a study."""
    from kantelpunt.experiments.analysis import worth as analysis
    from kantelpunt.experiments.study import Study

    from ..report import decisions

    found, t = Study.open(study_folder(study)), Text(lang)
    leave_early(found, lang)
    surveys = [survey_of(each, spread) for each in survey or ()]
    groups = dict(map(group_of, group)) if group else None
    blocks = analysis.worth(found, value=value, groups=groups, surveys=surveys)
    told = decisions.worth_told(blocks, surveys)
    import pandas as pd

    table = pd.concat([each.table.assign(against=each.against) for each in blocks])
    show(found, "worth", told, table, as_json, t)


def survey_of(text: str, spread: float) -> "Survey":
    """Return the survey that NAME:N means; raises InputError."""
    from kantelpunt.experiments.analysis.worth import Survey

    name, _, number = text.rpartition(":")
    if not name or not number.isdecimal():
        raise InputError("survey.invalid", place="--survey", value=text, allowed=Phrase("allowed.survey_option"))
    return Survey(name, int(number), spread)


def group_of(text: str) -> tuple[str, list[str]]:
    """Return name and parameters of NAME=PARAMETER,PARAMETER; raises InputError."""
    name, _, rest = text.partition("=")
    names = [each.strip() for each in rest.split(",") if each.strip()]
    if not name or not names:
        raise InputError("option.no_group", place="--group", value=text, allowed=Phrase("allowed.group"))
    return name.strip(), names


@commands.command()
def parts(
    plan: PlanArgument = None,
    area: options.Area = None,
    situation: options.Situation = None,
    of: Annotated[str | None, typer.Option(metavar="SCENARIO", help="The package. Default: the one with most measures.")] = None,
    loops: Annotated[
        str | None, typer.Option(metavar="R1,R2", help="Take these causal loops apart instead, under the baseline or --of.")
    ] = None,
    points: Annotated[int | None, whole(1, 100_000, "Plausible settings. Default: as in the plan.")] = None,
    worlds: Annotated[int | None, whole(1, 100_000, "Draws of luck per point. Default: as in the plan.")] = None,
    people: options.People = None,
    threads: options.Threads = None,
    dask: options.Dask = None,
    out: options.Out = None,
    as_json: options.Json = False,
    lang: options.Language = options.DUTCH,
) -> None:
    """Show which part of a package, or which loop, does the work: Shapley values and interactions, in the same worlds."""
    from kantelpunt.experiments.analysis import parts as analysis
    from kantelpunt.experiments.study import RESULTS, Study

    from ..report import decisions

    asked, t = asked_plan(plan, area, situation, people=people, points=points, worlds=worlds), Text(lang)
    package = analysis.loops_of(asked, loops.split(","), of) if loops else analysis.package_of(asked, of)
    study = Study.of(package.plan, out or RESULTS / package.plan.slug)
    run_or_leave(study, engine(threads, None, dask), lang)
    table = analysis.parts(study, package.measures)
    show(study, "parts", decisions.parts_told(package, table), table, as_json, t)


@commands.command()
def best(
    plan: PlanArgument = None,
    area: options.Area = None,
    situation: options.Situation = None,
    budget: Annotated[float, typer.Option(help="Euros a year.")] = 300_000.0,
    begin: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="Also let measures begin then; may be repeated.")
    ] = None,
    years: Annotated[list[int] | None, typer.Option(min=1, help="Also let measures last so many years; may be repeated.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="QUARTERS", help='Also place measures there, as "north-west,south-east"; may be repeated.'),
    ] = None,
    candidates: Annotated[int, whole(4, 1_000, "Candidates in the race.")] = 48,
    fresh: Annotated[int, whole(6, 10_000, "Plausible settings of the last judgement, each with fresh worlds.")] = 32,
    explain: Annotated[bool, typer.Option("--explain", help="Also what carries the best, and what to find out first.")] = False,
    people: options.People = None,
    threads: options.Threads = None,
    dask: options.Dask = None,
    out: options.Out = None,
    as_json: options.Json = False,
    lang: options.Language = options.DUTCH,
) -> None:
    """Find the best package for a budget: candidates race in common worlds, and fresh worlds judge the winner."""
    from kantelpunt.experiments.analysis import best as analysis
    from kantelpunt.experiments.analysis.ways import Ways
    from kantelpunt.experiments.study import RESULTS, Study
    from kantelpunt.model.interventions import EVERYWHERE

    from ..report import decisions

    asked, t = asked_plan(plan, area, situation, people=people), Text(lang)
    folder = out or RESULTS / f"{asked.slug}-best-{budget:.0f}"
    places = tuple(each if each == EVERYWHERE else tuple(each.split(",")) for each in where or ())
    ways = Ways(tuple(map(day_of, begin or ())), tuple(years or ()), places)
    field = analysis.field_of(asked, budget, ways)
    doses = analysis.candidates(field, candidates, 1)

    def leader(study: "StudyResults", words: object) -> str:
        lead = analysis.leading(study, field, doses)
        if lead is None:
            return ""
        own = decisions.doses(t, {"doses": lead.doses})
        return t("best.lead", rounds=len(analysis.rounds(len(doses))), round=lead.round, n=lead.left, doses=own)

    run = partial(run_or_leave, where=engine(threads, None, dask), lang=lang, told=leader)
    race = analysis.race(asked, budget, folder, n=candidates, fresh=fresh, ways=ways, run=run)
    study = Study.open(folder / "fresh")
    more = dict(decisions.explained(study, race, run)) if explain else {}
    for kind, told in more.items():
        decisions.keep(study, kind, told)
    show(study, "best", decisions.best_told(race, budget), race.front, as_json, t, more)
    if not as_json:
        messages.print(t("best.folder", folder=str(folder)), markup=False, highlight=False)


def day_of(text: str) -> date:
    """Return the date that was written; raises InputError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("date.invalid", place="--begin", value=text, allowed=Phrase("allowed.date")) from None


def run_or_leave(study: "Study", where: Any, lang: str, told: "Told | None" = None) -> None:
    """Run a study, and leave where it was stopped or failed."""
    run_shown(study, where, lang, told)
    leave_early(study, lang)


@commands.command()
def pathways(
    plan: PlanArgument = None,
    area: options.Area = None,
    situation: options.Situation = None,
    budget: Annotated[float | None, typer.Option(help="Euros a year, on average. Default: what the dearest plan costs.")] = None,
    every: Annotated[int, whole(13, 520, "Weeks between two looks: a number of quarters of 13 weeks.")] = 26,
    late: Annotated[int, whole(0, 8, "Quarters until what happens in one is known.")] = 1,
    points: Annotated[int, whole(6, 10_000, "Plausible settings in which policies are chosen.")] = 24,
    fresh: Annotated[int, whole(6, 10_000, "Plausible settings of the last judgement, each with fresh worlds.")] = 32,
    people: options.People = None,
    threads: options.Threads = None,
    dask: options.Dask = None,
    out: options.Out = None,
    as_json: options.Json = False,
    lang: options.Language = options.DUTCH,
) -> None:
    """Find when to begin and what to watch: plans that change when a sign crosses a level, judged in fresh worlds."""
    from kantelpunt.experiments.analysis import pathways as analysis
    from kantelpunt.experiments.analysis.routes import plans_alone
    from kantelpunt.experiments.study import RESULTS, Study

    from ..report.pathways import pathways_told

    asked, t = asked_plan(plan, area, situation, people=people), Text(lang)
    folder = out or RESULTS / f"{asked.slug}-pathways"
    where = engine(threads, None, dask)

    with Progress(console=messages, transient=True) as progress:
        task = progress.add_task(t("pathways.looking"), total=None, visible=False)

        def run(study: "Study") -> None:
            """Run one study; its own bar takes the place of this one for so long."""
            progress.stop()
            run_or_leave(study, where, lang)
            progress.start()

        def tell(done: int, size: int) -> None:
            """Show how many runs were looked at."""
            progress.update(task, completed=done, total=size, visible=done < size)

        how: dict[str, Any] = {"every": every, "late": late, "points": points, "fresh": fresh}
        try:
            found = analysis.pathways(asked, folder, budget=budget, run=run, engine=where, tell=tell, **how)
        except KeyboardInterrupt:
            messages.print(t("pathways.stopped", folder=str(folder)), markup=False, highlight=False)
            raise typer.Exit(STOPPED) from None
    study = plans_alone(Study.open(folder / "fresh"), found.routes)
    show(study, "pathways", pathways_told(found, budget), found.table, as_json, t)


@commands.command()
def panel(
    study: options.Folder,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids of runs, or their first characters.")],
    every: Annotated[int, whole(1, 2_600, "Weeks between two looks at people, ties and places.")] = 52,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Write the events, people, ties and places of chosen runs of a study as Parquet, with a codebook."""
    from kantelpunt.experiments.exchange import panels
    from kantelpunt.experiments.study import Study

    found, t = Study.open(study_folder(study)), Text(lang)
    warm_up(lang)
    with Progress(console=messages, transient=True) as progress:
        task = progress.add_task(t("panel.runs"), total=len(runs))
        rows = panels.record(found, runs, every, lambda: progress.update(task, advance=1))
    folder = str(found.folder / panels.FOLDER)
    if as_json:
        typer.echo(json.dumps({"rows": rows, "folder": folder}, indent=2))
        return
    for name, n in rows.items():
        console.print(Line(t("panel.rows", table=name, n=n)))
    messages.print(t("panel.files", folder=folder), markup=False, highlight=False)


def show(
    study: "Study",
    kind: str,
    told: Any,
    table: "pd.DataFrame",
    as_json: bool,
    t: Text,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Keep what an analysis found beside its study, with a report that has it, and print it in words or as JSON.

    ``more`` holds what other analyses found of the same study, by kind: printed after it, in words without tables.
    """
    from kantelpunt.experiments.exchange.spreadsheet import as_csv

    from ..report import decision_figures, decisions, figures
    from ..report.html import html

    sections = decisions.section(kind, told, study, t)
    pictures = {
        kind if i == 0 else f"{kind}-{i + 1}": partial(decision_figures.drawn, each, study, t)
        for i, each in enumerate(sections)
        if decision_figures.has_picture(each)
    }
    trouble = kept(
        partial(decisions.keep, study, kind, told),
        lambda: study.store.write_text(f"{kind}.csv", as_csv(table)),
        *(partial(figures.save, make, study.folder, name, t) for name, make in pictures.items()),
        lambda: study.store.write_text("report.html", html(study, t.language)),
    )
    if as_json:
        typer.echo(json.dumps({kind: told, **(more or {}), "folder": str(study.folder)}, indent=2, allow_nan=False))
    else:
        for section in sections:
            heads, *rows = section.rows
            console.print(Line(section.title, style="bold"))
            for line in section.lines:
                console.print(Line(line))
            print_table("", heads, rows, words=heads[:2] if kind != "parts" else heads[:1])
            console.print(Line(section.note))
        for section in decisions.sections(study, t, decisions.in_order(more or {})):
            console.print(Line(section.title, style="bold"))
            for line in section.lines:
                console.print(Line(line))
    if trouble:
        raise trouble
    messages.print(t("command.files", folder=str(study.folder)), markup=False, highlight=False)
