"""What people would write instead: Mesa's own examples and Starsim's SIR, timed as they ship (with their data collection).

They are imported when they are made: collecting the tests takes none of them.  Starsim is no dependency of this project:
`uv run --with starsim python -m tests.bench` has it in the table.
"""

from importlib.util import find_spec
from typing import Any

STEPS = 1_000  # before an epidemic of Starsim is over


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


class Sir:
    """Starsim's SIR on a random network, with the step of a Mesa model."""

    def __init__(self, agents: int) -> None:
        """Begin an epidemic among this many agents."""
        import starsim

        self.agents = range(agents)
        self.sim = starsim.Sim(n_agents=agents, dur=STEPS, diseases=starsim.SIR(), networks="random", verbose=0)
        self.sim.init()

    def step(self) -> None:
        """Let a step pass."""
        self.sim.run_one_step()


PEERS = {"Mesa Epstein civil violence": epstein, "Mesa Schelling": schelling, "Starsim SIR": Sir}
NEEDS = {"Starsim SIR": "starsim"}  # a package that does not come with the project


def missing(peer: str) -> str:
    """Return the package that a peer lacks here, "" where it can be made."""
    package = NEEDS.get(peer, "")
    return "" if not package or find_spec(package) else package
