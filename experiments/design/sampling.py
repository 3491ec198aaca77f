"""Designs: which worlds a study looks at, and which runs it asks for.

A *point* is a plausible setting of everything that nobody knows well: one number for each uncertain quantity.  A *world* is
a draw of chance, a seed.  Worlds lie within points: every point has worlds of its own, so that what differs between the
points and what differs by chance can be told apart, and no luck is shared by two points.

Where points are compared with each other (grids, one at a time, Morris, Saltelli), it is the other way round: they all share
their worlds, so that what moves an outcome is the parameter, not the luck.

Points come from Latin hypercubes.  A number lies between low and high of its quantity, but not all over it: some two
hundred assumed numbers that all stand at an extreme make no plausible neighbourhood.  So ``spread`` keeps a share of the
range to each side of the default, and within it numbers near the default come up more often:

    density        falls linearly from the default to zero at  default -+ spread * (distance to low, to high)
    left or right  with probability a half, so that the default is the median however skewed the range is
"""

import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.quantity import Quantity
from kantelpunt.model.registry import current, first, quantities

from ..provenance import Model, run_id
from ..running.files import content
from ..running.integrity import MOST_CELLS, table_of
from .plan import Plan

FIRST_BLOCK = 16  # points of the first Latin hypercube; every later one doubles what there is
LEVELS = 4  # of a Morris trajectory
MOST_POINTS = 100_000
MOST_RUNS = 1_000_000
MOST_COLUMNS = 2_000  # of a table of points; there are some 400 parameters
HAIR = 1e-12
SAME_LUCK = ("grid", "one_at_a_time", "morris", "saltelli")  # designs whose points are compared with each other
ASKED = ("run", "scenario", "point", "world", "seed")
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
        raise InputError("points.too_few", place="points", value=n, allowed=Phrase("allowed.whole_from", low=1))
    if not 0.0 <= spread <= 1.0:
        raise InputError(
            "value.out_of_range", place="spread", value=spread, allowed=Phrase("allowed.number_between", low=0, high=1)
        )
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
        rng = np.random.default_rng([seed, zlib.crc32(first(name).encode()), len(blocks)])
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


