"""Scenarios that share weeks are what they are alone, to the last bit; and no week is computed twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import Scenario, branching, simulate
from kantelpunt.model.branching import simulate_together
from kantelpunt.model.population.build import own_tables, weight
from kantelpunt.model.simulation import Simulation, digest
from tests.bench.studies import computed, sharing
from tests.laws.strategies import laws, lives, programmes
from tests.worlds.digests import EVERYTHING, RAIDS, story

WEEKS = 104


def plans(base: Scenario, *programmes: list) -> list[Scenario]:
    """Return the scenario with each of these interventions."""
    return [base.changed(interventions=each) for each in programmes]


def told(run) -> tuple:
    """Return all that a run comes to, in bits."""
    return digest(run.world), run.world.history.tobytes(), story(run)


def held(scenarios: list[Scenario], seed: int, threads: int = 1) -> int:
    """Hold runs that share weeks to the same runs alone; return how many weeks were computed."""
    found = list(simulate_together(scenarios, seed, events=True, threads=threads))
    assert sorted(each.number for each in found) == list(range(len(scenarios)))
    for number, run, _ in found:
        assert run.scenario is scenarios[number]
        assert told(run) == told(simulate(scenarios[number], seed, events=True)), scenarios[number].to_toml()
    return sum(each.computed for each in found)


@st.composite
def families(draw):
    """Draw plans of one neighbourhood that have some programmes in common, under other numbers now and then."""
    life = draw(lives())
    pool = [*life.scenario.interventions, *draw(st.lists(programmes(life.scenario.weeks), max_size=3))]
    pool.append({"kind": "systemic_working", "from": draw(st.integers(0, life.scenario.weeks - 1))})
    some = st.lists(st.sampled_from(range(len(pool))), unique=True, max_size=4)
    chosen = draw(st.lists(some, min_size=2, max_size=6))
    scenarios = [life.scenario.changed(interventions=[pool[i] for i in each]) for each in chosen]
    other = scenarios[0].changed(parameters={**life.scenario.parameters, "norms.sanction": 0.5})
    return [*scenarios, other] if draw(st.booleans()) else scenarios, life.seed


@laws(20)
@given(families())
def test_any_plans_share_weeks_without_a_trace(family):
    scenarios, seed = family
    held(scenarios, seed)


def test_a_town_of_four_tiles_on_two_threads_shares_weeks_without_a_trace():
    town = Scenario(area="overvecht", people=7_000, years=2)
    later = [{**each, "from": 60} for each in EVERYTHING if each["kind"] != "raid"]
    learning = [{"kind": "systemic_working"}]
    scenarios = plans(town, [], later, learning, learning + RAIDS, later[:1])
    assert held(scenarios, seed=4, threads=2) < 5 * WEEKS


@pytest.mark.parametrize(
    ("worlds", "computed"), [(0, 4 * WEEKS), (1, 52 + 52 + WEEKS + 28 + 24 + 24), (2, 52 + 2 * (28 + 24 + 24))]
)
def test_where_there_is_no_room_for_a_world_scenarios_begin_again(monkeypatch, worlds, computed):
    base = Scenario(people=200, years=2)
    size = weight(own_tables(Simulation(base, 2, events=True).world).values())
    monkeypatch.setattr(branching, "ROOM", worlds * size)
    presence, mentoring = {"kind": "visible_presence", "from": 52}, {"kind": "mentoring", "from": 80}
    assert held(plans(base, [], [mentoring], [presence], [presence, mentoring]), seed=2) == computed


def test_plans_that_never_differ_are_one_run():
    base = Scenario(people=150, years=1)
    same = [{"kind": "visible_presence", "until": 52}, {"kind": "visible_presence"}]
    assert held(plans(base, *([each] for each in same)), seed=3) == 52


@pytest.mark.parametrize(("what", "weeks"), zip(sharing(), (7_800, 6_344, 2_184, 2_392), strict=True))
def test_a_study_computes_as_few_weeks_as_its_scenarios_leave(what, weeks):
    scenarios, most = sharing()[what]
    some, told = computed(scenarios)
    assert some == weeks
    assert most is None or some / told <= most
