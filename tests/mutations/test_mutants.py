"""Every mutant holds one fault and is Python; the same seed draws the same ones; a fault that matters is noticed."""

import ast
from pathlib import Path

from .mutants import Mutant, drawn

SOURCE = '''
"""A text."""
NAMES, LEAST = ("a", "b"), 3


def way(x: float, p: "text") -> str:
    """Return which way."""
    if x < 0 and not p:
        raise ValueError(x)
    x += min(x, 2)
    return "up" if x > LEAST else "down"
'''
MADE = {
    "if x > 0 and (not p)", "if x <= 0 and (not p)", "if x < 0 or not p", "if x < 0 and p", "if x < 1 and (not p)",
    "if not (x < 0 and (not p))", "pass", "x -= min(x, 2)", "x += max(x, 2)", "x += min(x, 3)",
    "return 'down' if x > LEAST else 'up'", "return 'up' if x < LEAST else 'down'", "return 'up' if x >= LEAST else 'down'",
    "return 'up_' if x > LEAST else 'down'", "return 'up' if x > LEAST else 'down_'",
}  # fmt: skip


def mutants(source: str, most: int, seed: int = 1) -> list[Mutant]:
    return drawn({"a.py": source}, most, seed)["a.py"]


def test_every_fault_is_made_once_and_nothing_else_changes():
    made = mutants(SOURCE, 1_000)
    assert {each.after for each in made} == MADE
    assert len({each.text for each in made}) == len(made) == len(MADE) + 1, "two statements can be dropped"
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for each in made:
        now = each.text.splitlines()
        assert len(now) == len(plain) and sum(a != b for a, b in zip(now, plain, strict=True)) == 1


def test_the_same_seed_draws_the_same_mutants():
    source = Path(__file__).with_name("mutants.py").read_text(encoding="utf-8")
    assert mutants(source, 5) == mutants(source, 5)
    assert mutants(source, 5) != mutants(source, 5, seed=2)
    assert len(mutants(source, 5)) == 5


def test_the_lot_falls_over_all_files_together():
    twice = drawn({"a.py": SOURCE, "b.py": SOURCE * 9, "none.py": ""}, 40)
    assert sum(map(len, twice.values())) == 40
    assert len(twice["b.py"]) > 3 * len(twice["a.py"]) and "none.py" not in twice
