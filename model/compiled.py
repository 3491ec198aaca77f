"""One decorator for everything that is compiled.

Rules are plain Python functions.  ``@njit`` compiles them with Numba, without the global interpreter lock, and keeps
the machine code on disk.  With ``NUMBA_DISABLE_JIT=1`` the decorator does nothing and the same source runs as Python.

Numba notices a change in the file of a function, but not in the files of the functions that it calls.  So the cache
folder carries a hash of all compiled sources: whoever edits a rule gets fresh code, never yesterday's.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import config
from numba.core.types import unliteral
from platformdirs import user_cache_dir

HERE = Path(__file__).parent
JIT = not config.DISABLE_JIT
if not JIT:
    np.seterr(over="ignore")  # draws multiply modulo 2**64, as compiled code does without asking


@cache
def code_hash() -> str:
    """Return a hash of every source file with compiled code in it, of the records that it works on, and of where they lie.

    Numba finds machine code by the path of its source, so another clone has to be told from this one.
    """
    digest = hashlib.blake2b(str(HERE).encode(), digest_size=8)
    for path in sorted([*HERE.glob("*.py"), *HERE.glob("rules/*.py")]):
        source = path.read_bytes()
        if b"njit" in source or b"Field(" in source:
            digest.update(path.name.encode() + b"\0" + source)
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """Return the folder that holds machine code for exactly these sources, this Numba, NumPy and Python."""
    root = Path(os.environ.get("KANTELPUNT_CACHE_DIR") or user_cache_dir("kantelpunt", appauthor=False))
    versions = f"py{sys.version_info.major}{sys.version_info.minor}-numba{numba.__version__}-numpy{np.__version__}"
    return root / versions / code_hash()


def kept() -> bool:
    """Return whether machine code is there already, or nothing is compiled at all."""
    return not JIT or any(cache_folder().rglob("*.nbi"))


class Compiled:
    """A rule, compiled twice at most: for compiled code that calls it, and, when Python calls it, for Python.

    A way in from Python unpacks every record array of a world and checks its type.  Few functions are ever called that
    way, and without it the rest take a quarter less time to compile.
    """

    def __init__(self, function: Callable) -> None:
        """Prepare a function for compiled callers; Numba takes this object for the dispatcher whose type it shows."""
        self.py_func = function
        self._inner = jitted(function, "inner", no_cpython_wrapper=True)
        forget_literals(self._inner)
        update_wrapper(self, function)

    @property
    def _numba_type_(self) -> Any:
        return self._inner._numba_type_

    def __call__(self, *args: Any) -> Any:
        """Call it from Python."""
        return self._entry(*args)

    @cached_property
    def _entry(self) -> Any:
        return jitted(self.py_func, "entry")


def njit(function: Callable) -> Any:
    """Compile a rule: no global lock, floating point as IEEE says, machine code kept on disk."""
    return Compiled(function) if JIT else function


def jitted(function: Callable, folder: str, **options: bool) -> Any:
    """Return Numba's dispatcher for a function; its machine code is kept in a folder of the cache."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder() / folder)
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy", **options)(function)
    finally:
        config.CACHE_DIR = before


def forget_literals(dispatcher: Any) -> None:
    """Let calls with a literal 0, 1, 2 ... share one compiled version; Numba would make one for each number."""
    resolve = dispatcher.get_call_template

    def get_call_template(args, kws):
        return resolve(tuple(map(unliteral, args)), {name: unliteral(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = get_call_template
