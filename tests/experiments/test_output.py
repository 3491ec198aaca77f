"""What commands write: nothing that is not ours is replaced, and no answer is lost to a pipe, a code page, a disk or a figure."""

import errno
import io
import os
import socket
import subprocess
import sys
import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest

from kantelpunt.experiments.running import destination, store
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.viz.cli import run, streams
from kantelpunt.viz.report import figures, html
from kantelpunt.viz.text import Text
from tests.experiments.test_commands import PLAN

ROOT = Path(__file__).parents[2]
SMALL = ("--people", "60", "--years", "1")
WEEKS = "week,people,recruited,members\n0,60,0,0\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder to work in, with a plan."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(PLAN)
    return tmp_path


def held(path):
    """Return what stands in a file."""
    return path.read_text(encoding="utf-8")


def test_a_link_is_followed_and_stays(call, place):
    (place / "far").mkdir()
    (place / "weeks.csv").symlink_to(place / "far" / "real.csv")
    for _ in range(2):  # the second time a file of ours is replaced
        assert call("run", *SMALL, "--out", "weeks.csv")[0] == 0
    assert (place / "weeks.csv").is_symlink()
    assert len(pd.read_csv(place / "far" / "real.csv")) == 53


@pytest.mark.parametrize("command", ["run", "report", "export"])
def test_a_file_that_is_not_ours_is_replaced_only_by_force(call, place, monkeypatch, command):
    call("sweep", "tiny.toml")
    name = {"run": "notes.csv", "report": "notes.html", "export": "notes.zip"}[command]
    asked = [*(["run", *SMALL] if command == "run" else [command, "tiny"]), "--out", name]
    (place / name).write_text("my own notes")
    code, printed, told = call(*asked)
    assert (code, printed) == (2, "")
    assert "not written by Kantelpunt" in told or "niet door Kantelpunt" in told
    assert "--force" in told
    assert held(place / name) == "my own notes"
    assert call(*asked, "--force")[0] == 0
    assert call(*asked)[0] == 0  # now it is ours


def make_folder(path):
    path.mkdir()


def make_pipe(path):
    os.mkfifo(path)


def make_device(path):
    path.symlink_to("/dev/null")


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)


