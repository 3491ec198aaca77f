"""What is done to one, or in one place, changes nobody out of reach: same people, same luck, the same lives elsewhere."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.simulation import Simulation, digest
from kantelpunt.model.state.codes import STAGE_UP
from kantelpunt.model.state.world import quarter_end
from tests.worlds.twins import begun, difference, log

TOWN = Scenario(area="tilburg-noord", people=9_000, years=1)  # four tiles of one kilometre, each a quarter
SEED = 1
BORDER = 10  # cells; who lives nearer to another quarter may hear of what is thought there


@pytest.fixture(scope="module")
def untouched() -> Simulation:
    """Return the town in which nothing was done, a year later."""
    town = begun(TOWN, SEED)
    town.advance(TOWN.weeks)
    assert town.world.tile_index["tiles"][0] == 4
    return town


@pytest.fixture(scope="module")
def helped(untouched) -> list[tuple[int, int, Simulation]]:
    """Return identity, tile and town of three youths for whom early help made a lasting difference, one a town."""
    found = []
    asked = dict.fromkeys(event.who for event in log(untouched) if event.kind == STAGE_UP and event.week > 4)
    for who in asked:
        town = begun(TOWN, SEED)
        row = np.flatnonzero(town.world.people["id"] == who)
        if row.size:
            help_early(town, who)
            town.advance(TOWN.weeks)
            if difference(untouched, town) and lives(untouched) != lives(town):
                found.append((who, int(town.world.places["tile"][town.world.people["home"][row[0]]]), town))
        if len(found) == 3:
            break
    assert len(found) == 3
    return found


def help_early(town: Simulation, who: int) -> None:
    """Help one youth."""
    row = np.flatnonzero(town.world.people["id"] == who)
    town.world.people["prospects"][row], town.world.people["mentored"][row] = 1.0, 1


def lives(town: Simulation) -> dict[int, tuple]:
    """Return all that is known of everybody but row numbers, by identity."""
    people = town.world.people[town.world.people["present"] == 1]
    names = [name for name in people.dtype.names or () if name not in ("case", "household")]
    return dict(zip(people["id"].tolist(), people[names].tolist(), strict=True))


@pytest.mark.parametrize("which", range(3))
def test_one_helped_youth_changes_nothing_in_other_tiles_until_tiles_exchange_people(untouched, helped, which):
    who, tile, town = helped[which]
    first = difference(untouched, town)[0].week
    one, other = begun(TOWN, SEED), begun(TOWN, SEED)
    help_early(other, who)
    for each in (one, other):
        each.advance(quarter_end(first))
    tiles = one.world.places["tile"]
    assert {int(tiles[event.place]) for event in difference(one, other)} == {tile}
    before, after = lives(one), lives(other)
    homes = {row["id"]: tiles[row["home"]] for row in one.world.people[one.world.people["present"] == 1]}
    changed = {who for who in homes if before[who] != after.get(who)}
    assert changed and {int(homes[who]) for who in changed} == {tile}


@pytest.mark.parametrize("which", range(3))
def test_the_first_to_live_otherwise_is_the_youth_who_was_helped(untouched, helped, which):
    who, _, town = helped[which]
    apart = difference(untouched, town)
    first = [event for event in apart if event.week == apart[0].week]
    met = {event.place for event in first if event.who == who}
    assert met, "somebody else's life changes before that of the youth"
    others = [event for event in first if event.who != who and event.kind != STAGE_UP]  # another may take the place in a crew
    assert {event.place for event in others} <= met, "somebody's life changes who did not meet the youth"


def test_whom_nobody_helps_lives_the_same_life_in_every_town(untouched, helped):
    before = {(event.week, event.who): event for event in log(untouched)}
    for _, tile, town in helped:
        tiles = town.world.places["tile"]
        elsewhere = [event for event in log(town) if tiles[event.place] != tile]
        assert len(elsewhere) > 1_000
        assert all((event.week, event.who) in before for event in elsewhere)


@pytest.mark.parametrize("kind", [kind for kind in catalogue() if kind != "raid"])
def test_what_is_done_in_one_quarter_leaves_the_others_alone_at_first(kind):
    raid = {"kind": "raid", "where": "north-west", "share": 1.0}  # so that there is something to care for afterwards
    team = {"kind": "frontline_team", "where": "north-west", "share": 0.3}  # and a team to coach
    before = [raid, team]
    without = TOWN.changed(interventions=before, years=3)
    one = begun(without, SEED)
    other = begun(without.changed(interventions=[*before, {"kind": kind, "ramp": 0, "where": "north-west"}]), SEED)
    for town in (one, other):
        town.advance(8)
    quarter = one.world.places["quarter"]
    row, column = np.divmod(np.arange(quarter.size), 100)
    far = (row >= 50 + BORDER) | (column >= 50 + BORDER)
    assert {int(quarter[event.place]) for event in difference(one, other)} <= {0}
    apart = np.zeros(one.world.people.size, bool)
    for name in set(one.world.people.dtype.names) - {"case"}:
        apart |= one.world.people[name] != other.world.people[name]
    for town in (one, other):
        assert not far[town.world.people["home"][apart]].any()
        town.advance(44)
    while digest(one.world) == digest(other.world):  # professionals of one quarter are few, and may stay for years
        assert one.week < one.scenario.weeks, "it does nothing at all"
        for town in (one, other):
            town.advance(26)


def test_a_raid_in_one_quarter_is_felt_there_and_in_its_streets():
    one, other = (
        begun(TOWN, SEED),
        begun(TOWN.changed(interventions=[{"kind": "raid", "where": "north-west", "share": 1.0}]), SEED),
    )
    for town in (one, other):
        town.advance(1)
    quarter = one.world.places["quarter"]
    row, column = np.divmod(np.arange(quarter.size), 100)
    shaken = one.world.people["trust_institutions"] != other.world.people["trust_institutions"]
    homes = one.world.people["home"][shaken]
    assert shaken.sum() > 100
    assert ((row < 50 + BORDER) & (column < 50 + BORDER))[homes].all()
    changed = one.world.places["deterrence"] != other.world.places["deterrence"]
    assert set(quarter[changed]) == {0}
