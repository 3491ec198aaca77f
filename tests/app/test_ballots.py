"""Votes by phone: limits, the side of the trainer, a served app and screens."""

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from starlette.datastructures import Headers

from kantelpunt.viz.app import votes
from kantelpunt.viz.app.helm import roles
from kantelpunt.viz.app.helm.game import Game
from kantelpunt.viz.app.learn.address import restore, written
from kantelpunt.viz.app.learn.lesson_card import anonymous
from kantelpunt.viz.app.learn.phones import at_home
from kantelpunt.viz.app.learn.session import LessonSession
from kantelpunt.viz.app.security.booth import Booth, language_of
from kantelpunt.viz.app.votes import BALLOTS, MOST_VOTERS, Allowance, Ballot, neighbour
from kantelpunt.viz.app.widgets import html
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Page, Served
from tests.app.talk import ask
from tests.generated import examples

LESSON = "raid"


@examples(50)
@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=200))
def test_an_address_never_gets_more_than_its_allowance(waits: list[float]) -> None:
    allowance, now, got = Allowance(10.0, 2.0), 0.0, 0
    for wait in waits:
        now += wait
        got += allowance.take("one", now)
        assert got <= 10.0 + 2.0 * now + 1e-6
    assert allowance.take("another", now)


def test_a_room_is_full_at_some_point_and_somebody_who_voted_may_still_change() -> None:
    ballot = Ballot(LESSON, 10)
    counted = [ballot.vote(str(i), f"a{i // 50}", "same") for i in range(MOST_VOTERS + 5)]
    assert sum(counted) == MOST_VOTERS and ballot.vote("0", "b", "lower")
    assert ballot.counts == {"lower": 1, "same": MOST_VOTERS - 1, "higher": 0}


def test_limits_know_a_network_of_one_machine() -> None:
    assert neighbour("2001:db8:1:2::5") == neighbour("2001:db8:1:2:ffff::1") != neighbour("2001:db8:1:3::5")
    assert neighbour("::ffff:192.0.2.7") == neighbour("192.0.2.7") == "192.0.2.7"
    assert neighbour("fe80::1%eth0") == neighbour("fe80::2") and neighbour("") == ""


@pytest.mark.parametrize(
    ("said", "language"),
    [("en-GB,en;q=0.9", "en"), ("nl", "nl"), ("de, en;q=0.5, nl;q=0.4", "en"), ("", "nl"), ("xx,," * 50, "nl")],
)
def test_a_page_speaks_the_first_language_of_the_phone_that_it_knows(said: str, language: str) -> None:
    assert language_of(Headers({"accept-language": said})) == language


def test_no_voter_is_known_by_an_empty_cookie() -> None:
    booth = Booth("")
    assert booth.voter("") == booth.voter(".") == booth.voter(booth.signed("")) == ""
    assert booth.voter(booth.signed("somebody")) == "somebody"


# --- the trainer's side


def test_a_ballot_is_open_while_the_room_predicts_and_is_gone_with_its_lesson() -> None:
    room = LessonSession(lambda: None)
    room.begin_ballot()
    ballot = room.ballot
    assert ballot and ballot.open and ballot.asking == "before"
    ballot.vote("a", "b", "agree")
    room.answer("before", "disagree", 2)
    assert room.answered("before") == {"agree": 1, "unsure": 0, "disagree": 2}
    room.move(1)
    room.begin_ballot()
    assert room.ballot is ballot and ballot.asking == "way" and ballot.of("a") is None and BALLOTS.get(ballot.code) is ballot
    ballot.vote("a", "b", "lower")
    room.vote("lower", 2)
    assert room.predictions == {"lower": 3, "same": 0, "higher": 0}
    room.move(1)
    room.player.pause()
    assert not ballot.open and not ballot.vote("c", "b", "same") and room.predictions["lower"] == 3
    room.move(-1)
    assert ballot.open
    assert sorted(room.rows()) == [
        ("", "before", "disagree", 2), ("", "way", "lower", 2), ("1", "before", "agree", 1), ("1", "way", "lower", 1),
    ]  # fmt: skip
    room.forget_votes()
    assert not any(room.predictions.values()) and not room.rows()
    room.choose("silence")
    assert room.ballot is None and BALLOTS.get(ballot.code) is None
    room.close()


