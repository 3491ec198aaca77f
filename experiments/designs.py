"""Designs: which worlds a study looks at.

A *point* is a plausible setting of everything that nobody knows well: one number for each uncertain quantity.  A *world* is
a draw of chance, a seed.  Worlds lie within points: every point has worlds of its own, so that what differs between the
points and what differs by chance can be told apart, and no luck is shared by two points.

Points come from Latin hypercubes.  A number lies between low and high of its quantity, but not all over it: some two
hundred assumed numbers that all stand at an extreme make no plausible neighbourhood.  So ``spread`` keeps a share of the
range to each side of the default, and within it numbers near the default come up more often:

    density        falls linearly from the default to zero at  default -+ spread * (distance to low, to high)
    left or right  with probability a half, so that the default is the median however skewed the range is
"""

import zlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import qmc

from model.errors import InputError
from model.quantity import Quantity
from model.registry import quantities

FIRST_BLOCK = 16  # points of the first Latin hypercube; every later one doubles what there is
SEED_BITS = 48  # a seed stays exact in a spreadsheet and in JSON, and two worlds hardly ever share one


def uncertain() -> dict[str, Quantity]:
    """Return "rule.name" -> quantity of everything that nobody knows well."""
    return {name: quantity for name, quantity in quantities().items() if quantity.kind == "uncertain"}


def points(n: int, seed: int, spread: float = 0.5, varied: Mapping[str, Quantity] | None = None) -> pd.DataFrame:
    """Return n plausible points, one a row, one column a quantity; point 0 holds the defaults.

    The same seed gives the same points, and a larger n the same ones with more after them.  Every quantity has its own
    stream of chance, so that one more quantity in the model leaves the numbers of the others as they were.

    Parameters
    ----------
    n : number of points, at least 1.
    seed : which points.
    spread : share of the range around the default, 0 (only the defaults) to 1 (from low to high).
    varied : the quantities to vary; left out, everything uncertain.
    """
    if n < 1:
        raise InputError("too few points", place="points", value=n, allowed="a whole number from 1")
    if not 0.0 <= spread <= 1.0:
        raise InputError("out of range", place="spread", value=spread, allowed="a number from 0 to 1")
    varied = uncertain() if varied is None else varied
    columns = {name: numbers(each, strata(n - 1, seed, name), spread) for name, each in varied.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(n, name="point"))


def strata(n: int, seed: int, name: str) -> np.ndarray:
    """Return n numbers in [0, 1): Latin hypercubes of 16, 16, 32, 64 ... points one after another, seen along one axis.

    The axes of a Latin hypercube are independent of each other, so each can be drawn by itself.
    """
    blocks: list[np.ndarray] = [np.empty(0)]
    size = FIRST_BLOCK
    while (have := sum(map(len, blocks))) < n:
        size = max(FIRST_BLOCK, have)
        rng = np.random.default_rng([seed, zlib.crc32(name.encode()), len(blocks)])
        blocks.append(qmc.LatinHypercube(1, rng=rng).random(size)[:, 0])
    return np.concatenate(blocks)[:n]


def numbers(quantity: Quantity, share: np.ndarray, spread: float) -> np.ndarray:
    """Return the default, and then the values of a quantity below which these shares of all plausible values lie."""
    side = 2.0 * share - 1.0
    reach = np.where(side < 0.0, quantity.default - quantity.low, quantity.high - quantity.default)
    values = quantity.default + spread * np.sign(side) * reach * (1.0 - np.sqrt(1.0 - np.abs(side)))
    return np.clip(np.concatenate([[quantity.default], values]), quantity.low, quantity.high)


def world_seed(seed: int, point: int, world: int) -> int:
    """Return the seed of a world within a point, which does not depend on how many points and worlds there are."""
    state = np.random.SeedSequence(seed, spawn_key=(point, world)).generate_state(1, np.uint64)
    return int(state[0]) >> (64 - SEED_BITS)
