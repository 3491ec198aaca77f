"""Arguments of a neighbourhood: hooks, a scenario with keys changed, and a seed in either of Mesa's ways."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..draws import MAX_SEED
from ..errors import InputError, Phrase
from ..scenario import Scenario

Hook = Callable[[Any], object]


def hook(name: str, given: Any) -> Hook | None:
    """Return what is called before or after a week, or None; raises InputError for what cannot be called."""
    if given is not None and not callable(given):
        raise InputError("hook.invalid", place=name, value=given, allowed=Phrase("allowed.hook"))
    return given


def what_if(scenario: Scenario | None, keys: dict[str, Any]) -> Scenario:
    """Return the scenario with these keys changed; without a scenario, the one of these keys."""
    if scenario is None:
        return Scenario(**keys)
    if not isinstance(scenario, Scenario):
        raise InputError("scenario.invalid", place="scenario", value=scenario, allowed=Phrase("allowed.scenario_or_keywords"))
    return scenario.changed(**keys) if keys else scenario


def world_seed(seed: Any, rng: Any) -> int:
    """Return the seed of the world from Mesa's two ways to give one; raises InputError for what is no seed."""
    if seed is not None and rng is not None:
        raise InputError("seed.twice", place="seed, rng", value=f"{seed!r}, {rng!r}", allowed=Phrase("allowed.seed_or_rng"))
    given = rng if seed is None else seed
    try:
        number = operator.index(int(given) if isinstance(given, str) else given)  # text: from a field that a user fills in
    except (TypeError, ValueError):
        number = None
    try:
        return int(np.random.default_rng(given).integers(MAX_SEED, endpoint=True)) if number is None else number
    except (TypeError, ValueError):
        raise InputError(
            "seed.invalid",
            place="seed" if rng is None else "rng",
            value=given,
            allowed=Phrase("allowed.seed_or_generator", high=MAX_SEED),
        ) from None
