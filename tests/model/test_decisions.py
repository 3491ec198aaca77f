"""Decisions as methods: a class of one's own may accept, report, go and offer otherwise; equal answers, equal run."""

import copy
import threading

import numpy as np
import pytest

from kantelpunt.model.errors import InputError
from kantelpunt.model.mesa_model.agents import Person, Professional, Recruiter, Resident, Youth
from kantelpunt.model.mesa_model.decisions import DECISIONS, Deciding
from kantelpunt.model.mesa_model.neighbourhood import Neighbourhood
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import digest, simulate
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, TIED_IN

PEOPLE = (Resident, Youth, Recruiter)
EAGER = {"recruitment.base": 0.8, "recruitment.network": 0.6, "recruitment.exposing": 1.0, "reporting.notice": 0.012}
LIVELY = Scenario(area="overvecht", people=600, years=1, parameters=EAGER)


def classes(**methods) -> dict:
    """Return for each kind of people a class with these methods."""
    return {kind: type(f"Own{kind.__name__}", (kind,), methods) for kind in PEOPLE}


def lived(agents, seed: int = 2, scenario: Scenario = LIVELY, **keys) -> Neighbourhood:
    """Return a neighbourhood with these agents at its horizon."""
    model = Neighbourhood(scenario, seed=seed, agents=agents, **keys)
    model.run_model()
    return model


def total(model: Neighbourhood, outcome: str) -> float:
    """Return an outcome, summed over all weeks."""
    return model.datacollector.get_model_vars_dataframe()[outcome].sum()


@pytest.fixture(scope="module")
def ruled():
    return simulate(LIVELY, seed=2)


@pytest.mark.parametrize("name", DECISIONS)
def test_super_keeps_the_run_and_is_told_who_decides_about_what(name, ruled):
    asked = []

    def own(self, about, probability, draw):
        asked.append((self, about, probability, draw))
        return getattr(Deciding, name)(self, about, probability, draw)

    model = lived(classes(**{name: own}))
    assert digest(model.simulation.world) == ruled.digest
    assert asked
    for who, about, probability, draw in asked:
        assert isinstance(who, Person) and 0.0 <= probability <= 1.0 and 0.0 <= draw < 1.0
        assert isinstance(about, Person) if name in ("accepts", "offers_to") else isinstance(about, int)
        assert about is not who
    assert len({draw for *_, draw in asked}) == len(asked), "each is asked once, by a draw of its own"


def test_all_decisions_at_once_keep_the_run_and_its_copy(ruled):
    def same(name):
        return lambda self, about, probability, draw: getattr(Deciding, name)(self, about, probability, draw)

    model = Neighbourhood(LIVELY, seed=2, agents=classes(**{name: same(name) for name in DECISIONS}))
    for _ in range(10):
        model.step()
    twin = copy.deepcopy(model)
    for each in (model, twin):
        each.run_model()
        assert digest(each.simulation.world) == ruled.digest
    assert not model.simulation.world.tile_index["asks"].any(), "no address outlives its week"


def test_who_never_accepts_is_never_recruited(ruled):
    offered, recruited = [], ruled.weeks["recruited"].sum()
    assert recruited > 0

    def accepts(self, recruiter, probability, draw):
        offered.append((self.stage, recruiter.stage, self.unique_id, recruiter.unique_id))
        return False

    model = lived(classes(accepts=accepts))
    assert total(model, "offers") == len(offered) > 0
    assert {stage for stage, *_ in offered} == {EXPOSED}
    assert min(stage for _, stage, *_ in offered) >= FAVOURS
    assert sum(total(model, f"recruited_{how}") for how in ("by_friends", "by_kin", "by_place", "by_school", "online")) == 0


def test_who_always_accepts_does_so_at_every_offer():
    model = lived(classes(accepts=lambda self, recruiter, probability, draw: True))
    ways = sum(total(model, f"recruited_{how}") for how in ("by_friends", "by_kin", "by_place", "by_school", "online"))
    assert ways == total(model, "offers") > 0


def test_only_those_of_the_class_decide_otherwise(ruled):
    class Stubborn(Youth):
        def accepts(self, recruiter, probability, draw):
            assert type(self) is Stubborn
            return False

    model = lived({Youth: Stubborn})
    assert 0 == total(model, "recruited") < ruled.weeks["recruited"].sum(), "an outcome of youths"
    assert total(model, "offers") > 0


def test_who_never_goes_out_stays_at_home_and_who_always_goes_is_out():
    for goes in (False, True):
        model = lived(classes(goes_to=lambda self, place, probability, draw, goes=goes: goes))
        world = model.simulation.world
        people = world.people[world.people["present"] == 1]
        grown = people[model.simulation.week - people["born"] >= 8 * 52 + 1]
        free = grown[grown["detained_until"] <= model.simulation.week]
        assert set(free["in_public"].tolist()) == {int(goes)}
        assert goes or (free["place"] == free["home"]).all()


