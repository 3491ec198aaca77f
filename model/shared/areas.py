"""How a level or share follows from an index of the area: the odds grow by the same factor with each standard deviation.

    odds = odds of what is usual in a Dutch neighbourhood * exp(by * index)

So it is smooth in the index, has no threshold and stays between 0 and 1 for any area.
"""

from ..arithmetic import exp
from ..compiled import njit


@njit
def at(usual, by, index):
    """Return a level or share, between 0 and 1, where an index of the area is so many standard deviations from usual."""
    odds = usual / (1.0 - usual) * exp(by * index)
    return odds / (1.0 + odds)
