"""Dilemmas as files: ours come back as they went out, and what is broken, huge or hostile is told and does nothing."""

import re

import pytest

from kantelpunt.model.policies.seen import QUARTER
from kantelpunt.viz.app.helm.debrief import OWN as COURSE
from kantelpunt.viz.app.helm.debrief import courses
from kantelpunt.viz.app.helm.dilemmas import OWN, STORY, TITLE, as_file, dilemmas_of, ours
from kantelpunt.viz.app.helm.game import Game, begun_with, read, scenario
from kantelpunt.viz.app.helm.roles import ROLES, laid
from kantelpunt.viz.app.own_files import MOST_BYTES
from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.app.security.phone_pages import of_table
from kantelpunt.viz.text import LANGUAGES, Text

pytestmark = pytest.mark.quick
FILE = as_file()
SHOP = """
[shop]
quarter = 1

[shop.choices.close]
interventions = [{ kind = "place_improvement", date = 2 }, { kind = "raid", date = 3, share = 0.1 }]
fewer = 3
quarters = 2

[shop.choices.leave]

[shop.words.nl]
title = "De <b>winkel</b>"
story = "Er staat een lege winkel."
choices = { close = "Sluiten", leave = "Laten" }
""".replace('"place_improvement", date = 2', '"place_improvement", until = 26')


def test_ours_come_back_from_their_file_as_they_went_out() -> None:
    found = dilemmas_of(OWN.open(FILE.encode()))
    assert found and list(found.by_name) == list(ours().by_name)
    for name, dilemma in ours().by_name.items():
        assert found.by_name[name].choices == dilemma.choices and found.by_name[name].quarter == dilemma.quarter
        for t in map(Text, LANGUAGES):
            for part in (TITLE, STORY, *dilemma.choices):
                assert found.said(t, name, part).split() == ours().said(t, name, part).split()


def test_a_game_with_dilemmas_of_ones_own_is_played_judged_and_survives_a_reload() -> None:
    called = OWN.open(SHOP.encode())
    game = begun_with(called, 3).go_on()
    assert game.dilemma == "shop" and not game.ready
    game = game.choose("close")
    assert game.ready and game.left == 3
    assert read(game.written()) == game
    kinds = {each.kind: each for each in scenario(game.dilemmas, game.go_on().moves).interventions}
    assert kinds["raid"].date == QUARTER + 3 and kinds["place_improvement"].until == QUARTER + 26
    while not game.ended:
        game = game.go_on()
    assert {COURSE, "shop.leave"} < set(courses(game)) and "shop.close" not in courses(game)
    OWN.kept.drop(called)
    OWN.used.clear()
    assert read(game.written()) == Game(3), "the app began anew and no longer has the file"


def test_a_phone_reads_dilemmas_of_ones_own_and_what_they_say_is_text() -> None:
    table = laid(begun_with(OWN.open(SHOP.encode()), 3).go_on())
    role = next(iter(ROLES))
    assert table.sit("somebody", "127.0.0.1", role)
    shown = of_table(Text("en"), table, "somebody")  # one language is enough
    assert shown.forms[0].asked == "De <b>winkel</b>"
    assert table.propose("somebody", 1, "close") and not table.propose("somebody", 1, "hard")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "large_dilemmas"),
        (b"\xff\xfe\x00", "dilemmas_toml"),
        (b"quarter = 3", "dilemmas"),
        (b"# nothing", "dilemmas"),
        (SHOP.replace("quarter = 1", "quarter = 20").encode(), "dilemmas"),
        (SHOP.replace("[shop.choices.leave]", "").encode(), "dilemmas"),
        (SHOP.replace("choices.leave]", "choices.Leave-1]").encode(), "dilemmas"),
        (SHOP.replace("choices.leave]", "choices.title]").encode(), "dilemmas"),
        (SHOP.replace("leave", "mentoring").encode(), "dilemmas"),
        (SHOP.replace('leave = "Laten"', 'go = "Laten"').encode(), "dilemmas"),
        (SHOP.partition("[shop.words")[0].encode(), "dilemmas"),
        (SHOP.replace("words.nl", "words.xx").encode(), "dilemmas"),
        (SHOP.replace('kind = "raid"', 'kind = "os.system"').encode(), "dilemmas"),
        (SHOP.replace('kind = "raid", date = 3, share = 0.1', 'kind = "systemic_working"').encode(), "dilemmas"),
        (SHOP.replace("date = 3", 'date = "2026-03-01"').encode(), "dilemmas"),
        (SHOP.replace("date = 3", "date = 9999").encode(), "dilemmas"),
        ((SHOP + SHOP.replace("shop", "door")).encode(), "dilemmas"),
        (SHOP.replace("fewer = 3", "fewer = 7").encode(), "dilemmas"),
    ],
)
def test_what_cannot_be_dilemmas_is_told_in_both_languages(data: bytes, key: str) -> None:
    with pytest.raises(Refused) as caught:
        OWN.open(data)
    assert caught.value.key == key
    for t in map(Text, LANGUAGES):
        assert not re.search(r"\b[a-z]+\.[a-z]+_", caught.value.said(t))  # words, and no code of an error


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ("quarter = 1", "quarter = 20", "shop.quarter"), ('"raid"', '"rad"', "shop.choices.close.kind"),
        ('title = "', 'titel = "', "shop.words.nl"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_in_the_file(was: str, becomes: str, place: str) -> None:
    with pytest.raises(Refused) as caught:
        OWN.open(SHOP.replace(was, becomes).encode())
    assert str(caught.value.values["place"]).startswith(place)


def test_an_address_that_calls_dilemmas_that_were_never_there_begins_with_ours() -> None:
    game = read({"world": "7", "moves": "60000000-", "dilemmas": "own-0123456789abcdef"})
    assert game == Game(7)
