"""Results on disk: whole or not at all, never over something else, read back as written."""

import errno
import os
import subprocess
from stat import S_ISDIR

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from kantelpunt.experiments import provenance
from kantelpunt.experiments.running import store
from kantelpunt.experiments.running.integrity import OF_COURSES, OF_RUNS, TEXTS
from kantelpunt.experiments.running.jobs import Weeks
from kantelpunt.model.errors import InputError


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_a_folder_that_has_just_begun_is_a_study(tmp_path):
    found = store.Store(tmp_path / "results" / "study")
    found.make()
    found.make()
    assert names(found.folder) == ["failures", "runs", "series"]
    assert not found.exists


def test_what_is_no_study_is_never_touched(tmp_path):
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "me.jpg").touch()
    with pytest.raises(InputError, match=r"photos.*\n?.*new or empty folder"):
        store.Store(foreign).make()
    assert names(foreign) == ["me.jpg"]


def test_a_file_or_a_place_without_permission_is_refused_at_once(tmp_path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "study"):
        with pytest.raises(InputError, match="--out"):
            store.Store(place).make()
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write everywhere")
def test_no_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="permission denied"):
        store.Store(tmp_path / "study").make()


def test_a_table_is_read_back_as_written(tmp_path):
    table = pd.DataFrame({"scenario": ["a", "b"], "world": [1, 2**47], "unsafe": [0.1, np.nan], "rule.name": [1e-9, 3.0]})
    store.write_arrow(tmp_path / "runs.parquet", pa.Table.from_pandas(table))
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "runs.parquet"), table, check_dtype=False)
    assert names(tmp_path) == ["runs.parquet"]


def test_a_file_is_on_disk_before_it_has_its_name_and_then_its_name_is(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append((S_ISDIR(os.fstat(handle).st_mode), names(tmp_path))))
    store.write(tmp_path / "summary.md", lambda file: file.write(b"new"))
    (in_folder, (hidden,)), (folder, shown) = flushed
    assert (in_folder, hidden[0]) == (False, ".")
    assert (folder, shown) == (True, ["summary.md"])


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_is_named(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("old")

    def broken(file):
        file.write(b"half")
        raise OSError(errno.EIO, "the disk is worn out")

    with pytest.raises(InputError, match=r"summary\.md: cannot be written"):
        store.write(path, broken)
    with pytest.raises(FileNotFoundError, match="nowhere"):  # the file that it was to be made of
        store.write(path, lambda file: file.write((tmp_path / "nowhere").read_bytes()))
    assert path.read_text() == "old"
    assert names(tmp_path) == ["summary.md"]


def test_a_manifest_says_where_numbers_come_from_and_names_nobody():
    found = provenance.manifest(seed=3)
    assert set(found) == {"made", "model", "git", "versions", "machine", "seed"}
    assert found["versions"]["numpy"] == np.__version__
    assert os.uname().nodename not in str(found)
    assert provenance.run_id("a", 1) == provenance.run_id("a", 1) != provenance.run_id("a", 2)


def test_the_hash_of_the_model_follows_its_sources(monkeypatch, tmp_path):
    (tmp_path / "model" / "rules").mkdir(parents=True)
    rule = tmp_path / "model" / "rules" / "rule.py"
    rule.write_text("x = 1")
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    provenance.model_hash.cache_clear()
    before = provenance.model_hash()
    rule.write_text("x = 2")
    provenance.model_hash.cache_clear()
    after = provenance.model_hash()
    provenance.model_hash.cache_clear()
    assert before != after
    assert provenance.git() is None


@pytest.mark.skipif(os.name != "posix", reason="the program that the settings name is a script")
def test_settings_of_a_clone_around_the_sources_run_nothing(monkeypatch, tmp_path):
    """They name a program that git runs, and may be a stranger's: somebody may have installed us in a folder of theirs."""
    there, told, program = tmp_path / "packages" / "kantelpunt", tmp_path / "told", tmp_path / "program"
    there.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ntouch {told}\n")
    program.chmod(0o755)
    identity = ("-c", "user.name=x", "-c", "user.email=x")
    for words in (
        ("init", "-q"), (*identity, "commit", "-q", "--allow-empty", "-m", "x"),
        ("config", "core.worktree", str(there)), ("config", "core.fsmonitor", str(program)),
    ):  # fmt: skip
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    monkeypatch.setattr(provenance, "ROOT", there)
    assert provenance.git() is None and not told.exists()
    subprocess.run(["git", "diff", "HEAD"], cwd=there, check=True)
    assert told.exists()


def begun(folder):
    """Return the store of a study that has just begun."""
    made = store.Store(folder / "study")
    made.make()
    return made


def of_runs(*ids):
    """Return rows of runs with the columns that every part has, and one outcome."""
    known = {name: "x" if name in TEXTS else 0 for name in sorted(OF_RUNS - {"run"})}
    return pd.DataFrame({"run": ids, **known, "crimes": np.arange(float(len(ids)))})


def courses(*ids):
    """Return the courses of runs, a week each."""
    known = {name: ["x" if name in TEXTS else 0] * len(ids) for name in sorted(OF_COURSES - {"run"})}
    return pa.table({"run": list(ids), **known, "crimes": [1.0] * len(ids)})


def test_a_run_that_stands_in_two_parts_counts_once_and_rows_are_numbered_anew(tmp_path):
    kept = begun(tmp_path)
    kept.add(of_runs("a", "b"), None, [], Weeks(104, 52))
    kept.add(of_runs("b", "c"), None, [], Weeks(52, 52))
    found = kept.runs()
    assert found["run"].tolist() == ["a", "b", "c"] == list(kept.done()) and found.index.tolist() == [0, 1, 2]
    assert list(kept.runs(["crimes"]).columns) == ["run", "crimes"]
    assert kept.weeks() == Weeks(156, 104)
    assert kept.series() is None and kept.failures() == [] and kept.broken == []


def test_courses_are_read_of_runs_that_are_whole_and_the_latest_failure_of_each_run(tmp_path):
    kept = begun(tmp_path)
    kept.add(of_runs("a"), courses("a"), [{"run": "x", "error": "first"}], Weeks())
    kept.add(of_runs("b"), courses("b"), [{"run": "x", "error": "second"}, {"run": "y", "error": "other"}], Weeks())
    assert sorted(kept.series().to_table()["run"].to_pylist()) == ["a", "b"]
    assert {each["run"]: each["error"] for each in kept.failures()} == {"x": "second", "y": "other"}
    assert all("seal" not in each for each in kept.failures())
    first, second = kept.parts(store.RUNS)
    first.write_bytes(first.read_bytes()[:-9])
    assert kept.runs()["run"].tolist() == ["b"] and kept.series().to_table()["run"].to_pylist() == ["b"]
    kept.runs()
    assert len(kept.broken) == 1, "told once"
    assert kept.parts(store.RUNS) == [second]


def test_what_lies_behind_a_link_is_not_cleared(tmp_path):
    found = store.Store(tmp_path / "study")
    found.make()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "part-1-0.parquet").touch()
    (found.folder / store.SERIES).rmdir()
    (found.folder / store.SERIES).symlink_to(mine)
    with pytest.raises(InputError, match="link"):
        found.clear()
    assert names(mine) == ["part-1-0.parquet"]


