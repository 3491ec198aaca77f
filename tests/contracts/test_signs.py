"""Every uncertain parameter moves something, and which way stands in a table."""

import pytest

from kantelpunt.model import registry
from tests.contracts.signs import WORLDS, for_and_against, measured, parsed, signs, uncertain
from tests.contracts.steps import covers

SIGNS = signs()
WITHOUT = {  # parameters that have no line, and why; it may only shrink
    "demography.rooted": "used when kin are linked, before the first week: `rules/test_kin.py`",
    "initialisation.adults_closed": "so few families are closed that luck hides who they are: `rules/test_newcomers.py`",
    "peer_ties.age_weight": "decides between people, not how much of a field there is: `rules/test_peer_ties.py`",
    "peer_ties.distance_weight": "the same",
    "presence.looks": "decides between places: `rules/test_presence.py`",
    "promises.asked": "decides who asks for a promise: `rules/test_promises.py`",
    "recruitment.age_centre": "moves the age of who slides, not how many do: `rules/test_recruitment.py`",
    "recruitment.place": "asks for a runner, of about their age, where somebody at the edge is: `rules/test_recruitment.py`",
    "recruitment.school": "asks for a pupil who is a runner: `rules/test_recruitment.py`",
}


@pytest.fixture(scope="module")
def ways():
    return measured(SIGNS)


def test_every_uncertain_parameter_has_a_sign():
    missing = sorted(uncertain() - SIGNS.keys() - WITHOUT.keys())
    assert not missing, f"say in tests/contracts/signs.toml what these move, and which way: {missing}"
    assert not sorted(SIGNS.keys() - uncertain()), "these are no uncertain parameters of a rule (any more)"
    assert not sorted(WITHOUT.keys() & SIGNS.keys()), "these have a line now: take them off the list"
    assert not sorted(WITHOUT.keys() - uncertain()), "these are gone: take them off the list"


@pytest.mark.parametrize("name", SIGNS)
def test_a_parameter_moves_what_its_rule_writes(name):
    rule, field = registry.rules()[name.partition(".")[0]], SIGNS[name].field
    assert field.startswith(("tally.", "totals.")) or covers(rule.WRITES, field)


@pytest.mark.parametrize("name", SIGNS)
def test_a_parameter_moves_it_the_way_that_its_sign_says(name, ways):
    right, wrong = for_and_against(ways[name])
    assert right + wrong, f"{name} moves no {SIGNS[name].field}: name what it moves, or say where (tests/contracts/signs.toml)"
    assert right > wrong and sum(ways[name]) > 0.0, (
        f"{name} moves {SIGNS[name].field} the other way ({right} weeks for, {wrong} against)"
    )


def test_a_line_is_read_as_it_is_written():
    sign = parsed("- spread of person.fear where place.presence = 2 and person.victim = 1")
    assert sign == (-1, "spread", "person.fear", {"place.presence": 2.0, "person.victim": 1.0})
    assert parsed("+ tie") == (1, "sum", "tie", {})


def test_a_wrong_sign_is_found(monkeypatch):
    monkeypatch.setattr("tests.contracts.signs.WORLDS", WORLDS[1:2])  # a sign that is never settled takes all weeks of all worlds
    wrong = {"trust.floor": parsed("- person.trust_institutions"), "trust.gain": parsed("+ tally.births")}
    found = measured(wrong)
    assert for_and_against(found["trust.floor"])[1] > 0 and sum(found["trust.floor"]) < 0.0
    assert for_and_against(found["trust.gain"]) == (0, 0)
