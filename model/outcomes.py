"""Outcomes: what is measured every week, with unit, better direction, definition and theme.

Counts come from the rules that count, levels from `shared/levels.py`.
"""

from functools import cache

import numpy as np

from . import registry
from .quantity import Better, Outcome
from .shared import levels

THEMES = {  # theme -> rules that count something about it; levels name theirs
    "people": ("demography", "routines"),
    "trust": (),
    "youths": ("leaving", "support"),
    "crime": ("aftermath", "crews", "enforcement", "offending"),
    "known": ("records",),
    "cases": ("casework", "reporting", "routing"),
    "professionals": ("encounters", "learning", "presence"),
    "places": (),
}
PER_HEAD = ("level", "share", "%", "%/year", "0-10", "0-100", "ratio")  # units of what does not grow with the number of people
OTHER = "other"  # theme of what a rule counts that no theme names yet


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


@cache
def levels_dtype() -> np.dtype:
    """Return the record type of one week's levels."""
    return levels.DTYPE


OUTCOMES = outcomes()


def is_total(outcome: str) -> bool:
    """Return whether an outcome is added up over all weeks; any other is a level, of which the last year counts."""
    return outcome in registry.counts() and OUTCOMES[outcome].unit.endswith("/week")


def per_head(outcome: str) -> bool:
    """Return whether an outcome does not grow with the number of people."""
    return OUTCOMES[outcome].unit in PER_HEAD


def better(outcome: str) -> Better:
    """Return which way is better; where the model does not say, fewer is taken as better."""
    known = OUTCOMES[outcome].better
    return "lower" if known == "neither" else known


TOTALS = np.array([is_total(name) for name in OUTCOMES])
