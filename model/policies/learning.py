"""Systemic working: a team makes itself a picture, tries levers in one quarter of the neighbourhood each, and learns from that.

1. Picture: which loop holds this neighbourhood where it is, by what residents told workers in the last year:
   P(loop) = (1 + told) / (number of loops + all told).  It is as wrong as what little is told.
2. For each lever a leading indicator, chosen beforehand: that of the loop at which it is aimed (`AIMS`).
3. Trial: a part of the budget goes to one lever in each quarter of the neighbourhood.  The measure is the change of its indicator
   there, against the year before, less that of the other quarters in that time, in units of how much such changes usually are.
4. Posterior of each lever's worth w, from a sceptical prior that leans on the picture:
   w ~ N(hope * (P(loop) - 1 / number of loops), 1),   change ~ N(w, 1);
5. The rest of the budget goes everywhere, to each lever as much as the chance that it is the best; what is tried next is drawn
   by the same chance (Thompson 1933), so that what is little known is tried too.

A pure function of what is seen: the whole posterior is worked out anew every time.  It may be wrong: effects that come later
than a quarter of a year, that do not stay in a quarter or that do not show in the indicator are not learned.
Sources: M16-M18 (action learning); Thompson 1933 (sampling by the chance to be best); aims and hope assumed.
"""

from typing import NamedTuple

import numpy as np

from ..draws import uniforms
from ..state.codes import QUARTERS
from .decision import Budget
from .seen import LOOPS, Seen

YEAR = 4  # quarters
HOPE = 2.0  # worth of a lever against a loop that certainly holds, in usual changes, assumed
DRAWS, DICE, SIDES = 400, 12, 2**20  # of the posterior; a bell is a sum of dice, which is a whole number on every machine
AIMS = {
    "distrust": (
        "visible_presence", "contact_seeking", "small_visible_actions", "safe_places", "intervention_professional",
        "norms_dialogue", "co_creation", "key_figures",
    ),
    "offers": ("mentoring", "legal_opportunities", "youth_activities", "person_centred", "awareness_lesson"),
    "families": ("family_approach", "debt_relief", "aftercare"),
    "disorder": ("hot_spot_enforcement", "place_improvement"),
    "desks": (
        "frontline_team", "process_facilitator", "sirenelunch", "training_on_the_job", "backing", "staff_selection", "awareness",
        "reachable_municipality", "neighbourhood_exploration",
    ),
}  # fmt: skip
INDICATORS = {  # loop -> leading indicator, and which way is better
    "distrust": ("trust", 1.0),
    "offers": ("arrests", -1.0),
    "families": ("family_worries", -1.0),
    "disorder": ("unsafe", -1.0),
    "desks": ("answers", 1.0),
}


class Worth(NamedTuple):
    """The opinion of a team about each lever: mean and standard deviation, in usual changes of its indicator."""

    mean: np.ndarray
    spread: np.ndarray


def team(step: float, quarter: int, seen: Seen) -> Budget:
    """Return a budget of which the share ``step`` goes to trials, and the rest to each lever as its worth is believed to be."""
    drawn = draws(worth(seen), seen.luck)
    common = np.bincount(drawn.argmax(axis=1), minlength=len(seen.menu)) / DRAWS
    budget = {kind: dict.fromkeys(seen.where, 0.0) for kind in seen.menu}
    for share, kind in zip(common, seen.menu, strict=True):
        for place in seen.where:
            budget[kind][place] += (1.0 - step) * share * seen.budget / len(seen.where)
    for place, lever in zip(seen.where, tried(drawn, len(seen.where)), strict=True):
        budget[seen.menu[lever]][place] += step * seen.budget / len(seen.where)
    return budget


def tried(drawn: np.ndarray, n: int) -> list[int]:
    """Return what is tried in each of n quarters: the best by a draw of its own that is not tried in another one yet."""
    chosen: list[int] = []
    for values in drawn[:n]:
        order = np.argsort(-values, kind="stable")
        chosen.append(next((int(lever) for lever in order if lever not in chosen), int(order[0])))
    return chosen


def draws(worth: Worth, luck: int) -> np.ndarray:
    """Return draws from the posterior, shape (DRAWS, menu)."""
    thrown = uniforms(luck, np.arange(DRAWS * worth.mean.size * DICE))
    dice = (thrown * SIDES).astype(np.int64).reshape(DRAWS, worth.mean.size, DICE).sum(axis=2)
    return worth.mean + worth.spread * (dice / SIDES - DICE / 2)


def picture(seen: Seen) -> dict[str, float]:
    """Return how likely each loop is thought to hold the neighbourhood."""
    told = {loop: float(seen.sign(f"told_{loop}")[-YEAR:].sum()) for loop in LOOPS}
    all_told = sum(told.values())
    return {loop: (1.0 + told[loop]) / (len(LOOPS) + all_told) for loop in LOOPS}


def worth(seen: Seen) -> Worth:
    """Return what the picture and all trials so far say of each lever on the menu."""
    believed, aim = picture(seen), {kind: loop for loop, kinds in AIMS.items() for kind in kinds}
    changes = {loop: changed(seen, loop) for loop in LOOPS}
    mean, spread = np.zeros(len(seen.menu)), np.ones(len(seen.menu))
    for i, kind in enumerate(seen.menu):
        shown = changes[aim[kind]][extra(seen, i)]
        shown = shown[np.isfinite(shown)]
        mean[i] = (HOPE * (believed[aim[kind]] - 1.0 / len(LOOPS)) + shown.sum()) / (1.0 + shown.size)
        spread[i] = 1.0 / np.sqrt(1.0 + shown.size)
    return Worth(mean, spread)


def extra(seen: Seen, lever: int) -> np.ndarray:
    """Return when and where a lever was tried, of what is known: more was spent on it there than in the other quarters."""
    spent = seen.spent[: len(seen.signs), :, lever]
    return against_others(spent) > 1e-6 * seen.budget


def changed(seen: Seen, loop: str) -> np.ndarray:
    """Return how much better than the year before the indicator of a loop was, against the other quarters of the neighbourhood.

    Shape (quarters of a year, quarters of the neighbourhood), in units of how much it usually is; NaN where there is no before.
    """
    name, better = INDICATORS[loop]
    lead = better * against_others(answers(seen) if name == "answers" else seen.sign(name))
    change = np.full(lead.shape, np.nan)
    for quarter in range(1, len(lead)):
        change[quarter] = lead[quarter] - lead[max(quarter - YEAR, 0) : quarter].mean(axis=0)
    usual = np.sqrt(np.mean(change[1:] * change[1:])) if len(lead) > 1 else 0.0
    return change / usual if usual > 0 else np.full(lead.shape, np.nan)


def answers(seen: Seen) -> np.ndarray:
    """Return the share of reports that were answered, a half where there were none."""
    answered, unanswered = seen.sign("answered"), seen.sign("unanswered")
    return (answered + 1.0) / (answered + unanswered + 2.0)


def against_others(values: np.ndarray) -> np.ndarray:
    """Return values less the mean of the other quarters of the neighbourhood."""
    return (values - values.mean(axis=1, keepdims=True)) * (len(QUARTERS) / (len(QUARTERS) - 1))
