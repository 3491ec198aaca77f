"""N15: systemic working against other ways to spend the same money: `uv run python -m tests.science.systemic`.

The same worlds under every policy, from the second year on; what counts is how many youths are involved in the last four years,
on average.  The best single measure is chosen beforehand, in worlds that do not judge; the oracle knows: in each world it is the
best of equal parts and every single measure there.  A difference below 0 is in favour of the team.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.interventions.systemic_working import MENU

from .measure import THREADS, interval
from .worlds import FOCUS, YEAR

OUT = Path(__file__).parents[2] / "results" / "reference" / "systemic.csv"
OUTCOME, YEARS, JUDGED = "involved_youths", 9, 4
CHOOSING = 1_000  # seeds above this choose, and do not judge
PLANS = {"team": {"policy": "team"}, "equal parts": {"policy": "equal_parts"}, "lot": {"policy": "lot"}}
SINGLES = {each.kind: {"policy": each.kind} for each in MENU}


def reached(policy: dict[str, str], seed: int) -> float:
    """Return how many youths are involved in the last years of a world under a policy."""
    programme = {"kind": "systemic_working", "from": YEAR, **policy}
    weeks = simulate(Scenario(area=FOCUS, people=2_000, years=YEARS, interventions=[programme]), seed).weeks
    return float(weeks[OUTCOME].iloc[-JUDGED * YEAR :].mean())


def table(policies: dict[str, dict[str, str]], seeds: range) -> pd.DataFrame:
    """Return a row a world, a column a policy."""
    asked = [(name, seed) for seed in seeds for name in policies]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda pair: reached(policies[pair[0]], pair[1]), asked))
    return pd.DataFrame(np.reshape(found, (len(seeds), len(policies))), index=list(seeds), columns=list(policies))


def compared(worlds: pd.DataFrame, best: str) -> pd.DataFrame:
    """Return how the team compares with each other policy, with 95 % intervals over worlds."""
    others = {
        "equal parts": worlds["equal parts"],
        "lot": worlds["lot"],
        f"best single ({best})": worlds[best],
        "oracle": worlds[["equal parts", *SINGLES]].min(axis=1),
    }
    rows = []
    for name, values in others.items():
        change = (worlds["team"] - values).to_numpy()
        low, high = interval(lambda shown: float(shown["change"].mean()), {"change": change}, len(change))
        rows.append((name, worlds["team"].mean(), values.mean(), change.mean(), low, high, len(change)))
    return pd.DataFrame(rows, columns=["against", "team", "other", "difference", "low", "high", "worlds"])


def main(
    seeds: Annotated[int, typer.Option(min=2, help="worlds that judge")] = 16,
    choosing: Annotated[int, typer.Option(min=1, help="worlds that choose the best single measure")] = 8,
    out: Annotated[Path, typer.Option(help="file of the table")] = OUT,
) -> None:
    """Measure systemic working against other ways to spend the same money."""
    best = str(table(SINGLES, range(CHOOSING + 1, CHOOSING + 1 + choosing)).mean().idxmin())
    worlds = table({**PLANS, **SINGLES}, range(1, seeds + 1))
    result = compared(worlds, best).round(3)
    result.to_csv(out, index=False)
    typer.echo(result.to_string(index=False))
    typer.echo(worlds.mean().round(2).sort_values().to_string())


if __name__ == "__main__":
    typer.run(main)
