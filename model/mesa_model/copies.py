"""Copies and pickles of a neighbourhood: made again from scenario and seed, then given the records and whatever is not a record.

An agent in a copy is the agent of the copied model, wherever it stands: in a list of one's own, a data collector, another agent.
"""

from typing import Any

import numpy as np

from ..population.build import LASTING
from .compat import History, registered, steps_like
from .records import View

OF_A_VIEW = frozenset({"model", "last_row", "unique_id"})
MADE_ANEW = frozenset({"views", "grid", "columns", "size", "made"})


def recipe(model: Any, base: type) -> tuple:
    """Return how to make this model again: from its scenario and seed, the weeks that passed, its records as they are.

    It begins as a ``base``, since a class of one's own may be made otherwise.
    """
    simulation = model.simulation
    records = {name: array for name, array in simulation.world._asdict().items() if name not in LASTING}
    decided = {name: getattr(simulation, name) for name in ("schedule", "ledgers", "policy", "looked", "threads")}
    kept = {name: getattr(model, name) for name in ("kinds", "before_week", "after_week", "failed")}
    made = (base, type(model), simulation.scenario, model.seed, simulation.week, records, decided, kept)
    return again, made, of_ones_own(model)


def again(
    base: type,
    kind: type,
    scenario: Any,
    seed: int,
    weeks: int,
    records: dict[str, np.ndarray],
    decided: dict[str, Any],
    kept: dict[str, Any],
) -> Any:
    """Return a neighbourhood after so many weeks with these records and decisions; its hooks are not called again for them."""
    model = base(scenario, rng=seed)
    model.simulation.threads = decided["threads"]
    for _ in range(weeks):  # so that Mesa's clock goes along; what was written to the records by hand is in the copies
        model.step()
    for name, array in records.items():
        getattr(model.simulation.world, name)[...] = array
    for target, values in ((model.simulation, decided), (model, kept)):
        for name, value in values.items():
            setattr(target, name, value)
    steps_like(model, kind)
    return model


def of_ones_own(model: Any) -> dict[str, Any]:
    """Return what no record holds: the state of Mesa's generators, and attributes of one's own of the model and its agents."""
    attributes = {name: value for name, value in vars(model).items() if name not in model.made | MADE_ANEW}
    if not isinstance(model.datacollector, History):
        attributes["datacollector"] = model.datacollector
    agents = registered(model)
    views = [agent for agent in agents if isinstance(agent, View)]
    own = [(view, {name: value for name, value in vars(view).items() if name not in OF_A_VIEW}) for view in views]
    return {
        "attributes": attributes,
        "views": [(view, values) for view, values in own if values],
        "others": [(agent, agent.unique_id) for agent in agents if not isinstance(agent, View)],
        "random": model.random.getstate(),
        "rng": model.rng.bit_generator.state,
    }


def give(model: Any, own: dict[str, Any]) -> None:
    """Give a model that was made again what no record holds."""
    model.__dict__.update(own["attributes"])
    for view, values in own["views"]:
        view.__dict__.update(values)
    for agent, identity in own["others"]:
        model.register_agent(agent)
        agent.unique_id = identity  # for which Mesa 3.5 put a number of its own
    model.random.setstate(own["random"])
    model.rng.bit_generator.state = own["rng"]
