"""Encounters: worked examples."""

import math

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import uniform
from kantelpunt.model.rules.encounters import (
    OF_RELATIVES,
    encounters,
    exposure,
    exposure_of,
    first_met,
    friends_involved,
    is_exploited,
    press,
)
from kantelpunt.model.shared.acquaintances import get_to_know
from kantelpunt.model.shared.contacts import (
    FOR_OTHERS,
    FOR_YOUTHS,
    FRICTION,
    RECOGNITION,
    SEEING,
    SEES,
    be_seen,
    deal_with_cases,
    kept_away,
    likelier,
    meet,
    p_good,
    p_meet,
    sits_at,
    speak_indoors,
    whom_at,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    BAD,
    CONTACT,
    EXPLOITED,
    FAMILY,
    FAVOURS,
    GOOD,
    GOOD_INDOORS,
    KNOWN,
    NEUTRAL,
    NO_CONTACT,
    NOBODY,
    PERMANENT,
    SAFETY,
    SCHOOL_STAFF,
    SOCIAL,
    VICTIM_FOUND,
    WAITING,
    WELFARE,
    WORKERS,
    YOUTH_WORK,
)  # fmt: skip
from kantelpunt.model.state.fields import fixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import TODAY, levers, lot, lot_where, one, parameters, people, person, rows, tally

P = parameters("encounters")


def test_somebody_who_speaks_to_more_is_met_by_more_but_never_certainly_by_anybody():
    assert p_meet(0.0, 8) == 0.0
    assert p_meet(4.0, 8) == pytest.approx(1.0 - (1.0 - p_meet(1.0, 8)) ** 4)
    assert p_meet(1.0, 20) == pytest.approx(1 / 20, rel=0.05)
    assert p_meet(100.0, 8) < 1.0


def test_the_friend_enemy_norm_takes_away_most_good_contacts():
    assert p_good(0.6, 0.0, P) == 0.6
    assert p_good(0.6, 1.0, P) == pytest.approx(0.6 * (1.0 - P.block))


def test_enforcement_without_a_good_contact_leaves_bad_ones_now_and_then():
    ends = [meet(who, 0.0, 1.0, P, lot()) for who in people(2_000)]
    assert np.mean(np.equal(ends, BAD)) == pytest.approx(FRICTION, abs=0.04)
    assert GOOD not in ends
    assert {meet(who, 1.0, 1.0, P, lot()) for who in people(200)} == {GOOD}
    assert {meet(who, 0.0, 0.0, P, lot()) for who in people(200)} == {NEUTRAL}


def test_exposure_adds_up_but_never_beyond_full():
    assert exposure_of(0, 0, 0, 0, 0.0, P) == 0.0
    assert exposure_of(2, 0, 0, 0, 0.0, P) == pytest.approx(0.5 * P.friends)  # two of four friends
    assert exposure_of(0, 1, 0, 0, 0.0, P) == pytest.approx(P.family)
    assert exposure_of(0, 0, 0, 0.05, 0.0, P) == pytest.approx(1.0 - math.exp(-0.05 * P.company))
    assert exposure_of(4, 3, 0, 1.0, 0.0, P) < 1.0
    assert exposure_of(0, 1, 0, 0, 1.0, P) == pytest.approx(P.closed_family)  # behind a closed door
    assert exposure_of(0, 0, 0, 0, 1.0, P) == 0.0
    assert exposure_of(0, 0, 1, 0, 1.0, P) == pytest.approx(OF_RELATIVES * P.closed_family)  # an uncle in another household


def test_a_friend_counts_who_is_involved_and_still_there():
    crowd = rows("person", 4, id=[10, 11, 12, 13], stage=[FAVOURS, FAVOURS, 1, FAVOURS], present=[1, 1, 1, 0])
    friends = rows(
        "friend", 4, row=[0, 1, 2, 3], id=[10, 99, 12, 13]
    )  # the second moved, the third is only exposed, the last left
    assert friends_involved(crowd, friends) == 1
    assert friends_involved(crowd, rows("friend", 4)) == 0


def test_an_activity_keeps_a_youth_away_from_such_friends_but_not_from_home():
    crowded, alone = one("household", involved=2), one("household")
    friends = {active: exposure(person(14.0, peers=2, active=active), alone, one("cell_week"), P) for active in (0, 1)}
    assert friends[1] == pytest.approx((1.0 - P.displaced) * friends[0])
    home = {active: exposure(person(14.0, active=active), crowded, one("cell_week"), P) for active in (0, 1)}
    assert home[0] == home[1] > 0.0


def test_a_minor_who_works_for_a_crew_in_debt_is_exploited():
    usual = {"stage": FAVOURS, "crew": 0, "debt": P.hardship + 0.05}
    assert is_exploited(person(15.0, **usual), P, TODAY)
    for age, other in ((18.0, {}), (15.0, {"crew": NOBODY}), (15.0, {"debt": P.hardship})):
        assert not is_exploited(person(age, **{**usual, **other}), P, TODAY)


