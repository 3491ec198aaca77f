"""The commands about studies: they parse, call and print.  Heavy imports stand in the command that needs them."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kantelpunt.model.errors import InputError, Phrase

from ..consoles import console, messages
from ..text import Text as Texts
from . import options
from .options import asked_plan, plan_file, study_folder, whole
from .study_output import FAILED, damage, report_progress, run_shown, tell, warm_up

if TYPE_CHECKING:
    from kantelpunt.experiments.running.engines import Engine
    from kantelpunt.experiments.study import Study

commands = typer.Typer(rich_markup_mode=None)
REPORT = "report.html"
PlanArgument = Annotated[Path | None, typer.Argument(help="A plan (TOML) with scenarios. Default: the built-in question.")]
ShardOption = Annotated[str, typer.Option(metavar="K/N", help="Do only part K of N; parts never overlap.")]


@commands.command()
def compare(
    plan: PlanArgument = None,
    area: options.Area = None,
    situation: options.Situation = None,
    as_json: options.Json = False,
    seed: Annotated[int | None, whole(0, 2**63 - 1, "Seed of points and worlds. Default: as in the plan.")] = None,
    points: Annotated[int | None, whole(1, 100_000, "Number of plausible settings of the uncertain parameters.")] = None,
    worlds: Annotated[int | None, whole(1, 100_000, "Draws of luck per point, shared by all scenarios.")] = None,
    plausible: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the settings from this table, written by kantelpunt calibrate.")
    ] = None,
    rivals: Annotated[
        bool, typer.Option("--rivals", help="Ask it again under other choices in the model, if the plan has none of its own.")
    ] = False,
    people: options.People = None,
    threads: options.Threads = None,
    lang: options.Language = options.DUTCH,
    out: options.Out = None,
) -> None:
    """Compare scenarios in paired worlds, and write the answer in words, tables, figures and an HTML report."""
    from kantelpunt.experiments.analysis.rivals import under_usual
    from kantelpunt.experiments.running.engines import threads as threads_engine
    from kantelpunt.experiments.study import RESULTS, Study

    asked = asked_plan(plan, area, situation, people=people, points=points, worlds=worlds, seed=seed, plausible=plausible)
    asked = under_usual(asked) if rivals else asked
    study = Study.of(asked, out or RESULTS / (f"{asked.slug}-plausible" if plausible else asked.slug))
    made_room(study, lang)
    run_shown(study, threads_engine(threads), lang)
    tell(study, as_json, lang)


@commands.command()
def sweep(
    plan: Annotated[Path, typer.Argument(help="A plan (TOML), or the name of a built-in one.")],
    threads: options.Threads = None,
    processes: options.Processes = None,
    dask: options.Dask = None,
    shard: ShardOption = "",
    mix: options.Mix = False,
    out: options.Out = None,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Run a study, or one shard of it, on this machine or a cluster; run it again to continue."""
    from kantelpunt.experiments.design.plan import Plan
    from kantelpunt.experiments.study import RESULTS, Study

    file = plan_file(plan)
    study = Study.of(Plan.from_toml(file).asked(), out or RESULTS / file.stem)
    run_shown(study, engine(threads, processes, dask), lang, shard=shard, mix=mix)
    report_progress(study, as_json, lang, shard)


