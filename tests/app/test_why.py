"""Why: the odds are those of the rule, and each factor is what the rule makes of one circumstance."""

import numpy as np
import pytest

from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NONE, RUNNER, TIED_IN
from kantelpunt.viz.app.learn.lives import why
from kantelpunt.viz.app.learn.paired_worlds import ObservedWorld
from kantelpunt.viz.text import LANGUAGES, Text


@pytest.fixture(scope="module")
def world() -> ObservedWorld:
    """Give a world after some weeks."""
    from kantelpunt.viz.app.learn.lessons import lessons

    made = ObservedWorld(lessons()["raid"].scenarios[0], 2)
    made.advance(4)
    return made


def somebody(world: ObservedWorld, **fields: object) -> int:
    """Return a youth who is free and a man of fourteen, with these fields as given."""
    people, week = world.simulation.world.people, world.simulation.week
    row = np.flatnonzero((people["present"] == 1) & (people["detained_until"] <= week))[0]
    people["born"][row], people["male"][row], people["left_week"][row] = week - 14 * 52 - 26, 1, people["left_week"].min()
    usual = {"school_bond": 1.0, "convictions": 0, "debt": 0.0, "propensity": 1.0, "pull": 0.5, "prospects": 0.5}
    for name, value in {**usual, "exposure": 0.2, **fields}.items():
        people[name][row] = value
    return int(people["id"][row])


def test_debts_make_an_offer_harder_to_refuse_and_the_factor_is_that_of_the_rule(world: ObservedWorld) -> None:
    without = why.odds(world, somebody(world, stage=EXPOSED))
    found = why.odds(world, somebody(world, stage=EXPOSED, debt=0.9))
    assert found and without and found.step == "offer"
    factor = next(each for each in found.factors if each.name == "debt")
    assert factor.times == pytest.approx(found.chance / without.chance) and factor.times > 1.0
    assert "debt" not in [each.name for each in without.factors]


def test_somebody_who_has_no_company_has_no_chance_and_somebody_who_is_tied_in_has_no_step_left(world: ObservedWorld) -> None:
    alone = why.odds(world, somebody(world, stage=NONE, exposure=0.0))
    assert alone and (alone.step, alone.chance) == ("edge", 0.0)
    assert why.odds(world, somebody(world, stage=TIED_IN)) is None and why.odds(world, 10**9) is None


@pytest.mark.parametrize("stage", [NONE, EXPOSED, FAVOURS, RUNNER])
def test_every_stage_below_the_last_has_its_step(world: ObservedWorld, stage: int) -> None:
    found = why.odds(world, somebody(world, stage=stage, crew=0, stage_since=world.simulation.week - 52))
    assert found and found.step == why.STEPS[stage] and 0.0 <= found.chance <= 1.0
    assert stage != FAVOURS or found.chance > 0.0


def test_factors_are_told_from_the_strongest_and_no_more_than_there_is_room_for() -> None:
    some = [why.Factor(name, times) for name, times in zip("abcdef", (1.0, 0.25, 3.0, 1.05, 1.5, 0.5), strict=True)]
    assert [each.name for each in why.told(some)] == ["b", "c", "f", "e"]
    assert why.in_a_year(0.0) == 0.0 and why.in_a_year(2.0) == 1.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_circumstance_has_its_words(language: str) -> None:
    t = Text(language)
    for name in (*why.USUAL, "age", "adult", "home", "place"):
        assert t(f"why.of_{name}")
    for step in why.STEPS.values():
        assert t(f"why.{step}", chance="")
