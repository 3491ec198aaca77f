"""The commands that analyse: sensitivity and scenario discovery."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from kantelpunt.model.errors import InputError, Phrase

from ..consoles import console, messages
from ..text import Text as Words
from . import options
from .options import plan_file, print_table, study_folder, whole
from .study_output import kept, leave, run_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from kantelpunt.experiments.analysis.discovery import Box
    from kantelpunt.experiments.study import Study

    from ..report.figures import Picture

commands = typer.Typer(rich_markup_mode=None)
METHODS = {"morris": ("morris", 8), "sobol": ("saltelli", 64)}  # the design that each needs, and how many points it usually has
SHOWN = 15  # rows of a table on the screen; all are in the file
OutcomeOption = Annotated[str | None, typer.Option(help="Default: the outcome that the plan compares, or recruited.")]


@commands.command()
def sensitivity(
    plan: Annotated[Path | None, typer.Argument(help="A plan (TOML). Default: the built-in question.")] = None,
    method: Annotated[
        str | None,
        typer.Option(
            metavar="morris|sobol",
            help="Rank parameters or split the variance. Default: the plan's design, or morris.",
        ),
    ] = None,
    of: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Explain the effect of this scenario. Default: the outcome itself.")
    ] = None,
    outcome: OutcomeOption = None,
    vary: Annotated[str, typer.Option(metavar="NAME,NAME", help="Parameters to vary. Default: those of the plan, or all.")] = "",
    points: Annotated[
        int | None,
        whole(2, 100_000, "Trajectories or base points. Default: as in a plan of that design, or 8 (morris), 64 (sobol)."),
    ] = None,
    worlds: Annotated[int | None, whole(1, 1_000, "Draws of luck per point. Default: as in the plan, or 1.")] = None,
    people: options.People = None,
    threads: options.Threads = None,
    out: options.Out = None,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Find the uncertain parameters that drive an outcome, or the effect of a plan on it."""
    from kantelpunt.experiments.analysis import sensitivity as analysis
    from kantelpunt.experiments.design.plan import Plan, entitled
    from kantelpunt.experiments.running import engines
    from kantelpunt.experiments.study import RESULTS, Study

    if method not in (None, *METHODS):
        raise InputError("method.unknown", place="--method", value=method, allowed=METHODS)
    question = Plan.from_toml(plan_file(plan))
    asked, said = question.asked(people=people), question.model_fields_set
    method = method or next((name for name, (design, _) in METHODS.items() if design == asked.design), "morris")
    lies, usual = METHODS[method]
    plans = [name for names in asked.blocks.values() for name in names]
    if of is not None and of not in plans:
        raise InputError("scenario.unknown", place="--of", value=of, allowed=plans)
    base = asked.baseline(of) if of else asked.first
    names = [base, *([of] if of else [])]
    decides = outcome or (asked.compare.outcome if asked.compare else "recruited")
    design = {
        "design": lies,
        "points": points or (asked.points if asked.design == lies and "points" in said else usual),
        "worlds": worlds or (asked.worlds if "worlds" in said else 1),
        "vary": [each.strip() for each in vary.split(",") if each.strip()] or asked.vary,
        "scenario": {name: asked.scenario[name] for name in names},
    }
    left_out: dict[str, Any] = {"compare": None, "until": None, "series": 0, "rival": {}, "cells": {}}
    known = {name: getattr(asked, name) for name in Plan.model_fields} | left_out
    changed = Plan(**{**known, **design, "title": entitled(asked.heading, f" {method.capitalize()}")})
    study = Study.of(changed, out or RESULTS / changed.slug)
    run_shown(study, engines.threads(threads), lang)
    leave_early(study, lang)
    given: dict[str, Any] = {"scenario": of, "against": base} if of else {}
    table = getattr(analysis, method)(study, decides, **given)
    luck = table.attrs["luck"]
    t = Words(lang)
    told = "" if luck is None else t("sensitivity.luck", luck=f"{100 * luck:.0f}")
    title = t(f"sensitivity.{'effect' if of else 'outcome'}", outcome=decides, scenario=of or base)
    from ..report import figures

    pictures = {"sensitivity": lambda: figures.sensitivity(table, decides, t)}
    tell(study, table, "sensitivity", title, as_json, told, t, pictures)


