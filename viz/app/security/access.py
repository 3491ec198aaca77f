"""Access to the app: under which names the app is known, from which pages it may be asked, and with which code."""

import re
import secrets
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from kantelpunt.model.errors import InputError, Phrase

PLACE = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::([0-9]{1,5}))?")
ROOT = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
TOKEN = "token"
ONWARD = (  # with an empty icon, else a browser asks for one
    '<!doctype html><meta http-equiv="refresh" content="0;url={place}"><link rel="icon" href="data:,">'
    '<title>Kantelpunt</title><a href="{place}">Kantelpunt</a>'
)
HTTP = 80
NOWHERE = "192.0.2.1"  # an address for examples (RFC 5737): nothing is sent to it
Address = tuple[str, int]


@dataclass(frozen=True)
class Door:
    """The names, paths and code that a request is held against.

    Parameters
    ----------
    names : further names that it is known by, as NAME (at the port where it listens, or where web servers do) or NAME:PORT.
    root : the path that it has at a proxy, as /kantelpunt; empty without one.
    code : what an address has to hold; empty where nobody is asked.
    """

    names: tuple[str, ...] = ()
    root: str = ""
    code: str = ""

    def knows(self, host: str, at: Address) -> bool:
        """Return whether a Host header names what is served at this address and port."""
        found = PLACE.fullmatch(host.lower())
        if not found or self.names_it(host, at):
            return bool(found)
        address, port = bare(at[0]), int(found[2] or HTTP)
        local = found[1] == "localhost" and ip_address(address).is_loopback
        return port == at[1] and (local or bare(found[1].strip("[]")) == address)

    def names_it(self, place: str, at: Address) -> bool:
        """Return whether this is one of the further names."""
        place = place.lower()
        return place in self.names or place.removesuffix(f":{at[1]}") in self.names

    def own(self, origin: str, host: str, at: Address) -> bool:
        """Return whether an Origin header is that of one of our own pages."""
        scheme, _, place = origin.lower().partition("://")
        if scheme in ("http", "https") and self.names_it(place, at):
            return True
        return scheme == "http" and place == host.lower()

    def opened(self, code: str) -> bool:
        """Return whether this is the code, or none is asked for."""
        return not self.code or secrets.compare_digest(self.code.encode(), code.encode())


def bare(host: str) -> str:
    """Return an address as it is written most often; what is none stays as it is."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def new_code() -> str:
    """Return a code that nobody guesses."""
    return secrets.token_urlsafe(18)


def checked_names(names: list[str]) -> tuple[str, ...]:
    """Return names as they are compared; raises InputError for what is no name."""
    for name in names:
        found = PLACE.fullmatch(name.lower())
        if not found or int(found[2] or HTTP) not in range(1, 65_536):
            raise InputError("door.no_machine", place="--allow-host", value=repr(name), allowed=Phrase("allowed.machine"))
    return tuple(name.lower() for name in names)


def checked_root(path: str) -> str:
    """Return a path as addresses begin with it; raises InputError for what is none."""
    if not ROOT.fullmatch(path.removesuffix("/")):
        raise InputError(
            "door.no_path", place="--root-path", value=repr(path), allowed=Phrase("allowed.path_such_as", example="/kantelpunt")
        )
    return path.removesuffix("/")


def written(host: str, port: int) -> str:
    """Return the address of a page."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def reachable(host: str) -> str:
    """Return an address that others can ask: that of this machine where it listens at all of them."""
    if not ip_address(host).is_unspecified:
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return outward(family) or outward(socket.AF_INET) or ("::1" if ":" in host else "127.0.0.1")


def outward(family: socket.AddressFamily) -> str:
    """Return the address that this machine has on its network; none without one."""
    with socket.socket(family, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("2001:db8::1" if family == socket.AF_INET6 else NOWHERE, 9))
            return str(asked.getsockname()[0])
        except OSError:
            return ""
