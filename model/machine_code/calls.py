"""Calls from machine code to a Python function, by its address."""

import ctypes
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from . import numba

ANSWER = ctypes.CFUNCTYPE(
    ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_double, ctypes.c_double
)  # decision, first row of the tile, row, whom it is about, probability, draw -> 1 or 0
WORDS = (types.int64,) * 4 + (types.float64,) * 2


def call(address: int, *asked: Any) -> int:
    """Return what the function at an address answers, in plain Python."""
    return ANSWER(int(address))(*asked)


def compiled_call(context: Any, address: Any, decision: Any, first: Any, row: Any, whom: Any, probability: Any, draw: Any) -> Any:
    """Return the type of a call and how LLVM makes it; takes the names of what `call` takes, as Numba asks."""

    def emit(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        word, number = ir.IntType(64), ir.DoubleType()
        kind = ir.FunctionType(word, [word] * 4 + [number] * 2)
        return builder.call(builder.inttoptr(given[0], kind.as_pointer()), given[1:])

    return types.int64(types.int64, *WORDS), emit


if not numba.config.DISABLE_JIT:
    call = intrinsic(compiled_call)
