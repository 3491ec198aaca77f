"""A study under what goes wrong: failing runs, damaged parts, a full disk, two processes at the same folder."""

import errno
import os
import random
import shutil
from stat import S_ISDIR

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.running import files, store
from kantelpunt.model.errors import InputError
from tests.experiments.toys import plan_of, study_of, toy


def fails(job):
    raise RuntimeError("nothing should run")


def test_a_failing_run_is_recorded_and_replayed_and_the_others_go_on(tmp_path):
    def work(job):
        if (job.name, job.point) == ("youth", 2):
            raise ZeroDivisionError("this world ended")
        return toy({})(job)

    study = study_of(work=work, folder=tmp_path / "study").run(engine=2, quiet=True)
    assert study.status()[:4] == (18, 17, 1, 0)
    (told,) = study.failures
    assert (told["name"], told["point"], told["world"]) == ("youth", 2, 0)
    assert "this world ended" in told["traceback"]
    assert "recruitment" in told["inputs"]
    assert {each.scenario: each.worlds for each in study.effects()} == {"youth": 5, "raid": 6}
    with pytest.raises(ZeroDivisionError):
        study.work(study.replay(told["run"]))
    again = study_of(work=lambda _: pytest.fail("what failed was tried again"), folder=tmp_path / "study")
    assert again.run(quiet=True).left() == 0
    assert study.status().failed == 1
    healed = study_of(folder=tmp_path / "study").run(retry=True, quiet=True)
    assert healed.status()[:4] == (18, 18, 0, 0)
    assert healed.failures == []


def test_a_scenario_that_always_fails_has_no_effect_and_hinders_nobody():
    def work(job):
        if job.name == "raid":
            raise RuntimeError("no")
        return toy({})(job)

    assert [each.scenario for each in study_of(work=work).run(quiet=True).effects()] == ["youth"]


