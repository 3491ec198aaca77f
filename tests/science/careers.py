"""How long people work for a crew and whether they come back (N8), and what follows a sweep of all members (N7)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from kantelpunt.model.simulation import Run, Simulation
from kantelpunt.model.state.codes import FAVOURS, NOBODY, NONE, RUNNER

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import FOCUS, HALF, LONG, YEAR, Numbers, Watched, twin, watched

ADULT = 18 * YEAR
RELAPSE = 2 * YEAR
MOST = LONG * YEAR + 1  # weeks
SWEPT, AFTER = 4 * YEAR, 6 * YEAR  # week of the sweep, and weeks after it


class Spell(NamedTuple):
    """A time in somebody's life: at what age it began (weeks), how long it lasted, and whether it ended while it was watched."""

    kind: str
    age: int
    weeks: int
    ended: bool


def spells(seen: Watched) -> Iterator[Spell]:
    """Tell of every spell at stage 2, at stage 3 and deeper, and away after leaving; moves, deaths and the end censor.

    Who goes deeper is no longer watched at stage 2: that spell did not end by leaving.
    """
    born = seen.people.drop_duplicates("id").set_index("id")["born"]
    events = seen.events[seen.events["kind"].isin(["stage up", "stage down", "left", "died"])]
    for who, life in events.groupby("who", sort=False):
        kind, since = "", 0
        for event in life.itertuples():
            now = after(event.kind, event.value, kind)
            if now != kind:
                if kind:
                    ended = event.kind == "stage down" or (kind == "away" and now == "favours")
                    yield Spell(kind, since - int(born.get(who, 0)), event.week - since, ended)
                kind, since = now, event.week
        if kind:
            yield Spell(kind, since - int(born.get(who, 0)), int(seen.weeks.index[-1]) - since, False)


def after(kind: str, value: int, before: str) -> str:
    """Return the kind of spell that somebody is in after an event."""
    if kind in ("left", "died"):
        return ""
    if kind == "stage down":
        return "away" if before in ("favours", "deep") else before
    if value >= RUNNER:
        return "deep"
    return "favours" if value == FAVOURS else before


def careers(seed: int) -> Numbers:
    """Return by length in weeks how many spells ended and how many were watched no longer: young at stage 2, deeper, and away."""
    found = pd.DataFrame(spells(watched(FOCUS, LONG, seed)), columns=Spell._fields)
    kinds = {
        "young": found[(found["kind"] == "favours") & (found["age"] < ADULT)],
        "deep": found[found["kind"] == "deep"],
        "away": found[found["kind"] == "away"],
    }
    numbers: Numbers = {}
    for name, those in kinds.items():
        weeks, ended = those["weeks"].to_numpy(dtype=int), those["ended"].to_numpy(dtype=bool)
        numbers[f"{name}_ended"] = np.bincount(weeks[ended], minlength=MOST)
        numbers[f"{name}_censored"] = np.bincount(weeks[~ended], minlength=MOST)
    return numbers


def surviving(shown: Shown, name: str) -> np.ndarray:
    """Return the share of spells that last longer than so many weeks, by the estimator of Kaplan and Meier (1958)."""
    ended, censored = shown[f"{name}_ended"].sum(axis=0), shown[f"{name}_censored"].sum(axis=0)
    at_risk = np.cumsum((ended + censored)[::-1])[::-1]
    return np.cumprod(1 - ended / np.maximum(at_risk, 1))


def median(shown: Shown, name: str) -> float:
    """Return the years after which half of these spells have ended; all that were watched where they have not."""
    left = surviving(shown, name)
    return float(np.argmax(left <= 0.5) if left[-1] <= 0.5 else left.size) / YEAR


@pattern(
    "N8a", "spells at stage 2 begun before 18: median", "year", careers, "0.5-2 (Weerman e.a. 2015: mostly one year)", 0.5, 2
)
def young_spells(shown: Shown) -> float:
    return median(shown, "young")


@pattern("N8b", "spells at stage 3 and deeper: median", "year", careers, "2-6 (judgement)", 2, 6)
def deep_spells(shown: Shown) -> float:
    return median(shown, "deep")


@pattern("N8c", "of those who left a crew, who work for one again within two years", "%", careers, "20-50", 20, 50)
def relapse(shown: Shown) -> float:
    return 100 * float(1 - surviving(shown, "away")[RELAPSE])


# -- all members removed once


def sweep(simulation: Simulation) -> None:
    """Let everybody who works for a crew stop, at once."""
    people = simulation.world.people
    members = (people["present"] == 1) & (people["stage"] >= FAVOURS)
    for name, value in (("stage", NONE), ("next_stage", NONE), ("crew", NOBODY), ("victim", 0)):
        people[name][members] = value
    people["left_week"][members] = simulation.week


def swept(seed: int) -> Numbers:
    """Return what members of crews did by half-year after all were removed once from a focus area, and without that."""
    plain = Simulation(scenario_of(seed, area=FOCUS, people=2_000, years=(SWEPT + AFTER) // YEAR), seed, events=True)
    plain.advance(SWEPT)
    other = twin(plain)
    sweep(other)
    numbers: Numbers = {}
    for name, simulation in (("plain", plain), ("swept", other)):
        simulation.advance(AFTER)
        events = Run(simulation.scenario, seed, simulation.world).events
        work = events[(events["kind"] == "offence") & (events["value"] >= FAVOURS) & (events["week"] > SWEPT)]
        numbers[name] = np.bincount((work["week"] - SWEPT - 1) // HALF, minlength=AFTER // HALF)
    return numbers


@pattern("N7", "years until what members of crews do is back at half after all were removed once", "year", swept, "1-4", 1, 4)
def returns(shown: Shown) -> float:
    """Return how many years have passed at the end of the first half-year with at least half of the offences of the twins."""
    plain, other = (shown[name].sum(axis=0) for name in ("plain", "swept"))
    back = other >= 0.5 * plain
    return float(np.argmax(back) + 1 if back.any() else back.size + 1) / 2
