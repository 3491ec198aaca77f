"""Demography: rates as in the Netherlands, an age pyramid that holds for 30 years, luck that nobody else's life changes."""

import hashlib
import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from kantelpunt.experiments.running.invariance import follow
from kantelpunt.model.draws import MAX_SEED
from kantelpunt.model.population.families import KIN
from kantelpunt.model.rules.demography import able, birth, death, leaving, lived_here, moving, unease
from kantelpunt.model.state.codes import ARRIVED, BORN, DIED, LEFT, NOBODY, RUNNER, STAGE_BROUGHT, STAYED_FOR_KIN
from kantelpunt.model.state.world import executable
from tests.rules.demography_harness import USUAL, counted, inhabitants, live, numbers, recount, small_world, story
from tests.rules.examples import one
from tests.rules.synthetic_households import PROFILES, made_up, people_of

PEOPLE, SEEDS = 2000, 5


def overvecht(seed=1, people=PEOPLE, events=0):
    """Return a small world with the age bands of Overvecht."""
    return small_world(made_up(*PROFILES["Overvecht"], people, seed), seed, events=events)


def life_expectancy(male):
    ages = np.arange(0.005, 110.0, 0.01)
    hazard = np.array([death(age, male, USUAL) for age in ages])
    return np.exp(-np.cumsum(hazard) * 0.01).sum() * 0.01


def test_life_expectancy_and_mortality_are_those_of_the_netherlands():
    assert life_expectancy(1) == pytest.approx(80.1, abs=0.3)  # CBS 2022
    assert life_expectancy(0) == pytest.approx(83.1, abs=0.3)
    for age, men in ((0.5, 0.0036), (21.5, 0.0004), (61.5, 0.0069), (81.5, 0.0569)):  # CBS life table 2023
        assert death(age, 1, USUAL) == pytest.approx(men, rel=0.25)


def test_some_may_bear_or_leave_home():
    assert birth(17.99, USUAL) == birth(45.0, USUAL) == 0.0
    assert birth(31.0, USUAL) == 1.0 > birth(18.0, USUAL) > 0.0
    assert leaving(17.99, USUAL) == leaving(28.0, USUAL) == 0.0
    assert leaving(18.0, USUAL) == leaving(27.99, USUAL) == USUAL.home_leaving


def test_moving_falls_with_age_and_ownership():
    rates = [moving(age, 0, 0.0, USUAL) for age in (20.0, 25.0, 35.0, 45.0, 70.0)]
    assert rates == sorted(rates, reverse=True)
    assert rates[1] / rates[3] == pytest.approx(3.5, rel=0.15)  # CBS, moves by age 2017: 30.7 % against 8.1 %
    assert rates[4] / rates[3] == pytest.approx(0.46, rel=0.2)  # 3.7 %
    assert moving(45.0, 1, 0.0, USUAL) == pytest.approx(USUAL.rel_owner * rates[3])
    assert moving(70.0, 0, 1.0, USUAL) - rates[4] == pytest.approx(USUAL.turnover * USUAL.settled)


def test_somebody_who_has_work_and_few_ties_leaves_first_for_unease():
    rough = one("place", perceived_disorder=0.5, fear=0.45)
    calm = one("place", fear=USUAL.usual_unease)
    able_to, rooted = one("household", means=0.8, ties=0.2), one("household", means=0.0, ties=0.9)
    assert able(one("household", means=0.5, ties=0.5)) == 1.0
    assert unease(able_to, rough, USUAL) > unease(rooted, rough, USUAL) > 1.0
    assert unease(able_to, calm, USUAL) == unease(rooted, calm, USUAL) == 1.0
    cut = USUAL._replace(unease_gain=0.0)
    assert unease(able_to, rough, cut) == 1.0


def test_at_the_start_people_have_lived_here_for_as_long_as_their_moves_allow():
    world = overvecht()
    lived_here(executable(world.households), numbers(), 1)
    years = -world.households["since"] / 52.0
    grown = -world.households["oldest"] / 52.0 - 18.0
    assert (years >= 0.0).all() and (years <= grown + 0.1).all()
    assert np.median(years[grown < 12.0]) < np.median(years[(grown >= 12.0) & (world.households["owner"] == 1)])
    later = live(overvecht(), 1, 1, 520)
    now = (520 - later.households["since"]) / 52.0
    assert np.mean(now < 2.0) == pytest.approx(np.mean(years < 2.0), abs=0.05)


def test_shared_dwellings_make_the_number_of_people_grow():
    plain, shared = (live(overvecht(people=600), 1, 1, 260, shared=share) for share in (0.0, 0.3))
    assert inhabitants(shared).size > 1.05 * inhabitants(plain).size
    assert counted(shared)["moved_in"] > counted(plain)["moved_in"]
    assert np.unique(inhabitants(shared)["id"]).size == inhabitants(shared).size


