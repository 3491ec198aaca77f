"""Rules change what they declare, all of it, and nothing else; taken apart they are the same week."""

import pytest

from kantelpunt.model import registry, simulate
from kantelpunt.model.simulation import digest
from tests.contracts.steps import Steps, covers

RULES = sorted(registry.rules())
RARE: dict[str, str] = {  # fields that some rule declares and hardly ever changes, with the reason
    "crews person.crew": "asks for a crew that leaves while a member is detained (tests/rules/test_crews.py has it)",
    "demography household.case": "asks for a family that moves out amidst a case (tests/laws/test_cases.py has it)",
    "enforcement household.aftercare": "a raid on a household that got help after an earlier one",
    "demography outbox.*": "asks for a neighbourhood of two tiles or more (tests/worlds/test_exchange.py has it)",
    "demography inbox.*": "asks for a neighbourhood of two tiles or more (tests/worlds/test_exchange.py has it)",
    "demography tile_index.outbox": "asks for a neighbourhood of two tiles or more (tests/worlds/test_exchange.py has it)",
    "demography person.story": "stories are told before the week ends; a row for somebody new is emptied whole",
    "demography person.hears": "stories are heard before the week ends; a row for somebody new is emptied whole",
    "hiring professional.case_hours": "the posts that close are those of programmes, which have no hours for cases",
    "initialisation acquaintance.nth": "workers of the start are the first in their posts, number 0",
    "initialisation acquaintance.seen": "the last contact before the start counts as in week 0",
    "promises sight.*": "marks of what became of promises are wiped out before the rule ends",
    "stories person.hears": "what people hear they learn from before the rule ends",
    "aftermath household.member_row": "stories listed the same members earlier in the week (test_aftermath.py has it)",
    "casework friend.row": "hardly any youth lets go of a friend in these weeks (test_casework.py has it)",
    "casework friend.id": "as the row of that friend",
    "demography crew.load": "asks for somebody who brings a crew of their own (tests/rules/test_hands.py has it)",
    "enforcement case.handoffs": "asks for the row of a case that was handed over, for one of the police",
    "demography person.wary": "a newcomer takes the row of somebody who paid for talk lately",
    "demography person.victim": "a newcomer takes the row of an exploited youth who moved away",
}


@pytest.mark.parametrize("rule", RULES)
def test_it_changes_only_what_it_declares(rule, changes):
    undeclared = {field for field in changes[rule] if not covers(registry.rules()[rule].WRITES, field)}
    assert not undeclared, f"model/rules/{rule}.py changes {sorted(undeclared)} and declares none of it in WRITES"


@pytest.mark.parametrize("rule", RULES)
def test_it_declares_nothing_in_vain(rule, changes):
    seen = changes[rule]
    tables = {field.partition(".")[0] for field in seen}
    in_vain = [
        declared
        for declared in registry.rules()[rule].WRITES
        if not (declared in seen or (declared.endswith(".*") and declared[:-2] in tables) or f"{rule} {declared}" in RARE)
    ]
    assert not in_vain, f"model/rules/{rule}.py declares {in_vain} in WRITES and never changed it"


def test_a_week_taken_apart_is_the_same_week(busy):
    steps = Steps(busy, seed=3)
    for _ in steps.until(busy.weeks):
        pass
    assert digest(steps.world) == simulate(busy, seed=3).digest
