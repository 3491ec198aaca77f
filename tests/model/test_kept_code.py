"""Machine code on disk: never that of other sources, never a damaged one, and a run goes on where nothing can be kept."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kantelpunt.model.machine_code import code_cache
from kantelpunt.model.machine_code.code_cache import CHECKSUM, HERE, NOT_COMPILED, SUFFIX, code_hash, sweep

RULES = """
from model.compiled import njit, not_kept
from numba.core.compiler import CompilerBase
from shares import SHARE

compiled = []
compile_extra = CompilerBase.compile_extra

def counted(self, function):
    compiled.append(function.__name__)
    return compile_extra(self, function)

CompilerBase.compile_extra = counted

@njit
def part(x):
    return SHARE * x

@njit
def whole(x):
    return part(x) + part(x + 1.0)

if __name__ == "__main__":
    print(whole(2.0), sorted({"part", "whole"} & set(compiled)), bool(not_kept()))
"""
SHARED = """
from sys import argv

import numba
from model.compiled import njit
from model.draws import philox

@njit
def half(word):
    a, b, _, _ = philox(word, word, word, word, word, word)
    return a ^ b

@njit
def every(word):
    a, b, c, d = philox(word, word, word, word, word, word)
    return a ^ b ^ c ^ d

@numba.njit
def foreign(word):
    return every(word)

for name in argv[1:]:
    print(name, globals()[name](numba.uint64(1)))
