"""A neighbourhood that is small enough to be built in a blink."""

from kantelpunt.model.mesa_model.neighbourhood import Neighbourhood
from kantelpunt.model.state.world import World

SMALL = {"people": 300, "years": 1}


def small(seed: int = 1, weeks: int = 0, **keys) -> Neighbourhood:
    """Return a small neighbourhood after some weeks."""
    model = Neighbourhood(**{**SMALL, **keys}, seed=seed)
    for _ in range(weeks):
        model.step()
    return model


def world_of(model: Neighbourhood) -> World:
    """Return the records of a neighbourhood."""
    return model.simulation.world
