"""Start: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.arithmetic import by_index
from kantelpunt.model.rules.initialisation import (
    DISORDER,
    DISORDER_HOLD,
    DREAD_OF_HOLD,
    FINDS_ROOM,
    USUAL_DREAD,
    acquaint,
    begin_places,
    cohesion,
    lacking_efficacy,
    resting_hold,
    say_hold,
    say_usual,
    work_of_crews,
)
from kantelpunt.model.rules.opportunity import USUAL_CONCEALMENT, growth_of_hold
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
        usual = one("newcomer_levels", crime_hold=0.3)
        say_usual(usual, own(disadvantage=d), P)
        assert usual.cohesion == pytest.approx(cohesion(own(disadvantage=d), P))
        for level in ("trust", "norm", "usefulness", "prospects", "closed"):
            expected = by_index(getattr(P, level), getattr(P, f"{level}_disadvantage"), d)
            assert getattr(usual, level) == pytest.approx(expected)
        for level in ("youths", "adults"):
            assert getattr(usual, level) == pytest.approx(getattr(P, level) * work_of_crews(0.3, P))


def test_crews_have_all_their_work_where_crime_has_full_hold_and_some_where_it_has_none():
    assert work_of_crews(1.0, P) == 1.0
    assert work_of_crews(0.0, P) == FINDS_ROOM * P.outside


def test_crime_has_the_hold_that_an_area_like_this_usually_has_on_a_place_that_hides_as_much_as_most():
    for indices in ({}, {"disadvantage": 1.5}, {"instability": -1.0}, {"disadvantage": -1.0, "instability": 1.0}):
        here = own(**indices)
        usual = P.hold / (1.0 - P.hold) * P.decay / P.growth
        gap = by_index(usual, 1.0, P.hold_disadvantage * here.disadvantage + P.hold_instability * here.instability)
        expected = gap * P.growth / P.decay / (1.0 + gap * P.growth / P.decay)
        hold = [
            resting_hold(one("place", concealment=each), lacking_efficacy(here, P), P) for each in (0.1, USUAL_CONCEALMENT, 0.8)
        ]
        assert hold[1] == pytest.approx(expected)
        assert hold[0] < hold[1] < hold[2]


def test_that_hold_is_where_opportunity_leaves_it():
    place, rule = one("place", concealment=0.5, efficacy_gap=0.2), parameters("opportunity")
    asks = math.log(0.2 / 0.8) - P.k * P.sight * (0.5 - USUAL_CONCEALMENT)
    place.crime_hold = resting_hold(place, asks, P)
    assert growth_of_hold(place, 0.0, 1.0, 0, rule) == pytest.approx(0.0, abs=1e-9)


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


def test_households_know_who_of_them_is_involved_from_the_start(begun):
    for world in begun.values():
        involved = world.people["household"][(world.people["present"] == 1) & (world.people["stage"] >= FAVOURS)]
        assert (world.households["involved"] == np.bincount(involved, minlength=world.households.size)).all()


def test_crews_are_as_many_per_head_as_the_area_gives_rise_to(begun):
    for world in begun.values():
        expected = P.crews * work_of_crews(world.newcomer_levels["crime_hold"][0], P) * 0.6
        assert abs(world.crews["present"].sum() - expected) < 1.0


def test_disorder_goes_with_the_hold_of_crime(begun):
    places = begun["overvecht"].places[begun["overvecht"].used]
    assert np.corrcoef(places["disorder"], places["crime_hold"])[0, 1] > 0.9
    assert places["disorder"].max() < 1.0


def test_every_place_begins_near_where_it_comes_to_rest_and_as_usual_here():
    for area in ("overvecht", "contrast"):
        world = Simulation(Scenario(area=area, people=100, years=1)).world
        every = executable(world)
        say_hold(every, every.newcomer_levels[0], P)
        begin_places(every, every.newcomer_levels[0], P)
        places, usual = world.places[world.used], world.newcomer_levels[0]
        hold, d = places["crime_hold"], world.tile_index["disadvantage"][0]
        assert places["disorder"] == pytest.approx(DISORDER + DISORDER_HOLD * hold, rel=1e-5)
        assert places["fear"] == pytest.approx(USUAL_DREAD + DREAD_OF_HOLD * hold, rel=1e-5)
        for level in ("trust", "cohesion", "norm"):
            assert places[level] == pytest.approx(usual[level])
        assert places["welfare"] == pytest.approx(-P.legal_gap * d)
        assert usual["crime_hold"] == pytest.approx(np.average(hold, weights=places["dwellings"]), rel=1e-5)
        order = np.argsort(places["concealment"], kind="stable")
        assert (np.diff(hold[order]) >= 0.0).all(), "most on places that hide it"


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
