"""Worlds that many tests look at; each is made once a session."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.simulation import Run
from tests.generated import load_profile
from tests.worlds.reference_run import leave, story

ROOT = Path(__file__).parents[1]
load_profile()
RAIDS = {"kind": "raid", "from": 6, "every": 20, "share": 0.5}


@pytest.fixture(scope="session")
def tiny() -> Scenario:
    """Return a what-if in which little happens: 300 people, one year, nothing done."""
    return Scenario(people=300, years=1)


@pytest.fixture(scope="session")
def busy() -> Scenario:
    """Return a what-if in which much happens: every intervention at once, in full from the first week, raids now and then."""
    kinds = [{"kind": kind, "ramp": 0} for kind in catalogue() if kind != "raid"]
    return Scenario(area="overvecht", people=400, years=1, interventions=[*kinds, RAIDS])


@pytest.fixture(scope="session")
def stuck() -> Run:
    """Return ten years of a neighbourhood that stays stuck: 2,000 people, nothing done, with all events."""
    return simulate(Scenario(area="tilburg-noord", people=2_000, years=10), seed=1, events=True)


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the story of one small world as compiled code tells it, and as plain Python does."""
    folder = tmp_path_factory.mktemp("stories")
    lived, told = folder / "lived.npz", folder / "plain.json"
    leave(lived)
    command = [sys.executable, "-m", "tests.worlds.reference_run", str(lived), str(told)]
    plain = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, timeout=1_200
    )
    assert plain.returncode == 0, plain.stderr
    return story(lived), json.loads(told.read_text())
