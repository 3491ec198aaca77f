"""The command that calibrates: which settings known figures do not rule out, in one wave or several, also over many areas."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text as Line

from kantelpunt.model.errors import InputError, Phrase

from ..consoles import console, messages
from ..text import Text
from . import options
from .analyses import SHOWN, leave_early, saved, show_table
from .instruments import tell_left_out
from .options import plan_file, print_table, whole
from .study_output import kept, run_shown
from .tipping import listed

if TYPE_CHECKING:
    from kantelpunt.experiments.analysis.calibration import Wave
    from kantelpunt.experiments.analysis.calibration.waves import Calibrated
    from kantelpunt.experiments.exchange.police_tables import Recorded
    from kantelpunt.experiments.study import Study

commands = typer.Typer(rich_markup_mode=None)
MOST_WAVES = 20


@commands.command()
def calibrate(
    plan: Annotated[Path | None, typer.Argument(help="A plan (TOML) with the points to try. Default: built in.")] = None,
    targets: Annotated[
        Path | None,
        typer.Argument(help="A TOML file of targets: outcome, value, tolerance, source. Default: built in."),
    ] = None,
    search: Annotated[int | None, whole(1, 100_000, "Try this many settings with Optuna instead of the plan's points.")] = None,
    waves: Annotated[
        int, whole(1, MOST_WAVES, "Waves at most: each later one, half as large, tries settings that emulators leave.")
    ] = 1,
    police: Annotated[
        Path | None, typer.Option("--mirror", metavar="FILE", help="A police table: also match recorded crime in many areas.")
    ] = None,
    figures: Annotated[
        Path | None, typer.Option("--areas", metavar="FILE", help="Figures of these areas (CBS). Default: the built-in ones.")
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A CSV of code and set: which areas fit. Default: as mirror splits them."),
    ] = None,
    kinds: Annotated[str, typer.Option(metavar="NAME,NAME", help="Columns, or kinds of 47022NED, to add up.")] = "",
    points: Annotated[int | None, whole(2, 100_000, "Settings of the first wave. Default: as in the plan.")] = None,
    worlds: Annotated[int | None, whole(2, 1_000, "Draws of luck per setting. Default: as in the plan.")] = None,
    people: options.People = None,
    publish: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Also write the plausible settings here.")] = None,
    threads: options.Threads = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Find the settings of the uncertain parameters that known figures do not rule out."""
    from kantelpunt.experiments.analysis import calibration
    from kantelpunt.experiments.analysis.calibration import across
    from kantelpunt.experiments.analysis.calibration import waves as analysis
    from kantelpunt.experiments.design.plan import Plan
    from kantelpunt.experiments.running import engines
    from kantelpunt.experiments.running.destination import destination, is_plausible
    from kantelpunt.experiments.study import RESULTS
    from kantelpunt.model.toml_files import read_toml

    file, t = targets or calibration.TARGETS, Text(lang)
    tables = read_toml(file)
    known = calibration.targets_of(tables.get("target", []), place=str(file))
    asked = Plan.from_toml(plan_file(plan) if plan else calibration.PLAN).asked(people=people, points=points, worlds=worlds)
    folder = out or RESULTS / f"calibration-{asked.slug}"
    if publish:
        publish.mkdir(parents=True, exist_ok=True)
        for name in calibration.PUBLISHED:
            destination(publish / name, is_plausible, "--publish", force)
    calibration.refuse_unfit(asked, known)
    if search is not None and (police or waves > 1):
        raise InputError("option.two_searches", place="--search, --waves, --mirror", allowed=Phrase("allowed.one_of_them"))
    if search is not None:
        with messages.status(t("calibration.trying", n=search)):
            table = calibration.optimise(asked, known, folder, search)
        console.print(t("calibration.best", n=len(table), worst=t.written(f"{table['worst'].iloc[0]:.2f}")))
        show_table(table.head(SHOWN).iloc[:, [-1, *range(min(5, table.shape[1] - 1))]], t("calibration.tried"), as_json, t)
        return
    parts = [analysis.Part(asked, known)]
    if police is not None:
        record = recorded_where_fit(police, figures, listed(kinds), fit, t)
        codes = [str(code) for code in record.years.index]
        over = across.plan_of(codes, figures, seed=asked.seed, people=people, worlds=worlds)
        parts.append(analysis.Part(over, across.targets_across(tables.get("across", []), record, over, str(file)), "areas"))
    elif figures or fit or kinds:
        raise InputError("value.missing", place="--mirror", allowed=Phrase("allowed.police_table"))

    def run(study: "Study") -> None:
        """Run one study, and leave where it was stopped or failed."""
        run_shown(study, engines.threads(threads), lang)
        leave_early(study, lang)

    def tell(wave: int, size: int, left: float) -> None:
        """Say which wave begins."""
        messages.print(t("calibration.wave", wave=wave, n=size, left=percent(left, t)), highlight=False)

    show(analysis.waves(parts, folder, waves, run, tell), as_json, t, publish)


