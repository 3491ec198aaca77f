"""The guard between the network and the app: requests of foreign pages, names and neighbours end here.

Everything that may be asked is listed; all else is refused before Solara sees it.
"""

import asyncio
import base64
import contextlib
import hashlib
import html
import os
import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from solara.server.kernel_context import contexts
from solara.server.server import COOKIE_KEY_SESSION_ID, COOKIE_KEY_SESSION_ID_LAX, get_session_id_cookie
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kantelpunt.viz.text import LANGUAGES, Text

from .access import ONWARD, TOKEN, Address, Door
from .booth import POLICY, VOTE, Booth
from .booth import cookie_name as voter_name
from .left_sessions import Leaving, Left
from .protocol import ID, OURS, Foreign, answer, understood

PAGES = ("/", "/helm", "/compare", "/explore", "/about")
CDN = "/_solara/cdn/"
FILES = re.compile(
    r"/static/assets/[\w.-]+|/static/[\w.-]+\.(css|js)|/jupyter/nbextensions/(jupyter-vue|jupyter-vuetify)/[\w.-]+\.(js|css|map)"
    r"|/_solara/cdn/(@widgetti/solara-vuetify-app@|requirejs@)[\w./-]+"
)
CLOSE = re.compile(r"/_solara/api/close/([A-Za-z0-9-]{1,64})")
CHANNELS = re.compile(r"/jupyter/api/kernels/([A-Za-z0-9-]{1,64})/channels")
TOLD_BY_PROXIES = re.compile(rb"(x-)?script-name|forwarded|x-forwarded-.*|x-real-ip")
SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
STRICT = "SameSite=Strict"
MOST_FIELDS = 50  # of an address: more than any page of ours has
MOST_CHANNELS = 4  # of ours on one websocket; a page has one
CROWD = 500  # websockets at the same time
SESSION = (COOKIE_KEY_SESSION_ID, COOKIE_KEY_SESSION_ID_LAX)  # the cookies that the app reads
NO_ENTRY, TOO_MANY = 1008, 1013  # what the protocol of websockets calls them
BARE = "default-src 'none'; img-src data:; frame-ancestors 'none'"
HEADERS = {
    "content-security-policy": BARE,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Refusal(Exception):
    """A request that is not let in: ``status`` as HTTP has it, and ``key`` of the text that says why."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        """Hold what is answered."""
        super().__init__(key)
        self.status, self.key, self.values = status, key, values

    def said(self) -> str:
        """Return why, in every language: who asks has not chosen one."""
        return "\n".join(Text(language)(f"door.{self.key}", **self.values) for language in LANGUAGES)


class Guard:
    """Stands around the app, as ASGI.

    Parameters
    ----------
    app : what it guards.
    door : who may come in.
    files : the folder of what pages load, which a name may not lead out of.
    most : how many websockets there may be at the same time; for one more, the one that was silent longest makes room.
        Its page, if anybody looks at it, connects again.
    at_end : called when the app ends, before what it guards is told so.
    """

    def __init__(
        self, app: ASGIApp, door: Door, files: Path, most: int = CROWD, at_end: Callable[[], None] = lambda: None
    ) -> None:
        """Begin with nobody inside."""
        self.at_end = at_end
        self.app, self.door, self.files, self.most = app, door, files, most
        self.inside: dict[Sieve, None] = {}  # the one that was silent longest at the front
        self.left, self.leaving, self.booth = Left(contexts), Leaving(contexts), Booth(door.root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, partial(self.until_the_end, receive), send)
        elif scope["type"] == "websocket":
            await self.listen(scope, receive, send)
        else:
            await self.serve(scope, receive, send)

    async def until_the_end(self, receive: Receive) -> Message:
        """Return whether the app begins or ends; at its end whoever draws a page lets go of it before Solara closes that."""
        event = await receive()
        if event["type"] == "lifespan.shutdown":
            self.at_end()
        return event

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page or a file, or a vote."""
        safe = Safe(self.door, send)
        try:
            if vote := VOTE.fullmatch(self.inner(scope["path"])):
                await self.poll(scope, vote[1], receive, Safe(self.door, send, lambda _: POLICY))
                return
            asked = self.admitted(scope)
        except Refusal as refusal:
            await reply(
                safe,
                refusal.status,
                refusal.said().encode(),
                ("content-type", "text/plain; charset=utf-8"),
                ("connection", "close"),
            )
            return
        code = given_code(scope)
        if closed := CLOSE.fullmatch(asked["path"]):
            self.leaving.leave(closed[1], dict(parameters(scope))["session_id"])
            await reply(safe, 200, b"", ("content-type", "text/plain; charset=utf-8"))
        elif code and asked["path"] in PAGES:
            await self.enter(scope, asked, safe)
        else:
            await self.app(asked, receive, safe)

    async def poll(self, scope: Scope, code: str, receive: Receive, safe: "Safe") -> None:
        """Answer a phone that votes; raises Refusal for what another site asks.  It needs no other code than that of the vote."""
        headers = Headers(scope=scope)
        self.refuse_stranger(headers, scope["server"])
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise Refusal(405, "nothing")
        if scope["method"] == "POST" or headers.get("sec-fetch-dest", "document") != "document":
            refuse_foreign_page(headers)
        status, page, further = await self.booth.answer(scope, code, cookies(headers).get(voter_name(scope), ""), receive)
        unread = [("connection", "close")] if status >= 400 else []
        await reply(safe, status, page.encode(), ("content-type", "text/html; charset=utf-8"), *further, *unread)

    async def enter(self, scope: Scope, asked: Scope, safe: "Safe") -> None:
        """Keep the code as a cookie, and go on to the same address without it.

        The page goes on by itself, and is not sent on: after a link on another site, a browser would hold the cookie back.
        """
        query = urlencode([(name, value) for name, value in parameters(scope) if name != TOKEN])
        place = html.escape(self.door.root + asked["path"] + (f"?{query}" if query else ""))
        page = ONWARD.format(place=place)
        cookie = f"{cookie_name(scope)}={self.door.code}; {STRICT}"
        await reply(safe, 200, page.encode(), ("content-type", "text/html; charset=utf-8"), ("set-cookie", cookie))

    def admitted(self, scope: Scope) -> Scope:
        """Return a request as the app gets it; raises Refusal."""
        refuse_many(scope)
        headers = Headers(scope=scope)
        self.refuse_stranger(headers, scope["server"])
        path = self.inner(scope["path"])
        page = path in PAGES
        if not page or headers.get("sec-fetch-dest", "document") != "document":
            refuse_foreign_page(headers)
        if not self.door.opened(given_code(scope) or cookies(headers).get(cookie_name(scope), "")):
            raise Refusal(403, "code")
        self.refuse_unknown(scope, path)
        if headers.get("transfer-encoding") or headers.get("content-length", "0").strip("0"):
            raise Refusal(413, "body")
        return passed_on(scope, path, compressed=not page)

    def refuse_stranger(self, headers: Headers, at: Address) -> None:
        """Raise Refusal for another name than ours, and for what a page of another site asks."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self.door.knows(hosts[0], at):
            raise Refusal(403, "host", host=", ".join(hosts)[:80] or "–")
        if len(origins) > 1 or not all(self.door.own(origin, hosts[0], at) for origin in origins):
            raise Refusal(403, "origin", origin=", ".join(origins)[:80])

    def inner(self, path: str) -> str:
        """Return a path without what a proxy puts before it."""
        root = self.door.root
        if root and (path + "/").startswith(root + "/"):
            path = path[len(root) :] or "/"
        return path.rstrip("/") if path.rstrip("/") in PAGES else path

    def refuse_unknown(self, scope: Scope, path: str) -> None:
        """Raise Refusal for anything that is not part of the app."""
        if (closed := CLOSE.fullmatch(path)) and of_one_page(scope) and own_session(scope, closed[1]):
            allowed: tuple[str, ...] = ("POST",)
        elif path in PAGES or (FILES.fullmatch(path) and ".." not in path and self.there(path)):
            allowed = ("GET", "HEAD")
        else:
            raise Refusal(404, "nothing")
        if scope["method"] not in allowed:
            raise Refusal(405, "nothing")

    def there(self, path: str) -> bool:
        """Return whether a file is there: Solara would ask a content network for it, or clear away a folder of that name."""
        return not path.startswith(CDN) or os.path.isfile(self.files / path.removeprefix(CDN))  # noqa: PTH113  False for too long a name

    async def listen(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a page talk with the app, and end that at the first word that is not in the protocol of our pages."""
        try:
            asked = self.heard(scope)
        except Refusal:
            await receive()
            await send({"type": "websocket.close", "code": NO_ENTRY})
            return
        while len(self.inside) >= self.most:
            silent = next(iter(self.inside))
            del self.inside[silent]
            await silent.say({"type": "websocket.close", "code": TOO_MANY})
        sieve = Sieve(receive, send, self.spoke)
        self.inside[sieve] = None
        try:
            await self.app(asked, sieve, send)
        finally:
            self.inside.pop(sieve, None)
            await asyncio.to_thread(self.left.leave, asked["path"].split("/")[4])

    def spoke(self, sieve: "Sieve") -> None:
        """Put a websocket that said something at the end."""
        if sieve in self.inside:
            del self.inside[sieve]
            self.inside[sieve] = None

    def heard(self, scope: Scope) -> Scope:
        """Return a request for a websocket as the app gets it; raises Refusal."""
        refuse_many(scope)
        headers = Headers(scope=scope)
        self.refuse_stranger(headers, scope["server"])
        if not self.door.opened(given_code(scope) or cookies(headers).get(cookie_name(scope), "")):
            raise Refusal(403, "code")
        path = self.inner(scope["path"])
        asked = CHANNELS.fullmatch(path)
        if not asked or not of_one_page(scope) or not own_session(scope, asked[1]):
            raise Refusal(404, "nothing")
        return passed_on(scope, path, compressed=True)


class Sieve:
    """The messages of a page, as far as they are in the protocol."""

    def __init__(self, receive: Receive, send: Send, heard: "Callable[[Sieve], None]") -> None:
        """Begin to listen; ``heard`` is told of every message."""
        self.receive, self.send, self.heard = receive, send, heard
        self.channels: set[str] = set()  # of ours, that are open

    async def __call__(self) -> Message:
        """Return the next message; what is foreign ends the conversation."""
        while True:
            event = await self.receive()
            if event["type"] != "websocket.receive":
                return event
            self.heard(self)
            frame = event.get("bytes")
            try:
                message = understood(event["text"] if frame is None else frame)
                self.count(message)
                told = answer(message)
            except Foreign:
                await self.say({"type": "websocket.close", "code": NO_ENTRY})
                return {"type": "websocket.disconnect", "code": NO_ENTRY}
            if told is None:
                return event
            await self.say({"type": "websocket.send", "text": told})

    def count(self, message: dict[str, Any]) -> None:
        """Count the channels of ours that are open; raises Foreign for more than a page has."""
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "comm_open" and content["target_name"] == OURS:
            self.channels.add(content["comm_id"])
        elif kind == "comm_close":
            self.channels.discard(content["comm_id"])
        if len(self.channels) > MOST_CHANNELS:
            raise Foreign

    async def say(self, message: Message) -> None:
        """Send a message, if anybody is there: they may have gone with their last word."""
        with contextlib.suppress(OSError, RuntimeError):  # gone, or closed by now
            await self.send(message)


class Safe:
    """Sends an answer with the headers that keep it where it belongs."""

    def __init__(self, door: Door, send: Send, policy: Callable[[bytes], str] | None = None) -> None:
        """Hold back a page until all of it is there, since its policy names its scripts."""
        self.door, self.send, self.body, self.policy = door, send, b"", policy or policy_of
        self.start: Message = {"headers": []}

    async def __call__(self, message: Message) -> None:
        """Send a part of an answer."""
        if message["type"] == "http.response.start":
            self.start = message
            headers = MutableHeaders(raw=message["headers"])
            headers.update(HEADERS)
            self.tame_cookies(headers)
            if not headers.get("content-type", "").startswith("text/html"):
                await self.send(message)
        elif Headers(raw=self.start["headers"]).get("content-type", "").startswith("text/html"):
            await self.page(message)
        else:
            await self.send(message)

    async def page(self, message: Message) -> None:
        """Send a page, once it is whole."""
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(raw=self.start["headers"])
        headers["content-security-policy"] = self.policy(self.body)
        headers["cache-control"] = "no-store"
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})

    def tame_cookies(self, headers: MutableHeaders) -> None:
        """Have every cookie kept from scripts and other sites, whoever set it."""
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            value, _, how = cookie.partition(";")
            site = STRICT if how.strip() == STRICT else "SameSite=Lax"
            headers.append("set-cookie", f"{value}; Path={self.door.root or '/'}; HttpOnly; {site}")


