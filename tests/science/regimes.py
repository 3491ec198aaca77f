"""Regimes and what warns of a change: does a label fit three worlds, and do signals rise before a neighbourhood leaves stuck?

A signal warns if it goes up in the two years before the first week that is no longer stuck, under a long, strong dose of
presence, more than it does in the same weeks of the twin world without.  Going up is Kendall's rank correlation with time
(Dakos e.a. 2012), from -1 to 1.  What is measured is told, whether it warns or not.
"""

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model import simulate
from kantelpunt.model.regime import REGIMES, RESILIENT, STUCK, WINDOW, regime, signals

from .measure import Shown, mean_of_known, pattern
from .scenarios import scenario_of
from .worlds import CONTRAST, FOCUS, LONG, STRONG, Numbers, watched

WAY = "-".join(REGIMES)
NAMES = {
    "reports_unrest": "variance of reports over their mean",
    "reports_memory": "correlation of reports from week to week",
    "contacts_unrest": "variance of contacts over their mean",
    "contacts_memory": "correlation of contacts from week to week",
    "recovery": "correlation of disorder from week to week (slower recovery)",
    "open_adults": "adults below 0.5 in the friend-enemy norm",
    "guarded_squares": "squares above the threshold of efficacy",
}


def rise(series: pd.Series) -> float:
    """Return how steadily a signal goes up: Kendall's tau with time; 0 where it stands still, or is known once at most."""
    known = series.dropna()
    return float(np.nan_to_num(stats.kendalltau(np.arange(len(known)), known).statistic)) if len(known) > 1 else 0.0


def told(seed: int) -> Numbers:
    """Return the regimes of three worlds over twenty years, and how signals rise before the one with presence leaves stuck."""
    plain = watched(FOCUS, LONG, seed).weeks
    focus = scenario_of(seed, area=FOCUS, people=2_000, years=LONG)
    strong = simulate(focus.changed(interventions=STRONG), seed).weeks
    contrast = simulate(focus.changed(area=CONTRAST), seed).weeks
    courses = {name: regime(weeks).course for name, weeks in (("plain", plain), ("strong", strong), ("contrast", contrast))}
    numbers: Numbers = {name: "-".join(label for _, label in course) for name, course in courses.items()}
    left = next((week for week, label in courses["strong"] if label != STUCK), None)
    for name in NAMES:
        before = [signals(weeks)[name].loc[left - WINDOW : left - 1] for weeks in (strong, plain)] if left else []
        numbers[name] = rise(before[0]) - rise(before[1]) if left else np.nan
    return numbers


def share(courses: np.ndarray, wanted: str) -> float:
    """Return the % of worlds whose course of regimes begins as wanted."""
    return 100.0 * float(np.mean([course.startswith(wanted) for course in courses]))


@pattern("T3a", "worlds without a programme that are called stuck all along", "%", told, "at least 90", low=90)
def all_stuck(shown: Shown) -> float:
    return 100.0 * float(np.mean(shown["plain"] == STUCK))


@pattern("T3b", "contrast areas that are called resilient all along", "%", told, "at least 90", low=90)
def all_resilient(shown: Shown) -> float:
    return 100.0 * float(np.mean(shown["contrast"] == RESILIENT))


@pattern("T3c", "worlds that a long, strong dose takes from stuck via tipping to resilient", "%", told, "at least 50", low=50)
def tips(shown: Shown) -> float:
    return share(shown["strong"], WAY)


def warning(id: str, name: str) -> None:
    """Register what a signal does before a neighbourhood leaves stuck."""

    @pattern(id, f"before leaving stuck, rise of: {NAMES[name]}", "tau, against the twin", told)
    def warns(shown: Shown) -> float:
        return mean_of_known(shown[name], 0.0)  # where no world left stuck


for i, signal in enumerate(NAMES, start=1):
    warning(f"E{i}", signal)


def signal_table(patterns: pd.DataFrame) -> pd.DataFrame:
    """Return what the app tells of signals: of each the rise, with its interval, as the table of patterns has it."""
    rows = patterns.set_index("id").loc[[f"E{i}" for i, _ in enumerate(NAMES, start=1)], ["value", "low", "high"]]
    return rows.set_axis(pd.Index(NAMES, name="signal"))
