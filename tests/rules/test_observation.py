"""Records: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario, registry
from kantelpunt.model.outcomes import OTHER, OUTCOMES, by_theme, levels_dtype
from kantelpunt.model.rules.aftermath import LEAST
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.observation import (
    ADULTS_OF,
    TRUST_OF,
    answer,
    feels_unsafe,
    is_known,
    observation,
    of_families,
    of_patches,
    of_people,
    of_places,
    of_staff,
)
from kantelpunt.model.shared.indices import a_year, breeding_ground, compare, derive
from kantelpunt.model.shared.kin import RELATIVES
from kantelpunt.model.shared.levels import LEVELS, measure
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NOBODY, RUNNER, SQUARE, TIED_IN
from kantelpunt.model.state.fields import DTYPES, fixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, born, lot, parameters, people, person, rows, tally
from tests.rules.examples import levers as no_levers

P = parameters("observation")


class Week:
    """A week that is added up: totals and levels, as records and as plain arrays of the same memory."""

    def __init__(self) -> None:
        totals, levels = np.zeros(1, DTYPES["total"]), np.zeros(1, levels_dtype())
        self.sums, self.values = totals.view(np.int64), levels.view(np.float64)
        self.total, self.level = executable(totals.view(np.recarray))[0], executable(levels.view(np.recarray))[0]
        self.tally = tally()

    def close(self):
        """Return the levels of what was added up, and begin anew."""
        measure(self.sums, self.values)
        derive(self.level, self.total, self.tally)
        compare(self.level, self.sums, self.values)
        self.sums[:] = 0
        return self.level


def levels(add, *of, rest=()):
    """Return the levels of a week in which `add` adds up all there is."""
    week = Week()
    add(*of, week.total, *rest)
    return week.close()


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
    level = levels(of_people, crowd, np.arange(3), np.arange(3, 5), rows("case"), rest=(P, 1, TODAY))
    assert level.youths == 3
    assert (level.stage_2, level.stage_3, level.involved_youths, level.involved_adults) == (1, 1, 2, 1)
    assert level.fear == pytest.approx(0.4)
    assert level.norm_enemy == pytest.approx(1 / 3)
    assert level.cohesion == pytest.approx(6.0)
    assert level.prospects == pytest.approx(0.6)


def test_crimes_hold_is_felt_where_people_live_and_disorder_where_they_meet():
    places = rows(
        "place", 4, dwellings=[1, 12, 0, 0], crime_hold=[0.2, 0.4, 0.9, 0.9], disorder=[0.9, 0.9, 0.3, 0.9],
        presence=[1.0, 0.0, 4.0, 2.0],
    )  # fmt: skip
    level = levels(of_places, places, np.arange(3))
    assert level.crime_hold == pytest.approx(0.3)
    assert level.disorder == pytest.approx(0.3)
    assert level.presence == 5.0  # the last of these places is never used


def test_levels_of_staff_are_means():
    logics = {"situational": [0.1, 0.5], "cultural": [0.6, 0.8]}
    staff = rows("professional", 2, skill=[0.2, 0.6], energy=0.5, workload=[1.0, 2.0], **logics)
    level = levels(of_staff, staff, rows("desk", 2, tie=0.3))
    assert (level.skill, level.energy, level.workload) == pytest.approx((0.4, 0.5, 1.5))
    assert (level.situational, level.cultural) == pytest.approx((0.3, 0.7))
    assert level.ties == pytest.approx(0.3)


def test_a_history_has_a_column_for_every_count_and_level_and_no_name_twice():
    assert len(OUTCOMES) == len(registry.counts()) + len(levels_dtype().names)
    assert list(OUTCOMES)[: len(registry.counts())] == list(registry.counts())


def test_spread_is_the_standard_deviation_of_adults():
    trust = [0.2, 0.4, 0.9]
    crowd = rows("person", 3, id=np.arange(3), born=born(40), trust_institutions=trust)
    level = levels(of_people, crowd, np.arange(0), np.arange(3), rows("case"), rest=(P, 1, TODAY))
    assert level.trust_spread == pytest.approx(np.std(trust), abs=1e-6)


def test_youths_at_risk_are_known_by_a_case_about_them_by_help_or_by_an_arrest():
    cases = rows("case", 2, about=[3, -1], reporter=[-1, 4])
    assert is_known(person(15.0, stage=EXPOSED, case=0), 3, cases)
    assert not is_known(person(20.0, stage=EXPOSED, case=1), 4, cases)  # a case by somebody is none about them
    assert not is_known(person(15.0, stage=EXPOSED), 5, cases)
    for kind in ("mentored", "plan_domains", "convictions"):
        assert is_known(person(15.0, stage=EXPOSED, **{kind: 1}), 5, cases)


def test_what_is_known_stands_beside_what_is_true():
    crowd = rows(
        "person", 5, id=np.arange(5), born=[born(age) for age in (10, 15, 16, 17, 40)],
        stage=[0, EXPOSED, FAVOURS, RUNNER, TIED_IN], convictions=[0, 0, 0, 2, 1], mentored=[1, 0, 1, 0, 0],
    )  # fmt: skip
    level = levels(of_people, crowd, np.arange(4), np.arange(4, 5), rows("case"), rest=(P, 1, TODAY))
    assert (level.youths_at_risk, level.known_at_risk) == (3, 2)
    assert level.known_share == pytest.approx(200 / 3)
    assert level.known_involved == 2  # of the three who are involved


def test_answers_err_within_the_scale():
    told = [answer(0.5, u, P) for u in np.linspace(0.0, 1.0, 101)]
    assert (min(told), max(told), np.mean(told)) == pytest.approx((0.5 - P.error, 0.5 + P.error, 0.5))
    assert answer(0.05, 0.0, P) == 0.0
    assert answer(0.95, 1.0, P) == 1.0


def test_a_survey_is_near_the_truth_and_stands_until_the_next():
    crowd = rows("person", 4_000, id=np.arange(4_000), born=born(40), trust_institutions=0.4, trust_neighbours=0.6, fear=0.2)
    week = Week()
    for now in (TODAY, TODAY + 1):
        of_people(crowd, np.arange(0), np.arange(4_000), rows("case"), week.total, P, 1, now)
        level = week.close()
        assert level.trust_survey == pytest.approx(4.0, abs=0.15)
        assert level.cohesion_survey == pytest.approx(level.cohesion, abs=0.15)
        assert level.cohesion_survey != level.cohesion


def test_families_are_counted_with_all_who_live_in_them():
    homes = rows("household", 4, size=[2, 2, 2, 0], involved=[0, 1, 2, 0], closed=[LEAST, 0.5, 0.9, 0.9])
    crowd = rows("person", 4, stage=[0, EXPOSED, FAVOURS, FAVOURS], household=[0, 1, 1, 2])
    relatives = rows("relative", (4, RELATIVES), household=NOBODY)
    for own, other in ((0, 1), (1, 0), (2, 3)):  # nobody lives at the fourth any more
        relatives[own, 1].household = other
    week = Week()
    week.total.looks = 1
    of_families(crowd, homes, relatives, np.arange(4), week.total)
    assert (week.total.related, week.total.lived_in) == (2, 3)
    level = week.close()
    assert (level.youths_family, level.involved_kin) == (1, 1)  # nobody is a housemate of their own
    assert (level.closed_families, level.closedness) == (2, pytest.approx(0.7))  # an empty dwelling is no family


def test_quarters_keep_apart_and_an_empty_one_is_not_the_lowest():
    week, half = Week(), 2**29
    patches = rows("patch", 4, quarter=[0, 1, 3, 0], adults=[1, 2, 4, 1], trust=[half, half, 3 * half, 0], public=[1, 0, 2, 5])
    for row, attention in zip(patches, (0.3, 0.9, 0.6, 0.0), strict=True):
        row.attention = attention  # where there are no public places it counts for nothing
    of_patches(patches, week.total, week.sums)
    level = week.close()
    assert level.attention == pytest.approx(0.3)
    assert (level.trust_north_west, level.trust_north_east, level.trust_south_east) == (0.25, 0.25, 0.375)
    assert (level.trust_lowest, level.trust_highest) == (0.25, 0.375)


def test_squares_are_guarded_where_efficacy_is_above_the_threshold():
    places = rows("place", 4, kind=[SQUARE, SQUARE, 0, 4], efficacy_gap=[0.9, 0.1, 0.1, 0.1])
    assert levels(of_places, places, np.arange(4)).guarded_squares == 0.5


def test_the_breeding_ground_goes_from_nothing_to_full_in_equal_parts():
    week = Week()
    week.level.prospects = week.level.trust_institutions = 1.0
    assert breeding_ground(week.level) == 0.0
    week.level.debt = 0.4
    assert breeding_ground(week.level) == pytest.approx(10.0)  # a quarter of 0.4
    week.level.debt = week.level.norm_discord = 1.0
    week.level.prospects = week.level.trust_institutions = 0.0
    assert breeding_ground(week.level) == 100.0


def test_transmission_is_intake_a_year_smoothed_over_a_year():
    assert a_year(1, 52.0) == 100.0
    assert a_year(0, 0.0) == 0.0
    week = Week()
    for _ in range(520):
        week.total.looks = 1
        week.total.youths, week.total.youths_family, week.total.involved_youths = 210, 52, 2
        week.tally.recruited, week.tally.recruited_family = 2, 1
        level = week.close()
    assert level.transmission == pytest.approx(100.0, rel=0.001)
    assert level.intake_others == pytest.approx(100.0 * 52 / 156, rel=0.001)


def test_a_level_is_told_with_what_it_is_made_of():
    for name, level in LEVELS.items():
        fields = {*DTYPES["total"].names, ""}
        assert level.top in fields and level.over in fields and level.definition, name


def test_every_outcome_stands_under_one_theme():
    listed = [name for names in by_theme().values() for name in names]
    assert sorted(listed) == sorted(OUTCOMES)
    assert OTHER not in by_theme(), "model/outcomes.py: give these a theme"


def sum_of(values):
    return sum(fixed(float(value)) for value in values)


def test_sums_are_of_every_field_of_those_whom_they_are_about():
    chance, n = np.random.default_rng(1), 12
    adult = ("trust_institutions", "trust_frontline", "trust_neighbours", "usefulness", "fear", "debt")
    norms = ("norm_home", "norm_school", "norm_street")
    young = ("prospects", "pull", *norms)
    fields = {name: chance.random(n) for name in (*adult, *young, "norm_enemy")}
    fields["norm_enemy"][4] = 0.5  # no more than half a norm is none
    crowd = rows(
        "person", n, id=np.arange(n), born=[born(age) for age in (9, 15, 17, 19, 22, 23, 30, 40, 50, 60, 70, 80)], **fields
    )
    week = Week()
    of_people(crowd, np.arange(6), np.arange(6, n), rows("case"), week.total, P, 1, TODAY + 1)
    for name in ("prospects", "pull", "norm_street"):
        assert getattr(week.total, name) == sum_of(fields[name][:6]), name
    for name in adult:
        assert getattr(week.total, name) == sum_of(fields[name][3:]), name
    assert (week.total.youths, week.total.adults) == (6, 9)
    asked = np.array([fields[name][:6] for name in norms])
    assert week.total.norm_discord == sum_of(asked.max(axis=0) - asked.min(axis=0))
    assert week.total.norm_enemy == (fields["norm_enemy"][3:] > 0.5).sum()


def test_youths_are_counted_by_their_stage():
    stages = [EXPOSED] * 2 + [FAVOURS] * 3 + [RUNNER] * 4 + [TIED_IN] * 5
    n = len(stages)
    crowd, week = rows("person", n, id=np.arange(n), born=born(15), stage=stages), Week()
    of_people(crowd, np.arange(n), np.arange(0), rows("case"), week.total, P, 1, TODAY + 1)
    total = week.total
    assert (total.stage_1, total.stage_2, total.stage_3, total.stage_4) == (2, 3, 4, 5)
    assert (total.at_risk, total.involved_youths) == (14, 12)


def test_places_are_added_by_what_they_are_for():
    chance, n = np.random.default_rng(2), 8
    home = ("crime_hold", "legal_opportunity")
    public = ("disorder", "criminal_opportunity", "informal_control")
    fields = {name: chance.random(n) for name in (*home, *public, "presence")}
    week = Week()
    of_places(rows("place", n, dwellings=[2, 1, 5, 0, 0, 0, 0, 0], **fields), np.arange(n - 1), week.total)
    for names, some in ((home, slice(0, 3)), (public, slice(3, n - 1)), (("presence",), slice(0, n - 1))):
        for name in names:
            assert getattr(week.total, name) == sum_of(fields[name][some]), name
    assert (week.total.homes, week.total.others) == (3, 4)


def test_adults_of_quarters_are_added_up():
    week = Week()
    of_patches(rows("patch", 5, quarter=[0, 1, 3, 0, 2], adults=[1, 2, 4, 8, 16], trust=[3, 5, 7, 11, 13]), week.total, week.sums)
    assert week.sums[ADULTS_OF : ADULTS_OF + 4].tolist() == [9, 2, 16, 4]
    assert week.sums[TRUST_OF : TRUST_OF + 4].tolist() == [14, 5, 13, 7]


def test_a_part_of_adults_is_asked_once_a_year_and_answers_for_all():
    n = 3_000
    crowd = rows("person", n, id=np.arange(n), born=born(40), fear=P.unsafe)
    asked = []
    for week in (TODAY, TODAY + 1, TODAY + 52):
        total = Week().total
        of_people(crowd, np.arange(0), np.arange(n), rows("case"), total, P, 1, week)
        asked.append(total)
    first, between, second = asked
    assert between.asked == 0
    for total in (first, second):
        assert total.asked / n == pytest.approx(P.sample, abs=0.03)
        assert total.asked_unsafe / total.asked == pytest.approx(total.unsafe / n, abs=2.0 / total.asked**0.5)
    assert first.asked != second.asked, "other people each year"


def test_families_are_looked_at_once_in_four_weeks_and_every_week_has_its_row():
    simulation = Simulation(Scenario(people=50, years=1), 1)
    world = simulation.world
    for week in range(1, 2 * EVERY + 1):
        simulation.advance(1)
        row = simulation.row(week)
        assert row["people"] == (world.people["present"] == 1).sum()
    assert not world.flat_totals.any() and not world.flat_tally.any(), "what was written is counted anew"
    looks = []
    for week in (EVERY, EVERY + 1):
        world.totals["looks"] = 0
        observation(executable(world), P, no_levers(), 1, week)
        looks.append(int(world.totals["looks"][0]))
    assert looks == [1, 0]
