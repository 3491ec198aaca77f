"""A cluster on this machine: a real scheduler and two workers, each a process of its own, one of which is killed."""

import os
import signal
import subprocess
import sys
import threading
import time

import pandas as pd
import pytest

from kantelpunt.experiments.running import engines
from kantelpunt.model.errors import InputError
from tests.experiments.test_chaos import ROOT
from tests.experiments.toys import Toy, plan_of, study_of

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


class Slow(Toy):
    """The toy, slow enough to be killed in the middle."""

    def __call__(self, job):
        time.sleep(0.02)
        return super().__call__(job)


@pytest.fixture
def cluster(tmp_path):
    """Return the address of a scheduler and its two workers."""
    file, environment = tmp_path / "scheduler.json", {**os.environ, "PYTHONPATH": str(ROOT)}
    options = {"cwd": tmp_path, "env": environment, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*command, "--scheduler-file", str(file)], **options)
    workers = []
    try:
        for _ in range(2):
            command = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-dashboard"]
            workers.append(subprocess.Popen([*command, "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"], **options))
        from distributed import Client

        while not file.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            yield client.scheduler.address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_a_study_on_a_cluster_that_loses_a_worker_is_equal_to_that_on_one_machine(cluster):
    address, workers = cluster
    plan = plan_of(points=40)
    study, killed = study_of(plan, Slow()), threading.Event()

    def watch(moment):
        if moment.done >= 30 and not killed.is_set():
            killed.set()
            os.kill(workers[0].pid, signal.SIGKILL)

    study.run(engine=engines.dask(address), watch=watch)
    assert killed.is_set()
    assert study.status()[:4] == (120, 120, 0, 0)
    alone = study_of(plan).run(quiet=True)
    pd.testing.assert_frame_equal(study.outcomes, alone.outcomes)
    pd.testing.assert_frame_equal(study.weeks, alone.weeks)


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(engines, "PATIENCE", "1s")
    with pytest.raises(InputError, match="the scheduler does not answer"):
        engines.dask("tcp://127.0.0.1:9")
