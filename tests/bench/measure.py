"""What the model costs: time, memory, start-up, draws, threads, and how that compares with what people would write instead.

Machines are noisy, so whatever is compared is measured in turns, in one process, and judged by the median of the turns.
Work in one thread is measured in processor time, which leaves out the turns that other programs take.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.compiled import njit
from kantelpunt.model.draws import happens, key
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.world import BLOCK

from .peers import PEERS, missing

ROOT = Path(__file__).parents[2]
SMALL, MIDDLE, LARGE, HUGE = 2_000, 20_000, 100_000, 1_000_000
DRAWS = 5_000_000

MOST_NS = 150.0  # per person-week of 2,000 people, with every step of the week
LEAST_EPSTEIN = 300.0  # times Mesa's Epstein example, per agent-step
LEAST_THREADS = 1.7  # times one thread, with two, be it many runs or a large one
MOST_GROWTH = 1.15  # times the cost per person-week of 2,000 people, for any larger number
MOST_CITY = 60.0  # seconds for ten years of a million people
MOST_BYTES = 1_000  # a person at the peak, of 100,000 people

FIRST_WEEK = """
from time import process_time
from kantelpunt import Scenario
from model.simulation import Simulation
imported = process_time()
Simulation(Scenario(people=200, years=1), seed=1).advance(1)
print([imported, process_time() - imported])
"""
MEMORY = """
import json, re
from pathlib import Path
from kantelpunt import Scenario
from model.simulation import Simulation
def mebibytes(what):
    return int(re.search(what + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
Simulation(Scenario(people=200, years=1), seed=1).advance(1)
Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
before = mebibytes("VmRSS")
simulation = Simulation(Scenario(people={people}, years=1), seed=1)
simulation.advance(4)
print(json.dumps([mebibytes("VmHWM") - before, before, sum(array.nbytes for array in simulation.world)]))
"""


class Measured(NamedTuple):
    """One row of the table: what, how much, the bar that it is held to (if any) and whether it keeps it."""

    what: str
    value: str
    bar: str = ""
    kept: bool | None = None


def in_turns(
    tasks: dict[str, Callable[[], float]], turns: int, clock: Callable[[], float] = time.process_time
) -> dict[str, np.ndarray]:
    """Run the tasks in turns; each returns how many units of work it did.  Returns nanoseconds a unit, (turns,) a task."""
    costs = {name: np.empty(turns) for name in tasks}
    for turn in range(turns):
        for name, task in tasks.items():
            begin = clock()
            units = task()
            costs[name][turn] = (clock() - begin) * 1e9 / units
    return costs


def weeks_of(people: int) -> Callable[[], float]:
    """Return a task that lets a year (of a million people: four weeks) pass and returns the person-weeks."""
    simulation = Simulation(Scenario(people=people, years=50), seed=1)
    simulation.advance(4)
    weeks = 52 if people <= LARGE else 4

    def task() -> float:
        simulation.advance(weeks)
        return weeks * np.count_nonzero(simulation.world.people["present"])

    return task


def steps_of(peer: str, people: int = SMALL) -> Callable[[], float]:
    """Return a task that lets a peer make a step and returns the agent-steps."""
    model = PEERS[peer](people)
    model.step()

    def task() -> float:
        model.step()
        return len(model.agents)

    return task


@njit
def _draws(dice, n):
    happened = 0
    for who in range(n):
        happened += happens(0.01, dice, who)
    return happened


@njit
def _keys(n):
    words = np.uint64(0)
    for week in range(n):
        words ^= key(1, 60, week)
    return words


def draws() -> float:
    """Ask five million people whether something happens to them."""
    _draws(np.uint64(1), DRAWS)
    return DRAWS


def keys() -> float:
    """Make half a million keys, as a rule does once a week."""
    _keys(DRAWS // 10)
    return DRAWS // 10


def runs_on(threads: int, runs: int = 8) -> Callable[[], float]:
    """Return a task that makes ten-year runs of 2,000 people on this many threads."""
    scenario = Scenario(people=SMALL, years=10)

    def task() -> float:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda seed: simulate(scenario, seed=seed), range(runs)))
        return runs

    return task


def large_on(threads: int) -> Callable[[], float]:
    """Return a task that lets a quarter of a year of 100,000 people pass on this many threads and returns the person-weeks."""
    simulation = Simulation(Scenario(people=LARGE, years=50), seed=1, threads=threads)

    def task() -> float:
        simulation.advance(BLOCK)
        return BLOCK * LARGE

    return task


def in_a_process(code: str, **environment: str) -> list:
    """Run code in a fresh Python; return what it printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def spread(costs: np.ndarray, unit: str, divide: float = 1.0) -> str:
    """Return median (lowest - highest) in words."""
    low, middle, high = (value / divide for value in (costs.min(), np.median(costs), costs.max()))
    return f"{middle:,.3g} {unit} ({low:,.3g} - {high:,.3g})"


def speed(full: bool, turns: int) -> Iterator[Measured]:
    """Yield the cost of a person-week at each size, and beside it the peers."""
    sizes = (SMALL, MIDDLE, LARGE, HUGE) if full else (SMALL, MIDDLE, LARGE)
    costs = in_turns({str(people): weeks_of(people) for people in sizes}, turns)
    for people in sizes:
        cost = costs[str(people)]
        bar, kept = (f"at most {MOST_NS:.0f} ns", bool(np.median(cost) <= MOST_NS)) if people == SMALL else ("", None)
        yield Measured(f"a person-week, {people:,} people", spread(cost, "ns"), bar, kept)
    for people in sizes[1:]:
        growth = float(np.median(costs[str(people)] / costs[str(SMALL)]))
        what, bar = f"  {people:,} over {SMALL:,} people", f"at most {MOST_GROWTH:.2f} times"
        yield Measured(what, f"{growth:.2f} times", bar, growth <= MOST_GROWTH)

    ours = f"{SMALL:,}"
    here = [name for name in PEERS if not missing(name)]
    costs = in_turns({ours: weeks_of(SMALL)} | {name: steps_of(name) for name in here}, turns)
    for name in PEERS:
        if package := missing(name):
            yield Measured(f"{name}, {SMALL:,} agents", f"not measured: {package} is not installed (uv run --with {package} ...)")
            continue
        ratio = float(np.median(costs[name] / costs[ours]))
        bar, kept = (f"at least {LEAST_EPSTEIN:.0f} times", ratio >= LEAST_EPSTEIN) if "Epstein" in name else ("", None)
        yield Measured(f"{name}, {SMALL:,} agents", spread(costs[name], "us an agent-step", 1_000))
        yield Measured("  over a person-week of ours", f"{ratio:,.0f} times", bar, kept)


def chance(turns: int) -> Iterator[Measured]:
    """Yield the cost of a draw and of a key."""
    draws(), keys()
    costs = in_turns({"draw": draws, "key": keys}, turns)
    kept = bool(np.median(costs["draw"]) <= 4)
    yield Measured("a draw: does it happen to this person?", spread(costs["draw"], "ns"), "at most 4 ns", kept)
    yield Measured("a key: once a rule and week", spread(costs["key"], "ns"))


def parallel(turns: int) -> Iterator[Measured]:
    """Yield what a second thread gains."""
    for what, task, unit, divide in (
        (f"ten years of {SMALL:,} people, many runs", runs_on, "s a run", 1e9),
        (f"one run of {LARGE:,} people", large_on, "ns a person-week", 1.0),
    ):
        tasks = {"one": task(1), "two": task(2)}
        tasks["one"](), tasks["two"]()
        costs = in_turns(tasks, turns, time.perf_counter)
        gain = float(np.median(costs["one"] / costs["two"]))
        yield Measured(f"{what}, one thread", spread(costs["one"], unit, divide))
        yield Measured("  two threads over one", f"{gain:.2f} times", f"at least {LEAST_THREADS} times", gain >= LEAST_THREADS)


def city(full: bool) -> Iterator[Measured]:
    """Yield what ten years of a million people take by the clock on two threads, from nothing to the last week."""
    if full:
        begin = time.perf_counter()
        simulate(Scenario(people=HUGE, years=10), seed=1, threads=2)
        taken = time.perf_counter() - begin
        what, bar = f"ten years of {HUGE:,} people, two threads", f"at most {MOST_CITY:.0f} s"
        yield Measured(what, f"{taken:.0f} s", bar, taken <= MOST_CITY)


def memory(full: bool) -> Iterator[Measured]:
    """Yield what a world takes, each in a process of its own; Linux only, since it asks the kernel for the peak."""
    if not Path("/proc/self/clear_refs").exists():
        return
    for people in (SMALL, MIDDLE, LARGE, HUGE) if full else (SMALL, MIDDLE, LARGE):
        growth, before, arrays = in_a_process(MEMORY.replace("{people}", str(people)))
        top = growth * 2**20 / people
        value = (
            f"{top:,.0f} bytes a person at the peak ({arrays / people:,.0f} in records), above {before:,.0f} MiB for the program"
        )
        bar, kept = (f"at most {MOST_BYTES:,} bytes", top <= MOST_BYTES) if people == LARGE else ("", None)
        yield Measured(f"memory, {people:,} people", value, bar, kept)


def start_up() -> Iterator[Measured]:
    """Yield the processor time from nothing to the first simulated week: the cache of compiled code empty, then full.

    Python keeps its own byte code beside it, as it does unless a setting of the environment forbids it (a second and a half).
    """
    with TemporaryDirectory() as folder:
        settings = {"KANTELPUNT_CACHE_DIR": folder, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        for state, bar in (("nothing compiled yet", 60.0), ("compiled code in the cache", 2.5)):
            imports, first = in_a_process(FIRST_WEEK, **settings)
            value = f"{imports + first:.1f} s (imports {imports:.1f} s; compiling or loading, and one week {first:.1f} s)"
            yield Measured(f"first week, {state}", value, f"at most {bar:g} s", imports + first <= bar)


def everything(full: bool, turns: int = 5) -> Iterator[Measured]:
    """Yield every row of the table, as it is measured."""
    yield from speed(full, turns)
    yield from chance(turns)
    yield from parallel(turns)
    yield from city(full)
    yield from memory(full)
    yield from start_up()
