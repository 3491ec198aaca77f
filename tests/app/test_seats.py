"""Roles at phones, by protocol: a seat is of one phone, sees what its role sees, and proposes; strangers get nowhere."""

import html
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from kantelpunt.model.policies import Seen
from kantelpunt.viz.app.helm import debrief, roles
from kantelpunt.viz.app.helm.debrief import JUDGED, NOTHING, TEAM, Debrief
from kantelpunt.viz.app.helm.game import CARDS, PARTS, QUARTERS, Game, Move
from kantelpunt.viz.app.helm.roles import ROLES, Table, laid, sign
from kantelpunt.viz.app.security import booth
from kantelpunt.viz.app.security.phone_pages import first_sentence
from kantelpunt.viz.app.votes import BALLOTS
from kantelpunt.viz.app.widgets.choices import explained
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Page, Served
from tests.app.test_votes import OWN, Got, Header, Network

ORIGIN = ("Origin", f"http://{OWN}")


@pytest.fixture
def network() -> Network:
    """Give a network."""
    return Network()


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """Give the table of a game after two quarters, where each sign has a value of its own."""
    values = {name: 100.0 + 10 * i for i, name in enumerate(each for some in ROLES.values() for each in some)}
    monkeypatch.setattr(roles, "sign", lambda seen, name: roles.Sign(values[name], values[name]))
    monkeypatch.setattr(roles, "SHARES", ())
    game = Game()
    for _ in range(2):
        game = game.go_on()
    made = laid(game)
    made.show(game, object())  # type: ignore[arg-type]
    yield made
    BALLOTS.drop(made.code)


def say(network: Network, table: Table, kept: Header, body: str) -> Got:
    """Say something."""
    return network.ask(f"/vote/{table.code}", kept, ORIGIN, method="POST", body=body.encode())


