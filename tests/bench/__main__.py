"""One command that measures what the model costs and prints it in a table: `uv run python -m tests.bench`."""

import os
import platform
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated

import mesa
import numba
import numpy as np
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from .decisions import decisions
from .limit import distance
from .measure import Measured, everything
from .studies import studies

PARTS: dict[str, Callable[[bool, int], Iterator[Measured]]] = {
    "model": everything, "limit": lambda full, turns: distance(turns), "studies": studies, "decisions": decisions,
}  # fmt: skip
Part = StrEnum("Part", {name: name for name in PARTS})
VERDICT = {None: "", True: "[green]kept[/]", False: "[red]missed[/]"}


def main(
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="also 1,000,000 people, 1,000 paired runs, 100,000 tiny ones (over a quarter of an hour, 2 GiB)"
        ),
    ] = False,
    turns: Annotated[int, typer.Option(min=1, help="how often each thing is measured")] = 5,
    only: Annotated[list[Part] | None, typer.Option(help="measure these alone")] = None,
) -> None:
    """Measure speed, memory, start, draws, threads, peers, C, studies, deciding; the median of the turns (lowest - highest)."""
    console = Console()
    console.width = max(console.width, 150)  # no row is broken, in a file either
    versions = f"Python {platform.python_version()}, Numba {numba.__version__}, NumPy {np.__version__}, Mesa {mesa.__version__}"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, busy with {os.getloadavg()[0]:.1f} programs at the start"
    table = Table(title="What the model costs", caption=f"{versions}; {machine}")
    for column in ("what", "measured", "bar", ""):
        table.add_column(column)
    with Live(table, console=console, refresh_per_second=2):
        for row in chain.from_iterable(PARTS[name](full, turns) for name in only or PARTS):
            table.add_row(row.what, row.value, row.bar, VERDICT[row.kept])


typer.run(main)
