"""A mean of nothing is no number: it is refused, or said to be unknown."""

import warnings

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis.tipping import units_of
from kantelpunt.experiments.statistics import without_gaps
from kantelpunt.model.errors import InputError

WORLDS = pd.MultiIndex.from_product([[0, 1], [0, 1]], names=["point", "world"])


def test_worlds_with_a_gap_are_left_out():
    table = pd.DataFrame({"a": [1.0, np.nan, 3.0, 4.0], "b": 1.0}, index=WORLDS)
    assert len(without_gaps(table)) == 3
    assert units_of(table)["a"].tolist() == [1.0, 3.5]


def test_no_world_without_a_gap_is_refused():
    table = pd.DataFrame({"a": [1.0, np.nan] * 2, "b": [np.nan, 1.0] * 2}, index=WORLDS)
    with pytest.raises(InputError, match="no world holds all scenarios"):
        without_gaps(table)


def test_a_warning_about_our_own_code_is_an_error(pytestconfig):
    assert any(each.startswith("error::RuntimeWarning") for each in pytestconfig.getini("filterwarnings"))
    with pytest.raises(RuntimeWarning):
        np.array([]).mean()
    with pytest.raises(DeprecationWarning):
        warnings.warn_explicit("old", DeprecationWarning, "model/x.py", 1, module="kantelpunt.model.x")
