"""The Mesa surface: a step is a week of the simulation, and Mesa's own tools work with it."""

import copy
import gc
import inspect
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.datacollection import DataCollector
from mesa.discrete_space import OrthogonalMooreGrid, PropertyLayer

from kantelpunt.model.errors import InputError
from kantelpunt.model.mesa_model.agents import Person, Professional, Recruiter, Resident, Youth
from kantelpunt.model.mesa_model.compat import FieldLayer
from kantelpunt.model.mesa_model.neighbourhood import Neighbourhood
from kantelpunt.model.mesa_model.records import Column, View
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.policies import equal_parts
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import digest, simulate
from kantelpunt.model.state.fields import PERSON, PLACE, PROFESSIONAL
from tests.model.small_neighbourhood import SMALL, small, world_of

ROOT = Path(__file__).parents[2]
MESA_3_3 = "rng" not in inspect.signature(mesa.batch_run).parameters


def finished(model: Neighbourhood) -> str:
    """Return the digest at the horizon."""
    model.run_model()
    return digest(world_of(model))


@pytest.fixture(scope="module")
def run():
    return simulate(Scenario(**SMALL), seed=1)


# a step is a week


def test_all_steps_are_the_same_run_as_the_simulation(run):
    model = small()
    assert (model.steps, model.time, model.running) == (0, 0.0, True)
    assert finished(model) == run.digest
    assert (model.steps, model.time, model.running) == (52, 52.0, False)
    model.step()
    assert (model.steps, digest(world_of(model))) == (52, run.digest)


def test_looking_at_agents_and_places_changes_nothing(run):
    model = small()
    for _ in range(52):
        model.step()
        assert len(model.agents.get("pos")) == len(model.agents)
        model.grid.trust.data.mean()
    assert digest(world_of(model)) == run.digest


def test_a_batch_makes_no_agents_and_no_grid():
    assert not {"views", "grid", "columns"} & set(vars(small(weeks=3)))


def test_a_scenario_its_keywords_or_both():
    keys = {"area": "overvecht", "people": 200, "years": 2, "interventions": {"raid": 0.2}, "parameters": {}}
    scenario = Scenario(**keys)
    assert Neighbourhood(**keys, seed=1).scenario == scenario == Neighbourhood(scenario, seed=1).scenario
    assert Neighbourhood(scenario, years=3, seed=1).scenario == scenario.changed(years=3)
    assert small().scenario.weeks == 52
    with pytest.raises(InputError, match="area"):
        Neighbourhood(area="nowhere")
    with pytest.raises(InputError, match="scenario: this is not a scenario"):
        Neighbourhood("overvecht")
    with pytest.raises(AttributeError, match="keeps its scenario"):
        small().scenario = scenario


def test_one_world_for_one_seed_however_it_is_given():
    given = [{"seed": 7}, {"rng": 7}, {"seed": np.int64(7)}, {"rng": np.uint8(7)}, {"seed": "7"}]
    assert {Neighbourhood(**SMALL, **each).seed for each in given} == {7}
    assert len({digest(world_of(Neighbourhood(**SMALL, **each))) for each in given}) == 1
    first, second = (Neighbourhood(**SMALL, rng=np.random.default_rng(3)) for _ in range(2))
    assert first.seed == second.seed
    assert Neighbourhood(**SMALL).seed != Neighbourhood(**SMALL).seed


@pytest.mark.parametrize("given", [{"seed": -1}, {"seed": 2**63}, {"seed": 1.5}, {"rng": "x"}, {"seed": 1, "rng": 1}])
def test_what_is_no_seed_is_refused(given):
    with pytest.raises(InputError, match=r"seed|rng"):
        Neighbourhood(**SMALL, **given)


# what a user brings along


def greedy(quarter, seen):
    return {seen.menu[0]: 2.0 * seen.budget}


def nonsense(quarter, seen):
    return "all of it"


def broken(quarter, seen):
    raise LookupError("no such money")


def endless(quarter, seen):
    while True:
        pass


endless.patience = 0.05
TEAM = {"systemic_working": 1.0}


