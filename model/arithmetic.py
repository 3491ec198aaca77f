"""Arithmetic that comes to the same on every processor: to the last bit, compiled or in plain Python.

Sums, products, quotients and square roots are the same wherever IEEE 754 holds.  Exponentials, logarithms and powers of a
library are not: it has other code for processors with other instructions; nor are the products of matrices of BLAS, which
adds in another order.  So all that makes a world comes from here, in plain operations in a fixed order, never fused.
Lists are summed by `math.fsum`, which rounds once.

    exp(x) = 2**m * 2**(j/128) * (1 + rest + rest**2/2 + ...),   128 m + j the whole number nearest to 128 x / log 2

after Tang (1989), with a table of 2**(j/128) in two parts; the logarithm after Ng (fdlibm, 1993).
Both are within one unit in the last place.
"""

from decimal import Decimal

import numpy as np

from .compiled import njit
from .shared.logarithm import EXACT, LOG_2, LOG_2_HIGH, LOG_2_LOW, natural_logarithm

BITS = 7
STEPS = 1 << BITS  # of the table, in each factor of 2
SHIFT = 6755399441055744.0  # 1.5 * 2**52: a number this large has no fraction
NEAR = 700.0  # exp of this size is neither too large nor too small for its table and a factor of 2
TABLE = [EXACT.power(Decimal(2), EXACT.divide(Decimal(j), Decimal(STEPS))) for j in range(STEPS)]
HIGH = [float(value) for value in TABLE]
HIGH_BITS = np.array(HIGH).view(np.int64)
REST = [EXACT.subtract(EXACT.divide(value, Decimal(high)), Decimal(1)) for value, high in zip(TABLE, HIGH, strict=True)]
LOW = np.array([float(value) for value in REST])
STEPS_A_UNIT = float(EXACT.divide(Decimal(STEPS), LOG_2))
LOG_HALF = natural_logarithm(0.5)
STEP_HIGH, STEP_LOW = LOG_2_HIGH / STEPS, LOG_2_LOW / STEPS


@njit
def exp_near(x):
    """Return e to the power of a number between -NEAR and NEAR."""
    shifted = x * STEPS_A_UNIT + SHIFT
    whole, step = shifted - SHIFT, np.float64(shifted).view(np.int64)  # of which the last bits are the whole number
    row = step & (STEPS - 1)
    rest = (x - whole * STEP_HIGH) - whole * STEP_LOW
    two = rest * rest
    more = (rest + float(LOW[row])) + two * ((0.5 + rest * (1.0 / 6.0)) + two * (1.0 / 24.0 + rest * (1.0 / 120.0)))
    part = float(np.int64(HIGH_BITS[row] + ((step >> BITS) << 52)).view(np.float64))  # 2**m more in its exponent
    return part + part * more


@njit
def exp(x):
    """Return e to the power of x: 0 and infinity beyond what a number can hold, not a number for what is none."""
    if abs(x) < NEAR:
        return exp_near(x)
    if x != x:
        return x
    half = exp_near(0.5 * min(max(x, -2.0 * NEAR), 2.0 * NEAR))
    return half * half


logarithm = njit(natural_logarithm)


@njit
def power(base, exponent):
    """Return a power of a number that is not negative; its relative error grows with its logarithm."""
    if base <= 0.0:
        return 0.0 if exponent > 0.0 else 1.0
    return exp(exponent * logarithm(base))


@njit
def halved(n):
    """Return what is left after so many halvings, whole or not: a power of a half, whose logarithm is known."""
    return exp(n * LOG_HALF)


@njit
def times(factor, n):
    """Return a number multiplied by itself, n times in all: 1 for none."""
    product = 1.0
    for _ in range(n):
        product *= factor
    return product


@njit
def bell(x):
    """Return the height of the normal bell at x, against that of its middle: exp(-x**2 / 2)."""
    return exp(-0.5 * x * x)


@njit
def by_index(usual, by, index):
    """Return a level or share, between 0 and 1, where an index of the area is so many standard deviations from what is usual.

    The odds grow by the same factor with each standard deviation, so it is smooth and has no threshold.
    """
    odds = usual / (1.0 - usual) * exp(by * index)
    return odds / (1.0 + odds)


@njit
def fill_exp(values):
    """Put the exponential in the place of every number of a list."""
    for i in range(values.size):
        values[i] = exp(float(values[i]))


@njit
def fill_product(a, b, out):
    """Add the product of two matrices to a third, in ascending order."""
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            factor = a[i, k]
            for j in range(b.shape[1]):
                out[i, j] += factor * b[k, j]


def exps(values: np.ndarray) -> np.ndarray:
    """Return the exponential of every number of an array."""
    flat = np.array(values, dtype=float).ravel()
    fill_exp(flat)
    return flat.reshape(np.shape(values))


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the sums over the last axis of a and the first of b of what they come to together, each in ascending order."""
    left = np.ascontiguousarray(a, dtype=float).reshape(-1, len(b))
    right = np.ascontiguousarray(b, dtype=float).reshape(len(b), -1)
    out = np.zeros((len(left), right.shape[1]))
    fill_product(left, right, out)
    return out.reshape(np.shape(a)[:-1] + np.shape(b)[1:])


def interpolate(x: np.ndarray, xs: tuple[float, ...], ys: tuple[float, ...]) -> np.ndarray:
    """Return what straight lines between points come to; before the first and after the last as there.  ``xs`` ascend."""
    x, at, of = np.clip(x, xs[0], xs[-1]), np.array(xs, dtype=float), np.array(ys, dtype=float)
    i = np.clip(np.searchsorted(at, x, side="right") - 1, 0, at.size - 2)
    between = of[i] + (x - at[i]) * ((of[i + 1] - of[i]) / (at[i + 1] - at[i]))
    return np.where(x == at[-1], of[-1], between)
