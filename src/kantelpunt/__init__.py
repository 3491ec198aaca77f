"""Kantelpunt: how trust and opportunity tip in a neighbourhood where organised crime takes root.

    from kantelpunt import Scenario, simulate, Study

Names are looked up when somebody asks for them, so that a batch run never imports Mesa and ``--help`` imports nothing.

In a clone the folders ``model``, ``experiments`` and ``viz`` at its top are its parts; an installed package holds
them itself.  The links of the same names in this folder are for tools that read code without running it.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments.design.plan import Plan
    from .experiments.design.stopping_rules import stopping
    from .experiments.study import Study, until
    from .model.additions import intervention, outcome
    from .model.branching import simulate_together
    from .model.interventions import INTERVENTIONS, Intervention, Residents
    from .model.mesa_model.neighbourhood import Neighbourhood
    from .model.outcomes import OUTCOMES
    from .model.scenario import Scenario
    from .model.simulation import Run, Simulation, simulate
    from .viz.report.figures import plot

    QUANTITIES: dict[str, Any]

CLONE = Path(__file__).parents[2]
if (CLONE / "pyproject.toml").is_file() and (CLONE / "model" / "__init__.py").is_file():
    __path__.insert(0, str(CLONE))

HOME = {
    "INTERVENTIONS": "model.interventions",
    "Intervention": "model.interventions",
    "Neighbourhood": "model.mesa_model.neighbourhood",
    "OUTCOMES": "model.outcomes",
    "Plan": "experiments.design.plan",
    "QUANTITIES": "model",
    "Residents": "model.interventions",
    "Run": "model.simulation",
    "Scenario": "model.scenario",
    "Simulation": "model.simulation",
    "Study": "experiments.study",
    "intervention": "model.additions",
    "outcome": "model.additions",
    "plot": "viz.report.figures",
    "simulate": "model.simulation",
    "simulate_together": "model.branching",
    "stopping": "experiments.design.stopping_rules",
    "until": "experiments.study",
}

__all__ = [
    "INTERVENTIONS", "OUTCOMES", "QUANTITIES", "Intervention", "Neighbourhood", "Plan", "Residents", "Run", "Scenario",
    "Simulation", "Study", "intervention", "outcome", "plot", "simulate",
    "simulate_together", "stopping", "until",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Return a public name from the module that holds it."""
    if name in HOME:
        return getattr(import_module(f".{HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
