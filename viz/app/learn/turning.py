"""Which causal loops turn: how much happened in the last quarter of a year along the weakest link of each.  Knows no browser.

The loops are those of the page About (`experiments/analysis/loops.toml`); a link is a rule that carries one, and its events are
in the log of a world.  A loop of which fewer than two links leave events cannot be told.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from kantelpunt.experiments.analysis.loops import Loop, loops
from kantelpunt.model.state.codes import EVENT_KINDS

from .paired_worlds import ObservedWorld, PairedWorlds

SPAN = 13  # weeks
FEWEST_LINKS, SHOWN = 2, 5
LEFT_BY = {  # rule -> the events that it leaves
    "reporting": ("report",),
    "casework": ("case closed",),
    "mentoring_and_plans": ("plan started",),
    "norms": ("sanction",),
    "encounters": ("good contact", "bad contact"),
    "recruitment": ("offer", "recruited"),
    "offending": ("offence",),
    "enforcement": ("arrest", "raided"),
    "promises": ("promise kept", "promise broken"),
    "stories": ("heard",),
    "desistance": ("stage down",),
    "workforce": ("staff left",),
}


class Turning(NamedTuple):
    """A loop, and how much happened along its weakest link in both worlds."""

    loop: Loop
    left: int
    right: int


@cache
def told() -> tuple[tuple[Loop, tuple[str, ...]], ...]:
    """Return the loops that events tell of, each with its links."""
    found = ((loop, tuple(rule for rule in loop.rules if rule in LEFT_BY)) for loop in loops().values())
    return tuple((loop, links) for loop, links in found if len(links) >= FEWEST_LINKS)


def counts(world: ObservedWorld, week: int) -> dict[str, int]:
    """Return how many events each rule left in the last quarter of a year."""
    log = world.log
    first, last = np.searchsorted(log["week"], [week - SPAN + 1, week + 1])
    kinds = np.bincount(log["kind"][first:last], minlength=len(EVENT_KINDS))
    return {rule: int(sum(kinds[EVENT_KINDS.index(kind)] for kind in some)) for rule, some in LEFT_BY.items()}


def turning(twins: PairedWorlds) -> list[Turning]:
    """Return the loops that turn in either world, those in which the two differ most first."""
    left, right = (counts(world, twins.week) for world in twins.worlds)
    found = [Turning(loop, min(left[link] for link in links), min(right[link] for link in links)) for loop, links in told()]
    turns = [each for each in found if each.left or each.right]
    return sorted(turns, key=lambda each: (-abs(np.log1p(each.left) - np.log1p(each.right)), -max(each[1:])))[:SHOWN]
