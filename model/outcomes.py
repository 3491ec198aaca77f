"""Outcomes: what is measured every week, with unit, better direction, definition and theme.

Counts come from the rules that count, levels from `levels.py`.
"""

from functools import cache
from typing import Any

import numpy as np

from . import registry, renaming
from .registry import Outcome
from .shared import levels

THEMES = {  # theme -> rules that count something about it; levels name theirs
    "people": ("demography", "routines"),
    "trust": (),
    "youths": ("desistance", "mentoring_and_plans"),
    "crime": ("aftermath", "crews", "enforcement", "offending"),
    "known": ("observation",),
    "cases": ("casework", "reporting", "routing"),
    "professionals": ("encounters", "workforce", "presence"),
    "places": (),
}
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


def current(name: object) -> Any:
    """Return what an outcome is called now, with a warning where it had another name in an earlier version."""
    return renaming.current(name, RENAMED)


@cache
def levels_dtype() -> np.dtype:
    """Return the record type of one week's levels."""
    return levels.DTYPE


OUTCOMES = outcomes()
