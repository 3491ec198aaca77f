"""The simulated neighbourhood.

    from kantelpunt import Neighbourhood, Scenario, simulate, INTERVENTIONS, OUTCOMES, QUANTITIES

Names are looked up when somebody asks for them, so that a batch run never imports Mesa and ``--help`` imports nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .mesa_model.neighbourhood import Neighbourhood
    from .scenario import Scenario
    from .simulation import simulate

    INTERVENTIONS: dict[str, Any]
    OUTCOMES: dict[str, Any]
    QUANTITIES: dict[str, Any]

if __name__ == "model":  # in a clone, by its short name
    from kantelpunt.short_names import shorten

    shorten(__name__)

__all__ = ["INTERVENTIONS", "OUTCOMES", "QUANTITIES", "Neighbourhood", "Scenario", "simulate"]

HOME = {
    "INTERVENTIONS": "interventions",
    "OUTCOMES": "outcomes",
    "Neighbourhood": "mesa_model.neighbourhood",
    "Scenario": "scenario",
    "simulate": "simulation",
}


def __getattr__(name: str) -> Any:
    """Return a public name from the module that holds it."""
    if name == "QUANTITIES":
        return import_module(".registry", __name__).quantities()
    if name in HOME:
        return getattr(import_module(f".{HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