@pytest.mark.parametrize(
    ("name", "turnover"), [("Overvecht", (0.11, 0.18)), ("Stokhasselt", (0.08, 0.18)), ("Heikant", (0.07, 0.16))]
)
def test_crude_rates_are_real(name, turnover):
    births, deaths, moved = [], [], []
    for seed in range(SEEDS):
        world = small_world(people_of(name, seed), seed)
        for year in range(10):
            before = world.households["id"].copy()
            live(world, seed, 52 * year + 1, 52 * year + 52)
            moved.append((world.households["id"] != before).mean())
        births.append(counted(world)["births"] / PEOPLE / 10)
        deaths.append(counted(world)["deaths"] / PEOPLE / 10)
        assert (world.households["size"] == 0).mean() < 0.02
    assert 0.008 < np.mean(births) < 0.016  # Utrecht and Tilburg: 10-12 per 1,000; children are many here
    assert 0.005 < np.mean(deaths) < 0.013  # the Netherlands 2022: 9.6 per 1,000, with 20 % of 65 and over
    assert turnover[0] < np.mean(moved) < turnover[1]  # p40; a second move in one year does not show


def test_nobody_is_lost_or_doubled():
    world = overvecht(events=20_000)
    start = int(world.tile_index["people"][0])
    for week in range(1, 400):
        live(world, 1, week, week)
        check_books(world, start, week)
    total, kinds = counted(world), {ARRIVED: "moved_in", LEFT: "moved_out", BORN: "births", DIED: "deaths"}
    assert total.pop("moved_out_working") <= total["moved_out"]
    assert 0 < total.pop("births_rooted") <= total["births"]
    assert total.pop("moved_within") == 0  # here there is one tile
    assert 0 < total.pop("moved_in_kin") <= total["moved_in"]
    assert total.pop("stayed") > 0
    assert total.pop("came_for_work") == total.pop("crews_came") == 0  # here no crew lacks hands
    assert Counter(kinds[kind] for _, kind, *_ in story(world) if kind not in (STAYED_FOR_KIN, STAGE_BROUGHT)) == total


def check_books(world, start, week):
    """Check that people, households, free rows and counts agree."""
    total, people, households = counted(world), world.people, world.households.copy()
    present = people[people["present"] == 1]
    assert present.size == start + total["births"] + total["moved_in"] - total["deaths"] - total["moved_out"]
    assert present.size == world.tile_index["people"][0]
    free = world.people_free[: world.tile_index["people_free"][0]]
    assert np.array_equal(np.sort(free), np.flatnonzero(people["present"] == 0))
    assert np.unique(present["id"]).size == present.size
    assert np.array_equal(np.bincount(present["household"], minlength=households.size), households["size"])
    assert np.array_equal(present["home"], households["home"][present["household"]])
    recount(people, households, week)
    assert np.array_equal(households["adults"], world.households["adults"])
    lived_in = households["size"] > 0
    assert np.array_equal(households["oldest"][lived_in], world.households["oldest"][lived_in])


def test_only_the_young_leave_alone():
    world = overvecht(events=20_000)
    live(world, 1, 1, 520, USUAL._replace(turnover=0.0))
    ages = Counter(value for _, kind, _, _, value, _ in story(world) if kind == LEFT)
    assert sum(n for age, n in ages.items() if 18 <= age < 28) > 150
    assert sum(n for age, n in ages.items() if not 18 <= age < 28) < 5  # children whose parents died
    assert set(range(18, 28)) <= set(ages)