def sobol(n: int, seed: int, spread: float, varied: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return n points of a scrambled Sobol sequence, with numbers as likely as in a Latin hypercube; point 0 holds the defaults.

    A larger n keeps the points.  The sequence is most even where n - 1 is a power of two.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that n - 1 is no power of two
        shares = qmc.Sobol(len(varied), rng=np.random.default_rng(seed)).random(n - 1)
    columns = {name: numbers(each, shares[:, i], spread) for i, (name, each) in enumerate(varied.items())}
    return as_points(pd.DataFrame(columns))


def grid(n: int, seed: int, spread: float, varied: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return every combination of n levels of each quantity, evenly from end to end; raises InputError beyond 100,000."""
    if n ** len(varied) > MOST_POINTS:
        raise InputError(
            "points.too_many_combinations",
            place="points",
            allowed=Phrase("allowed.fewer_levels", most=MOST_POINTS),
            levels=n,
            parameters=len(varied),
        )
    ends = bounds(spread, varied)
    axes = [np.linspace(low, high, n) if n > 1 else np.array([varied[name].default]) for name, (low, high) in ends.items()]
    return as_points(
        pd.DataFrame(np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], 1), columns=list(varied))
    )


def one_at_a_time(n: int, seed: int, spread: float, varied: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return the defaults, and then n levels of each quantity, evenly from end to end, all others at their default."""
    start = {name: each.default for name, each in varied.items()}
    rows = [start]
    for name, (low, high) in bounds(spread, varied).items():
        rows += [{**start, name: float(level)} for level in np.linspace(low, high, n)]
    return as_points(pd.DataFrame(rows))


def morris(n: int, seed: int, spread: float, varied: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return n Morris trajectories: n * (quantities + 1) points (SALib)."""
    from SALib.sample.morris import sample

    return as_points(pd.DataFrame(sample(problem(spread, varied), n, num_levels=LEVELS, seed=seed + 1), columns=list(varied)))


def saltelli(n: int, seed: int, spread: float, varied: Mapping[str, Quantity]) -> pd.DataFrame:
    """Return Saltelli's design for Sobol indices of n base points: n * (quantities + 2) points (SALib); n a power of two."""
    from SALib.sample.sobol import sample

    if n & (n - 1):
        raise InputError("points.no_power_of_two", place="points", value=n, allowed=Phrase("allowed.powers_of_two"))
    table = sample(problem(spread, varied), n, calc_second_order=False, seed=seed + 1)
    return as_points(pd.DataFrame(table, columns=list(varied)))


def bounds(spread: float, varied: Mapping[str, Quantity]) -> dict[str, tuple[float, float]]:
    """Return name -> (lowest, highest) number of each quantity within ``spread`` of its range."""
    return {
        name: (each.default - spread * (each.default - each.low), each.default + spread * (each.high - each.default))
        for name, each in varied.items()
    }


def problem(spread: float, varied: Mapping[str, Quantity]) -> dict[str, Any]:
    """Return these quantities as a problem of SALib: num_vars, names, bounds; a number of no width is left a hair of it."""
    ends = [(low, high if high > low else low + HAIR) for low, high in bounds(spread, varied).values()]
    return {"num_vars": len(varied), "names": list(varied), "bounds": [list(each) for each in ends]}


def as_points(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its rows numbered as points."""
    return table.set_index(pd.RangeIndex(len(table), name="point"))


DESIGNS: dict[str, Callable[[int, int, float, Mapping[str, Quantity]], pd.DataFrame]] = {
    "latin": points, "sobol": sobol, "grid": grid, "one_at_a_time": one_at_a_time, "morris": morris, "saltelli": saltelli,
}  # fmt: skip
SIZES: dict[str, Callable[[int, int], int]] = {  # of a design with n for so many quantities; of any other, n
    "one_at_a_time": lambda n, k: n * k + 1,
    "morris": lambda n, k: n * (k + 1),
    "saltelli": lambda n, k: n * (k + 2),
}


def refuse_many(design: str, n: int, k: int) -> None:
    """Raise InputError where a design has more points than a study can run or a table can hold; it is only counted."""
    size = SIZES.get(design, lambda n, k: n)
    most = min(MOST_RUNS, MOST_CELLS // k)
    if size(n, k) > most:
        raise InputError(
            "runs.too_many", place="points", value=size(n, k), allowed=Phrase("allowed.at_most", most=most * n // size(n, k))
        )


def parameters_of(plan: Plan) -> pd.DataFrame:
    """Return the points of a plan, one a row, one column a quantity; raises InputError where the design cannot be made."""
    if plan.design == "given":
        raise InputError("points.of_notebook", place="design", value="given", allowed=Phrase("allowed.study_of_points"))
    known = quantities()
    varied = {name: known[name] for name in plan.vary} or uncertain()
    if plan.plausible is not None:
        if plan.design != "latin" or plan.vary:
            raise InputError("points.designed", place="plausible", allowed=Phrase("allowed.no_design"))
        return drawn(plan.plausible, plan.points, plan.seed)
    refuse_many(plan.design, plan.points, len(varied))
    return DESIGNS[plan.design](plan.points, plan.seed, plan.spread, varied)


def drawn(file: Path, n: int, seed: int) -> pd.DataFrame:
    """Return n of the points in a file (CSV or Parquet, a column a parameter), by lot; a larger n keeps the points.

    Beside parameters it may hold the columns of `calibration.publish`.  Raises InputError for any other column, where there is no
    parameter, for a number outside its range, and for too few points.
    """
    if not file.is_file():
        raise InputError("file.missing", place="plausible", value=file, allowed=Phrase("allowed.calibrated"))
    try:
        data = content(file)
        table = table_of(data).to_pandas() if file.suffix == ".parquet" else csv_of(data)
    except InputError as error:
        raise InputError(error.code, place=file, **error.facts) from None
    except (ValueError, OSError) as error:  # of pandas, of pyarrow, of Unicode, of the disk
        raise InputError("points.no_table", place="plausible", value=file, allowed=Phrase("allowed.csv_or_parquet")) from error
    if not any(current(name) in quantities() for name in table):
        raise InputError("points.no_parameter", place=file, allowed=Phrase("allowed.parameter_columns"))
    table = as_parameters(table.drop(columns=[name for name in table if beside(name)]), str(file))
    if len(table) < n:
        raise InputError(
            "points.too_few_plausible", place=f"{file}: points", value=n, allowed=Phrase("allowed.at_most", most=len(table))
        )
    names = [name for name in quantities() if name in table]
    order = np.random.default_rng(seed).permutation(len(table))[:n]
    return as_points(pd.DataFrame(table[names].to_numpy(float)[order], columns=names))


def csv_of(data: bytes) -> pd.DataFrame:
    """Return the table of a CSV; raises ValueError where it is none, or a line parts into more than points have parameters."""
    if max(line.count(b",") for line in data.split(b"\n")) > MOST_COLUMNS:
        raise InputError("unreadable.greedy")
    table = pd.read_csv(BytesIO(data))
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes the first cells of lines that have too many as their names
        raise InputError("row.too_long")
    return table


def beside(name: object) -> bool:
    """Return whether a column stands beside the parameters of plausible points: their number, how implausible, or no name."""
    return name in ("point", "worst") or str(name).startswith("Unnamed: ")


def as_parameters(table: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a table of parameters by their current names; raises InputError for an unknown one, or a number out of range."""
    known, names = quantities(), [current(name) for name in table]
    for given, name in zip(table, names, strict=True):
        if name not in known:
            raise InputError(
                "parameter.unknown",
                place=place,
                value=given,
                allowed=Phrase("allowed.parameter_columns"),
                near=nearest(str(name), known),
            )
        if names.count(name) > 1:
            raise InputError("column.two_for_one", place=place, value=given, allowed=Phrase("allowed.one_of_them"))
        values = pd.to_numeric(table[given], errors="coerce")
        if strange := [said for said, value in zip(table[given], values, strict=True) if not known[name].allows(value)]:
            raise InputError("value.out_of_range", place=f"{place}: {given}", value=strange[0], allowed=known[name].allowed)
    return table.set_axis(pd.Index(names), axis=1)


def pairs(plan: Plan, n_points: int, n: int | None = None) -> Iterator[tuple[int, int]]:
    """Give the first n worlds (point, world) in their order: one at every point, then a second one at every point."""
    n = n_points * plan.worlds if n is None else n
    return ((i % n_points, i // n_points) for i in range(n))


def asked_runs(plan: Plan, parameters: pd.DataFrame, model: Model, n: int | None = None) -> pd.DataFrame:
    """Return one row a run in the first n worlds: run (its id), scenario, point, world, seed; worlds outside, scenarios inside.

    The id is a hash of the model's sources that it uses, the scenario with its name, the point and the world.
    Raises InputError where there are more than a study can hold.
    """
    runs = len(plan.all_scenarios) * (n or len(parameters) * plan.worlds)
    if runs > MOST_RUNS:
        raise InputError("runs.too_many", place="points, worlds", value=runs, allowed=Phrase("allowed.runs", most=MOST_RUNS))
    scenarios = {name: (model.of(scenario, plan.added), scenario.key) for name, scenario in plan.all_scenarios.items()}
    keys = [run_id(*map(repr, row)) for row in parameters.itertuples(index=False, name=None)]
    keys = [run_id(",".join(parameters.columns), key) for key in keys]
    rows = []
    for point, world in pairs(plan, len(parameters), n):
        seed = world_seed(plan.seed, 0 if plan.design in SAME_LUCK else point, world)
        known = {name: run_id(code, name, key, keys[point], seed) for name, (code, key) in scenarios.items()}
        rows += [(run, name, point, world, seed) for name, run in known.items()]
    return pd.DataFrame(rows, columns=pd.Index(ASKED)).astype({"point": "int32", "world": "int32", "seed": "int64"})
