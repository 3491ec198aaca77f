"""When to begin, what to watch, when to change course: plans that change when a sign crosses a level, found and judged.

A *policy* begins with one plan of a question and changes to another one: never, after a week that is fixed beforehand, or at
the first look at which a sign that a team can see (`signs.py`) is above or below a level.  After adaptive pathways (Haasnoot
e.a. 2013), by plain enumeration: every change at every look is lived once (`routes.py`), so all signs and levels are answered
from the same runs, exactly.

Policies are chosen in some worlds and judged in fresh ones (study `routes`, study `fresh`).  The worth of watching a sign is
measured against changing at the same moments by lot: as often, as early, at the same cost, but in worlds that the lot picks.
Where a sign says nothing, that difference is nothing on average.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.policies.seen import SIGNS

from ..design.plan import Plan
from ..running.engines import Engine
from ..running.files import inside
from ..running.jobs import RunFunction, run_job
from ..statistics import FEWEST_UNITS, LEVEL, effect, interval, judged, p_difference, units_of
from ..study import Study
from . import signs
from .best import SLACK, TAIL
from .robust_choice import gains_of
from .routes import Routes, routes_of

POINTS, FRESH, EVERY, LATE = 24, 32, 26, 1
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # quantiles of a sign, over worlds and looks, that serve as levels
FIGURES = 3  # of a level
POLICY = "policy"  # what one that changes is called, with a number
SURVIVORS = 3  # policies with a sign that come to the last judgement
TELLS = 0.1  # share of worlds that change on another look than most do, from which a sign tells worlds apart


class Policy(NamedTuple):
    """Begin with ``first``; change to ``then`` after ``week``, or when ``sign`` is above or below ``level``; else never."""

    first: str
    then: str = ""
    week: int = -1
    sign: str = ""
    level: float = 0.0
    above: bool = True

    @property
    def kind(self) -> str:
        """Return "sign", "date" or "plan"."""
        return "sign" if self.sign else "date" if self.then else "plan"


@dataclass(frozen=True)
class Lived:
    """The results of every policy in some worlds: gains by (point, world), a column a scenario; what is known at each look."""

    routes: Routes
    gains: pd.DataFrame
    known: dict[str, np.ndarray]
    costs: pd.Series  # of each scenario, euros a year

    def change(self, policy: Policy) -> np.ndarray:
        """Return at which look each world changes; the number of looks where it never does."""
        looks, worlds = self.routes.looks, len(self.gains)
        if policy.kind == "sign":
            values = self.known[policy.first][:, :, SIGNS.index(policy.sign)]
            return signs.crossing(values, policy.level, policy.above)
        return np.full(worlds, looks.index(policy.week) if policy.then else len(looks))

    def arms(self, policy: Policy) -> list[str]:
        """Return the scenarios that a policy may turn out to be: one a look, and at the end the one that never changes."""
        return self.routes.of(policy.first, policy.then) if policy.then else [policy.first]

    def gain(self, policy: Policy) -> pd.Series:
        """Return what a policy comes to in every world; more is better."""
        if not policy.then:
            return self.gains[policy.first]
        table = self.gains[self.arms(policy)].to_numpy()
        return pd.Series(table[np.arange(len(table)), self.change(policy)], self.gains.index)

    def cost(self, policy: Policy) -> float:
        """Return what a policy costs on average, in euros a year."""
        if not policy.then:
            return float(self.costs[policy.first])
        return float(self.costs[self.arms(policy)].to_numpy()[self.change(policy)].mean())

    def adds(self, policy: Policy) -> pd.Series:
        """Return in every world what it adds to change at its own moment, and not at that of another world, each as likely.

        That lot changes as often and as early, at the same cost.  The effect of a moment on all worlds alike is taken off,
        since it is nothing on average in the difference; so is the difference where a sign says nothing about its world.
        """
        table, change = self.gains[self.arms(policy)].to_numpy(), self.change(policy)
        table = table - table.mean(axis=0)
        own, counts = table[np.arange(len(table)), change], np.bincount(change, minlength=table.shape[1])
        return pd.Series(own - (table @ counts - own) / (len(table) - 1), self.gains.index)


@dataclass(frozen=True)
class Pathways:
    """Policies that were chosen in some worlds and judged in fresh ones.

    ``plan`` is the best within the budget of those that never change, where policies were chosen.
    ``table`` has a row a judged policy (index ``name``): kind, first, then, week, sign, level, above, cost (euros a year), gain
    over the first plan with low and high, worst (mean of the worst tenth of worlds), chosen_on, changes (share of worlds that
    change), early, middle and late (weeks: tenth, half, nine tenths of those that change), watching with watching_low and
    watching_high (what the sign adds to a lot) and watching_p.  ``beats`` has a row a plan, or a date, that the winner is
    compared with; ``dates`` a row a look: what it comes to to change then, from the plan of the winner to its other one.
    """

    winner: str
    plan: str
    table: pd.DataFrame
    beats: pd.DataFrame
    dates: pd.DataFrame
    routes: Routes
    tried: int
    late: int
    folder: Path


def pathways(
    plan: Plan,
    folder: Path,
    *,
    budget: float | None = None,
    points: int = POINTS,
    fresh: int = FRESH,
    every: int = EVERY,
    late: int = LATE,
    work: RunFunction = run_job,
    by: signs.Look = signs.look,
    run: Callable[[Study], object] | None = None,
    engine: Engine | None = None,
    tell: signs.Tell | None = None,
) -> Pathways:
    """Find the policies of a plan that do best within a budget, and judge them in fresh worlds.  Goes on where it stopped.

    Parameters
    ----------
    budget : euros a year, on average; left out, what the dearest plan costs.
    points, fresh : plausible settings in which policies are chosen, and in which they are judged.
    every : weeks between two looks, a number of quarters of a year.
    late : quarters of a year until what happened in one is known.
    by : looks at a run.
    run : does a study; left out, without showing anything.  Where it leaves runs undone, it has to raise.
    engine : where runs are looked at; left out, one thread a core.
    tell : called with how many runs have been looked at, of how many.
    """
    routes = routes_of(plan, every)
    costs = {name: plan.scenarios[name].cost() / plan.years for name in routes.names}
    most = max(costs.values()) if budget is None else budget
    if not min(costs.values()) <= most < math.inf:
        least = Phrase("allowed.at_least", least=math.ceil(min(costs.values())))
        raise InputError("race.nothing_fits", place="--budget", value=budget, allowed=least)
    do = run or (lambda study: study.run(quiet=True))

    def lived(name: str, pairs: list[tuple[str, str]], n: int, seed: int) -> Lived:
        study = Study.of(routes.study(pairs, n, seed), inside(folder, name), work)
        do(study)
        firsts = tuple(dict.fromkeys(first for first, _ in pairs))
        return lived_in(study, routes, signs.seen_of(study, firsts, by, engine, tell), firsts, late)

    chose = lived("routes", routes.pairs(), points, plan.seed + 1)
    policies, tried = chosen(chose, most)
    pairs = list(dict.fromkeys((each.first, each.then) for each in policies if each.then))
    judge = lived("fresh", pairs or routes.pairs()[:1], fresh, plan.seed + 1_000)
    return judgement(policies, tried, chose, judge, late, folder)


def lived_in(study: Study, routes: Routes, seen: pd.DataFrame, firsts: tuple[str, ...], late: int) -> Lived:
    """Return what policies come to in the worlds of a study."""
    gains = gains_of(study).sort_index()
    cost = {name: scenario.cost() / study.plan.years for name, scenario in study.plan.scenarios.items()}
    worlds = pd.MultiIndex.from_frame(seen.index.to_frame()[["point", "world"]])
    seen = seen[worlds.isin(gains.index)]  # those in which no run failed
    names = seen.index.get_level_values("scenario")
    known = {first: signs.known(seen[names == first], routes.looks, late) for first in firsts}
    return Lived(routes, gains, known, pd.Series(cost))


def chosen(lived: Lived, budget: float) -> tuple[list[Policy], int]:
    """Return the policies that come to the last judgement, the best first, and how many were tried within the budget.

    They are the best that watch a sign (one a change and sign), the best with a date, and every plan.
    """
    plans = [Policy(name) for name in lived.routes.names]
    dates = [Policy(first, then, week) for first, then in lived.routes.pairs() for week in lived.routes.looks]
    some = [each for each in [*plans, *dates, *watching(lived)] if lived.cost(each) <= budget + SLACK]
    means = {each: float(lived.gain(each).mean()) for each in some}
    order = sorted(some, key=lambda each: (-means[each], lived.cost(each)))
    kept: dict[tuple, Policy] = {}
    for each in order:
        if each.kind == "sign":
            kept.setdefault((each.first, each.then, each.sign), each)
    best = [*list(kept.values())[:SURVIVORS], *[each for each in order if each.kind == "date"][:1]]
    return sorted([*best, *plans], key=lambda each: order.index(each) if each in means else len(order)), len(some)


def watching(lived: Lived) -> Iterator[Policy]:
    """Give the policies that watch a sign, as far as it tells worlds apart: in some it crosses the level at another look."""
    for first, then in lived.routes.pairs():
        for i, sign in enumerate(SIGNS):
            values = lived.known[first][:, :, i]
            for level in levels(values):
                for above in (True, False):
                    policy = Policy(first, then, -1, sign, level, above)
                    usual = np.bincount(lived.change(policy)).max()
                    if len(lived.gains) - usual >= TELLS * len(lived.gains):
                        yield policy


def levels(values: np.ndarray) -> list[float]:
    """Return levels of a sign to watch for, as somebody would write them: each once."""
    some = np.nanquantile(values, SHARES) if np.isfinite(values).any() else []
    return list(dict.fromkeys(float(f"{each:.{FIGURES}g}") for each in some))


def judgement(policies: list[Policy], tried: int, chose: Lived, judge: Lived, late: int, folder: Path) -> Pathways:
    """Return what the policies come to in worlds that chose none of them."""
    names = {policy: f"{POLICY} {i + 1}" if policy.then else policy.first for i, policy in enumerate(policies)}
    winner = policies[0]
    rows = [row_of(names[each], each, chose, judge) for each in policies]
    table = pd.DataFrame(rows).set_index("name")
    others = [each for each in policies if each is not winner and each.kind != "sign"]
    ours = judge.gain(winner)
    found = judged([effect(names[each], "gain", ours, judge.gain(each), "higher", SLACK) for each in others], "higher")
    beats = [
        {"plan": each.scenario, **each.difference._asdict(), "p": each.p_difference, "verdict": each.verdict} for each in found
    ]
    beaten = pd.DataFrame(beats).set_index("plan").rename(columns={"mean": "difference"})
    turning = next((each for each in policies if each.then), None)
    dates = by_date(judge, turning) if turning else pd.DataFrame()
    staying = next(each.first for each in policies if not each.then)
    return Pathways(names[winner], staying, table, beaten, dates, judge.routes, tried, late, folder)


def row_of(name: str, policy: Policy, chose: Lived, judge: Lived) -> dict[str, object]:
    """Return what one policy comes to in fresh worlds."""
    first = judge.routes.plan.first
    units = units_of(judge.gain(policy) - judge.gains[first])
    mean, low, high = interval(units.to_numpy())
    tail = float(units.nsmallest(max(1, round(TAIL * len(units)))).mean())
    on = float((chose.gain(policy) - chose.gains[first]).mean())
    known = {"name": name, "kind": policy.kind, **policy._asdict(), "cost": judge.cost(policy)}
    known |= {"gain": mean, "low": low, "high": high, "worst": tail, "chosen_on": on}
    change = judge.change(policy)
    weeks = np.array(judge.routes.looks)[change[change < len(judge.routes.looks)]]
    early, middle, last = np.quantile(weeks, (0.1, 0.5, 0.9), method="nearest") if weeks.size else (np.nan,) * 3
    known |= {"changes": weeks.size / len(change), "early": early, "middle": middle, "late": last}
    if policy.kind != "sign":
        return known | dict.fromkeys(("watching", "watching_low", "watching_high"), math.nan) | {"watching_sure": False}
    added = units_of(judge.adds(policy)).to_numpy()
    more, least, most = interval(added)
    sure = added.size >= FEWEST_UNITS and p_difference(added) <= 1.0 - LEVEL
    return known | {"watching": more, "watching_low": least, "watching_high": most, "watching_sure": bool(sure)}


def by_date(judge: Lived, policy: Policy) -> pd.DataFrame:
    """Return a row a look: what it comes to to change then, over the first plan of the question, and over never changing."""
    rows = []
    for week, name in zip(judge.routes.looks, judge.arms(policy), strict=False):
        there = judge.gains[name]
        gain = interval(units_of(there - judge.gains[judge.routes.plan.first]).to_numpy())
        helps = interval(units_of(there - judge.gains[policy.first]).to_numpy())
        own = {"gain": gain.mean, "low": gain.low, "high": gain.high, "helps": helps.mean, "helps_low": helps.low}
        rows.append({"week": week, "cost": float(judge.costs[name]), **own})
    return pd.DataFrame(rows).set_index("week")
