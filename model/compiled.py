"""One decorator for everything that is compiled.

Rules are plain Python functions.  ``@njit`` compiles them with Numba, without the global interpreter lock, and keeps
the machine code on disk.  With ``NUMBA_DISABLE_JIT=1`` the decorator does nothing and the same source runs as Python.

Numba notices a change in the file of a function, but not in the files of the functions that it calls.  So machine code
is kept under a hash of all sources that it can reach (`code_cache.py`): whoever edits a rule gets fresh code, never yesterday's.

Compiled code makes no arrays and returns none: it fills those of its caller, who keeps them for as long as it runs.  So nobody
has to count who holds an array (Numba's run time, `_nrt`), which costs a call that is handed a world a quarter of a microsecond.
Numba refuses to compile a function that makes an array.
"""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any

import numpy as np

from .machine_code import numba
from .machine_code.code_cache import INNER, SUFFIX, TROUBLE, KeptCode, cache_folder
from .machine_code.fragments import BriefCompiler, FragmentCompiler

JIT = not numba.config.DISABLE_JIT
if not JIT:
    np.seterr(over="ignore")  # draws multiply modulo 2**64, as compiled code does without asking


def kept() -> bool:
    """Return whether machine code is there already, or nothing is compiled at all."""
    return not JIT or any(cache_folder().glob(f"*{SUFFIX}"))


def not_kept() -> str:
    """Return why machine code could not be kept, or "" if it could."""
    return TROUBLE[0] if TROUBLE else ""


class Compiled:
    """A rule, compiled twice at most: for compiled code that calls it, and, when Python calls it, for Python.

    A way in from Python unpacks every record array of a world and checks its type.  Few functions are ever called that
    way; the rest need neither that nor machine code of their own (`fragments.py`), and take half the time to compile.
    """

    def __init__(self, function: Callable) -> None:
        """Prepare a function for compiled callers; Numba takes this object for the dispatcher whose type it shows."""
        self.py_func = function
        self._inner = jitted(function, INNER, FragmentCompiler, no_cpython_wrapper=True)
        share_versions(self._inner)
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
    """Compile a rule: no global lock, floating point as IEEE says, no arrays of its own, machine code kept on disk."""
    return Compiled(function) if JIT else function


def jitted(function: Callable, purpose: str, compiler: type = BriefCompiler, **options: Any) -> Any:
    """Return Numba's dispatcher for a function; its machine code is kept, by purpose."""
    dispatcher = numba.njit(
        nogil=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True, pipeline_class=compiler, **options
    )(function)
    if KeptCode.can_keep(function):
        dispatcher._cache = KeptCode(function, purpose)
    return dispatcher


def share_versions(dispatcher: Any) -> None:
    """Let calls share one compiled version that differ in a literal 0, 1, 2 ... or in the size of a whole number.

    Numba would make one for each; arithmetic is in 64 bits either way.
    """
    resolve = dispatcher.get_call_template

    def get_call_template(args, kws):
        return resolve(tuple(map(widest, args)), {name: widest(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = get_call_template


def widest(kind: Any) -> Any:
    """Return a type without a literal, and whole numbers with a sign in 64 bits."""
    plain = numba.types.unliteral(kind)
    return numba.int64 if isinstance(plain, numba.types.Integer) and plain.signed else plain