def recorded_where_fit(police: Path, figures: Path | None, kinds: list[str], fit: Path | None, t: Text) -> "Recorded":
    """Return what is recorded in the areas that fit, and say how many they are and which codes take no part."""
    from kantelpunt.experiments.analysis.calibration import across
    from kantelpunt.model.population import areas

    codes = [area.code for area in areas.areas(figures) if area.people >= areas.SMALLEST]
    record = across.fitting(police, codes, kinds, across.listed(fit) if fit else None)
    tell_left_out(record, t)
    messages.print(t("calibration.areas", n=len(record.years)), highlight=False)
    return record


def percent(share: float, t: Text) -> str:
    """Return a share of the ranges as it is written."""
    return t.written(f"{100 * share:.2g}")


def show(found: "Calibrated", as_json: bool, t: Text, publish: Path | None) -> None:
    """Write tables and figures into the folder of a calibration, and where it is published, and print what came of it."""
    from kantelpunt.experiments.analysis import calibration
    from kantelpunt.experiments.exchange.spreadsheet import as_csv

    from ..report import analysis_figures

    study, wave = found.study, calibration.matched(found.found)
    moved = calibration.narrowed(found.found.parameters, wave, found.first)
    targets = calibration.told(found.found)
    tables = {"targets": targets, "waves": found.waves, "screening": found.screening}
    more = {"narrowed.csv": as_csv(moved), "implausibility.csv": as_csv(wave.points.sort_values("worst"))}
    pictures: dict[str, Callable] = {"plausible": lambda: analysis_figures.plausible(moved, wave.share)}
    trouble = kept(
        *(partial(study.store.write_text, name, text) for name, text in more.items()),
        *(
            partial(calibration.publish, study, found.found, place, tables, waves=len(found.waves))
            for place in filter(None, (study.folder, publish))
        ),
        *saved(pictures, study.folder, publish),
    )
    if as_json:
        told = {name: json.loads(table.reset_index().to_json(orient="records")) for name, table in tables.items()}
        typer.echo(json.dumps({**told, "share": wave.share, "folder": str(study.folder)}, indent=2))
    else:
        console.print(Line(plausible(wave, t)))
        show_table(calibration.by_target(wave), t("calibration.targets"), False, t)
        show_waves(found, t)
    if trouble:
        raise trouble
    messages.print(t("command.files", folder=str(study.folder)), markup=False, highlight=False)


def show_waves(found: "Calibrated", t: Text) -> None:
    """Print a row a wave, where there are several, and how many parameters any target feels."""
    felt = found.screening["felt"].value_counts()
    known = {"n": len(found.screening), "surely": int(felt.get("surely", 0)), "perhaps": int(felt.get("perhaps", 0))}
    if len(found.waves) > 1:
        names = ["kept", "coverage", "left"]
        heads = [t(f"calibration.heading_{name}") for name in ("wave", "points", *names)]
        cells = [
            [str(wave), str(int(row["points"])), *(percent(row[name], t) if row[name] == row[name] else "-" for name in names)]
            for wave, row in found.waves.iterrows()
        ]
        print_table(t("calibration.waves"), heads, cells)
    console.print(Line(t("calibration.felt", **known)))


def plausible(wave: "Wave", t: Text) -> str:
    """Return in words how many settings are not ruled out, how implausible the defaults are, and which targets have no value."""
    n = len(wave.points)
    left = t("calibration.left", share=f"{100 * wave.share:.0f}", n=n)
    worst, target = t.written(f"{wave.worst:.2f}"), wave.worst_target
    without = [t("calibration.without_value", target=name, n=k, points=n) for name, k in wave.undefined.items()]
    return " ".join([left, t(f"calibration.{wave.verdict}", worst=worst, target=target), *without])
