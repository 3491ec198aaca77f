"""How many small faults the tests notice: each mutant of a file is run by the tests that are about that file.

    uv run python -m tests.mutations                                    # 300 of rules, statistics, store and wording
    uv run python -m tests.mutations model/rules/trust.py --most 1000   # every mutant of one file

Nothing is written: a fault is put into functions that are loaded, in a process of its own, so that nothing is loaded or
compiled for it; rules run as plain Python.  A test that fails or takes longer than SECONDS without a fault takes no part, so a
fault that only whole lives, another process or another file's own copy of a constant show counts as survived: the score is a
lower bound.  Survivors that make no difference, or none that a test should hold to, stand in `survivors.csv` with the reason.
"""

import argparse
import csv
import inspect
import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Iterator
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.mutations.mutants import Mutant, drawn

ROOT = Path(__file__).parents[2]
REASONS = Path(__file__).with_name("survivors.csv")
SECONDS = 4  # of processor time that a test may take without a fault; four times that with one
LIMIT = 600  # seconds that all tests of a mutant may take together; whoever takes longer counts as survived
NOT_KNOWN = -2
PEOPLE = (50, 60, 100, 150, 200, 300, 400, 600, 800, 1_000)  # of towns that tests of rules begin with: made up once
OTHERS = ("experiments/statistics.py", "experiments/running/store.py", "viz/report/wording.py")
OF_ALL_RULES = ("rules/test_thresholds.py", "rules/test_weeks.py")
ABOUT = {  # tests about a file that does not carry its name
    "demography": ("rules/test_vital_events.py", "rules/test_demography.py", "rules/test_pyramid.py", *OF_ALL_RULES),
    "statistics": ("experiments/test_statistics.py", "experiments/test_precision.py"),
    "store": ("experiments/test_store.py", "experiments/test_damage.py", "experiments/test_study.py"),
    "wording": ("experiments/test_report.py", "experiments/test_answers.py", "experiments/test_wording.py"),
}
LOADED = ("matplotlib.pyplot", "pyarrow.parquet", "scipy.stats", "seaborn", "statsmodels.api", "kantelpunt.model.week")
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
        self.most, self.seconds, self.begins = most, dict[str, float](), dict[str, float]()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: Any) -> Generator[None, Any, Any]:
        """Let the beginning of a test, which others of its file may share, run four times as long as a test may."""
        return (yield from no_longer_than(4 * self.most))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Generator[None, Any, Any]:
        """Let a test run for so long and no longer."""
        return (yield from no_longer_than(self.most))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how long a test took that passed, and the longest beginning in its file, which one test pays for all."""
        if report.when == "setup":
            file = report.nodeid.partition("::")[0]
            self.begins[file] = max(self.begins.get(file, 0.0), report.duration)
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = report.duration

    def quickest(self) -> list[str]:
        """Return the tests that passed, the quickest first."""
        return sorted(self.seconds, key=lambda test: self.seconds[test] + self.begins[test.partition("::")[0]])


def no_longer_than(seconds: float) -> Generator[None, Any, Any]:
    """Let what is called in between run for so many seconds of processor time."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def run(module: ModuleType, mutant: Mutant | None, tests: list[str], answer: Connection) -> None:
    """Run tests with a fault, or without, in a process of its own; answer pytest's exit code and the tests that passed."""
    os.setsid()
    if mutant:
        put(mutant.text, module)
    signal.signal(signal.SIGPROF, slow)
    watch = Watch(4 * SECONDS if mutant else SECONDS)
    code = pytest.main([*PYTEST, *([] if mutant else ["--maxfail=1000"]), *tests], plugins=[watch])
    answer.send((int(code), watch.quickest()))


def put(text: str, module: ModuleType) -> None:
    """Have the functions and numbers of a module be those of another text of it, wherever they are known."""
    other = ModuleType(module.__name__)
    other.__dict__.update({name: vars(module)[name] for name in ("__file__", "__package__", "__spec__")})
    exec(compile(text, str(module.__file__), "exec"), vars(other))
    take_over(module, other, module.__name__)


