"""Workarounds that depend on the internals of Mesa 3.3 and 3.5.

The tests of `neighbourhood.py` say which of it changed when a later Mesa does.
"""

import copyreg
from collections.abc import Callable, Iterator
from threading import RLock
from types import MethodType

import mesa
import numpy as np
import pandas as pd
from mesa.datacollection import DataCollector
from mesa.discrete_space import OrthogonalMooreGrid, PropertyLayer

from ..errors import InputError
from ..outcomes import OUTCOMES
from ..scenario import Scenario
from ..simulation import Simulation
from ..state.fields import Field
from .records import Host, View, limits, out_of_range

MESA_KEEPS_TIME = "time" in vars(mesa.Model)  # Mesa 3.5: a clock that calls the steps, which must not be set in one


class ScenarioInUse(Scenario):
    """The scenario of a model, which is false: a true one Mesa 3.5's SolaraViz takes for its own kind, and fails."""

    def __bool__(self) -> bool:
        """Return False."""
        return False

    def __eq__(self, other: object) -> bool:
        """Return whether the other is the same scenario, in use or not."""
        return isinstance(other, Scenario) and self.model_dump() == other.model_dump()

    __hash__ = Scenario.__hash__


def in_use(scenario: Scenario) -> ScenarioInUse:
    """Return the same scenario as a model shows it."""
    shown = scenario.model_copy()
    object.__setattr__(shown, "__class__", ScenarioInUse)
    return shown  # type: ignore[return-value]


class OneStepAtATime(mesa.Model):
    """A model that one thread at a time lets step, and never within a step of its own."""

    simulation: Simulation

    def __init__(self, rng: int) -> None:
        """Make a model of Mesa's that nobody lets step yet."""
        self.lock, self.stepping, self.failed = RLock(), False, False
        super().__init__(rng=rng)

    def _wrapped_step(self) -> None:  # what Mesa calls when it is told to step
        with self.lock:
            if self.stepping or self.failed:
                raise InputError("model.stepping" if self.stepping else "model.failed", place=type(self).__name__)
            self.stepping = True
            try:
                super()._wrapped_step()
            except BaseException:
                if MESA_KEEPS_TIME:  # its clock plans the next step after a step, and would plan no other now
                    self.time = float(self.simulation.week)
                    self._default_schedule._schedule_next(self.time + 1.0)
                raise
            finally:
                self.stepping = False


def steps_like(model: mesa.Model, kind: type[mesa.Model]) -> None:
    """Let a model go on as one of a class on its own, with the step of that class, which Mesa notes when a model is made."""
    model.__class__ = kind
    model._user_step = MethodType(kind.step, model)


def registered(model: mesa.Model) -> list[mesa.Agent]:
    """Return the agents that Mesa has noted: none before somebody asks for them."""
    return list(mesa.Model.agents.__get__(model))


class Told(property):
    """A property for what Mesa's own ``__init__`` would set: what it sets is let go."""

    def __set__(self, instance: object, value: object) -> None:
        """Let it go."""


class History(DataCollector):
    """The outcomes of every week that has passed, read from the history that the simulation keeps anyway."""

    def __init__(self, simulation: Simulation) -> None:
        """Look at the history of a simulation."""
        self.simulation = simulation
        super().__init__()

    @Told
    def model_vars(self) -> dict[str, np.ndarray]:
        """Return outcome -> its values, week 0 first."""
        weeks = self.simulation.world.history[: self.simulation.week + 1]
        return dict(zip(OUTCOMES, weeks.T, strict=True))

    @Told
    def _collection_steps(self) -> list[int]:
        """Return the weeks in the history (batch_run of Mesa 3.5 asks)."""
        return list(range(self.simulation.week + 1))

    def collect(self, model: mesa.Model) -> None:
        """Do nothing: the simulation keeps its history itself."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return one row a week (row 0 is the start), one column an outcome."""
        return pd.DataFrame({name: values.copy() for name, values in self.model_vars.items()})


class FieldLayer(PropertyLayer):
    """A field of the places as a layer: the same memory, whatever is done to it; only measures can be written to."""

    def __init__(self, field: Field, values: np.ndarray) -> None:
        """Show values of shape (columns, rows)."""
        self.field, self.name, self.dimensions, self.values = field, field.name, values.shape, values.view()
        self.values.flags.writeable = self.values.dtype.kind == "f"

    def check(self) -> None:
        """Raise InputError where a measure is out of its range: a layer can be written to in ways that do not look."""
        least, most = limits(self.field)
        for extreme in (self.values.min(), self.values.max()) if self.values.flags.writeable else ():
            if not least <= extreme <= most:  # nor where it is no number
                raise out_of_range(self.field, "grid", float(extreme))

    @property
    def data(self) -> np.ndarray:
        """Return the values, shape (columns, rows)."""
        return self.values

    @data.setter
    def data(self, values: np.ndarray) -> None:
        """Write values into the records."""
        self.values[...] = values

    _mesa_data = _data = data  # what Mesa 3.3 and 3.5 call it; 3.3 puts a new array there, which must not take its place


class MeanLayer(FieldLayer):
    """A mean over the people who live around, which is NaN where nobody does and follows from them: it cannot be written to."""

    def __init__(self, field: Field, values: np.ndarray, known: Callable[[], np.ndarray]) -> None:
        """Show values of shape (columns, rows) where they are known."""
        super().__init__(field, values)
        self.known = known

    @property
    def data(self) -> np.ndarray:
        """Return the values, shape (columns, rows), as a copy that cannot be written to."""
        shown = np.where(self.known(), self.values, np.nan)
        shown.flags.writeable = False
        return shown

    @data.setter
    def data(self, values: np.ndarray) -> None:
        """Refuse; raises AttributeError."""
        raise AttributeError(f"{self.name} is a mean of the people who live around: change them, and it follows")

    _mesa_data = _data = data


class Occupants:
    """The agents in a cell this week, in place of the list that Mesa keeps in it."""

    def __init__(self, model: Host, place: int) -> None:
        """Look at a cell of the simulation."""
        self.model, self.place = model, place

    def copy(self) -> list[View]:
        """Return the views of those here."""
        return list(self.model.views.at(self.place))

    def __len__(self) -> int:
        """Return how many are here."""
        return len(self.model.views.at(self.place))

    def __iter__(self) -> Iterator[View]:
        """Yield one after the other."""
        return iter(self.copy())


def fill_cells(grid: OrthogonalMooreGrid, model: Host) -> None:
    """Let every cell of a grid show who is there in the simulation."""
    places = {model.coordinate(place): place for place in range(model.simulation.world.places.size)}
    for cell in grid:
        cell._agents = Occupants(model, places[cell.coordinate])
    vars(grid).pop("all_cells", None)  # where Mesa noted the lists that were there before
    copyreg.dispatch_table.pop(grid.cell_klass, None)  # where Mesa keeps the layers of every grid ever made alive
