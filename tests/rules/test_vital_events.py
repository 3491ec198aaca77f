"""Who dies, is born, leaves home or moves: the order of draws, and what becomes of a household, in towns of a few people."""

import numpy as np
import pytest

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.rules.demography import (
    BEARS,
    DIES,
    GENERATION,
    LEAVES,
    LIKELIEST_FATE,
    LIKELIEST_MOVE,
    STAYS,
    WAIT,
    bearing,
    birth,
    death,
    fate,
    fortune,
    leaving,
    lived_here,
    may_bear,
    moving,
    unease,
    with_parents,
)
from kantelpunt.model.state.codes import ARRIVED, BORN, DIED, LEFT, NEVER, NOBODY, PUT_OUT, STAYED_FOR_KIN
from tests.rules.demography_harness import USUAL, counted, live, numbers, recount, small_world, story
from tests.rules.examples import TODAY, lot, one, person, rows
from tests.rules.synthetic_households import PROFILES, made_up

FERTILITY = 0.3
NOBODY_MOVES = USUAL._replace(turnover=0.0, home_leaving=0.0)
ALL_MOVE = USUAL._replace(turnover=60.0, bound=0.0)  # whom a draw below the likeliest move falls to
LAST = 20  # weeks in which so many move as a year has, at the likeliest pace


def town(people=80, seed=1):
    """Return a town of so many people, before its first week."""
    return small_world(made_up(*PROFILES["Overvecht"], people, seed), seed, events=4_000)


def present(world):
    """Return the people who live in a world."""
    return world.people[world.people["present"] == 1]


def of_kind(world, kind):
    """Return who something of this kind happened to, by identity."""
    return [who for _, what, who, *_ in story(world) if what == kind]


def books_agree(world, start):
    """Return whether counts, events, households and rows tell of the same people."""
    told, here, homes = counted(world), present(world), world.households
    kinds = {ARRIVED: "moved_in", LEFT: "moved_out", BORN: "births", DIED: "deaths"}
    return (
        all(len(of_kind(world, kind)) == told[name] for kind, name in kinds.items())
        and here.size == world.tile_index["people"][0]
        and here.size == start + told["births"] + told["moved_in"] - told["deaths"] - told["moved_out"]
        and here.size + world.tile_index["people_free"][0] == world.people.size
        and np.array_equal(np.bincount(here["household"], minlength=homes.size), homes["size"])
    )


@pytest.mark.parametrize(("age", "male"), [(0.5, 1), (25.0, 0), (25.0, 1), (31.0, 0), (50.0, 0), (80.0, 0), (80.0, 1)])
def test_one_draw_decides_between_dying_bearing_leaving_and_staying(age, male):
    who, p = person(age, male=male), USUAL
    age = (TODAY - who.born) / WEEKS_A_YEAR
    dies = death(age, male, p) / WEEKS_A_YEAR
    bears = dies + (bearing(age, FERTILITY, p) / WEEKS_A_YEAR if male == 0 else 0.0)
    leaves = bears + leaving(age, p) / WEEKS_A_YEAR
    before, hair = 0.0, 1e-9
    for limit, what in ((dies, DIES), (bears, BEARS), (leaves, LEAVES)):
        if limit > before:
            assert (
                fate(who, before, FERTILITY, numbers(p), TODAY) == fate(who, limit - hair, FERTILITY, numbers(p), TODAY) == what
            )
        before = limit
    assert fate(who, leaves, FERTILITY, numbers(p), TODAY) == fate(who, 0.99, FERTILITY, numbers(p), TODAY) == STAYS


@pytest.mark.parametrize("age", [20.0, 31.0, 40.0])
def test_somebody_who_waits_after_a_child_bears_as_many_in_the_long_run(age):
    yearly, wait = FERTILITY * birth(age, USUAL), WAIT / WEEKS_A_YEAR
    assert 1.0 / (wait + 1.0 / bearing(age, FERTILITY, USUAL)) == pytest.approx(yearly), (
        "one birth in the wait and the time to the next"
    )
    home, grown = one("household", oldest=TODAY - 40 * WEEKS_A_YEAR), person(age, male=0)
    own = [one("kin", bore=TODAY - weeks) for weeks in (2_000, WAIT, WAIT - 1)]
    here, sure = rows("person", 2, id=[1, 2], present=1, born=[TODAY - 40 * WEEKS_A_YEAR, grown.born]), USUAL._replace(alone=1.0)
    assert [may_bear(here, 0, each, home, sure, lot(1), TODAY) for each in own] == [True, True, False]
    assert may_bear(here, 1, own[0], home, sure, lot(1), TODAY) == (age > 40.0 - GENERATION), "nobody who lives with her parents"
    with_partner = one("kin", bore=NEVER, partner=2, partner_row=1)
    for own, asked in ((one("kin", bore=NEVER, partner=NOBODY, partner_row=NOBODY), USUAL.alone), (with_partner, 1.0)):
        found = np.mean([may_bear(here, 0, own, home, USUAL, lot(k), TODAY) for k in range(500)])
        assert found == pytest.approx(asked, abs=0.07)


