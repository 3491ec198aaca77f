"""With nothing done a neighbourhood stays about what its figures say, and does not sink for having begun in the wrong place."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.population.areas import PRESETS
from kantelpunt.model.shared.persons import PENSION
from kantelpunt.model.simulation import Simulation, simulate

SEEDS, YEARS = (1, 2, 3), 10


def levels(area, seed, years):
    """Return the share of people of 18-64 who work, and their mean legal prospects, after some years."""
    simulation = Simulation(Scenario(area=area, people=2_000, years=YEARS), seed)
    simulation.advance(years * WEEKS_A_YEAR)
    people = simulation.world.people
    age = (simulation.week - people["born"]) / WEEKS_A_YEAR
    among = people[(people["present"] == 1) & (age >= 18) & (age < PENSION)]
    return (among["work_bond"] > 0.0).mean(), among["prospects"].mean()


@pytest.mark.parametrize("area", ["tilburg-noord", "overvecht", "contrast"])
def test_work_and_prospects_rest_where_they_began(area):
    began, ended = (np.mean([levels(area, seed, years) for seed in SEEDS], axis=0) for years in (0, YEARS))
    assert ended == pytest.approx(began, abs=0.06)


@pytest.mark.parametrize("area", PRESETS)
def test_trust_and_the_hold_of_crime_rest_where_they_began(area):
    weeks = [simulate(Scenario(area=area, people=2_000, years=YEARS), seed).weeks for seed in SEEDS]
    for name, room in (("trust_institutions", 0.12), ("trust_neighbours", 0.08), ("fear", 0.08), ("crime_hold", 0.18)):
        began = np.mean([each[name].iloc[4] for each in weeks])
        ended = np.mean([each[name].iloc[-WEEKS_A_YEAR:].mean() for each in weeks])
        assert ended == pytest.approx(began, abs=room), name
