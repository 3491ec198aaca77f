"""Opportunity of places: worked examples."""

import math
from itertools import pairwise

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.opportunity import (
    USUAL_CONCEALMENT,
    collective_efficacy,
    efficacy_gap,
    growth_of_hold,
    guardianship,
    legal,
    opportunity,
    watch_of,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import HIDDEN
from kantelpunt.model.state.fields import fixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import lever, levers, one, parameters

P = parameters("opportunity")


def test_an_hour_that_offenders_do_not_expect_is_watch():
    assert watch_of(one("place", presence=10.0), P) == pytest.approx(1.0 - math.exp(-10.0 * P.gaze))  # 0.45
    assert watch_of(one("place"), P) == 0.0


def test_what_they_have_come_to_expect_is_worked_around():
    known = one("place", presence=10.0, expected_presence=10.0)
    assert watch_of(known, P) == pytest.approx(1.0 - math.exp(-10.0 * (1.0 - P.adaptation) * P.gaze))  # 0.14
    assert watch_of(one("place", presence=5.0, expected_presence=10.0), P) == 0.0


def test_somebody_stands_in_the_way_when_either_does():
    place = one("place", informal_control=0.5)
    assert guardianship(place, 0.0) == pytest.approx(0.5)
    assert guardianship(place, 0.5) == pytest.approx(0.75)
    assert guardianship(one("place"), 0.0) == 0.0
    assert guardianship(one("place"), 1.0) == 1.0


def test_cohesion_without_fear_is_efficacy():
    assert collective_efficacy(one("place", cohesion=0.5, fear=0.2), P) == pytest.approx(P.efficacy * 0.5 * 0.8)  # 0.64
    assert collective_efficacy(one("place", cohesion=0.5, fear=1.0), P) == 0.0
    assert collective_efficacy(one("place", cohesion=0.9), P) == 1.0


def test_residents_keep_out_half_of_crime_at_the_threshold_and_less_where_a_place_hides_it():
    street = one("place", cohesion=P.threshold / P.efficacy, fear=0.0, concealment=USUAL_CONCEALMENT)
    assert efficacy_gap(street, P) == pytest.approx(0.5)
    passage = one("place", cohesion=P.threshold / P.efficacy, fear=0.0, concealment=USUAL_CONCEALMENT + 0.5)
    assert efficacy_gap(passage, P) == pytest.approx(1.0 / (1.0 + math.exp(-0.5 * P.k * P.sight)))


def test_crime_takes_hold_where_crews_are_strong_and_residents_are_not():
    free = one("place", crime_hold=0.0, efficacy_gap=1.0)
    assert growth_of_hold(free, 0.0, 1.0, 0, P) == pytest.approx(P.growth)
    assert growth_of_hold(free, 0.0, 0.5, 0, P) == pytest.approx(P.growth / 2)
    held = one("place", crime_hold=0.5, efficacy_gap=1.0)  # what is held already cannot be taken
    assert growth_of_hold(held, 0.0, 1.0, 0, P) == pytest.approx(0.5 * P.growth - 0.5 * P.decay)
    acting = one("place", crime_hold=0.0, efficacy_gap=0.0)
    assert growth_of_hold(acting, 0.0, 1.0, 0, P) == 0.0


def test_crimes_hold_lets_go_slowly_and_sooner_when_cases_are_solved():
    held = one("place", crime_hold=0.5)
    assert growth_of_hold(held, 0.0, 0.0, 0, P) == pytest.approx(-0.5 * P.decay)
    assert growth_of_hold(held, 1.0, 0.0, 0, P) == pytest.approx(-0.5 * 2.0 * P.decay)
    assert growth_of_hold(held, 0.0, 0.0, 2, P) == pytest.approx(-0.5 * (P.decay + 2 * P.follow_up))
    years = math.log(0.5) / math.log(1.0 - P.decay) / 52
    assert 0.25 < years < 3.0  # months to years


def test_legal_opportunity_is_lost_to_disorder_and_stigma_and_bought_by_places():
    assert legal(one("place"), lever(), P) == pytest.approx(P.legal_base)
    rough = one("place", welfare=-0.09, perceived_disorder=0.5, crime_hold=0.5)
    assert legal(rough, lever(), P) == pytest.approx(P.legal_base - 0.09 - 0.5 * P.legal_stigma - 0.5 * P.legal_stigma)
    assert legal(one("place"), lever(legal_places=10.0), P) == pytest.approx(P.legal_base + 10 * P.legal_place)


def looked_at(week=EVERY, given=(), **fields):
    """Return the places of a neighbourhood where these things are so, after opportunity has looked at them; nobody watches."""
    world = Simulation(Scenario(people=100, years=1)).world
    world.tile_index["urbanity"] = 0.0
    for name in ("presence", "informal_control", "crime_hold"):
        world.places[name] = 0.0
    world.cell_week["control"], world.patches["crew_power"] = 0, 0.0
    for name, value in fields.items():
        tables = {"cleared": world.cell_week, "control": world.cell_week, "crew_power": world.patches}
        tables.get(name, world.places)[name] = value
    opportunity(executable(world), P, levers(**dict(given)), 1, week)
    return world.places[world.used], world.cell_week[world.used]


def test_management_takes_room_away_in_hidden_spots_and_nowhere_else():
    bare, kept = (looked_at(given={"place_management": level})[0] for level in (0.0, 1.0))
    hidden = bare["kind"] == HIDDEN
    assert kept["criminal_opportunity"][hidden] == pytest.approx((1.0 - P.managed) * bare["criminal_opportunity"][hidden])
    assert (kept["criminal_opportunity"][~hidden] == bare["criminal_opportunity"][~hidden]).all()
    assert bare["criminal_opportunity"] == pytest.approx(bare["concealment"] * P.market)


def test_a_solved_case_takes_hold_away_once():
    places, here = looked_at(crime_hold=0.5, cleared=1)
    assert places["crime_hold"] == pytest.approx(0.5 * (1.0 - P.decay - P.follow_up))
    assert not here["cleared"].any()


def test_the_more_somebody_is_there_the_less_room_and_hold_crime_has():
    places = [looked_at(presence=hours, crime_hold=0.5)[0] for hours in (0.0, 5.0, 20.0)]
    for fewer, more in pairwise(places):
        assert (more["criminal_opportunity"] < fewer["criminal_opportunity"]).all()
        assert (more["crime_hold"] < fewer["crime_hold"]).all()


def test_residents_who_would_step_in_are_counted_with():
    hours = 3.0
    nobody, some = (looked_at(control=fixed(each))[0] for each in (0.0, hours))
    assert not nobody["informal_control"].any()
    assert some["informal_control"] == pytest.approx(1.0 - math.exp(-P.gaze * hours))
    assert (some["criminal_opportunity"] < nobody["criminal_opportunity"]).all()


def test_demand_makes_room_up_to_all_that_a_place_hides():
    less, more, most = (looked_at(given={"market_demand": each})[0] for each in (0.5, 1.0, 1_000.0))
    assert less["criminal_opportunity"] == pytest.approx(0.5 * more["criminal_opportunity"])
    assert most["criminal_opportunity"] == pytest.approx(most["concealment"])


def test_crime_takes_hold_where_crews_are_at_work():
    free, worked = (looked_at(crew_power=power, efficacy_gap=1.0, week=EVERY + 1)[0] for power in (0.0, 0.5))
    assert not free["crime_hold"].any()
    assert worked["crime_hold"] == pytest.approx(0.5 * P.growth)


def test_residents_who_can_act_together_leave_little_room_to_crime():
    acting, scared = (looked_at(cohesion=0.6, fear=fear, concealment=USUAL_CONCEALMENT)[0]["efficacy_gap"] for fear in (0.1, 0.6))
    assert acting.max() < 0.2 < 0.8 < scared.min()
    even = P.threshold / P.efficacy
    assert looked_at(cohesion=even, fear=0.0, concealment=USUAL_CONCEALMENT)[0]["efficacy_gap"] == pytest.approx(0.5)
    between = looked_at(week=EVERY + 1, cohesion=even, fear=0.0, concealment=USUAL_CONCEALMENT)[0]["efficacy_gap"]
    assert not np.allclose(between, 0.5), "between two looks it stays what it was"
