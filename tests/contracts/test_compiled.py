"""Compiled code never reaches the folders whose sources do not count for it: else yesterday's machine code would run."""

import gc
import importlib

import grimp
import numpy as np
import pytest
from numba.core.errors import NumbaError

from kantelpunt.model.compiled import JIT, njit
from kantelpunt.model.machine_code.code_cache import NOT_COMPILED, KeptCode
from kantelpunt.model.state.world import Records

GRAPH = grimp.build_graph("kantelpunt", exclude_type_checking_imports=True)
MODEL = sorted(name for name in GRAPH.modules if name.startswith("kantelpunt.model."))


def folder_of(name: str) -> str:
    return name.split(".")[2]


def compiles(name: str) -> bool:
    """Return whether a module holds the decorator that compiles, or a compiled function of its own."""
    held = vars(importlib.import_module(name)).values()
    return any(each is njit or (hasattr(each, "_numba_type_") and each.__module__ == name) for each in held)


COMPILED = [name for name in MODEL if compiles(name)]


def test_rules_the_week_and_draws_are_found_and_the_folders_are_there():
    assert {"kantelpunt.model.rules.trust", "kantelpunt.model.week", "kantelpunt.model.draws"} <= set(COMPILED)
    assert set(NOT_COMPILED) <= {folder_of(name) for name in MODEL}


@pytest.mark.parametrize("name", COMPILED)
def test_a_module_with_compiled_code_reaches_none_of_these_folders(name):
    reached = {each for each in GRAPH.find_upstream_modules(name) if each in MODEL and folder_of(each) in NOT_COMPILED}
    assert not reached, [GRAPH.find_shortest_chain(name, each) for each in reached]


def test_nothing_is_compiled_in_these_folders():
    assert not [name for name in COMPILED if folder_of(name) in NOT_COMPILED]


@njit
def last_of_new(n):
    return np.ones(n)[n - 1]


@njit
def last_of(array):
    return array[array.size - 1]


@pytest.mark.skipif(not JIT, reason="about compiled code")
def test_compiled_code_makes_no_arrays_since_nobody_counts_who_holds_them():
    assert last_of(np.ones(3)) == 1.0
    with pytest.raises(NumbaError):
        last_of_new(3)


@pytest.mark.skipif(not JIT, reason="about compiled code")
def test_rows_of_any_size_are_one_version_with_a_name_of_a_line(monkeypatch):
    """A name that spells out the types of a world takes thousands of letters."""
    monkeypatch.setattr(KeptCode, "can_keep", lambda function: False)  # kept code has no versions to count

    @njit
    def entry(table, row):
        return table[row]

    @njit
    def both(table, small, large):
        return entry(table, small[0]) + entry(table, large[0]) + entry(table, 2)

    rows = np.array([1])
    assert both(np.arange(3.0), rows.astype(np.int8), rows) == 4.0
    (version,) = entry._inner.overloads.values()
    assert len(version.fndesc.mangled_name) < 300


@pytest.mark.skipif(not JIT, reason="about compiled code")
def test_python_looks_for_unreachable_objects_again_after_compiling():
    assert last_of(np.arange(3, dtype=np.float32)) == 2.0
    assert gc.isenabled()


def test_no_row_counts_from_the_end():
    """Compiled code reads what lies before a table where it is asked for row -1, so plain Python refuses to."""
    table = np.ones(3, [("level", "f8")])
    assert Records(table)[2].level == 1.0
    for ask in (lambda rows: rows[-1], lambda rows: rows.__setitem__(-1, rows[0])):
        with pytest.raises(IndexError):
            ask(Records(table))