def test_each_professional_is_met_as_they_speak_to_people_and_a_crew_keeps_them_from_victims():
    visits = rows("visit", 2, who=[1, 0], contacts=[6.0, 2.0], next=[0, 1], turnout=fixed(10.0))
    team, slots = rows("professional", 2, id=[70, 80]), rows("acquaintance", WORKERS)
    for shielded in (0.0, 0.5):
        met = [first_met(who, slots, 2, visits, team, shielded, lot(), TODAY) for who in people(8_000)]
        some = np.array([each for each in met if each != NOBODY])
        assert some.size / 8_000 == pytest.approx(p_meet(8.0 * (1.0 - shielded), 10), abs=0.02)
        assert np.mean(some == 0) == pytest.approx(0.75, abs=0.03)
    assert first_met(person(), slots, 0, visits, team, 0.0, lot(), TODAY) == NOBODY, "nobody was here"


def test_somebody_who_is_known_is_met_sooner_and_others_by_as_much_less():
    team, slots, nobody = rows("professional", 2, id=[70, 80]), rows("acquaintance", WORKERS), rows("acquaintance", WORKERS)
    get_to_know(slots, team, 1, 0.4, TODAY)
    assert likelier(slots, team, 0, TODAY) == 1.0
    assert likelier(slots, team, 1, TODAY) == pytest.approx(1.0 + 0.4 * RECOGNITION)
    crowd = 1.0 + 0.4 * RECOGNITION + 19.0  # one who knows this professional among twenty
    visits = rows("visit", 1, who=1, contacts=1.0, turnout=fixed(crowd))
    rates = [-math.log(1.0 - met_share(each, visits, team)) for each in (slots, nobody)]
    assert rates[0] == pytest.approx(rates[1] * (1.0 + 0.4 * RECOGNITION), rel=0.15)
    assert rates[0] + 19 * rates[1] == pytest.approx(1.0, rel=0.15), "as many contacts as there is time for"


def met_share(slots, visits, team):
    """Return the share of people with these acquaintances who meet the professional on the visit."""
    return np.mean([first_met(who, slots, 1, visits, team, 0.0, lot(), TODAY) == 0 for who in people(8_000)])


def test_youths_come_to_school_and_youth_work_and_others_to_the_other_desks():
    desks = {
        organisation: one("professional", organisation=organisation, kind=PERMANENT)
        for organisation in (SCHOOL_STAFF, YOUTH_WORK, WELFARE)
    }
    assert [sits_at(each, FOR_YOUTHS) for each in desks.values()] == [True, True, False]
    assert [sits_at(each, FOR_OTHERS) for each in desks.values()] == [False, False, True]
    assert not sits_at(one("professional", organisation=WELFARE, kind=CONTACT), FOR_OTHERS), (
        "who works for a programme has no desk"
    )
    assert [sits_at(one("professional", domain=SAFETY), desk) for desk in (SAFETY, SOCIAL)] == [True, False]


def test_at_a_desk_people_meet_somebody_who_has_hours_there():
    team = rows("professional", 3, id=[1, 2, 3], organisation=WELFARE, domain=SOCIAL, case_hours=[0.0, 10.0, 30.0])
    met = [whom_at(team, SOCIAL, lot(), who) for who in range(400)]
    assert set(met) == {1, 2} and met.count(2) > met.count(1)
    assert whom_at(team, SAFETY, lot(), 1) == NOBODY


def test_contacts_at_desks_follow_their_hours_and_nobody_sees_them():
    found = {}
    for counter in (0.0, P.counter):
        simulation = Simulation(Scenario(people=600, years=2, parameters={"encounters.counter": counter}), 1)
        simulation.advance(52)
        rows_ = [simulation.row(week) for week in range(1, 53)]
        found[counter] = sum(row["contacts_indoors"] for row in rows_)
        assert all(row["good_contacts"] + row["bad_contacts"] <= row["contacts"] for row in rows_)
    assert found[P.counter] > found[0.0] > 0, "over cases also without"


def test_somebody_who_carries_out_a_case_deals_with_somebody_who_reported_it():
    made = Simulation(Scenario(people=600, years=1)).world
    reporter = int(made.actors[made.tile_index["actors"][0] - 1])
    made.professionals["case_hours"], made.professionals["quality"] = 10.0, 1.0
    case = made.cases[0]
    case["state"], case["owned"], case["approved_week"], case["domain"], case["about"] = WAITING, 1, 3, SAFETY, NOBODY
    case["reporter"], case["reporter_id"] = reporter, made.people["id"][reporter]
    made.people["norm_enemy"], made.people["contact"] = 0.0, NO_CONTACT
    for week, contact in ((3, NO_CONTACT), (4, GOOD_INDOORS)):
        deal_with_cases(executable(made), P, levers(), lot(week), week)
        assert made.people["contact"][reporter] == contact
    known = made.acquaintances[reporter]["level"]
    assert known.max() >= np.float32(P.bonding) and (made.people["contact"] != NO_CONTACT).sum() == 1


