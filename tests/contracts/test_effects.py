"""Nothing is there in vain: every lever and every parameter makes a difference somewhere, every count moves."""

from functools import cache

import numpy as np
import pytest

from kantelpunt.model import registry, simulate
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.simulation import Simulation, digest
from tests.contracts.steps import EAGER

LEVERS, QUANTITIES = registry.levers(), registry.quantities()
ONE_BY_ONE = {
    "recruitment.trusted",
}  # too small, or asked too seldom, to turn a life in these years: `test_reach` and the tests of the rule ask case by case

ELSEWHERE = {"turned_away", "moved_within"}  # asks for a full desk (below) and for several tiles (tests/worlds/test_exchange.py)


@pytest.fixture(scope="module")
def eager(busy):
    """Return a what-if in which everything is done and much happens."""
    return busy.changed(parameters=EAGER)


@pytest.fixture(scope="module")
def watched(eager):
    """Return a larger one, where exploited youths are there and seen, and children asked."""
    return eager.changed(area="tilburg-noord", people=3_000, years=6)


@pytest.fixture(scope="module")
def worlds(eager, watched):
    """Return what-ifs, the quickest first: all, long without crews, half, a team that ends and a raid, nothing, plans, all."""
    half = [{**each.table(), "intensity": 0.3} for each in eager.interventions]
    many = {"kind": "person_centred", "ramp": 0, "places": 60}
    plans = [{**many, "domains": 2, "where": "north-west"}, {**many, "domains": 5, "where": "south-east"}]
    calm = eager.changed(area="contrast", people=300, years=10, interventions=())
    town = eager.changed(people=3_000, years=5, parameters={}, interventions=half)
    stuck = town.changed(people=2_000, area="tilburg-noord", years=12, interventions=plans)
    driving = {"kind": "visible_presence", "approach": 0.5}
    raid = {"kind": "raid", "share": 1.0}
    asked = {"kind": "key_figures", "initiatives": 5.0, "ramp": 0}
    disbanded = eager.changed(interventions=[{"kind": "frontline_team", "until": 26}, driving, raid, asked])
    left = eager.changed(area="tilburg-noord", people=2_000, years=6, interventions=())
    return eager, calm, town.changed(area="contrast", years=2, interventions=()), disbanded, town, left, stuck, watched


@pytest.fixture(scope="module")
def histories(busy, eager, watched, stuck):
    """Return the weeks of some very different worlds, one below the other."""
    calm = busy.changed(
        area="contrast", years=3, interventions=(), parameters={"demography.for_work": EAGER["demography.for_work"]}
    )
    ends = {"demography.for_work": EAGER["demography.for_work"], "recruitment.base": 0.0}
    emptied = busy.changed(years=5, parameters=ends)  # crews without members leave, and others come
    runs = [simulate(scenario, seed=seed) for scenario in (busy, eager, calm, emptied, watched) for seed in (1, 2)]
    return np.concatenate([run.world.history for run in (*runs, stuck)])


def course(scenario):
    """Yield a digest of a world at its start, and after some weeks, up to its end."""
    simulation = Simulation(scenario, seed=1)
    yield digest(simulation.world)
    for week in (4, 13, 26, *range(52, scenario.weeks + 1, 52)):
        simulation.advance(week - simulation.week)
        yield digest(simulation.world)


@pytest.fixture(scope="module")
def usual(worlds):
    """Return a way to the course of one of the worlds as it is, which is lived once."""
    return cache(lambda i: tuple(course(worlds[i])))


def with_lever(scenario, name, value):
    """Return the digest of a run in which one lever stands at a value, whatever the programmes say."""
    simulation = Simulation(scenario, seed=2)
    simulation.schedule[name][1:] = value
    simulation.advance(scenario.weeks)
    return digest(simulation.world)


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_moves_something(name, worlds):
    lever = LEVERS[name]
    settings = {lever.neutral, lever.low, lever.high}
    kinds = (len({with_lever(world, name, value) for value in settings}) for world in worlds)
    assert any(kind == len(settings) for kind in kinds), f"no rule reads the lever {name}"


@pytest.mark.parametrize("name", [name for name in QUANTITIES if name not in ONE_BY_ONE])
def test_every_parameter_makes_a_difference(name, worlds, usual):
    """A world with it at one of its ends goes another way than it does as it is; nobody waits to see where to."""
    ends = QUANTITIES[name].low, QUANTITIES[name].high
    others = (
        (i, world.changed(parameters={**world.parameters, name: end}))
        for i, world in enumerate(worlds)
        for end in ends
        if end != world.parameters.get(name, QUANTITIES[name].default)
    )
    apart = (one != other for i, changed in others for one, other in zip(course(changed), usual(i), strict=True))
    assert any(apart), f"{name} makes no difference between {ends[0]} and {ends[1]}"


@pytest.mark.parametrize("name", [name for name in OUTCOMES if name not in ELSEWHERE])
def test_every_outcome_moves(name, histories):
    column = histories[:, list(OUTCOMES).index(name)]
    assert np.unique(column).size > 1, f"{name} is always {column[0]}"


def test_a_full_desk_turns_reports_away(eager):
    simulation = Simulation(eager, seed=2)
    simulation.world.tile_index["cases_free"] = 2
    simulation.advance(52)
    told = simulation.world.history
    column = {
        name: told[:, list(OUTCOMES).index(name)]
        for name in ("turned_away", "reports", "signals", "family_signals", "cases_opened")
    }
    assert column["turned_away"].sum() > 0
    noticed = column["reports"] + column["signals"] + column["family_signals"]
    assert (column["cases_opened"] + column["turned_away"] == noticed).all()
