"""Consecutive programmes: the parts together equal the whole in dose and cost, for every cut of dates."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import registry
from kantelpunt.model.interventions import Horizon, build, catalogue
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import simulate
from tests.generated import examples

YEARS = 2
HORIZON = Horizon(Scenario().start, 52 * YEARS)
DAYS = 7 * HORIZON.weeks
KINDS = sorted(catalogue())
QUALITIES = {name for model in catalogue().values() for name in model.QUALITIES}  # what kind of help it is, whatever the dose
FACTORS = [name for name, lever in registry.levers().items() if lever.neutral == 1.0 and name not in QUALITIES]
GO_ON = [kind for kind in KINDS if not catalogue()[kind].EVENT]
CUTS = st.sets(st.integers(0, DAYS), min_size=2, max_size=6).map(sorted)


def at(day: int, written: bool) -> object:
    """Return a day as a date, or as text that says the same."""
    date = HORIZON.start + timedelta(days=day)
    return date.isoformat() if written else date


def pieces(kind: str, days: list[int], **more: object) -> Scenario:
    """Return a scenario with a programme that is cut on these days."""
    own = {"kind": kind, **more}
    tables = [{**own, "from": at(a, True), "until": at(b, False)} for a, b in pairwise(days)]
    return Scenario(years=YEARS, interventions=tables)


def doses(scenario: Scenario) -> np.ndarray:
    """Return the levers of every week and quarter as plain numbers."""
    table = scenario.levers()
    return np.stack([table[name] for name in table.dtype.names or ()])


@examples(12)
@pytest.mark.parametrize("kind", GO_ON)
@given(days=CUTS, intensity=st.floats(0.1, 1.0))
def test_parts_together_are_the_whole(kind: str, days: list[int], intensity: float) -> None:
    whole, parts = (pieces(kind, some, intensity=intensity) for some in ([days[0], days[-1]], days))
    assert parts.cost() == pytest.approx(whole.cost(), rel=1e-12)
    np.testing.assert_allclose(doses(parts), doses(whole), rtol=1e-12, atol=1e-12)


@examples(12)
@pytest.mark.parametrize("kind", KINDS)
@given(days=CUTS)
def test_a_budget_of_ones_own_is_paid_by_the_day(kind: str, days: list[int]) -> None:
    parts = pieces(kind, days, cost_per_year=364.0)
    assert parts.cost() == pytest.approx(days[-1] - days[0], rel=1e-12)


@pytest.mark.parametrize("kind", GO_ON)
def test_what_goes_on_in_another_place_or_after_a_gap_begins_anew(kind: str) -> None:
    """So does what was begun twice at once, and goes on twice."""
    first, gap, elsewhere = (
        {"kind": kind, "ramp": 26, "from": begin, "until": end, "where": where}
        for begin, end, where in ((0, 20, ["north-west"]), (21, 40, ["north-west"]), (20, 40, ["south-west"]))
    )
    for tables in ([first, gap], [first, elsewhere]):
        together = Scenario(years=YEARS, interventions=tables)
        assert len(together.programmes) == 2
    after = {**first, "from": 20, "until": 40}
    twice = Scenario(years=YEARS, interventions=[first, after, after, first])
    assert [each.window(HORIZON) for each in twice.programmes] == [(1, 40), (1, 40)]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(GO_ON)))
def test_two_events_in_a_row_stay_two(kind: str) -> None:
    assert len(pieces(kind, [0, 70, 140]).programmes) == 2


def test_a_team_that_goes_on_has_not_forgotten_what_it_learnt() -> None:
    whole, parts = (
        pieces("systemic_working", days, intensity=1.0).changed(people=400) for days in ([0, DAYS], [0, 7 * 60, DAYS])
    )
    np.testing.assert_array_equal(simulate(parts, 1).weeks, simulate(whole, 1).weeks)


@pytest.mark.parametrize("name", FACTORS)
def test_a_week_of_a_factor_is_the_mean_of_its_days(name: str) -> None:
    kind = next(kind for kind in GO_ON if name in build({"kind": kind}).levers(Scenario().residents))
    full = pieces(kind, [0, DAYS], ramp=0).levers()[name][1]
    part = pieces(kind, [3, DAYS], ramp=0).levers()[name][1]
    assert part == pytest.approx(1 + 4 / 7 * (full - 1))