def test_one_goes_to_the_place_that_one_was_asked_about():
    gone = {}

    def goes_to(self, place, probability, draw):
        gone[self.unique_id] = place
        return self.unique_id % 2 == 0

    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=goes_to))
    model.step()
    people = model.simulation.world.people
    out = [person for person in people[people["present"] == 1] if person["in_public"]]
    assert out and all(person["id"] % 2 == 0 and person["place"] == gone[person["id"]] for person in out)


def test_who_never_reports_to_a_desk_tells_a_worker_at_most():
    silent, loud = (lived(classes(reports=lambda self, place, probability, draw, says=says: says)) for says in (False, True))
    assert total(silent, "reports") == total(silent, "confided")
    assert total(loud, "reports") > total(silent, "reports")


def test_without_offers_nobody_is_recruited_and_with_all_of_them_everybody_in_reach_is_asked(ruled):
    assert total(lived(classes(offers_to=lambda *asked: False)), "offers") == 0
    reached = set()

    def offers_to(self, other, probability, draw):
        assert FAVOURS <= self.stage <= TIED_IN
        reached.add((self.model.simulation.week, other.unique_id))
        return True

    model = lived(classes(offers_to=offers_to))
    assert total(model, "offers") == len(reached) > ruled.weeks["offers"].sum()


def test_an_agent_reads_and_writes_the_week_as_it_is():
    def goes_to(self, place, probability, draw):
        self.fear = 1.0
        return draw < probability

    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=goes_to))
    before = model.datacollector.get_model_vars_dataframe()["fear"].iloc[-1]
    model.step()
    assert model.datacollector.get_model_vars_dataframe()["fear"].iloc[-1] > before


def test_newcomers_of_the_week_are_asked_too():
    asked = set()

    def goes_to(self, place, probability, draw):
        asked.add(self.unique_id)
        return draw < probability

    restless = LIVELY.changed(parameters={"demography.restless": 3.2})
    model = Neighbourhood(restless, seed=2, agents=classes(goes_to=goes_to))
    first = {agent.unique_id for agent in model.agents}
    model.run_model()
    grown = {agent.unique_id for agent in model.agents if isinstance(agent, Person) and agent.age >= 9 and not agent.detained}
    assert grown <= asked
    assert asked - first, "somebody came"
    assert digest(model.simulation.world) == simulate(restless, seed=2).digest


@pytest.mark.parametrize("answer", [None, 1, "yes", np.nan])
def test_an_answer_that_is_neither_yes_nor_no_is_refused(answer):
    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=lambda *asked: answer))
    with pytest.raises(InputError) as error:
        model.step()
    assert error.value.code == "agents.undecided" and error.value.place.endswith(".goes_to")
    assert not model.simulation.world.tile_index["asks"].any()


def test_what_a_method_raises_is_raised():
    def goes_to(self, place, probability, draw):
        raise ZeroDivisionError("by nobody")

    with pytest.raises(ZeroDivisionError, match="by nobody"):
        Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=goes_to)).step()


def test_worlds_with_other_classes_and_other_interventions_share_their_luck():
    drawn = []
    for scenario, share in ((LIVELY, 1.0), (LIVELY, 0.3), (LIVELY.changed(interventions={"visible_presence": 1.0}), 1.0)):
        luck = {}

        def goes_to(self, place, probability, draw, luck=luck, share=share):
            luck[self.unique_id, self.model.steps] = draw
            return draw < share * probability

        lived(classes(goes_to=goes_to), scenario=scenario)
        drawn.append(luck)
    for luck in drawn[1:]:
        both = drawn[0].keys() & luck.keys()
        assert len(both) > 0.9 * len(luck) and all(luck[each] == drawn[0][each] for each in both)


def test_after_a_failure_a_model_goes_no_further():
    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=lambda *asked: None))
    for code in ("agents.undecided", "model.failed", "model.failed"):
        with pytest.raises(InputError) as error:
            model.step()
        assert (error.value.code, model.steps) == (code, 1)
    with pytest.raises(InputError, match="make the model again"):
        copy.deepcopy(model).step()


@pytest.mark.parametrize("does", ["step", "run_model"])
def test_a_week_within_a_week_is_refused(does):
    def goes_to(self, place, probability, draw):
        getattr(self.model, does)()
        return True

    again = {"agents": classes(goes_to=goes_to)}
    for own in (again, *({hook: lambda model: getattr(model, does)()} for hook in ("before_week", "after_week"))):
        model = Neighbourhood(LIVELY, seed=2, **own)
        with pytest.raises(InputError) as error:
            model.step()
        assert error.value.code == "model.stepping" and model.simulation.week <= 1


