"""Packages to begin from: `templates.toml`.  Knows no browser."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kantelpunt.model.interventions import build, catalogue

from .what_if import Package

FILE = Path(__file__).with_name("templates.toml")


@cache
def templates() -> dict[str, tuple[dict[str, Any], ...]]:
    """Return name -> the measures of each package, as tables."""
    return {name: tuple(each["interventions"]) for name, each in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def package(name: str, called: str, weeks: int) -> Package:
    """Return a package to begin from, over all weeks; a moment that lies beyond them comes halfway.

    Parameters
    ----------
    name : of the template.
    called : how the package is called.
    weeks : that there are.
    """
    made = []
    for table in templates()[name]:
        lasting = {} if "date" in catalogue()[table["kind"]].model_fields else {"from": 0, "until": weeks}
        when = {"date": min(table["date"], weeks // 2)} if "date" in table else {}
        made.append(build({**lasting, **table, **when}))
    return Package(called, tuple(made))
