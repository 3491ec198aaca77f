"""Worlds that many tests look at; each is made once a session."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from kantelpunt.experiments.design import stopping_rules
from kantelpunt.model import Scenario, outcomes, simulate
from kantelpunt.model.interventions import catalogue, kinds
from kantelpunt.model.simulation import Run
from kantelpunt.viz.cli.main import main
from tests.generated import load_profile
from tests.worlds.reference_run import leave, story

ROOT = Path(__file__).parents[1]
load_profile()
RAIDS = {"kind": "raid", "justice": 0.5, "from": 6, "every": 20, "share": 0.5}


QUICK = ("rules", "contracts")  # folders whose tests are for a contributor's loop: pytest -m quick
LONG = {"changes", "worlds", "histories", "reached", "stories", "ways"}  # fixtures that live many worlds
SERVES = {"served", "coded", "proxied", "fresh"}  # fixtures that serve the app
LONGEST = (  # files that take longest, in that order: one of them at the end would leave the other cores with nothing to do
    "test_browser.py", "test_processors.py", "test_chaos.py", "test_effects.py", "test_notebooks.py", "test_package.py",
    "test_sessions.py", "test_decisions.py", "test_signs.py", "test_reach.py", "test_changes.py", "test_plain.py",
    "test_reads.py", "test_damage.py", "test_race.py", "test_analyses.py", "test_additions.py", "test_commands.py",
    "test_compare.py", "test_explore.py", "test_client.py", "test_twins.py", "test_browser_kept.py", "test_runner.py",
    "test_scratch.py", "test_mirror.py", "test_dask.py",
)  # fmt: skip
TOGETHER = ("test_plain.py", "test_reads.py", "test_occasions.py")  # files that ask for `stories`: one process tells them once
STEERS = ("PYTHON", "KANTELPUNT_", "NUMBA_", "HOME", "PATH", "XDG_")  # how variables begin that decide what a program runs
CORES = 4  # that tests use at most without being asked: each process holds a compiled model in memory


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes share the tests; one file runs here, where a debugger and what is printed can be seen."""
    alone = len(config.args) == 1 and Path(config.args[0].partition("::")[0]).is_file()
    return 0 if alone else min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, CORES)


class Files(LoadFileScheduling):
    """Hands out a file at a time, and files that share what takes long to make as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        """Return with what a test is handed out."""
        file: str = super()._split_scope(nodeid)
        return TOGETHER[0] if file.endswith(TOGETHER) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Files | None:
    """Return how tests are handed out to processes; nothing where somebody asks for another way."""
    return Files(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_xdist_setupnodes() -> None:
    """Let every process that shares the tests do its linear algebra on one thread: more would wait for each other, spinning."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread what a quick loop would not run: to import it all takes as long as the loop."""
    other = collection_path.parent == Path(__file__).parent and collection_path.is_dir() and collection_path.name not in QUICK
    return True if other and config.option.markexpr == "quick" else None


@pytest.hookimpl(tryfirst=True)  # before marks choose what runs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser or a served app by what it asks for, and what is quick by its folder; begin with what is long."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))  # within a file, and of all others, as they stand
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "chromium" in asked:
            item.add_marker("browser")
        elif asked & SERVES:
            item.add_marker("slow")
        left_out = any(item.get_closest_marker(name) for name in ("browser", "slow", "science", "bench"))
        if item.path.parent.name in QUICK and not left_out and not asked & LONG:
            item.add_marker("quick")


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


@pytest.fixture(autouse=True)
def surroundings() -> Iterator[None]:
    """Ask that a test leaves the environment as it was: what it leaves there steers the programs that later tests start."""
    before = dict(os.environ)
    yield
    left = {name for name, _ in os.environ.items() ^ before.items() if name.startswith(STEERS)}
    assert not left, f"a test left these variables of the environment changed: {sorted(left)}"


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget what a test adds: kinds of interventions, outcomes, stopping rules."""
    tables: tuple[dict[str, Any], ...] = (kinds(), outcomes.ADDED, stopping_rules.ADDED)
    before = [dict(table) for table in tables]
    yield
    for table, held in zip(tables, before, strict=True):
        table.clear()
        table.update(held)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Return a function that runs the command line here and gives exit code, standard output and standard error."""

    def run(*arguments: object) -> Any:
        monkeypatch.setattr(sys, "argv", ["kantelpunt", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return left.value.code or 0, captured.out, " ".join(captured.err.replace("│", " ").split())

    return run