def test_a_policy_divides_the_budget_as_in_a_simulation():
    scenario = Scenario(**SMALL, interventions=TEAM)
    model, run = Neighbourhood(scenario, seed=1, policy=equal_parts), simulate(scenario, seed=1, policy=equal_parts)
    model.step()
    twin = copy.deepcopy(model)
    assert finished(model) == finished(twin) == run.digest != simulate(scenario, seed=1).digest


@pytest.mark.parametrize(
    ("policy", "code"), [(greedy, "overspent"), (nonsense, "no_budget"), (broken, "raised"), (endless, "endless")]
)
def test_a_bad_policy_is_named(policy, code):
    model = Neighbourhood(Scenario(**SMALL, interventions=TEAM), seed=1, policy=policy)
    with pytest.raises(InputError) as error:
        model.step()
    assert (error.value.code, error.value.place) == (f"policy.{code}", f"policy {policy.__name__}")


def test_a_policy_without_a_budget_is_refused():
    with pytest.raises(InputError, match="no budget to divide"):
        Neighbourhood(**SMALL, policy=equal_parts)


def test_hooks_are_called_around_every_week_and_what_they_write_counts(run):
    weeks = []

    def relief(model):
        weeks.append(model.steps)
        for youth in model.agents_by_type[Youth]:
            youth.debt = 0.0

    model = Neighbourhood(**SMALL, seed=1, before_week=relief, after_week=lambda model: weeks.append(model.steps))
    model.step()
    model.step()
    twin = copy.deepcopy(model)
    assert weeks == [0, 1, 1, 2]
    assert digest(world_of(twin)) == digest(world_of(model))
    assert finished(model) != run.digest
    assert len(weeks) == 2 * 52, "after the horizon there are no weeks"
    assert finished(Neighbourhood(**SMALL, seed=1, before_week=repr, after_week=repr)) == run.digest
    for name in ("before_week", "after_week"):
        with pytest.raises(InputError, match=f"{name}: this cannot be called"):
            Neighbourhood(**SMALL, **{name: 5})


@pytest.mark.parametrize(("hook", "passed"), [("before_week", 2), ("after_week", 3)])
def test_after_a_hook_failed_the_same_run_goes_on(hook, passed, run):
    failing = [True]

    def fails_once(model):
        if model.steps == passed and failing.pop():
            raise ZeroDivisionError

    model = small(weeks=2, **{hook: lambda model: failing and fails_once(model)})
    with pytest.raises(ZeroDivisionError):
        model.step()
    assert (model.steps, model.time) == (passed, passed)
    model.step()
    assert (model.steps, model.time) == (passed + 1, passed + 1)
    assert finished(model) == run.digest


def test_agents_may_have_a_class_of_ones_own(run):
    class Bold(Youth):
        @property
        def colour(self):
            return "red" if self.stage else "blue"

    model = Neighbourhood(**SMALL, seed=1, agents={Youth: Bold})
    model.step()
    assert {agent.colour for agent in model.agents_by_type[Bold]} <= {"red", "blue"}
    assert model.agents_by_type[Bold] and Youth not in model.agents_by_type
    assert type(next(iter(copy.deepcopy(model).agents_by_type[Bold]))) is Bold
    assert finished(model) == run.digest


@pytest.mark.parametrize("name", ["step", "move", "fear", "age", "friends"])
def test_a_class_of_agents_that_would_do_nothing_is_refused(name):
    with pytest.raises(InputError, match="has no effect: rules read records") as error:
        Neighbourhood(**SMALL, agents={Youth: type("Bold", (Youth,), {name: lambda self: True})})
    assert (error.value.place, error.value.value) == ("Bold", name)


def test_agents_are_made_by_the_model_and_have_state_of_their_own_by_class():
    with pytest.raises(InputError, match=r"agents are made by the model.*\n.*attributes of the class"):
        Neighbourhood(**SMALL, agents={Youth: type("Bold", (Youth,), {"__init__": lambda self, model, row: None})})

    class Counted(Youth):
        asked = 0

        def goes_to(self, place, probability, draw):
            self.asked += 1
            return draw < probability

    model = Neighbourhood(**SMALL, seed=1, agents={Youth: Counted})
    youth = next(youth for youth in model.agents_by_type[Counted] if youth.age < 20)
    finished(model)
    assert youth.asked > 40


