"""Presence: worked examples."""

from typing import Any

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.compiled import JIT
from kantelpunt.model.rules.presence import (
    DARING,
    LEARNING,
    Manner,
    divide,
    effort,
    make_round,
    manner_of,
    mixed,
    patch_of,
    presence,
    quality_of,
    rounds_of,
    settle_presence,
    share_of,
    speaks_to,
    street_worker,
    walks,
)
from kantelpunt.model.shared.public_places import NEGLECTED, PEOPLE, TROUBLE, place_of_round
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    CARE,
    CONTACT,
    ENFORCEMENT,
    HOT_SPOT,
    MUNICIPALITY,
    NOBODY,
    PERMANENT,
    POLICE,
    SAFETY,
    SOCIAL,
    YOUTH_WORK,
)
from kantelpunt.model.state.fields import unfixed
from kantelpunt.model.state.world import executable
from tests.rules.examples import lever, levers, lot, one, parameters, rows

P = parameters("presence")
BALANCED = {"situational": 0.5, "cultural": 0.5}


def test_quality_asks_for_skill_courage_and_balance_at_once():
    able = one("professional", skill=0.5, courage=0.5, **BALANCED)
    assert quality_of(able, 0.0, P) == pytest.approx(0.5)  # the cube root of 0.5 * 0.5 * 0.5
    assert quality_of(one("professional", skill=1.0, courage=0.0, **BALANCED), 0.0, P) == 0.0
    assert quality_of(one("professional", skill=1.0, courage=1.0, situational=1.0, cultural=1.0), 0.0, P) == pytest.approx(1.0)


def test_somebody_who_is_backed_dares_more_and_somebody_who_dares_all_gains_nothing():
    shy = one("professional", skill=0.5, courage=0.0, **BALANCED)
    bold = one("professional", skill=0.5, courage=1.0, **BALANCED)
    assert quality_of(shy, 1.0, P) == pytest.approx((0.5 * DARING * 0.5) ** (1 / 3))
    assert quality_of(bold, 1.0, P) == quality_of(bold, 0.0, P)


def test_the_exhausted_give_less():
    tired = one("professional", skill=0.5, courage=0.5, energy=0.0, **BALANCED)
    assert quality_of(tired, 0.0, P) == pytest.approx(0.5 * P.tired)
    assert effort(tired, P) == P.tired
    assert effort(one("professional"), P) == 1.0


def test_police_boas_and_youth_workers_walk_and_desks_do_not():
    walkers = [walks(one("professional", organisation=kind)) for kind in (POLICE, ENFORCEMENT, YOUTH_WORK, CARE, MUNICIPALITY)]
    assert walkers == [True, True, True, False, False]


def test_rounds_are_as_many_as_the_hours_allow_on_average():
    n = [rounds_of(10.0, P.visit_hours, lot(week), 7, 0) for week in range(2_000)]
    assert set(n) == {2, 3}  # ten hours in rounds of four
    assert np.mean(n) * P.visit_hours == pytest.approx(10.0, abs=0.2)


def test_more_looks_find_what_is_most_the_matter():
    found = {looks: found_by(TROUBLE, looks) for looks in (1, 2, 10)}
    assert found[1] == pytest.approx(0.5, abs=0.05)  # any place
    assert found[2] == pytest.approx(2 / 3, abs=0.05)  # the worse of two
    assert found[10] > 0.85


def found_by(wanted: int, looks: int) -> float:
    """Return the mean rank (0-1) of the places that are found, of places with ever more of everything."""
    made = Simulation(Scenario(people=300, years=1)).world
    j = int(np.argmax(made.patches["public"]))
    public = made.public[j, : made.patches["public"][j]]
    made.places["crime_hold"], made.places["disorder"][public] = 0.0, np.linspace(0.0, 0.9, public.size)
    made.cell_week["youths"][public], world = range(public.size), executable(made)
    ranks = {int(cell): rank / max(public.size - 1, 1) for rank, cell in enumerate(public)}
    return float(np.mean([ranks[place_of_round(world, j, wanted, looks, lot(), who, 0)] for who in range(500)]))


