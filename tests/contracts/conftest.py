"""What every rule changes, seen over some weeks in worlds of different kinds."""

import pytest

from kantelpunt.model import Scenario, registry
from kantelpunt.model.registry import quantities
from tests.contracts.steps import EAGER, Steps


@pytest.fixture(scope="session")
def changes(busy: Scenario, tiny: Scenario) -> dict[str, set[str]]:
    """Return rule -> fields that it changed, from the start on: busy, left alone, and where crews come late."""
    found: dict[str, set[str]] = {rule: set() for rule in registry.rules()}
    eager = busy.changed(
        years=4, people=800, parameters={**EAGER, "mentoring_and_plans.length": quantities()["mentoring_and_plans.length"].low}
    )
    still = Scenario(people=2_000, years=4)
    calm = tiny.changed(area="contrast", years=2, parameters=EAGER)
    worlds = (
        (busy, 1, 52),
        (eager, 2, 208),
        (eager.changed(people=1_500), 5, 208),
        (still, 1, 208),
        (calm, 2, 104),
    )
    for scenario, seed, weeks in worlds:
        for _, rule, fields in Steps(scenario, seed).changes(weeks):
            found[rule] |= fields
    return found
