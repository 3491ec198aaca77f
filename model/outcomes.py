"""Outcomes: what is measured every week, with unit, better direction, definition and theme.

Counts come from the rules that count, levels from `shared/levels.py`.  An outcome added from outside (`additions.py`) is
measured on the weeks of a run that is done, and only where somebody asks for it: it is in `known`, and not in OUTCOMES,
which are the columns of a history.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from . import formulas, plug_ins, registry, renaming
from .errors import InputError, nearest
from .quantity import Better, Outcome
from .shared import levels

THEMES = {  # theme -> rules that count something about it; levels name theirs
    "people": ("demography", "routines"),
    "trust": ("initiatives", "norms", "stories", "trust"),
    "youths": ("desistance", "lessons", "mentoring_and_plans"),
    "crime": ("aftermath", "crews", "enforcement", "evictions", "offending", "recruitment"),
    "known": ("observation",),
    "cases": ("casework", "reporting", "routing"),
    "professionals": ("encounters", "exploration", "workforce", "hiring", "presence", "promises"),
    "places": (),
}
PER_HEAD = ("level", "share", "%", "%/year", "0-10", "0-100", "ratio")  # units of what does not grow with the number of people
OTHER = "other"  # theme of what a rule counts that no theme names yet
RENAMED = {"attachment": "crime_hold"}  # outcomes


@cache
def outcomes() -> dict[str, Outcome]:
    """Return name -> outcome, in the order of the columns of a history."""
    theme_of = {rule: theme for theme, rules in THEMES.items() for rule in rules}
    themes = {name: theme_of.get(rule, OTHER) for rule, module in registry.rules().items() for name in module.COUNTS}
    counts = {name: outcome._replace(theme=themes[name]) for name, outcome in registry.counts().items()}
    return {**counts, **{name: level.outcome for name, level in levels.LEVELS.items()}}


def by_theme() -> dict[str, list[str]]:
    """Return theme -> names of its outcomes; themes in their order, outcomes in that of a history."""
    found: dict[str, list[str]] = {}
    for theme in (*THEMES, OTHER):
        if names := [name for name, outcome in outcomes().items() if outcome.theme == theme]:
            found[theme] = names
    return found


class Added(NamedTuple):
    """An outcome from outside: what it is, and a function from the weeks of a run (`Run.weeks`) to a number for each week."""

    name: str
    outcome: Outcome
    measure: Callable[[Any], Any]

    def of(self, history: np.ndarray) -> np.ndarray:
        """Return it for every week of a history; raises ValueError where that is not one finite number a week."""
        import pandas as pd

        weeks = pd.DataFrame(history, columns=list(OUTCOMES)).rename_axis("week")
        values = np.asarray(self.measure(weeks), float)
        if values.shape != (len(history),):
            raise ValueError(f"the outcome {self.name!r} is not one number a week: shape {values.shape} for {len(history)} weeks")
        if not np.isfinite(values).all():
            week = int(np.flatnonzero(~np.isfinite(values))[0])
            raise ValueError(f"the outcome {self.name!r} is {values[week]} in week {week}")
        return values


ADDED: dict[str, Added] = {}


def added() -> dict[str, Added]:
    """Return name -> outcome from outside, those of plug-ins included."""
    plug_ins.load("kantelpunt.outcomes")
    return ADDED


def known() -> dict[str, Outcome]:
    """Return name -> outcome of everything that can be asked for: the columns of a history, then additions from outside."""
    return {**OUTCOMES, **{name: each.outcome for name, each in added().items()}}


def outcome_of(name: str) -> Outcome:
    """Return an outcome by its name, from outside or not, or that of a formula of outcomes."""
    if name in OUTCOMES:
        return OUTCOMES[name]
    return of_formula(name) if formulas.is_formula(name) else added()[name].outcome


def formula(text: str) -> formulas.Formula:
    """Return a formula of outcomes, or a name as one; raises InputError where it cannot be read or an outcome is unknown."""
    found = formulas.read(text)
    for part in found.parts:
        if part.outcome not in known():
            near = nearest(part.outcome, known())
            raise InputError("outcome.unknown", place=text, value=part.outcome, allowed=known(), near=near)
    return found


def of_formula(text: str) -> Outcome:
    """Return a formula as an outcome: its unit, which way is better where it holds one outcome alone, and its text."""
    found = formula(text)
    alone = len(found.parts) == 1 and found.parts[0].text == found.text
    way: Better = outcome_of(found.parts[0].outcome).better if alone else "neither"
    return Outcome(found.unit(lambda name: outcome_of(name).unit.removesuffix("/week")), way, found.text, OTHER)


def current(name: object) -> Any:
    """Return what an outcome is called now, with a warning where it had another name in an earlier version."""
    return renaming.current(name, RENAMED)


def is_total(name: str) -> bool:
    """Return whether an outcome is added up over all weeks; any other is a level, of which the last year counts.

    One from outside is added up where its unit ends in /week.
    """
    return (name in registry.counts() or name not in OUTCOMES) and is_weekly(outcome_of(name))


def is_weekly(outcome: Outcome) -> bool:
    """Return whether an outcome is a number a week."""
    return outcome.unit.endswith("/week")


@cache
def levels_dtype() -> np.dtype:
    """Return the record type of one week's levels."""
    return levels.DTYPE


OUTCOMES = outcomes()


def per_head(outcome: str) -> bool:
    """Return whether an outcome does not grow with the number of people."""
    return outcome_of(outcome).unit in PER_HEAD


def better(outcome: str) -> Better:
    """Return which way is better; where the model does not say, fewer is taken as better."""
    way = outcome_of(outcome).better
    return "lower" if way == "neither" else way


TOTALS = np.array([is_total(name) for name in OUTCOMES])
