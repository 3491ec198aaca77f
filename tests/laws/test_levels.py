"""Levels stay between nothing and full, shares between none and all, and every number is a number."""

import numpy as np
from hypothesis import given

from tests.laws.strategies import ROWS, fields, laws, lives, moments


@laws(80)
@given(lives())
def test_levels_and_shares_stay_within_0_and_1(life):
    for now in moments(life):
        for unit in ("level", "share"):
            for name, values in fields(now.world, unit):
                assert values.min() >= 0.0 and values.max() <= 1.0, f"week {now.week}: {name} {values.min()} .. {values.max()}"
        assert now.world.ties.min() >= 0.0 and now.world.ties.max() <= 1.0


@laws(40)
@given(lives())
def test_every_number_is_finite(life):
    for now in moments(life, every=13):
        for rows in ROWS.values():
            array = getattr(now.world, rows)
            for name in array.dtype.names:
                assert np.isfinite(array[name]).all(), f"week {now.week}: {rows}.{name}"
        assert np.isfinite(now.world.history).all()


@laws(40)
@given(lives())
def test_hours_counts_and_ratios_are_not_negative(life):
    for now in moments(life, every=13):
        for unit in ("hour/week", "count", "ratio", "2**-30", "1/year"):
            for name, values in fields(now.world, unit):
                assert values.min() >= 0, f"week {now.week}: {name} {values.min()}"


@laws(40)
@given(lives())
def test_codes_and_stages_are_among_those_that_exist(life):
    ends = {"0/1": 1, "0-2": 2, "0-3": 3, "0-4": 4, "0-8": 8}
    for now in moments(life, every=13):
        for unit, highest in ends.items():
            for name, values in fields(now.world, unit):
                assert values.min() >= 0 and values.max() <= highest, f"week {now.week}: {name}"
