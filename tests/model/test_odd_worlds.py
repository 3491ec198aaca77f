"""Worlds that lack something, or hold kin that cannot be: they run to their end, and nothing is told of what is not there."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NOBODY

VILLAGE = Scenario(area="overvecht", people=300, years=3)
SEED = 2


def told(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return every outcome of every week, after the years of the village; each is a number."""
    simulation.advance(VILLAGE.weeks)
    assert np.isfinite(simulation.world.history).all()
    return dict(zip(OUTCOMES, simulation.world.history[1:].T, strict=True))


def test_a_neighbourhood_without_crews_recruits_nobody_and_has_ordinary_crime():
    village = Simulation(VILLAGE.changed(parameters={"demography.for_work": 0.0}), SEED)
    world = village.world
    world.crews["present"] = 0
    world.people["crew"] = NOBODY
    for level in ("youths", "adults", "adults_closed"):  # nobody brings one along
        world.newcomer_levels[level] = 0.0
    world.people["stage"] = world.people["next_stage"] = 0
    world.households["involved"] = 0
    weeks = told(village)
    assert not world.crews["present"].any() and weeks["recruited"].sum() == 0
    assert weeks["crimes"].sum() > 0


def test_a_neighbourhood_without_professionals_has_neither_presence_nor_contacts_nor_answers():
    village = Simulation(VILLAGE, SEED)
    village.world.professionals["hours"] = 0.0
    weeks = told(village)
    assert weeks["presence"][1:].max() == pytest.approx(0.0, abs=1e-3)
    assert weeks["taken_up"].sum() == 0
    assert weeks["reports"].sum() > 0


def test_kin_that_form_a_circle_end_no_run():
    village = Simulation(VILLAGE, SEED)
    kin, people = village.world.kin, village.world.people
    rows = np.flatnonzero(people["present"] == 1)
    for parent in ("mother", "father"):
        kin[parent][rows] = np.roll(people["id"][rows], 1)  # everybody is the child of the next, round the village
        kin[f"{parent}_row"][rows] = np.roll(rows, 1)
    kin["partner"][rows], kin["partner_row"][rows] = people["id"][rows], rows  # and their own partner
    weeks = told(village)
    assert weeks["births"].sum() > 0 and weeks["people"][-1] > 150
