"""Kin: identities that agree, links with two ends, newcomers and births that are the same in twin worlds."""

import numpy as np
import pytest

from kantelpunt.model.population.families import families
from kantelpunt.model.state.codes import NOBODY, RELATIVES, STAYED_FOR_KIN
from kantelpunt.model.state.fields import DTYPES
from tests.rules.demography_harness import USUAL, counted, inhabitants, live, small_world
from tests.rules.synthetic_households import people_of

PEOPLE = 2000
A_PERSON = 324  # bytes of a person with friends, kin and workers known, where levels take eight bytes (D3)


def area(name="Overvecht", seed=1, p=USUAL, people=PEOPLE, events=0):
    return small_world(people_of(name, seed, people), seed, p, events)


def kin_of(world):
    """Return people and kin of all present."""
    here = world.people["present"] == 1
    return world.people[here], world.kin[here]


def rows_of(people, ids):
    """Return who of the people each identity is: positions of those found, and in whom."""
    order = np.argsort(people["id"])
    at = np.minimum(np.searchsorted(people["id"][order], ids), people.size - 1)
    found = np.flatnonzero(people["id"][order][at] == ids)
    return found, order[at[found]]


def links(world):
    """Return the pairs of households that are linked, each way."""
    households, relatives = world.households, world.relatives
    pairs = set()
    for h in np.flatnonzero(households["size"] > 0):
        for tie in relatives[h][relatives[h]["household"] != NOBODY]:
            other = households[tie["household"]]
            if other["id"] == tie["id"] and other["size"] > 0:
                pairs.add((int(h), int(tie["household"])))
    return pairs


@pytest.fixture(scope="module", params=["Overvecht", "Heikant", "students", "old"])
def lived(request):
    """Return worlds at the start and after twenty years."""
    return area(request.param), live(area(request.param), 1, 1, 1040)


@pytest.mark.parametrize("when", [0, 1])
def test_parents_are_older_and_of_their_sex(lived, when):
    people, kin = kin_of(lived[when])
    for name, male, most in (("mother", 0, 50), ("father", 1, 100)):
        child, parent = rows_of(people, kin[name])
        older = (people["born"][child] - people["born"][parent]) / 52.0
        assert child.size > 200
        assert (older > 13.9).all() and (older < most + 0.1).all()
        assert (people["male"][parent] == male).all()


@pytest.mark.parametrize("when", [0, 1])
def test_partners_are_each_others_and_live_together(lived, when):
    people, kin = kin_of(lived[when])
    one, other = rows_of(people, kin["partner"])
    assert one.size > 200
    assert (kin["partner"][other] == people["id"][one]).all()
    assert (people["household"][one] == people["household"][other]).all()
    assert (kin["mother"][one] != people["id"][other]).all() and (kin["father"][one] != people["id"][other]).all()
    same = (kin["mother"][one] == kin["mother"][other]) & (kin["mother"][one] != NOBODY)
    assert not same.any()


@pytest.mark.parametrize("when", [0, 1])
def test_rows_are_of_the_identities(lived, when):
    world = lived[when]
    people, kin = kin_of(world)
    for name in ("mother", "father", "partner"):
        found, _ = rows_of(people, kin[name])
        assert (world.people["id"][kin[f"{name}_row"][found]] == kin[name][found]).all(), name


@pytest.mark.parametrize("when", [0, 1])
def test_links_have_two_ends_and_are_few(lived, when):
    pairs = links(lived[when])
    assert pairs and pairs == {(b, a) for a, b in pairs} and all(a != b for a, b in pairs)
    assert np.bincount([a for a, _ in pairs]).max() <= RELATIVES


def test_most_who_have_a_mother_elsewhere_in_the_neighbourhood_are_linked_with_her():
    world = live(area(), 1, 1, 1040)
    people, kin = kin_of(world)
    child, mother = rows_of(people, kin["mother"])
    ends = list(zip(people["household"][child].tolist(), people["household"][mother].tolist(), strict=True))
    apart = [end for end in ends if end[0] != end[1]]
    assert len(apart) > 20
    assert np.mean([end in links(world) for end in apart]) > 0.9


def test_every_child_born_here_has_a_mother_who_was_here_and_mostly_a_father():
    world = live(area(), 1, 1, 520)
    people, kin = kin_of(world)
    born = people["born"] > 0
    young = born & np.isin(kin["mother"], people["id"])
    assert young.sum() > 50
    stayed = kin["mother"][born] != NOBODY
    assert stayed.mean() > 0.8 and 0.5 < (kin["father"][born] != NOBODY).mean() < 1.0  # lone parents; newcomers' children too


def test_a_third_generation_exists():
    world = live(area(), 1, 1, 30 * 52)
    people, kin = kin_of(world)
    _, mother = rows_of(people, kin["mother"])
    grandmother = kin["mother"][mother]
    assert (grandmother != NOBODY).sum() > 5


