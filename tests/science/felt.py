"""One command that asks of every uncertain number whether anything feels it: `uv run python -m tests.science.felt`.

It writes `results/reference/felt.csv`.  In a focus area where nothing is done, and in one where every measure and
circumstance is on, each number by itself is put at both ends of its range, in the same worlds with the same luck; what an outcome
is, week by week over ten years, is taken as its mean.  Luck parts two worlds that differ in anything at all, so paired
differences of a number that nothing feels are noise: as large as they are for half of all numbers.  A number is felt where the
mean difference of an outcome is so far from zero that not one in a hundred numbers would be called felt by luck, over all
outcomes together.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import typer
from rich.progress import track
from scipy import stats

from kantelpunt.experiments.design.sampling import uncertain
from kantelpunt.model import OUTCOMES, Scenario, simulate
from kantelpunt.model.interventions import build, catalogue

from .measure import THREADS
from .worlds import FOCUS

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "felt.csv"
SEEDS = 8
BY_LUCK = 0.01  # chance that a number that nothing feels is called felt


class Felt(NamedTuple):
    """The outcome that moves most by a number, in standard errors, and how many outcomes feel it."""

    parameter: str
    where: str  # nothing or everything is done
    outcomes: int
    outcome: str
    usual: float
    low_to_high: float
    z: float
    felt: str
    worlds: int


def bases() -> dict[str, Scenario]:
    """Return a focus area in which nothing is done, and one in which everything is, from the first week."""
    nothing = Scenario(area=FOCUS, people=2_000, years=10)
    every = [build({"kind": kind}).table() for kind in catalogue()]
    return {"nothing": nothing, "everything": nothing.changed(interventions=every)}


def lived(base: Scenario, parameters: dict[str, float], seeds: int) -> np.ndarray:
    """Return the mean over weeks of every outcome, shape (worlds, outcomes)."""
    scenario = base.changed(parameters=parameters)
    return np.array([np.nanmean(simulate(scenario, seed).world.history[1:], axis=0) for seed in range(1, seeds + 1)])


def judged(where: str, usual: np.ndarray, gains: np.ndarray) -> list[Felt]:
    """Return what the outcomes make of each number: its gains from the low to the high end, shape (numbers, worlds, outcomes)."""
    _, worlds, outcomes = gains.shape
    noise = np.median(gains.std(axis=1, ddof=1), axis=0) / np.sqrt(worlds)
    mean = gains.mean(axis=1)
    z = np.nan_to_num(np.divide(mean, noise, out=np.zeros_like(mean), where=noise > 0.0))
    least = stats.norm.isf(BY_LUCK / outcomes / 2.0)
    found = []
    for i, name in enumerate(uncertain()):
        most, count = int(np.argmax(np.abs(z[i]))), int((np.abs(z[i]) > least).sum())
        at, gain, errors = (float(f"{each:.4g}") for each in (usual[most], mean[i, most], z[i, most]))
        felt = "yes" if count else "no"
        found.append(Felt(name, where, count, list(OUTCOMES)[most], at, gain, errors, felt, worlds))
    return found


def main(
    seeds: Annotated[int, typer.Option(min=3, help="worlds to measure in")] = SEEDS,
    out: Annotated[Path, typer.Option(help="file to write")] = REFERENCE,
) -> None:
    """Put every uncertain number at both ends of its range, and say which are felt, on two threads."""
    found: list[Felt] = []
    for where, base in bases().items():
        settings = [{name: end} for name, each in uncertain().items() for end in (each.low, each.high)]
        with ThreadPoolExecutor(THREADS) as pool:
            ends = pool.map(lambda setting, base=base: lived(base, setting, seeds), settings)
            every = np.array(list(track(ends, where, total=len(settings))))
        found += judged(where, lived(base, {}, seeds).mean(axis=0), every[1::2] - every[::2])
    table = pd.DataFrame(found)
    table["order"] = table.groupby("parameter")["z"].transform(lambda z: z.abs().max())
    table = table.sort_values(["order", "parameter"], ascending=False, kind="stable").drop(columns="order")
    table.to_csv(out, index=False)
    print(table.groupby("parameter")["felt"].max().value_counts().to_string())


if __name__ == "__main__":
    typer.run(main)
