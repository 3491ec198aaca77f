"""Births in places that live for twenty years: how soon after the last one, and how many without a father there."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.demography import WAIT
from kantelpunt.model.shared.events import happened, lost
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import BORN, NOBODY

PEOPLE, YEARS, SEEDS = 5_000, 20, (3, 4, 5)
FEW, MANY = 0.2, 0.35  # of newborns without a father there (D151)


def born(seed: int) -> np.ndarray:
    """Return mother, father and week of birth of all who were born there and still live there."""
    simulation = Simulation(Scenario(people=PEOPLE, years=YEARS), seed, events=True)
    simulation.advance(52 * YEARS)
    world = simulation.world
    assert not lost(world)
    log = happened(world)
    here = (world.people["present"] == 1) & np.isin(world.people["id"], log["who"][log["kind"] == BORN])
    return np.rec.fromarrays(
        [world.kin["mother"][here], world.kin["father"][here], world.people["born"][here]], names="mother,father,week"
    )


@pytest.fixture(scope="module")
def births() -> list[np.ndarray]:
    """Return the births of several places."""
    return [born(seed) for seed in SEEDS]


def test_a_mother_waits_after_a_child(births):
    for some in births:
        in_order = some[np.lexsort((some["week"], some["mother"]))]
        siblings = in_order["mother"][1:] == in_order["mother"][:-1]
        assert siblings.sum() > 50 and np.diff(in_order["week"])[siblings].min() >= WAIT


def test_everybody_has_a_mother_and_about_a_quarter_no_father_there(births):
    everybody = np.concatenate(births)
    assert (everybody["mother"] != NOBODY).all()
    assert FEW < (everybody["father"] == NOBODY).mean() < MANY
