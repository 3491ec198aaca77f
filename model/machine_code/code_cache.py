"""Machine code on disk: one file for each function, types of its arguments and kind of processor.

Its folder is named after a hash of all sources of the model that compiled code can reach, Numba, NumPy and Python: code of
other sources is never found.
Every file begins with a checksum of all that it should hold.  One that is cut off, empty or foreign is cleared, and what
it held is compiled anew; so is one that another user of the machine could have written, since what it holds is run.
Files appear whole (written beside, then renamed), so processes share a folder as they like.
Where nothing can be written nothing is kept, and a `NotKept` warning says so once.  Numba's own cache does none of this: it
keeps code beside the sources where its folder fails, ends a run at a damaged file, and two processes may mix up its index.
"""

import hashlib
import inspect
import os
import pickle
import re
import shutil
import stat
import sys
import time
import uuid
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from platformdirs import user_cache_dir

from .fragments import rebuilt

INNER = "inner"  # purpose of code that nothing but compiled code calls
HERE = Path(__file__).parents[1]
SETTING = "KANTELPUNT_CACHE_DIR"
SUFFIX = ".code"
NOT_COMPILED = (
    "interventions",
    "mesa_model",
    "policies",
    "protocol",
)  # folders from which no module with compiled code imports anything
CHECKSUM = 16  # bytes
VERSION, HASH = re.compile(r"py\d+-numba[\w.]+-numpy[\w.+]+"), re.compile(r"[0-9a-f]{16}")  # names of our folders
UNUSED = 30 * 24 * 3600  # seconds after which the code of other sources goes
RECENT, MOST = 24 * 3600, 8  # beyond so many, after this many seconds
TROUBLE: list[str] = []  # why code could not be kept, if it could not


class NotKept(UserWarning):
    """Machine code cannot be kept on disk: every start compiles it anew."""


@cache
def code_hash(folder: Path = HERE, pattern: str = "**/*.py") -> str:
    """Return a hash of what the sources in a folder, and in those below it, are called and hold.

    A constant that compiled code imports is part of it, so all count but the folders that compiled code never reaches.
    Where the folder itself lies does not count.
    """
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(path for path in folder.glob(pattern) if path.is_file()):
        if path.relative_to(folder).parts[0] in NOT_COMPILED:
            continue
        source = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(source)} ".encode() + source)
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """Return the folder that holds machine code for exactly these sources, this Numba, NumPy and Python.

    A relative one is taken from home: the folder where somebody stands may be a stranger's, with code in it.
    """
    given = Path(os.environ.get(SETTING) or user_cache_dir("kantelpunt", appauthor=False))
    root = given if given.is_absolute() else Path.home() / given
    versions = f"py{sys.version_info.major}{sys.version_info.minor}-numba{numba.__version__}-numpy{np.__version__}"
    return root / versions / code_hash()


@cache
def mark_used() -> None:
    """Let the folder of these sources be the last that is swept."""
    with suppress(OSError):
        os.utime(cache_folder())