@commands.command()
def resume(
    study: options.Folder,
    threads: options.Threads = None,
    processes: options.Processes = None,
    dask: options.Dask = None,
    shard: ShardOption = "",
    mix: options.Mix = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Retry failed runs too.")] = False,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Continue a study that was interrupted or lost some of its files."""
    from kantelpunt.experiments.study import Study

    found = Study.open(study_folder(study))
    run_shown(found, engine(threads, processes, dask), lang, shard=shard, mix=mix, retry=retry_failed)
    report_progress(found, as_json, lang, shard)


@commands.command()
def report(
    study: options.Folder,
    lang: options.Language = options.DUTCH,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Default: report.html in the study's folder.")] = None,
    force: options.Force = False,
) -> None:
    """Write the answer of a study as one self-contained, printable HTML page."""
    from kantelpunt.experiments.running.destination import destination, is_report
    from kantelpunt.experiments.running.files import write
    from kantelpunt.experiments.study import Study

    from ..report.html import html

    found = Study.open(study_folder(study))
    place = out and destination(out, is_report, force=force)
    with messages.status(Texts(lang)("run.writing")):
        page = html(found, lang)
        if place:
            write(place, lambda file: file.write(page.encode()))
        else:  # in a study a link is replaced, and not followed: somebody else may have put it there
            found.store.write_text(REPORT, page)
    console.print(str(out or found.folder / REPORT), markup=False, highlight=False, soft_wrap=True)


@commands.command()
def export(
    study: options.Folder,
    out: Annotated[Path | None, typer.Option(metavar="FILE.zip", help="Default: named after the study, here.")] = None,
    force: options.Force = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Pack a study, the model's description and its citation into a zip to share or archive (RO-Crate)."""
    from kantelpunt.experiments.exchange.archive import export as write_crate
    from kantelpunt.experiments.study import Study

    found = Study.open(study_folder(study))
    place = write_crate(found, out or Path(f"{found.folder.resolve().name}.zip"), force)
    console.print(str(place), markup=False, highlight=False, soft_wrap=True)


@commands.command()
def status(study: options.Folder, as_json: options.Json = False, lang: options.Language = options.ENGLISH) -> None:
    """Show the progress of a study, and what to do next."""
    from kantelpunt.experiments.study import Study

    report_progress(Study.open(study_folder(study)), as_json, lang, code=False)


@commands.command()
def verify(
    study: options.Folder,
    runs: Annotated[int, whole(1, 1_000_000, "Number of runs to repeat.")] = 10,
    seed: Annotated[int, whole(0, 2**63 - 1, "Seed of the sample of runs.")] = 1,
    watched: Annotated[bool, typer.Option("--watched", help="Repeat them week by week, with a log of all events.")] = False,
    shuffled: Annotated[bool, typer.Option("--shuffled", help="Shuffle the rows of people and cases during the run.")] = False,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Check every file and repeat a sample of runs in another order: all must agree to the last bit."""
    from kantelpunt.experiments.running import invariance
    from kantelpunt.experiments.study import Study

    found, t = Study.open(study_folder(study)), Texts(lang)
    if watched and shuffled:
        raise InputError("option.two_ways", place="--watched, --shuffled", allowed=Phrase("allowed.one_of_them"))
    warm_up(lang)
    with messages.status(t("verify.doing", runs=runs)):
        table = found.verify(runs, seed, invariance.shuffled if shuffled else invariance.watched if watched else None)
    same = int(table["same"].sum())
    if as_json:
        typer.echo(table.to_json(orient="records", indent=2))
    else:
        console.print(t("verify.same", same=same, runs=len(table)), highlight=False)
        for row in table[~table["same"]].itertuples(index=False):
            where = {name: str(getattr(row, name)) for name in ("run", "scenario", "point", "world")}
            console.print(t("verify.different", **where), highlight=False)
    if not found.status().same_model:
        messages.print(t("verify.changed"), style="red")
    damaged = damage(found, t)
    for line in damaged:
        messages.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    if table.empty and not damaged:
        raise InputError("study.no_run", place=study)
    if damaged or same < len(table):
        raise typer.Exit(FAILED)


@commands.command()
def replay(
    study: options.Folder,
    run: Annotated[str, typer.Argument(help="The id of a run or its first characters: see failures/ or the column run.")],
    lang: options.Language = options.ENGLISH,
) -> None:
    """Re-run a single run in this process; a failed run shows its traceback."""
    from kantelpunt.experiments.study import Study

    found, t = Study.open(study_folder(study)), Texts(lang)
    job = found.replay(run)
    where = {"run": job.run, "scenario": job.name, "point": job.point, "world": job.world, "seed": job.seed}
    messages.print(t("replay.job", **{name: str(each) for name, each in where.items()}), highlight=False)
    history = found.work(job)
    console.print(t("replay.ended", weeks=len(history) - 1), highlight=False)


def engine(threads: int | None, processes: int | None, dask: str | None) -> "Engine":
    """Return the engine that the options mean; raises InputError where they mean two."""
    from kantelpunt.experiments.running import engines

    if sum(each is not None for each in (threads, processes, dask)) > 1:
        raise InputError("option.two_engines", place="--threads, --processes, --dask", allowed=Phrase("allowed.one_of_them"))
    if dask is not None:
        return engines.dask(dask)
    return engines.processes(processes) if processes is not None else engines.threads(threads)


def made_room(study: "Study", lang: str) -> None:
    """Where an earlier study stands that this one cannot go on with, set it aside and say so: nothing is mixed or lost."""
    from kantelpunt.experiments.running.store import refuse_foreign

    refuse_foreign(study.folder, "--out")
    if not study.stands:
        return
    try:
        study.would_ask()
    except InputError:
        folder = study.folder.resolve()  # a link stays where it is
        aside = folder.with_name(f"{folder.name}-before-{datetime.now():%Y-%m-%d-%H%M%S}")
        with study.store.writing():  # not under the hands of somebody who is at it
            folder.rename(aside)
        messages.print(Texts(lang)("run.kept", folder=str(aside)), markup=False, highlight=False, soft_wrap=True)
