"""Small faults put into a file, one at a time: another sign, comparison, number or branch, or a statement less."""

import ast
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

OPPOSITE: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
AT_THE_EDGE: dict[type, type] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
SWAPPED = {"min": "max", "max": "min"}


class Mutant(NamedTuple):
    """A file with one fault: where, the statement as it was and as it is, and the whole text."""

    line: int
    before: str
    after: str
    text: str


Change = tuple[ast.stmt, Callable[[], None]]


def drawn(sources: dict[str, str], most: int, seed: int = 1) -> dict[str, list[Mutant]]:
    """Return at most so many mutants of some files, by lot over all of them: the same ones for the same seed, in order."""
    every = [(file, number) for file, source in sources.items() for number, _ in enumerate(changes(ast.parse(source)))]
    chosen: dict[str, list[Mutant]] = {}
    for each in sorted(random.Random(seed).sample(range(len(every)), min(most, len(every)))):
        file, number = every[each]
        chosen.setdefault(file, []).append(mutant(sources[file], number))
    return chosen


def mutant(source: str, number: int) -> Mutant:
    """Return the mutant with this number."""
    tree = ast.parse(source)
    statement, change = list(changes(tree))[number]
    before = head(statement)
    change()
    return Mutant(statement.lineno, before, head(statement), ast.unparse(ast.fix_missing_locations(tree)))


def head(statement: ast.stmt) -> str:
    """Return a statement as code, without what stands under it."""
    return ast.unparse(statement).partition(":\n")[0]


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield every change that can be made: to what functions do, and to numbers with a name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Tuple) and not holds_text(node.value):
            yield from within(node, node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for statement in node.body:
                yield from of_statement(statement)


def of_statement(node: ast.stmt) -> Iterator[Change]:
    """Yield the changes of a statement and of what stands under it (a function in a function has its own turn)."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef) or is_text(node):
        return
    if isinstance(node, ast.AugAssign | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield node, lambda: become(node, ast.Pass())
    if isinstance(node, ast.AugAssign) and type(node.op) in OPPOSITE:
        yield node, lambda: setattr(node, "op", OPPOSITE[type(node.op)]())
    if isinstance(node, ast.If | ast.While):
        yield node, lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    for name, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.stmt):
                yield from of_statement(part)
            elif isinstance(part, ast.expr) and name != "annotation":
                yield from within(node, part)
            elif isinstance(part, ast.ExceptHandler | ast.match_case):
                for each in part.body:
                    yield from of_statement(each)
            elif isinstance(part, ast.withitem):
                yield from within(node, part.context_expr)


def within(statement: ast.stmt, expression: ast.expr) -> Iterator[Change]:
    """Yield the changes of an expression."""
    for node in ast.walk(expression):
        for change in of_expression(node):
            yield statement, change


def of_expression(node: Any) -> Iterator[Callable[[], None]]:
    """Yield what can be changed of one node of an expression."""
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in OPPOSITE:
        yield lambda: setattr(node, "op", OPPOSITE[type(node.op)]())
    elif isinstance(node, ast.Compare):
        for table in (OPPOSITE, AT_THE_EDGE):
            for i, op in enumerate(node.ops):
                if type(op) in table:
                    yield partial(node.ops.__setitem__, i, table[type(op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield lambda: become(node, node.operand)
    elif isinstance(node, ast.IfExp):
        yield lambda: become(node, ast.IfExp(node.test, node.orelse, node.body))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield lambda: setattr(node.func, "id", SWAPPED[node.func.id])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float | str):
        yield lambda: setattr(node, "value", other_value(node.value))


def other_value(value: Any) -> Any:
    """Return another value of the kind of this one."""
    if isinstance(value, bool):
        return not value
    return value + ("_" if isinstance(value, str) else 1)


def holds_text(node: ast.expr) -> bool:
    """Return whether a value holds texts: declarations, which contracts are about, and templates."""
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in ast.walk(node))


def is_text(node: ast.stmt) -> bool:
    """Return whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def become(node: Any, other: Any) -> None:
    """Make a node of a tree what another one is."""
    place = {name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__ | place)
