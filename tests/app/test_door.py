"""Who may come in: options of the app, and what it says when it starts."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from kantelpunt.model.errors import InputError
from kantelpunt.viz.app import server
from kantelpunt.viz.app.security.access import Door, checked_names, checked_root, reachable
from kantelpunt.viz.app.server import at_home, listen
from kantelpunt.viz.cli.main import app as commands
from kantelpunt.viz.cli.own_settings import NO_PROGRAMS_HERE
from kantelpunt.viz.cli.welcome import qr, readable, welcome
from kantelpunt.viz.consoles import messages
from kantelpunt.viz.text import LANGUAGES


@pytest.mark.parametrize(
    "host", ["", " ", "a b", "a..b", "x" * 300, "*", "http://127.0.0.1", "127.0.0.1:80", "[::1]", "é\udcff", "999.1.1.1"]
)
def test_what_is_no_address_of_this_machine_is_an_input_error(host: str) -> None:
    with pytest.raises(InputError, match="--host"):
        listen(host, 0)


def test_a_folder_called_as_the_app_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / server.SETTINGS["SOLARA_APP"]).mkdir()
    told = "from kantelpunt.viz.app.server import find_app; print(find_app())"
    env = {**os.environ, **server.SETTINGS}
    found = subprocess.run([sys.executable, "-P", "-c", told], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).samefile(Path(server.__file__).with_name("routes.py"))


def test_no_library_takes_over_an_environment_from_files(tmp_path: Path) -> None:
    """Solara would, from those in all folders above its own, where the library that reads them is installed."""
    (tmp_path / "dotenv.py").write_text(f"def load_dotenv():\n    open({str(tmp_path / 'told')!r}, 'w').close()\n")
    ours = "from kantelpunt.viz.cli.own_settings import pass_over_settings_here as ours; ours(); "
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for first in (ours, ""):
        subprocess.run([sys.executable, "-P", "-c", f"{first}import solara.settings"], env=env, check=True)
        assert (tmp_path / "told").exists() is not bool(first)


def test_windows_is_asked_to_run_no_program_of_the_folder_where_somebody_stands(call: Any) -> None:
    call("--version")
    assert NO_PROGRAMS_HERE in os.environ


WRONG = {
    "--host": ["", " "],
    "--allow-host": ["", "*", "http://a.example", "a.example/x", "a.example:0", "a.example:65536", "a b"],
    "--root-path": ["kp", "//evil.example", "/a/../b", '/"><script>', "/a b", "http://a.example"],
    "--port": ["-1", "65536", "", "1e3"],
}


@pytest.mark.parametrize("options", [[option, value] for option, values in WRONG.items() for value in values])
def test_options_of_the_door_are_checked_before_anything_starts(options: list[str]) -> None:
    for lang in LANGUAGES:
        found = CliRunner().invoke(commands, ["app", "--lang", lang, *options])
        assert found.exit_code == 2
        assert options[0] in found.output and options[1] in found.output


def test_names_and_paths_are_compared_as_they_are_written_most_often() -> None:
    assert checked_names(["App.Example.ORG", "[::1]:80"]) == ("app.example.org", "[::1]:80")
    assert [checked_root(path) for path in ("", "/", "/a", "/a/b/")] == ["", "", "/a", "/a/b"]


@pytest.mark.parametrize(
    ("at", "known", "unknown"),
    [
        (("127.0.0.1", 80), ["127.0.0.1", "localhost", "localhost:80"], ["127.0.0.2", "127.0.0.1:81", "localhost.evil.example"]),
        (("192.0.2.7", 8765), ["192.0.2.7:8765"], ["192.0.2.7", "localhost:8765", "127.0.0.1:8765", "192.0.2.8:8765"]),
        (("::1", 8765), ["[::1]:8765", "[0:0::1]:8765", "localhost:8765"], ["::1:8765", "[::2]:8765", "127.0.0.1:8765"]),
        (("::ffff:192.0.2.7", 8765), ["192.0.2.7:8765"], ["[::1]:8765"]),
        (("fe80::1%eth0", 8765), ["[fe80::1]:8765"], ["[fe80::2]:8765"]),
    ],
)
def test_a_host_is_the_address_that_was_asked(at: tuple[str, int], known: list[str], unknown: list[str]) -> None:
    assert all(Door().knows(host, at) for host in known)
    assert not any(Door().knows(host, at) for host in (*unknown, "", "evil.example", "evil.example:8765", "a@192.0.2.7:8765"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_network_it_is_said_what_that_means(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(messages, "print", lambda text, **_: said.append(text))
    address = "http://192.0.2.7:8765/?token=abc"
    welcome(address, stand_in("0.0.0.0"), lang)
    assert address in said[0] and "0.0.0.0" in said[1] and "code" in said[2]
    assert qr(address) in said or not readable(qr(address), messages.encoding)
    welcome("http://127.0.0.1:8765", stand_in("127.0.0.1"), lang)
    assert len(said) == 5 - (qr(address) not in said)


def stand_in(host: str) -> Any:
    """Return what looks like a socket that listens, without one."""
    return SimpleNamespace(getsockname=lambda: (host, 8765))


def test_a_picture_that_a_terminal_cannot_show_is_left_out() -> None:
    assert not readable(qr("http://192.0.2.7"), "cp1252") and readable(qr("http://192.0.2.7"), "utf-8")


def test_an_address_that_others_can_ask_is_shown() -> None:
    assert reachable("192.0.2.7") == "192.0.2.7"
    assert reachable("0.0.0.0") not in ("", "0.0.0.0") and reachable("::") not in ("", "::")


@pytest.mark.parametrize(
    ("host", "home"), [("127.0.0.1", True), ("127.0.0.2", True), ("::1", True), ("0.0.0.0", False), ("192.0.2.7", False)]
)
def test_only_loopback_is_at_home(host: str, home: bool) -> None:
    assert at_home(stand_in(host)) is home


def test_a_name_of_this_machine_is_looked_up() -> None:
    with listen("localhost", 0) as listening:
        assert isinstance(listening, socket.socket) and at_home(listening)
