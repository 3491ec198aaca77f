"""Running: whatever the engine, the same runs; failures recorded; dead workers survived; Ctrl-C keeps what is done."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.provenance import ROOT
from kantelpunt.experiments.running import engines
from kantelpunt.experiments.running.jobs import World, summary, thinned
from kantelpunt.experiments.running.runner import Runner, spread, stopping
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.simulation import simulate
from tests.experiments.toys import Deadly, Toy, plan_of, press_ctrl_c, study_of, toy

ENGINES = {"one thread": 1, "two threads": engines.threads(2), "an executor": ThreadPoolExecutor(2)}


def live_model(job):
    return simulate(job.scenario, job.seed).world.history


def test_every_engine_gives_the_same_to_the_last_bit():
    tables = []
    for engine in ENGINES.values():
        study = study_of(plan_of(points=2, worlds=2), live_model).run(engine=engine, quiet=True)
        tables.append((study.runs, study.weeks, study.effects()))
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0][0], other[0])
        pd.testing.assert_frame_equal(tables[0][1], other[1])
        assert tables[0][2] == other[2]


@pytest.mark.slow
def test_processes_give_the_same_as_threads_and_survive_a_run_that_kills_once(tmp_path):
    calm = study_of(work=Toy()).run(quiet=True)
    study = study_of(work=Deadly(graves=str(tmp_path))).run(engine=engines.processes(2), quiet=True)
    assert (tmp_path / "youth-2").exists()
    assert study.status()[:4] == (18, 18, 0, 0)
    pd.testing.assert_frame_equal(study.outcomes, calm.outcomes)


@pytest.mark.slow
def test_a_run_that_kills_workers_twice_is_recorded_and_the_others_go_on():
    study = study_of(work=Deadly()).run(engine=engines.processes(2), quiet=True)
    assert study.status()[:4] == (18, 17, 1, 0)
    (failure,) = study.failures
    assert (failure["name"], failure["point"]) == ("youth", 2)
    assert "died, twice" in failure["traceback"]


@pytest.mark.slow
def test_an_executor_that_breaks_and_cannot_be_opened_again_stops_the_study_but_loses_nothing():
    study = study_of(work=Deadly())
    with ProcessPoolExecutor(1) as pool, pytest.raises(InputError, match="broken"):
        study.run(engine=pool, quiet=True)
    assert study.status().failed == 0
    study.run(engine=engines.processes(1), quiet=True)
    assert study.status()[:4] == (18, 17, 1, 0)


def test_a_part_may_hold_runs_in_any_order_but_a_table_has_that_of_the_plan():
    def work(job):
        time.sleep(0.02 if job.point % 3 == 0 else 0.0)
        return toy({})(job)

    study = study_of(plan_of(points=5, worlds=2), work).run(engine=4, quiet=True)
    order = study.outcomes[["world", "point", "scenario"]].itertuples(index=False, name=None)
    assert list(order) == [(w, p, s) for w in range(2) for p in range(5) for s in ("today", "youth", "raid")]


def test_a_run_is_what_simulate_gives_with_the_parameters_of_its_point():
    study = study_of(plan_of(points=2, worlds=1, parameters={"norms.sanction": 0.5}), live_model).run(engine=1, quiet=True)
    row = study.runs.set_index(["scenario", "point"]).loc[("youth", 1)]
    assert row["recruitment.base"] == study.parameters.loc[1, "recruitment.base"]
    scenario = study.plan.scenarios["youth"]
    # what all scenarios share stands above the point
    again = simulate(scenario.changed(parameters={**study.parameters.loc[1], "norms.sanction": 0.5}), int(row["seed"]))
    for name, value in zip(OUTCOMES, summary(again.world.history), strict=True):
        assert row[name] == value
    assert row["cost"] == scenario.cost()


def test_totals_are_added_up_and_levels_are_means_of_the_last_year():
    history = np.zeros((105, len(OUTCOMES)))
    history[0], history[1:53], history[53:] = 7.0, 1.0, 3.0
    found = dict(zip(OUTCOMES, summary(history), strict=True))
    assert found["recruited"] == 52 * 1 + 52 * 3
    assert found["unsafe"] == found["members"] == 3.0


@pytest.mark.parametrize("every", [1, 4, 5, 52, 1000])
def test_a_thinned_course_loses_no_count_and_keeps_the_first_and_last_level(every):
    history = np.random.default_rng(1).integers(0, 9, (105, len(OUTCOMES))).astype(float)
    history[0] = 0.0
    course = pd.DataFrame(thinned(history, every), columns=list(OUTCOMES))
    whole = pd.DataFrame(history, columns=list(OUTCOMES))
    assert course["recruited"].sum() == whole["recruited"].sum()
    assert (course["unsafe"].iloc[0], course["unsafe"].iloc[-1]) == (whole["unsafe"].iloc[0], whole["unsafe"].iloc[-1])
    assert len(course) == len(range(0, 105, every)) + (104 % every > 0)
    assert thinned(history, 0).shape == (0, len(OUTCOMES))


def test_scenarios_share_the_luck_of_a_world_and_no_two_worlds_do():
    study = study_of(plan_of(points=3, worlds=2)).run(engine=1, quiet=True)
    seeds = study.runs.groupby(["point", "world"])["seed"]
    assert (seeds.nunique() == 1).all()
    assert study.runs["seed"].nunique() == 6
    assert study.runs["run"].nunique() == 18


@pytest.fixture
def heard() -> Iterator[None]:
    """Have signals heard that whoever started the tests ignores, as nohup does."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL, signal.SIGTERM: signal.SIG_DFL}
    before = {what: signal.signal(what, handler) for what, handler in usual.items()}
    yield
    for what, handler in before.items():
        signal.signal(what, handler)


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.usefixtures("heard")
def test_ctrl_c_keeps_what_is_done_and_every_beginning_is_balanced(what):
    pressed = []

    def stop(moment):
        if moment.done >= 6 and not pressed:
            pressed.append(moment)
            press_ctrl_c(what)

    before = signal.getsignal(what)
    study = study_of(plan_of(points=40)).run(engine=2, watch=stop)
    assert 6 <= study.done < study.size
    scenarios = study.outcomes.groupby("point")["scenario"].nunique()
    assert (scenarios == 3).all()
    assert scenarios.index.max() <= len(scenarios) + 6  # what was in waiting may have been taken back in between
    assert signal.getsignal(what) is before
    study.run(quiet=True)
    assert study.done == study.size
    whole = study_of(plan_of(points=40)).run(quiet=True)
    pd.testing.assert_frame_equal(study.outcomes, whole.outcomes)


