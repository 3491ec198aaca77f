"""Sessions whose pages have gone are kept, but not without end."""

import threading
import time

import pytest
from solara.server.kernel_context import PageStatus

from kantelpunt.viz.app.security.left_sessions import Leaving, Left

Sessions = dict[str, "Session"]


class Session:
    """What stands for a session of Solara that a page shows."""

    def __init__(self, name: str, among: Sessions) -> None:
        """Begin with one page."""
        self.name, self.among = name, among
        self.page_status = {"page": PageStatus.CONNECTED}
        self.closed: list[str] = []
        self.free = threading.Event()
        self.free.set()

    def page_close(self, page: str) -> None:
        """Close a page once the session is at work no more, as Solara has it."""
        self.free.wait(60)
        self.closed.append(page)

    def close(self, reason: str) -> None:
        """Go, as Solara has it."""
        assert reason == "evicted"
        del self.among[self.name]


@pytest.fixture
def sessions() -> Sessions:
    """Return sessions that a page shows each."""
    made: Sessions = {}
    made.update({name: Session(name, made) for name in "abcd"})
    return made


def leave(left: Left, sessions: Sessions, name: str) -> None:
    """Have the page of a session go without a word, as with a connection that breaks."""
    sessions[name].page_status["page"] = PageStatus.DISCONNECTED
    left.leave(name)


def test_the_session_that_was_left_first_makes_room(sessions: Sessions) -> None:
    left = Left(sessions, most=2)
    leave(left, sessions, "b")
    leave(left, sessions, "a")
    assert "".join(sessions) == "abcd"
    leave(left, sessions, "c")
    assert "".join(sessions) == "acd"
    left.leave("d")  # a second connection of a page that is still there
    assert "".join(sessions) == "acd"


def test_a_session_whose_page_is_back_stays(sessions: Sessions) -> None:
    left = Left(sessions, most=1)
    leave(left, sessions, "a")
    sessions["a"].page_status["page"] = PageStatus.CONNECTED
    for name in "bcd":
        leave(left, sessions, name)
    assert "".join(sessions) == "ad"
    leave(left, sessions, "a")  # now the one that was left last
    assert "".join(sessions) == "a"


def test_a_session_that_has_ended_takes_no_room(sessions: Sessions) -> None:
    left = Left(sessions, most=2)
    for name in "ab":
        leave(left, sessions, name)
    del sessions["a"]
    leave(left, sessions, "c")
    assert "".join(sessions) == "bcd"


def test_whoever_leaves_does_not_wait_for_a_session_that_is_at_work(sessions: Sessions) -> None:
    leaving, busy = Leaving(sessions), sessions["a"]
    busy.free.clear()
    begun = time.monotonic()
    for _ in range(100):
        leaving.leave("a", "page")
    leaving.leave("b", "other")
    leaving.leave("nobody's", "page")
    assert time.monotonic() - begun < 30
    assert busy.closed == []
    busy.free.set()
    deadline = time.monotonic() + 60
    while not sessions["b"].closed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sessions["b"].closed == ["other"]
    assert busy.closed == ["page"], "a page that says it a hundred times is closed once"
