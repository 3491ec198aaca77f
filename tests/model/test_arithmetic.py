"""Own arithmetic: as accurate as that of the library, the same compiled and in plain Python, and never fused."""

import json
import math
import os
import subprocess
import sys
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from kantelpunt.model.arithmetic import bell, exp, exps, interpolate, logarithm, power, product, times
from kantelpunt.model.machine_code.code_cache import HERE
from kantelpunt.model.population.nonnegative import nearest

ULP = 2.0**-52


@given(st.floats(-708.0, 709.7) | st.floats(-2.0, 2.0))
def test_exp_is_within_two_units_of_the_library(x):
    assert abs(exp(x) - math.exp(x)) <= 2 * math.ulp(math.exp(x))


def test_exp_at_its_ends():
    assert [exp(x) for x in (0.0, -0.0, 1e300, math.inf, -1e300, -math.inf)] == [1.0, 1.0, math.inf, math.inf, 0.0, 0.0]
    assert math.isnan(exp(math.nan))
    assert exp(-745.0) == math.exp(-745.0) > 0.0


@given(st.floats(-720.0, 710.0), st.floats(1e-15, 1.0))
def test_exp_rises(x, step):
    assert exp(x) <= exp(x + step * max(abs(x), 1.0))


@given(st.floats(1e-300, 1e300) | st.floats(0.5, 2.0))
def test_the_logarithm_is_within_two_units_of_the_library(x):
    assert abs(logarithm(x) - math.log(x)) <= 2 * math.ulp(math.log(x))


@given(st.floats(1e-6, 1e6), st.floats(-10.0, 10.0))
def test_a_power_is_as_accurate_as_it_says(base, exponent):
    with localcontext() as context:
        context.prec = 40
        true = Decimal(base) ** Decimal(exponent)
        apart = float((Decimal(power(base, exponent)) - true) / true)
    assert abs(apart) <= (2.0 + abs(exponent * math.log(base))) * ULP


def test_powers_at_their_ends():
    assert [power(0.0, 2.0), power(0.0, 0.0), power(1.0, 5.0), power(7.0, 0.0)] == [0.0, 1.0, 1.0, 1.0]
    assert [times(0.5, n) for n in (0, 1, 3)] == [1.0, 0.5, 0.125]
    assert bell(0.0) == 1.0
    assert bell(2.0) == bell(-2.0) == pytest.approx(math.exp(-2.0), rel=1e-15)


def test_arrays_keep_their_shape():
    values = np.linspace(-3.0, 3.0, 24).reshape(2, 3, 4)
    assert exps(values).tolist() == [[[exp(x) for x in row] for row in part] for part in values.tolist()]
    a, b = np.arange(12.0).reshape(2, 6), np.arange(30.0).reshape(6, 5)
    assert product(a, b).tolist() == (a @ b).tolist()
    assert product(a[0], b).tolist() == (a[0] @ b).tolist()
    assert product(a, b[:, 0]).tolist() == (a @ b[:, 0]).tolist()
    assert product(b[:, 1], b.reshape(6, 1, 5)).tolist() == np.tensordot(b[:, 1], b.reshape(6, 1, 5), 1).tolist()


def test_a_product_adds_in_ascending_order():
    large, small = np.array([1e16, 1.0, 1.0]), np.array([1.0, 1.0, 1e16])
    assert product(large, np.ones(3)) == 1e16
    assert product(small, np.ones(3)) == 2.0 + 1e16


@given(st.lists(st.floats(-100.0, 100.0), min_size=1, max_size=20))
def test_straight_lines_are_those_of_numpy(x):
    ages, shares = (0.0, 18.0, 18.5, 60.0), (0.5, -0.2, 0.9, 0.1)
    assert np.allclose(interpolate(np.array(x), ages, shares), np.interp(x, ages, shares), rtol=0, atol=1e-14)
    assert interpolate(np.array(ages), ages, shares).tolist() == list(shares)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(0, 40), st.booleans())
def test_least_squares_are_those_of_scipy(seed, n, more, alike):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n + more, n)) + 3.0 * alike, rng.normal(size=n + more)
    a = np.vstack([a, 0.05 * np.eye(n)])
    b = np.concatenate([b, np.zeros(n)])
    found = nearest(a, b)
    assert (found >= 0.0).all()
    assert np.allclose(found, nnls(a, b)[0], rtol=1e-6, atol=1e-8)


@given(st.integers(0, 2**32 - 1))
def test_unknowns_of_either_sign_are_two_of_one_sign(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(30, 8)), rng.normal(size=30)
    split = nnls(np.hstack([a, -a[:, 6:]]), b)[0]
    split[6:8] -= split[8:]
    assert np.allclose(nearest(a, b, signed=2), split[:8], rtol=1e-6, atol=1e-8)


ASKED = """
import json, numpy as np
from model.arithmetic import exp, logarithm, power, product
from model.population.nonnegative import nearest
rng = np.random.default_rng(3)
x = [*rng.uniform(-5.0, 5.0, 400).tolist(), *rng.uniform(-800.0, 750.0, 100).tolist()]
a, b = rng.normal(size=(20, 9)), rng.normal(size=20)
told = [*map(exp, x), *(logarithm(abs(v)) for v in x), *(power(abs(v), 1 / 3) for v in x)]
told += [*product(a, a.T).ravel(), *nearest(a, b)]
print(json.dumps([float(v).hex() for v in told]))
"""


def answers(**settings: str) -> list[str]:
    env = {**os.environ, **settings}
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=HERE.parent, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_compiled_and_plain_python_come_to_the_same_bits():
    assert answers(NUMBA_DISABLE_JIT="0") == answers(NUMBA_DISABLE_JIT="1")


FUSED = """
import numba, numpy as np
from model.arithmetic import fill_exp, fill_product
one, two = numba.float64[::1], numba.float64[:, ::1]

def fused(function, types, **options):
    compiled = numba.njit(error_model="numpy", **options)(function.py_func)
    compiled.compile(types)
    return any(name in text for text in compiled.inspect_asm().values() for name in ("vfmadd", "vfmsub", "vfnmadd", "vfnmsub"))

print(fused(fill_exp, (one,)), fused(fill_product, (two, two, two)), fused(fill_product, (two, two, two), fastmath=True))
"""


@pytest.mark.slow
def test_no_product_is_fused_with_a_sum():
    env = {**os.environ, "NUMBA_CPU_NAME": "haswell", "NUMBA_DISABLE_JIT": "0"}  # a processor that could; fastmath would
    done = subprocess.run([sys.executable, "-c", FUSED], cwd=HERE.parent, env=env, capture_output=True, text=True, timeout=600)
    assert done.stdout.split() == ["False", "False", "True"], done.stderr
