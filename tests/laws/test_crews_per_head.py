"""Crime per head does not hang on how many people a map holds, and a sweep does not end it: few worlds, so wide bounds."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.initialisation import work_of_crews
from kantelpunt.model.simulation import Simulation, simulate
from tests.rules.examples import parameters
from tests.science.careers import AFTER, SWEPT, swept
from tests.science.worlds import YEAR

FOCUS = "tilburg-noord"
PEOPLE, YEARS = 96_000, 6  # over whom a size is measured
SIZES = (1_000, 3_000)


def per_head(size: int) -> dict[str, float]:
    """Return members and recruits per 1,000 people and week in as many worlds of a size as hold so many people."""
    weeks = [simulate(Scenario(area=FOCUS, people=size, years=YEARS), seed).weeks for seed in range(1, PEOPLE // size + 1)]
    lived = sum(each["people"].sum() for each in weeks) / 1_000
    return {name: sum(each[name].sum() for each in weeks) / lived for name in ("members", "recruited")}


@pytest.mark.slow
def test_members_and_recruits_per_head_are_about_the_same_where_more_people_live():
    few, many = (per_head(size) for size in SIZES)
    assert few["members"] == pytest.approx(many["members"], rel=0.3)
    assert few["recruited"] == pytest.approx(
        many["recruited"], rel=0.5
    )  # some hundreds in either; recruits come in bunches, so that each is known within 10 to 12 %


@pytest.mark.parametrize("people", [400, 1_000, 3_000])
def test_crews_follow_residents(people):
    worlds = [Simulation(Scenario(area=FOCUS, people=people, years=1), seed).world for seed in range(1, 9)]
    p, hold = parameters("initialisation"), worlds[0].newcomer_levels["crime_hold"][0]
    found = np.mean([world.crews["present"].sum() for world in worlds])
    assert found == pytest.approx(p.crews * work_of_crews(hold, p) * people / 1_000, abs=0.5)


@pytest.mark.slow
def test_crime_comes_back_after_all_members_were_removed_once_and_not_at_once():
    worlds = [swept(seed) for seed in range(1, 7)]
    plain, other = (sum(each[name] for each in worlds).reshape(AFTER // YEAR, 2).sum(axis=1) for name in ("plain", "swept"))
    assert other[0] < plain[0], f"after the sweep in week {SWEPT}"
    assert other[1:4].max() >= 0.5 * plain[1:4].mean(), "back at half within four years"


def test_somebody_who_comes_for_work_brings_crime_where_there_was_none():
    """Zero is no trap: without any member at the start, and with work for crews, some come and a crew with them."""
    for seed in (1, 2, 3):
        simulation = Simulation(Scenario(area=FOCUS, people=2_000, years=4), seed)
        people = simulation.world.people
        people["stage"], people["next_stage"], people["crew"], simulation.world.crews["present"] = 0, 0, -1, 0
        simulation.advance(4 * YEAR)
        assert simulation.world.crews["present"].any() and (people["stage"][people["present"] == 1] >= 2).any()
