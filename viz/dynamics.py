"""The commands about tipping: how much it takes, from where worlds tip, and which loops make it."""

from typing import Annotated, Any

import typer

from model.errors import InputError

from . import options
from .analyses import SeedOption, leave_early, numbers, show_table, tell
from .commands import run_shown
from .options import messages, named_area, whole

dynamics = typer.Typer()
PointsOption = Annotated[int, whole(1, 100_000, "Plausible settings of what nobody knows well.")]
WorldsOption = Annotated[int, whole(1, 1_000, "Draws of luck at every point.")]


@dynamics.command()
def tipping(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="An intervention, as visible_presence.")],
    outcome: Annotated[
        str, typer.Option(help="What may tip: an outcome; balance (trust less crime's hold); tipped (% of worlds resilient).")
    ] = "trust_institutions",
    doses: Annotated[str, typer.Option(metavar="D,D,...", help="Shares of the full intervention.")] = "0.25,0.5,0.75,1",
    durations: Annotated[str, typer.Option(metavar="Y,Y,...", help="Years that it lasts.")] = "2,4,6,8",
    full: Annotated[str, typer.Option(metavar="NAME=N,...", help="The full intervention, as hours=200,actions=10.")] = "",
    cut: Annotated[str, typer.Option(metavar="ID,ID,...", help="Also without these loops, as R1,R2.")] = "",
    area: options.Area = None,
    years: Annotated[int, whole(2, 50, "Years of 52 weeks.")] = 10,
    people: options.People = None,
    points: PointsOption = 8,
    worlds: WorldsOption = 1,
    seed: SeedOption = None,
    threads: options.Threads = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Find how much of an intervention it takes, for how long, and whether what was won stays when it stops."""
    from experiments import engines, loops
    from experiments import tipping as analysis
    from experiments.study import Study

    from . import analysis_figures as figures

    analysis.as_what_tips(outcome)
    shares, spans = numbers("--doses", doses, 0.0, 1.0), [int(each) for each in numbers("--durations", durations, 1.0, years)]
    opened, dose = listed(cut), settings("--full", full)
    found = {**analysis.up_and_down(kind, shares, years, dose), **analysis.dose_by_duration(kind, shares, spans, dose)}
    if opened:
        found |= analysis.without(found, loops.cuts(opened))
    study = Study(name_of("tipping", kind, opened), folder=out, years=years, people=people, seed=seed or 1, **at(area))
    study.worlds(worlds).scenarios(**found).points(points)
    run_shown(study, engines.threads(threads))
    leave_early(study)
    variants = {"": "all loops", **({analysis.CUT: f"without {', '.join(opened)}"} if opened else {})}
    maps = {name: analysis.tipping_map(study, outcome, variant) for variant, name in variants.items()}
    ways = {name: analysis.branches(study, outcome, variant) for variant, name in variants.items()}
    stops = {name: analysis.basin(study, variant) for variant, name in variants.items()}
    figures.save(lambda: figures.basin(stops), study.folder, "tipping-basin")
    figures.save(lambda: figures.tipping_maps(maps, outcome), study.folder, "tipping-map")
    figures.save(lambda: figures.ways(ways, outcome), study.folder, "tipping-ways")
    for name, tables in (("ways", ways), ("basin", stops)):
        study.store.write_text(f"tipping-{name}.csv", analysis.stacked(tables).to_csv())
    told = "\n".join(f"{name[0].upper()}{name[1:]}: {analysis.reached(both)}" for name, both in ways.items())
    table = analysis.stacked(maps) if opened else maps["all loops"]
    tell(study, table, "tipping-map", f"{outcome}: difference with today in the last year", as_json, told)


@dynamics.command()
def loops(
    only: Annotated[str, typer.Option(metavar="ID,ID,...", help="These loops; left out: all that the model carries.")] = "",
    area: options.Area = None,
    years: Annotated[int, whole(2, 50, "Years of 52 weeks; a strong presence lasts the first two fifths.")] = 20,
    people: options.People = None,
    points: PointsOption = 16,
    worlds: WorldsOption = 1,
    seed: SeedOption = None,
    threads: options.Threads = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Tell how strong each causal loop is: what happens to recruitment, trust, crime's hold and tipping when it is cut."""
    from experiments import engines
    from experiments import loops as analysis
    from experiments.study import Study

    from . import analysis_figures as figures

    study = Study("loops", folder=out, years=years, people=people, seed=seed or 1, series=0, **at(area))
    study.worlds(worlds).scenarios(**analysis.scenarios(years, listed(only))).points(points)
    run_shown(study, engines.threads(threads))
    leave_early(study)
    table = analysis.strength(study)
    study.store.write_text("loops.csv", table.to_csv())
    figures.save(lambda: figures.loops(table), study.folder, "loops")
    if as_json:
        show_table(table, "", as_json)
        return
    for base, rows in analysis.in_words(table).items():
        show_table(rows, f"{base}: what cutting a loop changes (95 % interval)", as_json)
    for loop in analysis.loops().values():
        if not loop.cut:
            messages.print(f"{loop.id} {loop.en}: not carried. {loop.note}.", markup=False, highlight=False)
    messages.print(f"All of it, and figures: {study.folder}", markup=False, highlight=False)


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


def name_of(*parts: str | list[str]) -> str:
    """Return the name of a study, and of its folder."""
    return "-".join("-".join(part) if isinstance(part, list) else part for part in parts if part)