def test_children_of_one_mother_are_fifteen_months_apart():
    world = town(400)
    live(world, 1, 1, 10 * WEEKS_A_YEAR, NOBODY_MOVES._replace(refill=0.0))
    own, born = world.kin[world.people["present"] == 1], present(world)["born"]
    late = born > 0
    assert late.sum() > 20
    for mother in set(own["mother"][late].tolist()):
        weeks = np.sort(born[own["mother"] == mother])
        assert (np.diff(weeks[max(int((weeks <= 0).sum()) - 1, 0) :]) >= WAIT).all(), "nor after one born before the start"


def test_hazards_of_death_are_those_of_accidents_infancy_and_age():
    p = USUAL
    assert death(80.0, 1, p) == pytest.approx(p.accidents + p.frailty_men)
    assert death(80.0, 0, p) == pytest.approx(p.accidents + p.frailty_women)
    assert death(80.0, 1, p) - p.accidents == pytest.approx(np.exp(10.0 * p.aging) * (death(70.0, 1, p) - p.accidents))
    assert death(0.999, 0, p) - death(1.0, 0, p) == pytest.approx(p.infancy, rel=1e-3)


def test_somebody_who_moves_leaves_with_the_household_and_somebody_who_found_no_dwelling_gives_up():
    p = numbers()
    late, sure = LIKELIEST_FATE + 0.001, 0.0
    assert fortune(person(40.0), one("household", moving=1), 0.9, FERTILITY, p, TODAY) == LEAVES
    assert fortune(person(22.0, seeking=TODAY), one("household"), 0.9, FERTILITY, p, TODAY) == LEAVES
    assert fortune(person(22.0, seeking=TODAY + 1), one("household"), 0.9, FERTILITY, p, TODAY) == STAYS
    very_old = person(200.0)
    assert fortune(very_old, one("household"), sure, FERTILITY, p, TODAY) == DIES
    assert fortune(very_old, one("household"), late, FERTILITY, p, TODAY) == STAYS, "nobody's fate is likelier in a week"


def test_somebody_who_is_a_generation_younger_than_the_oldest_at_home_lives_with_parents():
    home = one("household", oldest=TODAY - 40 * WEEKS_A_YEAR)
    generation = int(GENERATION * WEEKS_A_YEAR)
    assert [with_parents(one("person", born=home.oldest + generation + more), home) for more in (-1, 0, 1)] == [False, True, True]


def test_at_the_start_who_moves_seldom_has_been_here_long_and_nobody_before_coming_of_age():
    ages = np.repeat([17.0, 25.0, 80.0], 1_000)
    homes = rows("household", ages.size, dwelling=range(ages.size), oldest=-np.round(ages * WEEKS_A_YEAR), owner=0)
    lived_here(homes, numbers(), 1)
    years = np.array([-homes[h].since / WEEKS_A_YEAR for h in range(ages.size)])
    assert (years[ages == 17.0] == 0.0).all() and (years >= 0.0).all()
    for age in (25.0, 80.0):
        pace, most = moving(age, 0, 0.0, numbers()), age - 18.0
        assert years[ages == age].max() <= most
        assert years[ages == age].mean() == pytest.approx(
            (1.0 - np.exp(-pace * most)) / pace, rel=0.07
        )  # an exponential, cut off


def test_unease_moves_nobody_less_than_not_at_all():
    safe, mad = one("place", fear=0.0, perceived_disorder=0.0), numbers(USUAL._replace(unease_gain=9.0))
    assert unease(one("household", means=1.0), safe, mad) == 0.0


def test_counts_events_and_rows_of_a_town_tell_of_the_same_people():
    world = town(250)
    start = int(world.tile_index["people"][0])
    for week in range(1, 105):
        live(world, 1, week, week, USUAL._replace(turnover=0.22, nearby=0.45, home_leaving=0.3))
        assert books_agree(world, start), week
    assert min(counted(world)[name] for name in ("births", "deaths", "moved_in", "moved_out", "stayed")) > 0
    assert set(present(world)["male"].tolist()) == {0, 1}
    check = world.households.copy()
    recount(world.people, check, 104)
    lived_in = check["size"] > 0
    for name in ("adults", "oldest"):
        assert np.array_equal(check[name][lived_in], world.households[name][lived_in]), name


