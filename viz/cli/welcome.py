"""The message of the app at its start: its address, who can open it, and a QR code for phones."""

import io
import socket
from ipaddress import ip_address

import segno

from ..app.server import at_home
from ..consoles import messages
from ..text import Text


def welcome(address: str, listening: socket.socket, lang: str) -> None:
    """Say where the app is; on a network also what that means, with the address as a QR code."""
    t = Text(lang)
    say(t("door.at", address=address))
    if at_home(listening):
        return
    if ip_address(listening.getsockname()[0]).is_unspecified:
        say(t("door.every"))
    say(t("door.network"))
    picture = qr(address)
    if readable(picture, messages.encoding):
        say(picture)


def say(text: str) -> None:
    """Print a text as it is, on standard error."""
    messages.print(text, markup=False, highlight=False, soft_wrap=True)


def qr(address: str) -> str:
    """Return an address as a QR code of characters."""
    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()


def readable(text: str, encoding: str) -> bool:
    """Return whether these characters can be printed in an encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
