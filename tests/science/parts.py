"""One command that measures every part of every compound measure alone: `uv run python -m tests.science.parts`.

It rewrites `results/reference/parts.csv`: what the whole does, what each part does with the others left out, and `together`: the
whole less the sum of its parts.  All are mean differences with the same world in which nothing is done, with a 95 % interval over
worlds; ten years, in full from the first week on.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from rich.console import Console

from kantelpunt.experiments.analysis.loops import STRONG
from kantelpunt.experiments.running.jobs import summary
from kantelpunt.experiments.statistics import interval
from kantelpunt.model import OUTCOMES, Scenario, simulate
from kantelpunt.model.interventions import Intervention, build, catalogue

from .measure import THREADS
from .worlds import FOCUS

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "parts.csv"
SEEDS = 16
WHOLE, TOGETHER = "all", "together"
SHOWN = ("recruited", "trust_institutions", "crime_hold", "incidents")
COLUMNS = ("measure", "part", "outcome", "baseline", "difference", "low", "high", "worlds")


def measures() -> dict[str, Intervention]:
    """Return name -> compound measure: each in full as it comes, and the strong presence of tipping studies."""
    compound = {kind: build({"kind": kind, "ramp": 0}) for kind, model in catalogue().items() if model.PARTS}
    return {**compound, "strong_presence": build({**STRONG, "ramp": 0})}


def arms() -> dict[tuple[str, str], Scenario]:
    """Return (measure, part) -> scenario; ("", "") is the world in which nothing is done."""
    base = Scenario(area=FOCUS, people=2_000, years=10)
    found = {("", ""): base}
    for name, measure in measures().items():
        parts = {WHOLE: measure, **{part: measure.part(part) for part in measure.PARTS}}
        found |= {(name, part): base.changed(interventions=[each.table()]) for part, each in parts.items()}
    return found


def lived(seeds: int) -> dict[tuple[str, str], np.ndarray]:
    """Return (measure, part) -> what its worlds came to, shape (worlds, outcomes shown)."""
    columns = [list(OUTCOMES).index(name) for name in SHOWN]
    tasks = [(scenario, seed) for scenario in arms().values() for seed in range(1, seeds + 1)]

    def figures(task: Any) -> np.ndarray:
        return summary(simulate(*task).world.history)[columns]

    with ThreadPoolExecutor(THREADS) as pool:
        found = np.array(list(pool.map(figures, tasks)))
    return dict(zip(arms(), found.reshape(-1, seeds, len(SHOWN)), strict=True))


def table(found: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Return one row a measure, part and outcome, rounded to four digits."""
    nothing, rows = found["", ""], []
    for name, measure in measures().items():
        gains = {part: found[name, part] - nothing for part in (WHOLE, *measure.PARTS)}
        gains[TOGETHER] = gains[WHOLE] - sum(gains[part] for part in measure.PARTS)
        for part, gain in gains.items():
            for i, outcome in enumerate(SHOWN):
                numbers = (nothing[:, i].mean(), *interval(gain[:, i]))
                rows.append((name, part, outcome, *(float(f"{each:.4g}") for each in numbers), len(gain)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def main(
    seeds: Annotated[int, typer.Option(min=2, help="worlds to measure in")] = SEEDS,
    out: Annotated[Path, typer.Option(help="file to write")] = REFERENCE,
) -> None:
    """Measure every part of every compound measure alone, in paired worlds, on two threads."""
    result = table(lived(seeds))
    out.parent.mkdir(parents=True, exist_ok=True)
    result.to_csv(out, index=False)
    console = Console()
    console.print(result[result["outcome"] == SHOWN[0]].to_string(index=False), highlight=False)
    console.print(f"written: {out}")


if __name__ == "__main__":
    typer.run(main)