@lru_cache(maxsize=32)
def policy_of(page: bytes) -> str:
    """Return what a page may load and run: files of the app, and the scripts that stand in it.  Vue compiles templates."""
    scripts = dict.fromkeys(hashed(script) for script in SCRIPT.findall(page))
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' {' '.join(scripts)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def hashed(script: bytes) -> str:
    """Return the name by which a policy knows a script."""
    digest = hashlib.sha256(script.replace(b"\r\n", b"\n")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def refuse_many(scope: Scope) -> None:
    """Raise Refusal for an address with more fields than any of ours has, before it is read."""
    if scope["query_string"].count(b"&") >= MOST_FIELDS:
        raise Refusal(414, "nothing")


def refuse_foreign_page(headers: Headers) -> None:
    """Raise Refusal where a browser says that a page of another site asks for what is no page."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Refusal(403, "origin", origin=headers["sec-fetch-site"][:80])


def parameters(scope: Scope) -> list[tuple[str, str]]:
    """Return what stands behind the question mark of an address."""
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def of_one_page(scope: Scope) -> bool:
    """Return whether an address says of which page it is, as Solara wants it."""
    pages = [value for name, value in parameters(scope) if name == "session_id"]
    return len(pages) == 1 and ID.fullmatch(pages[0]) is not None


def own_session(scope: Scope, name: str) -> bool:
    """Return whether a session is of the browser that asks for it, or nobody's yet."""
    session = contexts.get(name)
    return session is None or session.session_id == get_session_id_cookie(cookies(Headers(scope=scope)))


def given_code(scope: Scope) -> str:
    """Return the code that an address holds; empty without one."""
    return next((value for name, value in parameters(scope) if name == TOKEN), "")


def cookie_name(scope: Scope) -> str:
    """Return the cookie that holds the code; a browser keeps cookies of all ports of a machine together."""
    return f"kantelpunt-{scope['server'][1]}"


def cookies(headers: Headers) -> dict[str, str]:
    """Return what a browser has kept, quotes as they stand: Python before 3.11.10 takes seconds to undo them (CVE-2024-7592)."""
    pairs = (pair.partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def passed_on(scope: Scope, path: str, compressed: bool) -> Scope:
    """Return a request under the path that the app knows, without what only a proxy may say and without cookies of others."""
    unread = (b"cookie",) if compressed else (b"cookie", b"accept-encoding")
    kept = [(name, value) for name, value in scope["headers"] if not TOLD_BY_PROXIES.fullmatch(name) and name not in unread]
    found = cookies(Headers(scope=scope))
    known = "; ".join(f"{name}={found[name]}" for name in SESSION if ID.fullmatch(found.get(name, "")))
    return {**scope, "path": path, "raw_path": path.encode(), "root_path": "", "headers": [*kept, (b"cookie", known.encode())]}


async def reply(send: Safe, status: int, body: bytes, *headers: tuple[str, str]) -> None:
    """Send a short answer, which nobody keeps."""
    pairs = (*headers, ("content-length", str(len(body))), ("cache-control", "no-store"))
    raw = [(name.encode(), value.encode()) for name, value in pairs]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
