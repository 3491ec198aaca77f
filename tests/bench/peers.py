"""What people would write instead: Mesa's own bundled examples, timed as they ship (with their data collection).

They are imported when they are made: collecting the tests takes no Mesa.
"""

from typing import Any


def epstein(agents: int) -> Any:
    """Return Mesa's Epstein civil violence with its default densities and about this many agents."""
    from mesa.examples.advanced.epstein_civil_violence import model

    side = round((agents / 0.774) ** 0.5)
    if hasattr(model, "EpsteinScenario"):  # Mesa 3.5 and later
        return model.EpsteinCivilViolence(width=side, height=side, scenario=model.EpsteinScenario(rng=1))
    return model.EpsteinCivilViolence(width=side, height=side, seed=1)


def schelling(agents: int) -> Any:
    """Return Mesa's Schelling segregation with its default density and about this many agents."""
    from mesa.examples.basic.schelling import model

    side = round((agents / 0.8) ** 0.5)
    if hasattr(model, "SchellingScenario"):
        return model.Schelling(scenario=model.SchellingScenario(height=side, width=side, rng=1))
    return model.Schelling(height=side, width=side, seed=1)


PEERS = {"Mesa Epstein civil violence": epstein, "Mesa Schelling": schelling}
