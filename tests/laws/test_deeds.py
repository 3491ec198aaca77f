"""A measure moves whom the log names, all of them and nobody else, and a world without the measure has no such event.

Two worlds share people and luck; in one of them a measure begins.  In the first week in which its events, or the fields that
it moves, tell the two apart, both must name the same people, households or places: an event where nothing moves, or a move
without an event, would be caught.
"""

import numpy as np
import pytest

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EVENT_KINDS
from tests.laws.light_cone import WEEKS, twins
from tests.science.worlds import YEAR
from tests.worlds.twins import Event, log

DEEDS = {  # measure -> event of its deed, whom or what it names, and the fields that it moves there
    "co_creation": ("decided along", "people", ("usefulness", "trust_neighbours")),
    "debt_relief": ("debt relieved", "people", ("debt",)),
    "family_approach": ("family visited", "households", ("closed", "network", "aftercare")),
    "legal_opportunities": ("legal places", "places", ("legal_opportunity",)),
    "norms_dialogue": ("dialogue", "people", ("norm_home", "norm_school", "norm_street")),
    "place_improvement": ("place managed", "places", ("criminal_opportunity",)),
}
UNSEEN = "talked unseen"  # of `safe_places`: it moves nobody by itself, and keeps others from seeing


def told(simulation: Simulation, kind: str) -> list[Event]:
    """Return the events of one kind, in order."""
    return [event for event in log(simulation) if EVENT_KINDS[event.kind] == kind]


def moved(one: Simulation, other: Simulation, table: str, fields: tuple[str, ...]) -> set[int]:
    """Return who, or which household or place, differs in any of these fields: identities, or numbers of cells."""
    left, right = (getattr(world.world, table) for world in (one, other))
    if table == "people":
        left, right = (rows[rows["present"] == 1] for rows in (left, right))
        left, right = (rows[np.argsort(rows["id"])] for rows in (left, right))
        assert np.array_equal(left["id"], right["id"])
    apart = np.any([left[name] != right[name] for name in fields], axis=0)
    return set(np.flatnonzero(apart).tolist() if table == "places" else left["id"][apart].tolist())


@pytest.mark.parametrize("measure", DEEDS)
def test_a_measure_first_moves_those_whom_its_events_name_and_all_of_them(measure: str) -> None:
    kind, table, fields = DEEDS[measure]
    one, other = twins(measure)
    for _ in range(WEEKS):
        for world in (one, other):
            world.advance()
        named = {event.place if table == "places" else event.who for event in told(other, kind)}
        assert not told(one, kind)
        assert moved(one, other, table, fields) == named
        if named:
            return
    pytest.fail(f"no {kind!r} in {WEEKS} weeks: this test looks at nothing")


def test_as_many_talk_unseen_as_would_have_been_seen_without_safe_places() -> None:
    one, other = twins("safe_places")
    seen = list(OUTCOMES).index("talk_seen")
    for _ in range(YEAR):
        for world in (one, other):
            world.advance()
        unseen, week = told(other, UNSEEN), other.week
        assert not told(one, UNSEEN)
        assert len(unseen) == one.world.history[week, seen] - other.world.history[week, seen]
        if unseen:
            return
    pytest.fail("nobody talked unseen in a year: this test looks at nothing")