def make_loop(path):
    path.symlink_to(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices have names on Unix only")
@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("make", [make_folder, make_pipe, make_device, make_socket, make_loop])
def test_a_folder_device_pipe_or_loop_is_never_replaced(call, place, monkeypatch, make, force):
    monkeypatch.setattr(run, "lived", lambda *_: pytest.fail("the run began"))
    path = place / "weeks.csv"
    make(path)
    before = path.lstat()
    assert call("run", *SMALL, "--out", path, *force)[0] == 2
    assert (path.lstat().st_mode, path.lstat().st_ino) == (before.st_mode, before.st_ino)
    assert sorted(each.name for each in place.iterdir()) == ["tiny.toml", "weeks.csv"]


def test_an_empty_file_and_our_own_are_replaced(tmp_path):
    for name, content in {"empty.csv": "", "ours.csv": WEEKS}.items():
        (tmp_path / name).write_text(content)
        assert destination.destination(tmp_path / name, destination.is_weeks) == tmp_path / name
    for name in ("x" * 300, "absent/weeks.csv", "ours.csv/weeks.csv"):
        with pytest.raises(InputError, match="cannot be written"):
            destination.destination(tmp_path / name, destination.is_weeks)


def test_published_points_replace_no_file_of_others(call, place, monkeypatch):
    (place / "published").mkdir()
    (place / "published" / "plausible.csv").write_text("name,age\nme,40\n")
    code, _, told = call("calibrate", "tiny.toml", "--publish", "published")
    assert code == 2
    assert "--publish" in told
    assert held(place / "published" / "plausible.csv") == "name,age\nme,40\n"


def test_an_earlier_study_behind_a_link_is_set_aside_where_it_stands(call, place):
    (place / "far").mkdir()
    (place / "study").symlink_to(place / "far", target_is_directory=True)
    assert call("compare", "tiny.toml", "--out", "study")[0] == 0
    (place / "tiny.toml").write_text(PLAN.replace("years = 1", "years = 2"))
    assert call("compare", "tiny.toml", "--out", "study")[0] == 0
    assert (place / "study").is_symlink()
    assert len(list(place.glob("far-before-*"))) == 1


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_costs_the_file_and_not_the_answer(call, place, monkeypatch):
    monkeypatch.setattr(store.os, "fsync", full)
    code, printed, told = call("run", *SMALL, "--out", "weeks.csv")
    assert code == 2
    assert "One world is one possible course" in printed
    assert "weeks.csv: the disk is full" in told
    assert [each.name for each in place.iterdir()] == ["tiny.toml"]


def test_a_disk_that_fills_up_after_the_runs_costs_no_answer(call, place, monkeypatch):
    assert call("sweep", "tiny.toml", "--out", "study")[0] == 0
    write = store.Store.write_text
    monkeypatch.setattr(store.Store, "write_text", short_of_room(write))
    code, printed, told = call("compare", "tiny.toml", "--out", "study", "--lang", "en")
    assert code == 2
    assert "Presence: " in printed
    assert "the disk is full" in told


def short_of_room(write):
    """Return a way to write texts that finds no room for answers."""

    def written(self, name, text):
        if name.endswith((".md", ".json", ".html")):
            raise store.DiskFull("disk.full", place=name, allowed=Phrase("allowed.more_room"))
        write(self, name, text)

    return written


def broken(*_, **__):
    raise RuntimeError("latex could not be found")


def test_a_figure_that_fails_costs_no_answer(call, place, monkeypatch):
    monkeypatch.setattr(figures, "compared", broken)
    monkeypatch.setattr(html, "PICTURES", dict.fromkeys(html.PICTURES, broken))
    code, printed, told = call("compare", "tiny.toml", "--out", "study", "--lang", "en")
    assert code == 0
    assert "Presence: " in printed
    assert "could not be drawn" in told and "latex could not be found" in told
    page = held(place / "study" / "report.html")
    assert Text("en")("picture.failed") in page
    assert "data:image" not in page
    assert call("report", "study")[0] == 0


def test_a_figure_of_an_analysis_that_fails_costs_no_answer(call, place, monkeypatch):
    monkeypatch.setattr(figures, "sensitivity", broken)
    code, printed, told = call("sensitivity", "tiny.toml", "--points", 2, "--vary", "norms.sanction")
    assert code == 0
    assert "norms.sanction" in printed
    assert "latex could not be found" in told


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-16"])
def test_any_code_page_takes_any_answer(encoding, monkeypatch):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", file)
    streams.any_code_page()
    print("−0,1 … 0,2 · € 3 · ±1 · „zoals nu” · Café Łódź 🌊 \udce9", file=file)
    file.flush()
    text = file.buffer.getvalue().decode(encoding)
    assert text[:1] in "-−"
    if encoding == "ascii":
        assert text.strip() == '-0,1 ... 0,2 . EUR 3 . +/-1 . "zoals nu" . Cafe ?odz ? ?'


def shell(command, **environment):
    """Run a line in a shell; kantelpunt is in it as $K."""
    known = {**os.environ, "K": f"{sys.executable} -m kantelpunt", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(["bash", "-c", command], cwd=ROOT, env=known, capture_output=True, timeout=120)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["areas", "areas --json", "--version"])
def test_a_full_disk_under_standard_output_is_told(command):
    done = shell(f"$K {command} > /dev/full")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["standard output: No space left on device"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a shell of Unix")
@pytest.mark.parametrize("command", ["areas", "areas --json"])
def test_a_closed_pipe_is_no_fault(command):
    done = shell(f"$K {command} | true")
    assert done.stderr == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a shell of Unix")
def test_a_closed_standard_output_is_no_fault():
    assert b"Traceback" not in shell("$K areas >&-").stderr


NASTY = "a\x1b]0;told\x07\x1b[31m\x9b\u202e\r'\\ b"  # a folder whose name gives a terminal orders


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
def test_the_name_of_a_folder_gives_a_terminal_no_orders_and_can_be_typed(call, place):
    (place / NASTY).mkdir()
    call("sweep", "tiny.toml", "--out", place / NASTY / "study")
    for command in ("status", "report", "resume", "discover"):
        _, printed, told = call(command, place / NASTY / "study", "--lang", "en")
        assert all(each.isprintable() or each == "\n" for each in printed + told), command
    shown = next(line for line in call("status", place / NASTY / "study", "--lang", "en")[1].splitlines() if "Next: " in line)
    typed = ["bash", "-c", shown.replace("Next: kantelpunt", "printf '%s\\n'")]
    assert os.fsencode(place / NASTY / "study") in subprocess.run(typed, capture_output=True, check=True).stdout.split(b"\n")


def packed(path, content, **how):
    """Write a zip whose only file tells of itself what a packed study does."""
    with ZipFile(path, "w", **how) as file:
        file.writestr("ro-crate-metadata.json", content)
    return path


def spoilt(path, at, value):
    """Write another number into both heads of the first file of a zip, the one at its place and the one in the list."""
    data = bytearray(path.read_bytes())
    data[at] = data[data.find(b"PK\x01\x02") + at + 2] = value
    path.write_bytes(data)


@pytest.mark.parametrize(("at", "value"), [(6, 1), (8, 77), (8, 8)])  # encrypted, packed in an unknown way, in another way
def test_a_zip_that_cannot_be_unpacked_is_not_ours(tmp_path, at, value):
    path = packed(tmp_path / "study.zip", "#kantelpunt" * 20)
    assert destination.is_crate(path)
    spoilt(path, at, value)
    assert not destination.is_crate(path)


def test_a_zip_that_unpacks_to_far_more_than_it_seems_to_hold_is_not_unpacked(tmp_path):
    path = packed(tmp_path / "study.zip", b"\0" * 100_000_000 + b"#kantelpunt", compression=ZIP_DEFLATED)
    tracemalloc.start()
    assert not destination.is_crate(path)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
