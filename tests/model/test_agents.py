"""Agents and places as Mesa shows them are the records of the simulation, this week's, and nobody else's."""

import numpy as np
import pytest
from mesa.discrete_space import OrthogonalMooreGrid

from kantelpunt.model.errors import InputError
from kantelpunt.model.mesa_model.agents import Professional, Recruiter, Resident, Youth
from kantelpunt.model.mesa_model.neighbourhood import LAYERS, OF_RESIDENTS
from kantelpunt.model.renaming import Renamed
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import digest, simulate
from kantelpunt.model.state.codes import ORGANISATIONS, STAGES, TIED_IN
from kantelpunt.model.state.fields import DTYPES, PERSON, PROFESSIONAL
from tests.model.small_neighbourhood import SMALL, small, world_of


@pytest.fixture(scope="module")
def run():
    return simulate(Scenario(**SMALL), seed=1)


# agents


def test_everybody_is_an_agent_of_one_kind():
    model = small()
    everybody, by_type = model.agents, model.agents_by_type  # these sets live on
    for week in range(52):
        world = world_of(model)
        people = world.people[world.people["present"] == 1]
        age, crewed = (week - people["born"]) // 52, (people["stage"] == TIED_IN) & (people["crew"] >= 0)
        young = (age >= 8) & (age < 24) & ~crewed
        expected = {
            Recruiter: people["id"][crewed], Youth: people["id"][young], Resident: people["id"][~crewed & ~young],
            Professional: world.professionals["id"][world.professionals["present"] == 1],
        }  # fmt: skip
        assert set(by_type) == set(model.agent_types) == set(expected)
        for kind, identities in expected.items():
            assert {agent.identity for agent in by_type[kind]} == set(identities.tolist())
            assert all(type(agent) is kind for agent in by_type[kind])
        there = world.tile_index["people"][0] + world.professionals["present"].sum()
        assert len(everybody) == sum(map(len, by_type.values())) == there
        assert set(everybody) == set().union(*by_type.values())
        model.step()
    assert everybody is model.agents


def test_kin_are_the_people_whose_identities_stand_in_the_table():
    model = small()
    model.run_model()
    world = world_of(model)
    here = {int(who): row for row, who in enumerate(world.people["id"]) if world.people["present"][row] == 1}
    people = [agent for agent in model.agents if not isinstance(agent, Professional)]
    for name in ("mother", "father", "partner"):
        known = {agent: int(world.kin[name][here[agent.identity]]) for agent in people}
        for agent, identity in known.items():
            relative = getattr(agent, name)
            assert (None if relative is None else relative.identity) == (identity if identity in here else None)
            assert relative is None or (relative in agent.kin and agent in relative.kin)
        assert sum(getattr(agent, name) is not None for agent in people) > 10
    children = [agent for agent in people if agent.mother is not None]
    pairs = [(one, other) for one in children for other in one.mother.kin if other.mother is one.mother and other is not one]
    assert pairs and all(other in one.kin and one in other.kin for one, other in pairs)
    assert all(agent not in agent.kin for agent in people)


def test_workers_are_those_whom_somebody_knows_and_who_are_still_there():
    model = small()
    world = world_of(model)
    known = [agent for agent in model.agents if not isinstance(agent, Professional) and agent.workers]
    assert known and all(isinstance(worker, Professional) for agent in known for worker in agent.workers)
    worker = known[0].workers[0]
    assert worker.row in world.acquaintances["post"][known[0].row]
    world.professionals["nth"][worker.row] += 1  # a successor
    assert worker not in known[0].workers


def test_professionals_stand_where_they_spent_most_hours():
    model, moved = small(), set()
    for _ in range(8):
        model.step()
        for worker in model.agents_by_type[Professional]:
            assert worker.cell.coordinate == model.coordinate(worker.place)
            moved |= {worker.unique_id} if worker.place != worker.base else set()
    assert moved


def test_the_same_person_is_the_same_object_until_leaving():
    model = small()
    before = {agent.identity: agent for agent in model.agents}
    model.run_model()
    after = {agent.identity: agent for agent in model.agents}
    assert all(after[identity] is agent for identity, agent in before.items() if identity in after)
    left = [agent for identity, agent in before.items() if identity not in after]
    came = [agent for identity, agent in after.items() if identity not in before]
    assert len(left) > 5 < len(came)
    for agent in left:
        assert not agent.present
        assert agent not in model.agents
        with pytest.raises(LookupError, match=f"{agent.identity}.* no longer here"):
            _ = agent.fear if hasattr(type(agent), "fear") else agent.skill
    assert all(agent.present for agent in came)


