"""One command for figures of contact, talk, desks and promises: `uv run python -m tests.science.workers`.

It prints a table and writes nothing: what decisions D91-D98 tell of a focus area of 2,000 people in five years (levels: the last
of them), as it is, with presence, with presence out of sight, with actions; means over worlds with a 95 % interval.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from rich.console import Console

from kantelpunt.experiments.statistics import interval
from kantelpunt.model import Scenario, simulate
from kantelpunt.model.shared.posts import has_desk
from kantelpunt.model.simulation import Run
from kantelpunt.model.state.codes import SAFETY, SOCIAL

from .measure import THREADS
from .worlds import FOCUS, YEAR

YEARS, PEOPLE = 5, 2_000
WELL = 0.2  # from this level on somebody knows a worker well
SAFE = {"kind": "safe_places", "share": 1.0, "ramp": 0}


def presence(hours: float, actions: float = 0.0) -> dict[str, Any]:
    """Return visible presence at this dose."""
    return {"kind": "visible_presence", "hours": hours, "actions": actions}


ARMS: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "40 hours": [presence(40.0)],
    "200 hours": [presence(200.0)],
    "200 hours out of sight": [presence(200.0), SAFE],
    "2 actions": [presence(0.0, 2.0)],
    "10 actions": [presence(0.0, 10.0)],
}


def figures(run: Run) -> dict[str, float]:
    """Return the figures of one world, by name."""
    weeks, last, world = run.weeks.iloc[1:], run.weeks.iloc[-YEAR:], run.world
    people, team = world.people, world.professionals
    here = (people["present"] == 1) & (people["born"] <= run.scenario.weeks - 8 * YEAR)
    level, post = (world.acquaintances[here][name] for name in ("level", "post"))
    known = (level > 0) & (team["present"][post] == 1) & (team["nth"][post] == world.acquaintances[here]["nth"])
    worked = {
        f"workload of the {name} desk": team["workload"][[has_desk(each) and each["domain"] == domain for each in team]].mean()
        for name, domain in (("safety", SAFETY), ("social", SOCIAL))
    }
    return {
        "holders of the friend-enemy norm (%)": 100 * last["norm_enemy"].mean(),
        "talk seen a week": weeks["talk_seen"].mean(),
        "of it paid for (%)": 100 * weeks["sanctions"].sum() / max(weeks["talk_seen"].sum(), 1),
        "who pay, per 1,000 residents a year": 1_000 * weeks["sanctions"].sum() / YEARS / weeks["people"].mean(),
        "workers known per resident of eight and over": known.sum() / here.sum(),
        "who know one well (%)": 100 * ((level * known).max(axis=1) > WELL).mean(),
        **worked,
        "signals per 100 youths a month": 100 * weeks["signals"].sum() / weeks["youths"].sum() * YEAR / 12,
        "promises made a week": weeks["promised"].mean(),
        "of them broken (%)": 100 * weeks["promises_broken"].sum() / max(weeks["promised"].sum(), 1),
    }


def table(seeds: int) -> pd.DataFrame:
    """Return a row a figure and a column an arm, each a mean over worlds with its interval."""
    tasks = [(arm, seed) for arm in ARMS for seed in range(1, seeds + 1)]

    def lived(task: tuple[str, int]) -> dict[str, float]:
        arm, seed = task
        return figures(simulate(Scenario(area=FOCUS, people=PEOPLE, years=YEARS, interventions=ARMS[arm]), seed))

    with ThreadPoolExecutor(THREADS) as pool:
        found = pd.DataFrame(list(pool.map(lived, tasks)), index=pd.MultiIndex.from_tuples(tasks, names=["arm", "seed"]))
    told = {arm: {name: said(found.loc[arm][name].to_numpy()) for name in found} for arm in ARMS}
    return pd.DataFrame(told)


def said(values: np.ndarray) -> str:
    """Return a mean with its 95 % interval, in three digits."""
    return "{:.3g} ({:.3g} to {:.3g})".format(*interval(values))


def main(seeds: Annotated[int, typer.Option(min=2, help="worlds to measure in")] = 8) -> None:
    """Tell of contact, talk, desks and promises in a focus area, over some worlds, on two threads."""
    console = Console()
    console.width = max(console.width, 200)
    console.print(table(seeds).to_string(), highlight=False)


if __name__ == "__main__":
    typer.run(main)
