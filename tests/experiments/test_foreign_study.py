"""A study of somebody else is data: nothing in its folder runs, no link leads out of it, and nothing in it is without an end."""

import json
import os
import pickle
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kantelpunt.experiments import Study
from kantelpunt.experiments.analysis.best import race
from kantelpunt.experiments.analysis.calibration import Target, optimise
from kantelpunt.experiments.analysis.calibration.waves import Part, waves
from kantelpunt.experiments.analysis.pathways import pathways
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.exchange import panels
from kantelpunt.experiments.running import files, integrity
from kantelpunt.experiments.running.pages import Header, Lying, unpacked
from kantelpunt.model.errors import InputError
from kantelpunt.viz.report import html
from tests.experiments.toys import TABLE, plan_of, study_of, toy

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and devices have names on Unix only")
PROGRAM = Path(sys.executable).with_name("kantelpunt")
MODULES = (
    "sitecustomize", "usercustomize", "conftest", "setup", "encodings", "codecs", "re", "signal", "threading", "json", "pickle",
    "csv", "warnings", "resource", "tomllib", "multiprocessing", "concurrent", "numpy", "pandas", "numba", "scipy", "matplotlib",
    "pyarrow", "openpyxl", "typer", "rich", "kantelpunt", "model", "experiments", "viz", "stranger",
)  # fmt: skip
SECRET = " ".join(("a", "file", "of", "this", "machine"))  # which no patch of these sources holds


@pytest.fixture
def foreign(tmp_path):
    """Return the folder of a study that somebody else made, and whose runs are done."""
    return study_of(plan_of(points=2, worlds=2), toy({"youth": -8.0}), tmp_path / "study").run(quiet=True).folder


@pytest.fixture
def secret(tmp_path):
    """Return a file outside it."""
    (tmp_path / "secret").write_text(SECRET)
    return tmp_path / "secret"


class Trap:
    """What writes a file where it is unpickled."""

    def __init__(self, told):
        self.told = told

    def __reduce__(self):
        return Path.touch, (self.told,)


def trapped(folder: Path, told: Path) -> None:
    """Put all into a folder that a library could run, or read what to run from, where somebody stands in it."""
    code = f"open({str(told)!r}, 'w').close()\n"
    for name in MODULES:
        (folder / f"{name}.py").write_text(code)
    about = folder / "stranger-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: stranger\nVersion: 1.0\n")
    groups = ("interventions", "outcomes", "stopping")
    (about / "entry_points.txt").write_text("\n".join(f"[kantelpunt.{group}]\nstranger = stranger" for group in groups))
    (folder / ".numba_config.yaml").write_text("- no table, at which Numba fails")
    (folder / "matplotlibrc").write_bytes(b"\xff, at which Matplotlib fails")
    (folder / ".env").write_text("SOLARA_APP=stranger\nPYTHONPATH=.\n")
    (folder / "stranger.pth").write_text("import stranger\n")
    for name in ("study.pickle", "runs/part-0.pkl", "rule.code", "cache.joblib"):
        (folder / name).write_bytes(pickle.dumps(Trap(told)))


def typed(folder: Path, *arguments: object) -> None:
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=600)
    assert "Traceback" not in done.stderr and done.returncode in (0, 2), (arguments, done.stderr)


def test_a_trap_works_where_somebody_imports_from_the_folder(foreign, tmp_path):
    trapped(foreign, told := tmp_path / "told")
    subprocess.run([sys.executable, "-c", "import stranger"], cwd=foreign, check=True)
    assert told.exists()
    for library in ("numba", "matplotlib"):
        assert subprocess.run([sys.executable, "-P", "-c", f"import {library}"], cwd=foreign, capture_output=True).returncode
    told.unlink()
    pickle.loads((foreign / "study.pickle").read_bytes())
    assert told.exists()


def test_opening_a_study_inside_its_own_folder_runs_nothing_of_it(foreign, tmp_path):
    trapped(foreign, told := tmp_path / "told")
    for command in (["report", "."], ["export", "."], ["discover", "."]):
        typed(foreign, *command)
        assert not told.exists(), command