def test_where_nobody_moves_the_young_who_look_for_a_dwelling_wait_half_a_year_and_then_go():
    world = town(200)
    eager = NOBODY_MOVES._replace(home_leaving=1.5, nearby=1.0, frailty_men=0.0, frailty_women=0.0, accidents=0.0, infancy=0.0)
    live(world, 1, 1, 26, eager)
    assert counted(world)["moved_out"] == counted(world)["deaths"] == 0 and (present(world)["seeking"] > 26).any()
    first = {int(week) for week in present(world)["seeking"] if week > 26}
    live(world, 1, 27, min(first) - 1, eager)
    assert counted(world)["moved_out"] == 0
    live(world, 1, min(first), min(first), eager)
    assert counted(world)["moved_out"] > 0
    others = town(200)
    live(others, 1, 1, 26, eager._replace(nearby=0.0))
    assert counted(others)["moved_out"] > 0, "who does not look here goes at once"


def test_households_move_as_likely_as_their_hazard_says_and_stay_for_kin():
    changed, kept = {}, {}
    for bound in (0.0, 1.0):
        world = town(150)
        world.relatives["household"], world.relatives["id"] = NOBODY, 0
        world.relatives["household"][::2, 0], world.relatives["id"][::2, 0] = 1, world.households["id"][1]
        before = world.households["id"].copy()
        live(world, 1, 1, 1, ALL_MOVE._replace(bound=bound))
        moved = world.households["id"] != before
        changed[bound], kept[bound] = moved, len(of_kind(world, STAYED_FOR_KIN))
    kin = np.arange(changed[0.0].size) % 2 == 0
    assert changed[0.0][kin].any() and changed[0.0][~kin].any() and kept[0.0] == 0
    assert not changed[1.0][kin].any() and kept[1.0] == changed[0.0][kin].sum()
    assert np.array_equal(changed[1.0][~kin], changed[0.0][~kin])


def test_no_household_is_likelier_to_move_in_a_week_than_the_likeliest():
    world, moved = town(), []
    for week in range(1, 2 * LAST):
        before = world.households["id"].copy()
        live(world, 1, week, week, ALL_MOVE)
        moved += (world.households["id"] != before).tolist()
    assert np.mean(moved) == pytest.approx(LIKELIEST_MOVE, abs=0.02)


def test_somebody_who_is_put_out_and_children_left_alone_go():
    world = town(80)
    homes = world.households
    homes["moving"][0], homes["adults"][1] = PUT_OUT, 0
    before, members = (
        homes["id"].copy(),
        set(world.people["id"][(world.people["present"] == 1) & (world.people["household"] < 2)]),
    )
    live(world, 1, 1, 1, NOBODY_MOVES)
    changed = np.flatnonzero(homes["id"] != before)
    assert set(changed) == {0, 1} and not members & set(present(world)["id"]), "and nobody of theirs stays behind"


def test_an_empty_dwelling_waits_for_its_hazard():
    waits = []
    for refill in (0.0, 1.0):
        world = town(80)
        homes = world.households
        gone = world.people["household"] == 2
        world.people["born"][gone] = -200 * WEEKS_A_YEAR  # nobody lives on at this age
        week = 0
        while homes["size"][2] > 0:
            week += 1
            live(world, 1, week, week, NOBODY_MOVES)
        live(world, 1, week + 1, week + 1, NOBODY_MOVES._replace(refill=refill))
        waits.append(int(homes["size"][2]))
    assert waits[0] == 0 < waits[1]


def test_only_somebody_who_lives_with_parents_leaves_home_and_nobody_is_born_where_there_is_no_room_for_a_row():
    nobody_dies = {"frailty_men": 0.0, "frailty_women": 0.0, "accidents": 0.0, "infancy": 0.0}
    world = town(80)
    eager = NOBODY_MOVES._replace(home_leaving=1.5, nearby=0.0, **nobody_dies)
    alone = world.people["household"] == world.people["household"][np.flatnonzero(world.people["present"] == 1)[0]]
    world.people["born"][alone] = -20 * WEEKS_A_YEAR
    recount(world.people, world.households, 0)
    older = world.households["oldest"][world.people["household"]] + GENERATION * WEEKS_A_YEAR <= world.people["born"]
    may = set(world.people["id"][older & (world.people["present"] == 1)])
    live(world, 1, 1, LAST, eager)
    left = set(of_kind(world, LEFT))
    assert left and left <= may and not left & set(world.people["id"][alone])
    for rows_free, births in ((0, False), (40, True)):
        full = town(80)
        full.tile_index["fertility"], full.tile_index["people_free"] = 5.0, min(rows_free, int(full.tile_index["people_free"][0]))
        live(full, 1, 1, LAST, NOBODY_MOVES._replace(refill=0.0, **nobody_dies))
        assert (counted(full)["births"] > 0) == births


