"""Emulators: what a target would come to at a setting that was not run, with how far off that may be (scikit-learn).

One Gaussian process a target, of the few parameters that move it: a linear trend, a smooth departure from it with a length for
each parameter, and noise, which stands for luck and for all other parameters.  An emulator rules a setting out as runs do, with
its own variance beside that of the target:

    implausibility = |expected - target| / sqrt(variance of what may be off + variance of the emulator)
"""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from kantelpunt.model.registry import quantities

from ...optional import extra
from .matching import RULED_OUT, Found, Target

INPUTS = 8  # parameters of one emulator at most: its lengths are found by search
FEWEST = 20  # points with a value from which there is an emulator
INSIDE = 1.96  # standard deviations that hold 95 %


class Emulator(NamedTuple):
    """A target and what it would come to, from these parameters."""

    target: Target
    inputs: tuple[str, ...]
    process: Any

    def expected(self, points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return expectation and standard deviation at each point, luck and all other parameters included."""
        with one_thread():
            return self.process.predict(scaled(points, self.inputs), return_std=True)

    def allows(self, points: pd.DataFrame) -> np.ndarray:
        """Return which points it does not rule out."""
        mean, deviation = self.expected(points)
        return np.abs(mean - self.target.value) <= RULED_OUT * np.sqrt(self.target.variance + deviation**2)


def scaled(points: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Return parameters from -1 at the low end of their ranges to 1 at the high end."""
    known = quantities()
    ends = np.array([(known[name].low, known[name].high) for name in names]).T
    return 2 * (points[list(names)].to_numpy(float) - ends[0]) / (ends[1] - ends[0]) - 1


def emulators(found: Found, moves: pd.DataFrame) -> list[Emulator]:
    """Return an emulator of every target that varies at enough points, from all that was run.

    ``moves`` is how much each parameter (a row) moves each target (a column); each emulator takes those that move its own most.
    """
    made = []
    for name, target in found.targets.items():
        values = found.means[name].dropna()
        if len(values) >= FEWEST and values.nunique() > 1 and name in moves:
            inputs = tuple(map(str, moves[name].abs().sort_values(ascending=False, kind="stable").index[:INPUTS]))
            made.append(Emulator(target, inputs, fitted(scaled(found.parameters.loc[values.index], inputs), values.to_numpy())))
    return made


def one_thread() -> Any:
    """Return a context in which algebra takes one thread: matrices are small, and threads would wait for each other."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def fitted(inputs: np.ndarray, values: np.ndarray) -> Any:
    """Return a Gaussian process of these values; raises InputError without scikit-learn."""
    with extra("calibration", "scikit-learn", place="calibration"):
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel
    trend = ConstantKernel(0.1) * DotProduct(1.0, sigma_0_bounds="fixed")
    departure = ConstantKernel(0.5) * RBF(np.full(inputs.shape[1], 3.0), (0.5, 30.0))
    with warnings.catch_warnings(), one_thread():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a parameter that moves nothing has no length
        process = GaussianProcessRegressor(trend + departure + WhiteKernel(0.5, (1e-6, 2.0)), normalize_y=True, random_state=1)
        return process.fit(inputs, values)


def allowed(emulators: Sequence[Emulator], points: pd.DataFrame) -> np.ndarray:
    """Return which points no emulator rules out."""
    left = np.arange(len(points))
    for each in emulators:
        left = left[each.allows(points.iloc[left])] if len(left) else left
    return np.isin(np.arange(len(points)), left)


def chances(emulators: Sequence[Emulator], points: pd.DataFrame) -> np.ndarray:
    """Return the chance of each point that no target rules it out once it is run, luck of emulators taken as independent."""
    chance = np.ones(len(points))
    for each in emulators:
        mean, deviation = each.expected(points)
        most, off = RULED_OUT * each.target.variance**0.5, mean - each.target.value
        chance *= stats.norm.cdf((most - off) / deviation) - stats.norm.cdf((-most - off) / deviation)
    return chance


def coverage(emulators: Sequence[Emulator], found: Found) -> float:
    """Return how often points that were run afterwards lie in the 95 % intervals of their emulators, over all targets."""
    names = {id(target): name for name, target in found.targets.items()}
    inside: list[float] = []
    for each in emulators:
        values = found.means[names[id(each.target)]].dropna()
        mean, deviation = each.expected(found.parameters.loc[values.index])
        inside += list(np.abs(values.to_numpy() - mean) <= INSIDE * deviation)
    return float(np.mean(inside)) if inside else float("nan")
