"""Prospects: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import Draw, key, uniform
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.rules.prospects import (
    BOND_PEERS,
    EARNER,
    ILL,
    INTEREST,
    JOB_LOSS,
    MISFIT,
    PARTED,
    PEERS,
    REJECTION,
    REMAINS,
    SIDE_JOB_FROM,
    UNFIT,
    WRONG_STUDY,
    bond_target,
    in_wrong_study,
    legal_target,
    prospects,
    pull_target,
    takes_relief,
    work,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import NEVER
from kantelpunt.model.state.world import executable
from tests.rules.examples import levers, lot, lot_where, parameters, people, person

P = parameters("prospects")


@pytest.fixture(scope="module")
def seen():
    """Return a neighbourhood just after a look at prospects."""
    simulation = Simulation(Scenario(area="tilburg-noord", people=200, years=1), seed=1)
    simulation.advance(2 * EVERY)
    return simulation


def grown_up(simulation):
    """Return everybody of 18 and over who is at large, and their ages."""
    people = simulation.world.people
    people = people[(people["present"] == 1) & (people["detained_until"] <= simulation.week)]
    ages = (simulation.week - people["born"]) / 52.0
    return people[ages >= 18.0], ages[ages >= 18.0]


def test_prospects_follow_what_is_in_reach_school_and_health():
    assert legal_target(person(education=2, health=1.0), 0.5, P) == pytest.approx(0.5 * (P.plain + 2 * P.schooling))
    assert legal_target(person(education=0, health=1.0), 0.5, P) == pytest.approx(0.5 * P.plain)
    assert legal_target(person(education=2, health=0.0), 0.5, P) == pytest.approx(0.5 * (1.0 - ILL) * (P.plain + 2 * P.schooling))


def test_help_adds_and_a_record_takes_a_little():
    plain = legal_target(person(), 0.5, P)
    assert legal_target(person(active=1), 0.5, P) - plain == pytest.approx(P.support)
    assert legal_target(person(mentored=1), 0.5, P) - plain == pytest.approx(P.support)
    assert legal_target(person(plan_domains=3), 0.5, P) - plain == pytest.approx(3 * P.support)
    assert legal_target(person(convictions=2), 0.5, P) - plain == pytest.approx(-2 * P.record)


def test_the_pull_is_wealth_on_display_peers_and_need():
    assert pull_target(person(), 0.0, 0.0, P) == 0.0
    assert pull_target(person(exposure=0.5, debt=0.5), 0.5, 0.0, P) == pytest.approx(0.5 * (P.show + PEERS + P.need))
    assert pull_target(person(exposure=1.0, debt=1.0), 1.0, 1.0, P) <= 1.0


def test_work_is_lost_sooner_where_prospects_are_poor():
    lost = {}
    for outlook in (0.2, 0.8):
        staff = people(5_000, work_bond=0.7, prospects=outlook)
        for who in staff:
            work(who, P, lot())
        lost[outlook] = np.mean([who.work_bond == 0.0 for who in staff])
        kept = next(who for who in staff if who.work_bond > 0.0)
        assert kept.work_bond == pytest.approx(0.7)
        assert lost[outlook] == pytest.approx(JOB_LOSS * EVERY * (1.5 - outlook), abs=0.006)
    assert lost[0.2] > lost[0.8]


def test_work_is_found_by_the_healthy_with_prospects():
    found = {}
    for health in (0.1, 1.0):
        staff = people(5_000, prospects=0.5, health=health)
        for who in staff:
            work(who, P, lot())
        found[health] = np.mean([who.work_bond > 0.0 for who in staff])
    assert found[0.1] == 0.0
    assert found[1.0] == pytest.approx(P.job_find * EVERY * 0.75 * 0.8, abs=0.008)


def test_debt_relief_is_for_those_in_debt_and_taken_by_those_who_trust():
    def taken(offered, **fields):
        return np.mean([takes_relief(who, offered, P, lot()) for who in people(2_000, **fields)])

    assert taken(1.0, debt=P.hardship, trust_institutions=1.0) == 0.0
    assert taken(0.0, debt=0.9, trust_institutions=1.0) == 0.0
    assert taken(1.0, debt=0.9, trust_institutions=1.0) == 1.0
    assert taken(1.0, debt=0.9, trust_institutions=0.0) == pytest.approx(P.reach, abs=0.04)
    assert taken(0.5, debt=0.9, trust_institutions=1.0) == pytest.approx(0.5, abs=0.04)


def test_luxury_that_the_world_outside_shows_pulls():
    assert pull_target(person(), 0.0, 0.1, P) == pytest.approx(0.1 * P.show)


def test_somebody_who_looks_for_work_in_vain_loses_heart():
    never = parameters("prospects", job_find=0.01)
    seekers = people(200, prospects=0.5)
    for who in seekers:
        work(who, never, lot())
    in_vain = [who for who in seekers if who.work_bond == 0.0]
    assert len(in_vain) > 150
    assert [who.prospects for who in in_vain] == pytest.approx([0.5 * (1.0 - REJECTION * EVERY)] * len(in_vain))
    assert all(who.prospects == 0.5 for who in seekers if who.work_bond > 0.0)
    unfit = person(prospects=0.5, health=UNFIT - 0.01)
    work(unfit, never, lot())
    assert unfit.prospects == 0.5  # who cannot work does not look for it


def test_school_binds_by_prospects_and_less_in_bad_company():
    assert bond_target(person(15.0, prospects=0.5), P) == pytest.approx(P.bond_floor + 0.5 * P.bond_hope)
    assert bond_target(person(15.0, exposure=0.5), P) == pytest.approx(P.bond_floor - 0.5 * BOND_PEERS)


def test_a_study_that_does_not_fit_costs_prospects_and_bond_until_a_plan_finds_another():
    wrong = lot_where(lambda dice: in_wrong_study(person(16.5), 16.5, dice))
    assert not in_wrong_study(person(16.5, plan_domains=1), 16.5, wrong)
    assert not in_wrong_study(person(15.0), 15.0, wrong) and not in_wrong_study(person(19.0), 19.0, wrong)
    share = np.mean([in_wrong_study(who, 17.0, lot()) for who in people(2_000, 17.0)])
    assert share == pytest.approx(MISFIT, abs=0.03)
    left, astray = {}, {}
    for seed in (1, 2):
        world = Simulation(Scenario(people=100, years=1)).world
        world.people["born"], world.people["plan_domains"], world.households["held"] = -int(16.5 * 52), 0, 0
        prospects(executable(world), P, levers(), seed, EVERY)
        here = world.people[world.people["present"] == 1]
        study = key(seed, Draw.STUDY, 0)
        left[seed], astray[seed] = here, np.array([uniform(study, int(who)) < MISFIT for who in here["id"]])
    once = astray[2] & ~astray[1]
    assert once.sum() > 5
    for name in ("prospects", "school_bond"):
        assert (left[1][name] - left[2][name])[once].mean() == pytest.approx(EVERY * P.pace * WRONG_STUDY, rel=0.1)


def test_school_binds_a_pupil_less_while_a_parent_at_home_is_in_detention():
    world = Simulation(Scenario(people=50, years=1)).world
    child, parent, home = world.actors[0], world.actors[world.tile_index["youths"][0]], world.people["household"]

    def bond(**fields):
        home[child] = home[parent] = 1
        world.people["born"][child], world.people["born"][parent] = EVERY - 12 * 52, EVERY - 40 * 52
        world.people["detained_until"], world.people["school_bond"], world.people["prospects"] = NEVER, 0.5, 0.5
        world.people["exposure"], world.kin["mother_row"][child], world.kin["mother"][child] = 0.0, parent, 7
        world.people["id"][parent] = 7
        for name, value in fields.items():
            world.people[name][parent] = value
        prospects(executable(world), P, levers(), 1, EVERY)
        return world.people["school_bond"][child]

    held, calm = {"detained_until": EVERY + 1}, bond()
    assert calm - bond(**held) == pytest.approx(P.pace * EVERY * PARTED)
    assert calm == bond(detained_until=EVERY) == bond(**held, id=8) == bond(**held, household=0)


def test_at_sixty_five_work_ends(seen):
    people, ages = grown_up(seen)
    assert (people["work_bond"][ages >= 65.0] == 0.0).all()
    assert (people["work_bond"][ages < 65.0] > 0.0).any()


def test_from_fifteen_on_people_work_beside_school_and_before_nobody_does(seen):
    people = seen.world.people[seen.world.people["present"] == 1]
    ages = (seen.week - people["born"]) / 52.0
    assert (people["work_bond"][ages < SIDE_JOB_FROM] == 0.0).all()
    assert 0.3 < (people["work_bond"][(ages >= SIDE_JOB_FROM) & (ages < 18.0)] > 0.0).mean() < 0.8


def test_the_ties_and_means_of_a_household_are_the_firmest_of_its_adults(seen):
    people, _ = grown_up(seen)
    for told, own in (("ties", "trust_neighbours"), ("means", "work_bond")):
        firmest = np.zeros(seen.world.households.size)
        np.maximum.at(firmest, people["household"], people[own])
        assert seen.world.households[told] == pytest.approx(firmest)


def test_a_plan_in_three_domains_lowers_debts_and_ends_in_its_week():
    world = Simulation(Scenario(people=100, years=1)).world
    helped, thin, late = world.actors[:3]
    for row, domains, until in ((helped, 3, 2 * EVERY), (thin, 2, 2 * EVERY), (late, 3, EVERY)):
        for name, value in {"debt": 0.8, "plan_domains": domains, "plan_until": until, "household": 0}.items():
            world.people[name][row] = value
    prospects(executable(world), P, levers(), 1, EVERY)
    owed = P.poverty_debt * world.households["poverty"][0]
    slow, soon = EVERY * INTEREST, EVERY * (INTEREST + P.settlement)
    assert world.people["debt"][[thin, late]] == pytest.approx(0.8 - slow * (0.8 - owed))
    assert world.people["debt"][helped] == pytest.approx(0.8 - soon * (0.8 - REMAINS * owed))
    assert world.people["plan_domains"][[helped, thin, late]].tolist() == [3, 2, 0]


@pytest.mark.parametrize(
    ("age", "fields", "costs"),
    [
        (30.0, {"detained_until": EVERY + 1}, True),
        (30.0, {"detained_until": EVERY}, False),
        (17.0, {"detained_until": EVERY + 1}, False),
        (30.0, {"detained_until": EVERY + 1, "present": 0}, False),
        (30.0, {"detained_until": EVERY + 1, "household": 1}, False),
    ],
    ids=["held", "released", "minor", "dead or gone", "lives elsewhere"],
)
def test_debts_rise_while_an_adult_of_the_household_is_in_detention_and_no_longer(age, fields, costs):
    world = Simulation(Scenario(people=50, years=1)).world
    mate, held = world.actors[world.tile_index["youths"][0] :][:2]
    world.people["household"][[mate, held]], world.people["debt"], world.people["detained_until"] = 0, 0.5, NEVER
    world.people["born"][mate], world.people["born"][held] = -40 * 52, EVERY - round(52 * age)
    for name, value in fields.items():
        world.people[name][held] = value
    prospects(executable(world), P, levers(), 1, EVERY)
    kept = 0.5 + INTEREST * EVERY * (P.poverty_debt * world.households["poverty"][0] - 0.5)
    rise = EARNER * EVERY * (1.0 - kept) if costs else 0.0
    assert world.people["debt"][mate] == pytest.approx(kept + rise)
