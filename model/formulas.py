"""Outcomes of one's own: an outcome in a week, over some weeks, or a formula of outcomes, written as it is asked for.

    recruited[0:104]                     of a count the total after week 0 up to week 104; of a level the mean of those weeks
    trust_institutions[260]              of a level its value in that week; of a count the total up to it
    recruited + 10 * victims             names stand for what a run came to: the total, or the mean over the last year
    recruited / (recruited + helped)

Nothing is run that somebody writes: a formula is read into numbers, names, + - * / and brackets, and anything else is refused.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from .errors import InputError, Phrase

OPERATIONS: dict[type, tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add), ast.Sub: ("-", operator.sub), ast.Mult: ("*", operator.mul), ast.Div: ("/", operator.truediv),
}  # fmt: skip
LONGEST = 300  # characters
FEW = 256  # formulas that are remembered
LAST_WEEK = 2_600
LARGEST = 1e60  # the square of what is larger, or of its reciprocal, may be no number any more
MIXED = "formula"  # the unit of what adds or multiplies unlike things


class Part(NamedTuple):
    """An outcome in a formula, and the weeks that count: (), one, or after the first up to the last."""

    outcome: str
    weeks: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Return whether it stands for what a run came to."""
        return not self.weeks

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return f"{self.outcome}[{':'.join(map(str, self.weeks))}]" if self.weeks else self.outcome

    def holds(self, week: Any, total: bool) -> Any:
        """Return which of some weeks count, of an outcome that is added up (a total) or is a level."""
        if len(self.weeks) == 2:
            return (week > self.weeks[0]) & (week <= self.weeks[1])
        return week <= self.weeks[0] if total else week == self.weeks[0]


class Formula(NamedTuple):
    """A formula that has been read: its text, the outcomes in it, and its tree."""

    text: str
    parts: tuple[Part, ...]
    tree: ast.expr

    def value(self, values: Mapping[Part, Any]) -> Any:
        """Return it for these values of its parts, as columns.

        Not a number where it divides by nothing, or is larger than anybody counts (LARGEST); 0 where it is as small.
        """
        with np.errstate(all="ignore"):
            found = computed(self.tree, values)
            size = abs(found)
        return found.where(size <= LARGEST).where(~(size < 1.0 / LARGEST), 0.0)

    def unit(self, of: Callable[[str], str]) -> str:
        """Return its unit, by those of its outcomes."""
        return unit(self.tree, of)


def is_formula(text: object) -> bool:
    """Return whether a text is more than a name."""
    return isinstance(text, str) and not text.isidentifier() and any(each in text for each in "[+-*/(")


@lru_cache(FEW)  # a long one takes a hundred kilobytes, and others may send many
def read(text: str) -> Formula:
    """Return a formula, whose names nobody has looked up yet; raises InputError, naming the piece that cannot be used."""
    if len(text) > LONGEST:
        raise InputError("formula.too_long", value=text, allowed=Phrase("allowed.at_most", most=LONGEST))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError("formula.invalid", value=text, allowed=Phrase("allowed.formula")) from None
    parts: dict[Part, None] = {}
    gather(tree, parts, text)
    if not parts:
        raise InputError("formula.no_outcome", value=text, allowed=Phrase("allowed.formula"))
    return Formula(ast.unparse(tree), tuple(parts), tree)


def gather(node: ast.expr, parts: dict[Part, None], text: str) -> None:
    """Add the outcomes below a node; raises InputError for anything that no formula holds."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        gather(node.left, parts, text)
        gather(node.right, parts, text)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        gather(node.operand, parts, text)
    elif isinstance(node, ast.Name | ast.Subscript):
        parts[part_of(node, text)] = None
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise InputError("formula.unfit", place=text, value=ast.unparse(node), allowed=Phrase("allowed.formula"))


def part_of(node: ast.expr, text: str = "") -> Part:
    """Return an outcome with its weeks; raises InputError."""
    name = node.value if isinstance(node, ast.Subscript) else node
    if not isinstance(name, ast.Name):
        raise InputError("formula.unfit", place=text, value=ast.unparse(node), allowed=Phrase("allowed.formula"))
    return Part(name.id, weeks_of(node.slice, text) if isinstance(node, ast.Subscript) else ())


def weeks_of(node: ast.expr, text: str) -> tuple[int, ...]:
    """Return the weeks in square brackets; raises InputError."""
    ends = [node.lower, node.upper] if isinstance(node, ast.Slice) and node.step is None else [node]
    weeks = [each.value if isinstance(each, ast.Constant) else None for each in ends]
    found = tuple(week for week in weeks if type(week) is int and 0 <= week <= LAST_WEEK)
    if len(found) < len(ends) or sorted(set(found)) != list(found):
        raise InputError("formula.no_weeks", place=text, value=ast.unparse(node), allowed=Phrase("allowed.formula_weeks"))
    return found


def computed(node: ast.expr, values: Mapping[Part, Any]) -> Any:
    """Return the value of a node."""
    if isinstance(node, ast.BinOp):
        ours, theirs = computed(node.left, values), computed(node.right, values)
        if isinstance(node.op, ast.Div):
            theirs = theirs.where(theirs != 0.0) if hasattr(theirs, "where") else theirs or float("nan")
        return OPERATIONS[type(node.op)][1](ours, theirs)
    if isinstance(node, ast.UnaryOp):
        return -computed(node.operand, values)
    if isinstance(node, ast.Constant):
        return node.value
    return values[part_of(node)]


def unit(node: ast.expr, of: Callable[[str], str]) -> str:
    """Return the unit of a node: that of its outcomes where they agree, ratio where like is divided by like; "" of a number."""
    if isinstance(node, ast.BinOp):
        ours, theirs = unit(node.left, of), unit(node.right, of)
        if isinstance(node.op, ast.Div):
            return ours if not theirs else "ratio" if ours == theirs else MIXED
        if isinstance(node.op, ast.Mult):
            return MIXED if ours and theirs else ours or theirs
        return ours or theirs if ours == theirs or not (ours and theirs) else MIXED
    if isinstance(node, ast.UnaryOp):
        return unit(node.operand, of)
    return "" if isinstance(node, ast.Constant) else of(part_of(node).outcome)