@pytest.mark.parametrize(
    ("agents", "code"), [([], "invalid"), ({Person: Person}, "unknown_kind"), ({Youth: Resident}, "other_kind")]
)
def test_what_are_no_classes_of_agents_is_refused(agents, code):
    with pytest.raises(InputError) as error:
        Neighbourhood(**SMALL, agents=agents)
    assert error.value.code == f"agents.{code}"


# what Mesa's tools see


def test_the_history_is_a_datacollector(run):
    model = small()
    assert isinstance(model.datacollector, DataCollector)
    assert len(model.datacollector.get_model_vars_dataframe()) == 1
    for week in range(1, 6):
        model.step()
        model.datacollector.collect(model)
        table = model.datacollector.get_model_vars_dataframe()
        assert list(table.columns) == list(OUTCOMES)
        pd.testing.assert_frame_equal(table, run.weeks[: week + 1].rename_axis(None))
        assert all(values[-1] == run.weeks[name][week] for name, values in model.datacollector.model_vars.items())


@pytest.mark.parametrize("processes", [1, 2])
def test_batch_run(processes, run):
    rows = mesa.batch_run(
        Neighbourhood, parameters={"area": ["tilburg-noord", "contrast"], **SMALL, "rng": [1, 2]}, number_processes=processes,
        max_steps=20, data_collection_period=5, display_progress=False,
    )  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["RunId", "Step"])
    assert list(table["Step"]) == [0, 5, 10, 15, 20] * 4
    assert sorted({(row["area"], row["rng"]) for row in rows}) == [(a, r) for a in ("contrast", "tilburg-noord") for r in (1, 2)]
    same = table[(table["area"] == "tilburg-noord") & (table["rng"] == 1)]
    np.testing.assert_array_equal(same[list(OUTCOMES)], run.weeks.loc[same["Step"]])
    assert set(table.loc[table["Step"] == 0, "people"]) == {300}
    assert table.groupby(list(OUTCOMES)).ngroups > 15, "worlds and areas differ"


def test_the_oddities_of_batch_run(run):
    """As told in the module: the last week, and what Mesa takes for a list of values."""
    whole = {"max_steps": 1000, "display_progress": False}
    rows = mesa.batch_run(
        Neighbourhood, parameters={"scenario": [Scenario(**SMALL)], "rng": 1}, data_collection_period=1, **whole
    )
    weeks = list(range(52 if MESA_3_3 else 53))
    assert [row["Step"] for row in rows] == weeks
    np.testing.assert_array_equal(pd.DataFrame(rows)[list(OUTCOMES)], run.weeks.loc[weeks])
    last = mesa.batch_run(
        Neighbourhood, parameters={**SMALL, "rng": 1, "interventions": [[], {"visible_presence": 1.0}]}, **whole
    )
    assert [row["Step"] for row in last] == [weeks[-1]] * 2
    walked = small(interventions={"visible_presence": 1.0}, weeks=weeks[-1]).datacollector.get_model_vars_dataframe().iloc[-1]
    assert [last[1][name] for name in OUTCOMES] == list(walked)
    assert [last[0][name] for name in OUTCOMES] == list(run.weeks.loc[weeks[-1]]) != list(walked)
    with pytest.raises(InputError, match="scenario: this is not a scenario"):
        mesa.batch_run(Neighbourhood, parameters={"scenario": Scenario(**SMALL)}, **whole)


def test_solara_can_make_it_again_and_draw_it():
    accepted = inspect.signature(Neighbourhood.__init__).parameters.values()
    assert all(each.default is not each.empty for each in accepted if each.name != "self")
    assert not any(each.kind is each.VAR_POSITIONAL for each in accepted)
    assert not small().scenario, "Mesa 3.5's SolaraViz looks into a scenario that is true"
    colours = {Resident: "grey", Youth: "blue", Recruiter: "red", Professional: "green"}
    model = small(weeks=2)
    portrayed = [(agent.pos, colours[type(agent)]) for agent in model.agents]
    columns, rows = model.grid.dimensions
    assert all(0 <= x < columns and 0 <= y < rows for (x, y), _ in portrayed)
    assert len({colour for _, colour in portrayed}) >= 3
    assert set(model.grid.agents) == set(model.agents)