def test_somebody_who_stays_is_as_asked():
    stayed = {}
    for share in (0.0, 0.15, 0.45):
        told = counted(live(area(), 1, 1, 1040, USUAL._replace(nearby=share)))
        stayed[share] = told["stayed"]
    assert stayed[0.0] == 0
    assert 2.0 < stayed[0.45] / stayed[0.15] < 4.0


def test_households_come_because_of_kin_as_asked_and_stay_for_them():
    came, kept = {}, {}
    for share in (0.0, 0.05, 0.15):
        p = USUAL._replace(following=share)
        world = live(area(p=p, events=40_000), 1, 1, 1040, p)
        came[share] = counted(world)["moved_in_kin"]
        kept[share] = (world.events["kind"][1:] == STAYED_FOR_KIN).sum()
    assert came[0.0] == 0 < came[0.05] < came[0.15]
    assert 2.0 < came[0.15] / came[0.05] < 4.5
    assert 0 < kept[0.0] < kept[0.05] < kept[0.15]


def test_nobody_stays_for_kin_who_is_not_bound_by_them():
    p = USUAL._replace(bound=0.0)
    world = live(area(p=p, events=40_000), 1, 1, 520, p)
    assert (world.events["kind"][1:] != STAYED_FOR_KIN).all()


def test_somebody_who_comes_because_of_kin_is_linked_with_a_mother_of_fitting_age():
    p = USUAL._replace(following=0.15)
    world = area(p=p)
    before = set(world.people["id"].tolist())
    live(world, 1, 1, 26, p)
    people, kin = kin_of(world)
    child, mother = rows_of(people, kin["mother"])
    new = [k for k, who in enumerate(people["id"][child].tolist()) if who not in before and people["born"][child[k]] < -18 * 52]
    apart = [k for k in new if people["household"][child[k]] != people["household"][mother[k]]]
    assert len(apart) > 3
    for k in apart:
        assert 19.9 < (people["born"][child[k]] - people["born"][mother[k]]) / 52 < 42.1
        ends = int(people["household"][child[k]]), int(people["household"][mother[k]])
        assert ends in links(world)


def test_births_to_mothers_who_has_parents_follow_those_who_stay():
    none, some = (USUAL._replace(nearby=share, rooted=share, following=0.0) for share in (0.0, 0.3))
    told = [counted(live(area(p=p), 1, 1, 1560, p)) for p in (none, some)]
    assert told[0]["births_rooted"] < 0.03 * told[0]["births"]  # those who keep house alone when their parents have died
    assert 0.03 < told[1]["births_rooted"] / told[1]["births"] < 0.25


def test_kin_in_the_neighbourhood_begins_where_it_comes_to_rest():
    share = []
    for seed in range(1, 5):
        world = area(seed=seed)
        rows = []
        for decade in range(4):
            rows.append(len({a for a, _ in links(world)}) / np.count_nonzero(world.households["size"]))
            live(world, seed, 520 * decade + 1, 520 * decade + 520)
        share.append(rows)
    mean = np.mean(share, axis=0)
    assert 0.05 < mean[0] < 0.4
    assert np.abs(mean / mean[1:].mean() - 1.0).max() < 0.3, mean


def test_the_next_household_of_a_dwelling_and_the_next_child_are_the_same_whenever_they_come():
    world, twin = area(), area()
    world.newcomer_levels["closed"] = twin.newcomer_levels["closed"] = 0.9
    twin.places["fear"], twin.places["perceived_disorder"] = 1.0, 1.0  # sooner
    later = [live(each, 1, 1, weeks) for each, weeks in ((world, 208), (twin, 104))]
    same = later[0].households["vacancies"] == later[1].households["vacancies"]
    moved = later[0].households["vacancies"] > 0
    assert (same & moved).sum() > 100
    assert (later[0].households["id"][same] == later[1].households["id"][same]).all()
    closed = [each.households["closed"][same & moved] for each in later]
    assert (closed[0] == closed[1]).all() and closed[0].max() > 0.0
    newborn = [each[(each["born"] > 0)]["id"] for each in map(inhabitants, later)]
    assert np.intersect1d(*newborn).size > 5


def test_a_stepparent_of_an_unlikely_age_is_no_parent():
    synthesis = people_of("Overvecht", 1, 400)
    home = int(np.flatnonzero(synthesis.households["kind"] == 3)[0])
    first = synthesis.households["first"][home]
    synthesis.persons["age"][first] = synthesis.persons["age"][first + 2] + 5.0
    related = families(synthesis.persons, synthesis.households)
    assert related["mother"][first + 2] == NOBODY and related["partner"][first] == 1


def test_a_person_with_friends_kin_and_workers_known_takes_little_room():
    friends, workers = (4 * DTYPES["friend"].itemsize, 3 * DTYPES["acquaintance"].itemsize)
    taken = DTYPES["person"].itemsize + DTYPES["kin"].itemsize + friends + workers
    assert taken <= A_PERSON, "a person's record is full: draw a lasting trait with week 0, or give the field to the household"
