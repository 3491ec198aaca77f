"""One command that measures every pattern: `uv run python -m tests.science`; it rewrites `results/reference/patterns.*`."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kantelpunt.viz.app.regimes import MEASURED

from . import (  # noqa: F401  (they register patterns)
    careers,
    contact,
    dynamics,
    kinship,
    norms,
    offences,
    patterns,
    planted,
    programmes,
    raids,
    rates,
    reach,
    regimes,
    rest,
    size,
)
from .figure import draw
from .measure import PATTERNS, measure, shown, table
from .reach import reach_table, touched
from .regimes import signal_table
from .rest import rest_table, still
from .scenarios import take_plausible

REFERENCE = Path(__file__).parents[2] / "results" / "reference"
PLAUSIBLE = "patterns-plausible.csv"
ON_RECORD = "N2"  # figures of real wijken
VERDICT = {"yes": "[green]holds[/]", "no": "[red]missed[/]", "": ""}


def main(
    seeds: Annotated[int, typer.Option(min=2, help="worlds to measure in")] = 32,
    out: Annotated[Path, typer.Option(help="folder for patterns.csv, patterns.png, reach.csv and rest.csv")] = REFERENCE,
    only: Annotated[list[str] | None, typer.Option(help="measure patterns whose id begins so, and write nothing")] = None,
    plausible: Annotated[
        bool, typer.Option("--plausible", help="each world at a plausible setting; patterns-plausible.csv")
    ] = False,
) -> None:
    """Measure the patterns that must emerge, over many worlds, on two threads."""
    console = Console()
    console.width = max(console.width, 150)
    over = f", {take_plausible(REFERENCE / 'plausible.csv')} plausible settings in turn" if plausible else ""
    chosen = [id for id in PATTERNS if id.startswith(tuple(only or ("",)))]
    found = [measure(PATTERNS[id], seeds) for id in track(chosen, "measuring", console=console, transient=True)]
    result = table(found)
    report = Table(title=f"Patterns over {seeds} worlds{over}", caption="in brackets: 95 % interval over worlds")
    for column in ("id", "pattern", "value", "target", ""):
        report.add_column(column)
    for row in result.itertuples():
        value = f"{row.value:g} ({row.low:g} to {row.high:g}) {row.unit}"
        report.add_row(row.id, row.what, value, row.target, VERDICT[row.holds])
    console.print(report)
    for fitted, rows in result[result["holds"] != ""].groupby("used_for_fitting"):
        console.print(f"used for fitting, {fitted}: {(rows['holds'] == 'yes').sum()} of {len(rows)} hold")
    if only:
        return
    out.mkdir(parents=True, exist_ok=True)
    if plausible:
        result.to_csv(out / PLAUSIBLE, index=False)
        return console.print(f"written: {out / PLAUSIBLE}")
    pd.concat([result, recorded()]).to_csv(out / "patterns.csv", index=False)
    reach_table(shown(touched, seeds)).to_csv(out / "reach.csv", index=False)
    rest_table(shown(still, seeds)).to_csv(out / "rest.csv", index=False)
    draw(result, out / "patterns.png")
    if out == REFERENCE:
        signal_table(result).to_csv(MEASURED)  # the app tells of them
    console.print(f"written: {out / 'patterns.csv'}, {out / 'patterns.png'}, {out / 'reach.csv'}, {out / 'rest.csv'}")


def recorded() -> pd.DataFrame:
    """Return what `record.csv` tells of real wijken (N2), as patterns; measuring them anew asks for a table of the police."""
    record = pd.read_csv(REFERENCE / "record.csv", keep_default_na=False)
    told = record[record["id"] == ON_RECORD].drop(columns="version1")
    return told.assign(id=[f"{ON_RECORD}{chr(ord('a') + n)}" for n in range(len(told))], unit="", seeds="")


if __name__ == "__main__":
    typer.run(main)
