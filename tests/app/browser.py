"""A served app and a real browser, for tests, measurements and screenshots.  The browser may ask this machine only."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
FOREIGN = "evil.example"  # a name that stands for this machine, as an attacker's name server would have it
FLAGS.append(f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1")
ROOT_PATH = "/neighbourhoods/app"  # at a proxy
READY = re.compile(r"http://127\.0\.0\.1:\d+")


def begin_to_run(page: Any) -> None:
    """Bring a lesson from its scene to where its worlds may run, as a room does that has predicted, and let them stand still."""
    for there in (".vote", ".play:not([disabled])"):
        page.keyboard.press("PageDown")
        page.wait_for_selector(there, timeout=120_000)
    page.keyboard.press("Space")


class Served:
    """The app in a process of its own."""

    def __init__(self, *options: str, **settings: str) -> None:
        """Start it, and wait until it says where it is."""
        command = [
            str(Path(sys.executable).with_name("kantelpunt")),
            "app",
            "--port",
            "0",
            *options,
        ]  # nothing beside it to import
        env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **settings}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
        self.said: list[str] = []
        self.address = self._address()
        threading.Thread(target=lambda: self.said.extend(self.process.stderr or ()), daemon=True).start()

    def _address(self) -> str:
        for line in self.process.stderr or ():
            self.said.append(line)
            if found := READY.search(line):
                return found.group()
        raise RuntimeError(f"the app does not start: {''.join(self.said)}")

    def seconds(self) -> float:
        """Return the processor time that it has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Return the memory that it takes now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.address.rpartition(":")[2])

    @property
    def code(self) -> str:
        """Return the code in its address."""
        return re.search(r"token=([\w-]+)", "".join(self.said)).group(1)  # type: ignore[union-attr]

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def browser() -> Iterator[Any]:
    """Give a real browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Page:
    """A page, and whatever went wrong on it: errors in its console, requests that left this machine, answers that failed."""

    def __init__(self, browser: Any, address: str, width: int = 1280, height: int = 720, **options: Any) -> None:
        """Open an empty page."""
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page, self.address, self.wrong = self.context.new_page(), address, []  # type: ignore[var-annotated]
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.local(request.url) or self.wrong.append(f"asked {request.url}"))
        self.page.on("response", lambda answer: answer.status >= 400 and self.wrong.append(f"{answer.status} {answer.url}"))

    def local(self, url: str) -> bool:
        """Return whether an address is of this machine."""
        return url.startswith((self.address, "data:", "blob:"))

    def open(self, path: str) -> Any:
        """Open a page of the app, and wait until it is drawn."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("main h1", timeout=60_000)
        return self.page

    def close(self) -> None:
        """Close the page."""
        self.context.close()
