"""The friend-enemy norm (N16): whether it rests without a rule that sets it, what holds it up, and what safe places do to it.

How each is read was fixed before it was measured: adults who hold the norm at the start and in the tenth year, in a focus, a
mean and a contrast area where nothing is done; and twins of the focus area in which nobody pays for talking from the start, or
all contacts are kept out of sight from the start.
"""

from typing import Any

import numpy as np

from kantelpunt.model import simulate

from .measure import Shown, pattern
from .rest import AREAS
from .scenarios import scenario_of
from .worlds import FOCUS, YEAR, Numbers

YEARS = 10
KEPT, MORE = 0.5, 1.5  # a norm persists between these times the holders at the start (judgement)
TWINS: dict[str, dict[str, Any]] = {
    "unpunished": {"parameters": {"norms.sanction": 0.0}},
    "safe": {"interventions": [{"kind": "safe_places", "share": 1.0, "ramp": 0}]},
}


def talk(seed: int) -> Numbers:
    """Return adults who hold the norm by week, by area and twin, and how many paid for talking, plain and in safe places."""
    numbers: Numbers = {}
    scenarios = {name: scenario_of(seed, area=area, people=2_000, years=YEARS) for name, area in AREAS.items()}
    scenarios |= {name: scenario_of(seed, area=FOCUS, people=2_000, years=YEARS, **changes) for name, changes in TWINS.items()}
    for name, scenario in scenarios.items():
        weeks = simulate(scenario, seed).weeks
        numbers[name] = weeks["norm_enemy"].to_numpy()
        numbers[f"{name}_paid"] = weeks["sanctions"].sum()
    return numbers


def last_year(shown: Shown, name: str) -> float:
    """Return the share of adults who hold the norm in the tenth year."""
    return float(shown[name][:, -YEAR:].mean())


def persists(shown: Shown, name: str) -> float:
    """Return holders in the tenth year against those at the start."""
    return last_year(shown, name) / float(shown[name][:, 0].mean())


def half_life(levels: np.ndarray) -> float:
    """Return the years until half of what there was at the start is left, or more years than there are."""
    below = np.flatnonzero(levels <= 0.5 * levels[0])
    return float(below[0] if below.size else levels.size) / YEAR


@pattern("N16a", "holders of the friend-enemy norm in the tenth year, against the start, in a focus area", "ratio", talk,
         "it persists: 0.5-1.5", KEPT, MORE)  # fmt: skip
def focus(shown: Shown) -> float:
    return persists(shown, "focus")


@pattern("N16b", "the same in a mean area", "ratio", talk, "it persists: 0.5-1.5", KEPT, MORE)
def mean(shown: Shown) -> float:
    return persists(shown, "mean")


@pattern("N16c", "the same in a contrast area", "ratio", talk, "it persists: 0.5-1.5", KEPT, MORE)
def contrast(shown: Shown) -> float:
    return persists(shown, "contrast")


@pattern("N16d", "years until half of those who hold it is left where nobody pays for talking, in a focus area", "year", talk,
         "1-5 (judgement)", 1.0, 5.0)  # fmt: skip
def unpunished(shown: Shown) -> float:
    return half_life(shown["unpunished"].mean(axis=0))


@pattern("N16e", "who pay for talking where all contacts are kept out of sight, against none", "%", talk)
def paid_in_safe_places(shown: Shown) -> float:
    return 100 * float(shown["safe_paid"].sum() / max(shown["focus_paid"].sum(), 1) - 1)


@pattern("N16f", "holders in the tenth year where all contacts are kept out of sight, against none", "points of %", talk)
def held_in_safe_places(shown: Shown) -> float:
    return 100 * (last_year(shown, "safe") - last_year(shown, "focus"))