def test_a_page_that_is_loaded_again_goes_on_with_its_ballot_until_nobody_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first = LessonSession(lambda: None)
    first.move(1)
    first.begin_ballot()
    ballot = first.ballot
    assert ballot
    again = LessonSession(lambda: None)
    restore(again, written(first))
    assert again.ballot is ballot and ballot.open
    monkeypatch.setattr(votes, "RELOAD", 0.0)
    first.close()
    time.sleep(0.2)
    assert BALLOTS.get(ballot.code) is ballot
    third = LessonSession(lambda: None)
    restore(third, written(again))
    third.close()
    time.sleep(0.2)
    assert BALLOTS.get(ballot.code) is ballot  # a page that came later has gone, and one still shows it
    again.close()
    late = time.monotonic() + 10.0
    while BALLOTS.get(ballot.code) and time.monotonic() < late:
        time.sleep(0.05)
    assert BALLOTS.get(ballot.code) is None
    other = LessonSession(lambda: None)
    restore(other, {**written(first), "ballot": "<b>"})
    assert other.ballot is None
    other.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_room_answered_before_and_after_is_handed_out_without_names(language: str) -> None:
    """One table holds hands and phones; a phone is a number, and its cookie and address are nowhere in it."""
    room, t = LessonSession(lambda: None), Text(language)
    room.begin_ballot()
    assert room.ballot
    room.ballot.vote("cookie-of-somebody", "192.0.2.7", "agree")
    room.answer("before", "unsure", 3)
    room.ballot.asking = "after"
    room.ballot.vote("cookie-of-somebody", "192.0.2.7", "disagree")
    text = anonymous(t, room)
    rows = [line.split(",") for line in text.strip().lstrip("\ufeff").splitlines()]
    assert [t("level.phone", n=1), t("level.moment_after"), t("level.disagree"), "1"] in rows
    assert [t("level.hands"), t("level.moment_before"), t("level.unsure"), "3"] in rows
    assert len(rows) == 1 + 3 and "cookie" not in text and "192.0" not in text
    again = LessonSession(lambda: None)
    restore(again, written(room))
    assert again.answered("before") == room.answered("before")
    for each in (room, again):
        each.close()


@pytest.mark.parametrize(
    ("place", "home"),
    [("http://127.0.0.1:8765", True), ("http://[::1]:1/x", True), ("http://localhost:8765", True), ("", True),
     ("http://192.168.1.5:8765", False), ("https://app.example.org", False), ("http://[2001:db8::1]:8765/x", False)],
)  # fmt: skip
def test_phones_are_told_of_an_address_that_they_can_reach(place: str, home: bool) -> None:
    assert at_home(place) == home


# --- over a network, and on screens


@pytest.mark.slow
def test_a_served_app_that_asks_for_a_code_answers_phones_without_it(coded: Served) -> None:
    answer, text = ask(coded.port, "/vote/234567", ("Accept-Language", "en"))
    assert answer.status == 404 and Text("en")("vote.unknown") in text
    assert ask(coded.port, "/vote/234567", ("Host", "evil.example"))[0].status == 403
    assert ask(coded.port, "/about")[0].status == 403


@pytest.mark.slow
@pytest.mark.browser
def test_a_room_votes_by_phone_and_sees_how_it_went(view: Page, served: Served, chromium: Any) -> None:
    t = Text("nl")
    wall = view.open("/?lang=nl")
    wall.keyboard.press("PageDown")
    wall.click(f"button:text-is('{t('vote.begin')}')")
    wall.wait_for_selector(".phones img")
    place = wall.inner_text(".phones .address")
    assert place.startswith(served.address) and re.search(r"/vote/\w{6}$", place)
    phones = [Page(chromium, served.address, 390, 844, locale="nl-NL") for _ in range(3)]
    for phone in phones:
        phone.page.goto(place)
        phone.page.click("button[value=lower]")
        phone.page.wait_for_selector(f"text={t('vote.may_change')}")
        assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wall.wait_for_function("document.querySelector('.vote output').innerText === '3'")
    wall.wait_for_selector(f"text={t('vote.count', n=3)}")
    wall.reload()
    wall.wait_for_function("document.querySelector('.vote output')?.innerText === '3'", timeout=60_000)
    assert wall.inner_text(".phones .address") == place
    wall.select_option(".transport select", value="52")
    wall.keyboard.press("PageDown")
    phones[0].page.wait_for_selector(f"text={t('vote.closed')}", timeout=60_000)
    wall.wait_for_selector("button.next:not([disabled])", timeout=120_000)
    wall.keyboard.press("PageDown")
    wall.wait_for_selector(".room")
    assert wall.inner_text(".room") in [t("lesson_step.room", right=right, hands=3) for right in (0, 3)]
    outcome = t("vote.went", way="").partition(":")[0]
    phones[0].page.wait_for_selector(f"text={outcome}:", timeout=60_000)
    for phone in phones:
        phone.close()
        assert not phone.wrong


def test_a_ballot_goes_on_in_the_browser_that_opened_it_and_in_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, opened in ((True, "one"), (False, "another")):
        monkeypatch.setattr(votes, "browser", lambda: "one")
        first = LessonSession(lambda: None)
        first.choose("raid")
        first.begin_ballot()
        assert first.ballot
        monkeypatch.setattr(votes, "browser", lambda opened=opened: opened)
        second = LessonSession(lambda: None)
        restore(second, {**written(first), "step": "talk"})
        assert (second.ballot is first.ballot) is found
        assert first.ballot.open is not found, "who only knows the code changes nothing"
        first.end_ballot()


def test_a_table_is_found_by_the_browser_that_laid_it_and_by_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(votes, "browser", lambda: "one")
    table = roles.laid(Game())
    assert roles.found(table.code) is table
    monkeypatch.setattr(votes, "browser", lambda: "another")
    assert roles.found(table.code) is None
    BALLOTS.drop(table.code)


def test_a_question_that_takes_long_to_write_out_is_written_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Slow(MarkdownIt):
        def render(self, text: str, env: Any = None) -> str:
            made.append(text)
            return super().render(text, env)

    monkeypatch.setattr(html, "MarkdownIt", Slow)
    assert len({html.untrusted("a *question* <b>that</b> nobody asked before") for _ in range(5)}) == 1
    assert len(made) == 1
