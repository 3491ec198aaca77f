"""Every mechanism of the field reports has its entry, its carriers and something that shows it; all that is named exists."""

import ast
from pathlib import Path

import pytest

from kantelpunt.model import registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.protocol.mechanisms import FILE, IDS, Book, book, carriers

ROOT = Path(__file__).parents[2]
CLAIMS = [(name, claim) for name, mechanism in book().mechanisms.items() for claim in mechanism.shown]


def test_there_is_an_entry_for_every_mechanism_in_order():
    assert tuple(book().mechanisms) == IDS


@pytest.mark.parametrize("name", IDS)
def test_somebody_carries_it_or_it_is_said_why_not(name):
    assert any(carriers(name).values()) or book().mechanisms[name].otherwise


@pytest.mark.parametrize("thing", [*registry.rules().values(), *catalogue().values()], ids=[*registry.rules(), *catalogue()])
def test_mechanisms_that_are_carried_are_those_of_the_reports(thing):
    assert thing.MECHANISMS and len(set(thing.MECHANISMS)) == len(thing.MECHANISMS)
    assert set(thing.MECHANISMS) <= set(IDS)
    assert list(thing.MECHANISMS) == sorted(thing.MECHANISMS, key=IDS.index), "in the order of the reports"


@pytest.mark.parametrize("test", sorted({test for mechanism in book().mechanisms.values() for test in mechanism.tests}))
def test_a_test_that_is_named_exists(test):
    file, _, function = test.partition("::")
    found = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    assert function in {"", *(node.name for node in found if isinstance(node, ast.FunctionDef))}


@pytest.mark.parametrize(("name", "claim"), CLAIMS, ids=[f"{name}-{claim.outcome}" for name, claim in CLAIMS])
def test_a_claim_compares_scenarios_that_differ(name, claim):
    compared = claim.weighted(book().bases)
    assert sum(weight for weight, _ in compared) == 0.0
    assert len({scenario.key for _, scenario in compared}) == len(compared)
    assert claim.told(book().bases[claim.base])
    assert not claim.beyond_parts or len(compared) > 3, "a package has two parts or more"


WHOLE = book().model_dump(by_alias=True, exclude_none=True)
CLAIM = {"base": "stuck", "change": {}, "outcome": "fear", "weeks": (1, 52), "moves": "up"}


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"says": "they say so", "shown": [{**CLAIM, "outcome": "feer"}]}, "unknown outcome.*fear"),
        ({"says": "they say so", "shown": [{**CLAIM, "base": "nowhere"}]}, "(?s)unknown base.*stuck"),
        ({"says": "they say so", "shown": [{**CLAIM, "weeks": (52, 1)}]}, "weeks reversed"),
        ({"says": "they say so", "shown": [{**CLAIM, "moves": "sideways"}]}, "allowed: up, down"),
        ({"says": "they say so"}, "nothing shows this mechanism"),
        ({"says": "they say so", "shwon": []}, "unknown key"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(entry, complaint):
    with pytest.raises(InputError, match=complaint) as error:
        Book.read({**WHOLE, "mechanisms": {**WHOLE["mechanisms"], "M7": entry}}, place=FILE.name)
    assert "M7" in str(error.value)


def test_a_missing_entry_is_named():
    left = {name: entry for name, entry in WHOLE["mechanisms"].items() if name != "M7"}
    with pytest.raises(InputError, match="M7"):
        Book.read({**WHOLE, "mechanisms": left}, place=FILE.name)
