"""The same question gets the same answer, whoever watches, however many run at once, whatever is not done."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kantelpunt.experiments.running import invariance
from kantelpunt.experiments.running.invariance import shuffle
from kantelpunt.experiments.running.jobs import Job
from kantelpunt.model import Scenario, simulate
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.simulation import Simulation, digest
from tests.contracts.steps import EAGER
from tests.worlds.twins import begun, log

SEEDS = range(1, 7)


def test_the_same_seed_gives_the_same_world(busy):
    first, second = simulate(busy, seed=5), simulate(busy, seed=5)
    assert first.digest == second.digest
    assert first.weeks.equals(second.weeks)


def test_other_seeds_give_other_people_and_other_histories(tiny):
    runs = [simulate(tiny, seed=seed) for seed in (0, 1, 2, 2**62, 2**63 - 1)]
    assert len({run.digest for run in runs}) == len(runs)
    everybody = np.concatenate([run.world.people["id"][run.world.people["present"] == 1] for run in runs])
    assert np.unique(everybody).size == everybody.size
    assert len({run.weeks.drop(columns="people").to_numpy().tobytes() for run in runs}) == len(runs)


def test_a_digest_sees_one_bit(tiny):
    run = simulate(tiny, seed=5)
    before = digest(run.world)
    row = np.flatnonzero(run.world.people["present"] == 1)[-1]
    run.world.people["fear"][row] = np.nextafter(run.world.people["fear"][row], 2.0)
    assert digest(run.world) != before


def test_all_that_is_not_done_changes_nothing(tiny):
    nothing = tiny.changed(interventions=[{"kind": kind, "intensity": 0.0} for kind in catalogue()])
    one, other = begun(tiny, 7), begun(nothing, 7)
    for simulation in (one, other):
        simulation.advance(52)
    assert digest(one.world) == digest(other.world)
    assert log(one) == log(other)


def test_a_programme_changes_nothing_before_it_begins(busy, tiny):
    late = [{**each.table(), "from": 30, "until": 52} for each in busy.interventions]
    one, other = begun(tiny, 7), begun(tiny.changed(interventions=late), 7)
    for simulation in (one, other):
        simulation.advance(30)
    assert digest(one.world) == digest(other.world)
    for simulation in (one, other):
        simulation.advance(3)
    assert digest(one.world) != digest(other.world)


@pytest.mark.parametrize("threads", [2, 3])
def test_runs_at_once_are_runs_one_by_one(busy, threads):
    alone = [simulate(busy, seed=seed).digest for seed in SEEDS]
    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(lambda seed: simulate(busy, seed=seed).digest, SEEDS))
    assert together == alone
    assert len(set(alone)) == len(alone)


def test_a_log_changes_nothing(busy):
    assert simulate(busy, seed=3, events=True).digest == simulate(busy, seed=3, events=False).digest


def test_a_log_that_is_full_changes_nothing(busy):
    busy = busy.changed(interventions=[each for each in busy.interventions if each.kind != "systemic_working"])  # that reads it
    simulation = Simulation(busy, seed=3, events=True)
    simulation.world = simulation.world._replace(events=simulation.world.events[:50])
    simulation.advance(52)
    assert simulation.world.events["who"][0] > 50
    assert digest(simulation.world) == simulate(busy, seed=3).digest


def test_a_policy_that_would_not_see_all_that_is_in_the_log_is_refused(busy):
    simulation = Simulation(busy, seed=3)
    simulation.world = simulation.world._replace(events=simulation.world.events[:50])
    with pytest.raises(InputError, match="the event log is full"):
        simulation.advance(52)


def test_watching_week_by_week_changes_nothing(busy):
    watched = Simulation(busy, seed=3)
    for week in range(1, busy.weeks + 1):
        watched.advance()
        assert watched.week == week
        assert watched.row(week)["people"] == np.count_nonzero(watched.world.people["present"])
        digest(watched.world)
    assert digest(watched.world) == simulate(busy, seed=3).digest


def test_nobody_can_live_past_the_horizon(tiny):
    simulation = Simulation(tiny, seed=3)
    simulation.advance(1_000)
    assert simulation.week == tiny.weeks
    assert digest(simulation.world) == simulate(tiny, seed=3).digest


def test_one_world_does_not_touch_the_next(tiny, busy):
    alone = simulate(tiny, seed=9).digest
    one = Simulation(tiny, seed=9)
    other = Simulation(tiny.changed(interventions=busy.interventions), seed=9)  # the same people, from the same store
    for _ in range(tiny.weeks):
        other.advance()
        one.advance()
    assert digest(one.world) == alone


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_are_only_rows(busy, seed):
    scenario = busy.changed(parameters=EAGER)
    one, other = begun(scenario, seed), begun(scenario, seed)
    for week in (1, 25, 26):
        shuffle(other.world, week)
        assert not np.array_equal(one.world.people["id"], other.world.people["id"])
        assert digest(one.world) == digest(other.world)
        one.advance(week)
        other.advance(week)
    assert one.week == 52
    assert digest(one.world) == digest(other.world)
    assert log(one) == log(other)


def test_an_audit_notices_a_row_that_counts(busy, monkeypatch):
    job = Job("run", "busy", busy.changed(parameters=EAGER), 0, 0, 3)
    history = simulate(job.scenario, job.seed).world.history
    assert np.array_equal(invariance.shuffled(job), history) and np.array_equal(invariance.watched(job), history)
    monkeypatch.setattr(invariance, "follow", lambda pointers, rows: None)  # friends and cases stay with a row, not with a person
    assert not np.array_equal(invariance.shuffled(job), history)


def test_somebody_who_watches_asks_for_all_that_happens_and_looks_every_week(tiny, monkeypatch):
    asked, looked = [], []

    class Watched(Simulation):
        def __init__(self, *given, **options):
            asked.append(options)
            super().__init__(*given, **options)

        def row(self, week):
            looked.append(week)
            return super().row(week)

    monkeypatch.setattr(invariance, "Simulation", Watched)
    invariance.watched(Job("run", "tiny", tiny, 0, 0, 3))
    assert (asked, looked) == ([{"events": True}], list(range(1, tiny.weeks + 1)))


def test_what_a_scenario_names_first_does_not_matter(busy):
    around = busy.changed(interventions=busy.interventions[::-1], parameters=dict(reversed(EAGER.items())))
    assert simulate(around, seed=3).digest == simulate(busy.changed(parameters=EAGER), seed=3).digest


def test_an_area_by_name_is_an_area_by_code():
    by_name = Scenario(area="Stokhasselt", people=200, years=1)
    by_code = by_name.changed(area=by_name.resolved_area().code)
    assert by_code.area != by_name.area
    assert simulate(by_name, seed=1).digest == simulate(by_code, seed=1).digest
