"""Transmission along kin (N17): children who come to work for a crew, by who of their kin did so at the start."""

import numpy as np

from kantelpunt.model.simulation import Run, Simulation
from kantelpunt.model.state.codes import FAVOURS, NOBODY

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import FOCUS, YEAR, Numbers

PEOPLE, YEARS = 20_000, 16
YOUNGEST, OLDEST = 2, 12  # years of age at the start of the children who are followed
RELATIONS = ("parent", "brother", "uncle", "none")


def whose(simulation: Simulation) -> np.ndarray:
    """Return for everybody the closest relation who is involved at the start, as its place in RELATIONS."""
    world, people = simulation.world, simulation.world.people
    tile = world.tile_index
    first = np.repeat(tile["first_person"], tile["persons"])
    dwelling = people["household"] + np.repeat(tile["first_household"], tile["persons"])
    involved = (people["present"] == 1) & (people["stage"] >= FAVOURS)
    at_home = np.bincount(dwelling[involved], minlength=world.households.size)
    start = np.repeat(tile["first_household"], tile["households"])[:, None]
    kin = np.where(world.relatives["household"] >= 0, at_home[np.maximum(world.relatives["household"], 0) + start], 0).sum(axis=1)
    parent = np.zeros(people.size, bool)
    for name in ("mother", "father"):
        row = world.kin[f"{name}_row"]
        parent |= (row != NOBODY) & involved[np.maximum(row, 0) + first]
    others = at_home[dwelling] - involved
    return np.select([parent, others > 0, kin[dwelling] > 0], [0, 1, 2], 3)


def followed(seed: int) -> Numbers:
    """Return by relation how many children there were and came to work for a crew; and children of a third generation."""
    simulation = Simulation(scenario_of(seed, area=FOCUS, people=PEOPLE, years=YEARS), seed, events=True)
    people, week = simulation.world.people, 0
    young = (people["present"] == 1) & (people["born"] > week - OLDEST * YEAR) & (people["born"] <= week - YOUNGEST * YEAR)
    relation, ids = whose(simulation)[young], people["id"][young].copy()
    simulation.advance(YEARS * YEAR)
    run = Run(simulation.scenario, seed, simulation.world)
    asked = run.events[(run.events["kind"] == "recruited")]["who"]
    numbers: Numbers = {name: np.sum(relation == i) for i, name in enumerate(RELATIONS)}
    numbers |= {f"{name}_in": np.isin(ids[relation == i], asked).sum() for i, name in enumerate(RELATIONS)}
    return numbers | {"third": run.weeks["births_rooted"].sum()}


def chance(shown: Shown, name: str) -> float:
    """Return the share of children with such a relation who came to work for a crew."""
    return float(shown[f"{name}_in"].sum() / max(shown[name].sum(), 1))


def relative(id: str, name: str, words: str) -> None:
    """Register the chance of children with such a relation against that of children without any."""

    def ratio(shown: Shown) -> float:
        return chance(shown, name) / max(chance(shown, "none"), 1e-9)

    target, low = ("above 1", 1.0) if name == "uncle" else ("1.5-4.5 (p10)", 1.5)
    text = f"children with {words} who come to work for a crew, against those without such kin"
    pattern(id, text, "ratio", followed, target, low, 4.5, most=16, again=8)(ratio)  # few have such kin


relative("N17a", "parent", "an involved parent")
relative("N17b", "brother", "another involved housemate")
relative("N17c", "uncle", "somebody involved in another household of kin")


@pattern(
    "N17d", "children of mothers whose parents live or lived here, in sixteen years", "persons", followed, "above 0", 1, most=16
)
def third_generation(shown: Shown) -> float:
    return float(shown["third"].mean())
