"""Nobody is lost or doubled: everybody has one place, one home, one household, and the books agree."""

import numpy as np
from hypothesis import given

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.shared.events import happened
from kantelpunt.model.state.codes import ARRIVED, BORN, DETAINED, DIED, LEFT, NOBODY, RELEASED
from tests.laws.strategies import laws, lives, moments, present

COLUMN = {name: i for i, name in enumerate(OUTCOMES)}


@laws(60)
@given(lives())
def test_nobody_knows_one_worker_twice_or_better_than_fully(life):
    for now in moments(life, every=13):
        people, known = now.world.people, now.world.acquaintances
        for slots in known[people["present"] == 1]:
            there = slots[slots["level"] > 0.0]
            assert len({(int(post), int(nth)) for post, nth in zip(there["post"], there["nth"], strict=True)}) == there.size
            assert (there["level"] <= 1.0).all() and (there["seen"] <= now.week).all()


@laws(60)
@given(lives())
def test_nobody_is_lost_or_doubled(life):
    for now in moments(life):
        world, n_free = now.world, int(now.world.tile_index["people_free"][0])
        here = world.people["present"] == 1
        free = world.people_free[:n_free]
        assert here.sum() + n_free == here.size
        assert np.unique(free).size == n_free and not here[free].any()
        assert np.unique(world.people["id"][here]).size == here.sum()
        assert world.tile_index["people"][0] == here.sum()


@laws(60)
@given(lives())
def test_people_are_those_of_before_plus_births_and_arrivals_less_deaths_and_departures(life):
    for now in moments(life, every=13):
        told = now.world.history[: now.week + 1]
        births, deaths, arrived, gone = (told[:, COLUMN[name]] for name in ("births", "deaths", "moved_in", "moved_out"))
        people = told[:, COLUMN["people"]]
        assert (np.diff(people) == (births + arrived - deaths - gone)[1:]).all()
        assert people[-1] == np.count_nonzero(now.world.people["present"])


@laws(60)
@given(lives())
def test_everybody_is_in_one_place_and_lives_where_the_household_lives(life):
    for now in moments(life):
        people, cells = present(now.world), now.world.places.size
        assert ((people["place"] >= 0) & (people["place"] < cells)).all()
        assert ((people["household"] >= 0) & (people["household"] < now.world.households.size)).all()
        assert (now.world.households["home"][people["household"]] == people["home"]).all()
        assert (people["in_public"][people["place"] != people["home"]] == 1).all()


@laws(40)
@given(lives(years=1))
def test_somebody_who_is_detained_is_nowhere_to_be_met(life):
    before = np.empty(0, np.int64)
    for now in moments(life, every=1):
        people = present(now.world)
        away = people[people["detained_until"] > now.week]
        kept = away[np.isin(away["id"], before)]
        assert not kept["in_public"].any() and (kept["place"] == kept["home"]).all() and not kept["contact"].any()
        before = away["id"]


@laws(60)
@given(lives())
def test_households_know_their_members(life):
    for now in moments(life):
        people, households = present(now.world), now.world.households
        members = np.bincount(people["household"], minlength=households.size)
        adults = np.bincount(people["household"][people["born"] <= now.week - 18 * 52], minlength=households.size)
        oldest = np.full(households.size, now.week)
        np.minimum.at(oldest, people["household"], people["born"])
        assert (households["size"] == members).all()
        assert (households["adults"] == adults).all()
        assert (households["oldest"] == oldest)[members > 0].all()


@laws(40)
@given(lives(years=1))
def test_events_tell_of_everybody_who_comes_and_goes(life):
    told = moments(life, every=52, events=True)
    start = set(present(next(told).world)["id"].tolist())
    now = next(told)
    log = happened(now.world)
    gone = log["who"][np.isin(log["kind"], (DIED, LEFT))]
    came = log["who"][np.isin(log["kind"], (BORN, ARRIVED))]
    assert np.unique(gone).size == gone.size
    assert np.unique(came).size == came.size
    assert start.isdisjoint(came.tolist())
    assert (start | set(came.tolist())) - set(gone.tolist()) == set(present(now.world)["id"].tolist())


@laws(40)
@given(lives())
def test_friends_are_others_who_are_there_or_were(life):
    for now in moments(life, every=26):
        people, friends = now.world.people, now.world.friends
        for row in np.flatnonzero(people["present"] == 1):
            ties = friends[row][friends[row]["row"] != NOBODY]
            assert (people["id"][row] != ties["id"]).all(), "somebody is a friend of their own"
            assert np.unique(ties["id"]).size == ties.size, "somebody counts twice as a friend"
            there = people[ties["row"]]
            known = there[(there["id"] == ties["id"]) & (there["present"] == 1)]
            assert (known["household"] != people["household"][row]).all(), "a housemate counts as a friend"


@laws(30)
@given(lives(years=1))
def test_somebody_who_is_detained_is_released_when_the_term_ends_or_is_gone(life):
    *_, now = moments(life, every=52, events=True)
    log = happened(now.world)
    told = set(log[log["kind"] == RELEASED][["who", "week"]].tolist())
    gone = set(log["who"][np.isin(log["kind"], (DIED, LEFT))].tolist())
    terms = {(int(each["who"]), int(each["week"] + each["value"])) for each in log[log["kind"] == DETAINED]}
    ended = {(who, week) for who, week in terms if week <= now.week}
    assert told <= ended
    assert {who for who, _ in ended - told} <= gone
