"""The command line refuses bad input before anything happens, says why, and leaves nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kantelpunt.model import registry
from kantelpunt.viz.cli import run
from kantelpunt.viz.cli.main import main
from tests.test_cli import SMALL

ROOT = Path(__file__).parents[1]
FILES = {
    "empty.csv": b"",
    "foreign.csv": b"name;price\nbread;3\n",
    "broken.toml": b'area = "overvecht"\nyears = = 3\n',
    "binary.toml": b"\xff\xfe\x00\x01",
    "reversed.toml": b'[[interventions]]\nkind = "raid"\nfrom = 2028-01-01\nuntil = 2027-01-01\n',
    "intensity.toml": b'[[interventions]]\nkind = "mentoring"\nintensity = 3\n',
    "key.toml": b"yeers = 3\n",
    "fine.toml": b"years = 1\n",
    "a file": b"",
}
SANCTION = f"from 0 to {registry.quantities()['norms.sanction'].high:g}"
BAD = {
    "unknown area": (["run", "--area", "overvegt"], ["overvegt", "did you mean", "allowed:"]),
    "unknown parameter": (["run", "--set", "norms.sancton=1"], ["norms.sancton", "did you mean 'norms.sanction'", "allowed:"]),
    "parameter out of range": (["run", "--set", "norms.sanction=9"], ["norms.sanction", "9.0", SANCTION]),
    "parameter no number": (["run", "--set", "norms.sanction"], ["--set", "norms.sanction", "rule.parameter=number"]),
    "unknown intervention": (["run", "--intervention", "raaid=1"], ["raaid", "did you mean 'raid'", "visible_presence"]),
    "intensity in an option": (["run", "--intervention", "raid=1.5"], ["--intervention raid=1.5", "from 0 to 1"]),
    "intensity no number": (["run", "--intervention", "raid=much"], ["much", "from 0 to 1"]),
    "intensity in a file": (["run", "{}/intensity.toml"], ["intensity.toml: interventions[0].intensity", "3", "from 0 to 1"]),
    "unknown key": (["run", "{}/key.toml"], ["key.toml", "yeers", "did you mean 'years'", "area_file"]),
    "dates reversed": (
        ["run", "{}/reversed.toml"],
        ["reversed.toml: interventions[0]", "2028-01-01", "2027-01-01", "from before until"],
    ),
    "unreadable TOML": (["run", "{}/broken.toml"], ["broken.toml", "line 2"]),
    "not text": (["run", "{}/binary.toml"], ["binary.toml", "UTF-8"]),
    "no scenario file": (["run", "{}/absent.toml"], ["absent.toml", "no such file"]),
    "scenario is a folder": (["run", "{}"], ["this is a folder"]),
    "empty CSV": (["run", "--area", "{}/empty.csv:BU1"], ["empty.csv"]),
    "foreign CSV": (["run", "--area", "{}/foreign.csv:BU1"], ["foreign.csv", "allowed:"]),
    "foreign CSV listed": (["areas", "--file", "{}/foreign.csv"], ["foreign.csv", "allowed:"]),
    "no area file": (["areas", "--file", "{}/absent.csv"], ["absent.csv", "no such file"]),
    "not enough people": (["run", "--people", "3"], ["--people", "3", "from 50 to 2,000,000"]),
    "years": (["run", "--years", "0"], ["--years", "0", "from 1 to 50"]),
    "years no number": (["run", "--years", "ten"], ["ten", "--years", "from 1 to 50"]),
    "seed": (["run", "--seed", "-1"], ["-1", "--seed", "from 0"]),
    "unknown option": (["run", "--yeers", "3"], ["--yeers"]),
    "unknown command": (["walk"], ["walk"]),
    "no permission": (
        ["run", "{}/fine.toml", "--out", "{}/a file/weeks.csv"],
        ["--out", "a file/weeks.csv", "cannot be written"],
    ),
    "no folder": (["run", "{}/fine.toml", "--out", "{}/absent/weeks.csv"], ["absent/weeks.csv", "cannot be written", "allowed:"]),
    "out is a folder": (["run", "{}/fine.toml", "--out", "{}"], ["--out", "this is a folder"]),
}


def process(*arguments):
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "kantelpunt", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with bad files, and a fine one."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_before_anything_happens(call, monkeypatch, folder, name):
    monkeypatch.setattr(run, "lived", lambda *_: pytest.fail("the run began"))
    arguments, texts = BAD[name]
    code, printed, told = call(*(argument.replace("{}", str(folder)) for argument in arguments))
    assert code == 2
    assert printed == ""
    assert "Traceback" not in told
    for text in texts:
        assert text in told
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)


@pytest.mark.parametrize(
    ("arguments", "code", "facts"),
    [
        (["--area", "overvegt"], "area.unknown", {}),
        (["--years", "ten"], "value.not_whole", {}),
        (["--lang", "fy"], "option.no_language", {}),
        (["{}/broken.toml"], "file.not_toml", {"line": 2}),
    ],
)
def test_a_program_that_asks_for_json_tells_errors_apart(call, folder, arguments, code, facts):
    left, printed, told = call("run", "--json", *(argument.replace("{}", str(folder)) for argument in arguments))
    error = json.loads(printed)["error"]
    assert (left, error["code"]) == (2, code)
    assert facts.items() <= error["facts"].items()
    assert " ".join(error["text"].split()) == told


def test_in_a_shell_there_is_no_traceback_either(folder):
    for arguments in (
        ["run", folder / "broken.toml"],
        ["run", "--area", "overvegt"],
        ["run", "--out", folder / "a file" / "x.csv"],
    ):
        done = process(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "Traceback" not in done.stderr


EARLIER = "week,people,recruited\n0,120,0\n"


def test_a_run_that_fails_leaves_the_old_file_alone(call, monkeypatch, tmp_path):
    def broken(*_):
        raise RuntimeError("the world ended")

    path = tmp_path / "weeks.csv"
    path.write_text(EARLIER)
    monkeypatch.setattr(run, "lived", broken)
    monkeypatch.setattr(sys, "argv", ["kantelpunt", "run", *SMALL, "--out", str(path)])
    with pytest.raises(RuntimeError, match="the world ended"):
        main()
    assert path.read_text() == EARLIER
    assert [each.name for each in tmp_path.iterdir()] == ["weeks.csv"]


def test_a_full_disk_or_a_lost_permission_is_told_without_a_traceback(call, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied", "cache/rule.nbi")

    monkeypatch.setattr(run, "lived", refused)
    code, _, told = call("run", *SMALL)
    assert code == 2
    assert told == "cache/rule.nbi: permission denied"
