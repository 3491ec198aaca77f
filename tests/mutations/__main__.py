"""How many small faults the tests notice: each mutant of a file is run by the tests that are about that file.

    uv run python -m tests.mutations                                    # 300 of rules, statistics, store and wording
    uv run python -m tests.mutations model/rules/trust.py --most 1000   # every mutant of one file

Rules run as plain Python, without compiling, in a copy of the clone.  A test that fails or takes longer than SECONDS
there without a fault takes no part, so a fault that only whole lives show counts as survived: the score is a lower
bound.  Survivors that make no difference, or none that a test should hold to, stand in `survivors.csv` with the reason.
"""

import argparse
import csv
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.mutations.mutants import Mutant, drawn

ROOT = Path(__file__).parents[2]
REASONS = Path(__file__).with_name("survivors.csv")
SECONDS = 5  # of processor time that a test may take without a fault; four times that with one
LIMIT = 300  # seconds that all tests of a mutant may take together
OTHERS = ("experiments/statistics.py", "experiments/running/store.py", "viz/report/wording.py")
ABOUT = {  # tests about a file that does not carry its name
    "demography": ("rules/test_demography.py", "rules/test_pyramid.py"),
    "statistics": ("experiments/test_statistics.py", "experiments/test_precision.py"),
    "store": ("experiments/test_store.py", "experiments/test_damage.py", "experiments/test_study.py"),
    "wording": ("experiments/test_report.py", "experiments/test_answers.py", "experiments/test_wording.py"),
}
LOADED = ("matplotlib.pyplot", "numba", "pandas", "pyarrow.parquet", "scipy.stats", "seaborn", "statsmodels.api")  # before a fork
PYTEST = (
    "-q",
    "-x",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:benchmark",
    "-m",
    "not science and not bench and not browser",
)


class Watch:
    """What pytest is watched by: tests that passed in time, quickest first, and whether one failed."""

    def __init__(self, most: float) -> None:
        """Begin with nothing."""
        self.most, self.seconds = most, dict[str, float]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        """Let a test run for so long and no longer."""
        signal.setitimer(signal.ITIMER_PROF, self.most)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how long a test took that passed."""
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = report.duration


def run(copy: Path, file: str, tests: list[str], stop: bool, answer: Connection) -> None:
    """Run tests in a copy of the clone, in a process of their own; answer pytest's exit code and the tests that passed."""
    os.setsid()
    sys.dont_write_bytecode = True
    if file.startswith("model/"):
        os.environ["NUMBA_DISABLE_JIT"] = "1"
        import_module("numba").config.reload_config()
    os.chdir(copy)
    sys.path[:0] = [str(copy / "src"), str(copy)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    signal.signal(signal.SIGPROF, slow)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    watch = Watch(4 * SECONDS if stop else SECONDS)
    code = pytest.main([*PYTEST, *([] if stop else ["--maxfail=1000"]), *tests], plugins=[watch])
    answer.send((int(code), sorted(watch.seconds, key=watch.seconds.__getitem__)))


def slow(*_: Any) -> None:
    """Stop a test that takes too long."""
    raise TimeoutError


def outcome(copy: Path, file: str, tests: list[str], stop: bool = True, limit: float = LIMIT) -> tuple[int, list[str]]:
    """Return pytest's exit code and the tests that passed; -1 where they took too long or the process died."""
    there, here = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run, args=(copy, file, tests, stop, here))
    process.start()
    here.close()
    try:
        return there.recv() if there.poll(limit) else (-1, [])
    except EOFError:
        return -1, []
    finally:
        if process.is_alive():
            os.killpg(process.pid, signal.SIGKILL)  # type: ignore[arg-type]
        process.join()


@contextmanager
def copied() -> Iterator[Path]:
    """Give a copy of the clone that may be damaged."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in listed.stdout.splitlines():
            if (ROOT / name).exists():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, Path(folder) / name, follow_symlinks=False)
        yield Path(folder)


def about(file: str) -> list[str]:
    """Return the test files that are about a file."""
    stem = Path(file).stem
    named = ABOUT.get(stem, (f"rules/test_{stem}.py",))
    return [f"tests/{name}" for name in named if (ROOT / "tests" / name).exists()]


def reasons() -> dict[tuple[str, ...], str]:
    """Return why a survivor may live, by file and by the statement before and after."""
    with REASONS.open(encoding="utf-8") as file:
        return {(row["file"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def survivors(copy: Path, file: str, chosen: list[Mutant]) -> list[Mutant]:
    """Return the mutants of a file that no test notices; one line of the terminal a mutant."""
    _, tests = outcome(copy, file, about(file), stop=False, limit=10 * LIMIT)
    if not tests:
        sys.exit(f"no test about {file} passes within {SECONDS} s without a fault")
    path, found = copy / file, []
    whole = path.read_text(encoding="utf-8")
    for each in chosen:
        path.write_text(each.text, encoding="utf-8")
        lives = outcome(copy, file, tests)[0] == 0
        print(f"{'SURVIVED' if lives else 'killed  '} {file}:{each.line}  {each.before}  ->  {each.after}", flush=True)
        found += [each] if lives else []
    path.write_text(whole, encoding="utf-8")
    return found


def main() -> None:
    """Print what becomes of every mutant, the score, and the survivors without a reason; exit 1 below 90 %."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description="How many small faults the tests notice.")
    rules = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "model" / "rules").glob("[!_]*.py"))
    parser.add_argument(
        "files", nargs="*", default=[*rules, *OTHERS], help="files of the clone (rules, statistics, store, wording)"
    )
    parser.add_argument("--most", type=int, default=300, help="mutants, drawn by lot over all files (300)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
    asked = parser.parse_args()
    known, alive = reasons(), []
    chosen = drawn({file: (ROOT / file).read_text(encoding="utf-8") for file in asked.files}, asked.most, asked.seed)
    for name in LOADED:
        import_module(name)
    with copied() as copy:
        for file, some in chosen.items():
            alive += [(file, each) for each in survivors(copy, file, some)]
    told = [(file, each) for file, each in alive if (file, each.before, each.after) in known]
    left = [pair for pair in alive if pair not in told]
    made = sum(map(len, chosen.values()))
    killed, judged = made - len(alive), max(made - len(told), 1)
    low, high = proportion_confint(killed, judged, method="wilson")
    print(f"\n{killed} of {made} mutants killed; {len(told)} survive with a reason, {len(left)} without: ", end="")
    print(f"{killed / judged:.0%} (95 % interval {low:.0%} to {high:.0%})")
    for file, each in told:
        print(f"  {file}:{each.line}  {each.before}  ->  {each.after}\n      {known[file, each.before, each.after]}")
    for file, each in left:
        print(f"  SURVIVED {file}:{each.line}  {each.before}  ->  {each.after}")
    sys.exit(0 if killed / judged >= 0.9 else 1)


if __name__ == "__main__":
    main()
