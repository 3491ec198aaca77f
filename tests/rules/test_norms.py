"""Norms: worked examples."""

import itertools

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.encounters import OF_RELATIVES
from kantelpunt.model.rules.norms import (
    AVOIDS,
    HOME_BROTHER,
    HOME_OPEN,
    PACE,
    SCARE,
    SCHOOL_LOOSE,
    after_dialogue,
    freely,
    gather_pupils,
    home_target,
    learn_at_home,
    learn_from_talk,
    looks_out,
    norms,
    p_pays,
    punish_talk,
    school_target,
    see,
    street_target,
    teach,
    tell_of_dialogue,
    trust_of_parents,
)
from kantelpunt.model.shared.events import happened
from kantelpunt.model.shared.sight import EARSHOT, p_seen
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    AT_HOME,
    AT_SCHOOL,
    DIALOGUE,
    FAVOURS,
    GOOD,
    NOBODY,
    NONE,
    ON_STREET,
    SANCTION,
    TOLD_PAID,
    WAITING,
)
from kantelpunt.model.state.fields import unfixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, born, levers, lot_where, one, parameters, person, rows

P = parameters("norms")
HERE, SCHOOL = 40, 41  # places


def talked(sanction=8.0, safe=0.0, week=TODAY, friend=False, ages=None, seen=0.9, norm=0.0, indoors=False, rule=punish_talk):
    """Return a world in which one adult had a good contact in a square, with twenty others there; and these, that one first.

    With ages, that adult is so old, and so are the others; indoors, these live at the square and look out, and are elsewhere.
    """
    world = Simulation(Scenario(people=100, years=1), events=True).world
    people, square = world.people, int(world.public[0, 0])
    adults = np.flatnonzero((people["present"] == 1) & (people["born"] < -20 * 52))[:21]
    people["norm_enemy"], people["trust_institutions"], people["fear"], people["conformity"] = 0.0, 0.5, 0.0, 1.0
    people["place"] = people["home"]
    people["place"][adults] = square
    people["norm_enemy"][adults[0]], people["norm_enemy"][adults[1:]] = norm, 0.8
    people["contact"][adults[0]] = GOOD
    world.friends["row"][adults[0]] = NOBODY
    if friend:
        world.friends["row"][adults[0], 0], world.friends["id"][adults[0], 0] = adults[1], people["id"][adults[1]]
    world.outgoing[: adults.size] = adults
    world.tile_index["outgoing"] = adults.size
    if ages is not None:
        people["born"][adults] = [week - round(52 * age) for age in (ages[0], *[ages[1]] * 20)]
    if indoors:
        people["home"][adults[1:]], people["place"][adults[1:]] = square, world.used[-1]
    p = parameters("norms", seen=seen, sanction=sanction)
    rule(executable(world), p, levers(safe_places=safe), 1, week)
    return world, adults


def test_somebody_who_is_seen_to_talk_pays_where_the_norm_is_held():
    assert p_pays(0, P) == 0.0
    assert p_pays(1, P) == pytest.approx(P.sanction / 1000)
    assert 0.02 < p_pays(60, P) < 0.06  # where sixty hold it within sight, few pay
    assert p_pays(1000, parameters("norms", sanction=0.0)) == 0.0


def test_one_learns_what_fits_what_one_thinks():
    trusting, distrusting = (person(norm_enemy=0.5, trust_institutions=trust, conformity=0.2) for trust in (0.9, 0.1))
    for who in (trusting, distrusting):
        learn_from_talk(who, 1, 0, P)
    assert 1.0 - trusting.norm_enemy == pytest.approx(0.5 * (1.0 - 0.2 * P.enemy_pace * 0.1) ** P.example)
    assert 1.0 - distrusting.norm_enemy == pytest.approx(0.5 * (1.0 - 0.2 * P.enemy_pace * 0.9) ** P.example)
    for who in (trusting, distrusting):
        who.norm_enemy = 0.5
        learn_from_talk(who, 0, 1, P)
    assert trusting.norm_enemy == pytest.approx(0.5 - P.enemy_pace * 0.9 * 0.5)
    assert distrusting.norm_enemy == pytest.approx(0.5 - P.enemy_pace * 0.1 * 0.5)


