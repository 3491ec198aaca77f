"""What makes a world is plain arithmetic: nothing in it is left to a library that differs between processors."""

import ast
from pathlib import Path

import pytest

MODEL = Path(__file__).parents[2] / "model"
AT_RANDOM = "arguments.py"  # may choose a seed that nobody chose
SOURCES = sorted(path for path in MODEL.rglob("*.py") if path.name != AT_RANDOM)
PLAIN_MATH = {"sqrt", "fsum", "frexp", "floor", "ceil", "isnan", "isfinite", "inf", "nan"}
DIFFERS = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "power", "float_power", "sin", "cos", "tan", "tanh", "sinh", "cosh",
    "arctan", "arctan2", "hypot", "cbrt", "logaddexp", "dot", "vdot", "inner", "matmul", "tensordot", "einsum", "linalg", "fft",
    "random", "interp", "convolve", "corrcoef", "cov", "polyfit", "geomspace", "logspace",
}  # fmt: skip


def faults(source: str) -> list[str]:
    """Return what in a source may come to something else on another processor or in another version of Python."""
    found = []
    for node in ast.walk(ast.parse(source)):
        text = ast.unparse(node) if hasattr(node, "lineno") else ""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            if (owner == "math" and name not in PLAIN_MATH) or (owner in ("np", "numpy") and name in DIFFERS):
                found.append(text)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            found.append(text)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not constant(node):
            found.append(text)
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            found += [text for name in names if (name or "").split(".")[0] in ("scipy", "statistics", "random", "cmath")]
            found += [text] if isinstance(node, ast.ImportFrom) and node.module == "math" else []
    return found


def constant(power: ast.BinOp) -> bool:
    """Return whether a power is a whole number of constants, or of whole numbers: exact everywhere."""
    return isinstance(power.left, ast.Constant) and isinstance(power.right, ast.Constant | ast.UnaryOp)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(MODEL).as_posix())
def test_nothing_is_left_to_a_library(path):
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    "line",
    ["math.exp(x)", "np.log1p(x)", "a @ b", "x ** y", "x**0.5", "np.linalg.norm(x)", "from scipy.optimize import nnls",
     "from statistics import NormalDist", "from math import exp"],
)  # fmt: skip
def test_what_differs_is_found(line):
    assert faults(line)


@pytest.mark.parametrize("line", ["exp(x)", "math.sqrt(x)", "2**63 - 1", "math.fsum(x)", "2.0**-30", "np.cumsum(x)"])
def test_what_is_the_same_everywhere_may_stand(line):
    assert not faults(line)
