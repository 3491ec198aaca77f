"""Lessons at school: who gives one, who is in class, and what it does."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.lessons import by_whom, give, learn, lessons, p_in_class
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import HOT_SPOT, LESSON, NOBODY, POLICE, WELFARE, YOUTH_WORK
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, lot, parameters, person, rows

P = parameters("lessons")


def a_year(share=1.0, **changes):
    """Return a world in which a year of lessons has been given, with the pull that everybody felt before."""
    world = Simulation(Scenario(people=200, years=1)).world
    world.people["school_bond"], world.people["pull"] = 1.0, 0.5
    for week in range(1, 53):
        lessons(executable(world), parameters("lessons", **changes), levers(awareness_lessons=share), 1, week)
    return world


def test_a_lesson_takes_away_by_what_the_teacher_knows_and_makes_curious():
    for awareness, way in ((1.0, -1), (0.0, 1)):
        pupil = person(14.0, pull=0.3)
        learn(pupil, awareness, P)
        assert np.sign(pupil.pull - 0.3) == way
        assert pupil.pull == pytest.approx(0.3 + P.curiosity * 0.7 - P.insight * awareness * 0.3)


def test_a_police_officer_or_youth_worker_with_a_desk_gives_it():
    who = {"id": [1, 2, 3, 4, 5], "organisation": [POLICE, YOUTH_WORK, WELFARE, POLICE, POLICE], "kind": [0, 0, 0, 0, HOT_SPOT]}
    team = rows("professional", 5, present=[1, 1, 1, 0, 1], **who)
    assert {by_whom(team, lot(), group) for group in range(50)} == {0, 1}
    assert by_whom(rows("professional", 5, present=0, **who), lot(), 1) == NOBODY


def test_training_gives_a_teacher_what_they_lack_and_a_lesson_takes_two_hours_for_a_class_of_25():
    world = Simulation(Scenario(people=60, years=1)).world
    pupil, teacher = world.people[:1], world.professionals[:1]
    pupil["pull"], teacher["awareness"], teacher["case_hours"] = 0.3, 0.5, 10.0
    every = executable(world)
    give(every, every.people[0], 0, every.professionals[0], 0.5, P, 1)
    assert pupil["pull"][0] == pytest.approx(0.3 + P.curiosity * 0.7 - P.insight * 0.75 * 0.3)
    assert 25 * (10.0 - teacher["case_hours"][0]) == pytest.approx(2.0, rel=1e-4) and world.tally["taught"][0] == 1


def test_a_lesson_takes_no_more_hours_than_there_are_and_is_noted():
    world = Simulation(Scenario(people=60, years=1), events=True).world
    world.professionals["case_hours"] = 0.01
    every = executable(world)
    give(every, every.people[0], 7, every.professionals[0], 0.5, P, 4)
    told, pupil, teacher = world.events[1 : int(world.events["who"][0]) + 1], world.people["id"][0], world.professionals["id"][0]
    assert told[["week", "kind", "who", "whom", "place"]].tolist() == [(4, LESSON, pupil, teacher, 7)]
    assert world.professionals["case_hours"][0] == 0.0


def test_somebody_who_is_hardly_bound_to_school_is_often_absent():
    absent, loose, bound = (p_in_class(person(14.0, school_bond=bond)) for bond in (0.0, 0.25, 0.6))
    assert (absent, loose, bound) == (0.0, 0.5, 1.0)


def test_every_class_has_one_lesson_a_year_and_nobody_else_hears_it():
    world = a_year()
    age = -world.people["born"] / 52
    pupils = (world.people["present"] == 1) & (age >= 12) & (age < 16)  # who turns 18 may leave before the lesson
    changed = world.people["pull"] != 0.5
    assert changed[pupils].all()
    assert not changed[(age < 10) | (age >= 18)].any()
    assert (a_year(share=0.0).people["pull"] == 0.5).all()


def test_without_what_it_teaches_and_without_curiosity_it_does_nothing():
    assert (a_year(insight=0.0, curiosity=0.0).people["pull"] == 0.5).all()
