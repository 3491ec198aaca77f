"""The same quantities and outcomes for other people's tools.

    problem = salib_problem(["norms.sanction", "trust.gain"])      # SALib: sample, run as you like, analyse
    model = ema_model(plan)                                        # EMA Workbench: perform_experiments(model, 100, 4)
    cube = to_xarray(study, ["recruited", "unsafe"])               # xarray: scenario x point x world

Parts of a study are Parquet: pandas.read_parquet("results/NAME/runs"), or in duckdb
select * from 'results/NAME/runs/*.parquet' join 'results/NAME/points.parquet' using (point).
"""

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities

from ..design.plan import Plan, as_quantities
from ..design.question import as_outcomes
from ..design.sampling import bounds, problem, uncertain
from ..optional import extra
from ..running.jobs import summary
from ..study import Study

if TYPE_CHECKING:
    import xarray


def salib_problem(names: Sequence[str] = (), spread: float = 0.5) -> dict[str, Any]:
    """Return these parameters (all that is uncertain where left out) as a problem of SALib, within ``spread`` of their range."""
    known = quantities()
    return problem(spread, {name: known[name] for name in as_quantities(list(names))} or uncertain())


def ema_model(plan: Plan, outcomes: Sequence[str] = ("recruited",)) -> Any:
    """Return a model of EMA Workbench: parameters are its uncertainties, a scenario its lever ``plan``, a seed its constant.

    Change ``model.constants`` to another ``seed`` for another world.  Names have "__" where ours have a point.
    Raises InputError where ema_workbench is not installed.
    """
    with extra("discovery", "ema_workbench", place="ema_model"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about engines of its own that are not installed
        from ema_workbench import CategoricalParameter, Constant, Model, RealParameter, ScalarOutcome
    known = quantities()
    varied = {name: known[name] for name in plan.vary} or uncertain()
    ends = {name: ends for name, ends in bounds(plan.spread, varied).items() if ends[0] < ends[1]}
    model = Model("kantelpunt", function=one_run(plan, list(outcomes)))
    model.uncertainties = [RealParameter(name.replace(".", "__"), low, high) for name, (low, high) in ends.items()]
    model.levers = [CategoricalParameter("plan", tuple(plan.scenarios))]
    model.constants = [Constant("seed", plan.seed)]
    model.outcomes = [ScalarOutcome(name) for name in as_outcomes(list(outcomes))]
    return model


def one_run(study_plan: Plan, outcomes: list[str]) -> Callable[..., dict[str, float]]:
    """Return a function of a scenario's name (``plan``), a seed and parameters that runs the model."""

    def run(plan: str, seed: int, **parameters: float) -> dict[str, float]:
        from kantelpunt.model.simulation import simulate

        there = study_plan.scenarios[plan]
        values = {name.replace("__", "."): value for name, value in parameters.items()}
        history = simulate(there.changed(parameters={**values, **there.parameters}), int(seed)).world.history
        came_to = dict(zip(OUTCOMES, summary(history), strict=True))
        return {name: float(came_to[name]) for name in outcomes}

    return run


def to_xarray(study: Study, outcomes: Sequence[str] = tuple(OUTCOMES)) -> "xarray.Dataset":
    """Return outcomes as a cube of scenario, point and world, with units; not a number where no run is."""
    names = list(as_outcomes(list(outcomes)))
    table = study.runs_with(*names).set_index(["scenario", "point", "world"])[names]
    cube: xarray.Dataset = table.astype(np.float64).to_xarray()
    for name in names:
        cube[name].attrs = {"units": OUTCOMES[name].unit, "long_name": OUTCOMES[name].definition}
    return cube
