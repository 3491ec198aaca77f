"""Rules read what they declare, all of it, and nothing else (what they write they may read too)."""

import ast
import importlib
import inspect
import pkgutil

import pytest

from kantelpunt.model import registry, shared
from tests.contracts.steps import covers

RULES = sorted(registry.rules())
HELPERS = [  # whose fields a rule reads when it calls them
    importlib.import_module(f"{shared.__name__}.{info.name}") for info in pkgutil.iter_modules(shared.__path__)
]
UNHEARD = (
    "tie",
    "actors",
    "outgoing",
    "at_stake",
    "list",
    "template",
    "member",
    "public",
)  # small tables: plain arrays cannot be listened to


def mentioned(module) -> set[str]:
    """Return every attribute that a module reads or updates somewhere."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.add(node.attr)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            found.add(node.target.attr)
    return found


@pytest.mark.parametrize("name", RULES)
def test_it_reads_only_what_it_declares(name, stories):
    rule = registry.rules()[name]
    _, plain = stories
    heard = plain["reads"].get(name, [])
    undeclared = [field for field in heard if not (covers(rule.READS, field) or covers(rule.WRITES, field))]
    assert not undeclared, f"model/rules/{name}.py reads {undeclared} and declares none of it in READS"


@pytest.mark.parametrize("name", RULES)
def test_it_declares_no_read_in_vain(name, stories):
    rule = registry.rules()[name]
    _, plain = stories
    heard = set(plain["reads"].get(name, []))
    own = {id(thing) for thing in vars(rule).values()}
    calls = [helper for helper in HELPERS if any(id(thing) in own for thing in vars(helper).values() if callable(thing))]
    could = set().union(mentioned(rule), *(mentioned(helper) for helper in calls))
    in_vain = []
    for declared in rule.READS:
        table, _, field = declared.partition(".")
        if declared not in heard and field != "*" and field not in could and table not in UNHEARD:
            in_vain.append(declared)
    assert not in_vain, f"model/rules/{name}.py declares {in_vain} in READS and never reads it"
