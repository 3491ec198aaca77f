"""Where numbers come from: versions, the state of the sources, the machine, the time."""

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kantelpunt.model.outcomes import Added
from kantelpunt.model.scenario import Scenario

from .sources import engine, hashed, source_hash

ROOT = Path(__file__).parents[1]
PACKAGES = ("kantelpunt", "numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "statsmodels")
LONGEST_PATCH = 200_000  # characters


@cache
def model_hash() -> str:
    """Return a hash of the files of the model that every run depends on: with another one, numbers may differ."""
    return hashed(engine(ROOT / "model"), ROOT / "model")


@dataclass(frozen=True)
class Model:
    """The code that the runs of a study are made with.

    ``engine`` is the hash of the files that every run depends on, ``parts`` that of each intervention and of each outcome
    from outside that the study uses; a study of an earlier version has none, since there every file counted for every run.
    """

    engine: str
    parts: Mapping[str, str] | None = None

    def of(self, scenario: Scenario, outcomes: Iterable[str] = ()) -> str:
        """Return the hash of the code that the runs of a scenario use, where these outcomes from outside are measured."""
        if self.parts is None:
            return self.engine
        kinds = {part_of(each.kind) for each in scenario.interventions}
        used = sorted(kinds | {part_of(each, "outcome") for each in outcomes})
        return run_id(self.engine, *(f"{name}={self.parts[name]}" for name in used)) if used else self.engine

    def changed(self, now: "Model") -> list[str]:
        """Return what is another one now: the model itself, or names of interventions and outcomes that both use."""
        if self.engine != now.engine or self.parts is None or now.parts is None:
            return ["the model"]
        return [name for name, code in self.parts.items() if now.parts.get(name, code) != code]

    def with_parts(self, now: "Model") -> "Model":
        """Return this model, and what is added to it now."""
        return self if self.parts is None else Model(self.engine, {**(now.parts or {}), **self.parts})


def part_of(name: str, what: str = "intervention") -> str:
    """Return what an intervention or outcome is called among the parts of a model."""
    return f"{what} {name}"


def model_of(scenarios: Iterable[Scenario], outcomes: Iterable[Added] = ()) -> Model:
    """Return the model as it is now, for these scenarios and these outcomes from outside."""
    kinds = {part_of(each.kind): type(each) for scenario in scenarios for each in scenario.interventions}
    measures = {part_of(each.name, "outcome"): each.measure for each in outcomes}
    return Model(model_hash(), {name: source_hash(thing) for name, thing in sorted({**kinds, **measures}.items())})


def run_id(*parts: object) -> str:
    """Return what a run is known by: the same id is the same model, scenario, point and world."""
    return hashlib.blake2b(" ".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def manifest(**more: Any) -> dict[str, Any]:
    """Return what somebody needs to make the numbers again, and to know that they are the same ones; nothing names a person."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model_hash(),
        "git": git(),
        "versions": {"python": platform.python_version(), **{name: installed(name) for name in PACKAGES}},
        "machine": {
            "system": " ".join((platform.system(), *platform.libc_ver())).strip(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
        **more,
    }


def as_json(facts: dict[str, Any]) -> str:
    """Return facts as a file holds them."""
    return json.dumps(facts, indent=2) + "\n"


def installed(name: str) -> str | None:
    """Return the version of a package, if it is installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def git() -> dict[str, Any] | None:
    """Return the commit, whether sources were changed since, and the patch; none where this is no clone or git is not there.

    A clone around the sources is not asked: its settings name programs that git runs, and it may be a stranger's.
    """

    def ask(*words: str) -> str:
        command = ["git", "-C", str(ROOT), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    if not (ROOT / ".git").exists():
        return None
    try:
        patch = ask("diff", "HEAD")
        kept = patch if len(patch) <= LONGEST_PATCH else f"{len(patch):,} characters, too long to keep"
        return {"commit": ask("rev-parse", "HEAD"), "changed": bool(patch), "patch": kept}
    except (OSError, subprocess.SubprocessError):
        return None
