"""The scenarios that patterns are measured in: at the defaults, or each world at a plausible setting of its own.

`uv run python -m tests.science --plausible` gives the worlds, in turn, the settings of `results/reference/plausible.csv`.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from kantelpunt.model import Scenario

SETTINGS: list[dict[str, float]] = []  # of worlds 1, 2, ..., and again from the first; none: the defaults
ABOUT = ("point", "worst")  # columns that are no parameter


def take_plausible(file: Path) -> int:
    """Have every world at a setting of its own from now on; return how many there are."""
    table = pd.read_csv(file).drop(columns=list(ABOUT))
    SETTINGS[:] = [{str(name): float(value) for name, value in row.items()} for _, row in table.iterrows()]
    return len(SETTINGS)


def scenario_of(seed: int, **about: Any) -> Scenario:
    """Return a scenario of a world; parameters that it says itself count for more than those of the setting."""
    setting = SETTINGS[(seed - 1) % len(SETTINGS)] if SETTINGS else {}
    return Scenario(**{**about, "parameters": {**setting, **about.get("parameters", {})}})
