"""The reference of parts is about the parts that there are, and the sums in it are right."""

import numpy as np
import pandas as pd
import pytest

from .parts import REFERENCE, SHOWN, TOGETHER, WHOLE, arms, measures, table


def test_the_reference_holds_every_part_of_every_compound_measure():
    published = pd.read_csv(REFERENCE)
    expected = {(name, part) for name, each in measures().items() for part in (WHOLE, TOGETHER, *each.PARTS)}
    assert set(zip(published["measure"], published["part"], strict=True)) == expected, (
        "publish again: python -m tests.science.parts"
    )
    assert set(published["outcome"]) == set(SHOWN)


def test_together_is_the_whole_less_the_sum_of_its_parts():
    rng = np.random.default_rng(1)
    found = {arm: rng.standard_normal((12, len(SHOWN))) for arm in arms()}
    rows = table(found).set_index(["measure", "part", "outcome"])["difference"]
    for name, each in measures().items():
        parts = sum(rows[name, part, "recruited"] for part in each.PARTS)
        assert rows[name, TOGETHER, "recruited"] == pytest.approx(rows[name, WHOLE, "recruited"] - parts, abs=2e-3)
