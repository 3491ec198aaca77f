"""Regimes: is a neighbourhood stuck, tipping or resilient, and does anything warn of a change?

Two stocks oppose each other: trust in institutions and crime's hold on places where people live.  A year's mean of each is
held against the middle between a focus and a contrast area.

    stuck        neither trust nor hold is on the good side of the middle
    tipping      one is: on its way, in either direction, or at rest halfway
    resilient    both are

Signals that may warn of a change are computed in a rolling window, from nothing but what has passed.  Whether they do warn
is measured by `uv run python -m tests.science` (E1-E7); a label and signals describe a world, they are no forecast.

This is about a finished table of weeks, not about a week: so it stands outside the rules and outside compiled code.

Sources: evidence 5.3 (two regimes, signals); Scheffer e.a. 2009, Dakos e.a. 2012 (variance, lag-1 autocorrelation); M1, M16.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .calendar import WEEKS_A_YEAR

if TYPE_CHECKING:
    import pandas as pd

STUCK, TIPPING, RESILIENT = REGIMES = ("stuck", "tipping", "resilient")
MIDDLE_TRUST, MIDDLE_HOLD = 0.53, 0.25  # about halfway between a focus and a contrast area at rest
WINDOW = 104  # weeks in which signals are computed
TREND = 26  # weeks of the moving mean that is taken out before, so that growth is not taken for unrest
CONTACTS = ["good_contacts", "bad_contacts"]


@dataclass(frozen=True)
class Regime:
    """How a run went, in regimes.

    ``course`` holds (first week, regime) of every stretch, in order.
    """

    course: tuple[tuple[int, str], ...]

    @property
    def now(self) -> str:
        """Return the regime of the last week."""
        return self.course[-1][1]

    def __str__(self) -> str:
        """Return the course in words."""
        (_, first), *later = self.course
        if not later:
            return f"{first} all along"
        return "; ".join([f"{first} at first", *(f"{name} from week {week}" for week, name in later)])


def passed(trust: np.ndarray, hold: np.ndarray) -> np.ndarray:
    """Return the regime of every week, as its place in `REGIMES`: how many of both are on the good side of the middle."""
    return (mean_of_year(trust) > MIDDLE_TRUST).astype(int) + (mean_of_year(hold) < MIDDLE_HOLD)


def mean_of_year(values: np.ndarray) -> np.ndarray:
    """Return the mean over the year that ends in every week, or over what there is of it."""
    sums = np.cumsum(values, dtype=float)
    sums[WEEKS_A_YEAR:] -= sums[:-WEEKS_A_YEAR].copy()
    return sums / np.minimum(np.arange(1, sums.size + 1), WEEKS_A_YEAR)


def regimes(weeks: "pd.DataFrame") -> "pd.Series":
    """Return the regime of every week of a run (`Run.weeks`), as a category in the order of `REGIMES`."""
    import pandas as pd

    places = passed(weeks["trust_institutions"].to_numpy(), weeks["crime_hold"].to_numpy())
    codes = pd.Categorical.from_codes(places, categories=pd.Index(REGIMES), ordered=True)
    return pd.Series(codes, index=weeks.index, name="regime")


def regime(weeks: "pd.DataFrame") -> Regime:
    """Return how a run went, in regimes."""
    names = regimes(weeks).astype(str)
    begins = names[names != names.shift()]
    return Regime(tuple((int(week), name) for week, name in begins.items()))  # type: ignore[call-overload]


def signals(weeks: "pd.DataFrame") -> "pd.DataFrame":
    """Return signals that may warn of a change, one row a week; not a number until a window has passed.

    reports_unrest, contacts_unrest    variance over mean of weekly reports and contacts, in the window
    reports_memory, contacts_memory    their correlation from one week to the next, in the window
    recovery                           the same of disorder: the nearer to 1, the slower a shock heals
    open_adults                        share of adults below 0.5 in the friend-enemy norm
    guarded_squares                    share of squares around which efficacy is above the threshold
    """
    import pandas as pd

    found = {}
    for name, series in (("reports", weeks["reports"]), ("contacts", weeks[CONTACTS].sum(axis=1))):
        found[f"{name}_unrest"] = unrest(series)
        found[f"{name}_memory"] = memory(series)
    found["recovery"] = memory(weeks["disorder"])
    found["open_adults"] = 1.0 - weeks["norm_enemy"]
    found["guarded_squares"] = weeks["guarded_squares"]
    return pd.DataFrame(found)


def detrended(series: "pd.Series") -> "pd.Series":
    """Return a series without its slow course: less its mean over the weeks that passed; the start, week 0, is left out."""
    return series.iloc[1:] - series.iloc[1:].rolling(TREND).mean()


def unrest(series: "pd.Series") -> "pd.Series":
    """Return the variance of what is counted over its mean: 1 where events do not hang together, however many there are."""
    mean = series.iloc[1:].rolling(WINDOW).mean()
    return (detrended(series).rolling(WINDOW).var() / mean.where(mean > 0)).reindex(series.index)


def memory(series: "pd.Series") -> "pd.Series":
    """Return the correlation of a week with the week before."""
    rest = detrended(series)
    return rest.rolling(WINDOW).corr(rest.shift()).reindex(series.index)
