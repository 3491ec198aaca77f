"""Every error has a code: with a text in both languages, facts for its blanks, and no second code for the same thing."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kantelpunt
from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.experiments.analysis.trial import named as trial_named
from kantelpunt.experiments.analysis.trial import trials
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.question import Deciding, Question, Until
from kantelpunt.model.errors import InputError, Phrase, english
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.registry import quantities
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.validation import CODES, StrictModel, allowed
from kantelpunt.viz.text import Text, errors, texts

ROOT = Path(kantelpunt.__file__).parent
FILES = [path for part in ("model", "experiments", "viz") for path in sorted((ROOT / part).rglob("*.py"))]
RAISED = {"InputError", "DiskFull", "Damaged", "Unreadable", "Phrase"}  # calls whose first argument is a code
APART = {"place", "value", "allowed", "near", "otherwise"}  # arguments that fill no blank
MADE = ("system.", "units.", "field.")  # codes put together from what a registry or a system says
BY_FACTS = {"damage.part", "unreadable.damaged", "system.failed", "option.unfit"}  # that only pass on what somebody else says
ENGLISH, DUTCH = (
    english().texts,
    {key.removeprefix("error."): text for key, text in texts("nl").items() if key.startswith("error.")},
)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield file:line and every call that hands over a code."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                yield f"{path.name}:{node.lineno}", node


def codes(node: ast.expr) -> list[str]:
    """Return the codes that an argument may be, as far as it says them."""
    parts = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def strings() -> set[str]:
    """Return every text in the code, whole."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]
    return {
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_has_a_text_in_both_languages() -> None:
    said = [(where, code) for where, call in calls() for code in codes(call.args[0])]
    assert len(said) > 250
    assert not [f"{where}: {code}" for where, code in said if code not in ENGLISH or code not in DUTCH]
    assert set(CODES.values()) | {"value.unusable"} <= ENGLISH.keys() & DUTCH.keys()


def test_both_languages_hold_the_same_codes_with_the_same_blanks() -> None:
    dutch = {code: text for code, text in DUTCH.items() if not code.startswith(("field.", "not_in_model."))}
    assert dutch.keys() == ENGLISH.keys()
    assert {code: blanks(text) for code, text in dutch.items()} == {code: blanks(text) for code, text in ENGLISH.items()}


def test_every_text_is_used() -> None:
    used = strings()
    assert not [code for code in ENGLISH if code not in used and not code.startswith(MADE)]


def test_every_blank_gets_a_fact_where_the_error_is_raised_and_every_fact_has_a_blank() -> None:
    wrong = []
    for where, call in calls():
        if any(each.arg is None for each in call.keywords):
            continue
        facts = {str(each.arg) for each in call.keywords} - (APART if ast.unparse(call.func) != "Phrase" else {"otherwise"})
        wrong += [
            f"{where}: {code} {facts}" for code in codes(call.args[0]) if code in ENGLISH and blanks(ENGLISH[code]) != facts
        ]
    assert not wrong


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_two_codes_say_the_same(language: str) -> None:
    seen: dict[str, str] = {}
    known = ENGLISH if language == "en" else {code: text for code, text in DUTCH.items() if not code.startswith("field.")}
    for code, text in known.items():
        if code not in BY_FACTS:
            assert seen.setdefault(text, code) == code


def test_codes_are_a_theme_and_a_name() -> None:
    assert not [code for code in ENGLISH if not re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code)]


def in_words() -> dict[str, str]:
    """Return code -> English of all that fields of models may hold, where they say it in words of their own."""
    models: tuple[type[StrictModel], ...] = (Scenario, Plan, Question, Deciding, Until, *catalogue().values())
    said = [allowed(model, name) for model in models for name in model.model_fields]
    return {each.code: str(each) for each in said if isinstance(each, Phrase) and each.code.startswith("field.")}


def test_what_a_field_may_hold_is_said_in_both_languages() -> None:
    dutch = {code for code in DUTCH if code.startswith("field.")}
    assert in_words().keys() == dutch


def test_what_a_parameter_may_be_is_said_in_dutch() -> None:
    for quantity in quantities().values():
        said = Text("nl").error(quantity.allowed)
        assert said.startswith("een getal van"), said
        assert Text("nl").error(quantity.allowed.facts["unit"]) == texts("nl")[f"units.{quantity.unit}"]


def test_an_error_is_said_with_its_facts_as_the_language_writes_them() -> None:
    whole, number = Phrase("allowed.whole_between", low=60, high=2_000_000), Phrase("allowed.number_between", low=0, high=0.8)
    assert (str(whole), Text("nl").error(whole)) == (
        "a whole number from 60 to 2,000,000",
        "een geheel getal van 60 tot 2.000.000",
    )
    assert (str(number), Text("nl").error(number)) == ("a number from 0 to 0.8", "een getal van 0 tot 0,8")
    error = InputError("outcome.unknown", place="compare.outcome", value="unsaf", near="unsafe", allowed=["unsafe", "fear"])
    assert str(error) == "compare.outcome: unknown outcome (got 'unsaf'); did you mean 'unsafe'?\nallowed: unsafe, fear"
    dutch = "compare.outcome: deze uitkomst is onbekend (opgegeven 'unsaf'); bedoelde u 'unsafe'?\nhet mag zijn: unsafe, fear"
    assert error.said(errors("nl")) == dutch


def test_an_error_of_somebody_elses_addition_says_its_own_sentence() -> None:
    assert str(InputError("no {room} here {", place="camp", value=3)) == "camp: no {room} here { (got 3)"


def test_a_program_reads_code_and_facts() -> None:
    error = InputError("figure.invalid", place="x.csv", value="?", column="a_inw", allowed=Phrase("allowed.at_least", least=0))
    table = error.table()
    assert (table["code"], table["facts"], table["value"]) == ("figure.invalid", {"column": "a_inw"}, "?")
    assert table["allowed"] == {"code": "allowed.at_least", "facts": {"least": 0}, "text": "at least 0"}
    assert table["text"] == str(error)


def test_the_model_says_english_sentences_without_the_rest() -> None:
    code = (
        "import sys; from kantelpunt.model.scenario import Scenario\n"
        "try: Scenario(area='overvegt')\n"
        "except ValueError as error: print(error)\n"
        "assert not [name for name in sys.modules if name.startswith(('kantelpunt.viz', 'kantelpunt.experiments'))]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "unknown area (got 'overvegt')" in done.stdout


def test_why_a_loop_or_a_trial_is_not_in_the_model_is_told_in_dutch_too():
    open_loops = [loop.missing for loop in loops().values() if not loop.cut]
    dutch = {str(phrase): errors("nl")(phrase) for phrase in open_loops}
    for trial in trials().values():
        if trial.cannot:
            with pytest.raises(InputError) as error:
                trial_named(trial.id)
            assert trial.cannot in str(error.value)
            dutch[trial.cannot] = errors("nl")(error.value.facts["reason"])
    assert len(dutch) > 3
    assert [english for english, said in dutch.items() if said == english] == []
