"""Who is new here: worked examples, and newcomers beside those who were here at the start."""

import math
from itertools import pairwise

import numpy as np
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.registry import quantities
from kantelpunt.model.rules.initialisation import CREWS_A_TILE, say_usual
from kantelpunt.model.shared.newcomers import (
    AT_EDGE,
    AT_REST,
    AT_RISK_FROM,
    CLOSED,
    FORMER,
    IN_STAGE,
    RECORD,
    RECORD_FAVOURS,
    RECORD_HOLD,
    RECORD_RUNNER,
    RECORD_WOMEN,
    SQUARE,
    adults_involved,
    been_so,
    by_age,
    closedness,
    closedness_of_movers,
    convicted,
    involve,
    leaning_to,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NOBODY, NONE, RUNNER, TIED_IN
from kantelpunt.model.state.fields import DTYPES
from tests.rules.examples import TODAY, lot, one, parameters, people, rows

P = parameters("initialisation")
MANY = 20_000


def usual(disadvantage=1.6, **changes):
    """Return what is usual in an area: in a focus area, unless told otherwise."""
    levels = one("newcomer_levels", crime_hold=0.45)
    say_usual(levels, one("tile_index", disadvantage=disadvantage), P)
    for name, value in changes.items():
        setattr(levels, name, value)
    return levels


def crowd(n, age, crew=1, **fields):
    """Return people of this age, some of whom are involved."""
    found = people(n, age, **fields)
    for who in found:
        involve(who, False, rows("crew", CREWS_A_TILE, present=crew), usual(), lot(), TODAY)
    return found


def test_somebody_who_is_involved_on_arrival_has_been_so_for_a_while():
    long = [been_so(60.0, IN_STAGE, u) for u in (np.arange(4_000) + 0.5) / 4_000]
    assert np.mean(long) == pytest.approx(IN_STAGE, rel=0.02) and np.median(long) == pytest.approx(IN_STAGE * math.log(2), abs=1)
    assert been_so(60.0, IN_STAGE, 0.0) == 0
    assert been_so(AT_RISK_FROM + 1.0, IN_STAGE, 0.999999) == WEEKS_A_YEAR, "never since before the age of risk"
    found = crowd(3_000, 40.0, propensity=2.5)
    since = {stage: [TODAY - who.stage_since for who in found if who.stage == stage] for stage in (NONE, RUNNER)}
    assert set(since[NONE]) == {TODAY}, "who is not involved has nothing to begin from"
    assert np.mean(np.array(since[RUNNER]) >= 52) == pytest.approx(math.exp(-52 / IN_STAGE), abs=0.1)


def test_adults_who_left_a_crew_are_at_its_edge_as_long_as_people_stay_there():
    found = crowd(MANY, 40.0)
    former = [who for who in found if who.stage == EXPOSED]
    assert len(former) / sum(who.stage > EXPOSED for who in found) == pytest.approx(FORMER, rel=0.15)
    assert {who.crew for who in former} == {NOBODY} and all(who.left_week == who.stage_since for who in former)
    assert np.mean([TODAY - who.left_week for who in former]) == pytest.approx(AT_EDGE, rel=0.15)
    assert {who.left_week for who in found if who.stage != EXPOSED} == {found[0].left_week}, "who never left has no such week"
    assert all(who.left_week == found[0].left_week for who in crowd(3_000, 20.0, propensity=2.5)), "the young are on their way in"


def test_nobody_under_twelve_is_deeper_in_than_exposed_and_nobody_under_ten_at_all():
    for age, deepest in ((9.9, NONE), (11.0, EXPOSED), (14.0, FAVOURS), (20.0, RUNNER), (40.0, TIED_IN), (60.0, NONE)):
        found = crowd(3_000, age, propensity=2.5)
        assert max(who.stage for who in found) == deepest
        assert all((who.crew != NOBODY) == (who.stage >= FAVOURS) for who in found)


def test_as_many_youths_are_at_risk_as_the_figures_say():
    boys = 1.6  # against 1 for both sexes together
    found = [who.stage > NONE for age in range(10, 24) for who in crowd(1_000, age + 0.5)]
    assert np.mean(found) == pytest.approx(usual().youths * boys, rel=0.06)


def test_risk_grows_with_age_among_the_young_and_falls_among_adults():
    assert by_age(10.0) < by_age(13.0) < by_age(16.0) == by_age(23.9) and by_age(30.0) > 2 * by_age(50.0)
    for ages in (np.arange(10.0, 24.0, 0.1), np.arange(24.0, 60.0, 0.1)):
        assert np.mean([by_age(age) for age in ages]) == pytest.approx(1.0, abs=0.01)


def test_somebody_who_is_deeper_in_has_been_convicted_more_often():
    for stage, again in ((FAVOURS, RECORD_FAVOURS), (RUNNER, RECORD_RUNNER)):
        found = records(stage=stage, propensity=0.5)
        assert (found > 0).mean() == pytest.approx(again, abs=0.015)
        assert found.mean() == pytest.approx(again / (1.0 - again), rel=0.08)


def records(age=30.0, hold=0.0, **fields):
    """Return the convictions of many people of this age and kind."""
    return np.array(
        [convicted(who, age, one("newcomer_levels", crime_hold=hold), lot()) for who in people(MANY // 2, age, **fields)]
    )


def test_ordinary_people_have_a_record_by_age_sex_and_propensity():
    usual = {"propensity": SQUARE**0.5}
    assert records(**usual).mean() == pytest.approx(RECORD, rel=0.08)
    assert records(male=0, **usual).mean() == pytest.approx(RECORD_WOMEN * RECORD, rel=0.15)
    assert records(18.5, **usual).mean() == pytest.approx(0.5 * RECORD, rel=0.12)
    assert records(13.0, **usual).max() == 0
    assert records(hold=0.5, **usual).mean() == pytest.approx((1.0 + 0.5 * RECORD_HOLD) * RECORD, rel=0.08)
    assert records(propensity=2.0).mean() == pytest.approx(4.0 / SQUARE * RECORD, rel=0.08)


def test_without_a_crew_nobody_works_for_one():
    found = crowd(500, 30.0, crew=0, propensity=2.5)
    assert {who.crew for who in found} == {NOBODY}
    assert max(who.stage for who in found) >= FAVOURS


@pytest.mark.parametrize("disadvantage", [-2.0, 0.0, 2.0])
def test_adults_of_closed_families_are_involved_more_often_and_others_so_much_less(disadvantage):
    there = usual(disadvantage)
    closed, others = adults_involved(True, there), adults_involved(False, there)
    assert closed > 5 * others > 0
    assert there.closed * closed + (1 - there.closed) * others == pytest.approx(there.adults)


def test_closed_families_are_as_many_as_the_figures_say_and_move_in_as_seldom_as_they_move():
    there = usual(closed=0.1)
    here, movers = (np.array([of(who, there, lot()) for who in range(MANY)]) for of in (closedness, closedness_of_movers))
    assert (here > 0.0).mean() == pytest.approx(0.1, abs=0.007)
    assert here[here > 0.0].min() >= CLOSED
    assert (movers > 0.0).mean() == pytest.approx(0.1 * (1.0 - here[here > 0.0].mean()), abs=0.004)
    assert (movers[movers > 0.0] == here[movers > 0.0]).all()


BANDS = (24, 30, 36, 45, 60)  # years


def test_somebody_who_comes_is_as_often_involved_and_as_much_in_debt_as_somebody_who_was_here():
    """Over worlds: people at the start, and people of their ages who came in the first year; few families are closed."""
    sums = np.zeros((2, len(BANDS) - 1, 4))  # who came, who was here; of an age; how many, involved, debt, at work
    for seed in range(1, 49):
        apart = {"demography.for_work": 0.0, "initialisation.closed": 0.001}  # closed families hardly move
        start = simulate(Scenario(area="overvecht", people=3_000, years=1, parameters=apart), seed, events=True)
        here = start.world.people[(start.world.people["present"] == 1)]
        age = (WEEKS_A_YEAR - here["born"]) / WEEKS_A_YEAR
        came = np.isin(here["id"], start.events["who"][start.events["kind"] == "arrived"])
        for k, of in enumerate((came, ~came)):
            for band, (low, high) in enumerate(pairwise(BANDS)):
                some = here[of & (age >= low) & (age < high)]
                sums[k, band] += some.size, (some["stage"] >= FAVOURS).sum(), some["debt"].sum(), (some["work_bond"] > 0).sum()
    came, others = sums
    new, old = came[:, 1:].sum(axis=0), (came[:, :1] * others[:, 1:] / others[:, :1]).sum(axis=0)  # as old as who came
    assert new[0] == pytest.approx(old[0], rel=0.35)  # some 90 of 3,000 are involved
    assert new[1:] == pytest.approx(old[1:], rel=0.12)


def test_somebody_who_was_here_at_the_start_has_what_the_rules_would_leave():
    """The numbers of prospects and norms say where levels rest: moved there, people begin there."""
    moved = {"prospects.show": 0.2, "prospects.bond_floor": 0.4, "norms.street_hold": 0.1, "norms.floor": 0.1}
    usual, other = (Simulation(Scenario(people=500, years=1, parameters=changes)).world.people for changes in ({}, moved))
    here, held = usual["present"] == 1, usual["pull"] > 0.02
    assert (other["pull"] < usual["pull"])[here & held].all() and (other["norm_street"] < usual["norm_street"])[here].all()
    inside = here & (other["school_bond"] > 0.0) & (other["school_bond"] < 1.0) & (usual["school_bond"] > 0.0)
    assert (other["school_bond"] - usual["school_bond"])[inside] == pytest.approx(0.1)
    assert set(other["norm_home"][here]) == {0.1}


def test_every_level_at_rest_is_a_number_of_a_rule():
    assert set(AT_REST.values()) <= set(quantities()) and set(AT_REST) <= set(DTYPES["newcomer_levels"].names)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 0.9, 1.0])
def test_as_many_hold_a_norm_as_is_said_and_they_differ(share):
    levels = [leaning_to(share, (k + 0.5) / 1_000) for k in range(1_000)]
    assert np.mean(np.array(levels) > 0.5) == pytest.approx(share, abs=0.001)
    assert levels == sorted(levels) and 0.0 <= levels[0] <= levels[-1] <= 1.0
    assert share in (0.0, 1.0) or np.ptp(levels) > 0.9


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_no_draw_makes_a_level_that_is_no_number(share):
    assert all(0.0 <= leaning_to(share, u) <= 1.0 for u in (0.0, 0.5, np.nextafter(1.0, 0.0)))
