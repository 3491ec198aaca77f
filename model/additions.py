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
from .errors import InputError, Phrase, nearest
from .interventions import Intervention, Residents, kinds
from .outcomes import ADDED, OUTCOMES, Added
from .quantity import Better, Outcome

SECTIONS = ("Who:", "When:", "Where:", "Reach:", "Effect:", "Cost:", "Sources:")  # of the docstring of an intervention
TRIED_ON = Residents(2_000, 160, 300)  # for whom a new intervention says what it moves and costs
YEAR = np.ones((53, len(OUTCOMES)))  # the weeks on which a new outcome is tried

Kind = TypeVar("Kind", bound=Intervention)
Measure = TypeVar("Measure", bound=Callable[[Any], Any])


def intervention(kind: type[Kind]) -> type[Kind]:
    """Register a kind of intervention: scenarios, plans, studies and commands then know it by its name.

    Parameters
    ----------
    kind : a class derived from `Intervention`, with a docstring that has all its sections.

    Returns
    -------
    type : the same class, so that it can stand as a decorator.

    Raises
    ------
    InputError : the class says too little, moves no lever, has no cost, or has a name that is taken elsewhere.

    Examples
    --------
    >>> from typing import Literal
    >>> from kantelpunt import Intervention, Scenario, intervention
    >>> @intervention
    ... class SummerCamp(Intervention):
    ...     '''Two weeks away in summer.
    ...
    ...     Who: children of 8-14.  When: every summer.  Where: away.  Reach: five places for every 100 children.
    ...     Effect: less time on the street.  Cost: an assumed 500 euros for every child.  Sources: assumed.
    ...     '''
    ...
    ...     kind: Literal["summer_camp"] = "summer_camp"
    ...
    ...     def levers(self, people):
    ...         return {"activity_places": 5.0}
    ...
    ...     def euros_per_year(self, people):
    ...         return 500.0 * 0.05 * people.children
    >>> Scenario(interventions={"summer_camp": 0.5}).interventions[0].kind
    'summer_camp'
    """
    if not (isinstance(kind, type) and issubclass(kind, Intervention)):
        raise InputError("addition.not_intervention", value=kind, allowed=Phrase("allowed.intervention_class"))
    name = kind.model_fields["kind"].default
    if not isinstance(name, str) or get_args(kind.model_fields["kind"].annotation) != (name,):
        raise InputError("addition.no_kind", place=kind.__name__, value=name, allowed=Phrase("allowed.kind_line"))
    register(kinds(), name, kind, lambda: refuse_unfit(kind), origin(kind))
    return kind


def outcome(*, unit: str, better: Better, definition: str) -> Callable[[Measure], Measure]:
    """Register an outcome: a function from the weeks of a run (`Run.weeks`) to a number for each of them.

    Parameters
    ----------
    unit : one that ends in /week is added up over all weeks; of any other the mean over the last year counts.
    better : which way is better, "higher", "lower" or "neither".
    definition : what it measures, in a line.

    Returns
    -------
    callable : a decorator, which registers a function under its own name and returns it.

    Raises
    ------
    InputError : the name is taken, or the function does not return one finite number a week.

    Examples
    --------
    >>> from kantelpunt import outcome
    >>> @outcome(unit="cases/week", better="higher", definition="Cases closed with a word to the reporter, less those given up")
    ... def balance(weeks):
    ...     return weeks["done_told"] - weeks["abandoned"]
    """

    def registered(measure: Measure) -> Measure:
        name = getattr(measure, "__name__", "")
        new = Added(name, Outcome(unit, better, definition, "added"), measure)
        if name in OUTCOMES:
            raise InputError("name.taken", place="outcome", value=name, allowed=Phrase("allowed.another_name"))
        register(ADDED, name, new, lambda: refuse_unmeasurable(new), origin(measure))
        return measure

    return registered


def origin(thing: Any) -> tuple[str, str]:
    """Return where something is made: its module and its name there."""
    return thing.__module__, thing.__qualname__


def register(there: dict[str, Any], name: str, new: Any, check: Callable[[], None], made: tuple[str, str]) -> None:
    """Let a name mean something new once it is checked; raises InputError where it means something from elsewhere."""
    if not name.isidentifier() or not name.islower():
        raise InputError("addition.bad_name", place=made[1], value=name, allowed=Phrase("allowed.small_letters"))
    if name in there and origin(getattr(there[name], "measure", there[name])) != made:
        place = ".".join(origin(getattr(there[name], "measure", there[name])))
        raise InputError("name.taken_by", place=made[1], value=name, allowed=Phrase("allowed.another_name"), by=place)
    check()
    there[name] = new