def values_in(text: str) -> set[int]:
    """Return which of the signs' values a page shows."""
    return {n for n in range(100, 220, 10) if f"<b>{n}</b>" in text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_phones_each_see_what_their_role_sees_and_no_more(network: Network, table: Table, language: str) -> None:
    speaks, t, seen = ("Accept-Language", language), Text(language), []
    for role in ROLES:
        kept = network.phone(table)
        assert not values_in(network.ask(f"/vote/{table.code}", kept, speaks).text)  # nothing before a seat is taken
        assert say(network, table, kept, f"role={role}").status == 303
        page = network.ask(f"/vote/{table.code}", kept, speaks).text
        assert t(f"helm_role.{role}") in page and all(t(f"helm_sign.{name}") in page for name in ROLES[role])
        assert t("helm.noisy") in page and all(first_sentence(explained(t, card)) in html.unescape(page) for card in CARDS)
        assert t("helm.price", n=2, quarters=4) in html.unescape(page)  # of a choice in the dilemma
        others = [t(f"helm_sign.{name}") for each, some in ROLES.items() if each != role for name in some]
        assert not any(f"<span>{name}</span>" in page for name in others)
        seen.append(values_in(page))
    assert all(len(each) == 2 for each in seen) and len(set().union(*seen)) == 12
    late = network.ask(f"/vote/{table.code}", network.phone(table), speaks)
    assert t("seat.none_free") in late.text and not values_in(late.text)


def test_a_seat_is_of_one_phone_until_it_is_freed_and_is_found_again(network: Network, table: Table) -> None:
    first, second = network.phone(table), network.phone(table)
    say(network, table, first, "role=mayor")
    assert say(network, table, second, "role=mayor").status == 429 and len(table.seats) == 1
    say(network, table, first, "role=police")
    assert list(table.seats) == ["police"]  # a phone has one seat
    assert values_in(network.ask(f"/vote/{table.code}", first).text)  # one that left and comes back still has it
    table.free("police")
    assert say(network, table, second, "role=police").status == 303
    assert not values_in(network.ask(f"/vote/{table.code}", first).text)


def test_a_role_proposes_for_this_quarter_alone_and_the_room_takes_it_over(network: Network, table: Table) -> None:
    dilemma = table.game.dilemma
    assert dilemma
    choice = next(iter(table.game.dilemmas.choices(dilemma)))
    some = {role: network.phone(table) for role in ROLES}
    for i, (role, kept) in enumerate(some.items()):
        say(network, table, kept, f"role={role}")
        say(network, table, kept, f"propose=2.{CARDS[i % 2]}")
        say(network, table, kept, f"propose=2.{choice}")
    assert table.choices == dict.fromkeys(ROLES, choice)
    for foreign in ("propose=1.mentoring", "propose=2.no_card", "propose=3.mentoring"):
        assert say(network, table, some["mayor"], foreign).status == 303  # too late, or nothing: not heard
    assert table.cards["mayor"] == CARDS[0]
    for wrong in ("propose=x.mentoring", "propose=2", "way=lower", "propose=99999"):
        assert say(network, table, some["mayor"], wrong).status == 400
    taken = table.taken_over(table.game)
    assert taken.draft.parts[:2] == (3, 3) and sum(taken.draft.parts) == PARTS
    cut = table.game.choose("careful")  # which leaves fewer parts than there are roles
    assert table.taken_over(cut).left == 0
    table.show(table.game.choose("none").go_on(), None)
    assert not table.cards and not table.choices and table.taken_over(table.game) is table.game


@pytest.mark.parametrize("language", LANGUAGES)
def test_phones_look_back_when_the_game_has_ended_and_each_role_has_a_question(
    network: Network, table: Table, language: str
) -> None:
    t, speaks, kept = Text(language), ("Accept-Language", language), network.phone(table)
    say(network, table, kept, "role=police")
    ended = Game(moves=tuple(Move() for _ in range(QUARTERS)))
    table.show(ended, None)
    assert t("seat.ended") in network.ask(f"/vote/{table.code}", kept, speaks).text
    table.look_back(
        Debrief({name: np.full((1, len(JUDGED)), 10.0 * i) for i, name in enumerate((debrief.OWN, NOTHING, TEAM), 1)})
    )
    page = network.ask(f"/vote/{table.code}", kept, speaks).text
    assert t("seat.against", nothing=20.0, team=30.0) in page
    assert t("seat_question.police") in page and t("seat_question.mayor") not in page
    table.show(Game(), None)  # a new game forgets the old one
    assert table.debrief is None


def test_a_stranger_or_a_guessed_code_gets_nowhere(network: Network, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/vote/{table.code}"
    assert say(network, table, ("Cookie", "kantelpunt-voter-8765=somebody.0"), "role=mayor").status == 400
    foreign = ("Origin", "http://evil.example")
    assert network.ask(path, network.phone(table), foreign, method="POST", body=b"role=mayor").status == 403
    assert not table.seats
    monkeypatch.setattr(booth, "monotonic", lambda: 0.0)
    answers = [network.ask(f"/vote/{i:06d}".replace("0", "2").replace("1", "3"), address="203.0.113.9").status for i in range(80)]
    assert set(answers[:40]) == {404} and answers[-1] == 429


def test_a_sign_of_talk_is_added_up_and_any_other_a_mean() -> None:
    class Told:
        def sign(self, name: str) -> np.ndarray:
            return np.array([[1.0, 2.0], [3.0, 5.0]])

    seen: Any = Told()
    assert isinstance(seen, Told) and not isinstance(seen, Seen)
    assert sign(seen, "told_offers") == (8.0, 3.0) and sign(seen, "reports") == (4.0, 1.5)
    assert sign(seen, "reports").way == "up"


def test_a_first_figure_is_compared_with_nothing() -> None:
    class Told:
        def sign(self, name: str) -> np.ndarray:
            return np.array([[1.0, 2.0]])

    seen: Any = Told()
    assert sign(seen, "reports").way == ""


@pytest.mark.slow
@pytest.mark.browser
def test_a_phone_takes_a_seat_and_its_proposal_lands_on_the_wall(view: Page, served: Served, chromium: Any) -> None:
    t = Text("nl")
    wall = view.open("/helm?lang=nl")
    wall.click(f"button:text-is('{t('seat.begin')}')")
    wall.wait_for_selector(".seats img")
    phone = Page(chromium, served.address, 390, 844, locale="nl-NL")
    phone.page.goto(wall.inner_text(".seats .address"))
    phone.page.click("button[value=mayor]")
    phone.page.click("button[value='0.mentoring']")
    phone.page.wait_for_selector("button[aria-pressed=true]")
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wall.click(f"button:text-is('{t('seat.take_over')}'):not([disabled])", timeout=20_000)
    wall.wait_for_function("location.search.includes('moves=00001000')", timeout=20_000)
    phone.close()
    assert not phone.wrong
