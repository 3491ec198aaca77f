"""Small visible actions: who promises, whether it is done, who sees it and what they learn."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.promises import (
    AGAIN,
    MONTH,
    PATIENCE,
    TERM,
    by_whom,
    done_near,
    keep,
    learn,
    p_done,
    promises,
    spare_hours,
    worst_near,
)
from kantelpunt.model.shared.sight import SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NEVER, NOBODY, PROMISE_BROKEN, PROMISE_KEPT, PROMISED, TOLD_BROKEN, TOLD_KEPT
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, one, parameters, person, rows

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


def test_only_somebody_who_has_hours_here_promises():
    told = [by_whom(team(), P, lot(), promise) for promise in range(400)]
    assert set(told) == {1, 2} and told.count(2) > told.count(1)
    assert by_whom(team(street_hours=0.0), P, lot(), 1) == NOBODY


def test_somebody_who_has_fewest_promises_open_promises_next():
    for each, expected in (([0, 0, 1, 0], 1), ([0, 3, 2, 0], 2)):
        assert {by_whom(team(promises=each), P, lot(), promise) for promise in range(100)} == {expected}


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
    made = rows("promise", 4, id=[1, 2, 3, 4], done=[TODAY - MONTH, NEVER, TODAY, TODAY - MONTH + 1])
    assert keep(made, 4, TODAY) == 3
    assert [made[k].id for k in range(3)] == [2, 3, 4]


def test_all_of_a_promise_moves_up_with_it():
    values = {
        name: [TODAY - MONTH, NEVER] if name == "done" else [0, 3 + nth] for nth, name in enumerate(DTYPES["promise"].names)
    }
    made = rows("promise", 2, **values)  # the first was done too long ago
    assert keep(made, 2, TODAY) == 1
    assert {name: int(getattr(made[0], name)) for name in values} == {name: both[1] for name, both in values.items()}


def test_the_third_in_one_street_within_a_month_adds_little():
    made = rows("promise", 5, place=[1020, 1021, 1020, 1020, 1030], done=[TODAY - 1, TODAY, NEVER, TODAY - MONTH, TODAY])
    assert done_near(made, 2, 5, 50, SIGHT, TODAY) == 2, "one is not done, one was long ago, one is out of sight"
    assert AGAIN**2 < 0.25


LAST_DAY = TODAY - int(PATIENCE)  # of a promise that nobody waits for any longer


def promised(*dues, by=1.0, **changes):
    """Return a little town after a week in which somebody with time, if they are there, had promised to do something by then.

    The first half lies at one end of the town and the rest at the other; everybody notices what is to be seen.
    """
    world = Simulation(Scenario(people=60, years=1), events=True).world
    people, places, homes = world.people, np.unique(world.people["home"][world.people["present"] == 1]), world.households["id"]
    world.professionals["case_hours"], world.professionals["backing"], world.professionals["workload"] = 40.0, by, 0.0
    people["usefulness"] = people["trust_institutions"] = 0.5
    people["place"], people["story"], world.places["disorder"] = people["home"], 0, 0.4
    for k, due in enumerate(dues):
        place = places[0] if 2 * k < len(dues) else places[-1]
        given = {
            "id": 100 + k,
            "by_id": world.professionals["id"][0],
            "place": place,
            "due": due,
            "done": NEVER,
            "asker": homes[k],
        }
        for name, value in given.items():
            world.promises[name][k] = value
    world.tile_index["promises"] = world.professionals["promises"][0] = len(dues)
    p = parameters("promises", **{"notice": 1.0, "hours": 0.01, **changes})
    promises(executable(world), p, levers(), 1, TODAY)
    return world, p, places


def told(world):
    """Return what the log tells of promises: week, kind, who asked, who had promised, where, and whether it was late."""
    return sorted(world.events[1 : int(world.events["who"][0]) + 1][["week", "kind", "who", "whom", "place", "value"]].tolist())


def near(world, *places):
    """Return who lives within sight of any of these places, of all who act."""
    width, acting = int(world.tile_index["width"][0]), np.zeros(world.people.size, bool)
    acting[world.actors[: world.tile_index["actors"][0]]] = True
    row, column = np.divmod(world.people["home"], width)
    seen = [np.maximum(abs(row - place // width), abs(column - place % width)) <= SIGHT for place in places]
    return acting & np.any(seen, axis=0), acting


@pytest.mark.parametrize(("due", "late"), [(TODAY, 0), (TODAY - 1, 1)])
def test_what_is_done_is_counted_told_of_seen_and_takes_hours(due, late):
    world, p, places = promised(due)
    who, asker, tally = int(world.professionals["id"][0]), int(world.households["id"][0]), world.tally[0]
    assert told(world) == [(TODAY, PROMISE_KEPT, asker, who, places[0], late)]
    seen, acting = near(world, places[0])
    assert (tally["promises_kept"], tally["promises_late"], tally["promises_broken"]) == (1, late, 0)
    assert tally["actions_seen"] == seen.sum() and 0 < seen.sum() < acting.sum()
    people, worth = world.people, AGAIN**late
    assert people["usefulness"][seen] == pytest.approx(0.5 + 0.5 * p.gain * worth)
    assert people["trust_institutions"][seen] == pytest.approx(0.5 + 0.5 * p.spill * p.gain * worth)
    assert (people["usefulness"][~seen] == 0.5).all() and set(people["story"][seen].tolist()) == {0, TOLD_KEPT}
    assert not people["story"][acting & ~seen].any()
    assert world.places["disorder"][places[0]] == pytest.approx(0.4 * (1.0 - p.tidied))
    assert np.delete(world.places["disorder"], places[0]) == pytest.approx(0.4)
    assert (
        world.professionals["case_hours"][0] == pytest.approx(40.0 - p.hours)
        and (world.professionals["case_hours"][1:] == 40.0).all()
    )
    assert (world.tile_index["promises"][0], world.promises["done"][0], world.professionals["promises"][0]) == (1, TODAY, 0)
    for mark in ("kept", "broken", "story"):
        assert not world.sights[mark].any(), "nobody sees it again next week"


@pytest.mark.parametrize(("due", "broken"), [(LAST_DAY, True), (LAST_DAY + 1, False)])
def test_a_promise_that_is_waited_for_too_long_is_broken_told_of_and_costs(due, broken):
    world, p, places = promised(due, by=0.0)
    seen, acting = near(world, places[0])
    people = world.people
    assert world.tally["promises_broken"][0] == world.tally["actions_seen"][0] / seen.sum() == broken
    assert world.tile_index["promises"][0] == world.professionals["promises"][0] == 1 - broken
    if broken:
        asker, who = int(world.households["id"][0]), int(world.professionals["id"][0])
        assert told(world) == [(TODAY, PROMISE_BROKEN, asker, who, places[0], 0)]
    assert people["usefulness"][seen] == pytest.approx(0.5 - 0.5 * p.bad_weight * p.gain * broken)
    assert (people["usefulness"][~seen] == 0.5).all()
    assert set(people["story"][seen].tolist()) == ({0, TOLD_BROKEN} if broken else {0})
    assert not people["story"][acting & ~seen].any()
    for mark in ("kept", "broken", "story"):
        assert not world.sights[mark].any(), "nobody sees it again next week"


def test_somebody_who_sees_one_promise_kept_and_another_broken_learns_of_both_and_every_one_is_counted():
    world, *_ = promised(TODAY, TODAY, LAST_DAY, LAST_DAY)
    assert (world.tally["promises_kept"][0], world.tally["promises_late"][0]) == (4, 2), "who has time keeps all"
    assert world.professionals["case_hours"][0] == pytest.approx(40.0 - 4 * 0.01)
    world, *_ = promised(TODAY, TODAY, LAST_DAY, LAST_DAY, by=0.0)
    assert (world.tally["promises_kept"][0], world.tally["promises_broken"][0], world.tile_index["promises"][0]) == (0, 2, 2)
    assert world.promises["id"][:2].tolist() == [100, 101] and world.professionals["promises"][0] == 2


def test_what_was_done_by_somebody_who_left_is_not_done_by_somebody_who_came_after():
    world, *_ = promised(TODAY)
    world.promises["done"][0], world.promises["by_id"][0], world.tally["promises_kept"] = (
        NEVER,
        1 + world.professionals["id"].max(),
        0,
    )
    promises(executable(world), P, levers(), 1, TODAY)
    assert world.tally["promises_kept"][0] == world.professionals["promises"][0] == 0 and world.promises["done"][0] == NEVER


@pytest.mark.parametrize("asked", [0.0, 1.0])
def test_every_new_promise_is_counted_told_of_and_falls_due_in_its_term(asked):
    world = Simulation(Scenario(people=60, years=1), events=True).world
    world.professionals["case_hours"], world.professionals["workload"], world.patches["residents"] = 40.0, 1.0, 15
    p = parameters("promises", asked=asked)
    promises(executable(world), p, levers(small_actions=200.0), 1, TODAY)
    n = int(world.tile_index["promises"][0])
    new, there = world.promises[:n], world.professionals
    assert world.tally["promised"][0] == n == there["promises"].sum() and n > 2
    assert (new["due"] == TODAY + int(TERM)).all() and (new["done"] == NEVER).all() and np.unique(new["place"]).size == n
    assert (there["id"][new["by"]] == new["by_id"]).all() and np.unique(new["id"]).size == n
    assert told(world) == sorted((TODAY, PROMISED, *each, 0) for each in new[["asker", "by_id", "place"]].tolist())
    assert (new["asker"] == NOBODY).all() == (asked == 0.0)
    assert np.isin(new["asker"][new["asker"] != NOBODY], world.households["id"][world.households["size"] > 0]).all()
    before = n
    promises(executable(world), p, levers(), 1, TODAY + 1)
    assert world.tally["promised"][0] == before, "nothing is promised where nobody asks for it"


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
    unseen = {"promises.notice": 0.0, "promises.tidied": 0.0, "promises.hours": 1e-15}
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
