"""When enough is known: stopping on the precision of paired differences.

The differences are looked at in the order of the worlds, not in the order in which machines were ready.  Stopping at the
first moment at which an interval happens to be narrow makes intervals too short.  So there are at least ten pairs, and a
stop counts only if the precision stays for a while after it: the look-ahead of Hoad, Robinson and Davies (2010), five pairs
up to a hundred, and in proportion above.  So it is with a rule from outside too.
"""

import math

import pandas as pd

from ..design.question import Until
from ..design.stopping_rules import PRECISION, stopping_rules
from ..statistics import interval, units_of

LOOK_AHEAD = 5  # pairs, for every hundred that there are
GROWTH = 1.25  # a study that is not precise yet becomes so many times as large before the next look


def enough(until: Until, differences: pd.DataFrame) -> bool:
    """Return whether the stopping rule says that these pairs are enough."""
    if until.rule == PRECISION:
        return precise(until.half_width or 0.0, differences)
    return bool(stopping_rules()[until.rule](differences.copy()))


def precise(half_width: float, differences: pd.DataFrame) -> bool:
    """Return whether every column's 95 % interval is narrow enough; units are points, or worlds where there is one point."""
    units = units_of(differences)
    for name in units:
        found = interval(units[name].to_numpy())
        if math.isnan(found.low) or (found.high - found.low) / 2 > half_width:
            return False
    return True


def stopped_at(until: Until, differences: pd.DataFrame) -> int | None:
    """Return after how many pairs there were enough, and stayed enough; none where that has not been seen yet.

    Parameters
    ----------
    differences : index (point, world) in the order of the worlds, a column a scenario.
    """
    first = None
    for n in range(until.start, len(differences) + 1):
        if not enough(until, differences.iloc[:n]):
            first = None
            continue
        first = n if first is None else first
        if n - first >= look_ahead(first):
            return first
    return None


def look_ahead(n: int) -> int:
    """Return over how many pairs more the precision has to stay."""
    return max(LOOK_AHEAD, math.ceil(n * LOOK_AHEAD / 100))


def grown(until: Until, n: int, stopped: int | None) -> int:
    """Return how many worlds there have to be before the next look: n itself where it is enough."""
    if stopped is not None or n >= until.most:
        return n
    return min(until.most, max(n + LOOK_AHEAD, math.ceil(n * GROWTH)))