def test_somebody_who_ignores_the_end_of_a_terminal_goes_on():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with stopping() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)


UNGUARDED = """
import sys
from experiments.running.engines import processes
from tests.experiments.toys import study_of

study_of(folder=sys.argv[1]).run(engine=processes(2), quiet=True)
"""


@pytest.mark.slow
def test_an_engine_whose_workers_cannot_start_blames_no_run_and_says_what_to_do(tmp_path):
    (tmp_path / "script.py").write_text(UNGUARDED)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "study")]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]
    study = study_of(folder=tmp_path / "study")
    assert study.status()[:4] == (18, 0, 0, 18)
    assert study.run(quiet=True).status()[:4] == (18, 18, 0, 0)


@pytest.mark.slow
def test_work_that_cannot_be_handed_over_is_no_failure_of_a_run(tmp_path):
    study = study_of(folder=tmp_path / "study", work=lambda job: toy({})(job))
    with pytest.raises(InputError, match=r"this cannot be sent to workers.*\n.*code that a worker can import"):
        study.run(engine=engines.processes(1), quiet=True)
    assert study.status()[:4] == (18, 0, 0, 18)


@pytest.mark.usefixtures("heard")
def test_a_second_ctrl_c_insists_and_still_keeps_what_is_done():
    pressed = []

    def stop(moment):
        if moment.done >= 6 and not pressed:
            pressed.append(moment)
            press_ctrl_c()
            press_ctrl_c()

    study = study_of()
    with pytest.raises(KeyboardInterrupt):
        study.run(engine=1, watch=stop)
    assert study.done >= 3


def test_studies_run_in_other_threads_too():
    study = study_of()
    thread = threading.Thread(target=study.run, kwargs={"engine": 2, "quiet": True})
    thread.start()
    thread.join()
    assert study.done == study.size


def test_no_more_worlds_are_in_memory_than_needed():
    study, made, received = study_of(), [], []
    parameters = study.parameters.loc[0].to_dict()

    def worlds():
        for i in range(60):
            made.append(i)
            yield World(0, i, i, ((str(i), "today"),), parameters)

    runner = Runner(study.plan.scenarios, engines.threads(1), lambda _: received.append(len(made) - len(received)), 0, toy({}))
    with stopping() as stop:
        runner.run(worlds(), stop)
    assert len(received) == 60
    assert max(received) <= 4


@pytest.mark.parametrize(
    ("cores", "worlds", "threads"),
    [(1, 1, [1, 1]), (2, 1, [1, 1]), (4, 1, [2, 2]), (5, 1, [3, 2]), (4, 3, [1] * 6), (9, 2, [3, 2, 2, 2])],
)
def test_fewer_runs_than_cores_share_them_all(cores, worlds, threads):
    asked = [World(0, i, i, (("a", "today"), ("b", "youth")), {}) for i in range(worlds)]
    spread_out = list(spread(iter(asked), cores))
    assert [world.threads for world in spread_out for _ in world.runs] == threads
    assert [run for world in spread_out for run in world.runs] == [run for world in asked for run in world.runs]
    assert len(spread_out) == (len(threads) if len(threads) < cores else worlds)


def test_a_run_gets_its_share_of_the_cores():
    seen = []

    def work(job):
        seen.append(job.threads)
        return toy({})(job)

    study_of(plan_of(points=2), work).run(engine=13, quiet=True)
    assert sorted(seen) == [2, 2, 2, 2, 2, 3]
    seen.clear()
    study_of(plan_of(points=3), work).run(engine=4, quiet=True)
    assert seen == [1] * 9


def test_what_goes_wrong_outside_runs_stops_the_study_with_what_is_done():
    def watch(moment):
        if moment.done >= 9:
            raise RuntimeError("the screen fell off")

    study = study_of(plan_of(points=300))
    with pytest.raises(RuntimeError, match="screen"):
        study.run(engine=2, watch=watch)
    assert 9 <= study.done < study.size
