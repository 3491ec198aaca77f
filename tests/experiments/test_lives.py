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
    NOBODY,
    NUISANCE,
    PROMISED,
    RAIDED,
    REPORT,
    RUNNER,
    YOUTH_AT_RISK,
)
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.viz.app.learn.narration import what
from kantelpunt.viz.app.learn.paired_worlds import HOUSEMATE_RAIDED, concerning
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
        value = DONE if kind == "case closed" else 1
        assert "{" not in what(t, happened[0]._replace(kind=kind, value=value))


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_lives_are_printed_as_there_are_and_each_has_what_was_asked(call, language):
    arguments = [
        "--people",
        600,
        "--years",
        1,
        "--intervention",
        "raid=1.0",
        "--with",
        "raided",
        "--count",
        500,
        "--lang",
        language,
    ]
    code, printed, said = call("lives", *arguments)
    run = simulate(Scenario(people=600, years=1, interventions=[{"kind": "raid"}]), 1, events=True)
    people = run.world.people
    taken = np.isin(people["id"][people["present"] == 1], run.events["who"][run.events["kind"] == "raided"]).sum()
    t, lives = Text(language), [each for each in printed.split("\n\n") if each.strip()]
    assert (code, len(lives)) == (0, taken)
    assert all(t("event.raided") in each for each in lives)
    assert t("lives.fewer", n=taken) in said


def test_a_kind_that_is_none_is_refused(call):
    code, printed, said = call("lives", "--with", "riad")
    assert (code, printed) == (2, "") and "'riad'" in said and "raided" in said