@pytest.mark.parametrize("moved", [0, 1])
def test_a_case_about_a_family_is_dealt_with_by_that_family_and_not_by_somebody_who_came_to_live_there(moved):
    made = Simulation(Scenario(people=50, years=1)).world
    member = int(made.actors[made.tile_index["actors"][0] - 1])
    home = int(made.people["household"][member])
    made.professionals["case_hours"], made.people["contact"] = 10.0, NO_CONTACT
    case = made.cases[0]
    case["state"], case["owned"], case["approved_week"], case["domain"], case["kind"] = WAITING, 1, 3, SOCIAL, FAMILY
    case["reporter"], case["about"], case["about_id"] = NOBODY, home, made.households["id"][home] + moved
    deal_with_cases(executable(made), P, levers(), lot(4), 4)
    assert bool(made.people["contact"][member] != NO_CONTACT) == (not moved)


@pytest.mark.parametrize(("aware", "lent", "found"), [(1.0, 0.0, True), (0.0, 1.0, True), (0.0, 0.0, False)])
def test_a_good_contact_indoors_shows_victims_as_one_outside_does(aware, lent, found):
    world = Simulation(Scenario(people=50, years=1), events=True).world
    row = int(world.actors[0])
    sees = lot_where(lambda dice: uniform(dice, world.people["id"][row], SEES) < SEEING)
    world.professionals["quality"], world.professionals["awareness"], world.people["norm_enemy"] = 1.0, aware, 0.0
    world.people["contact"], world.people["victim"][row] = NO_CONTACT, EXPLOITED
    speak_indoors(executable(world), row, 0, int(world.used[0]), P, levers(awareness=lent), sees, TODAY)
    assert bool(world.people["victim"][row] == KNOWN) == bool(world.tally["victims_found"][0]) == found
    assert bool(VICTIM_FOUND in world.events["kind"]) == found


def test_a_crew_keeps_only_those_whom_it_exploits_away():
    crews, p = rows("crew", 1, strength=0.5), parameters("encounters", shield=0.8)
    assert kept_away(person(15.0, crew=0, victim=EXPLOITED), crews, p) == pytest.approx(0.4)
    assert kept_away(person(15.0, crew=0), crews, p) == kept_away(person(15.0, victim=KNOWN), crews, p) == 0.0


@pytest.mark.parametrize(("quality", "contact"), [(0.0, NEUTRAL), (1.0, GOOD_INDOORS)])
def test_one_contact_a_week_counts_however_it_goes(quality, contact):
    world = Simulation(Scenario(people=50, years=1), events=True).world
    row = int(world.actors[0])
    world.professionals["quality"], world.people["norm_enemy"], world.people["contact"] = quality, 0.0, NO_CONTACT
    world.tally["contacts"] = world.tally["contacts_indoors"] = world.events["who"][0] = 0
    for who in (0, 1):
        speak_indoors(executable(world), row, who, 0, P, levers(), lot(), TODAY)
    assert world.people["contact"][row] == contact
    assert world.tally["contacts"][0] == world.tally["contacts_indoors"][0] == world.events["who"][0] == 1


def test_another_professional_there_does_not_change_how_long_one_waits_for_the_first():
    team = rows("professional", 2, id=[70, 80])
    alone, two = (
        rows("visit", 2, who=[0, 1], contacts=6.0, next=following, turnout=fixed(10.0)) for following in ([0, 0], [2, 0])
    )
    slots = rows("acquaintance", WORKERS)
    for who in people(300):
        before, after = (first_met(who, slots, 1, visits, team, 0.0, lot(), TODAY) for visits in (alone, two))
        assert after in (before, 1)


def test_victims_are_seen_by_the_skilled_and_aware():
    crowd, counts = people(4_000, 15.0, victim=EXPLOITED), tally()
    for who in crowd:
        be_seen(who, 0.6, 0.5, counts, lot())
    found = np.mean([who.victim == KNOWN for who in crowd])
    assert found == counts.victims_found / 4_000 == pytest.approx(SEEING * 0.6 * 0.5, abs=0.02)
    blind = tally()
    be_seen(person(15.0), 1.0, 0.0, blind, lot())
    assert blind.victims_found == 0


