"""Stopping rules: when a study knows enough.  One is built in, the precision of its differences; others come from outside.

    from kantelpunt import stopping

    @stopping
    def sign_is_known(differences):
        '''Every difference lies on one side of nothing.'''
        return bool((differences.mean().abs() > 3 * differences.sem()).all())

    study.run(until("recruited", rule="sign_is_known"))

A rule gets a column a scenario and a row a pair of worlds, index (point, world), in the order of the worlds, and says whether
these are enough.  With any rule a study looks ahead: it stops only where the rule goes on to say so (`running/stopping.py`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kantelpunt.model import plug_ins
from kantelpunt.model.additions import origin, register
from kantelpunt.model.errors import InputError, Phrase

PRECISION = "precision"  # the rule that is built in
TRIED_ON = pd.DataFrame(
    {"scenario": np.linspace(-1.0, 2.0, 10)}, index=pd.MultiIndex.from_product([range(10), [0]], names=["point", "world"])
)
ADDED: dict[str, Callable[[pd.DataFrame], bool]] = {}

Rule = TypeVar("Rule", bound=Callable[[Any], Any])


def stopping(rule: Rule) -> Rule:
    """Register a stopping rule under the name of its function; `until` then takes it as ``rule``.

    Parameters
    ----------
    rule : a function of a DataFrame of differences (a row a pair of worlds, index (point, world); a column a scenario) that
        returns whether these are enough.

    Returns
    -------
    callable : the same function, so that it can stand as a decorator.

    Raises
    ------
    InputError : the name is taken, or the function does not answer True or False about ten pairs.

    Examples
    --------
    >>> from kantelpunt import stopping, until
    >>> @stopping
    ... def sign_is_known(differences):
    ...     return bool((differences.mean().abs() > 3 * differences.sem()).all())
    >>> until("recruited", rule="sign_is_known").rule
    'sign_is_known'
    """
    name = getattr(rule, "__name__", "")
    if name == PRECISION:
        raise InputError("name.taken", place="stopping", value=name, allowed=Phrase("allowed.another_name"))
    register(ADDED, name, rule, lambda: refuse_undecided(rule), origin(rule))
    return rule


def refuse_undecided(rule: Callable[[Any], Any]) -> None:
    """Raise InputError unless a rule says yes or no about ten pairs."""
    try:
        said = rule(TRIED_ON.copy())
    except Exception as error:  # it is code of somebody else
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError(
            "stopping.failed", place=rule.__name__, allowed=Phrase("allowed.function_of_pairs"), reason=reason
        ) from error
    if not isinstance(said, bool | np.bool_):
        raise InputError("stopping.no_answer", place=rule.__name__, value=said, allowed=Phrase("allowed.true_or_false"))


def stopping_rules() -> dict[str, Callable[[pd.DataFrame], bool]]:
    """Return name -> stopping rule from outside, those of plug-ins included."""
    plug_ins.load("kantelpunt.stopping")
    return ADDED
