"""One command that measures every claim about a mechanism: `uv run python -m tests.science.mechanisms`.

It rewrites `results/reference/mechanisms.csv`.  A claim compares worlds with the same people and the same luck, so what is
judged is the mean of paired differences over worlds.  It holds when a t-interval around that mean, one that misses the
truth in one of 2,000 cases at the side of zero, lies wholly on the side that the reports name.  With some 140 claims even
if none of them were true there would be less than one chance in ten that a single one passes by luck; so a claim needs
an effect of about two thirds of its own spread over worlds to pass, and a small or mixed effect does not.
"""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from scipy import stats

from kantelpunt.model import simulate
from kantelpunt.model.protocol.mechanisms import Claim, book
from kantelpunt.model.scenario import Scenario

from .measure import THREADS

REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "mechanisms.csv"
SEEDS = 8  # worlds; more show smaller differences, and take longer
TAIL = 0.0005  # chance that a claim about nothing passes

Asked = tuple[str, str | None, tuple[int, int]]  # outcome, per, weeks


class Measured(NamedTuple):
    """A claim as it was found: the mean difference over worlds and its interval."""

    id: str
    base: str
    change: str
    outcome: str
    weeks: str
    direction: str
    base_mean: float
    difference: float
    low: float
    high: float
    seeds: int
    holds: str  # yes or no


def asked(claim: Claim) -> Asked:
    """Return what a claim asks of a run."""
    return claim.outcome, claim.per, claim.weeks


def figure(history: pd.DataFrame, question: Asked) -> float:
    """Return the mean of an outcome over some weeks, or the ratio of two sums."""
    outcome, per, (first, last) = question
    part = history.iloc[first : last + 1]
    return float(part[outcome].mean() if per is None else part[outcome].sum() / max(part[per].sum(), 1e-9))


def figures(claims: Iterable[Claim], seeds: int) -> dict[tuple[Scenario, Asked], np.ndarray]:
    """Return (scenario, question) -> answers, one a world; each world of each scenario is run once."""
    bases = book().bases
    questions: dict[Scenario, set[Asked]] = defaultdict(set)
    for claim in claims:
        for _, scenario in claim.weighted(bases):
            questions[scenario].add(asked(claim))

    def answer(task: tuple[Scenario, int]) -> dict[Asked, float]:
        history = simulate(*task).weeks
        return {question: figure(history, question) for question in questions[task[0]]}

    tasks = [(scenario, seed) for scenario in questions for seed in range(1, seeds + 1)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = iter(list(pool.map(answer, tasks)))
    found = {}
    for scenario, wanted in questions.items():
        worlds = [next(answers) for _ in range(seeds)]
        found.update({(scenario, question): np.array([world[question] for world in worlds]) for question in wanted})
    return found


def judge(name: str, claim: Claim, found: dict[tuple[Scenario, Asked], np.ndarray]) -> Measured:
    """Return what a claim amounts to."""
    compared = claim.weighted(book().bases)
    difference = sum(weight * found[scenario, asked(claim)] for weight, scenario in compared)
    seeds, mean = difference.size, float(difference.mean())
    margin = float(stats.t.ppf(1.0 - TAIL, seeds - 1) * difference.std(ddof=1) / np.sqrt(seeds))
    low, high = mean - margin, mean + margin
    outcome = claim.outcome if claim.per is None else f"{claim.outcome} / {claim.per}"
    return Measured(
        name,
        claim.base,
        claim.told(book().bases[claim.base]),
        outcome,
        "{}-{}".format(*claim.weeks),
        claim.moves,
        float(found[compared[-1][1], asked(claim)].mean()),
        mean,
        low,
        high,
        seeds,
        "yes" if (low > 0.0 if claim.moves == "up" else high < 0.0) else "no",
    )


def measure(seeds: int = SEEDS, every: int = 1) -> list[Measured]:
    """Return every claim, or one in so many, as it is found in the worlds 1 .. seeds."""
    claims = [(name, claim) for name, mechanism in book().mechanisms.items() for claim in mechanism.shown][::every]
    found = figures([claim for _, claim in claims], seeds)
    return [judge(name, claim, found) for name, claim in claims]


def table(found: list[Measured]) -> pd.DataFrame:
    """Return claims as they were found, one a row, rounded to four digits."""
    rows = pd.DataFrame(found)
    for name in ("base_mean", "difference", "low", "high"):
        rows[name] = [float(f"{value:.4g}") for value in rows[name]]
    return rows


def main(
    seeds: Annotated[int, typer.Option(min=2, help="worlds to measure in")] = SEEDS,
    out: Annotated[Path, typer.Option(help="file to write")] = REFERENCE,
) -> None:
    """Measure every claim about a mechanism, in paired worlds, on two threads."""
    console = Console()
    console.width = max(console.width, 170)
    result = table(measure(seeds))
    report = Table(title=f"Mechanisms over {seeds} paired worlds", caption="in brackets: t-interval over worlds, 99.9 %")
    for column in ("id", "change", "outcome", "weeks", "base", "difference", ""):
        report.add_column(column)
    for row in result.itertuples():
        verdict = "[green]holds[/]" if row.holds == "yes" else f"[red]not {row.direction}[/]"
        change = f"{row.change} [dim]({row.base})[/]"
        report.add_row(
            row.id,
            change,
            row.outcome,
            row.weeks,
            f"{row.base_mean:g}",
            f"{row.difference:g} ({row.low:g} to {row.high:g})",
            verdict,
        )
    console.print(report)
    out.parent.mkdir(parents=True, exist_ok=True)
    result.to_csv(out, index=False)
    console.print(f"written: {out}")


if __name__ == "__main__":
    typer.run(main)
