"""Some weeks of a busy little town, rule by rule: what a rule counts is what it changed, and everything stays in its range."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from kantelpunt.model import Scenario, registry
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.state.codes import BAD, FAVOURS, FREE, GOOD, GOOD_INDOORS, NEUTRAL, NOBODY, RUNNER, TIED_IN
from kantelpunt.model.state.fields import TABLES
from tests.contracts.steps import EAGER, TABLE_OF, Steps, order

WEEKS = 10
HALF = [{"kind": kind, "ramp": 0, "intensity": 0.5} for kind in catalogue() if kind not in ("raid", "incident", "eviction")]
EVENTS = [{"kind": "raid", "justice": 0.5, "date": 6, "share": 0.5}, {"kind": "incident", "from": 3}]
COMINGS = {name: registry.quantities()[name].high for name in (
    "demography.turnover", "demography.restless", "demography.refill", "workforce.turnover", "workforce.strain",
)}  # fmt: skip
BUSY = Scenario(area="tilburg-noord", people=200, years=1, parameters={**EAGER, **COMINGS}, interventions=[*HALF, *EVENTS])
MOST = {"level": 1.0, "share": 1.0, "probability": 1.0, "0/1": 1, "0-2": 2, "0-3": 3, "0-4": 4, "0-8": 8, "0-17": 17, "0-35": 35}
NEVER_BELOW_ZERO = {*MOST, "count", "hour", "hour/week", "2**-30"}


class Step(NamedTuple):
    """What one rule did in one week: what it counted, and people, cases and professionals before and after."""

    rule: str
    week: int
    counted: dict[str, int]
    before: dict[str, np.ndarray]
    after: dict[str, np.ndarray]


def planted(world: Any) -> None:
    """Let every stage and a crew be there, and many children come."""
    people = world.people
    young = np.flatnonzero((people["present"] == 1) & (people["born"] < -8 * 52) & (people["born"] > -40 * 52))
    people["stage"][young] = people["next_stage"][young] = np.arange(young.size) % 5
    people["crew"][young] = np.where(people["stage"][young] >= 2, 0, NOBODY)
    people["exposure"][young] = 0.8
    world.crews["present"][0] = world.crews["id"][0] = world.crews["load"][0] = 1
    world.tile_index["fertility"] *= 20


def mark(people: np.ndarray) -> None:
    """Let some who are involved be marked to go a stage further, as recruitment marks them."""
    some = np.flatnonzero(
        (people["present"] == 1) & (people["stage"] > 0) & (people["stage"] < TIED_IN) & (people["id"] % 4 == 0)
    )
    people["next_stage"][some] = people["stage"][some] + 1


def outside(world: Any) -> set[str]:
    """Return the fields of a world in which something is not in its range, of rows that are in use."""
    found = set()
    for name, table in TABLE_OF.items():
        rows = getattr(world, name)
        if rows.dtype.names and "present" in rows.dtype.names:
            rows = rows[rows["present"] == 1]
        for field in TABLES.get(table, ()):
            values = rows[field.name]
            low = values.size and field.unit in NEVER_BELOW_ZERO and values.min() < 0
            if low or not np.isfinite(values).all() or (values > MOST.get(field.unit, np.inf)).any():
                found.add(f"{table}.{field.name}")
    return found


def tables(world: Any) -> dict[str, np.ndarray]:
    """Return copies of what laws look at."""
    return {name: getattr(world, name).copy() for name in ("people", "cases", "professionals", "households", "promises")}


@pytest.fixture(scope="module")
def lived() -> tuple[list[Step], list[str]]:
    """Return what every rule did in some weeks, and what was out of its range after one."""
    town, steps, wrong = Steps(BUSY), [], []
    world = town.world
    for week in range(WEEKS + 1):
        if week == 1:
            planted(world)
        for rule in order("run" if week else "begin"):
            if rule == "desistance" and week % 3 == 2:
                mark(world.people)
            before, counts = tables(world), world.tally.copy()
            town.call(rule, week)
            if rule != "observation":  # after which counting begins anew
                made = {name: int(world.tally[name][0] - counts[name][0]) for name in counts.dtype.names}
                steps.append(Step(rule, week, made, before, tables(world)))
            wrong += [f"{rule}, week {week}: {field}" for field in sorted(outside(world))]
    return steps, wrong


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
    assert not lived[1]


def test_no_rule_counts_less_than_nothing(lived):
    below = [f"{step.rule}, week {step.week}: {name}" for step in lived[0] for name, n in step.counted.items() if n < 0]
    assert not below


@pytest.mark.parametrize("law", LAWS)
def test_what_a_rule_counts_is_what_it_changed(lived, law):
    names, changed = LAWS[law]
    of_rule = [step for step in lived[0] if step.rule == law.split()[0] and step.week > 0]
    told = [sum(step.counted[name] for name in names) for step in of_rule]
    assert told == [changed(step) for step in of_rule]
    assert sum(told) > 0, "nothing of the kind happened"
