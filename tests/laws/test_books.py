"""What is counted is whole, never negative and fits together; ties have two ends; costs add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import registry
from kantelpunt.model.outcomes import OUTCOMES
from tests.contracts.steps import EAGER, Steps
from tests.laws.strategies import laws, lives, moments

COLUMN = {name: i for i, name in enumerate(OUTCOMES)}
PARTS = (  # what is counted is part of, or at most, something else that is counted in the same week
    ("crimes", "incidents"), ("violence_vandalism", "crimes"), ("displaced", "incidents"), ("intended", "noticed"),
    ("reports", "intended"),
    ("confided", "reports"), ("exploited", "youths"), ("victims", "exploited"), ("moved_out_working", "moved_out"),
    ("threats", "reports"), ("raided", "arrests"), ("recruited_children", "recruited"), ("core_members", "members"),
    ("children_outside", "youths_outside"), ("youths_outside", "youths"), ("activity_members", "youths"),
    ("reported_crimes", "reports"), ("victims_of_crime", "noticed"), ("registered", "incidents"),
    ("registered_crimes", "registered"),
    ("registered_crimes", "crimes"), ("registered_violence_vandalism", "registered_crimes"),
    ("registered_violence_vandalism", "violence_vandalism"), ("found", "registered_crimes"), ("youth_arrests", "arrests"),
    ("diverted", "youth_arrests"),
    ("recruited_family", "recruited"),
    ("known_at_risk", "youths_at_risk"), ("involved_youths", "youths_at_risk"), ("youths_at_risk", "youths"),
    ("trust_lowest", "trust_highest"), ("action", "intention"),
    ("cases_closed", "cases_open"), ("early", "taken_up"), ("late", "taken_up"), ("births", "people"), ("youths", "people"),
    ("births_rooted", "births"),
)  # fmt: skip


@laws(60)
@given(lives())
def test_counts_are_whole_and_fit_together(life):
    for now in moments(life, every=26):
        told = now.world.history[: now.week + 1]
        for name in registry.counts():
            column = told[:, COLUMN[name]]
            assert (column >= 0).all() and (column == np.floor(column)).all(), name
        for part, whole in PARTS:
            more = np.flatnonzero(told[:, COLUMN[part]] > told[:, COLUMN[whole]])
            assert not more.size, f"week {more[0]}: more {part} than {whole}"


@laws(60)
@given(lives())
def test_the_books_hold_what_was_reported_or_found_and_suspects_are_of_what_was_done(life):
    for now in moments(life, every=26):
        told = {name: now.world.history[: now.week + 1, column] for name, column in COLUMN.items()}
        assert (told["registered"] <= told["reports"] + told["found"]).all()
        assert (told["registered_crimes"] <= told["reported_crimes"] + told["found"]).all()
        assert (told["arrests"] - told["raided"] <= told["crimes"] + told["crimes_elsewhere"]).all()
        assert (told["registered"] <= told["cases_opened"] + told["found"]).all()


@laws(60)
@given(lives())
def test_levels_stay_on_their_scale(life):
    tops = {"level": 1, "share": 1, "%": 100, "0-10": 10, "0-100": 100}
    for now in moments(life, every=26):
        told = now.world.history[: now.week + 1]
        for name, outcome in OUTCOMES.items():
            column = told[:, COLUMN[name]]
            assert column.min() >= 0.0 and column.max() <= tops.get(outcome.unit, np.inf), name
        ages = (told[:, COLUMN[name]] for name in ("recruited_8_11", "recruited_12_15", "recruited_16_23"))
        assert (sum(ages) == told[:, COLUMN["recruited"]]).all()


@laws(60)
@given(lives())
def test_levels_of_the_week_are_those_of_the_world(life):
    for now in moments(life, every=26):
        told = dict(zip(OUTCOMES, now.world.history[now.week], strict=True))
        people = now.world.people[now.world.people["present"] == 1]
        youth = (now.week - people["born"] >= 8 * 52) & (now.week - people["born"] < 24 * 52)
        grown = people[now.week - people["born"] >= 18 * 52]
        assert told["people"] == people.size and told["youths"] == youth.sum()
        for stage in range(1, 5):
            assert told[f"stage_{stage}"] == (people["stage"][youth] == stage).sum()
        assert told["involved_youths"] + told["involved_adults"] == (people["stage"] >= 2).sum()
        for name in ("trust_institutions", "trust_frontline", "trust_neighbours", "usefulness", "fear"):
            assert told[name] == pytest.approx(grown[name].mean(dtype=float), abs=1e-6)
        assert told["trust_spread"] == pytest.approx(grown["trust_institutions"].std(dtype=float), abs=1e-4)
        assert told["known_involved"] == ((people["stage"] >= 2) & (people["convictions"] > 0)).sum()
        assert told["youths_at_risk"] == (people["stage"][youth] >= 1).sum()
        assert told["cohesion"] == pytest.approx(10 * told["trust_neighbours"])


@laws(60)
@given(lives())
def test_what_happens_in_a_place_is_forgotten_when_the_week_ends(life):
    for now in moments(life, every=13):
        for name in now.world.cell_week.dtype.names:
            assert name == "cleared" or not now.world.cell_week[name].any(), name
        assert not any(now.world.flat_tally)


@laws(60)
@given(lives())
def test_a_tie_has_two_ends(life):
    for now in moments(life, every=13):
        ties, staff = now.world.ties, now.world.ties.shape[1]
        for tile in range(ties.shape[0] // staff):
            team = ties[tile * staff : (tile + 1) * staff]
            assert (team == team.T).all()
            assert not np.diagonal(team).any()


@laws(60)
@given(lives())
def test_posts_are_filled_by_one_person_each_and_no_hour_is_worked_by_nobody(life):
    first = None
    for now in moments(life, every=13):
        staff = now.world.professionals
        first = staff.copy() if first is None else first
        assert (staff["organisation"] == first["organisation"]).all()
        there, worked = staff["present"] == 1, staff["street_hours"] + staff["case_hours"]
        assert np.unique(staff["id"][there]).size == there.sum()
        assert (worked <= staff["hours"] * 1.000001).all()
        assert not worked[~there].any()
        assert (staff["hours"][there] > 0.0).all()


@laws(100)
@given(lives())
def test_costs_add_up(life):
    scenario, _ = life
    alone = [scenario.changed(interventions=[each]).cost() for each in scenario.interventions]
    assert scenario.cost() == pytest.approx(sum(alone))
    assert all(cost >= 0.0 for cost in alone)
    assert scenario.changed(interventions=()).cost() == 0.0


@laws(100)
@given(lives(), st.floats(0.0, 1.0))
def test_less_of_a_programme_costs_less_in_proportion(life, share):
    scenario, _ = life
    less = [{**each.table(), "intensity": each.intensity * share} for each in scenario.interventions]
    assert scenario.changed(interventions=less).cost() == pytest.approx(share * scenario.cost())


def helped(world, quarter, week):
    """Return how many free people have a mentor, and how many a plan, in a quarter: who is detained holds no place."""
    people = world.people[world.at_stake[: world.tile_index["at_stake"][0]]]
    people = people[people["detained_until"] <= week]
    people = people[world.places["quarter"][people["home"]] == quarter]
    return int(people["mentored"].sum()), int((people["plan_domains"] > 0).sum())


@laws(12)
@given(lives(), st.floats(0.1, 1.0))
def test_help_goes_to_no_more_than_there_are_places(life, share):
    """Places go by lot: nobody gets one where none is free, and all together get no more than luck makes of what is free."""
    help = [{"kind": kind, "ramp": 0, "intensity": share} for kind in ("mentoring", "person_centred")]
    scenario = life.scenario.changed(interventions=help, parameters={**life.scenario.parameters, **EAGER})
    steps, got, free = Steps(scenario, life.seed), 0, 0.0
    for week in steps.after("mentoring_and_plans", scenario.weeks):
        lever = steps.simulation._levers[week]
        assert steps.world.people["plan_domains"].max() <= lever["plan_domains"].max()
        for j, patch in enumerate(steps.world.patches):
            now, had = helped(steps.world, j, week), (patch["mentored"], patch["planned"])
            room = lever["mentor_places"][j] * patch["youths"] / 100, lever["plan_places"][j] * patch["residents"] / 1_000
            for have, before, places, could in zip(now, had, room, (patch["at_risk"], patch["eligible"]), strict=True):
                left = min(max(places - before, 0.0), could)
                assert 0 <= have - before <= (could if left > 0.0 else 0)
                got, free = got + have - before, free + left
    assert got <= free + 5.0 * np.sqrt(free), f"{got} people in {free:.1f} free places"
