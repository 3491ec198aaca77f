"""A study under what goes wrong: failing runs, damaged parts, a full disk, two processes at the same folder."""

import errno

import pandas as pd
import pytest

from experiments import Study, store
from model.errors import InputError
from tests.experiments.toys import study_of, toy


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
        assert part.name in status.broken[0]
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
    with study.store.writing(), pytest.raises(InputError, match="running already"):
        study.run(quiet=True)
    with study.store.writing("1-of-2"):
        study.run(shard="2/2", quiet=True)
        with pytest.raises(InputError, match="running already"):
            study.run(quiet=True)
    study.run(quiet=True)


def test_a_full_disk_is_told_and_loses_only_the_part_being_written(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study")
    monkeypatch.setattr("experiments.parts.MOST_RUNS", 6)
    real = store.pq.write_table
    room = iter([True] * 6)  # plan, points, two parts of runs and series

    def write_table(*arguments, **options):
        if not next(room, False):
            raise OSError(28, "No space left on device")
        real(*arguments, **options)

    monkeypatch.setattr(store.pq, "write_table", write_table)
    with pytest.raises(InputError, match=r"disk is full.*\n.*kantelpunt resume"):
        study.run(engine=1, quiet=True)
    monkeypatch.setattr(store.pq, "write_table", real)
    assert study.done == 12
    assert not list(study.folder.rglob("*.part"))
    pd.testing.assert_frame_equal(study.run(quiet=True).outcomes, study_of().run(quiet=True).outcomes)


def test_a_run_counts_only_once_its_course_is_on_disk(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study")
    real, written = store.write_arrow, []

    def cut_short(path, *others):
        real(path, *others)
        written.append(path.parent.name)
        if written[-1] in ("series", "runs"):
            raise KeyboardInterrupt  # as good as a power cut after the first of the two

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
        with pytest.raises(InputError, match="this shard is running already"):
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
    assert part.name in status.broken[0]
    again = study_of(folder=study.folder).run(quiet=True)
    pd.testing.assert_frame_equal(again.weeks, before)


def test_a_damaged_plan_is_told_and_the_same_question_brings_it_back(tmp_path):
    study = study_of(folder=tmp_path / "study").run(quiet=True)
    before = study.outcomes
    plan = study.folder / "plan.parquet"
    plan.write_bytes(plan.read_bytes()[:-40])
    with pytest.raises(InputError, match=r"plan.parquet: cannot be read.*\n.*runs that are done count again"):
        Study.open(study.folder).status()
    plan.unlink()
    study_of(folder=study.folder, work=fails).run(quiet=True)
    pd.testing.assert_frame_equal(Study.open(study.folder).outcomes, before)


def test_a_damaged_line_of_failures_is_told_and_its_run_is_left(tmp_path):
    study = study_of(folder=tmp_path / "study", work=fails).run(quiet=True)
    (part,) = (study.folder / "failures").glob("part-*.jsonl")
    lines = part.read_text().splitlines()
    part.write_text("\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))
    status = study.status()
    assert (status.failed, status.left) == (17, 1)
    assert "cannot be read" in status.broken[0]


def test_a_full_disk_is_told_whatever_is_written(tmp_path, monkeypatch):
    study = study_of(folder=tmp_path / "study").run(quiet=True)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match=r"summary.md: the disk is full\nallowed: more room"):
        study.store.write_text("summary.md", "answer")
    assert not (study.folder / "summary.md").exists()
    assert not list(study.folder.rglob("*.part"))
