"""Bare numbers in bodies of rules, and draws whose occasion is one: there are none."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kantelpunt.model

MODEL = Path(kantelpunt.model.__file__).parent
PLAIN = (0, 1, 2, 0.5)  # nothing, all, one more, both sides, half
UNITS = (100, 1_000)  # a hundred, a thousand residents
ASKING = {"uniform": 2, "bits": 2, "identity": 2, "happens": 3, "choose": 3, "count": 3, "around": 3, "difference": 2}

Found = dict[str, list[float]]  # "rule.function" -> numbers


def is_number(node: ast.AST) -> bool:
    """Return whether something in the code is a number as it stands."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def occasions(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the numbers that stand in the occasion of a draw, which is what comes after dice and who."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ASKING:
            for argument in call.args[ASKING[call.func.id] :]:
                yield from (node for node in ast.walk(argument) if isinstance(node, ast.Constant))


def numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the numbers that stand elsewhere and mean something."""
    left = {id(node) for node in occasions(tree)}
    for node in ast.walk(tree):
        if is_number(node) and id(node) not in left and node.value not in (*PLAIN, *UNITS):  # type: ignore[attr-defined]
            yield node  # type: ignore[misc]


def of_rules(ask: Any) -> Found:
    """Return what stands bare in each function of the rules."""
    found = {}
    for path in sorted((MODEL / "rules").glob("[!_]*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and (own := sorted(node.value for node in ask(function))):
                found[f"{path.stem}.{function.name}"] = own
    return found


KINDS = {"numbers": numbers, "occasions": occasions}