def refuse_unfit(kind: type[Intervention]) -> None:
    """Raise InputError unless an intervention says what it is, moves levers that rules read, and has a cost."""
    refuse_unsaid(kind)
    try:
        full = kind.model_validate({})
        moved, cost = full.levers(TRIED_ON), full.euros_per_year(TRIED_ON)
    except NotImplementedError:
        raise InputError("addition.no_levers_or_cost", place=kind.__name__, allowed=Phrase("allowed.levers_and_cost")) from None
    except Exception as error:  # it is code of somebody else
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(
            "addition.cannot_be_made", place=kind.__name__, allowed=Phrase("allowed.defaults"), reason=reason
        ) from error
    refuse_unmoved(kind.__name__, moved, kind.QUALITIES)
    if not isinstance(cost, int | float) or not math.isfinite(cost) or cost < 0:
        raise InputError(
            "addition.no_cost", place=f"{kind.__name__}.euros_per_year", value=cost, allowed=Phrase("allowed.euros_from_0")
        )


def refuse_unsaid(kind: type[Intervention]) -> None:
    """Raise InputError unless the docstring has its sections, every field a description, and FIRST_ORDER an outcome."""
    text = kind.__dict__.get("__doc__") or ""
    if missing := [each for each in SECTIONS if each not in text]:
        place = f"{kind.__name__}.__doc__"
        raise InputError("addition.no_section", place=place, value=missing[0], allowed=SECTIONS)
    for name, field in kind.model_fields.items():
        if name != "kind" and not field.description:
            raise InputError("addition.no_description", place=kind.__name__, value=name, allowed=Phrase("allowed.description"))
    first, way = getattr(kind, "FIRST_ORDER", (next(iter(OUTCOMES)), "up"))
    if first not in OUTCOMES or way not in ("up", "down"):
        near = nearest(str(first), OUTCOMES)
        raise InputError(
            "addition.no_first_effect",
            place=f"{kind.__name__}.FIRST_ORDER",
            value=f"{first} {way}",
            allowed=Phrase("allowed.outcome_and_way"),
            near=near,
        )


def refuse_unmoved(place: str, moved: Any, qualities: tuple[str, ...]) -> None:
    """Raise InputError unless an intervention moves levers that rules read, within bounds and, but for qualities, off neutral."""
    known = registry.levers()
    if not isinstance(moved, dict) or not moved.keys() - qualities:
        raise InputError("addition.moves_nothing", place=f"{place}.levers", value=moved, allowed=Phrase("allowed.levers"))
    for name, value in moved.items():
        if name not in known:
            near = nearest(str(name), known)
            raise InputError("lever.unknown", place=f"{place}.levers", value=name, allowed=known, near=near)
        lever = known[name]
        if (
            not isinstance(value, int | float)
            or not lever.low <= value <= lever.high
            or (value == lever.neutral and name not in qualities)
        ):
            raise InputError(
                "value.out_of_range",
                place=f"{place}.levers: {name}",
                value=value,
                allowed=Phrase("allowed.not_neutral", low=lever.low, high=lever.high, neutral=lever.neutral),
            )


def refuse_unmeasurable(new: Added) -> None:
    """Raise InputError unless an outcome says what it is, and gives a number for each week of a year."""
    told = new.outcome
    for key, value in (("unit", told.unit), ("definition", told.definition)):
        if not isinstance(value, str) or not value.strip():
            raise InputError("value.missing", place=f"{new.name}: {key}", value=value, allowed=Phrase("allowed.text"))
    if told.better not in get_args(Better):
        raise InputError("outcome.unknown_direction", place=f"{new.name}: better", value=told.better, allowed=get_args(Better))
    try:
        new.of(YEAR)
    except KeyError as error:
        column = str(error.args[0])
        near = nearest(column, OUTCOMES)
        raise InputError("outcome.unknown", place=new.name, value=column, allowed=OUTCOMES, near=near) from None
    except Exception as error:  # it is code of somebody else
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(
            "addition.cannot_be_measured", place=new.name, allowed=Phrase("allowed.function_of_weeks"), reason=reason
        ) from error
