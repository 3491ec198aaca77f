"""A neighbourhood as a Mesa model: step it, look at its agents and places, plot it, sweep it.

    model = Neighbourhood(area="tilburg-noord", years=10, seed=1)
    model.step()                                    # one week, compiled
    model.datacollector.get_model_vars_dataframe()  # one row a week, one column an outcome
    model.agents_by_type[Youth].agg("exposure", np.mean)
    model.grid.trust.data.mean()

Agents, grid and layers are views on the records of the simulation, made when somebody asks for them: to write to them
is to change the simulation.  Private parts of Mesa are touched in `mesa_model/compat.py`.

Batches.  `mesa.batch_run(Neighbourhood, parameters={"area": ["overvecht", "contrast"], "people": 300, "rng": [1, 2, 3]},
iterations=1, max_steps=520, data_collection_period=52)` works; in its rows ``Step`` is the week, and 0 the start.  Know that

- a world is repeated by ``"rng": [1, 2, 3]`` among the parameters.  Without it every run draws a world of its own
  (`Neighbourhood.seed`); with one seed ``iterations=3`` gives three identical runs; Mesa 3.5 ignores ``"seed"``;
- a parameter that can be iterated over is taken as a list of values: write ``"interventions": [{"raid": 0.1}]`` and
  ``"scenario": [scenario]``, each in a list;
- Mesa 3.3 runs a week more than ``max_steps`` and reports a week less than it ran: up to ``max_steps``, but not the last
  week of the horizon.  Mesa 3.5 runs and reports as many as you ask;
- ``people`` in a row are the inhabitants of that week, not the number asked for (the outcome has the name of the keyword);
- Mesa 3.3 makes every pool of processes in the program start them afresh ("spawn"), just by being imported.

`model.simulate` has none of these, imports no Mesa, and is what a study runs.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet
from mesa.discrete_space import OrthogonalMooreGrid

from ..errors import InputError
from ..interventions import Intervention
from ..policies.decision import Policy
from ..renaming import Aliased
from ..scenario import Scenario
from ..simulation import Simulation
from ..state.fields import PLACE, RENAMED
from .agents import Views, chosen
from .arguments import Hook, hook, what_if, world_seed
from .compat import MESA_KEEPS_TIME, FieldLayer, History, MeanLayer, OneStepAtATime, fill_cells, in_use
from .copies import give, recipe
from .decisions import asked, own_decisions
from .records import View

LAYERS = {field.name: field for field in PLACE if field.name == "kind" or field.kind == "f8"}
OF_RESIDENTS = ("trust", "cohesion", "fear", "norm")  # means of the people who live around: NaN where nobody does


class Neighbourhood(OneStepAtATime):
    """A neighbourhood as a `mesa.Model`, to watch week by week.

    Parameters
    ----------
    scenario : the `Scenario` to simulate; keys of a scenario that are given beside it replace its own.
    seed, rng : the world, a whole number from 0 to 2**63 - 1 (give one of the two).  A generator, a SeedSequence or a list of
        numbers gives a world as well; left out, the world is random.
    area, area_file, people, years, start, parameters, interventions : keys of a `Scenario`.
    threads : how many tiles of about 3,000 people are simulated at the same time; any number gives the same world.
    policy : divides the budget of `systemic_working` in the scenario, as `Simulation` takes it.
    agents : kind of agent -> a class of one's own on it, such as ``{Youth: MyYouth}``, with more to show, or with decisions of
        its own: `accepts`, `reports`, `goes_to` and `offers_to` (`decisions.Deciding`) get the rule's probability and draw, and
        one that returns ``super()``'s answer changes nothing.  Such a model is for small worlds: it is simulated by one thread,
        about eight times slower.  What overrides anything else is refused, since rules read records and not agents.
    before_week, after_week : called with the model before and after every week; what they write to people, professionals
        and places counts from then on.

    Attributes
    ----------
    scenario : the `Scenario` that is simulated.
    seed : the world.
    simulation : the `Simulation` that does the work; its ``world`` holds the records.
    steps, time : weeks that have passed; while agents decide, ``steps`` is the week under way.
    week : the same as ``steps``.
    running : whether there are weeks left before the horizon.
    datacollector : the outcomes of every week that has passed.

    Raises
    ------
    InputError : a key that a scenario cannot hold, an invalid seed, a policy without a budget, a hook that cannot be called, a
        class of agents that would do nothing; in a step, a policy that returns no budget in time.

    Notes
    -----
    A copy (`copy.deepcopy`) or a pickle is the same world in the same week, also where somebody wrote to it, with attributes of
    one's own of the model and its agents.  Its weeks are run again, and its grid is another.

    Examples
    --------
    >>> from kantelpunt import Neighbourhood
    >>> model = Neighbourhood(people=200, years=1, seed=1)
    >>> model.step()
    >>> model.steps, len(model.agents) > 200
    (1, True)
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        seed: int | None = None,
        rng: Any = None,
        area: str | None = None,
        area_file: str | Path | None = None,
        people: int | None = None,
        years: int | None = None,
        start: date | None = None,
        parameters: dict[str, float] | None = None,
        interventions: Sequence[Intervention | dict] | dict[str, float] | None = None,
        threads: int = 1,
        policy: Policy | None = None,
        agents: Mapping[type[View], type[View]] | None = None,
        before_week: Hook | None = None,
        after_week: Hook | None = None,
    ) -> None:
        """Build the world and set its starting levels (week 0)."""
        self.kinds = chosen({} if agents is None else agents)
        self.asking: tuple[int, int] | None = None  # first row of the tile, and the decision, about which a rule asks
        self.before_week, self.after_week = hook("before_week", before_week), hook("after_week", after_week)
        keys = {
            "area": area, "area_file": area_file, "people": people, "years": years, "start": start,
            "parameters": parameters, "interventions": interventions,
        }  # fmt: skip
        scenario = what_if(scenario, {name: key for name, key in keys.items() if key is not None})
        simulation = Simulation(scenario, world_seed(seed, rng), threads=threads, policy=policy)
        simulation.threads = 1 if own_decisions(self.kinds) else threads
        super().__init__(rng=simulation.seed)
        self.simulation, self.seed = simulation, simulation.seed
        self.datacollector = History(simulation)
        self._scenario_in_use = in_use(scenario)
        self.catch_up()
        self.made = frozenset(vars(self))  # what is not of one's own

    def step(self) -> None:
        """Let one week pass; at the horizon this does nothing.

        Another thread that steps the same model waits until the week has passed.

        Raises
        ------
        InputError : a step within a step of the same model, or after a week in which a decision of an agent's own failed; a
            policy that returns no budget in time; a level of a place, written to the grid, that is out of range.
        """
        if self.simulation.week == self.simulation.scenario.weeks:
            self.catch_up()
            return
        if self.before_week is not None:
            self.catch_up()  # Mesa counts a step before it is made
            self.before_week(self)
        if "grid" in vars(self):
            for name in LAYERS:
                getattr(self.grid, name).check()
        self.steps = self.week + 1
        try:
            with asked(self):
                self.simulation.advance(1)
        finally:
            self.catch_up()
        if self.after_week is not None:
            self.after_week(self)

    @property
    def week(self) -> int:
        """Return the week that agents are in: the last that has passed, or the one in which rules are asking them."""
        return self.simulation.week + (self.asking is not None)

    def catch_up(self) -> None:
        """Let Mesa's counters, and agents and grid if there are any, agree with the week of the simulation."""
        week = self.simulation.week
        self.steps = week
        if not MESA_KEEPS_TIME:
            self.time = float(week)
        if week == self.simulation.scenario.weeks:
            self.running = False
        if "views" in vars(self):
            self.views.follow()
        if "grid" in vars(self):
            self.grid.empty.data = self.layered(~self.occupied())

    @property
    def scenario(self) -> Scenario:
        """Return what is simulated."""
        return self._scenario_in_use

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Refuse another scenario; Mesa 3.5 gives every model an experimental one of its own, which is let go."""
        if isinstance(scenario, Scenario):
            raise AttributeError("a model keeps its scenario: make a new Neighbourhood for another one")

    @property
    def agents(self) -> AgentSet:
        """Return everybody who lives or works here."""
        self.views.follow()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """Return `Resident`, `Youth`, `Recruiter` and `Professional` -> who is one this week."""
        self.views.follow()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """Return the kinds of agents."""
        return list(self.agents_by_type)

    @cached_property
    def views(self) -> Views:
        """Return the views of everybody; they are made now."""
        by_type = super().agents_by_type
        for kind in self.kinds:
            by_type[kind] = AgentSet([], random=self.random)  # so that a week without recruiters has none, not no answer
        return Views(self)

    @cached_property
    def columns(self) -> dict[str, dict[str, np.ndarray]]:
        """Return table -> field -> array, a number for every row, of people, professionals and places."""
        world = self.simulation.world
        tables = {
            "people": (world.people, "person"),
            "professionals": (world.professionals, "professional"),
            "places": (world.places, "place"),
        }
        columns: dict[str, dict[str, np.ndarray]] = {
            kind: Aliased({name: table[name] for name in table.dtype.names}, RENAMED.get(fields, {}))
            for kind, (table, fields) in tables.items()
        }
        return columns

    @cached_property
    def grid(self) -> OrthogonalMooreGrid:
        """Return the cells of about 20 x 20 m, with layers that are the fields of the places; they are made now.

        Coordinates count columns from the west and rows from the south, as Mesa draws them.
        """
        grid = OrthogonalMooreGrid(self.size, torus=False, random=self.random)
        grid.__dict__["_mesa_property_layers"] = Aliased(grid._mesa_property_layers, RENAMED["place"])
        for field in LAYERS.values():
            values = self.layered(self.columns["places"][field.name])
            mean = field.name in OF_RESIDENTS
            grid.add_property_layer(MeanLayer(field, values, self.lived_around) if mean else FieldLayer(field, values))
        fill_cells(grid, self)
        grid.empty.data = self.layered(~self.occupied())
        return grid

    @cached_property
    def size(self) -> tuple[int, int]:
        """Return the columns and rows of the grid."""
        register = self.simulation.world.tile_index
        return int(register["width"][0]), int(register["height"][0])

    def coordinate(self, place: int) -> tuple[int, int]:
        """Return the coordinate of a cell of the simulation, which counts row by row from the north-west."""
        width, height = self.size
        return place % width, height - 1 - place // width

    def layered(self, values: np.ndarray) -> np.ndarray:
        """Return a number for every place as a layer, shape (columns, rows): the same memory, seen from the south-west."""
        width, height = self.size
        return values.reshape(height, width)[::-1].T

    def lived_around(self) -> np.ndarray:
        """Return as a layer where adults live around, so that there is a mean of them."""
        world = self.simulation.world
        known = np.zeros(world.places.size, bool)
        known[world.used] = world.cell_residents["residents"][world.used] > 0
        return self.layered(known)

    def occupied(self) -> np.ndarray:
        """Return for every place whether somebody is there this week."""
        people, found = self.columns["people"], np.zeros(self.simulation.world.places.size, bool)
        found[people["place"][people["present"] == 1]] = True
        staff = self.columns["professionals"]
        found[staff["place"][staff["present"] == 1]] = True
        return found

    def __reduce__(self) -> tuple:
        """Return how to make this model again; raises InputError in the middle of a week, which no copy can go on from."""
        with self.lock:
            if self.asking is not None:
                raise InputError("model.copied_within_week", place="Neighbourhood")
            return recipe(self, Neighbourhood)

    def __setstate__(self, own: dict[str, Any]) -> None:
        """Take over what no record holds."""
        give(self, own)
