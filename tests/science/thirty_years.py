"""Thirty years in one picture: `uv run python -m tests.science.thirty_years`; nothing is done, at the defaults.

Rows are outcomes and columns areas; a thin line is one world, the thick one the mean of all.  Counts are sums of a year, levels
means of a year, both for 2,000 people.  All areas of a row share a scale that begins at 0.
"""

from pathlib import Path
from typing import Annotated

import matplotlib.pyplot as plt
import pandas as pd
import typer
from rich.progress import track

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import is_total

AREAS = {
    "tilburg-noord": "focus: Tilburg-Noord",
    "overvecht": "focus: Overvecht",
    "small-town": "mean: small town",
    "contrast": "contrast",
}
SHOWN = {
    "crime_hold": "crime's\nhold",
    "trust_institutions": "trust in\ninstitutions",
    "youths_at_risk": "youths at\nstage 1+",
    "involved_youths": "youths at\nstage 2+",
    "involved_adults": "adults at\nstage 2+",
    "crews": "crews",
    "crimes": "crimes a year,\ntrue",
    "registered_crimes": "crimes a year,\nregistered",
    "ownerless": "cases without\nan owner",
}
PEOPLE, YEARS, WORLDS = 2_000, 30, 12
REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "thirty_years.png"


def yearly(area: str, seed: int) -> pd.DataFrame:
    """Return one row a year: sums of what is counted, means of levels."""
    weeks = simulate(Scenario(area=area, people=PEOPLE, years=YEARS), seed).weeks[list(SHOWN)].iloc[1:]
    return weeks.groupby((weeks.index - 1) // WEEKS_A_YEAR + 1).agg({name: "sum" if is_total(name) else "mean" for name in SHOWN})


def main(
    file: Annotated[Path, typer.Argument(help="picture to write")] = REFERENCE,
    worlds: Annotated[int, typer.Option(help="worlds of each area")] = WORLDS,
) -> None:
    """Draw thirty years of two focus areas, a mean and a contrast area."""
    runs = {}
    for area in AREAS:
        each = {seed: yearly(area, seed) for seed in track(range(1, worlds + 1), area)}
        runs[area] = pd.concat(each, axis="columns", names=["world", "outcome"])
    figure, grid = plt.subplots(len(SHOWN), len(AREAS), figsize=(9.0, 10.5), sharex=True, sharey="row", squeeze=False)
    for row, (outcome, label) in zip(grid, SHOWN.items(), strict=True):
        for axes, (area, years) in zip(row, runs.items(), strict=True):
            lines = pd.DataFrame(years.xs(outcome, axis="columns", level="outcome"))
            axes.plot(lines, color="0.6", lw=0.5)
            axes.plot(lines.mean(axis="columns"), color="C0", lw=2.2)
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_title(AREAS[area] if outcome == next(iter(SHOWN)) else "", fontsize=10, loc="left")
        row[0].set_ylabel(label, fontsize=8.5)
        top = max(years.xs(outcome, axis="columns", level="outcome").to_numpy().max() for years in runs.values())
        row[0].set_ylim(0, 1.05 * top)
    for axes in grid[-1]:
        axes.set_xlabel("year", fontsize=9)
    figure.align_ylabels(grid[:, 0])
    figure.tight_layout(h_pad=0.4)
    figure.savefig(file, dpi=72)
    plt.close(figure)


if __name__ == "__main__":
    typer.run(main)
