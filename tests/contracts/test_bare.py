"""No number that matters stands bare in a rule, and no draw is told apart by one."""

import ast

import pytest

from tests.contracts.bare import KINDS, numbers, occasions, of_rules


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stands_bare(kind):
    bare = of_rules(KINDS[kind])
    assert not bare, f"make these a parameter or give them a name (rule.function: number): {bare}"


def test_bare_numbers_are_found():
    tree = ast.parse("x = 3.5 * (1.0 - y) + 1000 * happens(0.7, dice, who, 4)")
    assert sorted(node.value for node in numbers(tree)) == [0.7, 3.5]
    assert [node.value for node in occasions(tree)] == [4]
