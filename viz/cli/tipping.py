"""The commands about tipping: how much it takes, from where worlds tip, and which loops make it."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kantelpunt.model.errors import InputError, Phrase

from ..consoles import messages
from ..text import Text, capital
from . import options
from .analyses import leave_early, numbers, saved, show_table, tell
from .options import named_area, taking, whole
from .study_output import kept, run_shown

if TYPE_CHECKING:
    import pandas as pd

    from kantelpunt.experiments.analysis.tipping import Reached
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
    lang: options.Language = options.ENGLISH

    def run(self, name: str, scenarios: dict[str, Any], points: int, **design: Any) -> "Study":
        """Return a study of these scenarios once all of it is done; leaves where runs are missing."""
        from kantelpunt.experiments.running import engines
        from kantelpunt.experiments.study import Study

        study = Study(name, folder=self.out, people=self.people, seed=self.seed, **at(self.area), **design)
        study.worlds(self.worlds).scenarios(**scenarios).points(points)
        run_shown(study, engines.threads(self.threads), self.lang)
        leave_early(study, self.lang)
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
    t = Text(setup.lang)
    variants = {"": t("tipping.all_loops")}
    if opened:
        variants[analysis.CUT] = t("tipping.without", loops=", ".join(opened))
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
    told = "\n".join(f"{capital(name)}: {halfway(analysis.reached(both, known[name]), t)}" for name, both in ways.items())
    table = analysis.stacked(maps) if opened else maps[variants[""]]
    tell(study, table, "tipping-map", t("tipping.title", outcome=outcome), setup.as_json, told, t, pictures)
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
    t = Text(setup.lang)
    tell_loops(table, setup.as_json, t)
    if trouble:
        raise trouble
    messages.print(t("command.files", folder=str(study.folder)), markup=False, highlight=False)


def tell_loops(table: "pd.DataFrame", as_json: bool, t: Text) -> None:
    """Print how strong each loop is, and which ones the model does not carry."""
    from kantelpunt.experiments.analysis import loops as analysis

    if as_json:
        show_table(table, "", True, t)
        return
    for base, rows in analysis.by_base(table).items():
        show_table(in_words(rows, t), t("loops.title", base=base), False, t)
    for loop in analysis.loops().values():
        if not loop.cut:
            line = t("loops.not_carried", loop=loop.id, name=getattr(loop, t.language), note=t.error(loop.missing))
            messages.print(line, markup=False, highlight=False)


def in_words(rows: "pd.DataFrame", t: Text) -> "pd.DataFrame":
    """Return a row a loop with its name, and the effect of cutting it on every outcome."""
    import pandas as pd

    from kantelpunt.experiments.analysis import loops as analysis

    order = rows.index.unique("loop")
    shown = {"name": [getattr(analysis.loops()[str(name)], t.language) for name in order]}
    for outcome in analysis.OUTCOMES:
        digits = 1 if outcome in (analysis.OUTCOMES[0], analysis.TIPPED) else 3
        ends = rows.xs(outcome, level="outcome").loc[order, ["difference", "low", "high"]].to_numpy()
        numbers = [[t.written(f"{each:.{digits}f}") for each in some] for some in ends]
        shown[outcome] = [t("loops.interval", mean=mean, low=low, high=high) for mean, low, high in numbers]
    return pd.DataFrame(shown, index=order)


def halfway(found: "Reached", t: Text) -> str:
    """Return in words which doses reach, and keep, half of the effect of the largest dose."""
    full = t("tipping.full") if found.largest == 1.0 else t("tipping.dose", dose=percent(found.largest))
    if not found.sure:
        return t("tipping.unsure", full=full)
    gets = t("tipping.up", dose=percent(found.up), margin=margin(found.up_margin, t), full=full)
    kept_by = {"dose": percent(found.down), "margin": margin(found.down_margin, t)} if found.kept == "dose" else {}
    return f"{gets}; {t('tipping.down' if kept_by else f'tipping.{found.kept}', **kept_by)}."


def margin(ends: tuple[float, float], t: Text) -> str:
    """Return the margin of a dose in brackets; nothing where it is not known."""
    low, high = ends
    return "" if math.isnan(low + high) else t("tipping.margin", low=percent(low), high=percent(high))


def percent(share: float) -> str:
    """Return a share as a whole percentage."""
    return f"{100 * share:.0f}"


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
            raise InputError("option.no_number", place=place, value=each, allowed=Phrase("allowed.named_numbers")) from None
    return found


def at(area: str | None) -> dict[str, Any]:
    """Return the keys of a plan that name an area; none where nobody named one."""
    return {} if area is None else dict(zip(("area", "area_file"), named_area(area), strict=True))
