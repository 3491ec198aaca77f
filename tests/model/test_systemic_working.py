"""Systemic working: one budget, divided by a policy that is asked every quarter of a year; the same world, the same decisions."""

import numpy as np
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Circumstance, Intervention, kinds
from kantelpunt.model.interventions.hot_spot_enforcement import HotSpotEnforcement
from kantelpunt.model.interventions.systemic_working import MENU, SystemicWorking
from kantelpunt.model.policies import Person, equal_parts
from kantelpunt.model.policies.seen import gathered
from kantelpunt.model.simulation import Simulation, digest
from tests.rules.examples import parameters

SMALL = {"people": 300, "years": 2}
TIMED = ("profile", "share_of", "runs", "cost")  # a kind with its own counts from a beginning


def scenario(**fields):
    """Return a small neighbourhood with systemic working."""
    return Scenario(**SMALL, interventions=[{"kind": "systemic_working", **fields}])


def lived(decider=None, **fields):
    """Return a simulation to its end."""
    simulation = Simulation(scenario(**fields), seed=2, policy=decider)
    simulation.advance(104)
    return simulation


def spent(simulation):
    """Return the euros that were spent, by quarter of a year."""
    return np.array(simulation.ledgers[0].spent).sum(axis=(1, 2))


def test_the_menu_is_all_that_costs_money_by_the_year_counts_from_no_beginning_and_is_not_known_to_harm():
    own = [kind for kind in kinds().values() if kind.__module__.startswith(Intervention.__module__)]
    steady = [kind for kind in own if all(getattr(kind, name) is getattr(Intervention, name) for name in TIMED)]
    priced = {
        kind for kind in steady if not issubclass(kind, Circumstance | SystemicWorking) and kind.EVIDENCE.standing != "may_harm"
    }
    assert {type(each) for each in MENU} == priced and len(MENU) == len(priced)


@pytest.mark.parametrize("policy", ["team", "equal_parts", "lot", "mentoring"])
def test_every_policy_spends_the_budget_and_lives_the_same_history_again(policy):
    first, again = lived(policy=policy), lived(policy=policy)
    assert digest(first.world) == digest(again.world)
    assert spent(first) == pytest.approx(np.full(8, scenario().cost() / 8))
    assert scenario(policy=policy).cost() == scenario().cost()


def test_the_same_decisions_are_the_same_history_whoever_takes_them():
    assert digest(lived(equal_parts).world) == digest(lived(policy="equal_parts").world)
    assert digest(lived(Person()).world) == simulate(Scenario(**SMALL), seed=2).digest


def test_a_person_decides_when_they_like_and_where():
    person = Person()
    simulation = Simulation(scenario(), seed=2, policy=person)
    simulation.advance(13)
    person.budget = {"hot_spot_enforcement": {"north-west": 4_000.0}}
    simulation.advance(13)
    hours = simulation.schedule["hotspot_hours"]
    assert (hours[:14] == 0.0).all() and (hours[14:27, 0] > 0.0).all() and (hours[:, 1:] == 0.0).all()
    assert person.seen.spent.shape[0] == 1 and len(person.seen.signs) == 0  # late
    with pytest.raises(ValueError, match="read-only"):
        person.seen.spent[0] = 1.0


def test_a_dose_is_what_its_money_buys():
    programme = HotSpotEnforcement()
    full = programme.euros_per_year(Scenario(**SMALL).residents) / 4  # for a quarter of a year
    simulation = lived(Person({programme.kind: full / 2}))
    assert simulation.schedule["hotspot_hours"][1:] == pytest.approx(programme.hours / 2)


def test_what_takes_time_to_build_up_goes_on_building_up():
    simulation = lived(Person({"mentoring": 4_000.0}))
    places = simulation.schedule["mentor_places"][1:, 0]
    assert np.diff(places[:26]) == pytest.approx(places[0])  # its ramp is half a year
    assert np.ptp(places[26:]) == 0.0


def test_somebody_who_watches_week_by_week_sees_the_same_history():
    watched = Simulation(scenario(), seed=2)
    for weeks in (1, 12, 3, 40, 13, 26, 100):
        watched.advance(weeks)
    assert digest(watched.world) == digest(lived().world)


def test_nothing_moves_before_it_begins_or_after_it_ends():
    simulation = lived(**{"from": 20, "until": 80, "policy": "hot_spot_enforcement"})
    hours = simulation.schedule["hotspot_hours"][:, 0]
    assert (hours[:21] == 0.0).all() and (hours[81:] == 0.0).all() and (hours[21:81] > 0.0).all()
    assert spent(simulation).sum() == pytest.approx(scenario(**{"from": 20, "until": 80}).cost())


def test_a_policy_that_cannot_see_since_the_log_is_full_is_refused():
    simulation = Simulation(Scenario(people=50, years=1, interventions={"systemic_working": 1.0}))
    p = parameters("observation")
    gathered(simulation.world, p, 1, 13)
    simulation.world.events["who"][0] = simulation.world.events.size + 6  # counted and not kept
    with pytest.raises(InputError) as error:
        gathered(simulation.world, p, 1, 13)
    assert (error.value.code, error.value.value, error.value.place) == ("policy.blind", 7, "policy")
    assert error.value.facts == {"week": 13}


def test_a_policy_without_a_budget_is_refused():
    with pytest.raises(InputError) as error:
        simulate(Scenario(**SMALL), policy=equal_parts)
    assert error.value.code == "policy.no_money"


def test_a_policy_that_is_not_there_is_refused():
    with pytest.raises(InputError) as error:
        scenario(policy="mentorring")
    assert (error.value.code, error.value.near) == ("policy.unknown", "mentoring")
