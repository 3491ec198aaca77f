"""Comparisons: what every scenario does, as a table."""

import pandas as pd

from .results import StudyResults


def compared(study: StudyResults) -> pd.DataFrame:
    """Return what every scenario of a study that has a question does: a row a scenario; index scenario.

    Columns: baseline (mean under the scenario compared against), difference with low and high (95 % interval), better, same
    and worse (worlds), points, correlation, worth (unpaired units that a pair is worth), chance and plausible (standard
    deviations by luck and by what nobody knows), twins (runs with luck of their own that a run in a shared world is worth),
    p_different and p_same (after Holm), verdict, extra_cost (euros), and cost_per_unit with cost_low and cost_high (not a number
    where it is not defined).
    """
    rows = []
    for each in study.effects():
        mean, low, high = each.difference
        extra = study.extra_cost(each.scenario)
        cost = study.price(each)
        per_unit = dict(zip(("cost_per_unit", "cost_low", "cost_high"), cost or (float("nan"),) * 3, strict=True))
        known = {name: getattr(each, name) for name in ("better", "same", "worse", "points", "correlation", "worth", "chance")}
        tests = {name: getattr(each, name) for name in ("plausible", "twins", "p_different", "p_same", "verdict")}
        shown = {"scenario": each.scenario, "baseline": each.baseline, "difference": mean, "low": low, "high": high}
        rows.append({**shown, **known, **tests, "extra_cost": extra, **per_unit})
    spreads = {"chance": float, "plausible": float}  # none becomes not a number
    return pd.DataFrame(rows).set_index("scenario").astype(spreads) if rows else pd.DataFrame()
