"""Some weeks of a busy little town, rule by rule: what a rule counts is what it changed, and everything stays in its range."""

from collections.abc import Callable

import numpy as np
import pytest

from kantelpunt.model.state.codes import BAD, FAVOURS, FREE, GOOD, GOOD_INDOORS, NEUTRAL, RUNNER, TIED_IN
from tests.rules.busy_town import Lived, Step, live, recorded


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live()


def here(table: np.ndarray) -> np.ndarray:
    """Return the rows of a table in use."""
    return table[table["present"] == 1]


def free(step: Step) -> np.ndarray:
    """Return the people who live here and are not in detention, after a step."""
    people = here(step.after["people"])
    return people[people["detained_until"] <= step.week]


def stages(step: Step) -> tuple[np.ndarray, np.ndarray]:
    """Return the stages before and after of everybody who lived here all the time."""
    stayed = (step.before["people"]["present"] == 1) & (step.before["people"]["id"] == step.after["people"]["id"])
    return step.before["people"]["stage"][stayed], step.after["people"]["stage"][stayed]


def reached(step: Step, stage: int) -> int:
    """Return how many reached a stage from a lower one."""
    before, after = stages(step)
    return int(((after == stage) & (before < stage)).sum())


def left(step: Step) -> int:
    """Return how many who worked for a crew stepped back."""
    before, after = stages(step)
    return int(((before >= FAVOURS) & (after < before)).sum())


def with_contact(step: Step, *kinds: int) -> int:
    """Return how many have had a contact of one of these kinds."""
    return int(np.isin(here(step.after["people"])["contact"], kinds).sum())


def arrived(step: Step) -> int:
    """Return how many are here who were not, and were not born this week."""
    before, after = (here(when["people"]) for when in (step.before, step.after))
    return int((~np.isin(after["id"], before["id"]) & (after["born"] < step.week)).sum())


def gone(step: Step) -> int:
    """Return how many were here who are not."""
    before, after = (here(when["people"])["id"] for when in (step.before, step.after))
    return int((~np.isin(before, after)).sum())


def rise(step: Step, table: str, field: str) -> int:
    """Return by how much a field rose over all rows together."""
    return int(step.after[table][field].sum()) - int(step.before[table][field].sum())


def more_cases(step: Step) -> int:
    """Return how many more cases there are than before."""
    return int((step.after["cases"]["state"] != FREE).sum()) - int((step.before["cases"]["state"] != FREE).sum())


def still_mentored(step: Step) -> int:
    """Return how many had a mentor already and have one still."""
    return int(
        (here(step.after["people"])["mentored"] * (step.before["people"]["mentored"][step.after["people"]["present"] == 1])).sum()
    )


LAWS: dict[str, tuple[tuple[str, ...], Callable[[Step], int]]] = {  # rule and what it counts, together -> what that is
    "crews members": (("members",), lambda step: int((free(step)["stage"] >= FAVOURS).sum())),
    "demography births": (("births",), lambda step: int((here(step.after["people"])["born"] == step.week).sum())),
    "demography arrivals": (("moved_in",), arrived),
    "demography departures": (("moved_out", "deaths"), gone),
    "desistance leavers": (("leavers",), left),
    "desistance recruits": (("recruited", "adults_recruited"), lambda step: reached(step, FAVOURS)),
    "desistance runners": (("deepened",), lambda step: reached(step, RUNNER)),
    "desistance tied in": (("tied",), lambda step: reached(step, TIED_IN)),
    "encounters contacts": (("contacts",), lambda step: with_contact(step, NEUTRAL, GOOD, BAD, GOOD_INDOORS)),
    "encounters good": (("good_contacts",), lambda step: with_contact(step, GOOD, GOOD_INDOORS)),
    "encounters bad": (("bad_contacts",), lambda step: with_contact(step, BAD)),
    "encounters exploited": (("exploited",), lambda step: int((free(step)["victim"] > 0).sum())),
    "enforcement arrests": (("arrests",), lambda step: rise(step, "people", "convictions") + step.counted["diverted"]),
    "casework open": (("cases_open",), lambda step: int((step.before["cases"]["state"] != FREE).sum())),
    "casework closed": (("cases_closed",), lambda step: -more_cases(step)),
    "reporting opened": (("cases_opened",), more_cases),
    "mentoring_and_plans mentored": (("mentored",), still_mentored),
    "routing taken up": (("taken_up",), lambda step: rise(step, "cases", "owned")),
    "workforce who left": (("staff_left",), lambda step: -rise(step, "professionals", "present")),
}


def test_everything_stays_in_its_range_after_every_rule(lived):
    assert not lived.wrong


def test_every_rule_leaves_what_it_left_when_that_was_recorded(lived):
    known = recorded()
    assert list(known) == list(lived.checksums), "another order of rules: record it (see busy_town.py)"
    differ = [moment for moment, found in lived.checksums.items() if known[moment] != found]
    assert not differ, f"numbers changed, first in week and rule {differ[0]}: if that is meant, record it (see busy_town.py)"


def test_no_rule_counts_less_than_nothing(lived):
    below = [f"{step.rule}, week {step.week}: {name}" for step in lived.steps for name, n in step.counted.items() if n < 0]
    assert not below


@pytest.mark.parametrize("law", LAWS)
def test_what_a_rule_counts_is_what_it_changed(lived, law):
    names, changed = LAWS[law]
    of_rule = [step for step in lived.steps if step.rule == law.split()[0] and step.week > 0]
    told = [sum(step.counted[name] for name in names) for step in of_rule]
    assert told == [changed(step) for step in of_rule]
    assert sum(told) > 0, "nothing of the kind happened"
