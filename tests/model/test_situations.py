"""Situations: each makes a scenario, is written out, gives way to what a scenario says itself, and is refused by name."""

import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import build
from kantelpunt.model.population.situations import situations
from kantelpunt.model.scenario import as_parameters


@pytest.mark.parametrize("name", situations())
def test_a_scenario_begins_where_its_situation_says(name):
    said, found = situations()[name], Scenario(situation=name)
    assert found.parameters == as_parameters(said.parameters)
    assert found.interventions == tuple(build(each) for each in said.interventions)
    assert found.key != Scenario().key
    assert found.key == found.changed().key == Scenario(parameters=said.parameters, interventions=said.interventions).key


def test_what_a_scenario_says_itself_stands():
    found = Scenario(situation="new-team", parameters={"initialisation": {"ties": 0.3}}, interventions={"mentoring": 0.5})
    assert found.parameters == {"initialisation.maturity": 0.05, "initialisation.ties": 0.3}
    assert [each.kind for each in found.interventions] == ["mentoring", "frontline_team"]


def test_a_file_names_a_situation(tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text('situation = "unaware-team"\nyears = 2\n')
    found = Scenario.from_toml(file)
    assert found == Scenario(situation="unaware-team", years=2)
    file.write_text(found.to_toml())
    assert Scenario.from_toml(file) == found


@pytest.mark.parametrize("name", ["new_team", "", 3, ["new-team"]])
def test_an_unknown_situation_is_refused_with_what_there_is(name):
    if name == "":
        assert Scenario(situation=name) == Scenario()
        return
    with pytest.raises(InputError) as caught:
        Scenario(situation=name)
    assert "situation" in str(caught.value) and str(name) in str(caught.value) and "closed-families" in str(caught.value)


def test_what_is_no_table_is_refused_as_ever():
    with pytest.raises(InputError, match="these are not parameters"):
        Scenario(situation="new-team", parameters=3)
    with pytest.raises(InputError, match="these are not interventions"):
        Scenario(situation="new-team", interventions=3)
