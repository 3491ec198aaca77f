"""Additions from outside: interventions and outcomes from a notebook, a script or an installed plug-in.

    from kantelpunt import Intervention, intervention, outcome

    @intervention
    class SummerCamp(Intervention):
        '''Two weeks away in summer ... (who, when, where, reach, effect, cost, sources)'''

        kind: Literal["summer_camp"] = "summer_camp"

        def levers(self, people):
            return {"activity_places": 5.0}

        def euros_per_year(self, people):
            return 500.0 * people.children

    @outcome(unit="cases/week", better="higher", definition="Cases that ended with something done and told, less those given up")
    def balance(weeks):
        return weeks["done_told"] - weeks["abandoned"]

Made again in the same place, as by a cell of a notebook that runs again, a name gets its new meaning; a second place is refused.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import numpy as np

from . import registry
from .errors import InputError, nearest
from .interventions import Intervention, Residents, kinds
from .outcomes import ADDED, OUTCOMES, Added
from .quantity import Better, Outcome

SECTIONS = ("Who:", "When:", "Where:", "Reach:", "Effect:", "Cost:", "Sources:")  # of the docstring of an intervention
TRIED_ON = Residents(2_000, 160, 300)  # for whom a new intervention says what it moves and costs
YEAR = np.ones((53, len(OUTCOMES)))  # the weeks on which a new outcome is tried

Kind = TypeVar("Kind", bound=Intervention)
Measure = TypeVar("Measure", bound=Callable[[Any], Any])


def intervention(kind: type[Kind]) -> type[Kind]:
    """Register a kind of intervention and return it: scenarios, plans, studies and commands then know it by its name.

    Raises InputError, naming what is wrong, where it cannot be used.
    """
    if not (isinstance(kind, type) and issubclass(kind, Intervention)):
        raise InputError("this is no intervention", value=kind, allowed="a class that inherits from kantelpunt.Intervention")
    name = kind.model_fields["kind"].default
    if not isinstance(name, str) or get_args(kind.model_fields["kind"].annotation) != (name,):
        allowed = 'a line as: kind: Literal["summer_camp"] = "summer_camp"'
        raise InputError("an intervention says its kind", place=kind.__name__, value=name, allowed=allowed)
    register(kinds(), name, kind, lambda: refuse_unfit(kind), origin(kind))
    return kind


def outcome(*, unit: str, better: Better, definition: str) -> Callable[[Measure], Measure]:
    """Register an outcome: the name of a function from the weeks of a run (`Run.weeks`) to a number for each of them.

    Raises InputError where it cannot be used.

    Parameters
    ----------
    unit : one that ends in /week is added up over all weeks; of any other the mean over the last year counts.
    better : which way is better, "higher", "lower" or "neither".
    definition : what it is, in a line.
    """

    def registered(measure: Measure) -> Measure:
        name = getattr(measure, "__name__", "")
        new = Added(name, Outcome(unit, better, definition, "added"), measure)
        if name in OUTCOMES:
            raise InputError("this name is taken", place="outcome", value=name, allowed="a name that no other outcome has")
        register(ADDED, name, new, lambda: refuse_unmeasurable(new), origin(measure))
        return measure

    return registered


def origin(thing: Any) -> tuple[str, str]:
    """Return where something is made: its module and its name there."""
    return thing.__module__, thing.__qualname__


def register(there: dict[str, Any], name: str, new: Any, check: Callable[[], None], made: tuple[str, str]) -> None:
    """Let a name mean something new once it is checked; raises InputError where it means something from elsewhere."""
    if not name.isidentifier() or not name.islower():
        allowed = "small letters, digits and underscores, as summer_camp"
        raise InputError("this is no name for an addition", place=made[1], value=name, allowed=allowed)
    if name in there and origin(getattr(there[name], "measure", there[name])) != made:
        place = ".".join(origin(getattr(there[name], "measure", there[name])))
        raise InputError(f"this name is taken by {place}", place=made[1], value=name, allowed="another name")
    check()
    there[name] = new


def refuse_unfit(kind: type[Intervention]) -> None:
    """Raise InputError unless an intervention says what it is, moves levers that rules read, and has a cost."""
    refuse_unsaid(kind)
    try:
        full = kind.model_validate({})
        moved, cost = full.levers(TRIED_ON), full.euros_per_year(TRIED_ON)
    except NotImplementedError:
        allowed = "methods levers(people) and euros_per_year(people)"
        raise InputError("an intervention says what it moves and costs", place=kind.__name__, allowed=allowed) from None
    except Exception as error:  # it is code of somebody else
        reason = f"this intervention cannot be made as it is by default: {type(error).__name__}: {error}".splitlines()[0]
        raise InputError(
            reason, place=kind.__name__, allowed="a default for every field, and all that it uses above it"
        ) from error
    refuse_unmoved(kind.__name__, moved)
    if not isinstance(cost, int | float) or not math.isfinite(cost) or cost < 0:
        raise InputError("this is no cost", place=f"{kind.__name__}.euros_per_year", value=cost, allowed="euros, from 0")


def refuse_unsaid(kind: type[Intervention]) -> None:
    """Raise InputError unless the docstring has its sections, every field a description, and FIRST_ORDER an outcome."""
    text = kind.__dict__.get("__doc__") or ""
    if missing := [each for each in SECTIONS if each not in text]:
        place = f"{kind.__name__}.__doc__"
        raise InputError("the docstring lacks a section", place=place, value=missing[0], allowed=" ".join(SECTIONS))
    for name, field in kind.model_fields.items():
        if name != "kind" and not field.description:
            allowed = "Field(..., description=...), or dose(Quantity(...))"
            raise InputError("this field has no description", place=kind.__name__, value=name, allowed=allowed)
    first, way = getattr(kind, "FIRST_ORDER", (next(iter(OUTCOMES)), "up"))
    if first not in OUTCOMES or way not in ("up", "down"):
        near = nearest(str(first), OUTCOMES)
        allowed = 'an outcome and "up" or "down"'
        raise InputError(f"no first effect{near}", place=f"{kind.__name__}.FIRST_ORDER", value=f"{first} {way}", allowed=allowed)


def refuse_unmoved(place: str, moved: Any) -> None:
    """Raise InputError unless an intervention moves levers that rules read, each within its bounds and off its neutral value."""
    known = registry.levers()
    if not isinstance(moved, dict) or not moved:
        raise InputError("this moves nothing", place=f"{place}.levers", value=moved, allowed="a dict of levers and their values")
    for name, value in moved.items():
        if name not in known:
            near = nearest(str(name), known)
            raise InputError(f"unknown lever{near}", place=f"{place}.levers", value=name, allowed=", ".join(known))
        lever = known[name]
        if not isinstance(value, int | float) or not lever.low <= value <= lever.high or value == lever.neutral:
            allowed = f"a number from {lever.low:g} to {lever.high:g}, and not {lever.neutral:g}, at which nothing happens"
            raise InputError("out of range", place=f"{place}.levers: {name}", value=value, allowed=allowed)


def refuse_unmeasurable(new: Added) -> None:
    """Raise InputError unless an outcome says what it is, and gives a number for each week of a year."""
    told = new.outcome
    for key, value in (("unit", told.unit), ("definition", told.definition)):
        if not isinstance(value, str) or not value.strip():
            raise InputError("this is missing", place=f"{new.name}: {key}", value=value, allowed="a text")
    if told.better not in get_args(Better):
        raise InputError("unknown direction", place=f"{new.name}: better", value=told.better, allowed=", ".join(get_args(Better)))
    try:
        new.of(YEAR)
    except KeyError as error:
        column = str(error.args[0])
        near = nearest(column, OUTCOMES)
        raise InputError(f"unknown outcome{near}", place=new.name, value=column, allowed=", ".join(OUTCOMES)) from None
    except Exception as error:  # it is code of somebody else
        reason = f"this outcome cannot be measured: {type(error).__name__}: {error}".splitlines()[0]
        allowed = "a function from a table with a row a week and a column an outcome to a series with a number a week"
        raise InputError(reason, place=new.name, allowed=allowed) from error