def test_a_place_with_an_open_promise_is_passed_over():
    made = Simulation(Scenario(people=300, years=1)).world
    j = int(np.argmax(made.patches["public"]))
    public = made.public[j, : made.patches["public"][j]]
    made.promises["place"][: public.size - 1], made.tile_index["promises"] = public[1:], public.size - 1
    world = executable(made)
    assert {place_of_round(world, j, NEGLECTED, 3, lot(), who, 0) for who in range(300)} == {NOBODY, int(public[0])}
    made.promises["place"][public.size - 1], made.tile_index["promises"] = public[0], public.size
    assert place_of_round(world, j, NEGLECTED, 10, lot(), 1, 0) == NOBODY


def streets() -> Any:
    """Return a neighbourhood in which nobody has made a round yet, as rules take it."""
    return executable(Simulation(Scenario(people=100, years=1)).world)


def read(table: Any) -> Any:
    """Return a table of a neighbourhood as a test reads it."""
    return table.view(np.recarray) if JIT else table


def test_presence_is_of_the_week_and_offenders_learn_it_in_months():
    world, place = streets(), one("place", contact_quality=0.2)
    make_round(world, 1, 4, P.visit_hours, Manner(0.5, 0.25, 1.0))
    make_round(world, 1, 4, P.visit_hours, Manner(0.7, 0.25, 1.0))
    here = read(world.cell_week)[1]
    assert unfixed(here.hours) == 2 * P.visit_hours
    settle_presence(place, here, P)
    assert place.presence == 2 * P.visit_hours
    assert place.contact_quality == pytest.approx(0.6)
    assert place.enforcement == pytest.approx(0.25)
    assert place.expected_presence == pytest.approx(LEARNING * 2 * P.visit_hours)
    settle_presence(place, one("cell_week"), P)  # a week without
    assert place.presence == 0.0


def test_somebody_who_seeks_contact_goes_where_most_people_are():
    found = {looks: found_by(PEOPLE, looks) for looks in (1, 10)}
    assert found[1] == pytest.approx(0.5, abs=0.05)
    assert found[10] > 0.85


def test_a_visit_is_of_somebody_and_rounds_of_one_professional_in_one_place_are_one_visit():
    world = streets()
    for cell, who, quality in ((1, 4, 0.5), (1, 7, 0.2), (1, 4, 0.7), (2, 4, 0.1)):
        make_round(world, cell, who, 3.0, Manner(quality, 0.5, 2.0))
    cells, visits = read(world.cell_week), read(world.visits)
    assert read(world.tile_index)[0].visits == 3 and read(world.tally)[0].presence_rounds == 4
    first = visits[cells[1].visit - 1]
    other = visits[first.next - 1]
    assert (first.who, first.place, first.hours, first.contacts, first.force) == (7, 1, 3.0, 6.0, 1.5)
    assert (other.who, other.hours, other.contacts, other.next) == (4, 6.0, 12.0, 0) and other.quality == pytest.approx(3.6)
    assert cells[0].visit == 0


def test_half_of_the_surprise_of_a_new_patrol_is_gone_within_a_season():
    place, world = one("place"), streets()
    make_round(world, 0, 4, P.visit_hours, Manner(0.5, 0.0, 1.0))
    weeks = 0
    while place.expected_presence < 0.5 * P.visit_hours:
        settle_presence(place, read(world.cell_week)[0], P)
        weeks += 1
    assert 6 <= weeks <= 22  # p37


def test_an_hour_can_be_spent_in_more_ways_than_one():
    spoken = [speaks_to(*shares, P) for shares in ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0))]
    assert spoken == pytest.approx([0.0, P.walking, P.seeking]) and spoken == sorted(spoken)
    assert speaks_to(0.25, 0.5, P) == pytest.approx(0.5 * P.seeking + 0.25 * P.walking)
    assert mixed(0.4, 0.0, P) == (0.4, 0.0, P.walking)
    assert mixed(0.4, 1.0, P) == (0.4, 1.0, P.seeking)


def test_a_share_of_hours_is_of_those_that_are_asked():
    assert share_of(0.5, lever(presence_hours=1.0)) == 0.5 and share_of(3.0, lever(presence_hours=2.0)) == 1.0
    assert share_of(0.5, lever()) == 0.0


