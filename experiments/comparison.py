"""Comparisons: what every scenario does, as a table."""

import pandas as pd

from .results import StudyResults
from .statistics import RENAMED

SHOWN = (
    "better", "same", "worse", "points", "correlation", "pairing_gain", "sd_luck", "sd_parameters", "crn_gain", "p_difference",
    "p_equivalence", "verdict",
)  # fmt: skip


def compared(study: StudyResults) -> pd.DataFrame:
    """Return what every scenario of a study that has a question does: a row a scenario; index scenario.

    Columns: outcome, against (the scenario of its block that it is compared with), baseline (mean under that one), difference
    with low and high (95 % interval), better, same
    and worse (worlds), points, correlation, pairing_gain (unpaired units that a pair is worth), sd_luck and sd_parameters
    (standard deviations by luck and by what nobody knows), crn_gain (runs with luck of their own that a run in a shared world
    is worth), p_difference and p_equivalence (after Holm), verdict, extra_cost (euros), and cost_per_unit with cost_low and
    cost_high (not a number where it is not defined).  Behind them stand those of `statistics.RENAMED`, under their old names.
    """
    rows = []
    for each in study.effects():
        mean, low, high = each.difference
        extra = study.extra_cost(each.scenario)
        cost = study.price(each)
        per_unit = dict(zip(("cost_per_unit", "cost_low", "cost_high"), cost or (float("nan"),) * 3, strict=True))
        known = {name: getattr(each, name) for name in SHOWN}
        shown = {
            "scenario": each.scenario,
            "outcome": each.outcome,
            "against": study.plan.baseline(each.scenario),
            "baseline": each.baseline,
            "difference": mean,
            "low": low,
            "high": high,
        }
        rows.append({**shown, **known, "extra_cost": extra, **per_unit})
    if not rows:
        return pd.DataFrame()
    spreads = {"sd_luck": float, "sd_parameters": float}  # none becomes not a number
    table = pd.DataFrame(rows).set_index("scenario").astype(spreads)
    return table.assign(**{old: table[new] for old, new in RENAMED.items()})
