"""Where the time goes, rule by rule: `uv run python -m tests.bench.rules` (nanoseconds per person-week, processor time)."""

import ast
import ctypes
import inspect
from typing import Annotated
from unittest.mock import patch

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from kantelpunt.model import Scenario, registry, week
from kantelpunt.model.compiled import jitted
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.world import BLOCK

SIZES = {2_000: 208, 20_000: 52, 100_000: 26}  # people, and the weeks that are timed: whole seasons

clock = ctypes.CDLL(None).clock  # the C library's: compiled code can ask it, in microseconds
clock.argtypes, clock.restype = [], ctypes.c_long


def calls() -> list[str]:
    """Return the calls of rules in `week.run`, in order, as they are written."""
    tree = ast.parse(inspect.getsource(week.run.py_func))
    lines = [ast.unparse(line) for line in ast.walk(tree) if isinstance(line, ast.Expr)]
    return [line for line in lines if line.partition("(")[0] in registry.rules()]


def timed_run(steps: list[str]):
    """Return the compiled `week.run` with a stopwatch after every call of a rule; it adds microseconds to `spent`."""
    lines = [
        "def timed(whole, p, schedule, seed, first, last, tile, end, spent):",
        " for own in range(tile, end):",
        "  for week in range(first, last + 1):",
        "   world, levers = part(whole, own, week - first), schedule[week]",
        "   then = clock()",
    ]
    for i, step in enumerate(steps):
        lines += [f"   {step}", "   now = clock()", f"   spent[{i}] += now - then", "   then = now"]
    lines += [" close(whole, first, last)"]
    names = {**vars(week), "clock": clock}
    exec("\n".join(lines), names)  # the week as it is written, with a stopwatch in between
    return jitted(names["timed"], "timed")


def spent_on(run, people: int, weeks: int, spent: np.ndarray) -> np.ndarray:
    """Return the microseconds that each rule takes in so many weeks of so many people."""
    simulation = Simulation(Scenario(people=people, years=50), seed=1)
    simulation.advance(BLOCK)
    with patch("kantelpunt.model.simulation.run", lambda *asked: run(*asked, spent)):
        for _ in range(weeks // BLOCK):
            simulation.advance(BLOCK)
    return spent


def main(people: Annotated[int | None, typer.Option(help="only this size")] = None) -> None:
    """Print what each rule costs at each size."""
    steps = calls()
    run = timed_run(steps)
    sizes = SIZES if people is None else {people: 26}
    costs = np.empty((len(sizes), len(steps)))
    for row, (size, weeks) in enumerate(sizes.items()):
        costs[row] = spent_on(run, size, weeks, np.zeros(len(steps), np.int64)) * 1e3 / weeks / size
    table = Table("rule", *(f"{size:,}" for size in sizes), title="Nanoseconds per person-week", show_footer=False)
    for i in np.argsort(-costs[-1]):
        table.add_row(steps[i].partition("(")[0], *(f"{cost:.1f}" for cost in costs[:, i]))
    table.add_section()
    table.add_row("all", *(f"{total:.0f}" for total in costs.sum(axis=1)))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
