"""Regimes: three worlds get the label that fits them, and signals mean what they say."""

import numpy as np
import pandas as pd
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.regime import (
    MIDDLE_HOLD,
    MIDDLE_TRUST,
    REGIMES,
    RESILIENT,
    STUCK,
    TIPPING,
    TREND,
    WINDOW,
    memory,
    regime,
    regimes,
    signals,
    unrest,
)


def weeks_of(trust, hold):
    """Return weeks with these levels of trust and of crime's hold."""
    return pd.DataFrame({"trust_institutions": trust, "crime_hold": hold}).rename_axis("week")


def test_the_label_asks_both_stocks():
    low, high = MIDDLE_TRUST - 0.05, MIDDLE_TRUST + 0.05
    for trust, hold, label in (
        (low, MIDDLE_HOLD + 0.05, STUCK), (high, MIDDLE_HOLD + 0.05, TIPPING), (low, MIDDLE_HOLD - 0.05, TIPPING),
        (high, MIDDLE_HOLD - 0.05, RESILIENT),
    ):  # fmt: skip
        assert set(regimes(weeks_of(np.full(60, trust), np.full(60, hold)))) == {label}


def test_a_label_changes_when_a_year_has_changed_and_not_with_a_week():
    trust = np.r_[np.full(100, 0.3), 0.9, np.full(99, 0.3), np.full(100, 0.9)]
    found = regime(weeks_of(trust, np.full(300, 0.1)))
    assert [label for _, label in found.course] == [TIPPING, RESILIENT]
    assert 200 < found.course[1][0] < 200 + WEEKS_A_YEAR
    assert str(found) == f"tipping at first; resilient from week {found.course[1][0]}"
    assert found.now == RESILIENT


@pytest.mark.parametrize(("area", "label"), [("tilburg-noord", STUCK), ("overvecht", STUCK), ("contrast", RESILIENT)])
def test_a_world_without_programmes_keeps_its_label(area, label):
    run = simulate(Scenario(area=area, people=2_000, years=10), seed=1)
    assert str(run.regime) == f"{label} all along"


def test_a_neighbourhood_that_gets_out_passes_from_stuck_via_tipping_to_resilient():
    climb = np.r_[np.zeros(100), np.linspace(0.0, 1.0, 400), np.ones(100)]  # whether one does is a pattern (T1), not a test
    found = regime(weeks_of(MIDDLE_TRUST - 0.2 + 0.4 * climb, MIDDLE_HOLD + 0.2 - 0.3 * climb))
    assert tuple(label for _, label in found.course) == REGIMES


def test_unrest_is_one_where_events_do_not_hang_together_and_more_where_they_do():
    dice = np.random.default_rng(1)
    alone = pd.Series(dice.poisson(20, 4_000))
    bursts = pd.Series(10 * dice.poisson(2, 4_000))
    assert unrest(alone).mean() == pytest.approx(1.0, abs=0.1)
    assert unrest(bursts).mean() == pytest.approx(10.0, rel=0.1)


def test_memory_is_the_correlation_with_the_week_before_and_not_growth():
    dice = np.random.default_rng(2)
    shocks = dice.normal(size=6_000)
    slow = np.zeros(6_000)
    for week in range(1, 6_000):
        slow[week] = 0.6 * slow[week - 1] + shocks[week]
    assert memory(pd.Series(shocks)).mean() == pytest.approx(0.0, abs=0.06)
    assert memory(pd.Series(slow)).mean() == pytest.approx(0.6, abs=0.1)
    assert memory(pd.Series(shocks + 0.01 * np.arange(6_000))).mean() == pytest.approx(0.0, abs=0.06)


def test_signals_look_back_only(stuck):
    whole, half = signals(stuck.weeks), signals(stuck.weeks.iloc[:300])
    pd.testing.assert_frame_equal(whole.iloc[:300], half)
    assert whole["reports_unrest"].first_valid_index() == TREND + WINDOW - 1
    assert whole.iloc[-1].notna().all()
