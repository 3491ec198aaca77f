"""Every loop that the evidence names is told of; what carries and cuts it is there, and cutting it changes what happens."""

import numpy as np
import pytest

from kantelpunt.experiments.analysis.loops import Loop, carried, cuts, loops, scenarios
from kantelpunt.model import Scenario, simulate
from kantelpunt.model.errors import InputError
from kantelpunt.model.quantity import Quantity
from kantelpunt.model.registry import quantities, rules
from kantelpunt.model.scenario import as_parameters
from tests.science.contact import ARMS

IDS = [f"R{n}" for n in range(1, 8)] + ["R8a", "R8b"] + [f"R{n}" for n in range(9, 22)]
IDS += [f"B{n}" for n in range(1, 6)] + ["B6a", "B6b"] + [f"B{n}" for n in range(7, 12)]
STREET = Scenario(area="tilburg-noord", people=1_500, years=3)


def test_every_loop_of_the_evidence_is_there_once():
    assert list(loops()) == IDS


@pytest.mark.parametrize("loop", loops().values(), ids=list(loops()))
def test_what_carries_and_cuts_it_is_there(loop):
    assert len(loop.note) > 20, "say which step is cut, or why the model does not carry it"
    assert bool(loop.rules) == bool(loop.cut)
    assert set(loop.rules) <= set(rules())
    for name, value in loop.cut.items():
        quantity = quantities()[name]
        assert quantity.low <= value <= quantity.high or value == quantity.off
        assert value != quantity.default
        assert name.partition(".")[0] in loop.rules


@pytest.mark.parametrize("name", carried())
def test_cutting_it_changes_the_course_of_things(name):
    loop = carried()[name]
    plain = STREET.changed(interventions=loop.needs)
    without = plain.changed(parameters=loop.cut)
    pairs = ([simulate(scenario, seed).world.history for scenario in (plain, without)] for seed in range(1, 9))
    assert any(not np.array_equal(*pair) for pair in pairs), "in eight worlds it makes no difference"


def test_only_loops_and_parts_that_are_measured_alone_need_an_off():
    used = {name for loop in carried().values() for name in loop.cut}
    used |= {name for _, _, changes in ARMS.values() for name in changes}
    assert {name for name, quantity in quantities().items() if quantity.off is not None} <= used


def test_a_value_that_is_off_may_be_set_and_none_in_between():
    low, off = quantities()["casework.silence"].low, quantities()["casework.silence"].off
    assert as_parameters({"casework.silence": off}) == {"casework.silence": off}
    with pytest.raises(InputError, match="or 0 to switch it off"):
        as_parameters({"casework.silence": 0.5 * (low + off)})
    assert not Quantity(1.0, 0.5, 2.0, "1", "assumed", "nothing").allows(0.0)


def test_loops_that_hang_in_the_air_are_refused():
    known = {"id": "X", "kind": "balancing", "nl": "x", "en": "x", "path": "A +→ B −→ A", "note": "nothing"}
    with pytest.raises(InputError, match="rules without a cut"):
        Loop.read({**known, "rules": ["trust"]})
    with pytest.raises(InputError, match="does not carry the loop"):
        Loop.read({**known, "rules": ["trust"], "cut": {"norms.sanction": 0.0}})
    with pytest.raises(InputError, match="did you mean 'trust'"):
        Loop.read({**known, "rules": ["trsut"], "cut": {"norms.sanction": 0.0}})


def test_loops_are_cut_together_and_only_those_that_are_carried():
    assert cuts(["R2", "R14"]) == {"norms.enemy_pace": 0.0, "routines.worry": 0.0}
    with pytest.raises(InputError, match="does not carry this loop"):
        cuts(["R10"])
    with pytest.raises(InputError, match="unknown loop"):
        cuts(["R99"])


def test_every_loop_is_cut_beside_the_same_world_with_it():
    tables = scenarios(4)
    for name, table in tables.items():
        base, _, loop = name.partition("_without_")
        assert table["interventions"] == tables[base]["interventions"]
        assert table.get("parameters", {}) == (carried()[loop].cut if loop else {})
    assert {name.partition("_without_")[2] for name in tables} - {""} == set(carried())
    assert set(scenarios(4, ["R2"])) == {"today", "presence", "today_without_R2", "presence_without_R2"}
