"""The timetable of a scenario: how far every lever is moved in each week and quarter, by all interventions together.

Interventions join day by day, and a week holds the mean of its days: around a neutral 0 they add up, around a neutral 1
they multiply; of the kind of help that is given the best counts.  One that ends on the day on which another begins that
differs in its dates only goes on: it does not build up anew.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np

from . import registry
from .interventions import Horizon, Intervention, Past, Residents
from .state.codes import QUARTERS

Bought = Sequence[tuple[Intervention, np.ndarray]]  # programmes, and how much of each is on: shape (weeks + 1, 4)


def lever_table(
    interventions: Sequence[Intervention], people: Residents, horizon: Horizon, past: Past | None, bought: Mapping[int, Bought]
) -> np.ndarray:
    """Return the levers of every week in every quarter: shape (weeks + 1, 4) of `registry.levers_dtype()`, row 0 neutral.

    The interventions are as `gone_on` leaves them.  A kind that looks back decides anew on the ``past``, and what a policy
    ``bought`` stands in place of the intervention of that number: then only the rows of the weeks to come count.
    """
    known = registry.levers()
    column = {name: i for i, name in enumerate(known)}
    low, high, neutral = (np.array([getattr(lever, side) for lever in known.values()]) for side in ("low", "high", "neutral"))
    table = np.tile(neutral, (horizon.weeks + 1, len(QUARTERS), 1))
    factors: dict[int, np.ndarray] = {}  # of each day, for levers that multiply
    best: dict[int, np.ndarray] = {}  # of each week, of the kind of help
    own = [(each, None) for i, each in enumerate(interventions) if i not in bought]
    asked = [*own, *(pair for pairs in bought.values() for pair in pairs)]
    for intervention, given in sorted(asked, key=in_order):
        here, days = list(intervention.quarters), intervention.runs(horizon)
        part = days.sum(axis=1)[:, None] / 7
        for name, value in intervention.levers(intervention.reached(people)).items():
            i = column[name]
            dose = intervention.share_of(name, horizon, past)[:, None] if given is None else given[:, here]
            share = np.broadcast_to(dose, (len(table), len(here)))
            if name in intervention.QUALITIES:
                most = best.setdefault(i, np.full(table.shape[:2], -np.inf))
                most[:, here] = np.maximum(most[:, here], np.where(share * part > 0, value, -np.inf))
            elif neutral[i] == 0:
                table[:, here, i] += part * share * value
            else:
                daily = factors.setdefault(i, np.full((horizon.weeks + 1, 7, len(QUARTERS)), neutral[i]))
                daily[:, :, here] *= neutral[i] + days[..., None] * share[:, None] * (value - neutral[i])
    for i, daily in factors.items():
        table[:, :, i] = daily[:, 0] + (daily - daily[:, :1]).sum(axis=1) / 7  # exact where all days are alike
    for i, most in best.items():
        table[:, :, i] = np.where(np.isfinite(most), most, neutral[i])
    return np.clip(table, low, high).view(registry.levers_dtype())[..., 0]


def gone_on(interventions: Sequence[Intervention], horizon: Horizon) -> list[Intervention]:
    """Return interventions, one in place of those that follow each other and differ in dates only, events apart."""
    ends: dict[tuple[str, int], list[Intervention]] = {}  # those that end on a day, by all else
    for each in sorted(interventions, key=lambda each: each.days(horizon)):
        begin, end = each.days(horizon)
        what = canonical(each.model_copy(update={"from_": None, "until": None}))
        before = ends.get((what, begin), []) if not each.EVENT else []
        whole = each.model_copy(update={"from_": before.pop().from_}) if before else each
        ends.setdefault((what, end), []).append(whole)
    return [each for some in ends.values() for each in some]


def in_order(pair: tuple[Intervention, np.ndarray | None]) -> tuple[str, bytes]:
    """Return what puts interventions in one order, as sums of floats depend on it, also those alike but for what was bought."""
    intervention, given = pair
    return canonical(intervention), b"" if given is None else given.tobytes()


def canonical(intervention: Intervention) -> str:
    """Return an intervention as text, the same for the same content."""
    return json.dumps(intervention.model_dump(mode="json", by_alias=True), sort_keys=True)
