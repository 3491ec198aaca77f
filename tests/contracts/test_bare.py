"""No number that matters stands bare in a rule, and no draw is told apart by one; what is left stands in a list that shrinks."""

import ast

import pytest

from tests.contracts.bare import KINDS, beyond, listed, numbers, occasions, of_rules


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_new_stands_bare(kind):
    new = beyond(of_rules(KINDS[kind]), listed()[kind])
    assert not new, f"make these a parameter or give them a name (rule.function: number): {new}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_a_name_is_off_the_list(kind):
    gone = beyond(listed()[kind], of_rules(KINDS[kind]))
    assert not gone, f"uv run python -m tests.contracts.bare prints the shorter list for bare.toml; gone are {gone}"


def test_bare_numbers_are_found():
    tree = ast.parse("x = 3.5 * (1.0 - y) + 1000 * happens(0.7, dice, who, 4)")
    assert sorted(node.value for node in numbers(tree)) == [0.7, 3.5]
    assert [node.value for node in occasions(tree)] == [4]


def test_the_same_number_twice_counts_twice():
    assert beyond({"a.b": [3.0, 3.0], "a.c": [4.0]}, {"a.b": [3.0]}) == {"a.b": [3.0], "a.c": [4.0]}
    assert beyond({"a.b": [3.0]}, {"a.b": [3.0]}) == {}
