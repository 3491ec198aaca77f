"""The command `lives`, and which events make a life."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.simulation import simulate
from kantelpunt.model.state.codes import (
    CASE_CLOSED,
    CASE_OPENED,
    DONE,
    EVENT_KINDS,
    HARSH,
    JUST,
    NOBODY,
    NUISANCE,
    PROMISED,
    RAIDED,
    REPORT,
    RUNNER,
    SANCTION,
    YOUTH_AT_RISK,
)
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.viz.app.learn.lives.narration import BY_VALUE, now, story, what
from kantelpunt.viz.app.learn.paired_worlds import HOUSEMATE_RAIDED, Life, concerning, household_of, life
from kantelpunt.viz.text import LANGUAGES, Text

ME, OTHER, HOME, ELSEWHERE, CASE, ANOTHER, WORKER = range(100, 107)


def log(*events):
    """Return a log of (kind, who, whom, value), one a week."""
    made = np.zeros(len(events), DTYPES["event"])
    made["week"] = np.arange(len(events))
    for column, values in zip(("kind", "who", "whom", "value"), zip(*events, strict=True), strict=True):
        made[column] = values
    return made


def kinds(events, household):
    """Return what a life of ME holds."""
    return sorted(each.kind for each in concerning(events, ME, household))


def test_a_life_has_what_became_of_a_report_and_says_once_that_it_began():
    events = log((REPORT, ME, CASE, NUISANCE), (CASE_OPENED, ME, CASE, NUISANCE), (CASE_CLOSED, ME, CASE, DONE))
    assert kinds(events, HOME) == ["case closed", "report"]
    about = log((CASE_OPENED, ME, CASE, YOUTH_AT_RISK), (CASE_OPENED, OTHER, ANOTHER, NUISANCE))
    assert kinds(about, HOME) == ["case opened"]


def test_a_life_has_what_the_household_was_promised_and_the_raid_on_a_housemate():
    events = log(
        (PROMISED, HOME, WORKER, 0),
        (PROMISED, NOBODY, WORKER, 0),
        (RAIDED, OTHER, HOME, RUNNER),
        (RAIDED, OTHER, ELSEWHERE, RUNNER),
    )
    assert kinds(events, HOME) == [HOUSEMATE_RAIDED, "promised"]
    assert kinds(events, None) == []
    assert kinds(log((RAIDED, ME, HOME, RUNNER)), HOME) == ["raided"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_of_a_life_is_told_in_words(language):
    t, happened = Text(language), [next(concerning(log((RAIDED, ME, HOME, RUNNER)), ME, None))]
    for kind in (*EVENT_KINDS, HOUSEMATE_RAIDED):
        value = DONE if kind == "case closed" else BY_VALUE.get(kind, (1,))[-1]
        assert "{" not in what(t, happened[0]._replace(kind=kind, value=value))


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_lives_are_printed_as_there_are_and_each_has_what_was_asked(call, language):
    asked = ["--people", 600, "--years", 1, "--intervention", "raid=1.0", "--with", "raided", "--count", 500]
    code, printed, said = call("lives", *asked, "--lang", language)
    run = simulate(Scenario(people=600, years=1, interventions=[{"kind": "raid"}]), 1, events=True)
    people = run.world.people
    taken = np.isin(people["id"][people["present"] == 1], run.events["who"][run.events["kind"] == "raided"]).sum()
    t, lives = Text(language), [each for each in printed.split("\n\n") if each.strip()]
    assert (code, len(lives)) == (0, taken)
    assert all(t(f"event.raided_{HARSH}") in each for each in lives)
    assert t("lives.fewer", n=taken) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_life_says_age_household_and_work_and_the_year_before_its_weeks(language):
    t, events = Text(language), log((REPORT, ME, CASE, NUISANCE), (SANCTION, ME, NOBODY, 0), (RAIDED, OTHER, HOME, JUST))
    events["week"] = [70, 60, 65]
    happened = sorted(concerning(events, ME, HOME), key=lambda each: each.week)
    own = Life(True, -20 * 52, 21, False, happened, trust=0.434, housemates=3, occupation="idle")
    told = story(t, own)
    weeks = [t("learn.at_age", year=2, week=week, age=21) for week in (8, 13)]
    assert [when for when, _ in told] == [t("learn.at_age_in_year", year=2, age=21), *weeks]
    assert told[1][1] == t("event.sanction_0") != t("event.sanction_1")
    assert told[2][1] == t(f"event.housemate_raided_{JUST}") != t(f"event.housemate_raided_{HARSH}")
    assert "43" in now(t, own) and t("home.2", n=3, occupation=t("occupation.idle")) in now(t, own)


def test_somebody_who_left_or_died_has_a_life_too_also_once_somebody_else_has_their_row():
    run = simulate(Scenario(people=300, years=4), 1, events=True)
    people, left = run.world.people, run.events[run.events["kind"].isin(["left", "died"])]
    reused = left[~left["who"].isin(people["id"])].drop_duplicates("who", keep="last")
    assert len(reused)
    for event in left.drop_duplicates("who", keep="last").itertuples():
        own = life(run.world, run.scenario.weeks, event.who)
        back = bool(people["present"][people["id"] == event.who].any())
        assert own is not None and own.here == back and (back or own.age == event.value)
        assert own.happened[-1].kind == event.kind or back
    assert life(run.world, run.scenario.weeks, int(reused["who"].iloc[0])).male is None


def test_a_life_knows_its_own_household_on_every_tile():
    run = simulate(Scenario(people=6_000, years=1), 1, events=True)
    world = run.world
    assert world.tile_index.size > 1
    for row in np.flatnonzero(world.people["present"] == 1)[::97]:
        home = household_of(world, int(row))
        assert home["home"] == world.people["home"][row] and home["size"] > 0


def test_one_person_is_followed_from_world_to_world_and_a_stranger_is_refused(call):
    asked = ["--people", 300, "--years", 1]
    _, printed, _ = call("lives", *asked, "--count", 1)
    identity = printed.split("person ")[1].split(".")[0]
    for more in ([], ["--intervention", "raid=1.0"]):
        code, told, _ = call("lives", *asked, *more, "--who", identity)
        assert code == 0 and f"1. {printed.split('. ')[1]}" in told and identity in told
    code, printed, said = call("lives", *asked, "--who", 7)
    assert (code, printed) == (2, "") and "--who" in said


def test_a_kind_that_is_none_is_refused(call):
    code, printed, said = call("lives", "--with", "riad")
    assert (code, printed) == (2, "") and "'riad'" in said and "raided" in said
