"""Loops light up by what happens: events of a rule are those that its file logs, and the weakest link of a loop counts."""

import re
from pathlib import Path

import numpy as np
import pytest

from kantelpunt.model.registry import rules
from kantelpunt.model.state.codes import EVENT_KINDS
from kantelpunt.viz.app.about.evidence import rule_texts
from kantelpunt.viz.app.learn import turning as module
from kantelpunt.viz.app.learn.turning import LEFT_BY, SPAN, counts, told, turning

EVENT = np.dtype([("week", "<i4"), ("kind", "<u1")])


class World:
    """A world of which only the log is known."""

    def __init__(self, *events: tuple[int, str]) -> None:
        """Hold events as week and kind."""
        self.log = np.array([(week, EVENT_KINDS.index(kind)) for week, kind in sorted(events)], EVENT)


class Twins:
    """Two such worlds."""

    def __init__(self, week: int, *worlds: World) -> None:
        """Stand in a week."""
        self.week, self.worlds = week, worlds


@pytest.mark.parametrize("rule", LEFT_BY)
def test_a_rule_leaves_the_events_that_its_file_or_what_it_shares_names(rule: str) -> None:
    text = rule_texts()[rule]
    shared = Path(rules()[rule].__file__ or "").parents[1] / "shared"
    text += "".join((shared / f"{name}.py").read_text() for name in re.findall(r"from \.\.shared\.(\w+) import", text))
    for kind in LEFT_BY[rule]:
        assert re.search(rf"\b{kind.upper().replace(' ', '_')}\b", text), kind


def test_a_loop_turns_as_far_as_its_weakest_link_in_the_last_quarter() -> None:
    loop, links = told()[0]
    kinds = [LEFT_BY[link][0] for link in links]
    both = World(*((20, kind) for kind in kinds for _ in range(3)), (20, kinds[0]), (20 - SPAN, kinds[-1]))
    one_link = World((20, kinds[0]))
    found = {each.loop.id: each for each in turning(Twins(20, both, one_link))}  # type: ignore[arg-type]
    assert (found[loop.id].left, found[loop.id].right) == (3, 0)
    assert not turning(Twins(20, one_link, one_link)) or loop.id not in {  # type: ignore[arg-type]
        each.loop.id
        for each in turning(Twins(20, one_link, one_link))  # type: ignore[arg-type]
    }
    assert counts(both, 20)[links[0]] == 4 and len(turning(Twins(20, both, one_link))) <= module.SHOWN  # type: ignore[arg-type]
