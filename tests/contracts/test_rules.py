"""Every rule says what it does, reads and writes, and has its place in the week."""

import inspect
import re

import pytest

from kantelpunt.model import registry
from kantelpunt.model.quantity import KINDS, quantities_of
from kantelpunt.model.state.fields import TABLES
from tests.contracts.steps import Steps, known_fields, members_of, order

RULES = sorted(registry.rules())
MECHANISMS = range(1, 106)
SMALL = ("tie", "list", "template", "member", "public", "actors", "outgoing", "at_stake", "used", "outbox", "inbox")


@pytest.fixture(params=RULES)
def rule(request):
    return registry.rules()[request.param]


def name_of(rule):
    return rule.__name__.rpartition(".")[2]


def test_it_says_in_sentences_what_happens(rule):
    prose = " ".join(line for line in rule.__doc__.splitlines() if line and not line.startswith("    "))
    told = re.split(r"\b(?:Sources|Assumed)\b", prose)[0]
    assert len(re.findall(r"[.;:?!)](?:\s|$)", told)) >= 3, f"{name_of(rule)} wants three sentences or more"


def test_it_gives_its_equation(rule):
    equations = [line for line in rule.__doc__.splitlines() if line.startswith("    ")]
    assert any("=" in line or "->" in line or "~" in line for line in equations), f"{name_of(rule)} wants an indented equation"


def test_it_names_its_sources(rule):
    assert re.search(r"^Sources: \S", rule.__doc__, re.MULTILINE), f"{name_of(rule)} wants a line 'Sources: ...'"


def test_it_carries_mechanisms_of_the_field_reports(rule):
    assert rule.MECHANISMS
    wrong = [name for name in rule.MECHANISMS if not re.fullmatch(r"M\d+", name) or int(name[1:]) not in MECHANISMS]
    assert not wrong, f"{name_of(rule)}: {wrong} are no ids of mechanisms (M1 to M105)"
    assert len(set(rule.MECHANISMS)) == len(rule.MECHANISMS)


def test_it_has_one_kernel_with_the_arguments_of_all(rule):
    kernel = getattr(rule, name_of(rule))
    function = getattr(kernel, "py_func", kernel)
    assert list(inspect.signature(function).parameters) == ["world", "p", "levers", "seed", "week"]
    assert function.__doc__


def test_it_has_its_place_in_the_week(rule):
    place = order("begin") if name_of(rule) == "initialisation" else order()
    assert place.count(name_of(rule)) == 1, f"{name_of(rule)} is not called by week.py"


def test_it_declares_fields_that_exist(rule):
    known = known_fields()
    tables = set(TABLES)
    for declared in (*rule.READS, *rule.WRITES):
        table = declared.partition(".")[0]
        small = table in ("template", "member")
        assert declared in known or small, f"{name_of(rule)} declares {declared}, which no table of state.py has"
        assert table in tables or table in SMALL
    assert len(set(rule.READS)) == len(rule.READS), "a field is declared twice among READS"
    assert len(set(rule.WRITES)) == len(rule.WRITES), "a field is declared twice among WRITES"


def test_the_small_tables_have_the_fields_that_rules_declare(tiny):
    fields = members_of(Steps(tiny).world)
    for rule in registry.rules().values():
        for declared in (*rule.READS, *rule.WRITES):
            table, _, field = declared.partition(".")
            assert table not in fields or field in fields[table], f"{name_of(rule)} declares {declared}"


def test_every_quantity_has_unit_source_meaning_and_range(rule):
    for name, quantity in quantities_of(rule.Parameters).items():
        place = f"{name_of(rule)}.{name}"
        assert quantity.unit and quantity.source and quantity.meaning, place
        assert quantity.kind in KINDS, place
        assert quantity.low < quantity.high, f"{place}: a range without width"
        assert quantity.low <= quantity.default <= quantity.high, place
        assert name.islower() and not name.startswith("_")


def test_every_lever_has_a_range_with_its_neutral_value_and_words(rule):
    for name, lever in rule.LEVERS.items():
        assert lever.low <= lever.neutral <= lever.high and lever.low < lever.high, name
        assert lever.neutral in (0.0, 1.0), f"{name}: several interventions add around 0 or multiply around 1"
        assert lever.unit and lever.meaning, name


def test_every_count_has_unit_direction_and_definition(rule):
    for name, outcome in rule.COUNTS.items():
        assert outcome.unit and outcome.definition, name
        assert outcome.better in ("higher", "lower", "neither"), name


def test_the_weeks_name_no_rule_that_is_not_there():
    assert set(order()) | set(order("begin")) == set(RULES)
    assert len(order()) == len(set(order()))


def test_a_number_that_was_fitted_says_so(rule):
    for name, quantity in quantities_of(rule.Parameters).items():
        fitted = re.search(r"\b(fits?|fitted|set so)\b(?! by)", quantity.source)
        assert not fitted or quantity.calibrated, f"{name_of(rule)}.{name}: say 'calibrated', and on what"