@pytest.mark.slow
def test_going_on_with_a_study_inside_its_own_folder_runs_nothing_of_it_in_any_process(foreign, tmp_path):
    trapped(foreign, told := tmp_path / "told")
    for part in foreign.glob("runs/part-*.parquet"):
        part.unlink()
    typed(foreign, "resume", ".", "--processes", "2")
    assert Study.open(foreign).status().left == 0 and not told.exists()
    typed(foreign, "verify", ".", "--runs", "2")
    assert not told.exists()


def test_a_part_whose_columns_are_pickled_is_not_unpickled(foreign, tmp_path):
    told = tmp_path / "told"
    (part,) = (foreign / "runs").glob("part-*.parquet")
    table = pq.read_table(part)
    for name in (b"arrow.py_extension_type", b"stranger"):
        kept = {b"ARROW:extension:name": name, b"ARROW:extension:metadata": pickle.dumps(Trap(told))}
        schema = pa.schema([each.with_metadata(kept) for each in table.schema], metadata={b"pandas": pickle.dumps(Trap(told))})
        pq.write_table(table.cast(schema), part)
        study = Study.open(foreign)
        study.status()
        assert not told.exists()


@pytest.mark.parametrize("name", ["report.html", "summary.md", "manifest.json", "points.parquet", "plan.parquet", "codebook.csv"])
def test_a_link_in_a_study_is_replaced_and_what_it_leads_to_stays_as_it_is(call, foreign, secret, name):
    (foreign / name).unlink(missing_ok=True)
    (foreign / name).symlink_to(secret)
    for command in (["resume", foreign], ["report", foreign]):
        call(*command)
        assert secret.read_text() == SECRET, command


@pytest.mark.parametrize("name", ["runs", "series", "failures"])
def test_a_folder_in_a_study_that_leads_to_another_study_is_refused_and_nothing_there_is_touched(call, foreign, tmp_path, name):
    own = shutil.copytree(foreign, tmp_path / "own")
    for part in foreign.glob("series/part-*.parquet"):
        part.write_bytes(b"of other runs than those that it leads to")
    (own / "series" / "part-0.parquet").touch()  # without its runs
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    shutil.rmtree(foreign / name)
    (foreign / name).symlink_to(own / name)
    for command in ("status", "resume", "report"):
        code, _, told = call(command, foreign, "--lang", "en")
        assert code == 2 and "this is a link" in told
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == before


def test_a_panel_is_not_written_where_a_link_leads(foreign, tmp_path):
    (tmp_path / "own").mkdir()
    (foreign / panels.FOLDER).symlink_to(tmp_path / "own")
    with pytest.raises(InputError, match="link"):
        panels.written(Study.open(foreign), {})
    assert not any((tmp_path / "own").iterdir())


def test_the_lock_of_a_shard_makes_no_file_behind_a_link(foreign, tmp_path):
    (foreign / ".1-of-2.lock").symlink_to(tmp_path / "made")
    with pytest.raises(InputError), Study.open(foreign).store.writing("1-of-2"):
        pass
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["runs/extra", "failures/part-1.jsonl"])
def test_a_study_with_a_pipe_in_it_is_told_and_not_packed(call, foreign, tmp_path, name):
    os.mkfifo(foreign / name)
    for command in (["export", foreign, "--out", tmp_path / "study.zip"], *([["report", foreign]] if "part" in name else [])):
        code, _, told = call(*command, "--lang", "en")
        assert code == 2 and name in told and "pipe" in told
    assert not (tmp_path / "study.zip").exists()


@pytest.mark.parametrize("name", ["report.html", "runs/extra", "failures/part-1.jsonl", "series"])
def test_a_study_with_a_link_in_it_is_not_packed(call, foreign, secret, tmp_path, name):
    (foreign / name).rename(tmp_path / "aside") if (foreign / name).exists() else None
    (foreign / name).symlink_to(secret if name != "series" else tmp_path / "aside")
    for language, said in (("en", "this is a link"), ("nl", "dit is een snelkoppeling")):
        code, _, told = call("export", foreign, "--out", tmp_path / "study.zip", "--lang", language)
        assert code == 2 and said in told
    assert not (tmp_path / "study.zip").exists()


