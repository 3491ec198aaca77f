"""The command `kantelpunt app`: a web server on this machine that asks nothing of any other."""

import ctypes
import gc
import html
import os
import signal
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable
from contextlib import chdir
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import urlencode

from kantelpunt.model.errors import InputError, Phrase, reason_of
from kantelpunt.viz.text import LANGUAGE

from .security.access import ONWARD, TOKEN, Door, reachable, written
from .session_folders import scratch

SETTINGS = {
    "REACTON_FAST": "1",  # what did not change is not drawn again: half of what a page costs
    "SOLARA_APP": "kantelpunt.viz.app.routes",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # pages load what solara-assets installed; nothing else is asked for it
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "Kantelpunt",
    "SOLARA_THEME_FORCE_REFRESH": "true",  # a page whose server began anew loads itself again, and stands where it stood
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",  # a session whose browser has gone is kept that long, for a laptop that slept
}
TIDY = 20.0  # seconds
PATIENCE = 120.0  # seconds that a browser on a busy machine may be silent before it is taken for gone
MALLOC = {-3: 64 * 1024, -8: 2}  # as <malloc.h> numbers it: arrays of this many bytes stand alone; arenas for all threads


def serve(listening: socket.socket, door: Door, language: str, show: bool, tell: Callable[[str], None]) -> None:
    """Serve the app until somebody stops it.

    Parameters
    ----------
    listening : where it listens; see `listen`.
    door : who may come in.
    language : nl or en, for visitors who have not chosen one.
    show : open a browser.
    tell : called with the address.
    """
    give_memory_back()
    host, port = listening.getsockname()[:2]
    place = written(reachable(host), port) + door.root
    address = f"{place}/?{urlencode({TOKEN: door.code})}" if door.code else place
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ[LANGUAGE] = language
    find_app()
    warnings.filterwarnings("ignore", "Cookies with samesite")  # for who shows the app inside another site: we do not

    import uvicorn
    from solara.server import settings

    from .compare.upload import MOST_MESSAGE
    from .outgoing import gather, leave_all
    from .security.middleware import CROWD, Guard
    from .security.timeouts import BACKLOG, MOST_HEAD, Impatient, room
    from .security.weight import Weighed

    settings.main.mode = "production"
    settings.main.root_path, settings.main.base_url = door.root, place + "/"  # else the first request would decide it for all
    settings.assets.extra_locations = [str(Path(__file__).parent / "web")]
    import_module(SETTINGS["SOLARA_APP"])
    gather()
    gc.freeze()  # what is loaded by now stays: no collection need look at it again

    Impatient.most = room()
    crowd = min(CROWD, Impatient.most * 3 // 4)  # which leaves room for who asks for a page
    app = Guard(import_module("solara.server.starlette").app, door, settings.assets.proxy_cache_dir, crowd, leave_all)
    compress = not at_home(listening)  # frames to a browser on this machine cost more to compress than to hand over
    config = uvicorn.Config(
        app,
        http=Impatient,
        ws=Weighed,
        log_level="error",
        ws_per_message_deflate=compress,
        ws_max_size=MOST_MESSAGE,
        ws_ping_timeout=PATIENCE,
        h11_max_incomplete_event_size=MOST_HEAD,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    leave_in_order(server)
    with scratch() as folder:
        tell(address)
        if show:
            shown = hidden(address, folder) if door.code else address
            threading.Thread(target=open_when_ready, args=(server, shown), daemon=True).start()
        server.run(sockets=[listening])


def find_app() -> Path:
    """Have Solara look for the app, and return the file that it found.

    It would run a folder of the same name where somebody stands, which may be a stranger's: it looks from here.
    """
    with chdir(Path(__file__).parent):
        from solara.server.app import apps
    return Path(apps["__default__"].path)


def leave_in_order(server: Any) -> None:
    """Have the app end in order where it is told to, or its terminal closes."""

    def leave(number: int, _: Any) -> None:
        server.should_exit = True
        if not server.started:
            sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def give_memory_back() -> None:
    """Have the C library hand memory of closed sessions back to the system, where it can be asked to (glibc)."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if hasattr(library, "mallopt"):
        for option, value in MALLOC.items():
            library.mallopt(option, value)  # type: ignore[union-attr]
        threading.Thread(target=tidy, args=(library,), name="tidy", daemon=True).start()


def tidy(library: Any) -> None:
    """Have what is free in between handed back too, now and then."""
    while True:
        sleep(TIDY)
        library.malloc_trim(0)


def needed() -> None:
    """Raise InputError where what the app is made of is not installed."""
    if find_spec("solara") is None or find_spec("markdown_it") is None:
        raise InputError("app.not_installed", allowed=Phrase("allowed.install_app"))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens (port 0: at a free one); raises InputError where it cannot, or the app is not installed."""
    needed()
    if not host.strip():
        raise InputError("door.no_address", place="--host", value=repr(host), allowed=Phrase("allowed.addresses"))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from now on a browser waits for an answer, and is not turned away
    except (OSError, TypeError, ValueError) as error:  # the last two: what cannot be a name of a machine
        listening.close()
        reason = reason_of(error)
        raise InputError(
            "door.cannot_listen",
            place="--host, --port",
            value=f"{host}:{port}",
            allowed=Phrase("allowed.free_port"),
            reason=reason,
        ) from None
    return listening


def at_home(listening: socket.socket) -> bool:
    """Return whether only this machine can ask."""
    return ip_address(listening.getsockname()[0]).is_loopback


def hidden(address: str, folder: Path) -> str:
    """Return the address of a file that leads a browser on to this one: command lines can be read by all users of a machine."""
    file = folder / "open.html"
    file.touch(mode=0o600)
    file.write_text(ONWARD.format(place=html.escape(address)), encoding="utf-8")
    return file.as_uri()


def open_when_ready(server: object, address: str) -> None:
    """Open a browser as soon as the server answers."""
    while not getattr(server, "started", False):
        sleep(0.1)
    webbrowser.open(address)
