"""Every mechanism of the field reports has its entry, its carriers and something that shows it; all that is named exists."""

import ast
from pathlib import Path

import pytest

from kantelpunt.model import registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.protocol.mechanisms import FILE, IDS, Book, Claim, book, carriers

ROOT = Path(__file__).parents[2]
NO_CLAIM = "M17 M22 M34 M104"  # tests show them
BY_NUMBERS = (  # no claim changes what somebody could do here: only a number of a rule; it may only shrink
    "M1 M4 M6 M7 M8 M20 M23 M28 M29 M33 M38 M44 M46 M47 M51 M53 M55 M57 M58 M59 M65 M71 M72 M74 M75 M77 M78 M79 M80 M89 M97"
)
BY_ITS_OWN_OUTPUT = (  # what is done moves no more than what it moves first, by what its claims ask; it may only shrink
    "M10 M11 M14 M24 M25 M26 M39 M45 M60 M70 M90 M92 M93 M94 M95 M99 M101 M103"
)
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


def test_the_lists_say_which_mechanisms_no_practitioner_could_show_two_steps_away():
    found: dict[str, list[str]] = {NO_CLAIM: [], BY_NUMBERS: [], BY_ITS_OWN_OUTPUT: [], "": []}
    for name, mechanism in book().mechanisms.items():
        done = [claim for claim in mechanism.shown if claim.change.interventions]
        further = [claim for claim in done if not {claim.outcome, claim.per} & moved_first(claim)]
        kind = "" if further else BY_ITS_OWN_OUTPUT if done else BY_NUMBERS if mechanism.shown else NO_CLAIM
        found[kind].append(name)
    assert all(" ".join(names) == listed for listed, names in found.items() if listed), "put the lists right"
    assert len(found[""]) > 50


def moved_first(claim: Claim) -> set[str]:
    """Return the outcomes that the interventions of a claim move first, by what they say of themselves."""
    return {catalogue()[each["kind"]].FIRST_ORDER[0] for each in claim.change.interventions or ()}


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
