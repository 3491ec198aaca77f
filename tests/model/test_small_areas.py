"""The oddest areas: few people, no children, nobody of working age, flats alone.  Each runs to its end or is refused."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import SMALLEST
from kantelpunt.model.population.cbs_workbook import AGES, COLUMNS
from tests.generated import COUNT, examples

AGE_COLUMNS = [COLUMNS[name][0] for name in AGES]
OLD = {
    "a_inw": 200,
    "a_00_14": 0,
    "a_15_24": 0,
    "a_25_44": 0,
    "a_45_64": 0,
    "a_65_oo": 200,
    "a_hh": 180,
    "p_mgezw": 78,
    "a_soz_wb": 0,
}
ODD = {
    "nobody of working age": OLD,
    "children and the old": OLD | {"a_inw": 90, "a_00_14": 40, "a_65_oo": 50, "a_hh": "."},
    "no children, flats alone": OLD | {"a_inw": 50, "a_25_44": 25, "a_45_64": 25, "a_65_oo": 0, "a_hh": 30, "p_mgezw": 100},
    "the young alone": OLD | {"a_inw": 60, "a_15_24": 60, "a_65_oo": 0, "a_hh": 60, "a_soz_wb": 60},
    "few grown people": OLD | {"a_inw": 100, "a_00_14": 75, "a_25_44": 25, "a_65_oo": 0, "a_hh": "."},
}


def scenario(row: dict, years: int = 1) -> Scenario:
    return Scenario(
        area="BU1",
        area_rows=[{"gwb_code": "BU1", "regio": "Odd", **{name: str(each) for name, each in row.items()}}],
        years=years,
    )


@pytest.mark.parametrize("name", ODD)
def test_an_odd_area_runs_to_its_end(name):
    run = simulate(scenario(ODD[name], years=3), 1)
    assert not run.weeks.isna().any(axis=None)


@pytest.mark.parametrize("people", range(1, SMALLEST))
def test_fewer_people_than_can_be_simulated_are_refused(people):
    with pytest.raises(InputError, match="too few"):
        scenario(OLD | {"a_inw": people, "a_65_oo": people, "a_hh": "."})


def test_an_area_that_is_listed_as_large_enough_can_be_simulated():
    row = OLD | {"a_inw": SMALLEST, "a_65_oo": SMALLEST, "a_hh": "."}
    assert scenario(row).resolved_area().can_be_simulated and scenario(row).n_people == SMALLEST
    assert Scenario(people=SMALLEST).n_people == SMALLEST


counts = st.one_of(st.just(0), st.integers(0, 12).map(lambda n: 5 * n))
shares = st.one_of(st.sampled_from((".", "0", "100")), st.integers(1, 99).map(str))


@examples(COUNT)
@given(
    ages=st.tuples(counts, counts, counts, counts, counts),
    off=st.integers(-10, 10),
    households=st.one_of(st.just("."), st.integers(0, 250)),
    percentages=st.tuples(shares, shares, shares, shares),
    welfare=st.one_of(st.just("."), st.integers(0, 60)),
    seed=st.integers(0, 2**63 - 1),
)
@example(ages=(0, 0, 0, 0, 200), off=0, households=180, percentages=(".",) * 4, welfare=0, seed=1)
def test_any_row_is_refused_or_gives_a_world_without_a_gap(ages, off, households, percentages, welfare, seed):
    row = {"a_inw": max(sum(ages) + off, 0), **dict(zip(AGE_COLUMNS, ages, strict=True)), "a_hh": households, "a_soz_wb": welfare}
    row |= dict(zip(("p_koopw", "p_mgezw", "p_arb_pp", "p_ink_li"), percentages, strict=True))
    try:
        there = scenario(row)
    except InputError as error:
        assert "BU1" in str(error) or "people" in str(error)
        return
    world = simulate(there, seed).world
    assert np.isfinite(world.history).all()
    for table in (world.people, world.households, world.newcomer_levels):
        for name in (name for name in table.dtype.names if table.dtype[name].kind == "f"):
            assert np.isfinite(table[name]).all(), name
