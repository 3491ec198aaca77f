"""The commands about tipping: how much it takes, from where worlds tip, and which loops make it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kantelpunt.model.errors import InputError

from ..text import capital
from . import options
from .analyses import leave_early, numbers, saved, show_table, tell
from .options import messages, named_area, taking, whole
from .study_output import kept, run_shown

if TYPE_CHECKING:
    import pandas as pd

    from kantelpunt.experiments.study import Study

commands = typer.Typer(rich_markup_mode=None)
PointsOption = Annotated[int, whole(1, 100_000, "Number of plausible settings of the uncertain parameters.")]


@dataclass(frozen=True)
class Setup:
    """Where a study of dynamics lives, with which luck, and on what it runs."""

    area: options.Area = None
    people: options.People = None
    worlds: Annotated[int, whole(1, 1_000, "Draws of luck per point.")] = 1
    seed: Annotated[int, whole(0, 2**63 - 1, "Seed of points and worlds.")] = 1
    threads: options.Threads = None
    out: options.Out = None
    as_json: options.Json = False

    def run(self, name: str, scenarios: dict[str, Any], points: int, **design: Any) -> "Study":
        """Return a study of these scenarios once all of it is done; leaves where runs are missing."""
        from kantelpunt.experiments.running import engines
        from kantelpunt.experiments.study import Study

        study = Study(name, folder=self.out, people=self.people, seed=self.seed, **at(self.area), **design)
        study.worlds(self.worlds).scenarios(**scenarios).points(points)
        run_shown(study, engines.threads(self.threads))
        leave_early(study)
        return study


@commands.command()
@taking(Setup)
def tipping(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="An intervention, such as visible_presence.")],
    outcome: Annotated[
        str,
        typer.Option(help="Outcome that may tip: any, balance (trust minus crime's hold) or tipped (% of worlds resilient)."),
    ] = "trust_institutions",
    doses: Annotated[str, typer.Option(metavar="D,D,...", help="Shares of the full intervention.")] = "0.25,0.5,0.75,1",
    durations: Annotated[str, typer.Option(metavar="Y,Y,...", help="Durations of the intervention, in years.")] = "2,4,6,8",
    full: Annotated[
        str, typer.Option(metavar="NAME=N,...", help="Its settings at full dose, such as hours=200,actions=10.")
    ] = "",
    cut: Annotated[str, typer.Option(metavar="ID,ID,...", help="Repeat without these loops, such as R1,R2.")] = "",
    years: Annotated[int, whole(2, 50, "Years of 52 weeks.")] = 10,
    points: PointsOption = 8,
    *,
    setup: Setup,
) -> None:
    """Find the dose and duration at which a neighbourhood tips, and whether the gain lasts afterwards."""
    from kantelpunt.experiments.analysis import loops
    from kantelpunt.experiments.analysis import tipping as analysis
    from kantelpunt.experiments.exchange.spreadsheet import as_csv

    from ..report import analysis_figures as figures

    analysis.as_what_tips(outcome)
    shares = numbers("--doses", doses, 0.01, 1.0)
    spans = [int(each) for each in numbers("--durations", durations, 1.0, years, whole=True)]
    opened, dose = listed(cut), settings("--full", full)
    found = {**analysis.up_and_down(kind, shares, years, dose), **analysis.dose_by_duration(kind, shares, spans, dose)}
    if opened:
        found |= analysis.without(found, loops.cuts(opened))
    study = setup.run("-".join(("tipping", kind, *opened)), found, points, years=years)
    variants = {"": "all loops", **({analysis.CUT: f"without {', '.join(opened)}"} if opened else {})}
    maps = {name: analysis.tipping_map(study, outcome, variant) for variant, name in variants.items()}
    ways = {name: analysis.branches(study, outcome, variant) for variant, name in variants.items()}
    stops = {name: analysis.basin(study, variant) for variant, name in variants.items()}
    pictures = {
        "tipping-basin": lambda: figures.basin(stops),
        "tipping-map": lambda: figures.tipping_maps(maps, outcome),
        "tipping-ways": lambda: figures.ways(ways, outcome),
    }
    more = {f"tipping-{name}.csv": analysis.stacked(tables) for name, tables in (("ways", ways), ("basin", stops))}
    trouble = kept(*(partial(study.store.write_text, name, as_csv(each)) for name, each in more.items()))
    known = {name: analysis.margins(analysis.ways_of(study, outcome, variant)) for variant, name in variants.items()}
    told = "\n".join(f"{capital(name)}: {analysis.reached(both, known[name])}" for name, both in ways.items())
    table = analysis.stacked(maps) if opened else maps["all loops"]
    tell(study, table, "tipping-map", f"{outcome}: difference with today in the last year", setup.as_json, told, pictures)
    if trouble:
        raise trouble


@commands.command()
@taking(Setup)
def loops(
    only: Annotated[str, typer.Option(metavar="ID,ID,...", help="Loops to cut. Default: all loops in the model.")] = "",
    years: Annotated[int, whole(2, 50, "Years of 52 weeks; a strong presence lasts the first two fifths.")] = 20,
    points: PointsOption = 16,
    *,
    setup: Setup,
) -> None:
    """Measure how strong each causal loop is, by cutting it."""
    from kantelpunt.experiments.analysis import loops as analysis
    from kantelpunt.experiments.exchange.spreadsheet import as_csv

    from ..report import analysis_figures as figures

    study = setup.run("loops", analysis.scenarios(years, listed(only)), points, years=years, series=0)
    table = analysis.strength(study)
    write = partial(study.store.write_text, "loops.csv", as_csv(table))
    trouble = kept(write, *saved({"loops": lambda: figures.loops(table)}, study.folder))
    tell_loops(table, setup.as_json)
    if trouble:
        raise trouble
    messages.print(f"All of it, and figures: {study.folder}", markup=False, highlight=False)


def tell_loops(table: "pd.DataFrame", as_json: bool) -> None:
    """Print how strong each loop is, and which ones the model does not carry."""
    from kantelpunt.experiments.analysis import loops as analysis

    if as_json:
        show_table(table, "", as_json=True)
        return
    for base, rows in analysis.in_words(table).items():
        show_table(rows, f"{base}: what cutting a loop changes (95 % interval)", as_json=False)
    for loop in analysis.loops().values():
        if not loop.cut:
            messages.print(f"{loop.id} {loop.en}: not carried. {loop.note}.", markup=False, highlight=False)


def listed(text: str) -> list[str]:
    """Return the names in a list with commas, each once."""
    return list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


def settings(place: str, text: str) -> dict[str, float]:
    """Return name -> number of a list as hours=200,actions=10; raises InputError for anything else."""
    found = {}
    for each in listed(text):
        name, _, number = each.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise InputError(
                "no number", place=place, value=each, allowed="names with numbers, as hours=200,actions=10"
            ) from None
    return found


def at(area: str | None) -> dict[str, Any]:
    """Return the keys of a plan that name an area; none where nobody named one."""
    return {} if area is None else dict(zip(("area", "area_file"), named_area(area), strict=True))