def test_a_truncated_or_damaged_part_is_set_aside_and_run_again(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    before = study.outcomes
    (part,) = (study.folder / "runs").glob("part-*.parquet")
    for damage in (lambda data: data[: len(data) // 2], lambda data: data[:200] + bytes(50) + data[250:], lambda data: b""):
        (part,) = (study.folder / "runs").glob("part-*.parquet")
        part.write_bytes(damage(part.read_bytes()))
        found = study_of(folder=tmp_path / "study")
        status = found.status()
        assert (status.done, status.left) == (0, 18)
        assert part.name in str(status.broken[0])
        found.run(quiet=True)
        pd.testing.assert_frame_equal(found.outcomes, before)
        assert found.course("recruited")["run"].nunique() == 6


def test_what_the_dead_left_half_written_is_cleared(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    (study.folder / "runs" / ".part-1.parquet.abc.whole.part").write_bytes(b"half")
    (study.folder / "series" / "part-0-orphan.parquet").write_bytes(b"whose runs were not written")
    study.run(quiet=True)
    assert not list(study.folder.rglob("*.part"))
    assert not list(study.folder.rglob("*orphan*"))


def test_two_processes_do_not_do_the_same_study_at_once_but_shards_do(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    with study.store.writing(), pytest.raises(InputError, match="already running"):
        study.run(quiet=True)
    with study.store.writing("1-of-2"):
        study.run(shard="2/2", quiet=True)
        with pytest.raises(InputError, match="already running"):
            study.run(quiet=True)
    study.run(quiet=True)


def test_a_full_disk_is_told_and_loses_only_the_part_being_written(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study")
    monkeypatch.setattr("experiments.running.part_writer.MOST_RUNS", 6)
    real = os.fsync
    room = iter([True] * 10)  # the question, points, plan, manifest, codebook, scenarios, two parts of runs and series

    def fsync(handle):
        if not S_ISDIR(os.fstat(handle).st_mode) and not next(room, False):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(InputError, match=r"disk is full.*\n.*kantelpunt resume"):
        study.run(engine=1, quiet=True)
    monkeypatch.setattr(os, "fsync", real)
    assert study.done == 12
    assert not list(study.folder.rglob("*.part"))
    pd.testing.assert_frame_equal(study.run(quiet=True).outcomes, study_of().run(quiet=True).outcomes)


def test_a_disk_that_is_full_once_a_part_has_its_name_leaves_nothing_of_it(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study")
    real = files.flush

    def flush(folder):
        if folder.name == "runs":
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        real(folder)

    monkeypatch.setattr(files, "flush", flush)
    with pytest.raises(InputError, match="disk is full"):
        study.run(engine=1, quiet=True)
    monkeypatch.setattr(files, "flush", real)
    assert not list(study.folder.rglob("part-*.parquet"))
    assert study.run(quiet=True).status()[:5] == (18, 18, 0, 0, [])


def test_a_run_counts_only_once_its_course_is_on_disk(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study")
    real, written = store.write_arrow, []

    def cut_short(path, *others):
        seal = real(path, *others)
        written.append(path.parent.name)
        if written[-1] in ("series", "runs"):
            raise KeyboardInterrupt  # as good as a power cut after the first of the two
        return seal

    monkeypatch.setattr(store, "write_arrow", cut_short)
    with pytest.raises(KeyboardInterrupt):
        study.run(engine=1, quiet=True)
    monkeypatch.setattr(store, "write_arrow", real)
    assert study.done == 0
    weeks = study.run(quiet=True).weeks
    pd.testing.assert_frame_equal(weeks, study_of().run(quiet=True).weeks)


def test_one_shard_is_not_done_twice_at_the_same_time_and_others_go_on(tmp_path):
    study = study_of(folder=tmp_path / "study").run(shard="1/3", quiet=True)
    with study.store.writing("2-of-3"):
        with pytest.raises(InputError, match="this shard is already running"):
            study_of(folder=tmp_path / "study").run(shard="2/3", quiet=True)
        study_of(folder=tmp_path / "study").run(shard="3/3", quiet=True)
    study_of(folder=tmp_path / "study").run(shard="2/3", quiet=True)
    assert study.status().left == 0


def test_a_damaged_part_of_courses_takes_its_runs_along_and_both_are_made_again(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    before = study.weeks
    (part,) = (study.folder / "series").glob("part-*.parquet")
    part.write_bytes(part.read_bytes()[:-40])
    status = Study.open(study.folder).status()
    assert (status.done, status.left) == (0, 18)
    assert part.name in str(status.broken[0])
    again = study_of(folder=study.folder).run(quiet=True)
    pd.testing.assert_frame_equal(again.weeks, before)


def test_a_damaged_plan_is_told_and_made_again_and_no_answer_is_another(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    before, plan = study.outcomes, study.folder / "plan.parquet"
    written = plan.read_bytes()
    for damage in (lambda: plan.write_bytes(written[:-40]), plan.unlink):
        damage()
        found = Study.open(study.folder, work=fails)
        assert (*found.status()[:4], found.status().damaged) == (18, 18, 0, 0, ["plan.parquet"])
        pd.testing.assert_frame_equal(found.outcomes, before)
        found.run(quiet=True)
        assert found.status().damaged == []
        pd.testing.assert_frame_equal(Study.open(study.folder).outcomes, before)


def test_a_damaged_plan_of_a_study_that_grows_asks_for_the_worlds_that_were_run(tmp_path):
    plan = plan_of(until={"half_width": 0.001, "outcome": "recruited", "start": 10, "most": 14})
    study = study_of(plan, folder=tmp_path / "study").run(quiet=True)
    size = study.size
    assert size == 14 * 3
    (study.folder / "plan.parquet").write_bytes(b"")
    found = Study.open(study.folder, work=fails)
    assert found.status()[:4] == (size, size, 0, 0)
    assert found.run(quiet=True).size == size


def test_a_damaged_plan_lets_neither_another_question_nor_another_model_in(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    (study.folder / "plan.parquet").write_bytes(b"")
    with pytest.raises(InputError, match="another study"):
        study_of(plan_of(seed=9), folder=study.folder, work=fails).run(quiet=True)
    assert study_of(plan_of(points=2), folder=study.folder, work=fails).run(quiet=True).size == 18
    (study.folder / "plan.parquet").write_bytes(b"")
    monkeypatch.setattr("experiments.provenance.model_hash", lambda: "another")
    assert not Study.open(study.folder).status().same_model
    with pytest.raises(InputError, match="model"):
        Study.open(study.folder, work=fails).run(quiet=True)


def test_a_damaged_line_of_failures_is_told_and_its_run_is_left(tmp_path):
    study = study_of(folder=tmp_path / "study", work=fails).run(quiet=True)
    (part,) = (study.folder / "failures").glob("part-*.jsonl")
    lines = part.read_text().splitlines()
    part.write_text("\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))
    status = study.status()
    assert (status.failed, status.left) == (17, 1)
    assert "cannot be read" in str(status.broken[0])


def test_a_full_disk_is_told_whatever_is_written(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study").run(quiet=True)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match=r"summary.md: the disk is full\nallowed: more space"):
        study.store.write_text("summary.md", "answer")
    assert not (study.folder / "summary.md").exists()
    assert not list(study.folder.rglob("*.part"))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EFBIG, "disk is full"),
        (errno.EIO, "Input/output error"),
        (errno.ESTALE, "Stale file handle"),
        (errno.EROFS, "read-only"),
    ],
)
def test_a_disk_that_fails_is_told_with_the_file_and_the_study_goes_on_when_it_works(tmp_path, monkeypatch, number, told):
    study = study_of(folder=tmp_path / "study")
    real = os.fsync
    works = iter([True] * 14)  # six files, the courses of a part, and the folder of each

    def fsync(handle):
        if not next(works, False):
            raise OSError(number, os.strerror(number))  # of a handle, so that it names no file
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(InputError, match=told) as caught:
        study.run(engine=1, quiet=True)
    assert str(tmp_path) in str(caught.value)
    monkeypatch.setattr(os, "fsync", real)
    assert study.run(quiet=True).status()[:5] == (18, 18, 0, 0, [])


FILES = (
    "study.toml",
    "points.parquet",
    "plan.parquet",
    "manifest.json",
    "runs/*.parquet",
    "series/*.parquet",
    "failures/*.jsonl",
)


def fails_in_one_world(job):
    if (job.name, job.point) == ("youth", 2):
        raise RuntimeError("this world ended")
    return toy({})(job)


def noticed(folder):
    """Return whether whoever opens a study and asks how far it is hears of damage."""
    try:
        status = Study.open(folder).status()
    except InputError:
        return True
    return bool(status.broken or status.damaged)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Return the folder of a study that has a file of every kind."""
    study = study_of(folder=tmp_path_factory.mktemp("damage") / "study", work=fails_in_one_world).run(quiet=True)
    assert not noticed(study.folder)
    return study.folder


def flipped(data, chance):
    damaged = bytearray(data)
    damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


@pytest.mark.parametrize("kind", FILES)
def test_every_flipped_bit_is_noticed(reference, tmp_path, kind):
    chance = random.Random(kind)
    shutil.copytree(reference, tmp_path / "study")
    (victim,) = (tmp_path / "study").glob(kind)
    before = victim.read_bytes()
    for _ in range(20):
        victim.write_bytes(flipped(before, chance))
        assert noticed(tmp_path / "study")
        for each in reference.rglob("part-*.parquet"):  # what was set aside
            shutil.copy(each, tmp_path / "study" / each.parent.name)
    victim.write_bytes(before)
    assert not noticed(tmp_path / "study")


@pytest.mark.parametrize("kind", ["runs/*.parquet", "series/*.parquet"])
def test_whatever_happens_to_a_part_its_runs_are_made_again(reference, tmp_path, kind):
    before = Study.open(reference)
    for damage in (lambda data: data[:-1], lambda data: data + b"x", lambda data: bytes(len(data)), lambda data: b"", None):
        shutil.copytree(reference, tmp_path / "study")
        (victim,) = (tmp_path / "study").glob(kind)
        victim.write_bytes(damage(victim.read_bytes())) if damage else victim.unlink()
        assert Study.open(tmp_path / "study").status()[:4] == (18, 0, 1, 17)
        again = study_of(folder=tmp_path / "study").run(quiet=True)
        pd.testing.assert_frame_equal(again.outcomes, before.outcomes)
        pd.testing.assert_frame_equal(again.weeks, before.weeks)
        shutil.rmtree(tmp_path / "study")


@pytest.mark.parametrize("name", ["study.toml", "points.parquet", "plan.parquet", "manifest.json"])
@pytest.mark.parametrize("damaged", [False, True])
def test_what_follows_from_the_question_is_made_again_and_no_run_is_lost(reference, tmp_path, name, damaged):
    shutil.copytree(reference, tmp_path / "study")
    (tmp_path / "study" / "summary.md").write_text("an answer")
    victim = tmp_path / "study" / name
    victim.write_bytes(victim.read_bytes()[:-3]) if damaged else victim.unlink()
    again = study_of(folder=tmp_path / "study", work=fails)
    again.run(quiet=True)
    assert not noticed(tmp_path / "study")
    assert again.status()[:4] == (18, 17, 1, 0)
    pd.testing.assert_frame_equal(Study.open(tmp_path / "study").outcomes, Study.open(reference).outcomes)


def test_a_question_that_somebody_edited_is_refused_until_they_say_that_it_is_meant(reference, tmp_path):
    shutil.copytree(reference, tmp_path / "study")
    question = tmp_path / "study" / "study.toml"
    edited = question.read_text().replace("points = 6", "points = 7")
    question.write_text(edited)
    with pytest.raises(InputError, match=r"study.toml.*\n.*without its first line"):
        Study.open(tmp_path / "study")
    question.write_text(edited.partition("\n")[2])
    assert Study.open(tmp_path / "study", work=toy({})).run(quiet=True).size == 21


def test_courses_of_another_part_are_noticed(tmp_path):
    study = study_of(plan_of(points=2), folder=tmp_path / "study").run(quiet=True)
    study_of(plan_of(points=3), folder=tmp_path / "study").run(quiet=True)
    one, two = sorted((study.folder / "series").glob("part-*.parquet"))
    two.write_bytes(one.read_bytes())
    status = Study.open(study.folder).status()
    assert (status.done, status.left) == (6, 3)
    assert "another part" in str(status.broken[0])


def test_a_part_without_a_seal_is_read_to_its_end_and_has_to_have_its_columns(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    (part,) = (study.folder / "runs").glob("part-*.parquet")
    (courses,) = (study.folder / "series").glob("part-*.parquet")
    for path in (part, courses):  # as an earlier version wrote them
        pq.write_table(pq.read_table(path).replace_schema_metadata(None), path, compression="zstd", write_page_checksum=True)
    assert Study.open(study.folder).status()[:4] == (18, 18, 0, 0)
    pq.write_table(pq.read_table(courses).drop_columns(["unsafe"]), courses)
    status = Study.open(study.folder).status()
    assert status.left == 18
    assert "other outcomes" in str(status.broken[0])