def test_a_week_is_divided_over_street_and_cases():
    worker = one("professional", kind=PERMANENT, organisation=POLICE, hours=30.0, workload=1.5)
    divide(worker, 0.8, P)
    work = 30.0 * effort(worker, P) * 0.8
    share = P.street_share / 1.5 if walks(worker) else 0.0
    assert walks(worker) and worker.street_hours == pytest.approx(share * work)
    assert worker.case_hours == pytest.approx((P.client_share - share) * work)


def test_rounds_of_the_permanent_staff_are_spread_evenly_and_made_where_there_are_public_places():
    world = Simulation(Scenario(people=100, years=1)).world
    worker, every = one("professional", kind=PERMANENT, id=5), executable(world)
    found = [patch_of(every, levers(), worker, lot(week), visit) for week in range(100) for visit in range(10)]
    assert np.bincount(found, minlength=4) / len(found) == pytest.approx(0.25, abs=0.05)
    world.patches["public"], world.patches["attention"] = 0, 1.0
    world.professionals["present"] = 0
    presence(executable(world), P, levers(), 1, 1)
    assert world.tile_index["visits"][0] == 0


def test_how_hours_are_spent_is_of_the_programme_that_asks_for_them():
    walkers = {"kind": "visible_presence", "hours": 30.0, "approach": 1.0, "rotation": 0.5}
    drivers = {"kind": "visible_presence", "hours": 30.0, "approach": 0.0, "rotation": 0.0}
    seeker = {"kind": "intervention_professional", "hours": 10.0}
    for asked, spoken, away in (
        ([walkers], P.walking, 0.5),
        ([drivers], 0.0, 0.0),
        ([seeker], P.seeking, 0.0),
        ([walkers, seeker], 0.75 * P.walking + 0.25 * P.seeking, 0.375),
        ([walkers, drivers], 0.5 * P.walking, 0.25),
    ):
        table = Scenario(people=100, years=1, interventions=asked).levers()[1, 0]
        given = lever(**{name: float(table[name]) for name in table.dtype.names})
        shares = (share_of(hours, given) for hours in (given.driven_hours, given.seeking_hours))
        assert speaks_to(*shares, P) == pytest.approx(spoken)
        assert share_of(given.rotating_hours, given) == pytest.approx(away)


def test_the_manner_of_a_round_is_that_of_the_post():
    calm, busy = one("patch"), one("patch", attention=1.0)
    officer, worker, hired, lent = (
        one("professional", domain=domain, kind=kind, quality=0.4)
        for domain, kind in ((SAFETY, PERMANENT), (SOCIAL, PERMANENT), (SOCIAL, CONTACT), (SAFETY, HOT_SPOT))
    )
    seeking = lever(presence_hours=20.0, seeking_hours=20.0)
    assert manner_of(worker, busy, seeking, P) == mixed(0.4, 0.0, P)
    assert manner_of(officer, calm, seeking, P) == mixed(0.4, P.base_force, P)
    assert manner_of(officer, busy, seeking, P)[1] == pytest.approx(1.0 - (1.0 - P.base_force) * (1.0 - P.firefighting))
    assert manner_of(lent, calm, seeking, P) == mixed(0.4, 1.0 - P.programme_force, P)
    assert manner_of(hired, calm, seeking, P) == pytest.approx((0.4 * P.programme_quality, P.programme_force, P.seeking))


def test_somebody_who_works_for_a_programme_keeps_to_the_beat_or_rotates():
    world = streets()
    plain = Simulation(Scenario(people=100, years=1)).world
    plain.patches["residents"] = 250
    plain.professionals["base"] = plain.public[1, 0]
    world = executable(plain)
    worker = rows("professional", 1, id=5, kind=CONTACT, base=int(plain.public[1, 0]))[0]
    for rotation, share in ((0.0, 1.0), (1.0, 0.25)):
        given = levers(presence_hours=40.0, rotating_hours=40.0 * rotation)
        on_beat = [patch_of(world, given, worker, lot(week), visit) == 1 for week in range(60) for visit in range(10)]
        assert np.mean(on_beat) == pytest.approx(share, abs=0.06)
    elsewhere = levers(presence_hours=[40.0, 0.0, 0.0, 0.0])
    assert {patch_of(world, elsewhere, worker, lot(week), 0) for week in range(20)} == {0}, "it does not run on the beat"


