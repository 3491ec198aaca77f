"""How generated examples are made, for every test that uses them; `conftest.py` chooses the profile.

fixed     the same examples each time, so that a failure is about the change and not about luck (the default)
random    other examples each time; what fails is kept in `.hypothesis` and shrunk

    HYPOTHESIS_PROFILE=random uv run pytest tests/laws      # or --hypothesis-profile=random

`KANTELPUNT_GENERATED` says how many files, rows and command lines a test of foreign input tries: FEW by default, 100 in
`.ci/run`, 1,000 in a night's work.
"""

import os

from hypothesis import HealthCheck, settings

FEW = 40
COUNT = int(os.environ.get("KANTELPUNT_GENERATED", FEW))


def load_profile() -> None:
    """Make the profiles, and use the one that the environment asks for."""
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large]  # a world takes long to make; the first compiles
    settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True, suppress_health_check=unhurried)
    settings.register_profile("random", settings.get_profile("fixed"), derandomize=False)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def examples(n: int, **changes: object) -> settings:
    """Return the settings of a test that tries n examples."""
    return settings(max_examples=n, **changes)  # type: ignore[arg-type]