def take_over(ours: Any, other: Any, module: str) -> None:
    """Take over what functions do, those of classes too, and what numbers are."""
    for name, value in list(vars(other).items()):
        mine, new = (inspect.unwrap(getattr(each, "fget", each)) for each in (vars(ours).get(name), value))
        if inspect.isfunction(new) and inspect.isfunction(mine) and new.__module__ == module:
            mine.__code__, mine.__defaults__ = new.__code__, new.__defaults__
        elif inspect.isclass(new) and new.__module__ == module:
            take_over(mine, new, module)
        elif isinstance(new, int | float | tuple) and new != mine and not name.startswith("__"):
            setattr(ours, name, new)


def slow(*_: Any) -> None:
    """Stop a test that takes too long."""
    raise TimeoutError


def outcome(module: ModuleType, mutant: Mutant | None, tests: list[str], limit: float = LIMIT) -> tuple[int, list[str]]:
    """Return pytest's exit code and the tests that passed; NOT_KNOWN where they took too long, -1 where the process died."""
    there, here = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=run, args=(module, mutant, tests, here))
    process.start()
    here.close()
    try:
        return there.recv() if there.poll(limit) else (NOT_KNOWN, [])
    except EOFError:
        return -1, []
    finally:
        if process.is_alive():
            os.killpg(process.pid, signal.SIGKILL)  # type: ignore[arg-type]
        process.join()


def about(file: str) -> list[str]:
    """Return the test files that are about a file."""
    stem = Path(file).stem
    named = ABOUT.get(stem, (f"rules/test_{stem}.py", *OF_ALL_RULES))
    return [f"tests/{name}" for name in named if (ROOT / "tests" / name).exists()]


def reasons() -> dict[tuple[str, ...], str]:
    """Return why a survivor may live, by file and by the statement before and after."""
    with REASONS.open(encoding="utf-8") as file:
        return {(row["file"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def survivors(chosen: dict[str, list[Mutant]], plain: bool, answer: Connection) -> None:
    """Answer file, mutant of those that no test notices; one line of the terminal a mutant.  All is loaded before, once."""
    os.environ["NUMBA_DISABLE_JIT"] = str(int(plain))
    sys.dont_write_bytecode = True
    told = os.fdopen(os.dup(1), "w", buffering=1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    for name in LOADED:
        import_module(name)
    kantelpunt = import_module("kantelpunt")  # not before: only now it is known whether Numba takes part
    for people in PEOPLE if plain else ():
        kantelpunt.Simulation(kantelpunt.Scenario(people=people, years=1))
    pytest.main([*PYTEST, "--collect-only", *{test for file in chosen for test in about(file)}])  # what runs of it load
    for file, some in chosen.items():
        module = import_module("kantelpunt." + file.removesuffix(".py").replace("/", "."))
        _, tests = outcome(module, None, about(file), limit=6 * LIMIT)
        if not tests:
            told.write(f"no test about {file} passes within {SECONDS} s without a fault\n")
        for each in some:
            lives = outcome(module, each, tests)[0] in (0, NOT_KNOWN) if tests else True
            told.write(f"{'SURVIVED' if lives else 'killed  '} {file}:{each.line}  {each.before}  ->  {each.after}\n")
            if lives:
                answer.send((file, each))
    answer.send(None)


def alive(chosen: dict[str, list[Mutant]], plain: bool) -> Iterator[tuple[str, Mutant]]:
    """Yield the survivors among these, with Numba or without."""
    there, here = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=survivors, args=(chosen, plain, here))
    process.start()
    here.close()
    while (pair := there.recv()) is not None:
        yield pair
    process.join()


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
    known = reasons()
    chosen = drawn({file: (ROOT / file).read_text(encoding="utf-8") for file in asked.files}, asked.most, asked.seed)
    left: list[tuple[str, Mutant]] = []
    for plain in (True, False):
        left += alive({file: some for file, some in chosen.items() if file.startswith("model/") == plain}, plain)
    told = [(file, each) for file, each in left if (file, each.before, each.after) in known]
    killed = sum(map(len, chosen.values())) - len(left)
    left = [pair for pair in left if pair not in told]
    made = sum(map(len, chosen.values()))
    judged = max(made - len(told), 1)
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
