"""Designs: plausible points that lie in their range, stay when a study grows, and are spread evenly; seeds of worlds."""

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import (
    DESIGNS,
    FIRST_BLOCK,
    SIZES,
    asked_runs,
    bounds,
    parameters_of,
    points,
    strata,
    uncertain,
    world_seed,
)
from kantelpunt.experiments.provenance import Model
from kantelpunt.model.errors import InputError
from kantelpunt.model.quantity import Quantity
from kantelpunt.model.registry import quantities
from kantelpunt.model.scenario import Scenario

SKEWED = Quantity(1.0, 0.0, 9.0, "unit", "assumed", "a number that may be much higher, or a little lower")


def test_point_0_holds_the_defaults_and_all_others_are_plausible():
    table = points(40, seed=1, spread=1.0)
    assert list(table.columns) == list(uncertain())
    for name, quantity in uncertain().items():
        assert table[name].iloc[0] == quantity.default
        assert table[name].between(quantity.low, quantity.high).all()
    assert table.iloc[1:].nunique().min() > 30
    Scenario(parameters=table.iloc[7].to_dict())


def test_only_what_is_uncertain_is_varied():
    assert {quantity.kind for quantity in uncertain().values()} == {"uncertain"}


def test_growing_keeps_the_old_points():
    few, many = points(10, seed=3), points(70, seed=3)
    pd.testing.assert_frame_equal(few, many.iloc[:10])


def test_a_seed_says_which_points_and_another_seed_gives_others():
    pd.testing.assert_frame_equal(points(5, seed=3), points(5, seed=3))
    assert not np.allclose(points(5, seed=3).iloc[1:], points(5, seed=4).iloc[1:])


def test_one_more_quantity_leaves_the_others_as_they_were():
    alone, together = points(9, 1, varied={"a": SKEWED}), points(9, 1, varied={"b": SKEWED, "a": SKEWED})
    assert alone["a"].tolist() == together["a"].tolist()
    assert together["a"].tolist() != together["b"].tolist()


def test_every_block_has_one_point_in_every_stratum():
    shares = strata(4 * FIRST_BLOCK, seed=1, name="rule.name")
    blocks = [shares[:FIRST_BLOCK], shares[FIRST_BLOCK : 2 * FIRST_BLOCK], shares[2 * FIRST_BLOCK :]]
    for block in blocks:
        assert sorted((block * block.size).astype(int)) == list(range(block.size))


def test_the_default_is_the_median_and_the_spread_the_bound():
    values = points(2001, seed=1, spread=0.5, varied={"a": SKEWED})["a"]
    assert (values < 1.0).mean() == pytest.approx(0.5, abs=0.01)
    assert values.min() >= 0.5
    assert values.max() <= 5.0
    assert ((values > 0.75) & (values < 3.0)).mean() == pytest.approx(0.75, abs=0.01)  # the nearer half of a falling line
    assert (points(9, 1, spread=0.0, varied={"a": SKEWED})["a"] == 1.0).all()


def test_axes_are_independent():
    table = points(513, seed=1).iloc[1:, :12]
    correlation = np.corrcoef(table.to_numpy().T)
    assert np.abs(correlation[~np.eye(12, dtype=bool)]).max() < 0.2


@pytest.mark.parametrize(("arguments", "place"), [((0, 1), "points"), ((3, 1, -0.1), "spread"), ((3, 1, 1.1), "spread")])
def test_impossible_designs_are_refused(arguments, place):
    with pytest.raises(InputError, match=place):
        points(*arguments)


DESIGN = {"people": 120, "years": 1, "scenario": {"today": {}}, "vary": ["norms.sanction", "trust.gain"]}


@pytest.mark.parametrize(
    ("name", "n", "size"), [("sobol", 9, 9), ("grid", 3, 9), ("one_at_a_time", 3, 7), ("morris", 4, 12), ("saltelli", 4, 16)]
)
def test_every_design_lies_in_its_bounds_and_says_how_large_it_is(name, n, size):
    plan = Plan.read({**DESIGN, "design": name, "points": n})
    table = parameters_of(plan)
    assert table.shape == (size, 2)
    for parameter, (low, high) in bounds(0.5, {each: quantities()[each] for each in plan.vary}).items():
        assert table[parameter].between(low - 1e-9, high + 1e-9).all()
    pd.testing.assert_frame_equal(table, parameters_of(plan))


def test_points_that_are_compared_share_their_luck_and_others_do_not():
    for name, n_seeds in (("one_at_a_time", 1), ("morris", 1), ("grid", 1), ("latin", 3), ("sobol", 3)):
        plan = Plan.read({**DESIGN, "design": name, "points": 3, "worlds": 1})
        asked = asked_runs(plan, parameters_of(plan), Model("model"))
        assert (asked["seed"].nunique() == 1) == (n_seeds == 1)


def test_a_sobol_sequence_keeps_its_points_when_it_grows():
    few, many = (parameters_of(Plan.read({**DESIGN, "design": "sobol", "points": n})) for n in (9, 33))
    pd.testing.assert_frame_equal(few, many.iloc[:9])


def test_designs_that_cannot_be_made_are_refused():
    for changes, word in (
        ({"design": "grid", "points": 1_000}, "combinations"),
        ({"design": "saltelli", "points": 12}, "power of two"),
    ):
        with pytest.raises(InputError, match=word):
            parameters_of(Plan.read({**DESIGN, **changes}))


def test_worlds_have_seeds_of_their_own_that_never_change():
    seeds = {world_seed(seed, point, world) for seed in range(3) for point in range(40) for world in range(20)}
    assert len(seeds) == 3 * 40 * 20
    assert max(seeds) < 2**48
    assert world_seed(1, 2, 3) == 166756697057578


@pytest.mark.parametrize("n", [None, 1_000_000])
def test_more_runs_than_a_study_can_hold_are_refused_at_once(n):
    plan = Plan.read({"points": 100_000, "worlds": 100_000, "scenario": {"a": {}, "b": {}}})
    table = pd.DataFrame({"norms.sanction": np.full(100_000, 0.5)})
    with pytest.raises(InputError, match="too many runs") as caught:
        asked_runs(plan, table, Model("model"), n)
    assert caught.value.value == 2 * (n or 100_000 * 100_000)


@pytest.mark.parametrize("design", ["morris", "saltelli", "one_at_a_time"])
def test_a_design_of_far_more_points_than_it_is_asked_for_is_refused_before_it_is_made(design):
    plan = Plan.read({"people": 60, "years": 1, "worlds": 1, "points": 65_536, "design": design, "scenario": {"today": {}}})
    with pytest.raises(InputError) as told:
        parameters_of(plan)
    assert (told.value.code, told.value.place) == ("runs.too_many", "points")


def test_a_design_says_how_many_points_it_will_have():
    varied = dict(list(uncertain().items())[:3])
    for design, size in SIZES.items():
        assert len(DESIGNS[design](8, 1, 0.5, varied)) == size(8, 3)
