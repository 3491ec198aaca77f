"""What happens to studies: killed at random moments, a disk that is full, much more runs than memory."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.model.errors import InputError
from tests.experiments.kill_points import small_study
from tests.experiments.toys import plan_of, study_of

ROOT = Path(__file__).parents[2]
RUNS, MANY = 4_000, 6_000
MOST = 1_024 * MANY / 20_000  # MiB: at most a gibibyte for 20,000 runs

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="signals and locks of Unix")]


def victim(folder, runs):
    command = [sys.executable, "-m", "tests.experiments.killed_process", str(folder), str(runs)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)


def group_of(process):
    """Return whether anybody of the session of a process still lives."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_killed_three_times_a_study_still_has_every_run_once(tmp_path):
    folder, moments = tmp_path / "study", random.Random(20260105)
    counts = []
    for _ in range(3):
        process = victim(folder, RUNS)
        assert process.stdout.readline() == "begins\n"
        while not list(folder.glob("runs/*.parquet"))[len(counts) :]:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.6))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert not group_of(process)
        counts.append(Study.open(folder).done)
    assert 0 < counts[0] <= counts[1] <= counts[2] < RUNS
    process = victim(folder, RUNS)
    assert process.communicate()[0].startswith("begins\n")
    assert process.returncode == 0
    study = Study.open(folder)
    assert study.status()[:4] == (RUNS, RUNS, 0, 0)
    assert study.outcomes["run"].nunique() == RUNS
    assert sum(len(pd.read_parquet(part, columns=["run"])) for part in folder.glob("runs/*.parquet")) == RUNS
    assert not [each for each in folder.rglob("*") if each.name.startswith(".") or each.suffix in (".part", ".broken")]


@pytest.mark.parametrize("had", [0, 1])
def test_a_study_goes_on_from_every_moment_at_which_it_was_killed(tmp_path, had):
    command = [sys.executable, "-m", "tests.experiments.kill_points", str(tmp_path), str(had)]
    moments = int(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout)
    whole = Study.open(tmp_path / str(moments) / "study").outcomes
    assert moments > 20
    resumed = 0
    for moment in range(moments):
        folder = tmp_path / str(moment) / "study"
        study = small_study(folder)
        if (folder / "study.toml").exists() and moment % 2:  # kantelpunt resume; else the same command again
            study, resumed = Study.open(folder, work=study.work), resumed + 1
        study.run(quiet=True)
        if study.plan.points == 1:  # it died before it had written that it was to grow
            study = small_study(folder).run(quiet=True)
        assert study.status().damaged == study.status().broken == []
        pd.testing.assert_frame_equal(study.outcomes, whole)
        assert not list(folder.rglob("*.part"))
    assert resumed > 10


@contextmanager
def small_disk(place, size):
    """Mount a small disk in memory; whoever may not do that skips the test."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no permission to mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_loses_one_part_and_the_study_goes_on_when_there_is_room(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.running.part_writer.MOST_RUNS", 60)
    disk, plan = tmp_path / "disk", plan_of(points=100, worlds=2)
    with small_disk(disk, "2m"):
        ballast = disk / "ballast"
        study = study_of(plan, folder=disk / "study")
        study.store.make()
        study.run(shard="1/50", quiet=True)  # the plan and a little stand there
        free = os.statvfs(disk)
        ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - 150_000))
        with pytest.raises(InputError, match=r"the disk is full.*\n.*kantelpunt resume"):
            study.run(engine=1, quiet=True)
        done = study.done
        assert 0 < done < study.size
        assert not list(disk.rglob("*.part"))
        ballast.unlink()
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        study.run(quiet=True)
        pd.testing.assert_frame_equal(study.outcomes, study_of(plan).run(quiet=True).outcomes)


def test_many_runs_go_to_disk_and_not_into_memory(tmp_path):
    said, _ = victim(tmp_path / "study", MANY).communicate()
    study = Study.open(tmp_path / "study")
    assert study.status()[:4] == (MANY, MANY, 0, 0)
    assert 0 < int(said.split()[-1]) < MOST