def test_a_view_is_drawn_by_mesa():
    import solara
    from mesa import visualization

    model = small(weeks=1)
    renderer = visualization.SpaceRenderer(model, backend="matplotlib")
    renderer.draw_agents(lambda agent: visualization.components.AgentPortrayalStyle(x=agent.pos[0], y=agent.pos[1]))
    plot = visualization.make_plot_component("trust_frontline")
    page = visualization.SolaraViz(model, renderer, components=[plot], model_params={**SMALL, "seed": 2})
    _, context = solara.render(page, handle_error=False)
    context.close()


def test_agents_of_a_user_join_in():
    class Visitor(mesa.Agent):
        pass

    model = small()
    before, visitor = len(model.agents), Visitor(model)
    model.step()
    assert visitor in model.agents
    assert set(model.agents_by_type[Visitor]) == {visitor}
    assert len(model.agents) - len(model.agents.select(agent_type=View)) == 1 <= before


def test_a_town_on_two_threads_is_the_same_town_and_so_is_its_copy():
    digests = set()
    for threads in (1, 2):
        town = Neighbourhood(area="contrast", people=7_000, years=1, seed=1, threads=threads)
        town.step()
        twin = copy.deepcopy(town)
        assert twin.simulation.threads == threads
        twin.step()
        digests.add(digest(twin.simulation.world))
    assert len(digests) == 1
    with pytest.raises(InputError, match="threads"):
        Neighbourhood(people=200, threads=0)


def test_nothing_keeps_a_model_alive():
    model = small(weeks=1)
    watched = [weakref.ref(thing) for thing in (model, next(iter(model.agents)), model.grid, model.grid.cell_klass)]
    del model
    gc.collect()
    assert [each() for each in watched] == [None] * 4


def test_a_batch_run_of_our_own_imports_no_mesa():
    code = (
        "import sys\nfrom kantelpunt import Scenario, simulate, OUTCOMES, INTERVENTIONS, QUANTITIES\n"
        "simulate(Scenario(people=60, years=1), seed=1).weeks\nassert 'mesa' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


# what this leans on inside Mesa: should one of these fail, Mesa changed, and `neighbourhood.py` and `agents.py` with it


def test_mesa_an_agent_is_what_its_init_sets():
    agent = mesa.Agent(mesa.Model())
    assert set(vars(agent)) == {"model", "unique_id", "pos"}, "View.__init__ sets these itself"
    taken = set(dir(mesa.Agent)) | {"model", "unique_id", "pos"}
    own = [field.name for field in (*PERSON, *PROFESSIONAL) if field.name != "present"]
    assert not taken & set(own)
    assert all(isinstance(getattr(Person, field.name), Column) for field in PERSON if field.name != "present")


def test_mesa_layers_hold_their_values_under_known_names():
    layer = PropertyLayer("level", (2, 3), 0.5, float)
    assert set(vars(layer)) in ({"name", "dimensions", "_mesa_data"}, {"name", "dimensions", "_data"})
    ours = FieldLayer(next(field for field in PLACE if field.unit == "level"), np.zeros((2, 3)))
    assert {name for name in vars(layer) if getattr(ours, name, None) is not None} == set(vars(layer))


def test_mesa_cells_read_who_is_there_from_agents():
    grid = OrthogonalMooreGrid((2, 2), random=mesa.Model().random)
    cell = next(iter(grid))
    cell._agents = ("somebody",)
    vars(grid).pop("all_cells")
    assert list(cell.neighborhood.agents) == []
    assert list(grid.all_cells.agents) == ["somebody"]
    assert list(grid[1, 1].neighborhood.agents) == ["somebody"]


def test_mesa_batch_run_asks_a_collector_for_known_things():
    wanted = {"model_vars", "_agent_records", "agent_reporters"}
    known = wanted | {"_collection_steps", "_agenttype_records", "agenttype_reporters"}
    source = inspect.getsource(sys.modules["mesa.batchrunner"])
    asked = {name for line in source.split("dc.")[1:] if (name := line.split("[")[0].split(".")[0].split(")")[0].split(",")[0])}
    assert wanted <= asked <= known
    assert known & set(vars(DataCollector())) >= wanted
