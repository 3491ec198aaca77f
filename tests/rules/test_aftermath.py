"""Aftermath: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import Draw, key, uniform
from kantelpunt.model.rules.aftermath import (
    ENTRY,
    HEALS,
    SHUTS,
    USE,
    USEFUL,
    WINDOW,
    aftermath,
    end_week,
    leave_traces,
    lets_in,
    receive,
    recover,
    visit,
    window_left,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAMILY_VISITED, NO_VISIT, NOBODY, NOTHING_BROUGHT, OF_USE
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, lot_where, one, parameters, rows, tally

P = parameters("aftermath")
HELPS = lot_where(lambda dice: uniform(dice, 0, USE) < USEFUL)  # of use to household 0


def household(weeks_ago=1, **fields):
    """Return a household after a raid some weeks ago."""
    return one("household", **{"raided": TODAY - weeks_ago, "trauma": 1.0, "closed": 0.2, **fields})


def test_without_help_shock_stays_long_and_the_household_shuts():
    home, counts = household(), tally()
    recover(home, counts, P, 0.0, lot(), TODAY)
    assert home.trauma == pytest.approx(1.0 - HEALS)
    assert home.closed == pytest.approx(0.2 + SHUTS * (1.0 - HEALS) * 0.8)
    assert (home.aftercare, counts.in_shock, counts.aftercare_given) == (0.0, 1, 0)


def test_with_help_it_heals_and_opens():
    home, counts = household(weeks_ago=0), tally()
    recover(home, counts, P, 1.0, HELPS, TODAY)
    assert home.trauma == pytest.approx(1.0 - P.opens)
    assert home.closed == pytest.approx(0.2 * (1.0 - P.opens))
    assert (home.aftercare, counts.aftercare_given) == (1.0, 1)


def test_help_takes_less_hold_the_later_it_comes():
    soon, later, late = (household(weeks_ago=int(windows * WINDOW)) for windows in (0, 1, 3))
    assert [window_left(home, TODAY) for home in (soon, later, late)] == pytest.approx([1.0, 0.5, 0.125])
    for home in (soon, later, late):
        receive(home, True, tally(), P, TODAY)
        recover(home, tally(), P, 0.0, lot(), TODAY)
    assert (soon.aftercare, later.aftercare, late.aftercare) == pytest.approx((1.0, 0.5, 0.125))
    assert soon.trauma < later.trauma < late.trauma
    assert soon.closed < later.closed < late.closed
    reached = []
    for weeks in (0, int(WINDOW)):
        homes = rows("household", 2_000, id=range(2_000), raided=TODAY - weeks, trauma=1.0)
        for i in range(2_000):
            recover(homes[i], tally(), P, 0.6, lot(), TODAY)
        reached.append(sum(homes[i].aftercare > 0.0 for i in range(2_000)) / 2_000)
    assert reached == pytest.approx([0.6 * USEFUL, 0.3 * USEFUL], abs=0.04)


def test_help_is_let_in_by_an_open_door_and_by_the_one_who_trusts_most():
    crowd = rows("person", 3, trust_frontline=[0.2, 0.6, 0.9])
    following = np.array([1, NOBODY, NOBODY])
    home = household(closed=0.0, member_row=0)
    assert lets_in(home, crowd, following, TODAY) == pytest.approx(0.6)
    assert lets_in(household(closed=0.75, member_row=0), crowd, following, TODAY) == pytest.approx(0.25 * 0.6)
    assert lets_in(household(closed=1.0, member_row=0), crowd, following, TODAY) == 0.0
    assert lets_in(household(closed=0.0, member_row=NOBODY), crowd, following, TODAY) == 0.0


def test_somebody_in_detention_opens_no_door():
    crowd, following = rows("person", 2, trust_frontline=[0.2, 0.9], detained_until=[TODAY, TODAY + 1]), np.array([1, NOBODY])
    assert lets_in(household(closed=0.0, member_row=0), crowd, following, TODAY) == pytest.approx(0.2)
    assert lets_in(household(closed=0.0, member_row=0), crowd, following, TODAY + 1) == pytest.approx(0.9)


def test_help_is_let_in_by_somebody_who_lives_there_now():
    world = Simulation(Scenario(people=50, years=1)).world
    home = int(world.people["household"][world.actors[0]])
    world.people["trust_frontline"], world.households["closed"][home] = 1.0, 0.0
    world.households["trauma"][home], world.households["raided"][home] = 1.0, TODAY
    world.households["member_row"], world.scratch[:] = NOBODY, NOBODY  # as another rule may have left it
    id = int(world.households["id"][home])
    seed = next(seed for seed in range(100) if uniform(key(seed, Draw.HARM, TODAY), id, USE) < USEFUL)
    aftermath(executable(world), P, levers(aftercare=1.0), seed, TODAY)
    assert world.households["aftercare"][home] == 1.0


def test_a_first_contact_that_brings_nothing_closes_the_door_and_helps_nobody():
    home, counts = household(), tally()
    receive(home, False, counts, P, TODAY)
    assert home.closed == pytest.approx(0.2 + P.opens * 0.8)
    assert (home.aftercare, counts.aftercare_given) == (0.0, 0)


def test_somebody_who_is_helped_stays_helped_and_is_counted_once():
    home, counts, weeks = household(weeks_ago=0), tally(), 0
    while home.trauma > 0.0:
        recover(home, counts, P, 1.0 if weeks == 0 else 0.0, HELPS, TODAY + weeks)
        weeks += 1
    assert counts.aftercare_given == 1
    assert 26 < weeks < 52
    assert home.aftercare == 0.0  # what was given belongs to that raid


def test_visits_open_a_closed_family_where_they_are_of_use_and_close_it_where_they_are_not():
    def closed(care):
        families = rows("household", 2_000, id=range(2_000), closed=0.6)
        for i in range(2_000):
            visit(families[i], tally(), rows("event", 0), care, P, lot(), TODAY)
        return np.array([families[i].closed for i in range(2_000)])

    assert closed(0.0).mean() == pytest.approx(0.6)
    came = closed(1.0)
    usual = 0.6 + ENTRY * ((1.0 - USEFUL) * P.opens * 0.4 - USEFUL * P.opens * 0.6)
    assert came.mean() == pytest.approx(usual, abs=0.001) and came.mean() < 0.6
    assert sorted(set(came.tolist())) == pytest.approx([0.6 * (1.0 - P.opens), 0.6, 0.6 + P.opens * 0.4])


@pytest.mark.parametrize("useful", [0, 1])
def test_the_log_tells_whose_door_a_worker_got_behind_and_whether_it_was_of_use(useful):
    comes = lot_where(lambda dice: uniform(dice, 7) < ENTRY and (uniform(dice, 7, USE) < USEFUL) == useful)
    events = rows("event", 3)
    visit(one("household", id=7, home=40, closed=0.6), tally(), events, 1.0, P, comes, TODAY)
    visit(one("household", id=8, home=41, closed=0.6), tally(), events, 0.0, P, comes, TODAY)
    told = events[1]
    assert events[0].who == 1
    assert (told.kind, told.who, told.place, told.value, told.week) == (FAMILY_VISITED, 7, 40, useful, TODAY)


def test_workers_of_a_family_approach_come_to_closed_families_only():
    world = Simulation(Scenario(people=100, years=1)).world
    homes = world.households
    homes["closed"], homes["closed"][:2], homes["visit"] = 0.1, 0.8, NO_VISIT
    homes["network"] = homes["closed"]
    for seed in range(60):
        aftermath(executable(world), P, levers(family_care=1.0), seed, TODAY)
    assert (abs(homes["closed"][:2] - 0.8) > 0.01).any() and homes["closed"][2:] == pytest.approx(0.1)


def test_an_ordinary_household_opens_again_after_a_raid_and_a_closed_family_stays_what_it_was():
    world = Simulation(Scenario(people=100, years=1)).world
    homes = world.households
    homes["visit"], homes["trauma"], homes["network"][:2], homes["closed"][:2] = NO_VISIT, 0.0, (0.0, 0.8), (0.0, 0.8)
    homes["trauma"][:2], homes["raided"][:2] = 1.0, 0
    course = []
    for week in range(1, 521):
        aftermath(executable(world), P, levers(), 1, week)
        course.append(homes["closed"][:2].copy())
    assert max(each[0] for each in course) > 0.2  # it counts as closed for a while
    assert course[-1] == pytest.approx([0.0, 0.8], abs=0.01)


def test_what_a_visit_of_use_opens_stays_open():
    family = one("household", closed=0.8, network=0.8)
    receive(family, True, tally(), P, TODAY)
    assert (family.closed, family.network) == pytest.approx((0.8 * (1.0 - P.opens),) * 2)


def test_incidents_leave_disorder_that_fades_and_is_cleaned():
    street = one("place")
    leave_traces(street, one("cell_week", visible=2), P)
    assert street.disorder == pytest.approx(2 * P.stain)
    leave_traces(street, one("cell_week"), P)
    assert street.disorder == pytest.approx(2 * P.stain * P.disorder_stays)
    before = street.disorder
    leave_traces(street, one("cell_week", cleared=1), P)
    assert street.disorder == pytest.approx(before * (P.disorder_stays - P.cleaned))


def test_disorder_is_never_more_than_full():
    street = one("place", disorder=0.95)
    leave_traces(street, one("cell_week", visible=60), P)
    assert street.disorder <= 1.0


def test_the_week_is_forgotten_but_for_what_was_solved():
    here = one("cell_week", youths=3, adults=2, visible=4, harmed=1, shaken=1, cleared=2, control=9, hours=9, quality=9, force=9)
    end_week(here)
    assert (here.youths, here.adults, here.visible, here.harmed, here.shaken, here.control, here.hours) == (0,) * 7
    assert here.cleared == 2


def test_a_visit_on_a_case_opens_or_closes_a_family_once():
    world = Simulation(Scenario(people=100, years=1)).world
    homes = world.households
    homes["closed"], homes["network"], homes["visit"][:3] = 0.1, 0.1, (OF_USE, NOTHING_BROUGHT, NO_VISIT)
    for _ in range(2):
        aftermath(executable(world), P, levers(), 1, TODAY)
        assert homes["closed"][:3] == pytest.approx([0.1 * (1.0 - P.opens), 0.1 + P.opens * 0.9, 0.1])
        assert (homes["visit"] == NO_VISIT).all()
        homes["network"] = homes["closed"]  # so that nothing heals


def test_unease_is_the_disorder_of_square_shop_and_hidden_spot_alike():
    world = Simulation(Scenario(people=100, years=1)).world
    home = int(world.people["home"][0])
    for spot in ("usual_square", "usual_shop", "near_hidden"):
        world.places["disorder"] = 0.0
        world.places["disorder"][world.places[spot][home]] = 0.6
        aftermath(executable(world), P, levers(), 1, TODAY)
        assert world.places["perceived_disorder"][home] == pytest.approx(0.6 * P.disorder_stays / 3.0)
