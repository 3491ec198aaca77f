"""The patterns that held when the reference was published hold in fewer worlds too, and the reference is about these patterns."""

import numpy as np
import pandas as pd
import pytest

from . import (  # noqa: F401  (they register patterns)
    careers,
    dynamics,
    kinship,
    offences,
    patterns,
    programmes,
    raids,
    rates,
    reach,
    regimes,
    rest,
    size,
)
from .__main__ import REFERENCE
from .measure import PATTERNS, measure

SEEDS = 6  # worlds; the reference has more
KEYS = {"id": str, "target": str, "passed": str}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Return the table of the reference, by id."""
    return pd.read_csv(REFERENCE / "patterns.csv", dtype=KEYS, keep_default_na=False).set_index("id")


def test_the_reference_is_about_these_patterns(published):
    assert sorted(published.index) == sorted(PATTERNS), "publish again: uv run python -m tests.science"
    for id, pattern in PATTERNS.items():
        assert (published["pattern"][id], published["target"][id]) == (pattern.text, pattern.target)


def test_the_reference_judges_what_it_measured(published):
    for id, pattern in PATTERNS.items():
        verdict = ("yes" if pattern.low <= published["measured"][id] <= pattern.high else "no") if pattern.judged else ""
        assert published["passed"][id] == verdict, id


@pytest.mark.science
@pytest.mark.slow
@pytest.mark.parametrize("id", PATTERNS)
def test_a_pattern_that_held_still_holds(id, published):
    pattern, before = PATTERNS[id], published.loc[id]
    now = measure(pattern, SEEDS)
    assert np.isfinite(now.measured)
    if before["passed"] == "yes":
        assert now.low <= pattern.high and now.high >= pattern.low, f"{now.measured:g} ({now.low:g} to {now.high:g})"
    elif before["passed"] == "no":
        assert now.low <= before["high"] and now.high >= before["low"], "it changed: publish the table again"
