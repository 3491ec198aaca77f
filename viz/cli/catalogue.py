"""The commands `areas` and `situations`, which list starting points of a run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from . import options
from .options import console, messages

if TYPE_CHECKING:
    from kantelpunt.model.population.areas import Area

FIGURES = {
    "age_0_14": "0-14",
    "age_15_24": "15-24",
    "welfare": "welfare",
    "low_income": "% poor",
}

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def areas(
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own CBS workbook (.xlsx) or CSV.")] = None,
    as_json: options.Json = False,
) -> None:
    """List the areas that a run can start from, with any figures they lack."""
    from kantelpunt.model.population.areas import PRESETS, area, listing

    found = listing(file)
    known_areas = [] if file else [(name, area(name)) for name in PRESETS]
    known_areas += [(each.code, each) for each in found.areas]
    for code, why in found.left_out.items():
        messages.print(f"Left out: {code}. {why}", markup=False, highlight=False)
    if as_json:
        rows = [{"area": name, **asdict(each), "assumed": assumptions(each)} for name, each in known_areas]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    gaps = sorted({each.missing for _, each in known_areas if each.missing})
    title = f"Areas in {file}: --area {file}:CODE" if file else "Areas"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("code" if file else "--area", no_wrap=True)
    table.add_column("name", overflow="fold", min_width=14)
    for heading in ("people", *FIGURES.values(), "lacks"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, each in known_areas:
        figures = ("-" if getattr(each, field) is None else f"{getattr(each, field):,g}" for field in FIGURES)
        lacks = f"({gaps.index(each.missing) + 1})" if each.missing else ""
        full_name = ", ".join(str(part) for part in (each.name, each.municipality, each.year) if part)
        table.add_row(name, full_name, f"{each.people:,}", *figures, lacks)
    console.print(table)
    notes = [f"({i}) no figures for {', '.join(each)}" for i, each in enumerate(gaps, start=1)]
    if gaps:
        notes.append("What a run takes where figures lack, and why: kantelpunt areas --json")
    for note in (*notes, *sorted({each.source for _, each in known_areas})):
        typer.echo(note)


@commands.command()
def situations(as_json: options.Json = False) -> None:
    """List the situations that a run or comparison can start from (--situation NAME)."""
    from kantelpunt.model.situations import situations as listed

    if as_json:
        typer.echo(json.dumps({name: each.model_dump() for name, each in listed().items()}, indent=2))
        return
    table = Table(title="Situations", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("--situation", no_wrap=True)
    for heading in ("what it is", "what it sets", "source"):
        table.add_column(heading, overflow="fold")
    for name, each in listed().items():
        table.add_row(name, each.says, each.sets, each.source)
    console.print(table)


def assumptions(area: "Area") -> dict[str, Any]:
    """Return figure -> what is taken where the source has none, and why."""
    return {name: why._asdict() for name, why in area.assumed.items()}
