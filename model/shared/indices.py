"""Indices: levels of the week that follow from other levels and counts.

    breeding ground = 100 * mean of (debt, 1 - prospects, 1 - trust in institutions, discord of norms)
    spread = sqrt(mean of squares - square of the mean);   rate a year += (52 * n / among - rate a year) / 52

The parts of the breeding ground weigh the same by convention, since M3 names them and no sizes.
"""

import math

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..state.codes import QUARTERS
from ..state.fields import unfixed
from .levels import ADULTS_OF, TRUST_IN

PARTS = len(QUARTERS)


@njit
def breeding_ground(level):
    """Return the breeding ground of crime, 0-100: what strain, lack of prospects, distrust and discord of norms come to."""
    means, minds = level.debt + (1.0 - level.prospects), (1.0 - level.trust_institutions) + level.norm_discord
    return 100.0 * ((means + minds) / 4.0)


@njit
def derive(level, total, tally):
    """Work out the levels that follow from others; rates of few people are smoothed over about a year."""
    if total.adults > 0:
        square = unfixed(total.trust_squared) / total.adults
        level.trust_spread = math.sqrt(max(square - level.trust_institutions * level.trust_institutions, 0.0))
    level.breeding_ground = breeding_ground(level)
    if tally.noticed > 0:
        level.intention = 100.0 * tally.intended / tally.noticed
        level.action = 100.0 * tally.reports / tally.noticed
    family = level.youths_family
    others = level.youths - level.involved_youths - family
    level.transmission += (a_year(tally.recruited_family, family) - level.transmission) / WEEKS_A_YEAR
    level.intake_others += (a_year(tally.recruited - tally.recruited_family, others) - level.intake_others) / WEEKS_A_YEAR


@njit
def a_year(n, among):
    """Return the % a year that n a week are among so many; 0 among nobody."""
    return min(100.0 * WEEKS_A_YEAR * n / max(among, 1.0), 100.0 * WEEKS_A_YEAR)


@njit
def compare(level, sums, values):
    """Find the quarters with least and most trust, among those where adults live."""
    low, high = 1.0, 0.0
    for quarter in range(PARTS):
        if sums[ADULTS_OF + quarter] > 0:
            low = min(low, values[TRUST_IN + quarter])
            high = max(high, values[TRUST_IN + quarter])
    if high >= low:
        level.trust_lowest = low
        level.trust_highest = high
