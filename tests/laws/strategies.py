"""Lives of small neighbourhoods, for laws: any area, any programmes, any plausible numbers, any seed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from kantelpunt.model import Scenario, registry
from kantelpunt.model.draws import MAX_SEED
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.population.areas import PRESETS
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import QUARTERS
from kantelpunt.model.state.fields import TABLES
from kantelpunt.model.state.world import World
from tests.generated import examples

AREAS = [*PRESETS, "Stokhasselt", "Zamenhofdreef en omgeving"]
QUANTITIES = registry.quantities()
ROWS = {  # table of state.py -> array of a world
    "person": "people", "household": "households", "place": "places", "cell_week": "cell_week", "patch": "patches",
    "desk": "desks", "professional": "professionals", "crew": "crews", "offence": "offences", "tile_index": "tile_index",
    "newcomer_levels": "newcomer_levels",
}  # fmt: skip
laws = examples  # on how many lives a law is tried


class Life(NamedTuple):
    """What a neighbourhood is made from."""

    scenario: Scenario
    seed: int

    def __repr__(self) -> str:
        """Return what somebody needs to live it again."""
        return f"seed {self.seed} of\n{self.scenario.to_toml()}"


@st.composite
def programmes(draw: st.DrawFn, weeks: int) -> dict[str, Any]:
    """Draw an intervention: its kind, weeks, intensity and quarters; raids more than once."""
    kind = draw(st.sampled_from(sorted(catalogue())))
    first = draw(st.integers(0, weeks - 1))
    table: dict[str, Any] = {"kind": kind, "from": first, "until": draw(st.integers(first + 1, weeks))}
    table["intensity"] = draw(st.sampled_from([1.0, 0.5, 0.0]) | st.floats(0.0, 1.0))
    if draw(st.booleans()):
        table["where"] = draw(st.lists(st.sampled_from(QUARTERS), min_size=1))
    if kind == "raid":
        table |= {"every": draw(st.integers(1, 26)), "share": draw(st.floats(0.0, 1.0))}
    else:
        table["ramp"] = draw(st.integers(0, 26))
    return table


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, float]:
    """Draw some parameters, anywhere in their ranges and often at the ends."""
    names = draw(st.lists(st.sampled_from(sorted(QUANTITIES)), unique=True, max_size=40))
    shares = st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0)
    spans = {name: (QUANTITIES[name].low, QUANTITIES[name].high) for name in names}
    return {name: min(low + draw(shares) * (high - low), high) for name, (low, high) in spans.items()}


@st.composite
def lives(draw: st.DrawFn, years: int = 2) -> Life:
    """Draw a small neighbourhood with a past and programmes."""
    n = draw(st.integers(1, years))
    scenario = Scenario(
        area=draw(st.sampled_from(AREAS)),
        people=draw(st.integers(100, 400)),
        years=n,
        parameters=draw(numbers()),
        interventions=draw(st.lists(programmes(52 * n), max_size=5)),
    )
    return Life(scenario, draw(st.integers(0, MAX_SEED)))


def moments(life: Life, every: int = 4, events: bool = False) -> Iterator[Simulation]:
    """Yield the simulation at its start and after every so many weeks, up to its end."""
    simulation = Simulation(life.scenario, life.seed, events)
    yield simulation
    while simulation.week < life.scenario.weeks:
        simulation.advance(every)
        yield simulation


def present(world: World) -> np.ndarray:
    """Return the records of all inhabitants."""
    return world.people[world.people["present"] == 1]


def fields(world: World, unit: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and values of every field with this unit, in every row."""
    for table, rows in ROWS.items():
        for field in TABLES[table]:
            if field.unit == unit:
                yield f"{table}.{field.name}", getattr(world, rows)[field.name]
