"""Servers and a browser for all tests of the app: each is started once, where a test asks for it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from kantelpunt.viz.app.server import SETTINGS
from tests.app.browser import CHROMIUM, ROOT_PATH, Page, Served, browser

os.environ.setdefault("REACTON_FAST", SETTINGS["REACTON_FAST"])  # a page without a server is drawn as one has it


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Give a served app."""
    made = Served()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def coded() -> Iterator[Served]:
    """Give an app that asks for a code, and has a further name."""
    made = Served("--code", "--allow-host", "App.Example.org")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def proxied() -> Iterator[Served]:
    """Give an app that has a path of its own at a proxy."""
    made = Served("--root-path", f"{ROOT_PATH}/")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give a browser."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with browser() as made:
        yield made


@pytest.fixture
def view(served: Served, chromium: Any) -> Iterator[Page]:
    """Give a page in a session of its own; nothing may go wrong on it."""
    made = Page(chromium, served.address)
    yield made
    made.close()
    assert not made.wrong