def test_a_birthday_changes_the_kind_and_not_the_person():
    model = small()
    youth = next(agent for agent in model.agents_by_type[Youth] if agent.age > 12)
    youth.nickname = "Jip"
    world_of(model).people["born"][youth.row] = 2 - 24 * 52
    model.step()
    assert (type(youth), youth.age) == (Youth, 23)
    model.step()
    assert (type(youth), youth.age, youth.nickname) == (Resident, 24, "Jip")
    assert youth in model.agents_by_type[Resident]
    assert youth not in model.agents_by_type[Youth]


def test_somebody_who_is_tied_in_and_works_for_a_crew_recruits():
    model = small()
    people = world_of(model).people
    people["stage"][:3], people["crew"][:3] = TIED_IN, (0, 0, -1)
    found = {agent.row: type(agent) for agent in model.agents if agent.TABLE == "people"}
    assert found[0] is found[1] is Recruiter
    assert found[2] is not Recruiter
    recruiter = model.views.person(0)
    assert (recruiter.stage_name, recruiter.detained) == (STAGES[4], False)


def test_views_read_and_write_the_records(run):
    model = small(weeks=8)
    world = world_of(model)
    for agent in [*list(model.agents)[:20], *model.agents_by_type[Professional]]:
        table, fields = (world.people, PERSON) if agent.TABLE == "people" else (world.professionals, PROFESSIONAL)
        assert [getattr(agent, field.name) for field in fields] == list(table[agent.row].item())
        assert agent.unique_id == agent.identity == agent.id
    youth = next(iter(model.agents_by_type[Youth]))
    youth.fear = 0.25
    assert world.people["fear"][youth.row] == youth.fear == 0.25
    model.agents_by_type[Resident].set("trust_frontline", 1)
    worker = next(iter(model.agents_by_type[Professional]))
    worker.hours = 40
    assert world.professionals["hours"][worker.row] == 40
    assert worker.organisation_name == ORGANISATIONS[worker.organisation]
    model.run_model()
    assert digest(world) != run.digest


@pytest.mark.parametrize("value", [-0.1, 1.01, float("nan"), float("inf"), "high", None])
def test_a_level_out_of_range_is_refused(value):
    youth = next(iter(small().agents_by_type[Youth]))
    with pytest.raises(InputError, match=r"Youth.fear: out of range.*\n.*from 0 to 1 \(level\)"):
        youth.fear = value


@pytest.mark.parametrize("name", ["stage", "household", "born", "id", "present", "pos", "cell", "age"])
def test_what_hangs_together_is_not_written(name):
    youth = next(iter(small().agents_by_type[Youth]))
    with pytest.raises(AttributeError, match=name):
        setattr(youth, name, 1)


@pytest.mark.parametrize(
    ("slip", "meant"), [("feer", "fear"), ("trust_institution", "trust_institutions"), ("normenemy", "norm_enemy")]
)
def test_a_slip_of_the_pen_is_refused_and_a_name_of_ones_own_is_not(slip, meant):
    model = small()
    youth = next(iter(model.agents_by_type[Youth]))
    with pytest.raises(AttributeError, match=f"{slip}.* do you mean {meant}?"):
        setattr(youth, slip, 0.5)
    with pytest.raises(AttributeError, match=f"do you mean {meant}?"):
        model.agents_by_type[Youth].set(slip, 0.5)
    youth.colour, youth.plans_made, youth._met = "red", 3, []
    assert (youth.colour, youth.plans_made, youth._met) == ("red", 3, [])


def test_people_do_not_vanish_by_hand():
    with pytest.raises(NotImplementedError, match="by the rules of the model"):
        next(iter(small().agents)).remove()


def test_friends_and_household():
    model = small(weeks=30)
    world = world_of(model)
    people = [agent for agent in model.agents if agent.TABLE == "people"]
    assert sum(len(agent.friends) for agent in people) > len(people)
    for agent in people:
        known = [tie["id"] for tie in world.friends[agent.row] if tie["row"] >= 0]
        assert all(friend.present and friend.identity in known and friend is not agent for friend in agent.friends)
        home = [agent, *agent.household_members]
        assert {each.household for each in home} == {agent.household}
        assert len(set(home)) == len(home) == world.households["size"][agent.household]


# places


def test_layers_are_the_records_and_follow_a_step():
    model = small(weeks=1)
    grid, places = model.grid, world_of(model).places
    assert isinstance(grid, OrthogonalMooreGrid)
    for name in LAYERS:
        layer = getattr(grid, name)
        assert layer.data.shape == grid.dimensions == (50, 50)
        assert np.shares_memory(layer.data, places) == (name not in OF_RESIDENTS)
        before = layer.data.copy()
        if name in ("presence", "disorder"):
            model.step()
            assert (layer.data != before).any()
        shown = {cell: layer.data[model.coordinate(cell)] for cell in range(0, places.size, 7)}
        assert all(level == places[name][cell] or np.isnan(level) for cell, level in shown.items())


