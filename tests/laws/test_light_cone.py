"""Nothing acts at a distance: what a measure changes lies within the light cone of its deeds; where not, the list below says so.

The list is exact: mend a measure and take it off; add one that acts at a distance, and this test tells you.
"""

import numpy as np
import pytest

from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import QUARTERS
from tests.laws.light_cone import AREA, BEFORE, SEED, cone, decided, twins
from tests.worlds.twins import begun

BY_WHO_CAME = {"places.contact_quality"}  # a professional who has changed makes the same round, and no event names who made it
OUT_OF_REACH = {
    ("raid", ""): ("it deters in every quarter for which it is ordered, also where nobody is taken, once somebody is in another",
                   {"places.deterrence"}),
}  # fmt: skip
QUIET = {  # nobody and nothing that the law looks at differs yet after these weeks
    ("awareness", ""), ("contact_seeking", "indoors"), ("covenant", ""),
    ("frontline_team", "coaching"), ("frontline_team", "hours"),
    ("neighbourhood_exploration", ""), ("reachable_municipality", "reachability"),
    ("quick_scan", "workshops"), ("quick_scan", "depth"),
    ("intervention_professional", "mandate"),
    ("reorganisation", "sharing"), ("reorganisation", "mandate"),
    ("sirenelunch", ""), ("staff_selection", ""),
}  # fmt: skip

TO_MOST = {("co_creation", ""), ("systemic_working", "")}  # done to most people in one week: the law is blunt for these


@pytest.mark.parametrize("measure", decided(), ids="-".join)
def test_what_a_measure_changes_lies_within_the_light_cone_of_its_deeds(measure):
    found = cone(*twins(*measure))
    _, expected = OUT_OF_REACH.get(measure, ("", set()))
    assert found.beyond - BY_WHO_CAME == expected, "something new acts at a distance, or does no longer: put the list right"
    assert (found.differing == 0) == (measure in QUIET), (
        f"{found.differing} differ: the law has something, or nothing, to look at"
    )
    assert (found.done_to > 0.5) == (measure in TO_MOST), f"its deeds of one week are done to {found.done_to:.0%} of all people"


def test_the_list_names_measures_that_there_are():
    assert set(OUT_OF_REACH) | QUIET | TO_MOST <= set(decided())
    assert not set(OUT_OF_REACH) & QUIET


def worlds() -> tuple[Simulation, Simulation]:
    """Return two worlds that are the same up to now."""
    one, other = begun(AREA, SEED), begun(AREA, SEED)
    for world in (one, other):
        world.advance(BEFORE)
    return one, other


def test_worlds_in_which_nothing_is_done_do_not_differ():
    assert cone(*worlds()) == (set(), 0, 0.0)


def test_a_mentor_for_one_youth_is_a_deed():
    one, other = worlds()
    people = other.world.people
    youth = np.flatnonzero((people["present"] == 1) & (people["stage"] >= 1) & (people["mentored"] == 0))[0]
    people["mentored"][youth], people["prospects"][youth] = 1, 1.0
    found = cone(one, other)
    assert found.beyond == set() and found.differing > 0


@pytest.mark.parametrize(
    ("table", "field"), [("people", "fear"), ("people", "norm_enemy"), ("places", "disorder"), ("households", "poverty")]
)
def test_a_level_that_moves_without_a_deed_is_caught(table, field):
    one, other = worlds()
    getattr(other.world, table)[field] *= 0.9
    assert f"{table}.{field}" in cone(one, other, weeks=1).beyond


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_field_is_felt_in_the_quarter_of_its_deed_and_no_farther(elsewhere):
    raid = {"kind": "raid", "from": BEFORE, "share": 0.5, "where": QUARTERS[0]}
    one, other = begun(AREA, SEED), begun(AREA.changed(interventions=[raid]), SEED)
    for world in (one, other):
        world.advance(BEFORE)
    if elsewhere:
        places = other.world.places
        places["deterrence"][places["quarter"] == len(QUARTERS) - 1] = 0.1
    assert cone(one, other, weeks=1).beyond == ({"places.deterrence"} if elsewhere else set())


def test_what_a_deed_does_far_away_is_caught():
    one, other = worlds()
    people, places = other.world.people, other.world.places
    youth, far = np.flatnonzero((people["present"] == 1) & (people["stage"] >= 1))[0], np.flatnonzero(places["dwellings"] > 0)
    far = far[np.abs(far // 50 - people["home"][youth] // 50) > 20]
    people["mentored"][youth] = 1 - people["mentored"][youth]
    neighbour = np.flatnonzero((people["present"] == 1) & np.isin(people["home"], far))[0]
    people["fear"][neighbour] *= 0.5
    assert "people.fear" in cone(one, other, weeks=1).beyond
