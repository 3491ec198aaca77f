"""The patterns that held when the reference was published hold in fewer worlds too, and the reference is about these patterns."""

import warnings

import numpy as np
import pandas as pd
import pytest

from . import scenarios
from .__main__ import REFERENCE, recorded  # it knows all modules that register patterns
from .measure import PATTERNS, measure, used_for_fitting
from .regimes import rise

KEYS = {"id": str, "target": str, "holds": str}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Return the table of the reference, by id."""
    return pd.read_csv(REFERENCE / "patterns.csv", dtype=KEYS, keep_default_na=False).set_index("id")


def test_every_world_has_a_plausible_setting_of_its_own_and_what_a_pattern_sets_counts_for_more(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "SETTINGS", [])
    assert not scenarios.scenario_of(1, people=200).parameters
    rows = "point,worst,stories.telling,stories.share\n7,1.0,0.1,0.12\n9,2.0,0.2,0.13\n"
    (tmp_path / "some.csv").write_text(rows)
    assert scenarios.take_plausible(tmp_path / "some.csv") == 2
    told = [scenarios.scenario_of(seed, people=200, parameters={"stories.share": 0.3}).parameters for seed in (1, 2, 3)]
    assert told == [{"stories.telling": telling, "stories.share": 0.3} for telling in (0.1, 0.2, 0.1)]


def test_a_signal_that_no_world_tells_of_rose_by_nothing_without_a_warning():
    nobody, one = np.full(3, np.nan), np.array([np.nan, 0.4, np.nan])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [PATTERNS["E1"].figure({"reports_unrest": each}) for each in (nobody, one)] == [0.0, 0.4]
        assert [rise(pd.Series(some, dtype=float)) for some in ([], [np.nan], [1.0], [1.0, 1.0], [1.0, 2.0])] == [0, 0, 0, 0, 1]


def test_the_reference_is_about_these_patterns(published):
    told = recorded().set_index("id")
    assert sorted(published.index) == sorted([*PATTERNS, *told.index]), "publish again: uv run python -m tests.science"
    columns = ["what", "value", "target", "holds", "used_for_fitting"]
    assert published.loc[told.index, columns].to_dict() == told[columns].to_dict()
    for id, pattern in PATTERNS.items():
        assert (published["what"][id], published["target"][id]) == (pattern.text, pattern.target)
        assert published["used_for_fitting"][id] == used_for_fitting(id), id


def test_the_reference_judges_what_it_measured(published):
    for id, pattern in PATTERNS.items():
        verdict = ("yes" if pattern.low <= published["value"][id] <= pattern.high else "no") if pattern.judged else ""
        assert published["holds"][id] == verdict, id


@pytest.mark.science
@pytest.mark.slow
@pytest.mark.parametrize("id", PATTERNS)
def test_a_pattern_that_held_still_holds(id, published):
    """Hold the verdict of the reference, also that of a missed pattern, in fewer worlds; its figure moves with the model."""
    pattern, before = PATTERNS[id], published.loc[id]
    now = measure(pattern, pattern.again)
    told = f"{now.value:g} ({now.low:g} to {now.high:g})"
    assert np.isfinite(now.value)
    if before["holds"] == "yes":
        assert now.low <= pattern.high and now.high >= pattern.low, told
    elif before["holds"] == "no":
        assert not pattern.low <= now.low <= now.high <= pattern.high, f"{told}: it holds now, publish the table again"