class KeptCode(NullCache):
    """The machine code of one function; takes the place of Numba's cache in a dispatcher."""

    def __init__(self, function: Callable, purpose: str) -> None:
        """Keep code of a function; for each purpose it is compiled in another way."""
        self.function, self.purpose = function, purpose

    @cached_property
    def name(self) -> str:
        """Return what tells this function from all others; one from outside the model, by the sources beside it too."""
        source = Path(inspect.getfile(self.function))
        beside = "" if source.is_relative_to(HERE) else code_hash(source.parent, "*.py")
        line = self.function.__code__.co_firstlineno
        return f"{self.function.__module__}.{self.function.__qualname__}:{line} {self.purpose} {beside}"

    @staticmethod
    def can_keep(function: Callable) -> bool:
        """Return whether sources tell what a function is: it has a file, and no variables from around it."""
        return function.__closure__ is None and Path(inspect.getfile(function)).is_file()

    def key(self, sig: Any, codegen: Any) -> str:
        """Return what tells this code from all other code of these sources: the function, the types, the processor."""
        return f"{self.name} {sig} {codegen.magic_tuple()}"

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for these types, or None where it is not there; clears what is damaged."""
        target_context.refresh()
        key = self.key(sig, target_context.codegen())
        path = path_of(key)
        try:
            content, trusted = held(path)
        except OSError:
            return None
        mark_used()
        try:
            if not trusted:
                raise ValueError("another user could have written this file")
            rebuild = rebuilt if self.purpose == INNER else CompileResult._rebuild
            return rebuild(target_context, *pickle.loads(checked(content, key)))
        except Exception:  # whatever a damaged or foreign file brings up: compiling anew mends it
            with suppress(OSError):
                path.unlink()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep code for these types, as far as it can be kept."""
        key = self.key(sig, data.codegen)
        if data.lifted or data.library.has_dynamic_globals or " at 0x" in key:  # holds addresses of this process
            return
        body = dumps(data._reduce())
        try:
            write(path_of(key), checksum(body, key) + body)
        except OSError as error:
            say_not_kept(error.strerror or str(error))


def path_of(key: str) -> Path:
    """Return the file of a key."""
    return cache_folder() / (hashlib.blake2b(key.encode(), digest_size=16).hexdigest() + SUFFIX)


def checksum(body: bytes, key: str) -> bytes:
    """Return a checksum of code and of what it is the code of."""
    return hashlib.blake2b(key.encode() + b"\0" + body, digest_size=CHECKSUM).digest()


def checked(content: bytes, key: str) -> bytes:
    """Return what a file holds; raises ValueError unless it is all there, and the code of this key."""
    body = content[CHECKSUM:]
    if content[:CHECKSUM] != checksum(body, key):
        raise ValueError("this file is damaged, or holds something else")
    return body


def held(path: Path) -> tuple[bytes, bool]:
    """Return what a file holds, and whether it may be run; raises OSError.

    It may not where others could have put it there: a link, or a file of this user that came from elsewhere.
    """
    trusted = all(only_ours(each.lstat()) for each in (path, *path.parents[:2]))
    return path.read_bytes(), trusted


def only_ours(known: os.stat_result) -> bool:
    """Return whether nobody can have written a file or folder but this user, or who rules the machine; only POSIX tells.

    A link never is: whoever made it, others may have written what it leads to.
    """
    if os.name != "posix":
        return True
    return known.st_uid in (os.geteuid(), 0) and not known.st_mode & 0o022 and not stat.S_ISLNK(known.st_mode)


def write(path: Path, content: bytes) -> None:
    """Write a whole file or none; raises OSError."""
    if not path.parent.is_dir():
        for folder in path.parents[1::-1]:  # whatever else this process lets others write
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            with suppress(OSError):  # it is of another user, and nothing in it will be run
                folder.chmod(0o755)
        with suppress(OSError):  # another process may sweep too
            sweep(path.parent)
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        part.touch(mode=0o644, exist_ok=False)  # whatever else this process lets others write
        part.write_bytes(content)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@cache
def say_not_kept(reason: str) -> None:
    """Warn, once for each reason."""
    TROUBLE.append(reason)
    message = f"machine code cannot be kept in {cache_folder()} ({reason}): every start compiles the rules anew, about a minute; "
    warnings.warn(message + f"set {SETTING} to a folder that can be written", NotKept, stacklevel=2)


def sweep(own: Path) -> None:
    """Clear the code of other sources and versions that nobody used of late; nothing but folders that are ours by name."""
    versions = (folder for folder in own.parents[1].iterdir() if VERSION.fullmatch(folder.name))
    others = [folder for each in versions for folder in each.iterdir() if HASH.fullmatch(folder.name) and folder != own]
    for rank, (used, folder) in enumerate(sorted(((each.stat().st_mtime, each) for each in others), reverse=True), 1):
        if time.time() - used > (UNUSED if rank < MOST else RECENT):
            shutil.rmtree(folder, ignore_errors=True)
