"""A decision: what a policy returns, asked for within a limit of time and checked before a euro is spent."""

import ctypes
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from numbers import Real
from typing import Any

import numpy as np

from ..errors import InputError, Phrase, nearest
from ..state.codes import QUARTERS
from .seen import Seen

Budget = Mapping[str, float | Mapping[str, float]]  # kind of intervention -> euros, or quarter of the neighbourhood -> euros
Policy = Callable[[int, Seen], Budget]
PATIENCE = 30.0  # seconds that a decision may take; a policy with an attribute `patience` says its own
CENT = 1e-9  # of a budget: sums of floats round
PLACE = "policy"


def decision(policy: Policy, quarter: int, seen: Seen) -> np.ndarray:
    """Return the euros that a policy spends, shape (quarters of the neighbourhood, menu); raises InputError where it fails."""
    place = place_of(policy)
    return checked(answer(policy, quarter, seen, place), seen, place)


def place_of(policy: Policy) -> str:
    """Return how a policy is called in an error: with its own name, if it has one."""
    inner = getattr(policy, "func", policy)  # of one with some of its arguments given
    name = getattr(inner, "__name__", type(inner).__name__)
    return PLACE if name == "decide" else f"{PLACE} {name}"


def answer(policy: Policy, quarter: int, seen: Seen, place: str = PLACE) -> Any:
    """Return what a policy says; raises InputError where it raises, or does not answer in time.

    It runs, and its answer is read, in a thread of its own, which is told to stop when time is up: Python cannot stop what
    waits outside of Python, so such a thread goes on by itself until the program ends.
    """
    found: list[Any] = []
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            found.append(read(policy(quarter, seen)))
        except BaseException as error:  # it is code of somebody else, which may also exit
            wrong.append(error)

    patience = getattr(policy, "patience", PATIENCE)
    thread = threading.Thread(target=copy_context().run, args=(run,), daemon=True)  # with what numpy is told to ignore
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))
        raise InputError("policy.endless", place=place, allowed=Phrase("allowed.policy"), quarter=quarter, seconds=patience)
    if wrong:
        reason = f"{type(wrong[0]).__name__}: {wrong[0]}".splitlines()[0]
        raise InputError(
            "policy.raised", place=place, allowed=Phrase("allowed.policy"), quarter=quarter, reason=reason
        ) from wrong[0]
    return found[0]


def read(said: Any) -> Any:
    """Return what a policy says; of a mapping all that is in it, since its own code may take for ever to tell."""
    if not isinstance(said, Mapping):
        return said
    return {kind: dict(amount) if isinstance(amount, Mapping) else amount for kind, amount in said.items()}


def checked(said: Any, seen: Seen, place: str = PLACE) -> np.ndarray:
    """Return a budget as euros, shape (quarters of the neighbourhood, menu); raises InputError where it is none."""
    if not isinstance(said, Mapping):
        raise InputError("policy.no_budget", place=place, value=said, allowed=Phrase("allowed.budget"))
    euros = np.zeros((len(QUARTERS), len(seen.menu)))
    for kind, amount in said.items():
        if kind not in seen.menu:
            near = nearest(str(kind), seen.menu)
            raise InputError("intervention.unknown", place=place, value=kind, allowed=seen.menu, near=near)
        for quarter, part in parts(str(kind), amount, seen, place):
            euros[QUARTERS.index(quarter), seen.menu.index(kind)] += part
    if (total := math.fsum(euros.flat)) > seen.budget * (1.0 + CENT):
        raise InputError("policy.overspent", place=place, value=total, allowed=Phrase("allowed.euros_up_to", most=seen.budget))
    euros.flags.writeable = False
    return euros


def parts(kind: str, amount: Any, seen: Seen, place: str) -> Iterator[tuple[str, float]]:
    """Yield quarter of the neighbourhood and euros; an amount for all is in equal parts."""
    if isinstance(amount, Mapping):
        for quarter, part in amount.items():
            if quarter not in seen.where:
                near = nearest(str(quarter), seen.where)
                raise InputError("quarter.unknown", place=f"{place}: {kind}", value=quarter, allowed=seen.where, near=near)
            yield quarter, euros_of(f"{place}: {kind}, {quarter}", part)
    else:
        whole = euros_of(f"{place}: {kind}", amount)
        yield from ((quarter, whole / len(seen.where)) for quarter in seen.where)


def euros_of(place: str, amount: Any) -> float:
    """Return an amount of euros; raises InputError where it is no number from 0."""
    if isinstance(amount, Real) and not isinstance(amount, bool):
        with suppress(OverflowError):  # a whole number may be too large for a float
            if 0.0 <= (euros := float(amount)) < math.inf:
                return euros
    raise InputError("policy.no_euros", place=place, value=amount, allowed=Phrase("allowed.euros_from_0"))
