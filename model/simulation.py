"""Running a scenario: `simulate` for a whole run, `Simulation` for one that somebody watches.

run = simulate(Scenario(area="tilburg-noord", years=10), seed=1)
run.weeks        one row a week (row 0 is the start), one column an outcome
run.digest       hex digest of the whole final state and history
"""

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import registry
from .calendar import weeks_passed
from .compiled import JIT
from .draws import MAX_SEED
from .errors import InputError, Phrase
from .interventions import Past
from .interventions.systemic_working import MENU, SystemicWorking
from .outcomes import OUTCOMES
from .policies.decision import Policy
from .policies.ledger import Ledger
from .population.build import build, population
from .regime import Regime, regime
from .scenario import Scenario
from .shared import events as logged
from .shared.exchange import on_the_move
from .state.codes import EVENT_KINDS
from .state.world import World, executable, executable_parameters, quarter_end
from .week import begin, finish, run

if TYPE_CHECKING:
    import pandas as pd

# where something stands, not what it is
ROW_NUMBERS = ("household", "case", "about", "reporter", "mother_row", "father_row", "partner_row", "member_row")


class Simulation:
    """A world that can be advanced week by week.

    Parameters
    ----------
    scenario : the `Scenario` to simulate.
    seed : the world, 0 to 2**63 - 1: the same seed gives the same people and the same luck.
    events : whether to keep a log of what happens to whom.
    threads : how many tiles of about 3,000 people are simulated at the same time; any number gives the same bits.  More than
        one speeds up a single large run; for many runs give each a thread.
    policy : a function from quarter of a year and what a team sees to euros for each measure; it divides the budget of
        `systemic_working`, in place of the policy that the scenario names (`model/policies`).

    Attributes
    ----------
    week : the number of weeks that have passed.
    world : the records of people, places, cases and the rest as they are in that week.

    Raises
    ------
    InputError : a seed out of range, a number of threads below 1, or a policy in a scenario without a budget to divide.

    Examples
    --------
    >>> from kantelpunt import Scenario, Simulation
    >>> simulation = Simulation(Scenario(people=200, years=1), seed=1)
    >>> simulation.advance(4)
    >>> simulation.week
    4
    >>> simulation.row(4)["people"] > 150
    True
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, events: bool = False, threads: int = 1, policy: Policy | None = None
    ) -> None:
        """Build the world and set its starting levels (week 0)."""
        whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
        if not whole or not 0 <= seed <= MAX_SEED:
            raise InputError(
                "seed.invalid" if not whole else "seed.out_of_range",
                value=seed,
                place="seed",
                allowed=Phrase("allowed.whole_between", low=0, high=MAX_SEED),
            )
        if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
            raise InputError("threads.invalid", value=threads, place="threads", allowed=Phrase("allowed.whole_from", low=1))
        self.scenario, self.seed, self.week, self.threads = scenario, int(seed), 0, threads
        area, people = scenario.resolved_area(), scenario.n_people
        parameters = registry.parameters(dict(scenario.parameters))
        self.world = build(area, people, self.seed, parameters)._replace(history=np.zeros((scenario.weeks + 1, len(OUTCOMES))))
        self.policy, self.looked, self.advancing = policy, -1, False
        self.ledgers = self.opened()
        if events or self.ledgers:  # a team sees what the files say
            self.world = self.world._replace(events=logged.room(self.world, scenario.years))
        self.world.tile_index["began"] = weeks_passed(scenario.start)
        self.schedule = scenario.levers()
        self._parameters = executable_parameters(parameters)
        begin(executable(self.world), self._parameters, self._levers, self.seed)

    @property
    def _levers(self) -> Any:
        return executable(self.schedule) if JIT else [executable(week) for week in self.schedule]

    def sibling(self, scenario: Scenario) -> "Simulation":
        """Return a simulation of another scenario that goes on in the same world.

        Parameters
        ----------
        scenario : one with the same area, people, parameters and horizon; only its interventions differ.

        Returns
        -------
        Simulation : a second one on the same records, so that what the one changes the other sees.

        Raises
        ------
        InputError : a policy was given, and this scenario has no budget to divide.

        Examples
        --------
        >>> today = Simulation(Scenario(people=200, years=1), seed=1)
        >>> raided = today.sibling(Scenario(people=200, years=1, interventions={"raid": 1.0}))
        >>> raided.world is today.world
        True
        """
        other = copy(self)
        other.scenario, other.schedule = scenario, scenario.levers()
        other.ledgers = other.opened()
        return other

    def opened(self) -> dict[int, Ledger]:
        """Return a ledger for each intervention that has a policy; raises InputError for a policy without any."""
        having = {i: each for i, each in enumerate(self.scenario.programmes) if isinstance(each, SystemicWorking)}
        if self.policy is not None and not having:
            raise InputError("policy.no_money", place="policy", allowed=Phrase("allowed.systemic_working"))
        people, horizon = self.scenario.residents, self.scenario.horizon
        return {
            i: Ledger(each, MENU, each.late, self.policy or each.decide, people, horizon, number)
            for number, (i, each) in enumerate(having.items())
        }

    def advance(self, n: int = 1) -> None:
        """Let n weeks pass, at most until the horizon of the scenario.

        Parameters
        ----------
        n : number of weeks, 1 or more.

        Raises
        ------
        InputError : a policy returns no budget, or spends more than there is; weeks pass already, as in a decision of an agent.

        Examples
        --------
        >>> simulation = Simulation(Scenario(people=200, years=1))
        >>> simulation.advance(60)
        >>> simulation.week
        52
        """
        if self.advancing:
            raise InputError("model.stepping", place="advance")
        last, self.advancing = min(self.week + n, self.scenario.weeks), True
        try:
            while self.week < last:
                self.look_back(self.week)
                self.let_pass(self.decided(last))
        finally:
            self.advancing = False

    def decided(self, last: int) -> int:
        """Return the last week, up to this one, whose levers are certain: those who learn look back after it."""
        periods = [each.PERIOD for each in self.scenario.programmes if each.PERIOD]
        return min([last, *(self.week - self.week % period + period for period in periods)])

    def let_pass(self, last: int) -> None:
        """Let the weeks up to the last one pass under the levers as they are."""
        world, tiles = executable(self.world), self.world.tile_index.size
        asked = (world, self._parameters, self._levers, self.seed)
        if self.threads == 1 or tiles == 1:
            run(*asked, self.week + 1, last, 0, tiles)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                while self.week < last:
                    span = (self.week + 1, min(quarter_end(self.week + 1), last))
                    deque(pool.map(lambda tile, span=span: run(*asked, *span, tile, tile + 1), range(tiles)), 0)
                    finish(world, self._parameters, self.seed, *span)
                    self.week = span[1]
        self.week = last

    def look_back(self, week: int) -> None:
        """Let those who may change course look back, if it is time after this week, and set their levers for what comes."""
        learners = [each for each in self.scenario.programmes if each.PERIOD and week % each.PERIOD == 0]
        if learners and week != self.looked:
            self.looked = week
            p = self._parameters.observation
            bought = {i: each.decide(self.world, p, self.seed, week) for i, each in self.ledgers.items()}
            fresh = self.scenario.levers(Past(self.world.history[: week + 1]), bought)
            for name in {name for each in learners for name in each.levers(self.scenario.residents)}:
                self.schedule[name][week + 1 :] = fresh[name][week + 1 :]

    def row(self, week: int) -> dict[str, float]:
        """Return the outcomes of one week that has passed.

        Parameters
        ----------
        week : its number; 0 is the start.

        Returns
        -------
        dict : outcome -> value, in the unit that `OUTCOMES` gives.

        Examples
        --------
        >>> simulation = Simulation(Scenario(people=200, years=1))
        >>> simulation.row(0)["recruited"]
        0.0
        """
        return dict(zip(OUTCOMES, self.world.history[week].tolist(), strict=True))


@dataclass(frozen=True)
class Run:
    """A finished run, as `simulate` returns it.

    Parameters
    ----------
    scenario : the `Scenario` that was simulated.
    seed : the world.
    world : the records of people, places, cases and the rest at the end.

    Examples
    --------
    >>> from kantelpunt import Scenario, simulate
    >>> run = simulate(Scenario(people=200, years=1), seed=1, events=True)
    >>> list(run.events.columns)
    ['week', 'kind', 'who', 'place', 'value', 'whom']
    """

    scenario: Scenario
    seed: int
    world: World

    @cached_property
    def weeks(self) -> "pd.DataFrame":
        """Return a DataFrame of shape (weeks + 1, outcomes): one row a week, row 0 is the start; units stand in `OUTCOMES`."""
        import pandas as pd

        return pd.DataFrame(self.world.history, columns=list(OUTCOMES)).rename_axis("week")

    @cached_property
    def regime(self) -> Regime:
        """Return how the run went, in regimes: stuck, tipping or resilient."""
        return regime(self.weeks)

    @cached_property
    def events(self) -> "pd.DataFrame":
        """Return a DataFrame with a row for each event (week, kind, who, place, value, whom), in order of week and kind.

        ``who`` and ``whom`` are identities, ``place`` is the number of a cell.  It is empty unless the run kept ``events``.
        """
        import pandas as pd

        log = np.sort(logged.happened(self.world), order=("week", "kind", "who", "place", "value", "whom"))
        table = pd.DataFrame.from_records(log)
        table["kind"] = pd.Categorical.from_codes(table["kind"].to_numpy(), categories=pd.Index(EVENT_KINDS))
        return table

    @property
    def deviations(self) -> dict[str, tuple[float, float]]:
        """Return figure -> (asked, got) where the people at the start cannot have the figures of their area."""
        return population(self.scenario.resolved_area(), self.scenario.n_people, self.seed).deviations

    @cached_property
    def digest(self) -> str:
        """Return 32 hex digits of the final state and the history, whatever the order of rows: equal runs, equal digests."""
        return digest(self.world)


def simulate(scenario: Scenario, seed: int = 1, events: bool = False, threads: int = 1, policy: Policy | None = None) -> Run:
    """Run a scenario in one world to its horizon.

    Parameters
    ----------
    scenario, seed, events, threads, policy : as `Simulation` takes them.

    Returns
    -------
    Run : its ``weeks`` hold every outcome of every week, its ``digest`` tells equal runs from others.

    Raises
    ------
    InputError : as `Simulation` does, or a policy returns no budget, or spends more than there is.

    Examples
    --------
    >>> from kantelpunt import Scenario, simulate
    >>> run = simulate(Scenario(people=200, years=1), seed=1)
    >>> len(run.weeks)
    53
    >>> run.digest == simulate(Scenario(people=200, years=1), seed=1).digest
    True
    """
    simulation = Simulation(scenario, seed, events, threads, policy)
    simulation.advance(scenario.weeks)
    return Run(scenario, simulation.seed, simulation.world)


def digest(world: World) -> str:
    """Return a hex digest of everything that people, places, cases and the rest are, in the order of identities."""
    hasher = hashlib.blake2b(digest_size=16)
    people = np.flatnonzero(world.people["present"] == 1)
    people = people[np.argsort(world.people["id"][people], kind="stable")]
    cases = np.flatnonzero(world.cases["state"] != 0)
    cases = cases[np.argsort(world.cases["id"][cases], kind="stable")]
    friends = np.where(world.friends["row"] >= 0, world.friends["id"], -1)
    relatives = np.where(world.relatives["household"] >= 0, world.relatives["id"], -1)
    tables = [
        world.people[people],
        world.kin[people],
        world.acquaintances[people],
        world.cases[cases],
        world.households,
        world.places,
        world.patches,
        world.desks,
        world.crews,
    ]
    for table in [*tables, world.professionals, world.newcomer_levels, *on_the_move(world)]:
        for name in table.dtype.names:
            if name not in ROW_NUMBERS:
                hasher.update(np.ascontiguousarray(table[name]).tobytes())
    for array in (friends[people], relatives, world.ties, world.history):
        hasher.update(np.ascontiguousarray(array).tobytes())
    return hasher.hexdigest()
