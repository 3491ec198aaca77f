"""Stories: who tells what to whom, and what they learn from it."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.norms import SCARE
from kantelpunt.model.rules.stories import RETOLD, learn, lived_through, p_told, stories
from kantelpunt.model.shared.events import happened
from kantelpunt.model.shared.grid import REACH
from kantelpunt.model.shared.persons import list_members
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    BAD,
    CALM,
    GOOD,
    GOOD_INDOORS,
    GOOD_NEWS,
    HARSH,
    HEARD,
    JUST,
    NEUTRAL,
    NO_CONTACT,
    NO_STORY,
    NOBODY,
    STORY_KINDS,
    TOLD_BAD,
    TOLD_BROKEN,
    TOLD_DONE,
    TOLD_GOOD,
    TOLD_KEPT,
    TOLD_PAID,
    TOLD_RAID,
    TOLD_SILENT,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, parameters, person

P = parameters("stories")
SURE = {"telling": 0.3, "bad_weight": 8.0}


def place() -> Simulation:
    """Return a world in which nobody has anything to tell."""
    simulation = Simulation(Scenario(people=150, years=1), 1)
    people = simulation.world.people
    people["contact"], people["story"], people["heard"], people["hears"] = NO_CONTACT, NO_STORY, NO_STORY, 0
    people["trust_institutions"], people["usefulness"], people["fear"] = 0.5, 0.5, 0.2
    return simulation


def teller(world) -> int:
    """Return the row of an adult who has adult housemates."""
    people = world.people
    adults = (people["present"] == 1) & (people["born"] < -25 * 52)
    count = np.bincount(people["household"][adults], minlength=world.households.size)
    return int(np.flatnonzero(adults & (count[people["household"]] > 1))[0])


def tell(world, p=None, week=1):
    """Let one week of stories pass."""
    stories(executable(world), p or parameters("stories", **SURE), levers(), 1, week)


def test_the_strongest_of_what_was_lived_through_is_told():
    assert [lived_through(person(contact=kind)) for kind in (NO_CONTACT, NEUTRAL, GOOD, BAD, GOOD_INDOORS)] == [
        NO_STORY, NO_STORY, TOLD_GOOD, TOLD_BAD, TOLD_GOOD,
    ]  # fmt: skip
    assert len(STORY_KINDS) == TOLD_PAID + 1
    assert GOOD_NEWS < TOLD_SILENT < TOLD_BROKEN < TOLD_BAD < TOLD_RAID < TOLD_PAID


@pytest.mark.parametrize(
    ("kind", "field", "change"),
    [
        (TOLD_GOOD, "trust_institutions", P.share * P.direct * 0.5),
        (TOLD_BAD, "trust_institutions", -P.share * P.direct * 0.5),
        (TOLD_RAID, "trust_institutions", -P.share * P.direct * 0.5),
        (TOLD_KEPT, "usefulness", P.share * P.success * 0.5),
        (TOLD_DONE, "usefulness", P.share * P.success * 0.5),
        (TOLD_SILENT, "usefulness", -P.share * P.silence * 0.5),
        (TOLD_BROKEN, "usefulness", -P.share * P.silence * 0.5),
        (TOLD_PAID, "fear", P.share * SCARE * 0.5),
    ],
)
def test_somebody_who_hears_it_learns_a_part_of_it(kind, field, change):
    levels = ("trust_institutions", "usefulness", "fear")
    first, second = (person(**dict.fromkeys(levels, 0.5)) for _ in range(2))
    learn(first, kind, 1.0, P)
    learn(second, kind, RETOLD, P)
    assert getattr(first, field) == pytest.approx(0.5 + change)
    assert getattr(second, field) == pytest.approx(0.5 + RETOLD * change)
    assert all(getattr(first, other) == 0.5 for other in levels if other != field)


def test_members_of_a_household_follow_each_other():
    world = place().world
    list_members(executable(world.people), executable(world.households), world.scratch)
    for h in (0, 7, world.households.size - 1):
        row, found = int(world.households["member_row"][h]), []
        while row != NOBODY:
            found.append(row)
            row = int(world.scratch[row])
        there = np.flatnonzero((world.people["present"] == 1) & (world.people["household"] == h))
        assert sorted(found) == there.tolist()


def test_bad_news_reaches_the_household_and_is_told_on_once():
    world = place().world
    row = teller(world)
    mates = (world.people["household"] == world.people["household"][row]) & (world.people["born"] < -8 * 52)
    mates[row] = False
    world.people["story"][row] = TOLD_SILENT
    tell(world)
    heard = world.people["heard"] > NO_STORY
    assert heard[mates].all() and not heard[row]
    assert world.people["story"][row] == NO_STORY, "it is told once"
    assert (world.people["usefulness"][heard] < 0.5).all() and (world.people["usefulness"][~heard] == 0.5).all()
    before = world.people["usefulness"].copy()
    world.people["heard"][world.actors[: world.tile_index["actors"][0]]] = (
        TOLD_SILENT  # everybody did, so that somebody tells it on
    )
    tell(world, week=2)
    assert (world.people["usefulness"] < before).any(), "who heard it tells it on"
    again = world.people["usefulness"].copy()
    tell(world, week=3)
    assert (world.people["usefulness"] == again).all(), "then it is no news any more"


def test_at_second_hand_it_is_no_news_any_more():
    world = place().world
    world.people["heard"][world.actors[: world.tile_index["actors"][0]]] = TOLD_BAD
    tell(world)
    assert (world.people["trust_institutions"] < 0.5).any()
    assert (world.people["heard"] == NO_STORY).all()
    before = world.people["trust_institutions"].copy()
    tell(world, week=2)
    assert (world.people["trust_institutions"] == before).all()


def test_bad_news_is_told_more_often_by_somebody_who_lived_through_it_only():
    assert p_told(TOLD_BAD, True, P) == pytest.approx(P.bad_weight * P.telling)
    for kind, own in ((TOLD_BAD, False), (TOLD_GOOD, True), (TOLD_GOOD, False)):
        assert p_told(kind, own, P) == P.telling


@pytest.mark.parametrize(("manner", "heard"), [(CALM, False), (JUST, False), (HARSH, True)])
def test_only_a_harsh_raid_is_news(manner, heard):
    world = place().world
    world.cell_week["shaken"][world.people["home"][teller(world)]] = manner
    world.tally["raided"] = 1
    tell(world)
    assert (world.people["heard"] == TOLD_RAID).any() == heard


def test_bad_news_travels_further():
    reached = {}
    for kind in (TOLD_GOOD, TOLD_BAD):
        world = place().world
        adults = (world.people["present"] == 1) & (world.people["born"] < -18 * 52)
        world.people["story"][adults] = kind
        tell(world, P)
        reached[kind] = int(world.tally["stories"][0])
    assert reached[TOLD_BAD] > 1.5 * reached[TOLD_GOOD] > 0


def test_a_story_that_nobody_hears_changes_nothing():
    told, silent = place().world, place().world
    told.people["story"][teller(told)] = TOLD_PAID
    for world in (told, silent):
        tell(world, parameters("stories", telling=0.0))
    assert told.people.tobytes() == silent.people.tobytes()


def test_it_goes_two_doors_to_either_side_and_no_further():
    world = place().world
    row, people, homes = teller(world), world.people, world.households
    world.friends["row"], world.relatives["household"] = NOBODY, NOBODY
    people["story"][row] = TOLD_BAD
    own, width = int(people["household"][row]), int(world.tile_index["width"][0])
    heard = np.zeros(people.size, bool)
    for week in range(1, 101):
        people["heard"], people["hears"], people["story"] = NO_STORY, 0, 0
        people["story"][row] = TOLD_BAD
        tell(world, parameters("stories", telling=0.3, bad_weight=8.0), week)
        heard |= people["heard"] > NO_STORY
    rows, columns = np.divmod(homes["home"], width)
    far = np.maximum(abs(rows - rows[own]), abs(columns - columns[own]))
    beside = (np.abs(np.arange(homes.size) - own) <= 2) & (far <= REACH)
    old_enough = (people["present"] == 1) & (people["born"] <= 1 - 8 * 52) & (people["detained_until"] <= 1)
    expected = old_enough & beside[people["household"]]
    expected[row] = False
    assert np.array_equal(heard, expected) and (heard & (people["household"] != own)).any()


def test_the_log_tells_who_told_it_to_whom():
    simulation = Simulation(Scenario(people=400, years=1), 1, events=True)
    world = simulation.world
    world.people["contact"], world.people["story"], world.people["heard"] = NO_CONTACT, NO_STORY, NO_STORY
    row = teller(world)
    world.people["story"][row] = TOLD_SILENT
    tell(world)
    heard = happened(world)
    heard = heard[heard["kind"] == HEARD]
    assert heard.size > 0 and set(heard["whom"]) == {world.people["id"][row]} and set(heard["value"]) == {TOLD_SILENT}
    assert set(heard["who"]) == set(world.people["id"][world.people["heard"] > NO_STORY])