def test_a_study_without_links_is_packed_and_nothing_else(call, foreign, secret, tmp_path, monkeypatch):
    (tmp_path / "None").mkdir()  # as a library calls a folder that it has not got
    secret.rename(tmp_path / "None" / secret.name)
    monkeypatch.chdir(tmp_path)
    assert call("export", foreign, "--out", tmp_path / "study.zip")[0] == 0
    with ZipFile(tmp_path / "study.zip") as crate:
        assert not [name for name in crate.namelist() if name.endswith("secret") or SECRET.encode() in crate.read(name)]


@pytest.mark.parametrize("name", ["study.toml", "plan.parquet", "points.parquet", "manifest.json", "runs/part-0.parquet"])
@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/dev/zero"), os.mkfifo])
def test_what_has_no_end_is_not_read(call, foreign, name, make):
    (foreign / name).unlink(missing_ok=True)
    make(foreign / name)
    assert call("status", foreign)[0] in (0, 2)


@pytest.mark.parametrize("name", ["runs", "plan.parquet"])
def test_a_table_that_unpacks_to_far_more_than_runs_can_is_not_unpacked(foreign, name):
    (part,) = foreign.glob(f"{name}/part-*.parquet") if name == "runs" else [foreign / name]
    known = pq.read_table(part)
    files.write_arrow(part, known.select(known.schema.names[:5]).take([0] * 300_000))
    assert part.stat().st_size < 300_000
    found = Study.open(foreign).status()
    told = [*found.damaged, *(each.facts["reason"].code for each in found.broken)]
    assert told == ["unreadable.greedy" if name == "runs" else name]


GREEDY = {  # small files that a reader would take gigabytes for
    "points of nothing": ("points.parquet", lambda table: pa.table({"point": np.zeros(1_000_001, np.int32)})),
    "points of lists": ("points.parquet", lambda table: table.add_column(1, "trust.direct", [[[0.0] * 1_000] * len(table)])),
    "one long name": ("plan.parquet", lambda table: renamed(table, "x" * 5_000)),
    "runs of one long name": ("runs", lambda table: renamed(table, "x" * 5_000)),
    "many weeks": ("series", lambda table: table.take(np.zeros(2_601 * 13, np.int64))),
}


def renamed(table: pa.Table, name: str) -> pa.Table:
    """Return a table whose runs all have this name."""
    return table.set_column(table.schema.get_field_index("run"), "run", [[name] * len(table)])


@pytest.mark.parametrize("case", GREEDY)
def test_a_small_file_that_is_far_more_once_read_is_not_read(foreign, case, monkeypatch):
    monkeypatch.setattr(integrity, "MOST_CELLS", 1_000_000)  # so that no test needs gigabytes to make one
    name, grown = GREEDY[case]
    (path,) = foreign.glob(f"{name}/part-*.parquet") if "." not in name else [foreign / name]
    files.write_arrow(path, grown(pq.read_table(path)))  # with a seal that fits: nothing but its size speaks against it
    assert path.stat().st_size < 1_000_000
    found = Study.open(foreign).status() if name != "points.parquet" else None
    if found is None:
        assert not Study.open(foreign).store.holds(name)
    else:
        told = [*found.damaged, *(each.facts["reason"].code for each in found.broken)]
        assert told == [name if "." in name else "unreadable.greedy"]


def lying(data: bytes) -> bytes:
    """Return a Parquet file in which the first page of each column says that it is as large as its header has room to say."""
    found, columns = bytearray(data), pq.read_metadata(BytesIO(data)).row_group(0)
    for column in map(columns.column, range(columns.num_columns)):
        at = column.data_page_offset + 3  # behind the kind of page, and the mark of a whole number
        assert data[at - 1] == 0x15
        while found[at] & 128:
            found[at] |= 127
            at += 1
        found[at] |= 126
    return bytes(found)


