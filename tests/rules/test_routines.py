"""Routines: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import Draw
from kantelpunt.model.rules.routines import (
    SEASON,
    UPTAKE,
    WINDOW,
    adults_stay_or_go,
    choose_place,
    count_here,
    goes_on,
    p_active,
    p_outside,
    readiness,
    routines,
    stays_away,
    street,
    time_outside,
    youths_stay_or_go,
)
from kantelpunt.model.shared.persons import CHILD_UNTIL, YOUTH_UNTIL
from kantelpunt.model.simulation import Simulation, simulate
from kantelpunt.model.state.codes import FAVOURS, NOBODY
from kantelpunt.model.state.fields import unfixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, one, parameters, person, rows

P = parameters("routines")
HOME = one("place", usual_square=1, usual_shop=2, usual_centre=3, near_hidden=4)


def test_the_street_draws_most_at_fifteen():
    ages = [8, 12, 15, 18, 23]
    assert max(ages, key=lambda age: street(float(age), P)) == 15
    assert street(15.0, P) == P.street_peak
    assert street(15.0 + P.street_width, P) == pytest.approx(P.street_peak * 0.6065, abs=1e-3)


def test_extra_places_draw_children_and_not_those_over_fifteen():
    assert p_active(10.0, 0.0, P) == P.base_activity
    assert p_active(10.0, 20.0, P) == pytest.approx(P.base_activity + UPTAKE * 0.2)
    assert p_active(10.0, 100.0, parameters("routines", base_activity=0.45)) == 1.0
    assert p_active(16.0, 100.0, P) == p_active(16.0, 0.0, P) < P.base_activity
    assert p_active(24.0, 100.0, P) == 0.0
    assert p_active((CHILD_UNTIL + 3.0 * YOUTH_UNTIL) / 4.0, 0.0, P) == pytest.approx(P.base_activity / 4.0)


def test_somebody_who_was_got_into_an_activity_goes_on_for_a_while_and_not_in_detention():
    assert [goes_on(weeks, 1, False) for weeks in (26, 2, 1, 0)] == [25, 1, 0, 0]
    assert [goes_on(weeks, 1, True) for weeks in (26, 1, 0)] == [25, 1, 1]
    assert goes_on(26, 0, True) == 0


def test_most_go_to_the_square_and_only_the_involved_hide():
    crews = rows("crew", 2, turf=[7, 8])
    assert [choose_place(person(home=9, crew=NOBODY), HOME, crews, u, P) for u in (0.1, 0.7, 0.87, 0.95)] == [1, 2, 3, 9]
    assert choose_place(person(stage=FAVOURS, crew=NOBODY), HOME, crews, 0.1, P) == 4
    assert choose_place(person(stage=FAVOURS, crew=1), HOME, crews, 0.1, P) == 8  # the turf of the crew
    assert choose_place(person(stage=FAVOURS, crew=1), HOME, crews, P.hidden_draw, P) == 1


def test_somebody_who_is_ready_to_step_in_trusts_dares_and_minds():
    assert readiness(person(trust_neighbours=0.8, fear=0.25, norm_street=0.5)) == pytest.approx(0.8 * 0.75 * 0.5)
    assert readiness(person(trust_neighbours=1.0, fear=1.0)) == 0.0


def test_an_adult_at_home_keeps_some_eye_on_the_street():
    ready = {"trust_neighbours": 0.8, "fear": 0.25, "norm_street": 0.5}
    out = one("cell_week")
    count_here(out, person(in_public=1, **ready), False)
    assert (out.adults, unfixed(out.control)) == (1, pytest.approx(0.3))
    street = Simulation(Scenario(people=300, years=1)).world
    street.people["trust_neighbours"], street.people["fear"], street.people["norm_street"] = ready.values()
    street.people["detained_until"][5] = TODAY + 1
    stay = parameters("routines", adult_outside=0.0)
    assert adults_stay_or_go(executable(street), np.arange(10), street.outgoing, 0, stay, lot(), 1.0, TODAY) == 0
    assert unfixed(street.cell_week["control"].sum()) == pytest.approx(9 * WINDOW * 0.3), "who is detained sees nothing"


def test_children_in_an_activity_are_counted_and_older_youths_are_not():
    world = Simulation(Scenario(people=300, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    world.people["active"][youths] = 10
    ages = (1 - world.people["born"][youths]) / 52
    youths_stay_or_go(executable(world), youths, world.outgoing, P, levers(), lot(), lot(), 1.0, 1)
    assert world.tally["activity_members"][0] == (ages < CHILD_UNTIL).sum() > 0


def test_a_youth_outside_is_counted_and_steps_in_nowhere():
    here = one("cell_week")
    count_here(here, person(15.0, in_public=1, stage=FAVOURS, trust_neighbours=1.0), True)
    assert (here.youths, here.adults, here.involved, here.control) == (1, 0, 1, 0)


def test_a_pupil_whom_little_binds_to_school_stays_away_now_and_then_and_nobody_else_does():
    sure = parameters("routines", absent=1.0)
    assert stays_away(person(14.0), 14.0, sure, lot())
    assert not stays_away(person(14.0, school_bond=1.0), 14.0, sure, lot())
    assert not stays_away(person(10.0), 10.0, sure, lot()) and not stays_away(person(18.5), 18.5, sure, lot())


def test_somebody_who_stays_away_from_school_is_counted_and_outside_the_more():
    out, away = {}, {}
    for absent in (0.0, 1.0):
        world = Simulation(Scenario(people=1_000, years=1)).world
        world.people["school_bond"] = 0.0
        routines(executable(world), parameters("routines", absent=absent, worry=0.0), levers(), 1, 1)
        born = world.people["born"]
        pupils = (world.people["present"] == 1) & (born <= 1 - 12 * 52) & (born > 1 - 18 * 52)
        out[absent], away[absent] = world.people["in_public"][pupils].sum(), world.tally["absent"][0]
    assert away[0.0] == 0 and away[1.0] == pupils.sum()
    assert out[1.0] > out[0.0]


def test_worried_parents_keep_small_children_in_and_the_older_less():
    calm, afraid = (p_outside(person(10.0), fear, 10.0, 1.0, P) for fear in (0.0, 0.5))
    assert afraid == pytest.approx(calm * (1.0 - 0.5 * P.worry))
    calm, afraid = (p_outside(person(14.0), fear, 14.0, 1.0, P) for fear in (0.0, 0.5))
    assert afraid == pytest.approx(calm * (1.0 - 0.5 * P.worry * P.less_kept))
    careless = parameters("routines", worry=0.0)
    assert p_outside(person(10.0), 0.9, 10.0, 1.0, careless) == street(10.0, careless)


def test_adults_who_fear_stay_in():
    out = {}
    for fear in (0.0, 0.8):
        world = Simulation(Scenario(people=600, years=1)).world
        world.people["fear"] = fear
        grown = world.actors[world.tile_index["youths"][0] : world.tile_index["actors"][0]]
        out[fear] = adults_stay_or_go(executable(world), grown, world.outgoing, 0, P, lot(), 1.0, TODAY) / grown.size
    assert out[0.0] == pytest.approx(P.adult_outside, abs=0.06)
    assert out[0.8] == pytest.approx(P.adult_outside * (1.0 - 0.8 * P.worry), abs=0.06)


def test_people_are_out_more_in_summer_and_as_much_over_the_year():
    year = [time_outside(week, P) for week in range(52)]
    assert (year[int(P.summer)], min(year)) == (max(year), year[int(P.summer) - 26])
    assert (max(year), min(year), np.mean(year)) == pytest.approx((1.0 + SEASON, 1.0 - SEASON, 1.0))
    assert time_outside(52 + 7, P) == time_outside(7, P)
    young = person(15.0)
    assert p_outside(young, 0.0, 15.0, 1.1, P) == pytest.approx(1.1 * p_outside(young, 0.0, 15.0, 1.0, P))


def test_the_season_is_that_of_the_date_on_which_a_run_begins():
    begun = {}
    for start in ("2026-01-05", "2026-07-06"):
        scenario = Scenario(area="contrast", people=2_000, years=1, start=start)
        begun[start] = simulate(scenario, 1).weeks["youths_outside"].to_numpy()
    winter, summer = begun.values()
    assert winter[1:9].sum() < summer[1:9].sum()
    assert winter[22:34].sum() > summer[22:34].sum()


def test_minors_whose_parent_is_in_detention_are_outside_more_and_somebody_who_is_of_age_is_not():
    world = Simulation(Scenario(people=100, years=1)).world
    youths = world.actors[: world.tile_index["youths"][0]]
    parent = world.actors[world.tile_index["youths"][0]]
    world.kin["mother_row"][youths], world.kin["mother"][youths] = parent, world.people["id"][parent]
    world.people["household"][youths] = world.people["household"][parent]
    world.households["held"], world.places["fear"] = 1, 0.0

    def outside(until):
        world.people["detained_until"][parent], out = until, []
        for week in range(1, 9):
            args = youths, world.outgoing, P, levers(), lot(week, Draw.ROUTINE), lot(1), 1.0, TODAY
            youths_stay_or_go(executable(world), *args)
            out.append(world.people["in_public"][youths].copy())
        return np.array(out)

    world.people["born"][youths] += TODAY
    minor = world.people["born"][youths] > TODAY - 18 * 52
    calm, alone = outside(TODAY), outside(TODAY + 1)
    assert (alone >= calm).all() and alone[:, minor].sum() > calm[:, minor].sum() > 0
    assert (alone[:, ~minor] == calm[:, ~minor]).all()