def test_a_closed_family_does_not_move():
    world = town(80)
    world.households["closed"] = 1.0
    before = world.households["id"].copy()
    live(world, 1, 1, LAST, ALL_MOVE._replace(home_leaving=0.0))
    assert np.array_equal(before, world.households["id"])


def test_children_are_born_to_women_with_room_who_live_with_no_parents_and_take_after_them():
    world = town(200)
    world.people["education"] = 2
    world.tile_index["fertility"] = 5.0
    mothers = {}
    for week in range(1, 27):
        live(world, 1, week, week, NOBODY_MOVES)
    born = np.flatnonzero((world.people["present"] == 1) & (world.people["born"] > 0))
    assert born.size == counted(world)["births"] > 5
    people = world.people
    for row in born:
        mother = people[world.kin["mother_row"][row]]
        mothers[int(mother["id"])] = mothers.get(int(mother["id"]), 0) + 1
        age = (people["born"][row] - mother["born"]) / WEEKS_A_YEAR
        assert mother["male"] == 0 and 18.0 <= age < 45.0 and mother["household"] == people["household"][row]
        assert people["education"][row] == 2 and people["male"][row] in (0, 1)
        father = world.kin["father_row"][row]
        if father != NOBODY:
            assert people["male"][father] == 1 and people["household"][father] == people["household"][row]
    assert all(people["children"][people["id"] == who][0] == n for who, n in mothers.items())
    assert (world.kin["father_row"][born] != NOBODY).any()
    full = town(200)
    full.tile_index["fertility"] = 5.0
    live(full, 1, 1, 26, NOBODY_MOVES._replace(room=0.0))
    assert counted(full)["births"] == 0


def test_somebody_who_comes_from_elsewhere_has_the_levels_of_an_area_like_this_and_trusts_neighbours_as_people_here_do():
    world = town(150)
    world.places["cohesion"], world.newcomer_levels["usefulness"] = 0.6, 0.5
    live(world, 1, 1, LAST, USUAL._replace(turnover=0.8))
    came = present(world)[np.isin(present(world)["id"], of_kind(world, ARRIVED))]
    assert came.size > 20 and (came["usefulness"] > 0.0).all() and set(came["seeking"].tolist()) == {NEVER}
    assert came["trust_neighbours"].mean() == pytest.approx(0.6, abs=0.06)


def test_of_those_who_go_the_ones_with_work_are_counted():
    for bond in (0.0, 0.5):
        world = town(120)
        world.people["work_bond"] = bond
        live(world, 1, 1, 1, ALL_MOVE)
        told = counted(world)
        assert told["moved_out_working"] == (told["moved_out"] if bond else 0) and told["moved_out"] > 0


def test_somebody_who_gives_up_here_looks_on_a_tile_beside_if_there_is_one_and_so_do_some_who_move_alone():
    waiting = {}
    for tiles in (1, 2):
        world = town(150)
        world = world._replace(outbox=np.zeros(50, world.people.dtype), outbox_kin=np.zeros(50, world.kin.dtype))
        world.tile_index["tiles"] = tiles
        live(world, 1, 1, 52, NOBODY_MOVES._replace(home_leaving=1.5, nearby=1.0))
        waiting[tiles] = int(world.tile_index["outbox"][0])
    assert waiting[1] == 0 < waiting[2]
    calm = town(100)
    calm = calm._replace(outbox=np.zeros(50, calm.people.dtype), outbox_kin=np.zeros(50, calm.kin.dtype))
    calm.tile_index["tiles"] = 2
    alone = {int(who) for who in calm.people["id"][calm.households["size"][calm.people["household"]] == 1]}
    live(calm, 1, 1, LAST, ALL_MOVE._replace(home_leaving=0.0, nearby=1.0))
    looking = {int(who) for who in calm.outbox["id"][: calm.tile_index["outbox"][0]]}
    assert looking and looking <= alone | set(of_kind(calm, ARRIVED))
