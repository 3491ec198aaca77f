"""A copy or a pickle of a neighbourhood goes on as the same world, with all that a class of one's own added."""

import copy
import pickle

import mesa
import pytest
from mesa.datacollection import DataCollector

from kantelpunt.model.errors import InputError
from kantelpunt.model.mesa_model.agents import Person, Youth
from kantelpunt.model.mesa_model.neighbourhood import Neighbourhood
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import digest, simulate
from tests.model.small_neighbourhood import SMALL, small, world_of

WAYS = {"copy": copy.deepcopy, "pickle": lambda model: pickle.loads(pickle.dumps(model))}


class Tired(Youth):
    """A youth who goes out less the more often this one did, and by luck of Mesa's."""

    nights = 0

    def goes_to(self, place, probability, draw):
        self.nights += 1
        return self.random.random() < probability * 0.97**self.nights


class Visitor(mesa.Agent):
    """Somebody of one's own."""


class Noted(Neighbourhood):
    """A neighbourhood with arguments, a favourite and a data collector of its own."""

    def __init__(self, dose):
        super().__init__(**SMALL, seed=1)
        self.dose, self.favourite = dose, next(iter(self.agents_by_type[Youth]))
        self.favourite.best = self.favourite.friends[:2]
        self.datacollector = DataCollector(model_reporters={"n": count}, agent_reporters={"where": where})

    def step(self):
        super().step()
        if self.favourite.present:
            self.favourite.fear = self.dose
        self.datacollector.collect(self)


def count(model):
    return len(model.agents)


def where(agent):
    return agent.pos


def finished(model: Neighbourhood) -> str:
    """Return the digest at the horizon."""
    model.run_model()
    return digest(world_of(model))


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_goes_on_as_the_same_world(way):
    model = small(weeks=20)
    next(iter(model.agents_by_type[Youth])).fear = 0.125
    other = WAYS[way](model)
    assert (other.steps, other.time, other.seed, other.scenario) == (20, 20.0, 1, model.scenario)
    assert next(iter(other.agents_by_type[Youth])).fear == 0.125
    assert finished(other) == finished(model) != simulate(Scenario(**SMALL), seed=1).digest


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_keeps_what_agents_remember_and_the_luck_of_mesa(way):
    model = small(agents={Youth: Tired}, weeks=20)
    visitor = Visitor(model)
    visitor.knows = next(iter(model.agents_by_type[Tired]))
    other = WAYS[way](model)
    (guest,) = other.agents_by_type[Visitor]
    assert guest.unique_id == visitor.unique_id and guest.knows.unique_id == visitor.knows.unique_id
    assert guest.knows in other.agents and guest.knows not in model.agents
    nights = [{youth.unique_id: youth.nights for youth in each.agents_by_type[Tired]} for each in (model, other)]
    assert nights[0] == nights[1] and max(nights[0].values()) == 20
    assert finished(other) == finished(model)
    assert model.random.random() == other.random.random() and model.rng.random() == other.rng.random()


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_of_a_class_of_ones_own_is_of_that_class(way):
    model = Noted(dose=0.75)
    for _ in range(5):
        model.step()
    other = WAYS[way](model)
    assert type(other) is Noted and other.dose == 0.75
    assert other.favourite in other.agents and other.favourite.unique_id == model.favourite.unique_id
    assert [each.unique_id for each in other.favourite.best] == [each.unique_id for each in model.favourite.best]
    assert other.datacollector.model_vars == model.datacollector.model_vars
    other.step()
    assert len(other.datacollector.model_vars["n"]) == 6 == len(model.datacollector.model_vars["n"]) + 1
    assert finished(other) == finished(model)


def test_a_copy_knows_who_left():
    model = small()
    model.everybody = list(model.agents)
    for _ in range(30):
        model.step()
    other = copy.deepcopy(model)
    here = [each.unique_id for each in model.everybody if each.present]
    assert len(here) < len(model.everybody)
    assert [each.unique_id for each in other.everybody if each.present] == here
    assert [each.unique_id for each in other.everybody] == [each.unique_id for each in model.everybody]


def test_a_copy_is_made_between_weeks():
    kept = []

    def goes_to(self, place, probability, draw):
        kept.append(copy.deepcopy(self.model))
        return True

    model = small(agents={Youth: type("Own", (Youth,), {"goes_to": goes_to})})
    with pytest.raises(InputError) as error:
        model.step()
    assert error.value.code == "model.copied_within_week" and not kept
    model = small(after_week=lambda model: kept.append(copy.deepcopy(model)))
    model.step()
    assert digest(world_of(kept[0])) == digest(world_of(model))
    assert all(isinstance(person, Person) for person in copy.deepcopy(list(model.agents)[:3]))