@pytest.mark.parametrize(("punished", "unpunished"), [(3, 0), (0, 3), (0, 40), (40, 0)])
def test_each_time_teaches(punished, unpunished):
    at_once, by_turns = (person(norm_enemy=0.5, trust_institutions=0.4, conformity=0.5) for _ in range(2))
    learn_from_talk(at_once, punished, unpunished, P)
    for _ in range(punished + unpunished):
        learn_from_talk(by_turns, min(punished, 1), min(unpunished, 1), P)
    assert at_once.norm_enemy == pytest.approx(by_turns.norm_enemy)
    assert 0.0 <= at_once.norm_enemy <= 1.0


def test_a_sanction_is_known_of_farther_than_talk_is_seen():
    for week in range(1, 200):
        world, adults = talked(week=week)
        if world.tally["sanctions"][0]:
            break
    people, width = world.people, int(world.tile_index["width"][0])
    square = int(people["place"][adults[0]])
    away = np.maximum(abs(people["home"] // width - square // width), abs(people["home"] % width - square % width))
    old = (people["present"] == 1) & (people["born"] < -20 * 52) & ~np.isin(np.arange(people.size), adults)
    learned = people["norm_enemy"] > 0.0
    assert (learned[old] == (away[old] <= EARSHOT)).all()
    assert not world.sights["talk"].any() and not world.sights["punished"].any()


def test_somebody_who_looks_out_of_a_window_sees_what_others_at_home_do_not():
    world = Simulation(Scenario(people=300, years=1), events=False).world
    compiled, people = executable(world), world.people
    out, home = np.flatnonzero(people["present"] == 1)[:2]
    square = int(world.public[0, 0])
    people["place"][out], people["place"][home] = square, people["home"][home]
    for name in ("talk", "own"):
        world.sights[name][people["home"][[out, home]]] = 2
        world.sights[name][square] = 1
    for looks, wanted in ((True, [2, 2]), (False, [1, 0])):
        dice = lot_where(lambda dice, looks=looks: all(looks_out(compiled.people[row], dice) == looks for row in (out, home)))
        assert [see(compiled, row, dice, P)[1] for row in (out, home)] == wanted


def test_talk_that_goes_unpunished_loosens_the_norm_of_somebody_who_sees_it():
    told = [talked(sanction=0.0, week=week) for week in range(1, 7)]
    seen = [(world, adults) for world, adults in told if world.tally["talk_seen"][0]]
    assert seen
    for world, adults in seen:
        left = (1.0 - P.enemy_pace * 0.5) ** P.others  # who talked does not hold the norm
        assert world.people["norm_enemy"][adults[1:]] == pytest.approx(0.8 * left)
        assert world.people["fear"][adults[0]] == 0.0


def test_one_learns_more_from_one_of_ones_own_who_goes_free():
    learned = {}
    for norm in (0.3, 0.7):
        worlds = [talked(sanction=0.0, week=week, norm=norm) for week in range(1, 7)]
        learned[norm] = min(world.people["norm_enemy"][adults[1:]].max() for world, adults in worlds)
    assert learned[0.7] == pytest.approx(0.8 * (1.0 - P.enemy_pace * 0.5)) and learned[0.7] < learned[0.3] < 0.8
    for others in (0.0, 0.4, 1.0):
        p = parameters("norms", others=others)
        own, stranger = (freely(one("sight", talk=3, own=own), p) for own in (3, 0))
        assert (own, stranger) == pytest.approx((3.0, 3.0 * others))
    assert freely(one("sight", talk=3, own=1), p) == freely(one("sight", talk=3), p), "all alike"


def test_a_threat_comes_where_no_friend_holds_the_norm_and_all_who_see_it_learn():
    outcomes = set()
    for week in range(1, 41):
        world, adults = talked(week=week)
        paid, seen = bool(world.tally["sanctions"][0]), bool(world.tally["talk_seen"][0])
        fear, norm = world.people["fear"][adults[0]], world.people["norm_enemy"][adults[1:]]
        assert fear == pytest.approx(SCARE if paid else 0.0)
        assert (norm > 0.8).all() if paid else (norm < 0.8).all() if seen else (norm == 0.8).all()
        assert world.people["story"][adults[0]] == (TOLD_PAID if paid else 0)
        told = happened(world)
        threats = [(int(world.people["id"][adults[0]]), int(world.public[0, 0]), 1)] * paid
        assert told[told["kind"] == SANCTION][["who", "place", "value"]].tolist() == threats
        outcomes.add((paid, seen))
    assert outcomes == {(True, True), (False, True), (False, False)}


def test_somebody_who_looks_out_at_home_makes_others_pay_also_when_they_spent_the_week_elsewhere():
    elsewhere, there = (
        [talked(sanction=50.0, week=week, indoors=indoors)[0] for week in range(1, 31)] for indoors in (True, False)
    )
    paid, most = (sum(world.tally["sanctions"][0] for world in worlds) for worlds in (elsewhere, there))
    assert 0 < paid < most, "of twenty who live there one or two look out"


def test_talk_is_answered_every_week_and_norms_are_taught_once_in_four():
    paid = 0
    for week in range(2 * EVERY, 3 * EVERY + 1):
        (whole, _), (alone, _) = (talked(sanction=50.0, week=week, rule=rule) for rule in (norms, punish_talk))
        for name in ("norm_enemy", "fear", "story", "wary"):
            assert np.array_equal(whole.people[name], alone.people[name]), name
        paid += int(whole.tally["sanctions"][0])
        assert np.array_equal(whole.people["norm_street"], alone.people["norm_street"]) == (week % EVERY != 0)
    assert paid > 0


def test_a_friend_who_holds_the_norm_turns_away():
    for week in range(1, 81):
        world, adults = talked(week=week, friend=True)
        if world.tally["sanctions"][0]:
            break
    assert world.tally["sanctions"][0] == 1
    assert (world.friends["row"][adults[0]] == NOBODY).all() and world.people["fear"][adults[0]] == 0.0
    assert world.friends["until"][adults[0], 0] == week + 52
    assert world.people["wary"][adults[0]] == 1 + int(AVOIDS)


def test_each_talk_has_luck_of_its_own():
    world, adults = talked(seen=0.0, sanction=0.0)
    people, reporter = world.people, adults[0]
    people["place"][adults] = people["home"][reporter]
    world.cases["state"][2:] = 0
    world.cases["id"][:2], world.cases["reporter_id"][:2] = (11, 12), people["id"][reporter]
    world.cases["reporter"][:2], world.cases["state"][:2] = reporter, WAITING
    before, leaked, paid = people.copy(), set(), set()
    for week in range(2, 90):
        for sanction in (0.0, 8.0):
            people[:], world.cases["opened"][:2] = before, week - 1
            world.tally["talk_seen"] = world.tally["sanctions"] = 0
            p = parameters("norms", sanction=sanction, seen=0.0)
            punish_talk(executable(world), p, levers(), 1, week)
            leaked.add(int(world.tally["talk_seen"][0]))
            paid.add(int(world.tally["sanctions"][0]))
    assert leaked == {0, 1, 2}, "of two reports of a week one may leak out"
    assert 1 in paid, "of two talks one may be paid for"


@pytest.mark.parametrize(("age", "may"), [(11.9, False), (12.1, True)])
def test_children_under_twelve_neither_talk_nor_make_anybody_pay(age, may):
    talks, pays = 0, 0
    for week in range(1, 21):
        world, _ = talked(week=week, ages=(age, 30.0))
        talks += int(world.tally["talk_seen"][0])
        world, _ = talked(week=week, ages=(30.0, age))
        pays += int(world.tally["sanctions"][0])
    assert (talks > 0, pays > 0) == (may, may)


def test_what_happens_in_a_safe_place_costs_nothing_and_teaches_nothing():
    for week in range(1, 7):
        world, adults = talked(safe=1.0, week=week)
        assert (world.people["norm_enemy"][adults[1:]] == 0.8).all()
        assert int(world.tally["talk_seen"][0]) == 0


def test_the_more_contact_is_out_of_sight_the_less_of_it_is_seen():
    chances = [p_seen(safe, P) for safe in (0.0, 0.3, 0.6, 1.0)]
    assert chances == sorted(chances, reverse=True) and (chances[0], chances[-1]) == (P.seen, 0.0)


def test_the_deeper_a_dialogue_and_the_more_one_takes_part_the_less_home_street_and_school_teach():
    rough, youth, none = one("place", crime_hold=0.5), person(14.0, exposure=0.2), parameters("norms", dialogue=0.2)
    depths = (0.0, 0.4, 1.0)
    for taught in (
        [after_dialogue(depth, 0.5, P) for depth in depths],
        [after_dialogue(1.0, part, P) for part in depths],
        [street_target(youth, rough, 0.0, depth, 0.0, P) for depth in depths],
        [school_target(youth, 0.5, depth, P) for depth in depths],
        [after_dialogue(1.0, 0.5, none), after_dialogue(1.0, 0.5, P)],
    ):
        assert all(more > less for more, less in itertools.pairwise(taught))
    assert after_dialogue(1.0, 0.0, P) == after_dialogue(0.0, 1.0, P) == 1.0


def test_a_dialogue_is_taken_part_in_at_home_by_parents_who_trust_at_school_by_pupils_and_on_the_street_by_somebody_who_is_out():
    people = rows("person", 3, id=range(3), trust_institutions=[0.2, 0.6, 0.9])
    assert trust_of_parents(people, one("kin", mother=0, mother_row=0, father=1, father_row=1)) == 0.6
    assert trust_of_parents(people, one("kin", mother=0, mother_row=0, father=77, father_row=2)) == 0.2  # another lives there now
    assert trust_of_parents(people, one("kin", mother_row=NOBODY, father_row=NOBODY)) == 0.0
    rough, taught = one("place", crime_hold=0.5), {}
    for name, in_public, pupil, dialogue in (("out", 1, 0, 1.0), ("in", 0, 0, 1.0), ("pupil", 0, 1, 1.0), ("none", 1, 1, 0.0)):
        taught[name] = person(14.0, in_public=in_public)
        teach(taught[name], 0.3, rough, 0.0, pupil, dialogue, 0.0, P)
    assert taught["out"].norm_street < taught["in"].norm_street == taught["pupil"].norm_street == taught["none"].norm_street
    assert taught["pupil"].norm_school < taught["in"].norm_school == taught["out"].norm_school == taught["none"].norm_school


@pytest.mark.parametrize(
    ("trusting", "pupil", "in_public", "told"),
    [
        (0.0, 0, 0, []),
        (0.3, 0, 0, [(HERE, AT_HOME)]),
        (0.3, 1, 0, [(SCHOOL, AT_HOME + AT_SCHOOL)]),
        (0.0, 1, 1, [(HERE, AT_SCHOOL + ON_STREET)]),
        (0.0, 0, 1, [(HERE, ON_STREET)]),
    ],
)
def test_the_log_tells_who_takes_part_in_a_dialogue_and_where(trusting, pupil, in_public, told):
    events = rows("event", 3)
    youth = person(14.0, id=7, place=HERE, in_public=in_public)
    tell_of_dialogue(events, youth, one("place", near_school=SCHOOL), trusting, pupil, TODAY)
    kept = [events[k] for k in range(1, 1 + events[0].who)]
    assert [(each.place, each.value) for each in kept] == told
    assert all((each.kind, each.who, each.week) == (DIALOGUE, 7, TODAY) for each in kept)


def test_the_street_teaches_what_it_shows():
    quiet, rough = one("place"), one("place", crime_hold=0.5)
    assert street_target(person(), quiet, 0.0, 0.0, 0.0, P) == pytest.approx(0.1)
    assert street_target(person(exposure=0.5), rough, 0.0, 0.0, 0.0, P) == pytest.approx(
        0.1 + 0.5 * P.street_company + 0.5 * P.street_hold
    )
    assert street_target(person(), quiet, 0.0, 0.0, 0.05, P) == pytest.approx(0.15)  # what comes from outside adds


def test_a_full_dialogue_takes_away_half_of_it():
    rough, youth = one("place", crime_hold=0.5), person(exposure=0.2)
    without, with_it = (street_target(youth, rough, 0.0, dialogue, 0.0, P) for dialogue in (0.0, 1.0))
    assert with_it == pytest.approx((1.0 - P.dialogue) * without)


def test_home_tolerates_what_a_member_does_most_of_all_in_a_closed_family():
    assert home_target(0, 0, 0, 1.0, P) == P.floor
    assert home_target(1, 0, 0, 0.0, P) == pytest.approx(P.floor + P.home_family * HOME_OPEN)
    assert home_target(1, 1, 1, 1.0, P) == pytest.approx(P.floor + P.home_family)
    brother, uncle = (home_target(0, *who, 1.0, P) - P.floor for who in ((1, 0), (0, 1)))
    assert (brother, uncle) == pytest.approx((HOME_BROTHER * P.home_family, HOME_BROTHER * OF_RELATIVES * P.home_family))
    both = home_target(0, 1, 1, 1.0, P) - P.floor
    assert both == pytest.approx(P.home_family * (1.0 - (1.0 - HOME_BROTHER) * (1.0 - HOME_BROTHER * OF_RELATIVES)))


def test_schoolmates_pull_each_other_and_leave_the_mean_as_it_is():
    quiet, mean = one("place"), 0.5
    tame, wild = person(14.0, norm_street=0.3), person(14.0, norm_street=0.7)
    alone = street_target(person(14.0), quiet, 0.0, 0.0, 0.0, P)
    pulls = [street_target(who, quiet, mean, 0.0, 0.0, P) - alone for who in (tame, wild)]
    assert pulls == pytest.approx([0.2 * P.schoolmates, -0.2 * P.schoolmates])
    off = parameters("norms", schoolmates=0.0)
    assert street_target(tame, quiet, mean, 0.0, 0.0, off) == street_target(tame, quiet, 0.0, 0.0, 0.0, off)


def test_school_tolerates_what_pupils_bring_and_less_where_adults_talk():
    loose, bound = person(14.0), person(14.0, school_bond=1.0)
    assert school_target(bound, 0.0, 0.0, P) == pytest.approx(P.floor)
    assert school_target(loose, 0.5, 0.0, P) == pytest.approx(P.floor + SCHOOL_LOOSE + 0.5 * P.schoolmates)
    assert school_target(loose, 0.5, 1.0, P) == pytest.approx(P.floor)


def test_pupils_are_those_under_eighteen_who_live_near_the_school():
    places = rows("place", 6, near_school=[4, 4, 5, 5, 4, 5], pupils=99, pupil_norms=99)
    ages, homes = (12.0, 17.0, 18.0, 10.0), (0, 1, 0, 2)
    crowd = rows("person", 4, born=[born(age) for age in ages], home=homes, norm_street=[0.2, 0.6, 1.0, 0.4])
    for _ in range(2):  # counted anew each time
        gather_pupils(crowd, np.arange(4), places, TODAY)
    assert [places[school].pupils for school in (4, 5)] == [2, 1]
    assert unfixed(places[4].pupil_norms) == pytest.approx(0.8)


def street_norms(p, week, **given):
    """Return the street norms of those of 24-39, half a year after all were the same, where nothing is to be seen."""
    world = Simulation(Scenario(people=300, years=1)).world
    world.people["norm_street"], world.people["exposure"], world.places["crime_hold"] = 0.5, 0.0, 0.0
    norms(executable(world), p, levers(**given), 1, week)
    grown = world.actors[world.tile_index["youths"][0] : world.tile_index["young"][0]]
    return world.people["norm_street"][grown]


def test_somebody_who_has_left_school_is_pulled_by_the_street_alone():
    assert street_norms(P, EVERY) == pytest.approx(0.5 + EVERY * PACE * (P.street_floor - 0.5), abs=1e-3)


def test_what_comes_from_outside_rises_by_the_year():
    still, drifting = parameters("norms", drift=0.0), parameters("norms", drift=0.02)
    risen = street_norms(drifting, 520) - street_norms(still, 520)
    assert risen == pytest.approx(EVERY * PACE * 0.02 * 10.0)
    assert street_norms(still, 520, normalisation=0.2) - street_norms(still, 520) == pytest.approx(EVERY * PACE * 0.2)


def family(**fields):
    """Return a neighbourhood, and a youth of it whose mother, father and household are as asked; nobody else is involved."""
    world = Simulation(Scenario(people=100, years=1), events=False).world
    people, kin = world.people, world.kin
    youth, mother, father = np.flatnonzero(people["present"] == 1)[:3]
    people["stage"], world.households["involved"], world.households["involved_kin"] = NONE, 0, 0
    people["household"][[youth, mother, father]] = 0, fields.get("mother_in", 0), fields.get("father_in", 0)
    for name, row in (("mother", mother), ("father", father)):
        kin[name][youth], kin[f"{name}_row"][youth] = people["id"][row], row
    people["stage"][youth], people["stage"][mother], people["stage"][father] = (
        fields.get(who, NONE) for who in ("youth", "mother", "father")
    )
    household = world.households[0:1]
    household["involved"], household["involved_kin"], household["network"] = fields["at_home"], fields["kin"], 0.5
    return executable(world), int(youth)


@pytest.mark.parametrize(
    ("fields", "taught_by"),
    [
        ({"at_home": 0, "kin": 0}, (0, 0, 0)),
        ({"at_home": 1, "kin": 0, "youth": FAVOURS}, (0, 0, 0)),  # what they do themselves teaches them nothing
        ({"at_home": 1, "kin": 0, "mother": FAVOURS}, (1, 0, 0)),
        ({"at_home": 2, "kin": 0, "mother": FAVOURS, "father": FAVOURS}, (2, 0, 0)),
        ({"at_home": 2, "kin": 0, "mother": FAVOURS}, (1, 1, 0)),  # a brother beside her
        ({"at_home": 0, "kin": 1, "mother": FAVOURS, "mother_in": 1}, (1, 0, 0)),
        ({"at_home": 1, "kin": 1, "mother": FAVOURS, "father": FAVOURS, "father_in": 1}, (2, 0, 0)),
        ({"at_home": 2, "kin": 0, "youth": FAVOURS}, (0, 1, 0)),
        ({"at_home": 1, "kin": 1}, (0, 1, 1)),
        ({"at_home": 0, "kin": 2}, (0, 0, 2)),
    ],
)
def test_home_teaches_by_which_of_the_kin_work_for_a_crew(fields, taught_by):
    world, youth = family(**fields)
    assert learn_at_home(world, youth, P) == pytest.approx(home_target(*taught_by, 0.5, P))


def test_somebody_who_sees_a_sanction_learns_of_it_once_and_of_nothing_else():
    for week in range(1, 41):
        world, adults = talked(week=week)
        if world.tally["sanctions"][0]:
            break
    assert world.people["norm_enemy"][adults[1:]] == pytest.approx(1.0 - 0.2 * (1.0 - 0.5 * P.enemy_pace) ** P.example)


def test_pupils_are_pulled_by_schoolmates_and_somebody_who_left_school_by_none():
    found = {}
    for others in (0.5, 0.9):
        world = Simulation(Scenario(people=100, years=1)).world
        youths, young = int(world.tile_index["youths"][0]), int(world.tile_index["young"][0])
        pupils = np.array([row for row in world.actors[:youths] if world.people["born"][row] > -18 * 52])
        world.people["norm_street"], world.people["exposure"], world.places["crime_hold"] = 0.5, 0.0, 0.0
        world.people["norm_street"][pupils[1:]] = others
        norms(executable(world), P, levers(), 1, EVERY)
        found[others] = world.people["norm_street"][pupils[0]], world.people["norm_street"][world.actors[youths:young]]
    assert found[0.9][0] > found[0.5][0]
    assert found[0.9][1] == pytest.approx(found[0.5][1])