def test_pages_are_as_large_as_the_file_says_or_it_is_not_read(foreign):
    (part,) = foreign.glob("runs/part-*.parquet")
    buffer = BytesIO()
    pq.write_table(pq.read_table(part).replace_schema_metadata(), buffer, compression="zstd")  # without a seal
    for data, told in ((buffer.getvalue(), []), (lying(buffer.getvalue()), ["damage.pages"])):
        part.write_bytes(data)
        assert [each.facts["reason"].code for each in Study.open(foreign).status().broken] == told


def test_the_pages_of_a_file_are_what_arrow_reads(tmp_path):
    table = pa.table({"name": ["a", None, "b"] * 40_000, "x": np.arange(120_000.0)})
    for version in ("1.0", "2.0"):
        for compression in ("zstd", "none"):
            buffer = BytesIO()
            pq.write_table(table, buffer, compression=compression, data_page_version=version, write_page_checksum=True)
            data, footer = buffer.getvalue(), pq.read_metadata(buffer)
            assert 960_000 < unpacked(data, footer) <= footer.row_group(0).total_byte_size
            cut = footer.row_group(0).column(1).data_page_offset + 4
            with pytest.raises(Lying):
                unpacked(data[:cut], footer)


@given(st.binary(max_size=60))
@example(b"\x1b\xff\xff\xff\xff\xff\x0f\x01")  # a map of a thousand million truths
@example(b"\x1c" * 60)
@example(b"\x18" + b"\xff" * 9 + b"\x01")
def test_a_header_of_anything_ends(data):
    with suppress(Lying):
        Header(data, 0).structure()


def test_parts_that_add_up_to_more_than_is_read_at_once_are_refused_with_their_sum(call, foreign, monkeypatch):
    study = Study.open(foreign)
    runs, columns = study.outcomes.shape
    monkeypatch.setattr(integrity, "MOST_TOGETHER", 3 * runs)
    with pytest.raises(InputError) as refused:
        _ = study.outcomes
    assert refused.value.code == "study.too_much" and refused.value.value >= runs * (columns - 1)
    assert len(study.runs_with("cost")) == runs, "a few columns of it are read"
    code, _, told = call("report", foreign, "--lang", "en")
    assert code == 2 and "together hold too many numbers" in told


@pytest.mark.parametrize("name", ["study.toml", "plan.parquet", "points.parquet", "manifest.json", "runs/part-0.parquet"])
def test_a_file_that_is_mostly_a_hole_is_not_read(call, foreign, name):
    with (foreign / name).open("ab") as file:
        file.truncate(files.MOST + 1)
    assert call("status", foreign)[0] in (0, 2)


@pytest.mark.parametrize("inside", ["fresh", "round-1", "rivals", "parts", "wave-2", "wave-2/areas", "trial-0000", "routes"])
def test_a_study_inside_a_folder_is_not_one_that_a_link_leads_to(tmp_path, inside):
    (tmp_path / "own").mkdir()
    place = tmp_path / "foreign" / inside
    place.parent.mkdir(parents=True)
    place.symlink_to(tmp_path / "own")
    with pytest.raises(InputError, match="link"):
        files.inside(tmp_path / "foreign", *inside.split("/"))


def test_a_race_a_search_and_waves_lead_nowhere_else(tmp_path):
    (tmp_path / "own").mkdir()
    plan = Plan.read({**TABLE, "worlds": 2, "vary": ["norms.sanction"]})
    target = Target(outcome="recruited", value=20.0, tolerance=1.0, source="a test")
    ways = {
        "round-1": lambda folder: race(plan, 1e6, folder, n=4, fresh=6, work=toy({})),
        "trial-0000": lambda folder: optimise(plan, [target], folder, trials=1, work=toy({})),
        "routes": lambda folder: pathways(plan, folder, work=toy({})),
        "areas": lambda folder: waves([Part(plan, [target], "areas")], folder, 1, Study.run, work=toy({})),
    }
    for name, way in ways.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / name).symlink_to(tmp_path / "own")
        with pytest.raises(InputError, match="link"):
            way(tmp_path / name)
    assert not any((tmp_path / "own").iterdir())