def test_somebody_who_is_known_as_a_victim_stays_so_and_somebody_who_is_out_of_debt_is_not_exploited():
    usual = {"stage": FAVOURS, "crew": 0}
    counts = tally()
    pressed, known, free = (person(15.0, **usual, **more) for more in (
        {"debt": 0.5}, {"debt": 0.5, "victim": KNOWN}, {"victim": EXPLOITED}))  # fmt: skip
    for who in (pressed, known, free):
        press(who, counts, P, TODAY)
    assert [who.victim for who in (pressed, known, free)] == [EXPLOITED, KNOWN, 0]
    assert (counts.exploited, counts.victims) == (2, 1)


def test_nobody_is_bad_company_to_oneself():
    runner, home, street = (
        person(20.0, stage=FAVOURS, in_public=1),
        one("household", involved=1),
        one("cell_week", involved=1, youths=1, adults=3),
    )
    assert exposure(runner, home, street, P) == 0.0
    assert exposure(person(20.0, in_public=1), home, street, P) == exposure_of(0, 1, 0, 1 / 3, 0.0, P)
    crowded = one("cell_week", involved=10, youths=11, adults=20)
    assert exposure(person(20.0, in_public=1), home, crowded, P) == exposure_of(0, 1, 0, 1 / 3, 0.0, P), (
        "the share counts, not the number"
    )
    assert exposure(person(20.0), home, street, P) == exposure_of(0, 1, 0, 0, 0.0, P), "who stays in meets no company"


def test_a_family_exposes_by_what_it_is_and_not_by_a_door_that_a_raid_has_closed():
    child, street = person(12.0), one("cell_week")
    ordinary, raided, network = (
        one("household", involved=1, closed=closed, network=own) for closed, own in ((0, 0), (0.7, 0), (0.7, 0.7))
    )
    assert exposure(child, ordinary, street, P) == exposure(child, raided, street, P) == pytest.approx(P.family)
    assert exposure(child, network, street, P) == exposure_of(0, 1, 0, 0, 0.7, P) > P.family


def test_a_good_contact_shows_victims():
    found = {}
    p = parameters("encounters", shield=0.9)
    for strength, quality in ((0.0, 1.0), (0.0, 0.0)):
        world = Simulation(Scenario(people=600, years=1)).world
        minors = world.actors[: world.tile_index["youths"][0]]
        minors = minors[world.people["born"][minors] > 1 - 18 * 52]
        world.outgoing[: minors.size], world.tile_index["outgoing"] = minors, minors.size
        victims = {"stage": FAVOURS, "crew": 0, "debt": 0.9, "victim": EXPLOITED, "in_public": 1, "norm_enemy": 0.0}
        for name, value in victims.items():
            world.people[name][minors] = value
        world.crews["strength"], world.professionals["awareness"] = strength, 1.0
        for name, value in {
            "who": 0,
            "next": 0,
            "hours": 1.0,
            "contacts": 1e6,
            "quality": quality,
            "force": 1.0,
            "turnout": 0,
        }.items():
            world.visits[name][0] = value
        world.cell_week["visit"] = 1
        encounters(executable(world), p, levers(), 1, 1)
        assert world.tally["victims_found"][0] == np.count_nonzero(world.people["victim"] == KNOWN)
        found[strength, quality] = world.tally["victims_found"][0] / minors.size
    assert found[0.0, 1.0] == pytest.approx(SEEING, abs=0.1)
    assert found[0.0, 0.0] == 0.0, "a contact that went wrong shows nothing"


def test_somebody_who_paid_for_talking_avoids_professionals_for_as_long_as_it_takes():
    world = Simulation(Scenario(people=600, years=1)).world
    grown = world.actors[world.tile_index["young"][0] : world.tile_index["actors"][0]]
    world.outgoing[: grown.size], world.tile_index["outgoing"] = grown, grown.size
    world.people["wary"][grown], world.people["norm_enemy"] = 2, 0.0
    for name, value in {"who": 0, "next": 0, "hours": 1.0, "contacts": 1e6, "quality": 1.0, "force": 0.0}.items():
        world.visits[name][0] = value
    world.cell_week["visit"] = 1
    met = []
    for week in (1, 2, 3):
        encounters(executable(world), P, levers(), 1, week)
        met.append(int(np.count_nonzero(world.people["contact"][grown] == GOOD)))
    assert met[0] == 0 and met[1] > 0.9 * grown.size and met[2] > 0


def test_kin_in_another_household_are_told_of_somebody_who_works_for_a_crew():
    world = Simulation(Scenario(people=100, years=1)).world
    one_of = int(world.people["household"][world.actors[0]])
    other = one_of + 1
    world.relatives["household"], world.people["stage"] = NOBODY, 0
    world.relatives["household"][one_of, 0], world.relatives["id"][one_of, 0] = other, world.households["id"][other]
    world.people["stage"][world.actors[0]] = FAVOURS
    world.households["involved_kin"] = 0
    encounters(executable(world), P, levers(), 1, 1)
    assert np.flatnonzero(world.households["involved_kin"]).tolist() == [other]