@commands.command()
def discover(
    study: options.Folder,
    scenario: Annotated[str | None, typer.Option(help="One plan. Default: all plans.")] = None,
    least: Annotated[float, typer.Option(help="Largest gain that still counts as failure, in units of the outcome.")] = 0.0,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Find the futures in which each plan fails, how often it is best, and its regret."""
    from kantelpunt.experiments.analysis import discovery, robust_choice
    from kantelpunt.experiments.study import Study

    found, t = Study.open(study_folder(study)), Words(lang)
    plans = [name for names in found.plan.blocks.values() for name in names]
    if scenario is not None and scenario not in plans:
        raise InputError("scenario.unknown", place="--scenario", value=scenario, allowed=plans)
    asked, n = [scenario] if scenario else plans, len(found.parameters)
    fails = {name: discovery.failures_of(found, name, least=least) for name in asked}
    with messages.status(t("discover.looking")):
        enough = n >= discovery.FEWEST_POINTS
        boxes = {name: discovery.prim(found, name, least=least) for name in asked} if enough else {}
    choices = robust_choice.choices(found)
    if as_json:
        told: dict[str, Any] = {name: {"fails": int(fails[name].sum()), "points": n} for name in asked}
        for name, box in boxes.items():
            told[name] |= {**box._asdict(), "limits": box.limits.to_dict("index"), "rule": box.rule()}
        kept = choices.astype(object).where(choices.notna(), None).to_dict("index")
        typer.echo(json.dumps({"plans": told, "choices": kept}, indent=2, default=float))
        return
    for name in asked:
        console.print(Text(t("report.fails", plan=name, n=int(fails[name].sum()), points=n)))
        if name in boxes:
            console.print(Text(where(t, boxes[name])))
    if not enough:
        console.print(Text(t("report.few_points", points=n, least=discovery.FEWEST_POINTS)))
    tell(found, choices, "choices", t("discover.choices"), False, "\n" + t("discover.columns"), t)


def where(t: Words, box: "Box") -> str:
    """Return where a plan fails, in words."""
    from ..report.wording import rule

    if not box.rule():
        return t("report.no_rule")
    return t("report.rule", rule=rule(t, box), density=f"{box.density:.0%}", coverage=f"{box.coverage:.0%}")


def numbers(place: str, text: str, low: float, high: float, whole: bool = False) -> list[float]:
    """Return the (whole) numbers in a list with commas; raises InputError for anything else."""
    try:
        found = [float(each) for each in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(low <= each <= high and (each.is_integer() or not whole) for each in found):
        numbers_between = "allowed.whole_numbers_between" if whole else "allowed.numbers_between"
        raise InputError("option.no_numbers", place=place, value=text, allowed=Phrase(numbers_between, low=low, high=high))
    return sorted(set(found))


def leave_early(study: "Study", lang: str) -> None:
    """Leave where runs are missing that an analysis needs."""
    if study.status().left or study.status().failed:
        leave(study, lang)


def tell(
    study: "Study",
    table: "pd.DataFrame",
    name: str,
    title: str,
    as_json: bool,
    words: str,
    t: Words,
    pictures: "Mapping[str, Callable[[], Picture]] | None" = None,
) -> None:
    """Write a table and figures into the folder of a study, and print the first rows."""
    from kantelpunt.experiments.exchange.spreadsheet import as_csv

    trouble = kept(lambda: study.store.write_text(f"{name}.csv", as_csv(table)), *saved(pictures or {}, study.folder))
    if words and not as_json:
        console.print(Text(words))
    show_table(table.head(SHOWN), title, as_json, t)
    if trouble:
        raise trouble
    messages.print(t("command.files", folder=str(study.folder)), markup=False, highlight=False)


def saved(pictures: "Mapping[str, Callable[[], Picture]]", *folders: Path | None) -> "Iterator[Callable[[], None]]":
    """Give what draws and writes each figure into each folder."""
    from ..report import figures

    for folder in filter(None, folders):
        for name, make in pictures.items():
            yield partial(figures.save, make, folder, name)


def show_table(table: "pd.DataFrame", title: str, as_json: bool, t: Words) -> None:
    """Print a table of numbers, or JSON."""
    if as_json:
        typer.echo(table.reset_index().to_json(orient="records", indent=2))
        return
    first = str(table.index.name or "")
    rows = [
        [each if isinstance(each, str) else "-" if each != each else t.written(f"{each:.4g}") for each in row]
        for row in table.itertuples(name=None)
    ]
    print_table(title, [first, *map(str, table.columns)], rows, words=(first,))
