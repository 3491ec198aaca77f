"""Where phones vote: `/vote/CODE`, a small page without scripts that the guard answers itself.

It asks for no code of the app: who has the code of a vote may vote, and nothing else.
"""

import asyncio
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from kantelpunt.viz.text import LANGUAGE, LANGUAGES, Text, text

from ..learn.lessons import WAYS
from ..votes import BALLOTS, LENGTH, LETTERS, Allowance, Ballot, neighbour
from ..widgets.html import markup

VOTE = re.compile(rf"/vote/([{LETTERS}]{{{LENGTH}}})", re.IGNORECASE)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
MOST_BODY, PATIENCE = 64, 5.0  # bytes, and seconds in which they come
ASKS, GUESSES = (400.0, 100.0), (60.0, 1.0)  # of one address: at once, and a second; of pages, and of codes that are not there
LOOK = 5  # seconds until a phone that waits looks again
PAGE = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
Answer = tuple[int, str, list[tuple[str, str]]]  # status, page, further headers


class Booth:
    """Answers phones.

    Parameters
    ----------
    root : the path that the app has at a proxy.
    """

    def __init__(self, root: str) -> None:
        """Begin with a key that nobody else has: a voter of another start of the app is a new one."""
        self.root, self.key = root, secrets.token_bytes(32)
        self.asks, self.guesses = Allowance(*ASKS), Allowance(*GUESSES)

    async def answer(self, scope: Scope, code: str, kept: str, receive: Receive) -> Answer:
        """Return what a phone gets.

        Parameters
        ----------
        code : of the vote.
        kept : the cookie by which a voter is known again; empty without one.
        """
        headers = Headers(scope=scope)
        t, address, now = text(language_of(headers)), neighbour((scope.get("client") or ("",))[0]), monotonic()
        ballot, voter = BALLOTS.get(code.upper()), self.voter(kept)
        if not self.asks.take(address, now) or not self.may_ask(address, now, ballot, voter):
            return 429, self.told(t, "too_many"), [("retry-after", str(LOOK))]
        if ballot is None:
            return 404, self.told(t, "unknown"), []
        if scope["method"] != "POST":
            given = [] if voter else [("set-cookie", f"{cookie_name(scope)}={self.signed(secrets.token_urlsafe(12))}")]
            return 200, self.page(t, ballot, voter), given
        return await self.counted(t, ballot, voter, address, receive)

    def may_ask(self, address: str, now: float, ballot: Ballot | None, voter: str) -> bool:
        """Return whether an address may ask; one that guesses too often may not, lest a right guess look unlike a wrong one."""
        if ballot and voter:
            return True
        return self.guesses.take(address, now, 0.0 if ballot else 1.0)

    async def counted(self, t: Text, ballot: Ballot, voter: str, address: str, receive: Receive) -> Answer:
        """Count a vote, and send the phone on to what became of it."""
        way = parse_qs(await body(receive)).get("way", [""])[0]
        if way not in WAYS:
            return 400, self.told(t, "not_counted"), []
        if not voter:
            return 400, self.told(t, "cookie"), []
        if ballot.open and not ballot.vote(voter, address, way):
            return 429, self.told(t, "full"), []
        return 303, "", [("location", f"{self.root}/vote/{ballot.code}")]

    def page(self, t: Text, ballot: Ballot, voter: str) -> str:
        """Return the question with three buttons; once the vote is closed, how many voted each way."""
        own, counts = ballot.of(voter), ballot.counts
        names = {way: t(f"way.{way}", percent=ballot.percent) for way in WAYS}
        lines = [t("vote.yours", way=names[own]) if own else "", "" if ballot.open else t("vote.closed")]
        lines += [t("vote.may_change") if own and ballot.open else "", "" if own or ballot.open else t("vote.not_voted")]
        if ballot.found:
            lines.append(t("vote.went", way=t(f"found.{ballot.found}", percent=ballot.percent)))
        return self.drawn(
            t,
            question=Markup(markup(t(f"lesson.{ballot.lesson}.question"))),
            lines=[line for line in lines if line],
            choices=[(way, name, way == own) for way, name in names.items()] if ballot.open else [],
            bars=[] if ballot.open else [(name, counts[way], max(sum(counts.values()), 1)) for way, name in names.items()],
            again=0 if ballot.found or (ballot.open and not own) else LOOK,
        )

    def told(self, t: Text, key: str) -> str:
        """Return a page that says one thing."""
        return self.drawn(t, question="", lines=[t(f"vote.{key}")], choices=[], bars=[], again=0)

    def drawn(self, t: Text, **parts: Any) -> str:
        """Return a page."""
        return PAGE.get_template("vote.html.j2").render(t=t, **parts)

    def signed(self, name: str) -> str:
        """Return the name of a voter with a sign that only this app can set."""
        return f"{name}.{hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()}"

    def voter(self, kept: str) -> str:
        """Return the voter whose cookie this is; empty where the app did not give it."""
        name = kept.partition(".")[0]
        return name if name and hmac.compare_digest(self.signed(name).encode(), kept.encode()) else ""


def cookie_name(scope: Scope) -> str:
    """Return the cookie by which a voter is known again; a browser keeps cookies of all ports of a machine together."""
    return f"kantelpunt-voter-{scope['server'][1]}"


def language_of(headers: Headers) -> str:
    """Return the first language of a browser that there are texts in; without one, that of the app."""
    asked = (part.partition(";")[0].strip().lower()[:2] for part in headers.get("accept-language", "").split(","))
    return next((code for code in asked if code in LANGUAGES), os.environ.get(LANGUAGE, "nl"))


async def body(receive: Receive) -> str:
    """Return what is sent; nothing where it is too much, or too slow."""
    held = b""
    try:
        async with asyncio.timeout(PATIENCE):
            while len(held) <= MOST_BODY:
                message = await receive()
                held += message.get("body", b"")
                if not message.get("more_body"):
                    return held.decode("latin-1") if len(held) <= MOST_BODY else ""
    except TimeoutError:
        pass
    return ""
