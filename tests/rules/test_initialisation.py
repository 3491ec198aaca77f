"""Start: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.initialisation import CREWS_A_TILE, adults_involved, bring, cohesion, fte_of, involve
from kantelpunt.model.shared.areas import at
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import CARE, EXPOSED, FAVOURS, NOBODY, NONE, POLICE, RUNNER, TIED_IN, WELFARE
from tests.rules.examples import TODAY, lot, one, parameters, people, rows

P = parameters("initialisation")
FOCUS = 1.6  # disadvantage of a focus area, in standard deviations
FOCUS_ADULTS = at(P.adults, P.adults_disadvantage, FOCUS)


@pytest.fixture(scope="module")
def begun():
    """Return a focus and a contrast area as they begin."""
    return {area: Simulation(Scenario(area=area, people=2_000, years=1), seed=1).world for area in ("overvecht", "contrast")}


def own(disadvantage=0.0, instability=0.0, urbanity=0.0):
    return one("tile_index", disadvantage=disadvantage, instability=instability, urbanity=urbanity)


def test_a_level_is_the_usual_one_in_a_usual_neighbourhood_and_its_odds_grow_by_index():
    assert at(0.4, -0.3, 0.0) == pytest.approx(0.4)
    assert at(0.5, math.log(3.0), 1.0) == pytest.approx(0.75)
    assert at(0.5, math.log(3.0), -1.0) == pytest.approx(0.25)
    assert 0.0 < at(0.4, -0.5, 8.0) < at(0.4, -0.5, 7.0)


def test_trust_in_neighbours_is_less_where_poverty_turnover_or_density_is_more():
    assert cohesion(own(), P) == pytest.approx(P.cohesion)
    for more in (own(disadvantage=1.0), own(instability=1.0), own(urbanity=1.0)):
        assert cohesion(more, P) < P.cohesion
    expected = math.log(P.cohesion / (1 - P.cohesion)) + P.cohesion_disadvantage + 2 * P.cohesion_urbanity
    assert cohesion(own(1.0, 0.0, 2.0), P) == pytest.approx(1 / (1 + math.exp(-expected)))


def test_newcomers_bring_levels_from_areas_less_different_than_this_one():
    outside = one("newcomer_levels")
    bring(outside, P, 2.0)
    assert outside.trust_institutions == pytest.approx(at(P.trust, P.trust_disadvantage, 2.0 * P.alike))
    assert at(P.trust, P.trust_disadvantage, 2.0) < outside.trust_institutions < P.trust


def test_nobody_under_twelve_is_deeper_in_than_exposed_and_nobody_under_ten_at_all():
    crews = rows("crew", CREWS_A_TILE)
    for age, deepest in ((9.9, NONE), (11.0, EXPOSED), (14.0, FAVOURS), (20.0, RUNNER), (40.0, TIED_IN), (60.0, NONE)):
        crowd = people(3_000, age, propensity=2.5)
        for who in crowd:
            involve(who, crews, FOCUS_ADULTS, P, FOCUS, lot(), TODAY)
        assert max(who.stage for who in crowd) == deepest
        assert all((who.crew != NOBODY) == (who.stage >= FAVOURS) for who in crowd)


def test_as_many_youths_are_at_risk_as_the_figures_say():
    crowd = people(4_000, 16.0)
    for who in crowd:
        involve(who, rows("crew", CREWS_A_TILE), FOCUS_ADULTS, P, FOCUS, lot(), TODAY)
    boys = 1.6  # against 1 for both sexes together
    assert np.mean([who.stage > NONE for who in crowd]) == pytest.approx(
        at(P.youths, P.youths_disadvantage, FOCUS) * boys, abs=0.02
    )


@pytest.mark.parametrize("disadvantage", [-2.0, 0.0, 2.0])
def test_adults_of_closed_families_are_involved_more_often_and_others_so_much_less(disadvantage):
    closed, others = adults_involved(True, P, disadvantage), adults_involved(False, P, disadvantage)
    families = at(P.closed, P.closed_disadvantage, disadvantage)
    adults = at(P.adults, P.adults_disadvantage, disadvantage)
    assert closed > 5 * others > 0
    assert families * closed + (1 - families) * others == pytest.approx(adults)


def test_without_a_crew_nobody_works_for_one():
    crowd = people(500, 30.0, propensity=2.5)
    for who in crowd:
        involve(who, rows("crew", CREWS_A_TILE, present=0), FOCUS_ADULTS, P, FOCUS, lot(), TODAY)
    assert {who.crew for who in crowd} == {NOBODY}
    assert max(who.stage for who in crowd) >= FAVOURS


def test_staff_is_as_many_full_time_jobs_as_the_figures_say():
    assert fte_of(POLICE, P) == P.fte_police
    assert fte_of(WELFARE, P) == P.fte_welfare
    assert fte_of(CARE, P) == P.fte_other


def test_a_focus_area_begins_with_less_trust_and_more_of_everything_else(begun):
    focus, contrast = (world.people[world.people["present"] == 1] for world in begun.values())
    for name in ("trust_institutions", "trust_neighbours", "usefulness", "prospects"):
        assert focus[name].mean() < contrast[name].mean()
    for name in ("norm_enemy", "fear", "pull"):
        assert focus[name].mean() > contrast[name].mean()
    assert (focus["stage"] > NONE).sum() > (contrast["stage"] > NONE).sum()


def test_crime_has_most_hold_near_the_turf_of_a_crew(begun):
    places, crews = begun["overvecht"].places, begun["overvecht"].crews
    turf = crews["turf"][crews["present"] == 1]
    assert places["crime_hold"][turf] == pytest.approx(places["crime_hold"].max(), rel=0.02)
    corner = places["crime_hold"].min()
    assert corner < 0.8 * places["crime_hold"].max()


def test_contract_hours_are_those_of_so_many_residents(begun):
    for world in begun.values():
        hours = world.professionals["hours"][world.professionals["organisation"] == POLICE].sum()
        assert hours == pytest.approx(36.0 * P.fte_police * 2.0, rel=0.01)


def test_households_know_who_of_them_is_involved_from_the_start(begun):
    for world in begun.values():
        involved = world.people["household"][(world.people["present"] == 1) & (world.people["stage"] >= FAVOURS)]
        assert (world.households["involved"] == np.bincount(involved, minlength=world.households.size)).all()
