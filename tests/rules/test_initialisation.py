"""Start: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.arithmetic import by_index
from kantelpunt.model.rules.initialisation import acquaint, cohesion, found_crews, say_usual
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAVOURS, NONE
from kantelpunt.model.state.world import executable
from tests.rules.examples import one, parameters

P = parameters("initialisation")
FOCUS = 1.6  # disadvantage of a focus area, in standard deviations


@pytest.fixture(scope="module")
def begun():
    """Return a focus and a contrast area as they begin."""
    return {area: Simulation(Scenario(area=area, people=600, years=1), seed=1).world for area in ("overvecht", "contrast")}


def own(disadvantage=0.0, instability=0.0, urbanity=0.0):
    return one("tile_index", disadvantage=disadvantage, instability=instability, urbanity=urbanity)


def test_a_level_is_the_usual_one_in_a_usual_neighbourhood_and_its_odds_grow_by_index():
    assert by_index(0.4, -0.3, 0.0) == pytest.approx(0.4)
    assert by_index(0.5, math.log(3.0), 1.0) == pytest.approx(0.75)
    assert by_index(0.5, math.log(3.0), -1.0) == pytest.approx(0.25)
    assert 0.0 < by_index(0.4, -0.5, 8.0) < by_index(0.4, -0.5, 7.0)


def test_trust_in_neighbours_is_less_where_poverty_turnover_or_density_is_more():
    assert cohesion(own(), P) == pytest.approx(P.cohesion)
    for more in (own(disadvantage=1.0), own(instability=1.0), own(urbanity=1.0)):
        assert cohesion(more, P) < P.cohesion
    expected = math.log(P.cohesion / (1 - P.cohesion)) + P.cohesion_disadvantage + 2 * P.cohesion_urbanity
    assert cohesion(own(1.0, 0.0, 2.0), P) == pytest.approx(1 / (1 + math.exp(-expected)))


def test_usual_levels_are_those_of_the_area():
    for d in (FOCUS, 0.0, -2.0):
        usual = one("newcomer_levels")
        say_usual(usual, own(disadvantage=d), P)
        assert usual.cohesion == pytest.approx(cohesion(own(disadvantage=d), P))
        for level in ("trust", "norm", "usefulness", "prospects", "closed", "youths", "adults"):
            assert getattr(usual, level) == pytest.approx(
                by_index(getattr(P, level), getattr(P, f"{level}_disadvantage", P.crime_disadvantage), d)
            )


def test_where_newcomers_come_from_crime_has_the_hold_that_people_meet_here_at_the_start(begun):
    for world in begun.values():
        living, usual = world.places["dwellings"], world.newcomer_levels[0]
        for level in ("crime_hold", "fear"):
            assert usual[level] == pytest.approx(np.average(world.places[level], weights=living), abs=0.01, rel=0.05)


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


def test_households_know_who_of_them_is_involved_from_the_start(begun):
    for world in begun.values():
        involved = world.people["household"][(world.people["present"] == 1) & (world.people["stage"] >= FAVOURS)]
        assert (world.households["involved"] == np.bincount(involved, minlength=world.households.size)).all()


def test_crews_are_as_many_per_head_as_the_area_gives_rise_to(begun):
    for world in begun.values():
        expected = P.crews * math.exp(P.crime_disadvantage * world.tile_index["disadvantage"][0]) * 0.6
        assert abs(world.crews["present"].sum() - expected) < 1.0


def test_disorder_goes_with_the_hold_of_crime(begun):
    places = begun["overvecht"].places[begun["overvecht"].used]
    assert np.corrcoef(places["disorder"], places["crime_hold"])[0, 1] > 0.9
    assert places["disorder"].max() < 1.0


@pytest.mark.parametrize("people", [0, 5_000])
def test_every_place_begins_near_where_it_comes_to_rest_and_as_usual_here(people):
    world = Simulation(Scenario(people=100, years=1)).world
    every, d = executable(world), float(world.tile_index["disadvantage"][0])
    world.tile_index["people"] = people
    found_crews(every, every.newcomer_levels[0], P, d, 1)
    places, usual, hold = world.places[world.used], world.newcomer_levels[0], world.places["crime_hold"][world.used]
    assert places["disorder"] == pytest.approx(0.015 + 0.065 * hold, rel=1e-5)
    assert places["fear"] == pytest.approx(0.19 + 0.27 * hold, rel=1e-5)
    for level in ("trust", "cohesion", "norm"):
        assert places[level] == pytest.approx(usual[level])
    assert places["welfare"] == pytest.approx(-P.legal_gap * d)
    most = by_index(P.hold, P.hold_disadvantage, d)
    assert (
        hold.min() == pytest.approx(0.4 * most, rel=1e-5) if not people else 0.4 * most < hold.min() < hold.max() <= most + 1e-6
    )
    turf = world.crews["turf"][world.crews["present"] == 1]
    assert world.places["crime_hold"][turf] == pytest.approx(most, rel=1e-5) and (turf.size > 0) == (people > 0)
    assert usual["crime_hold"] == pytest.approx(np.average(hold, weights=places["dwellings"]), rel=1e-5)
    assert not world.crews["strength"].any() and (world.crews["load"] == 1.0).all()


def test_colleagues_know_each_other_and_those_of_one_organisation_better():
    world = Simulation(Scenario(people=100, years=1)).world
    p = parameters("initialisation", ties=0.2)
    acquaint(executable(world), p, 1)
    team, ties = world.professionals, world.ties
    there = team["present"] == 1
    pairs = np.outer(there, there) & ~np.eye(team.size, dtype=bool)
    assert np.array_equal(ties, ties.T) and not ties[~pairs].any()
    same = np.where(team["organisation"][:, None] == team["organisation"][None, :], 1.5, 0.7)
    assert (ties[pairs] >= (0.5 * p.ties * same)[pairs] - 1e-6).all()
    assert (ties[pairs] <= (1.5 * p.ties * same)[pairs] + 1e-6).all() and np.unique(ties[pairs]).size == pairs.sum() // 2
    assert world.tile_index["maturity"][0] == world.tile_index["unteamed"][0] == pytest.approx(P.maturity)


def test_some_know_a_professional_a_little_from_the_last_four_years(begun):
    """Who is 8 or older has met one now and then, and knows nobody as well as after many good contacts."""
    for world in begun.values():
        known, people = world.acquaintances, world.people
        here = people["present"] == 1
        level, seen = known["level"], known["seen"][known["level"] > 0.0]
        grown = here & (people["born"] <= -8 * 52)
        assert not level[here & ~grown].any() and 0.1 < (level[grown] > 0.0).any(axis=1).mean() < 0.5
        assert 0.0 < level.max() < 0.5 and seen.min() >= -4 * 52 and seen.max() <= 0
        assert (world.professionals["present"][known["post"][level > 0.0]] == 1).all()
