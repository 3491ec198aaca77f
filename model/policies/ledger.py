"""A ledger: what a policy has seen, decided and spent in one run, and what its money buys in the quarter of a year to come."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..calendar import WEEKS_A_YEAR
from ..draws import Draw, identity, key
from ..interventions import Horizon, Intervention, Residents
from ..state.codes import QUARTERS
from ..state.world import World
from .decision import Policy, decision
from .seen import QUARTER, SIGNS, Seen, gathered


class Ledger:
    """The books of one programme with a budget.

    Parameters
    ----------
    programme : says when and where money may go, and how much of it.
    menu : the full programme of everything that it may go to.
    late : quarters of a year until what happened in one of them is known.
    policy : who decides.
    residents, horizon : for whom and when.
    number : which of the programmes with a budget it is; each has luck of its own.
    """

    def __init__(
        self,
        programme: Intervention,
        menu: Sequence[Intervention],
        late: int,
        policy: Policy,
        residents: Residents,
        horizon: Horizon,
        number: int = 0,
    ) -> None:
        """Open the books; nothing is seen or spent yet."""
        self.programme, self.late, self.policy, self.horizon, self.number = programme, late, policy, horizon, number
        self.people = programme.reached(residents)
        own = {"from_": programme.from_, "until": programme.until, "where": programme.where}
        self.menu = [each.model_copy(update=own) for each in menu]
        self.open = programme.runs(horizon).sum(axis=1) / 7  # share of each week
        self.signs: list[np.ndarray] = []
        self.spent: list[np.ndarray] = []
        self.level = np.zeros((len(QUARTERS), len(menu)))  # of each full programme that is on

    def decide(self, world: World, p: Any, seed: int, week: int) -> list[tuple[Intervention, np.ndarray]]:
        """Look back after this week, ask the policy, and return programmes with how much of each is on, week by week and place.

        Money for a programme whose people are not here, such as youths where there are none, buys nothing.
        Raises InputError for a policy that does not return a budget in time, and where the log that it sees is full.
        """
        if week:
            self.signs.append(gathered(world, p, seed, week))
        weeks = slice(week + 1, week + QUARTER + 1)
        lasts = self.open[weeks].sum() / WEEKS_A_YEAR
        euros = np.zeros(self.level.shape)
        if lasts:
            seen = self.seen(lasts, seed, week)
            euros = decision(self.policy, week // QUARTER, seen)
            dose = np.divide(euros * len(seen.where), seen.full, out=np.zeros(euros.shape), where=seen.full > 0.0)
            shares = self.built_up(dose)
        else:
            shares = self.built_up(euros)
        self.spent.append(euros)
        table = np.zeros((self.horizon.weeks + 1, *self.level.shape))
        table[weeks] = shares[: len(table[weeks])] * self.profile[weeks, None, None]
        return [(each, table[:, :, i]) for i, each in enumerate(self.menu) if table[:, :, i].any()]

    def seen(self, lasts: float, seed: int, week: int) -> Seen:
        """Return what lies before the policy now, for a quarter of a year of which this part (in years) is open."""
        known = max(len(self.signs) - self.late, 0)
        names = tuple(QUARTERS[i] for i in self.programme.quarters)
        full = np.array([each.euros_per_year(self.people) for each in self.menu]) * lasts
        return Seen(
            signs=fixed(np.array(self.signs[:known]).reshape(known, len(QUARTERS), len(SIGNS))),
            spent=fixed(np.array(self.spent).reshape(len(self.spent), *self.level.shape)),
            budget=self.programme.intensity * self.per_year * lasts,
            menu=tuple(each.kind for each in self.menu),
            full=fixed(full),
            where=names,
            luck=int(identity(np.uint64(key(seed, Draw.TRIAL, week)), self.number)),
        )

    @property
    def per_year(self) -> float:
        """Return the budget, in euros a year."""
        own = self.programme.cost_per_year
        return self.programme.euros_per_year(self.people) if own is None else own

    @property
    def profile(self) -> np.ndarray:
        """Return how far the programme itself is built up in each week."""
        return self.programme.model_copy(update={"intensity": 1.0}).profile(self.horizon)

    def built_up(self, dose: np.ndarray) -> np.ndarray:
        """Return how much of each full programme is on in the weeks to come, shape (weeks, places, menu), and remember the last.

        A dose that grows takes as long as the programme takes to build up; one that shrinks is gone at once.
        """
        ramp = np.array([max(each.ramp, 1) for each in self.menu])
        since = np.arange(1, QUARTER + 1)[:, None, None]
        shares = np.minimum(np.minimum(self.level, dose) + dose * since / ramp, dose)
        self.level = shares[-1]
        return shares


def fixed(table: np.ndarray) -> np.ndarray:
    """Return a table that nobody can write to."""
    table.flags.writeable = False
    return table