def test_the_old_die_and_hardly_anybody_else():
    world = live(overvecht(events=40_000), 1, 1, 1040)
    died = Counter(value // 10 for _, kind, _, _, value, _ in story(world) if kind == DIED)
    assert set(range(5, 10)) <= set(died)
    assert died[8] > died[6] > died[4] > died[2] >= 0
    assert sum(died.values()) == counted(world)["deaths"]


def test_involved_members_are_counted():
    world = overvecht()
    world.people["stage"][:PEOPLE:50] = RUNNER
    live(world, 1, 1, 1)
    present = world.people[world.people["present"] == 1]
    expected = np.bincount(present["household"][present["stage"] >= 2], minlength=world.households.size)
    assert np.array_equal(world.households["involved"], expected)
    assert expected.sum() > 30


def test_children_alone_do_not_stay():
    world = overvecht()
    h = int(np.flatnonzero((world.households["size"] > 2) & (world.households["size"] > world.households["adults"]))[0])
    children = world.people["id"][(world.people["household"] == h) & (world.people["born"] > -18 * 52)]
    parents = (world.people["household"] == h) & (world.people["born"] <= -18 * 52)
    world.people["born"][parents] = -200 * 52  # nobody lives on at this age
    live(world, 1, 1, 104, USUAL._replace(turnover=0.0))
    assert not np.isin(children, world.people["id"][world.people["present"] == 1]).any()
    assert world.households["adults"][h] > 0 or world.households["size"][h] == 0


def test_unease_drives_people_away():
    calm, afraid = overvecht(), overvecht()
    afraid.places["fear"], afraid.places["perceived_disorder"] = 1.0, 1.0
    left = [counted(live(world, 1, 1, 104))["moved_out"] for world in (calm, afraid)]
    assert left[1] / left[0] == pytest.approx(1.0 + USUAL.unease_gain * (2.0 - USUAL.usual_unease), rel=0.2)


def test_closed_families_stay_longer():
    world = overvecht()
    world.households["closed"][::2] = 1.0
    before = world.households["id"].copy()
    live(world, 1, 1, 104)
    changed = world.households["id"] != before
    assert changed[::2].mean() < 0.05 < 0.2 < changed[1::2].mean()


def test_without_free_rows_nobody_arrives_and_nothing_breaks():
    world = overvecht()
    start = int(world.tile_index["people"][0])
    world.people["present"][world.people_free[: world.tile_index["people_free"][0]]] = (
        2  # taken by nobody: neither free nor present
    )
    world.tile_index["people_free"] = 0
    live(world, 1, 1, 52)
    total = counted(world)
    present = (world.people["present"] == 1).sum()
    assert (
        present
        == start + total["births"] + total["moved_in"] - total["deaths"] - total["moved_out"]
        == world.tile_index["people"][0]
    )


def test_what_happens_to_one_person_changes_nobody_else():
    world, twin = overvecht(events=20_000), overvecht(events=20_000)
    twin.people["education"][7] = (twin.people["education"][7] + 1) % 3
    twin.people["stage"][7] = RUNNER
    twin.people["fear"][7] = 0.9
    assert story(live(world, 1, 1, 520)) == story(live(twin, 1, 1, 520))


def test_fear_in_one_place_moves_only_somebody_who_lives_there():
    world, twin = overvecht(events=40_000), overvecht(events=40_000)
    cell, apart = 5, USUAL._replace(nearby=0.0)  # who finds a dwelling here competes for it with the others who look for one
    twin.places["fear"][cell] = twin.places["perceived_disorder"][cell] = 1.0
    one, other = set(story(live(world, 1, 1, 1040, apart))), set(story(live(twin, 1, 1, 1040, apart)))
    assert one != other
    own = world.households["home"] == cell
    near = {int(world.households["home"][h]) for h in world.relatives["household"][own].ravel() if h != NOBODY}
    assert {place for _, _, _, place, *_ in one ^ other} <= {cell} | near


def test_rows_do_not_matter():
    world, twin = overvecht(events=20_000), overvecht(events=20_000)
    chance = np.random.default_rng(5)
    rows = chance.permutation(world.people.size)
    for name in KIN:
        follow(twin.kin[f"{name}_row"], rows)
    for table in (twin.people, twin.kin):
        table[rows] = table.copy()
    free = np.flatnonzero(twin.people["present"] == 0)
    twin.people_free[: free.size] = chance.permutation(free)
    assert story(live(world, 1, 1, 520)) == story(live(twin, 1, 1, 520))
    assert np.array_equal(inhabitants(world), inhabitants(twin))
    for table, other in ((world.households, twin.households), (world.relatives, twin.relatives)):
        for name in table.dtype.names:
            assert np.array_equal(table[name], other[name]), name


def test_seeds_differ_and_repeat():
    synthesis = made_up(*PROFILES["Overvecht"], 400, 3)
    stories = [story(live(small_world(synthesis, seed, events=9000), seed, 1, 104)) for seed in (3, 3, 4, MAX_SEED)]
    assert stories[0] == stories[1]
    assert not set(stories[0]) & set(stories[2])
    assert stories[3]


def digest() -> str:
    """Return a digest of ten weeks of 100 people."""
    world = live(overvecht(people=100, events=1000), 1, 1, 10, USUAL._replace(turnover=0.22))
    return hashlib.sha256(
        repr((story(world), inhabitants(world).tolist(), world.households.tolist(), world.kin.tolist())).encode()
    ).hexdigest()


def test_plain_python_lives_the_same_weeks():
    code = "from tests.rules.test_demography import digest; print(digest())"
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    found = subprocess.run([sys.executable, "-c", code], env=plain, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == digest()


def test_somebody_who_moves_in_and_somebody_who_is_born_there_trust_neighbours_as_people_around_them_do():
    world = overvecht(events=5_000)
    world.places["cohesion"] = 0.6
    live(world, 1, 1, 104)
    people, trust = world.people[world.people["present"] == 1], {}
    for kind in (BORN, ARRIVED):
        new = np.isin(people["id"], [who for _, what, who, *_ in story(world) if what == kind])
        trust[kind] = people["trust_neighbours"][new].mean()
    assert trust[ARRIVED] == pytest.approx(0.6, abs=0.02)
    assert trust[BORN] == pytest.approx(0.6, abs=0.06)  # some fifty children


def test_of_those_who_leave_the_ones_with_work_are_counted():
    for working in (0.0, 0.7):
        world = overvecht()
        world.people["work_bond"] = working
        told = counted(live(world, 1, 1, 4))
        assert told["moved_out_working"] == (told["moved_out"] if working else 0)
