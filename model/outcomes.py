"""Outcomes: what is measured every week, with unit, better direction and definition.

Counts come from the rules that count, levels from `rules/records.py`.
"""

from functools import cache

import numpy as np

from . import registry
from .registry import Outcome
from .rules import records


@cache
def outcomes() -> dict[str, Outcome]:
    """Return name -> outcome, in the order of the columns of a history."""
    return {**registry.counts(), **records.OUTCOMES}


@cache
def levels_dtype() -> np.dtype:
    """Return the record type of one week's levels."""
    return np.dtype([(name, "f8") for name in records.OUTCOMES])


OUTCOMES = outcomes()
