"""The registry: rules, quantities, levers, outcomes, found by looking into `model/rules/`.

A rule is a module in `model/rules/` with

    Parameters    a NamedTuple class, one annotated Quantity a field
    BORROWS       parameters of other rules that it reads too, where it has any: ("trust.bad_weight",) is p.bad_weight here
    READS, WRITES fields as "person.trust_frontline"; "tally.*" is always allowed
    LEVERS        {name: Lever} that it introduces (a lever is introduced once, read anywhere)
    COUNTS        {name: Outcome} that it counts in the week's tally
    MECHANISMS    ids of the mechanisms of the field reports that it carries ("M28", ...)
    a kernel      a compiled function with the name of the module: kernel(world, p, levers, seed, week)

`week.py` says in which order they act.
"""

import importlib
import pkgutil
from collections.abc import Collection
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from . import renaming
from .errors import InputError, Phrase
from .quantity import Lever, Outcome, Quantity, quantities_of

ROUTING = ("chain", "privacy", "refusal", "vanish", "effort", "handling")
HIRING = (
    "fte_police", "fte_youth", "fte_welfare", "fte_other", "skill", "courage", "backing", "situational_safety",
    "situational_social", "cultural_safety", "cultural_social", "mandate", "awareness",
)  # fmt: skip
RULES_RENAMED = {
    "friends": "peer_ties", "leaving": "desistance", "learning": "workforce", "records": "observation",
    "start": "initialisation", "support": "mentoring_and_plans",
}  # fmt: skip
FIRST_NAMES = {new: old for old, new in RULES_RENAMED.items()}


@cache
def rules() -> dict[str, ModuleType]:
    """Return name -> module of every rule, sorted by the name that each had first: to rename a rule moves no number."""
    from . import rules as package

    names = sorted((info.name for info in pkgutil.iter_modules(package.__path__)), key=lambda name: FIRST_NAMES.get(name, name))
    return {name: importlib.import_module(f"{package.__name__}.{name}") for name in names}


@cache
def quantities() -> dict[str, Quantity]:
    """Return "rule.name" -> quantity of every parameter."""
    return {
        f"{rule}.{name}": quantity
        for rule, module in rules().items()
        for name, quantity in quantities_of(module.Parameters).items()
    }


class Numbers(NamedTuple):
    """How many parameters there are, and how well they are known."""

    parameters: int
    fixed: int
    uncertain: int
    assumed: int  # rest on judgement, at least in part
    calibrated: int  # were fitted to a pattern

    @property
    def share(self) -> float:
        """Return the share that rests on judgement."""
        return self.assumed / max(self.parameters, 1)


@cache
def numbers() -> dict[str, Numbers]:
    """Return rule -> how many parameters it has, and how well they are known."""
    return {rule: counted(quantities_of(module.Parameters).values()) for rule, module in rules().items()}


def counted(some: Collection[Quantity]) -> Numbers:
    """Return how many parameters these are, and how well they are known."""
    fixed = sum(each.kind == "fixed" for each in some)
    uncertain = sum(each.kind == "uncertain" for each in some)
    return Numbers(len(some), fixed, uncertain, sum(each.assumed for each in some), sum(each.calibrated for each in some))


def current(name: object) -> Any:
    """Return what a parameter is called now, with a warning where it had another name in an earlier version.

    Raises InputError where it is gone.
    """
    rule, _, own = str(name).partition(".")
    for code, names in (("parameter.gone", renaming.GONE), ("parameter.constant", renaming.CONSTANT)):
        if own in names.get(RULES_RENAMED.get(rule, rule), ()):
            raise InputError(code, value=name, allowed=Phrase("allowed.parameter", rules=tuple(rules())))
    return renaming.current(name, renamed())


def first(name: str) -> str:
    """Return the name of a parameter under the first name of its rule, to which its chance in a design belongs."""
    rule, dot, own = name.partition(".")
    return FIRST_NAMES.get(rule, rule) + dot + own


@cache
def renamed() -> dict[str, str]:
    """Return the names that parameters had in an earlier version -> what they are called now."""
    found = {f"casework.{name}": f"routing.{name}" for name in ROUTING}
    found |= {f"{rule}.{name}": f"hiring.{name}" for name in HIRING for rule in ("initialisation", "start")}
    found |= {f"{rule}.picked": "hiring.picked" for rule in ("workforce", "learning")}
    found |= {"trust.bonding": "encounters.bonding", **renaming.MERGED}
    found |= {first(name): now for name, now in renaming.MERGED.items() if first(name) != name}
    return found | {first(name): name for name in quantities() if first(name) != name}


@cache
def levers() -> dict[str, Lever]:
    """Return name -> lever; raises ValueError when two rules introduce the same one."""
    return _union("LEVERS")


@cache
def counts() -> dict[str, Outcome]:
    """Return name -> outcome of everything that rules count."""
    return _union("COUNTS")


def _union(attribute: str) -> dict:
    found: dict = {}
    for rule, module in rules().items():
        for name, value in getattr(module, attribute).items():
            if name in found:
                raise ValueError(f"model/rules/{rule}.py: {attribute} {name!r} is introduced by another rule already")
            found[name] = value
    return found


@cache
def borrowed() -> dict[str, str]:
    """Return "rule.name" -> the parameter of another rule that stands there: one meaning has one number."""
    found = {}
    for rule, module in rules().items():
        for whose in getattr(module, "BORROWS", ()):
            found[f"{rule}.{whose.partition('.')[2]}"] = whose
    return found


@cache
def parameters_dtype() -> np.dtype:
    """Return the record type of all parameters: one nested record a rule, with what it borrows."""
    fields: dict[str, list[tuple[str, str]]] = {rule: [] for rule in rules()}
    for place in (*quantities(), *borrowed()):
        rule, name = place.split(".")
        fields[rule].append((name, "f8"))
    return np.dtype(list(fields.items()))


@cache
def levers_dtype() -> np.dtype:
    """Return the record type of one week's levers in one quarter."""
    return np.dtype([(name, "f8") for name in levers()])


@cache
def tally_dtype() -> np.dtype:
    """Return the record type of one week's counts."""
    return np.dtype([(name, "i8") for name in counts()])


def parameters(values: dict[str, float] | None = None) -> np.ndarray:
    """Return one record of parameters: the defaults, changed by ``{"rule.name": value}``."""
    record = np.zeros(1, parameters_dtype())
    for name, quantity in quantities().items():
        rule, field = name.split(".")
        record[rule][field] = (values or {}).get(name, quantity.default)
    for place, whose in borrowed().items():
        (rule, field), (owner, own) = place.split("."), whose.split(".")
        record[rule][field] = record[owner][own]
    return record
