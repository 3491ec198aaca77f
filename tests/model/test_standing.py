"""The indices of an area: smooth, of several figures, each in the direction that the literature gives."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model.population.areas import PRESETS, area, areas
from kantelpunt.model.population.standing import FIGURES, PARTS, SPREAD, USUAL, people_a_km2, standing

USUAL_AREA = dataclasses.replace(
    area("small-town"), people=10_000, age_15_24=1_236, age_25_44=2_500, low_income=40.0, participation=64.8, high_education=31.9,
    owned=58.2, address_density=1_394,
)  # fmt: skip


def test_a_usual_neighbourhood_stands_at_nought():
    assert standing(USUAL_AREA) == pytest.approx((0.0, 0.0, 0.0), abs=0.01)


def test_an_index_is_the_mean_of_its_standardised_figures():
    poor = dataclasses.replace(USUAL_AREA, low_income=40.0 + 5.6, participation=64.8 - 4.9)
    assert standing(poor).disadvantage == pytest.approx(2 / 3 / SPREAD["disadvantage"])
    assert standing(poor).instability == pytest.approx(0.0, abs=0.01)


@given(st.sampled_from(["low_income", "participation", "high_education", "owned"]), st.floats(0.0, 99.0))
def test_no_figure_is_cut_off(name, share):
    less, more = (standing(dataclasses.replace(USUAL_AREA, **{name: share + step})) for step in (0.0, 1.0))
    index, sign = next((index, parts[name]) for index, parts in PARTS.items() if name in parts)
    step = 1.0 / USUAL[name][1] / len(PARTS[index]) / SPREAD[index]
    assert getattr(more, index) - getattr(less, index) == pytest.approx(sign * step)


def test_every_figure_has_a_place_in_one_index():
    assert sorted(FIGURES) == sorted(USUAL) == sorted(name for parts in PARTS.values() for name in parts)


def test_buurten_of_one_wijk_differ():
    buurten = sorted(standing(each).disadvantage for each in areas() if each.code.startswith("BU034403"))
    assert len(buurten) == 8
    assert min(b - a for a, b in pairwise(buurten)) > 0.0
    assert buurten[-1] - buurten[0] > 1.0


def test_presets_stand_where_they_are_known_to():
    found = {name: standing(area(name)) for name in PRESETS}
    assert found["contrast"].disadvantage < -1.0 < 0.0 < found["small-town"].disadvantage < 1.0
    assert min(found["overvecht"].disadvantage, found["tilburg-noord"].disadvantage) > 1.2
    assert found["overvecht"].instability > 1.0 > found["small-town"].instability
    assert found["small-town"].urbanity < 0.0 < 1.0 < found["overvecht"].urbanity


def test_people_live_as_densely_as_addresses_and_households_say():
    dense = dataclasses.replace(USUAL_AREA, address_density=3_000, people=10_000, dwellings=5_000)
    assert people_a_km2(dense) == pytest.approx(6_000.0)
