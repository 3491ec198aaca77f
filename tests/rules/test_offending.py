"""Offending: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.offending import (
    attempt,
    be_corrected,
    commit,
    elsewhere,
    get_attention,
    offending,
    p_corrected,
    p_done,
    rate,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NOBODY, RUNNER, TIED_IN
from kantelpunt.model.state.world import executable
from tests.rules.examples import lever, levers, lot, one, parameters, people, person, rows, tally

P = parameters("offending")


def test_the_rate_is_that_of_the_stage():
    rates = [rate(person(20.0, stage=stage), 20.0, P) for stage in (EXPOSED, FAVOURS, RUNNER, TIED_IN)]
    assert rates == [P.exposed, P.favours, P.runner, P.runner]


def test_mischief_is_of_boys_outside_and_of_their_age():
    assert rate(person(15.0, in_public=1), 15.0, P) == P.mischief
    assert rate(person(15.0, in_public=1, male=0), 15.0, P) == pytest.approx(0.3 * P.mischief)
    assert rate(person(15.0), 15.0, P) == 0.0
    assert rate(person(18.0, in_public=1), 18.0, P) == 0.0


def test_offenders_slow_down_after_twenty():
    member = person(30.0, stage=RUNNER)
    assert rate(member, 30.0, P) == pytest.approx(P.runner * (1.0 - 10 * P.burnout))
    assert rate(member, 70.0, P) == rate(member, 45.0, P) > 0.0


def test_what_stands_in_the_way_is_room_against_shelter():
    assert p_done(one("place", concealment=0.5, criminal_opportunity=0.5)) == 1.0
    assert p_done(one("place", concealment=0.5, criminal_opportunity=0.1)) == pytest.approx(0.2)


def test_an_offence_that_is_stopped_moves_elsewhere_in_part():
    places = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3, criminal_opportunity=[0.0, 1.0, 1.0, 1.0])
    cells = np.array([attempt(places, who, 0, P, lot())[0] for who in people(4_000, in_public=1)])
    moved = cells[cells != NOBODY]
    assert moved.size / cells.size == pytest.approx(P.displaced, abs=0.03)
    assert set(moved) == {1, 2, 3}
    assert np.mean(moved == 3) == pytest.approx(0.4, abs=0.05)


def test_where_nothing_stands_in_the_way_it_is_done_on_the_spot():
    places = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3, criminal_opportunity=1.0)
    assert {attempt(places, who, 0, P, lot()) for who in people(100, in_public=1)} == {(0, 0)}
    nowhere = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3)
    assert {attempt(nowhere, who, 0, P, lot()) for who in people(100, in_public=1)} == {(NOBODY, 0)}


def test_who_stays_in_works_at_other_places_than_home():
    home = one("place", usual_square=1, usual_shop=2, near_hidden=3)
    assert [elsewhere(home, u, P) for u in (0.1, 0.5, 0.9)] == [3, 1, 2]


def test_only_crews_commit_crime_and_only_in_part():
    here, patch, counts = one("cell_week"), one("patch"), tally()
    for who in people(2_000, 20.0, stage=FAVOURS, place=7):
        commit(here, patch, counts, who, 0, P, lot())
    assert here.incidents == counts.incidents == 2_000
    assert here.crimes == counts.crimes == patch.crimes == pytest.approx(2_000 * P.crime_share, rel=0.15)
    commit(here, patch, counts, person(15.0, id=9, stage=EXPOSED), 0, P, lot())
    assert (counts.incidents, here.crimes) == (2_001, counts.crimes)


def test_adults_correct_where_a_code_is_shared_and_they_are_backed():
    full = one("place", informal_control=1.0, trust=1.0)
    assert p_corrected(full, lever(norms_dialogue=1.0), P) == pytest.approx(P.correcting)
    assert p_corrected(full, lever(), P) == pytest.approx(P.correcting * P.code)
    for lacking in ({"informal_control": 0.0, "trust": 1.0}, {"informal_control": 1.0, "trust": 0.0}):
        assert p_corrected(one("place", **lacking), lever(norms_dialogue=1.0), P) == 0.0
    assert p_corrected(full, lever(), parameters("offending", correcting=0.0)) == 0.0


def test_who_is_corrected_learns_a_little():
    youth, counts = person(14.0, norm_street=0.5), tally()
    be_corrected(youth, counts, P)
    assert (counts.corrections, youth.norm_street) == (1, pytest.approx(0.5 * (1.0 - P.lesson)))


def test_attention_follows_what_is_more_than_usual_and_fades():
    patch = one("patch", residents=500, usual_crime=2.0)
    for _ in range(3):  # as usual: one crime a week among 500
        patch.crimes = 1
        get_attention(patch, 0.0, P, 500)
    assert patch.attention == 0.0
    patch.crimes = 6
    get_attention(patch, 0.0, P, 500)
    news = P.stir * (12.0 - patch.usual_crime)
    assert patch.usual_crime == pytest.approx(2.0 + P.getting_used * 10.0)
    assert patch.attention == pytest.approx(news)
    patch.crimes = 0
    get_attention(patch, 0.0, P, 500)
    assert patch.attention == pytest.approx(P.lingers * news)


def test_a_grave_incident_gets_attention_and_a_neighbourhood_that_is_used_to_crime_gets_none():
    patch = one("patch", residents=500)
    get_attention(patch, 1.0, P, 500)
    assert patch.attention == pytest.approx(P.alarmed)
    used = one("patch", residents=500, crimes=8)
    get_attention(used, 0.0, P, 1)  # in the first week everything is as usual
    assert (used.attention, used.usual_crime) == (0.0, 16.0)


def told(load=1.0, here=1.0, elsewhere=1.0, free=True):
    """Return the tally of a week in which all grown-ups of a neighbourhood are runners of one crew, on one square."""
    world = Simulation(Scenario(people=600, years=1)).world
    crowd = world.actors[world.tile_index["youths"][0] : world.tile_index["actors"][0]]
    square = int(world.places["usual_square"][world.people["home"][crowd[0]]])
    world.at_stake[: crowd.size], world.tile_index["at_stake"] = crowd, crowd.size
    for name, value in {"stage": RUNNER, "crew": 0, "in_public": 1, "place": square}.items():
        world.people[name][crowd] = value
    world.people["detained_until"][crowd] = 0 if free else 2
    world.crews["load"] = load
    world.places["criminal_opportunity"] = elsewhere * world.places["concealment"]
    world.places["criminal_opportunity"][square] = here * world.places["concealment"][square]
    offending(executable(world), P, levers(), 1, 1)
    return world.tally[0]


def test_members_do_as_much_as_the_work_of_the_crew_asks_and_who_is_detained_does_nothing():
    one_each = told()["incidents"]
    assert one_each > 100
    assert told(load=2.0)["incidents"] / one_each == pytest.approx(2.0, rel=0.15)
    assert told(load=0.0)["incidents"] == told(free=False)["incidents"] == 0


def test_what_is_done_elsewhere_after_it_was_stopped_is_counted_as_such():
    stopped = told(here=0.0)
    assert told()["displaced"] == 0
    assert 0 < stopped["displaced"] == stopped["incidents"] < 0.6 * told()["incidents"]
    assert told(here=0.0, elsewhere=0.0)["incidents"] == 0