def test_what_is_half_written_is_cleared_by_the_one_who_wrote_it_and_by_a_whole_study(tmp_path):
    kept = begun(tmp_path)
    kept.add(of_runs("a"), courses("a"), [], Weeks())
    whole = set(kept.folder.rglob("part-*"))
    left = [kept.folder / "runs" / f".part-1.parquet.abc.{shard}.part" for shard in ("one", "two")]
    orphan = kept.folder / "series" / "part-9.parquet"
    for each in (*left, orphan):
        each.touch()
    kept.clear("one")
    assert [each.exists() for each in (*left, orphan)] == [False, True, True], "another shard may be writing"
    kept.clear()
    assert [each.exists() for each in (*left, orphan)] == [False] * 3 and set(kept.folder.rglob("part-*")) == whole


def test_where_the_disk_is_full_no_course_is_left_without_its_run(tmp_path, monkeypatch):
    kept, written = begun(tmp_path), store.write_arrow

    def full(path, *rest):
        if path.parent.name == store.RUNS:
            raise store.DiskFull("disk.full", place=path)
        return written(path, *rest)

    monkeypatch.setattr(store, "write_arrow", full)
    with pytest.raises(store.DiskFull):
        kept.add(of_runs("a"), courses("a"), [], Weeks())
    assert not list(kept.folder.rglob("part-*"))


def test_files_beside_the_parts_are_known_to_be_whole_by_their_seal(tmp_path):
    kept = begun(tmp_path)
    assert kept.damaged() == [store.MARK, store.POINTS, store.PLAN, store.MANIFEST]
    kept.write_question("a = 1\n")
    versions = {"python": "3.11", "numpy": "2.4", "numba": "0.68"}
    kept.write_manifest({"made": "2026-01-05", "model": "a", "git": None, "versions": versions, "seed": 1})
    assert kept.exists and kept.damaged() == [store.POINTS, store.PLAN] and kept.manifest()["seed"] == 1
    kept.check_question()
    mark = kept.folder / store.MARK
    mark.write_text(mark.read_text(encoding="utf-8").replace("a = 1", "a = 2"), encoding="utf-8")
    with pytest.raises(InputError):
        kept.check_question()
    assert store.MARK in kept.damaged() and not kept.holds(store.POINTS)