"""
FRESH, FROM_DISK = "['part', 'whole'] False", "[] False"


def env(cache: Path) -> dict[str, str]:
    """Return the environment of such a process; Python keeps no bytecode, which would outlive an edit within the same second."""
    own = {"PYTHONPATH": str(HERE.parent), "KANTELPUNT_CACHE_DIR": str(cache), "NUMBA_DISABLE_JIT": "0"}
    return {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., str]:
    """Return a way to run a small model of two compiled functions and a constant in a process of its own."""
    (tmp_path / "rules.py").write_text(RULES)
    (tmp_path / "shares.py").write_text("SHARE = 0.5\n")
    (tmp_path / "cache").mkdir()

    def run(cache: Path = tmp_path / "cache") -> str:
        command = [sys.executable, "rules.py"]
        done = subprocess.run(command, cwd=tmp_path, env=env(cache), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        run.told = done.stderr  # type: ignore[attr-defined]
        return done.stdout.strip()

    return run


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob(f"*{SUFFIX}"))


def test_machine_code_is_found_again_and_never_that_of_an_edited_file(rules, tmp_path):
    assert rules() == f"2.5 {FRESH}"
    assert rules() == f"2.5 {FROM_DISK}"
    (tmp_path / "shares.py").write_text("SHARE = 2.0\n")
    assert rules() == f"10.0 {FRESH}"


@pytest.mark.parametrize("order", [("half", "every", "foreign"), ("foreign", "every", "half")])
def test_pieces_of_code_that_share_a_function_each_run_it_whole(tmp_path, order):
    """What one reads half of, another needs all of, whichever is first, from disk too, and in code that Numba alone makes."""
    (tmp_path / "shared.py").write_text(SHARED)

    def told(**how: str) -> str:
        command = [sys.executable, "shared.py", *order]
        return subprocess.run(command, cwd=tmp_path, env=env(tmp_path / "cache") | how, stdout=subprocess.PIPE, check=True).stdout

    plain = told(NUMBA_DISABLE_JIT="1")
    assert [told(), told()] == [plain, plain]


def test_without_a_folder_edited_rules_run_and_the_trouble_is_told(rules, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    assert rules(blocked) == "2.5 ['part', 'whole'] True"
    assert rules.told.count("machine code cannot be kept") == 1
    assert "KANTELPUNT_CACHE_DIR" in rules.told
    (tmp_path / "shares.py").write_text("SHARE = 2.0\n")
    assert rules(blocked) == "10.0 ['part', 'whole'] True"
    assert not list(tmp_path.rglob("*.nb[ic]"))


def test_a_full_disk_costs_the_cache_and_not_the_run(rules, tmp_path):
    full = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    full += "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
    (tmp_path / "rules.py").write_text(full + RULES)
    assert rules() == "2.5 ['part', 'whole'] True"
    assert "File too large" in rules.told
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "one bit": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    "foreign": lambda content: b"what is this? " * 100,
    "checksum alone": lambda content: content[:CHECKSUM],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_cleared_and_compiled_anew(rules, tmp_path, damage):
    rules()
    for path in files(tmp_path / "cache"):
        path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert rules() == f"2.5 {FRESH}"
    assert rules() == f"2.5 {FROM_DISK}"


def test_the_code_of_another_function_under_its_name_is_not_run(rules, tmp_path):
    rules()
    first, second, *_ = files(tmp_path / "cache")
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other), second.write_bytes(one)
    assert rules().startswith("2.5 ['part'")


@pytest.mark.skipif(os.name != "posix", reason="who may write a file is told by POSIX only")
def test_code_that_another_user_could_have_written_is_not_run(rules, tmp_path):
    before = os.umask(0)
    try:
        assert rules() == f"2.5 {FRESH}"
    finally:
        os.umask(before)
    kept = files(tmp_path / "cache")
    assert kept and not any(path.stat().st_mode & 0o022 for path in kept)
    for mode in (0o664, 0o646):
        for path in files(tmp_path / "cache"):
            path.chmod(mode)
        assert rules() == f"2.5 {FRESH}"
        assert rules() == f"2.5 {FROM_DISK}"


@pytest.mark.skipif(os.name != "posix", reason="whose a file is is told by POSIX only")
@pytest.mark.parametrize(
    ("owner", "mode", "run"), [(0, 0o644, True), (None, 0o600, True), (None, 0o620, False), (1, 0o644, False)]
)
def test_code_of_this_user_and_of_root_is_run(owner, mode, run):
    me = os.geteuid()
    owner = me if owner is None else owner and me + owner
    assert code_cache.only_ours(os.stat_result((0o100000 | mode, 0, 0, 1, owner, 0, 0, 0, 0, 0))) is run


@pytest.mark.skipif(os.name != "posix", reason="whose a file is is told by POSIX only")
def test_code_is_not_run_where_another_user_could_have_put_it(tmp_path):
    path = tmp_path / "cache" / "versions" / "sources" / f"rule{SUFFIX}"
    before = os.umask(0o000)
    try:
        code_cache.write(path, b"code")
    finally:
        os.umask(before)
    assert code_cache.held(path) == (b"code", True)
    for folder in path.parents[:2]:
        folder.chmod(0o777)
        assert code_cache.held(path) == (b"code", False)
        folder.chmod(0o755)
    assert code_cache.held(path)[1]
    path.replace(tmp_path / "sent")  # a file of this user, but not one that we wrote there
    path.symlink_to(tmp_path / "sent")
    assert code_cache.held(path) == (b"code", False)


def test_processes_share_a_folder(rules, tmp_path):
    how = {"cwd": tmp_path, "env": env(tmp_path / "cache"), "stdout": subprocess.PIPE}
    several = [subprocess.Popen([sys.executable, "rules.py"], **how) for _ in range(3)]
    assert {each.communicate(timeout=300)[0].decode().split()[0] for each in several} == {"2.5"}
    assert rules() == f"2.5 {FROM_DISK}"
    assert {path.suffix for path in (tmp_path / "cache").rglob("*") if path.is_file()} == {SUFFIX}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return shutil.copytree(HERE, tmp_path / "model", ignore=shutil.ignore_patterns("__pycache__", "data"))


FOLDERS = sorted({path.parent.relative_to(HERE).as_posix() for path in HERE.rglob("*.py")})


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_change_in_any_folder_that_compiled_code_can_reach_is_another_hash(clone, folder):
    before = code_hash.__wrapped__(clone)
    path = max((clone / folder).glob("*.py"))
    path.write_text(path.read_text() + "\n# changed\n")
    (clone / folder / "added.py").touch()
    assert (code_hash.__wrapped__(clone) == before) == (folder in NOT_COMPILED)


def test_a_constant_that_rules_import_and_a_swap_of_files_are_another_hash(clone):
    before = code_hash.__wrapped__(clone)
    codes = clone / "state" / "codes.py"
    source = codes.read_text()
    codes.write_text(source.replace("QUARTERS", "QUARTERN"))
    assert code_hash.__wrapped__(clone) != before
    codes.write_text(source)
    assert code_hash.__wrapped__(clone) == before
    (clone / "state" / "codes.py").rename(clone / "aside")
    (clone / "shared" / "events.py").rename(clone / "state" / "codes.py")
    (clone / "aside").rename(clone / "shared" / "events.py")
    assert code_hash.__wrapped__(clone) != before


def test_a_clone_with_the_same_sources_shares_machine_code(clone):
    assert code_hash.__wrapped__(clone) == code_hash.__wrapped__(HERE)


def test_old_versions_are_swept_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(code_cache, "MOST", 3)
    ages = {"py311-numba0.61.0-numpy2.0.0/0123456789abcdef": 40, "py311-numba0.68.1-numpy2.4.6/00000000000000aa": 5}
    ages |= {f"py311-numba0.68.1-numpy2.4.6/{name * 16}": days for name, days in (("b", 0.5), ("c", 0.6), ("d", 0.7), ("e", 3))}
    ages |= {"photos/0123456789abcdef": 400, "py311-numba0.68.1-numpy2.4.6/notes": 400}
    for name, days in ages.items():
        folder = tmp_path / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - days * 24 * 3600,) * 2)
    own = tmp_path / "py311-numba0.68.1-numpy2.4.6" / ("1" * 16)
    own.mkdir()
    sweep(own)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")}
    assert left == {
        "photos/0123456789abcdef",
        *(f"py311-numba0.68.1-numpy2.4.6/{name}" for name in ("notes", "b" * 16, "c" * 16, "d" * 16, "1" * 16)),
    }


@pytest.mark.parametrize("setting", ["KANTELPUNT_CACHE_DIR", "XDG_CACHE_HOME"])
def test_code_is_not_looked_for_in_the_folder_where_somebody_stands(monkeypatch, tmp_path, setting):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KANTELPUNT_CACHE_DIR", raising=False)
    monkeypatch.setenv(setting, "cache")
    assert not code_cache.cache_folder.__wrapped__().absolute().is_relative_to(tmp_path)
