"""The commands that compare the model with data: real areas (mirror) and real trials (trial)."""

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text as Line

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.population.areas import DEFAULT_AREA, LARGEST, SMALLEST

from ..consoles import console, messages
from ..text import Text
from . import options
from .analyses import leave_early
from .options import print_table, whole
from .studies import made_room
from .study_output import run_shown, warm_up
from .tipping import listed

if TYPE_CHECKING:
    import pandas as pd

    from kantelpunt.experiments.analysis.mirror import Panel
    from kantelpunt.experiments.analysis.trial import Trial
    from kantelpunt.experiments.exchange.police_tables import Recorded

commands = typer.Typer(rich_markup_mode=None)
SHOWN = ("judge", "all")  # sets of areas that stand on the screen; all are in the file
NAMED = 8  # codes that are named of those left out


@commands.command()
def mirror(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A police table: code, year, count; or table 47022NED.")],
    figures: Annotated[
        Path | None, typer.Option("--areas", metavar="FILE", help="Figures of the areas (CBS). Default: the built-in ones.")
    ] = None,
    kinds: Annotated[str, typer.Option(metavar="NAME,NAME", help="Columns, or kinds of 47022NED, to add up.")] = "",
    years: Annotated[str, typer.Option(metavar="FROM-TO", help="Recorded years. Default: all.")] = "",
    by: Annotated[str, typer.Option(metavar="wijk|buurt", help="Type of area.")] = "wijk",
    skip: Annotated[bool, typer.Option("--skip", help="Leave out areas without figures or without a year.")] = False,
    outcome: Annotated[
        str, typer.Option(help="Simulated count to compare with the recorded one.")
    ] = "registered_violence_vandalism",
    burn_in: Annotated[int, whole(0, 20, "Simulated years before the first that is compared.")] = 2,
    people: Annotated[int, whole(SMALLEST, LARGEST, "Residents to simulate in every area.")] = 2_000,
    worlds: Annotated[int, whole(1, 1_000, "Draws of luck.")] = 3,
    seed: options.Seed = 1,
    threads: options.Threads = None,
    lang: options.Language = options.DUTCH,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Simulate many areas from their figures alone and compare them with recorded crime."""
    from kantelpunt.experiments.analysis import mirror as analysis
    from kantelpunt.experiments.exchange.police_tables import recorded
    from kantelpunt.experiments.exchange.spreadsheet import as_csv
    from kantelpunt.experiments.running import engines
    from kantelpunt.experiments.study import RESULTS
    from kantelpunt.model.population import areas

    from ..report.figures import save
    from ..report.instrument_figures import scatter

    if by not in ("wijk", "buurt"):
        raise InputError("option.no_kind_of_area", place="--by", value=by, allowed=("wijk", "buurt"))
    analysis.as_count(outcome)
    known = {area.code for area in areas.areas(figures) if area.people >= areas.SMALLEST}
    record = recorded(file, known, listed(kinds), span(years), by, skip)  # type: ignore[arg-type]
    name = f"mirror-{file.stem}"
    study = analysis.study(record, figures, worlds, burn_in, people, seed, name, out or RESULTS / name)
    made_room(study, lang)
    run_shown(study, engines.threads(threads), lang)
    leave_early(study, lang)
    panel, t = analysis.panel(study, record, burn_in, outcome), Text(lang)
    tables = {
        "mirror": analysis.compared(panel),
        "scores": analysis.scores(panel),
        "areas": analysis.by_area(panel).reset_index(),
    }
    for table, rows in tables.items():
        study.store.write_text(f"{table}.csv", as_csv(rows, index=False))
    save(partial(scatter, panel, t), study.folder, "mirror")
    if as_json:
        told = {table: json.loads(rows.to_json(orient="records")) for table, rows in tables.items()}
        typer.echo(json.dumps({**told, "left_out": record.left_out, "folder": str(study.folder)}, indent=2))
        return
    show(tables, panel, file.name, worlds, t)
    tell_left_out(record, t)
    messages.print(t("mirror.files", folder=str(study.folder)), markup=False, highlight=False, soft_wrap=True)


def span(text: str) -> tuple[int, int] | None:
    """Return the first and the last year of FROM-TO; none where nothing is said."""
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal() and int(first) <= int(last or first)):
        raise InputError("option.no_years", place="--years", value=text, allowed=Phrase("allowed.years"))
    return int(first), int(last or first)


def show(tables: "dict[str, pd.DataFrame]", panel: "Panel", file: str, worlds: int, t: Text) -> None:
    """Print what model and record say, of the areas that judge and of all."""
    period = f"{panel.years[0]}-{panel.years[-1]}"
    heads = [t(f"mirror.heading_{name}") for name in ("what", "model", "interval", "recorded", "interval")]
    for part in SHOWN:
        rows = tables["mirror"][tables["mirror"]["set"] == part]
        title = t("mirror.title", n=int(rows["n"].max()), file=file, years=period, worlds=worlds, set=t(f"mirror.set.{part}"))
        cells = [
            [t(f"mirror.what.{what}"), *written(t, *model), *written(t, *record)]
            for what, _, _, *numbers in rows.itertuples(index=False, name=None)
            for model, record in [(numbers[:3], numbers[3:])]
        ]
        print_table(title, heads, cells, words=(heads[0],))
    scores = tables["scores"].sort_values("crps")
    heads = [t(f"mirror.heading_{name}") for name in ("forecast", "score", "interval")]
    cells = [
        [t(f"mirror.forecast.{name}"), *written(t, *numbers)] for name, _, *numbers in scores.itertuples(index=False, name=None)
    ]
    print_table(t("mirror.scores", year=str(panel.years[-1]), n=int(scores["n"].max())), heads, cells, words=(heads[0],))
    console.print(Line(t("mirror.nothing")))


def written(t: Text, mean: float, low: float, high: float) -> tuple[str, str]:
    """Return a number and its interval as they are written; no interval where there is none."""
    return t.number(mean), "" if low != low else f"{t.number(low)} … {t.number(high)}"


def tell_left_out(record: "Recorded", t: Text) -> None:
    """Say which codes of the table are left out, if any."""
    if record.left_out:
        codes = ", ".join(record.left_out[:NAMED]) + (" …" if len(record.left_out) > NAMED else "")
        messages.print(t("mirror.left_out", n=len(record.left_out), codes=codes), markup=False, highlight=False)


@commands.command()
def trial(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A trial. Default: list all trials.")] = None,
    area: Annotated[str, typer.Option(help="A preset, name or code of a built-in area.")] = DEFAULT_AREA,
    people: Annotated[int, whole(SMALLEST, LARGEST, "Residents to simulate in every world.")] = 4_000,
    worlds: Annotated[int, whole(2, 1_000, "Draws of luck, each with a new random allocation.")] = 20,
    seed: options.Seed = 1,
    threads: options.Threads = None,
    lang: options.Language = options.DUTCH,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a table and a figure to this folder.")] = None,
    as_json: options.Json = False,
) -> None:
    """Replicate a published trial in the model, and compare its estimates with the published ones."""
    from rich.progress import Progress

    from kantelpunt.experiments.analysis import trial as analysis

    t = Text(lang)
    if name is None:
        list_trials(as_json, t)
        return
    asked = analysis.named(name)
    if out is not None and (out.is_file() or not out.absolute().parent.is_dir()):
        raise InputError("file.unwritable_folder", place="--out", value=out, allowed=Phrase("allowed.folder_in_folder"))
    warm_up(lang)
    with Progress(console=messages, transient=True) as progress:
        task = progress.add_task(t("trial.worlds"), total=worlds)
        table = analysis.done(
            asked, worlds, area, people, seed, threads or os.cpu_count() or 1, lambda: progress.update(task, advance=1)
        )
    if out is not None:
        keep_trial(asked, table, out, t)
    if as_json:
        rows = json.loads(table.to_json(orient="records"))
        typer.echo(json.dumps({"trial": asked.model_dump(mode="json"), "found": rows}, indent=2))
        return
    show_trial(asked, table, t)


def list_trials(as_json: bool, t: Text) -> None:
    """Print which trials there are, and which the model cannot do."""
    from kantelpunt.experiments.analysis.trial import trials

    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in trials().values()], indent=2))
        return
    heads = [t(f"trial.heading_{name}") for name in ("name", "trial", "source", "able")]
    rows = [[name, title(each, t), each.source, t("trial.no" if each.cannot else "trial.yes")] for name, each in trials().items()]
    print_table(t("trial.list"), heads, rows, words=tuple(heads))


def title(asked: "Trial", t: Text) -> str:
    """Return what was tried, in this language."""
    return asked.nl if t.language == "nl" else asked.en


def keep_trial(asked: "Trial", table: "pd.DataFrame", folder: Path, t: Text) -> None:
    """Write the table and the figure of a trial into a folder."""
    from kantelpunt.experiments.exchange.spreadsheet import as_csv
    from kantelpunt.experiments.running.files import write

    from ..report.figures import save
    from ..report.instrument_figures import forest, published

    folder.mkdir(exist_ok=True)
    content = as_csv(table, index=False).encode()
    write(folder / f"{asked.id}.csv", lambda file: file.write(content))
    save(partial(forest, table, title(asked, t), published(t, asked, "unit"), t), folder, asked.id)
    messages.print(t("trial.files", folder=str(folder)), markup=False, highlight=False, soft_wrap=True)


def show_trial(asked: "Trial", table: "pd.DataFrame", t: Text) -> None:
    """Print what the trial finds in the model, beside what was published."""
    from ..report.instrument_figures import published

    heads = [t(f"trial.heading_{name}") for name in ("week", "units", "model", "interval", "published", "interval")]
    cells = [
        [t.number(int(week)), t.number(int(units)), *written(t, *numbers[:3]), *written(t, *numbers[3:])]
        for week, units, *numbers in table.itertuples(index=False, name=None)
    ]
    print_table(f"{title(asked, t)} ({published(t, asked, 'unit')})", heads, cells)
    told = [(key, published(t, asked, key)) for key in ("source", "outcome", "differs")]
    told += [("basis", f"{each.week}: {each.basis}") for each in asked.estimates]
    for key, text in told:
        console.print(Line.assemble((f"{t(f'trial.{key}')}: ", "bold"), text))
    console.print(Line(t("trial.nothing")))
