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
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from kantelpunt.viz.text import LANGUAGE, LANGUAGES, Text, text

from ..votes import BALLOTS, LENGTH, LETTERS, Allowance, Gathering, neighbour
from .phone_pages import LOOK, Shown, said, shown

VOTE = re.compile(rf"/vote/([{LETTERS}]{{{LENGTH}}})", re.IGNORECASE)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
MOST_BODY, PATIENCE = 64, 5.0  # bytes, and seconds in which they come
ASKS, GUESSES = (400.0, 100.0), (60.0, 1.0)  # of one address: at once, and a second; of pages, and of codes that are not there
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
        what, voter = BALLOTS.get(code.upper()), self.voter(kept)
        if not self.asks.take(address, now) or not self.may_ask(address, now, what, voter):
            return 429, self.told(t, "too_many"), [("retry-after", str(LOOK))]
        if what is None:
            return 404, self.told(t, "unknown"), []
        if scope["method"] != "POST":
            given = [] if voter else [("set-cookie", f"{cookie_name(scope)}={self.signed(secrets.token_urlsafe(12))}")]
            return 200, drawn(t, shown(t, what, voter)), given
        return await self.counted(t, what, voter, address, receive)

    def may_ask(self, address: str, now: float, what: Gathering | None, voter: str) -> bool:
        """Return whether an address may ask; one that guesses too often may not, lest a right guess look unlike a wrong one."""
        if what and voter:
            return True
        return self.guesses.take(address, now, 0.0 if what else 1.0)

    async def counted(self, t: Text, what: Gathering, voter: str, address: str, receive: Receive) -> Answer:
        """Hear what a phone says, and send it on to what became of it."""
        if wrong := said(what, voter, address, parse_qs(await body(receive))):
            return (429 if wrong in ("full", "taken") else 400), self.told(t, wrong), []
        return 303, "", [("location", f"{self.root}/vote/{what.code}")]

    def told(self, t: Text, key: str) -> str:
        """Return a page that says one thing."""
        return drawn(t, Shown(t("vote.title_told"), lines=(t(f"vote.{key}"),)))

    def signed(self, name: str) -> str:
        """Return the name of a voter with a sign that only this app can set."""
        return f"{name}.{hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()}"

    def voter(self, kept: str) -> str:
        """Return the voter whose cookie this is; empty where the app did not give it."""
        name = kept.partition(".")[0]
        return name if name and hmac.compare_digest(self.signed(name).encode(), kept.encode()) else ""


def drawn(t: Text, page: Shown) -> str:
    """Return a page as HTML."""
    return PAGE.get_template("vote.html.j2").render(t=t, page=page, question=Markup(page.question))


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
