"""Where numbers come from: versions, the state of the sources, the machine, the time."""

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGES = ("kantelpunt", "numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "statsmodels")
LONGEST_PATCH = 200_000  # characters
MODEL_FILES = ("*.py", "data/*")  # all that can change what a run comes to


@cache
def model_hash() -> str:
    """Return a hash of the model's sources and of the figures that are built in: with another one, numbers may differ."""
    model = ROOT / "model"
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted({path for pattern in MODEL_FILES for path in model.rglob(pattern) if path.is_file()}):
        digest.update(path.relative_to(model).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run_id(*parts: object) -> str:
    """Return what a run is known by: the same id is the same model, scenario, point and world."""
    return hashlib.blake2b(" ".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def manifest(**more: Any) -> dict[str, Any]:
    """Return what somebody needs to make the numbers again, and to know that they are the same ones; nothing names a person."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": model_hash(),
        "git": git(),
        "versions": {"python": platform.python_version(), **{name: installed(name) for name in PACKAGES}},
        "machine": {
            "system": " ".join((platform.system(), *platform.libc_ver())).strip(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
        **more,
    }


def as_json(facts: dict[str, Any]) -> str:
    """Return facts as a file holds them."""
    return json.dumps(facts, indent=2) + "\n"


def installed(name: str) -> str | None:
    """Return the version of a package, if it is installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def git() -> dict[str, Any] | None:
    """Return the commit, whether sources were changed since, and the patch; none where this is no clone or git is not there."""

    def ask(*words: str) -> str:
        command = ["git", "-C", str(ROOT), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()

    try:
        if Path(ask("rev-parse", "--show-toplevel")) != ROOT.resolve():
            return None
        patch = ask("diff", "HEAD")
        kept = patch if len(patch) <= LONGEST_PATCH else f"{len(patch):,} characters, too long to keep"
        return {"commit": ask("rev-parse", "HEAD"), "changed": bool(patch), "patch": kept}
    except (OSError, subprocess.SubprocessError):
        return None
