"""Votes by phone, by protocol: one vote a phone, none after closing, nothing for strangers, none lost in a flood."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.datastructures import Headers

from kantelpunt.viz.app.learn.lessons import WAYS
from kantelpunt.viz.app.security import booth
from kantelpunt.viz.app.security.access import Door
from kantelpunt.viz.app.security.booth import MOST_BODY, POLICY
from kantelpunt.viz.app.security.middleware import Guard
from kantelpunt.viz.app.votes import BALLOTS, MOST_OF_ONE, Ballot, Gathering, opened
from kantelpunt.viz.text import LANGUAGES, Text

PLACE = ("127.0.0.1", 8765)
OWN = f"{PLACE[0]}:{PLACE[1]}"
LESSON = "raid"
Header = tuple[str, str]


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: Headers
    text: str


class Network:
    """The guard of an app that asks for a code, and requests from anywhere."""

    def __init__(self, root: str = "") -> None:
        """Stand before an app that is never asked."""

        async def never(*_: Any) -> None:
            raise AssertionError("a vote came through to the app")

        self.guard = Guard(never, Door(root=root, code="secret"), Path())

    def ask(self, path: str, *headers: Header, method: str = "GET", body: bytes = b"", address: str = "192.0.2.7") -> Got:
        """Ask, and return the answer."""
        return asyncio.run(self.answer(path, headers, method, body, address))

    async def answer(self, path: str, headers: tuple[Header, ...], method: str, body: bytes, address: str) -> Got:
        """Return the answer."""
        given = dict((("host", OWN), *headers))
        if body:
            given["content-length"] = str(len(body))
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "server": PLACE, "client": (address, 50_000),
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            said.append(message)

        await self.guard(scope, receive, send)
        text = b"".join(each.get("body", b"") for each in said[1:]).decode()
        return Got(said[0]["status"], Headers(raw=said[0]["headers"]), text)

    def phone(self, ballot: Gathering, address: str = "192.0.2.7") -> Header:
        """Return the cookie that a new phone gets."""
        return "Cookie", self.ask(f"/vote/{ballot.code}", address=address).headers["set-cookie"].partition(";")[0]

    def vote(self, ballot: Ballot, kept: Header, way: str, address: str = "192.0.2.7") -> Got:
        """Vote."""
        origin = ("Origin", f"http://{OWN}")
        return self.ask(f"/vote/{ballot.code}", kept, origin, method="POST", body=f"way={way}".encode(), address=address)


@pytest.fixture
def network() -> Network:
    """Give a network."""
    return Network()


@pytest.fixture
def ballot() -> Iterator[Ballot]:
    """Give a ballot."""
    made = opened(LESSON, 10)
    yield made
    BALLOTS.drop(made.code)


# --- what a phone does


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_without_the_code_of_the_app_votes_once_and_may_change_its_mind(
    network: Network, ballot: Ballot, language: str
) -> None:
    t, speaks = Text(language), ("Accept-Language", f"{language}-XX,de;q=0.5")
    page = network.ask(f"/vote/{ballot.code.lower()}", speaks)
    assert page.status == 200 and all(t(f"way.{way}", percent=10) in page.text for way in WAYS)
    assert page.headers["content-security-policy"] == POLICY and "<script" not in page.text
    kept = ("Cookie", page.headers["set-cookie"].partition(";")[0])
    assert "HttpOnly" in page.headers["set-cookie"] and "SameSite=Lax" in page.headers["set-cookie"]
    for way in ("lower", "higher", "higher"):
        gone = network.vote(ballot, kept, way)
        assert gone.status == 303 and gone.headers["location"] == f"/vote/{ballot.code}"
    assert ballot.counts == {"lower": 0, "same": 0, "higher": 1}
    told = network.ask(f"/vote/{ballot.code}", kept, speaks)
    assert t("vote.yours", way=t("way.higher")) in told.text and "set-cookie" not in told.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_closing_no_vote_counts_and_everybody_sees_how_the_room_voted(
    network: Network, ballot: Ballot, language: str
) -> None:
    t, speaks = Text(language), ("Accept-Language", language)
    first, late = network.phone(ballot), network.phone(ballot)
    network.vote(ballot, first, "same")
    ballot.open = False
    for kept in (first, late):
        assert network.vote(ballot, kept, "lower").status == 303
        page = network.ask(f"/vote/{ballot.code}", kept, speaks)
        assert t("vote.closed") in page.text and "<form" not in page.text and "<progress" in page.text
        assert (t("vote.not_voted") in page.text) == (kept is late)
    assert ballot.counts == {"lower": 0, "same": 1, "higher": 0}
    assert 'http-equiv="refresh"' in page.text  # it looks again for how it goes
    ballot.found = "higher"
    page = network.ask(f"/vote/{ballot.code}", first, speaks)
    assert (
        t("vote.went", way=t("found.higher")) in page.text and 'http-equiv="refresh"' in page.text
    )  # the question after follows


def test_nothing_is_shown_of_how_others_vote_before_it_is_closed(network: Network, ballot: Ballot) -> None:
    for _ in range(3):
        network.vote(ballot, network.phone(ballot), "same")
    assert "<progress" not in network.ask(f"/vote/{ballot.code}").text


def test_behind_a_proxy_a_phone_is_sent_on_to_the_path_that_the_app_has_there(ballot: Ballot) -> None:
    network = Network("/kantelpunt")
    kept = network.phone(ballot)
    assert network.vote(ballot, kept, "same").headers["location"] == f"/kantelpunt/vote/{ballot.code}"


# --- what strangers do


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_that_is_not_there_is_told_and_cannot_be_guessed_at_will(
    network: Network, ballot: Ballot, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booth, "monotonic", lambda: 0.0)  # on a busy machine a second brings another guess
    t, speaks, room = Text(language), ("Accept-Language", language), network.phone(ballot)
    answers = [network.ask("/vote/222222", speaks) for _ in range(200)]
    assert answers[0].status == 404 and t("vote.unknown") in answers[0].text
    assert answers[-1].status == 429 and t("vote.too_many") in answers[-1].text
    assert sum(each.status == 404 for each in answers) < 100
    path = f"/vote/{ballot.code}"
    right = network.ask(path, speaks)
    assert (right.status, right.text) == (429, answers[-1].text)  # who guesses right is not told so
    assert network.vote(ballot, room, "same").status == 303 and network.ask(path, room).status == 200
    assert network.ask("/vote/222222", address="192.0.2.8").status == 404  # a neighbour may still ask
    assert network.ask(path, address="192.0.2.8").status == 200


def test_the_code_of_a_vote_opens_nothing_else(network: Network, ballot: Ballot) -> None:
    kept = network.phone(ballot)
    for path in ("/", "/compare", "/static/assets/drawing.js", f"/?token={ballot.code}"):
        assert network.ask(path, kept).status == 403
    for path in ("/vote", "/vote/", f"/vote/{ballot.code}/x", f"/vote/{ballot.code}1", "/vote/%2e%2e", f"/x/vote/{ballot.code}"):
        assert network.ask(path, kept).status in (403, 404)


def test_another_site_or_name_cannot_vote(network: Network, ballot: Ballot) -> None:
    kept, path = network.phone(ballot), f"/vote/{ballot.code}"
    for header in (("Origin", "http://evil.example"), ("Host", "evil.example"), ("Sec-Fetch-Site", "cross-site")):
        assert network.ask(path, kept, header, method="POST", body=b"way=same").status == 403
    assert network.ask(path, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "iframe")).status == 403
    assert network.ask(path, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "document")).status == 200  # a link in a chat
    assert network.ask(path, kept, method="PUT", body=b"way=same").status == 405
    assert not any(ballot.counts.values())


def test_a_voter_whom_the_app_does_not_know_does_not_count(network: Network, ballot: Ballot) -> None:
    name, _, value = network.phone(ballot)[1].partition("=")
    forged = ["", f"{name}=", f"{name}=x", f"{name}={value[:-1]}", f"{name}=x{value}", f"{name}=.{value.partition('.')[2]}"]
    other = Network().phone(ballot)[1]  # of another start of the app
    for kept in (*forged, other):
        answer = network.vote(ballot, ("Cookie", kept), "same")
        assert answer.status == 400 and Text("nl")("vote.cookie") in answer.text
    assert not any(ballot.counts.values())


@pytest.mark.parametrize("body", [b"", b"way=", b"way=<b>", b"vote=same", b"way=same" + b"&" * MOST_BODY, b"\xff" * 20])
def test_what_is_no_vote_is_told_and_does_not_come_back(network: Network, ballot: Ballot, body: bytes) -> None:
    answer = network.ask(f"/vote/{ballot.code}", network.phone(ballot), method="POST", body=body)
    assert (
        answer.status == 400 and Text("nl")("vote.not_counted") in answer.text and "<b>" not in answer.text.partition("<body>")[2]
    )
    assert answer.headers["connection"] == "close" and not any(ballot.counts.values())


def test_one_machine_cannot_outvote_the_room(network: Network, ballot: Ballot) -> None:
    now = time.monotonic
    stranger = [network.vote(ballot, network.phone(ballot, "192.0.2.66"), "higher", "192.0.2.66").status for _ in range(150)]
    assert stranger.count(303) == MOST_OF_ONE and stranger[-1] == 429
    begin = now()
    assert network.vote(ballot, network.phone(ballot), "lower").status == 303 and now() - begin < 1.0
    assert ballot.counts == {"lower": 1, "same": 0, "higher": MOST_OF_ONE}


def test_two_thousand_votes_at_once_cost_nobody_in_the_room_a_vote(network: Network, ballot: Ballot) -> None:
    room = [(network.phone(ballot, f"192.0.2.{i}"), f"192.0.2.{i}") for i in range(1, 61)]
    flooder, path, origin = network.phone(ballot, "198.51.100.1"), f"/vote/{ballot.code}", ("Origin", f"http://{OWN}")

    async def all_at_once() -> list[Got]:
        asked = [each for one in room for each in ([(flooder, "198.51.100.1")] * 33 + [one])]
        made = [network.answer(path, (kept, origin), "POST", b"way=same", address) for kept, address in asked]
        return await asyncio.gather(*made)

    begin = time.monotonic()
    answers = asyncio.run(all_at_once())
    seconds = time.monotonic() - begin
    assert ballot.counts["same"] == len(room) + 1
    assert sum(each.status == 303 for each in answers) < 400 + 100 * seconds + len(room) + 2
    assert {each.status for each in answers} == {303, 429}
