"""Phones on the trainer's screen: the address as text and as a QR code, and how many took part."""

import threading
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

import segno
import solara
import solara.lab
from solara.server import settings

from kantelpunt.viz.text import Text

from ..votes import Gathering
from ..widgets.html import tag

LOOK = 0.5  # seconds between two looks at the votes
BORDER = 2  # of a QR code, in its own squares


@solara.component
def Phones(t: Text, what: Gathering, ticks: solara.Reactive[int], line: str, small: bool = False) -> None:
    """Show where phones come in, and a line on what they did; count in ``ticks`` whenever they did something.

    ``small`` keeps the address alone, for who comes back when everybody is in.
    """
    ticks.get()

    def watch() -> Callable[[], None]:
        left = threading.Event()

        def look() -> None:
            seen = what.seen
            while not left.wait(LOOK):
                if (now := what.seen) != seen:
                    seen, ticks.value = now, ticks.value + 1

        threading.Thread(target=look, name="phones", daemon=True).start()
        return left.set

    solara.use_effect(watch, [what])
    place = outside()
    address = f"{place}/vote/{what.code}"
    picture = segno.make(address, micro=False).svg_data_uri(border=BORDER, light="white")
    with tag("div", class_="phones"):
        if not small:
            tag("img", src=picture, alt=t("vote.picture")).key("picture")
        with tag("div").key("words"):
            tag("p", t("vote.back" if small else "vote.scan"), class_="quiet" if small else "")
            tag("p", address, class_="address")
            tag("p", line, role="status")
            if at_home(place):
                tag("p", t("vote.only_here"), class_="wrong")


def outside() -> str:
    """Return under which address others reach the app: the one by which the trainer does, unless that is this machine only."""
    origin = ((solara.lab.headers.value or {}).get("origin") or [""])[0]
    root = settings.main.root_path or ""
    return origin + root if origin and not at_home(origin) else str(settings.main.base_url).rstrip("/")


def at_home(place: str) -> bool:
    """Return whether an address is that of this machine for itself."""
    name = urlsplit(place).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name in ("", "localhost")