def test_two_threads_let_one_model_live_week_after_week(ruled):
    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=Deciding.goes_to, reports=lambda *asked: asked[3] < asked[2]))
    threads = [threading.Thread(target=model.run_model) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert model.steps == LIVELY.weeks and digest(model.simulation.world) == ruled.digest


def test_in_a_week_under_way_people_are_what_its_rules_see():
    seen, restless = [], LIVELY.changed(years=2, parameters={**EAGER, "demography.restless": 3.2})

    def goes_to(self, place, probability, draw):
        model, near = self.model, [*self.household_members, *self.kin[:2], *self.friends]
        seen.append((self.age, self.detained, type(self), model.steps - model.simulation.week))
        assert all(each is not None and each.present for each in near)
        return draw < probability

    for hooks in ({}, {"before_week": repr}):
        lived(classes(goes_to=goes_to), scenario=restless, **hooks)
    ages, detained, kinds, ahead = zip(*seen, strict=True)
    assert min(ages) == 8 and not any(detained), "who is asked is eight or over, and free"
    assert set(ahead) == {1}, "the week under way, with hooks or without"
    young = {kind.__name__ for age, kind in zip(ages, kinds, strict=True) if age < 24}
    assert young == {"OwnYouth"} or young == {"OwnYouth", "OwnRecruiter"}
    assert "OwnYouth" not in {kind.__name__ for age, kind in zip(ages, kinds, strict=True) if age >= 24}


def test_a_cell_shows_who_is_there_so_far_this_week():
    met = []

    def reports(self, place, probability, draw):
        met.append(self in self.cell.agents)
        return draw < probability

    lived(classes(reports=reports))
    assert met and all(met)


def test_a_town_of_several_tiles_is_asked_by_one_thread():
    towns, threads = [], set()

    def goes_to(self, place, probability, draw):
        threads.add(threading.get_ident())
        assert self.household_members is not None
        return draw < probability

    town = Scenario(area="contrast", people=7_000, years=1)
    for agents in (classes(goes_to=goes_to), {}):
        model = Neighbourhood(town, seed=1, agents=agents, threads=2)
        model.step()
        towns.append(digest(model.simulation.world))
    assert towns[0] == towns[1] and len(threads) == 1


def refusal(own: type) -> str:
    """Return the code of the error that a class of youths gives."""
    with pytest.raises(InputError) as error:
        Neighbourhood(people=100, agents={Youth: own})
    return error.value.code


def test_a_mixin_goes_before_the_kind():
    class Never:
        def accepts(self, recruiter, probability, draw):
            return False

    assert refusal(type("Own", (Youth, Never), {})) == "agents.behind"
    assert total(lived({kind: type("Own", (Never, kind), {}) for kind in PEOPLE}), "recruited") == 0


@pytest.mark.parametrize("method", [True, None, property(repr), lambda self, recruiter: True, lambda self, about, *, draw: True])
def test_what_a_rule_cannot_ask_is_refused(method):
    assert refusal(type("Own", (Youth,), {"accepts": method})) == "agents.unaskable"


@pytest.mark.parametrize("slip", ["accept", "acepts", "report", "offer_to", "go_to"])
def test_a_method_with_almost_the_name_of_a_decision_is_refused(slip):
    assert refusal(type("Own", (Youth,), {slip: lambda *asked: True})) == "agents.almost"
    assert Neighbourhood(people=100, years=1, agents={Youth: type("Own", (Youth,), {slip: 0, "greets": repr})})


def test_one_agent_has_no_decision_of_its_own():
    youth = next(iter(Neighbourhood(people=100, years=1).agents_by_type[Youth]))
    with pytest.raises(AttributeError, match="a class of your own in agents"):
        youth.accepts = lambda recruiter, probability, draw: False


@pytest.mark.parametrize("name", DECISIONS)
def test_professionals_have_no_such_decisions(name):
    with pytest.raises(InputError) as error:
        Neighbourhood(people=100, agents={Professional: type("Own", (Professional,), {name: lambda *asked: True})})
    assert error.value.code == "agents.idle"


def test_a_simulation_does_not_advance_while_it_advances():
    def goes_to(self, place, probability, draw):
        self.model.simulation.advance(1)
        return True

    model = Neighbourhood(LIVELY, seed=2, agents=classes(goes_to=goes_to))
    with pytest.raises(InputError) as error:
        model.step()
    assert (error.value.code, error.value.place, model.simulation.week) == ("model.stepping", "advance", 1)
