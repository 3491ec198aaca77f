"""Results on disk: whole or not at all, never over something else, read back as written."""

import os
from stat import S_ISDIR

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments import provenance
from kantelpunt.experiments.running import store
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
    store.write_table(tmp_path / "runs.parquet", table)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "runs.parquet"), table, check_dtype=False)
    assert names(tmp_path) == ["runs.parquet"]


def test_a_file_is_on_disk_before_it_has_its_name_and_then_its_name_is(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append((S_ISDIR(os.fstat(handle).st_mode), names(tmp_path))))
    store.write(tmp_path / "summary.md", lambda file: file.write(b"new"))
    (in_folder, (hidden,)), (folder, shown) = flushed
    assert (in_folder, hidden[0]) == (False, ".")
    assert (folder, shown) == (True, ["summary.md"])


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("old")

    def broken(file):
        file.write(b"half")
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        store.write(path, broken)
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