def test_every_level_of_a_place_is_a_layer():
    assert {name for name, kind in DTYPES["place"].fields.items() if kind[0].kind == "f"} < set(LAYERS)


@pytest.mark.parametrize("name", OF_RESIDENTS)
def test_where_nobody_lives_around_there_is_no_mean_of_residents(name):
    model = small(weeks=4)
    world, layer = world_of(model), getattr(model.grid, name)
    homes = [model.coordinate(int(cell)) for cell in np.unique(world.people["home"][world.people["present"] == 1])]
    assert not any(np.isnan(layer.data[where]) for where in homes)
    nobody = model.layered(world.cell_residents["residents"] == 0)
    assert nobody.any() and np.isnan(layer.data[nobody]).all()
    assert model.grid[homes[0]].__getattribute__(name) == layer.data[homes[0]]
    with pytest.raises(AttributeError, match="change them, and it follows"):
        layer.data = 0.5
    with pytest.raises(ValueError, match="read-only"):
        layer.data[homes[0]] = 0.5


def test_a_layer_that_was_renamed_is_found_under_its_old_name_with_a_warning():
    model = small()
    with pytest.warns(Renamed, match="attachment is called crime_hold now"):
        assert model.grid.attachment is model.grid.crime_hold
    with pytest.raises(AttributeError):
        model.grid.affection  # noqa: B018


def test_a_field_of_a_person_that_was_renamed_is_found_under_its_old_name_with_a_warning():
    model = small()
    somebody = next(iter(model.agents_by_type[Youth]))
    with pytest.warns(Renamed, match="record is called convictions now"):
        assert somebody.record == somebody.convictions
    with pytest.warns(Renamed, match="outside is called in_public now"):
        assert model.columns["people"]["outside"] is model.columns["people"]["in_public"]


def test_writing_to_a_layer_or_a_cell_writes_the_record():
    model = small()
    places, layer, cell = world_of(model).places, model.grid.disorder, model.grid[3, 46]
    layer.data = 0.5
    layer.modify_cells(np.multiply, 0.5)
    layer.modify_cells(lambda level: level + 0.25)
    layer.set_cells(0.125, lambda level: level < 0.4)
    assert (places["disorder"] == 0.5).all()
    cell.disorder = 0.75
    assert places["disorder"][3 * 50 + 3] == cell.disorder == layer.data[3, 46] == 0.75
    assert np.shares_memory(layer.data, places)


@pytest.mark.parametrize("level", [np.nan, -0.5, 1.5, np.inf])
def test_a_level_of_a_place_out_of_range_is_refused_in_the_next_step(level):
    for write in (lambda grid: grid.disorder.set_cells(level), lambda grid: setattr(grid[3, 3], "disorder", level)):
        model = small()
        write(model.grid)
        with pytest.raises(InputError, match=r"grid.disorder: out of range.*\n.*from 0 to 1 \(level\)"):
            model.step()
        model.grid.disorder.set_cells(0.5)
        model.step()


def test_what_a_place_is_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        small().grid.kind.set_cells(100)


def test_north_is_up_and_a_cell_has_its_neighbours():
    model = small()
    quarters = model.layered(world_of(model).places["quarter"])
    assert [quarters[0, 49], quarters[49, 49], quarters[0, 0], quarters[49, 0]] == [0, 1, 2, 3]
    assert [len(model.grid[where].neighborhood) for where in ((0, 0), (0, 20), (20, 20))] == [3, 5, 8]


def test_cells_hold_who_is_there():
    model = small(weeks=1)
    grid = model.grid
    for _ in range(3):
        model.step()
        assert [agent for cell in grid for agent in cell.agents if agent.cell is not cell] == []
        assert {agent for cell in grid for agent in cell.agents} == set(model.agents)
        assert [cell.is_empty for cell in grid] == [bool(cell.empty) for cell in grid]
        assert len(grid.empties) == int(grid.empty.data.sum())
        around = grid[25, 25].get_neighborhood(radius=3, include_center=True)
        assert set(around.agents) == {a for a in model.agents if max(abs(a.pos[0] - 25), abs(a.pos[1] - 25)) <= 3}


def test_two_models_never_read_each_other():
    first, second = small(1, weeks=5), small(2, weeks=9)
    one, two = first.grid, second.grid
    assert not np.shares_memory(one.disorder.data, two.disorder.data)
    two.disorder.data = 0.75
    one.disorder.data = 0.25
    assert one[0, 0].disorder == 0.25 != two[0, 0].disorder == 0.75
    assert not {agent.identity for agent in first.agents} & {agent.identity for agent in second.agents}
    next(iter(first.agents)).model.step()
    assert (first.steps, second.steps) == (6, 9)
