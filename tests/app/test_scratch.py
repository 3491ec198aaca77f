"""What sessions send and make goes with the app, however that ends."""

import signal
import tempfile
from pathlib import Path

import pytest

from kantelpunt.viz.app.session_folders import PREFIX, scratch, sweep
from tests.app.browser import Served
from tests.app.talk import Talk


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_folders_of_sessions_go_when_the_app_ends(tmp_path: Path, number: signal.Signals) -> None:
    served = Served(TMPDIR=str(tmp_path))
    with Talk(served.port, "/compare") as talk:
        talk.run()
        assert len(list(tmp_path.glob(f"{PREFIX}*/*"))) == 1
        served.process.send_signal(number)
        served.process.wait(30)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_what_a_killed_app_left_behind_goes_at_the_next_start(tmp_path: Path) -> None:
    killed, other = Served(TMPDIR=str(tmp_path)), Served(TMPDIR=str(tmp_path))
    alive = set(tmp_path.glob(f"{PREFIX}*"))
    with Talk(killed.port, "/compare") as talk:
        talk.run()
        killed.process.kill()
        killed.process.wait(30)
    assert set(tmp_path.glob(f"{PREFIX}*")) == alive
    Served(TMPDIR=str(tmp_path)).stop()
    left = set(tmp_path.glob(f"{PREFIX}*"))
    other.stop()
    assert len(left) == 1 and left < alive  # that of the app that goes on
    assert not list(tmp_path.iterdir())


def test_what_is_not_of_an_app_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / "kantelpunt-other").mkdir()
    sweep(tmp_path)
    assert (elsewhere / "kept").exists() and len(list(tmp_path.iterdir())) == 4


def test_temporary_files_stand_there_and_nowhere_else() -> None:
    before = tempfile.gettempdir()
    with scratch() as folder:
        assert Path(tempfile.mkdtemp()).parent == folder
        assert folder.stat().st_mode & 0o077 == 0
    assert tempfile.gettempdir() == before and not folder.exists()
