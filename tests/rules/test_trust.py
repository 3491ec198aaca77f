"""Trust: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.trust import (
    CHARACTER,
    MISSED,
    VOICE,
    WORD,
    after_contact,
    be_alarmed,
    decide_along,
    dread,
    fade,
    hear_news,
    known,
    neighbourliness,
    outlook,
    take_stock,
    trust,
)
from kantelpunt.model.shared.newcomers import leaning
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import BAD, FAVOURS, GOOD, NEUTRAL, NO_CONTACT
from kantelpunt.model.state.fields import fixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, one, parameters, person

P = parameters("trust")
HOME = one("household")


def contact(kind, trust, **fields):
    """Return somebody right after a contact."""
    who = person(trust_frontline=trust, contact=kind, **fields)
    after_contact(who, P)
    return who


def test_a_good_contact_takes_away_a_part_of_what_lacks():
    assert contact(GOOD, 0.4).trust_frontline == pytest.approx(0.4 + P.gain * 0.6)  # 0.43
    assert contact(GOOD, 0.9).trust_frontline == pytest.approx(0.9 + P.gain * 0.1)  # 0.905
    assert contact(GOOD, 1.0).trust_frontline == 1.0


def test_a_bad_contact_weighs_three_times_a_good_one():
    lost = 0.5 - contact(BAD, 0.5).trust_frontline
    won = contact(GOOD, 0.5).trust_frontline - 0.5
    assert lost / won == pytest.approx(P.bad_weight)
    assert contact(BAD, 0.5, trust_institutions=0.5).trust_institutions == pytest.approx(0.5 - P.spill * lost)


def test_a_good_contact_gives_goodwill_for_institutions_of_which_most_is_left_after_three_weeks():
    who = contact(GOOD, 0.4, trust_institutions=0.4)
    gained = who.trust_institutions - 0.4
    assert who.goodwill == pytest.approx(P.direct * 0.6)
    assert gained == pytest.approx(who.goodwill)
    for weeks in range(1, 4):
        fade(who, 0.4, 0.0, P)
        assert who.trust_institutions == pytest.approx(0.4 + gained * (1.0 - P.fade) ** weeks)
    assert 0.5 <= (1.0 - P.fade) ** 2.6 <= 0.8  # Peyton e.a. 2019: day 21 against day 3
    assert contact(BAD, 0.4, trust_institutions=0.4).goodwill == 0.0


def test_goodwill_neither_pulls_lasting_trust_along_nor_takes_trust_below_nothing():
    street = one("place", trust=0.4)
    plain, warm = person(trust_institutions=0.4), person(trust_institutions=0.5, goodwill=0.1)
    for who in (plain, warm):
        take_stock(who, HOME, street, 0.0, 0.5, P)
    assert warm.trust_institutions - warm.goodwill == pytest.approx(plain.trust_institutions)
    shocked = person(trust_institutions=0.05, goodwill=0.3)
    for _ in range(100):
        fade(shocked, 0.4, 0.0, P)
    assert 0.0 <= shocked.trust_institutions < 1e-6 and shocked.goodwill >= 0.0


def test_trust_in_institutions_goes_towards_that_of_neighbours():
    alone, among = person(trust_institutions=0.4), person(trust_institutions=0.4)
    pulled = parameters("trust", pace=0.0)
    take_stock(alone, HOME, one("place", trust=0.4), 0.0, 0.5, pulled)
    take_stock(among, HOME, one("place", trust=0.6), 0.0, 0.5, pulled)
    assert alone.trust_institutions == pytest.approx(0.4)
    assert among.trust_institutions == pytest.approx(0.4 + EVERY * P.conformity * 0.2)


def test_three_good_contacts_do_not_make_up_for_a_bad_one():
    who = contact(BAD, 0.6)
    for _ in range(3):
        who.contact = GOOD
        after_contact(who, P)
    assert 0.5 < who.trust_frontline < 0.6


def test_half_of_a_single_gain_is_gone_in_the_time_that_the_evidence_gives():
    who = person(trust_frontline=0.45, trust_institutions=0.4)
    for _ in range(4):
        fade(who, 0.4, 0.0, P)
    days = 28 * 0.6931 / -math.log((who.trust_frontline - 0.4) / 0.05)
    assert 20 <= days <= 60  # p22


def test_trust_in_the_frontline_fades_to_what_is_thought_around_and_less_where_the_norm_makes_doubt():
    for norm in (0.0, 0.5, 1.0):
        who = person(trust_frontline=0.8, trust_institutions=0.6, goodwill=0.1, norm_enemy=norm)
        fade(who, 0.4, 0.0, P)
        reference = 0.5 * (0.5 + 0.4) * (1.0 - P.doubt * norm)
        assert who.trust_frontline == pytest.approx(0.8 - P.fade * (0.8 - reference))


def test_somebody_who_knows_the_workers_keeps_the_gain_until_they_leave():
    friend = person(trust_frontline=0.8, trust_institutions=0.4)
    fade(friend, 0.4, 1.0, P)
    assert friend.trust_frontline == pytest.approx(0.8)
    fade(friend, 0.4, 0.0, P)
    assert friend.trust_frontline == pytest.approx(0.8 - P.fade * 0.4)


def test_a_worker_who_leaves_is_felt_first_by_those_who_knew_them():
    world = Simulation(Scenario(people=100, years=1)).world
    world.acquaintances["level"], world.people["contact"], world.people["norm_enemy"] = 0.0, NO_CONTACT, 0.0
    knew, knows, neither = world.actors[:3]
    world.people["trust_frontline"], world.people["trust_institutions"], world.places["trust"] = 0.9, 0.3, 0.3
    leaves, stays = np.flatnonzero(world.professionals["present"] == 1)[:2]
    for row, post in ((knew, leaves), (knows, stays)):
        first = world.acquaintances[row, :1]
        first["post"], first["nth"], first["level"], first["seen"] = post, 0, 0.8, 1
    world.professionals["nth"][leaves] += 1  # somebody else now
    trust(executable(world), P, levers(), 1, 1)
    left = world.people["trust_frontline"]
    missed = 0.9 * (1.0 - MISSED * 0.8)
    institutions = 0.3 * (1.0 - P.spill * MISSED * 0.8)
    assert world.people["trust_institutions"][knew] == pytest.approx(institutions)
    assert left[knew] == pytest.approx(missed - P.fade * (missed - 0.5 * (institutions + 0.3)))
    assert left[knew] < left[neither] < left[knows] < 0.9 and world.tally["workers_missed"][0] == 1


def test_crimes_hold_and_disorder_cost_trust_and_bring_fear():
    calm, rough = one("place"), one("place", crime_hold=0.8, perceived_disorder=0.5)
    who = person(trust_frontline=0.5, usefulness=0.5)
    assert outlook(who, HOME, calm, 0.0, P) - outlook(who, HOME, rough, 0.0, P) == pytest.approx(P.hold * 1.3)
    assert dread(who, HOME, calm, P) == pytest.approx(P.fear_floor * (1.0 - P.ease * 0.5))
    assert dread(who, HOME, rough, P) > dread(who, HOME, calm, P)
    assert dread(person(trust_frontline=1.0), HOME, rough, P) < dread(person(), HOME, rough, P)
    assert dread(person(), HOME, rough, P) == pytest.approx(P.fear_floor + P.unease * 1.3)
    schooled = person(trust_frontline=0.5, usefulness=0.4, education=2)
    asked = P.floor + 0.1 * CHARACTER + P.schooled + 0.5 * P.spill + 0.4 * P.use
    assert outlook(schooled, HOME, calm, 0.1, P) == pytest.approx(asked) and asked < 1.0


def test_somebody_who_has_an_involved_housemate_or_a_raid_behind_them_worries_and_not_about_themselves():
    street, mother, son = one("place"), person(), person(stage=FAVOURS)
    calm, mother_of, alone = HOME, one("household", involved=1), one("household", involved=1)
    both, shocked = one("household", involved=2), one("household", trauma=0.4)
    assert dread(mother, mother_of, street, P) - dread(mother, calm, street, P) == pytest.approx(P.worry)
    assert dread(son, alone, street, P) == dread(son, calm, street, P)
    assert dread(son, both, street, P) == dread(mother, mother_of, street, P)
    assert dread(mother, shocked, street, P) - dread(mother, calm, street, P) == pytest.approx(0.4 * P.worry)
    raided = one("household", involved=1, trauma=0.4)
    assert dread(mother, raided, street, P) - dread(mother, mother_of, street, P) == pytest.approx(0.4 * P.worry)


def test_a_raid_on_the_own_household_costs_trust_as_long_as_its_shock_lasts():
    street, who = one("place", trust=0.5), person(trust_institutions=0.5, usefulness=0.5)
    shocked = one("household", trauma=0.4)
    assert outlook(who, HOME, street, 0.0, P) - outlook(who, shocked, street, 0.0, P) == pytest.approx(0.4 * P.worry)


def test_persons_differ_for_good_in_what_they_make_of_the_same_experience():
    street = one("place", trust=0.4)
    doubtful, hopeful = person(trust_institutions=0.4), person(trust_institutions=0.4)
    assert outlook(hopeful, HOME, street, 0.1, P) - outlook(doubtful, HOME, street, -0.1, P) == pytest.approx(0.2 * CHARACTER)
    for _ in range(100):
        take_stock(doubtful, HOME, street, -0.1, 0.5, P)
        take_stock(hopeful, HOME, street, 0.1, 0.5, P)
    assert hopeful.trust_institutions > doubtful.trust_institutions + 0.1 * CHARACTER
    assert sum(leaning(1, who) for who in range(4_000)) / 4_000 == pytest.approx(0.0, abs=0.01)


def test_being_outside_together_makes_neighbours():
    street = one("place")
    inside, outside = person(fear=0.15, in_public=0), person(fear=0.15, in_public=1)
    assert neighbourliness(outside, street, 0.5, P) - neighbourliness(inside, street, 0.5, P) == pytest.approx(P.together)


def test_trust_in_neighbours_follows_the_street_by_a_pace():
    street = one("place", perceived_disorder=0.4)
    for level in (0.1, 0.9):
        who = person(trust_neighbours=level, fear=P.fear_floor, in_public=1)
        take_stock(who, HOME, street, 0.0, 0.5, P)
        asked = neighbourliness(who, street, 0.5, P)  # by the fear that it has now, which came first
        assert who.trust_neighbours == pytest.approx(level + EVERY * P.pace * (asked - level))


def test_neighbours_who_know_each_other_trust_each_other():
    quarter = one("patch", adults=2, rooted=fixed(1.2))  # 0.6 each
    assert known(one("household", rooted=0.5), quarter) == pytest.approx(0.3)
    assert known(one("household"), quarter) == 0.0, "who is new knows nobody"
    assert known(one("household", rooted=1.0), one("patch", adults=2)) == 0.0, "nobody is known who is new"
    who, street = person(fear=0.15), one("place")
    gained = neighbourliness(who, street, P.usual_known + 0.2, P) - neighbourliness(who, street, P.usual_known, P)
    assert gained == pytest.approx(P.acquaintance * 0.2)


def test_somebody_who_decides_along_learns_what_promises_are_worth():
    hopeful, doubtful = (person(usefulness=level, trust_neighbours=0.5) for level in (0.9, 0.2))
    for who in (hopeful, doubtful):
        decide_along(who, 1.0, P)
        assert who.trust_neighbours == pytest.approx(0.5 + P.joint * 4 * 0.5 * 0.5)
    part = 4 * 0.5
    assert doubtful.usefulness == pytest.approx(0.2 + VOICE * part * (P.kept - 0.2))
    assert hopeful.usefulness == pytest.approx(0.9 - VOICE * part * (0.9 - P.kept))  # fewer promises were kept than expected


def test_the_fearful_and_those_without_trust_do_not_take_part():
    for who in (person(usefulness=0.2, trust_neighbours=0.5, fear=1.0), person(usefulness=0.2)):
        before = (who.usefulness, who.trust_neighbours)
        decide_along(who, 1.0, P)
        assert (who.usefulness, who.trust_neighbours) == before


def test_an_incident_spreads_fear():
    calm, alarmed = person(fear=0.2), person(fear=0.2)
    be_alarmed(calm, 0.0, P)
    be_alarmed(alarmed, 1.0, P)
    assert calm.fear == 0.2
    assert alarmed.fear == pytest.approx(0.2 + 4 * P.pace * P.alarm * 0.8)


@pytest.mark.parametrize(("news", "trusted"), [(0.1, 0.5 + 4 * P.pace * 0.1), (-0.1, 0.5 - 4 * P.pace * 0.1), (0.0, 0.5)])
def test_news_about_the_country_moves_trust_in_institutions_at_the_pace_of_experience(news, trusted):
    who = person(trust_institutions=0.5)
    hear_news(who, news, P)
    assert who.trust_institutions == pytest.approx(trusted)


def test_only_somebody_who_had_a_contact_gains_or_loses_by_it_and_only_somebody_who_is_at_large():
    kinds, trusted = {}, 0.4
    for kind in (NO_CONTACT, NEUTRAL, GOOD, BAD):
        world = Simulation(Scenario(people=100, years=1)).world
        here, away = world.actors[:2]
        world.people["trust_frontline"], world.people["trust_institutions"], world.places["trust"] = trusted, trusted, trusted
        world.people["norm_enemy"], world.people["contact"], world.people["detained_until"][away] = 0.0, kind, 9
        trust(executable(world), P, levers(), 1, 1)
        kinds[kind] = world.people["trust_frontline"][here]
        assert world.people["trust_frontline"][away] == trusted
    assert kinds[NEUTRAL] == kinds[NO_CONTACT] == pytest.approx(trusted)
    assert kinds[BAD] < trusted < kinds[GOOD]


def test_expected_usefulness_drifts_to_the_trust_around():
    street = one("place", trust=0.3)
    for usefulness in (0.1, 0.8):
        who = person(usefulness=usefulness)
        take_stock(who, HOME, street, 0.0, 0.5, P)
        assert who.usefulness == pytest.approx(usefulness + EVERY * WORD * (0.3 - usefulness))


def test_slow_levels_take_stock_every_fourth_week():
    world = Simulation(Scenario(people=100, years=1)).world
    grown = world.actors[: world.tile_index["actors"][0]]
    before = world.people["fear"][grown].copy()
    trust(executable(world), P, levers(), 1, EVERY + 1)
    assert (world.people["fear"][grown] == before).all()
    trust(executable(world), P, levers(), 1, 2 * EVERY)
    assert np.mean(world.people["fear"][grown] != before) > 0.9
