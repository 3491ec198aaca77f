"""Nonnegative least squares, by block principal pivoting (Portugal, Judice and Vicente 1994; Kim and Park 2011).

Of the x of which some may not be negative, the one for which a x is nearest to b.  Unknowns are split in two: some are
free, the others 0.  A free one that comes out negative, and one at 0 whose gradient asks for more, changes sides: all at once
as long as that helps, one by one where it does not.  The matrix must have independent columns.
"""

import numpy as np

from ..arithmetic import product
from ..compiled import njit

PATIENCE = 3  # turns in which all may change sides although it did not help
TURNS = 1000  # at most
ZERO = 1e-12  # what is as good as 0, against the largest


@njit
def solve(a, x):
    """Solve a symmetric, positive definite system by elimination; x holds the right side first, a is used up."""
    n = x.size
    for k in range(n):
        for i in range(k + 1, n):
            factor = a[k, i] / a[k, k]
            x[i] -= factor * x[k]
            for j in range(i, n):
                a[i, j] -= factor * a[k, j]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            x[k] -= a[k, j] * x[j]
        x[k] /= a[k, k]


def nearest(a: np.ndarray, b: np.ndarray, signed: int = 0) -> np.ndarray:
    """Return the x that brings a x nearest to b; all but the last ``signed`` of them are not negative."""
    squares, aims = product(a.T, a), product(a.T, b)
    bound = np.arange(aims.size) < aims.size - signed
    free, fewest, patience = np.ones(aims.size, dtype=bool), aims.size + 1, PATIENCE
    for _ in range(TURNS):
        x, wrong = split(squares, aims, free)
        wrong &= bound
        n = int(np.count_nonzero(wrong))
        if n == 0:
            break
        patience = PATIENCE if n < fewest else patience - 1
        fewest = min(n, fewest)
        free ^= wrong if patience >= 0 else np.arange(wrong.size) == np.flatnonzero(wrong)[-1]
    return np.where(bound, np.maximum(x, 0.0), x)


def split(squares: np.ndarray, aims: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the unknowns, of which only some are free and the others 0, and which of them had better change sides."""
    x, some = np.zeros(aims.size), aims[free]
    solve(np.ascontiguousarray(squares[np.ix_(free, free)]), some)
    x[free] = some
    pull = product(squares, x) - aims
    return x, np.where(free, x < -ZERO * np.abs(x).max(), pull < -ZERO * np.abs(aims).max())
