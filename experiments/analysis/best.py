"""The best package for a budget: a race of candidates in common worlds, judged on worlds that did not choose.

A candidate is a dose for each measure (in quarters of the full one), and where they are asked for a begin, a duration and a
place (`ways.py`), whose yearly cost lies within the budget.  They race by
successive halving (Jamieson and Talwalkar 2016): all live in a few worlds, the better half in as many more, and so on; in each
round all candidates share their worlds.  The largest of many noisy means looks better than it is (the winner's curse), so the
winner and the plans that it has to beat are lived again in fresh worlds, and only those are reported as its effect; the
difference between the two is told.

Each round is a study of its own in the folder (`round-1`, `round-2` ..., `fresh`), so a race goes on where it stopped.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..design.plan import Plan
from ..results import StudyResults
from ..running.files import inside
from ..running.jobs import RunFunction, run_job
from ..statistics import Interval, effect, interval, judged, units_of
from ..study import Study
from .mixes import EQUAL, SLACK, Doses, Field, asked_about, candidates, equal_parts, field_of
from .parts import called
from .robust_choice import gains_of
from .ways import AS_PLANNED, WAY, Ways

CANDIDATES = 48
FIRST_POINTS = 6  # of the first round; each later one has as many points more
SURVIVORS = 4  # that come to the last judgement
FRESH_POINTS = 32
FEWEST_WORLDS = 2  # in which all have lived before it is told who is in front
ROUND = "round-"  # and its number: the folder of a round
TODAY = "today"
TRUST = "trust_institutions"
TAIL = 0.1  # the worst tenth of futures


@dataclass(frozen=True)
class Race:
    """A race that has been run.

    ``front`` has a row a judged candidate (index ``name``): doses as columns, cost (euros a year), gain with low and high, worst
    (mean of the worst tenth of futures), chosen_on (its mean in the worlds that chose it), trust (what it does to trust in
    institutions) with trust_low and trust_high, and on_front (no other is better in gain, worst, trust and cost at once).
    ``beats`` has a row a plan that the winner is compared with, on fresh worlds.  ``ways`` has of each measure from, until and
    where, as far as it says so.
    """

    winner: str
    measures: tuple[str, ...]
    front: pd.DataFrame
    beats: pd.DataFrame
    curse: Interval
    candidates: int
    folder: Path
    ways: dict[str, dict[str, Any]]


def rounds(n: int) -> list[int]:
    """Return how many candidates live in each round: halves, until few are left."""
    sizes = [n]
    while sizes[-1] > SURVIVORS:
        sizes.append(max(SURVIVORS, math.ceil(sizes[-1] / 2)))
    return sizes


def race(
    plan: Plan,
    budget: float,
    folder: Path,
    *,
    n: int = CANDIDATES,
    fresh: int = FRESH_POINTS,
    seed: int = 1,
    ways: Ways = AS_PLANNED,
    work: RunFunction = run_job,
    run: Callable[[Study], object] | None = None,
) -> Race:
    """Race the candidates of a plan for a budget (euros a year), and return the winner, judged on fresh worlds.

    Parameters
    ----------
    n : number of candidates.
    fresh : points of the last judgement.
    ways : moments, durations and places to choose from; left out, those of the plan.
    run : does a study; left out, without showing anything.  Where it leaves runs undone, it has to raise.
    """
    field, do = field_of(plan, budget, ways), run or (lambda study: study.run(quiet=True))
    left = candidates(field, n, seed)
    gains: dict[str, pd.Series] = {}
    count = len(left)
    for i, size in enumerate(rounds(count)):
        left = dict(list(ranked(field, left, gains))[:size]) if i else left
        study = round_of(field, left, inside(folder, f"{ROUND}{i + 1}"), FIRST_POINTS, plan.seed + 1 + i, work)
        do(study)
        here = gains_of(study)
        for name in left:
            own = units_of(here[name] - here[TODAY])
            gains[name] = pd.concat([each for each in (gains.get(name), own) if each is not None])
    return judgement(field, dict(ranked(field, left, gains)), gains, folder, fresh, work, do, count)


def ranked(field: Field, left: Mapping[str, Doses], gains: Mapping[str, pd.Series]) -> Iterator[tuple[str, Doses]]:
    """Give candidates, the largest mean gain first; of equals the cheapest."""
    for name in sorted(left, key=lambda each: (-float(gains[each].mean()), field.cost(left[each]))):
        yield name, left[name]


def round_of(field: Field, some: Mapping[str, Doses], folder: Path, points: int, seed: int, work: RunFunction) -> Study:
    """Return the study of a round: these candidates and today in the same worlds."""
    known = {name: getattr(field.plan, name) for name in Plan.model_fields}
    arms = {TODAY: field.scenario((0.0,) * len(field.measures)), **{name: field.scenario(doses) for name, doses in some.items()}}
    question = field.plan.question.model_copy(update={"against": TODAY, "deciding": ()})
    left: dict[str, Any] = {"until": None, "rival": {}, "cells": {}}
    changed = {"title": field.plan.heading, "scenario": arms, "compare": question, "points": points, "seed": seed}
    return Study.of(Plan(**{**known, **left, **changed}), folder, work)


class Lead(NamedTuple):
    """The leader of a round so far: the number of the round, how many candidates run in it, the doses of the first."""

    round: int
    left: int
    doses: dict[str, float]


def leading(study: StudyResults, field: Field, all_doses: Mapping[str, Doses]) -> Lead | None:
    """Return who is in front so far; None in another study than a round, and while few worlds are there."""
    number = study.folder.name.removeprefix(ROUND)
    if not number.isdigit() or not study.done:
        return None
    gains = gains_of(study).drop(columns=TODAY)
    if len(gains) < FEWEST_WORLDS:
        return None
    doses = all_doses[str(gains.mean().idxmax())]
    return Lead(int(number), gains.shape[1], dict(zip(called(list(field.measures)), doses, strict=True)))


def judgement(
    field: Field,
    left: dict[str, Doses],
    gains: Mapping[str, pd.Series],
    folder: Path,
    fresh: int,
    work: RunFunction,
    do: Callable[[Study], object],
    count: int,
) -> Race:
    """Return the race, the survivors and what they have to beat lived again in worlds that chose nobody."""
    winner, chosen = next(iter(left)), dict(list(left.items())[:SURVIVORS])
    some = {**chosen, EQUAL: equal_parts(field), **asked_about(field)}
    study = round_of(field, some, inside(folder, "fresh"), fresh, field.plan.seed + 1_000, work)
    do(study)
    here, trusting = gains_of(study), study.by_world(TRUST)
    measures = tuple(called(list(field.measures)))
    rows = []
    for name, doses in some.items():
        own = units_of(here[name] - here[TODAY])
        mean, low, high = interval(own.to_numpy())
        tail = float(own.nsmallest(max(1, math.ceil(TAIL * len(own)))).mean())
        known: dict[str, Any] = {"name": name, **dict(zip(measures, doses, strict=True)), "cost": field.cost(doses)}
        on = float(gains[name].mean()) if name in gains else math.nan
        trust = interval(units_of((trusting[name] - trusting[TODAY]).loc[here.index]).to_numpy())
        more = {"trust": trust.mean, "trust_low": trust.low, "trust_high": trust.high}
        rows.append({**known, "gain": mean, "low": low, "high": high, "worst": tail, "chosen_on": on, **more})
    front = pd.DataFrame(rows).set_index("name")
    front["on_front"] = undominated(front[["gain", "worst", "trust"]].assign(saved=-front["cost"]).to_numpy())
    lucky = float(gains[winner].mean())
    curse = interval(lucky - units_of(here[winner] - here[TODAY]).to_numpy())
    tables = {name: each.table() for name, each in zip(measures, field.measures, strict=True)}
    ways = {name: {key: table[key] for key in WAY if key in table} for name, table in tables.items()}
    return Race(winner, measures, front, beaten(here, winner), curse, count, folder, ways)


def beaten(here: pd.DataFrame, winner: str) -> pd.DataFrame:
    """Return what the winner does against every other plan on fresh worlds, with a verdict (Holm): a row a plan."""
    others = [name for name in here.columns if name != winner]
    found = judged([effect(name, "gain", here[winner], here[name], "higher", SLACK) for name in others], "higher")
    rows = [
        {"plan": each.scenario, **each.difference._asdict(), "p": each.p_difference, "verdict": each.verdict} for each in found
    ]
    return pd.DataFrame(rows).set_index("plan").rename(columns={"mean": "difference"})


def undominated(scores: np.ndarray) -> np.ndarray:
    """Return which rows no other row equals or exceeds in every column and exceeds in one."""
    return np.array([not ((scores >= own).all(axis=1) & (scores > own).any(axis=1)).any() for own in scores])
