"""Records: worked examples."""

import numpy as np
import pytest

from model import registry
from model.outcomes import OUTCOMES, levels_dtype
from model.rules.records import feels_unsafe, means, of_people, of_places, of_staff
from model.state import FAVOURS, RUNNER, TIED_IN
from model.world import executable
from tests.rules.examples import TODAY, born, lot, one, parameters, people, rows

P = parameters("records")


def levels(add, *of, rest=()):
    """Return the levels of a week in which `add` adds up all there is."""
    total = one("total")
    add(*of, total, *rest)
    level = executable(np.zeros(1, levels_dtype()).view(np.recarray))[0]
    means(total, level, 1)
    return level


def test_what_counts_as_unsafe_differs_from_person_to_person():
    share = {fear: np.mean([feels_unsafe(who, P, lot()) for who in people(2_000, fear=fear)]) for fear in (0.0, P.unsafe, 1.0)}
    assert (share[0.0], share[1.0]) == (0.0, 1.0)
    assert share[P.unsafe] == pytest.approx(0.5, abs=0.04)


def test_levels_of_people_are_means_of_adults_and_numbers_of_youths():
    crowd = rows(
        "person", 6, id=np.arange(6), born=[born(age) for age in (10, 17, 23, 40, 70, 50)],
        stage=[0, FAVOURS, RUNNER, TIED_IN, 0, 0], fear=[0.9, 0.9, 0.2, 0.4, 0.6, 0.0], norm_enemy=[0.9, 0.9, 0.6, 0.1, 0.1, 0.9],
        trust_neighbours=[0.0, 0.0, 0.5, 0.6, 0.7, 0.0], prospects=[0.3, 0.6, 0.9, 0.0, 0.0, 0.0],
    )  # fmt: skip
    level = levels(of_people, crowd, np.arange(3), np.arange(3, 5), rest=(P, 1, TODAY))
    assert level.youths == 3
    assert (level.stage_2, level.stage_3, level.involved_youths, level.involved_adults) == (1, 1, 2, 1)
    assert level.fear == pytest.approx(0.4)
    assert level.norm_enemy == pytest.approx(1 / 3)
    assert level.cohesion == pytest.approx(6.0)
    assert level.prospects == pytest.approx(0.6)


def test_crimes_hold_is_felt_where_people_live_and_disorder_where_they_meet():
    places = rows(
        "place", 4, dwellings=[1, 12, 0, 0], attachment=[0.2, 0.4, 0.9, 0.9], disorder=[0.9, 0.9, 0.3, 0.9],
        presence=[1.0, 0.0, 4.0, 2.0],
    )  # fmt: skip
    level = levels(of_places, places, np.arange(3))
    assert level.attachment == pytest.approx(0.3)
    assert level.disorder == pytest.approx(0.3)
    assert level.presence == 5.0  # the last of these places is never used


def test_levels_of_staff_are_means():
    staff = rows("professional", 2, skill=[0.2, 0.6], energy=0.5, workload=[1.0, 2.0])
    level = levels(of_staff, staff, rows("desk", 2, tie=0.3))
    assert (level.skill, level.energy, level.workload) == pytest.approx((0.4, 0.5, 1.5))
    assert level.ties == pytest.approx(0.3)


def test_a_history_has_a_column_for_every_count_and_level_and_no_name_twice():
    assert len(OUTCOMES) == len(registry.counts()) + len(levels_dtype().names)
    assert list(OUTCOMES)[: len(registry.counts())] == list(registry.counts())