def test_a_search_reads_no_database_whose_journal_could_name_a_file_to_delete(foreign, secret, tmp_path):
    plan = Plan.read({**TABLE, "worlds": 2, "vary": ["norms.sanction"], "compare": None, "scenario": {"today": {}}})
    target = Target(outcome="recruited", value=20.0, tolerance=1.0, source="a test")
    folder = tmp_path / "search"
    optimise(plan, [target], folder, trials=1, work=toy({}))
    left_half_written(folder / "search.db", secret)
    optimise(plan, [target], folder, trials=2, work=toy({}))
    assert secret.read_text() == SECRET


def left_half_written(database: Path, named: Path) -> None:
    """Leave a database with the journal of a change that went over several: SQLite deletes the list of them that it names."""
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("create table if not exists study (name)")
        opened.commit()
    magic, name = bytes.fromhex("d9d505f920a163d7"), str(named).encode()
    head = magic + struct.pack(">5I", 0, 1, database.stat().st_size // 4096, 512, 4096)
    end = struct.pack(">I", 2**30 // 4096 + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    database.with_name(f"{database.name}-journal").write_bytes(head.ljust(512, b"\0") + end)


def test_a_journal_does_delete_what_it_names_where_somebody_reads_the_database(secret, tmp_path):
    left_half_written(tmp_path / "search.db", secret)
    with closing(sqlite3.connect(tmp_path / "search.db")) as opened:
        opened.execute("select * from study").fetchall()
    assert not secret.exists()


def changed(path: Path, change) -> None:
    """Write a table anew without a seal, as somebody does who opens it in a notebook; what it tells of itself stays."""
    told = pq.read_schema(path).metadata
    table = pa.Table.from_pandas(change(pd.read_parquet(path)), preserve_index=False)
    pq.write_table(table.replace_schema_metadata({key: told[key] for key in (b"model", b"parts") if key in told}), path)


@pytest.mark.parametrize(("column", "value"), [("scenario", "nobody"), ("point", 99), ("point", -1)])
def test_a_plan_of_another_question_is_told(call, foreign, column, value):
    changed(foreign / "plan.parquet", lambda table: table.assign(**{column: [value, *table[column][1:]]}))
    run = pd.read_parquet(foreign / "plan.parquet")["run"][0]
    for command in (["replay", foreign, run], ["verify", foreign, "--runs", 40]):
        code, _, told = call(*command, "--lang", "en")
        assert code == 2 and "plan.parquet" in told


def test_a_study_none_of_whose_parts_can_be_used_is_told_and_not_packed(call, foreign, tmp_path):
    for part in foreign.glob("runs/part-*.parquet"):
        part.write_bytes(b"PAR1")
    code, _, told = call("export", foreign, "--out", tmp_path / "study.zip", "--lang", "en")
    assert code == 2 and "no run" in told and not (tmp_path / "study.zip").exists()


VERSIONS = dict.fromkeys(("python", "numpy", "numba"), "1")


def manifest(path: Path, **facts) -> None:
    """Write a manifest that tells other facts."""
    path.write_text(json.dumps({"made": "2026", "model": "a", "versions": VERSIONS, "git": None, **facts}))


FOREIGN = {  # what an ordinary program writes in place of a file of ours
    "plan without its model": ("plan.parquet", lambda path: pd.read_parquet(path).to_parquet(path)),
    "plan without a column": ("plan.parquet", lambda path: changed(path, lambda table: table.drop(columns="seed"))),
    "plan that asks twice for a run": ("plan.parquet", lambda path: changed(path, lambda table: table.assign(scenario="today"))),
    "plan of nothing": ("plan.parquet", lambda path: changed(path, lambda table: table.iloc[:0])),
    "points without numbers": ("points.parquet", lambda path: changed(path, lambda table: table.drop(columns="point"))),
    "points of text": ("points.parquet", lambda path: changed(path, lambda table: table.astype(str))),
    "manifest of nothing": ("manifest.json", lambda path: path.write_text("{}")),
    "manifest that is a list": ("manifest.json", lambda path: path.write_text("[1]")),
    "manifest with other facts": ("manifest.json", lambda path: path.write_text('{"made": 3, "model": null, "versions": []}')),
    "manifest without versions": ("manifest.json", lambda path: manifest(path, versions={})),
    "manifest of no commit": ("manifest.json", lambda path: manifest(path, git={})),
    "manifest of a commit that is none": ("manifest.json", lambda path: manifest(path, git={"commit": 3, "changed": False})),
    "manifest without an end": ("manifest.json", lambda path: path.write_text("[" * 100_000)),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_file_of_another_kind_is_told_and_made_again(call, foreign, tmp_path, case):
    name, spoil = FOREIGN[case]
    before = Study.open(foreign).outcomes
    spoil(foreign / name)
    assert name in Study.open(foreign).status().damaged
    for command in ("report", "export", "status"):
        more = ["--out", tmp_path / f"out.{'zip' if command == 'export' else 'html'}"] if command != "status" else []
        assert call(command, foreign, *more)[0] in (0, 2)
    assert call("resume", foreign)[0] == 0
    assert Study.open(foreign).status().damaged == []
    pd.testing.assert_frame_equal(Study.open(foreign).outcomes, before)


NO_ANSWERS = [
    *(("best", content) for content in (b"[" * 100_000, b"\xff\xfe", b"3", b'{"a": 1}')),
    ("parts", b'{"scenario": "youth", "measures": [], "rows": []}'),
    ("rivals", b'{"plan": "youth", "rows": [{"rival": [1], "gain": 1, "low": 1, "high": 1, "verdict": "better"}]}'),
    ("worth", b'[{"rows": [{"kind": "number", "counts": true, "value": {}}]}]'),
]


@pytest.mark.parametrize(("kind", "content"), NO_ANSWERS)
def test_numbers_of_an_analysis_that_are_none_are_told(call, foreign, kind, content):
    (foreign / f"{kind}.json").write_bytes(content)
    code, _, told = call("report", foreign, "--lang", "en")
    assert code == 2 and "this is not the answer of an analysis" in told


def test_a_file_of_failures_that_holds_anything_is_told_and_left(foreign):
    (foreign / "failures" / "part-1.jsonl").write_bytes(b"[" * 100_000 + b'\n{"run": []}\nnull\n')
    assert Study.open(foreign).status().failed == 0
    with pytest.raises(InputError):
        Study.open(foreign).replay("nothing")


def test_commands_in_a_report_are_no_other_commands_whatever_the_folder_is_called(tmp_path, monkeypatch):
    folder = tmp_path / "a; touch told; $(touch told) `touch told` 'b"
    monkeypatch.chdir(tmp_path)
    study = study_of(plan_of(points=2, worlds=2), toy({"youth": -8.0}), folder).run(quiet=True)
    lines = html.commands(study).splitlines()
    said = subprocess.run(["bash", "-c", "kantelpunt() { printf '%s\\n' \"$2\"; }\n" + "\n".join(lines)], capture_output=True)
    assert said.stdout.decode().splitlines() == [str(folder), str(folder / "study.toml")]
    assert not (tmp_path / "told").exists()


@pytest.mark.parametrize("files", [1, 12])
def test_of_long_courses_no_more_than_a_few_batches_are_held_while_they_are_read(foreign, tmp_path, monkeypatch, files):
    """One large file of many batches, or many files of few: whoever reads them slowly is not overrun by those that follow."""
    rows, batches = 20_000, 48
    for n in range(files):
        column = np.random.default_rng(n).normal(size=rows * batches // files)
        pq.write_table(pa.table({f"x{i}": column + i for i in range(5)}), tmp_path / f"part-{n}.parquet", row_group_size=rows)
    study = Study.open(foreign)
    held = ds.dataset([str(each) for each in sorted(tmp_path.glob("part-*.parquet"))])
    monkeypatch.setattr(study.store, "series", lambda: held)
    size, before, most, seen = rows * 5 * 8, pa.total_allocated_bytes(), 0, 0
    for batch in study._series([f"x{i}" for i in range(5)]):
        time.sleep(0.01)  # as one who adds them up
        most, seen = max(most, pa.total_allocated_bytes() - before), seen + len(batch)
    assert seen == rows * batches and most < 3 * size