def test_attention_turns_rounds_into_enforcement_and_brings_hours():
    told = {}
    for attention, cut in ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0)):
        world = Simulation(Scenario(people=200, years=1), seed=1).world
        world.patches["attention"], world.patches["residents"] = attention, 250
        loops = {"firefighting": P.firefighting * cut, "budget": P.budget * cut}
        presence(executable(world), parameters("presence", **loops), levers(), 1, 1)
        here = world.cell_week
        told[attention, cut] = unfixed(here["hours"].sum()), unfixed(here["force"].sum()), int(world.tally["presence_rounds"][0])
    plain, busy, cut = told[0.0, 1.0], told[1.0, 1.0], told[1.0, 0.0]
    assert busy[0] > plain[0] and busy[1] > plain[1] and busy[2] > plain[2]
    assert cut == plain


def test_attention_brings_no_hours_where_nobody_has_any():
    world = Simulation(Scenario(people=200, years=1), seed=1).world
    world.patches["attention"], world.patches["residents"] = 1.0, 250
    world.professionals["hours"] = 0.0
    presence(executable(world), P, levers(), 1, 1)
    assert world.tally["presence_rounds"][0] == 0


def walked(silent=(), **given):
    """Return a neighbourhood after one week of rounds; professionals of these domains have no hours and no skill."""
    world = Simulation(Scenario(people=200, years=1)).world
    world.patches["residents"] = 250
    world.professionals["hours"] *= 10.0  # everybody makes rounds
    none = np.isin(world.professionals["domain"], silent)
    world.professionals["skill"][none] = 0.0
    world.professionals["hours"][none] = 0.0
    presence(executable(world), P, levers(**given), 1, 1)
    return world


def test_only_police_and_boas_enforce():
    assert unfixed(walked().cell_week["force"].sum()) > 0.0
    youth_work = walked(silent=[SAFETY]).cell_week
    assert unfixed(youth_work["hours"].sum()) > 0.0 == unfixed(youth_work["force"].sum())


def test_the_rounds_of_a_programme_are_made_by_the_people_of_its_posts_and_by_nobody_else():
    able = {"present": 1, "hours": 40.0, "skill": 0.5, "courage": 0.5, "energy": 1.0}
    for hours, kind in (("presence_hours", CONTACT), ("hotspot_hours", HOT_SPOT)):
        assert walked(staffing=0.0, **{hours: 80.0}).cell_week["hours"].sum() == 0, "nobody has been hired yet"
        world = Simulation(Scenario(people=200, years=1)).world
        world.patches["residents"] = 250
        post = np.flatnonzero(world.professionals["kind"] == kind)[0]
        for name, value in {**able, "base": world.public[0, 0]}.items():
            world.professionals[name][post] = value
        presence(executable(world), P, levers(staffing=0.2, **{hours: 40.0}), 1, 1)
        visits = world.visits[: world.tile_index["visits"][0]]
        own = visits[visits["who"] == post]
        assert own["hours"].sum() == pytest.approx(40.0)
        most = own["hours"] == own["hours"].max()
        assert world.professionals["place"][post] in own["place"][most]
        assert world.professionals["case_hours"][post] == 0.0


def test_cuts_take_hours_from_the_street_and_from_cases_alike():
    full, half = (walked(staffing=staffing).professionals for staffing in (1.0, 0.5))
    for hours in ("street_hours", "case_hours"):
        assert full[hours].sum() > 0.0
        assert half[hours] == pytest.approx(0.5 * full[hours])


def test_overtime_of_one_quarter_does_not_decide_who_makes_that_of_another():
    street = rows(
        "professional",
        6,
        id=range(6),
        organisation=[POLICE, ENFORCEMENT, YOUTH_WORK] * 2,
        domain=[0, 0, 1] * 2,
        street_hours=10.0,
    )
    made = [[street_worker(street, lot(), who, visit + 3) for visit in range(200)] for who in (7, 8)]
    assert {*made[0]} == {*made[1]} == {0, 1, 2, 3, 4, 5}
    for shift in range(-100, 101):
        pairs = [(a, made[1][i + shift]) for i, a in enumerate(made[0]) if 0 <= i + shift < 200]
        assert np.mean([a == b for a, b in pairs]) < 0.5
    assert street_worker(rows("professional", 2, organisation=CARE), lot(), 7, 3) == NOBODY, "nobody walks"
