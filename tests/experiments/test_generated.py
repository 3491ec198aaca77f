"""Generated plans, scenario files and command lines: no traceback, no hang, and exit code 2 with a clear word for what is wrong.

A night's work is 1,000 others (`tests/generated.py`):

    KANTELPUNT_GENERATED=1000 HYPOTHESIS_PROFILE=random uv run pytest tests/experiments/test_generated.py
"""

import io
import os
import sys
import traceback
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model.errors import InputError
from kantelpunt.model.scenario import Scenario
from kantelpunt.viz.cli.main import main
from tests.generated import COUNT, examples

from . import generated_plans as made
from .toys import plan_of, study_of, toy

SECONDS = 60
WORK = (
    "kantelpunt.viz.cli.run.lived",
    "kantelpunt.viz.cli.run.warm_up",
    "kantelpunt.viz.cli.instruments.warm_up",
    "kantelpunt.viz.cli.study_output.warm_up",
    "kantelpunt.viz.cli.studies.warm_up",
    "kantelpunt.experiments.analysis.calibration.optimise",
)


def share(part):
    """Return how a part of the examples is made."""
    return examples(max(1, int(COUNT * part)), deadline=1_000 * SECONDS, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder to write in."""
    folder = tmp_path_factory.mktemp("made") / "two" / "deep"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def answered(place):
    """Return the folder with a study in it whose runs are done."""
    study_of(plan_of(points=12, worlds=2), toy({"youth": -8.0}), place / "OUT").run(quiet=True)
    return place


def came_to_work(*_, **__):
    """Stand for all that takes long: whoever gets here has been understood."""
    sys.exit(0)


def typed(place, *arguments):
    """Return the exit code of a command line, what it printed, and what it told; raises whatever is no exit."""
    out, told = io.StringIO(), io.StringIO()
    with ExitStack() as held:
        for name in WORK:
            held.enter_context(patch(name, came_to_work))
        held.enter_context(patch.object(sys, "argv", ["kantelpunt", *arguments]))
        held.enter_context(redirect_stdout(out))
        held.enter_context(redirect_stderr(told))
        before = Path.cwd()
        os.chdir(place)
        try:
            main()
        except SystemExit as left:
            return left.code or 0, out.getvalue(), told.getvalue()
        finally:
            os.chdir(before)
    return 0, out.getvalue(), told.getvalue()


def is_clear(error, path):
    """Return whether a complaint says where something is wrong, and what stands there or may stand there."""
    there = error.place.startswith(str(path)) and bool(str(error.words))
    return there and (error._given or bool(error.allowed) or ":" in str(error.words))


def read(kind, path):
    """Read a file; a complaint must be clear, and no other exception comes."""
    try:
        kind.from_toml(path)
    except InputError as error:
        assert is_clear(error, path), str(error)
        assert "\x1b" not in str(error)
        return 2
    return 0


@share(0.4)
@given(content=st.one_of(made.files(made.PLAN), made.files(made.GRID)))
def test_any_plan_is_understood_or_refused(place, content):
    path = place / "plan.toml"
    path.write_bytes(content)
    code = read(Plan, path)
    left, printed, told = typed(place, "compare", "plan.toml", "--lang", "en", "--out", "study")
    assert left == 2 or (left, code) == (0, 0), told
    assert (printed == "" and told.strip()) if left else True


@share(0.3)
@given(content=made.files(made.SCENARIO))
def test_any_scenario_is_understood_or_refused(place, content):
    path = place / "scenario.toml"
    path.write_bytes(content)
    code = read(Scenario, path)
    assert typed(place, "run", "scenario.toml")[0] == code


@share(0.3)
@given(line=made.lines(), content=st.one_of(made.files(made.PLAN), st.binary(max_size=40)))
def test_any_command_line_is_understood_or_refused(answered, line, content):
    (answered / "PLAN").write_bytes(content)
    (answered / "SCENARIO").write_bytes(content)
    (answered / "FILE").write_bytes(content)
    try:
        left, _, told = typed(answered, *line)
    except BaseException:  # the line that did it, which Hypothesis shows in another place
        pytest.fail(f"{line}\n{traceback.format_exc()}")
    assert left in (0, 1, 2, 130), line
    assert "Traceback" not in told
    assert told.strip() or left == 0
