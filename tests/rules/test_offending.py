"""Offending: worked examples."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.draws import Draw, count, uniform
from kantelpunt.model.rules.offending import (
    ALARMED,
    FOLLOWING,
    GETTING_USED,
    LESSON,
    LINGERS,
    MOST_PROPENSE,
    SERIES,
    age_curve,
    attempt,
    be_corrected,
    commit,
    get_attention,
    goes_on,
    inclination,
    kind_of_work,
    led,
    may_offend,
    mischief,
    note,
    offend,
    offending,
    ordinary_crime,
    ordinary_kind,
    other_place,
    p_corrected,
    p_done,
    rate,
    set_out,
)
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    DEALING,
    DISTURBANCE,
    ELSEWHERE,
    EXPOSED,
    FAVOURS,
    NOBODY,
    NONE,
    RUNNER,
    TIED_IN,
    VIOLENCE,
)
from kantelpunt.model.state.world import executable
from tests.rules.examples import lever, levers, lot, one, parameters, people, person, rows, tally

P = parameters("offending")


def test_the_rate_is_that_of_the_stage():
    stages = (NONE, EXPOSED, FAVOURS, RUNNER, TIED_IN)
    rates = [rate(person(20.0, stage=stage, in_public=1), 20.0, P) for stage in stages]
    core = 2.0 * P.favours * P.crime_share  # those who are tied in do not hang about
    assert rates == pytest.approx([0.0, P.exposed, P.favours, 2.0 * P.favours, core])
    inside = [rate(person(20.0, stage=stage), 20.0, P) for stage in stages]
    assert inside == pytest.approx([0.0, 0.0, *(P.crime_share * level for level in rates[2:4]), core])


def test_playmates_make_mischief_and_the_one_who_leads_sets_the_pace():
    def nuisance(**friend):
        world = Simulation(Scenario(people=300, years=1)).world
        mine, other = 0, 1
        world.friends["row"][mine], world.people["norm_street"][:2] = NOBODY, 0.0
        for name, value in {"present": 1, "male": 1, "propensity": 1.0, "in_public": 1, "place": 7, "stage": NONE}.items():
            world.people[name][:2] = value
        for name, value in friend.items():
            world.people[name][other] = value
        if friend:
            world.friends["row"][mine, 3], world.friends["id"][mine, 3] = other, world.people["id"][other]
        return led(executable(world), mine, P.mischief, P)

    assert nuisance() == pytest.approx(P.alone * P.mischief)
    assert nuisance(place=8) == nuisance(in_public=0) == nuisance()
    assert nuisance(propensity=0.5) == nuisance(propensity=1.0) == pytest.approx(P.mischief)  # who leads oneself follows nobody
    assert nuisance(propensity=2.0) == pytest.approx(P.mischief * (1.0 + 3.0 * FOLLOWING))


def test_mischief_is_of_boys_outside_and_of_their_age():
    assert mischief(person(15.0, in_public=1), 15.0, P) == P.mischief
    assert mischief(person(15.0, in_public=1, male=0), 15.0, P) == pytest.approx(P.female * P.mischief)
    assert mischief(person(15.0), 15.0, P) == mischief(person(18.0, in_public=1), 18.0, P) == 0.0
    assert mischief(person(15.0, in_public=1, stage=EXPOSED), 15.0, P) == 0.0, "that goes with the stage"


def test_few_offend_far_more_than_most_and_so_do_those_who_tolerate_crime():
    assert inclination(person(), P) == 1.0
    assert inclination(person(propensity=2.0), P) == pytest.approx(4.0)
    assert inclination(person(male=0), P) == pytest.approx(P.female)
    assert inclination(person(norm_street=0.5), P) == pytest.approx(1.0 + 0.5 * P.tolerance)


def test_ordinary_crime_rises_to_eighteen_and_falls_after_twenty():
    assert [age_curve(age, P) for age in (18.0, 19.0, 20.0)] == [1.0] * 3
    assert age_curve(18.0 - P.youth, P) == pytest.approx(np.exp(-0.5))
    assert age_curve(12.0, P) < 0.2 and age_curve(8.0, P) < 0.01
    assert age_curve(30.0, P) == pytest.approx(np.exp(-10 * P.burnout))


def test_everybody_may_commit_crime_elsewhere_and_only_somebody_who_is_outside_here():
    inside, outside = person(19.0), person(19.0, in_public=1)
    assert ordinary_crime(inside, 19.0, P) == pytest.approx(P.away)
    assert ordinary_crime(outside, 19.0, P) == pytest.approx(P.away + P.crime)
    us = np.linspace(0.0, 0.999, 1_000)
    assert {ordinary_kind(inside, u, P) for u in us} == {ELSEWHERE}
    kinds = [ordinary_kind(outside, u, P) for u in us]
    assert np.mean(np.array(kinds) == ELSEWHERE) == pytest.approx(P.away / (P.away + P.crime), abs=0.002)
    assert ordinary_kind(outside, 0.999, P) == VIOLENCE


def test_somebody_who_is_passed_over_could_not_have_offended():
    worst = P.mischief * FOLLOWING * MOST_PROPENSE * (1.0 + P.tolerance)  # in company that leads
    for who in people(3_000, 17.0, in_public=1, norm_street=1.0, propensity=1.5):
        if not may_offend(who, uniform(lot(), who.id), P, 0):
            assert count(ordinary_crime(who, 17.0, P) + P.mischief * inclination(who, P) + worst, lot(), who.id) == 0
    assert may_offend(person(stage=EXPOSED), 0.0, P, 0)


def test_what_goes_with_the_stage_is_nuisance_and_for_a_crew_in_part_crime():
    member = person(20.0, stage=FAVOURS, in_public=1)
    deals, harms = 0.5 * P.crime_share * P.dealing, P.crime_share * (1.0 + P.dealing) / 2
    assert [kind_of_work(member, u, P) for u in (deals, harms, P.crime_share)] == [DEALING, VIOLENCE, DISTURBANCE]
    assert kind_of_work(person(15.0, stage=EXPOSED, in_public=1), 0.0, P) == DISTURBANCE
    assert kind_of_work(person(20.0, stage=FAVOURS), 0.999, P) == VIOLENCE, "indoors nobody causes nuisance"
    assert kind_of_work(person(20.0, stage=TIED_IN, in_public=1), 0.999, P) == VIOLENCE, "nor do those who are tied in"


def test_offenders_slow_down_after_twenty_all_life_long():
    member = person(30.0, stage=RUNNER, in_public=1)
    assert rate(member, 30.0, P) == pytest.approx(2.0 * P.favours * np.exp(-10 * P.burnout))
    assert rate(member, 70.0, P) == pytest.approx(2.0 * P.favours * np.exp(-50 * P.burnout)), "all life long"


def test_somebody_who_did_harm_may_go_on_and_nobody_for_ever():
    crowd = people(4_000, 20.0)
    assert np.mean([goes_on(who, 0, VIOLENCE, P, lot()) for who in crowd]) == pytest.approx(P.again, abs=0.03)
    assert not any(goes_on(who, 0, kind, P, lot()) for who in crowd for kind in (DISTURBANCE, DEALING, ELSEWHERE))
    assert not any(goes_on(who, SERIES - 1, VIOLENCE, P, lot()) for who in crowd)


def test_what_stands_in_the_way_is_room_against_shelter():
    assert p_done(one("place", concealment=0.5, criminal_opportunity=0.5)) == 1.0
    assert p_done(one("place", concealment=0.5, criminal_opportunity=0.1)) == pytest.approx(0.2)
    assert p_done(one("place", concealment=0.5, criminal_opportunity=0.1, deterrence=0.5)) == pytest.approx(0.1)


def test_an_offence_that_is_stopped_moves_elsewhere_in_part():
    places = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3, criminal_opportunity=[0.0, 1.0, 1.0, 1.0])
    cells = np.array([attempt(places, who, 0, P, lot())[0] for who in people(4_000, in_public=1)])
    moved = cells[cells != NOBODY]
    assert moved.size / cells.size == pytest.approx(P.displaced, abs=0.03)
    assert set(moved) == {1, 2, 3}
    assert np.mean(moved == 3) == pytest.approx(1 / 3, abs=0.05)


def test_where_nothing_stands_in_the_way_it_is_done_on_the_spot():
    places = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3, criminal_opportunity=1.0)
    assert {attempt(places, who, 0, P, lot()) for who in people(100, in_public=1)} == {(0, 0)}
    nowhere = rows("place", 4, usual_square=1, usual_shop=2, near_hidden=3)
    assert {attempt(nowhere, who, 0, P, lot()) for who in people(100, in_public=1)} == {(NOBODY, 0)}


def test_somebody_who_stays_in_works_at_other_places_than_home():
    home = one("place", usual_square=1, usual_shop=2, near_hidden=3)
    assert [other_place(home, u) for u in (0.1, 0.5, 0.9)] == [3, 1, 2]


def test_what_is_done_is_counted_by_kind_and_shows_or_not():
    here, counts = one("cell_week"), tally()
    for kind, visible in ((DISTURBANCE, 1), (DEALING, 0), (VIOLENCE, 1), (VIOLENCE, 1)):
        commit(here, counts, kind, visible)
    assert (here.visible, here.harmed) == (3, 2)
    assert (counts.incidents, counts.crimes, counts.violence_vandalism) == (4, 3, 2)


def done(kind, **changes):
    """Return a neighbourhood in which everybody who is outside on one square has set out to commit one offence of a kind."""
    world = Simulation(Scenario(people=600, years=1)).world
    crowd = world.actors[world.tile_index["youths"][0] : world.tile_index["actors"][0]]
    square = int(world.places["usual_square"][world.people["home"][crowd[0]]])
    world.people["place"][crowd], world.people["in_public"][crowd], world.people["stage"][crowd] = square, 1, FAVOURS
    world.places["criminal_opportunity"] = world.places["concealment"]
    p = parameters("offending", **changes)
    for row in crowd:
        offend(executable(world), int(row), 0, kind, p, levers(), lot(), 1)
    return world, crowd, square


def test_a_series_that_has_begun_goes_on_in_the_same_place_whoever_might_stop_the_next():
    world = Simulation(Scenario(people=600, years=1)).world
    crowd = world.actors[: world.tile_index["actors"][0]]
    square = int(world.places["usual_square"][world.people["home"][crowd[0]]])
    world.people["place"][crowd], world.people["in_public"][crowd], world.people["stage"][crowd] = square, 1, NONE
    world.places["criminal_opportunity"] = 0.3 * world.places["concealment"]
    p = parameters("offending", crime=0.02, away=0.0, mischief=0.0, displaced=0.0, again=0.5)
    for seed in range(40):
        dice, where = lot(seed, Draw.OFFENCE), lot(seed, Draw.OFFENCE_PLACE)
        for row in crowd:
            set_out(executable(world), int(row), 20.0, p, levers(), dice, where, 1)
    listed = world.offences[: world.tile_index["offences"][0]]
    begun = 1 + (np.diff(listed["who"]) != 0).sum()
    assert set(listed["place"]) == {square} and set(listed["kind"]) == {VIOLENCE}
    assert listed.size / begun == pytest.approx(1.0 / (1.0 - p.again), rel=0.15)


def test_a_deal_hardly_shows_and_what_is_done_elsewhere_meets_nobody_here():
    world, crowd, square = done(DEALING, shown=0.2)
    listed = world.offences[: world.tile_index["offences"][0]]
    assert listed.size == crowd.size == world.tally["crimes"][0] and set(listed["place"]) == {square}
    assert listed["visible"].mean() == pytest.approx(0.2, abs=0.06)
    assert world.cell_week["visible"][square] == listed["visible"].sum()
    assert np.unique(listed["id"]).size == listed.size
    world, crowd, _ = done(ELSEWHERE)
    listed = world.offences[: world.tile_index["offences"][0]]
    assert set(listed["place"]) == {NOBODY} and not world.cell_week["visible"].any()
    assert (world.tally["crimes_elsewhere"][0], world.tally["incidents"][0]) == (crowd.size, 0)


def test_a_full_list_takes_no_more():
    world, crowd, _ = done(VIOLENCE)
    world.tile_index["offences"] = world.offences.size
    before = world.offences.copy()
    note(executable(world), int(crowd[0]), 0, VIOLENCE, 0, 1, lot())
    assert world.tile_index["offences"][0] == world.offences.size and (world.offences == before).all()


def test_adults_correct_where_a_code_is_shared_and_they_are_backed():
    full = one("place", informal_control=1.0, trust=1.0)
    assert p_corrected(full, lever(norms_dialogue=1.0), P) == 1.0
    assert p_corrected(full, lever(), P) == pytest.approx(P.correcting)
    for lacking in ({"informal_control": 0.0, "trust": 1.0}, {"informal_control": 1.0, "trust": 0.0}):
        assert p_corrected(one("place", **lacking), lever(norms_dialogue=1.0), P) == 0.0
    assert p_corrected(full, lever(), parameters("offending", correcting=0.0)) == 0.0


def test_somebody_who_is_corrected_learns_a_little():
    youth, counts = person(14.0, norm_street=0.5), tally()
    be_corrected(youth, counts)
    assert (counts.corrections, youth.norm_street) == (1, pytest.approx(0.5 * (1.0 - LESSON)))


def test_attention_follows_what_is_more_than_usual_and_fades():
    patch = one("patch", residents=500, usual_crime=2.0)
    for _ in range(3):  # as usual: one registered crime a week among 500
        patch.registered = 1
        get_attention(patch, 0.0, P, 500)
    assert patch.attention == 0.0
    patch.registered = 6
    get_attention(patch, 0.0, P, 500)
    news = P.stir * (12.0 - patch.usual_crime)
    assert patch.usual_crime == pytest.approx(2.0 + GETTING_USED * 10.0)
    assert patch.attention == pytest.approx(news)
    get_attention(patch, 0.0, P, 500)
    assert patch.attention == pytest.approx(LINGERS * news)


def test_where_one_person_lives_there_is_attention_and_where_nobody_does_there_is_none():
    for residents in (0, 1):
        patch = one("patch", residents=residents, registered=3)
        get_attention(patch, 1.0, P, 500)
        assert (patch.attention > 0.0) == (patch.usual_crime > 0.0) == (residents > 0) and patch.registered == 0


def test_a_grave_incident_gets_attention_and_a_neighbourhood_that_is_used_to_crime_gets_none():
    patch = one("patch", residents=500)
    get_attention(patch, 1.0, P, 500)
    assert patch.attention == pytest.approx(ALARMED)
    used = one("patch", residents=500, registered=8)
    get_attention(used, 0.0, P, 2)  # what the first week brought is as usual
    assert (used.attention, used.usual_crime) == (0.0, 16.0)


def told(load=1.0, here=1.0, elsewhere=1.0, free=True):
    """Return the tally of a week in which all grown-ups of a neighbourhood are runners of one crew, on one square."""
    world = Simulation(Scenario(people=600, years=1)).world
    crowd = world.actors[world.tile_index["youths"][0] : world.tile_index["actors"][0]]
    square = int(world.places["usual_square"][world.people["home"][crowd[0]]])
    for name, value in {"stage": RUNNER, "crew": 0, "in_public": 1, "place": square}.items():
        world.people[name][crowd] = value
    world.people["detained_until"] = 0 if free else 2
    world.crews["load"] = load
    world.places["criminal_opportunity"] = elsewhere * world.places["concealment"]
    world.places["criminal_opportunity"][square] = here * world.places["concealment"][square]
    only_crews = parameters("offending", crime=0.004, away=0.001, mischief=0.006, again=0.0)
    offending(executable(world), only_crews, levers(), 1, 1)
    return world.tally[0]


def test_members_do_as_much_as_the_work_of_the_crew_asks_and_somebody_who_is_detained_does_nothing():
    one_each = told()["incidents"]
    assert one_each > 100
    assert told(load=2.0)["incidents"] / one_each == pytest.approx(2.0, rel=0.15)
    assert told(load=0.0)["incidents"] < 0.05 * one_each, "what anybody may do"
    assert told(free=False)["incidents"] == told(free=False)["crimes_elsewhere"] == 0


def test_somebody_who_is_detained_sets_out_for_nothing():
    world = Simulation(Scenario(people=300, years=1)).world
    world.people["detained_until"], world.people["propensity"] = 100, 1.0
    offending(executable(world), parameters("offending", crime=1.0, away=1.0, mischief=1.0), levers(), 1, 1)
    assert world.tile_index["offences"][0] == world.tally["crimes_elsewhere"][0] == 0


def test_crime_mischief_and_work_for_a_crew_add_up():
    world = Simulation(Scenario(people=60, years=1)).world
    row = world.actors[0]
    own = world.people[row : row + 1]
    world.friends["row"][row] = NOBODY
    for name, value in {"in_public": 1, "male": 1, "propensity": 1.0, "norm_street": 0.0, "crew": 0}.items():
        own[name] = value
    own["place"] = own["home"]
    world.places["criminal_opportunity"] = world.places["concealment"]  # nothing stands in the way
    world.crews["load"][0] = 1.5
    p = parameters("offending", again=0.0, crime=0.05, mischief=0.4, alone=0.5)
    for stage, age in ((NONE, 15.0), (FAVOURS, 25.0)):
        own["stage"], weeks = stage, 250
        asked = ordinary_crime(own[0], age, p) + p.alone * mischief(own[0], age, p) + 1.5 * rate(own[0], age, p)
        done, every, none = 0, executable(world), levers()
        for week in range(weeks):
            world.tile_index["offences"], world.tally["incidents"], world.tally["crimes_elsewhere"] = 0, 0, 0
            set_out(every, row, age, p, none, lot(week, Draw.OFFENCE), lot(week, Draw.OFFENCE_PLACE), week)
            done += int(world.tile_index["offences"][0])
        assert done / weeks == pytest.approx(asked, abs=4.0 * (asked / weeks) ** 0.5), stage


def test_what_is_done_in_another_place_after_it_was_stopped_is_counted_as_such():
    stopped = told(here=0.0)
    assert told()["displaced"] == 0
    assert 0 < stopped["displaced"] <= stopped["incidents"] < 0.6 * told()["incidents"]
    assert told(here=0.0, elsewhere=0.0)["incidents"] == 0


def test_ordinary_crime_needs_no_crew():
    world = Simulation(Scenario(area="contrast", people=2_000, years=1)).world
    world.people["stage"], world.people["in_public"], world.people["place"] = NONE, 1, world.people["home"]
    world.places["criminal_opportunity"] = world.places["concealment"]
    for week in range(1, 53):
        offending(executable(world), P, levers(), 1, week)
    assert world.tally["crimes_elsewhere"][0] > 20 and world.tally["violence_vandalism"][0] > 20
    assert world.tally["crimes"][0] == world.tally["violence_vandalism"][0], "nobody deals"
