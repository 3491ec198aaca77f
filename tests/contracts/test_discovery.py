"""A new rule is one new file: dropped in, it is found by everything that lists rules; what is wrong with it is named."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULE = '''"""Gossip: what people tell each other.  Sources: none."""

from typing import Annotated, NamedTuple

from model.compiled import njit
from model.quantity import Lever, Outcome, Quantity


class Parameters(NamedTuple):
    """Numbers of gossip."""

    speed: Annotated[float, Quantity(0.5, 0.1, 0.9, "1/week", "assumed", "how fast a story goes round")]


READS = ("person.trust_neighbours",)
WRITES = ()
LEVERS = {"newsletter": Lever(0.0, 0.0, 1.0, "share", "households that get a newsletter")}
COUNTS = {"rumours": Outcome("rumours/week", "neither", "Rumours told this week")}
MECHANISMS = ("M29",)


@njit
def gossip(world, p, levers, seed, week):
    """Count a rumour a week."""
    world.tally[0].rumours += 1
'''
FIND = """
import sys
import model.rules
model.rules.__path__.append(sys.argv[1])
from model import OUTCOMES, QUANTITIES, Scenario, registry
scenario = Scenario(people=100, years=1, parameters={"gossip.speed": 0.7})
record = registry.parameters(dict(scenario.parameters))
print("gossip" in registry.rules(), QUANTITIES["gossip.speed"].default, record["gossip"]["speed"].item())
print(scenario.levers()["newsletter"].max(), OUTCOMES["rumours"].unit, "rumours" in registry.tally_dtype().names)
"""


def in_a_process_of_its_own(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120
    )


def test_a_new_rule_is_found_by_all_that_list_rules(tmp_path):
    (tmp_path / "gossip.py").write_text(RULE)
    done = in_a_process_of_its_own(FIND, tmp_path)
    assert done.stdout.split() == ["True", "0.5", "0.7", "0.0", "rumours/week", "True"], done.stderr


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('{"newsletter": Lever', '{"raid_share": Lever', "LEVERS 'raid_share' is introduced by another rule already"),
        ('{"rumours": Outcome', '{"arrests": Outcome', "COUNTS 'arrests' is introduced by another rule already"),
        ("Quantity(0.5, 0.1, 0.9", "Quantity(1.5, 0.1, 0.9", "1.5 is not in 0.1..0.9"),
        ("Annotated[float, Quantity(0.5", "float  # [Quantity(0.5", "speed carries no Quantity"),
        ('goes round")', 'goes round", "guessed")', "kind 'guessed' is none of"),
    ],
)
def test_what_is_wrong_with_a_new_rule_is_named(tmp_path, old, new, complaint):
    assert old in RULE
    (tmp_path / "gossip.py").write_text(RULE.replace(old, new))
    done = in_a_process_of_its_own(FIND, tmp_path)
    assert done.returncode == 1
    assert complaint in done.stderr
