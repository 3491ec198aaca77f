"""Stopping rules: when a study knows enough.  One is built in, the precision of its differences; others come from outside.

    from kantelpunt import stopping

    @stopping
    def sign_is_known(differences):
        '''Every difference lies on one side of nothing.'''
        return bool((differences.mean().abs() > 3 * differences.sem()).all())

    study.run(until("recruited", rule="sign_is_known"))

A rule gets a column a scenario and a row a pair of worlds, index (point, world), in the order of the worlds, and says whether
these are enough.  Whatever the rule, a study looks ahead: it stops only where the rule goes on to say so (`running/stopping.py`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kantelpunt.model import plug_ins
from kantelpunt.model.additions import origin, register
from kantelpunt.model.errors import InputError

PRECISION = "precision"  # the rule that is built in
TRIED_ON = pd.DataFrame(
    {"scenario": np.linspace(-1.0, 2.0, 10)}, index=pd.MultiIndex.from_product([range(10), [0]], names=["point", "world"])
)
ADDED: dict[str, Callable[[pd.DataFrame], bool]] = {}

Rule = TypeVar("Rule", bound=Callable[[Any], Any])


def stopping(rule: Rule) -> Rule:
    """Register a stopping rule by the name of the function, and return it; raises InputError where it cannot be used."""
    name = getattr(rule, "__name__", "")
    if name == PRECISION:
        raise InputError("this name is taken", place="stopping", value=name, allowed="another name")
    register(ADDED, name, rule, lambda: refuse_undecided(rule), origin(rule))
    return rule


def refuse_undecided(rule: Callable[[Any], Any]) -> None:
    """Raise InputError unless a rule says yes or no about ten pairs."""
    try:
        said = rule(TRIED_ON.copy())
    except Exception as error:  # it is code of somebody else
        reason = f"this stopping rule cannot be asked: {type(error).__name__}: {error}".splitlines()[0]
        allowed = "a function from a table with a row a pair of worlds and a column a scenario to true or false"
        raise InputError(reason, place=rule.__name__, allowed=allowed) from error
    if not isinstance(said, bool | np.bool_):
        raise InputError("a stopping rule says yes or no", place=rule.__name__, value=said, allowed="True or False")


def stopping_rules() -> dict[str, Callable[[pd.DataFrame], bool]]:
    """Return name -> stopping rule from outside, those of plug-ins included."""
    plug_ins.load("kantelpunt.stopping")
    return ADDED
