"""Running: one thread or many, in the order of the plan; failures recorded; Ctrl-C keeps what is done."""

import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest

from experiments.runner import Done, Failure, run_worlds
from experiments.study import Study, summary
from model.outcomes import OUTCOMES
from model.simulation import simulate
from tests.experiments.toys import plan_of, press_ctrl_c, toy


def test_one_thread_and_two_give_the_same():
    tables = []
    for threads in (1, 2):
        study = Study(plan_of(points=2, worlds=2))
        study.run(threads)
        tables.append((study.runs, study.weeks, study.effects()))
    pd.testing.assert_frame_equal(tables[0][0], tables[1][0])
    pd.testing.assert_frame_equal(tables[0][1], tables[1][1])
    assert tables[0][2] == tables[1][2]


def test_runs_come_in_the_order_of_the_plan_whatever_is_ready_first():
    def work(job):
        time.sleep(0.02 if job.point % 3 == 0 else 0.0)
        return toy({})(job)

    study, seen = Study(plan_of(points=5, worlds=2), work), []
    study.run(4, lambda study: seen.append(study.done))
    assert seen == [3 * n for n in range(1, 11)]
    order = study.outcomes[["world", "point", "scenario"]].itertuples(index=False, name=None)
    assert list(order) == [(w, p, s) for w in range(2) for p in range(5) for s in ("today", "youth", "raid")]


def test_a_run_is_what_simulate_gives_with_the_parameters_of_its_point():
    study = Study(plan_of(points=2, worlds=1, parameters={"norms.sanction": 0.5}))
    study.run(1)
    row = study.runs.set_index(["scenario", "point"]).loc[("youth", 1)]
    assert row["recruitment.base"] == study.points.loc[1, "recruitment.base"]
    scenario = study.plan.scenarios["youth"]
    again = simulate(scenario.changed(parameters={**study.points.loc[1], "norms.sanction": 0.5}), int(row["seed"]))
    for name, value in summary(again.world.history).items():
        assert row[name] == value
    assert row["cost"] == scenario.cost()


def test_totals_are_added_up_and_levels_are_means_of_the_last_year():
    history = np.zeros((105, len(OUTCOMES)))
    history[0], history[1:53], history[53:] = 7.0, 1.0, 3.0
    found = summary(history)
    assert found["recruited"] == 52 * 1 + 52 * 3
    assert found["unsafe"] == found["members"] == 3.0


def test_worlds_with_the_same_scenarios_share_their_luck():
    study = Study(plan_of(points=3, worlds=2))
    study.run(1)
    seeds = study.runs.groupby(["point", "world"])["seed"]
    assert (seeds.nunique() == 1).all()
    assert study.runs["seed"].nunique() == 6
    assert study.runs["run"].nunique() == 18


def test_a_failing_run_is_recorded_and_the_others_go_on():
    def work(job):
        if (job.name, job.point) == ("youth", 2):
            raise ZeroDivisionError("this world ended")
        return toy({})(job)

    study = Study(plan_of(), work)
    study.run(2)
    assert (study.done, study.size, len(study.failures)) == (18, 18, 1)
    (told,) = study.failed_runs()
    assert (told["scenario"], told["point"], told["world"]) == ("youth", 2, 0)
    assert "this world ended" in told["traceback"]
    assert "recruitment" in told["inputs"]
    pairs = {each.scenario: each.worlds for each in study.effects()}
    assert pairs == {"youth": 5, "raid": 6}


def test_a_scenario_that_always_fails_has_no_effect_and_hinders_nobody():
    def work(job):
        if job.name == "raid":
            raise RuntimeError("no")
        return toy({})(job)

    study = Study(plan_of(), work)
    study.run(2)
    assert [each.scenario for each in study.effects()] == ["youth"]


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_keeps_what_is_done_and_every_beginning_is_balanced(threads):
    def stop(study):
        if study.done == 6:
            press_ctrl_c()

    before = signal.getsignal(signal.SIGINT)
    study = Study(plan_of(points=40), toy({}))
    study.run(threads, stop)
    assert 6 <= study.done < study.size
    scenarios = study.outcomes.groupby("point")["scenario"].nunique()
    whole = scenarios.index[scenarios == 3]
    assert whole[: len(whole) - threads].tolist() == list(range(len(whole) - threads))
    assert len(scenarios) - len(whole) <= threads  # what each thread was at
    assert signal.getsignal(signal.SIGINT) is before


def test_the_run_that_goes_on_is_finished_but_no_other_begins():
    def work(job):
        if job.point == 1 and job.name == "youth":
            press_ctrl_c()
        return toy({})(job)

    study = Study(plan_of(), work)
    study.run(1)
    assert study.outcomes["scenario"].tolist() == ["today", "youth", "raid", "today", "youth"]


def test_a_second_ctrl_c_insists():
    def stop(study):
        press_ctrl_c()
        press_ctrl_c()

    with pytest.raises(KeyboardInterrupt):
        Study(plan_of(), toy({})).run(1, stop)


def test_studies_run_in_other_threads_too():
    study = Study(plan_of(), toy({}))
    thread = threading.Thread(target=study.run, args=(2,))
    thread.start()
    thread.join()
    assert study.done == study.size


def test_no_more_worlds_are_in_memory_than_needed():
    made, received = [], []
    (job, *_) = next(iter(Study(plan_of()).worlds))()
    worlds = [lambda i=i: made.append(i) or [job] for i in range(50)]
    run_worlds(worlds, lambda results: received.append(len(made) - len(received)), 1, toy({}))
    assert len(received) == 50
    assert max(received) <= 4


def test_results_say_what_they_are():
    study, got = Study(plan_of(points=1, worlds=2), toy({})), []
    run_worlds(study.worlds, got.extend, 1, study.work)
    assert all(isinstance(each, Done) and not isinstance(each, Failure) for each in got)
    assert {each.history.shape for each in got} == {(53, len(OUTCOMES))}
