"""What people would write instead: Mesa's own bundled examples, timed as they ship (with their data collection)."""

from mesa import Model
from mesa.examples.advanced.epstein_civil_violence import model as epstein_module
from mesa.examples.basic.schelling import model as schelling_module


def epstein(agents: int) -> Model:
    """Return Mesa's Epstein civil violence with its default densities and about this many agents."""
    side = round((agents / 0.774) ** 0.5)
    if hasattr(epstein_module, "EpsteinScenario"):  # Mesa 3.5 and later
        return epstein_module.EpsteinCivilViolence(width=side, height=side, scenario=epstein_module.EpsteinScenario(rng=1))
    return epstein_module.EpsteinCivilViolence(width=side, height=side, seed=1)


def schelling(agents: int) -> Model:
    """Return Mesa's Schelling segregation with its default density and about this many agents."""
    side = round((agents / 0.8) ** 0.5)
    if hasattr(schelling_module, "SchellingScenario"):
        return schelling_module.Schelling(scenario=schelling_module.SchellingScenario(height=side, width=side, rng=1))
    return schelling_module.Schelling(height=side, width=side, seed=1)


PEERS = {"Mesa Epstein civil violence": epstein, "Mesa Schelling": schelling}
