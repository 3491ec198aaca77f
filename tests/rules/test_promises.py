"""Small visible actions: who promises, whether it is done, who sees it and what they learn."""

import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.promises import MONTH, by_whom, done_near, keep, learn, p_done, spare_hours, worst_near
from kantelpunt.model.shared.sight import SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NEVER, NOBODY
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, lot, one, parameters, person, rows

P = parameters("promises")
AREA = Scenario(area="tilburg-noord", people=800, years=2)
MANY = {"kind": "small_visible_actions", "actions": 10, "ramp": 0}


def lived(weeks=26, **parameters):
    """Return a world in which much is promised, and its twin in which nothing is."""
    changes = {f"promises.{name}": value for name, value in parameters.items()}
    both = []
    for measures in ([MANY], []):
        simulation = Simulation(AREA.changed(interventions=measures, parameters=changes), 1, events=True)
        simulation.advance(weeks)
        both.append(simulation)
    return both


def total(simulation, outcome):
    """Return an outcome, added up over the weeks that passed."""
    return sum(simulation.row(week)[outcome] for week in range(simulation.week + 1))


def worker(**fields):
    """Return a professional who has enough to do."""
    usual = {"street_hours": 10.0, "case_hours": 10.0, "backing": 0.5, "promises": 1, "workload": 1.0}
    return one("professional", **{**usual, **fields})


def team(**fields):
    """Return four professionals, of whom the third has most time to spare, the first none, and the last left."""
    usual = {"street_hours": [0.0, 9.0, 30.0, 36.0], "present": [1, 1, 1, 0], "workload": 1.0}
    return rows("professional", 4, id=[1, 2, 3, 4], **{**usual, **fields})


def test_what_is_done_hangs_on_backing_and_on_hours():
    assert p_done(worker(street_hours=100.0), 0.0, P) == 0.5
    assert p_done(worker(street_hours=100.0), 1.0, P) == 1.0
    assert p_done(worker(promises=10), 0.0, P) == pytest.approx(P.spare * 20.0 / (P.hours * 10))
    assert p_done(worker(street_hours=0.0, case_hours=0.0), 1.0, P) == 0.0


def test_hours_for_cases_that_no_case_asks_can_be_spared():
    assert spare_hours(worker(), P) == pytest.approx(P.spare * 20.0)
    assert spare_hours(worker(workload=1.8), P) == pytest.approx(P.spare * 20.0)
    assert spare_hours(worker(workload=0.3), P) == pytest.approx(P.spare * 10.0 + 0.7 * 10.0)


def test_only_who_has_hours_here_promises():
    told = [by_whom(team(), P, lot(), promise) for promise in range(400)]
    assert set(told) == {1, 2} and told.count(2) > told.count(1)
    assert by_whom(team(street_hours=0.0), P, lot(), 1) == NOBODY


def test_who_has_fewest_promises_open_promises_next():
    for promises, expected in (([0, 0, 1, 0], 1), ([0, 3, 2, 0], 2)):
        assert {by_whom(team(promises=promises), P, lot(), promise) for promise in range(100)} == {expected}


def test_a_household_asks_for_it_where_most_is_the_matter_near_home_and_nothing_is_promised():
    made = Simulation(Scenario(people=100, years=1)).world
    home = int(made.households["home"][0])
    near = [int(made.places[name][home]) for name in ("usual_square", "usual_shop", "near_hidden")]
    made.places["disorder"], world = 0.1, executable(made)
    assert worst_near(world, home) == home
    for cell, disorder in zip(near, (0.3, 0.2, 0.15), strict=True):
        made.places["disorder"][cell] = disorder
    expected = []
    for cell in sorted({home, *near}, key=lambda cell: -made.places["disorder"][cell]):
        expected.append(worst_near(world, home) == cell)
        made.promises["place"][made.tile_index["promises"][0]] = cell
        made.tile_index["promises"][0] += 1
    assert all(expected) and worst_near(world, home) == NOBODY


def test_a_broken_promise_costs_more_than_a_kept_one_gives():
    glad, let_down = (person(usefulness=0.5, trust_institutions=0.5) for _ in range(2))
    learn(glad, 1.0, 0, P)
    learn(let_down, 0.0, 1, P)
    assert glad.usefulness == pytest.approx(0.5 + 0.5 * P.gain)
    assert let_down.usefulness == pytest.approx(0.5 - 0.5 * P.gain * P.bad_weight)
    assert 0.5 - let_down.trust_institutions == pytest.approx(P.bad_weight * (glad.trust_institutions - 0.5))


def test_what_is_open_or_was_done_lately_is_kept_in_order():
    promises = rows("promise", 4, id=[1, 2, 3, 4], done=[TODAY - MONTH, NEVER, TODAY, TODAY - MONTH + 1])
    assert keep(promises, 4, TODAY) == 3
    assert [promises[k].id for k in range(3)] == [2, 3, 4]


def test_all_of_a_promise_moves_up_with_it():
    values = {
        name: [TODAY - MONTH, NEVER] if name == "done" else [0, 3 + nth] for nth, name in enumerate(DTYPES["promise"].names)
    }
    promises = rows("promise", 2, **values)  # the first was done too long ago
    assert keep(promises, 2, TODAY) == 1
    assert {name: int(getattr(promises[0], name)) for name in values} == {name: both[1] for name, both in values.items()}


def test_the_third_in_one_street_within_a_month_adds_little():
    promises = rows("promise", 5, place=[1020, 1021, 1020, 1020, 1030], done=[TODAY - 1, TODAY, NEVER, TODAY - MONTH, TODAY])
    assert done_near(promises, 2, 5, 50, SIGHT, TODAY) == 2, "one is not done, one was long ago, one is out of sight"
    assert P.again**2 < 0.25


def test_every_promise_is_kept_broken_or_open():
    served, _ = lived(52)
    open_now = (served.world.promises["done"][: served.world.tile_index["promises"][0]] == NEVER).sum()
    assert total(served, "promises_broken") > 0 and total(served, "promises_late") > 0
    assert total(served, "promised") == total(served, "promises_kept") + total(served, "promises_broken") + open_now


def test_where_there_are_more_hours_more_is_kept_in_time():
    few, many = lived(52, hours=6.0)[0], lived(52, hours=0.5)[0]
    assert total(many, "promises_kept") > total(few, "promises_kept")
    assert total(many, "promises_broken") < total(few, "promises_broken")


def test_nothing_is_promised_twice_for_one_place_within_a_month():
    served, _ = lived(26)
    promises = served.world.promises[: served.world.tile_index["promises"][0]]
    assert promises.size > 0
    assert len(set(promises["place"])) == promises.size


def test_hours_for_what_was_promised_are_missing_on_cases():
    served, plain = lived(2)
    done = served.row(2)["promises_kept"]
    assert done > 0
    hours = [world.world.professionals["case_hours"].sum() for world in (served, plain)]
    assert hours[0] == pytest.approx(hours[1] - P.hours * done)


def test_a_promise_that_nobody_sees_and_that_takes_nothing_changes_nothing():
    unseen = {"promises.notice": 0.0, "promises.tidied": 0.0, "promises.hours": 1e-9}
    both = []
    for measures in ([MANY], []):
        simulation = Simulation(AREA.changed(interventions=measures), 1)
        for name, value in unseen.items():
            setattr(simulation._parameters.promises, name.partition(".")[2], value)
        simulation.advance(26)
        both.append(simulation)
    assert total(both[0], "promises_kept") > 0
    for table in ("people", "places", "cases"):
        assert getattr(both[0].world, table).tobytes() == getattr(both[1].world, table).tobytes()
