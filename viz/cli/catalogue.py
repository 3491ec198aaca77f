"""The commands that list: `areas` and `situations` to start a run from, and `numbers`, which counts what the model assumes."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kantelpunt.model.errors import InputError, nearest

from ..consoles import console, messages
from ..text import Text
from . import options

if TYPE_CHECKING:
    from kantelpunt.model.population.areas import Area

FIGURES = {"age_15_24": "15-24", "low_income": ""}  # heading where no language has its own
INDICES = ("disadvantage", "instability", "urbanity")

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def areas(
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own CBS workbook (.xlsx) or CSV.")] = None,
    search: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only areas or municipalities of which the name has this.")
    ] = None,
    as_json: options.Json = False,
    lang: options.Language = options.ENGLISH,
) -> None:
    """List the areas that a run can start from: how they compare with Dutch neighbourhoods, and any figures they lack."""
    from kantelpunt.model.population.areas import PRESETS, area, listing
    from kantelpunt.model.population.standing import standing

    found, t = listing(file), Text(lang)
    known_areas = [] if file else [(name, area(name)) for name in PRESETS]
    known_areas += [(each.code, each) for each in found.areas]
    if search is not None:
        names = [name for _, each in known_areas for name in (each.name, each.municipality)]
        known_areas = [one for one in known_areas if plainly(search) in plainly(f"{one[1].name}\n{one[1].municipality}")]
        if not known_areas:
            raise InputError("area.unknown", place="--search", value=search, near=nearest(search, names))
    for code, why in found.left_out.items():
        messages.print(t("areas.left_out", code=code, why=why.said(t.error)), markup=False, highlight=False)
    if as_json:
        rows = [
            {"area": name, **asdict(each), "assumed": assumptions(each), "standing": standing(each)._asdict()}
            for name, each in known_areas
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    gaps = sorted({each.missing for _, each in known_areas if each.missing})
    typer.echo(t("areas.title_file", file=str(file)) if file else t("areas.title"))
    table = Table(box=SIMPLE_HEAD, padding=0)
    table.add_column(t("areas.code") if file else "--area", no_wrap=True)
    table.add_column(t("areas.name"), overflow="fold", min_width=14)
    for heading in (
        t("areas.people"),
        *(FIGURES[name] or t(f"areas.{name}") for name in FIGURES),
        *(t(f"areas.{name}") for name in INDICES),
        t("areas.lacks"),
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for label, each in known_areas:
        figures = ("-" if getattr(each, name) is None else t.written(f"{getattr(each, name):,g}") for name in FIGURES)
        indices = (t.written(f"{index:+.1f}") for index in standing(each))
        lacks = f"({gaps.index(each.missing) + 1})" if each.missing else ""
        kind = "" if each.kind == "preset" else each.kind.lower()
        full_name = ", ".join(str(part) for part in (each.name, kind, each.municipality, each.year) if part)
        table.add_row(label, full_name, t.written(f"{each.people:,}"), *figures, *indices, lacks)
    console.print(table)
    notes = [t("areas.gap", i=i, figures=", ".join(figure(name, t) for name in each)) for i, each in enumerate(gaps, start=1)]
    if gaps:
        notes.append(t("areas.assumed"))
    notes.append(t("areas.standing"))
    for note in (*notes, *sorted({each.source for _, each in known_areas})):
        typer.echo(note)


def plainly(text: str) -> str:
    """Return a text without capitals and accents, so that one finds it without either."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


@commands.command()
def situations(as_json: options.Json = False, lang: options.Language = options.ENGLISH) -> None:
    """List the situations that a run or comparison can start from (--situation NAME)."""
    from kantelpunt.model.population.situations import situations as listed

    if as_json:
        typer.echo(json.dumps({name: each.model_dump() for name, each in listed().items()}, indent=2))
        return
    t = Text(lang)
    table = Table(title=t("situations.title"), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("--situation", no_wrap=True)
    for heading in ("is", "sets", "source"):
        table.add_column(t(f"situations.{heading}"), overflow="fold")
    for name, each in listed().items():
        table.add_row(name, t.named("situation_explained", name, each.says), each.sets, each.source)
    console.print(table)


@commands.command()
def numbers(as_json: options.Json = False, lang: options.Language = options.ENGLISH) -> None:
    """Count the parameters of each rule: how many rest on judgement, and how many were fitted."""
    from kantelpunt.model import registry

    known = registry.quantities()
    rules, total = registry.numbers(), registry.counted(known.values())
    fitted = {name: each.source for name, each in known.items() if each.calibrated}
    if as_json:
        told = {rule: {**each._asdict(), "share": each.share} for rule, each in {**rules, "": total}.items()}
        typer.echo(json.dumps({"total": told.pop(""), "rules": told, "calibrated": fitted}, indent=2, ensure_ascii=False))
        return
    t = Text(lang)
    table = Table(title=t("numbers.title"), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(t("numbers.rule"), no_wrap=True)
    for heading in (*registry.Numbers._fields, "share"):
        table.add_column(t(f"numbers.{heading}"), justify="right")
    for rule, each in {**rules, t("numbers.all"): total}.items():
        table.add_row(rule, *map(str, each), f"{each.share:.0%}")
    console.print(table)
    typer.echo(t("numbers.fitted", names=", ".join(fitted)))


def figure(name: str, t: Text) -> str:
    """Return what a figure of an area is called."""
    return t.named("area_figure", name, name.replace("_", " "))


def assumptions(area: "Area") -> dict[str, Any]:
    """Return figure -> what is taken where the source has none, and why."""
    return {name: why._asdict() for name, why in area.assumed.items()}
